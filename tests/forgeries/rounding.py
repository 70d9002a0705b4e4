"""Stolen titles that readers draw by numbers of their own: places rounded, colours in steps, lines without width.

Found by drawing changed pages in PDFium, Poppler (Splash and Cairo), MuPDF, Ghostscript and pdf.js.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries import kit
from tests.forgeries.fonts import Make
from tests.forgeries.grammar import beside, drawn_form, odd, using
from tests.forgeries.kit import TITLE, Forge, Forgery, all_of, annotate, draw, stolen, text

_NOT_SHOWN: Final = "title-not-shown"
_TITLE: Final = text(TITLE)
_BAND: Final = "0 768 612 24 re"
_OTHER: Final = "A Paper by Thieves of Caches"
_DOTS: Final = tuple(range(4, 612, 8))
_OWN: Final = f"BT /PithA 18 Tf 40 740 Td ({_OTHER}) Tj ET"
_OWN_BAND: Final = "0 734 612 24 re"
_CLIPPED: Final = f"q {_BAND} W n /PithR sh Q"


def _text(before: str) -> Forge:
    return draw(f"q BT 75 Tz /PithA 18 Tf 40 780 Td {before} ({TITLE}) Tj ET Q")


def _picture(data: bytes, *, over: bool = True, content: str = "612 0 0 24 0 768", **entries: object) -> Forge:
    """A picture over the title, or below it; entries may be functions of the file."""
    plain = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 8, "Height": 8, "BitsPerComponent": 8}

    def made(pdf: pikepdf.Pdf) -> pikepdf.Object:
        held = {**plain, "ColorSpace": Name.DeviceGray, **entries}
        return pdf.make_stream(data, **{key: value(pdf) if callable(value) else value for key, value in held.items()})

    shown = f"q {content} cm /PithR Do Q"
    return beside(shown, "XObject", made) if over else using(f"{shown} {_TITLE}", "XObject", made)


def _mask(data: bytes, **entries: object) -> Make:
    plain = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 8, "Height": 8, "BitsPerComponent": 8}
    return lambda pdf: pdf.make_stream(data, **{**plain, "ColorSpace": Name.DeviceGray, **entries})


def _jpeg(mark: bytes = b"", names: bytes = b"\1\2\3", *, rest: bytes = b"") -> bytes:
    """A white JPEG, with the marks that it is given."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG")
    data = bytearray(out.getvalue())
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    data[frame + 10 : frame + 19 : 3] = data[scan + 5 : scan + 11 : 2] = names
    return bytes(data[:2] + mark + data[2:scan] + rest + data[scan:])


def _jpeg_2000() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG2000")
    return out.getvalue()


_ADOBE: Final = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"


def _coded(data: bytes, **entries: object) -> Forge:
    return _picture(data, over=False, Filter=Name.DCTDecode, ColorSpace=Name.DeviceRGB, **entries)


def _stencil(entries: str) -> Forge:
    drawn = f"q 1 g 612 0 0 24 0 768 cm BI /W 8 /H 8 /IM true {entries} ID " + "\0" * 8 + "\nEI Q"
    return draw(f"{_TITLE} {drawn}")


def _shade(begin: float, end: float, power: float = 1) -> str:
    return f"<< /FunctionType 2 /Domain [0 1] /C0 [{begin}] /C1 [{end}] /N {power} >>"


def _stitched(bounds: str, *parts: str) -> str:
    ways = "0 1 " * len(parts)
    joined = " ".join(parts)
    return f"<< /FunctionType 3 /Domain [0 1] /Functions [{joined}] /Bounds [{bounds}] /Encode [{ways}] >>"


def _shading(function: str, axis: str = "0 0 0 1000", more: str = "", space: str = "/DeviceGray") -> Dictionary:
    text_of = f"<< /ShadingType 2 /ColorSpace {space} /Coords [{axis}] /Function {function} {more} >>"
    return Dictionary(pikepdf.Object.parse(text_of.encode()))


