"""Texts: untrusted ones made fit to be shown, long ones shortened, mistyped ones compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """Returns the text, cut to at most `limit` characters where it is longer; it then ends in `mark`."""
    return text if len(text) <= limit else text[: limit - len(mark)] + mark


def nearest(text: str, candidates: Iterable[str], *, most: int) -> list[str]:
    """Returns the candidates with the fewest edits, at most `most`; several if it is unclear which was meant."""
    counts = {other: edits(text, other) for other in candidates if abs(len(text) - len(other)) <= most}
    least = min([most, *counts.values()])
    return [other for other, count in counts.items() if count == least]


def edits(one: str, other: str) -> int:
    """Returns how many characters to put in, take out, replace, or swap with the next make one text the other.

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


def did_you_mean(text: str, candidates: Iterable[str] | Mapping[str, str]) -> str:
    """`; did you mean check?`, to end a message about a word that is not known; empty if nothing is near.

    Args:
        text: the word as it was typed.
        candidates: the words that are known; with a description of each, a name is also found by a word of that:
            `md` by `markdown`.
    """
    from difflib import SequenceMatcher

    word = text.lower()[:_TYPED]
    names = list(candidates)
    ratios = {name: SequenceMatcher(None, word, name.lower()).ratio() for name in names}
    best = max(ratios.values(), default=0.0)
    likely = [name for name in names if ratios[name] > best - _TIED] if best >= _NEAR else []
    if not likely and isinstance(candidates, Mapping):
        likely = [name for name, said in candidates.items() if word in said.lower().replace(",", " ").split()]
    return f"; did you mean {' or '.join(likely)}?" if 0 < len(likely) <= _MEANT else ""


_TYPED: Final = 60
"""Characters of a mistyped word that are compared: no name of a command, option or code is longer."""
_NEAR: Final = 0.6
"""How alike a word must be to be suggested: difflib's own measure and bound."""
_TIED: Final = 0.05
"""Less than this apart, none is the likelier one."""
_MEANT: Final = 3
"""Where more than these are as likely, none is suggested."""
