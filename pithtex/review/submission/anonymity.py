"""Whether a paper is anonymous: its compiled first page decides if there is one, else what its sources choose.

Lists of classes and options age each season. The page does not: it shows its authors, or says that they are anonymous.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from pithtex.limits import MAX_PAPER_FILE_BYTES
from pithtex.manuscript.source.anonymous_modes import AnonymousMode, anonymous_mode
from pithtex.manuscript.source.model import Manuscript
from pithtex.manuscript.source.people import is_name, people
from pithtex.manuscript.source.plain_text import plain_text
from pithtex.review.submission.folder import read_at_most

_SAYS_SO: Final = re.compile(
    r"\banonymous\s+(?:authors?|submission|(?:[a-z]+\s+){1,3}submission)\b|"
    r"\bauthors?(?:\(s\))?(?:'s?|s')?\s+(?:names?\s+)?(?:are\s+|is\s+)?(?:withheld|anonymi[sz]ed|hidden)\b",
    re.IGNORECASE,
)
_NOBODY: Final = re.compile(
    r"anonymous(?:\s+(?:authors?|submission|for\s+review)|\(s\)|[\s,.;]|\Z)|(?:author\(?s?\)?\s+)?(?:names?\s+)?"
    r"(?:withheld|removed|omitted|hidden)\b|(?:paper|submission)\s*(?:id)?\s*[#:]?\s*(?:[0-9]+|x{2,})\W*\Z",
    re.IGNORECASE,
)
"""What stands in the place of authors."""
_LONG: Final = 10
"""Letters of two names that stand one behind the other by no chance."""
_BETWEEN: Final = 30
"""Characters between an author's first name and the last one, for initials."""


def anonymity_of(manuscript: Manuscript, pdf: Path | None) -> AnonymousMode | None:
    """Returns the anonymous mode that a paper is in; None if it is in none.

    Args:
        manuscript: the paper's sources.
        pdf: what was compiled from just these; None if there is nothing.
    """
    mode = anonymous_mode(manuscript) or _by_hand(manuscript)
    shown = None if pdf is None else _hides_authors(manuscript, pdf)
    if shown is None:
        return mode
    if not shown:
        return None
    use = manuscript.document_class
    return mode if mode is not None or use is None else AnonymousMode(use=use, name="as its first page says")


def _by_hand(manuscript: Manuscript) -> AnonymousMode | None:
    """Returns the mode of a paper whose authors all are called anonymous; None for others."""
    texts = [(author.use, plain_text(author.expanded).text.strip()) for author in manuscript.authors]
    if texts and all(_NOBODY.match(text) for _, text in texts):
        return AnonymousMode(use=texts[0][0], name="by its line of authors")
    return None


def _hides_authors(manuscript: Manuscript, pdf: Path) -> bool | None:
    """Tells whether the first page says that the authors are anonymous and names none; None if nothing tells."""
    names = [words for words in people(manuscript) if all(is_name(one) and _letters(one) for one in words)]
    data = read_at_most(pdf, MAX_PAPER_FILE_BYTES) if names else None
    if data is None:
        return None
    from pithtex.pdf.text.same_words import first_words

    text = first_words(data)
    if any(_is_shown(words, text) for words in names):
        return False
    return True if _SAYS_SO.search(text) else None


def _is_shown(words: list[str], page: str) -> bool:
    """Tells whether a page has the first and the last word of a name near each other.

    By their letters alone: an accent of TeX's old fonts is a character of its own, beside its letter or before a space.
    """
    first, last = _letters(words[0]), _letters(words[-1])
    spaced = " ".join(_letters(word) for word in re.split(r"[\s\u2010-\u2015-]+", page))
    if re.search(rf"\b{first}\b.{{0,{_BETWEEN}}}?\b{last}\b", spaced):
        return True
    return len(first + last) >= _LONG and first + last in spaced.replace(" ", "")


def _letters(text: str) -> str:
    """Returns its letters without accents, in small ones; other scripts have none of them."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", text).lower())
