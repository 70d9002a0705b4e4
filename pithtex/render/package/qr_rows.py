"""The QR code of a badge's link, as the record block of `pith.sty` carries it."""

from __future__ import annotations

from pithtex.render.codes import qr_code


def qr_rows(text: str) -> list[str]:
    """Returns the rows of a QR code, top first, in hexadecimal: four modules a digit from the left, dark is 1.

    The last digit is filled up with zeros; the quiet zone is not part of it (latex/README.md, "For the generator").
    The smallest version that holds the text is taken, with as much error correction as it has room for.

    Args:
        text: printable ASCII.

    Returns:
        As many rows as modules in a row; nothing if no QR code holds so much (2953 characters).
    """
    code = qr_code(text, "l")
    return [] if code is None else [_hex(bytes(row)) for row in code.matrix]


def _hex(row: bytes) -> str:
    bits = "".join("1" if module else "0" for module in row)
    digits = -(-len(bits) // 4)
    return f"{int(bits.ljust(4 * digits, '0'), 2):0{digits}x}"
