"""The binding: does the visible text show the record's title or stamp? (docs/explanation/binding.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pithtex.catalogue import finding
from pithtex.findings import Finding, Status
from pithtex.format.record import name_of
from pithtex.pdf.binding.stamp import find_stamps
from pithtex.pdf.binding.titles import find_title, has_headline, shown_title
from pithtex.pdf.binding.wording import normalise
from pithtex.pdf.evidence import Evidence, PageText
from pithtex.pdf.facts import Fact
from pithtex.verification.record import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.pdf.binding.expectation import Expectation


def bind(
    record: VerifiedRecord, evidence: Evidence, badge_page: int | None, expect: Expectation | None
) -> tuple[Fact, list[Finding]]:
    """Tells whether this PDF shows itself to be the record's paper: by expectation, then by stamp, then by title.

    Args:
        record: the verified record.
        evidence: its `texts` are all that is looked at: never Info, XMP or a link.
        badge_page: the badge's page, 1-based; None for metadata alone.
        expect: what the caller expects the paper to be.

    Returns:
        The fact, and findings that quote both sides.
    """
    findings: list[Finding] = []
    near = {1} if badge_page is None else {1, badge_page - 1, badge_page, badge_page + 1}
    pages = sorted((p for p in evidence.texts if p.page in near), key=lambda p: (p.page != badge_page, p.page))
    stamp = _stamp_fact(record, evidence, findings)
    title = _title_fact(record, pages, badge_page, findings)
    titled = {Status.HOLDS: True, Status.FAILS: False}.get(title.status)
    _compare_metadata(record, evidence, findings)
    if expect is not None:
        name = expect.text
        if expect.is_of(record):
            expected = Fact(status=Status.HOLDS, message=f"the record is that of {name}, as expected", by="expected")
        else:
            message = f"{name} was expected, and the record is of {record.number.full} ({record.canonical.source_id})"
            findings.append(finding("expected-mismatch", message))
            expected = Fact(status=Status.FAILS, message=message, by="expected")
        if stamp is None or stamp.status is Status.HOLDS or expected.status is Status.FAILS:
            return expected._replace(titled=titled), findings
    fact = (stamp or title)._replace(titled=titled)
    changes = _changes(record, evidence, badge_page, fact) if fact.status is Status.HOLDS else ()
    if changes:
        message = f"{fact.message}, but readers may see something else: {'; '.join(dict.fromkeys(changes))}"
        findings.append(finding("changing-document", message, hint="state which paper this must be with --expect ID"))
        return Fact(status=Status.FAILS, message=message, by="title", titled=titled), findings
    return fact, findings


def _changes(record: VerifiedRecord, evidence: Evidence, badge_page: int | None, fact: Fact) -> tuple[str, ...]:
    """Returns why readers may see something else than what binds, a phrase each."""
    changes = evidence.changes
    for texts in evidence.renditions:
        other, _ = bind(record, evidence._replace(texts=texts, renditions=(), changes=(), opens=(1,)), badge_page, None)
        if (other.status, other.by, other.shows) != (fact.status, fact.by, fact.shows):
            changes = (
                *changes,
                "other readers show it differently: without a layer, a mask, a crop box or a space",
            )
    if fact.shows is not None and not {1, fact.shows[0]}.issuperset(evidence.opens):
        changes = (*changes, "the file opens on another page")
    return changes


def _stamp_fact(record: VerifiedRecord, evidence: Evidence, findings: list[Finding]) -> Fact | None:
    """Returns the arXiv stamp, compared without version; None if there is none or the record is not of arXiv."""
    if record.arxiv_id is None:
        return None
    fact: Fact | None = None
    for stamp in find_stamps(evidence.texts):
        from pithtex.format.identifiers import plain_arxiv_id  # most files have no stamp

        if plain_arxiv_id(stamp.arxiv_id) != plain_arxiv_id(record.arxiv_id):
            message = (
                f"the stamp on page 1 says {stamp.text!r}, but the record is that of "
                f"{name_of('arxiv', record.arxiv_id)}"
            )
            findings.append(finding("stamp-mismatch", message, where="page 1"))
            return Fact(status=Status.FAILS, message=message, by="arxiv-id")
        own = record.canonical.source_version
        if stamp.version not in {None, own}:
            message = f"the paper is version {stamp.version} and the record is of version {own}, which is normal"
            findings.append(finding("version-note", message, where="page 1"))
        message = f"the stamp on page 1 says {stamp.text!r}"
        fact = Fact(status=Status.HOLDS, message=message, by="arxiv-id", shows=(1, stamp.text))
    return fact


def _title_fact(
    record: VerifiedRecord, pages: Sequence[PageText], badge_page: int | None, findings: list[Finding]
) -> Fact:
    if record.title is None:
        message = "the record states only a digest of its title"
        findings.append(finding("no-title", message, hint="give the record document with --record FILE"))
        return Fact(status=Status.UNAVAILABLE, message=message, by="title")
    badge = next((page for page in pages if page.page == badge_page), None)
    seen = ""
    for page in pages:
        found = find_title(record.title, page, own=page.page in {1, badge_page})
        if found is None:
            continue
        # Below, behind or in front of the paper's own title, this is a heading or a cover.
        other = None if badge is None or page is badge else has_headline(badge)
        if other is not None:
            seen = seen or f"page {page.page} shows it, and page {badge_page}, with the badge, {other!r}"
        elif found.obstacle is None:
            message = f"page {page.page} shows {found.text!r}"
            return Fact(status=Status.HOLDS, message=message, by="title", shows=(page.page, found.text))
        else:
            seen = seen or f"page {page.page} shows it, but {found.obstacle.clause}"
    seen = seen or _instead(record.title, pages)
    message = f"the record's title is {record.title!r}; {seen}"
    findings.append(finding("title-not-shown", message, hint="state which paper this must be with --expect ID"))
    return Fact(status=Status.FAILS, message=message, by="title")


def _instead(title: str, pages: Sequence[PageText]) -> str:
    """Returns what pages without the title show in its place."""
    shown = next((text for page in pages if (text := shown_title(page)) is not None), None)
    if shown is None and any(page.scanned for page in pages):
        return "the page is a scan (a picture of text), which pithtex does not read"
    if shown is None:
        return "no page that could show a title has readable text"
    signs = normalise(shown) == normalise(title)
    return f"the page shows {shown!r}" + (", whose signs differ, or the case of a formula's letters" if signs else "")


def _compare_metadata(record: VerifiedRecord, evidence: Evidence, findings: list[Finding]) -> None:
    """Info and XMP never bind; that they name another title is worth a note."""
    stated = [("Info", evidence.info.title), *(("XMP", title) for title in evidence.xmp.titles)]
    for where, title in stated:
        if record.title is not None and title and normalise(title) != normalise(record.title):
            message = f"the metadata's title is {title!r}, the record's {record.title!r}"
            findings.append(finding("metadata-title-differs", message, where=where))
