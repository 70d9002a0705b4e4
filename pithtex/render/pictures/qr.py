"""The link that carries the record as a QR code (ISO/IEC 18004), for paper: a scan of it can be verified offline."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pithtex.errors import UsageError
from pithtex.format.compact_receipt import encode_receipt
from pithtex.render.codes import qr_code
from pithtex.render.pictures.metrics import FAMILY
from pithtex.render.snippets.html import rendered
from pithtex.render.snippets.snippets import tex_fragment
from pithtex.render.statement import Statement
from pithtex.render.tex import TexSafe

if TYPE_CHECKING:
    import segno

MODULE_MM: Final = 0.4
"""Width of a module in print: five dots of a printer with 300 dots per inch, where four are the least that its
inventor advises (https://www.qrcode.com/en/howto/cell.html)."""

QUIET_MODULES: Final = 4
"""The quiet zone on each side (ISO/IEC 18004, 6.3.8)."""

_WORD_MODULES: Final = 5
"""Height of the line below the code that says what is said against the paper; the quiet zone stays free."""
_PIXELS: Final = 8
"""Of a module in the PNG: 508 dots per inch at `MODULE_MM`."""
_RECOVERY: Final = {"L": 7, "M": 15, "Q": 25, "H": 30}
"""Per cent of the code words that can be lost."""


def svg(statement: Statement) -> bytes:
    """Returns the code as SVG, in millimetres, dark on white as readers need it, with the paper's standing below."""
    return _drawing(statement, lambda modules: f"{modules * MODULE_MM:.1f}mm")


def _drawing(statement: Statement, size: Callable[[int], str]) -> bytes:
    """Returns the code as SVG; `size` gives the length of so many modules."""
    code = _code(statement)
    rows: list[str] = []
    for y, row in enumerate(code.matrix):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                rows.append(f"M{x + QUIET_MODULES} {y + QUIET_MODULES}h{length}v1h-{length}z")
            x += length
    side = len(code.matrix) + 2 * QUIET_MODULES
    high = side + (_WORD_MODULES if statement.mark else 0)
    return rendered(
        "qr.svg.j2",
        badge=statement,
        path="".join(rows),
        side=side,
        high=high,
        size=(size(side), size(high)),
        family=FAMILY,
        said=_said(code),
    )


def png(statement: Statement) -> bytes:
    """Returns the code as PNG, with its size in print in the file; with what is said against the paper drawn by resvg.

    Raises:
        UsageError: something is said against the paper, and the extra that draws words is not installed.
    """
    if statement.mark:
        return _png_with_word(statement)
    stream = io.BytesIO()
    dots = round(_PIXELS / MODULE_MM * 25.4)
    _code(statement).save(stream, kind="png", scale=_PIXELS, border=QUIET_MODULES, dpi=dots)
    return stream.getvalue()


def _png_with_word(statement: Statement) -> bytes:
    try:
        from pithtex.render.pictures.png import drawn
    except ModuleNotFoundError as error:
        message = f"the code's word {statement.mark!r} needs {error.name}, which is not installed"
        raise UsageError(message, hint="pip install 'pithtex[png]'", rule="missing-extra") from error
    return drawn(_drawing(statement, lambda modules: str(modules * _PIXELS)), 1)


def tex(statement: Statement) -> bytes:
    """Returns the code as TeX rules: no package, any format."""
    code = _code(statement)
    return tex_fragment("qr.tex.j2", statement, rows=_rows(code), said=TexSafe(_said(code)))


def poster(statement: Statement) -> bytes:
    """Code, number, title and source, to be set in a poster's own sizes."""
    code = _code(statement)
    return tex_fragment("poster.tex.j2", statement, rows=_rows(code), said=TexSafe(_said(code)))


def _code(statement: Statement) -> segno.QRCode:
    """Returns the code of the link, with error correction of level M or as much more as its size has room for.

    A title too long for any QR code is left out of the receipt, whose record and signature are whole without it.

    Raises:
        UsageError: it is too long without a title as well.
    """
    record = statement.record
    for link in (
        statement.link,
        f"{statement.page}#r={encode_receipt(record.canonical, record.key.key_id, record.signature, None)}",
    ):
        code = qr_code(link, "m")
        if code is not None:
            return code
    raise UsageError("the record is too long for a QR code", hint="choose another format", rule="too-long")


def _said(code: segno.QRCode) -> str:
    """Returns what one wants to know before it is printed."""
    modules = len(code.matrix)
    side = modules + 2 * QUIET_MODULES
    level = str(code.error)
    return (
        f"QR code version {code.version}, error correction {level} ({_RECOVERY[level]} per cent), "
        f"{modules} modules and a quiet zone of {QUIET_MODULES}: {side * MODULE_MM:.1f} mm wide at {MODULE_MM} mm "
        f"a module, {side / 3:.1f} mm at the least"
    )


def _rows(code: segno.QRCode) -> list[TexSafe]:
    r"""Returns each row as its runs: `\l` and `\d` with the modules of a light and a dark one."""
    rows: list[TexSafe] = []
    for row in code.matrix:
        runs = ((bool(dark), len(list(run))) for dark, run in groupby(row))
        pieces = (rf"\{'d' if dark else 'l'}{length}" for dark, length in runs)
        rows.append(TexSafe("".join(pieces)))
    return rows
