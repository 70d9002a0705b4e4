"""The page that makes pith.sty: what an author came for stands first, and the way to the record asks nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from playwright.sync_api import Browser, Page

from pithtex.browser import scripts
from pithtex.cli.main import main
from tests.browser.kit import Shown, shown, written
from tests.browser.page.test_page import choose
from tests.conftest import BUNDLE_FILE, FLAGS
from tests.forgeries.kit import PAPER, SUFFIX
from tests.kit import needs
from tests.resolution.server import Server, body, serving


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


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """What the links lead to, on this machine: a bundle for one paper, for another a list of records."""
    server = Server(tmp_path_factory.mktemp("registry"), trustme.CA(), name="pith.science")
    listed = {"index_type": "pith_mirror_index", "records": [{"pith_number": f"pith:2026:{SUFFIX}", "version": 1}]}
    for arxiv, answer in {"2606.01751": BUNDLE_FILE.read_bytes(), "2606.01752": json.dumps(listed).encode()}.items():
        path = f"/api/pith-number/resolve?arxiv={arxiv}&json=true"
        server.faults[path] = body(answer, Content_Type="application/json")
    with serving(server):
        yield server


@pytest.fixture
def online(browser: Browser, file: Path, registry: Server) -> Iterator[Page]:
    """The page in a browser that finds the registry on this machine."""
    rules = f"--host-resolver-rules=MAP pith.science 127.0.0.1:{registry.port}"
    started = browser.browser_type.launch(executable_path=needs.program("chromium"), args=[*FLAGS, rules])
    page = started.new_context(ignore_https_errors=True).new_page()
    page.goto(file.as_uri())
    yield page
    started.close()


def followed(page: Page, typed: str, folder: Path) -> Path:
    """What the link to the record leads to, as its reader saves it."""
    page.get_by_label("No record yet?").fill(typed)
    page.get_by_role("button", name="Find its record").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the record at the registry").click()
    opened.value.wait_for_load_state()
    return written(folder / "saved.json", opened.value.evaluate("async () => (await fetch(location.href)).text()"))


def test_the_link_leads_to_a_record_for_this_page(online: Page, registry: Server, tmp_path: Path) -> None:
    assert choose(online, followed(online, "2606.01751", tmp_path)) == "verified"
    assert online.get_by_role("link", name="Download pith.sty").is_visible()
    path, headers = registry.requests[0]
    assert path == "/api/pith-number/resolve?arxiv=2606.01751&json=true"
    assert "Referer" not in headers


def test_of_a_list_of_records_the_page_says_where_the_record_is(online: Page, tmp_path: Path) -> None:
    assert choose(online, followed(online, "2606.01752", tmp_path)) == "undecided"
    assert f"https://pith.science/pith/{SUFFIX}.json" in online.locator("#said").inner_text()


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
