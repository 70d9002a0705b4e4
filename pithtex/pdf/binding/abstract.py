"""Whether a page shows the record's abstract: by the signed digest itself, or by a text that hashes to it.

Three steps: where an abstract could stand (`blocks`), whether one of its spellings hashes to the digest (`by_digest`),
whether it is a proven text (`by_text`). All are bounded, and how many spellings were tried is said.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from pithtex.findings import Rect
from pithtex.format.profile import SHORT_PREFIX
from pithtex.patterns import pattern
from pithtex.pdf.binding.abstract_digest import MAX_TRIED, Search, is_spelled
from pithtex.pdf.binding.abstract_place import (
    PROSE_SHARE,
    PROSE_WORDS,
    SOME_WORDS,
    Flow,
    Shapes,
    follows_prose,
    in_one_language,
    is_prose,
    is_read_before,
    legible,
    plain_ends,
    without_running_heads,
    words,
    words_of,
)
from pithtex.pdf.binding.abstract_spellings import END_HYPHEN
from pithtex.pdf.binding.abstract_words import HEADING, SENTENCE, is_after, is_beside, keywords_in, without_marks
from pithtex.pdf.binding.wording import normalise
from pithtex.pdf.evidence import PageText, TextLine
from pithtex.structs import NamedTuple

MAX_BLOCKS: Final = 12
"""Places on the pages where an abstract could begin. Real papers have one to three."""
_MAX_STARTS: Final = 40
"""Beginnings of blocks that are looked at where there is no heading."""
_MAX_CUT: Final = 20
"""Lines of a block without heading that may go on as an abstract on the next page: a longer one is the paper's text."""
MAX_LINES: Final = 400
"""Lines of one abstract: 20,000 characters in the narrowest column."""
MAX_ENDS: Final = 12
"""Places where one block could end: before each gap, heading or change of type."""
_MAX_LETTERS: Final = 12_000
"""Characters of one abstract: a page and a half."""
_BADGE: Final = pattern(re.escape(SHORT_PREFIX) + r"\s?[A-Z2-7]{8}")
_OPENING: Final = "\u201c\u201e\u2018\u201a\u00ab\u2039\"'`"
_LEADS_IN: Final = frozenset(f":,;(\u2013\u2014-{_OPENING}")
_AS_LARGE: Final = 0.8
"""Of the largest text under the same word: what is smaller is not the abstract."""
_SENTENCE_ENDS: Final = frozenset(".?!)\"'\u2019\u201d\u00bb")
_LINE_WORDS: Final = 4
_SAME_SIZE: Final = 0.06
"""A share: type that differs by less is of one size."""
_LEAD: Final = 1.9
"""Of the size: a baseline further below is not of the same block."""
_USUAL_LEAD: Final = 1.2
"""Of the size: the distance of baselines, where a block has one line."""
_CLOSE: Final = 1.35
"""Of the block's lead: a baseline no further below goes on with it, in whatever type."""
_GAP: Final = 2.2
"""Of the block's lead: a baseline no further below goes on with it in its own type, as a new paragraph does."""


class Block(NamedTuple):
    """Lines that could be an abstract, in the order of reading."""

    page: int
    """Of the first line, 1-based."""
    lines: tuple[tuple[int, TextLine], ...]
    """Each with its page."""
    texts: tuple[str, ...]
    """The lines' texts; the first without its heading."""
    ends: tuple[int, ...]
    """After how many lines the abstract may end."""
    headed: bool
    """Whether a heading says that it is an abstract."""
    open: bool
    """Whether it reaches the end of what was read."""

    @property
    def long(self) -> bool:
        """Tells whether it has the length of an abstract."""
        return words(self.texts) >= PROSE_WORDS

    @property
    def substantial(self) -> bool:
        """Tells whether a page that shows it shows an abstract: prose of some length, or a sentence under a heading."""
        if not self.headed or not self.long:
            text = " ".join(self.texts[-3:])
            return is_prose(self.texts) and (self.long or (self.headed and SENTENCE.search(text) is not None))
        return True


class Hit(NamedTuple):
    """Where the record's abstract stands."""

    page: int
    """Of its first line, 1-based."""
    rects: tuple[tuple[int, Rect], ...]
    """Its lines, each with its page."""


