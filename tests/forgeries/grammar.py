"""Stolen badges on pages that are not of the grammar that all readers draw alike, one kind of breach each."""

from __future__ import annotations

import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.kit import TITLE, Forge, Forgery, all_of, draw, stolen, text

UNBOUND, VALID = Word.UNBOUND, Word.VALID
CHANGING, NOT_SHOWN = "changing-document", "title-not-shown"
_SHOWN: Forge = draw(text(TITLE))
_FUNCTION = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([1]), N=1)
_WHITE_POINT = Array([0.95, 1, 1.09])


def odd(name: str, attack: str, forge: Forge, *findings: str) -> Forgery:
    return stolen(name, attack, forge, UNBOUND, *(findings or (CHANGING,)))


def _content(name: str, attack: str, content: str, *findings: str) -> Forgery:
    """The title, and then content that PDFium and others read in different ways."""
    return odd(name, attack, draw(text(TITLE) + " " + content), *findings)


def _streams(*contents: bytes, shown: bool = True) -> Forge:
    """Content streams behind the page's own, put side by side without white space."""

    def forge(pdf: pikepdf.Pdf) -> None:
        draw(text(TITLE) if shown else "")(pdf)
        page = pdf.pages[0].obj
        page.Contents = Array([*page.Contents, *map(pdf.make_stream, contents)])

    return forge


def using(content: str, kind: str, value: object) -> Forge:
    """Content that names a resource, /PithR; the value may be a function of the file."""
    # As bytes: an object belongs to the file that it was first put into, and a forgery is made more than once.
    plain = value.unparse() if isinstance(value, pikepdf.Object) else b""

    def forge(pdf: pikepdf.Pdf) -> None:
        made = value(pdf) if callable(value) else pikepdf.Object.parse(plain)
        pdf.pages[0].add_resource(made, Name(f"/{kind}"), Name("/PithR"))
        draw(content)(pdf)

    return forge


def beside(content: str, kind: str, value: object) -> Forge:
    return all_of(_SHOWN, using(content, kind, value))


def _also_a_list(pdf: pikepdf.Pdf) -> None:
    content = b"1 g 0 0 m 612-842 0 0 0 l f"
    form = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 612, 842]))
    pdf.pages[0].add_resource(form, Name.XObject, Name.PithR)
    pdf.pages[0].add_resource(form, Name.Properties, Name.PithP)
    draw(text(TITLE) + " /P /PithP BDC EMC /PithR Do")(pdf)


def drawn_form(content: bytes, **entries: object) -> object:
    return lambda pdf: pdf.make_stream(
        content, **{"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 612, 842]), **entries}
    )


def picture(data: bytes, **entries: object) -> Forge:
    plain = {"Width": 8, "Height": 8, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    made = {"Type": Name.XObject, "Subtype": Name.Image, **plain, **entries}
    return beside("q 10 0 0 10 30 20 cm /PithR Do Q", "XObject", lambda pdf: pdf.make_stream(data, **made))


def glyph_font(shape: bytes, **entries: object) -> object:
    def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
        plain = {
            "Type": Name.Font, "Subtype": Name.Type3, "FontBBox": Array([0, 0, 0, 0]),
            "FontMatrix": Array([1, 0, 0, 1, 0, 0]), "CharProcs": Dictionary(a=pdf.make_stream(shape)),
            "Encoding": Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a])),
            "FirstChar": 97, "LastChar": 97, "Widths": Array([1]),
        }  # fmt: skip
        return Dictionary(**{**plain, **entries})

    return font


def _default_gray(pdf: pikepdf.Pdf) -> None:
    space = Array([Name.Separation, Name.A, Name.DeviceGray, Dictionary(_FUNCTION)])
    pdf.pages[0].add_resource(space, Name.ColorSpace, Name.DefaultGray)


