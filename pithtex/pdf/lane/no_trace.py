"""Whether a PDF has no trace of a number in its links, its XMP packet and its Info dictionary: the fast lane.

Where this says so, the reader of these channels finds no number, no receipt and no link that names Pith
(docs/pdf-profile.md, "Told at a glance"). Where it does not, nothing is known yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from mmap import mmap
from typing import Final

from pithtex.limits import MAX_PDF_BYTES, MAX_XMP_BYTES
from pithtex.pdf.lane.forms import WHITE, Data, OddError, Reference, are_closed, read_dictionary
from pithtex.pdf.lane.packets import packet_speaks
from pithtex.pdf.lane.plain_streams import stream_at
from pithtex.pdf.lane.sections import Table, read_table
from pithtex.pdf.lane.traces import speaks

_MAX_INFLATED: Final = 64 * 1024 * 1024
"""All object streams of a file together."""
_MAX_CATALOG: Final = 64 * 1024
"""Bytes of a catalog, or of the first node of the page tree."""
_AFTER_HEADER: Final = frozenset(b"\0\t\n\f\r <[/(")


def no_trace(data: bytes | bytearray | memoryview | mmap) -> bool:
    """Whether a file has no trace of a number in link, XMP and Info: so plainly that no reader need be asked.

    Args:
        data: the file.

    Returns:
        False where there is a trace, and where the file is encrypted, damaged or otherwise not of the plain forms
        that are understood here.
    """
    try:
        return not _traces(bytes(data) if isinstance(data, memoryview | bytearray) else data)
    except OddError:
        return False


def _traces(data: Data) -> bool:
    if data[:7] != b"%PDF-1." or len(data) > MAX_PDF_BYTES:
        raise OddError
    table = read_table(data)
    file = _File(data, table)
    for root in table.roots:
        file.look_at_catalog(root)
    return any(map(speaks, file.texts()))


class _File:
    """A file, and its object streams as far as they are inflated."""

    def __init__(self, data: Data, table: Table) -> None:
        self._data = data
        self._table = table
        self._left = _MAX_INFLATED
        self._inflated: dict[int, dict[int, tuple[bytes, bytes]]] = {}
        """Of each object stream's number, by place: the part before the first object, and that from it on."""
        for number in {number for numbers in table.packed.values() for number in numbers}:
            places = table.places.get(number)
            if not places:
                raise OddError
            self._inflated[number] = {at: self._inflate(number, at) for at in places}

    def _inflate(self, number: int, at: int) -> tuple[bytes, bytes]:
        entries, content = stream_at(self._data, at, self._header(number, at))
        first = entries.get(b"/First")
        self._left -= len(content)
        if entries.get(b"/Type") != b"/ObjStm" or not isinstance(first, bytes) or not first.isdigit() or self._left < 0:
            raise OddError
        return content[: int(first)], content[int(first) :]

    def _header(self, number: int, at: int) -> bytes:
        return b"%d %d obj" % (number, self._table.generations[at])

    def texts(self) -> Iterator[bytes]:
        """All that a reader can come to read as an object."""
        for places in self._inflated.values():
            for head, objects in places.values():
                yield head
                yield objects
        bodies = list(self._bodies())
        yield b"\n".join(bodies) if are_closed(bodies) else self._data[:]

    def _bodies(self) -> Iterator[bytes]:
        """The text of each object that stands in the file itself; of a stream, all before its content."""
        places = sorted((at, number) for number, ats in self._table.places.items() for at in ats)
        ends = sorted({*(at for at, _ in places), *self._table.sections, len(self._data)})
        following = dict(pairwise(ends))
        data = self._data
        for at, number in places:
            header = self._header(number, at)
            start, end = at + len(header), following[at]
            if data[at:start] != header or data[start] not in _AFTER_HEADER:
                raise OddError
            stop = data.find(b"stream", start, end)
            if stop < 0:
                stop = data.find(b"endobj", start, end)
            if stop < 0:
                raise OddError
            yield data[start:stop]

    def look_at_catalog(self, root: Reference) -> None:
        """Sees to it that a catalog is one, with pages, and that its packet is without a trace.

        Raises:
            OddError: it is none; or there is a trace.
        """
        for text in self._objects(root):
            catalog, _ = read_dictionary(text)
            pages, metadata = catalog.get(b"/Pages"), catalog.get(b"/Metadata")
            if catalog.get(b"/Type") != b"/Catalog" or not isinstance(pages, Reference):
                raise OddError
            for node in self._objects(pages):
                read_dictionary(node)
            if metadata is None:
                continue
            if not isinstance(metadata, Reference) or metadata.number not in self._table.places:
                raise OddError
            for at in self._table.places[metadata.number]:
                header = b"%d %d obj" % metadata
                if packet_speaks(stream_at(self._data, at, header, most=MAX_XMP_BYTES)[1]):
                    raise OddError

    def _objects(self, reference: Reference) -> Iterator[bytes]:
        """The text of each object of that number, from its first byte on, in all sections.

        Raises:
            OddError: there is none, or one that is a stream.
        """
        number, generation = reference
        found = False
        for at in self._table.places.get(number, ()):
            header = b"%d %d obj" % reference
            text = self._data[at : at + _MAX_CATALOG]
            if not text.startswith(header):
                raise OddError
            _, end = read_dictionary(text, len(header))
            if not text[end : end + 32].lstrip(WHITE).startswith(b"endobj"):
                raise OddError
            found = True
            yield text[len(header) :]
        for container in self._table.packed.get(number, ()):
            for head, objects in self._inflated[container].values():
                numbers = head.split()
                if generation or numbers[::2].count(b"%d" % number) != 1:
                    raise OddError
                offset = int(numbers[numbers[::2].index(b"%d" % number) * 2 + 1])
                found = True
                yield objects[offset : offset + _MAX_CATALOG]
        if not found:
            raise OddError
