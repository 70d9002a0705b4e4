"""The badge in the styles of shields.io, at their metrics, so that it stands in a row with others as one of them.

Heights, margins, gradients, shadows and the widths of letters are those of badge-maker 5.0.2 (shields.io, CC0), which
measures Verdana; a test compares. What they have no place for is ours: the mark, and a third part that says what is
said against the paper, in a colour of its own.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Final

from markupsafe import Markup

from pithtex.render.snippets.html import rendered
from pithtex.render.statement import Statement
from pithtex.structs import struct

LABEL: Final = "pith"
_PAD: Final = 5
"""Left and right of each text, and left of the mark."""
MARK_SIDE: Final = 14
_MARK_GAP: Final = 3
_WIDE_PAD: Final = 12
_WIDE_MARK: Final = 9
_WIDE_GAP: Final = 6
_SPACING: Final = 1.25
"""Of the letters of `for-the-badge`, in pixels."""

COLOURS: Final = {"label": "#555", "plain": "#1f5f99", "quiet": "#6a737d", "grave": "#a40e26", "changed": "#7a4a00"}
"""Grounds of white letters: all have a contrast of 4.5 : 1 or more with them."""


@struct
class Style:
    """What tells a style from the others."""

    height: int
    baseline: int
    """Of the text, in tenths of a pixel."""
    radius: int
    """Of the corners."""
    gradient: tuple[tuple[str, str, str], ...] = ()
    """Stops: offset, colour, opacity. A style with one has shadows below its letters."""


WIDE: Final = "for-the-badge"
"""The style in capitals."""
_SHADE: Final = (("0", "#bbb", ".1"), ("1", "#000", ".1"))
_GLOSS: Final = (("0", "#fff", ".7"), (".1", "#aaa", ".1"), (".9", "#000", ".3"), ("1", "#000", ".5"))
STYLES: Final = {
    "flat": Style(height=20, baseline=140, radius=3, gradient=_SHADE),
    "flat-square": Style(height=20, baseline=140, radius=0),
    "plastic": Style(height=18, baseline=130, radius=4, gradient=_GLOSS),
    WIDE: Style(height=28, baseline=175, radius=0),
}


@struct
class Segment:
    """One part of a badge: a ground, and a text on it. Lengths of the text are in tenths of a pixel, as it is drawn."""

    x: float
    width: float
    role: str
    """One of `COLOURS`."""
    text: str
    middle: float
    length: float
    bold: bool = False

    @property
    def colour(self) -> str:
        """Of the ground."""
        return COLOURS[self.role]


def badge(statement: Statement) -> bytes:
    """Returns the badge in the style that is asked for: the mark, the paper's name, what is said against the paper."""
    look = statement.look
    message = " · ".join(filter(None, (statement.shown, statement.checked_text)))
    parts = [(LABEL, "label"), (message, "quiet" if statement.mark else "plain")]
    if statement.mark:
        parts.append((statement.mark, statement.tone))
    wide, style = look.style == WIDE, STYLES[look.style]
    segments = segments_of(parts, look.style)
    said = ", ".join(filter(None, (statement.stated, statement.checked_text)))
    return rendered(
        "shield.svg.j2",
        badge=statement,
        style=style,
        segments=segments,
        width=number(segments[-1].x + segments[-1].width),
        mark=(number(_WIDE_MARK if wide else _PAD), number((style.height - MARK_SIDE) / 2)),
        size="100" if wide else "110",
        crisp=style.radius == 0,
        description=said,
        id=f"pith-{statement.suffix[:8]}",
        number=number,
    )


def segments_of(parts: list[tuple[str, str]], style: str) -> list[Segment]:
    """Parts of a badge, from the left, the first with the mark: each a text and a role."""
    return _wide(parts) if style == WIDE else _narrow(parts)


def _narrow(parts: list[tuple[str, str]]) -> list[Segment]:
    """Parts of a badge whose letters are 11 pixels high."""
    segments: list[Segment] = []
    x = 0.0
    for index, (text, role) in enumerate(parts):
        measured = _odd(_measured(text, "11"))
        mark = 0 if index else MARK_SIDE + _MARK_GAP
        margin = x - 1 if index else mark + 1
        wide = measured + 2 * _PAD + mark
        middle = margin + measured / 2 + _PAD
        segments.append(Segment(x=x, width=wide, role=role, text=text, middle=10 * middle, length=10 * measured))
        x += wide
    return segments


def _wide(parts: list[tuple[str, str]]) -> list[Segment]:
    """Parts of `for-the-badge`: capitals of 10 pixels, with space between them."""
    segments: list[Segment] = []
    x = 0.0
    for index, (text, role) in enumerate(parts):
        capitals = text.upper()
        measured = int(_measured(capitals, "bold 10" if index else "10")) + _SPACING * len(capitals)
        left = _WIDE_PAD if index else _WIDE_MARK + MARK_SIDE + _WIDE_GAP
        wide, middle = left + measured + _WIDE_PAD, x + left + measured / 2
        segments.append(
            Segment(x=x, width=wide, role=role, text=capitals, middle=10 * middle, length=10 * measured, bold=index > 0)
        )
        x += wide
    return segments


def _odd(wide: float) -> int:
    """Returns an odd whole number of pixels, so that letters meet the pixel grid."""
    return int(wide) | 1


def _measured(text: str, font: str) -> float:
    """Returns the width of a line in Verdana; a letter that was not measured counts as an m."""
    widths = _widths()[font]
    return sum(widths.get(char, widths["m"]) for char in text)


@cache
def _widths() -> dict[str, dict[str, float]]:
    text = resources.files("pithtex.render.pictures").joinpath("font/verdana.json").read_text("utf-8")
    widths: dict[str, dict[str, float]] = json.loads(text)
    return widths


def number(value: float) -> Markup:
    """Returns a length as SVG has it: to a hundredth, without zeros at its end."""
    return Markup(f"{value:.2f}".rstrip("0").rstrip("."))  # noqa: S704 - digits and a point
