"""What of a line is seen is told quickly for most characters: the quick way and the definition must agree."""

from __future__ import annotations

import random

import pytest

from pithtex.pdf.text.layers import Boxes
from pithtex.pdf.text.pairs import Pair

WIDTH, HEIGHT = 120, 40
SHAPES = (
    lambda x, y, chance: chance.random() < 0.3,
    lambda x, y, chance: x % 6 == 3,  # stems
    lambda x, y, chance: y == 20,  # a slit, or a dash
    lambda x, y, chance: x < 60 and chance.random() < 0.6,
    lambda x, y, chance: (x + y) % 9 == 0,
    lambda x, y, chance: False,
)


def boxes(chance: random.Random) -> Boxes:
    """Of twelve characters, some narrow, some flat."""
    lefts = [2 + 9 * place for place in range(12)]
    rights = [left + chance.choice((1, 3, 6, 9)) for left in lefts]
    tops = [chance.choice((8, 9, 12, 19)) for _ in lefts]
    bottoms = [top + chance.choice((1, 2, 11, 20)) for top in tops]
    return Boxes(lefts, tops, rights, bottoms, (min(lefts), min(tops), max(rights), max(bottoms)))


@pytest.mark.parametrize("shape", range(len(SHAPES)))
@pytest.mark.parametrize("ground", [255, 200])
def test_what_is_told_at_once_is_what_the_definition_says(shape: int, ground: int) -> None:
    chance = random.Random(shape)
    seen = set[int]()
    for _ in range(30):
        without = bytearray([ground]) * (WIDTH * HEIGHT)
        full = bytearray(without)
        for at in range(len(full)):
            if SHAPES[shape](at % WIDTH, at // WIDTH, chance):
                full[at] = chance.choice((0, 90, ground - 30))
        pair, line = Pair(full, without, WIDTH), boxes(chance)
        painted, _ = pair.look(line)
        assert list(painted) == [pair._differs(*box) for box in zip(*line[:4], strict=True)]
        seen |= set(painted)
    assert seen == ({0} if shape == len(SHAPES) - 1 else {0, 1})


def test_a_line_that_is_faint_or_black_is_not_read() -> None:
    """One of black type is; whichever rows have it."""
    line = boxes(random.Random(1))
    for grey, share, read in ((0, 0.3, True), (255 - 50, 0.3, False), (0, 0.9, False)):
        chance = random.Random(2)
        white = bytearray(b"\xff") * (WIDTH * HEIGHT)
        full = bytearray(grey if chance.random() < share else 255 for _ in white)
        assert Pair(full, white, WIDTH).look(line)[1] is read
    for row in (20, 21):
        full = bytearray(white)
        full[row * WIDTH : (row + 1) * WIDTH] = bytes(WIDTH)
        assert Pair(full, white, WIDTH).look(line)[1]
