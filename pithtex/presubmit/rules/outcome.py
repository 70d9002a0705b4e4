"""PITH651 to PITH660: what the last run of TeX left, its log and its PDF."""

from __future__ import annotations

import re
from typing import Final

from pithtex.findings import Located, Severity
from pithtex.manuscript.source.files import TexFile
from pithtex.presubmit.submission.log import Kind, Message
from pithtex.presubmit.submission.model import Findings, Submission

_MAX_MESSAGES: Final = 50
_RULE_OF: Final = {
    Kind.ERROR: "log-error",
    Kind.REFERENCE: "unresolved-reference",
    Kind.CITATION: "unresolved-citation",
    Kind.FIGURE: "figure-missing",
    Kind.BIBLIOGRAPHY: "bibliography-missing",
    Kind.RERUN: "rerun-needed",
    Kind.PITH: "badge-warning",
}
_HINTS: Final = {
    Kind.ERROR: "arXiv stops at an error",
    Kind.REFERENCE: "compile again, or mend the label",
    Kind.CITATION: "run BibTeX or Biber, then compile twice; if it stays, its entry is missing",
    Kind.FIGURE: "add it to the paper's folder",
    Kind.BIBLIOGRAPHY: "run BibTeX or Biber, and upload the .bbl file",
    Kind.RERUN: "compile again",
    Kind.PITH: "latex/README.md of pithtex explains the options",
}


def log_messages(submission: Submission) -> Findings:
    """PITH651 to PITH657."""
    log = submission.outcome.log
    seen: set[tuple[Kind, str]] = set()
    for message in () if log is None else log.messages:
        if (message.kind, message.key) in seen or len(seen) >= _MAX_MESSAGES:
            continue
        seen.add((message.kind, message.key))
        yield _located(submission, message)


def _located(submission: Submission, message: Message) -> Located:
    said = {
        Kind.ERROR: message.key,
        Kind.REFERENCE: f"the reference {message.key!r} is undefined",
        Kind.CITATION: f"the citation {message.key!r} is undefined",
        Kind.FIGURE: f"{message.key!r} was not found",
        Kind.BIBLIOGRAPHY: f"{message.key} was not there",
        Kind.RERUN: message.key,
        Kind.PITH: message.key,
    }[message.kind]
    rule, hint = _RULE_OF[message.kind], _HINTS[message.kind]
    if message.kind is Kind.RERUN and re.search("biber|bibtex", message.key, re.I):
        hint = "run it, then compile again"
    other = submission.manuscript.commands.get("externaldocument")
    if message.kind is Kind.REFERENCE and other is not None:
        hint = (
            f"mend the label; or is it one of {other.argument}? arXiv does not have its .aux file (\\externaldocument)"
        )
    place = _place(submission, message)
    if place is not None:
        return submission.at_offset(*place, rule, said, hint)
    name = "" if submission.outcome.log is None else submission.outcome.log.name
    item = submission.of(name, rule, said, hint)
    return Located(file=item.file, finding=item.finding, line=message.log_line)


def _place(submission: Submission, message: Message) -> tuple[TexFile, int] | None:
    """The file and offset, where that line of just one source holds what the message names; the log names no file."""
    if message.input_line is None or message.kind in {Kind.ERROR, Kind.PITH, Kind.RERUN}:
        return None
    found = []
    for file in submission.manuscript.files:
        # TeX names the line on which a paragraph or command ends.
        for line in range(message.input_line, max(0, message.input_line - 5), -1):
            span = file.line_span(line)
            column = -1 if span is None else file.text.find(message.key, *span)
            if column >= 0:
                found.append((file, column))
                break
    return found[0] if len(found) == 1 else None


def pdf_older(submission: Submission) -> Findings:
    """PITH658."""
    outcome = submission.outcome
    if outcome.pdf is not None and outcome.newer:
        more = f" and {len(outcome.newer) - 1} more" if len(outcome.newer) > 1 else ""
        message = f"older than {outcome.newer[0]}{more}: what is said of it may not be so any more"
        yield submission.of(outcome.pdf, "pdf-older", message, "compile again")


def pdf_verdict(submission: Submission) -> Findings:
    """PITH659 and PITH660."""
    outcome = submission.outcome
    verdict = outcome.verdict
    if outcome.pdf is None or verdict is None or submission.manuscript.number is None or verdict.word == "valid":
        return
    worst = [item for item in verdict.all_findings if item.severity is Severity.ERROR] or [*verdict.all_findings]
    why = f": {worst[0].message}" if worst else ""
    hint = f"pithtex check {submission.path(outcome.pdf)} says all of it"
    rule = "pdf-invalid" if verdict.word == "invalid" else "pdf-not-valid"
    yield submission.of(outcome.pdf, rule, f"the PDF is {verdict.word.value}{why}", hint)


RULES: Final = (log_messages, pdf_older, pdf_verdict)
