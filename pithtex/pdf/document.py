"""Opens a PDF and reads what its channels say, those of its current revision and, apart from them, of earlier ones.

The file is read into memory once: three parsers look at it, and all see the same bytes.
"""

from __future__ import annotations

import functools
import io
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import pikepdf

from pithtex.catalogue import finding
from pithtex.errors import UnreadablePdfError
from pithtex.findings import Finding, Rect
from pithtex.format.profile import BADGE_NAME
from pithtex.limits import (
    MAX_ANNOTATIONS,
    MAX_BADGES,
    MAX_PAGES,
    MAX_PAGES_SECONDS,
    MAX_PDF_BYTES,
    MAX_REVISIONS,
    MAX_STREAM_BYTES,
)
from pithtex.pdf.appearance.annotations import Cover, covers, notes_over
from pithtex.pdf.appearance.content import ambiguous
from pithtex.pdf.appearance.layers import renditions
from pithtex.pdf.appearance.resources import Sheet
from pithtex.pdf.appearance.scripts import acting, changes
from pithtex.pdf.channels.covered_links import find_rivals
from pithtex.pdf.channels.info import read_info
from pithtex.pdf.channels.links import read_links, with_duplicates
from pithtex.pdf.channels.revisions import earlier_ends
from pithtex.pdf.channels.xmp import other_packets, read_xmp
from pithtex.pdf.evidence import Evidence, InfoEvidence, LinkEvidence, PageText, Revision, XmpEvidence
from pithtex.pdf.untrusted import READ_ERRORS, entry
from pithtex.system.files import read_pdf

_MAX_NODES = 10 * MAX_PAGES
"""Nodes of a page tree that are looked at; a tree has at most as many inner nodes as pages, unless it is a maze."""

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
    pdf, password = _open(data, password)
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
    over: Mapping[int, Cover] = {}
    layered: tuple[bytes, ...] = ()
    """The file anew for each way in which its layers may be shown."""


def _read_objects(pdf: pikepdf.Pdf, data: bytes, password: str, *, neighbours: bool) -> tuple[Evidence, _Wanted]:
    """What the file's objects say: all but the text of pages."""
    pages, findings = walk_pages(pdf)
    mazy = any(item.name == "channel-damaged" for item in findings)
    warnings = list(map(str, pdf.get_warnings()))
    info, xmp, links, found = _read_channels(pdf, data, pages, warnings=warnings)
    read = list(map(str, pdf.get_warnings()))
    links = with_duplicates(links, (*warnings, *read))
    concerned = bool(info.number or info.receipt or xmp.numbers or xmp.receipts or xmp.digests or links)
    packets = other_packets(pdf, data) if concerned else ()
    revisions, late = _read_revisions(pdf, data, password, concerned=concerned)
    rivals = find_rivals(pages, links)
    changing = changes(pdf, pages)
    wanted = _Wanted(pages_to_read(links, len(pages), neighbours=neighbours), concerned)
    if concerned:
        here = {number: pages[number - 1] for number in wanted.numbers}
        doubts, over, layered = _doubts(pdf, warnings, here, len(data), read)
        wanted = wanted._replace(over=over, layered=layered)
        changing += doubts
        if mazy or len({page.objgen for page in pages}) < len(pages):
            changing += (_OTHER_PAGES,)
    evidence = Evidence(
        pages=len(pages),
        encrypted=bool(pdf.is_encrypted),
        info=info,
        xmp=xmp,
        links=links,
        texts=(),
        packets=packets,
        revisions=revisions,
        rivals=rivals,
        changes=changing,
        findings=(*findings, *found, *late),
    )
    return evidence, wanted


def _with_texts(evidence: Evidence, wanted: _Wanted, data: bytes, password: str, *, brief: bool) -> Evidence:
    """The evidence with the text of the wanted pages, as it is shown with and without layers."""
    links, numbers = evidence.links, wanted.numbers
    brief = brief and len(numbers) <= _MAX_BRIEF and any(link.name == BADGE_NAME for link in links)
    places = {page: [box for link in links if link.page == page for box in link.regions] for page in numbers}
    read_pages = functools.partial(
        _read_texts, over=wanted.over, concerned=wanted.concerned, brief=places if brief else None
    )
    texts, found = read_pages(data, numbers, evidence.pages, password=password)
    others, changing = _read_renditions(wanted.layered, lambda other: read_pages(other, numbers, None)[0])
    if any(item.name == "page-count-differs" for item in found):
        changing += (_OTHER_PAGES,)
    return evidence._replace(
        texts=texts,
        renditions=others,
        changes=evidence.changes + changing,
        findings=(*evidence.findings, *found),
    )


