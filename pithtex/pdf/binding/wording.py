"""How titles are compared: by letters and digits alone, with an allowance for what TeX and PDF programs do to them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

EDITS_PER_CHAR: Final = 0.03
"""Characters that extraction may lose or add per character of the title: a ligature, a hyphen, a footnote mark."""

_COMMAND: Final = re.compile(r"\\([A-Za-z]+|.)\s?", re.DOTALL)
_MATH: Final = re.compile(r"\$[^$]*\$")
_LIGATURES: Final = re.compile("(ff[il]?|f[il])")
_MAX_LIGATURES: Final = 101
"""Parts of a title between its ligatures, and these: of fifty in one title."""
_LETTERS: Final = {"ss": "ss", "o": "o", "O": "O", "l": "l", "L": "L", "ae": "ae", "AE": "AE", "oe": "oe", "OE": "OE"}
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "ȷ": "j", "þ": "th"})


def normalise(text: str) -> str:
    """Letters and digits alone, case-folded, without marks: what a title is compared by.

    TeX commands are dropped, but for Greek letters and the few that stand for Latin ones.
    """
    plain = _COMMAND.sub(_spell, text)
    decomposed = unicodedata.normalize("NFKD", plain).casefold().translate(_PLAIN)
    return "".join(char for char in decomposed if char.isalnum())


def _spell(command: re.Match[str]) -> str:
    name = command[1]
    if name in _LETTERS:
        return _LETTERS[name]
    size = "CAPITAL" if name[:1].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.removeprefix('var').upper()}")
    except KeyError:
        return ""


def is_leftward(char: str) -> bool:
    """Whether a letter is of a script that is written from right to left."""
    return char >= "\u0590" and unicodedata.bidirectional(char) in {"R", "AL"}


def as_read(text: str) -> str:
    """A normalised line in the order of reading.

    Of scripts that are written from right to left LuaTeX's files have the letters as they stand, from the left.
    """
    return text[::-1] if text and all(map(is_leftward, text)) else text


def words(title: str) -> list[str]:
    """Its words: those of Chinese or Japanese are one."""
    return [word for word in re.split(r"[\s-]+", title) if normalise(word)]


def allowance(title: str, wanted: str) -> int:
    """How many characters may differ: a share of the title, and its formulas, whose setting the source can't tell."""
    formulas = sum(len(normalise(part[0])) + part[0].count("\\") for part in _MATH.finditer(title))
    return int(EDITS_PER_CHAR * len(wanted)) + formulas


def close(wanted: str, found: str, allowed: int) -> bool:
    """Whether two normalised texts differ by no more than the allowance, and agree at both ends."""
    if allowed == 0 or abs(len(wanted) - len(found)) > allowed:
        return False
    # Imported here because most files have a title that is equal, or no number at all.
    from rapidfuzz.distance import Levenshtein

    return bool(Levenshtein.distance(wanted, found, score_cutoff=allowed) <= allowed)


def but_ligatures(wanted: str, found: str) -> bool:
    """Whether two normalised texts are equal but for ligatures, which programs that rewrite fonts lose or garble.

    Ghostscript 10 swaps bytes of what "ffi" stands for, others leave a control character. In a ligature's place there
    may be nothing or letters of other scripts, and its last letter where only "ff" was one.
    """
    parts = _LIGATURES.split(wanted)
    if len(parts) == 1 or abs(len(wanted) - len(found)) > 3 * len(parts):
        return False
    # Ligatures side by side, as no title has them, could be told apart in too many ways.
    if len(parts) > _MAX_LIGATURES or not all(parts[2:-1:2]):
        return False
    odd = ((f"(?:{part}|[^\\x00-\\x7f]{{0,3}}{part[-1]}?)" if place % 2 else part) for place, part in enumerate(parts))
    return re.fullmatch("".join(odd), found) is not None
