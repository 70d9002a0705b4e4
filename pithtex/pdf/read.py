"""Opens a PDF and reads what its channels say, those of its current revision and, apart from them, of earlier ones.

The file is read into memory once: three parsers look at it, and all see the same bytes.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.catalogue import finding
from pithtex.errors import UnreadablePdfError
from pithtex.findings import Finding
from pithtex.format.profile import BADGE_NAME
from pithtex.limits import (
    MAX_ANNOTATIONS,
    MAX_BADGES,
    MAX_DRAWING_SECONDS,
    MAX_PAGES,
    MAX_PAGES_SECONDS,
    MAX_PDF_BYTES,
    MAX_REVISIONS,
)
from pithtex.pdf.answer import Answer, decode, encode
from pithtex.pdf.appearance.doubts import Doubts, doubts_of, read_renditions
from pithtex.pdf.appearance.grammar import LIGHT_CONTENT, inherited
from pithtex.pdf.appearance.scripts import changes, opening_pages
from pithtex.pdf.appearance.streams import content_of
from pithtex.pdf.channels.covered_links import find_rivals
from pithtex.pdf.channels.links import with_duplicates
from pithtex.pdf.channels.read_all import read_channels
from pithtex.pdf.channels.revisions import earlier_ends
from pithtex.pdf.channels.table import FROM_OBJECTS, Source
from pithtex.pdf.channels.visible import read_visible
from pithtex.pdf.channels.xmp import other_packets
from pithtex.pdf.evidence import Evidence, LinkEvidence, PageText, Revision, Wanted
from pithtex.pdf.glance import names_in_text
from pithtex.pdf.open import open_pdf, walk_pages
from pithtex.pdf.untrusted import READ_ERRORS, OddError, each_of, entry
from pithtex.system.apart import apart
from pithtex.system.files import read_pdf

_OTHER_PAGES: Final = "readers disagree on which pages there are"
_STOPPED: Final = "drawing the pages takes too long"
_SECONDS: Final = MAX_PAGES_SECONDS + MAX_DRAWING_SECONDS
"""For what may not be interrupted: somewhat more than what looks at its clock takes."""
_LIGHT: Final = 64 * 1024
"""Bytes, compressed: content of a page that is loaded in no time."""


def read_evidence(
    data_or_path: bytes | str | os.PathLike[str],
    *,
    password: str = "",
    text: bool = True,
    neighbours: bool = True,
    named: tuple[int, ...] | None = None,
) -> Evidence:
    """Reads what every channel of a PDF claims.

    Nothing is verified. The text of pages is read where the file has anything to do with Pith, or they name it.

    Args:
        data_or_path: the file, or its bytes.
        password: for an encrypted file; one that opens without is read all the same.
        text: whether to read the text of pages at all.
        neighbours: whether to read the pages next to those with a badge, too; `with_pages` does so later.
        named: the pages that name Pith in their text, where that is known.

    Raises:
        UnreadablePdfError: not a PDF, damaged beyond repair, encrypted with another password, or too large.
        OSError: the path can't be read.
    """
    data = data_or_path if isinstance(data_or_path, bytes) else read_pdf(data_or_path)
    if len(data) > MAX_PDF_BYTES:
        raise UnreadablePdfError(f"the file is larger than {MAX_PDF_BYTES} bytes")
    pdf, password = open_pdf(data, password)
    evidence, doubts, concerned = _read_objects(pdf, data, password, neighbours=neighbours)
    numbers = pages_to_read(evidence.links, evidence.pages, neighbours=neighbours)
    if not text or not numbers:
        return evidence
    if concerned:
        return _with_texts(evidence, data, numbers, doubts, password)
    if named is None:
        named, unread = names_in_text(data, numbers, light=doubts.light, password=password)
        evidence = evidence._replace(findings=(*evidence.findings, *unread))
    return with_pages(evidence, data, named, password=password)


def _read_objects(pdf: pikepdf.Pdf, data: bytes, password: str, *, neighbours: bool) -> tuple[Evidence, Doubts, bool]:
    """Returns what the file's objects say: all but the text of pages.

    And what readers may see other than the pages to be read; and whether the file has anything to do with Pith, without
    which of these pages no more is known than whether they are loaded in no time.
    """
    pages, findings = walk_pages(pdf)
    warnings = list(map(str, pdf.get_warnings()))
    stated, found = read_channels(Source(pdf, data, pages, warnings))
    read = list(map(str, pdf.get_warnings()))
    links = with_duplicates(stated.link, (*warnings, *read))
    stated = stated._replace(link=links)
    concerned = bool(links) or any(any(kind.says(stated)) for kind in FROM_OBJECTS)
    packets = other_packets(pdf, data) if concerned else ()
    revisions, late = _read_revisions(pdf, data, password, concerned=concerned)
    evidence = Evidence(
        pages=len(pages),
        stated=stated,
        texts=(),
        packets=packets,
        revisions=revisions,
        rivals=find_rivals(pages, links),
        changes=changes(pdf, pages),
        opens=opening_pages(pdf, pages),
        findings=(*findings, *found, *late),
    )
    here = {number: pages[number - 1] for number in pages_to_read(links, len(pages), neighbours=neighbours)}
    if not concerned:
        return evidence, Doubts(light=all(map(_is_light, here.values()))), False
    return evidence, doubts_of(pdf, data, here, warnings, read), True


def _with_texts(
    evidence: Evidence,
    data: bytes,
    numbers: Sequence[int],
    doubts: Doubts,
    password: str,
    *,
    wanted: Wanted | None = None,
) -> Evidence:
    """Returns the evidence with the text of more pages; and of all of them as it is shown in other ways."""
    known = doubts.readable or data
    look = functools.partial(_look, evidence, known, numbers, lambda: doubts, password, wanted=wanted)
    if doubts.light:
        answer: Answer | None = look()
    else:
        import pithtex.pdf.text.lines  # noqa: F401  # a second copy of this process does not load it again

        answer = decode(apart(lambda: encode(look()), MAX_DRAWING_SECONDS if doubts.why else _SECONDS) or b"")
    if answer is None:
        stopped = finding("channel-limit", "drawing the pages took too long, and was stopped", where="text")
        answer = Answer(findings=(stopped,), changes=(_STOPPED,))
    return _with_answer(evidence, answer, doubts)


def _with_answer(evidence: Evidence, answer: Answer, doubts: Doubts) -> Evidence:
    return evidence._replace(
        texts=_in_order(evidence.texts, answer.texts),
        renditions=answer.renditions,
        changes=tuple(dict.fromkeys((*evidence.changes, *doubts.why, *answer.changes))),
        findings=tuple(dict.fromkeys((*evidence.findings, *answer.findings))),
        undrawn=answer.undrawn,
    )


def _look(
    evidence: Evidence,
    known: bytes,
    numbers: Sequence[int],
    doubts: Callable[[], Doubts],
    password: str,
    *,
    wanted: Wanted | None,
) -> Answer:
    """Reads those of the pages that were not read before; `known` is the file with what its characters are."""
    read = functools.partial(read_visible, over=lambda: doubts().over)
    have = [text.page for text in evidence.texts]
    missing = [number for number in numbers if number not in have]
    texts, found, count, undrawn = read(known, missing, password=password, wanted=wanted)
    others = tuple(_in_order(each, texts) for each in evidence.renditions)
    changing: tuple[str, ...] = ()
    if texts and doubts().layered:
        # Pages that have nothing of the kind are as they are in every way.
        same, changed = ((), (*evidence.texts, *texts)) if evidence.renditions else (evidence.texts, texts)
        again = [text.page for text in changed]
        others, changing = read_renditions(doubts().layered, lambda other: _in_order(same, read(other, again).texts))
    if count not in {None, evidence.pages}:
        message = f"readers disagree on the number of pages: {evidence.pages} and {count}"
        found, changing = [finding("page-count-differs", message), *found], (*changing, _OTHER_PAGES)
    return Answer(texts, tuple(found), others, changing, undrawn)


def _in_order(one: Iterable[PageText], other: Iterable[PageText]) -> tuple[PageText, ...]:
    return tuple(sorted((*one, *other), key=lambda text: text.page))


def _is_light(page: pikepdf.Object) -> bool:
    """Tells whether a page loads quickly: it has little content, and draws nothing that has content of its own."""
    try:
        resources = inherited(page, "/Resources")
        size = sum(len(stream.read_raw_bytes()) for stream in each_of(entry(page, "/Contents")))
        return size < _LIGHT and (resources is None or "/XObject" not in resources)
    except READ_ERRORS:
        return False


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
        pages, _ = walk_pages(earlier)
        left -= len(pages)
        if left < 0:
            message = f"the file's earlier revisions have more than {MAX_PAGES} pages; the latest ones were not read"
            return tuple(revisions), [*findings, finding("channel-limit", message, where="revisions")]
        few = MAX_ANNOTATIONS // MAX_REVISIONS
        stated, _ = read_channels(Source(earlier, data[:end], pages, annotations=few))
        revisions.append(Revision(end=end, stated=stated))
    return tuple(revisions), findings


def pages_to_read(links: Iterable[LinkEvidence], pages: int, *, neighbours: bool = True) -> list[int]:
    """Returns the pages on which a badge, a title or a stamp may stand: 1, and each page with a link.

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