_COVER = "1 g 0 770 612 40 re f"
_CONTENTS = (
    _content(
        "rectangle of eight operands",
        "Some take the first four of them, others the last.",
        "q 1 g 0 770 612 40 0 0 0 0 re f Q",
    ),
    _content(
        "operand too many", "The title is shown again by the last operand of Tr, and by the first not.", "BT 3 0 Tr ET"
    ),
    _content("number with a sign within", "A white rectangle is 770 points up, or 7.", "q 1 g 0 7-70 612 40 re f Q"),
    _content("number with two signs", "A white rectangle is 770 points up, or down.", "q 1 g 0 --770 612 40 re f Q"),
    _content(
        "number with an exponent", "A number is written as the format does not know.", "q 1 g 0 7.7e2 612 40 re f Q"
    ),
    _content("number of many digits", "A number is larger than some can hold.", "q 1 g 0 4294968066 612 40 re f Q"),
    _content(
        "unknown operator",
        "An operator that is none takes the operands before it, or not.",
        "q 1 g 0 770 zz 612 40 re f Q",
    ),
    _content("state restored too often", "More states are restored than were saved.", "Q"),
    _content("state never restored", "A state is saved, and not restored before the end.", "q 0 0 1 1 re W n"),
    _content(
        "text object without an end", "A path follows in a text object that does not end.", "BT " + _COVER, NOT_SHOWN
    ),
    _content(
        "path within a text object",
        "A path stands in a text object, where some ignore it.",
        f"BT {_COVER} ET",
        NOT_SHOWN,
    ),
    _content(
        "line width within a path",
        "An operator of the line's width stands between a path and its painting.",
        "q 0 770 612 40 re 2 w n Q",
    ),
    _content("marks without an end", "A mark begins, and does not end.", "/Span BMC"),
    _content(
        "properties without an end",
        "The dictionary of a mark is not closed before a cover.",
        f"/P << /A (x) BDC {_COVER} f >> BDC EMC",
        NOT_SHOWN,
    ),
    _content(
        "string of a carriage return",
        "A string has a carriage return in it, which is a line feed for some.",
        "BT /PithA 1 Tf (a\rb) Tj ET",
    ),
    _content("name by its codes", "A resource is named by the codes of its letters.", "BT /Pith#41 1 Tf ET"),
    _content(
        "hexadecimal string of three",
        "A string of hexadecimal digits has an odd number of them.",
        "BT /PithA 1 Tf <414> Tj ET",
    ),
    odd(
        "form that is also a property list",
        "Content marks something by a form's object before it draws the form, whose operators are not the standard's.",
        _also_a_list,
    ),
    _content(
        "inline picture that is damaged",
        "The data of an inline picture are no compressed data, which some readers draw as a black box.",
        "q 99 0 0 99 0 0 cm BI /W 8 /H 8 /BPC 1 /IM true /F /Fl ID xxxxxxxxxxxxxxxx\nEI Q",
    ),
    _content(
        "inline picture that goes on",
        "An inline picture has more data than its size says.",
        "q 612 0 0 40 0 770 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff\xff\xff EI Q",
        NOT_SHOWN,
    ),
    _content("resource that is not there", "A colour space is named that the page does not have.", "/None cs"),
    odd(
        "number cut by a stream's end",
        "A number is cut between two streams: readers that put them together read another.",
        _streams(b"q 1 g 0 77", b"0 612 40 re f Q"),
    ),
    odd(
        "operators put together by a stream's end",
        "Two operators meet at a stream's end: readers that put them together read neither, and the title is white.",
        _streams(b"q 1 g Q", text(TITLE).encode(), shown=False),
    ),
)

