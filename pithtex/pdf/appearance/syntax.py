"""The content of pages, forms, patterns and glyphs: statements in their order, and what follows from them for readers.

What a statement is says `statements`. Here is what its operators lead to: states that are saved and restored, colours,
what is drawn with a text state that some readers forget, and the box of a glyph.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from pikepdf import Matrix

from pithtex.patterns import pattern
from pithtex.pdf.appearance.colours import ROUNDED
from pithtex.pdf.appearance.statements import NEVER, PAGE, RULES, Picture, statements
from pithtex.pdf.untrusted import OddError, numbers

_RESOURCES: Final = {
    b"gs": "/ExtGState", b"Do": "/XObject", b"sh": "/Shading", b"Tf": "/Font", b"cs": "/ColorSpace",
    b"CS": "/ColorSpace", b"scn": "/Pattern", b"SCN": "/Pattern",
}  # fmt: skip
_FILL: Final = {b"g": b"DeviceGray", b"rg": b"DeviceRGB", b"k": b"DeviceCMYK", b"cs": b""}
_STROKE: Final = {b"G": b"DeviceGray", b"RG": b"DeviceRGB", b"K": b"DeviceCMYK", b"CS": b""}
_SHARES: Final = frozenset({b"DeviceGray", b"DeviceRGB", b"DeviceCMYK"})
"""Whose components are shares (8.6.4): beyond them some readers compute with what they get."""
_INKS: Final = frozenset({b"k", b"K"})
_PAINTING: Final = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"Tj", b"TJ", b"'", b'"'})
_STROKING: Final = frozenset({b"S", b"s", b"B", b"B*", b"b", b"b*"})
_FILLING: Final = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_SETS: Final = {b"w": "width", **dict.fromkeys((b"g", b"rg", b"k", b"sc", b"scn"), "colour")}
COLOURED, BOXED = 2, 6
"""Operands of `d0`, with which a glyph that has colours of its own begins; and of `d1`, with that of one with a box."""
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
_LEAST_AREA: Final = 1e-12
"""Of what a matrix makes of a unit's square; readers compute with some seven digits."""
_MOST_STRETCHED: Final = 1_000
"""Times that a matrix may enlarge."""
_SLACK: Final = 0.1
"""Of the longer side of a glyph's box."""
_MAX_DEPTH: Final = 100
"""Of states saved; Acrobat takes 28 (table C.1), others more."""


class _State:
    """What `q` saves, and `Q` brings back."""

    def __init__(self) -> None:
        self.fill = self.stroke = b""
        """Colour spaces."""
        self.named: tuple[bytes, ...] = ()
        """Graphics states, in their order."""
        self.white: bytes | None = None
        """The space, where the colour is white as an ink."""
        self.unset: frozenset[tuple[bool, bytes]] = frozenset()
        """Spaces, to fill in or not, of which no colour was named yet."""
        self.altered: frozenset[bytes] = frozenset()
        """Operators that set another text state than the initial one."""
        self.lacking = frozenset(_FORGOTTEN)
        """Those of them that did not yet set any."""
        self.clips = self.within = False
        """Whether letters become a clipping path; and whether they are one."""
        self.scale = 1.0
        self.own: frozenset[str] = frozenset()
        """What of its lines and colours a glyph has set."""
        self.matrix = Matrix()

    def copy(self) -> _State:
        twin = _State.__new__(_State)
        vars(twin).update(vars(self))
        return twin


