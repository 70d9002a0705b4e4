"""Page and element say first what is said against a paper, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pithtex.browser import scripts
from pithtex.cli.main import main
from tests import signing
from tests.browser.badge.test_badge import GENUINE, LINK, words
from tests.browser.kit import Shown, shown, written
from tests.browser.page.test_page import choose
from tests.browser.test_build import MINIFIED
from tests.conftest import BUNDLE_FILE, RECORD_FILES
from tests.verification.bundles import about_the_example, bundle, event, integrity, of_the_example

SAID = "The main theorem is wrong; withdrawn by the authors."
HOSTILE = "withdrawn \u202e\x1b[31m</script><img src=x onerror=\"document.title='forged'\">" + "y" * 100_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "verify.html", scripts.verify_page(keys=signing.both()))


def result_of(view: Shown, tmp_path: Path, document: bytes) -> str:
    assert choose(view.page, written(tmp_path / "given.json", document)) == "verified"
    return view.page.locator("#result").inner_text()


def correction(text: str) -> bytes:
    return of_the_example(about_the_example("correction", "2026-07-01T00:00:00Z", {"text": text}))


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_says_withdrawn_before_verified(browser: Browser, file: Path, tmp_path: Path, dark: bool) -> None:
    with shown(browser, file.as_uri(), dark=dark) as view:
        said = result_of(view, tmp_path, correction(SAID)).splitlines()
        assert said[0].lower() == "withdrawn. genuine record: ✓ verified in your browser"
        assert "Standing: withdrawn (as of 2026-07-01T00:00:00Z, from this document alone)." in said
        assert f"withdrawn: {SAID} (the registry, key test-key-1, 2026-07-01T00:00:00Z)" in said
        assert view.page.get_attribute("#result", "class") == "against"
        assert view.page.get_by_text("Download pith.sty").count() == 0, "no badge is made of what is withdrawn"
        assert view.violations() == []
        # The next one begins anew.
        said = result_of(view, tmp_path, BUNDLE_FILE.read_bytes()).splitlines()
        assert said[0] == "✓ Verified in your browser"
        standing = (
            "Standing: registered, and nothing more is said (as of 2026-06-02T02:04:55Z, from this document alone)."
        )
        assert standing in said
        assert view.page.get_by_text("Download pith.sty").count() == 1


def test_the_page_says_each_thing(browser: Browser, file: Path, tmp_path: Path) -> None:
    first = event("correction", "2026-03-07T00:00:00Z", {"text": "A misprint."})
    sides = [
        event("correction", f"2026-03-0{day}T00:00:00Z", {"text": "Another."}, prev_event=first["event_id"])
        for day in (8, 9)
    ]
    cases = {
        "Critical finding": bundle(integrity("critical", "Cites a retracted work.")),
        "Contradictory": bundle(first, *sides),
        "Superseded": bundle(event("correction", "2026-03-07T00:00:00Z", {"superseded_by": "2603.01234v2"})),
        "Corrected": bundle(first),
    }
    record = signing.record_document()
    snapshot = integrity("critical", "Cites a retracted work.")["payload"]["graph_snapshot"]
    record["graph_snapshot"] = {**snapshot, "paper": record["paper"], "source": record["source"]}
    cases["Critical finding, unsigned"] = json.dumps(record).encode()
    with shown(browser, file.as_uri()) as view:
        for mark, document in cases.items():
            said = result_of(view, tmp_path, document)
            assert said.lower().startswith(f"{mark.lower()}. genuine record: "), said
        assert "stated in the document, under no signature" in said
        assert "Standing: unknown." in result_of(view, tmp_path, RECORD_FILES[0].read_bytes())


def test_words_of_strangers_are_text_on_the_page(browser: Browser, file: Path, tmp_path: Path) -> None:
    with shown(browser, file.as_uri()) as view:
        said = result_of(view, tmp_path, correction(HOSTILE))
        assert "<img src=x" in said
        assert "\u202e" not in said
        assert "\x1b" not in said
        assert len(said) < 5_000
        assert view.page.title() == "Verify a Pith Number"
        assert view.page.locator("#result img").count() == 0
        assert view.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def page_of(folder: Path, standing: str) -> Path:
    written(folder / "pith-badge.min.js", MINIFIED.read_bytes())
    attribute = f' standing="{standing}"' if standing else ""
    return written(
        folder / "page.html",
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Papers</title><meta name="color-scheme" '
        'content="light dark"><script src="pith-badge.min.js" defer></script></head><body><main><h1>Papers</h1>'
        f'<p>Paper: <pith-badge receipt="{GENUINE}"{attribute}>{LINK}</pith-badge></p></main></body></html>',
    )


@pytest.mark.parametrize("dark", [False, True])
def test_the_element_says_it_first(browser: Browser, tmp_path: Path, dark: bool) -> None:
    with shown(browser, page_of(tmp_path, "withdrawn, as of 2026-07-01").as_uri(), dark=dark) as view:
        assert words(view.page) == ["verified in your browser"]
        badge = view.page.locator("pith-badge .box")
        assert badge.inner_text().startswith("withdrawn, as of 2026-07-01 pith:CNPMIFD4")
        border, ink = badge.evaluate(
            "e => [getComputedStyle(e).borderColor, getComputedStyle(e.querySelector('b')).color]"
        )
        assert border == ink == ("rgb(255, 148, 146)" if dark else "rgb(164, 14, 38)")
        view.page.locator("summary").click()
        assert view.page.locator("dd").first.inner_text() == "withdrawn, as of 2026-07-01"
        assert view.violations() == []
        view.page.evaluate("document.querySelector('pith-badge').removeAttribute('standing')")
        view.page.wait_for_function(
            "document.querySelector('pith-badge').shadowRoot.querySelector('b').textContent === ''"
        )
        assert words(view.page) == ["verified in your browser"]
        assert "against" not in (badge.get_attribute("class") or "")


@pytest.mark.parametrize(
    "standing", ["", "award winning", "verified by all", "withdrawn" + "x" * 90, "withdrawn\u202e"]
)
def test_the_attribute_can_only_speak_against_the_paper(browser: Browser, tmp_path: Path, standing: str) -> None:
    with shown(browser, page_of(tmp_path, standing).as_uri()) as view:
        assert words(view.page) == ["verified in your browser"]
        assert view.page.locator("pith-badge b").inner_text() == ""
        view.page.locator("summary").click()
        assert view.page.locator("dd").first.inner_text() == "not known here"


def test_the_snippet_of_a_withdrawn_paper(browser: Browser, tmp_path: Path) -> None:
    given, key = written(tmp_path / "bundle.json", correction(SAID)), tmp_path / "test.key"
    key.write_text(f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n")
    path = tmp_path / "badge.html"
    words_of = ["badge", str(given), "--format", "html-verified", "-o", str(path), "-q", "--key", str(key)]
    assert main(words_of) == 0
    for script in (True, False):
        with shown(browser, path.as_uri(), script=script) as view:
            if script:
                assert words(view.page) == ["verified in your browser"]
            shown_part = view.page.locator("pith-badge .box" if script else "pith-badge")
            assert "withdrawn" in shown_part.inner_text()
