"""What a page is drawn from, and whether all readers draw all of it alike (docs/reference/page-grammar.md).

A list of what is allowed: operators with their operands (`syntax`), resources by their kinds, and of each kind the
entries and values that say the same to all. What is not on it binds nothing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any, Final

import pikepdf
from pikepdf import Dictionary, Matrix, Name, Stream

from pithtex.findings import Rect
from pithtex.limits import MAX_STREAM_BYTES
from pithtex.pdf.appearance.annotations import notes_over
from pithtex.pdf.appearance.colours import check_values, components, family, is_computed, is_of_inks
from pithtex.pdf.appearance.fonts import check_font
from pithtex.pdf.appearance.glyph_names import numbered
from pithtex.pdf.appearance.graphics_state import ALIKE, is_plain
from pithtex.pdf.appearance.images import check_inline, check_picture, is_drawn_alike
from pithtex.pdf.appearance.nesting import Nesting
from pithtex.pdf.appearance.paints import UNCOLOURED, check_shading, check_tile
from pithtex.pdf.appearance.streams import content_of
from pithtex.pdf.appearance.syntax import BOXED, DOT, ENLARGED, Content, is_matrix, sides_of
from pithtex.pdf.untrusted import READ_ERRORS, WHITE_SPACE, OddError, each_of, entry, numbers, rectangle

MAX_PARTS: Final = 10_000
"""Of one page. A page has some tens, one of a map some hundreds, one in many bitmap fonts some thousands."""
_MAX_CONTENT: Final = MAX_STREAM_BYTES
"""Bytes of a page's content, with that of its forms. Figures of many points have some millions."""
LIGHT_CONTENT: Final = 250_000
"""Bytes of the page's own content, between whose operators PDFium can be stopped: a dense page has a fifth."""
_LIGHT: Final = 4096
"""Bytes of forms that are drawn in no time, whatever they draw."""
_LIGHT_PIXELS: Final = 16_000_000
"""Of all pictures of a page that is drawn in no time. A photo has some millions."""
MAX_PARENTS: Final = 50
"""Nodes above a page. A tree of twenty thousand pages is some five deep."""

_BUILT_IN: Final = frozenset({b"DeviceGray", b"DeviceRGB", b"DeviceCMYK", b"Pattern"})
"""Colour spaces that content names as they are (8.6.8)."""
_DEFAULTS: Final = {"/DefaultGray": 1, "/DefaultRGB": 3, "/DefaultCMYK": 4}
_MEASURED: Final = frozenset({"/CalGray", "/CalRGB", "/ICCBased"})
_BLENDING: Final = frozenset({*_MEASURED, "/DeviceCMYK", "/DeviceGray", "/DeviceRGB"})
_WHITE_INK: Final = "white is printed over other ink, which some readers ignore"
_OPAQUE: Final = (1, Name.Normal, Name.Compatible)
_ENDS: Final = frozenset(WHITE_SPACE + b")>]")
_BEGINS: Final = frozenset(WHITE_SPACE + b"/([")
_STAND_INS: Final = ("/PS", "/Ref", "/Subtype2")


def line_of(page: pikepdf.Object) -> list[pikepdf.Object]:
    """Returns a page and the nodes above it, the nearest first."""
    line: list[pikepdf.Object] = []
    node: object = page
    while isinstance(node, Dictionary) and len(line) < MAX_PARENTS:
        line.append(node)
        node = entry(node, "/Parent")
    return line