def _painted(shading: pikepdf.Object) -> Forge:
    """The title, painted with a shading."""
    pattern = Dictionary(Type=Name.Pattern, PatternType=2, Shading=shading)
    return using(f"q /Pattern cs /PithR scn {_TITLE} Q", "Pattern", pattern)


def _covered(shading: pikepdf.Object) -> Forge:
    return beside(_CLIPPED, "Shading", shading)


def _sampled(pdf: pikepdf.Pdf) -> pikepdf.Object:
    samples = bytes(255 * (index % 8 > 0) for index in range(2049))
    function = pdf.make_stream(
        samples, FunctionType=0, Domain=Array([0, 1]), Range=Array([0, 1]), Size=Array([2049]), BitsPerSample=8
    )
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=Array([0, 0, 0, 1000]), Function=function)
    return Dictionary(Type=Name.Pattern, PatternType=2, Shading=shading)


def _palette(**entries: object) -> Make:
    return lambda pdf: Array([Name.Indexed, Name.DeviceGray, 1, pdf.make_stream(b"\xff\xff", **entries)])


def _in_letters(line: str, place: str, name: Callable[[str], str]) -> Forge:
    """A line in Helvetica, whose codes have other names."""
    differences: list[object] = []
    for char in sorted(set(line)):
        differences += [ord(char), Name("/" + name(char))]
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
        Encoding=Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=Array(differences)),
    )  # fmt: skip
    return using(f"q BT 75 Tz /PithR 18 Tf {place} Td ({line}) Tj ET Q", "Font", font)


def _mapped(ordering: str) -> Make:
    def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
        system = Dictionary(Registry=String("Adobe"), Ordering=String(ordering), Supplement=0)
        inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name.PithR, CIDSystemInfo=system)
        return Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.PithR, Encoding=Name("/UniJIS-UTF16-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
        )  # fmt: skip

    return font


def _group(space: str) -> Make:
    def state(pdf: pikepdf.Pdf) -> pikepdf.Object:
        group = Dictionary(S=Name.Transparency, CS=pikepdf.Object.parse(space.encode()))
        drawing = drawn_form(b"", Group=group)(pdf)  # type: ignore[operator]
        return Dictionary(SMask=Dictionary(S=Name.Luminosity, G=drawing))

    return state


def _tiled(kind: int, space: str = "/Pattern", colour: str = "") -> Forge:
    """The title on tiles of a light grey."""

    def forge(pdf: pikepdf.Pdf) -> None:
        tile = pdf.make_stream(
            b".9 g 0 0 100 24 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=kind,
            BBox=Array([0, 0, 100, 24]), XStep=100, YStep=24, Resources=Dictionary(),
        )  # fmt: skip
        pdf.pages[0].add_resource(tile, Name.Pattern, Name.PithR)
        spaces = pikepdf.Object.parse(f"[{space}]".replace("[[", "[").replace("]]", "]").encode())
        pdf.pages[0].add_resource(spaces, Name.ColorSpace, Name.PithS)
        draw(f"q /PithS cs {colour} /PithR scn {_BAND} f Q {_TITLE}")(pdf)

    return forge


def _hovered(pdf: pikepdf.Pdf) -> None:
    annotate(rect=(0, 768, 612, 792), appearance="q Q", Subtype=Name.Stamp)(pdf)
    looks = pdf.pages[0].Annots[-1].AP
    looks.R = pdf.make_stream(
        f"1 g {_BAND} f".encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 612, 842])
    )


def _lines(form: str, state: str = "1 G 24 w 2 J", shown: str = _TITLE, y: int = 780) -> Forge:
    return draw(f"{shown} {state} " + " ".join(form.format(x=x, y=y) for x in _DOTS))


def _hiding(form: str, state: str) -> Forge:
    """The title, and the thief's own under lines that PDFium draws."""
    return _lines(form, state, f"{_TITLE} {_OWN}", 746)


def _hiding_shade(shading: pikepdf.Object) -> Forge:
    """The same under a shading."""
    return all_of(draw(f"{_TITLE} {_OWN}"), using(f"q {_OWN_BAND} W n /PithR sh Q", "Shading", shading))


