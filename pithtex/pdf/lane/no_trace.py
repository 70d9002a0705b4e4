"""Whether a PDF has no trace of a number in its links, its XMP packet and its Info dictionary: the fast lane.

Where this says so, the reader of these channels finds no number, no receipt and no link that names Pith
(docs/reference/pdf-profile.md, "Told at a glance"). Where it does not, nothing is known yet.
"""

from __future__ import annotations

from itertools import pairwise
from mmap import mmap
from typing import Final, NamedTuple

from pithtex.limits import MAX_PDF_BYTES, MAX_XMP_BYTES
from pithtex.pdf.lane.forms import WHITE, Data, OddError, Reference, are_closed, read_dictionary, reference, whole
from pithtex.pdf.lane.packets import packet_speaks
from pithtex.pdf.lane.plain_streams import stream_at
from pithtex.pdf.lane.sections import Place, Table
from pithtex.pdf.lane.traces import speaks

_MAX_INFLATED: Final = 64 * 1024 * 1024
"""All object streams of a file together."""
_MAX_CATALOG: Final = 64 * 1024
"""Bytes of a catalog, or of the first node of the page tree."""
_WORTH_IT: Final = 640
"""Bytes of a file for each object in it: with fewer, to search them all costs less than to leave any out."""
_SECTION: Final = -1
"""In place of an object's number: a section of the table begins there, or the file ends."""
_AFTER_HEADER: Final = frozenset(b"\0\t\n\f\r <[/(")


def no_trace(data: bytes | bytearray | memoryview | mmap) -> bool:
    """Tells whether a file has no trace of a number in link, XMP and Info: so plainly that no reader need be asked.

    Args:
        data: the file.

    Returns:
        False where there is a trace, and where the file is encrypted, damaged or otherwise not of the plain forms
        that are understood here.
    """
    return packet_of_untraced(data) is not None


def packet_of_untraced(data: bytes | bytearray | memoryview | mmap) -> bytes | None:
    """The XMP packet of a file that has no trace of a number: empty where it has none.

    Args:
        data: the file.

    Returns:
        None where `no_trace` says False.
    """
    try:
        return _untraced(bytes(data) if isinstance(data, memoryview | bytearray) else data)
    except OddError:
        return None


def _untraced(data: Data) -> bytes | None:
    if data[:7] != b"%PDF-1." or len(data) > MAX_PDF_BYTES:
        raise OddError
    file = _File(data)
    if file.has_packet_that_speaks() or speaks(file.text()):
        return None
    return b"".join(file.packets)


class _Packed(NamedTuple):
    """An object stream (ISO 32000-1, 7.5.7), inflated."""

    numbers: list[bytes]
    """Of each object its number, and where it begins."""
    content: bytes
    first: int
    """Where the first object begins. Numbers may lead to places before it."""

    def find(self, number: int) -> bytes:
        """Returns an object, and what follows it."""
        numbers, wanted = self.numbers[::2], b"%d" % number
        if numbers.count(wanted) != 1:
            raise OddError
        offset = self.numbers[1::2][numbers.index(wanted)]
        if not offset.isdigit():
            raise OddError
        start = self.first + int(offset)
        return self.content[start : start + _MAX_CATALOG]


class _File:
    """A file, and its object streams inflated."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._table = Table(data)
        self._left = _MAX_INFLATED
        self._packed = {number: self._inflate(number) for number in self._table.containers}
        self.packets: list[bytes] = []
        """The XMP packets that were looked at."""

    def _inflate(self, number: int) -> list[_Packed]:
        """Returns the object streams of that number, of which an updated file has several."""
        found = []
        for place in self._table.places_of(number):
            entries, content, _ = stream_at(self._data, place[0], _header(place))
            self._left -= len(content)
            first = whole(entries.get(b"/First"))
            if entries.get(b"/Type") != b"/ObjStm" or self._left < 0:
                raise OddError
            found.append(_Packed(content[:first].split(), content, first))
        if not found:
            raise OddError
        return found

    def text(self) -> bytes:
        """Returns all that a reader can come to read as an object: where that is not so plain, all there is."""
        starts = self._starts()
        bodies = self._bodies(starts) if len(self._data) > _WORTH_IT * len(starts) else None
        packed = [each.content for several in self._packed.values() for each in several]
        if bodies is None or not are_closed(bodies):
            bodies = [self._data[:]]
        return b"\n".join(bodies + packed + self._table.trailers)

    def _starts(self) -> list[tuple[int, int]]:
        """Returns where the objects in the file itself begin, behind their headers, and where something follows.

        Raises:
            OddError: none begins there, and readers may look elsewhere.
        """
        data, starts = self._data, []
        ends = [(start, _SECTION, 0) for start in (*self._table.starts, len(data))]
        for (at, number, generation), (end, _, _) in pairwise(sorted(self._table.places + ends)):
            if number == _SECTION:  # which may be an object, too
                continue
            header = b"%d %d obj" % (number, generation)
            start = at + len(header)
            if data[at:start] != header or start >= end or data[start] not in _AFTER_HEADER:
                raise OddError
            starts.append((start, end))
        return starts

    def _bodies(self, starts: list[tuple[int, int]]) -> list[bytes] | None:
        """Returns the text of each of these objects, for a stream up to its content; None if one does not end."""
        data, bodies = self._data, []
        for start, end in starts:
            stop = data.find(b"stream", start, end)
            if stop < 0:
                stop = data.find(b"endobj", start, end)
                if stop < 0:
                    return None
            bodies.append(data[start:stop])
        return bodies

    def has_packet_that_speaks(self) -> bool:
        """Tells whether a packet of a catalog may have a property of ours.

        Raises:
            OddError: a catalog is malformed, or has no pages.
        """
        return any(self._packet_speaks(text) for root in self._table.roots for text in self._objects(root))

    def _packet_speaks(self, text: bytes) -> bool:
        catalog, _ = read_dictionary(text)
        pages = reference(catalog.get(b"/Pages"))
        if catalog.get(b"/Type") != b"/Catalog" or pages is None:
            raise OddError
        for node in self._objects(pages):
            read_dictionary(node)
        if b"/Metadata" not in catalog:
            return False
        metadata = reference(catalog[b"/Metadata"])
        places = [] if metadata is None else self._table.places_of(metadata.number)
        if not places or any(place[1:] != metadata for place in places):
            raise OddError
        streams = [stream_at(self._data, place[0], _header(place), most=MAX_XMP_BYTES) for place in places]
        self.packets += (stream.content for stream in streams)
        return any(packet_speaks(stream.content) for stream in streams)

    def _objects(self, wanted: Reference) -> list[bytes]:
        """Returns the text of each object of that number, from its first byte on, in all sections.

        Raises:
            OddError: there is none, or one that is a stream.
        """
        number, generation = wanted
        texts = []
        for place in self._table.places_of(number):
            header = _header(place)
            text = self._data[place[0] : place[0] + _MAX_CATALOG]
            _, end = read_dictionary(text, len(header))
            closed = text[end : end + 32].lstrip(WHITE).startswith(b"endobj")
            if not closed or place[2] != generation:
                raise OddError
            texts.append(text[len(header) :])
        containers = self._table.containers_of(number)
        texts += [packed.find(number) for container in containers for packed in self._packed[container]]
        if not texts or (containers and generation):
            raise OddError
        return texts


def _header(place: Place) -> bytes:
    return b"%d %d obj" % place[1:]
