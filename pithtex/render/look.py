"""How an author wants a badge to look. What it says follows from the record."""

from __future__ import annotations

import re
from typing import Final

from pithtex.errors import UsageError
from pithtex.structs import struct

STYLES: Final = ("flat", "flat-square", "plastic", "for-the-badge")
"""The styles of shields.io, by their names there."""

MESSAGES: Final = ("arxiv", "number")
"""What stands on the badge: the paper's name at its source, or the number's first 8 characters."""

PICTURE: Final = "pith-badge.svg"
"""The picture that text formats show; it lies beside the text unless an address is given."""

_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9:/.#=_-]{2,400}")
"""An address that means in every language what it says: of characters that act in none of them."""


@struct
class Look:
    """An author's choice."""

    style: str = STYLES[0]
    """One of `STYLES`."""
    message: str = MESSAGES[0]
    """One of `MESSAGES`."""
    picture: str = PICTURE
    """Where the picture is: a file beside the text, or an address."""

    @property
    def place(self) -> str:
        """Returns the same as a link that names its scheme, as Org has it."""
        return f"file:{self.picture}" if self.is_beside else self.picture

    @property
    def is_beside(self) -> bool:
        """Tells whether the picture lies beside the text that shows it."""
        return self.picture == PICTURE


PLAIN: Final = Look()
"""What is not chosen."""


def picture_at(address: str) -> str:
    """Returns the picture's address: as given, or `pith-badge.svg` in the folder that is given by a slash at its end.

    Raises:
        UsageError: it is not of the form that every format takes.
    """
    if not _ADDRESS.fullmatch(address):
        message = f"{address!r} is not an address that every format can hold"
        raise UsageError(message, hint="https://HOST/PATH of letters, digits and :/.#=_- alone")
    return address + PICTURE if address.endswith("/") else address
