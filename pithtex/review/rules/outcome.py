"""PITH651 to PITH660, PITH851 to PITH853 and PITH858: what the last run of TeX left, its log and its PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pithtex.findings import Located, Severity
from pithtex.manuscript.references.reference import Standing
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.referring import Kind as RefersTo
from pithtex.review.submission.log import Kind, Message
from pithtex.review.submission.model import Findings, Submission

_MAX_MESSAGES: Final = 50
_BEFORE: Final = 5
"""Lines of a source, up to the one that the log names, in which the cause is looked for."""
_RULE_OF: Final = {
    Kind.ERROR: "log-error",
    Kind.REFERENCE: "unresolved-reference",
    Kind.CITATION: "unresolved-citation",
    Kind.FIGURE: "figure-missing",
    Kind.BIBLIOGRAPHY: "bibliography-missing",
    Kind.RERUN: "rerun-needed",
    Kind.PITH: "badge-warning",
    Kind.LABEL: "label-multiply-defined",
    Kind.CHARACTER: "character-missing",
    Kind.GROUP: "group-open",
}
_HINTS: Final = {
    Kind.ERROR: "arXiv stops at an error",
    Kind.REFERENCE: "compile again, or correct the label",
    Kind.CITATION: "run BibTeX or Biber, then compile twice; if this stays, the entry is missing",
    Kind.FIGURE: "add it to the paper's folder",
    Kind.BIBLIOGRAPHY: "run BibTeX or Biber, and upload the .bbl file",
    Kind.RERUN: "compile again",
    Kind.PITH: "the manual pith-doc.pdf explains the options",
    Kind.LABEL: "rename one of them",
    Kind.CHARACTER: "use another font or encoding, or write it differently",
    Kind.GROUP: "close it",
}


def log_error(submission: Submission) -> Findings:
    """PITH651.

    What it does:
        Reports an error in the log of the last run.

    Why it matters:
        arXiv stops at the first one.

    How to fix it:
        Correct it; the finding names the line of the log.
    """
    return _messages(submission, Kind.ERROR)


def unresolved_reference(submission: Submission) -> Findings:
    r"""PITH652.

    What it does:
        Reports a `\ref` that was undefined in the last run.

    Why it matters:
        Readers see `??`.

    How to fix it:
        Compile again, or correct the label.
    """
    return _messages(submission, Kind.REFERENCE)


def unresolved_citation(submission: Submission) -> Findings:
    r"""PITH653.

    What it does:
        Reports a `\cite` that was undefined in the last run.

    Why it matters:
        Readers see `[?]`.

    How to fix it:
        Run BibTeX or Biber, then LaTeX twice. If it stays, add the entry.
    """
    return _messages(submission, Kind.CITATION)


def figure_missing(submission: Submission) -> Findings:
    """PITH654.

    What it does:
        Reports a picture that was not found in the last run.

    Why it matters:
        The page has a frame with the picture's name, or TeX stops.

    How to fix it:
        Add the picture to the folder.
    """
    return _messages(submission, Kind.FIGURE)


def bibliography_missing(submission: Submission) -> Findings:
    """PITH655.

    What it does:
        Reports that the last run found no `.bbl` file.

    Why it matters:
        The PDF has no references.

    How to fix it:
        Run BibTeX or Biber, and upload the `.bbl`.
    """
    return _messages(submission, Kind.BIBLIOGRAPHY)


def rerun_needed(submission: Submission) -> Findings:
    """PITH656.

    What it does:
        Reports that the last run asks for another.

    Why it matters:
        Numbers may be wrong.

    How to fix it:
        Compile again.
    """
    return _messages(submission, Kind.RERUN)


def badge_warning(submission: Submission) -> Findings:
    """PITH657.

    What it does:
        Reports a warning or an error of `pith.sty` in the last run.

    Why it matters:
        The badge may be missing, or lack its receipt.

    How to fix it:
        The message says why; [latex/README.md](../../latex/README.md) has the options.
    """
    return _messages(submission, Kind.PITH)


def pdf_older(submission: Submission) -> Findings:
    """PITH658.

    What it does:
        Reports a PDF that is older than a source or `pith.sty`, of a paper that has a number or is anonymous.

    Why it matters:
        What is said of the PDF may no longer be so.

    How to fix it:
        Compile again.
    """
    outcome = submission.outcome
    matters = submission.manuscript.number is not None or submission.anonymity is not None
    if outcome.pdf is not None and outcome.newer and matters:
        more = f" and {len(outcome.newer) - 1} more" if len(outcome.newer) > 1 else ""
        message = f"older than {outcome.newer[0]}{more}, so what is said about it may be out of date"
        yield submission.of(outcome.pdf, "pdf-older", message, "compile again")


def pdf_invalid(submission: Submission) -> Findings:
    """PITH659.

    What it does:
        Reports a PDF of which `pithtex check` says `invalid`.

    Why it matters:
        Something contradicts: another record, another link, a forgery.

    How to fix it:
        `pithtex check main.pdf` says all of it.
    """
    return _verdict(submission, "pdf-invalid")


def pdf_not_valid(submission: Submission) -> Findings:
    """PITH660.

    What it does:
        Reports a PDF of which `pithtex check` says neither `valid` nor `invalid`: it does not show the title, or
        carries no number.

    Why it matters:
        The PDF was made without the badge, or from another text.

    How to fix it:
        Compile again; `pithtex check main.pdf` says more.
    """
    return _verdict(submission, "pdf-not-valid")


def label_multiply_defined(submission: Submission) -> Findings:
    """PITH851.

    What it does:
        Reports a label that was defined twice in the last run, where the sources do not show it (PITH812).

    Why it matters:
        References lead to the last of them.

    How to fix it:
        Rename one of them.
    """
    return _messages(submission, Kind.LABEL)


def character_missing(submission: Submission) -> Findings:
    r"""PITH852.

    What it does:
        Reports a character that a font did not have in the last run.

    Why it matters:
        TeX leaves it out of the page, and only the log says so.

    How to fix it:
        Take another font or encoding (`\usepackage[T1]{fontenc}`), or write the character in another way.
    """
    return _messages(submission, Kind.CHARACTER)


def box_overfull(submission: Submission) -> Findings:
    """PITH853.

    What it does:
        Reports lines and boxes that were more than an inch wider than their column in the last run, and figures and
        tables that were taller than the page: the worst one of each, and how many there are.

    Why it matters:
        They run into the margin or the other column, or off the page.

    How to fix it:
        Break the line, or scale the table or picture to the width or the height of the text.
    """
    log = submission.outcome.log
    tall = [] if log is None else [message for message in log.messages if message.kind is Kind.TALL]
    if log is not None and tall:
        tallest = max(tall, key=lambda message: float(message.key))
        more = f" (and {len(tall) - 1} more)" if len(tall) > 1 else ""
        said = f"a figure or table is {float(tallest.key):.0f} pt taller than the page{_source_line(tallest)}{more}"
        item = submission.of(log.name, "box-overfull", said, "scale it to the height of the text, or divide it")
        yield Located(file=item.file, finding=item.finding, line=tallest.log_line)
    wide = [] if log is None else [message for message in log.messages if message.kind is Kind.OVERFULL]
    if log is None or not wide:
        return
    widest = max(wide, key=lambda message: float(message.key))
    more = f" (and {len(wide) - 1} more)" if len(wide) > 1 else ""
    said = f"a box is {float(widest.key):.0f} pt too wide{_source_line(widest)}{more}"
    item = submission.of(log.name, "box-overfull", said, "break it, or scale it to the width of the text")
    yield Located(file=item.file, finding=item.finding, line=widest.log_line)


def _source_line(message: Message) -> str:
    return "" if message.input_line is None else f", at line {message.input_line} of its source"


def group_open(submission: Submission) -> Findings:
    r"""PITH858.

    What it does:
        Reports a brace or an environment that was never closed in the last run, and where it was opened.

    Why it matters:
        What was to end there goes on to the end of the paper: bold type, a smaller size, a definition.

    How to fix it:
        Close it.
    """
    return _messages(submission, Kind.GROUP)


def _messages(submission: Submission, kind: Kind) -> Findings:
    """Yields the log's messages of one kind, each once, of the first that are looked at of all kinds together."""
    log = submission.outcome.log
    seen: set[tuple[Kind, str]] = {(Kind.FIGURE, name) for name in _said_of_figures(submission)}
    seen |= {(Kind.LABEL, key) for key, uses in submission.manuscript.names.labels.items() if len(uses) > 1}
    if kind is Kind.REFERENCE and submission.other_documents:
        return  # PITH822 is said of the cause
    for message in () if log is None else log.messages:
        if (message.kind, message.key) in seen or len(seen) >= _MAX_MESSAGES:
            continue
        seen.add((message.kind, message.key))
        if message.kind is kind:
            yield _located(submission, message)


