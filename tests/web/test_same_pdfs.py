"""PDFs: the page reads them by their tables, and says *verified* only where `pithtex check` finds no fault.

What the page does not read for sure is undecided, however lenient Python is; so is what takes a look at the text.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pithtex.badges import scripts
from pithtex.errors import UnreadablePdfError
from pithtex.pdf.check import check_pdf
from pithtex.pdf.verdict import Word
from tests.web.handmade import ATTACKS, SOUND, bombs
from tests.web.kit import shown, written
from tests.web.node import PURE_PARTS

ALLOWED = {Word.VALID: {"verified", "undecided"}, Word.UNBOUND: {"verified", "undecided"}}
"""What the page may say of a file, by Python's word; of any other word: that it fails, or is undecided."""


@pytest.fixture(scope="module")
def parts(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page's parts without its form."""
    blank = written(tmp_path_factory.mktemp("parts") / "parts.html", "<!DOCTYPE html><title>parts</title>")
    more = {"PITH_STY": "", "VERSION": ""}
    with shown(browser, blank.as_uri()) as opened:
        opened.page.add_script_tag(content=scripts.body(PURE_PARTS, more=more))
        yield opened.page


def said(parts: Page, files: Iterable[bytes]) -> list[dict[str, Any]]:
    """What the page says of each file."""
    results: list[dict[str, Any]] = parts.evaluate(
        "async files => { const said = []; for (const file of files) said.push(await verifyPdf("
        "Uint8Array.from(atob(file), char => char.charCodeAt(0)))); return said; }",
        [base64.b64encode(data).decode() for data in files],
    )
    return results


def python_word(data: bytes) -> Word | None:
    try:
        return check_pdf(data).word
    except UnreadablePdfError:
        return None


@pytest.mark.parametrize("name", SOUND)
def test_what_the_tables_say_counts(parts: Page, name: str) -> None:
    data = SOUND[name]()
    assert said(parts, [data])[0]["word"] == "verified", said(parts, [data])
    assert python_word(data) in ALLOWED


@pytest.mark.parametrize("name", ATTACKS)
def test_what_readers_may_see_otherwise_is_not_verified(parts: Page, name: str) -> None:
    (result,) = said(parts, [ATTACKS[name]()])
    assert result["word"] != "verified"
    assert result["record"] is None


def test_bombs_are_bounded(parts: Page) -> None:
    for name, data in bombs().items():
        begun = time.monotonic()
        assert said(parts, [data])[0]["word"] == "undecided", name
        assert time.monotonic() - begun < 20, name
