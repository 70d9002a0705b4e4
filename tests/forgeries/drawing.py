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


def _titled_form(pdf: pikepdf.Pdf) -> pikepdf.Object:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    shown = _TITLE.replace(b"BT", b"BT 0 Tr")
    return drawn_form(shown, Resources=Dictionary(Font=Dictionary(PithA=font)))(pdf)


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


_PICTURE: Final = b"q BI /W 1 /H 1 /BPC 8 /CS /G ID "


def _pictured_in_line(data: bytes, behind: bytes) -> Forge:
    """A picture in the content, the title, and another picture, up to whose end some take all for the first."""
    lines = (b"BT /PithA 5 Tf ET ", _PICTURE, data, behind, text(TITLE).encode(), b" ", _PICTURE, b"\x80\nEI Q ")
    return draw(b"".join(lines).decode("latin-1"))


def _named_font(pdf: pikepdf.Pdf) -> Dictionary:
    dingbats = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    return Dictionary(Font=Array([pdf.make_indirect(dingbats), 14]))


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
    odd(
        "picture before other bytes",
        "Behind a picture in the content stand bytes that some take for more of it, up to another picture's end.",
        _pictured_in_line(b"\x80", b"\nEI Q\nBT (\xe9) Tj ET\n"),
    ),
    odd(
        "picture before a comment",
        "A comment follows the end of a picture right away, which some do not take for an end.",
        _pictured_in_line(b"\x80", b"\nEI%\nQ\n"),
    ),
    odd(
        "picture that ends in a null",
        "A picture's end stands between bytes that not all take for white space.",
        _pictured_in_line(b"\x80", b"\0EI\0Q\n"),
    ),
    odd(
        "picture with an end in it",
        "A picture's data have what some take for its end.",
        draw(
            "q BI /W 40 /H 1 /BPC 8 /CS /G ID " + "\nEI Q 1 g 0 770 612 40 re f q".ljust(40) + "\nEI Q " + text(TITLE)
        ),
    ),
    odd(
        "title after letters that clip nothing",
        "A text without letters clips all that follows, or nothing.",
        draw("q BT 7 Tr ET " + text(TITLE, before="0 Tr") + " Q"),
    ),
    odd(
        "title within letters",
        "The title is clipped by other letters, and by each of two texts or both together.",
        draw("q BT 5 Tr 0 w /PithA 3000 Tf -500 -300 Td (I) Tj 0 Tr ET " + text(TITLE) + " Q"),
    ),
    odd(
        "title in a form after letters that clip nothing",
        "The same with the title in a form.",
        using("q BT 7 Tr ET /PithR Do Q", "XObject", _titled_form),
    ),
    stolen(
        "shading within letters",
        "Letters are filled by what is drawn within them: no forgery.",
        draw(
            text(TITLE)
            + " q BT 7 Tr /PithA 9 Tf 30 20 Td (a) Tj ET 0 0 1 rg 0 0 99 99 re f Q "
            + text("a", x=300, y=20)
        ),
        Word.VALID,
    ),
    odd(
        "title in a rectangle that goes far",
        "What is shown is cut to a rectangle whose corner is further away than cairo counts.",
        draw("q 10 0 0 10 0 0 cm 0 0 999999 999999 re W n .1 0 0 .1 0 0 cm " + text(TITLE) + " Q"),
    ),
    odd(
        "title in more ink than there is",
        "The shares of ink are 2 and -9, which some take for 1 and 0, and others compute with.",
        draw("2 2 2 -9 k " + text(TITLE)),
    ),
    odd(
        "title in a state's font",
        "A graphics state sets another font, which PDFium does not heed.",
        using(f"q BT /PithA 14 Tf /PithR gs 40 780 Td ({TITLE}) Tj ET Q", "ExtGState", _named_font),
    ),
    odd(
        "state of lines without a width",
        "A graphics state sets a width of lines that is not a length.",
        beside("/PithR gs", "ExtGState", Dictionary(LW=-1)),
    ),
)
