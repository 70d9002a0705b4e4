"""What a page is drawn from: its content, its resources, and those of the forms, patterns and annotations in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pikepdf

from pithtex.limits import MAX_PAGE_ANNOTATIONS
from pithtex.pdf.info import READ_ERRORS, entry

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


def notes_of(page: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The annotations of a page that are dictionaries."""
    listed = entry(page, "/Annots")
    if isinstance(listed, pikepdf.Array):
        for index in range(min(len(listed), MAX_PAGE_ANNOTATIONS)):
            annotation = listed[index]
            if isinstance(annotation, pikepdf.Dictionary):
                yield annotation


def parts(page: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream that a page is drawn from, each once, at most `MAX_PARTS`.

    Glyphs are left out, and so is what pictures, functions and embedded fonts alone are made of; so are annotations
    without a picture or layer of their own.
    """
    seen: set[tuple[int, int]] = set()
    stack: list[object] = []
    left = MAX_PARTS
    try:
        stack += [inherited(page, "/Resources"), *_named(inherited(page, "/Resources")), entry(page, "/Contents")]
        stack += [note for note in notes_of(page) if "/AP" in note or "/OC" in note]
    except READ_ERRORS:
        pass  # what was found so far
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
                yield from (named[key] for key in sorted(named.keys())[:MAX_PARTS])


def _again(part: pikepdf.Object, seen: set[tuple[int, int]]) -> bool:
    """Whether an indirect object was met before; a direct one never was."""
    key = part.objgen
    if key in seen:
        return True
    if key != (0, 0):
        seen.add(key)
    return False
