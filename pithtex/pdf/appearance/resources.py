"""What a page is drawn from: its content, its resources, and those of the forms, patterns and annotations in them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import pikepdf

from pithtex.pdf.untrusted import READ_ERRORS, entry

MAX_PARTS: Final = 3_000
"""Of one page. A page has some tens, one of a map some hundreds."""
_MAX_PARENTS: Final = 50
"""Nodes above a page. A tree of twenty thousand pages is some five deep."""
_KINDS: Final = ("/Font", "/XObject", "/ExtGState", "/Pattern", "/ColorSpace", "/Properties", "/Shading")
"""Of resources (ISO 32000-1, table 33)."""
_BELOW: Final = ("/SMask", "/G", "/OC", "/Group", "/DescendantFonts", "/CharProcs")
"""Where more may be: of pictures and graphics states, soft masks, forms and annotations, and fonts."""


def inherited(page: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """An entry of a page, its own or that of the nearest node above it (ISO 32000-1, 7.7.3.4); None without."""
    node: object = page
    for _ in range(_MAX_PARENTS):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        value = entry(node, key)
        if value is not None:
            return value
        node = entry(node, "/Parent")
    return None


class Sheet(NamedTuple):
    """A page, and what lies over it."""

    page: pikepdf.Object
    notes: Sequence[pikepdf.Object]
    """Its annotations, but for plain links (`covers.notes_over`)."""


def parts(sheet: Sheet) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream that a page is drawn from, each once, at most `MAX_PARTS`.

    Glyphs are left out, and so is what pictures, colour spaces, functions and embedded fonts alone are made of.
    """
    page = sheet.page
    seen: set[tuple[int, int]] = set()
    stack: list[object] = [*sheet.notes]
    left = MAX_PARTS
    with contextlib.suppress(*READ_ERRORS):
        stack += [inherited(page, "/Resources"), *_named(inherited(page, "/Resources")), entry(page, "/Contents")]
    while stack and left:
        part = stack.pop()
        try:
            if isinstance(part, pikepdf.Array):
                stack += [part[index] for index in range(min(len(part), left))]
            elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream) and not _again(part, seen):
                left -= 1
                yield part
                stack += _below(part)
        except READ_ERRORS:
            continue


def _below(part: pikepdf.Object) -> Iterator[object]:
    yield from (part[key] for key in _BELOW if key in part)
    if "/Resources" in part:
        yield part["/Resources"]
        yield from _named(part["/Resources"])
    if "/AP" in part:  # one picture, or one for each state (ISO 32000-1, 12.5.5)
        looks = part["/AP"]
        yield looks
        for key in ("/N", "/R", "/D"):
            look = entry(looks, key)
            yield look
            if isinstance(look, pikepdf.Dictionary):
                yield from (look[state] for state in look.keys())  # noqa: SIM118


def _named(resources: object) -> Iterator[object]:
    """The resources of each kind, and what they are named in."""
    if isinstance(resources, pikepdf.Dictionary):
        for kind in _KINDS:
            named = entry(resources, kind)
            if isinstance(named, pikepdf.Dictionary):
                yield named
                values = (named[key] for key in sorted(named.keys())[:MAX_PARTS])
                yield from (v for v in values if kind != "/ColorSpace" or not isinstance(v, pikepdf.Array))


def _again(part: pikepdf.Object, seen: set[tuple[int, int]]) -> bool:
    """Whether an indirect object was met before; a direct one never was."""
    key = part.objgen
    if key in seen:
        return True
    if key != (0, 0):
        seen.add(key)
    return False
