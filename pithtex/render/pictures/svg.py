"""The card: the record at length, as a drawing. Each text states its width, so that no font moves it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from pithtex.render.pictures.metrics import FAMILY, width, wrap
from pithtex.render.snippets.html import rendered
from pithtex.render.statement import Statement
from pithtex.structs import struct

_CARD_WIDTH: Final = 440.0
_CARD_PAD: Final = 18.0
_TITLE_LINES: Final = 3
_FILLS: Final = {
    "grave": "#a40e26",
    "changed": "#7a4a00",
    "alarm": "#a40e26",
    "bar": "#1f5f99",
    "card": "#ffffff",
    "accent": "#1f5f99",
    "title": "#1b2128",
    "muted": "#57606a",
}
_STROKES: Final = {"card": "#c6ccd2", "proven": "#1f5f99", "claimed": "#57606a", "against": "#a40e26"}
"""On light pages; the template has the colours for dark ones. A test measures the contrast of all."""

_BARS: Final = {"grave": "grave", "changed": "changed", "plain": "bar"}
"""Tone of the paper's standing to the card's bar."""
_MARKS: Final = 3
"""Combining marks kept on one letter: more of them would be painted over the lines above."""
_UNUSUAL: Final = re.compile("[^\x00-\u02ff\u2010-\u2060]")
"""Where combining marks can be; most titles are settled by it."""


@struct
class Text:
    """One line of text: its box is exact, whatever font the reader has."""

    x: float
    """Of its left end, or of its middle where it runs from right to left: not all programs know an end of that."""
    y: float
    """Of the baseline."""
    size: float
    width: float
    text: str
    role: str
    rtl: bool = False

    @property
    def attributes(self) -> Markup:
        """Returns all of it but the text: numbers, and names of ours."""
        turned = ' direction="rtl" text-anchor="middle"' if self.rtl else ""
        return Markup(  # noqa: S704 - nothing of a record's is in it
            f'class="pith-{self.role}" x="{_number(self.x)}" y="{_number(self.y)}" font-size="{_number(self.size)}" '
            f'fill="{_FILLS[self.role]}" textLength="{_number(self.width)}" lengthAdjust="spacingAndGlyphs"{turned}'
        )


@struct
class Shape:
    """A filled or outlined path."""

    path: str
    role: str

    @property
    def attributes(self) -> Markup:
        """Returns all of it: numbers, and names of ours."""
        stroke = f' stroke="{_STROKES[self.role]}"' if self.role in _STROKES else ""
        dashes = ' stroke-dasharray="3 2"' if self.role == "claimed" else ""
        fill = _FILLS.get(self.role, "none")
        return Markup(f'class="pith-{self.role}" d="{self.path}" fill="{fill}"{stroke}{dashes}')  # noqa: S704 - as above


@struct
class Drawing:
    """What the template draws, in pixels."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    texts: tuple[Text, ...]
    description: str


def card(statement: Statement) -> bytes:
    """Returns the card: number, title, source, date, status words, and what was checked where that is asked for."""
    room = _CARD_WIDTH - 2 * _CARD_PAD
    texts = [_line(statement.number, 29, 13, "accent")]
    y = 33.0
    for index, line in enumerate(wrap(_said(statement), 14, room, _TITLE_LINES) if statement.mark else ()):
        y += 22 if index == 0 else 18
        texts.append(_line(line, y, 14, "alarm"))
    for line in wrap(_calm(statement.label), 15, room, _TITLE_LINES):
        y += 21
        texts.append(_line(line, y, 15, "title"))
    dated = f"{statement.source} · version 1 of {statement.date}"
    y += 23
    texts.extend(_line(line, y + 16 * index, 12, "muted") for index, line in enumerate(wrap(dated, 12, room, 1)))
    shapes: list[Shape] = []
    words = list(_words(statement))
    if words:
        y = _pills(words, y + 11, shapes, texts)
    for line in filter(None, (statement.freshness, statement.checked_text)):
        y += 20
        texts.append(_line(line, y, 12, "muted"))
    height = y + 17
    frame = [
        Shape(path=_rounded(0.5, 0.5, _CARD_WIDTH - 1, height - 1, (6, 6)), role="card"),
        Shape(
            path=_rounded(0.5, 0.5, 5, height - 1, (5, 0)),
            role=_BARS[statement.tone],
        ),
    ]
    said = (*filter(None, (_said(statement),)), dated, *(text for text, _ in words), statement.freshness)
    said += (statement.checked_text,) if statement.checked_text else ()
    drawing = Drawing(
        width=_CARD_WIDTH,
        height=height,
        shapes=(*frame, *shapes),
        texts=tuple(texts),
        description=", ".join((statement.number, *said)),
    )
    return _draw(drawing, statement)