_FAR: Final = (
    odd(
        "title moved away and back",
        "The page is moved away by ten million points, a thousand times by a bit, and back: some round the bits away.",
        draw(f"q 1 0 0 1 0 9999999 cm {'1 0 0 1 0 .4 cm ' * 1000} 1 0 0 1 0 -9999999 cm {_TITLE} Q"),
    ),
    odd(
        "title moved away and back as text",
        "The same within a text.",
        _text(f"0 9999999 Td {'0 .4 Td ' * 1000} 0 -9999999 Td"),
    ),
    odd(
        "title moved away and back in many steps",
        "The same by thousands of steps.",
        _text(f"{'0 999 Td ' * 9999} {'0 .04 Td ' * 1000} {'0 -999 Td ' * 9999}"),
    ),
    odd(
        "title moved away and back by gaps",
        "The same by gaps between letters.",
        _text(f"[{'9999999 ' * 60} {'20 ' * 2500} {'-9999999 ' * 60} ( )] TJ"),
    ),
    odd(
        "title moved away and back by leads",
        "The same by the lead between lines.",
        _text(f"9999999 TL T* .4 TL {'T* ' * 1000} -9999999 TL T*"),
    ),
    odd(
        "another title in type of no size",
        "The thief's own title has type of no size that is enlarged, which PDFium leaves out.",
        draw(f"{_TITLE} BT /PithA .0000024 Tf 9999999 0 0 9999999 40 740 Tm ({_OTHER}) Tj ET"),
        _NOT_SHOWN,
    ),
    stolen(
        "title moved back and forth",
        "The page is moved by some points, and back, a thousand times: no forgery.",
        draw(f"q {'1 0 0 1 0 20 cm 1 0 0 1 0 -20 cm ' * 1000} {_TITLE} Q"),
        Word.VALID,
    ),
)
_MARKS: Final = (
    odd(
        "square caps without lines",
        "Lines without length have square caps, by which PDFium hides the thief's own title.",
        _hiding("{x} {y} m {x} {y}.0 l S", "1 G 24 w 2 J"),
        _NOT_SHOWN,
    ),
    odd(
        "round caps of curves without length",
        "Curves without length have round caps, which PDFium does not draw.",
        _lines("{x} 780 m {x} 780 {x} 780 {x} 780 c S", "1 G 24 w 1 J"),
    ),
    odd(
        "points that are closed",
        "Points are closed and stroked; MuPDF draws none, and shows the thief's own title.",
        _hiding("{x} {y} m h S", "1 G 24 w 1 J"),
        _NOT_SHOWN,
    ),
    odd("rectangles of no size", "Rectangles without an area are stroked.", _lines("{x} 780 0 0 re S", "1 G 24 w 1 J")),
    odd(
        "dashes of no length",
        "A line over the thief's own title has dashes a thousandth of a point long.",
        draw(f"{_TITLE} {_OWN} 1 G 24 w [.001 .001] 0 d 0 746 m 612 746 l S"),
        _NOT_SHOWN,
    ),
    odd(
        "picture drawn as a line",
        "White pictures of no height stand one below the other.",
        _picture(b"\xff" * 64, content=" cm /PithR Do Q q ".join(f"600 0 0 .01 0 {y}" for y in range(768, 792))),
    ),
    odd(
        "ground blown up",
        "A picture of two dots is blown up, and some paint all that is between black and white.",
        _picture(b"\xff\0", over=False, content="6000 0 0 24 -2700 768", Width=2, Height=1, Interpolate=True),
    ),
    stolen(
        "dots of a figure",
        "Lines without length have round caps: no forgery.",
        draw(f"{_TITLE} 1 w 1 J " + " ".join(f"{x} 20 m {x} 20 l S" for x in _DOTS)),
        Word.VALID,
    ),
)
_SHADINGS: Final = (
    odd(
        "title by a narrow shade",
        "Of a long shading a narrow part is light, which PDFium steps over.",
        _painted(_shading(_stitched(".5038 .504", _shade(0, 0), _shade(1, 1), _shade(0, 0)), "0 -30000 0 30000")),
    ),
    odd(
        "title by the end of a shade",
        "A shading is dark up to its very end.",
        _painted(_shading(_shade(0, 1, 1000), "0 -30000 0 800")),
    ),
    odd("title by samples", "A shading's samples are dark where PDFium looks.", using(
        f"q /Pattern cs /PithR scn {_TITLE} Q", "Pattern", _sampled
    )),
    odd("title by more than all light", "A shading's colours run from five times of white.",
        _painted(_shading(_shade(5, -4)))),
    odd("cover of three ends", "A shading says three times whether it goes on.",
        _hiding_shade(_shading(_shade(1, 1), "0 600 0 700", "/Extend [false true true]")), _NOT_SHOWN),
    odd("cover beyond its function", "A shading's function ends before the shading.",
        _hiding_shade(_shading(_shade(1, 1).replace("[0 1]", "[0 .5]"))), _NOT_SHOWN),
    odd("cover of next to no length", "A shading is a ten-millionth of a point long.",
        _covered(_shading(_shade(1, 1), "0 780 0 780.0000001", "/Extend [true true]"))),
    odd("cover in a palette's shades", "A shading's colours are those of a palette.",
        _covered(_shading(_shade(0, 1), space="[/Indexed /DeviceGray 1 <00FF>]"))),
    stolen("ground of a shade", "A shading runs from white to a light grey: no forgery.",
        using(f"{_CLIPPED} {_TITLE}", "Shading",
            _shading(_stitched(".5", _shade(1, 0.95), _shade(0.95, 1)), more="/Extend [true true]")),
        Word.VALID),
)  # fmt: skip
_CODED: Final = (
    odd("stencil that is decoded to one", "An inline stencil's ends are both one.", _stencil("/D [1 1]")),
    odd("stencil with colours", "An inline stencil names a colour space.", _stencil("/CS /G")),
    odd("inline picture on a layer", "An inline picture has an entry for a layer; some do not draw it then.",
        draw(f"{_TITLE} {_OWN} q 612 0 0 24 0 734 cm BI /W 1 /H 1 /BPC 8 /CS /G /OC /X ID \xff\nEI Q"), _NOT_SHOWN),
    odd("picture of 16 bits turned over", "Ghostscript does not turn over what has 16 bits.",
        _picture(b"\0" * 128, over=False, BitsPerComponent=16, Decode=Array([1, 0]))),
    odd("picture with a matte", "A soft mask names the colour that its picture was mixed with, which some heed.",
        _picture(b"\x80" * 64, over=False, SMask=_mask(b"\x80" * 64, Matte=Array([0]))), _NOT_SHOWN),
    stolen("picture with a matte elsewhere", "A logo at the foot of the page, as Office has it: no forgery.",
        _picture(b"\x80" * 64, over=False, content="200 0 0 24 40 60", SMask=_mask(b"\x80" * 64, Matte=Array([0]))),
        Word.VALID),
    odd("picture with a mask on a layer", "A picture's soft mask is on a layer, as Ghostscript has it.",
        _picture(b"\xff" * 64, SMask=_mask(bytes(64), OC=Dictionary(Type=Name.OCG, Name=String("a"))))),
    odd("JPEG of two kinds", "A JPEG's marks say that its colours are light and differences, and that they are not.",
        _coded(_jpeg(_ADOBE))),
    odd("JPEG by its names", "A JPEG's colours have the names R, G and B, which some heed.",
        _coded(_jpeg(names=b"RGB"))),
    odd("JPEG by its parameters", "Parameters say how a JPEG's colours are coded.",
        _coded(_jpeg(), DecodeParms=Dictionary(ColorTransform=0))),
    odd("JPEG without its restarts", "A JPEG says that it has marks at which to go on, and has none.",
        _coded(_jpeg(rest=b"\xff\xdd\0\4\0\1"))),
    stolen("JPEG below the title", "A white JPEG is the ground: no forgery.", _coded(_jpeg()), Word.VALID),
    odd("picture in JPEG 2000", "A red picture says that it is grey: readers take its format's word, or the PDF's.",
        _picture(_jpeg_2000(), over=False, Filter=Name.JPXDecode), _NOT_SHOWN),
    stolen("picture in JPEG 2000 elsewhere", "A picture in JPEG 2000 is at the foot of the page: no forgery.",
        _picture(_jpeg_2000(), over=False, content="200 0 0 24 40 60", Filter=Name.JPXDecode), Word.VALID),
    odd("palette in another file", "A palette's colours stand in another file.",
        _picture(bytes(64), over=False, ColorSpace=_palette(F=String("colours")))),
    odd("ground through a mask of inks", "A soft mask's group has the colours of a spot colour.",
        using(f"q /PithR gs 1 g {_BAND} f Q {_TITLE}", "ExtGState", _group(
            f"[/Separation /Spot /DeviceGray {_shade(1, 0)}]"
        ))),
)  # fmt: skip
_HIDDEN: Final = (
    stolen(
        "another title under thin rectangles",
        "The thief's own title is under a hundred rectangles that PDFium draws thicker than they are.",
        draw(f"{_TITLE} {_OWN} 1 g " + " ".join(f"0 {734 + step / 4} 612 .1 re f" for step in range(100))),
        Word.UNBOUND,
        _NOT_SHOWN,
    ),
    stolen(
        "a line under a cover",
        "A line of small type at the page's foot is painted over: no forgery.",
        draw(
            f"{_TITLE} BT /PithA 8 Tf 40 20 Td (Submitted manuscript, version 3) Tj ET {kit.white((30, 15, 400, 35))}"
        ),
        Word.VALID,
    ),
)
_OTHERS: Final = (
    odd(
        "cover in tiles of no known kind",
        "A pattern says in a way of its own how its tiles may be moved.",
        _tiled(9),
    ),
    odd(
        "cover in tiles with a colour",
        "A pattern that has colours of its own is named with one, which some take for its.",
        _tiled(1, "[/Pattern /DeviceGray]", "1"),
    ),
    stolen("ground of tiles", "A pattern of light tiles is the ground: no forgery.", _tiled(1), Word.VALID),
    odd(
        "another title in letters of no name",
        "Names of the thief's own title's letters are unknown, and MuPDF draws those of their codes.",
        all_of(draw(_TITLE), _in_letters(_OTHER, "40 740", lambda _: "foo")), _NOT_SHOWN),
    odd(
        "title in letters named by numbers",
        "The title's letters are named by numbers, which some do not know.",
        _in_letters(TITLE, "40 780", lambda char: f"uni{ord(char):04X}"),
    ),
    odd(
        "font by a map of other glyphs",
        "A font's map leads to the glyphs of another collection than the font's.",
        beside("BT /PithR 9 Tf 1 0 0 1 30 20 Tm <0041> Tj ET", "Font", _mapped("Korea1")),
    ),
    stolen(
        "title near a stamp that keeps its size",
        "A stamp is not made smaller with its page, and reaches over the title.",
        all_of(
            draw(_TITLE),
            annotate(rect=(40, 700, 100, 760), appearance="1 g 0 0 9 9 re f", Subtype=Name.Stamp, F=0x1C),
            annotate(rect=(40, 800, 100, 830), appearance="1 g 0 0 9 9 re f", Subtype=Name.Stamp, F=0x1C),
        ),
        Word.UNBOUND,
        _NOT_SHOWN,
    ),
    stolen(
        "title under a stamp when pointed at",
        "A stamp has another picture for when the pointer is on it.",
        all_of(draw(_TITLE), _hovered),
        Word.UNBOUND,
        _NOT_SHOWN,
    ),
    stolen(
        "title under a highlight without colour",
        "A highlight has a clear picture and no colour: some make it black.",
        all_of(
            draw(_TITLE),
            annotate(
                rect=(0, 768, 612, 792), appearance="q Q", Subtype=Name.Highlight,
                QuadPoints=Array([0, 792, 612, 792, 0, 768, 612, 768]),
            ),
        ),
        Word.UNBOUND,
        _NOT_SHOWN,
    ),
)  # fmt: skip
FORGERIES: Final[tuple[Forgery, ...]] = (*_FAR, *_MARKS, *_SHADINGS, *_CODED, *_HIDDEN, *_OTHERS)
