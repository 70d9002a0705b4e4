"""Where a page shows a title: lines of its upper part that read as the title, with nothing that makes it another's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pithtex.findings import Rect
from pithtex.pdf.binding.title_context import TITLE_SHARE, alike, continues, headline, is_another
from pithtex.pdf.binding.wording import allowance, as_read, but_ligatures, close, normalise, words
from pithtex.pdf.evidence import PageText, TextLine

SHORT_TITLE_CHARS: Final = 12
SHORT_TITLE_WORDS: Final = 3
"""A title with fewer normalised characters or words is too common to be looked for: it must be the whole block."""

SMALLEST_TITLE: Final = 0.008
"""Type size of a title as a share of the page's longer side: 6.7 points on A4. Smaller type is a footnote's."""

MAX_TITLE_LINES: Final = 12
_MAX_SHOWN_LINES: Final = 6
"""A longer block is no title that a message should quote."""

_LINE_NUMBER: Final = 5
"""Digits of a line's number."""

_REFERENCES: Final = re.compile(
    r"\W*(?:[0-9IVX]+\.?\s*)?(?:references|bibliography|literature cited)\W*", re.IGNORECASE
)


def title_blocks(page: PageText) -> Iterator[list[TextLine]]:
    """Runs of lines that could be a title.

    One size and font, one below the other, not smaller than the page's text, in the upper two thirds of the page, and
    not below the heading of a reference list.
    """
    page = page.upright
    lines = [line for line in page.lines if line.angle == 0 and normalise(line.text)]
    could_be = _could_be_title(page, lines)
    block: list[TextLine] = []
    for line in lines:
        if block and not (continues(block[-1], line) and alike(block[-1], line)):
            yield block
            block = []
        if could_be(line):
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def shows_title(title: str, page: PageText, *, own: bool = True) -> str | None:
    """The text of the page that is the title, or None.

    Lines one below the other that together are the title, in whatever type: what else stands around them, and makes
    them another's title, is `surroundings`' matter. What follows in further lines (authors) is none of it.

    Args:
        title: the record's.
        page: where to look.
        own: whether the page is the badge's or the file's first, and not just one beside.
    """
    wanted = normalise(title)
    lines = _without_line_numbers([line for line in page.upright.lines if line.angle == 0])
    body = _body_size(lines)
    for run in _runs(title, wanted, page, lines):
        around = _on_its_half(run, lines, page.upright.box)
        if not _running_head(run, around, page.largest or body, own) and not is_another(
            title, run, around, 0.0 if page.largest else body
        ):
            return " ".join(line.text for line in run)
    return None


def _on_its_half(run: Sequence[TextLine], lines: Sequence[TextLine], box: Rect) -> Sequence[TextLine]:
    """The lines without those of the second page, where two are printed on one sheet and the title is on the first."""
    left, bottom, right, top = box
    middle = (left + right) / 2
    if right - left <= top - bottom or max(line.rect[2] for line in run) > middle:
        return lines
    return [line for line in lines if line.rect[0] < middle]


def has_headline(page: PageText) -> bool:
    """Whether a page shows a title, whatever it is."""
    lines = _without_line_numbers([line for line in page.upright.lines if line.angle == 0])
    return headline(lines, _body_size(lines))


