"""Streams (ISO 32000-1, 7.3.8) of the plainest form: no filter or Flate alone, their length as said."""

from __future__ import annotations

import re
import zlib
from itertools import accumulate
from typing import Final

from pithtex.limits import MAX_STREAM_BYTES
from pithtex.pdf.lane.forms import Data, OddError, read_dictionary, whole
from pithtex.structs import NamedTuple

_HEADER: Final = re.compile(rb"([0-9]{1,10}) ([0-9]{1,5}) obj[\r\n ]{0,3}(?=<<)")
_BEGIN: Final = re.compile(rb"[\0\t\n\f\r ]*+stream(?:\r\n|\n)")
_CLOSE: Final = re.compile(rb"[\r\n ]{0,3}endstream[\r\n ]{0,3}endobj")
_PLAIN: Final = frozenset({b"/FlateDecode", b"[/FlateDecode]", b"[ /FlateDecode ]"})
_REFUSED: Final = (b"/F", b"/FFilter", b"/FDecodeParms", b"/DL", b"/Crypt")


class Stream(NamedTuple):
    """A stream object."""

    entries: dict[bytes, bytes]
    """Of its dictionary, as of `read_dictionary`."""
    content: bytes
    """Decoded."""
    start: int
    """Where that begins in the file; before it stands the dictionary."""


def stream_at(data: Data, at: int, header: bytes | None, *, rows: bool = False, most: int = MAX_STREAM_BYTES) -> Stream:
    """Returns the stream object that begins there.

    Args:
        data: the file.
        at: where the object begins.
        header: what it begins with, where that is known.
        rows: whether its content may be predicted row by row, as that of a cross-reference stream.
        most: bytes that the content may have.

    Raises:
        OddError: it is not a stream of the plainest form.
    """
    match = _HEADER.match(data, at)
    if match is None or (header is not None and not match[0].startswith(header)):
        raise OddError
    entries, end = read_dictionary(data, match.end())
    begin = _BEGIN.match(data, end)
    if begin is None or any(key in entries for key in _REFUSED):
        raise OddError
    start = begin.end()
    stop = start + whole(entries.get(b"/Length"))
    if not _CLOSE.match(data, stop):
        raise OddError
    content = data[start:stop]
    if b"/Filter" in entries:
        if entries[b"/Filter"] not in _PLAIN:
            raise OddError
        content = inflated(content, most)
    if b"/DecodeParms" in entries:
        content = _unpredicted(content, entries[b"/DecodeParms"], rows=rows)
    if len(content) > most:
        raise OddError
    return Stream(entries, content, start)


def inflated(content: bytes, most: int) -> bytes:
    """Inflates a whole zlib stream of at most so many bytes.

    Raises:
        OddError: it is damaged, not complete, or larger.
    """
    inflater = zlib.decompressobj()
    try:
        result = inflater.decompress(content, most)
    except zlib.error as error:
        raise OddError from error
    if not inflater.eof:
        raise OddError
    return result


_LOW_BYTE: Final = (0xFF).__and__
_KEYS: Final = frozenset({b"/Predictor", b"/Columns"})


def _unpredicted(content: bytes, parameters: bytes, *, rows: bool) -> bytes:
    if not rows or not parameters.startswith(b"<<"):
        raise OddError
    entries, _ = read_dictionary(parameters)
    if not entries.keys() <= _KEYS:
        raise OddError
    if whole(entries.get(b"/Predictor", b"1")) < 10:
        raise OddError
    return _undone(content, whole(entries.get(b"/Columns")))


def _undone(content: bytes, columns: int) -> bytes:
    """Undoes PNG's prediction (7.4.4.4) where all rows have one kind, None or Up.

    Raises:
        OddError: another kind, or rows that are not whole.
    """
    width = columns + 1
    kinds = set(content[::width])
    if len(content) % width or kinds not in ({0}, {2}):
        raise OddError
    result = bytearray(len(content) // width * columns)
    for column in range(columns):
        values = content[column + 1 :: width]
        result[column::columns] = bytes(map(_LOW_BYTE, accumulate(values))) if 2 in kinds else values
    return bytes(result)
