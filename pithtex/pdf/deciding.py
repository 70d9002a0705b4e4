"""Which characters of a page can decide the word on it: where a short form, a stamp, a title or a heading may stand.

To place a character and to look for its ink takes far longer than to ask what it is, and most are of the paper's text.
What is found here is never too little to call a page worse, so that a page read in this way proves what it shows; one
that shows too little is read again as a whole.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pithtex.pdf.chars import Style

_WORDS: Final = re.compile("pith|introduction|contents|references|bibliography|literaturecited")
"""Of a short form, and of the headings that end a title zone (`claims`) or begin a reference list (`binding`)."""
TITLE_SHARE: Final = 0.95
"""Of the page's largest type: type from there on is read, and may be a title's."""
_MOST: Final = 0.7
"""Of the page's characters: more than that are not worth being told apart."""


def deciding(
    codes: Sequence[int], objects: Sequence[int | None], styles: Mapping[int, Style]
) -> tuple[list[range], float] | None:
    """Chooses lines of a page, as PDFium ends them.

    Those with horizontal type of about the largest size, with any other than horizontal type, or with one of the words
    that matter, and the lines next to these, as PDFium's line may end within one of ours.

    Args:
        codes: each character's.
        objects: the text object of each; None where PDFium made the character up.
        styles: of each text object.

    Returns:
        The characters' indices, and the size of the largest type; None when the page had better be read as a whole.
    """
    known = {key: style for key, style in styles.items() if style.visible}
    largest = max((style.size for style in known.values() if style.angle == 0), default=0.0)
    wanted = {key for key, style in known.items() if style.angle != 0 or style.size >= TITLE_SHARE * largest}
    lines = list(_lines(codes))
    chosen = _with_words([_letters(codes[line.start : line.stop]) for line in lines])
    chosen |= {place for place, line in enumerate(lines) if not wanted.isdisjoint(objects[line.start : line.stop])}
    near = {place + step for place in chosen for step in (-1, 0, 1)}
    ranges: list[range] = []
    for place, line in enumerate(lines):
        if place in near and ranges and ranges[-1].stop == line.start:
            ranges[-1] = range(ranges[-1].start, line.stop)
        elif place in near:
            ranges.append(line)
    if largest == 0 or sum(map(len, ranges)) > _MOST * len(codes):
        return None
    return ranges, largest


def _lines(codes: Sequence[int]) -> Iterator[range]:
    """Lines, each with its end."""
    start = 0
    for index in [*(index for index, code in enumerate(codes) if code == 0x0A), len(codes) - 1]:
        if start <= index:
            yield range(start, index + 1)
            start = index + 1


def _letters(codes: Sequence[int]) -> str:
    return "".join(filter(str.isalnum, "".join([chr(min(code, 0x10FFFF)) for code in codes]).casefold()))


def _with_words(texts: Sequence[str]) -> set[int]:
    """The lines in which one of the words stands, or a part of one: it may be spaced, and go on in the next line."""
    ends = list(itertools.accumulate(map(len, texts)))
    found: set[int] = set()
    for match in _WORDS.finditer("".join(texts)):
        found.update(range(bisect.bisect(ends, match.start()), bisect.bisect(ends, match.end() - 1) + 1))
    return found
