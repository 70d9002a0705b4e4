"""One PDF to one verdict, by all that it holds: reading and judging together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING

from pithtex.catalogue import finding
from pithtex.errors import UnreadablePdfError
from pithtex.findings import Status
from pithtex.format.keys import Keyring, default_keyring
from pithtex.format.number import suffix_in
from pithtex.format.record import Record
from pithtex.pdf.binding.abstract import Block, Next, blocks, on_next_page
from pithtex.pdf.binding.abstract_words import may_begin
from pithtex.pdf.evidence import Wanted
from pithtex.pdf.judgement.abstract_fact import if_alike, with_abstract
from pithtex.pdf.judgement.judge import judge
from pithtex.pdf.judgement.records import Records
from pithtex.pdf.judgement.verdict import Badge, Verdict, Word
from pithtex.pdf.read import pages_to_read, read_evidence, with_pages
from pithtex.structs import replace
from pithtex.verification.record import VerifiedRecord
from pithtex.verification.standing import Standing, from_record, from_state, standing_of

if TYPE_CHECKING:
    from pithtex.format.bundle import Bundle
    from pithtex.pdf.binding.expectation import Expectation
    from pithtex.pdf.evidence import Evidence, PageText
    from pithtex.verification.bundle import VerifiedBundle


def check_whole(
    data: bytes,
    record: Record | VerifiedRecord | Bundle | VerifiedBundle | None,
    keyring: Keyring | None,
    *,
    expect: Expectation | None,
    password: str,
    hosts: Set[str],
    abstract: str | None,
    require_abstract: bool,
    now: datetime | None,
    named: tuple[int, ...] | None,
) -> Verdict:
    """Checks what a PDF says of itself, the whole way.

    The arguments are those of `check.check_pdf`, read; and `named` are the pages that name Pith in their text, where
    that is known and nothing else does.
    """
    keyring = default_keyring() if keyring is None else keyring
    records = Records(keyring, None if record is None else _claims(record))
    look = functools.partial(judge, records=records, expect=expect, mirrors=hosts)
    try:
        evidence, verdict = _judged(data, password, look, named)
    except UnreadablePdfError as error:
        problem = finding("unreadable-pdf", error.message, where=error.where, hint=error.hint)
        return Verdict(word=Word.UNREADABLE, findings=(problem,))
    verdict = _with_standing(verdict, record, keyring, now)
    if not any(badge.facts.binding.status is Status.HOLDS for badge in verdict.badges):
        return verdict
    compare = functools.partial(
        with_abstract, carried=evidence.xmp.abstracts, given=abstract, required=require_abstract
    )
    known = abstract is not None or bool(evidence.xmp.abstracts)
    return _with_abstracts(
        verdict, evidence, functools.partial(with_pages, data=data, password=password), compare, known=known
    )


def _with_abstracts(
    verdict: Verdict,
    evidence: Evidence,
    read: Callable[..., Evidence],
    compare: Callable[..., Badge],
    *,
    known: bool,
) -> Verdict:
    """Returns the verdict with the facts on abstracts; the page after a title's is read if it may be needed.

    Args:
        verdict: as judged so far.
        evidence: what was read.
        read: `with_pages` of the file.
        compare: `with_abstract` of what is carried and given.
        known: whether something is.
    """
    badges: list[Badge] = []
    for badge in verdict.badges:
        titled = _titled_page(badge)
        pages, more = _pages(evidence, {titled}), titled < evidence.pages
        found = blocks(pages, more=True) if more and pages else None
        there = Next.NOTHING if found is None else on_next_page(pages, found)
        if there is Next.NOTHING:
            badges.append(_everywhere(evidence, {titled}, functools.partial(compare, badge, more=more), found))
            continue
        undrawn = _Undrawn(there, pages, functools.partial(compare, badge, more=False))
        # A text that is known is held against what can be seen, whatever the page claims.
        wanted = None if known else Wanted(undrawn.may_have_it, undrawn.is_it)
        further = read(evidence, numbers=[titled + 1], wanted=wanted)
        if undrawn.badge is None:  # a copy of this process has read it
            any(map(undrawn.is_it, further.undrawn))
        if undrawn.badge is not None:
            badges.append(undrawn.badge)
            continue
        evidence, numbers = further, {titled, titled + 1}
        badges.append(_everywhere(evidence, numbers, functools.partial(compare, badge, more=False)))
    return Verdict.of(tuple(badges), verdict.findings, bystanders=verdict.bystanders)


def _everywhere(
    evidence: Evidence, numbers: Set[int], compare: Callable[..., Badge], found: Sequence[Block] | None = None
) -> Badge:
    """Returns a badge with the fact on its abstract, as all readers show these pages; `found` are blocks of theirs."""
    others = (compare([text for text in texts if text.page in numbers]) for texts in evidence.renditions)
    return if_alike(compare(_pages(evidence, numbers), found=found), others)


class _Undrawn:
    """Whether the page after a title's has to be drawn: only if its text, seen or not, is the abstract by digest.

    Attributes:
        badge: with the fact that follows from the page as it claims to be, where it has not.
    """

    def __init__(self, there: Next, pages: list[PageText], compare: Callable[[list[PageText]], Badge]) -> None:
        self._there, self._pages, self._compare = there, pages, compare
        self.badge: Badge | None = None

    def may_have_it(self, words: str) -> bool:
        """Tells whether the page has to be read, by its text."""
        return self._there is Next.MORE or may_begin(words)

    def is_it(self, page: PageText) -> bool:
        """Tells whether it has to be drawn, by its lines."""
        badge = self._compare([*self._pages, page])
        holds = badge.facts.abstract.status is Status.HOLDS
        self.badge = None if holds else badge
        return holds


def _judged(
    data: bytes, password: str, look: Callable[[Evidence], Verdict], named: tuple[int, ...] | None
) -> tuple[Evidence, Verdict]:
    """Returns the verdict on as few pages as decide it: first those with a badge, then those next to them."""
    evidence = read_evidence(data, password=password, neighbours=False, named=named)
    verdict = look(evidence)
    if any(badge.facts.binding.titled is False for badge in verdict.badges):
        # Reading a page costs more than all the rest, so that those on which a title is rarer are read only now.
        more = with_pages(evidence, data, pages_to_read(evidence.links, evidence.pages), password=password)
        if more is not evidence:
            evidence, verdict = more, look(more)
    return evidence, verdict


def _titled_page(badge: Badge) -> int:
    """Returns the page that shows the title, as far as known: an abstract stands on it or on the next one."""
    shown = badge.facts.binding.shows
    return shown[0] if shown is not None else badge.page or 1


def _pages(evidence: Evidence, numbers: Set[int]) -> list[PageText]:
    """Some pages; none if readers may show something else."""
    return [] if evidence.changes else [text for text in evidence.texts if text.page in numbers]


def _with_standing(
    verdict: Verdict,
    record: Record | VerifiedRecord | Bundle | VerifiedBundle | None,
    keyring: Keyring,
    now: datetime | None,
) -> Verdict:
    """Returns the verdict with what that record or bundle says of the papers whose badges the PDF carries."""
    if record is None:
        return verdict
    claims = _claims(record)
    standing = _standing(record, claims, keyring, now)
    whole = claims.canonical.number.suffix
    named = (suffix_in(badge.number) for badge in verdict.badges)
    badges = (
        replace(badge, standing=standing) if suffix and whole.startswith(suffix) else badge
        for badge, suffix in zip(verdict.badges, named, strict=True)
    )
    return replace(verdict, badges=tuple(badges))


def _standing(
    record: Record | VerifiedRecord | Bundle | VerifiedBundle, claims: Record, keyring: Keyring, now: datetime | None
) -> Standing:
    from pithtex.format.bundle import Bundle
    from pithtex.verification.bundle import VerifiedBundle

    if isinstance(record, Bundle):
        return standing_of([record], keyring, now=now)
    return from_state(record.state, now=now) if isinstance(record, VerifiedBundle) else from_record(claims)


def _claims(record: Record | VerifiedRecord | Bundle | VerifiedBundle) -> Record:
    """Returns the record as it was parsed: what another keyring verified is not taken on trust."""
    while not isinstance(record, Record):
        record = record.record
    return record
