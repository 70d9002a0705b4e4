"""Whether a paper is anonymous: its compiled first page decides where there is one, else what its sources choose.

Lists of classes and options age each season. The page does not: it shows its authors, or says that they are anonymous.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pithtex.limits import MAX_PAPER_FILE_BYTES
from pithtex.manuscript.source.anonymous_modes import AnonymousMode, anonymous_mode
from pithtex.manuscript.source.model import Manuscript
from pithtex.manuscript.source.people import is_name, people
from pithtex.review.submission.folder import read_at_most

_SAYS_SO: Final = re.compile(
    r"\banonymous\s+(?:authors?|submission|(?:[a-z]+\s+){1,3}submission)\b|\bunder\s+(?:double[- ]blind\s+)?review\b|"
    r"\bauthors?(?:\(s\))?(?:'s?|s')?\s+(?:names?\s+)?(?:are\s+|is\s+)?(?:withheld|anonymi[sz]ed|hidden)\b",
    re.IGNORECASE,
)
_BETWEEN: Final = 30
"""Characters between an author's first name and the last one, for initials."""


def anonymity_of(manuscript: Manuscript, pdf: Path | None) -> AnonymousMode | None:
    """The anonymous mode that a paper is in; None where it is in none.

    Args:
        manuscript: the paper's sources.
        pdf: what was compiled from just these; None where there is nothing.
    """
    mode = anonymous_mode(manuscript)
    shown = None if pdf is None else _hides_authors(manuscript, pdf)
    if shown is None:
        return mode
    if not shown:
        return None
    use = manuscript.document_class
    return mode if mode is not None or use is None else AnonymousMode(use=use, name="as its first page says")


def _hides_authors(manuscript: Manuscript, pdf: Path) -> bool | None:
    """Whether the first page says that the authors are anonymous and shows none of them; None where nothing tells."""
    names = [words for words in people(manuscript) if is_name(words[0]) and is_name(words[-1])]
    data = read_at_most(pdf, MAX_PAPER_FILE_BYTES) if names else None
    if data is None:
        return None
    from pithtex.pdf.text.same_words import first_words

    text = first_words(data)
    if any(_is_shown(words, text) for words in names):
        return False
    return True if _SAYS_SO.search(text) else None


def _is_shown(words: list[str], text: str) -> bool:
    first, last = re.escape(words[0]), re.escape(words[-1])
    return re.search(rf"\b{first}\b.{{0,{_BETWEEN}}}?\b{last}\b", text, re.IGNORECASE) is not None