def _runs(title: str, wanted: str, page: PageText, lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """The runs of lines of a page that read as a title."""
    short = len(wanted) < SHORT_TITLE_CHARS or len(words(title)) < SHORT_TITLE_WORDS
    if not wanted or (short and page.largest):  # smaller type may go on with the block, and was not read
        return
    allowed = 0 if short else allowance(title, wanted)
    spelt = [(line, letters) for line in lines if (letters := normalise(line.text))]
    lines = [line for line, _ in spelt]
    could_be = _could_be_title(page.upright, lines)
    crown = max((line.rect[3] for line in lines if could_be(line)), default=0.0)
    for place, first in enumerate(lines):
        # What stands above the topmost of the largest type was read; what stands above others perhaps not.
        if page.largest and first.rect[3] < crown - 0.5 * first.size:
            continue
        run: list[str] = []
        length = 0
        for line, letters in spelt[place : place + MAX_TITLE_LINES]:
            below = not run or continues(lines[place + len(run) - 1], line)
            if not could_be(line) or not below or length > len(wanted) + allowed:
                break
            run.append(letters)
            length += len(letters)
            end = place + len(run)
            whole = not short or _is_whole(lines, place, end)
            # A garbled title has at least half of its letters.
            if whole and 2 * length >= len(wanted) and _reads_as(run, wanted, allowed, exactly=short):
                yield list(lines[place:end])


def _is_whole(lines: Sequence[TextLine], start: int, end: int) -> bool:
    """Whether neither the line before nor the one after some lines is of one block with them."""
    pairs = ((lines[place - 1], lines[place]) for place in (start, end) if 0 < place < len(lines))
    return not any(continues(one, other) and alike(one, other) for one, other in pairs)


def _reads_as(letters: Sequence[str], wanted: str, allowed: int, *, exactly: bool) -> bool:
    """Whether lines are a title, whichever way its script is written."""
    for found in dict.fromkeys(("".join(letters), "".join(map(as_read, letters)))):
        if found == wanted or (not exactly and (close(wanted, found, allowed) or but_ligatures(wanted, found))):
            return True
    return False


def _could_be_title(page: PageText, lines: Sequence[TextLine]) -> Callable[[TextLine], bool]:
    """A test of a line's type and place: not smaller than the text, in the upper two thirds, above the references."""
    _, bottom, _, top = page.box
    floor = bottom + (top - bottom) / 3
    references = max((line.rect[3] for line in lines if _REFERENCES.fullmatch(line.text)), default=bottom)
    body = page.largest or _body_size(lines)
    least = max(TITLE_SHARE * body, SMALLEST_TITLE * max(page.box[2] - page.box[0], top - bottom))
    return lambda line: line.size >= least and line.rect[3] > max(floor, references)


def _without_line_numbers(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines but for numbers that stand beside one of their neighbours, at its height, as packages number lines.

    What such a number interrupts, in the order of the content stream, is one line again.
    """
    kept: list[TextLine] = []
    dropped = False
    for place, line in enumerate(lines):
        beside = (other for other in lines[max(place - 1, 0) : place + 2] if other is not line)
        if line.text.isdigit() and len(line.text) <= _LINE_NUMBER and any(_in_row(line, other) for other in beside):
            dropped = True
            continue
        if dropped and kept and _in_row(line, kept[-1]) and 0 <= line.rect[0] - kept[-1].rect[2] < line.size:
            left, bottom, right, top = kept[-1].rect
            box = (left, min(bottom, line.rect[1]), max(right, line.rect[2]), max(top, line.rect[3]))
            kept[-1] = kept[-1]._replace(text=f"{kept[-1].text} {line.text}", rect=box)
        else:
            kept.append(line)
        dropped = False
    return kept


def _in_row(line: TextLine, other: TextLine) -> bool:
    apart = line.rect[2] <= other.rect[0] or other.rect[2] <= line.rect[0]
    return (
        apart and other.rect[1] - 0.3 * other.size <= line.rect[1] and line.rect[3] <= other.rect[3] + 0.3 * other.size
    )


def _running_head(run: Sequence[TextLine], lines: Sequence[TextLine], body: float, own: bool) -> bool:
    """Whether a line stands at the top of its page in the size of the text, as running heads do.

    On a page that could be the paper's first it is one only if larger type follows: some classes set the title itself
    in the size of the text.
    """
    line = run[0]
    if len(run) > 1 or line.size > 1.1 * body or any(other.rect[1] > line.rect[3] for other in lines):
        return False
    larger = (other for other in lines if other.size > 1.2 * line.size)
    return not own or any(len(words(other.text)) >= SHORT_TITLE_WORDS for other in larger)


def shown_title(page: PageText) -> str | None:
    """What a reader would take for the title: the block in the largest type, for the message beside the record's."""
    blocks = [block for block in title_blocks(page) if len(block) <= _MAX_SHOWN_LINES]
    if not blocks:
        return None
    best = max(blocks, key=lambda block: (block[0].size, block[0].rect[3]))
    return " ".join(line.text for line in best)


def _body_size(lines: Sequence[TextLine]) -> float:
    """The size of most of the page's characters."""
    sizes: dict[float, int] = {}
    for line in lines:
        sizes[line.size] = sizes.get(line.size, 0) + len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)