_SPACES = {
    "gamma of a thousandth": Array(
        [Name.CalGray, Dictionary(WhitePoint=_WHITE_POINT, Gamma=pikepdf.Object.parse(b"0.001"))]
    ),
    "gamma in three colours": Array(
        [Name.CalRGB, Dictionary(WhitePoint=_WHITE_POINT, Gamma=Array([pikepdf.Object.parse(b"0.001")] * 3))]
    ),
    "matrix of light": Array(
        [Name.CalRGB, Dictionary(WhitePoint=_WHITE_POINT, Matrix=Array([0, 0, 0, 0, 0, 0, *_WHITE_POINT]))]
    ),
}
_RESOURCES = (
    odd(
        "title by a gamma",
        "The title is dark where its gamma does not count, and white where it does.",
        using("/PithR cs 0.2 scn " + text(TITLE), "ColorSpace", _SPACES["gamma of a thousandth"]),
    ),
    odd(
        "title by a gamma of three colours",
        "The same in three colours.",
        using("/PithR cs 0.2 0.2 0.2 scn " + text(TITLE), "ColorSpace", _SPACES["gamma in three colours"]),
        NOT_SHOWN,
    ),
    odd(
        "title by a matrix of colours",
        "The title is blue, and its space's matrix makes blue white.",
        using("/PithR cs 0 0 1 scn " + text(TITLE), "ColorSpace", _SPACES["matrix of light"]),
        NOT_SHOWN,
    ),
    odd(
        "title in a colorant that is none",
        "The title is in a colorant that paints nothing.",
        using(
            "/PithR cs 1 scn " + text(TITLE),
            "ColorSpace",
            Array([Name.Separation, Name("/None"), Name.DeviceGray, Dictionary(_FUNCTION)]),
        ),
        NOT_SHOWN,
    ),
    odd(
        "colours of another number",
        "A colour has more components than its space.",
        beside("/PithR cs 0 0 0 scn", "ColorSpace", Array([Name.Separation, Name.A, Name.DeviceGray, _FUNCTION])),
    ),
    odd(
        "form without a kind",
        "A white form over the title does not say that it is one.",
        beside("/PithR Do", "XObject", lambda pdf: pdf.make_stream(_COVER.encode(), BBox=Array([0, 0, 612, 842]))),
    ),
    odd(
        "form of the page's resources",
        "A form draws what only the page's resources have.",
        beside("/PithR Do", "XObject", drawn_form(b"/PithA gs")),
    ),
    odd(
        "shading of no length",
        "A white shading over the title has no length, and is extended by some.",
        beside(
            "q 0 770 612 40 re W n /PithR sh Q",
            "Shading",
            Dictionary(
                ShadingType=2,
                ColorSpace=Name.DeviceGray,
                Coords=Array([0, 0, 0, 0]),
                Function=_FUNCTION,
                Extend=Array([True, True]),
            ),
        ),
    ),
    odd(
        "shading by a mesh",
        "A shading is made of patches without data.",
        beside(
            "q 0 770 612 40 re W n /PithR sh Q",
            "Shading",
            lambda pdf: pdf.make_stream(
                b"",
                ShadingType=4,
                ColorSpace=Name.DeviceGray,
                BitsPerCoordinate=8,
                BitsPerComponent=8,
                BitsPerFlag=8,
                Decode=Array([0, 1, 0, 1, 0, 1]),
            ),
        ),
    ),
    odd(
        "opacity of more than one",
        "A white rectangle is painted with an opacity that is none.",
        beside("/PithR gs", "ExtGState", Dictionary(ca=2)),
    ),
    odd(
        "two blend modes",
        "A state names two modes, of which readers know the one or the other.",
        beside("/PithR gs", "ExtGState", Dictionary(BM=Array([Name.Odd, Name.Multiply]))),
    ),
    odd(
        "state with an unknown entry",
        "A state has an entry that few know.",
        beside("/PithR gs", "ExtGState", Dictionary(Cover=True)),
    ),
    odd(
        "pattern of no step",
        "A pattern repeats itself at no distance.",
        beside(
            "/Pattern cs /PithR scn 0 0 1 1 re f",
            "Pattern",
            lambda pdf: pdf.make_stream(
                b"",
                PatternType=1,
                PaintType=1,
                TilingType=1,
                BBox=Array([0, 0, 1, 1]),
                XStep=0,
                YStep=0,
                Resources=Dictionary(),
            ),
        ),
    ),
    odd(
        "font of no kind",
        "A font is of a kind that is none.",
        beside("/PithR 9 Tf", "Font", Dictionary(Type=Name.Font, Subtype=Name.Type9, BaseFont=Name.Helvetica)),
    ),
    odd(
        "glyph that sets a colour",
        "A glyph of one colour sets white, which readers heed or not.",
        beside("BT /PithR 1 Tf 1 0 0 1 0 700 Tm (a) Tj ET", "Font", glyph_font(b"1 0 0 0 1 1 d1 1 g 0 0 1 1 re f")),
    ),
    odd(
        "glyphs in boxes that lie",
        "Glyphs that say to be of no size paint the title over and write another from outside its place.",
        beside(
            "BT 1 g /PithR 1 Tf 1 0 0 1 0 600 Tm (a) Tj ET",
            "Font",
            glyph_font(b"1 0 0 0 1 1 d1 0 170 612 40 re f", FontBBox=Array([0, 0, 0, 0])),
        ),
        NOT_SHOWN,
    ),
)