class Content:
    """What a content stream names, once it is found to be of the grammar.

    Attributes:
        names: kinds of resources (table 33), and names of those.
        colours: names of spaces whose colours are set by `sc` or `scn`, with the number of components, and whether a
            pattern is named. The name is empty if the space is that of what draws the stream.
        pictures: the inline ones.
        glyph: the operands of `d0` or `d1` in a glyph.
        outside: whether a glyph is drawn outside the box of `d1`, where some readers clip it.
        coloured: whether a colour is set.
        whites: where white may be painted as an ink, the name of its space (empty for CMYK), and the graphics states
            named so far, in their order.
        unset: names of spaces in which something is painted before a colour of theirs is set.
        clipped: names of what is drawn within the shapes of letters.
        values: of spaces whose colours are set by `sc` or `scn`, the least and the largest component, and whether all
            are whole numbers.
        enlarged: names of what is drawn much larger than it is.
        stated: names of what is drawn, and the graphics states named so far, in their order.
        altered: names of what is drawn with another text state than the initial one, and the operators that set it.
        taken: in a form, operators of the text state with which it shows text without setting them.
        drawn: in a form, names of what it draws before it has set them all.
    """

    def __init__(self) -> None:
        self.names: set[tuple[str, bytes]] = set()
        self.colours: set[tuple[bytes, int, bool]] = set()
        self.values: dict[bytes, tuple[float, float, bool]] = {}
        self.stated: set[tuple[bytes, tuple[bytes, ...]]] = set()
        self.pictures: list[Picture] = []
        self.glyph: list[float] = []
        self.coloured = self.outside = False
        self.whites: set[tuple[bytes, tuple[bytes, ...]]] = set()
        self.unset: set[bytes] = set()
        self.clipped: set[bytes] = set()
        self.enlarged: set[bytes] = set()
        self.altered: dict[bytes, frozenset[bytes]] = {}
        self.taken: set[bytes] = set()
        self.drawn: set[bytes] = set()
        self._now = _State()
        self._saved: list[_State] = []
        self._marks = 0

    @classmethod
    def read(cls, data: bytes, *, glyph: bool = False, form: bool = False) -> Content:
        """Reads content.

        Args:
            data: the stream, decoded.
            glyph: whether it is that of a glyph of a Type 3 font, which begins with its width (9.6.5).
            form: whether to find out what it takes over of the text state, which some readers do not pass on to forms.

        Raises:
            OddError: it is not of the grammar.
        """
        content = cls()
        follow = content._follow_glyph if glyph else content._take_over if form else None
        state, begun, far = PAGE, not glyph, _FAR.search(data) is not None
        for operator, kind, match in statements(data, content.pictures):
            counts, states = RULES.get((operator, kind), NEVER)
            if (len(match[1].split()) if match[1] else 0) not in counts:
                raise OddError("an operator is unknown, or has the wrong operands")
            following = states.get(state)
            if following is None or begun == (operator in _GLYPH):
                raise OddError("an operator stands where it does not belong")
            state, begun = following, True
            if follow is not None:
                follow(operator, match)
            if operator in _NOTED:
                content._note(operator, match)
            elif operator in _POINTS:
                if far or content._now.scale > 1:
                    content._check_points(match[1])
            else:
                content._draw(operator)
        if state != PAGE or content._saved or content._marks or not begun:
            raise OddError("content ends before something that it began is closed")
        return content

    def _follow_glyph(self, operator: bytes, match: re.Match[bytes]) -> None:
        """Checks that a glyph takes over no lines, colours or text state, which not all readers pass on to it."""
        now = self._now
        fills = operator in _FILLING or (operator == b"BI" and self.pictures[-1][0].get(b"ImageMask") == b"true")
        if operator in _SETS:
            now.own |= {_SETS[operator]}
        elif operator == b"BT":
            raise OddError("a glyph is made of text, which some readers set as the text around it")
        elif operator in _STROKING and "width" not in now.own:
            raise OddError("a glyph has lines of no width of their own")
        elif fills and len(self.glyph) == COLOURED and "colour" not in now.own:
            raise OddError("a glyph of its own colours has none")
        if len(self.glyph) == BOXED:
            self._follow_box(operator, list(map(float, match[1].split())))

    def _follow_box(self, operator: bytes, values: list[float]) -> None:
        """Tells whether a glyph is drawn in the box of `d1`, with some slack."""
        if operator == b"cm":
            self._now.matrix = Matrix(*values) @ self._now.matrix
        elif operator in {b"Do", b"sh"}:
            self.outside = True
        elif operator in _POINTS or operator == b"BI":
            left, bottom, right, top = self.glyph[2:]
            slack = 1 + _SLACK * max(abs(right - left), abs(top - bottom))
            points = _corners(operator, values)
            for point in zip(points[::2], points[1::2], strict=True):
                x, y = self._now.matrix.transform(point)
                across = min(left, right) - slack <= x <= max(left, right) + slack
                self.outside |= not across or not min(bottom, top) - slack <= y <= max(bottom, top) + slack

    def _take_over(self, operator: bytes, match: re.Match[bytes]) -> None:
        now = self._now
        now.lacking -= {_SETTING.get(operator, operator)}
        self.taken |= now.lacking & _SHOWING.get(operator, frozenset())
        if operator == b"Do" and now.lacking:
            self.drawn.add(match["name"][1:].rstrip())

    def _check_points(self, operands: bytes) -> None:
        if self._now.scale <= _ENLARGED and not _LARGE.search(operands):
            return
        if max(abs(float(number)) for number in operands.split()) * self._now.scale > _FARTHEST:
            raise OddError("something is drawn further away than all readers count")

    def _draw(self, operator: bytes) -> None:
        now = self._now
        if operator in _PAINTING and (now.white is not None or now.unset):
            self.unset |= {name for _, name in now.unset}
            if now.white is not None:
                self.whites.add((now.white, now.named))
        elif now.clips and operator in _TEXTS:
            # Of what is drawn within the shapes of letters readers put those of some texts together.
            if operator == b"BT" and now.within:
                raise OddError("text is shown within the shapes of other text, which readers put together differently")
            now.within |= operator == b"ET"

    def _note(self, operator: bytes, match: re.Match[bytes]) -> None:
        name = match[2][1:].rstrip() if match[2] else b""
        if operator in _NESTING:
            self._nest(operator)
        elif operator in _GLYPH:
            self.glyph = [float(number) for number in match[1].split()]
        elif operator in _COLOURS:
            self._colour(operator, name, match[1].split())
        elif operator == b"gs":
            self._now.named = (*self._now.named[-_MAX_STATES:], name)
        elif operator in _LENGTHS or operator in _CHOICES:
            self._check_value(operator, match)
        elif operator in _FOLLOWED:
            self._follow(operator, name, match[1])
        if match.lastgroup == "list":
            self.names.add(("/Properties", match["list"][1:].rstrip()))
        elif match.lastgroup == "entries" and name == b"OC":
            raise OddError("a layer is written into the content")
        elif name and operator in _RESOURCES:
            self.names.add((_RESOURCES[operator], name))

    def _follow(self, operator: bytes, name: bytes, operands: bytes) -> None:
        """Follows what a form is drawn with."""
        now = self._now
        if operator == b"Do":
            if now.within:
                self.clipped.add(name)
            if now.scale > _ENLARGED:
                self.enlarged.add(name)
            self.unset |= {unset for _, unset in now.unset}
            if now.named:
                self.stated.add((name, now.named))
            if now.altered:
                self.altered[name] = self.altered.get(name, frozenset()) | now.altered
        elif operator == b"cm":
            matrix = [float(number) for number in operands.split()]
            if not spans(matrix):
                raise OddError("something is drawn on a line or a point, at which some readers stop")
            now.scale *= max(math.hypot(*matrix[:2]), math.hypot(*matrix[2:4]))
        else:
            operator = _SETTING.get(operator, operator)
            changed = float(operands.split()[-1]) != _FORGOTTEN[operator]
            now.altered = now.altered | {operator} if changed else now.altered - {operator}

    def _check_value(self, operator: bytes, match: re.Match[bytes]) -> None:
        values = match["array"].partition(b"]")[0][1:].split() if operator == b"d" else match[1].split()
        if operator in _CHOICES and values[0] not in _CHOICES[operator]:
            raise OddError("an operand is not one that the standard defines")
        self._now.clips |= operator == b"Tr" and values[0] in _CLIPPING
        lengths = list(map(float, values)) if operator in _LENGTHS else []
        if lengths and (min(lengths) < 0 or (operator == b"d" and not any(lengths))):
            raise OddError("a length is negative, or a dash pattern has no length")

    def _nest(self, operator: bytes) -> None:
        if operator == b"q":
            self._saved.append(self._now.copy())
        elif operator == b"Q" and self._saved:
            self._now = self._saved.pop()
        else:
            self._marks += 1 if operator in _MARKS else -1
            if operator == b"Q" or self._marks < 0:
                raise OddError("content closes something that was never begun")
        if len(self._saved) > _MAX_DEPTH:
            raise OddError("content is nested too deeply")

    def _colour(self, operator: bytes, name: bytes, values: list[bytes]) -> None:
        now, fills = self._now, operator.islower()
        self.coloured = True
        now.unset = frozenset(each for each in now.unset if each[0] != fills)
        if operator in _FILL:
            now.fill = _FILL[operator] or name
        elif operator in _STROKE:
            now.stroke = _STROKE[operator] or name
        own = now.fill if fills else now.stroke
        if operator not in _FILL and operator not in _STROKE:
            self.colours.add((own, len(values), bool(name)))
            if values:
                least, most, whole = self.values.get(own, (0.0, 0.0, True))
                each = list(map(float, values))
                self.values[own] = min(least, *each), max(most, *each), whole and all(map(float.is_integer, each))
        space = b"" if operator in _INKS else own
        if (not space or space in _SHARES) and any(not -ROUNDED <= float(value) <= 1 + ROUNDED for value in values):
            raise OddError("a colour is more than all of it or less than nothing")
        inked = operator in _INKS or (operator not in _FILL and operator not in _STROKE and values)
        now.white = space if inked and not any(map(float, values)) else None
        if operator in {b"cs", b"CS"}:
            now.unset |= {(fills, name)}


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
