"""The paper's title and abstract beside the record's."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from pithtex.format.abstract import ProvenAbstract, first_proven
from pithtex.format.canonical import collapse
from pithtex.manuscript.source.model import Manuscript
from pithtex.manuscript.source.plain_text import plain_text
from pithtex.manuscript.source.spellings import matching
from pithtex.review.submission.model import Submission
from pithtex.structs import struct
from pithtex.verification.record import VerifiedRecord

_BARE_PERCENT: Final = re.compile(r"(?<!\\)%")


class Match(StrEnum):
    """How far two texts are the same."""

    DIGEST = "digest"
    """A spelling of the paper's has the record's digest."""
    LETTERS = "letters"
    """The record's text is known, and letters and digits are the same."""
    DIFFERS = "differs"
    """The record's text is known, and it is another."""
    UNCONFIRMED = "unconfirmed"
    """The record's text is not known, and no spelling has its digest."""
    NOT_COMPARED = "not-compared"


@struct
class Comparison:
    """Two texts and what came of comparing them."""

    match: Match
    paper: str = ""
    record: str = ""
    """Empty if it is not known."""
    how: str = ""
    """The spelling that matched."""
    unknown: tuple[str, ...] = ()
    """Commands in the paper's text that are not known here, and are left out of it."""

    @property
    def may_be_the_same(self) -> bool:
        """Tells whether the record's text could be the paper's, were what is left out of it known."""
        from pithtex.pdf.binding.wording import normalise

        rest = iter(normalise(self.record))
        return all(letter in rest for letter in normalise(self.paper))


def compare_title(submission: Submission) -> Comparison:
    """Returns the source's title against the record's title digest, and against its text where that is known."""
    from pithtex.pdf.binding.wording import normalise

    record, title = submission.record, submission.manuscript.title
    if title is None:
        return Comparison(match=Match.NOT_COMPARED)
    shown = plain_text(title.expanded)
    paper, unknown = shown.text, shown.unknown
    if record is None:
        return Comparison(match=Match.NOT_COMPARED, paper=paper, unknown=unknown)
    subtitle = submission.manuscript.subtitle
    spelling = matching(title, record.canonical.title_sha256, subtitle)
    known = record.title or ""
    if spelling is not None:
        return Comparison(match=Match.DIGEST, paper=paper, record=known, how=spelling.how)
    if not known:
        return Comparison(match=Match.UNCONFIRMED, paper=paper, unknown=unknown)
    second = "" if subtitle is None else plain_text(subtitle.expanded).text
    same = normalise(known) in {normalise(paper), normalise(paper + second)}
    match = Match.LETTERS if same else Match.DIFFERS
    return Comparison(match=match, paper=paper, record=known, unknown=unknown)


def compare_abstract(submission: Submission) -> Comparison:
    """Returns the source's abstract against the record's digest, or against the text that `pith.sty` carries."""
    record, abstract = submission.record, submission.manuscript.abstract
    if abstract is None or record is None:
        return Comparison(match=Match.NOT_COMPARED)
    spelling = matching(abstract, record.canonical.abstract_sha256)
    paper = plain_text(abstract.expanded).text
    if spelling is not None:
        return Comparison(match=Match.DIGEST, paper=paper, how=spelling.how)
    proven = None if submission.package is None else submission.package.abstract
    if proven is not None and proven.sha256 == record.canonical.abstract_sha256:
        from pithtex.pdf.binding.wording import normalise

        known = plain_text(_BARE_PERCENT.sub(r"\%", proven.text)).text  # arXiv's form takes a percent sign as it is
        if normalise(paper) == normalise(known):
            return Comparison(match=Match.LETTERS, paper=paper, record=proven.text)
    return Comparison(match=Match.UNCONFIRMED, paper=paper, record=collapse(submission.excerpt))


def proven_abstract(manuscript: Manuscript, record: VerifiedRecord) -> ProvenAbstract | None:
    """Returns the record's abstract, where the source or the record document has it whole."""
    spelling = None
    if manuscript.abstract is not None:
        spelling = matching(manuscript.abstract, record.canonical.abstract_sha256)
    return first_proven((None if spelling is None else spelling.text, record.excerpt), record.canonical)
