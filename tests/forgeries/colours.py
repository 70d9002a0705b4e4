"""Stolen badges in colours, profiles and masks that readers compute in different ways."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.grammar import beside, drawn_form, odd, using
from tests.forgeries.kit import TITLE, Forge, Forgery, all_of, draw, stolen, text

_BAND = "0 770 612 40 re f"
_COVER = f"q 1 g {_BAND} Q"
_TITLE_IN = "q /PithR cs {} sc " + text(TITLE) + " Q"
_GROUND = "q /PithR cs {} sc " + _BAND + " Q " + text(TITLE)
_PICTURE = "q 612 0 0 40 0 770 cm /PithR Do Q"


def profile(space: bytes, tags: dict[bytes, bytes], connection: bytes = b"XYZ ") -> bytes:
    """A colour profile (ICC.1:2001-04) of a screen."""
    white = struct.pack(">iii", 63190, 65536, 54061)
    tags = {b"wtpt": b"XYZ \0\0\0\0" + white, b"cprt": b"text\0\0\0\0-\0\0\0", **tags}
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value
    head = struct.pack(">I", start + len(body)) + b"lcms\2\x40\0\0mntr" + space + connection + bytes(12) + b"acsp"
    return (head + bytes(28) + white).ljust(128, b"\0") + table + body


def curve(*values: int) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(f">I{len(values)}H", len(values), *values)


def table(*lightness: int) -> bytes:
    """What a table gives for no light and for all: its lightness."""
    unit = [65536 if place % 4 == 0 else 0 for place in range(9)]
    colours = b"".join(struct.pack(">3H", 0xFF00 * each, 0x8000, 0x8000) for each in lightness)
    head = b"mft2\0\0\0\0\1\3\2\0" + struct.pack(">9i2H", *unit, 2, 2)
    return head + struct.pack(">2H", 0, 65535) + colours + struct.pack(">6H", *(0, 65535) * 3)


_INVERTED = profile(b"GRAY", {b"kTRC": curve(65535, 0)})
_PLAIN = profile(b"GRAY", {b"kTRC": curve(0, 65535)})
_OF_INTENTS = profile(b"GRAY", {b"A2B0": table(0, 1), b"A2B1": table(1, 0), b"A2B2": table(0, 1)}, b"Lab ")


def _intent(data: bytes) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        kept = pdf.make_stream(data, N=1)
        pdf.Root.OutputIntents = Array([Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, DestOutputProfile=kept)])

    return all_of(draw(text(TITLE)), forge)


def _of_profile(data: bytes) -> Callable[[pikepdf.Pdf], pikepdf.Object]:
    return lambda pdf: Array([Name.ICCBased, pdf.make_stream(data, N=1)])


def _tinted(content: str, function: str, names: str = "/Separation /Spot", more: str = "") -> Forge:
    return using(content, "ColorSpace", pikepdf.Object.parse(f"[{names} /DeviceGray {function} {more}]".encode()))


def _computed(content: str, program: bytes) -> Forge:
    def space(pdf: pikepdf.Pdf) -> pikepdf.Object:
        function = pdf.make_stream(program, FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1]))
        return Array([Name.Separation, Name.Spot, Name.DeviceGray, function])

    return using(content, "ColorSpace", space)


def _exponential(begin: float, end: float, power: float = 1, more: str = "") -> str:
    return f"<< /FunctionType 2 /Domain [0 1] /C0 [{begin}] /C1 [{end}] /N {power} {more} >>"


def _masked(key: str, data: bytes, **entries: object) -> Forge:
    """A white picture over the title, with a mask."""
    plain = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 8, "Height": 1, "BitsPerComponent": 8}

    def made(pdf: pikepdf.Pdf) -> pikepdf.Object:
        mask = pdf.make_stream(data, **{**plain, **entries})
        return pdf.make_stream(b"\xff" * 8, **plain, ColorSpace=Name.DeviceGray, **{key: mask})

    return beside(_PICTURE, "XObject", made)


def _keyed() -> Forge:
    entries = {"Width": 1, "Height": 1, "BitsPerComponent": 16, "ColorSpace": Name.DeviceGray}
    return beside(
        _PICTURE,
        "XObject",
        lambda pdf: pdf.make_stream(
            b"\xff\xff", Type=Name.XObject, Subtype=Name.Image, **entries, Mask=Array([65535, 65535])
        ),
    )


def _with_state(content: str, drawn: str, *, group: bool) -> Forge:
    """A form over the title; the page and the form have a state that multiplies, and one that does not."""
    multiply, normal = Dictionary(BM=Name.Multiply), Dictionary(BM=Name.Normal)
    entries = {"Group": Dictionary(S=Name.Transparency)} if group else {}

    def forge(pdf: pikepdf.Pdf) -> None:
        states = Dictionary(PithM=Dictionary(multiply), PithN=Dictionary(normal))
        made = drawn_form(content.encode(), Resources=Dictionary(ExtGState=states), **entries)
        pdf.pages[0].add_resource(Dictionary(multiply), Name.ExtGState, Name("/PithM"))
        using(f"{text(TITLE)} q {drawn} /PithR Do Q", "XObject", made)(pdf)

    return forge


def _cropped(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.MediaBox, page.CropBox = Array([0, 0, 612, 1000]), Array([0, 0, 612, 792])
    draw(text(TITLE) + text("A Quite Different Paper on Caching", size=30, y=900))(pdf)


FORGERIES: tuple[Forgery, ...] = (
    odd("title by the output intent", "The file's output intent makes black white to some.", _intent(_INVERTED)),
    stolen("output intent of a screen", "Its profile is plain: no forgery.", _intent(_PLAIN), Word.VALID),
    odd(
        "title by a profile of two intents",
        "A profile shows black as black for photographs, and as white for text.",
        using(_TITLE_IN.format(0), "ColorSpace", _of_profile(_OF_INTENTS)),
    ),
    stolen(
        "title by a profile",
        "The title's colour has a plain profile: no forgery.",
        using(_TITLE_IN.format(0), "ColorSpace", _of_profile(_PLAIN)),
        Word.VALID,
    ),
    odd(
        "title in half of a palette",
        "The title's colour is between two entries of a palette, black and white.",
        using(_TITLE_IN.format(0.6), "ColorSpace", pikepdf.Object.parse(b"[/Indexed /DeviceGray 1 <00FF>]")),
    ),
    odd(
        "ground beyond a palette",
        "The ground's colour is one that the palette has not.",
        using(_GROUND.format(2), "ColorSpace", pikepdf.Object.parse(b"[/Indexed /DeviceGray 1 <00FF>]")),
    ),
    odd(
        "title in less light than none",
        "The title's measured colour is -1.",
        using(_TITLE_IN.format(-1), "ColorSpace", pikepdf.Object.parse(b"[/CalGray << /WhitePoint [0.95 1 1.09] >>]")),
    ),
    odd(
        "title in a screen's red",
        "A colorant has the name of a light.",
        _tinted(_TITLE_IN.format(0), _exponential(0, 1), "/Separation /Red"),
    ),
    odd(
        "title in all inks by another name",
        "The colorant of all inks stands in a list of one.",
        _tinted(_TITLE_IN.format(0), _exponential(0, 1), "/DeviceN [/All]"),
    ),
    odd(
        "title in a colorant of two spaces",
        "A colorant is black by one space and white by another, which some print.",
        _tinted(
            _TITLE_IN.format(1),
            _exponential(1, 0),
            "/DeviceN [/Spot]",
            f"<< /Subtype /NChannel /Colorants << /Spot [/Separation /Spot /DeviceGray {_exponential(1, 1)}] >> >>",
        ),
    ),
    odd(
        "title by a program of whole numbers",
        "A program divides as only whole numbers are divided.",
        _computed(_TITLE_IN.format(1), b"{ 2 mul 2 idiv 0 mul }"),
    ),
    odd(
        "ground by a function that jumps",
        "Nearly all of a colorant is nothing, and all of it black; some compute with its ends alone.",
        _tinted(_GROUND.format(0.99), _exponential(1, 0, 1000)),
    ),
    stolen(
        "ground of a colorant",
        "A tenth of a colorant is a tenth of its colour: no forgery.",
        _tinted(_GROUND.format(0.1), _exponential(1, 0)),
        Word.VALID,
    ),
    odd(
        "ground by a range run backwards",
        "A function's range ends before it begins.",
        _tinted(_GROUND.format(0), _exponential(1, 0, 1, "/Range [1 0]")),
    ),
    odd("picture with a soft mask of dots", "A white picture's soft mask is a stencil.",
        _masked("SMask", b"\xff", ImageMask=True, BitsPerComponent=1)),
    odd("picture with a mask of greys", "A white picture's mask is no stencil.",
        _masked("Mask", bytes(8), ColorSpace=Name.DeviceGray)),
    odd("picture with a key of two bytes", "A white picture is clear by a key that some round.", _keyed()),
    odd(
        "cover blended in a group",
        "White is multiplied with the title in a group that some blend with nothing.",
        _with_state(f"/PithM gs 1 g {_BAND}", "", group=True),
    ),
    odd(
        "cover in a form that stops blending",
        "A form is drawn in a state that multiplies, and sets one that does not.",
        _with_state(f"/PithN gs 1 g {_BAND}", "/PithM gs", group=False),
    ),
    odd(
        "another title beyond the crop box",
        "The thief's own title stands above the crop box, in what some show and print.",
        _cropped,
    ),
)  # fmt: skip
