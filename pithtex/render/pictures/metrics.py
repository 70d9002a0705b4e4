"""How wide text is in the badges' font, to the unit, and how it is broken into lines of a given width."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

FAMILY: Final = "'DejaVu Sans',Verdana,Geneva,sans-serif"
"""The font that is measured, then those of nearly the same widths. A text's `textLength` makes up for the rest."""

_WIDE: Final = 1.0
_OTHER: Final = 0.65
"""In ems, of a character that the table lacks: wide by East Asian Width (UAX 11), and any other."""

_ZERO: Final = frozenset({"Mn", "Me", "Cf"})


def width(text: str, size: float) -> float:
    """Returns the advance width of a line of text.

    Args:
        text: one line.
        size: of the font.

    Returns:
        The width, in the unit of `size`.
    """
    return sum(map(_advances().__getitem__, text)) * size


def all_known(text: str) -> bool:
    """Tells whether the font that comes with pithtex has every character."""
    return _table().keys() >= set(text)


def wrap(text: str, size: float, limit: float, lines: int) -> list[str]:
    """Breaks text at spaces, or within a word that is wider than a line; what is left over is an ellipsis.

    Args:
        text: white space collapsed.
        size: of the font.
        limit: the width of a line, in the unit of `size`.
        lines: the largest number of lines.
    """
    words = text[: 200 * lines].split()  # more cannot fit: of the narrowest letters 200 are wider than a line
    cut = len(text) > 200 * lines
    space = width(" ", size)
    done: list[list[str]] = []
    line: list[str] = []
    used = 0.0
    for word in words:
        rest, wide = word, width(word, size)
        while (line and used + space + wide > limit) or (not line and wide > limit):
            if not line:
                line.append(fit(rest, size, limit))
                rest = rest[len(line[0]) :]
                wide = width(rest, size)
            if len(done) == lines - 1:
                return [*map(" ".join, done), _ellipsis(" ".join(line), size, limit)]
            done.append(line)
            line, used = [], 0.0
        if rest:
            used += wide + (space if line else 0.0)
            line.append(rest)
    if line:
        done.append(line)
    texts = [*map(" ".join, done)]
    return [*texts[:-1], _ellipsis(texts[-1], size, limit)] if cut else texts


def _ellipsis(line: str, size: float, limit: float) -> str:
    return fit(line, size, limit - width("…", size)).rstrip() + "…"


def fit(text: str, size: float, limit: float) -> str:
    """Returns the longest beginning within `limit`, at least one character, keeping marks with their letter."""
    total = 0.0
    for index, char in enumerate(text):
        total += width(char, size)
        if total > limit and index:
            return text[:index]
    return text


class _Advances(dict[str, float]):
    """The table, and what is estimated of each other character that is asked for."""

    __slots__ = ()

    def __missing__(self, char: str) -> float:
        return _estimate(char)


@cache
def _advances() -> _Advances:
    return _Advances(_table())


@cache
def _table() -> dict[str, float]:
    data = resources.files("pithtex.render.pictures").joinpath("font/widths.json").read_text("utf-8")
    table = json.loads(data)
    return {
        chr(code): advance / table["units_per_em"]
        for first, *row in table["rows"]
        for code, advance in enumerate(row, first)
    }


def _estimate(char: str) -> float:
    if unicodedata.category(char) in _ZERO:
        return 0.0
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else _OTHER
