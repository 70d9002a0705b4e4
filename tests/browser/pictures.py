"""`make web-pictures`: component and page, as Chromium shows them, into docs/reference/verify-page/."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from pithtex.browser import scripts
from tests.browser.badge.test_badge import STATES, document, words
from tests.browser.kit import shown, written
from tests.browser.page.test_page import choose
from tests.browser.test_build import MINIFIED
from tests.conftest import FLAGS, ROOT
from tests.forgeries.kit import PAPER, SUFFIX
from tests.kit import needs

FOLDER = ROOT / "docs" / "reference" / "verify-page"
COLOURS = 64
"""Of a picture: few enough for a small file, and enough for smooth letters."""


def badges(browser: Browser, work: Path, *, dark: bool) -> None:
    """The three states, each closed, and one of them open."""
    written(work / "pith-badge.min.js", MINIFIED.read_bytes())
    path = written(work / "page.html", document([*STATES.values(), next(iter(STATES.values()))]))
    with shown(browser, path.as_uri(), width=640, dark=dark) as view:
        words(view.page, 4)
        view.page.locator("summary").last.click()
        view.page.evaluate("document.querySelector('h1').remove()")
        view.page.evaluate("document.querySelector('main').style.padding = '1em 1em 13em'")  # for the details
        keep(view.page.locator("main").screenshot(), FOLDER / f"badge-{'dark' if dark else 'light'}.png")


def pages(browser: Browser, work: Path) -> None:
    """The page on the example and on its forged twin, wide and narrow, light and dark."""
    page = written(work / "verify.html", scripts.verify_page())
    twin = written(work / "changed.pdf", PAPER.read_bytes().replace(SUFFIX.encode(), SUFFIX[:-1].encode() + b"2"))
    for name, pdf, width, dark in (
        ("verified", PAPER, 760, False),
        ("fails", twin, 760, False),
        ("narrow", PAPER, 360, True),
    ):
        with shown(browser, page.as_uri(), width=width, dark=dark) as view:
            choose(view.page, pdf)
            keep(view.page.screenshot(full_page=True), FOLDER / f"page-{name}.png")


def keep(png: bytes, path: Path) -> None:
    """Writes a picture with few colours."""
    path.write_bytes(png)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs.program("chromium"), args=FLAGS)
        for dark in (False, True):
            badges(browser, Path(name), dark=dark)
        pages(browser, Path(name))
        browser.close()


if __name__ == "__main__":
    main()
