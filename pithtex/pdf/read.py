"""Opens a PDF and reads what its channels say, those of its current revision and, apart from them, of earlier ones.

The file is read into memory once: three parsers look at it, and all see the same bytes.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import pikepdf

from pithtex.catalogue import finding
from pithtex.errors import UnreadablePdfError
from pithtex.findings import Finding
from pithtex.format.profile import BADGE_NAME
from pithtex.limits import (
    MAX_ANNOTATIONS,
    MAX_BADGES,
    MAX_PAGES,
    MAX_PDF_BYTES,
    MAX_REVISIONS,
)
from pithtex.pdf.appearance.doubts import Doubts, doubts_of, read_renditions
from pithtex.pdf.appearance.scripts import changes, opening_page
from pithtex.pdf.channels.covered_links import find_rivals
from pithtex.pdf.channels.links import with_duplicates
from pithtex.pdf.channels.read_all import read_channels
from pithtex.pdf.channels.revisions import earlier_ends
from pithtex.pdf.channels.table import FROM_OBJECTS, Source
from pithtex.pdf.channels.visible import read_visible
from pithtex.pdf.channels.xmp import other_packets
from pithtex.pdf.evidence import Evidence, LinkEvidence, PageText, Revision
from pithtex.pdf.open import open_pdf, walk_pages
from pithtex.system.files import read_pdf

_OTHER_PAGES: Final = "readers disagree on which pages there are"
_MAX_BRIEF: Final = 8
"""Pages that are read in part first: of more, one or the other would have to be read again."""


def read_evidence(
    data_or_path: bytes | str | os.PathLike[str],
    *,
    password: str = "",
    text: bool = True,
    neighbours: bool = True,
    brief: bool = False,
) -> Evidence:
    """Reads what every channel of a PDF claims.

    Nothing is verified. The text of a page is checked to be visible where the file has anything to do with Pith;
    in other files covered text is not told from visible text, which spares them the drawing.

    Args:
        data_or_path: the file, or its bytes.
        password: for an encrypted file; one that opens without is read all the same.
        text: whether to read the text of pages at all.
        neighbours: whether to read the pages next to those with a badge, too; `with_neighbours` does so later.
        brief: whether to read, of a file with a badge by name, only what can decide the word (`Evidence.partial`).

    Raises:
        UnreadablePdfError: not a PDF, damaged beyond repair, encrypted with another password, or too large.
        OSError: the path can't be read.
    """
    data = data_or_path if isinstance(data_or_path, bytes) else read_pdf(data_or_path)
    if len(data) > MAX_PDF_BYTES:
        raise UnreadablePdfError(f"the file is larger than {MAX_PDF_BYTES} bytes")
    pdf, password = open_pdf(data, password)
    with pdf:
        evidence, wanted = _read_objects(pdf, data, password, neighbours=neighbours)
    if not text or not evidence.pages:
        return evidence
    return _with_texts(evidence, wanted, data, password, brief=brief)


class _Wanted(NamedTuple):
    """The pages whose text is to be read, and what has to be known of them."""

    numbers: Sequence[int]
    concerned: bool
    """The file has anything to do with Pith."""
    doubts: Doubts = Doubts()


def _read_objects(pdf: pikepdf.Pdf, data: bytes, password: str, *, neighbours: bool) -> tuple[Evidence, _Wanted]:
    """What the file's objects say: all but the text of pages."""
    pages, findings = walk_pages(pdf)
    warnings = list(map(str, pdf.get_warnings()))
    stated, found = read_channels(Source(pdf, data, pages, warnings))
    read = list(map(str, pdf.get_warnings()))
    links = with_duplicates(stated.link, (*warnings, *read))
    stated = stated._replace(link=links)
    concerned = bool(links) or any(any(kind.says(stated)) for kind in FROM_OBJECTS)
    packets = other_packets(pdf, data) if concerned else ()
    revisions, late = _read_revisions(pdf, data, password, concerned=concerned)
    rivals = find_rivals(pages, links)
    changing = changes(pdf, pages)
    wanted = _Wanted(pages_to_read(links, len(pages), neighbours=neighbours), concerned)
    if concerned:
        here = {number: pages[number - 1] for number in wanted.numbers}
        doubts = doubts_of(pdf, data, here, warnings, read)
        wanted = wanted._replace(doubts=doubts)
        changing += doubts.why
    evidence = Evidence(
        pages=len(pages),
        encrypted=bool(pdf.is_encrypted),
        stated=stated,
        texts=(),
        packets=packets,
        revisions=revisions,
        rivals=rivals,
        changes=changing,
        opens=opening_page(pdf, pages),
        findings=(*findings, *found, *late),
    )
    return evidence, wanted


