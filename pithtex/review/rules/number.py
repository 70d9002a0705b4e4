r"""PITH601 to PITH607: the number that the source gives, seen for what it is."""

from __future__ import annotations

from typing import Final

from pithtex.errors import MalformedError
from pithtex.findings import Severity
from pithtex.format.number import PithNumber
from pithtex.manuscript.edit.two_lines import has_reminder
from pithtex.manuscript.source.model import Reached
from pithtex.review.submission.model import Findings, Remedy, Submission, suffix_of, with_remedy, with_severity

_NOT_RUN: Final = (Reached.CONDITIONAL, Reached.DEFINITION, Reached.DEAD)


def number_missing(submission: Submission) -> Findings:
    r"""PITH601.

    What it does:
        Reports a paper without `\pithnumber`.

    Why it matters:
        A number exists only after arXiv has announced the paper, so a first submission cannot have one, and this is a
        note. With `--require` it is an error: for version 2, and for a journal's final copy. An anonymous paper must
        not have one; nothing is reported for it, nor for a paper in which `pithtex add --when-announced` keeps the
        place.

    How to fix it:
        After the announcement run `pithtex add ARXIV-ID`, and upload version 2. Until then
        `pithtex add --when-announced` keeps the place with a comment.
    """
    if any(use.state not in {Reached.VERBATIM} for use in submission.manuscript.numbers):
        return
    required = submission.options.require
    if not required and (submission.anonymity is not None or has_reminder(submission.manuscript.main.text)):
        return  # it must not have one, or its author knows
    message = "the paper has no Pith Number"
    hint = "a number exists after arXiv has announced version 1: add it in version 2, with pithtex add ARXIV-ID"
    item = submission.in_preamble("number-missing", message, hint)
    yield with_severity(item, Severity.ERROR) if required else item


def number_malformed(submission: Submission) -> Findings:
    r"""PITH602.

    What it does:
        Reports a `\pithnumber{...}` that does not hold 26 characters out of `A-Z` and `2-7`.

    Why it matters:
        LaTeX stops there with an error, and arXiv deletes the PDF of a run that had one.

    How to fix it:
        `--fix` writes the number that was meant, where that is certain: that of a verified record it has, such as the
        one in `pith.sty`, at most three letters wrong, missing, doubled or swapped away; without a record, another
        spelling of a number (the full form `pith:2026:...`, lower case), or one with a character that can be read in
        one way alone (`0` for `O`, `8` for `B`, but not `1`, which is `I` or `L`). It says what it leaves, and why:
        copy that number from the record.
    """
    for use in submission.manuscript.numbers:
        if use.state is not Reached.ACTIVE or suffix_of(use) is not None:
            continue
        text, meant = use.argument.strip(), submission.meant_by(use)
        likely: tuple[str, ...] = () if meant is None else (meant,)
        try:
            PithNumber.parse_exact(text)
            message = f"\\pithnumber takes only the 26 characters, not {text!r}"
        except MalformedError as error:
            message, likely = error.message, likely or error.likely
        hint = f"did you mean {' or '.join(likely)}?" if likely else "copy all 26 characters from the paper's record"
        yield with_remedy(submission.at(use, "number-malformed", message, hint), Remedy.NUMBER)


def several_numbers(submission: Submission) -> Findings:
    r"""PITH603.

    What it does:
        Reports every `\pithnumber` after the first that TeX runs.

    Why it matters:
        The first counts; the others are ignored, with a warning in the log. Somebody who reads the source may take one
        or the other.

    How to fix it:
        Remove the others. `--fix` does so where they are all the same.
    """
    active = [use for use in submission.manuscript.numbers if use.state is Reached.ACTIVE]
    for use in active[1:]:
        first = active[0]
        line, _ = first.file.place(first.start)
        same = use.argument.strip() == first.argument.strip()
        what = "the number is given again" if same else f"a second number, {use.argument.strip()!r}, is ignored"
        message = f"{what}: the first, in {first.file.name}:{line}, is taken"
        yield with_remedy(submission.at(use, "several-numbers", message, "remove it"), Remedy.REPETITION)


def number_commented_out(submission: Submission) -> Findings:
    """PITH604.

    What it does:
        Reports a paper whose only number is in a comment.

    Why it matters:
        The PDF will not have it, which is easily forgotten after a review. With `--require` this is an error.

    How to fix it:
        Remove the `%`, or the line.
    """
    uses = submission.manuscript.numbers
    commented = [use for use in uses if use.state is Reached.COMMENT]
    if commented and all(use.state in {Reached.COMMENT, Reached.VERBATIM} for use in uses):
        item = submission.at(
            commented[0], "number-commented-out", "the number is commented out, so the PDF will not have it"
        )
        yield with_severity(item, Severity.ERROR) if submission.options.require else item


def number_conditional(submission: Submission) -> Findings:
    r"""PITH605.

    What it does:
        Reports a paper whose only number is in a conditional that the source does not decide, in the body of a macro,
        or after `\iffalse`.

    Why it matters:
        Whether the PDF has the number depends on a run that is not looked at. Switches of the paper's own
        (`\newif\iffinal \finaltrue`) are followed, and nothing is reported for those that are on. With `--require` this
        is an error.

    How to fix it:
        Move the line to the preamble, after the packages.
    """
    uses = submission.manuscript.numbers
    hidden = [use for use in uses if use.state in _NOT_RUN]
    if not hidden or any(use.state is Reached.ACTIVE for use in uses):
        return
    reasons = {
        Reached.CONDITIONAL: "in a conditional",
        Reached.DEFINITION: "in a definition",
        Reached.DEAD: "where TeX never gets to",
    }
    message = f"the number is {reasons[hidden[0].state]}, so the source does not tell whether the PDF will have it"
    item = submission.at(hidden[0], "number-conditional", message, "move it to the preamble, after the packages")
    yield with_severity(item, Severity.ERROR) if submission.options.require else item


def package_not_loaded(submission: Submission) -> Findings:
    r"""PITH606.

    What it does:
        Reports `\pithnumber` in a paper without `\usepackage{pith}`.

    Why it matters:
        The command is undefined, and TeX stops.

    How to fix it:
        `--fix` inserts the line.
    """
    use = submission.manuscript.number
    if use is not None and not any("pith" in package.names for package in submission.manuscript.packages):
        message = "\\pithnumber is undefined here: the paper does not load pith.sty"
        item = submission.at(use, "package-not-loaded", message, "add \\usepackage{pith} before it")
        yield with_remedy(item, Remedy.LOADING)


def paper_not_expected(submission: Submission) -> Findings:
    """PITH607.

    What it does:
        Reports a number that is not the one of the paper named by `--expect`, or by `expect` in the configuration.

    Why it matters:
        In a folder of many papers it takes a second to pick the wrong record.

    How to fix it:
        Get the record of this paper: `pithtex add ARXIV-ID`.
    """
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
            yield submission.at(use, "paper-not-expected", f"the number is that of {named}, but {wanted} was expected")
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
