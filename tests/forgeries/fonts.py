"""Stolen badges in fonts that readers read in different ways, or whose characters are not those that they name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.forgeries.grammar import beside, odd, using
from tests.forgeries.kit import TITLE, Forge, Forgery

_NOT_SHOWN: Final = "title-not-shown"
_LETTER: Final = "BT /PithR 9 Tf 1 0 0 1 30 20 Tm (a) Tj ET"
_PAIR: Final = "BT /PithR 9 Tf 1 0 0 1 30 20 Tm <0041> Tj ET"
_TABLES: Final = (b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")
_OPEN_TYPE: Final = b"\0\1\0\0\0\6" + bytes(6) + b"".join(tag + bytes(12) for tag in _TABLES)
_NAMES: Final = {" ": "space", "-": "hyphen", ":": "colon"}
Make = Callable[[pikepdf.Pdf], pikepdf.Object]


def _map(pairs: dict[int, str]) -> bytes:
    rows = "\n".join(f"<{code:02X}> <{ord(char):04X}>" for code, char in sorted(pairs.items()))
    return f"begincmap {len(pairs)} beginbfchar\n{rows}\nendbfchar endcmap".encode()


def _titled(base: str, shown: str, said: str, encoding: Callable[[dict[int, str]], Dictionary] | None = None) -> Forge:
    """A line in a font that readers have, which says of its characters that they are the title's."""
    codes: dict[tuple[str, str], int] = {}
    for pair in zip(shown, said, strict=True):
        codes.setdefault(pair, ord(pair[1]) if encoding is None else 0x81 + len(codes))

    def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
        unicode = pdf.make_stream(_map({code: pair[1] for pair, code in codes.items()}))
        made = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(base), ToUnicode=unicode)
        if encoding is not None:
            made.Encoding = encoding({code: pair[0] for pair, code in codes.items()})
            made.FirstChar, made.LastChar, made.Widths = 0x81, 0xFF, Array([550] * 127)
        return made

    line = "".join(f"{codes[pair]:02X}" for pair in zip(shown, said, strict=True))
    return using(f"q BT 75 Tz /PithR 14 Tf 40 780 Td <{line}> Tj ET Q", "Font", font)


def _named(shown: dict[int, str]) -> Dictionary:
    differences: list[object] = []
    for code, char in shown.items():
        differences += [code, Name(f"/{_NAMES.get(char, char)}")]
    return Dictionary(Type=Name.Encoding, Differences=Array(differences))


def _otherwise(title: str) -> str:
    """Other words with the same spaces."""
    return "".join(char if char in _NAMES else "nosuchthing"[index % 11] for index, char in enumerate(title))


def _marlett(_: pikepdf.Pdf) -> pikepdf.Object:
    return Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Marlett, Encoding=Name.WinAnsiEncoding)


def _font(flags: int = 32, programs: dict[str, bytes] | None = None, **entries: Any) -> Make:
    def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
        own = Dictionary(
            Type=Name.FontDescriptor, FontName=Name.PithR, Flags=flags, FontBBox=Array([0, 0, 1000, 1000]),
            ItalicAngle=0, Ascent=800, Descent=-200, CapHeight=700, StemV=80,
        )  # fmt: skip
        for key, data in ({"/FontFile2": _OPEN_TYPE} if programs is None else programs).items():
            own[key] = pdf.make_stream(data)
        plain = {"Type": Name.Font, "Subtype": Name.TrueType, "BaseFont": Name.PithR, "FontDescriptor": own}
        widths = {"FirstChar": 97, "LastChar": 97, "Widths": Array([500])}
        return Dictionary(**{**plain, **widths, **entries})

    return font


def _composite(inner: dict[str, object], encoding: bytes = b"", **entries: object) -> Make:
    def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
        system = Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0)
        glyphs = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.PithR, CIDSystemInfo=system, **inner
        )
        made = Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.PithR, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(glyphs)]),
        )  # fmt: skip
        if encoding:
            made.Encoding = pdf.make_stream(encoding, Type=Name.CMap, CMapName=Name.X, **entries)
        return made

    return font


