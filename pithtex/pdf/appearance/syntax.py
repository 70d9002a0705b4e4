"""The content of pages, forms, patterns and glyphs: statements in their order, and what follows from them for readers.

What a statement is says `statements`. Here is what its operators lead to: states that are saved and restored, colours,
what is drawn with a text state that some readers forget, and the box of a glyph.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.appearance.colours import numbers
from pithtex.pdf.appearance.statements import (
    NEVER,
    PAGE,
    RULES,
    OddContentError,
    form_of,
    inline_picture,
    statement_at,
)

_RESOURCES: Final = {
    b"gs": "/ExtGState", b"Do": "/XObject", b"sh": "/Shading", b"Tf": "/Font", b"cs": "/ColorSpace",
    b"CS": "/ColorSpace", b"scn": "/Pattern", b"SCN": "/Pattern",
}  # fmt: skip
_FILL: Final = {b"g": b"DeviceGray", b"rg": b"DeviceRGB", b"k": b"DeviceCMYK", b"cs": b""}
_STROKE: Final = {b"G": b"DeviceGray", b"RG": b"DeviceRGB", b"K": b"DeviceCMYK", b"CS": b""}
_SHARES: Final = frozenset({b"DeviceGray", b"DeviceRGB", b"DeviceCMYK"})
"""Whose components are shares (8.6.4): beyond them some readers compute with what they get."""
_ROUNDED: Final = 0.01
_INKS: Final = frozenset({b"k", b"K"})
_PAINTING: Final = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"Tj", b"TJ", b"'", b'"'})
_STROKING: Final = frozenset({b"S", b"s", b"B", b"B*", b"b", b"b*"})
_FILLING: Final = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_SETS: Final = {b"w": "width", **dict.fromkeys((b"g", b"rg", b"k", b"sc", b"scn"), "colour")}
_COLOURED: Final = 2
"""Operands of `d0`, with which a glyph that has colours of its own begins."""
_MAX_STATES: Final = 20
"""Named one after the other; the last ones decide."""
_COLOURS: Final = frozenset({*_FILL, *_STROKE, b"sc", b"scn", b"SC", b"SCN"})
_MARKS: Final = frozenset({b"BMC", b"BDC"})
_NESTING: Final = _MARKS | {b"q", b"Q", b"EMC"}
_GLYPH: Final = frozenset({b"d0", b"d1"})
_CHOICES: Final = {b"J": b"0 1 2".split(), b"j": b"0 1 2".split(), b"Tr": b"0 1 2 3 4 5 6 7".split()}
"""Operands that are one of a few digits (tables 54, 55, 106)."""
_POINTS: Final = frozenset({b"m", b"l", b"c", b"v", b"y", b"re"})
_FARTHEST: Final = 1e6
"""Points: cairo's coordinates overflow at 2 ** 23 pixels."""
_LARGE: Final = pattern(rb"\d{4}")
"""In a number that is far away where things are drawn as much enlarged as is allowed."""
_FAR: Final = pattern(rb"\d{7}")
_ENLARGED: Final = 900.0
_CLIPPING: Final = _CHOICES[b"Tr"][4:]
"""Rendering modes that make letters a clipping path, from the end of the text object on (table 106)."""
_TEXTS: Final = frozenset({b"BT", b"ET"})
_LENGTHS: Final = frozenset({b"w", b"M", b"d", b"i"})
"""Operators whose operands are never negative."""
_FORGOTTEN: Final = {b"Tz": 100.0, b"Ts": 0.0, b"TL": 0.0}
"""Of the text state what some readers do not pass on to a form, with the initial values (table 103)."""
_SHOWING: Final = {
    **dict.fromkeys((b"Tj", b"TJ"), frozenset({b"Tz", b"Ts"})),
    **dict.fromkeys((b"'", b'"'), frozenset(_FORGOTTEN)),
    b"T*": frozenset({b"TL"}),
}
"""What operators that show text take of it."""
_SETTING: Final = {b"TD": b"TL"}
"""What sets the same, by its last operand (table 108)."""
_FOLLOWED: Final = frozenset({*_FORGOTTEN, *_SETTING, b"cm", b"Do"})
_NOTED: Final = frozenset({*_RESOURCES, *_COLOURS, *_NESTING, *_GLYPH, *_CHOICES, *_LENGTHS, *_FOLLOWED, b"DP"})
"""Operators of which more is to be known than that they are well-formed."""
_PLACING: Final = frozenset({
    b"q", b"Q", b"cm", b"m", b"l", b"c", b"v", b"y", b"re", b"BI", b"Do", b"sh", b"BT",
})  # fmt: skip
_Saved = tuple[
    bytes, bytes, tuple[bytes, ...], bytes | None, frozenset[tuple[bool, bytes]], frozenset[bytes], bool, bool, float
]
_AS_IS: Final[tuple[float, ...]] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LEAST_AREA: Final = 1e-12
"""Of what a matrix makes of a unit's square; readers compute with some seven digits."""
_MOST_STRETCHED: Final = 1_000
"""Times that a matrix may enlarge."""
_SLACK: Final = 0.1
"""Of the longer side of a glyph's box."""
_MAX_DEPTH: Final = 100
"""Of states saved; Acrobat takes 28 (table C.1), others more."""


