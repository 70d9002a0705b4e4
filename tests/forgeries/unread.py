"""Stolen badges on pages whose words are not text: drawn as paths, in pictures, or in glyphs without Unicode."""

from __future__ import annotations

import math

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.kit import TITLE, Forge, Forgery, all_of, draw, edited, stolen, text

UNBOUND, VALID, NOT_SHOWN = Word.UNBOUND, Word.VALID, "title-not-shown"
_SIZE = 14


def _raster(words: str) -> Image.Image:
    font = ImageFont.load_default()
    left, top, right, bottom = font.getbbox(words)
    picture = Image.new("1", (int(right - left), int(bottom - top)), 1)
    ImageDraw.Draw(picture).text((-left, -top), words, fill=0, font=font)
    return picture


def outlines(words: str, x: float, y: float, height: float, colour: str = "0 g") -> str:
    """Words as paths: a rectangle for each dot of a small font."""
    picture = _raster(words)
    step = height / picture.height
    dots = [(c, r) for r in range(picture.height) for c in range(picture.width) if not picture.getpixel((c, r))]
    shapes = " ".join(f"{x + step * c:g} {y + height - step * (r + 1):g} {step:g} {step:g} re" for c, r in dots)
    return f"q {colour} {shapes} f Q"


def pictured(words: str, x: float, y: float, height: float) -> Forge:
    """Words as a picture."""

    def forge(pdf: pikepdf.Pdf) -> None:
        picture = _raster(words).convert("L")
        made = pdf.make_stream(
            picture.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        pdf.pages[0].add_resource(made, Name.XObject, Name("/PithWords"))
        draw(f"q {height * picture.width / picture.height:g} 0 0 {height:g} {x:g} {y:g} cm /PithWords Do Q")(pdf)

    return forge


def codes(words: str, x: float, y: float, height: float) -> Forge:
    """Words in a Type 3 font whose codes stand for nothing."""

    def forge(pdf: pikepdf.Pdf) -> None:
        letters = sorted(set(words))
        glyphs = {
            f"/g{place}": pdf.make_stream(f"800 0 0 0 800 1000 d1 {outlines(letter, 0, 0, 900, '')}".encode())
            for place, letter in enumerate(letters)
        }
        differences = Array([1, *(Name(key) for key in glyphs)])
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(glyphs), FirstChar=1,
            LastChar=len(letters), Widths=Array([800] * len(letters)),
            Encoding=Dictionary(Type=Name.Encoding, Differences=differences),
        )  # fmt: skip
        pdf.pages[0].add_resource(font, Name.Font, Name("/PithCodes"))
        shown = "".join(f"{letters.index(letter) + 1:02X}" for letter in words)
        draw(f"BT /PithCodes {height} Tf {x} {y} Td <{shown}> Tj ET")(pdf)

    return forge


def _beside(name: str, attack: str, *forges: Forge, y: float = 740) -> Forgery:
    """A thief's paper with the title on it, and words that are not text."""
    return stolen(name, attack, all_of(draw(text(TITLE, y=y)), *forges), UNBOUND, NOT_SHOWN)


_ABOVE = {"x": 42.0, "y": 766.0, "height": 13.0}


