"""Whether all readers can draw a picture (image XObject): one that is not drawn here may cover the page elsewhere."""

from __future__ import annotations

from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.pdf.untrusted import entry

_LARGEST: Final = 65_535
"""Pixels of a side: more than any format of compressed pictures has."""
_DEPTHS: Final = frozenset({1, 2, 4, 8, 16})
_SPACES: Final = frozenset({
    "/CalGray", "/CalRGB", "/DeviceCMYK", "/DeviceGray", "/DeviceN", "/DeviceRGB", "/ICCBased", "/Indexed", "/Lab",
    "/Separation",
})  # fmt: skip
"""Families of colour spaces (ISO 32000-1, table 62), but for patterns."""
_FILTERS: Final = frozenset({
    "/ASCII85Decode", "/ASCIIHexDecode", "/CCITTFaxDecode", "/DCTDecode", "/FlateDecode", "/JBIG2Decode", "/JPXDecode",
    "/LZWDecode", "/RunLengthDecode",
})  # fmt: skip
_JPEG: Final = b"\xff\xd8\xff"
_JPX: Final = (b"\0\0\0\x0cjP  ", b"\xffO\xffQ")
"""How a JPEG begins, and JPEG 2000 as a file or a code stream (ISO 15444-1, A and I.5.1)."""


def odd_picture(picture: pikepdf.Stream) -> bool:
    """Whether a picture lacks what it takes to draw it, or gives it in a way that readers need not know (8.9.5).

    Whether its data can be decoded is not found out, but for how they begin.

    Raises:
        READ_ERRORS: it could not be read.
    """
    filters = _names(entry(picture, "/Filter"))
    sides = [entry(picture, "/Width"), entry(picture, "/Height")]
    if "/F" in picture or not filters <= _FILTERS or not all(_is_number(side, _LARGEST) for side in sides):
        return True
    if "/SMask" in picture and "/Mask" in picture:  # the first counts, where readers know soft masks
        return True
    if "/JPXDecode" in filters:
        return not picture.read_raw_bytes().startswith(_JPX)
    if filters == {"/DCTDecode"} and not picture.read_raw_bytes().startswith(_JPEG):
        return True
    depth = entry(picture, "/BitsPerComponent")
    if entry(picture, "/ImageMask"):
        return depth not in {None, 1}
    space = entry(picture, "/ColorSpace")
    family = space[0] if isinstance(space, pikepdf.Array) and len(space) else space
    known = isinstance(family, Name) and str(family) in _SPACES
    return not known or ("/DCTDecode" not in filters and "/JBIG2Decode" not in filters and depth not in _DEPTHS)


def _names(filters: object) -> set[str]:
    listed = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    return {str(name) for name in listed if name is not None}


def _is_number(value: object, most: int) -> bool:
    return isinstance(value, int) and 0 < value <= most
