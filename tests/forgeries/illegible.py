"""Stolen titles that are painted, and that no reader can read."""

from __future__ import annotations

import random

import pikepdf
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.kit import TITLE, Forge, annotate, draw, one_glyph, stolen, text

UNBOUND, VALID = Word.UNBOUND, Word.VALID
NOT_SHOWN = "title-not-shown"
_BLOCK = b"600 0 0 0 500 700 d1 0 0 500 700 re f"


def _letters(places: list[tuple[float, float]], size: float = 14, words: str = TITLE) -> str:
    """The title, each letter at a place of its own, in the order of the title."""
    shown = "".join(f"1 0 0 1 {x:.2f} {y:.2f} Tm ({char}) Tj " for char, (x, y) in zip(words, places, strict=True))
    return f"q BT /PithA {size} Tf {shown} ET Q"


_ADVANCE = 6.6


def _row(order: list[int] | None = None, *, step: float = _ADVANCE, shift: float = 0) -> list[tuple[float, float]]:
    """Letters in one row, at the places of an order."""
    order = list(range(len(TITLE))) if order is None else order
    return [(40 + step * place, 780 + shift * (index % 2)) for index, place in enumerate(order)]


def _swapped(by: int) -> list[int]:
    """Each letter changes its place with one near it."""
    order = list(range(len(TITLE)))
    for start in range(0, len(order) - by, 2 * by):
        for index in range(start, min(start + by, len(order) - by)):
            order[index], order[index + by] = order[index + by], order[index]
    return order


def _two_rows(shift: float = 0) -> list[tuple[float, float]]:
    """Places in two rows, so wide that other letters have room between them."""
    return [(30 + shift + 13.5 * (index % 39), 772 - 16 * (index // 39)) for index in range(len(TITLE))]


def _interleaved(*, first: bool) -> str:
    """Between the title's letters stand those of another line."""
    other = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=len(TITLE)))
    parts = [_letters(_two_rows(), 10.5), _letters(_two_rows(6.5), 10.5, other)]
    return "".join(parts if first else parts[::-1])


def _lines(step: float) -> str:
    """The title in lines that are printed over each other."""
    words = TITLE.split()
    cut = [" ".join(words[:4]), " ".join(words[4:7]), " ".join(words[7:])]
    return "".join(text(part, y=780 - step * index, size=16) for index, part in enumerate(cut))


_SCRIBBLE = (
    "q 0 G 1 w "
    + " ".join(f"{40 + 4 * i} 776 m {46 + 4 * i} 794 l S {46 + 4 * i} 776 m {40 + 4 * i} 794 l S" for i in range(140))
    + " Q"
)


def _painted(pattern: bytes) -> Forge:
    """The title in a tiling pattern."""

    def forge(pdf: pikepdf.Pdf) -> None:
        tile = pdf.make_stream(pattern, Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1)
        tile.BBox, tile.XStep, tile.YStep, tile.Resources = Array([0, 0, 4, 4]), 4, 4, Dictionary()
        pdf.pages[0].add_resource(tile, Name.Pattern, Name("/PithP"))
        draw("/Pattern cs /PithP scn " + text(TITLE))(pdf)

    return forge


def _state(content: str, **entries: object) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].add_resource(Dictionary(Type=Name.ExtGState, **entries), Name.ExtGState, Name("/PithState"))
        draw("/PithState gs " + content)(pdf)

    return forge


def _masked(drawing: bytes, kind: Name = Name.Luminosity) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_stream(drawing, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 612, 842]))
        group.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
        _state(text(TITLE), SMask=Dictionary(S=kind, G=group))(pdf)

    return forge


def _burnt(pdf: pikepdf.Pdf) -> None:
    """Nearly white on white, and made dark by an annotation, which not every reader shows or prints."""
    draw("0.99 g " + text(TITLE))(pdf)
    annotate(rect=(30, 770, 600, 800), Subtype=Name.Stamp, appearance="/B gs 0.01 g 0 0 570 30 re f")(pdf)
    look = pdf.pages[0].Annots[-1].AP.N
    look.Resources.ExtGState = Dictionary(B=Dictionary(BM=Name.ColorBurn))
    look.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)


def _drawn(name: str, attack: str, content: str) -> object:
    return stolen(name, attack, draw(content), UNBOUND, NOT_SHOWN)


def _forged(name: str, attack: str, forge: Forge) -> object:
    return stolen(name, attack, forge, UNBOUND, NOT_SHOWN)


