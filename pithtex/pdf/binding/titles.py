"""Where a page shows a title: lines of its upper part that are the title, with nothing that makes it another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from pithtex.pdf.binding.blocks import alike, blocks_of, continues, goes_on
from pithtex.pdf.binding.same_title import Spelling, is_title, read_source
from pithtex.pdf.binding.stamp import is_stamp
from pithtex.pdf.binding.title_context import MAX_WORDS_ABOVE, TITLE_SHARE, Obstacle, Page, headline, obstacle
from pithtex.pdf.binding.unread import unread_words
from pithtex.pdf.binding.wording import is_heading, is_leftward, letters_of, words
from pithtex.pdf.evidence import PageText, TextLine
from pithtex.structs import NamedTuple

SHORT_TITLE_CHARS: Final = 12
SHORT_TITLE_WORDS: Final = 3
"""A title with fewer normalised characters or words is too common to be looked for: it must be the whole block."""

SMALLEST_TITLE: Final = 0.008
"""Type size of a title as a share of the page's longer side: 6.7 points on A4. Smaller type is a footnote's."""

MAX_TITLE_LINES: Final = 12
_MAX_SHOWN_LINES: Final = 6
"""A longer block is not a title that a message should quote."""
_SLACK: Final = 4
"""Letters: of a mark behind a title, and of a number before it."""

_LINE_NUMBER: Final = 5
"""Digits of a line's number."""
_PIECE: Final = 2
"""Characters: a line with no more may be a part of its neighbour's row: a root sign, a large first letter, a mark."""
_PIECE_GAP: Final = 0.5
"""Of the size: a piece stands no further from the rest of its row."""
_WORD_GAP: Final = 0.2

_REFERENCES: Final = ("references", "bibliography", "literature cited")
_REPEATED: Final = 8
"""Letters: a shorter part of a title may be a word of another one."""


class Sighting(NamedTuple):
    """Lines of a page that are a title, letter by letter."""

    page: int
    """1-based."""
    text: str
    obstacle: Obstacle | None
    """Why they are not the page's title; None if they are."""


def title_blocks(page: PageText) -> Iterator[list[TextLine]]:
    """Runs of lines that could be a title.

    One size and font, one below the other, not smaller than the page's text, in the upper two thirds of the page, and
    not below the heading of a reference list.
    """
    page = page.upright
    lines = [line for line in _level(page.lines) if letters_of(line.text)]
    could_be = _could_be_title(page, lines)
    for block in blocks_of(lines):
        yield from (list(run) for fits, run in groupby(block, could_be) if fits)


def _level(lines: Sequence[TextLine]) -> list[TextLine]:
    return [line for line in lines if line.angle == 0]


def find_title(title: str, page: PageText, *, own: bool = True) -> Sighting | None:
    """Returns where a page shows a title.

    Lines one below the other that together are the title, in whatever type: what else stands around them, and makes
    them another's title, is `title_context`'s matter.

    Args:
        title: the record's.
        page: where to look.
        own: whether the page is the badge's or the file's first, and not just one beside.

    Returns:
        The first place at which it is the page's title; or the first at which it stands, and why it is not.
    """
    page = page.upright
    lines = _rows(_level(page.lines))
    wanted = read_source(title).letters
    other = [line for line in page.faint if not _repeats(letters_of(line.text), wanted)]
    around = _around(page._replace(faint=tuple(other)), lines)
    sighting: Sighting | None = None
    for run, whole in _runs(title, page, lines):
        found = obstacle(title, run, around)
        if _running_head(run, lines, around.body, own):
            found = Obstacle("head")
        elif not whole:
            found = found or Obstacle("part")
        elif unread_words(run, page.shapes, lines, page.box):
            found = found or Obstacle("unread")
        if found is None or sighting is None:
            sighting = Sighting(page.page, " ".join(line.text for line in run), found)
        if found is None:
            break
    return sighting


def _repeats(letters: str, wanted: str) -> bool:
    """Tells whether a line that is not seen is a part of the title, as of a page that a publisher printed over."""
    return len(letters) >= _REPEATED and letters in wanted


def has_headline(page: PageText) -> str | None:
    """Returns the title that a page shows, whatever it is."""
    page = page.upright
    return headline(_around(page, _rows(_level(page.lines))))


def _around(page: PageText, lines: Sequence[TextLine]) -> Page:
    turned = [line for line in page.lines if line.angle and not is_stamp(line.text)]
    return Page([*lines, *_level(page.faint)], page.box, _body_size(lines), turned)


def _runs(title: str, page: PageText, lines: Sequence[TextLine]) -> Iterator[tuple[list[TextLine], bool]]:
    """Yields the runs of lines of a page that are a title; and whether a short one is the whole of its block."""
    wanted = read_source(title)
    short = len(wanted.letters) < SHORT_TITLE_CHARS or len(words(title)) < SHORT_TITLE_WORDS
    if not wanted.letters:
        return
    spelt = [(line, letters) for line in lines if (letters := letters_of(line.text))]
    lines = [line for line, _ in spelt]
    could_be = _could_be_title(page, lines)
    for place in range(len(lines)):
        letters = ""
        for end in range(place + 1, min(place + MAX_TITLE_LINES, len(lines)) + 1):
            line, more = spelt[end - 1]
            letters += more
            below = end == place + 1 or continues(lines[end - 2], line)
            if not could_be(line) or not below or len(letters) > len(wanted.letters) + _SLACK:
                break
            if _may_be(letters, wanted) and is_title(wanted, lines[place:end]):
                yield list(lines[place:end]), not short or _is_whole(lines, place, end)


