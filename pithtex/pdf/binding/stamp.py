"""The arXiv stamp of a page: the rotated text in the left margin of page 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pithtex.format.record import WRITTEN_ARXIV_ID
from pithtex.patterns import folded, pattern
from pithtex.pdf.evidence import PageText
from pithtex.structs import NamedTuple

_STAMP: Final = pattern(
    rf"arXiv:({WRITTEN_ARXIV_ID})(?:v[0-9]+)?(?:\[[a-z.-]+\])?(?:[0-9]{{1,2}}[a-z]{{3,9}}[0-9]{{4}})?",
    re.IGNORECASE,
)
"""All that a stamp says: identifier, version, subject class and date.

Without spaces, which kerned or scattered type seems to have anywhere.
"""
_PREFIX: Final = "arxiv:"
_SMALLEST_STAMP: Final = 0.0125
"""Type size of a stamp as a share of the page's longer side: 10 points; arXiv's is 20."""
_VERSION: Final = pattern(r"v ?([0-9]{1,4})(?![0-9])", re.IGNORECASE)
"""With them: old stamps have the date behind it, with nothing else between."""


class Stamp(NamedTuple):
    """An arXiv stamp: the rotated text in the left margin of page 1."""

    arxiv_id: str
    version: int | None
    text: str


def is_stamp(text: str) -> bool:
    """Tells whether a line says what a stamp says."""
    return _said(text) is not None


def _said(text: str) -> re.Match[str] | None:
    compact = text.replace(" ", "")
    return _STAMP.fullmatch(compact) if folded(compact[: len(_PREFIX)]) == _PREFIX else None


def find_stamps(texts: Sequence[PageText]) -> list[Stamp]:
    """Returns the arXiv stamps of page 1: a line of large type that runs upwards in the left eighth of the page."""
    stamps = []
    for page in (text.upright for text in texts):
        left, bottom, right, top = page.box
        for line in page.lines if page.page == 1 else ():
            match = _said(line.text)
            legible = line.size >= _SMALLEST_STAMP * max(right - left, top - bottom)
            if match and legible and line.angle == 90 and line.rect[2] < left + (right - left) / 8:
                version = _VERSION.search(line.text)
                stamps.append(Stamp(arxiv_id=match[1], version=int(version[1]) if version else None, text=line.text))
    return stamps
