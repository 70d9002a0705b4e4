"""Which pages name Pith in their text, told from the characters alone: no page is drawn, no line made."""

from __future__ import annotations

from collections.abc import Sequence

from pithtex.pdf.text.pdfium import open_document, open_page, open_text, page_count, words_of
from pithtex.structs import NamedTuple


class Naming(NamedTuple):
    """What was found, and what could not be read. Pages are 1-based."""

    pages: tuple[int, ...] = ()
    """Those that name it."""
    unread: tuple[int, ...] = ()
    """Those whose text could not be read."""

    def encode(self) -> bytes:
        """As `decode_naming` reads it."""
        return b";".join(b",".join(b"%d" % number for number in numbers) for numbers in self)


def decode_naming(data: bytes, asked: Sequence[int]) -> Naming:
    """Returns what `Naming.encode` wrote, by a process that may have been taken over: of pages that were asked for.

    Raises:
        ValueError: it is something else.
    """
    pages, unread = (
        tuple(int(number) for number in part.split(b",") if number) for part in data.split(b";", maxsplit=1)
    )
    if not {*pages, *unread} <= set(asked):
        raise ValueError("pages that nobody asked for")
    return Naming(pages, unread)


def naming_pith(data: bytes, page_numbers: Sequence[int], password: str) -> Naming:
    """Those pages in whose text the letters p, i, t, h stand one after the other, visible or not.

    Args:
        data: the file.
        page_numbers: 1-based; what the file has not is passed over.
        password: for an encrypted file.
    """
    found: list[int] = []
    unread: list[int] = []
    with open_document(data, password) as document:
        if not document:
            return Naming(unread=tuple(page_numbers))
        count = page_count(document)
        for number in page_numbers:
            if number > count:
                continue
            with open_page(document, number - 1) as page, open_text(page) as text_page:
                if not text_page:
                    unread.append(number)
                elif "pith" in "".join(filter(str.isalnum, words_of(text_page).casefold())):
                    found.append(number)
    return Naming(tuple(found), tuple(unread))