def _may_be(letters: str, wanted: Spelling) -> bool:
    """Tells whether some letters can be a title's: to look closer takes a hundred times as long."""
    title = wanted.letters
    # A garbled title has at least half of its letters.
    if 2 * len(letters) < len(title):
        return False
    return (
        letters[:2] == title[:2] or letters[-2:] == title[-2:] or is_leftward(letters[0]) or title[-3:] in letters[-6:]
    )


def _is_whole(lines: Sequence[TextLine], start: int, end: int) -> bool:
    """Tells whether neither the line before nor the one after some lines is of one block with them."""
    pairs = ((lines[place - 1], lines[place]) for place in (start, end) if 0 < place < len(lines))
    return not any(goes_on(one, other) for one, other in pairs)


def _could_be_title(page: PageText, lines: Sequence[TextLine]) -> Callable[[TextLine], bool]:
    """Returns a test of a line's type and place: no smaller than the text, in the upper two thirds."""
    _, bottom, _, top = page.box
    floor = bottom + (top - bottom) / 3
    references = max((line.rect[3] for line in lines if is_heading(line.text, *_REFERENCES)), default=bottom)
    least = max(TITLE_SHARE * _body_size(lines), SMALLEST_TITLE * max(page.box[2] - page.box[0], top - bottom))
    return lambda line: line.size >= least and line.rect[3] > max(floor, references)


def _rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines with the pieces that belong to their row, and without numbers of lines.

    Numbers stand beside one of their neighbours, at its height, as packages number lines. What such a number
    interrupts, in the order of the content stream, is one line again.
    """
    kept: list[TextLine] = []
    loose = False
    for place, line in enumerate(lines):
        beside = (other for other in lines[max(place - 1, 0) : place + 2] if other is not line)
        if line.text.isdigit() and len(line.text) <= _LINE_NUMBER and any(_in_row(line, other) for other in beside):
            loose = True
            continue
        last = kept[-1] if kept else None
        piece = len(line.text) <= _PIECE
        if last is not None and (
            (loose and _in_row(line, last) and 0 <= line.rect[0] - last.rect[2] < line.size)
            or ((piece or len(lines[place - 1].text) <= _PIECE) and _adjoin(last, line))
        ):
            kept[-1] = _joined(last, line)
        else:
            kept.append(line)
        loose = False
    return kept


def _in_row(line: TextLine, other: TextLine) -> bool:
    apart = line.rect[2] <= other.rect[0] or other.rect[2] <= line.rect[0]
    return (
        apart and other.rect[1] - 0.3 * other.size <= line.rect[1] and line.rect[3] <= other.rect[3] + 0.3 * other.size
    )


def _adjoin(last: TextLine, line: TextLine) -> bool:
    """Tells whether a line begins where another ends, at about its height."""
    size = min(last.size, line.size)
    overlap = min(last.rect[3], line.rect[3]) - max(last.rect[1], line.rect[1])
    low = min(last.rect[3] - last.rect[1], line.rect[3] - line.rect[1])
    return -_WORD_GAP * size <= line.rect[0] - last.rect[2] <= _PIECE_GAP * size and overlap > 0.4 * low


def _joined(last: TextLine, line: TextLine) -> TextLine:
    """Two parts of a row as one line, in the type of the longer one."""
    size = min(last.size, line.size)
    space = " " if line.rect[0] - last.rect[2] > _WORD_GAP * size else ""
    (l0, b0, r0, t0), (l1, b1, r1, t1) = last.rect, line.rect
    raised = "^" if len(line.text) <= _PIECE and b1 > b0 + 0.3 * last.size else " "
    levels = last.levels.ljust(len(last.text)) + space + (line.levels or raised * len(line.text))
    most = max(last, line, key=lambda part: len(part.text))
    rect = (min(l0, l1), min(b0, b1), max(r0, r1), max(t0, t1))
    return most._replace(text=f"{last.text}{space}{line.text}", rect=rect, levels=levels)


def _running_head(run: Sequence[TextLine], lines: Sequence[TextLine], body: float, own: bool) -> bool:
    """Tells whether a line stands at the top of its page in the size of the text, as running heads do.

    On a page that could be the paper's first it is one only if larger type follows, or text in its own type: some
    classes set the title itself in the size of the text.
    """
    line = run[0]
    if len(run) > 1 or line.size > 1.1 * body or any(other.rect[1] > line.rect[3] for other in lines):
        return False
    larger = (other for other in lines if other.size > 1.2 * line.size)
    return (
        not own
        or _is_followed_by_text(line, lines)
        or any(len(words(other.text)) >= SHORT_TITLE_WORDS for other in larger)
    )


def shown_title(page: PageText) -> str | None:
    """Returns the block in the largest type, which a reader would take for the title, for the message."""
    blocks = [block for block in title_blocks(page) if len(block) <= _MAX_SHOWN_LINES]
    if not blocks:
        return None
    best = max(blocks, key=lambda block: (block[0].size, block[0].rect[3]))
    return " ".join(line.text for line in best)


def _body_size(lines: Sequence[TextLine]) -> float:
    """Returns the size of most of the page's characters."""
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=sizes.__getitem__, default=0.0)


def _is_followed_by_text(line: TextLine, lines: Sequence[TextLine]) -> bool:
    """Tells whether what stands right below a line is long text in its own type."""
    blocks = blocks_of([other for other in lines if other.rect[3] <= line.rect[1]])
    long = bool(blocks) and len(words(" ".join(each.text for each in blocks[0]))) > MAX_WORDS_ABOVE
    return long and alike(line, blocks[0][0])
