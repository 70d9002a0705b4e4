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
from pithtex.pdf.appearance.places import FAR_AWAY, MOST_MOVED, PLACING, ROUNDING, Places, has_large, has_many
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
ENLARGED: Final = 900.0
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
_FOLLOWED: Final = frozenset({*_FORGOTTEN, *_SETTING, b"cm", b"Do", b"BI"})
_NOTED: Final = frozenset({*_RESOURCES, *_COLOURS, *_NESTING, *_GLYPH, *_CHOICES, *_LENGTHS, *_FOLLOWED, b"DP"})
"""Operators of which more is to be known than that they are well-formed."""
_LEAST_AREA: Final = 1e-12
"""Of what a matrix makes of a unit's square; readers compute with some seven digits."""
_MOST_STRETCHED: Final = 1_000
"""Times that a matrix may enlarge."""
_MOST_SHIFTED: Final = 32_768
"""By how much it may move."""
MOST_PLACED: Final = 20
"""Times that something is drawn by one content, and where it is known."""
LEAST_SIDE: Final = 0.02
"""Points: pictures that are drawn smaller some readers draw as a line of a dot's width, and others do not."""
AS_LINE: Final = "a picture is drawn as a line, which only some readers draw"
_LEAST_DASH: Final = 0.01
_LEAST_SIZE: Final = 0.01
"""Of type: smaller ones some readers leave out, however much they are enlarged."""
_NO_CAP, _ROUND_CAP, _SQUARE_CAP = b"0", b"1", b"2"
DOT: Final = "a line without length has a cap that only some readers draw"
_VALUES: Final = frozenset({*_LENGTHS, *_CHOICES, b"Tf"})
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
        """How large a unit is, along the axis that is drawn the largest."""
        self.blur = 0.0
        """Points by which some readers' places may be other ones than others'."""
        self.cap = b""
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
        patterns: names of patterns, and whether a colour is named with them.
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
        sides: names of what is drawn, with the least side of the unit's square that it is drawn in, and the largest
            ones across and up.
        placed: the same names, with the change of coordinates of each time, one more than `MOST_PLACED` at most.
        caps: of lines with which something is drawn.
        dots: those with which not all readers draw the lines without length that take over theirs.
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
        self.patterns: set[tuple[bytes, bool]] = set()
        self.pictures: list[Picture] = []
        self.glyph: list[float] = []
        self.coloured = self.outside = False
        self.whites: set[tuple[bytes, tuple[bytes, ...]]] = set()
        self.unset: set[bytes] = set()
        self.clipped: set[bytes] = set()
        self.sides: dict[bytes, tuple[float, float, float]] = {}
        self.placed: dict[bytes, list[Matrix]] = {}
        self.caps: set[bytes] = set()
        self.dots: set[bytes] = set()
        self.altered: dict[bytes, frozenset[bytes]] = {}
        self.taken: set[bytes] = set()
        self.drawn: set[bytes] = set()
        self._start: list[float] = []
        self._still = self._rest = frozenset[bytes]()
        self._now = _State()
        self._saved: list[_State] = []
        self._marks = 0

    @classmethod
    def read(cls, data: bytes, *, glyph: bool = False, form: bool = False, cap: bytes = b"") -> Content:
        """Reads content.

        Args:
            data: the stream, decoded.
            glyph: whether it is that of a glyph of a Type 3 font, which begins with its width (9.6.5).
            form: whether to find out what it takes over of the text state, which some readers do not pass on to forms.
            cap: how lines end, if it is known.

        Raises:
            OddError: it is not of the grammar.
        """
        content = cls()
        content._now.cap = cap
        follow = content._follow_glyph if glyph else content._take_over if form else None
        state, begun, far = PAGE, not glyph, has_large(data)
        places = Places() if far or has_many(data) else None
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
                content._check_path(operator, match[1], far=far)
            else:
                content._draw(operator)
            if places is not None and operator in PLACING:
                places.follow(operator, match, content._now.scale)
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
        if operator in {b"Do", b"sh"}:
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

    def _check_path(self, operator: bytes, operands: bytes, *, far: bool) -> None:
        now = self._now
        near = not far and now.scale <= 1
        if not near and (now.scale > ENLARGED or _LARGE.search(operands)):
            near = max(abs(float(number)) for number in operands.split()) * now.scale <= _FARTHEST
            if not near:
                raise OddError("something is drawn further away than all readers count")
        if operator == b"re":
            *_, width, height = operands.split()
            if not (float(width) and float(height)):
                raise OddError("a rectangle has no width or no height")
        elif now.cap != _NO_CAP:
            self._follow_path(operator, list(map(float, operands.split())))

    def _follow_path(self, operator: bytes, points: list[float]) -> None:
        """Keeps of which operators parts of a path without length are made."""
        if operator == b"m":
            self._still, self._rest = self._still | self._rest, frozenset()
            self._start = points
        elif points == self._start * (len(points) // 2):
            self._rest |= {operator}
        else:
            self._start, self._rest = [], frozenset()

    def _check_length(self, operator: bytes) -> None:
        """Tells whether a line has no length: to that some readers give a cap, and others none."""
        still, cap = self._still | self._rest, self._now.cap
        self._still = self._rest = frozenset()
        odd = {_SQUARE_CAP} if still == {b"l"} else {_SQUARE_CAP, _ROUND_CAP}
        if operator in _STROKING and not cap:
            self.dots |= odd
        elif operator in _STROKING and cap in odd:
            raise OddError(DOT)

    def _draw(self, operator: bytes) -> None:
        now = self._now
        if (self._still or self._rest) and operator not in {b"h", b"W", b"W*"}:
            self._check_length(operator)
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
        elif operator in _VALUES:
            self._check_value(operator, match)
        elif operator in _FOLLOWED:
            self._follow(operator, name, match[1])
        if match.lastgroup == "list":
            self.names.add(("/Properties", match["list"][1:].rstrip()))
        elif match.lastgroup == "entries" and name == b"OC":
            raise OddError("a layer is written into the content")
        elif name and operator in _RESOURCES:
            self.names.add((_RESOURCES[operator], name))

    def _place(self, name: bytes) -> None:
        """Keeps where, how large and in which state something is drawn."""
        now = self._now
        if now.within:
            self.clipped.add(name)
        self.caps.add(now.cap)
        least, across, up = self.sides.get(name, (math.inf, 0.0, 0.0))
        each = self.placed.setdefault(name, [])
        if len(each) <= MOST_PLACED:
            each.append(now.matrix)
        side, other = sides_of(now.matrix)
        self.sides[name] = min(least, side, other), max(across, side), max(up, other)
        self.unset |= {unset for _, unset in now.unset}
        if now.named:
            self.stated.add((name, now.named))
        if now.altered:
            self.altered[name] = self.altered.get(name, frozenset()) | now.altered

    def _follow(self, operator: bytes, name: bytes, operands: bytes) -> None:
        """Follows what a form is drawn with."""
        now = self._now
        if operator == b"Do":
            self._place(name)
        elif operator == b"cm":
            matrix = [float(number) for number in operands.split()]
            if not spans(matrix):
                raise OddError("something is drawn on a line or a point, at which some readers stop")
            now.matrix = whole = Matrix(*matrix) @ now.matrix
            now.blur += max(abs(whole.e), abs(whole.f), now.scale * max(map(abs, matrix[4:]))) * ROUNDING
            if now.blur > MOST_MOVED:
                raise OddError(FAR_AWAY)
            now.scale = max(sides_of(whole))
        elif operator == b"BI":
            if min(sides_of(now.matrix)) < LEAST_SIDE:
                raise OddError(AS_LINE)
        else:
            operator = _SETTING.get(operator, operator)
            changed = float(operands.split()[-1]) != _FORGOTTEN[operator]
            now.altered = now.altered | {operator} if changed else now.altered - {operator}

    def _check_value(self, operator: bytes, match: re.Match[bytes]) -> None:
        values = match["array"].partition(b"]")[0][1:].split() if operator == b"d" else match[1].split()
        if operator in _CHOICES and values[0] not in _CHOICES[operator]:
            raise OddError("an operand is not one that the standard defines")
        if operator == b"J":
            self._now.cap = values[0]
        if operator == b"Tf" and 0 < abs(float(match["size"])) < _LEAST_SIZE:
            raise OddError("type has next to no size, and is enlarged")
        self._now.clips |= operator == b"Tr" and values[0] in _CLIPPING
        lengths = list(map(float, values)) if operator in _LENGTHS else []
        if lengths and (min(lengths) < 0 or (operator == b"d" and not is_dashed(lengths))):
            raise OddError("a length is negative, or a dash pattern has next to no length")

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
            if name:
                self.patterns.add((name, bool(values)))
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


def is_dashed(lengths: Sequence[float]) -> bool:
    """Tells whether dashes and gaps are long enough for all readers to draw them; one of both may be nothing."""
    return any(lengths) and not any(0 < length < _LEAST_DASH for length in lengths)


def spans(matrix: Sequence[float]) -> bool:
    """Tells whether a change of coordinates maps the plane to a plane."""
    a, b, c, d, *_ = matrix
    return abs(a * d - b * c) > _LEAST_AREA


def sides_of(matrix: Matrix) -> tuple[float, float]:
    """Returns how long the sides of a unit's square are, across and up, under a change of coordinates."""
    return math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)


def is_matrix(value: object, *, needed: bool = False) -> bool:
    """Tells whether an array maps the plane to a plane: to a line or a point some readers stop drawing the page."""
    if value is None:
        return not needed
    listed = numbers(value)
    return (
        len(listed) == 6
        and spans(listed)
        and max(map(abs, listed[:4])) <= _MOST_STRETCHED
        and max(map(abs, listed[4:])) <= _MOST_SHIFTED
    )


def _corners(operator: bytes, values: list[float]) -> list[float]:
    """Returns the points that an operator names, as x and y in turn."""
    if operator == b"BI":
        return [0, 0, 1, 0, 0, 1, 1, 1]
    if operator == b"re":
        x, y, width, height = values
        return [x, y, x + width, y, x, y + height, x + width, y + height]
    return values
