"""PITH625 to PITH629 and PITH648: title, abstract, identifier and licence of the source beside the record's."""

from __future__ import annotations

from typing import Final

from pithtex.format.identifiers import ArxivId, plain_arxiv_id
from pithtex.manuscript.source.model import Use
from pithtex.review.submission.model import Findings, Submission
from pithtex.review.texts.compare import Match, compare_abstract, compare_title
from pithtex.review.texts.licences import stated_licences
from pithtex.text import shortened

_ARXIV_COMMANDS: Final = ("arxivnumber", "arxivid", "eprint", "preprint")
_SHOWN: Final = 160


def source_title_differs(submission: Submission) -> Findings:
    """PITH625.

    What it does:
        Reports a title in the source whose letters and digits are not those of the title that the record states.

    Why it matters:
        Either it is the wrong record, or the paper was retitled. `pithtex check` will say `unbound` of the PDF.

    How to fix it:
        The output shows both titles and marks what differs. If the record is wrong, run `pithtex add`. If the paper was
        retitled, silence the finding and give the reason.
    """
    compared, title = compare_title(submission), submission.manuscript.title
    if title is not None and compared.match is Match.DIFFERS and submission.manuscript.number is not None:
        if compared.unknown and compared.may_be_the_same:
            return  # PITH648 is said of the cause
        shown = shortened(compared.paper, _SHOWN)
        message = f"the paper's title is {shown!r}, the record's {shortened(compared.record, _SHOWN)!r}"
        hint = "check that this is the right record; if the paper was retitled, pithtex check will call its PDF unbound"
        yield submission.at(title.use, "source-title-differs", message, hint)


def source_title_unconfirmed(submission: Submission) -> Findings:
    """PITH626.

    What it does:
        Reports a title whose digest is not that of the record, where the record states a digest and no text.

    Why it matters:
        A digest allows no difference at all, and the spelling tried here may be at fault as much as the title: nothing
        is proven either way. [The spellings](#title-and-abstract) are tried in order.

    How to fix it:
        A record that states the title settles it: `pithtex resolve`, or `--record`.
    """
    compared, title = compare_title(submission), submission.manuscript.title
    if title is not None and compared.match is Match.UNCONFIRMED and submission.manuscript.number is not None:
        if compared.unknown:
            return  # PITH648 is said of the cause
        shown = shortened(compared.paper, _SHOWN)
        message = f"could not confirm that {shown!r} is the record's title, because the record states only a digest"
        hint = "get a record that states the title with pithtex resolve, or give it with --record"
        yield submission.at(title.use, "source-title-unconfirmed", message, hint)


def abstract_unconfirmed(submission: Submission) -> Findings:
    """PITH627.

    What it does:
        Reports an abstract of which no spelling has the record's abstract digest, where the record has an excerpt and
        the two begin differently. Without an excerpt there is nothing to compare, and the summary says that the
        abstract could not be confirmed.

    Why it matters:
        This is common: the abstract in arXiv's form is typed or cut by hand, and revised between versions. The message
        shows how both begin.

    How to fix it:
        Compare them. If they are meant to differ, silence the finding and give the reason.
    """
    compared, abstract = compare_abstract(submission), submission.manuscript.abstract
    if abstract is None or compared.match is not Match.UNCONFIRMED or submission.manuscript.number is None:
        return
    if not compared.record or _begins_alike(compared.paper, compared.record):
        return  # nothing can be compared, or nothing differs to the eye: the summary says that it is not confirmed
    message = "the abstract could not be confirmed as the record's"
    shown = shortened(compared.paper, _SHOWN)
    message += f": the paper's begins {shown!r}, the record's {shortened(compared.record, _SHOWN)!r}"
    yield submission.at(abstract.use, "abstract-unconfirmed", message, "that is normal if you revised or retyped it")


def _begins_alike(paper: str, excerpt: str) -> bool:
    """Tells whether an excerpt is the beginning of the abstract, by its letters and digits."""
    from pithtex.pdf.binding.wording import normalise

    wanted = normalise(excerpt.rstrip(". …"))
    return bool(wanted) and normalise(paper).startswith(wanted)


def arxiv_id_differs(submission: Submission) -> Findings:
    r"""PITH628.

    What it does:
        Reports an `\arxivnumber`, `\arxivid`, `\eprint` or `\preprint{arXiv:...}` that names another paper than the
        record, or a version older than the record's.

    Why it matters:
        The command or the number belongs to another paper.

    How to fix it:
        Correct the command, or get the right record.
    """
    record = submission.record
    if record is None or record.arxiv_id is None or submission.manuscript.number is None:
        return
    for name in _ARXIV_COMMANDS:
        use = submission.manuscript.commands.get(name)
        stated = None if use is None else _stated_id(use)
        if use is None or stated is None:
            continue
        named = record.canonical.paper
        if stated.id != plain_arxiv_id(record.arxiv_id):
            yield submission.at(use, "arxiv-id-differs", f"the paper says {stated}, but its number is that of {named}")
        elif stated.version is not None and stated.version < record.canonical.source_version:
            message = f"the paper says {stated}, but its number is that of the later {named}"
            yield submission.at(use, "arxiv-id-differs", message)


def licence_differs(submission: Submission) -> Findings:
    r"""PITH629.

    What it does:
        Reports a Creative Commons licence stated in the source (doclicense, acmart's `\setcctype`, `pdflicenseurl`, a
        sentence "This work is licensed under ...") that is not the record's.

    Why it matters:
        The record has the licence that was chosen at arXiv, which cannot be taken back. A paper that states another
        misleads its readers.

    How to fix it:
        Correct the statement.
    """
    record = submission.record
    if record is None or submission.manuscript.number is None:
        return
    signed = record.canonical.license
    for statement in stated_licences(submission.manuscript):
        if not statement.agrees_with(signed):
            message = f"the paper says {statement.licence}, but the record says {signed}"
            hint = "the licence chosen at arXiv counts and cannot be withdrawn: correct the statement in the paper"
            yield submission.at_offset(statement.file, statement.start, "licence-differs", message, hint)


def _stated_id(use: Use) -> ArxivId | None:
    if use.name == "preprint" and "arxiv" not in use.argument.lower():
        return None  # a report number
    return ArxivId.find(use.argument)


RULES: Final = (
    source_title_differs,
    source_title_unconfirmed,
    abstract_unconfirmed,
    arxiv_id_differs,
    licence_differs,
)