def by_digest(found: Sequence[Block], sha256: str, known: str | None = None) -> tuple[Hit | None, int]:
    """Returns the block that has a spelling with the signed digest, and how many spellings were tried.

    Args:
        found: the blocks.
        sha256: the digest.
        known: the text with that digest, as it is hashed: where it is known, nothing has to be hashed.
    """
    search = Search(sha256)
    for block in found:
        most = MAX_TRIED // (2 * max(len(block.ends), 1))
        for end in block.ends:
            texts = block.texts[:end]
            if sum(map(len, texts)) > _MAX_LETTERS:
                continue
            if known is not None:
                place = is_spelled(texts, known, most)
                if place is not None:
                    return _hit(block, end), place
            elif search.finds(texts, most):
                return _hit(block, end), search.tried
            if search.over:
                break
    return None, search.tried


def _hit(block: Block, end: int) -> Hit:
    return Hit(block.page, tuple((page, line.rect) for page, line in block.lines[:end]))


def by_text(found: Sequence[Block], proven: str) -> tuple[Hit | None, float]:
    """Returns the block that is a proven text, or None and how much the most alike one has of it.

    Letters and digits outside formulas are equal, all of them, in order; what a formula becomes on a page its source
    does not tell, so there its own letters may stand, and few others. Of a block that reaches the end of what was read
    the part counts that is shown; of one without a place where it may end all lines, or as much as the text is long.
    """
    from pithtex.pdf.binding.abstract_text import is_made_of, parts_of  # few files have a proven text

    parts = parts_of(proven)
    letters = normalise(proven)
    best = 0.0
    for block in found:
        texts = [normalise(END_HYPHEN.sub("", text)) for text in block.texts]
        for end in block.ends:
            shown = "".join(texts[:end])
            if is_made_of(parts, shown):
                return _hit(block, end), 1.0
            if block.substantial:
                best = max(best, _share(letters, shown, best, part=block.open or not block.long))
        if block.substantial and not block.ends:
            shown = "".join(texts)[: len(letters) if block.open else None]
            best = max(best, _share(letters, shown, best, part=block.open or not block.long))
    return None, best


def _share(wanted: str, shown: str, least: float, *, part: bool) -> float:
    """Returns how alike two texts are; with `part`, what is shown may be the beginning of the one that is wanted."""
    from rapidfuzz import fuzz  # only where a proven text is given, and the page's is another

    beginning = wanted[: len(shown)] if part else wanted
    return float(fuzz.ratio(beginning, shown, score_cutoff=100 * least)) / 100


def blocks(pages: Sequence[PageText], *, more: bool = False) -> list[Block]:
    """Returns where an abstract could stand.

    Below a heading that says so, in whatever language; where no line is such a heading, each block of text between the
    title and the first heading of a section.

    Args:
        pages: the page that shows the paper's title, and the one after it.
        more: whether another page follows that was not read: an abstract may go on there, and does not end with these.
    """
    flow = _flow(pages)
    shapes = {page.page: page.upright.shapes for page in pages}
    starts = _headed(flow, shapes) or list(_unheaded(flow, shapes))
    found: list[Block] = []
    for place, text, headed in starts[:MAX_BLOCKS]:
        block = _block(flow, place, text, headed, more=more)
        if block is None or (headed and any(in_one_language(block.texts, other.texts) for other in found)):
            continue  # of each language there is one
        for each in filter(None, (block, _without_keywords(block))):
            ends = plain_ends(flow, each.lines, each.ends)
            if ends or not each.ends:
                found += _spelled(each._replace(ends=ends))
    return found[:MAX_BLOCKS]


class Next(enum.Enum):
    """What the page after some others may have of the abstract."""

    NOTHING = enum.auto()
    """Those under a heading end before it; or running text stands there, behind which none begins."""
    BEGINNING = enum.auto()
    """It may begin there."""
    MORE = enum.auto()
    """It may go on there."""


def on_next_page(pages: Sequence[PageText], found: Sequence[Block]) -> Next:
    """Tells whether an abstract may go on, or begin, on the page after these, by the blocks that they have."""
    flow = _flow(pages)
    under = [block for block in found if block.headed]
    if under and all(_is_ended(block) for block in under):
        return Next.NOTHING
    headed = bool(flow) and HEADING.match(flow[-1][1].text) is not None
    cut = any(block.open and (block.headed or _is_begun(block)) for block in found)
    if headed or cut:
        return Next.MORE
    return Next.NOTHING if _prose_before(flow, len(flow)) else Next.BEGINNING


def _is_ended(block: Block) -> bool:
    """Tells whether a block ends on these pages: before something else, and with a sentence, not before a footnote."""
    return not block.open or any(block.texts[end - 1].rstrip()[-1:] in _SENTENCE_ENDS for end in block.ends)


def _is_begun(block: Block) -> bool:
    """Tells whether a block without heading may be the first lines of an abstract: a few lines of a text."""
    return len(block.lines) <= _MAX_CUT and words(block.texts) >= SOME_WORDS and is_prose(block.texts)


