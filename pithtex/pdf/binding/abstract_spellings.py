"""The texts that the lines of a page can be: what a page leaves open of how a text was typed."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pithtex.format.canonical import as_hashed, collapse
from pithtex.patterns import pattern

_HYPHEN: Final = "-\u2010\u00ad\u0002\ufffe"
END_HYPHEN: Final = pattern(rf"(?<=\w)[{_HYPHEN}]$")
"""A hyphen that ends a line, in a word."""
_BREAK: Final = "\0"
"""Between parts of a text: no white space, and of no text."""
_MAX_HYPHENS_KEPT: Final = 3
"""Of the hyphens at line ends, as many are taken for parts of words; the others divide words."""


def spellings(texts: Sequence[str]) -> Iterator[str]:
    """Yields the texts that some lines can be, as they are hashed, the likeliest first.

    A hyphen at a line's end divides a word or is part of it; quotes, dashes, accents and percent signs stand in a
    record as people type them. Which is used is one choice for the whole text.
    """
    plain = [_plain(text) for text in texts]
    hyphens = [place for place, text in enumerate(plain[:-1]) if END_HYPHEN.search(text)]
    # All choices but those of hyphens are made once: what is left to do for a spelling is to join some parts.
    typed: list[list[str]] = []
    for parts in _parts(plain, hyphens):
        typed.append(parts)
        yield "".join(parts)
    ends = len(hyphens)
    for count in range(1, min(ends, _MAX_HYPHENS_KEPT) + 1):
        for kept in itertools.combinations(range(ends), count):
            for parts in typed:
                yield _joined(parts, kept)
    if ends > _MAX_HYPHENS_KEPT:
        yield from (_joined(parts, range(ends)) for parts in typed)


def _joined(parts: Sequence[str], kept: Sequence[int]) -> str:
    """Parts of a text with the hyphens between some of them."""
    out = [*parts]
    for place in kept:
        out[place] += "-"
    return "".join(out)


def _parts(plain: Sequence[str], hyphens: Sequence[int]) -> Iterator[list[str]]:
    """Lines as people type them and as they are hashed, in parts: one ends where a line has a hyphen at its end."""
    seen: set[str] = set()
    for lines in _typed(plain):
        out = [
            END_HYPHEN.sub(_BREAK, text) if place in hyphens else text if _goes_on(text) else f"{text} "
            for place, text in enumerate(lines)
        ]
        for text in as_hashed("".join(out)):
            if text not in seen:
                seen.add(text)
                yield text.split(_BREAK)


def _goes_on(text: str) -> bool:
    """Tells whether the next line follows without a space."""
    return text.endswith(_DASHED) and not _SPACED.search(text[-4:])


def _plain(text: str) -> str:
    """Returns a line in the characters that a keyboard has, but for quotes, dashes and accents: those are choices."""
    return collapse(unicodedata.normalize("NFKC", text).translate(_SAME))


_SAME: Final = {0x2026: "...", 0x2212: "-", ord(_BREAK): " "}
_DASHED: Final = ("\u2014", "\u2013", "--")
"""A line that ends so goes on without a space,"""
_SPACED: Final = pattern(r"\s(?:\u2014|\u2013|--)$")
"""unless the dash has one in front of it."""
_Table = dict[str, str]
_QUOTES: Final[tuple[_Table, ...]] = (
    {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"},
    {"\u201c": "``", "\u201d": "''", "\u2018": "`", "\u2019": "'"},
    {"\u201c": "''", "\u201d": "''", "\u2018": "'", "\u2019": "'"},
    {},
)
_DASHES: Final[tuple[_Table, ...]] = (
    {"\u2013": "--", "\u2014": "---"},
    {"\u2013": "-", "\u2014": "-"},
    {"\u2013": "--", "\u2014": "--"},
    {"\u2013": "-", "\u2014": " - "},
    {"\u2013": "-", "\u2014": "--"},
    {"\u2013": "-", "\u2014": " -- "},
    {},
)
_SIGNS: Final[tuple[_Table, ...]] = ({}, {"%": "\\%"}, {"&": "\\&"}, {"%": "\\%", "&": "\\&"})


def _typed(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines as people type them: each choice once that makes a difference."""
    signs = set().union(*lines)
    used = [
        list({tuple(sorted((sign, table[sign]) for sign in table.keys() & signs)): table for table in tables}.values())
        for tables in (_QUOTES, _DASHES, _SIGNS)
    ]
    accented = any(_accent_of(sign) for sign in signs)
    accents: list[Callable[[str], str]] = [str, _tex_accents, _braced_accents] if accented else [str]
    written: dict[Callable[[str], str], list[str]] = {}
    for tables in itertools.product(*used):
        typed = [(sign, text) for table in tables for sign, text in table.items() if sign in signs]
        for accent in accents:
            if accent not in written:
                written[accent] = [accent(line) for line in lines]
            yield [_replaced(line, typed) for line in written[accent]]


def _replaced(line: str, typed: Sequence[tuple[str, str]]) -> str:
    for sign, text in typed:
        line = line.replace(sign, text)
    return line


_ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c", "\u0328": "k",
}  # fmt: skip


def _accent_of(char: str) -> str | None:
    """Returns the name that TeX has for a letter's accent."""
    decomposed = unicodedata.normalize("NFD", char)
    return _ACCENTS.get(decomposed[1]) if len(decomposed) == 2 else None


def _tex_accents(text: str, *, braces: bool = False) -> str:
    r"""Accents as TeX has them: `\'e` or `\'{e}`."""
    out: list[str] = []
    for char in text:
        mark = None if char.isascii() else _accent_of(char)
        base = unicodedata.normalize("NFD", char)[0]
        if mark is None:
            out.append(char)
        elif braces or mark.isalpha():
            out.append(f"\\{mark}{{{base}}}")
        else:
            out.append(f"\\{mark}{base}")
    return "".join(out)


def _braced_accents(text: str) -> str:
    return _tex_accents(text, braces=True)
