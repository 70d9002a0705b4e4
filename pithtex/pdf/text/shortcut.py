"""Which characters of a page can decide the word on it: where a short form, a stamp, a title or a heading may stand.

To place a character and to look for its ink takes far longer than to ask what it is, and most are of the paper's text.
What is found here is never too little to call a page worse, so that a page read in this way proves what it shows; one
that shows too little is read again as a whole.
"""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from typing import Final

from pithtex.findings import Rect
from pithtex.pdf.binding.title_context import BELOW, SECOND_SHARE, TITLE_SHARE
from pithtex.pdf.text.chars import Characters

_WORDS: Final = re.compile("pith|introduction|contents|references|bibliography|literaturecited")
"""Of a short form, and of the headings that end a title zone (`claims`) or begin a reference list (`binding`)."""
_JOINED: Final = 4.0
"""Of the size: what is further apart is not in one line (`text`), with a letter's width to spare."""
_MOST: Final = 0.7
"""Of the page's characters: more than that are not worth being told apart."""


def deciding(page: Characters, box: Rect, regions: Sequence[Rect]) -> tuple[list[range], float] | None:
    """Chooses lines of a page, as PDFium ends them.

    Those that may be a title: horizontal type of about the largest size, not below a page's middle third, and what
    stands right below it. Those that may be a second title, in type almost as large. Those beside or under a link to
    Pith, whatever they say. Those with other than horizontal type, and those with one of the words that matter. Those
    beside and above the topmost of the largest type, which may make it another's title. And the lines next to most of
    these, as PDFium's line may end within one of ours.

    Args:
        page: its characters.
        box: its crop box.
        regions: of the links to Pith on it.

    Returns:
        The characters' indices, and the size of the largest type; None when the page had better be read as a whole.
    """
    known = {key: style for key, style in page.styles().items() if style.visible}
    largest = max((style.size for style in known.values() if style.angle == 0), default=0.0)
    titles, seconds = (
        {key for key, style in known.items() if style.angle == 0 and style.size >= share * largest}
        for share in (TITLE_SHARE, SECOND_SHARE)
    )
    turned = {key for key, style in known.items() if style.angle != 0}
    xs, ys = page.origins()
    floor = box[1] + (box[3] - box[1]) / 3 - largest
    across = _JOINED * largest
    near = [(x0 - across, y0 - largest, x1 + across, y1 + largest) for x0, y0, x1, y1 in regions]
    lines = list(_lines(page.codes))
    chosen = _with_words([_letters(page.codes[line.start : line.stop]) for line in lines])
    tops: list[float] = []
    bases: list[float] = []
    alone: set[int] = set()
    for place, line in enumerate(lines):
        span = slice(line.start, line.stop)
        objects, x, y = page.objects[span], xs[span], ys[span]
        left, bottom, right, top = min(x), min(y), max(x), max(y)
        tops.append(top)
        titled = not titles.isdisjoint(objects)
        if titled:
            bases.append(top)
        elif top > floor and not seconds.isdisjoint(objects):
            alone.add(place)
        if (
            not turned.isdisjoint(objects)
            or (top > floor and titled)
            or any(x0 < right and left < x1 and y0 < top and bottom < y1 for x0, y0, x1, y1 in near)
        ):
            chosen.add(place)
    crown = max(bases, default=-math.inf)
    chosen |= {place for place, top in enumerate(tops) if top > crown - largest}
    chosen |= {place + step for place in chosen for step in (-1, 1)} | alone
    bases.sort()
    below = [bisect.bisect(bases, top) != bisect.bisect_left(bases, top + BELOW * largest) for top in tops]
    chosen |= {place for place, near_title in enumerate(below) if near_title}
    ranges: list[range] = []
    for place, line in enumerate(lines):
        if place in chosen and ranges and ranges[-1].stop == line.start:
            ranges[-1] = range(ranges[-1].start, line.stop)
        elif place in chosen:
            ranges.append(line)
    if not (math.isfinite(sum(xs) + sum(ys)) and largest > 0 and sum(map(len, ranges)) <= _MOST * len(page.codes)):
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
