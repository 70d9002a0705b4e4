"""The letters that titles are made of: folded, without marks, in the order of reading."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pithtex.patterns import folded

_SPELT: Final = ("o", "l", "ae", "oe", "d", "i", "j", "th", "σ", "δ", "σ", "π", "x", "", "", "")
_PLAIN: Final = str.maketrans(dict(zip("øłæœđıȷþς\u2206\u2211\u220f\xd7\u2122\xae\xa9", _SPELT, strict=True)))
"""Letters that Unicode does not decompose, and signs that fonts have in a letter's place; after folding."""
_SIGNS: Final = bytes(code for code in range(128) if not chr(code).isalnum())


def letters_of(text: str) -> str:
    """Letters and digits alone, case-folded, without marks (Unicode NFKD)."""
    if text.isascii():  # as most is, which has no marks, and folds to small letters
        return text.encode().lower().translate(None, _SIGNS).decode()
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold().translate(_PLAIN)
    return "".join(filter(str.isalnum, plain))


def normalise(title: str) -> str:
    """Returns the letters of a title as records and sources have it, with what its TeX commands stand for."""
    if "\\" not in title:
        return letters_of(title)
    from pithtex.pdf.binding.same_title import read_source

    return read_source(title).letters


def is_leftward(char: str) -> bool:
    """Tells whether a letter is of a script that is written from right to left."""
    return char >= "\u0590" and unicodedata.bidirectional(char) in {"R", "AL"}


def words(title: str) -> list[str]:
    """Returns its words: those of Chinese or Japanese are one."""
    return [word for word in re.split(r"[\s-]+", title) if letters_of(word)]


def is_heading(text: str, *headings: str) -> bool:
    """Tells whether a line is one of some headings, with or without a section's number, in any case of letters.

    Args:
        text: the line.
        headings: words in small letters.
    """
    text = folded(text)
    return any(heading in text and re.fullmatch(rf"\W*(?:[0-9ivx]+\.?\s*)?{heading}\W*", text) for heading in headings)
