"""Where a PDF's objects are (ISO 32000-1, 7.5.4 to 7.5.8): the cross-reference sections, where they are in order."""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, compress
from typing import Final

from pithtex.pdf.lane.forms import WHITE, Data, OddError, Reference, read_dictionary, reference, whole
from pithtex.pdf.lane.plain_streams import stream_at
from pithtex.structs import NamedTuple

_END: Final = re.compile(rb"startxref[\r\n ]{1,4}([0-9]{1,10})[\r\n ]{1,4}%%EOF[\0\t\n\f\r ]*+\Z")
_ANY_END: Final = re.compile(rb"startxref\s{1,8}([0-9]{1,12})\s{1,8}%%EOF")
_TAIL: Final = 1024
"""Bytes at the end, in which readers look for `startxref`."""
_MAX_SECTIONS: Final = 64
_SUBSECTION: Final = re.compile(rb"[\r\n ]*([0-9]{1,10}) ([0-9]{1,7})[\r\n ]{1,3}(?=[0-9t])")
_ROWS: Final = re.compile(rb"(?:[0-9]{10} [0-9]{5} [nf][\r ][\r\n])*+")
_ROW: Final = 20
_FREE, _PLACED, _PACKED = (bytes(code == kind for code in range(256)) for kind in range(3))
"""By the type of an entry of a cross-reference stream (table 18): whether it is that one."""
_MAX_BYTES: Final = 4
"""Of a field; a file has fewer bytes, and fewer objects, than that holds."""


Place = tuple[int, int, int]
"""Where an object stands in the file itself, its number, and its generation: a tuple, since there are so many."""


class _Subsection(NamedTuple):
    """Entries of objects with numbers one after the other: a type for each, and two fields (7.5.8.3)."""

    first: int
    kinds: bytes
    second: Sequence[int]
    third: Sequence[int]

    def places(self) -> Iterator[Place]:
        """Those in the file itself."""
        rows = zip(self.second, range(self.first, self.first + len(self.kinds)), self.third, strict=True)
        return compress(rows, self.kinds.translate(_PLACED))

    def containers(self) -> set[int]:
        """Returns the object streams that hold the others."""
        return set(compress(self.second, self.kinds.translate(_PACKED)))


