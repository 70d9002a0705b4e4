"""The element and the page in Firefox: what they say there, and that keys do what they do in Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pithtex.browser import scripts
from tests.browser.badge.test_badge import GENUINE, LINK, STATES, document
from tests.browser.firefox import Firefox, firefox
from tests.browser.kit import written
from tests.browser.test_build import MINIFIED
from tests.conftest import BUNDLE_FILE, RECORD_FILES, ROOT
from tests.kit import needs

ESCAPE, ENTER = "\ue00c", "\ue007"
"""As WebDriver names them (WebDriver, 17.4.2)."""
WORDS = """
const all = [...document.querySelectorAll("pith-badge")].map((badge) => badge.shadowRoot?.querySelector(".word"));
return all.every((word) => word?.textContent && !word.getRootNode().querySelector(".waiting"))
  && all.map((word) => word.textContent.slice(2));
"""
OPEN = 'return [...document.querySelectorAll("pith-badge")].map((b) => b.shadowRoot.querySelector("details")?.open);'
RESULT = 'return document.getElementById("result").dataset.word;'


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    needs.each("firefox-esr")
    with firefox(tmp_path_factory.mktemp("firefox")) as started:
        yield started


@pytest.fixture
def badges(browser: Firefox, tmp_path: Path) -> Firefox:
    written(tmp_path / "pith-badge.min.js", MINIFIED.read_bytes())
    written(tmp_path / "page.html", document(STATES.values()).encode())
    browser.goto((tmp_path / "page.html").as_uri())
    return browser


def focus(browser: Firefox, index: int) -> None:
    browser.evaluate(
        'document.querySelectorAll("pith-badge")[arguments[0]].shadowRoot.querySelector("summary").focus();', index
    )


def test_the_element_says_its_three_words(badges: Firefox) -> None:
    assert badges.wait_for(WORDS) == list(STATES)
    href = badges.evaluate('return document.querySelector("pith-badge").shadowRoot.querySelector("a").href;')
    assert href.endswith(f"#r={GENUINE}")


def test_escape_closes_and_one_panel_is_open(badges: Firefox) -> None:
    badges.wait_for(WORDS)
    focus(badges, 0)
    badges.press(ENTER)
    badges.wait_for(f"return (() => {{ {OPEN} }})()[0];")
    focus(badges, 1)
    badges.press(ENTER)
    badges.wait_for(f"return String((() => {{ {OPEN} }})()) === 'false,true,false';")
    badges.press(ESCAPE)
    badges.wait_for(f"return String((() => {{ {OPEN} }})()) === 'false,false,false';")
    focused = 'return document.querySelectorAll("pith-badge")[1].shadowRoot.activeElement?.localName;'
    assert badges.evaluate(focused) == "summary"


def test_a_badge_without_a_receipt_is_its_link(browser: Firefox, tmp_path: Path) -> None:
    written(tmp_path / "page.html", document([]).replace("</main>", f"{LINK}</main>").encode())
    browser.goto((tmp_path / "page.html").as_uri())
    assert browser.evaluate('return document.querySelectorAll("a").length;') == 1


@pytest.fixture(scope="module")
def page(browser: Firefox, tmp_path_factory: pytest.TempPathFactory) -> Firefox:
    browser.goto(written(tmp_path_factory.mktemp("page") / "verify.html", scripts.verify_page()).as_uri())
    return browser


PASTED = {
    f"https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53#r={GENUINE}": "verified",
    f"https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53#r={GENUINE[:-4]}AAAA": "fails",
    BUNDLE_FILE.read_text(): "verified",
    json.dumps({**json.loads(RECORD_FILES[0].read_bytes()), "pith_number": "pith:2026:" + "A" * 26}): "fails",
    "nothing of it": "undecided",
}


@pytest.mark.parametrize("text", PASTED, ids=lambda text: text[-20:])
def test_what_the_page_says_of_what_is_pasted(page: Firefox, text: str) -> None:
    page.evaluate(
        'delete document.getElementById("result").dataset.word;'
        'document.getElementById("paste").value = arguments[0];'
        'document.querySelector("form button[type=submit]").click();',
        text,
    )
    assert page.wait_for(RESULT) == PASTED[text]


@pytest.mark.parametrize("name", ["genuine", "changed"])
def test_what_the_page_says_of_a_pdf(page: Firefox, name: str, tmp_path: Path) -> None:
    """The example, and the same with one character of the number changed."""
    data = (ROOT / "examples" / "sparsex" / "main.pdf").read_bytes()
    if name == "changed":
        data = data.replace(b"CNPMIFD42NONUMCBYNP4XLPY53", b"CNPMIFD42NONUMCBYNP4XLPY52")
    path = written(tmp_path / f"{name}.pdf", data)
    page.evaluate('delete document.getElementById("result").dataset.word;')
    found = page.command("WebDriver:FindElement", using="css selector", value="#file")["value"]
    page.command("WebDriver:ElementSendKeys", id=next(iter(found.values())), text=str(path))
    assert page.wait_for(RESULT) == {"genuine": "verified", "changed": "fails"}[name]
