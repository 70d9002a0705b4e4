"""Texts: untrusted ones made fit to be shown, long ones shortened, mistyped ones compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pithtex.characters import unfit_kind

_SHOWN: Final = (None, "compatibility")
"""Kinds of characters that are shown as they are."""


def printable(text: str) -> str:
    r"""Untrusted text for one line of a terminal or a log.

    Control characters, line separators, bidirectional and zero-width marks, surrogates and unassigned code points are
    written as `\u{XXXX}`: they could move the cursor, forge a line or turn the reading order. Every Python writes
    the same, since one version of Unicode decides (docs/reference/compact-receipt.md, "Characters of a title").
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if unfit_kind(c) in _SHOWN else f"\\u{{{ord(c):04x}}}" for c in text)


def shortened(text: str, limit: int = 80, mark: str = "...") -> str:
    """The text, cut to at most `limit` characters where it is longer; it then ends in `mark`."""
    return text if len(text) <= limit else text[: limit - len(mark)] + mark


def nearest(text: str, candidates: Iterable[str], *, most: int) -> list[str]:
    """The candidates that take the fewest edits, at most `most`: several where it cannot be told which was meant."""
    counts = {other: edits(text, other) for other in candidates if abs(len(text) - len(other)) <= most}
    least = min([most, *counts.values()])
    return [other for other, count in counts.items() if count == least]


def edits(one: str, other: str) -> int:
    """How many characters to put in, take out, replace, or swap with the next make one text the other.

    The optimal string alignment distance: what is swapped is not edited once more. Time grows with the product of the
    lengths, so callers compare short texts.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, char in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (char != wanted))
            if row > 1 and column > 1 and char == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]
