"""Writes docs/reference/badges: each format as its reader sees it, out of its own program.

`python -m tests.render.make_pictures`; all are of the real bundle CNPMIFD4. Look at them before a commit.
"""

from __future__ import annotations

import base64
import io
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import docutils.core
import pypandoc
import pypdfium2
import typst
from markdown_it import MarkdownIt
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from pithtex.render.formats import BY_NAME
from pithtex.render.look import STYLES, Look
from pithtex.render.pictures import shields
from tests.conftest import FLAGS, ROOT
from tests.kit import needs
from tests.render.samples import said, stated
from tests.render.test_formats import real

FOLDER = ROOT / "docs" / "reference" / "badges"
BADGE = real()
PAGE = """<!doctype html><meta charset=utf-8><style>
body {{ font: 15px/1.5 'DejaVu Sans', sans-serif; margin: 16px; width: 640px }}
h2 {{ font-size: 13px; color: #57606a; margin: 12px 0 2px }}
p, .paragraph {{ margin: 0 }} pre {{ margin: 4px 0; font-size: 11px; white-space: pre-wrap }}
</style>{body}"""
TEX = {
    "article": (
        "latex",
        "\\documentclass{{article}}\\usepackage[T1]{{fontenc}}\\usepackage{{lmodern,hyperref}}\\begin{{document}}\\thispagestyle"
        "{{empty}}\nWe compare with {0}\n\\end{{document}}",
    ),
    "beamer": (
        "latex-beamer",
        "\\documentclass[aspectratio=169]{{beamer}}\\setbeamertemplate{{navigation symbols}}{{}}"
        "\\usetheme{{Boadilla}}\\begin{{document}}\\begin{{frame}}{{Our paper}}\n{0}\\end{{frame}}\\end{{document}}",
    ),
    "poster": (
        "latex-poster",
        "\\documentclass{{article}}\\usepackage[T1]{{fontenc}}\\usepackage{{lmodern}}\\textwidth=9cm\\parindent=0pt"
        "\\begin{{document}}\\thispagestyle{{empty}}\n{0}\n\\end{{document}}",
    ),
    "bibliography": (
        "bibtex",
        "\\documentclass{{article}}\\usepackage[T1]{{fontenc}}\\usepackage{{lmodern,url}}\\begin{{document}}"
        "\\thispagestyle{{empty}}See \\cite{{pith-CNPMIFD4}}."
        "\\bibliographystyle{{unsrt}}\\bibliography{{main}}\\end{{document}}",
    ),
}


def text(name: str) -> str:
    return BY_NAME[name].render(BADGE).decode("utf-8")


def typeset(name: str, source: str) -> Image.Image:
    """The first page, cut to its ink."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.bib").write_text(text("bibtex"))
        (Path(folder) / "main.tex").write_text(source.format(text(name)))
        latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "main.tex"]
        steps = [latex, ["bibtex", "main"], latex, latex] if name == "bibtex" else [latex]
        for step in steps:
            subprocess.run(step, cwd=folder, check=True, capture_output=True)
        with pypdfium2.PdfDocument(Path(folder) / "main.pdf") as opened:
            picture = opened[0].render(scale=110 / 72).to_pil().convert("RGB")
    if name == "latex-beamer":
        return picture
    ink = Image.eval(picture.convert("L"), lambda level: 255 - level).getbbox() or (0, 0, *picture.size)
    return picture.crop((ink[0] - 12, ink[1] - 12, ink[2] + 12, ink[3] + 12))


def save(picture: Image.Image, name: str) -> None:
    picture.convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(FOLDER / name, optimize=True)


def readmes() -> str:
    """The same badge out of four languages."""
    settings = {"embed_stylesheet": False, "output_encoding": "unicode"}
    adoc = subprocess.run(
        ["asciidoctor", "--embedded", "-o", "-", "-"], input=text("adoc"), capture_output=True, text=True, check=True
    ).stdout
    parts = {
        "Markdown, and within a table": MarkdownIt("gfm-like").render(text("md")),
        "reStructuredText": docutils.core.publish_parts(text("rst"), writer="html5", settings_overrides=settings)[
            "html_body"
        ],
        "AsciiDoc": adoc,
        "Org": pypandoc.convert_text(text("org"), "html", format="org"),
        "HTML": text("html"),
    }
    body = "".join(f"<h2>{title}</h2>{html}" for title, html in parts.items())
    svg = base64.b64encode(BY_NAME["svg"].render(BADGE)).decode("ascii")
    return PAGE.format(body=body.replace('src="pith-badge.svg"', f'src="data:image/svg+xml;base64,{svg}"'))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in ("svg", "svg-card", "qr"):
        (FOLDER / BY_NAME[name].file_name).write_bytes(BY_NAME[name].render(BADGE))
    for name, (form, source) in TEX.items():
        save(typeset(form, source), f"{name}.png")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "main.typ"
        source.write_text(f"#set page(width: 15cm, height: auto, margin: 8pt)\n{text('typst')}", encoding="utf-8")
        save(Image.open(io.BytesIO(typst.compile(str(source), format="png", ppi=110))), "typst.png")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=needs.program("chromium"), args=FLAGS)
        (Path(folder) / "page.html").write_text(readmes(), encoding="utf-8")
        page = browser.new_page(viewport={"width": 672, "height": 100})
        page.goto((Path(folder) / "page.html").as_uri())
        save(Image.open(io.BytesIO(page.screenshot(full_page=True))), "readmes.png")
        for scheme in ("light", "dark"):
            view = browser.new_context(color_scheme=scheme, viewport={"width": 472, "height": 240})
            page = view.new_page()
            ground = "#0d1117" if scheme == "dark" else "#ffffff"
            links = "".join(
                f'<img src="{(FOLDER / BY_NAME[name].file_name).as_uri()}" style="display:block;margin:12px 0">'
                for name in ("svg", "svg-card")
            )
            (Path(folder) / "page.html").write_text(f'<body style="background:{ground};margin:16px">{links}</body>')
            page.goto((Path(folder) / "page.html").as_uri())
            save(Image.open(io.BytesIO(page.screenshot())), f"{scheme}.png")
        save(row(browser), "row.png")
        browser.close()


def row(browser: Browser) -> Image.Image:
    """A badge of each style, and one of a paper that was withdrawn."""
    drawings = [shields.badge(replace(BADGE, look=Look(style=style))) for style in STYLES]
    drawings.append(shields.badge(stated("A title", standing=said("withdrawn"))))
    page = browser.new_page(viewport={"width": 672, "height": 100}, device_scale_factor=2)
    unique = (text.decode().replace("pith-CNPMIFD4", f"b{index}") for index, text in enumerate(drawings))
    page.set_content(f"<body style='margin:12px'>{' '.join(unique)}")
    return Image.open(io.BytesIO(page.screenshot(full_page=True)))


if __name__ == "__main__":
    main()
