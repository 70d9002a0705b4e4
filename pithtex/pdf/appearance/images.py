"""Pictures (ISO 32000-1, 8.9) that all readers draw alike: one that is not drawn here may cover the page elsewhere."""

from __future__ import annotations

import struct
from typing import Final

from pikepdf import Array, Name, Object, Stream

from pithtex.limits import MAX_STREAM_BYTES
from pithtex.pdf.appearance.colours import components, family
from pithtex.pdf.appearance.statements import inline_size
from pithtex.pdf.appearance.streams import LOSSLESS, beginning, filters_of, inflated
from pithtex.pdf.untrusted import OddError, entry, numbers

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
_JPEG_TAIL: Final = 64
"""Bytes in which a JPEG ends; some programs write more behind it."""
_FAX_TAIL: Final = 16
_FAX_END: Final = "1000000000001"
"""The second of the two codes at a fax's end, with the last bit of the first (ITU-T T.6, 2.4.1.1)."""
_JPX: Final = (b"\0\0\0\x0cjP  ", b"\xffO\xffQ")
"""How JPEG 2000 begins as a file or a code stream (ISO 15444-1, A and I.5.1)."""


def check_picture(picture: Stream, *, mask: bool = False) -> None:
    """Checks that a picture is one that all readers draw alike.

    Args:
        picture: the image.
        mask: whether it is another one's soft mask or stencil.

    Raises:
        OddError: it is not.
        READ_ERRORS: it could not be read.
    """
    if any(key in picture for key in _STAND_INS):
        raise OddError("a picture replaces another one")
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
    count = 1 if stencil or (space is None and "/JPXDecode" in filters) else _colours(picture, space)
    if not filters & {"/JPXDecode", "/DCTDecode"} and depth not in _DEPTHS:
        raise OddError("a picture has an impossible colour depth")
    _check_masks(picture, count, depth or 8, mask=mask or stencil)
    if filters <= LOSSLESS:
        wanted = -(-width * count * depth // 8) * height
        data = _decoded(picture, filters, wanted)
        if len(data) < wanted or max(_pixels(data[:wanted], depth)) > _last_colour(space, depth):
            raise OddError("a picture's data do not match its size and colours")
    elif filters == {"/DCTDecode"}:
        _check_jpeg(picture.read_raw_bytes(), width, height, count)
    elif filters == {"/CCITTFaxDecode"}:
        _check_fax(picture, width, height)
    elif filters != {"/JPXDecode"} or not picture.read_raw_bytes().startswith(_JPX):
        raise OddError("a picture does not have the format that it states, or one that readers need not support")


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
    if depth not in _DEPTHS or not wanted or (entries.get(b"ImageMask") == b"true" and depth != 1):
        raise OddError("an inline picture has no size, or an impossible colour depth")
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
    soft, hard, decode = entry(picture, "/SMask"), entry(picture, "/Mask"), entry(picture, "/Decode")
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
    # As they are, turned over, or those of a palette (8.9.5.2).
    ways = [0.0, 1.0] * count, [1.0, 0.0] * count, [0.0, float((1 << depth) - 1)]
    if decode is not None and numbers(decode) not in ways:
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
    tail = picture.read_raw_bytes()[-_FAX_TAIL:]
    bits = f"{int.from_bytes(tail, 'big'):b}"
    if columns != width or rows not in {0, height} or kind >= 0 or _FAX_END not in bits:
        raise OddError("a fax image does not have the picture's size, or is incomplete")


def _check_jpeg(data: bytes, width: int, height: int, count: int) -> None:
    """Tells whether a JPEG is whole, and of the size and the colours that the picture says (ISO 10918-1, B)."""
    place, frame = 2, None
    if not data.startswith(b"\xff\xd8") or b"\xff\xd9" not in data[-_JPEG_TAIL:]:
        raise OddError("a JPEG is incomplete")
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == 0xFF:
            place += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            if frame is not None or marker not in _JPEG_FRAMES:
                raise OddError("a JPEG is encoded in a way that few readers support")
            frame = struct.unpack(">BHHB", data[place + 4 : place + 10])
        if marker == 0xDA:
            break
        place += 2 + length
    if frame != (8, height, width, count):
        raise OddError("a JPEG has a different size than the picture")
