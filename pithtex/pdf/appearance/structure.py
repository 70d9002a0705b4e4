"""Whether a file's structure leaves readers no choice of what its objects are (ISO 32000-1, 7.5).

What is not as the standard has it, readers repair, each in its own way: one takes the object that stands last, another
the one in a stream, and a third counts from other bytes. So that every one of them comes to the same objects:

1. The file begins with `%PDF-`. Other bytes may stand before it only where whoever counts from the file's first byte
   finds no table, and whoever looks for objects himself finds those of the one table.
2. `startxref` stands in the last 1024 bytes, with a number and `%%EOF` behind it.
3. There, and where each `/Prev` and `/XRefStm` says, is a cross-reference table or stream, whole and well-formed.
4. Within one section no object is given twice, and what a `/XRefStm` gives the tables do not give otherwise.
5. Every object in use begins where the table says, with its number and generation; every object in an object stream is
   the one that the table says.
6. References name the generation of their object.
7. Object 0 is free, no table begins at 1 with a free object, and `/Size` is not huge, and more than the number of each
   object in a stream.
8. Who searches the file, or begins at its front as that of a linearized one, finds the same (`other_ways`).
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.limits import MAX_STREAM_BYTES
from pithtex.patterns import pattern
from pithtex.pdf.appearance.other_ways import definitions, starts_alike
from pithtex.pdf.appearance.streams import inflated
from pithtex.pdf.untrusted import READ_ERRORS, OddError

_MAX_SECTIONS: Final = 1_000
"""Of one file. Each saving of a form may add one."""
_MAX_PACKED: Final = 8 * MAX_STREAM_BYTES
"""Bytes of all object streams."""
_MAX_NUMBER: Final = 8_388_607
"""Of objects (annex C); some readers take a larger size for damage."""
_OBJECT_STREAM: Final = b"/ObjStm"
_TAIL: Final = 1024
"""Bytes at the file's end, and at its beginning, in which all readers look for what must be there."""

_HEADER: Final = pattern(rb"%PDF-\d\.\d")
_STARTXREF: Final = pattern(rb"startxref\s+(\d{1,10})\s+%%EOF")
_TABLE: Final = pattern(rb"xref[ \t]*(?:\r\n|\r|\n)")
_SUBSECTION: Final = pattern(rb"(\d{1,10}) (\d{1,10}) ?(?:\r\n|\r|\n)")
_ENTRY: Final = pattern(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
_ENTRY_BYTES: Final = 20
_TRAILER: Final = pattern(rb"[\0\t\n\f\r ]{0,4}trailer\s*(?=<<)")
"""MuPDF writes an empty line before it."""
_OBJECT: Final = pattern(rb"\s{0,4}(\d{1,10})\s+(\d{1,5})\s+obj(?=[\s<\[(/]|-?\d)")
_ANY_OBJECT: Final = pattern(rb"\d+\s+\d+\s+obj")
_COMMENT: Final = pattern(rb"%[^\r\n]*")
_STREAM: Final = pattern(rb"\s*stream(?:\r\n|\n)")
_END: Final = pattern(rb"\s*endstream\s+endobj")
_GAP: Final = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])+"
_REFERENCE: Final = pattern(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|%[^\r\n]*|(?P<end>stream\r?\n|endobj)"
    rb"|(?<![\w.+-])(?P<number>\d{1,10})" + _GAP + rb"(?P<generation>\d{1,10})" + _GAP + rb"R(?![\w.])",
    re.DOTALL,
)
"""In an object; or a string or a comment, in which there is none, or what ends an object's dictionary."""
_BROKEN_UP: Final = pattern(rb"[\0\t\n\f\r]R(?![\w.])")
_TOKEN: Final = pattern(
    rb"[\0\t\n\f\r ]*(<<|>>|[\[\]]|/[^\0\t\n\f\r ()<>\[\]{}/%]*|<[0-9A-Fa-f\0\t\n\f\r ]*>"
    rb"|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|[^\0\t\n\f\r ()<>\[\]{}/%]+)",
    re.DOTALL,
)
"""Of a trailer's dictionary, in which there is neither a comment nor a string of many brackets."""

_PARAMETERS: Final = frozenset({b"/Columns", b"/Predictor"})
_DAMAGED: Final = "its cross-reference stream is damaged"

_FREE, _USED, _PACKED = range(3)
_Entry = tuple[int, int, int]
"""Its kind (table 18); the place and the generation, or the object stream's number and the index in it."""
_Entries = dict[int, _Entry]
_Dictionary = dict[bytes, list[bytes]]
"""The tokens of each entry's value."""


