"""The people of a paper: the names of its authors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pithtex.manuscript.source.model import Manuscript
from pithtex.manuscript.source.plain_text import plain_text

_LONGEST: Final = 5
"""Words of a person's name."""
_NAME: Final = re.compile(r"[^\W\d_][^\W\d_'’-]+")
_NOT_NAMES: Final = frozenset(
    """university institute department and the of school college laboratory research center anonymous author authors
    submission paper first second name address email affiliation equal contribution corresponding science sciences
    computer technology information for""".split()  # noqa: SIM905 - three lines, and not forty
)


def people(manuscript: Manuscript) -> list[list[str]]:
    """Returns the names of all authors, each as its words in small letters; an address may be among them."""
    texts = (plain_text(author.expanded).text for author in manuscript.authors)
    return [words for text in texts for words in people_in(text)]


def people_in(text: str) -> Iterator[list[str]]:
    """Yields the persons in an author's box, by their names, separated by commas, lines or the word "and"."""
    for part in re.split(r"\band\b|[,;&\n]", text):
        words = name_words(part)
        if 1 < len(words) <= _LONGEST:
            yield words


def name_words(text: str) -> list[str]:
    """Returns the words that may be of names, in small letters, in their order."""
    return [word.lower() for word in _NAME.findall(text)]


def is_name(word: str) -> bool:
    """Tells whether a word says something as a name: no word of addresses and forms."""
    return word not in _NOT_NAMES