def _said_of_figures(submission: Submission) -> Iterator[str]:
    """Yields the figures that PITH801 is said of, by the names that the log has for them."""
    for item in submission.map.of(RefersTo.FIGURE):
        if item.standing is Standing.ABSENT:
            yield from (item.name, item.name.removeprefix("./"))


def _located(submission: Submission, message: Message) -> Located:
    said = {
        Kind.ERROR: message.key,
        Kind.REFERENCE: f"the reference {message.key!r} is undefined",
        Kind.CITATION: f"the citation {message.key!r} is undefined",
        Kind.FIGURE: f"{message.key!r} was not found",
        Kind.BIBLIOGRAPHY: f"{message.key} was missing",
        Kind.RERUN: message.key,
        Kind.PITH: message.key,
        Kind.LABEL: f"the label {message.key!r} is defined twice",
        Kind.CHARACTER: f"not printed: there is no {message.key}",
        Kind.GROUP: f"{message.key} is still open at the end: it stands at line {message.input_line} of its source",
    }[message.kind]
    rule, hint = _RULE_OF[message.kind], _HINTS[message.kind]
    if message.kind is Kind.RERUN and re.search("biber|bibtex", message.key, re.I):
        hint = "run it, then compile again"
    place = _place(submission, message)
    if place is not None:
        return submission.at_offset(*place, rule, said, hint)
    name = "" if submission.outcome.log is None else submission.outcome.log.name
    item = submission.of(name, rule, said, hint)
    return Located(file=item.file, finding=item.finding, line=message.log_line)


