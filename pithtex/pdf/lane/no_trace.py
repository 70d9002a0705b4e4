"""Whether a PDF has no trace of a number in its links, its XMP packet and its Info dictionary: the fast lane.

Where this says so, the reader of these channels finds no number, no receipt and no link that names Pith
(docs/reference/pdf-profile.md, "Told at a glance"). Where it does not, nothing is known yet.
"""

from __future__ import annotations

from bisect import bisect_left
from mmap import mmap
from typing import Final

from pithtex.limits import MAX_PDF_BYTES, MAX_XMP_BYTES
from pithtex.pdf.lane.forms import WHITE, Data, OddError, Reference, are_closed, read_dictionary, reference, whole
from pithtex.pdf.lane.packets import packet_speaks
from pithtex.pdf.lane.plain_streams import stream_at
from pithtex.pdf.lane.sections import Place, Table
from pithtex.pdf.lane.traces import speaks
from pithtex.structs import NamedTuple

_MAX_INFLATED: Final = 64 * 1024 * 1024
"""All object streams of a file together."""
_MAX_CATALOG: Final = 64 * 1024
"""Bytes of a catalog, or of the first node of the page tree."""
_WORTH_IT: Final = 640
"""Bytes of a file for each object in it: with fewer, to search them all costs less than to leave any out."""
_AFTER_HEADER: Final = frozenset(b"\0\t\n\f\r <[/(")


def no_trace(data: bytes | bytearray | memoryview | mmap) -> bool:
    """Tells whether a file has no trace of a number in link, XMP and Info: so plainly that no reader need be asked.

    Args:
        data: the file.

    Returns:
        False where there is a trace, and where the file is encrypted, damaged or otherwise not of the plain forms
        that are understood here.
    """
    try:
        return _untraced(data) is not None
    except OddError:
        return False


class Metadata(NamedTuple):
    """What else is known of a file that has no trace of a number."""

    packet: bytes
    """Its XMP packet: empty where it has none."""
    info: dict[bytes, bytes] | None
    """The entries of its Info dictionary, as they stand there; None where they are not so plain."""


def metadata_of_untraced(data: bytes) -> Metadata | None:
    """The metadata of a file that has no trace of a number.

    Args:
        data: the file.

    Returns:
        None where `no_trace` says False.
    """
    try:
        file = _untraced(data)
        return None if file is None else Metadata(b"".join(file.packets), file.info())
    except OddError:
        return None


def _untraced(data: bytes | bytearray | memoryview | mmap) -> _File | None:
    plain = bytes(data) if isinstance(data, memoryview | bytearray) else data
    if plain[:7] != b"%PDF-1." or len(plain) > MAX_PDF_BYTES:
        raise OddError
    file = _File(plain)
    return None if file.has_packet_that_speaks() or speaks(file.text()) else file


class _Packed(NamedTuple):
    """An object stream (ISO 32000-1, 7.5.7), inflated."""

    content: bytes
    """Of each object its number, and where it begins; then the objects."""
    first: int
    """Where the first object begins. Numbers may lead to places before it."""

    def find(self, number: int) -> dict[bytes, bytes]:
        """Returns the entries of the dictionary that an object is."""
        pairs, wanted = self.content[: self.first].split(), b"%d" % number
        numbers = pairs[::2]
        if numbers.count(wanted) != 1 or len(pairs) % 2:
            raise OddError
        offset = pairs[1::2][numbers.index(wanted)]
        if not offset.isdigit():
            raise OddError
        return _small_dictionary(self.content, self.first + int(offset))[0]


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
            found.append(_Packed(content, first))
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
        data, places, starts = self._data, self._table.places, []
        begins = [place[0] for place in places]
        ends = [*begins[1:], len(data)]
        for section in self._table.starts:  # which may be an object, too
            before = bisect_left(begins, section) - 1
            if before >= 0:
                ends[before] = min(ends[before], section)
        for (at, number, generation), end in zip(places, ends, strict=True):
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

    def info(self) -> dict[bytes, bytes] | None:
        """Returns the entries of the Info dictionary; None where there are several, or it is not plain."""
        stated = self._table.info
        if stated is None:
            return {}
        try:
            named = reference(stated)
            found = [read_dictionary(stated)[0]] if named is None else self._dictionaries(named)
            return found[0] if len(found) == 1 else None
        except OddError:
            return None

    def has_packet_that_speaks(self) -> bool:
        """Tells whether a packet of a catalog may have a property of ours.

        Raises:
            OddError: a catalog is malformed, or has no pages.
        """
        return any(self._packet_speaks(each) for root in self._table.roots for each in self._dictionaries(root))

    def _packet_speaks(self, catalog: dict[bytes, bytes]) -> bool:
        pages = reference(catalog.get(b"/Pages"))
        if catalog.get(b"/Type") != b"/Catalog" or pages is None:
            raise OddError
        self._dictionaries(pages)
        if b"/Metadata" not in catalog:
            return False
        metadata = reference(catalog[b"/Metadata"])
        places = [] if metadata is None else self._table.places_of(metadata.number)
        if not places or any(place[1:] != metadata for place in places):
            raise OddError
        streams = [stream_at(self._data, place[0], _header(place), most=MAX_XMP_BYTES) for place in places]
        self.packets += (stream.content for stream in streams)
        return any(packet_speaks(stream.content) for stream in streams)

    def _dictionaries(self, wanted: Reference) -> list[dict[bytes, bytes]]:
        """Returns the entries of each dictionary that has that number, in all sections.

        Raises:
            OddError: there is none, or one that is a stream.
        """
        number, generation = wanted
        found = []
        for place in self._table.places_of(number):
            entries, end = _small_dictionary(self._data, place[0] + len(_header(place)))
            closed = self._data[end : end + 32].lstrip(WHITE).startswith(b"endobj")
            if not closed or place[2] != generation:
                raise OddError
            found.append(entries)
        containers = self._table.containers_of(number)
        found += [packed.find(number) for container in containers for packed in self._packed[container]]
        if not found or (containers and generation):
            raise OddError
        return found


def _small_dictionary(data: Data, at: int) -> tuple[dict[bytes, bytes], int]:
    entries, end = read_dictionary(data, at)
    if end - at > _MAX_CATALOG:
        raise OddError
    return entries, end


def _header(place: Place) -> bytes:
    return b"%d %d obj" % place[1:]
