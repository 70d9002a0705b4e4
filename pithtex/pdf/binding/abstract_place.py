"""Where an abstract may stand: not below what a reader takes for one before it, nor in the midst of other words.

The order of a content stream is the thief's: what counts here is where lines stand on the page.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pithtex.findings import Rect
from pithtex.patterns import pattern
from pithtex.pdf.binding.abstract_words import HEADING
from pithtex.pdf.binding.wording import normalise
from pithtex.pdf.evidence import PageText, TextLine

PROSE_WORDS: Final = 30
"""A shorter text without a heading is not taken for a paper's abstract that could be another's."""
PROSE_SHARE: Final = 0.5
"""Of the words of a text that begin small at least as many; names and addresses have a quarter of them."""
SOME_WORDS: Final = 8
"""So many are a sentence, and no line of an address."""
_AS_LARGE: Final = 0.9
"""Of an abstract's size: publishers' notices above it and beside it are in smaller type."""
_LEGIBLE: Final = 0.6
"""Of the size of the page's text: smaller type is not read."""
_SMALLEST: Final = 0.006
"""Of the page's longer side: 5 points on A4."""
_SMALL: Final = 0.0075
"""Of the page's longer side: 6.3 points on A4. Type as large is read, beside whatever other."""
_NARROWEST: Final = 0.2
"""Of the size: the letters of condensed fonts are twice as wide, on an average."""
_LEAD: Final = 1.9
"""Of the size: a baseline further below is not of the same block."""
_APART: Final = 1.5
"""Of the size: so much is free below a running head."""
_LINES_OF_INK: Final = 4
"""So many long shapes above each other are a picture of text."""
_LONG: Final = 8.0
"""Of its height: so long is a line of text, and no label of a figure."""
_SENTENCE: Final = pattern(r"[^\W\d_]{3,}[.?!](?:\s|$)")
_WORD: Final = pattern(r"[^\W\d_]{2,}|\ufffd{2,}")
_INTRUDER: Final = pattern(r"[^\W\d_]{3,}|\b(?:no|is|of|in|to|an?|we|by|or|it|as|at|on|do|so|if|un|ne)\b")
"""No sign of a formula, of which PDFium may make a line of its own."""
_SHORT_WORD: Final = pattern(r"\b[^\W\d_]{1,4}\b")
_SAME_LANGUAGE: Final = 0.2
"""Of the short words of a text: another in its language has as many, and more; of a German, French, Dutch, Italian,
Spanish or Portuguese one an English one has at most 17 %."""

_LINES: Final = 512
"""A page has some hundred."""

Shapes = Mapping[int, Sequence[Rect]]
"""`PageText.shapes` of each page."""
Flow = Sequence[tuple[int, TextLine]]
"""Lines, each with its page, in the order of the content."""


@functools.lru_cache(_LINES)
def words_of(text: str) -> tuple[int, int]:
    """Returns how many words of two letters or more a line has, and how many of them begin small.

    Signs of which no letter is known make words as well. It is asked of each line many times.
    """
    found = _WORD.findall(text)
    return len(found), sum([not word[0].isupper() for word in found])


def words(texts: Sequence[str]) -> int:
    """Returns how many words some lines have."""
    return sum([words_of(text)[0] for text in texts])


def is_prose(texts: Sequence[str]) -> bool:
    """Tells whether texts are sentences, and no list of names and addresses: most words begin small."""
    return sum([words_of(text)[1] for text in texts]) >= PROSE_SHARE * words(texts)


def legible(pages: Sequence[PageText]) -> list[tuple[int, TextLine]]:
    """Returns the horizontal lines of the pages as they are shown, without those too small or narrow to be read."""
    found: list[tuple[int, TextLine]] = []
    for page in pages:
        upright = page.upright
        lines = [line for line in upright.lines if line.angle == 0]
        left, bottom, right, top = upright.box
        side = max(right - left, top - bottom)
        least = max(_SMALLEST * side, min(_LEGIBLE * _body_size(lines), _SMALL * side))
        found += [(page.page, line) for line in lines if line.size >= least and not _is_squeezed(line)]
    return found


def without_running_heads(flow: Flow) -> Flow:
    """Returns the lines without the row over a later page's text, if that says what stands above an abstract's heading.

    A title, or names: whatever else stands in its place, a reader takes for more of the text.
    """
    first = flow[0][0] if flow else 0
    heads = [head for page in sorted({page for page, _ in flow} - {first}) for head in _row_apart(flow, page)]
    if not heads:
        return flow
    front = [line.text for _, line in itertools.takewhile(lambda each: not HEADING.match(each[1].text), flow)]
    named = normalise("".join(front)) if len(front) < len(flow) else ""
    gone = {id(line) for line in heads if named and normalise(line.text).strip("0123456789") in named}
    return [each for each in flow if id(each[1]) not in gone]


