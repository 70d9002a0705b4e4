"""Stolen titles that some readers draw and others do not, by the state that they are drawn in.

Found by drawing thousands of changed pages in PDFium, Poppler (Splash and Cairo), MuPDF, Ghostscript and pdf.js.
"""

from __future__ import annotations

from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.grammar import beside, drawn_form, glyph_font, odd, picture, using
from tests.forgeries.kit import TITLE, Forge, Forgery, all_of, annotate, draw, stolen, text

_NOT_SHOWN: Final = "title-not-shown"
_TITLE: Final = f"BT /PithA 14 Tf 40 780 Td ({TITLE}) Tj ET".encode()


def _titled(state: str, shown: str = "") -> Forge:
    """The title in a form, drawn in a text state."""

    def form(pdf: pikepdf.Pdf) -> pikepdf.Object:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        resources = Dictionary(Font=Dictionary(PithA=font))
        inner = drawn_form(_TITLE, Resources=resources)(pdf)
        resources = Dictionary(Font=Dictionary(PithA=font), XObject=Dictionary(PithInner=inner))
        return drawn_form(shown.encode() or _TITLE, Resources=resources)(pdf)

    return using(f"q {state} /PithR Do Q", "XObject", form)


def _program(code: bytes) -> Forge:
    """A ground whose colour a program computes."""

    def shading(pdf: pikepdf.Pdf) -> Dictionary:
        function = pdf.make_stream(code, FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
        return Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=Array([0, 0, 612, 0]), Function=function)

    return all_of(using("q 0 770 612 40 re W n /PithR sh Q", "Shading", shading), draw(text(TITLE)))


def _shading(**entries: object) -> Forge:
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([1]), N=1)
    plain = {"ShadingType": 2, "ColorSpace": Name.DeviceGray, "Coords": Array([0, 0, 9, 0]), "Function": function}
    return beside("q 0 770 612 40 re W n /PithR sh Q", "Shading", Dictionary(**{**plain, **entries}))


def _pictured(kind: str) -> Forge:
    """A white picture of an annotation over the title."""
    return all_of(
        draw(text(TITLE)),
        annotate(rect=(0, 770, 612, 810), appearance="1 g 0 0 612 40 re f", Subtype=Name(kind)),
    )


def _unnamed(pdf: pikepdf.Pdf) -> None:
    space = Array([Name.Pattern, Name.DeviceRGB])
    beside("q /PithR cs 0 770 612 40 re f Q", "ColorSpace", space)(pdf)


def _two_coloured(pdf: pikepdf.Pdf) -> None:
    tile = pdf.make_stream(
        b"1 g 0 0 2 2 re f",
        PatternType=1,
        PaintType=2,
        TilingType=1,
        BBox=Array([0, 0, 9, 9]),
        XStep=9,
        YStep=9,
        Resources=Dictionary(),
    )
    pdf.pages[0].add_resource(tile, Name.Pattern, Name("/PithT"))
    space = Array([Name.Pattern, Name.DeviceGray])
    beside("q /PithR cs 1 /PithT scn 30 765 560 27 re f Q", "ColorSpace", space)(pdf)


def _masked_cover(pdf: pikepdf.Pdf) -> None:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    mask = drawn_form(b"1 g 0 0 1 1 re f", BBox=Array([0, 0, 1, 1]), Group=group)(pdf)
    state = Dictionary(SMask=Dictionary(S=Name.Alpha, G=mask))
    pdf.pages[0].add_resource(state, Name.ExtGState, Name("/PithR"))
    draw(text(TITLE) + " q /PithR gs 30 765 560 27 re f Q")(pdf)


def _unused_profile(pdf: pikepdf.Pdf) -> None:
    space = Array([Name.ICCBased, pdf.make_stream(b"", N=3)])
    pdf.pages[0].add_resource(space, Name.ColorSpace, Name("/PithR"))


