"""The page that makes pith.sty: what an author came for stands first, and the way to the record asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pithtex.browser import scripts
from pithtex.cli.main import main
from tests.browser.kit import Shown, shown, written
from tests.browser.page.test_page import choose
from tests.conftest import BUNDLE_FILE
from tests.forgeries.kit import PAPER, SUFFIX


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("make") / "make-pith-sty.html", scripts.make_page())


@pytest.fixture
def view(browser: Browser, file: Path) -> Iterator[Shown]:
    with shown(browser, file.as_uri(), width=360) as opened:
        yield opened
        own = [url for url in opened.requests if not url.startswith("blob:")]
        assert (own, opened.console) == ([file.as_uri()], [])


def test_the_file_is_the_first_thing(view: Shown, tmp_path: Path) -> None:
    assert choose(view.page, BUNDLE_FILE) == "verified"
    assert view.page.locator("#said > :first-child summary").inner_text() == "Put it into your paper"
    assert view.page.locator("#said pre").inner_text() == f"\\usepackage{{pith}}\n\\pithnumber{{{SUFFIX}}}"
    with view.page.expect_download() as waiting:
        view.page.get_by_role("link", name="Download pith.sty").click()
    made = Path(waiting.value.path()).read_text("ascii")
    assert main(["generate", "--quiet", str(BUNDLE_FILE), "-o", str(tmp_path)]) == 0
    head = (tmp_path / "pith.sty").read_text("ascii").partition("    p1.")[0]
    assert made.startswith(head)
    assert view.violations() == []


def test_a_forged_record_gives_no_file(view: Shown, tmp_path: Path) -> None:
    forged = PAPER.read_bytes().replace(SUFFIX.encode(), SUFFIX[:-1].encode() + b"2")
    assert choose(view.page, written(tmp_path / "forged.pdf", forged)) == "fails"
    assert view.page.get_by_role("link", name="Download").count() == 0


@pytest.mark.parametrize(
    ("typed", "leads"),
    {
        "2606.01751": "https://pith.science/api/pith-number/resolve?arxiv=2606.01751&json=true",
        " arXiv:2606.01751v2 ": "https://pith.science/api/pith-number/resolve?arxiv=2606.01751v2&json=true",
        "https://arxiv.org/abs/2606.01751": "https://pith.science/api/pith-number/resolve?arxiv=2606.01751&json=true",
        "https://arxiv.org/pdf/2606.01751.pdf": "https://pith.science/api/pith-number/resolve?arxiv=2606.01751&json=true",
        "hep-th/9901001": "https://pith.science/api/pith-number/resolve?arxiv=hep-th%2F9901001&json=true",
        f"pith:2026:{SUFFIX}": f"https://pith.science/pith/{SUFFIX}.json",
        SUFFIX.lower(): f"https://pith.science/pith/{SUFFIX}.json",
        f"https://pith.science/pith/{SUFFIX}#r=p1.x": f"https://pith.science/pith/{SUFFIX}.json",
    }.items(),
)
def test_the_way_to_the_record(view: Shown, typed: str, leads: str) -> None:
    view.page.get_by_label("No record yet?").fill(typed)
    view.page.get_by_role("button", name="Find its record").click()
    link = view.page.get_by_role("link", name="Open the record at the registry")
    assert link.get_attribute("href") == leads
    assert link.get_attribute("rel") == "noopener noreferrer"


@pytest.mark.parametrize(
    "typed", ["", "x", "12345", "javascript:alert(1)", "2606.01751<b>", SUFFIX + "A", "a" * 100_000]
)
def test_what_names_no_paper(view: Shown, typed: str) -> None:
    view.page.get_by_label("No record yet?").fill(typed)
    view.page.get_by_role("button", name="Find its record").click()
    assert "Neither an arXiv identifier nor a Pith Number" in view.page.locator("#found").inner_text()
    assert view.page.locator("#found a").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1100])
def test_looks(browser: Browser, file: Path, width: int, dark: bool) -> None:
    with shown(browser, file.as_uri(), width=width, dark=dark) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth") == width
        assert opened.violations() == []
