"""Which drawing of a page stands in which: whether that ends, and how large and where pictures come to be."""

from __future__ import annotations

import math
from typing import Final

from pikepdf import Matrix

from pithtex.findings import Rect
from pithtex.pdf.appearance.syntax import AS_LINE, LEAST_SIDE, MOST_PLACED
from pithtex.pdf.untrusted import OddError

Key = tuple[int, int]
"""Of an object: its number and generation."""
PAGE_ITSELF: Final[Key] = (0, 0)
_MAX_NESTING: Final = 12
"""Forms in forms, with the states, fonts and patterns between them."""
_BLOWN_UP: Final = 10.0
"""Points of a pixel between which and the next some readers draw colours that are in neither."""
_UNIT: Final[Rect] = (0.0, 0.0, 1.0, 1.0)
"""In which a picture is (8.9.5.1)."""


class Nesting:
    """The drawings of a page.

    Attributes:
        unsure: where pictures are that readers draw in different colours; known after `check`.
    """

    def __init__(self) -> None:
        self.unsure: list[Rect] = []
        self._inside: dict[Key, dict[Key, tuple[float, float]]] = {}
        self._smooth: dict[Key, bool] = {}
        self._unlike: set[Key] = set()
        self._placed: dict[Key, list[tuple[Key, Matrix, list[Matrix]]]] = {}

    def meet(self, owner: Key, part: Key) -> None:
        """Notes that a part stands in a drawing."""
        self._inside.setdefault(owner, {}).setdefault(part, (1.0, 1.0))

    def place(self, owner: Key, part: Key, sides: tuple[float, float], own: Matrix, placed: list[Matrix]) -> None:
        """Notes how a part is drawn.

        Args:
            owner: the drawing that draws it.
            part: the form or the picture.
            sides: by how many times it is enlarged at least, along one side, and at most; of a picture the least side,
                and the largest of a pixel.
            own: a form's own matrix.
            placed: the change of coordinates of each time.
        """
        self._inside[owner][part] = sides
        self._placed.setdefault(part, []).append((owner, own, placed))

    def picture(self, part: Key, *, smooth: bool, alike: bool) -> None:
        """Notes that a part is a picture, whether it is smoothed, and whether all readers draw it alike."""
        self._smooth[part] = smooth
        if not alike:
            self._unlike.add(part)

    def check(self) -> None:
        """Checks that what is drawn in other drawings ends, and not too deep: readers stop at depths of their own.

        And that pictures in them are neither lines nor blown up to blots.

        Raises:
            OddError: it is not so; or a picture that readers draw in different colours is nobody knows where.
        """
        level, depth = {PAGE_ITSELF: (1.0, 1.0)}, 0
        while level:
            below: dict[Key, tuple[float, float]] = {}
            for key, (least, most) in level.items():
                for inner, (less, more) in self._inside.get(key, {}).items():
                    before = below.get(inner, (math.inf, 0.0))
                    below[inner] = min(before[0], least * less), max(before[1], most * more)
            level = below
            depth += 1
            if depth > _MAX_NESTING:
                raise OddError("drawings are nested too deeply, or endlessly")
            for key in self._smooth.keys() & level.keys():
                self._check_size(key, *level[key])
        for key in self._unlike:
            self._find(key, _UNIT)

    def _check_size(self, key: Key, least: float, most: float) -> None:
        if least < LEAST_SIDE:
            raise OddError(AS_LINE)
        if self._smooth[key] and most > _BLOWN_UP:
            raise OddError("a small picture is blown up, and readers smooth it in different ways")

    def _find(self, key: Key, area: Rect) -> None:
        """Finds where on the page an area of a drawing is: not in a pattern, a glyph, an annotation or a mask."""
        if key == PAGE_ITSELF:
            self.unsure.append(area)
            return
        placed = self._placed.get(key, [])
        if not placed or len(self.unsure) > MOST_PLACED or max(len(each) for _, _, each in placed) > MOST_PLACED:
            raise OddError("a picture that readers draw in different colours is in a pattern, or in many places")
        for owner, own, each in placed:
            for matrix in each:
                self._find(owner, _box(area, own @ matrix))


def _box(area: Rect, matrix: Matrix) -> Rect:
    """Returns the upright rectangle around an area whose coordinates are changed."""
    left, bottom, right, top = area
    corners = [matrix.transform(corner) for corner in ((left, bottom), (right, bottom), (left, top), (right, top))]
    across, up = zip(*corners, strict=True)
    return min(across), min(up), max(across), max(up)
