"""Whether readers that find a file's objects in other ways than by its newest table come to the same ones.

Some take the table at the front of a linearized file (ISO 32000-1, annex F), and the page that its first object names.
Others that dislike a table search the file for objects, and take of each number the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pikepdf

from pithtex.patterns import pattern
from pithtex.pdf.untrusted import WHITE_SPACE

_KEYWORD: Final = b"obj"
_BEFORE: Final = 40
"""Bytes before the word in which an object's number and generation stand."""
_DEFINED: Final = pattern(rb"(?<!\d)(?<!% )(\d{1,10})[\0\t\n\f\r ]+\d{1,10}[\0\t\n\f\r ]+\Z")
"""Not in comments as pdfTeX writes them into its object streams."""
_HEAD: Final = 2048
"""Bytes of a file's front in which readers look for the object that says that it is linearized."""
_FIRST: Final = pattern(rb"(?:\s|%[^\r\n]*[\r\n])*\d+\s+\d+\s+obj\s*<<([^<>#]*)>>\s*endobj\s*")
_ENTRY: Final = pattern(rb"/(L|N|O|P)[ \t\r\n]+(\d{1,10})(?=[\s/\[]|\Z)")
_ESCAPED: Final = pattern(rb"#([0-9A-Fa-f]{2})")


def definitions(data: bytes) -> Iterator[tuple[int, int]]:
    """Yields the number and the place of each object that a search finds."""
    place = data.find(_KEYWORD)
    while place >= 0:
        # Nearly half are the end of `endobj`.
        match = _DEFINED.search(data, max(place - _BEFORE, 0), place) if data[place - 1] in WHITE_SPACE else None
        if match:
            yield int(match[1]), match.start()
        place = data.find(_KEYWORD, place + len(_KEYWORD))


def starts_alike(pdf: pikepdf.Pdf, data: bytes, newest: int) -> bool:
    """Tells whether a linearized file is the same for those who heed that it is; of other files, true.

    Args:
        pdf: the open file.
        data: its bytes, from the header on.
        newest: where its newest table begins.
    """
    head = data[:_HEAD]
    if b"/Linearized" not in _ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), head):
        return True
    first = _FIRST.match(head)
    entries = dict(_ENTRY.findall(first[1])) if first else {}
    length = int(entries.get(b"L", -1))
    if first is None or length != len(data):  # others heed it no more where something was appended
        return 0 <= length < len(data)
    page = pdf.pages[0].obj
    own = (newest, page.objgen[0], len(pdf.pages), 0)
    return own == (first.end(), *(int(entries.get(key, 0)) for key in (b"O", b"N", b"P")))