FORGERIES = (
    _drawn("letters on one place", "All letters of the title are printed on each other.", _letters(_row(step=0))),
    _drawn("letters nearly on one place", "Each letter hides most of the one before.", _letters(_row(step=1))),
    _drawn("letters without advance", "Character spacing takes back each letter's width.", text(TITLE, before="-7 Tc")),
    _drawn(
        "words in glyphs' heaps",
        "Half of the letters are printed on the other half.",
        _letters([p for i in range(len(TITLE)) for p in [(40 + 9.0 * (i // 2), 780.0)]]),
    ),
    _drawn("letters in pairs the other way round", "Each pair of letters is swapped.", _letters(_row(_swapped(1)))),
    _drawn(
        "letters in other places", "Letters change their places with others near them.", _letters(_row(_swapped(2)))
    ),
    _drawn("letters in zigzag", "Letters are swapped, and shifted up and down.", _letters(_row(_swapped(1), shift=4))),
    _drawn(
        "letters from right to left",
        "The letters run from right to left.",
        _letters(_row(list(range(len(TITLE)))[::-1])),
    ),
    _drawn("letters among others", "Another line's letters stand between the title's.", _interleaved(first=True)),
    _drawn(
        "letters among earlier ones",
        "The title's letters stand between those of another line.",
        _interleaved(first=False),
    ),
    _drawn("lines on each other", "The title's lines are printed on each other.", _lines(0)),
    _drawn("lines nearly on each other", "The title's lines overlap by half.", _lines(5)),
    _drawn("title crossed out", "The title is scribbled over in its own colour.", text(TITLE) + _SCRIBBLE),
    _drawn("title on a scribble", "The title is printed on a scribble of its own colour.", _SCRIBBLE + text(TITLE)),
    _drawn(
        "title under another text",
        "Another line is printed on the title.",
        text(TITLE) + text("Quite Another Paper on Some Different Things, and Nothing Like That Other One", x=42),
    ),
    _drawn(
        "title on another text",
        "The title is printed on another line.",
        text("Quite Another Paper on Some Different Things, and Nothing Like That Other One", x=42) + text(TITLE),
    ),
    _drawn(
        "title on black squares",
        "The title is printed on a chequered ground.",
        "0 g "
        + " ".join(f"{40 + 5 * (i // 4)} {776 + 5 * (i % 4)} 3 3 re f" for i in range(440))
        + text(TITLE, size=12),
    ),
    _forged(
        "title in a faint pattern",
        "The title is painted with a pattern of paper's colour.",
        _painted(b"0.95 g 0 0 4 4 re f"),
    ),
    _forged(
        "title in a dotted pattern", "The title is painted with a dot here and there.", _painted(b"0 g 0 0 .4 .4 re f")
    ),
    _forged("title nearly transparent", "The title is opaque by a tenth.", _state(text(TITLE), ca=0.1)),
    _forged(
        "title screened away",
        "A blend mode lightens the title to nothing.",
        _state("1 1 1 rg " + text(TITLE), BM=Name.Screen),
    ),
    _forged("title behind a soft mask", "A soft mask takes the title away.", _masked(b"0 g 0 0 612 842 re f")),
    _forged("title behind a mask of alpha", "A soft mask lets nothing of the title through.", _masked(b"", Name.Alpha)),
    stolen(
        "title through a mask of alpha",
        "A soft mask lets all of the title through, as in a publisher's watermark: no forgery.",
        _masked(b"1 g 0 0 612 842 re f", Name.Alpha),
        VALID,
    ),
    _forged("title of blocks", "The font's glyphs are all the same block.", one_glyph(_BLOCK)),
    _forged("title by an annotation's blending", "An annotation makes a pale title dark.", _burnt),
    _drawn(
        "title turned a little",
        "The title climbs at 40 degrees.",
        text(TITLE).replace("40 780 Td", ".77 .64 -.64 .77 40 200 Tm"),
    ),
    _drawn("title stretched", "The title's letters are wide bars.", text(TITLE, size=2.4, before="900 Tz", y=700)),
    _drawn(
        "title falling apart",
        "Each letter is raised a little above the one before.",
        _letters([(40 + 5 * i, 300 + 5 * i) for i in range(len(TITLE))]),
    ),
    _drawn(
        "title with wide gaps",
        "Two letters' room is left between letters, as for a row of dots.",
        _letters(_row(step=7), 2.6),
    ),
)
