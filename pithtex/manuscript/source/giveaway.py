"""What an upload's sources say beside the paper: remarks in comments, and text that is never printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pithtex.limits import MAX_REMARKS
from pithtex.manuscript.source.comments import comments_of
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Manuscript
from pithtex.manuscript.source.unprinted import may_be_unprinted, unprinted_spans
from pithtex.structs import struct

_PROSE: Final = re.compile(r"%+\s*(?![\\&{}$%])[^\s\\&{}$%]+ [^\s\\&{}$%]+ [^\s\\&{}$%]+")
"""A comment that says something: three words on end, none of them TeX."""
_WORDS: Final = re.compile(r"[^\W\d_]{2,}[ ,]+[^\W\d_]+[ ,]+[^\W\d_]+")
_LINE: Final = re.compile(r"[^\r\n]+")
_NOT_PROSE: Final = re.compile(r"%+\s*(?:!|pithtex:|-\*-|arara:|vim?:|Local Variables|\W*\Z)|%%", re.I)
_MAIL: Final = re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{2,60}")
_UNFINISHED: Final = re.compile(r"\b(?:TODO|FIXME|XXX|TBD)\b")


@struct
class Remarks:
    """What the sources say beside what is printed: comments, and text that TeX passes over."""

    file: TexFile
    """The first that has any."""
    start: int
    comments: int
    """Lines."""
    unprinted: int
    """Lines of text in dead branches, in `comment` environments and behind the document's end."""
    files: int
    mails: int
    unfinished: int


def comment_texts(file: TexFile) -> list[tuple[int, str]]:
    """Returns the comments of a file with their places; none if they cannot be told."""
    comments = comments_of(file.text) if "%" in file.text else []
    return [(start, file.text[start:end]) for start, end in comments or ()]


def remarks(manuscript: Manuscript) -> Remarks | None:
    """Returns what the sources say beside what is printed; None if that is nothing."""
    places: list[tuple[TexFile, int]] = []
    said = {"comments": 0, "unprinted": 0, "mails": 0, "unfinished": 0}
    for file in manuscript.files:
        for kind, lines_of in (("comments", _comment_lines), ("unprinted", _unprinted_lines)):
            for start, text in lines_of(file) if said[kind] < MAX_REMARKS else ():
                said[kind] += 1
                said["mails"] += _MAIL.search(text) is not None
                said["unfinished"] += _UNFINISHED.search(text) is not None
                if not places or places[-1][0] is not file:
                    places.append((file, start))
    if not places:
        return None
    first, start = places[0]
    return Remarks(file=first, start=start, files=len(places), **said)


def _comment_lines(file: TexFile) -> Iterator[tuple[int, str]]:
    """Yields the comments that say something."""
    for start, text in comment_texts(file):
        if not _NOT_PROSE.match(text) and _PROSE.match(text):
            yield start, text


def _unprinted_lines(file: TexFile) -> Iterator[tuple[int, str]]:
    """Yields the lines of words that are never printed."""
    comments = comments_of(file.text) if may_be_unprinted(file.text) else None
    if comments is None:  # none, or they cannot be told
        return
    bare = file.text
    for start, end in comments:
        bare = f"{bare[:start]}{' ' * (end - start)}{bare[end:]}"
    for start, end in unprinted_spans(bare):
        for line in _LINE.finditer(bare, start, end):
            if _WORDS.search(line[0]):
                yield line.start(), line[0]
