"""PITH631 to PITH635: what a class or venue wants, and the options of pith.sty that help."""

from __future__ import annotations

from typing import Final

from pithtex.manuscript.source.anonymous_modes import switched_on
from pithtex.manuscript.source.model import Manuscript, Reached, Use
from pithtex.review.submission.model import Findings, Submission

_PACKETS: Final = ("pdfx", "xmpincl")
"""Packages that write the XMP packet and let nobody in (latex/README.md)."""


def _badge(manuscript: Manuscript) -> tuple[Use | None, dict[str, str]]:
    """Returns where pith.sty gets its options, and these."""
    uses = [use for use in manuscript.packages if use.state is Reached.ACTIVE and "pith" in use.names]
    options: dict[str, str] = {}
    for use in uses:
        options.update(_pairs(use.option_list))
    for use in manuscript.setups:
        if use.state is Reached.ACTIVE:
            options.update(_pairs(use.argument.split(",")))
    return (uses[0] if uses else None), options


def _pairs(options: list[str]) -> dict[str, str]:
    parts = (option.partition("=") for option in options if option.strip())
    return {key.strip(): value.strip() or "true" for key, _, value in parts}


def links_refused(submission: Submission) -> Findings:
    r"""PITH631.

    What it does:
        Reports a badge with a link in one of IEEE's conference classes.

    Why it matters:
        IEEE PDF eXpress and PaperCept refuse PDFs with links. arXiv does not.

    How to fix it:
        For the upload there write `\usepackage[nolink]{pith}`; for arXiv change nothing.
    """
    main = submission.manuscript.document_class
    use, options = _badge(submission.manuscript)
    if main is None or use is None or options.get("nolink", "false") == "true" or submission.manuscript.number is None:
        return
    conference = main.argument == "IEEEtran" and "conference" in switched_on(main)
    if main.argument in {"ieeeconf", "IEEEconf"} or conference:
        message = f"{main.argument}: IEEE PDF eXpress and PaperCept refuse PDFs with links, and the badge has one"
        hint = "for the upload there, but not for arXiv, use \\usepackage[nolink]{pith}"
        yield submission.at(use, "links-refused", message, hint)


def xmp_withheld(submission: Submission) -> Findings:
    """PITH632.

    What it does:
        Reports a paper in which pdfx or xmpincl writes the PDF's XMP packet.

    Why it matters:
        They let no other package add to it, so the packet lacks the number. The badge, its link and the Info dictionary
        have it.

    How to fix it:
        Nothing needs to be done; with hyperxmp in their place the packet would have it too.
    """
    if submission.manuscript.number is None:
        return
    use = submission.manuscript.package(*_PACKETS)
    if use is not None:
        name = next(name for name in use.names if name in _PACKETS)
        message = f"{name} writes the PDF's XMP packet, and lets no other package in: the number is not in it"
        hint = "the badge, its link and the Info dictionary still carry it; with hyperxmp the packet would too"
        yield submission.at(use, "xmp-withheld", message, hint)


def anonymous_in_final(submission: Submission) -> Findings:
    r"""PITH633.

    What it does:
        Reports `\usepackage[anonymous]{pith}` in a paper that names its authors and is not in an anonymous mode.

    Why it matters:
        The option was for the review: the final version will have neither a badge nor metadata.

    How to fix it:
        Remove the option.
    """
    use, options = _badge(submission.manuscript)
    if use is not None and options.get("anonymous") == "true" and submission.anonymity is None:
        if not submission.manuscript.authors:
            return
        message = (
            "pith.sty is told to be anonymous, but the paper names its authors: there will be no badge and no metadata"
        )
        yield submission.at(use, "anonymous-in-final", message, "remove the option for the final version")


def number_in_anonymous(submission: Submission) -> Findings:
    """PITH634.

    What it does:
        Reports `anonymous=false` for the badge where the class or style is in its anonymous mode.

    Why it matters:
        The badge leads to the authors' names.

    How to fix it:
        Remove `anonymous=false`. Where the mode is not what it seems, silence the finding.
    """
    mode = submission.anonymity
    use, options = _badge(submission.manuscript)
    if mode is not None and use is not None and options.get("anonymous") == "false":
        message = f"the paper is in its anonymous mode ({mode.name}), but the badge, which leads to its authors, is on"
        yield submission.at(use, "number-in-anonymous", message, "remove anonymous=false")


def record_in_anonymous(submission: Submission) -> Findings:
    """PITH635.

    What it does:
        Reports an anonymous paper whose source names the number, or that has a generated `pith.sty` or a record beside
        it.

    Why it matters:
        The PDF shows nothing of it, but the uploaded sources do: reviewers who get them can look up the authors.

    How to fix it:
        Leave the line and the files out of the upload: `pithtex remove` now, and `pithtex add` again for the final
        version.
    """
    mode = submission.anonymity
    _, options = _badge(submission.manuscript)
    if options.get("anonymous") == "false" or (mode is None and options.get("anonymous") != "true"):
        return
    if mode is None and submission.manuscript.authors:
        return  # PITH633 is said of it
    why = "its anonymous mode" if mode is None else f"its anonymous mode ({mode.name})"
    hint = "leave it out of the upload for review; the PDF does not contain it"
    for number in submission.manuscript.numbers:
        if number.state is not Reached.VERBATIM:
            message = f"the paper is in {why}, but the source names its number, which leads to the authors"
            yield submission.at(number, "record-in-anonymous", message, hint)
    if submission.package is not None and submission.package.number is not None:
        message = f"the paper is in {why}, but this pith.sty carries its record"
        yield submission.of(submission.package.name, "record-in-anonymous", message, hint)
    for item in submission.records:
        if item.name not in {"pith.sty", "the store"}:
            yield submission.of(
                item.name, "record-in-anonymous", f"the paper is in {why}, but this is its record", hint
            )
    outcome = submission.outcome
    if outcome.pdf is not None and outcome.verdict is not None and outcome.verdict.badges:
        message = f"the paper is in {why}, but this PDF carries a number, which leads to the authors"
        yield submission.of(
            outcome.pdf, "record-in-anonymous", message, "compile again, and check the PDF with pithtex check"
        )


RULES: Final = (links_refused, xmp_withheld, anonymous_in_final, number_in_anonymous, record_in_anonymous)