def _upright(pdf: pikepdf.Pdf) -> pikepdf.Object:
    made = _composite({"W2": Array([0, 99, -1000, 0, 0, 65, 65, 0, 0, 9000])})(pdf)
    made.Encoding = Name("/Identity-V")
    return made


_SPACE: Final = b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
_ALL: Final = b"1 begincidrange <0000> <FFFF> 0 endcidrange "
FORGERIES: Final[tuple[Forgery, ...]] = (
    odd(
        "title in Greek",
        "Another line is set in Symbol, which says that its letters are the title's.",
        _titled("/Symbol", TITLE, TITLE),
        _NOT_SHOWN,
    ),
    odd("title in ornaments", "The same in Zapf Dingbats.", _titled("/ZapfDingbats", TITLE, TITLE), _NOT_SHOWN),
    odd(
        "title in signs that some have",
        "The same in a font of signs that Windows has, where others show letters.",
        using(f"q BT 75 Tz /PithR 14 Tf 40 780 Td ({TITLE}) Tj ET Q", "Font", _marlett),
        _NOT_SHOWN,
    ),
    odd(
        "title in letters named otherwise",
        "Another line is set in Helvetica by the names of its letters, and the map to characters says the title.",
        _titled("/Helvetica", _otherwise(TITLE), TITLE, _named),
    ),
    odd(
        "font of two programs",
        "A font has two programs, of which readers take one or the other.",
        beside(_LETTER, "Font", _font(programs={"/FontFile": b"%!", "/FontFile2": _OPEN_TYPE})),
    ),
    odd(
        "font of no program",
        "A font's program is none: readers take another font, or draw nothing.",
        beside(_LETTER, "Font", _font(programs={"/FontFile2": b"no font at all"})),
    ),
    odd(
        "symbolic font with an encoding",
        "A font says that it is symbolic, and names an encoding: its glyphs are found by one table or by another.",
        beside(_LETTER, "Font", _font(4, Encoding=Name.WinAnsiEncoding)),
    ),
    odd(
        "font that is not symbolic, without encoding",
        "A font has neither an encoding nor codes of its own.",
        beside(_LETTER, "Font", _font(32)),
    ),
    odd(
        "encoding that there is not",
        "A font names an encoding that the format does not know.",
        beside(_LETTER, "Font", _font(32, Encoding=Name.OtherEncoding)),
    ),
    odd(
        "font upright for some",
        "A font's own character map says that it runs from top to bottom, and its dictionary that it does not.",
        beside(_PAIR, "Font", _composite({}, _SPACE + b"/WMode 1 def " + _ALL, WMode=0)),
    ),
    odd(
        "font with two maps",
        "A font's own character map goes on from another, which readers have or not.",
        beside(_PAIR, "Font", _composite({}, _SPACE + b"/Identity-H usecmap " + _ALL)),
    ),
    odd(
        "map that gives a code twice",
        "A font's own character map gives a code two glyphs, of which readers take the first or the last.",
        beside(_PAIR, "Font", _composite({}, _SPACE + _ALL + b"1 begincidchar <0041> 9 endcidchar ")),
    ),
    odd(
        "map of codes of two lengths",
        "Codes of a font's own character map have one byte or two.",
        beside(
            _PAIR,
            "Font",
            _composite({}, b"begincmap 2 begincodespacerange <00> <FF> <0000> <FFFF> endcodespacerange " + _ALL),
        ),
    ),
    odd(
        "glyph with two widths",
        "A font gives a glyph two widths, and the letters of a line stand on each other for some.",
        beside(_PAIR, "Font", _composite({"W": Array([0, 99, 500, 65, Array([0])])})),
    ),
    odd(
        "font without its outlines",
        "A font's program has no table of its outlines: readers draw nothing, or another font.",
        beside(_LETTER, "Font", _font(programs={"/FontFile2": _OPEN_TYPE.replace(b"glyf", b"none")})),
    ),
    odd(
        "font whose codes have no glyph",
        "Codes stand for no glyph, for which some draw the font's first.",
        beside(_LETTER, "Font", _font(Encoding=Dictionary(Differences=Array([97, Name("/.notdef")])))),
    ),
    odd(
        "font with places of its own",
        "A font that runs from top to bottom gives its glyphs places twice.",
        beside(_PAIR, "Font", _upright),
    ),
)