class Content:
    """What a content stream names, once it is found to be of the grammar.

    Attributes:
        names: kinds of resources (table 33), and names of those.
        colours: names of spaces whose colours are set by `sc` or `scn`, with the number of components, and whether a
            pattern is named. The name is empty if the space is that of what draws the stream.
        pictures: entries of inline pictures, with their data.
        glyph: the operands of `d0` or `d1` in a glyph.
        places: in a glyph, the operators that say where something is drawn, with their operands.
        whites: where white may be painted as an ink, the name of its space (empty for CMYK), and the graphics states
            named so far, in their order.
        unset: names of spaces in which something is painted before a colour of theirs is set.
        clipped: names of what is drawn within the shapes of letters.
        enlarged: names of what is drawn much larger than it is.
        altered: names of what is drawn with another text state than the initial one, and the operators that set it.
    """

    def __init__(self) -> None:
        self.names: set[tuple[str, bytes]] = set()
        self.colours: set[tuple[bytes, int, bool]] = set()
        self.pictures: list[tuple[dict[bytes, bytes], bytes]] = []
        self.glyph: list[float] = []
        self.places: list[tuple[bytes, list[float]]] = []
        self.coloured = False
        self._fill = self._stroke = b""
        self.whites: set[tuple[bytes, tuple[bytes, ...]]] = set()
        self.unset: set[bytes] = set()
        self.altered: dict[bytes, frozenset[bytes]] = {}
        self._states: tuple[bytes, ...] = ()
        self._white: bytes | None = None
        self._unset: frozenset[tuple[bool, bytes]] = frozenset()
        self._altered: frozenset[bytes] = frozenset()
        self.clipped: set[bytes] = set()
        self._clips = self._within = False
        self.enlarged: set[bytes] = set()
        self._scale = 1.0
        self._saved: list[_Saved] = []
        self._marks = 0
        self._own: frozenset[str] = frozenset()
        self._owned: list[frozenset[str]] = []

    @classmethod
    def read(cls, data: bytes, *, glyph: bool = False) -> Content:
        """Reads content.

        Args:
            data: the stream, decoded.
            glyph: whether it is that of a glyph of a Type 3 font, which begins with its width (9.6.5).

        Raises:
            OddContentError: it is not of the grammar.
        """
        content = cls()
        place, state, begun = 0, PAGE, not glyph
        form, far = form_of(data), _FAR.search(data) is not None
        while match := statement_at(form, data, place):
            kind = match.lastgroup or ""
            operator = data[match.end(kind) : match.end()]
            counts, states = RULES.get((operator, kind), NEVER)
            if (len(match[1].split()) if match[1] else 0) not in counts:
                raise OddContentError("an operator is unknown, or has the wrong operands")
            following = states.get(state)
            if following is None or begun == (operator in _GLYPH):
                raise OddContentError("an operator stands where it does not belong")
            state, place, begun = following, match.end(), True
            if glyph:
                content._follow_glyph(operator, match[1])
            if operator == b"BI":
                place = content._picture(data, place)
            elif operator in _NOTED:
                content._note(operator, match)
            elif operator in _POINTS:
                if far or content._scale > 1:
                    content._check_points(match[1])
            else:
                content._draw(operator)
        if state != PAGE or content._saved or content._marks or not begun:
            raise OddContentError("content ends before something that it began is closed")
        return content

    def _follow_glyph(self, operator: bytes, numbers: bytes) -> None:
        """Checks that a glyph takes over no lines, colours or text state, which not all readers pass on to it."""
        if operator in _PLACING:
            self.places.append((operator, [float(number) for number in numbers.split()]))
        if operator in _SETS:
            self._own |= {_SETS[operator]}
        elif operator == b"q":
            self._owned.append(self._own)
        elif operator == b"Q" and self._owned:
            self._own = self._owned.pop()
        elif operator == b"BT":
            raise OddContentError("a glyph is made of text, which some readers set as the text around it")
        elif operator in _STROKING and "width" not in self._own:
            raise OddContentError("a glyph has lines of no width of their own")
        elif operator in _FILLING and len(self.glyph) == _COLOURED and "colour" not in self._own:
            raise OddContentError("a glyph of its own colours has none")

    def _check_points(self, numbers: bytes) -> None:
        if self._scale <= _ENLARGED and not _LARGE.search(numbers):
            return
        if max(abs(float(number)) for number in numbers.split()) * self._scale > _FARTHEST:
            raise OddContentError("something is drawn further away than all readers count")

    def _clip(self, operator: bytes) -> None:
        """Follows what is drawn within the shapes of letters, of which readers put those of some texts together."""
        if operator == b"BT" and self._within:
            raise OddContentError(
                "text is shown within the shapes of other text, which readers put together differently"
            )
        self._within |= operator == b"ET"

    def _draw(self, operator: bytes) -> None:
        if (self._white is not None or self._unset) and operator in _PAINTING:
            self._paint()
        elif self._clips and operator in _TEXTS:
            self._clip(operator)

    def _paint(self) -> None:
        self.unset |= {name for _, name in self._unset}
        if self._white is not None:
            self.whites.add((self._white, self._states))

    def _note(self, operator: bytes, match: re.Match[bytes]) -> None:
        name = match[2][1:].rstrip() if match[2] else b""
        if operator in _NESTING:
            self._nest(operator)
        elif operator in _GLYPH:
            self.glyph = [float(number) for number in match[1].split()]
        elif operator in _COLOURS:
            self._colour(operator, name, match[1].split())
        elif operator == b"gs":
            self._states = (*self._states[-_MAX_STATES:], name)
        elif operator in _LENGTHS or operator in _CHOICES:
            self._check_value(operator, match)
        elif operator in _FOLLOWED:
            self._follow(operator, name, match[1])
        if match.lastgroup == "list":
            self.names.add(("/Properties", match["list"][1:].rstrip()))
        elif match.lastgroup == "entries" and name == b"OC":
            raise OddContentError("a layer is written into the content")
        elif name and operator in _RESOURCES:
            self.names.add((_RESOURCES[operator], name))

    def _follow(self, operator: bytes, name: bytes, numbers: bytes) -> None:
        """Follows what a form is drawn with."""
        if operator == b"Do":
            if self._within:
                self.clipped.add(name)
            if self._scale > _ENLARGED:
                self.enlarged.add(name)
            self.unset |= {unset for _, unset in self._unset}
            if self._altered:
                self.altered[name] = self.altered.get(name, frozenset()) | self._altered
        elif operator == b"cm":
            matrix = [float(number) for number in numbers.split()]
            if not spans(matrix):
                raise OddContentError("something is drawn on a line or a point, at which some readers stop")
            self._scale *= max(math.hypot(*matrix[:2]), math.hypot(*matrix[2:4]))
        else:
            operator = _SETTING.get(operator, operator)
            changed = float(numbers.split()[-1]) != _FORGOTTEN[operator]
            self._altered = self._altered | {operator} if changed else self._altered - {operator}

    def _check_value(self, operator: bytes, match: re.Match[bytes]) -> None:
        values = match["array"].partition(b"]")[0][1:].split() if operator == b"d" else match[1].split()
        if operator in _CHOICES and values[0] not in _CHOICES[operator]:
            raise OddContentError("an operand is not one that the standard defines")
        if operator == b"Tr":
            self._clips |= values[0] in _CLIPPING
        lengths = list(map(float, values)) if operator in _LENGTHS else []
        if lengths and (min(lengths) < 0 or (operator == b"d" and not any(lengths))):
            raise OddContentError("a length is negative, or a dash pattern has no length")

    def _nest(self, operator: bytes) -> None:
        if operator == b"q":
            colours = self._fill, self._stroke, self._states, self._white, self._unset
            self._saved.append((*colours, self._altered, self._clips, self._within, self._scale))
        elif operator == b"Q" and self._saved:
            saved = self._saved.pop()
            self._fill, self._stroke, self._states, self._white, self._unset = saved[:5]
            self._altered, self._clips, self._within, self._scale = saved[5:]
        else:
            self._marks += 1 if operator in _MARKS else -1
            if operator == b"Q" or self._marks < 0:
                raise OddContentError("content closes something that was never begun")
        if len(self._saved) > _MAX_DEPTH:
            raise OddContentError("content is nested too deeply")

    def _colour(self, operator: bytes, name: bytes, values: list[bytes]) -> None:
        self.coloured = True
        self._unset = frozenset(each for each in self._unset if each[0] != operator.islower())
        if operator in _FILL:
            self._fill = _FILL[operator] or name
        elif operator in _STROKE:
            self._stroke = _STROKE[operator] or name
        else:
            self.colours.add((self._fill if operator.islower() else self._stroke, len(values), bool(name)))
        space = b"" if operator in _INKS else self._fill if operator.islower() else self._stroke
        if (not space or space in _SHARES) and any(not -_ROUNDED <= float(value) <= 1 + _ROUNDED for value in values):
            raise OddContentError("a colour is more than all of it or less than nothing")
        inked = operator in _INKS or (operator not in _FILL and operator not in _STROKE and values)
        self._white = space if inked and not any(map(float, values)) else None
        if operator in {b"cs", b"CS"}:
            self._unset |= {(operator.islower(), name)}

    def within_box(self) -> bool:
        """Tells whether a glyph is drawn in the box of `d1`, with some slack: some readers clip it there."""
        matrix, saved = _AS_IS, list[tuple[float, ...]]()
        left, bottom, right, top = self.glyph[2:]
        slack = 1 + _SLACK * max(abs(right - left), abs(top - bottom))
        for operator, values in self.places:
            if operator == b"q":
                saved.append(matrix)
            elif operator == b"Q":
                matrix = saved.pop()
            elif operator == b"cm":
                matrix = _product(values, matrix)
            elif operator in {b"Do", b"sh", b"BT"}:
                return False
            else:
                points = _corners(operator, values)
                for x, y in zip(points[::2], points[1::2], strict=True):
                    u = matrix[0] * x + matrix[2] * y + matrix[4]
                    v = matrix[1] * x + matrix[3] * y + matrix[5]
                    across = min(left, right) - slack <= u <= max(left, right) + slack
                    if not across or not min(bottom, top) - slack <= v <= max(bottom, top) + slack:
                        return False
        return True

    def _picture(self, data: bytes, place: int) -> int:
        """Notes an inline picture, and returns where the next statement begins."""
        entries, content, end = inline_picture(data, place)
        self.pictures.append((entries, content))
        return end


