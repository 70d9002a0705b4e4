"""`make pictures`: what people will see, for the README, the landing page and the docs: docs/start/pictures/."""

from __future__ import annotations

import html
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from pithtex import palette
from pithtex.browser.scripts import make_page, verify_page
from release.files import ROOT

FOLDER: Final = ROOT / "docs" / "start" / "pictures"
EXAMPLE: Final = ROOT / "examples" / "sparsex"
_WIDTH: Final = 760
_HEIGHT: Final = 400
_COLOURS: Final = 64
"""Few enough for a small file, and enough for smooth letters."""
_FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def keep(png: bytes, name: str) -> None:
    """Writes a picture: its upper part, of one size, in few colours."""
    with Image.open(io.BytesIO(png)) as picture:
        wide = picture.convert("RGB")
        cut = wide.resize((_WIDTH, round(wide.height * _WIDTH / wide.width)), Image.Resampling.LANCZOS)
        canvas = Image.new("RGB", (_WIDTH, _HEIGHT), "#ffffff")
        canvas.paste(cut.crop((0, 0, _WIDTH, min(_HEIGHT, cut.height))))
        FOLDER.mkdir(parents=True, exist_ok=True)
        canvas.quantize(_COLOURS).save(FOLDER / f"{name}.png", optimize=True)


def opened(browser: Browser, path: Path) -> Page:
    """A page without a network, drawn twice as fine as it is shown."""
    page = browser.new_context(
        viewport={"width": _WIDTH, "height": _HEIGHT}, offline=True, device_scale_factor=2
    ).new_page()
    page.goto(path.as_uri())
    return page


def page_on(browser: Browser, work: Path, content: bytes, given: Path) -> bytes:
    """One of the pages for browsers, after a file was chosen."""
    path = work / "page.html"
    path.write_bytes(content)
    page = opened(browser, path)
    page.set_input_files("#file", given)
    page.wait_for_selector("#result[data-word]")
    page.evaluate("document.activeElement.blur()")
    return page.screenshot()


def paper(work: Path) -> bytes:
    """The top of the example's first page, as PDFium draws it."""
    import pypdfium2  # type: ignore[import-untyped]

    image = pypdfium2.PdfDocument(EXAMPLE / "main.pdf")[0].render(scale=3).to_pil()
    across, down = image.size
    image = image.crop((round(across * 0.12), round(down * 0.14), round(across * 0.88), round(down * 0.46)))
    stream = io.BytesIO()
    image.save(stream, "png")
    return stream.getvalue()


def terminal(browser: Browser, work: Path, command: str, output: str) -> bytes:
    """A command and what it prints, as a terminal shows it."""
    dark = palette.DARK
    style = (
        f"body{{margin:0;background:{dark['ground']};color:{dark['ink']};padding:18px;"
        f"font:15px/1.5 'DejaVu Sans Mono',monospace}}b{{color:{dark['accent']}}}pre{{margin:0;white-space:pre-wrap}}"
    )
    path = work / "terminal.html"
    path.write_text(
        f"<meta charset='utf-8'><style>{style}</style>"
        f"<pre><b>$ {html.escape(command)}</b>\n{html.escape(output)}</pre>",
        "utf-8",
    )
    return opened(browser, path).screenshot()


def audit(work: Path) -> tuple[str, str]:
    """An audit of five PDFs, one of them forged: the command and what it prints."""
    folder = work / "repository"
    folder.mkdir()
    for name in ("amsart", "presubmission", "sparsex"):
        shutil.copy(ROOT / "examples" / name / "main.pdf", folder / f"{name}.pdf")
    shutil.copy(ROOT / "examples" / "presubmission" / "figures" / "box.pdf", folder / "figure.pdf")
    genuine = (EXAMPLE / "main.pdf").read_bytes()
    (folder / "forged.pdf").write_bytes(genuine.replace(b"CNPMIFD42NONUMCBYNP4XLPY53", b"CNPMIFD42NONUMCBYNP4XLPY52"))
    arguments = ["audit", "repository/", "-o", "audit"]
    command = [str(Path(sys.executable).parent / "pithtex"), *arguments]
    environment = {**os.environ, "PITHTEX_OFFLINE": "1", "PITHTEX_HOME": str(work / "store")}
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
    return f"pithtex {' '.join(arguments)}", done.stdout


def main() -> int:
    """Draws all of them."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        work = Path(name)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        keep(page_on(browser, work, make_page(), EXAMPLE / "bundle.json"), "make-page")
        keep(page_on(browser, work, verify_page(), EXAMPLE / "main.pdf"), "verify-page")
        keep(paper(work), "paper")
        keep(terminal(browser, work, *audit(work)), "audit")
        browser.close()
    print(f"wrote {', '.join(sorted(path.name for path in FOLDER.iterdir()))} in {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