def _turned(name: str, attack: str, words: str, size: int, angle: int, x: int, y: int) -> Forgery:
    """The title, and words that run in another direction."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    placed = f" q BT /PithA {size} Tf {cos:.3f} {sin:.3f} {-sin:.3f} {cos:.3f} {x} {y} Tm ({words}) Tj ET Q"
    return stolen(name, attack, draw(text(TITLE, y=700) + placed), UNBOUND, NOT_SHOWN)


FORGERIES = (
    _beside(
        "comment in outlines", '"Comment on" above the title is drawn as paths.', draw(outlines("Comment on", **_ABOVE))
    ),
    _beside("comment in a picture", '"Comment on" above the title is a picture.', pictured("Comment on", **_ABOVE)),
    _beside(
        "comment in codes",
        '"Comment on" above the title is in codes that stand for nothing.',
        codes("Commenton", **_ABOVE),
    ),
    _beside(
        "comment in white on a banner",
        '"Comment on" above the title is drawn in white on a dark ground.',
        draw("0 0 0.5 rg 30 762 540 22 re f " + outlines("Comment on", **_ABOVE, colour="1 g")),
    ),
    _beside(
        "comment in outlines further above",
        '"Comment on" stands two lines above.',
        draw(outlines("Comment on", 42, 664, 13)),
        y=620,
    ),
    _beside(
        "reply in outlines to the left",
        '"Reply to:" stands in the title\'s row, as paths.',
        draw(outlines("Reply", 2, 741, 10)),
    ),
    _beside(
        "withdrawn in outlines to the right",
        '"Withdrawn" stands in the title\'s row, as paths.',
        draw(outlines("(no)", 560, 741, 10)),
    ),
    _beside(
        "the thief's own title in outlines",
        "The thief's own title is drawn above, in larger type.",
        draw(outlines("Against Segments", 60, 775, 26)),
        y=735,
    ),
    _beside(
        "the thief's own title in a picture",
        "The thief's own title is a picture above, in larger type.",
        pictured("Against Segments", 60, 775, 26),
        y=735,
    ),
    _beside(
        "the thief's own title in outlines at the edge",
        "The thief's own title is drawn far above, at the page's upper edge.",
        draw(outlines("Against the Segments of Caches", 60, 765, 17)),
        y=640,
    ),
    _beside(
        "the thief's own title in outlines below",
        "It is drawn below the title, in larger type.",
        draw(outlines("Against the Segments of Caches", 60, 640, 17)),
    ),
    _beside(
        "the thief's own title in huge outlines",
        "Two words are drawn across the page.",
        draw(outlines("Against Caches", 40, 700, 50)),
        y=600,
    ),
    _beside(
        "the thief's own title in outlines above a head",
        "It is drawn as large as the title, and the line of a journal's name and year stands between.",
        draw(outlines("Against the Segments of Caches", 60, 760, 17) + text("Physics Notes 3 (2026)", size=8, y=745)),
        y=700,
    ),
    stolen(
        "title as a watermark",
        "The title is a pale grey line above the paper's own.",
        draw("0.83 g " + text(TITLE)),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "comment in a pale colour",
        '"Comment on" stands in grey above the title.',
        draw("0.75 g " + text("Comment on", y=766) + " 0 g " + text(TITLE, y=740)),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "the thief's own title in a pale colour",
        "The thief's own title stands in grey above the title.",
        draw("0.75 g " + text("Against the Segments of Caches", y=766) + " 0 g " + text(TITLE, y=720)),
        UNBOUND,
        NOT_SHOWN,
    ),
    _turned("comment up the margin", '"Comment on" runs upwards beside the title.', "Comment on", 18, 90, 30, 640),
    _turned("debunked up the other margin", '"Debunked" runs upwards at the right.', "Debunked", 24, 90, 605, 640),
    _turned("comment at a slant", '"Comment on" stands at a slant above the title.', "Comment on", 22, 15, 200, 725),
    _turned("words at a slant", "Words stand at a slant above the title.", "Why Nobody Needs", 22, 15, 200, 725),
    _turned("comment upside down", '"Comment on" stands on its head above it.', "Comment on", 22, 180, 330, 735),
    _turned("refuted at a slant", "A large word stands at a slant below the title.", "REFUTED", 40, 25, 200, 590),
    stolen(
        "manuscript up the margin",
        "What kind of manuscript it is runs upwards in the margin: no forgery.",
        draw(text(TITLE, y=700) + " q BT /PithA 24 Tf 0 1 -1 0 30 400 Tm (Accepted Manuscript) Tj ET Q"),
        VALID,
    ),
    stolen(
        "refuted in the title's row",
        '"Refuted" stands to the right of the title, in other type.',
        draw(text(TITLE, size=14) + " " + text("refuted", size=12, x=470)),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "title in a pale colour",
        "The title is in a light yellow.",
        draw("1 0.9 0.3 rg " + text(TITLE)),
        UNBOUND,
        NOT_SHOWN,
    ),
    edited(
        "logo at the upper edge",
        "A logo with letters stands at the page's upper edge: no forgery.",
        draw(outlines("PRESS", 60, 800, 20)),
        VALID,
    ),
    edited(
        "publisher's name in a picture",
        "It stands to the left of the line of the journal's name and year: no forgery.",
        all_of(pictured("PUBLISHER", 110, 735, 10), draw(text("Physics Notes 3 (2026) 1 - 12", size=8, x=260, y=735))),
        VALID,
    ),
)