def _draw(drawing: Drawing, statement: Statement) -> bytes:
    size = _number(drawing.width), _number(drawing.height)
    name = f"pith-{statement.suffix[:8]}"
    ids = [f"{name}-title", f"{name}-desc"] if drawing.description else [f"{name}-title"]
    return rendered(
        "drawing.svg.j2", drawing=drawing, badge=statement, family=FAMILY, size=size, ids=ids, named_by=" ".join(ids)
    )


def _said(statement: Statement) -> str:
    """Returns what is said against the paper, and the signer's words for it."""
    return ": ".join(filter(None, (statement.mark, _calm(statement.reason))))


def _words(statement: Statement) -> Iterator[tuple[str, str]]:
    """Status words as they are shown, and the frame of each: what it rests on, or that it is against the paper."""
    against = {item.says.value for item in statement.standing.against}
    for word in statement.words:
        yield word, "against" if word in against else "proven"
    for word in statement.claims.words if statement.claims else ():
        yield f"claimed: {word}", "claimed"


_INKS: Final = {"against": "alarm", "proven": "accent", "claimed": "muted"}


def _pills(words: list[tuple[str, str]], y: float, shapes: list[Shape], texts: list[Text]) -> float:
    """Draws each word in a frame of its own, in as many rows as needed; returns the lower end."""
    x = _CARD_PAD
    for word, frame in words:
        wide = width(word, 11) + 14
        if x + wide > _CARD_WIDTH - _CARD_PAD and x > _CARD_PAD:
            x, y = _CARD_PAD, y + 24
        shapes.append(Shape(path=_rounded(x, y, wide, 19, (9, 9)), role=frame))
        texts.append(Text(x=x + 7, y=y + 13.5, size=11, width=wide - 14, text=word, role=_INKS[frame]))
        x += wide + 8
    return y + 19


def _line(text: str, y: float, size: float, role: str) -> Text:
    """Returns a line of the card, at the side where its script begins."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}), "L")
    rtl = strong != "L"
    wide = width(text, size)
    x = _CARD_WIDTH - _CARD_PAD - wide / 2 if rtl else _CARD_PAD
    return Text(x=x, y=y, size=size, width=wide, text=text, role=role, rtl=rtl)


def _calm(text: str) -> str:
    """Text without what could be painted over its neighbours: piles of combining marks."""
    if not _UNUSUAL.search(text):
        return text
    kept: list[str] = []
    run = 0
    for char in text[:2_000]:
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if run <= _MARKS:
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=1024)
def _rounded(x: float, y: float, wide: float, high: float, radii: tuple[float, float]) -> str:
    """Returns a rectangle with corners of these radii on its left and right side."""
    left, right = radii
    ends = (
        (right, f"H{_number(x + wide - right)}", f"{_number(right)} {_number(right)}"),
        (right, f"V{_number(y + high - right)}", f"-{_number(right)} {_number(right)}"),
        (left, f"H{_number(x + left)}", f"-{_number(left)} -{_number(left)}"),
        (left, f"V{_number(y + left)}", f"{_number(left)} -{_number(left)}"),
    )
    sides = (f"{to}a{_number(r)} {_number(r)} 0 0 1 {arc}" if r else to for r, to, arc in ends)
    return f"M{_number(x + left)} {_number(y)}{''.join(sides)}z"


@lru_cache(maxsize=4096)
def _number(value: float) -> str:
    """To a hundredth of a pixel."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