def _loop(pdf: pikepdf.Pdf) -> pikepdf.Object:
    made = drawn_form(b"/PithR Do")(pdf)
    made.Resources = Dictionary(XObject=Dictionary(PithR=made))
    return made


_RESOURCES += (
    odd(
        "glyph drawn from off the page",
        "A glyph stands off the page and paints the title over from outside the box that it says.",
        beside(
            "BT 1 g /PithR 1 Tf 1 0 0 1 0 -300 Tm (a) Tj ET", "Font", glyph_font(b"1 0 0 0 1 1 d1 0 1070 612 40 re f")
        ),
    ),
    odd(
        "soft mask without a group",
        "A soft mask's drawing is not a group, and the cover through it is drawn or not.",
        beside(
            f"/PithR gs {_COVER}",
            "ExtGState",
            lambda pdf: Dictionary(SMask=Dictionary(S=Name.Luminosity, G=drawn_form(b"")(pdf))),
        ),
    ),
    odd(
        "blend mode of all colours",
        "A cover is blended in a mode that depends on the space it is blended in.",
        beside(f"/PithR gs {_COVER}", "ExtGState", Dictionary(BM=Name.Color)),
    ),
    odd(
        "space in place of a device's",
        "The page's resources give another colour space for grey, in which black is white for some.",
        all_of(_SHOWN, _default_gray),
    ),
    odd(
        "form that draws itself",
        "A form draws itself, and readers stop at depths of their own.",
        beside("/PithR Do", "XObject", _loop),
    ),
)


def _inks(content: str) -> Forge:
    """Content that prints over what is there."""
    return beside(content, "ExtGState", Dictionary(OP=True, op=True, OPM=1))


_OVERPRINTED = (
    odd(
        "white that is printed over ink",
        "The thief's title is under an area of white ink that some readers leave out.",
        _inks("/PithR gs 0 0 0 0 k 300 20 10 10 re f"),
    ),
    odd(
        "white that a form prints over ink",
        "The white is set in a form, and what is drawn over in the page.",
        all_of(
            _inks("/PithR gs /PithF Do"),
            lambda pdf: pdf.pages[0].add_resource(
                drawn_form(b"0 0 0 0 k 300 20 10 10 re f")(pdf), Name.XObject, Name("/PithF")
            ),
        ),
    ),
    stolen(
        "black that is printed over ink",
        "As typesetters print text: no forgery.",
        _inks("q /PithR gs 0 0 0 1 k 300 20 10 10 re f Q 0 0 0 0 k 300 20 5 5 re f"),
        VALID,
    ),
)


def _function(start: int, end: int) -> Dictionary:
    return Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([start]), C1=Array([end]), N=1)


_BLACK = _function(0, 1)
_CODES = "".join(f"{ord(char):04X}" for char in TITLE)


def _separation(name: str, space: Name, function: object) -> Array:
    return Array([Name.Separation, Name(name), space, function])


def _spot_on_black(pdf: pikepdf.Pdf) -> None:
    """The title in a spot colour of no tint, which is white, on black."""
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([0, 1, 1, 0]), N=1)
    pdf.pages[0].add_resource(_separation("/Spot", Name.DeviceCMYK, function), Name.ColorSpace, Name("/PithS"))
    shown = f"q 0 g 30 765 560 27 re f /PithR gs /PithS cs 0 scn {text(TITLE)} Q"
    using(shown, "ExtGState", Dictionary(OP=True, op=True, OPM=1))(pdf)


