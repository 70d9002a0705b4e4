"""The channels of the PDF profile, one row each: what reads it, what it claims, who writes it, and who else reads it.

What goes through all channels goes through this table, and `docs/reference/pdf-profile.md` has it as one. A test
names each cell that is empty or untrue; a new channel is a field of `Stated`, a reader and a row, until that test is
content.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Final

import pikepdf

from pithtex.format.profile import BADGE_NAME, INFO_NUMBER, INFO_RECEIPT, LINK_PREFIX, SHORT_PREFIX, XMP_NAMESPACE
from pithtex.limits import MAX_ANNOTATIONS
from pithtex.pdf.channels.info import read_info
from pithtex.pdf.channels.links import read_links
from pithtex.pdf.channels.visible import read_visible
from pithtex.pdf.channels.xmp import read_xmp
from pithtex.pdf.evidence import Stated
from pithtex.structs import NamedTuple, struct


class Source(NamedTuple):
    """One revision of a file, opened."""

    pdf: pikepdf.Pdf
    data: bytes
    pages: Sequence[pikepdf.Object]
    """The page dictionaries, in order."""
    warnings: Sequence[str] = ()
    """What qpdf has said of the file so far."""
    annotations: int = MAX_ANNOTATIONS
    """How many annotations are looked at."""


class Said(NamedTuple):
    """What one channel says of a revision, as written."""

    numbers: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()


class Speaks(StrEnum):
    """What a channel speaks for."""

    BADGE = "its badge"
    FILE = "each badge of the file that it agrees with; against all where it agrees with none"
    NOBODY = "no badge: it can contradict, and proves nothing"


@struct
class ChannelKind:
    """One channel. Every cell has something in it."""

    name: str
    """As in a verdict; of what is read from a file's objects also the field of `Stated`."""
    where: str
    """Its place in a finding."""
    title: str
    """And in a sentence."""
    place: str
    """Where it is, for docs/reference/pdf-profile.md."""
    content: str
    """What stands there, for docs/reference/pdf-profile.md."""
    read: Callable[..., Any]
    """Reads it, with findings: from a `Source`; the text, from the pages as they are shown."""
    says: Callable[[Stated], Said]
    """The numbers, receipts and digests that it claims. A short form is not a number."""
    speaks: Speaks
    constants: tuple[str, ...]
    """Names of `format.profile` for what is written there; of the text, for what its short form is cut from."""
    writer: str
    """The macro of latex/pith.sty that writes it."""
    browser: str
    """The module of browser/ and its function that read it; or, after `-`, why none does."""
    docs: str
    """The heading of docs/reference/pdf-profile.md that says more of it."""


def _link_says(stated: Stated) -> Said:
    """Of links only those that bear the badge's name: what another link is, the page's text decides."""
    uris = [link.uri.partition("#r=") for link in stated.link if link.name == BADGE_NAME]
    numbers = tuple(dict.fromkeys(address.rpartition("/")[2] for address, _, _ in uris))
    return Said(numbers, tuple(receipt for _, _, receipt in uris if receipt))


def _info_says(stated: Stated) -> Said:
    info = stated.info
    return Said((info.number,) if info.number else (), (info.receipt,) if info.receipt else ())


def _xmp_says(stated: Stated) -> Said:
    return Said(stated.xmp.numbers, stated.xmp.receipts, stated.xmp.digests)


LINK: Final = ChannelKind(
    name="link",
    where="link",
    title="the badge's link",
    place="link annotation on the badge",
    content=f"`/URI {LINK_PREFIX}<26>#r=<compact receipt>`, `/Contents` (alt text), `/NM ({BADGE_NAME})`, `/F 4` "
    "(printed: PDF/A tools delete annotations without the flag)",
    read=lambda source: read_links(source.pdf, source.pages, source.annotations),
    says=_link_says,
    speaks=Speaks.BADGE,
    constants=("LINK_PREFIX", "BADGE_NAME"),
    writer=r"\__pith_link:nN",
    browser="pdf/links.js findBadges",
    docs="Which link is the badge",
)
INFO: Final = ChannelKind(
    name="info",
    where="Info",
    title="the Info dictionary",
    place="the Info dictionary",
    content=f"`{INFO_NUMBER}`, `{INFO_RECEIPT}`",
    read=lambda source: read_info(source.pdf, source.data, source.warnings),
    says=_info_says,
    speaks=Speaks.FILE,
    constants=("INFO_NUMBER", "INFO_RECEIPT"),
    writer=r"\__pith_info:nn",
    browser="pdf/judge.js readInfo",
    docs="Absent channels",
)
XMP: Final = ChannelKind(
    name="xmp",
    where="XMP",
    title="the XMP packet",
    place="the catalog's `/Metadata`",
    content=f"namespace `{XMP_NAMESPACE}`, prefix `pith`, properties `number`, `canonicalSHA256`, `receipt`, "
    "`profile` (`1`), with the PDF/A extension schema",
    read=lambda source: read_xmp(source.pdf),
    says=_xmp_says,
    speaks=Speaks.FILE,
    constants=("XMP_NAMESPACE",),
    writer=r"\__pith_xmp:n",
    browser="pdf/xmp.js readXmp",
    docs="Absent channels",
)
TEXT: Final = ChannelKind(
    name="text",
    where="text",
    title="the page's text",
    place="the badge on the page",
    content=f"`{SHORT_PREFIX}<8>`",
    read=read_visible,
    says=lambda _: Said(),
    speaks=Speaks.NOBODY,
    constants=("SHORT_PREFIX",),
    writer=r"\__pith_short_form:",
    browser="- it draws no page, and says that title and abstract were not compared",
    docs="Styles, QR code, anonymous papers",
)

CHANNELS: Final = (LINK, XMP, INFO, TEXT)
FROM_OBJECTS: Final = (INFO, XMP, LINK)
"""Those that a file's objects state, in the order in which they are read: qpdf says once what is twice in Info."""