def _flow(pages: Sequence[PageText]) -> Flow:
    """Returns the lines of the pages that can be read, each with its page."""
    return without_running_heads([(page, line) for page, line in legible(pages) if not _is_apart(line)])


def _is_apart(line: TextLine) -> bool:
    """Tells whether a line is a page's or line's number or a badge, and so no part of a text."""
    return (line.text.isdigit() and len(line.text) <= 5) or _BADGE.fullmatch(line.text) is not None


_Start = tuple[int, str, bool]
"""The place of a block's first line, its text without a heading, and whether it has one."""


def _headed(flow: Flow, shapes: Shapes) -> list[_Start]:
    """Returns the lines below a heading, or what runs on behind it; of each language the first."""
    found: list[tuple[str, _Start]] = []
    for word, start in itertools.islice(_headings(flow, shapes), MAX_BLOCKS):
        if not (found and word in {"summary", "synopsis"}):
            found.append((word, start))
    starts: dict[str, _Start] = {}
    for word, start in found:
        sizes = [flow[place][1].size for other, (place, text, _) in found if other == word and _runs_on(text)]
        if flow[start[0]][1].size >= _AS_LARGE * max(sizes, default=0.0):
            starts.setdefault(word, start)
    return list(starts.values())


def _runs_on(text: str) -> bool:
    """Tells whether a line under or behind a heading is of a text: "Abstract Syntax" heads a section."""
    return words([text]) >= _LINE_WORDS


def _headings(flow: Flow, shapes: Shapes) -> Iterator[tuple[str, _Start]]:
    """Yields what a reader comes to first under a word for an abstract, and the word."""
    passed, first = 0, True
    for place, (_, line) in enumerate(flow):
        heading = HEADING.match(line.text)
        if heading is None or not _stands_as_heading(flow, place, heading):
            continue
        rest = line.text[heading.end() :]
        inline = bool(normalise(rest))
        start = place if inline or place + 1 == len(flow) else place + 1
        if first and (_prose_before(flow, place) or any(follows_prose(flow, at, shapes) for at in {place, start})):
            passed += 1
            if passed == MAX_BLOCKS:
                return
            continue
        first = False
        if inline or start > place:
            text = rest if inline else flow[start][1].text
            yield normalise(heading[0]).lstrip("0123456789"), (start, text, True)


def _stands_as_heading(flow: Flow, place: int, heading: re.Match[str]) -> bool:
    """Tells whether the word is a heading: alone in its line or set off in it, at the beginning of a block."""
    line = flow[place][1]
    word = heading[0].strip()
    rest = line.text[heading.end() :]
    if rest and not (word[-1:] in ".:\u2013\u2014-" or word.rstrip(" .:").isupper() or word[:1].isupper()):
        return False
    if place == 0:
        return True
    before = flow[place - 1][1]
    goes_on = _of_one_block(before, line) and not _short(before, line) and before.size == line.size
    return not (goes_on and rest and not word.endswith((".", ":", "\u2013", "\u2014", "-")))


def _prose_before(flow: Flow, place: int) -> bool:
    """Tells whether running text stands above: then the heading is not that of the paper's own beginning."""
    page, line = flow[place] if place < len(flow) else (0, None)
    count = small = 0
    last: TextLine | None = None
    for number, other in flow[:place]:
        if line is not None and number == page and not is_read_before(other.rect, line):
            continue
        if last is None or not _of_one_block(last, other):
            count = small = 0
        more, beginning_small = words_of(other.text)
        count, small = count + more, small + beginning_small
        last = other
        if count >= PROSE_WORDS and small >= PROSE_SHARE * count:
            return True
    return False


def _unheaded(flow: Flow, shapes: Shapes) -> Iterator[_Start]:
    """Yields each beginning of a block, up to the first heading of a section."""
    looked_at = 0
    for place, (_, line) in enumerate(flow):
        if (place and is_after(line.text)) or looked_at == _MAX_STARTS:
            return
        before = flow[place - 1][1] if place else None
        if before is not None and (_of_one_block(before, line) or before.text.rstrip()[-1:] in _LEADS_IN):
            continue
        looked_at += 1
        beside = any(each is not None and is_beside(each.text) for each in (before, line))
        if beside or _prose_before(flow, place):
            continue
        if len(normalise(line.text)) >= 12 and not follows_prose(flow, place, shapes):
            yield place, line.text, False