def broken_rule(pdf: pikepdf.Pdf, data: bytes) -> str | None:
    """Returns the rule that a file breaks, a phrase; None if it is sound.

    Args:
        pdf: the open file, for its object streams.
        data: its bytes.
    """
    try:
        header = _HEADER.search(data, 0, _TAIL)
        if header is None:
            raise OddError("it has no header")
        front, data = data[: header.start()], data[header.start() :]
        table = _Table(data)
        table.check_objects()
        if front:
            table.check_front(front)
        table.check_search()
        if not starts_alike(pdf, data, table.places[0]):
            raise OddError("it begins as a linearized file, and what it says there is not so")
        table.check_references(_check_packed(pdf, table))
    except OddError as error:
        return str(error)
    except READ_ERRORS:
        return "an object stream cannot be read"
    return None


class _Table:
    """All cross-reference sections of a file, put together."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.entries: _Entries = {}
        self.places: list[int] = []
        hidden: _Entries = {}
        """From readers that know no `/XRefStm` (7.5.8.4)."""
        place: int | None = self._newest()
        size: int | None = None
        while place is not None:
            entries, trailer = self._section(place)
            size = _integer(trailer.get(b"/Size")) if size is None else size
            if b"/XRefStm" in trailer:
                hidden = {**self._section(_integer(trailer[b"/XRefStm"]))[0], **hidden}
            for number, entry in entries.items():
                if entry[0] != _FREE and hidden.get(number, entry) != entry:
                    raise OddError("the two tables of a hybrid file define an object twice")
                if number not in hidden:
                    self.entries.setdefault(number, entry)
            for number, entry in hidden.items():
                self.entries.setdefault(number, entry)
            place = _integer(trailer[b"/Prev"]) if b"/Prev" in trailer else None
        # Some search the file where the size is too small, as pdfunite writes it: they find all that is in no stream.
        packed = [number for number, entry in self.entries.items() if entry[0] == _PACKED]
        if size is None or not max(packed, default=-1) < size <= _MAX_NUMBER:
            raise OddError("its cross-reference table does not have the size that it states")
        if self.entries.get(0, (_USED,))[0] != _FREE:
            raise OddError("its cross-reference table does not begin with a free object 0")

    def _newest(self) -> int:
        start = self._data.rfind(b"startxref")
        match = _STARTXREF.match(self._data, start) if start >= max(len(self._data) - _TAIL, 0) else None
        if match is None:
            raise OddError("it does not end with the position of its cross-reference table")
        return int(match[1])

    def _section(self, place: int) -> tuple[_Entries, _Dictionary]:
        if place in self.places or len(self.places) >= _MAX_SECTIONS:
            raise OddError("its cross-reference sections form a circle, or are too many")
        self.places.append(place)
        if match := _TABLE.match(self._data, place):
            return self._classic(match.end())
        if match := _OBJECT.match(self._data, place):
            return self._stream(match.end())
        raise OddError("there is no cross-reference table where the file says")

    def _classic(self, place: int) -> tuple[_Entries, _Dictionary]:
        """Returns a table (7.5.4) and its trailer."""
        entries: _Entries = {}
        while match := _SUBSECTION.match(self._data, place):
            first, count = int(match[1]), int(match[2])
            place = match.end() + _ENTRY_BYTES * count
            rows = _ENTRY.findall(self._data, match.end(), place)
            if len(rows) != count:
                raise OddError("its cross-reference table is damaged")
            kinds = ((_USED if kind == b"n" else _FREE, int(at), int(generation)) for at, generation, kind in rows)
            # Some take it for object 0, and all others for the next ones.
            if first == 1 and rows and rows[0][2] == b"f":
                raise OddError("its cross-reference table begins with a free object that is not 0")
            _add(entries, first, count, kinds)
        match = _TRAILER.match(self._data, place)
        if match is None:
            raise OddError("its cross-reference table is damaged")
        return entries, _dictionary(self._data, match.end())[0]

    def _stream(self, place: int) -> tuple[_Entries, _Dictionary]:
        """Returns a cross-reference stream (7.5.8)."""
        held, place = _dictionary(self._data, place)
        match = _STREAM.match(self._data, place)
        if match is None or held.get(b"/Type") != [b"/XRef"] or b"/XRefStm" in held:
            raise OddError("there is no cross-reference table where the file says")
        end = match.end() + _integer(held.get(b"/Length"))
        widths = _integers(held.get(b"/W"))
        index = _integers(held[b"/Index"]) if b"/Index" in held else [0, _integer(held.get(b"/Size"))]
        # Ghostscript gives up a table whose kinds have more than a byte.
        if not _END.match(self._data, end) or len(widths) != 3 or not 1 < sum(widths) < 20 or widths[0] > 1:
            raise OddError(_DAMAGED)
        columns = _columns(self._data[match.end() : end], held, sum(widths))
        count = len(columns[0])
        edges = pairwise(accumulate(widths, initial=0))
        kinds, second, third = (
            [int.from_bytes(row, "big") for row in zip(*columns[start:stop], strict=True)] for start, stop in edges
        )
        kinds = kinds if widths[0] else [_USED] * count
        if len(index) % 2 or sum(index[1::2]) > count or not set(kinds) <= {_FREE, _USED, _PACKED}:
            raise OddError(_DAMAGED)
        entries: _Entries = {}
        each = zip(kinds, second or [0] * count, third or [0] * count, strict=True)
        for first, count in zip(index[::2], index[1::2], strict=True):
            _add(entries, first, count, each)
        return entries, held

    def check_objects(self) -> None:
        """Tells whether every object is where the table says.

        Some programs (Quartz, iText) give the place 0 to objects that there are not; then there must not be any.
        """
        missing: set[int] = set()
        for number, (kind, place, generation) in self.entries.items():
            if kind == _USED and place == 0:
                missing.add(number)
            elif kind == _USED:
                match = _OBJECT.match(self._data, place)
                if match is None or int(match[1]) != number or int(match[2]) != generation:
                    raise OddError("an object is not where the cross-reference table says")
        if missing and any(int(match[0].split()[0]) in missing for match in _ANY_OBJECT.finditer(self._data)):
            raise OddError("an object is not where the cross-reference table says")

    def check_search(self) -> None:
        """Tells whether who searches for objects, and takes of each number the last one, finds those of the table."""
        last = dict(definitions(self._data))
        for number, found in last.items():
            kind, place, _ = self.entries.get(number, (_FREE, 0, 0))
            if kind == _PACKED:
                place = self.entries.get(place, (_FREE, 0, 0))[1]
            if kind != _FREE and found > place and self._data[place:found].strip() and found not in self.places:
                raise OddError("an object is defined again where no cross-reference table says so")

    def spare_streams(self, used: Iterable[int]) -> Iterator[int]:
        """Yields objects that may be object streams, beside those whose objects the table names, if it names any.

        Some programs keep all of them in a file in which they have written each object by itself.
        """
        known, place = set(used), self._data.find(_OBJECT_STREAM)
        if not known or self._data.count(_OBJECT_STREAM) <= len(known):
            return
        objects = sorted((at, number) for number, (kind, at, _) in self.entries.items() if kind == _USED)
        while place >= 0:
            at, number = objects[max(bisect.bisect(objects, (place, 0)) - 1, 0)]
            if self._data.find(b"endobj", at, place) >= 0:  # it is of an object of which the table knows nothing
                if place > max((self.entries[stream][1] for stream in known), default=place):
                    raise OddError("an object stream follows that no cross-reference table knows")
            elif number not in known:
                yield number
            place = self._data.find(_OBJECT_STREAM, place + 1)

    def check_references(self, packed: Iterable[bytes]) -> None:
        """Tells whether each reference names the generation of its object: one of another is nothing to some (7.3.10).

        Args:
            packed: the contents of the object streams.
        """
        late = any(kind == _USED and generation for kind, _, generation in self.entries.values())
        for place in (place for kind, place, _ in self.entries.values() if kind == _USED and place):
            end = self._data.find(b"endobj", place)
            data = self._data.find(b"stream", place, end)
            head = self._data[place : end if data < 0 else data]
            if late or _is_odd(head) or _may_be_cut(head, stream=data >= 0):
                self._check_text(self._data, place)
        for content in packed:
            if late or _is_odd(content):
                self._check_text(content)

    def _check_text(self, text: bytes, start: int = 0) -> None:
        """Checks an object that begins at a place, or all objects of a stream."""
        for match in _REFERENCE.finditer(text, start):
            if match.lastgroup == "end":
                break
            if match["number"]:
                kind, _, own = self.entries.get(int(match["number"]), (_FREE, 0, 0))
                if kind != _FREE and int(match["generation"]) != (own if kind == _USED else 0):
                    raise OddError("a reference names another generation of an object than there is")

    def check_front(self, front: bytes) -> None:
        """What stands before the header: who counts from there finds nothing."""
        whole = front + self._data
        used = {len(front) + place for kind, place, _ in self.entries.values() if kind == _USED}
        found = {match.start() for match in _ANY_OBJECT.finditer(whole)}
        if (
            used != found
            or len(self.places) > 1
            or _TABLE.match(whole, self.places[0])
            or any(whole.count(word) > 1 for word in (b"startxref", b"%PDF-"))
        ):
            raise OddError("other bytes precede its header, and readers disagree on where to count from")


def _is_odd(text: bytes) -> bool:
    """Tells whether it has references of another form than `5 0 R`, as nearly all are."""
    return text.count(b" R") != text.count(b" 0 R") or _BROKEN_UP.search(text) is not None


def _may_be_cut(head: bytes, *, stream: bool) -> bool:
    """Tells whether the word at which an object was taken to end may stand in a string or a comment of it."""
    return b"%" in head or b"\\" in head or head.count(b"(") != head.count(b")") or (stream and b"(" in head)


def _add(entries: _Entries, first: int, count: int, each: Iterator[_Entry]) -> None:
    """Adds a subsection."""
    before = len(entries)
    entries.update(zip(range(first, first + count), each, strict=False))
    if len(entries) != before + count:
        raise OddError("a cross-reference section defines an object twice")


def _check_packed(pdf: pikepdf.Pdf, table: _Table) -> Iterator[bytes]:
    """Tells whether every object in an object stream (7.5.7) is the one that the table says; gives their contents.

    And whether of each object that is in several the table says the last one, which a search finds.
    """
    entries = table.entries
    last: dict[int, int] = {}
    streams: dict[int, dict[int, int]] = {}
    for number, (kind, stream, index) in entries.items():
        if kind == _PACKED:
            streams.setdefault(stream, {})[index] = number
    left = _MAX_PACKED
    for stream, wanted in {**streams, **{key: {} for key in table.spare_streams(streams)}}.items():
        held = pdf.get_object(stream, 0)
        if not wanted and (not isinstance(held, pikepdf.Stream) or held.get("/Type") != Name.ObjStm):
            continue
        content = held.read_bytes()
        left -= len(content)
        first = int(held.First)
        pairs = [int(part) for part in _COMMENT.sub(b"", content[:first]).split()]
        numbers, places = pairs[::2], pairs[1::2]
        if (
            entries.get(stream, (_FREE,))[0] != _USED
            or held.get("/Type") != Name.ObjStm
            or left < 0
            or len(pairs) != 2 * int(held.N)
            or len(set(numbers)) != len(numbers)
            or places != sorted(set(places))
            or any(index >= len(numbers) or numbers[index] != number for index, number in wanted.items())
        ):
            raise OddError("an object stream does not contain the objects that the cross-reference table states")
        for number in numbers:
            last[number] = max(entries[stream][1], last.get(number, 0))
        yield content
    for number, found in last.items():
        kind, stream, _ = entries.get(number, (_FREE, 0, 0))
        if kind == _PACKED and found > entries[stream][1]:
            raise OddError("an object is defined again where no cross-reference table says so")


def _dictionary(data: bytes, place: int) -> tuple[_Dictionary, int]:
    """Returns a dictionary without comments, and where it ends."""
    found: _Dictionary = {}
    value: list[bytes] = []
    depth = 0
    while match := _TOKEN.match(data, place):
        token, place = match[1], match.end()
        depth += (token in {b"<<", b"["}) - (token in {b">>", b"]"})
        if depth == 0:
            return found, place
        if depth == 1 and token.startswith(b"/") and (not found or value):
            if token in found:
                raise OddError("a trailer has an entry twice")
            value = found[token] = []
        elif found:
            value.append(token)
    raise OddError("a trailer is damaged")


def _integer(tokens: list[bytes] | None) -> int:
    if tokens is None or len(tokens) != 1 or not tokens[0].isdigit():
        raise OddError("a trailer is damaged")
    return int(tokens[0])


def _integers(tokens: list[bytes] | None) -> list[int]:
    if not tokens or tokens[0] != b"[" or tokens[-1] != b"]" or not all(map(bytes.isdigit, tokens[1:-1])):
        raise OddError("a trailer is damaged")
    return [int(token) for token in tokens[1:-1]]


def _columns(data: bytes, held: _Dictionary, width: int) -> list[bytes]:
    """Returns the columns of a cross-reference stream's rows, a byte each, decoded."""
    filters = [token for token in held.get(b"/Filter", []) if token not in {b"[", b"]"}]
    found = inflated(data) if filters == [b"/FlateDecode"] else None if filters else (data, b"")
    parameters = {name: int(value) for name, value in pairwise(held.get(b"/DecodeParms", [])) if name in _PARAMETERS}
    predictor = parameters.get(b"/Predictor", 1)
    if found is None or 1 < predictor < 10 or (predictor > 1 and parameters.get(b"/Columns") != width):
        raise OddError(_DAMAGED)
    tagged = int(predictor > 1)
    columns = [found[0][start :: width + tagged] for start in range(width + tagged)]
    tags, columns = b"".join(columns[:tagged]), columns[tagged:]
    if tags and not tags.strip(b"\2"):  # each row is what is to be added to the one above (RFC 2083, 6.4)
        columns = [bytes(value & 255 for value in accumulate(column)) for column in columns]
    elif tags.strip(b"\0"):
        columns = []
    if len({*map(len, columns)}) != 1:
        raise OddError(_DAMAGED)
    return columns
