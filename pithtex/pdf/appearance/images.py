"""Pictures (ISO 32000-1, 8.9) that all readers draw alike: one that is not drawn here may cover the page elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Stream

from pithtex.limits import MAX_STREAM_BYTES
from pithtex.patterns import pattern
from pithtex.pdf.appearance.colours import components, family
from pithtex.pdf.appearance.statements import inline_size
from pithtex.pdf.appearance.streams import LOSSLESS, beginning, filters_of, inflated
from pithtex.pdf.untrusted import OddError, each_of, entry, numbers

_LARGEST: Final = 65_535
"""Pixels of a side: more than any format of compressed pictures has."""
_DEPTHS: Final = frozenset({1, 2, 4, 8, 16})
_STAND_INS: Final = ("/Alternates", "/F", "/OPI")
"""For another picture, or one in another file (8.9.5.4, 7.3.8.2)."""
_UNDECODED: Final = frozenset({"/CalGray", "/CalRGB", "/Lab"})
"""In these Ghostscript does not heed `/Decode`."""
_INLINE_CODES: Final = frozenset({b"", b"/CCF", b"/CCITTFaxDecode"})
"""Of inline pictures, beside those that can be decoded here: old Ghostscript's glyphs are faxes."""
_SLACK: Final = 4
"""Bytes behind the last row: a line's end that some programs write."""
_JPEG_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive, coded by Huffman's method (ISO 10918-1, table B.1)."""
_FRAME, _HUFFMAN, _SCAN, _QUANTA, _INTERVAL, _PLAIN, _APPLICATION = 0xC0, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xEE
_BETWEEN: Final = frozenset({_HUFFMAN, _SCAN, _QUANTA, _INTERVAL})
_RESTARTS: Final = frozenset(range(0xD0, 0xD8))
_MARKER: Final = pattern(rb"\xff[^\0\xff]", 16)  # re.DOTALL
_LIGHTS: Final = 3
"""Colours that may be red, green and blue, or light and two differences; Adobe's mark says which (table 13)."""
_JPEG_TAIL: Final = 64
"""Bytes in which a JPEG ends; some programs write more behind it."""
_FAX_TAIL: Final = 16
_FAX_END: Final = "1000000000001"
"""The second of the two codes at a fax's end, with the last bit of the first (ITU-T T.6, 2.4.1.1)."""
_JPX: Final = frozenset({"/JPXDecode"})
_JPX_BEGINS: Final = (b"\0\0\0\x0cjP  ", b"\xffO\xffQ")
"""How JPEG 2000 begins as a file or a code stream (ISO 15444-1, A and I.5.1)."""
_FAX: Final[dict[str, object]] = {"/BlackIs1": None, "/EncodedByteAlign": False, "/EndOfLine": False}
"""Parameters of a fax that are true or false (table 11), and the only value that all readers heed; None for either."""
_INLINE: Final = frozenset({
    b"BitsPerComponent", b"ColorSpace", b"Decode", b"DecodeParms", b"Filter", b"Height", b"ImageMask", b"Intent",
    b"Width",
    b"DP<<", b"DecodeParms<<", b"BlackIs1", b"Colors", b"Columns", b"EndOfBlock", b"K",
    b"Predictor", b"Rows",
})  # fmt: skip
"""Entries of inline pictures (table 93), and those of their parameters."""
_YCC: Final = (b"\1\2\3", b"\0\1\2")
"""Names of the components of a JPEG that readers take for light and two differences of colour."""