def _block(flow: Flow, place: int, text: str, headed: bool, *, more: bool) -> Block | None:
    """Returns the block that begins in a line: all lines of its type, over columns and pages, and where it may end."""
    first_page, first = flow[place]
    if text[:1] in _OPENING and text.count(text[0]) == 1 and text[:1] not in "\"'`":
        return None
    lines, texts = [(first_page, first)], [text]
    ends: list[int] = []
    barred: set[int] = set()
    last, lead, unfinished = first, _USUAL_LEAD * first.size, False
    for page, line in itertools.islice(flow, place + 1, None):
        if len(lines) >= MAX_LINES or len(ends) >= MAX_ENDS or page > first_page + 1:
            break
        label = is_after(line.text) or HEADING.match(line.text)
        same = _same_size(first, line)
        if not same and _beside(last, line):
            barred.add(len(lines))
            continue  # a sign of a formula, or what somebody sets behind the text in another size
        jumps = same and page == lines[-1][0] and line.rect[1] > last.rect[1] + line.size and _is_over(last, line)
        if label or jumps or not _goes_on(last, line, lead):
            ends.append(len(lines))
        elif not same:
            barred.add(len(lines))  # whatever follows: a reader takes this line for more of the text
        if label or jumps or line.size > (1 + _SAME_SIZE) * first.size:
            break
        if not same:
            continue  # a footnote or a running head between two columns or pages
        if len(lines) == 1 and line.size <= last.rect[1] - line.rect[1] <= _LEAD * line.size:
            lead = last.rect[1] - line.rect[1]  # nearer ones are parts of a line that a formula raises or lowers
        lines.append((page, line))
        texts.append(line.text)
        last = line
    else:
        unfinished = True
        ends += [] if more else [len(lines)]
    kept = tuple(end for end in dict.fromkeys(ends) if end not in barred and not _is_continued(flow, lines[:end], lead))
    return Block(first_page, tuple(lines), tuple(texts), kept, headed, unfinished)


def _spelled(block: Block) -> list[Block]:
    """Returns a block, and the same without the marks of notes where it has some."""
    pairs = zip(block.texts, block.lines, strict=True)
    texts = tuple(without_marks(text, line.levels[len(line.text) - len(text) :]) for text, (_, line) in pairs)
    return [block] if texts == block.texts else [block, block._replace(texts=texts)]


def _without_keywords(block: Block) -> Block | None:
    """Returns a block up to the keywords that run on behind it; None if there are none, or a text in their place."""
    found = keywords_in(block.texts)
    if found is None:
        return None
    place, kept = found
    rest = [block.texts[place][kept:], *block.texts[place + 1 :]]
    if words(rest) >= PROSE_WORDS and is_prose(rest):
        return None
    texts = (*block.texts[:place], block.texts[place][:kept])
    return block._replace(lines=block.lines[: place + 1], texts=texts, ends=(place + 1,), open=False)


def _goes_on(last: TextLine, line: TextLine, lead: float) -> bool:
    """Tells whether a reader takes a line for more of the block.

    It is right below, in any type; or in the block's own type, after a gap or in another column.
    """
    step = last.rect[1] - line.rect[1]
    return 0 < step <= _CLOSE * lead or (_same_size(last, line) and step <= _GAP * lead)


def _is_continued(flow: Flow, lines: Flow, lead: float) -> bool:
    """Tells whether a reader goes on with what stands next below a block, wherever the file has that."""
    page, last = lines[-1]
    own = {id(line) for _, line in lines}
    middle = (min(line.rect[0] for _, line in lines) + last.rect[2]) / 2
    below = [
        line
        for number, line in flow
        if number == page
        and id(line) not in own
        and line.rect[0] < middle
        and _is_over(last, line)
        and last.rect[1] - line.rect[1] >= 0.5 * line.size
    ]
    line = max(below, key=lambda line: line.rect[1], default=None)
    if line is None or is_after(line.text) or HEADING.match(line.text):
        return False
    return _goes_on(last, line, lead) and words([line.text]) > 0


def _is_over(one: TextLine, other: TextLine) -> bool:
    return one.rect[0] < other.rect[2] and other.rect[0] < one.rect[2]


def _beside(last: TextLine, line: TextLine) -> bool:
    """Tells whether a line stands in the row of another, to its right."""
    shared = min(last.rect[3], line.rect[3]) - max(last.rect[1], line.rect[1])
    return shared > 0.3 * min(last.size, line.size) and line.rect[0] > last.rect[0]


def _of_one_block(before: TextLine, line: TextLine) -> bool:
    step = before.rect[1] - line.rect[1]
    return _same_size(before, line) and 0 < step <= _LEAD * line.size


def _same_size(one: TextLine, other: TextLine) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def _short(before: TextLine, line: TextLine) -> bool:
    """Tells whether a line ends so early that the next one begins a paragraph."""
    return before.rect[2] < line.rect[2] - 2 * line.size
