"""The site, as `make site` writes it: complete, nothing from elsewhere, readable by all, from a server and a folder."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from pithtex.browser import scripts
from pithtex.catalogue import CATALOGUE
from pithtex.findings import DOCS, docs_url
from release.addresses import addresses
from tests.browser.kit import shown
from tests.conftest import ROOT
from website import build
from website.documentation import navigation, turned
from website.policy import with_policy

VIEWED = (
    "index.html",
    "gallery.html",
    "docs/index.html",
    "docs/start/author.html",
    "docs/reference/findings.html",
    "docs/explanation/threat-model.html",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    folder.mkdir()
    build.write(folder)
    return folder


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_the_pages_are_those_of_the_program(site: Path) -> None:
    assert (site / "verify.html").read_bytes() == scripts.verify_page()
    assert (site / "make-pith-sty.html").read_bytes() == scripts.make_page()
    schemas = {path.name for path in (ROOT / "docs" / "schemas").glob("*.json")}
    assert schemas <= {path.name for path in (site / "schemas").iterdir()}


def test_every_link_leads_somewhere(site: Path) -> None:
    """Links inside the site, with their anchors; nothing is loaded from elsewhere."""
    anchors: dict[Path, set[str]] = {}
    pages = {path: path.read_text("utf-8") for path in site.rglob("*.html") if path.name != "404.html"}
    for path, text in pages.items():
        anchors[path] = set(re.findall(r'\b(?:id|name)="([^"]+)"', text))
    lost = []
    for path, text in pages.items():
        for target in re.findall(r'<(?:a|link|img|script)\b[^>]*?\b(?:href|src)="([^"]+)"', text):
            address, anchor = urldefrag(urljoin(path.as_uri(), target))
            if not address.startswith("file:"):
                assert f'="{target}"' in text
                continue
            found = Path(unquote(urlsplit(address).path))
            if not found.is_file() or (anchor and found in anchors and unquote(anchor) not in anchors[found] | {"__"}):
                lost.append((str(path.relative_to(site)), target))
    assert lost == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_finding_has_its_place(site: Path, name: str) -> None:
    address, _, anchor = docs_url(name).partition("#")
    assert address.startswith(f"{addresses()['site']}/")
    page = site / "docs" / address.removeprefix(DOCS)
    assert f'id="{anchor}"' in page.read_text("utf-8")


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1100, False)], ids=["narrow, dark", "wide, light"])
@pytest.mark.parametrize("name", VIEWED)
def test_readable_by_all(browser: Browser, served: str, name: str, width: int, dark: bool) -> None:
    with shown(browser, served + name, width=width, dark=dark, offline=False) as view:
        view.page.wait_for_load_state("networkidle")
        assert view.console == []
        assert [url for url in view.requests if not url.startswith(served)] == []
        assert view.page.evaluate("document.documentElement.scrollWidth") <= width
        assert view.violations() == []


@pytest.mark.parametrize("name", VIEWED)
def test_from_the_file_system_without_a_network(browser: Browser, site: Path, name: str) -> None:
    with shown(browser, (site / name).as_uri()) as view:
        assert view.console == []
        assert [url for url in view.requests if not url.startswith(site.as_uri())] == []
        assert view.page.locator("h1").first.is_visible()


@pytest.mark.parametrize("page", ["docs/index.html", "docs/how-to/arxiv.html"])
@pytest.mark.parametrize("server", [True, False], ids=["from a server", "from the file system"])
def test_the_search_finds(browser: Browser, site: Path, served: str, page: str, server: bool) -> None:
    with shown(browser, served + page if server else (site / page).as_uri(), offline=not server) as view:
        view.page.wait_for_load_state("networkidle")
        view.page.keyboard.press("/")
        view.page.keyboard.type("receipt", delay=20)
        found = view.page.locator("dialog a[href$='/reference/format.html#receipt']").first
        found.wait_for()
        assert view.console == []
        found.click()
        view.page.wait_for_url("**/docs/reference/format.html*#receipt")


def test_what_loads_from_elsewhere_is_refused() -> None:
    head = '<head><meta charset="utf-8">'
    for tag in ('<script src="https://a.test/x.js">', '<link rel="stylesheet" href="//a.test/x.css">'):
        with pytest.raises(ValueError, match="from elsewhere"):
            with_policy(head + tag)
    assert "sha256-" in with_policy(f"{head}<script>let a = 1</script>")


def test_links_out_of_the_documentation_are_turned() -> None:
    repository = f"https://github.com/{addresses()['slug']}"
    assert turned("[a](../../action.yml)", "docs/how-to/github.md") == f"[a]({repository}/blob/main/action.yml)"
    assert turned("[a](../../latex/README.md#x)", "docs/how-to/github.md") == "[a](../reference/latex-package.md#x)"
    assert turned("[a](docs/reference/keys.md)", "CONTRIBUTING.md") == "[a](reference/keys.md)"
    assert turned("[a](https://x.test/) [b](y.md)", "docs/start/author.md") == "[a](https://x.test/) [b](y.md)"


def test_the_navigation_is_that_of_the_index() -> None:
    nav = navigation("# A\n\n## Start\n\n- [One](start/author.md): x\n- [Two](../CHANGELOG.md)\n")
    assert '{ "Start" = [{ "One" = "start/author.md" }, { "Two" = "changelog.md" }] }' in nav