def _with_texts(evidence: Evidence, wanted: _Wanted, data: bytes, password: str, *, brief: bool) -> Evidence:
    """The evidence with the text of the wanted pages, as it is shown with and without layers."""
    links, numbers = evidence.links, wanted.numbers
    brief = brief and len(numbers) <= _MAX_BRIEF and any(link.name == BADGE_NAME for link in links)
    places = {page: [box for link in links if link.page == page for box in link.regions] for page in numbers}
    read_pages = functools.partial(
        read_visible, over=wanted.doubts.over, concerned=wanted.concerned, brief=places if brief else None
    )
    texts, found = read_pages(wanted.doubts.readable or data, numbers, evidence.pages, password=password)
    others, changing = read_renditions(wanted.doubts.layered, lambda other: read_pages(other, numbers, None)[0])
    if any(item.name == "page-count-differs" for item in found):
        changing += (_OTHER_PAGES,)
    return evidence._replace(
        texts=texts,
        renditions=others,
        changes=evidence.changes + changing,
        findings=(*evidence.findings, *found),
    )


def _read_revisions(
    pdf: pikepdf.Pdf, data: bytes, password: str, *, concerned: bool
) -> tuple[tuple[Revision, ...], list[Finding]]:
    """Reads the earlier revisions; what is damaged in them is of no interest."""
    ends, findings = earlier_ends(pdf, data, concerned=concerned)
    revisions: list[Revision] = []
    left = MAX_PAGES
    for end in ends:
        try:
            earlier, _ = open_pdf(data[:end], password, repair=False)
        except UnreadablePdfError:
            continue
        with earlier:
            pages, _ = walk_pages(earlier)
            left -= len(pages)
            if left < 0:
                message = f"the file's earlier revisions have more than {MAX_PAGES} pages; the latest were not read"
                return tuple(revisions), [*findings, finding("channel-limit", message, where="revisions")]
            few = MAX_ANNOTATIONS // MAX_REVISIONS
            stated, _ = read_channels(Source(earlier, data[:end], pages, annotations=few))
        revisions.append(Revision(end=end, stated=stated))
    return tuple(revisions), findings


def pages_to_read(links: Iterable[LinkEvidence], pages: int, *, neighbours: bool = True) -> list[int]:
    """The pages on which a badge, a title or a stamp may stand: 1, and each page with a link.

    Without a badge by name also 2: behind a cover sheet, the text of a badge may stand there. With `neighbours` also
    the pages next to those, which may show the title where they do not. Pages with a badge by name come first when
    there are more than `MAX_BADGES`.
    """
    holders = sorted({(link.name != BADGE_NAME, link.page) for link in links})
    wanted = {1, *(page for _, page in holders[:MAX_BADGES])}
    if not holders or holders[0][0]:
        wanted.add(2)
    if neighbours:
        wanted |= {page + step for page in wanted for step in (-1, 1)}
    return sorted(page for page in wanted if 1 <= page <= pages)


def with_neighbours(evidence: Evidence, data: bytes, *, password: str = "") -> Evidence:
    """The evidence with the text of pages next to those that were read: a title may stand there.

    Args:
        evidence: what `read_evidence` made of `data` with `neighbours=False`.
        data: the file.
        password: for an encrypted file.
    """
    have = {text.page for text in evidence.texts}
    numbers = pages_to_read(evidence.links, evidence.pages)
    missing = [page for page in numbers if page not in have]
    if not have or not missing:
        return evidence
    pdf, password = open_pdf(data, password)
    with pdf:
        pages, _ = walk_pages(pdf)
        doubts = doubts_of(pdf, data, {number: pages[number - 1] for number in numbers})
    over = doubts.over
    texts, found = read_visible(doubts.readable or data, missing, None, over=over, password=password)
    together = tuple(sorted((*evidence.texts, *texts), key=lambda text: text.page))
    others, late = read_renditions(doubts.layered, lambda other: read_visible(other, numbers, None, over=over)[0])
    changes = tuple(dict.fromkeys((*evidence.changes, *doubts.why, *late)))
    return evidence._replace(texts=together, renditions=others, changes=changes, findings=(*evidence.findings, *found))


def pages_in_full(evidence: Evidence, data: bytes, page: int, *, password: str = "") -> tuple[PageText, ...]:
    """A page and the one after it, every line of them: what `brief` leaves out of a page that binds.

    A page that readers may show in other ways is left out.

    Args:
        evidence: what `read_evidence` made of `data`.
        data: the file.
        page: 1-based.
        password: for an encrypted file.
    """
    if evidence.changes:
        return ()
    numbers = [number for number in (page, page + 1) if number <= evidence.pages]
    have = {text.page: text for text in evidence.texts if text.largest is None}
    if all(number in have for number in numbers):
        return tuple(have[number] for number in numbers)
    pdf, password = open_pdf(data, password)
    texts: list[PageText] = []
    with pdf:
        pages, _ = walk_pages(pdf)
        for number in numbers:
            doubts = doubts_of(pdf, data, {number: pages[number - 1]})
            if not doubts.why:
                texts += read_visible(doubts.readable or data, [number], None, over=doubts.over, password=password)[0]
    return tuple(texts)