def walk_pages(pdf: pikepdf.Pdf) -> tuple[list[pikepdf.Object], list[Finding]]:
    """Lists the page dictionaries in order (ISO 32000-1, 7.7.3), without the repairs of `pdf.pages`.

    A node of the tree that is met twice is a loop or a maze, and is entered once. A page may stand twice. A leaf
    is what has no /Kids, as in PDFium, which reads the text and counts pages in its own way.
    """
    pages: list[pikepdf.Object] = []
    seen: set[tuple[int, int]] = set()
    stack: list[pikepdf.Object] = []
    damaged = False
    left = _MAX_NODES
    try:
        stack.append(pdf.Root["/Pages"])
    except READ_ERRORS:
        damaged = True
    while stack and left >= 0:
        try:
            node = stack.pop()
            kids = _kids(node, seen)
            if kids is not None:
                # Bounded before it is gone through: one array may claim millions.
                count = min(len(kids), left)
                left -= len(kids)
                stack.extend(kids[index] for index in reversed(range(count)))
            elif len(pages) < MAX_PAGES:
                pages.append(node)
            else:
                left = -1
        except READ_ERRORS:
            damaged = True
    findings = []
    if left < 0:
        message = f"the file has more than {MAX_PAGES} pages; the rest was not read"
        findings.append(finding("channel-limit", message, where="pages"))
    if damaged:
        message = "the page tree is damaged: some pages may be missing or out of order"
        findings.append(finding("channel-damaged", message, where="pages"))
    return pages, findings


def _kids(node: pikepdf.Object, seen: set[tuple[int, int]]) -> pikepdf.Object | None:
    """The children of a node of the page tree; None for a page.

    Raises:
        TypeError: it is neither.
        ValueError: it was seen before.
    """
    if not isinstance(node, pikepdf.Dictionary):
        raise TypeError("not a dictionary")
    kids = entry(node, "/Kids")
    if kids is not None and node.objgen != (0, 0):
        if node.objgen in seen:
            raise ValueError("met before")
        seen.add(node.objgen)
    return kids


@functools.cache
def _limit_qpdf() -> None:
    """Bounds what qpdf decodes, once for the process (pikepdf 10.14 and later): its own default is no bound.

    A file of 2 KB took 2 GiB without. The warnings are not bounded: some files that can be read have many.
    """
    memory = 4 * MAX_STREAM_BYTES
    set_limits = getattr(pikepdf.settings, "set_qpdf_limits", None)
    if set_limits is not None:
        set_limits(
            flate_max_memory=memory,
            run_length_max_memory=memory,
            png_max_memory=memory,
            tiff_max_memory=memory,
            dct_max_memory=memory,
            parser_max_container_size=200_000,
        )


def _open(data: bytes, password: str, *, repair: bool = True) -> tuple[pikepdf.Pdf, str]:
    """Opens the file, and says with which password: the one given, or none."""
    _limit_qpdf()
    try:
        # Inheriting the pages' attributes costs up to gigabytes, and is not needed here.
        pdf = pikepdf.open(io.BytesIO(data), password=password, inherit_page_attributes=False, attempt_recovery=repair)
        if not isinstance(pdf.Root, pikepdf.Dictionary):
            raise TypeError("no catalog")
    except pikepdf.PasswordError as error:
        if password:
            return _open(data, "", repair=repair)
        raise UnreadablePdfError(
            "the file is encrypted, and no password that was tried opens it",
            hint="give its password with --password-file",
        ) from error
    except READ_ERRORS as error:
        if b"%PDF-" not in data[:1024]:
            raise UnreadablePdfError("the file is not a PDF") from error
        raise UnreadablePdfError("the file is a PDF damaged beyond repair, or of an unknown encryption") from error
    return pdf, password


def _read_channels(
    pdf: pikepdf.Pdf,
    data: bytes,
    pages: Sequence[pikepdf.Object],
    *,
    annotations: int = MAX_ANNOTATIONS,
    warnings: Iterable[str] = (),
) -> tuple[InfoEvidence, XmpEvidence, tuple[LinkEvidence, ...], list[Finding]]:
    """Reads each channel under a guard of its own, so that a damaged one takes no other with it."""
    findings: list[Finding] = []
    info = InfoEvidence(number=None, receipt=None, title=None)
    xmp = XmpEvidence()
    links: tuple[LinkEvidence, ...] = ()
    try:
        info, found = read_info(pdf, data, warnings)
        findings += found
    except READ_ERRORS as error:
        findings.append(_damaged("info", error))
    try:
        xmp, found = read_xmp(pdf)
        findings += found
    except READ_ERRORS as error:
        findings.append(_damaged("xmp", error))
    try:
        links, found = read_links(pdf, pages, annotations)
        findings += found
    except READ_ERRORS as error:
        findings.append(_damaged("link", error))
    return info, xmp, links, findings


