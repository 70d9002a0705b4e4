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
    """The advance width of a line of text.

    Args:
        text: one line.
        size: of the font.

    Returns:
        The width, in the unit of `size`.
    """
    known = _advances()
    return sum(known[char] if char in known else _estimate(char) for char in text) * size


def all_known(text: str) -> bool:
    """Whether the font that comes with pithtex has every character."""
    return _advances().keys() >= set(text)


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
    done: list[str] = []
    line = ""
    while words:
        joined = f"{line} {words[0]}".lstrip()
        if width(joined, size) <= limit:
            line = joined
            words.pop(0)
            continue
        if not line:
            head = fit(words[0], size, limit)
            line, words[0] = head, words[0][len(head) :]
        if len(done) == lines - 1:
            cut = True
            break
        done.append(line)
        line = ""
    if not cut:
        return [*done, line] if line else done
    return [*done, fit(line, size, limit - width("…", size)).rstrip() + "…"]


def fit(text: str, size: float, limit: float) -> str:
    """The longest beginning that is no wider than `limit`, and at least one character, marks kept with their letter."""
    total = 0.0
    for index, char in enumerate(text):
        total += width(char, size)
        if total > limit and index:
            return text[:index]
    return text


@cache
def _advances() -> dict[str, float]:
    data = resources.files("pithtex.badges").joinpath("font/widths.json").read_text("utf-8")
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