FORGERIES: Final[tuple[Forgery, ...]] = (
    odd(
        "title in a form without width",
        "The title is in a form that is drawn with letters of no width, which some readers do not pass on to it.",
        _titled("BT 0 Tz ET"),
    ),
    odd(
        "title in a form that is raised",
        "The title is in a form that is drawn with text raised off the page.",
        _titled("BT 5000 Ts ET"),
    ),
    odd(
        "title in a form in a form without width",
        "The same, with a form between the two.",
        _titled("BT 0 Tz ET", "/PithInner Do"),
    ),
    stolen(
        "title in a form that sets its width",
        "The form says how wide its letters are: no forgery.",
        _titled("BT 0 Tz ET", f"BT 75 Tz 0 Ts /PithA 18 Tf 40 780 Td ({TITLE}) Tj ET"),
        Word.VALID,
    ),
    stolen(
        "title in outlines of no width",
        "The title is in outlines as thin as the device can, which some readers do not draw.",
        draw("0 w " + text(TITLE, before="1 Tr")),
        Word.UNBOUND,
        _NOT_SHOWN,
    ),
    stolen(
        "title in outlines",
        "The same in outlines of half a point: no forgery.",
        draw("0.5 w " + text(TITLE, before="1 Tr")),
        Word.VALID,
    ),
    stolen(
        "title blotted by its outlines",
        "The title's letters have outlines so thick that they are one blot.",
        draw("8 w " + text(TITLE, before="2 Tr")),
        Word.UNBOUND,
        _NOT_SHOWN,
    ),
    odd(
        "cover in a pattern without a name",
        "A rectangle over the title is painted before its pattern is named: in black, or not at all.",
        _unnamed,
    ),
    odd(
        "cover in a pattern of two colours",
        "The tiles of a pattern that takes the page's colour set another, which some readers heed.",
        _two_coloured,
    ),
    odd(
        "ground by a program of three colours",
        "The colour of the title's ground is computed by a program that gives too few numbers.",
        _program(b"{pop 0 0 0}"),
    ),
    odd(
        "shading with a ground",
        "A shading has a background, which some readers paint where they must not.",
        _shading(Background=Array([1])),
    ),
    odd("shading run backwards", "The shading's range ends before it begins.", _shading(Domain=Array([1, 0]))),
    odd(
        "form flattened to a point",
        "A form is drawn on a point, at which some readers stop to draw the page.",
        beside("/PithR Do", "XObject", drawn_form(b"0 0 9 9 re f", Matrix=Array([0, 0, 0, 0, 0, 0]))),
    ),
    odd(
        "content flattened to a line",
        "The same in the page's content.",
        draw(text(TITLE) + " q 1 0 0 0 0 0 cm 0 0 9 9 re f Q"),
    ),
    odd(
        "glyph made of text",
        "A glyph is made of text, which some readers raise, stretch and outline as the text around it.",
        beside("BT /PithR 9 Tf 1 0 0 1 0 700 Tm (a) Tj ET", "Font", glyph_font(b"1 0 d0 0 g BT ET")),
    ),
    odd(
        "glyph of lines without width",
        "A glyph's lines are as wide as those around it, or as they are at a page's beginning.",
        beside("BT /PithR 9 Tf 1 0 0 1 0 700 Tm (a) Tj ET", "Font", glyph_font(b"1 0 d0 0 G 0 0 m 1 1 l S")),
    ),
    odd(
        "coloured glyph without a colour",
        "A glyph that is to set its colours sets none, and is drawn in black by some.",
        beside("BT /PithR 9 Tf 1 0 0 1 0 700 Tm (a) Tj ET", "Font", glyph_font(b"1 0 d0 0 0 1 1 re f")),
    ),
    odd(
        "picture in a pattern's colours",
        "A picture says that its colours are a pattern's, and covers the title where it is drawn all the same.",
        picture(bytes(192), ColorSpace=Array([Name.Pattern, Name.DeviceRGB])),
    ),
    odd(
        "picture turned over in measured colours",
        "A picture's values are turned over, which Ghostscript does not heed in such a colour space.",
        picture(
            bytes(64),
            ColorSpace=Array([Name.CalGray, Dictionary(WhitePoint=Array([1, 1, 1]))]),
            Decode=Array([1, 0]),
        ),
    ),
    stolen(
        "profile that is damaged and not used",
        "The page's resources have a colour space without a profile's data, in which nothing is painted: no forgery.",
        all_of(draw(text(TITLE)), _unused_profile),
        Word.VALID,
    ),
    stolen(
        "cover through a soft mask",
        "A cover is hidden by a mask whose drawing ends beside it: some readers mask nothing there.",
        _masked_cover,
        Word.UNBOUND,
        "changing-document",
    ),
    odd(
        "picture of a pop-up", "A pop-up has a white picture, which some viewers show.", _pictured("/Popup"), _NOT_SHOWN
    ),
    odd(
        "picture of an unknown annotation",
        "So has an annotation of a kind that the format does not know.",
        _pictured("/Note"),
        _NOT_SHOWN,
    ),
)
