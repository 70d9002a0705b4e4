"""PITH631 to PITH635: what a class or venue wants, and the options of pith.sty that help."""

from __future__ import annotations

import re
from typing import Final

from pithtex.manuscript.source.model import Manuscript, Reached, Use
from pithtex.presubmit.submission.model import Findings, Submission

_PACKETS: Final = ("pdfx", "xmpincl")
"""Packages that write the XMP packet and let nobody in (latex/README.md)."""

# The modes that pith.sty sees when it runs (latex/README.md), as far as the source shows them: an option of a class
# or package that switches to the anonymous mode, or those that switch from it. Names are matched from their beginning.
_ANONYMOUS_CLASSES: Final = (
    ("acmart", {"anonymous"}),
    ("lipics", {"anonymous"}),
    ("oasics", {"anonymous"}),
    ("elsarticle", {"doubleblind"}),
    ("cas-", {"doubleblind"}),
    ("apa6", {"mask"}),
    ("apa7", {"mask"}),
)
_ANONYMOUS_PACKAGES: Final = (
    (re.compile(r"(?:acl|emnlp|naacl|eacl|aacl|conll)(?:20[0-9]{2})?|acl_natbib", re.I), {"review"}),
    (re.compile(r"(?:cvpr|iccv|wacv)(?:20[0-9]{2})?"), {"review", "rebuttal"}),
    (re.compile(r"eccv(?:20[0-9]{2})?"), {"review"}),
    (re.compile(r"aaai[0-9]{2,4}"), {"submission"}),
)
_FINAL_PACKAGES: Final[tuple[tuple[re.Pattern[str], frozenset[str], tuple[str, ...]], ...]] = (
    (
        re.compile(r"(?:neurips|nips)_?20[0-9]{2}"),
        frozenset({"final", "preprint", "nonanonymous", "creativeai", "dandb"}),
        (),
    ),
    (re.compile(r"icml20[0-9]{2}"), frozenset({"accepted", "preprint"}), ("isaccepted",)),
    (re.compile(r"iclr20[0-9]{2}_conference"), frozenset(), ("iclrfinalcopy",)),
    # The styles of ACL from before the option `review`.
    (re.compile(r"(?:acl|emnlp|naaclhlt|conll)201[89]|(?:acl|emnlp)2020|eacl2021"), frozenset(), ("aclfinalcopy",)),
    (re.compile(r"colm20[0-9]{2}_conference"), frozenset({"final", "preprint"}), ("colmfinalcopy",)),
    (re.compile(r"tmlr"), frozenset({"accepted", "preprint"}), ()),
    (re.compile(r"aistats20[0-9]{2}"), frozenset({"accepted"}), ()),
    (re.compile(r"corl_?20[0-9]{2}"), frozenset({"final", "preprint"}), ()),
)


def anonymous_mode(manuscript: Manuscript) -> tuple[Use, str] | None:
    """The command that puts the paper into its anonymous mode, and what that mode is called."""
    main = manuscript.document_class
    if main is not None:
        for name, options in _ANONYMOUS_CLASSES:
            chosen = options.intersection(_names(main))
            if main.argument.startswith(name) and chosen:
                return main, f"{main.argument}, {min(chosen)}"
        if "anonymous" in _names(main):
            return main, f"{main.argument}, anonymous"
    for use in manuscript.packages:
        if use.state is Reached.ACTIVE:
            for name in use.names:
                mode = _mode(manuscript, use, name)
                if mode is not None:
                    return use, mode
    return None


def _mode(manuscript: Manuscript, use: Use, name: str) -> str | None:
    options = _names(use)
    for pattern, switches in _ANONYMOUS_PACKAGES:
        chosen = switches.intersection(options)
        if pattern.fullmatch(name) and chosen:
            return f"{name}, {min(chosen)}"
    for pattern, finals, commands in _FINAL_PACKAGES:
        if (
            pattern.fullmatch(name)
            and not finals.intersection(options)
            and not set(commands) & set(manuscript.commands)
        ):
            return f"{name}, submission"
    return None


def _names(use: Use) -> set[str]:
    """Options that are switched on."""
    options = (option.replace(" ", "") for option in use.option_list)
    return {option.removesuffix("=true") for option in options}


def _badge(manuscript: Manuscript) -> tuple[Use | None, dict[str, str]]:
    """Where pith.sty gets its options, and these."""
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
    conference = main.argument == "IEEEtran" and "conference" in _names(main)
    if main.argument in {"ieeeconf", "IEEEconf"} or conference:
        message = f"{main.argument}: IEEE PDF eXpress and PaperCept refuse PDFs with links, and the badge has one"
        hint = "for the upload there, not for arXiv: \\usepackage[nolink]{pith}"
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
        hint = "the badge, its link and the Info dictionary carry it all the same; hyperxmp would let it in"
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
    if use is not None and options.get("anonymous") == "true" and anonymous_mode(submission.manuscript) is None:
        if not submission.manuscript.authors:
            return
        message = "pith.sty is told to be anonymous, and the paper names its authors: no badge, no metadata"
        yield submission.at(use, "anonymous-in-final", message, "for the final version take the option out")


def number_in_anonymous(submission: Submission) -> Findings:
    """PITH634.

    What it does:
        Reports `anonymous=false` for the badge where the class or style is in its anonymous mode.

    Why it matters:
        The badge leads to the authors' names.

    How to fix it:
        Remove `anonymous=false`. Where the mode is not what it seems, silence the finding.
    """
    mode = anonymous_mode(submission.manuscript)
    use, options = _badge(submission.manuscript)
    if mode is not None and use is not None and options.get("anonymous") == "false":
        message = f"the paper is in its anonymous mode ({mode[1]}), and the badge, which leads to its authors, is on"
        yield submission.at(use, "number-in-anonymous", message, "take anonymous=false out")


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
    mode = anonymous_mode(submission.manuscript)
    _, options = _badge(submission.manuscript)
    if options.get("anonymous") == "false" or (mode is None and options.get("anonymous") != "true"):
        return
    if mode is None and submission.manuscript.authors:
        return  # PITH633 is said of it
    why = "its anonymous mode" if mode is None else f"its anonymous mode ({mode[1]})"
    hint = "leave it out of what is uploaded for review; the PDF has nothing of it"
    for number in submission.manuscript.numbers:
        if number.state is not Reached.VERBATIM:
            message = f"the paper is in {why}, and the source names its number, which leads to the authors"
            yield submission.at(number, "record-in-anonymous", message, hint)
    if submission.package is not None and submission.package.number is not None:
        message = f"the paper is in {why}, and this pith.sty carries its record"
        yield submission.of(submission.package.name, "record-in-anonymous", message, hint)
    for item in submission.records:
        if item.name not in {"pith.sty", "the store"}:
            yield submission.of(
                item.name, "record-in-anonymous", f"the paper is in {why}, and this is its record", hint
            )
    outcome = submission.outcome
    if outcome.pdf is not None and outcome.verdict is not None and outcome.verdict.badges:
        message = f"the paper is in {why}, and this PDF carries a number, which leads to the authors"
        yield submission.of(outcome.pdf, "record-in-anonymous", message, "compile again, and look with pithtex check")


RULES: Final = (links_refused, xmp_withheld, anonymous_in_final, number_in_anonymous, record_in_anonymous)