class Table:
    """Every object that any section of a file defines."""

    def __init__(self, data: Data) -> None:
        """Reads every section of the file, the last one first.

        Raises:
            OddError: one is not as the standard has it, the file is encrypted, or does not end as files end.
        """
        found = _END.search(data[-_TAIL:])
        if found is None:
            raise OddError
        self._subsections: list[_Subsection] = []
        self.starts: list[int] = []
        """Where the sections begin."""
        self.trailers: list[bytes] = []
        """The text of each section's trailer: Info may stand in it as it is."""
        self.roots: dict[Reference, None] = {}
        """The catalogs that the sections name, the newest first."""
        self.info: bytes | None = None
        """What the newest section says of Info."""
        waiting = [int(found[1])]
        while waiting:
            at = waiting.pop()
            if at in self.starts or len(self.starts) == _MAX_SECTIONS or not 0 < at < len(data):
                raise OddError
            waiting += self._follow(at, self._read_section(data, at))
        if len(self.starts) > 1 and not {int(end) for end in _ANY_END.findall(data)} <= {0, *self.starts}:
            raise OddError  # an earlier revision may begin elsewhere
        places = chain.from_iterable(part.places() for part in self._subsections)
        self.places: list[Place] = sorted(places if len(self._subsections) == 1 else set(places))
        """Of the objects that stand in the file itself, by where they begin."""
        del self.places[: bisect_left(self.places, (1,))]  # of a place 0 readers say that there is no object
        self.containers = set().union(*(part.containers() for part in self._subsections))
        """The numbers of the object streams."""
        self._by_number = {place[1]: place for place in self.places}

    def _follow(self, at: int, trailer: dict[bytes, bytes]) -> list[int]:
        """Notes what a section says; where the sections are that it names."""
        if not self.starts:
            self.info = trailer.get(b"/Info")
        self.starts.append(at)
        root = reference(trailer.get(b"/Root"))
        if root is not None:
            self.roots[root] = None
        elif b"/Root" in trailer or len(self.starts) == 1:  # of a linearized file's second section readers ask for none
            raise OddError
        if b"/Encrypt" in trailer:
            raise OddError
        return [whole(trailer[key]) for key in (b"/Prev", b"/XRefStm") if key in trailer]

    def places_of(self, number: int) -> list[Place]:
        """Returns where an object stands in the file itself: one place, in a file that was not updated."""
        if len(self._by_number) == len(self.places):
            return [self._by_number[number]] if number in self._by_number else []
        return [place for place in self.places if place[1] == number]

    def containers_of(self, number: int) -> set[int]:
        """Returns the object streams that hold an object."""
        parts = (part for part in self._subsections if 0 <= number - part.first < len(part.kinds))
        return {part.second[number - part.first] for part in parts if part.kinds[number - part.first] == 2}

    def _read_section(self, data: Data, at: int) -> dict[bytes, bytes]:
        """Reads one section; its trailer."""
        return self._read_rows(data, at + 4) if data[at : at + 4] == b"xref" else self._read_stream(data, at)

    def _read_rows(self, data: Data, at: int) -> dict[bytes, bytes]:
        """Returns a table, row by row (7.5.4), and the trailer behind it."""
        while match := _SUBSECTION.match(data, at):
            first, count = int(match[1]), int(match[2])
            at = match.end() + _ROW * count
            rows = data[match.end() : at]
            if len(rows) != _ROW * count or not _ROWS.fullmatch(rows):
                raise OddError
            fields = rows.split()
            kinds = rows[17::_ROW].translate(bytes.maketrans(b"nf", b"\1\0"))
            generations = fields[1::3]  # nearly all are 0
            known = {digits: int(digits) for digits in set(generations)}
            third = [known[digits] for digits in generations]
            self._subsections.append(_Subsection(first, kinds, list(map(int, fields[::3])), third))
        word = data[at : at + 64].lstrip(WHITE)
        if not word.startswith(b"trailer"):
            raise OddError
        start = data.find(b"trailer", at) + 7
        trailer, end = read_dictionary(data, start)
        self.trailers.append(data[start:end])
        return trailer

    def _read_stream(self, data: Data, at: int) -> dict[bytes, bytes]:
        """Returns a cross-reference stream (7.5.8), which is its own trailer."""
        trailer, content, start = stream_at(data, at, None, rows=True)
        self.trailers.append(data[at:start])
        widths = _numbers(trailer.get(b"/W"))
        if trailer.get(b"/Type") != b"/XRef" or len(widths) != 3 or widths[0] != 1:
            raise OddError
        width = sum(widths)
        index = _numbers(trailer[b"/Index"]) if b"/Index" in trailer else [0, whole(trailer.get(b"/Size"))]
        kinds = content[::width]
        if len(index) % 2 or len(content) != width * sum(index[1::2]) or kinds.strip(b"\0\1\2"):
            raise OddError
        second = _column(content, width, 1, widths[1])
        third = _column(content, width, 1 + widths[1], widths[2])
        row = 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            end = row + count
            self._subsections.append(_Subsection(first, kinds[row:end], second[row:end], third[row:end]))
            row = end
        return trailer


def _numbers(value: bytes | None) -> list[int]:
    """Returns an array of whole numbers."""
    if value is None or value[:1] != b"[":
        raise OddError
    return [whole(part) for part in value[1:-1].split()]


def _column(content: bytes, width: int, start: int, count: int) -> array[int]:
    """One field of all rows, most significant byte first; zeros where it has no bytes."""
    values = array("I")
    if count > _MAX_BYTES or values.itemsize != _MAX_BYTES:
        raise OddError
    padded = bytearray(len(content) // width * _MAX_BYTES)
    for place in range(count):
        padded[_MAX_BYTES - count + place :: _MAX_BYTES] = content[start + place :: width]
    values.frombytes(padded)
    if sys.byteorder == "little":
        values.byteswap()
    return values