def _row_apart(flow: Flow, page: int) -> list[TextLine]:
    """Returns the first row of a page, if it stands apart from what is below it."""
    lines = [line for number, line in flow if number == page]
    top = max(line.rect[1] for line in lines)
    row = [line for line in lines if top - line.rect[1] <= 0.5 * line.size]
    below = max((line.rect[3] for line in lines if top - line.rect[1] > 0.5 * line.size), default=-math.inf)
    return row if all(line.rect[1] - _APART * line.size >= below for line in row) else []


def _is_squeezed(line: TextLine) -> bool:
    return line.rect[2] - line.rect[0] < _NARROWEST * line.size * len(line.text)


def _body_size(lines: Sequence[TextLine]) -> float:
    sizes: dict[float, int] = {}
    for line in lines:
        sizes[line.size] = sizes.get(line.size, 0) + len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def follows_prose(flow: Flow, place: int, shapes: Shapes) -> bool:
    """Tells whether a reader has read a text before he comes to a line: above it, or in a column to its left.

    Args:
        flow: the lines of all pages.
        place: the line's.
        shapes: those of all pages.
    """
    page, line = flow[place]
    before = [
        other for number, other in flow if number == page and other is not line and is_read_before(other.rect, line)
    ]
    in_all = 0
    for run in _runs([other for other in before if other.size >= _AS_LARGE * line.size]):
        count = words(run)
        if count >= SOME_WORDS and is_prose(run) and _SENTENCE.search(" ".join(run)):
            in_all += count
    long = [rect for rect in shapes[page] if rect[2] - rect[0] >= _LONG * (rect[3] - rect[1])]
    return in_all >= PROSE_WORDS or sum(is_read_before(rect, line) for rect in long) >= _LINES_OF_INK


def is_read_before(rect: Rect, line: TextLine) -> bool:
    """Tells whether a place of the same page is above a line, or in a column to its left."""
    over = rect[0] < line.rect[2] and line.rect[0] < rect[2]
    return rect[1] >= line.rect[3] - 0.3 * line.size if over else rect[2] <= line.rect[0]


def _runs(lines: Sequence[TextLine]) -> Iterator[list[str]]:
    """Yields the texts of lines, those of a block together."""
    run: list[str] = []
    last: TextLine | None = None
    for line in lines:
        if last is not None and not 0 < last.rect[1] - line.rect[1] <= _LEAD * line.size:
            yield run
            run = []
        run.append(line.text)
        last = line
    if run:
        yield run


def plain_ends(flow: Flow, lines: Flow, ends: Sequence[int]) -> tuple[int, ...]:
    """Returns those of the places where a block may end before which no other words stand between its lines."""
    return tuple(end for end in ends if not _is_intruded(flow, lines[:end]))


def _is_intruded(flow: Flow, lines: Flow) -> bool:
    own = {id(line) for _, line in lines}
    for page, rect in _columns(lines):
        for number, line in flow:
            middle = (line.rect[1] + line.rect[3]) / 2
            inside = number == page and rect[1] < middle < rect[3] and line.rect[0] < rect[2] and rect[0] < line.rect[2]
            if inside and id(line) not in own and _INTRUDER.search(line.text):
                return True
    return False


def _columns(lines: Flow) -> Iterator[tuple[int, Rect]]:
    """Yields the boxes of the columns that a block runs over, each with its page."""
    box: tuple[int, Rect] | None = None
    for page, line in lines:
        left, bottom, right, top = line.rect
        if box is not None and box[0] == page and left < box[1][2] and box[1][0] < right and top <= box[1][3]:
            _, (x0, y0, x1, y1) = box
            box = (page, (min(x0, left), min(y0, bottom), max(x1, right), max(y1, top)))
            continue
        if box is not None:
            yield box
        box = (page, line.rect)
    if box is not None:
        yield box


def in_one_language(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tells whether two texts are in the same language: their short words are mostly the same."""
    first, second = (set(_SHORT_WORD.findall(" ".join(texts).casefold())) for texts in (one, other))
    small = min(len(first), len(second))
    return small > 0 and len(first & second) >= _SAME_LANGUAGE * small
