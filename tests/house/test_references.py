"""What docstrings, comments and pages refer to is there: every page, and every section that is named with its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from release.files import tracked
from tests.conftest import ROOT

PAGE = re.compile(r"(?<![\w/.-])(?:docs/[\w/-]+|README|CONTRIBUTING|CHANGELOG)\.md")
SECTIONS = re.compile(rf"({PAGE.pattern}),\s((?:\"[^\"]+\"(?:,\s|,?\sand\s)?)+)")
"""The one form of a reference to sections: the page, a comma, the headings in quotes, without their numbers."""
OTHERWISE = re.compile(rf"{PAGE.pattern}(?:: (?=[A-Z])|, (?=[A-Z0-9]))[^\s]+")
OUTSIDE = re.compile(r"\b(?:SPEC|DESIGN)\b(?!\*)")
"""Names of documents that nobody has."""


def texts() -> Iterator[tuple[Path, str]]:
    """The project's own files, each as one line: docstrings and comments break where they have to."""
    for name in tracked():
        path = ROOT / name
        if path.suffix in {".py", ".js", ".md", ".dtx", ".toml"} and not name.startswith("tests/data/"):
            yield path, re.sub(r"\s*\n\s*(?:#|//|\*|%)?\s*", " ", path.read_text("utf-8"))


def headings(page: Path) -> set[str]:
    return {
        re.sub(r"^[0-9]+\. ", "", found) for found in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    }


def test_every_page_that_is_named_is_there() -> None:
    named = {(path.relative_to(ROOT), page) for path, text in texts() for page in PAGE.findall(text)}
    assert len(named) > 50
    assert [(str(path), page) for path, page in sorted(named) if not (ROOT / page).exists()] == []


def test_every_section_that_is_named_is_there() -> None:
    named = [
        (path.relative_to(ROOT), page, section)
        for path, text in texts()
        for page, sections in SECTIONS.findall(text)
        for section in re.findall(r"\"([^\"]+)\"", sections)
    ]
    assert len(named) > 20
    assert [item for item in named if item[2] not in headings(ROOT / item[1])] == []


def test_sections_are_named_in_one_form() -> None:
    this = Path(__file__)
    assert [found for path, text in texts() if path != this for found in OTHERWISE.findall(text)] == []
    assert [path for path, text in texts() if path != this and OUTSIDE.search(text)] == []