def taken_over(data: bytes) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Returns what content takes over from what draws it, of what some readers do not pass on.

    Returns:
        Operators of the text state with which it shows text without setting them; and names of what it draws before it
        has set them all.

    Raises:
        OddContentError: it is not of the grammar.
    """
    Content.read(data)
    place, unset, saved = 0, frozenset(_FORGOTTEN), list[frozenset[bytes]]()
    taken, drawn = set[bytes](), set[bytes]()
    form = form_of(data)
    while (unset or saved) and (match := statement_at(form, data, place)):
        place = match.end()
        operator = data[match.end(match.lastgroup or "") : place]
        if operator == b"q":
            saved.append(unset)
        elif operator == b"Q":
            unset = saved.pop()
        elif operator == b"BI":
            _, _, place = inline_picture(data, place)
        unset -= {_SETTING.get(operator, operator)}
        taken |= unset & _SHOWING.get(operator, frozenset())
        if operator == b"Do" and unset:
            drawn.add(match["name"][1:].rstrip())
    return frozenset(taken), frozenset(drawn)


def spans(matrix: Sequence[float]) -> bool:
    """Tells whether a change of coordinates maps the plane to a plane."""
    a, b, c, d, *_ = matrix
    return abs(a * d - b * c) > _LEAST_AREA


def is_matrix(value: object, *, needed: bool = False) -> bool:
    """Tells whether an array maps the plane to a plane: to a line or a point some readers stop drawing the page."""
    if value is None:
        return not needed
    listed = numbers(value)
    return len(listed) == 6 and spans(listed) and max(map(abs, listed[:4])) <= _MOST_STRETCHED


def _corners(operator: bytes, values: list[float]) -> list[float]:
    """Returns the points that an operator names, as x and y in turn."""
    if operator == b"BI":
        return [0, 0, 1, 0, 0, 1, 1, 1]
    if operator == b"re":
        x, y, width, height = values
        return [x, y, x + width, y, x, y + height, x + width, y + height]
    return values


def _product(first: Sequence[float], then: Sequence[float]) -> tuple[float, ...]:
    """Returns the matrix of one change of coordinates after another (8.3.4)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, l = then  # noqa: E741
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l
