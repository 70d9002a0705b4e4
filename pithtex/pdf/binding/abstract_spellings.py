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
_LINE: Final = "\1"
"""Between lines: as a break, no white space, and of no text."""
_HYPHENED: Final = pattern(rf"(?<=\w)[{_HYPHEN}]{_LINE}")
_BREAK: Final = "\0"
"""Between parts of a text: no white space, and of no text."""
_RUNS_ON: Final = pattern(rf"(?<![\s-])(\u2014|\u2013|---?){_LINE}")
"""A dash at a line's end: the next line goes on without a space, unless the dash has one in front of it."""


def typed(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yields the texts that some lines can be, as they are hashed, the likeliest first.

    Quotes, dashes, accents and percent signs stand in a record as people type them. Which is used is one choice for the
    whole text.

    Returns:
        Each text in parts, between which a hyphen ends a line: it divides a word, or is part of it.
    """
    plain = _HYPHENED.sub(_BREAK, _LINE.join(map(_plain, texts)))
    seen: set[str] = set()
    for text in _typed(plain):
        spelled = _RUNS_ON.sub(r"\1", text).replace(_LINE, " ")
        if "  " in spelled:
            spelled = collapse(spelled)
        if spelled not in seen:
            seen.add(spelled)
            yield spelled.split(_BREAK)


def _plain(text: str) -> str:
    """Returns a line in the characters that a keyboard has, but for quotes, dashes and accents: those are choices."""
    return collapse(unicodedata.normalize("NFKC", text).translate(_SAME))


_SAME: Final = {0x2026: "...", 0x2212: "-", ord(_BREAK): " ", ord(_LINE): " "}
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


def _typed(text: str) -> Iterator[str]:
    """A text as people type it, and as it is hashed: each choice once that makes a difference."""
    signs = set(text)
    used = [
        list({tuple(sorted((sign, table[sign]) for sign in table.keys() & signs)): table for table in tables}.values())
        for tables in (_QUOTES, _DASHES, _SIGNS)
    ]
    accented = any(_accent_of(sign) for sign in signs)
    accents: list[Callable[[str], str]] = [str, _tex_accents, _braced_accents] if accented else [str]
    # Letters first, once: the signs have neither case nor other forms.
    forms = list(dict.fromkeys(itertools.chain.from_iterable(as_hashed(accent(text)) for accent in accents)))
    for tables in itertools.product(*used):
        signed = [pair for pair in itertools.chain(*map(dict.items, tables)) if pair[0] in signs]
        for form in forms:
            out = form
            for sign, other in signed:
                out = out.replace(sign, other)
            yield out


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
