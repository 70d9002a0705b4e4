"""The one way by which text from a record reaches TeX."""

from __future__ import annotations

import re
from typing import Final

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
    cut = text if len(text) <= MAX_COMMENT_CHARS else text[: MAX_COMMENT_CHARS - 3] + "..."
    return TexSafe(_NOT_PLAIN.sub(lambda match: f"<U+{ord(match[0]):04X}>", cut))


def tex_token(text: str) -> TexSafe:
    """A number, digest or piece of a receipt: letters, digits and `:.-_` alone, read in expl3 syntax.

    Raises:
        ValueError: any other character. That is a fault of the caller, not of the record.
    """
    if not _TOKEN.fullmatch(text):
        raise ValueError("not a token of the record block")
    return TexSafe(text)
