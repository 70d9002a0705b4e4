"""Where a PDF's objects are (ISO 32000-1, 7.5.4 to 7.5.8): the cross-reference sections, where they are in order."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pithtex.pdf.lane.forms import WHITE, Data, OddError, Reference, Value, read_dictionary, whole
from pithtex.pdf.lane.plain_streams import stream_at

_END: Final = re.compile(rb"startxref[\r\n ]{1,4}([0-9]{1,10})[\r\n ]{1,4}%%EOF[\0\t\n\f\r ]*+\Z")
_TAIL: Final = 1024
"""Bytes at the end, in which readers look for `startxref`."""
_MAX_SECTIONS: Final = 64
_ROWS: Final = re.compile(rb"[\r\n ]*([0-9]{1,10}) ([0-9]{1,7})[\r\n ]{1,3}(?=[0-9])")
_ROW: Final = 20
_FORBIDDEN: Final = (b"/Encrypt", b"/F")


class Table(NamedTuple):
    """Every object that any section of the file defines."""

    places: dict[int, set[int]]
    """Of each object's number, where it begins: one place in a file that was not updated."""
    generations: dict[int, int]
    """Of each place, the generation of the object there."""
    packed: dict[int, set[int]]
    """Of each object in an object stream, the numbers of those streams."""
    sections: tuple[int, ...]
    """Where the sections begin."""
    roots: tuple[Reference, ...]
    """The catalogs that the sections name, the newest first."""


def read_table(data: Data) -> Table:
    """Reads every section of the file, the last one first.

    Raises:
        OddError: one is not as the standard has it, the file is encrypted, or does not end as files end.
    """
    found = _END.search(data[-_TAIL:])
    if found is None:
        raise OddError
    table = Table({}, {}, {}, (), ())
    waiting = [int(found[1])]
    sections: list[int] = []
    roots: list[Reference] = []
    while waiting:
        at = waiting.pop()
        if at in sections or len(sections) == _MAX_SECTIONS or not 0 < at < len(data):
            raise OddError
        sections.append(at)
        trailer = _read_section(data, at, table)
        if any(key in trailer for key in _FORBIDDEN):
            raise OddError
        root = trailer.get(b"/Root")
        if not isinstance(root, Reference):
            raise OddError
        roots.append(root)
        waiting += [whole(trailer[key]) for key in (b"/Prev", b"/XRefStm") if key in trailer]
    return table._replace(sections=tuple(sections), roots=tuple(dict.fromkeys(roots)))


def _read_section(data: Data, at: int, table: Table) -> dict[bytes, Value]:
    """Reads one section into the table; its trailer."""
    if data[at : at + 4] == b"xref":
        return _read_rows(data, at + 4, table)
    return _read_stream(data, at, table)


def _read_rows(data: Data, at: int, table: Table) -> dict[bytes, Value]:
    """A table, row by row (7.5.4), and the trailer behind it."""
    while match := _ROWS.match(data, at):
        first, count = int(match[1]), int(match[2])
        at = match.end()
        end = at + _ROW * count
        rows = data[at:end]
        if len(rows) != _ROW * count or rows[10::_ROW].strip(b" ") or rows[16::_ROW].strip(b" "):
            raise OddError
        kinds = rows[17::_ROW]
        if rows[18::_ROW].strip(b" \r") or rows[19::_ROW].strip(b"\r\n") or kinds.strip(b"nf"):
            raise OddError
        for index, kind in enumerate(kinds):
            if kind == 0x6E:
                row = rows[_ROW * index : _ROW * index + 16]
                _place(table, first + index, whole(row[:10]), whole(row[11:]))
        at = end
    rest = data[at : at + 64].lstrip(WHITE)
    if not rest.startswith(b"trailer"):
        raise OddError
    return read_dictionary(data, data.find(b"trailer", at) + 7)[0]


def _read_stream(data: Data, at: int, table: Table) -> dict[bytes, Value]:
    """A cross-reference stream (7.5.8), which is its own trailer."""
    trailer, content = stream_at(data, at, None, rows=True)
    if trailer.get(b"/Type") != b"/XRef":
        raise OddError
    widths = _numbers(trailer.get(b"/W"))
    if len(widths) != 3 or widths[0] != 1 or not 1 <= widths[1] <= 8 or widths[2] > 4:
        raise OddError
    width = sum(widths)
    index = _numbers(trailer[b"/Index"]) if b"/Index" in trailer else [0, whole(trailer.get(b"/Size"))]
    if len(index) % 2 or len(content) != width * sum(index[1::2]):
        raise OddError
    second = _column(content, width, 1, widths[1])
    third = _column(content, width, 1 + widths[1], widths[2])
    row = 0
    for first, count in zip(index[::2], index[1::2], strict=True):
        for number in range(first, first + count):
            kind = content[row * width]
            if kind == 1:
                _place(table, number, second[row], third[row])
            elif kind == 2:
                table.packed.setdefault(number, set()).add(second[row])
            elif kind:
                raise OddError
            row += 1
    return trailer


def _place(table: Table, number: int, at: int, generation: int) -> None:
    """Notes one object.

    Raises:
        OddError: another one is said to stand there.
    """
    table.places.setdefault(number, set()).add(at)
    if table.generations.setdefault(at, generation) != generation:
        raise OddError


def _numbers(value: Value | None) -> list[int]:
    """An array of whole numbers."""
    if not isinstance(value, bytes) or value[:1] != b"[":
        raise OddError
    return [whole(part) for part in value[1:-1].split()]


def _column(content: bytes, width: int, start: int, count: int) -> list[int]:
    """One field of all rows, most significant byte first."""
    values = [0] * (len(content) // width)
    for place in range(start, start + count):
        values = [value << 8 | byte for value, byte in zip(values, content[place::width], strict=True)]
    return values
