"""The QR codes of a picture, read within bounds."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Final

from pithtex.errors import MalformedError, UsageError
from pithtex.limits import MAX_CODES, MAX_JPEG_SCANS, MAX_PICTURE_PIXELS, MAX_SCANNED_PIXELS

if TYPE_CHECKING:
    from PIL import Image

_PICTURES: Final = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
"""What is opened as a picture: formats whose readers start no other program."""
_MAGIC: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM")
"""How files of these formats begin."""


def is_picture(data: bytes) -> bool:
    """Tells whether a file begins as those pictures do that are opened here."""
    return data.startswith(_MAGIC)


def codes_in(data: bytes, where: str) -> list[str]:
    """Returns the texts of a picture's QR codes, from the top.

    Raises:
        MalformedError: the picture cannot be read, or has more pixels than are looked at.
        UsageError: the extra is not installed.
    """
    try:
        import zxingcpp
    except ModuleNotFoundError as error:
        hint = "pip install 'pithtex[scan]'"
        raise UsageError("reading pictures needs zxing-cpp", hint=hint, rule="missing-extra") from error
    pixels = grey_pixels(data, where)
    codes = zxingcpp.read_barcodes(
        pixels, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), text_mode=zxingcpp.TextMode.Plain
    )
    placed = sorted(codes, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return [code.text for code in placed[:MAX_CODES]]


def grey_pixels(data: bytes, where: str) -> Image.Image:
    """Returns the picture in grey, on white if it is transparent, and no larger than the code reader takes."""
    from PIL import Image, UnidentifiedImageError

    if data.startswith(b"\xff\xd8\xff") and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise _unreadable(f"a JPEG of more than {MAX_JPEG_SCANS} passes", where)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=_PICTURES) as picture:
            pixels = picture.width * picture.height
            if pixels > MAX_PICTURE_PIXELS:
                raise _unreadable(f"{pixels} pixels, and at most {MAX_PICTURE_PIXELS} are looked at", where)
            if picture.info.get("compression") == "jpeg":
                raise _unreadable("a TIFF with JPEG in it", where)
            grey = _grey(picture)
    # What a decoder of pictures raises on damage is not documented, and differs by format.
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _unreadable(f"the picture cannot be read: {error}", where) from error
    if pixels > MAX_SCANNED_PIXELS:
        share = (MAX_SCANNED_PIXELS / pixels) ** 0.5
        grey.thumbnail((int(grey.width * share), int(grey.height * share)))
    return grey


def _grey(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("L")
    from PIL import Image

    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("L")


def _unreadable(message: str, where: str) -> MalformedError:
    return MalformedError(message, where=where, rule="picture-unreadable")
