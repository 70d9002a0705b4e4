"""The link annotations of a PDF that name Pith (ISO 32000-1, 12.5.6.5), whether they tell the truth or not.

Generous on purpose: look-alike hosts, odd spellings and wrong actions are evidence, and are judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pikepdf

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.format.badge_link import address_text, names_pith
from pithtex.format.profile import BADGE_NAME, HARMLESS_ENTRIES
from pithtex.limits import MAX_ANNOTATIONS, MAX_BADGES, MAX_STREAM_BYTES
from pithtex.pdf.evidence import LinkEvidence
from pithtex.pdf.untrusted import NOWHERE, READ_ERRORS, TWICE, cut, entry, flags_of, rectangle, text_value
from pithtex.structs import replace

_MAX_URI_BYTES: Final = 4 * MAX_STREAM_BYTES
"""All URIs of a file together: one string can be shared by every annotation, so the file's size bounds nothing."""
_MAX_LINKS: Final = 10 * MAX_BADGES
"""Links kept of one file: badges and citations."""
_MAX_CHAIN: Final = 16
"""Actions of one `/Next` chain that are named; it may be a loop."""
_MAX_QUADS: Final = 100
"""Lines that one link's `/QuadPoints` mark; more than a page has are no narrowing."""
_LINK: Final = pikepdf.Name("/Link")


def read_links(
    pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Object], limit: int = MAX_ANNOTATIONS
) -> tuple[tuple[LinkEvidence, ...], list[Finding]]:
    """Reads every annotation that carries the badge's name, and every link whose URI names Pith.

    An annotation that stands on several pages, which ISO 32000-1, 12.5.2 forbids, is read on the first of them.

    Args:
        pdf: the open file, which the pages belong to.
        pages: the page dictionaries, in order.
        limit: how many annotations are looked at.
    """
    reader = _Reader(limit)
    for number, page in enumerate(pages, 1):
        if reader.full:
            break
        reader.read_page(number, page)
    return tuple(reader.links), reader.findings


def with_duplicates(links: Sequence[LinkEvidence], warnings: Iterable[str]) -> tuple[LinkEvidence, ...]:
    """Returns the links, with entries that a dictionary gives twice: ISO 32000-1, 7.3.7 does not say which counts.

    Args:
        links: what `read_links` found.
        warnings: what qpdf has said since the file was opened; it keeps the last of two values, and other readers take
            the first.
    """
    twice: dict[tuple[int, int], list[str]] = {}
    for match in filter(None, map(TWICE.search, warnings)):
        if match[1] and match[4] not in HARMLESS_ENTRIES:
            twice.setdefault((int(match[1]), int(match[2])), []).append(match[4])
    if not twice:
        return tuple(links)
    return tuple(
        replace(link, twice=tuple(dict.fromkeys(key for held in link.objects for key in twice.get(held, ()))))
        for link in links
    )


class _Reader:
    """Goes through the pages' annotations under the bounds of one file."""

    def __init__(self, limit: int) -> None:
        self.links: list[LinkEvidence] = []
        self.findings: list[Finding] = []
        self.full = False
        self._limit = self._left = limit
        self._uri_bytes = _MAX_URI_BYTES
        self._seen: set[tuple[int, int]] = set()
        self._damaged = 0

    def read_page(self, number: int, page: pikepdf.Object) -> None:
        """Reads the annotations of one page."""
        try:
            annotations = entry(page, "/Annots")
            if annotations is None or self._again(page) or self._again(annotations):
                return
            if not isinstance(annotations, pikepdf.Array):
                raise TypeError("not an array")
            count = len(annotations)
        except READ_ERRORS:
            self._damage(f"page {number}", "the list of annotations could not be read")
            return
        # Bounded before it is gone through: the list may claim millions.
        for index in range(min(count, self._left)):
            try:
                self._read(number, index, annotations[index], (annotations.objgen, page.objgen))
            except READ_ERRORS:
                self._damage(f"page {number}, annotation {index + 1}", "the annotation could not be read")
            if self._uri_bytes <= 0:
                self._stop(f"the links' addresses are longer than {_MAX_URI_BYTES} bytes in total", number)
                return
            if len(self.links) == _MAX_LINKS:
                self._stop(
                    f"the file has at least {_MAX_LINKS} links that mention Pith; the rest were not read", number
                )
                return
        self._left -= count
        if self._left < 0:
            self._stop(f"the file has more than {self._limit} annotations; the rest were not read", number)

    def _again(self, holder: pikepdf.Object) -> bool:
        """Tells whether an indirect object was met before; a direct one never was."""
        key = holder.objgen
        if key == (0, 0):
            return False
        if key in self._seen:
            return True
        self._seen.add(key)
        return False

    def _stop(self, message: str, number: int) -> None:
        self.full = True
        self.findings.append(finding("channel-limit", f"{message}; the rest was not read", where=f"page {number}"))

    def _damage(self, where: str, message: str) -> None:
        self._damaged += 1
        if self._damaged == 1:  # one of thousands says enough
            self.findings.append(finding("channel-damaged", message, where=where))

    def _read(
        self, number: int, index: int, annotation: pikepdf.Object | None, holders: tuple[tuple[int, int], ...]
    ) -> None:
        if annotation is None:  # null: deleted, and harmless
            return
        if not isinstance(annotation, pikepdf.Dictionary):
            raise TypeError("not a dictionary")
        if self._again(annotation):
            return
        name = _text(entry(annotation, "/NM"))
        badge = name == BADGE_NAME
        if not badge and entry(annotation, "/Subtype") != _LINK:
            return
        # Most links lead to a place in the file: what they are called is asked of those that stay.
        key, holder = _holder(annotation)
        uri = "" if holder is None else self._uri(entry(holder, "/URI"))
        if not badge and not (uri and names_pith(uri)):
            return
        action = _kind(holder) if holder is not None and key == "/A" else key[1:]
        where = f"page {number}, annotation {index + 1}"
        contents = _text(entry(annotation, "/Contents"))
        rect = rectangle(entry(annotation, "/Rect")) or NOWHERE
        self.links.append(
            LinkEvidence(
                page=number,
                index=index,
                uri=cut(uri, where, "the address", self.findings),
                name=name if name is None else cut(name, where, "the name", self.findings),
                contents=contents if contents is None else cut(contents, where, "/Contents", self.findings),
                rect=rect,
                flags=flags_of(entry(annotation, "/F")),
                action=action,
                more=_more(annotation, action),
                quads=_quads(entry(annotation, "/QuadPoints"), rect),
                objects=_objects(annotation, holder, holders),
            )
        )

    def _uri(self, value: object) -> str:
        if not isinstance(value, pikepdf.String):
            return ""
        raw = bytes(value)
        self._uri_bytes -= len(raw)
        return address_text(raw)


