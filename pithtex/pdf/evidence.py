"""What each channel of a PDF says: claims and their places, and no judgement (docs/reference/pdf-profile.md).

Most are named tuples, since to make so many data classes would take a twentieth of the time of a `pithtex check`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pithtex.findings import Finding, Rect
from pithtex.structs import NamedTuple, field, struct


class InfoEvidence(NamedTuple):
    """The Info dictionary (ISO 32000-1, 14.3.3). Texts are as decoded, at most `MAX_VALUE_CHARS` long."""

    number: str | None = None
    receipt: str | None = None
    title: str | None = None


class XmpEvidence(NamedTuple):
    """The catalog's XMP packet (ISO 16684-1): every value of each property of our namespace, in order, any form."""

    numbers: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    abstracts: tuple[str, ...] = ()
    """Abstracts as `format.abstract` has them: each a claim until it is hashed."""


UNSEEN: Final = 0x02 | 0x20
"""Flags Hidden and NoView (ISO 32000-1, table 165): an annotation with one of them is not seen, and takes no click."""


@struct
class LinkEvidence:
    """One link annotation whose URI names Pith, or that carries the badge's name (ISO 32000-1, 12.5.6.5)."""

    page: int
    """1-based."""
    index: int
    """Place in the page's `/Annots`, 0-based."""
    uri: str
    name: str | None
    """`/NM`."""
    contents: str | None
    """`/Contents`."""
    rect: Rect
    flags: int
    """`/F`."""
    action: str
    """The action's `/S`: `URI`, or what stands there instead (`JavaScript`, `Launch`, empty when there is none)."""
    more: tuple[str, ...] = ()
    """What else happens: the types of the actions that follow by `/Next`, and `AA` for actions on other events."""
    quads: tuple[Rect, ...] = ()
    """The boxes of `/QuadPoints`, which narrow the clickable region; empty if there are none that count."""

    objects: tuple[tuple[int, int], ...] = field(default=(), compare=False)
    """Numbers and generations of the objects that it is written in: its own, its action's, or those that hold them."""
    twice: tuple[str, ...] = ()
    """Entries that one of its dictionaries gives more than once; see `links.with_duplicates`."""

    @property
    def regions(self) -> tuple[Rect, ...]:
        """Returns where a click takes effect."""
        return self.quads or (self.rect,)

    @property
    def where(self) -> str:
        """Returns the place, for a person."""
        return f"page {self.page}, annotation {self.index + 1}"


class Stated(NamedTuple):
    """What the objects of one revision of a file state, by channel; `channels.table` says how each is read."""

    info: InfoEvidence = InfoEvidence()
    xmp: XmpEvidence = XmpEvidence()
    link: tuple[LinkEvidence, ...] = ()


class Packet(NamedTuple):
    """An XMP packet of the file that is not the document's: of a page, a picture, or of nothing any more."""

    where: str
    xmp: XmpEvidence


class Revision(NamedTuple):
    """What an earlier revision of an incrementally updated file says (ISO 32000-1, 7.5.6)."""

    end: int
    """The revision is the file's first `end` bytes."""
    stated: Stated


@struct
class Rival:
    """An annotation that lies over a link to Pith and does something else when clicked."""

    page: int
    index: int
    """Of the link; see `LinkEvidence`."""
    other: int
    """Its own place in the page's `/Annots`, 0-based."""


class TextLine(NamedTuple):
    """One line of visible text, in reading direction."""

    text: str
    rect: Rect
    size: float
    """Font size in points after the text matrix, of most of the line's characters."""
    font: str
    """Base font name of most of the line's characters, subset prefix removed; a claim like all else."""
    angle: int
    """Degrees counter-clockwise; 0, 90, 180 or 270 where it is within five of one of them."""
    levels: str = ""
    """Of each character of the text: `^` raised or small, `_` lowered, `=` a wide space; empty if all are even."""
    dark: bool = True
    """Most of it is painted in a dark colour."""


