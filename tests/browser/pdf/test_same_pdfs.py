"""PDFs: the page reads them by their tables, and says *verified* only where `pithtex check` finds no fault.

What the page does not read for sure is undecided, however lenient Python is; so is what takes a look at the text.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pithtex.browser import scripts
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from tests.browser.kit import shown, written
from tests.browser.pdf.handmade import ATTACKS, NOT_PLAIN, SOUND, bombs
from tests.browser.pdf.mutants import object_mutant
from tests.forgeries import layers, pages, readers, titles
from tests.forgeries.kit import Forgery
from tests.fuzz.mutate import mutant

ALLOWED = {
    Word.VALID: {"verified", "undecided"},
    Word.UNBOUND: {"verified", "undecided"},
    Word.INVALID: {"fails", "undecided"},
}
"""What the page may say of a file, by Python's word; by any other word, that it cannot check it."""


@pytest.fixture(scope="module")
def parts(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page's reader of PDFs without its form."""
    blank = written(tmp_path_factory.mktemp("parts") / "parts.html", "<!DOCTYPE html><title>parts</title>")
    with shown(browser, blank.as_uri()) as opened:
        opened.page.add_script_tag(content=scripts.body("pdf/judge.js"))
        yield opened.page


def said(parts: Page, files: Iterable[bytes]) -> list[dict[str, Any]]:
    """What the page says of each file."""
    results: list[dict[str, Any]] = parts.evaluate(
        "async files => { const said = []; for (const file of files) {"
        " const bytes = Uint8Array.from(atob(file), char => char.charCodeAt(0)), begun = performance.now();"
        " said.push({ ...(await verifyPdf(bytes)), seconds: (performance.now() - begun) / 1000 }); } return said; }",
        [base64.b64encode(data).decode() for data in files],
    )
    return results


def python_word(data: bytes) -> Word:
    return check_pdf(data).word


@pytest.mark.parametrize("name", SOUND)
def test_what_the_tables_say_counts(parts: Page, name: str) -> None:
    data = SOUND[name]()
    assert said(parts, [data])[0]["word"] == "verified", said(parts, [data])
    assert python_word(data) is Word.UNBOUND


@pytest.mark.parametrize("name", ATTACKS)
def test_what_readers_may_see_otherwise_is_not_verified(parts: Page, name: str) -> None:
    (result,) = said(parts, [ATTACKS[name]()])
    assert result["word"] != "verified"
    assert result["record"] is None


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_a_file_that_is_not_of_the_plain_form_is_not_spoken_of(parts: Page, name: str) -> None:
    """Whatever else is in it, and whatever it contradicts: a reader that makes other sense of it sees another file."""
    sentence, file = NOT_PLAIN[name]
    (result,) = said(parts, [file()])
    assert (result["word"], result["record"]) == ("undecided", None)
    assert "not-plain" in result["rules"]
    assert f"the file is not of the plain form: {sentence}" in result["reasons"]


def differing(parts: Page, files: list[bytes]) -> tuple[list[int], Counter[str]]:
    """The indices of files on which the page says more than Python bears out, and how often it says which word."""
    results = said(parts, files)
    wrong = [
        index
        for index, (data, result) in enumerate(zip(files, results, strict=True))
        if result["word"] not in ALLOWED.get(python_word(data), {"undecided"})
    ]
    return wrong, Counter(result["word"] for result in results)


def test_mutants_of_objects(parts: Page) -> None:
    """In files whose tables are true."""
    wrong, words = differing(parts, [object_mutant(seed) for seed in range(200)])
    assert wrong == []
    assert min(words["verified"], words["fails"], words["undecided"]) >= 20, words


def test_mutants_of_bytes(parts: Page) -> None:
    """Of papers as TeX wrote them, and unpacked."""
    wrong, words = differing(parts, [mutant(seed, small=True) for seed in range(60)])
    assert wrong == []
    assert words["verified"] >= 5, words


STOLEN = [item for group in (pages, titles, layers, readers) for item in group.FORGERIES]


@pytest.mark.parametrize("forgery", STOLEN, ids=lambda item: item.name)
def test_stolen_badges(parts: Page, forgery: Forgery) -> None:
    """A stamp of arXiv's stands in the text, which the page does not read; else it is never surer than Python."""
    (result,) = said(parts, [forgery.make()])
    if "stamp-mismatch" not in forgery.findings:
        assert result["word"] in ALLOWED.get(forgery.word, {"undecided"})


def test_bombs_are_bounded(parts: Page) -> None:
    for name, data in bombs().items():
        (result,) = said(parts, [data])
        assert result["word"] == "undecided", name
        assert result["seconds"] < 20, name