def check_picture(picture: Stream, *, mask: bool = False) -> None:
    """Checks that a picture is one that all readers draw alike.

    Args:
        picture: the image.
        mask: whether it is another one's soft mask or stencil.

    Raises:
        OddError: it is not.
        READ_ERRORS: it could not be read.
    """
    if any(key in picture for key in _STAND_INS) or (mask and "/OC" in picture):
        raise OddError("a picture replaces another one, or a mask is on a layer, which only some readers heed")
    width, height = _number(picture, "/Width"), _number(picture, "/Height")
    if not 0 < min(width, height) <= max(width, height) <= _LARGEST:
        raise OddError("a picture has no size")
    filters = filters_of(picture)
    mask_flag: object = entry(picture, "/ImageMask")
    stencil = mask_flag is True
    depth = 1 if stencil else _number(picture, "/BitsPerComponent")
    space = entry(picture, "/ColorSpace")
    if stencil and (space is not None or entry(picture, "/BitsPerComponent") not in {None, 1}):
        raise OddError("a stencil mask has colours")
    count = 1 if stencil or (space is None and filters == _JPX) else _colours(picture, space)
    if filters not in ({"/DCTDecode"}, _JPX) and depth not in _DEPTHS:
        raise OddError("a picture has an impossible colour depth")
    _check_masks(picture, count, depth or 8, mask=mask or stencil)
    _check_decoding(numbers(entry(picture, "/Decode")), space, count, depth, given="/Decode" in picture)
    if filters <= LOSSLESS:
        wanted = -(-width * count * depth // 8) * height
        data = _decoded(picture, filters, wanted)
        if len(data) < wanted or max(_pixels(data[:wanted], depth)) > _last_colour(space, depth):
            raise OddError("a picture's data do not match its size and colours")
    elif filters == {"/DCTDecode"}:
        _check_jpeg(picture, width, height, count)
    elif filters == {"/CCITTFaxDecode"}:
        _check_fax(picture, width, height)
    elif filters != _JPX or mask or stencil or not picture.read_raw_bytes().startswith(_JPX_BEGINS):
        raise OddError("a picture does not have the format that it states, or one that readers need not support")


def is_drawn_alike(picture: Stream) -> bool:
    """Tells whether all readers draw a picture of `check_picture`'s in one way.

    Only some heed the colour that it was mixed with (11.6.5.3), which Office names for all that is seen through. In
    JPEG 2000 one takes the format's word on colours, and another the PDF's (7.4.9).
    """
    mask = entry(picture, "/SMask")
    return filters_of(picture) != _JPX and not (isinstance(mask, Stream) and "/Matte" in mask)


def check_inline(entries: dict[bytes, bytes], data: bytes) -> None:
    """Checks that an inline picture (8.9.7) is one that all readers draw alike.

    Args:
        entries: its own, by their long names.
        data: as they stand in the content.

    Raises:
        OddError: it is not.
    """
    depth, wanted = int(entries.get(b"BitsPerComponent", b"1")), inline_size(entries)
    coded = entries.get(b"Filter", b"").strip(b"[] ")
    stencil = entries.get(b"ImageMask") == b"true"
    if depth not in _DEPTHS or not wanted or (stencil and (depth != 1 or b"ColorSpace" in entries)):
        raise OddError("an inline picture has no size, or an impossible colour depth")
    ends = list(map(float, entries[b"Decode"].strip(b"[] ").split())) if b"Decode" in entries else [0.0, 1.0]
    if not entries.keys() <= _INLINE or ends not in ([0.0, 1.0] * (len(ends) // 2), [1.0, 0.0] * (len(ends) // 2)):
        raise OddError("an inline picture has an entry that only some readers heed")
    if coded in {b"/Fl", b"/FlateDecode"} and b"DecodeParms" not in entries:
        whole = len(beginning(data, wanted + 1)) >= wanted
    elif coded in {b"/AHx", b"/ASCIIHexDecode"}:
        whole = len(bytes.fromhex(data.partition(b">")[0].decode("ascii"))) >= wanted
    else:
        whole = coded in _INLINE_CODES
    if not whole:
        raise OddError("an inline picture's data do not match its size, or have a form that few readers support")


def _colours(picture: Stream, space: Object | None) -> int:
    """Returns how many values a pixel has."""
    kind = family(space)
    if kind == "/Pattern" or (kind in _UNDECODED and "/Decode" in picture):
        raise OddError("a picture has a colour space that readers do not take for pictures, or not with its decoding")
    return components(space)


def _check_masks(picture: Stream, count: int, depth: int, *, mask: bool) -> None:
    soft, hard = entry(picture, "/SMask"), entry(picture, "/Mask")
    masks = (soft is not None) + (hard is not None) + mask
    if masks > 1 or entry(picture, "/SMaskInData") not in {None, 0}:
        raise OddError("a picture has two masks, or one in its data")
    for other in (soft, hard):
        if isinstance(other, Stream) and entry(other, "/Subtype") == Name.Image:
            grey = "/ImageMask" not in other and entry(other, "/ColorSpace") == Name.DeviceGray  # table 145
            if not (grey if other is soft else entry(other, "/ImageMask")):
                raise OddError("a mask is of another kind than masks are")
            check_picture(other, mask=True)
        elif isinstance(other, Array):
            if len(other) != 2 * count or not all(0 <= value < 1 << depth for value in numbers(other) or [-1]):
                raise OddError("a colour key is malformed")
        elif other is not None:
            raise OddError("a mask is not a picture")


def _check_decoding(ends: list[float], space: Object | None, count: int, depth: int, *, given: bool) -> None:
    """Checks that colours are decoded as they are, or turned over (8.9.5.2): of 16 bits not all readers turn them."""
    most = float((1 << depth) - 1) if family(space) == "/Indexed" else 1.0
    ways = [[0.0, most] * count, *([[most, 0.0] * count] if depth < max(_DEPTHS) else [])]
    if given and ends not in ways:
        raise OddError("a picture's decoding changes its colours")


def _number(picture: Stream, key: str) -> int:
    """Returns a whole number; 0 if there is none."""
    value: object = entry(picture, key)
    return value if isinstance(value, int) else 0


def _last_colour(space: Object | None, depth: int) -> int:
    """Returns the highest value that a pixel may have."""
    return int(space[2]) if space is not None and family(space) == "/Indexed" else (1 << depth) - 1


def _pixels(data: bytes, depth: int) -> set[int]:
    """Returns all values of a picture's pixels."""
    mask = (1 << depth) - 1
    return {byte >> shift & mask for byte in set(data) for shift in range(0, 8, min(depth, 8))}


def _decoded(picture: Stream, filters: set[str], wanted: int) -> bytes:
    """Returns a picture's data, empty if they are damaged; pdfTeX writes those of soft masks twice as long."""
    if filters == {"/FlateDecode"} and "/DecodeParms" not in picture:
        found = inflated(picture.read_raw_bytes(), min(2 * wanted + _SLACK, 4 * MAX_STREAM_BYTES) + 1)
        return found[0] if found is not None else b""
    return picture.read_bytes()


def _check_fax(picture: Stream, width: int, height: int) -> None:
    """Tells whether a fax is of the picture's size, and ends as one does (7.4.6)."""
    given = entry(picture, "/DecodeParms")
    held = given[0] if isinstance(given, Array) and len(given) == 1 else given
    sizes = {"/Columns": 1728, "/Rows": 0, "/K": 0}
    columns, rows, kind = (
        default if held is None or key not in held else int(held[key]) for key, default in sizes.items()
    )
    for key, value in _FAX.items():
        said: object = None if held is None else entry(held, key)
        if said is not None and (not isinstance(said, bool) or value not in {None, said}):
            raise OddError("a fax image has parameters that not all readers heed")
    tail = picture.read_raw_bytes()[-_FAX_TAIL:]
    bits = f"{int.from_bytes(tail, 'big'):b}"
    if columns != width or rows not in {0, height} or kind >= 0 or _FAX_END not in bits:
        raise OddError("a fax image does not have the picture's size, or is incomplete")


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yields the segments of a JPEG up to that of the first scan: marker, content, and where the next one begins."""
    place, marker = 2, 0
    while marker != _SCAN and place + 4 <= len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == 0xFF:
            place += 1
            continue
        yield marker, data[place + 4 : place + 2 + length], place + 2 + length
        place += 2 + length


def _check_jpeg(picture: Stream, width: int, height: int, count: int) -> None:
    """Checks that a JPEG is whole, and of the size and the colours that the picture says (ISO 10918-1, B)."""
    data, held = picture.read_raw_bytes(), dict[int, bytes]()
    scan = 0
    if not data.startswith(b"\xff\xd8"):
        raise OddError("a JPEG is incomplete")
    for marker, content, behind in _segments(data):
        kind = _FRAME if 0xC0 <= marker <= 0xCF and marker not in {_HUFFMAN, 0xC8, 0xCC} else marker
        if kind == _FRAME and (kind in held or marker not in _JPEG_FRAMES):
            raise OddError("a JPEG is encoded in a way that few readers support")
        if kind != _APPLICATION or content.startswith(b"Adobe"):
            held[kind] = content
        scan = behind if marker == _SCAN else scan
    if not held.keys() >= {_FRAME, _HUFFMAN, _QUANTA, _SCAN} or not _is_whole(data, scan, restarts=_INTERVAL in held):
        raise OddError("a JPEG is incomplete")
    frame = held[_FRAME]
    if struct.unpack(">BHHB", frame[:6]) != (8, height, width, count):
        raise OddError("a JPEG has a different size than the picture")
    mark, plain = held.get(_APPLICATION), held.get(_PLAIN, b"").startswith(b"JFIF\0")
    clear = frame[6::3] in _YCC if mark is None else not (plain and mark[11] == 0)
    given = [each for each in each_of(entry(picture, "/DecodeParms")) if isinstance(each, Dictionary)]
    said = {entry(each, "/ColorTransform") for each in given}
    if (count == _LIGHTS and not clear) or not said <= {None, int(count == _LIGHTS)}:
        raise OddError("a JPEG's colours are of a kind on which its marks do not agree")


def _is_whole(data: bytes, scan: int, *, restarts: bool) -> bool:
    """Tells whether what follows a JPEG's first scan is scans and their tables, up to its end."""
    end = data.find(b"\xff\xd9", scan)
    found = {mark[1] for mark in _MARKER.findall(data, scan, end)}
    return end >= len(data) - _JPEG_TAIL and found - _RESTARTS <= _BETWEEN and restarts == bool(found & _RESTARTS)
