from __future__ import annotations

import pytest
from pikepdf import Array, Dictionary, Name, String

from pithtex.pdf.appearance.fonts import check_font
from pithtex.pdf.untrusted import OddError

TABLES = (b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")
PROGRAM = b"\0\1\0\0\0\6" + bytes(6) + b"".join(tag + bytes(12) for tag in TABLES)
SPACE = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange "


def embedded(
    pdf, flags: int = 32, programs: tuple[str, ...] = ("/FontFile2",), program: bytes = PROGRAM, **more: object
):
    return Dictionary({"/Flags": flags, **{key: pdf.make_stream(program, **more) for key in programs}})


def system(ordering: str):
    return Dictionary(Registry=String("Adobe"), Ordering=String(ordering), Supplement=0)


def simple(
    pdf, flags: int = 32, programs: tuple[str, ...] = ("/FontFile2",), said: bytes = b"", program: bytes = PROGRAM,
    F: object = None, **entries: object,
):  # fmt: skip
    own = embedded(pdf, flags, programs, program, **({} if F is None else {"F": F}))
    made = Dictionary(Subtype=Name.TrueType, FontDescriptor=own, FirstChar=32, LastChar=126)
    for key, value in {"Encoding": Name.WinAnsiEncoding, **entries}.items():
        if value is not None:
            made[f"/{key}"] = value
    if said:
        made.ToUnicode = pdf.make_stream(said)
    return made


def composite(pdf, encoding: object = "/Identity-H", inner: int = 1, **entries: object):
    glyphs = [Dictionary(Subtype=Name.CIDFontType2, **entries)] * inner
    made = Dictionary(Subtype=Name.Type0, DescendantFonts=Array(glyphs))
    made.Encoding = Name(encoding) if isinstance(encoding, str) else pdf.make_stream(encoding)
    return made


def differing(*names: object):
    return Dictionary(Differences=Array([name if isinstance(name, int) else Name(f"/{name}") for name in names]))


RIGHT = {
    "plain": simple,
    "symbolic": lambda pdf: simple(pdf, 4, Encoding=None),
    "not embedded": lambda pdf: simple(pdf, 4, ()),
    "symbolic, with other codes": lambda pdf: simple(pdf, 4, FirstChar=1, LastChar=2),
    "it says its letters": lambda pdf: simple(pdf, said=b"2 beginbfchar <41> <0041> <42> <0062> endbfchar"),
    "it does not know a letter": lambda pdf: simple(pdf, said=b"1 beginbfchar <41> <FFFD> endbfchar"),
    "it says what has other names": lambda pdf: simple(
        pdf, said=b"1 beginbfrange <41> <42> <0062> endbfrange", Encoding=differing(65, "b", "c")
    ),
    "ligatures": lambda pdf: simple(pdf, said=b"1 beginbfchar <1B> <00660066> endbfchar"),
    "composite": composite,
    "a collection's map": lambda pdf: composite(pdf, "/UniJIS-UTF16-H", CIDSystemInfo=system("Japan1")),
    "ligatures of a font that readers have": lambda pdf: simple(
        pdf, programs=(), Encoding=differing(11, "ff", 65, "B", 48, "one", 14, ".notdef")
    ),
    "widths": lambda pdf: composite(pdf, W=Array([0, Array([1, 2]), 2, 5, 500, 6, 6, 1])),
    "a map of its own": lambda pdf: composite(pdf, SPACE + b"2 begincidrange <00> <0F> 0 <10> <FF> 16 endcidrange"),
    "one with comments": lambda pdf: composite(
        pdf, b"%!PS-Adobe-3.0\n%%EndComments\n" + SPACE + b"1 begincidchar <00> 0 endcidchar"
    ),
}
WRONG = {
    "two programs": lambda pdf: simple(pdf, programs=("/FontFile2", "/FontFile3")),
    "another program": lambda pdf: simple(pdf, programs=("/FontFile",)),
    "symbolic, with encoding": lambda pdf: simple(pdf, 4),
    "both": lambda pdf: simple(pdf, 36),
    "neither": lambda pdf: simple(pdf, 0),
    "without encoding": lambda pdf: simple(pdf, Encoding=None),
    "an unknown encoding": lambda pdf: simple(pdf, Encoding=Name("/Identity-H")),
    "an unknown base": lambda pdf: simple(pdf, Encoding=Dictionary(BaseEncoding=Name.Odd)),
    "another letter": lambda pdf: simple(pdf, said=b"1 beginbfchar <41> <0042> endbfchar"),
    "another letter in a range": lambda pdf: simple(pdf, said=b"1 beginbfrange <40> <42> <0041> endbfrange"),
    "another letter in a list": lambda pdf: simple(pdf, said=b"1 beginbfrange <41> <42> [<0041> <0043>] endbfrange"),
    "another digit": lambda pdf: simple(pdf, said=b"1 beginbfchar <01> <0031> endbfchar", Encoding=differing(1, "two")),
    "another letter of a reader's font": lambda pdf: simple(
        pdf, 32, (), b"1 beginbfchar <41> <0042> endbfchar", Encoding=None
    ),
    "another collection's map": lambda pdf: composite(pdf, "/UniJIS-UTF16-H", CIDSystemInfo=system("Korea1")),
    "a map without glyphs": lambda pdf: composite(
        pdf, "/UniJIS-UTF16-H", CIDSystemInfo=system("Japan1"), FontDescriptor=embedded(pdf)
    ),
    "places of its own": lambda pdf: composite(pdf, "/Identity-V", W2=Array([0, 9, 0, 0, 0])),
    "no outlines": lambda pdf: simple(pdf, program=PROGRAM.replace(b"loca", b"none")),
    "no program in the file": lambda pdf: simple(pdf, F=String("font")),
    "codes without glyph": lambda pdf: simple(pdf, Encoding=differing(65, ".notdef")),
    "an unknown letter": lambda pdf: simple(pdf, programs=(), Encoding=differing(65, "foo")),
    "a letter of a number": lambda pdf: simple(pdf, programs=(), Encoding=differing(200, "uni0041")),
    "an unknown map": lambda pdf: composite(pdf, "/Odd-H"),
    "two fonts of glyphs": lambda pdf: composite(pdf, inner=2),
    "two widths": lambda pdf: composite(pdf, W=Array([0, 9, 500, 5, Array([0])])),
    "widths that are cut": lambda pdf: composite(pdf, W=Array([0, 9])),
    "codes of two lengths": lambda pdf: composite(
        pdf, b"2 begincodespacerange <00> <FF> <0000> <FFFF> endcodespacerange 1 begincidchar <0041> 9 endcidchar"
    ),
    "codes of another length": lambda pdf: composite(pdf, SPACE + b"1 begincidchar <0041> 9 endcidchar"),
    "a code twice": lambda pdf: composite(
        pdf, SPACE + b"1 begincidrange <00> <FF> 0 endcidrange 1 begincidchar <41> 9 endcidchar"
    ),
    "another map used": lambda pdf: composite(pdf, SPACE + b"/Identity-H usecmap 1 begincidchar <00> 0 endcidchar"),
    "glyphs for what is not there": lambda pdf: composite(
        pdf, SPACE + b"1 beginnotdefrange <00> <FF> 3 endnotdefrange"
    ),
    "another direction": lambda pdf: composite(pdf, SPACE + b"/WMode 1 def 1 begincidchar <00> 0 endcidchar"),
    "a comment in a line": lambda pdf: composite(pdf, SPACE + b"1 begincidchar % <00> 0 endcidchar"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_fonts_that_all_read_alike(pdf, name: str):
    check_font(RIGHT[name](pdf))


@pytest.mark.parametrize("name", WRONG)
def test_fonts_that_readers_read_differently(pdf, name: str):
    with pytest.raises(OddError):
        check_font(WRONG[name](pdf))
