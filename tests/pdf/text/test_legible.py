from __future__ import annotations

import pytest

from pithtex.pdf.text.chars import Letters
from pithtex.pdf.text.legible import crowded, disturbed
from pithtex.pdf.text.styles import Style

WHITE, BLACK = 255, 0


def run(word: str, *, advance: float, width: float = 5.0, angle: float = 0) -> Letters:
    style = Style(0, True, False, True, 10, "Font", angle)
    boxes = [(advance * place, 0.0, advance * place + width, 7.0) for place in range(len(word))]
    if angle == 90:
        boxes = [(y0, x0, y1, x1) for x0, y0, x1, y1 in boxes]
    left, bottom, right, top = map(list, zip(*boxes, strict=True))
    return Letters(list(word), left, bottom, right, left, bottom, right, top, [style] * len(word), [0] * len(word))


@pytest.mark.parametrize("angle", [0, 90])
@pytest.mark.parametrize(
    ("advance", "expected"), [(6, False), (4.5, False), (3, True), (1, True), (0, True), (-6, True)]
)
def test_letters_on_each_other(advance, expected, angle):
    assert crowded(run("Paper", advance=advance, angle=angle)) is expected


@pytest.mark.parametrize("word", ["\u05d0\u05d1\u05d2\u05d3", "\u0627\u0628\u062a\u062b", "^^^^", "ffiffl"])
def test_what_may_stand_so(word):
    """Scripts that run to the left, accents, and the letters of ligatures."""
    assert not crowded(run(word, advance=0))


def rows(*strips: str) -> list[bytes]:
    return [bytes(BLACK if dot == "#" else WHITE for dot in strip) for strip in strips]


LINE = rows("          ", " ##  ##   ", " ##  ##   ", " ##  ##   ", "          ", "          ")
EMPTY = rows(*["          "] * 6)
RULE = rows(*["          "] * 5, "##########")
LETTERS = rows("          ", "   #   ## ", "   #   ## ", "   #   ## ", "          ", "          ")
HATCH = rows(*["# # # # # "] * 6)


def both(one: list[bytes], other: list[bytes]) -> list[bytes]:
    return [bytes(map(min, zip(p, q, strict=True))) for p, q in zip(one, other, strict=True)]


@pytest.mark.parametrize(
    ("ground", "expected"), [(EMPTY, False), (RULE, True), (LETTERS, True), (HATCH, True), (LINE, False)]
)
def test_what_else_is_drawn_in_a_lines_place(ground, expected):
    """A rule under so flat a line takes a sixth; the same line again is bold type."""
    assert disturbed(both(LINE, ground), ground, [(1, 3), (5, 7)], 40) is expected


def test_a_ground_of_one_grey_is_no_disturbance():
    ground = [b"\x40" * 10] * 6
    assert not disturbed(both(LINE, ground), ground, [(1, 3), (5, 7)], 40)