def _place(submission: Submission, message: Message) -> tuple[TexFile, int] | None:
    """Returns the file and offset if that line of exactly one source holds what the message names."""
    if message.input_line is None or message.kind in {Kind.ERROR, Kind.PITH, Kind.RERUN}:
        return None
    found = []
    for file in submission.manuscript.files:
        # TeX names the line on which a paragraph or command ends; of a group the one on which it begins.
        before = 1 if message.kind is Kind.GROUP else _BEFORE
        for line in range(message.input_line, max(0, message.input_line - before), -1):
            span = file.line_span(line)
            column = -1 if span is None else file.text.find(message.key, *span)
            if column >= 0:
                found.append((file, column))
                break
    return found[0] if len(found) == 1 else None


def _verdict(submission: Submission, rule: str) -> Findings:
    """Yields what the PDF's verdict comes down to, where that is this rule."""
    outcome = submission.outcome
    verdict = outcome.verdict
    if outcome.pdf is None or verdict is None or submission.manuscript.number is None or verdict.word == "valid":
        return
    if outcome.newer and verdict.word != "invalid":
        return  # PITH658 is said of it, and what to do is the same
    if rule != ("pdf-invalid" if verdict.word == "invalid" else "pdf-not-valid"):
        return
    worst = [item for item in verdict.all_findings if item.severity is Severity.ERROR] or [*verdict.all_findings]
    why = f": {worst[0].message}" if worst else ""
    hint = f"pithtex check {submission.path(outcome.pdf)} gives the details"
    yield submission.of(outcome.pdf, rule, f"the PDF is {verdict.word.value}{why}", hint)


RULES: Final = (
    log_error,
    unresolved_reference,
    unresolved_citation,
    figure_missing,
    bibliography_missing,
    rerun_needed,
    badge_warning,
    pdf_older,
    pdf_invalid,
    pdf_not_valid,
    label_multiply_defined,
    character_missing,
    box_overfull,
    group_open,
)