class PageText(NamedTuple):
    """The visible text of one page: invisible, transparent, white and off-page characters are left out."""

    page: int
    """1-based."""
    box: Rect
    """The crop box."""
    lines: tuple[TextLine, ...]
    """In the order of the content stream."""
    hidden_characters: int
    """How many characters were left out as not visible."""
    covered: tuple[TextLine, ...] = ()
    """Lines with a short form in dark type that are painted over, clipped or on a hidden layer."""
    turn: int = 0
    """By how many degrees the page is turned clockwise when it is shown (`/Rotate`)."""

    faint: tuple[TextLine, ...] = ()
    """Lines that are too pale or too busy to be read, and dark ones that are not seen, which other readers may show:
    none is a title, but it may lead to one."""

    shapes: tuple[Rect, ...] = ()
    """Where ink that is not text has the shape of words: drawn as paths, in pictures, or in glyphs without Unicode."""

    scanned: bool = False
    """Most of the page is a picture."""

    @property
    def upright(self) -> PageText:
        """Returns the page as shown, its box and lines turned about the origin, so that positions can be compared."""
        if not self.turn:
            return self
        lines, faint = (
            tuple(line._replace(rect=_turned(line.rect, self.turn)) for line in each)
            for each in (self.lines, self.faint)
        )
        shapes = tuple(_turned(rect, self.turn) for rect in self.shapes)
        return self._replace(box=_turned(self.box, self.turn), lines=lines, faint=faint, shapes=shapes, turn=0)


class Wanted(NamedTuple):
    """Which pages are worth being drawn, told by what stands on them, visible or not."""

    words: Callable[[str], bool]
    """By a page's text."""
    lines: Callable[[PageText], bool]
    """By its lines, of which nothing is known but what they claim themselves."""


class PagesRead(NamedTuple):
    """What was read of the pages of a file."""

    texts: tuple[PageText, ...]
    findings: list[Finding]
    pages: int | None = None
    """How many PDFium finds; None if it cannot open the file."""
    undrawn: tuple[PageText, ...] = ()
    """Pages that were not worth being drawn, as they claim to be."""


def _turned(rect: Rect, turn: int) -> Rect:
    left, bottom, right, top = rect
    if turn == 180:
        return (-right, -top, -left, -bottom)
    return (bottom, -right, top, -left) if turn == 90 else (-top, left, -bottom, right)


class Evidence(NamedTuple):
    """Everything a PDF claims about its number."""

    pages: int
    stated: Stated
    texts: tuple[PageText, ...]
    """Page 1, each page with a badge link, and the pages next to those; in page order."""
    findings: tuple[Finding, ...]
    """What could not be read, or was read only in part."""
    packets: tuple[Packet, ...] = ()
    """Those that have a value of ours. Like the revisions, they never speak for the paper."""
    revisions: tuple[Revision, ...] = ()
    """Earlier ones, the oldest first."""
    rivals: tuple[Rival, ...] = ()
    renditions: tuple[tuple[PageText, ...], ...] = ()
    """The same pages without any layer, and with each of their layers alone; empty if they have none."""
    opens: tuple[int, ...] = (1,)
    """The pages that readers open the file on, 1-based; 0 for one that is not known."""
    changes: tuple[str, ...] = ()
    """Why a reader may see other than the pages that were read; a phrase each."""
    undrawn: tuple[PageText, ...] = ()
    """Of the pages asked for last those not worth being drawn, as they claim to be."""

    @property
    def info(self) -> InfoEvidence:
        """Returns what the Info dictionary states."""
        return self.stated.info

    @property
    def xmp(self) -> XmpEvidence:
        """Returns what the document's XMP packet states."""
        return self.stated.xmp

    @property
    def links(self) -> tuple[LinkEvidence, ...]:
        """Returns the links that name Pith."""
        return self.stated.link