def with_pages(
    evidence: Evidence,
    data: bytes,
    numbers: Sequence[int],
    *,
    password: str = "",
    wanted: Wanted | None = None,
) -> Evidence:
    """Returns the evidence with the text of more pages, as far as there are such.

    Args:
        evidence: what `read_evidence` made of `data`.
        data: the file.
        numbers: 1-based.
        password: for an encrypted file.
        wanted: which of these pages are wanted; all by default.
    """
    have = {text.page for text in evidence.texts}
    more = {number for number in numbers if number <= evidence.pages}
    if more <= have or _STOPPED in evidence.changes:
        return evidence
    pdf, password = open_pdf(data, password)
    pages, _ = walk_pages(pdf, max(more))
    here = {number: pages[number - 1] for number in sorted(more - have)}
    plain = wanted is not None and not evidence.changes and all(map(_is_plain, here.values()))
    said = list(map(str, pdf.get_warnings()))

    @functools.cache
    def doubts() -> Doubts:
        # What was found of the file and the other pages is among its changes.
        found = doubts_of(pdf, data, here, said, known=bool(have))
        if not (found.layered and evidence.renditions):
            return found
        again, _ = open_pdf(data, password)  # in each way of any page all are read
        pages, _ = walk_pages(again, max(have | more))
        return doubts_of(again, data, {number: pages[number - 1] for number in sorted(have | more)}, known=True)

    if wanted is not None and plain and not said:
        look = functools.partial(_look, evidence, data, sorted(more), doubts, password)
        answer = _claimed(look, doubts, wanted)
        if answer is not None:
            return _with_answer(evidence, answer, doubts() if answer.texts or not answer.undrawn else Doubts())
    return _with_texts(evidence, data, sorted(more), doubts(), password, wanted=wanted)


def _claimed(look: Callable[..., Answer], doubts: Callable[[], Doubts], wanted: Wanted) -> Answer | None:
    """Reads plain pages, of which it is asked how others show them only where they are drawn; None if not here."""
    here = True

    def is_drawn(page: PageText) -> bool:
        nonlocal here
        if not wanted.lines(page):
            return False
        here = doubts().light
        return here

    answer = look(wanted=wanted._replace(lines=is_drawn))
    return answer if here else None


def _is_plain(page: pikepdf.Object) -> bool:
    """Tells whether a page is loaded in no time, and its characters are what PDFium takes them for."""
    try:
        resources = inherited(page, "/Resources")
        fonts = None if resources is None else entry(resources, "/Font")
        return (
            _is_light(page)
            and sum(len(content_of(stream)) for stream in each_of(entry(page, "/Contents"))) <= LIGHT_CONTENT
            and (fonts is None or all(entry(font, "/Subtype") != Name.Type3 for font in fonts.values()))
        )
    except OddError:
        return False
    except READ_ERRORS:
        return False
