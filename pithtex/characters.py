"""Characters, judged alike on every Python: what a title may not hold, and the small letters of capitals.

Python's own database is of the Unicode version that its release had. What decides a word is taken from the one that is
pinned instead (docs/reference/compact-receipt.md, "Characters of a title").
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache


def unfit_kind(char: str) -> str | None:
    """Returns what keeps a character out of a title, or None.

    Returns:
        `control`, `format` (bidirectional marks among them), `surrogate`, `private-use`, `separator` (of lines and
        paragraphs), `compatibility` or `unassigned`.
    """
    starts, ranges = _unfit()
    at = bisect_right(starts, ord(char)) - 1
    last, kind = ranges[at]
    return kind if at >= 0 and ord(char) <= last else None


def lower(text: str) -> str:
    """Returns the text in lower case, with the capitals that this Python may not know yet."""
    return _with_small(text).lower()


def folded(text: str) -> str:
    """Returns the text case-folded, with those capitals."""
    return _with_small(text).casefold()


def _with_small(text: str) -> str:
    """Returns the text with the small letters of those capitals, of which nearly no text has any."""
    capitals = _young_capitals()
    return text if text.isascii() or capitals.keys().isdisjoint(map(ord, set(text))) else text.translate(capitals)


@cache
def _unfit() -> tuple[list[int], list[tuple[int, str]]]:
    """Returns the ranges' first code points, sorted, and for each its last and its kind."""
    from pithtex.unicode_table import UNFIT

    found = []
    for kind, ranges in UNFIT.items():
        for text in ranges.split():
            first, _, last = text.partition("-")
            found.append((int(first, 16), int(last or first, 16), kind))
    found.sort()
    return [first for first, _, _ in found], [(last, kind) for _, last, kind in found]


@cache
def _young_capitals() -> dict[int, int]:
    from pithtex.unicode_table import YOUNG_CAPITALS

    pairs = (pair.split("-") for pair in YOUNG_CAPITALS.split())
    return {int(capital, 16): int(small, 16) for capital, small in pairs}
