"""Shows the source line of a finding with a caret below the place, as compilers do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from pithtex.text import printable

_WIDTH: Final = 96
"""Columns of a line that are shown, those around the place where it is longer."""
_BEFORE: Final = 60
"""Columns of a longer line that are shown before the place."""
_CUT: Final = "..."


def excerpt_lines(text: str, line: int, column: int | None) -> Iterator[str]:
    """Yields the numbered line with a caret below, or nothing if the line is blank.

    Args:
        text: the line, untrusted; what ends it is left out.
        line: its number, from 1.
        column: of the place, in characters from 1; None for the line as a whole.
    """
    source = text.rstrip("\r\n").replace("\t", " ")
    if not source.strip():
        return
    place = min(max((column or 1) - 1, 0), len(source))
    start = max(place - _BEFORE, 0) if len(source) > _WIDTH else 0
    shown = source[start : start + _WIDTH]
    before = _CUT if start else ""
    after = _CUT if len(source) > start + _WIDTH else ""
    yield f"{line:>5} | {before}{printable(shown)}{after}"
    if column is not None:
        yield f"      | {' ' * _columns(before + printable(source[start:place]))}^"


def _columns(text: str) -> int:
    """Returns how many columns of a terminal a text takes (Unicode Standard Annex 11)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
