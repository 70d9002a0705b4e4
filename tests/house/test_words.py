"""Plain English: phrases that read as translated stand in no text of the program, nor in its documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from release.files import tracked
from tests.conftest import ROOT
from tests.golden.messages import sources

BANNED = re.compile(
    r"(?<![Tt]here )\b(?:is|are|was|were) (?:none\b|no "
    r"(?!(?:longer|more|other|such|wider|older|newer|better|reason|hour)\b)[a-z]+)"
    r"|\bfor sure\b|\bat hand\b|\b(?:to|could|can) be had\b|\banew\b|\bmend(?:s|ed|ing)?\b|\bfor who\b|\bof which is\b"
)
"""Where a reader stumbles: *is no number* for *is not a number*, *mend* for *fix*, *anew* for *again*."""
_PAGES = ("README.md", "CHANGELOG.md", "docs/")
_LISTS = "docs/how-we-know/"
"""Names of forgeries and of measurements, written from the tests: *a title in a colorant that is none*."""


def texts() -> Iterator[tuple[str, str]]:
    for path, found in sources():
        yield from ((path, text) for text in found)


def test_texts_of_the_program_are_plain_english() -> None:
    assert [(path, text) for path, text in texts() if BANNED.search(text)] == []


def pages() -> list[str]:
    return [
        path for path in tracked() if path.endswith(".md") and path.startswith(_PAGES) and not path.startswith(_LISTS)
    ]


@pytest.mark.parametrize("path", pages())
def test_pages_are_plain_english(path: str) -> None:
    lines = (ROOT / path).read_text().splitlines()
    assert [(number, line) for number, line in enumerate(lines, 1) if BANNED.search(line)] == []


def test_no_text_names_a_page_that_no_wheel_carries() -> None:
    """`pithtex explain`, or an address, in its place."""
    named = [(path, text) for path, text in texts() if re.search(r"\b(?:docs|latex)/[\w/-]+\.(?:md|tex)\b", text)]
    assert [item for item in named if item[0] not in _OWN_TOOLS] == []


_OWN_TOOLS = {"pithtex/review/rules_page.py", "pithtex/report/findings_page.py"}
"""What writes the pages themselves."""


@pytest.mark.parametrize(
    "text",
    ["a mask is no picture", "or is none", "mends what can be mended for sure", "no record at hand", "made anew"],
)
def test_what_is_banned(text: str) -> None:
    assert BANNED.search(text)


@pytest.mark.parametrize("text", ["there is no record", "is no longer asked", "the result is None", "recommend it"])
def test_what_is_not(text: str) -> None:
    assert not BANNED.search(text)