def _read_revisions(
    pdf: pikepdf.Pdf, data: bytes, password: str, *, concerned: bool
) -> tuple[tuple[Revision, ...], list[Finding]]:
    """Reads the earlier revisions; what is damaged in them is of no interest."""
    ends, findings = earlier_ends(pdf, data, concerned=concerned)
    revisions: list[Revision] = []
    left = MAX_PAGES
    for end in ends:
        try:
            earlier, _ = _open(data[:end], password, repair=False)
        except UnreadablePdfError:
            continue
        with earlier:
            pages, _ = walk_pages(earlier)
            left -= len(pages)
            if left < 0:
                message = f"the file's earlier revisions have more than {MAX_PAGES} pages; the latest were not read"
                return tuple(revisions), [*findings, finding("channel-limit", message, where="revisions")]
            few = MAX_ANNOTATIONS // MAX_REVISIONS
            info, xmp, links, _ = _read_channels(earlier, data[:end], pages, annotations=few)
        revisions.append(Revision(end=end, info=info, xmp=xmp, links=links))
    return tuple(revisions), findings


def _damaged(channel: str, error: Exception) -> Finding:
    message = f"the channel could not be read ({type(error).__name__})"
    return finding("channel-damaged", message, where=channel)


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
    pdf, password = _open(data, password)
    with pdf:
        pages, _ = walk_pages(pdf)
        changing, over, layered = _doubts(pdf, (), {number: pages[number - 1] for number in numbers}, len(data))
    texts, found = _read_texts(data, missing, None, over=over, password=password)
    together = tuple(sorted((*evidence.texts, *texts), key=lambda text: text.page))
    others, late = _read_renditions(layered, lambda other: _read_texts(other, numbers, None, over=over)[0])
    changes = tuple(dict.fromkeys((*evidence.changes, *changing, *late)))
    return evidence._replace(texts=together, renditions=others, changes=changes, findings=(*evidence.findings, *found))


def _doubts(
    pdf: pikepdf.Pdf,
    warnings: Iterable[str],
    pages: Mapping[int, pikepdf.Object],
    size: int,
    of_channels: Iterable[str] = (),
) -> tuple[tuple[str, ...], dict[int, Cover], tuple[bytes, ...]]:
    """What readers may see other than these pages.

    Returns:
        Why all of it may be something else, a phrase each; by page, what lies over it; and the file in
        other states of its layers.
    """
    sheets = {number: Sheet(page, notes_over(page)) for number, page in pages.items()}
    found = [*ambiguous(pdf, warnings, list(sheets.values()), of_channels)]
    over: dict[int, Cover] = {}
    for number, sheet in sheets.items():
        over[number] = covers(sheet)
        if not over[number].bounded:
            found.append("annotations without a picture of their own may cover anything")
    if any(acting(sheet.notes) for sheet in sheets.values()):
        found.append("annotations act when their page comes into view")
    if found:  # they bind nothing in any state of their layers
        return tuple(dict.fromkeys(found)), over, ()
    layered, unknown = renditions(pdf, list(sheets.values()), size)
    return unknown, over, layered


def _read_renditions(
    files: Iterable[bytes], read: Callable[[bytes], tuple[PageText, ...]]
) -> tuple[tuple[tuple[PageText, ...], ...], tuple[str, ...]]:
    """Reads the pages in other states of their layers, all of them in the time for one file; or says that it cannot."""
    until = time.thread_time() + MAX_PAGES_SECONDS
    texts: list[tuple[PageText, ...]] = []
    for file in files:
        if time.thread_time() > until:
            return tuple(texts), ("its layers take too long to be looked at",)
        texts.append(read(file))
    return tuple(texts), ()


def _read_texts(
    data: bytes,
    numbers: Sequence[int],
    pages: int | None,
    *,
    over: Mapping[int, Cover],
    concerned: bool = True,
    password: str = "",
    brief: Mapping[int, Sequence[Rect]] | None = None,
) -> tuple[tuple[PageText, ...], list[Finding]]:
    from pithtex.pdf.text.lines import read_texts  # it loads PDFium, which not every caller needs

    try:
        return read_texts(
            data,
            numbers,
            password=password,
            check_ink=True if concerned else None,
            expected_pages=pages,
            brief=brief,
            over=over,
        )
    except READ_ERRORS as error:
        return (), [_damaged("text", error)]