def inherited(page: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """Returns an entry of a page, its own or that of the nearest node above it (ISO 32000-1, 7.7.3.4); None without."""
    return next((value for node in line_of(page) if (value := entry(node, key)) is not None), None)


class Drawn:
    """What a page is drawn from.

    Attributes:
        parts: every dictionary and stream: resources, forms, pictures, fonts' glyphs, states, annotations.
        oddity: why readers may draw it in different ways, a phrase; None if it is of the grammar.
        glued: the page's content as readers have it that put its streams together without white space between them,
            where that makes other words; None elsewhere.
        page: the page.
        notes: its annotations, but for plain links.
        overruled: states that something is seen through, and in which forms are drawn that may set others.
        blends: whether anything is blended with what it is drawn on.
        numbered: fonts whose glyphs are named by numbers, with those by code.
        light: whether all that is drawn in one go, without a chance to stop, is little.
    """

    def __init__(self, page: pikepdf.Object, until: float = math.inf) -> None:
        """Looks at all of it.

        Args:
            page: the page.
            until: when to stop: when this thread has computed for so long (`time.thread_time`).
        """
        self.parts: list[pikepdf.Object] = []
        self.oddity: str | None = None
        self.glued: bytes | None = None
        self.overruled: list[pikepdf.Object] = []
        self.page = page
        self.notes = notes_over(page)
        self.numbered: list[tuple[pikepdf.Object, dict[int, int]]] = []
        self.light = True
        self._owner = (0, 0)
        self._nesting = Nesting()
        self._dots, self._caps = set[bytes](), set[bytes]()
        self._seen: set[tuple[tuple[int, int], object]] = set()
        self._left = _MAX_CONTENT
        self._whites = self._overprints = self._blends = self._blends_inks = self.blends = False
        self._nested = _LIGHT
        self._pixels = _LIGHT_PIXELS
        self._until = until
        self._stack: list[tuple[tuple[int, int], Callable[[], None]]] = []
        try:
            self._draw_page(page)
            while self._stack:
                self._owner, draw = self._stack.pop()
                draw()
            self._nesting.check()
            if self._whites and self._overprints and self._nested < _LIGHT:  # a form may have it from what draws it
                raise OddError(_WHITE_INK)
            if self._dots & self._caps:
                raise OddError(DOT)
            if self._blends and self._blends_inks:
                raise OddError("colours are blended as inks, which some readers do, and others as light")
        except OddError as error:
            self.oddity = str(error)
        except READ_ERRORS:
            self.oddity = "part of a page's content could not be read"

    def _draw_page(self, page: pikepdf.Object) -> None:
        self.parts += line_of(page)
        self._group(entry(page, "/Group"))
        streams = each_of(entry(page, "/Contents"))
        if len(streams) > MAX_PARTS or not all(isinstance(stream, Stream) for stream in streams):
            raise OddError("a page's content is neither a stream nor an array of streams")
        self.parts += streams
        data = [self._content(stream) for stream in streams]
        # Of the page's own content one operator is drawn after the other.
        self.light = sum(map(len, data)) <= LIGHT_CONTENT
        held = list(filter(None, data))
        if any(one[-1] not in _ENDS and other[0] not in _BEGINS for one, other in pairwise(held)):
            self.glued = b"".join(held)
        self._nested = _LIGHT
        self._use(Content.read(b"\n".join(data), cap=b"0"), inherited(page, "/Resources"))
        self.light &= not self.notes
        for note in self.notes:
            self._meet(note, self._note)

    @property
    def unsure(self) -> tuple[Rect, ...]:
        """Returns where pictures are that readers draw in different colours."""
        return tuple(self._nesting.unsure)

    def _draw(self, stream: Stream, draw: Callable[[], None]) -> None:
        """Draws a stream later, and notes in which other it stands."""
        self._stack.append((stream.objgen, draw))
        self.light &= self._owner == (0, 0)

    def _meet(self, part: object, look: Callable[[Any], None] | None = None) -> None:
        """Keeps a part, and looks at it: once in each way, since a property list may be a form as well."""
        if not isinstance(part, Dictionary | Stream):
            raise OddError("a resource is not of the kind that it is used as")
        if part.objgen != (0, 0):
            self._nesting.meet(self._owner, part.objgen)
            if (part.objgen, look) in self._seen:
                return
            self._seen.add((part.objgen, look))
        if len(self.parts) >= MAX_PARTS or time.thread_time() > self._until:
            raise OddError("a page has more parts than are examined")
        self.parts.append(part)
        if look is not None:
            look(part)

    def _content(self, stream: pikepdf.Object) -> bytes:
        data = content_of(stream)
        self._left -= len(data)
        self._nested -= len(data)
        self.light &= self._nested >= 0
        if self._left < 0:
            raise OddError("a page has more content than is examined")
        return data

    def _use(self, content: Content, resources: pikepdf.Object | None) -> None:
        """What content names."""
        if resources is not None:
            self._meet(resources)
            self._check_defaults(entry(resources, "/ColorSpace"))
        for entries, data in content.pictures:
            check_inline(entries, data)
        looks = {
            "/ExtGState": self._state, "/Font": self._font, "/Pattern": self._pattern, "/Shading": self._shading,
            "/XObject": self._object,
        }  # fmt: skip
        for kind, name in sorted(content.names):
            value = self._named(resources, kind, name)
            if kind == "/ColorSpace":
                components(value)
            else:
                self._meet(value, looks.get(kind))
        self._check_whites(content, resources)
        self._check_states(content, resources)
        self._check_colours(content, resources)

    def _check_colours(self, content: Content, resources: pikepdf.Object | None) -> None:
        """Whether colours are of their spaces, and patterns take them."""
        for name, coloured in content.patterns:
            if coloured != (entry(self._named(resources, "/Pattern", name), "/PaintType") == UNCOLOURED):
                raise OddError("a pattern is named with a colour that it does not take, or without the one it takes")
        for name, count, patterned in content.colours:
            space = self._named(resources, "/ColorSpace", name) if name else None
            if space is not None and (count != components(space) or patterned != (family(space) == "/Pattern")):
                raise OddError("a colour has the wrong number of components for its colour space")
        for name, (least, most, whole) in content.values.items():
            if name:
                check_values(self._named(resources, "/ColorSpace", name), least, most, whole=whole)
            elif not whole and self._owner != (0, 0):
                raise OddError("a colour is of a space that is not named")

    def _check_whites(self, content: Content, resources: pikepdf.Object | None) -> None:
        """Whether white is printed over other ink (8.6.7): without simulating it, readers cover what others show."""
        for space, names in content.whites:
            if space and not is_of_inks(self._named(resources, "/ColorSpace", space)):
                continue
            states = [self._named(resources, "/ExtGState", name) for name in names]
            prints = [state[key] for state in states for key in ("/OP", "/op") if key in state]
            self._whites |= not prints
            if prints and prints[-1]:
                raise OddError(_WHITE_INK)

    def _check_states(self, content: Content, resources: pikepdf.Object | None) -> None:
        """Whether all readers draw with the same graphics state."""
        if any(family(self._named(resources, "/ColorSpace", space)) == "/Pattern" for space in content.unset):
            raise OddError("something is painted in a pattern that is not named")
        if any(self._form_named(resources, name) is not None for name in content.clipped):
            raise OddError("a form is drawn within the shapes of text, which readers put together differently")
        self._check_sides(content, resources)
        for name, states in content.stated:
            form = self._form_named(resources, name)
            if form is not None and "/Group" not in form and _may_set_states(entry(form, "/Resources")):
                named = (self._named(resources, "/ExtGState", state) for state in states)
                self.overruled += filter(_shines, named)
        for name, operators in content.altered.items():
            form = self._form_named(resources, name)
            if form is None:
                continue
            read, own = Content.read(self._content(form), form=True), entry(form, "/Resources")
            if read.taken & operators or any(self._form_named(own, each) is not None for each in read.drawn):
                raise OddError("a form's text is set by what stands around it, which some readers forget")

    def _check_sides(self, content: Content, resources: pikepdf.Object | None) -> None:
        """Keeps how large drawings are drawn, and checks those that are enlarged."""
        self._dots |= content.dots
        self._caps |= content.caps
        for name, (least, across, up) in content.sides.items():
            drawn = self._named(resources, "/XObject", name)
            own = Matrix(*numbers(entry(drawn, "/Matrix")))
            if entry(drawn, "/Subtype") != Name.Form:
                sides = least, max(across / int(drawn.Width), up / int(drawn.Height))
            elif max(across, up) > ENLARGED:
                raise OddError("a form is drawn much larger than it is, which not all readers compute alike")
            else:
                each = sides_of(own)
                sides = least * min(each), max(across, up) * max(each)
            self._nesting.place(self._owner, drawn.objgen, sides, own, content.placed[name])

    def _form_named(self, resources: pikepdf.Object | None, name: bytes) -> Stream | None:
        drawn = self._named(resources, "/XObject", name)
        return drawn if isinstance(drawn, Stream) and entry(drawn, "/Subtype") == Name.Form else None

    def _named(self, resources: pikepdf.Object | None, kind: str, name: bytes) -> pikepdf.Object:
        if kind == "/ColorSpace" and name in _BUILT_IN:
            return Name(f"/{name.decode()}")
        held = None if resources is None else entry(resources, kind)
        if isinstance(held, Dictionary) and held.objgen != (0, 0):
            self._meet(held)
        value = entry(held, f"/{name.decode()}") if isinstance(held, Dictionary) else None
        if value is None:
            raise OddError("content names a resource that its own resources do not have")
        return value

    def _check_defaults(self, spaces: pikepdf.Object | None) -> None:
        """Spaces that stand in for a device's (8.6.5.6) are measured ones, of as many components."""
        for name, count in _DEFAULTS.items():
            space = entry(spaces, name) if isinstance(spaces, Dictionary) else None
            if space is not None and (family(space) not in _MEASURED or components(space) != count):
                raise OddError("another colour space replaces a device's")

    def _object(self, value: pikepdf.Object) -> None:
        kind, layer = entry(value, "/Subtype"), entry(value, "/OC")
        if layer is not None and not isinstance(layer, Dictionary):
            raise OddError("a layer is not of the kind that layers are")
        if kind == Name.Image and isinstance(value, Stream):
            check_picture(value)
            smooth = bool(entry(value, "/Interpolate"))
            self._nesting.picture(value.objgen, smooth=smooth, alike=is_drawn_alike(value))
            self._pixels -= int(value.Width) * int(value.Height)
            self.light &= self._pixels >= 0 and not is_computed(entry(value, "/ColorSpace"))
        elif kind == Name.Form and isinstance(value, Stream):
            self._form(value)
        else:
            raise OddError("a resource is neither a form nor a picture")

    def _form(self, form: Stream) -> None:
        if rectangle(entry(form, "/BBox")) is None or not is_matrix(entry(form, "/Matrix")):
            raise OddError("a form has no bounding box, or an unusual matrix")
        self._group(entry(form, "/Group"))
        if entry(form, "/FormType") not in {None, 1} or any(key in form for key in _STAND_INS):
            raise OddError("a form replaces something else")
        self._draw(form, lambda: self._use(Content.read(self._content(form)), entry(form, "/Resources")))

    def _group(self, group: pikepdf.Object | None) -> None:
        """A group (11.6.6) of a page or a form: some modes blend otherwise in other colours than a screen's."""
        if group is None:
            return
        if entry(group, "/S") != Name.Transparency or entry(group, "/K"):
            raise OddError("a page or a form is a group of a kind that few readers support")
        space = entry(group, "/CS")
        if space is not None and family(space) not in _BLENDING:
            raise OddError("a page or a form is blended in colours that few readers support")
        self._blends_inks |= space is not None and components(space) != 3

    def _note(self, note: pikepdf.Object) -> None:
        looks = entry(note, "/AP")
        look = None if looks is None else entry(looks, "/N")
        for one in look.values() if isinstance(look, Dictionary) else [look]:
            if isinstance(one, Stream):
                self._meet(one, self._form)

    def _font(self, font: pikepdf.Object) -> None:
        check_font(font)
        if entry(font, "/Subtype") != Name.Type3:
            return
        self.light = False
        if found := numbered(font):
            self.numbered.append((font, found))
        glyphs, resources = entry(font, "/CharProcs"), entry(font, "/Resources")
        if not isinstance(glyphs, Dictionary) or not is_matrix(entry(font, "/FontMatrix"), needed=True):
            raise OddError("a font made of drawings has no drawings")

        def draw(glyph: Stream) -> None:
            self._draw(glyph, partial(self._glyph, glyph, resources))

        for glyph in glyphs.values():
            if isinstance(glyph, Stream):
                self._meet(glyph, draw)

    def _glyph(self, glyph: Stream, resources: pikepdf.Object | None) -> None:
        content = Content.read(self._content(glyph), glyph=True)
        if len(content.glyph) == BOXED and content.coloured:
            raise OddError("a glyph that should have one colour sets another")
        if content.outside:
            raise OddError("a glyph is drawn outside its stated box")
        if any(kind == "/XObject" and self._form_named(resources, name) is not None for kind, name in content.names):
            raise OddError("a glyph is drawn by a form, which some readers begin with other lines")
        self._use(content, resources)

    def _state(self, state: pikepdf.Object) -> None:
        if not all(is_plain(key, value) for key, value in state.items()):
            raise OddError("a graphics state has an entry or value that not all readers support")
        if "/Font" in state:
            self._meet(state.Font[0], self._font)
        self._caps |= {b"%d" % state.LC} if "/LC" in state else set()
        self._blends |= "/BM" in state and state.BM not in ALIKE
        self.blends |= "/BM" in state and state.BM not in _OPAQUE
        self._overprints |= any(key in state and bool(state[key]) for key in ("/OP", "/op"))
        # What shines through is drawn in one go.
        self.light &= all(state[key] in _OPAQUE for key in ("/BM", "/CA", "/ca") if key in state)
        mask = entry(state, "/SMask")
        if isinstance(mask, Dictionary):
            self._meet(mask, self._mask)

    def _mask(self, mask: Dictionary) -> None:
        """A soft mask (11.6.5.2)."""
        self.light = False
        drawing = entry(mask, "/G")
        group = entry(drawing, "/Group") if isinstance(drawing, Stream) else None
        if (
            entry(mask, "/S") not in {Name.Luminosity, Name.Alpha}
            or any(numbers(entry(mask, "/BC")))
            or entry(mask, "/TR") not in {None, Name.Identity}
            or not isinstance(drawing, Stream)
            or group is None
            or "/CS" not in group
        ):
            raise OddError("a soft mask has a kind that readers draw differently")
        self._meet(drawing, self._form)

    def _pattern(self, pattern: pikepdf.Object) -> None:
        self.light = False
        kind = entry(pattern, "/PatternType")
        if not is_matrix(entry(pattern, "/Matrix")):
            raise OddError("a pattern has an unusual matrix")
        if kind == 1 and isinstance(pattern, Stream):
            check_tile(pattern)
            self._draw(pattern, partial(self._tile, pattern))
        elif kind == 2:
            if "/ExtGState" in pattern:
                self._meet(pattern.ExtGState, self._state)
            self._meet(pattern.Shading, self._shading)
        else:
            raise OddError("a pattern has an unknown type")

    def _tile(self, pattern: Stream) -> None:
        content = Content.read(self._content(pattern))
        if content.coloured and entry(pattern, "/PaintType") == UNCOLOURED:
            raise OddError("a pattern that should have one colour sets another")
        self._use(content, entry(pattern, "/Resources"))

    def _shading(self, shading: pikepdf.Object) -> None:
        self.light = False
        check_shading(shading)


def _shines(state: pikepdf.Object) -> bool:
    """Tells whether what lies below is seen through what is drawn with a state."""
    return "/SMask" in state or any(state[key] not in _OPAQUE for key in ("/BM", "/CA", "/ca") if key in state)


def _may_set_states(resources: pikepdf.Object | None) -> bool:
    """Tells whether a form has states of its own that say how much is seen through it, or may draw one that has."""
    held = [None if resources is None else entry(resources, kind) for kind in ("/ExtGState", "/XObject")]
    states, forms = ([*each.values()] if isinstance(each, Dictionary) else [] for each in held)
    return any(key in state for state in states for key in ("/BM", "/CA", "/ca", "/SMask")) or any(
        entry(each, "/Subtype") == Name.Form for each in forms
    )