def _holder(annotation: pikepdf.Object) -> tuple[str, pikepdf.Object | None]:
    """Returns the action (ISO 32000-1, 12.6.2, 12.6.4.7) and the entry that holds it.

    Where `/A` is missing the entry that stands in for it: `/PA` (12.5.6.5), or without an action that is read here
    `/AA` (12.6.3), `/Dest`, or none.
    """
    for key in ("/A", "/PA"):
        action = entry(annotation, key)
        if isinstance(action, pikepdf.Dictionary):
            return key, action
    return next((key for key in ("/AA", "/Dest") if key in annotation), ""), None


def _objects(
    annotation: pikepdf.Object, action: pikepdf.Object | None, holders: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """Returns the indirect objects that a link is written in; of a direct one the first indirect holder."""
    own = annotation.objgen
    if own == (0, 0):
        own = next((held for held in holders if held != (0, 0)), own)
    return (own,) if action is None or action.objgen in ((0, 0), own) else (own, action.objgen)


def _kind(action: pikepdf.Object) -> str:
    """Returns the type of an action: `/S`, without the slash."""
    kind = entry(action, "/S")
    return str(kind)[1:] if isinstance(kind, pikepdf.Name) else ""


def _more(annotation: pikepdf.Object, action: str) -> tuple[str, ...]:
    """Returns the annotation's other actions: the `/Next` chain and those of other events (ISO 32000-1, 12.6)."""
    kinds: list[str] = []
    waiting = [_next(entry(annotation, "/A"))]
    while waiting and len(kinds) < _MAX_CHAIN:
        following = waiting.pop()
        if isinstance(following, pikepdf.Dictionary):
            kinds.append(_kind(following) or "an action without type")
            waiting.append(_next(following))
        elif isinstance(following, pikepdf.Array):
            count = min(len(following), _MAX_CHAIN)
            waiting += [following[index] for index in reversed(range(count))]
        elif following is not None:
            kinds.append("an action without type")
    if action != "AA" and "/AA" in annotation:
        kinds.append("AA")
    if action != "PA" and "/PA" in annotation:
        kinds.append("PA")
    if action != "Dest" and "/Dest" in annotation:
        kinds.append("Dest")
    return tuple(kinds)


def _next(action: object) -> pikepdf.Object | None:
    return entry(action, "/Next") if isinstance(action, pikepdf.Dictionary) else None


def _text(value: object) -> str | None:
    """Returns a text string, or None if it cannot be read: one bad field must not lose the link."""
    if not isinstance(value, pikepdf.String):
        return None
    try:
        return text_value(value)
    except ValueError:
        return bytes(value).decode("latin-1")


def _quads(value: object, rect: Rect) -> tuple[Rect, ...]:
    """Returns the boxes of `/QuadPoints`; none if one leaves the rectangle: readers ignore them then (12.5.6.5)."""
    try:
        if not isinstance(value, pikepdf.Array) or len(value) % 8 or not 8 <= len(value) <= 8 * _MAX_QUADS:
            return ()
        numbers = [float(number) for number in value]
    except READ_ERRORS:
        return ()
    quads = []
    for start in range(0, len(numbers), 8):
        xs, ys = numbers[start : start + 8 : 2], numbers[start + 1 : start + 8 : 2]
        quad = (min(xs), min(ys), max(xs), max(ys))
        # A rounding error is no reason to ignore them. What is not a number is in no rectangle.
        inside = rect[0] - 1 <= quad[0] and quad[2] <= rect[2] + 1 and rect[1] - 1 <= quad[1] and quad[3] <= rect[3] + 1
        if not inside:
            return ()
        quads.append(quad)
    return tuple(quads)
