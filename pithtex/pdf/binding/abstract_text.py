"""Whether a page's letters are those of a proven text, in which formulas stand as TeX has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.binding.wording import normalise
from pithtex.structs import NamedTuple

_FORMULA: Final = pattern(r"(\$[^$]*\$|\\\(.*?\\\)|\\[A-Za-z]+(?:\{[^{}]*\})*|\{[^{}]*\})", re.DOTALL)
_COMMAND: Final = pattern(r"\\[A-Za-z]+")
_FEW: Final = 2
"""Letters that a formula may have on a page beside its own: signs of fonts without Unicode pass for letters."""
_LEAST: Final = 0.3
"""Of a formula's ASCII letters and digits at least as many stand in the text's line and size."""
_LEAST_LETTERS: Final = 12
"""Outside formulas: a text with fewer is not told from others by them."""
_NEAR: Final = 16
"""Ends of a part that are looked at for a place where the next one begins."""


class Part(NamedTuple):
    """Letters and digits of a text, and the formulas in front of them."""

    letters: str
    formula: Counter[str]
    """The letters and digits that the formulas' source shows."""
    others: int
    """How many others may stand there: what commands print."""

    @property
    def longest(self) -> int:
        """Returns how many letters and digits may stand in front."""
        return self.formula.total() + self.others


def parts_of(proven: str) -> list[Part]:
    """Returns a proven text in parts; the last one has no letters."""
    parts: list[Part] = []
    formulas: list[str] = []
    for place, text in enumerate(_FORMULA.split(proven)):
        if place % 2:
            formulas.append(text)
        elif letters := normalise(text):
            parts.append(_part(letters, formulas))
            formulas = []
    return [*parts, _part("", formulas)]


def _part(letters: str, formulas: Sequence[str]) -> Part:
    commands = sum(len(_COMMAND.findall(formula)) for formula in formulas)
    return Part(letters, Counter("".join(map(normalise, formulas))), commands + _FEW * len(formulas))


def is_made_of(parts: Sequence[Part], shown: str) -> bool:
    """Tells whether a text is these parts in order, with no more between them than their formulas.

    The places where a part may end are followed all at once, so that the time is bounded by their number and the
    text's length, whatever the parts are.
    """
    if sum(len(part.letters) for part in parts) < _LEAST_LETTERS and any(part.longest for part in parts):
        return False
    ends = [0]
    for part in parts[:-1]:
        found: list[int] = []
        near = 0
        start = shown.find(part.letters, ends[0])
        while start >= 0 and start <= ends[-1] + part.longest:
            while near + 1 < len(ends) and ends[near + 1] <= start:
                near += 1
            nearest = ends[max(near - _NEAR + 1, 0) : near + 1]
            if any(end <= start and _is_formula(shown[end:start], part) for end in nearest):
                found.append(start + len(part.letters))
            start = shown.find(part.letters, start + 1)
        if not found:
            return False
        ends = found
    return any(_is_formula(shown[end:], parts[-1]) for end in ends[-_NEAR:])


def _is_formula(shown: str, part: Part) -> bool:
    """Tells whether the letters between two parts of a text are those of the formulas there."""
    if len(shown) > part.longest:
        return False
    letters = Counter(shown)
    plain = Counter({letter: count for letter, count in part.formula.items() if letter.isascii()})
    enough = (letters & plain).total() >= _LEAST * plain.total()
    return enough and (letters - part.formula).total() <= part.others
