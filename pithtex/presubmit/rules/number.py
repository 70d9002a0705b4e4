r"""PITH601 to PITH607: the number that the source gives, seen for what it is."""

from __future__ import annotations

from typing import Final

from pithtex.errors import MalformedError
from pithtex.findings import Severity
from pithtex.format.number import PithNumber
from pithtex.manuscript.source.model import State
from pithtex.presubmit.rules.venue import anonymous_mode
from pithtex.presubmit.submission.model import Findings, Remedy, Submission, suffix_of, with_remedy, with_severity

_NOT_RUN: Final = (State.CONDITIONAL, State.DEFINITION, State.DEAD)


def number_missing(submission: Submission) -> Findings:
    """PITH601."""
    if any(use.state not in {State.VERBATIM} for use in submission.manuscript.numbers):
        return
    if anonymous_mode(submission.manuscript) is not None and not submission.options.require:
        return  # it must not have one
    message = "the paper has no Pith Number"
    hint = "a number exists after arXiv has announced version 1: add it in version 2, with pithtex add ARXIV-ID"
    item = submission.in_preamble("number-missing", message, hint)
    yield with_severity(item, Severity.ERROR) if submission.options.require else item


def number_malformed(submission: Submission) -> Findings:
    """PITH602."""
    for use in submission.manuscript.numbers:
        if use.state is not State.ACTIVE or suffix_of(use) is not None:
            continue
        text, meant = use.argument.strip(), submission.meant_by(use)
        likely: tuple[str, ...] = () if meant is None else (meant,)
        try:
            PithNumber.parse_exact(text)
            message = f"\\pithnumber takes the 26 characters alone, not {text!r}"
        except MalformedError as error:
            message, likely = error.message, likely or error.likely
        hint = f"was {' or '.join(likely)} meant?" if likely else "copy all 26 characters from the paper's record"
        yield with_remedy(submission.at(use, "number-malformed", message, hint), Remedy.NUMBER)


def several_numbers(submission: Submission) -> Findings:
    """PITH603."""
    active = [use for use in submission.manuscript.numbers if use.state is State.ACTIVE]
    for use in active[1:]:
        first = active[0]
        line, _ = first.file.place(first.start)
        same = use.argument.strip() == first.argument.strip()
        what = "the number is given again" if same else f"a second number, {use.argument.strip()!r}, is ignored"
        message = f"{what}: the first, in {first.file.name}:{line}, is taken"
        yield with_remedy(submission.at(use, "several-numbers", message, "take it out"), Remedy.REPETITION)


def number_commented_out(submission: Submission) -> Findings:
    """PITH604."""
    uses = submission.manuscript.numbers
    commented = [use for use in uses if use.state is State.COMMENT]
    if commented and all(use.state in {State.COMMENT, State.VERBATIM} for use in uses):
        item = submission.at(commented[0], "number-commented-out", "the number is commented out: the PDF won't have it")
        yield with_severity(item, Severity.ERROR) if submission.options.require else item


def number_conditional(submission: Submission) -> Findings:
    """PITH605."""
    uses = submission.manuscript.numbers
    hidden = [use for use in uses if use.state in _NOT_RUN]
    if not hidden or any(use.state is State.ACTIVE for use in uses):
        return
    reasons = {
        State.CONDITIONAL: "in a conditional",
        State.DEFINITION: "in a definition",
        State.DEAD: "where TeX never comes by",
    }
    message = f"the number stands {reasons[hidden[0].state]}: whether the PDF has it can't be told from the source"
    item = submission.at(hidden[0], "number-conditional", message, "put it into the preamble, after the packages")
    yield with_severity(item, Severity.ERROR) if submission.options.require else item


def package_not_loaded(submission: Submission) -> Findings:
    """PITH606."""
    use = submission.manuscript.number
    if use is not None and not any("pith" in package.names for package in submission.manuscript.packages):
        message = "\\pithnumber is undefined here: the paper does not load pith.sty"
        item = submission.at(use, "package-not-loaded", message, "before it: \\usepackage{pith}")
        yield with_remedy(item, Remedy.LOADING)


def paper_not_expected(submission: Submission) -> Findings:
    """PITH607."""
    expected, record, use = submission.options.expect, submission.record, submission.manuscript.number
    if expected is None or use is None:
        return
    from pithtex.errors import UsageError
    from pithtex.format.identifiers import ArxivId, parse_identifier, plain_arxiv_id
    from pithtex.format.number import ShortForm

    try:
        wanted = parse_identifier(expected)
    except UsageError:
        return  # said when the option was read
    if isinstance(wanted, ArxivId):
        if record is None:
            return
        other = record.arxiv_id is None or plain_arxiv_id(record.arxiv_id) != wanted.id
        later = wanted.version is not None and wanted.version != record.canonical.source_version
        named = record.canonical.paper
        if other or later:
            yield submission.at(use, "paper-not-expected", f"the number is that of {named}, and {wanted} was expected")
        return
    suffix = suffix_of(use) or ""
    same = suffix.startswith(wanted.text) if isinstance(wanted, ShortForm) else suffix == wanted.suffix
    if not same:
        yield submission.at(use, "paper-not-expected", f"the number is not {wanted}, which was expected")


RULES: Final = (
    number_missing,
    number_malformed,
    several_numbers,
    number_commented_out,
    number_conditional,
    package_not_loaded,
    paper_not_expected,
)
