"""Text of a record as LaTeX and BibTeX typeset it: printable ASCII on every engine, and nothing in it acts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from pithtex.characters import unfit_kind
from pithtex.text import shortened

MAX_COMMENT_CHARS: Final = 300
"""A title in a comment is for people to recognise: a longer one is cut."""

_TOKEN: Final = re.compile("[A-Za-z0-9:._/-]*")
_NOT_PLAIN: Final = re.compile(r"[^ -~]|\^")


class TexSafe(str):
    """Text that TeX reads as nothing but itself. The templates refuse every other kind."""

    __slots__ = ()


def tex_comment(text: str) -> TexSafe:
    """Text for the inside of one TeX comment line.

    A comment ends where the line does, whatever its category codes, so what must not pass is whatever any engine or
    editor may take for a line's end, or for another encoding: all but printable ASCII is written as `U+XXXX`. The
    caret is written so too, since `^^M` is a line's end in an engine that reads it elsewhere than in a comment.
    """
    shown = shortened(text, MAX_COMMENT_CHARS)
    return TexSafe(_NOT_PLAIN.sub(lambda match: f"<U+{ord(match[0]):04X}>", shown))


def tex_token(text: str) -> TexSafe:
    """Returns a number, digest or piece of a receipt: letters, digits and `:.-_` alone, read in expl3 syntax.

    Raises:
        ValueError: any other character. That is a fault of the caller, not of the record.
    """
    if not _TOKEN.fullmatch(text):
        raise ValueError("not a token of the record block")
    return TexSafe(text)


_ASCII: Final = {
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "_": r"\_",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"{\char34}",
    "`": r"{\csname textasciigrave\endcsname}",
}
r"""Braces by name: BibTeX counts `\{` as a brace. The double quote by its place, since OT1 has no name for it. The
grave accent so that Biber does not know it: it would write the character, which TeX's fonts have for a quote."""

_NAMED: Final = {
    "ß": r"\ss{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "œ": r"\oe{}",
    "Œ": r"\OE{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "å": r"\aa{}",
    "Å": r"\AA{}",
    "ı": r"\i{}",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "…": r"\textellipsis{}",
    "·": r"\textperiodcentered{}",
    "\N{NO-BREAK SPACE}": "~",
}
"""Characters with a command that every encoding has which LaTeX begins with."""

_ACCENTS: Final = {
    "\N{COMBINING GRAVE ACCENT}": r"\`",
    "\N{COMBINING ACUTE ACCENT}": r"\'",
    "\N{COMBINING CIRCUMFLEX ACCENT}": r"\^",
    "\N{COMBINING TILDE}": r"\~",
    "\N{COMBINING MACRON}": r"\=",
    "\N{COMBINING BREVE}": r"\u",
    "\N{COMBINING DOT ABOVE}": r"\.",
    "\N{COMBINING DIAERESIS}": r"\"",
    "\N{COMBINING RING ABOVE}": r"\r",
    "\N{COMBINING DOUBLE ACUTE ACCENT}": r"\H",
    "\N{COMBINING CARON}": r"\v",
    "\N{COMBINING DOT BELOW}": r"\d",
    "\N{COMBINING CEDILLA}": r"\c",
    "\N{COMBINING MACRON BELOW}": r"\b",
}


def _composed(char: str) -> str | None:
    parts = unicodedata.normalize("NFD", char)
    base, accent = parts[0], _ACCENTS.get(parts[1:])
    if accent is None or not (base.isascii() and base.isalpha()):
        return None
    return f"{accent}{{{base}}}"  # not the dotless i: Biber would make of it what no engine can show


_LATIN: Final = map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
_LETTERS: Final = {char: text for char in _LATIN if (text := _composed(char))}
_TABLE: Final = str.maketrans(_LETTERS | _NAMED | _ASCII)
_LIGATURE: Final = re.compile(r"([-',<>`])(?=\1)|[?!](?=`)")
_LONG_WORD: Final = re.compile(r"\S{60}(?=\S)")
_BREAK: Final = r"{\hskip0pt}"
"""Within a word that no line holds; one of a thousand characters ends XeTeX with "This can't happen"."""
_OTHER: Final = re.compile(r"[^\x00-\x7f]")
_APART: Final = r"{\kern0pt}"
"""Between two characters that fonts make one of. LuaTeX takes no notice of an empty group."""


@lru_cache(maxsize=64)
def tex_text(text: str) -> TexSafe:
    r"""Text to be typeset by any LaTeX class on any engine, within any argument, and for a field of a .bib file.

    Accented letters are LaTeX's accent commands. A character that those lack is itself where the engine and the font
    have it, else its code point; pdfTeX, which has no `\Uchar`, has none of them. No macro is defined for it, since
    within the arguments of beamer a parameter would need one `#` more.
    """
    apart = _LONG_WORD.sub("\\g<0>\1", _LIGATURE.sub("\\g<0>\0", text))
    done = (apart if apart.isascii() else unicodedata.normalize("NFC", apart)).translate(_TABLE)
    if not done.isascii():
        done = _OTHER.sub(_other, done)
    return TexSafe(done.replace("\0", _APART).replace("\1", _BREAK))


@lru_cache(maxsize=64)
def tex_utf8(text: str) -> TexSafe:
    """Returns the same for UTF-8 files that other programs read too: letters without a LaTeX command stay as they are.

    Whether they can be typeset is a matter of the engine and its fonts, as of any text that is not Latin.
    """
    done = unicodedata.normalize("NFC", _LIGATURE.sub("\\g<0>\0", text)).translate(_TABLE)
    done = _OTHER.sub(lambda match: match[0] if _is_written(match[0]) else _other(match), done)
    return TexSafe(done.replace("\0", _APART))


def _is_written(char: str) -> bool:
    """Tells whether a title can hold it: a letter, mark, digit or sign, and nothing that acts or is not seen."""
    return unfit_kind(char) in {None, "compatibility"}


def _other(match: re.Match[str]) -> str:
    code, named = ord(match[0]), f"[U+{ord(match[0]):04X}]"
    return rf"{{\ifdefined\Uchar\iffontchar\font {code} \char {code} \else{named}\fi\else{named}\fi}}"