def _blended(mode: str, colours: str, group: Dictionary) -> Forge:
    """Colours that are blended with the title, on a page that is a group."""

    def forge(pdf: pikepdf.Pdf) -> None:
        beside(f"q /PithR gs {colours} 30 765 560 27 re f Q", "ExtGState", Dictionary(BM=Name(mode)))(pdf)
        pdf.pages[0].obj.Group = group

    return forge


def _unknown_map(pdf: pikepdf.Pdf) -> pikepdf.Object:
    system = Dictionary(Registry=String("Adobe"), Ordering=String("Japan1"), Supplement=2)
    face = Name("/HeiseiMin-W3")
    inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=face, CIDSystemInfo=system, DW=500)
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=face,
        Encoding=Name("/Pith-UCS2-H"),
        DescendantFonts=Array([pdf.make_indirect(inner)]),
    )


_INKED = (
    odd(
        "title in all inks of no tint",
        "The title is in the colorant of all inks, with no tint; its function says black, and some print nothing.",
        using("/PithR cs 0 scn " + text(TITLE), "ColorSpace", _separation("/All", Name.DeviceGray, _BLACK)),
    ),
    odd(
        "title in black ink of no tint",
        "The same with the colorant of black ink.",
        using("/PithR cs 0 scn " + text(TITLE), "ColorSpace", _separation("/Black", Name.DeviceGray, _BLACK)),
    ),
    stolen(
        "title in black ink",
        "The colorant's function says what the ink is: no forgery.",
        using(
            "/PithR cs 1 scn " + text(TITLE),
            "ColorSpace",
            _separation(
                "/Black",
                Name.DeviceGray,
                Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([0]), N=1),
            ),
        ),
        VALID,
    ),
    odd(
        "title in a spot colour of no tint, printed over black",
        "To readers that print over, the black stays; to others the title is white on it.",
        _spot_on_black,
    ),
    odd(
        "title blended as inks",
        "A colour is blended with the title by a mode that gives another one in inks.",
        _blended("/HardLight", "0.5 0.2 0.2 0.6 k", Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)),
    ),
    odd(
        "page that knocks out",
        "The page is a group in which what is drawn last takes the place of what lies below, to those that heed it.",
        all_of(_SHOWN, lambda pdf: pdf.pages[0].obj.__setattr__("Group", Dictionary(S=Name.Transparency, K=True))),
    ),
    odd(
        "title by an unknown map",
        "The title's codes are said to be of a character map that no reader has.",
        using(f"q BT /PithR 16 Tf 60 Tz 40 770 Td <{_CODES}> Tj ET Q", "Font", _unknown_map),
    ),
)

_WHITE = b"\xff" * 64
_PICTURES = tuple(
    odd(f"picture {name}", f"A picture at the page's foot {attack}.", picture(data, **entries), *findings)
    for name, attack, data, entries, findings in (
        ("with half of its data", "has data for a half of it", _WHITE[:32], {}, ()),
        (
            "of damaged data",
            "has data that break off",
            zlib.compress(_WHITE * 9)[:-6],
            {"Filter": Name.FlateDecode, "Width": 64, "Height": 9},
            (),
        ),
        ("with a colour key of one", "has a colour key of one number", _WHITE, {"Mask": Array([255])}, ()),
        ("that decodes to three numbers", "decodes to three numbers", _WHITE, {"Decode": Array([1, 0, 1])}, ()),
        (
            "beyond its palette",
            "has colours that its palette lacks",
            b"\5" * 64,
            {"ColorSpace": Array([Name.Indexed, Name.DeviceGray, 1, String(b"\0\xff")])},
            (),
        ),
        ("whose mask is a form", "has a mask that is not a picture", _WHITE, {"Mask": Dictionary()}, ()),
    )
)

FORGERIES = (*_CONTENTS, *_RESOURCES, *_PICTURES, *_OVERPRINTED, *_INKED)
