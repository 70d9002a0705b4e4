"""PITH813 to PITH817: the papers that the references name, beside the signed records of them."""

from __future__ import annotations

from collections import Counter
from typing import Final

from pithtex.findings import Located, Severity
from pithtex.review.submission.model import Agreement, Citation, Findings, Submission, with_severity

_LOCATING: Final = frozenset({"eprint", "doi", "url", "arxiv", "arxivid", "pith"})
"""Fields that say which paper the work is. Others may name a second one."""
_SHOWN: Final = 300
"""Characters of a title in a message."""


def reference_title(submission: Submission) -> Findings:
    """PITH813.

    What it does:
        Reports a reference whose title is not the one that the signed record of the paper that it names has. Where the
        title is the signed title of another paper whose record is here, that paper is named. It is a note where the two
        titles have most of their letters in common, as those of two versions have, and where there is no record of the
        paper that is named, only one of another paper with that title.

    Why it matters:
        A reference with the title of one paper and the identifier of another leads readers astray, and is a mark of
        invented references.

    How to fix it:
        Correct the identifier or the title. If a later version or the published paper has another title, silence it
        with `% pithtex: ignore=PITH813 (the journal's title)` on a line of its own above the entry.
    """
    for item in submission.citations:
        if item.agreement is Agreement.OTHER_TITLE and item.record is not None:
            paper = item.record.canonical.paper
            shown = f"not {_quoted(item.work.title)}"
            message = f"{item.work.key}: {paper} is {_quoted(item.signed)} by its signed record, {shown}"
            hint = "correct the identifier or the title"
            hint = f"{item.owner} has that title: {hint}" if item.owner else hint
            found = _at(submission, item, "reference-title", message, hint)
            yield with_severity(found, Severity.NOTE) if item.nearly else found
        elif item.agreement is Agreement.NO_RECORD and item.owner:
            named = item.work.locators[0].paper
            message = f"{item.work.key}: the title is that of {item.owner}, and there is no record of {named} here"
            hint = f"get the record of {named}: pithtex resolve --cited"
            yield with_severity(_at(submission, item, "reference-title", message, hint), Severity.NOTE)


def reference_standing(submission: Submission) -> Findings:
    """PITH814.

    What it does:
        Reports a reference to a paper of which the registry says that it was withdrawn, that an integrity check found
        something critical, or that its events contradict each other. It is read from the bundles of `--cited`, those
        beside the paper, and those in the store.

    Why it matters:
        Whoever relies on the cited paper has to know.

    How to fix it:
        Read what is said: `pithtex show ID`. Cite another paper, or say in the text that this one was withdrawn.
    """
    for item in submission.citations:
        for said in item.standing.grave[:1]:
            text = f": {said.text}" if said.text else ""
            paper = "" if item.record is None else item.record.canonical.paper
            message = f"{item.work.key}: the registry says about {paper}: {said.says.value}{text} ({said.by})"
            yield _at(submission, item, "reference-standing", message, "pithtex show gives the details")


def reference_ambiguous(submission: Submission) -> Findings:
    """PITH815.

    What it does:
        Reports a reference whose fields for identifiers (`eprint`, `doi`, `url` and the like) name two papers of arXiv,
        or a paper and the Pith Number of another one.

    Why it matters:
        At most one of them is the work that is cited.

    How to fix it:
        Correct or remove the wrong one.
    """
    for item in submission.citations:
        named = [locator for locator in item.work.locators if locator.field in _LOCATING and locator.arxiv is not None]
        papers = {locator.arxiv.id: locator for locator in named if locator.arxiv is not None}
        if len(papers) > 1:
            said = " and ".join(f"{locator.paper} ({locator.field})" for locator in papers.values())
            message = f"{item.work.key} names {said}"
            yield _at(submission, item, "reference-ambiguous", message, "correct or remove the wrong one")


def reference_identifier(submission: Submission) -> Findings:
    """PITH816.

    What it does:
        Reports a reference with an identifier that arXiv cannot have given: a month 13, a number with too many digits,
        an archive that arXiv does not have.

    Why it matters:
        It leads nowhere.

    How to fix it:
        Correct it.
    """
    for item in submission.citations:
        for locator in item.work.locators:
            if locator.arxiv is not None and not locator.can_be:
                message = f"{item.work.key}: {locator.paper} is not an identifier of arXiv's: {locator.arxiv.fault}"
                yield _at(submission, item, "reference-identifier", message, "correct it")


def reference_record(submission: Submission) -> Findings:
    """PITH817.

    What it does:
        Reports records given with `--cited` that do not verify, records whose key is not trusted, and more records than
        are read, each reason once.

    Why it matters:
        They are not used, so the references to their papers are not compared.

    How to fix it:
        Get them again with `pithtex resolve --cited`, or trust the other registry's key with `--key`.
    """
    faults = [item for item in submission.cited_records if item.fault is not None]
    reasons = Counter(item.fault.message for item in faults if item.fault is not None)
    for reason, count in reasons.items():
        first = next(item for item in faults if item.fault is not None and item.fault.message == reason)
        others = f" (and {count - 1} more)" if count > 1 else ""
        message = f"{first.name}{others} is not used: {reason}"
        hint = first.fault.hint if first.fault is not None and first.fault.hint else "get it again with pithtex resolve"
        yield submission.in_preamble("reference-record", message, hint)


def _at(submission: Submission, item: Citation, name: str, message: str, hint: str) -> Located:
    return submission.at_offset(item.work.file, item.work.start, name, message, hint)


def _quoted(title: str) -> str:
    return repr(title if len(title) <= _SHOWN else f"{title[:_SHOWN]}...")


RULES: Final = (
    reference_title,
    reference_standing,
    reference_ambiguous,
    reference_identifier,
    reference_record,
)
