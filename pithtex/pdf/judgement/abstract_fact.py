"""The last step: does the paper show the record's abstract? (docs/explanation/abstract.md)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import MalformedError
from pithtex.findings import Finding, Rect, Status
from pithtex.pdf.binding.abstract import Block, blocks, by_digest, by_text
from pithtex.pdf.evidence import PageText
from pithtex.pdf.facts import Fact
from pithtex.pdf.judgement.verdict import Badge
from pithtex.structs import replace

if TYPE_CHECKING:
    from pithtex.format.abstract import ProvenAbstract
    from pithtex.format.record import CanonicalRecord

ANOTHER: Final = 0.65
"""Share of letters in common below which a text is another one: of papers with a stolen or half-stolen abstract the
most alike have 0.62, behind a title page, and 0.56 elsewhere."""
ALL: Final = 0.99
"""Share from which the letters of a part of a text are the record's."""
MAX_CARRIED: Final = 4
"""Abstracts that are taken from one packet."""


def with_abstract(
    badge: Badge,
    pages: Sequence[PageText],
    carried: Sequence[str],
    given: str | None,
    *,
    required: bool,
    more: bool = False,
    found: Sequence[Block] | None = None,
) -> Badge:
    """Returns a badge, with the fact about its paper's abstract.

    1. The text given, or one that the PDF carries, is the record's abstract if it hashes to the signed digest.
    2. A text of the page that hashes to that digest is the record's abstract, whatever is carried.
    3. Else the page's is compared with the proven text; without one nothing can be said.

    Args:
        badge: as judged so far; what is not bound to its paper is not looked at.
        pages: the page with the paper's title, and the one after it where it was read.
        carried: the abstracts in the PDF's metadata, as they stand there.
        given: the text that the caller says is the abstract.
        required: whether it must be shown to be the record's.
        more: whether another page follows that was not read.
        found: the blocks of these pages, where they are known.
    """
    if badge.record is None or badge.facts.binding.status is not Status.HOLDS:
        return replace(badge, abstract_required=required)
    proven, findings = _proven(badge.record.canonical, carried, given)  # 1
    found = blocks(pages, more=more) if found is None else found
    known = None if proven is None else proven.hashed
    hit, tried = by_digest(found, badge.record.canonical.abstract_sha256, known)  # 2
    if hit is not None:
        message = f"page {hit.page} shows it: its text has the signed digest (spelling {tried} of the page's text)"
        fact, rects = Fact(status=Status.HOLDS, message=message, by="digest"), hit.rects
    else:
        fact, rects, others = _compared(found, proven, tried)  # 3
        findings += others
    return replace(
        badge,
        facts=replace(badge.facts, abstract=fact),
        findings=tuple(dict.fromkeys((*badge.findings, *findings))),
        abstract_required=required,
        abstract_rects=() if any(page.turn for page in pages) else rects,  # of a turned page they are as it is shown
    )


def if_alike(badge: Badge, others: Iterable[Badge]) -> Badge:
    """Returns a badge whose abstract holds only where it does as other readers show the pages, too.

    Args:
        badge: with the fact on its abstract.
        others: the same badge, each with the fact that follows from the pages as some readers show them.
    """
    if badge.facts.abstract.status is not Status.HOLDS or all(
        other.facts.abstract.status is Status.HOLDS for other in others
    ):
        return badge
    message = "other readers show the abstract differently: without a layer, a mask, a crop box or a space"
    return replace(
        badge,
        facts=replace(badge.facts, abstract=Fact(status=Status.NOT_CHECKED, message=message)),
        findings=(*badge.findings, finding("abstract-unconfirmed-in-pdf", message)),
        abstract_rects=(),
    )


def _proven(
    canonical: CanonicalRecord, carried: Sequence[str], given: str | None
) -> tuple[ProvenAbstract | None, list[Finding]]:
    """Step 1: the first text that is proven, and what is wrong with the others."""
    findings: list[Finding] = []
    proven: ProvenAbstract | None = None
    for where, make in _texts(canonical, carried, given):
        try:
            proven = proven or make()
        except MalformedError as error:
            findings.append(finding(error.rule, f"{where}: {error.message}", where=where, hint=error.hint))
    return proven, findings


def _texts(
    canonical: CanonicalRecord, carried: Sequence[str], given: str | None
) -> Iterator[tuple[str, Callable[[], ProvenAbstract]]]:
    if given is None and not carried:
        return
    from pithtex.format.abstract import ProvenAbstract, decode_abstract  # few files have one

    if given is not None:
        yield "the abstract given", functools.partial(ProvenAbstract, given, canonical)
    for text in dict.fromkeys(carried[:MAX_CARRIED]):
        yield "xmp", functools.partial(decode_abstract, text, canonical)


def _compared(
    found: Sequence[Block], proven: ProvenAbstract | None, tried: int
) -> tuple[Fact, tuple[tuple[int, Rect], ...], list[Finding]]:
    """Step 3."""
    hit, same = by_text(found, proven.text) if proven is not None else (None, 0.0)
    if hit is not None:
        message = f"page {hit.page} shows it: its letters are those of the text with the signed digest"
        return Fact(status=Status.HOLDS, message=message, by="text"), hit.rects, []
    status, rule = Status.NOT_CHECKED, "abstract-unconfirmed-in-pdf"
    hint: str | None = "give its text with --abstract FILE"
    share = f"{int(100 * same)} % of its letters are the same"
    if not found or not (proven is None or any(block.substantial for block in found)):
        message = "no abstract was found on the title's page or the next one"
    elif proven is None:
        status = Status.UNAVAILABLE
        message = (
            f"its abstract was not compared: the PDF does not carry it, and none of {tried} spellings of the page's "
            "text has the signed digest"
        )
    elif same >= ALL and any(block.open for block in found):
        message = "the page's abstract is longer than what was read, and that much of it is the record's"
    elif same >= ANOTHER:
        rule, hint, message = "abstract-revised", None, f"the page's abstract is a revision of the record's: {share}"
    else:
        status, rule = Status.FAILS, "abstract-differs"
        message = f"the page's abstract is a different text than the record's: {share}"
        hint = "the authors may have rewritten it; otherwise the badge was copied from another paper"
    return Fact(status=status, message=message), (), [finding(rule, message, hint=hint)]
