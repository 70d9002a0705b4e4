"""What stands around a title and makes it another's: "Comment on" above it, or a second title on the page.

A reader takes for the title what stands first and largest. What stands above it is furniture by its place: in small
type, or set apart from it. What is not furniture is read as a part of the title, or is the paper's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.binding.abstract_words import HEADING, is_beside
from pithtex.pdf.binding.blocks import alike, blocks_of
from pithtex.pdf.binding.furniture import (
    ARTICLE,
    CITATION,
    MAX_FURNITURE,
    NUMBERED,
    REFERENCE,
    is_furniture,
    names_a_publisher,
)
from pithtex.pdf.binding.other_documents import other_document
from pithtex.pdf.binding.wording import is_heading, letters_of, words
from pithtex.pdf.evidence import TextLine
from pithtex.structs import NamedTuple
from pithtex.text import shortened

TITLE_SHARE: Final = 0.95
"""Of the size of the page's text: smaller type is not a title's, and not the text."""
SECOND_SHARE: Final = 0.8
"""Of the title's size: type as large is a title's too."""
_LARGE: Final = 0.65
"""Of the title's size: words as large above it, that are not name in capitals, are the paper's own title."""
_SUBTITLE: Final = 0.75
"""Of the title's size: words as large right below it, that are not names, are its second half."""
_HEADLINE: Final = 1.3
"""Of the title's size: type as large is a title's wherever it stands, whatever headings come before it."""
_OF_TEXT: Final = 1.1
"""Of the text's size: type that is no larger is small, even where the title's is no larger either."""
_KICKER: Final = 0.6
"""Of the title's size: capitals so small right above a title are the field's or the series' name..."""
_KICKER_WORDS: Final = 5
"""...where they are so few."""
_TIGHT: Final = 0.75
"""Of the title's size: a gap smaller than that is the one between a title's lines."""
_CLOSE: Final = 1.3
"""Of its own size: so is a smaller gap between smaller type and a title."""
_APART: Final = 2.5
"""Of the title's size: what stands further above is set apart from it."""
_NAME_APART: Final = 1.0
"""Of the title's size: a name in larger bold type is set apart by as much."""
_NAME_LARGER: Final = 1.1
"""Of the title's size: as large is larger, whatever rounding does."""
_NEAR: Final = 3.5
"""Of the title's size: how far above the title "on" is read together with it."""
BELOW: Final = 3.0
"""Of the title's size: no line further below says what its page is."""
_MARGIN: Final = 1 / 8
"""Of the page's width: the strips at its sides."""
_LEAD: Final = 1.6
"""Of the size: the lines of a title stand no further apart."""
_NEXT: Final = 6.0
"""Of the title's size: much larger type no further below it is a title, of however few words."""
_FEW: Final = 6
"""Words of a line that says what kind of document its page is."""
MAX_WORDS_ABOVE: Final = 50
"""In type of the text's size: more of them are the paper's text. A publisher's notice is shorter, or smaller."""
_MAX_SMALL_WORDS_ABOVE: Final = 100
"""In any type."""
_SENTENCE: Final = 3
"""Words: fewer are not title of another paper below this one's."""

_JOINT: Final = pattern(
    r".*\b(?:on|to|of|for|about|in|against|from|with|by|and|or|the|an|(?-i:a)|at|into|upon|regarding|not|no|why|concerning"
    r"|towards?|via|is|are|beyond|after|under|over|versus|vs|re|sur|sobre|su|di|del?|des|zu[mr]?|\u00fcber|von|van|op|aan"
    r"|over|om|till|contra|never use|\w*(?:revisit|rethink|reconsider|examin|disprov|attack|break|hack|improv|extend"
    r"|generali[sz]|challeng|question|defeat|fool|bypass|correct)ing)\W*",
    re.IGNORECASE | re.DOTALL,
)
"""The line goes on in the next one..."""
_COLON: Final = pattern(r".*(?<!\d)[:;,\u2010-\u2015\u2026-]", re.DOTALL)
"""...and so does one that ends so, unless it is furniture."""
_QUOTES: Final = "\"'`\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a\u300c\u300d\u300e\u300f"
_SPACED: Final = pattern(r"(?<=\b\w) (?=\w\b)")
"""Between letters that are set apart, as some headings are."""
_ONLY_QUOTES: Final = pattern(f"[{_QUOTES}\\s]+")
_BRACKETED: Final = pattern(r"\([^()]*\)|\[[^\[\]]*\]", re.DOTALL)
"""A translated title, or an aside."""
_OPENED: Final = pattern(f"\\s*[{_QUOTES}]")
_CLOSED: Final = pattern(f"[{_QUOTES}]\\W*$")
_QUOTED: Final = pattern(f"[{_QUOTES}]|\\\\(?:enquote|textquote|glq|grq|frq|flq)")
_COUNT: Final = r"(?:[ivx]+|\d{1,2}|one|two|three|four|five)"
_PART: Final = rf"\W*(?:(?:part|volume|vol\.?|book|teil|band|partie|tome|parte)\W+{_COUNT}|(?-i:[IVX]{{2,}}))\W*"
_OTHER_PART: Final = pattern(_PART.replace("|volume|vol\\.?", ""), re.IGNORECASE)
"""Above a title; the volume there may be its journal's."""
_BEHIND: Final = pattern(
    r"\W{0,2}[:\u2013\u2014]|\W*(?:an? |the |some )*(?:considered\b|revisited|counterexample|critical"
    r"|(?:is|are|does|do|did|was|were|can|cannot|will)\b(?!.*\?)|review of)"
    rf"|\W*(?:not|why|it|its|this|that|we)\b|{_PART}\Z",
    re.IGNORECASE,
)
"""A line right below a title that begins so goes on with it."""
_SIGNS: Final = pattern(r"\W*(?:[?!]|\d{1,3}(?:\.\d{1,2})?)\W*")
"""A question, or a number."""
_NAME: Final = r"(?:[A-Z]\. ?-?){1,3}(?:[a-z]+ ){0,2}[A-Z][\w'\u2019-]+\W{0,3}"
_NAMES: Final = pattern(rf"(?:by )?{_NAME}(?:(?:,|and|&| )+ ?{_NAME})*")
"""Authors with initials: they may be set in the title's own type, as the kind of the article in brackets may."""
_AUTHORS: Final = pattern(
    r"\d{3}|@|://|(?<![^\W\d_])(?:universi|institut|depart|dept\b|labora)|\b(?:collaborations?|consortium|group|team|committee)\W*\d*$",
    re.IGNORECASE,
)
"""A group of authors, an address, a date."""
_SMALL_WORDS: Final = pattern(
    r"\b(?:an?|the|of|on|for|in|to|with|from|at|as|via|is|are|f\u00fcr|\u00fcber|zur?|sur|pour|para|sobre|[a-z\u00df-\u00ff]{4,})\b"
    r"|^\W*(?:An?|The|On|In|How|Why|What|When|Is|Are|Do|Does|Can|From|Towards?|Using|With|Without|Against|Beyond|After|Not"
    r"|No|By|To|And|Or|But|\u00dcber)\b(?!\.)"
    r"|\b(?:OF|ON|FOR|IN|TO|WITH|FROM|THE)\b"
)
"""Titles of some words have one of them, or others in small letters; lists of names do not."""
_CLAIM: Final = pattern(
    r"\W*(?:how|when|do|does|can|no)\b|.*\b(?:we|you|this|that|it|is|are|was|were|has|have|not|what|why"
    r"|the (?:paper|article|manuscript|authors?))\b",
    re.IGNORECASE | re.DOTALL,
)
"""Sentences have one of these words, and hardly any name."""
_SECTION: Final = ("abstract", "summary", "introduction", "contents", "table of contents")
_FIRST_SECTION: Final = pattern(
    r"\W*(?:(?:problem )?statement of [\w ]{4,20}|background|motivation|overview|highlights|significance|preface"
    r"|preliminaries|(?:introduction|summary)(?=\W))(?: and \w+|:[^:]{1,80})?\W*",
    re.IGNORECASE,
)
"""Other headings below which no title is looked for. Above a title some of them name the kind of the article."""


_REASONS: Final = {
    "leads": "is read together with it",
    "goes-on": "goes on with it",
    "document": "says that this is a different document",
    "codes": "nobody can tell from the file",
    "title": "is also a title",
    "text": "is the text of a paper",
    "quoted": "it is in quotation marks or brackets",
    "head": "it is a running head",
    "unread": "above or beside it is ink that looks like letters but is not text, so it cannot be read",
    "part": "it is part of longer text in the same type",
}


_HEAVY: Final = pattern(r"bold|black|heavy|medi\b|bx\d", re.IGNORECASE)
"""Names of bold fonts."""


class Obstacle(NamedTuple):
    """Why lines that are a title, letter by letter, are not their page's."""

    kind: str
    """A key of `_REASONS`."""
    place: str = ""
    """Of what makes them another's: `above`, `below` or `beside` them, or empty."""
    text: str = ""

    @property
    def clause(self) -> str:
        """In words, for a message that names the title."""
        reason = _REASONS[self.kind]
        return f"{self.place} it stands {shortened(self.text)!r}, which {reason}" if self.place else reason


class Page(NamedTuple):
    """What is looked at around a title: of the page as it is shown, without line numbers."""

    lines: Sequence[TextLine]
    """The horizontal ones."""
    box: tuple[float, float, float, float]
    body: float
    """The size of the page's text."""
    turned: Sequence[TextLine] = ()
    """Those that run in another direction; no stamp."""


def obstacle(title: str, run: Sequence[TextLine], page: Page) -> Obstacle | None:
    """Returns what makes lines that read as a title another's than their page's, if anything does.

    Args:
        title: as the record has it.
        run: the lines.
        page: where they stand.
    """
    size = max(run, key=lambda line: len(line.text)).size
    if _is_quoted(title, run):
        return Obstacle("quoted")
    return _turned(title, run, page, size) or _above(title, run, page, size) or _below(title, run, page, size)


def headline(page: Page) -> str | None:
    """Returns a title of some words in larger type than the page's text, above that, and no heading of a section."""
    for block in blocks_of(page.lines):
        text = " ".join(line.text for line in block)
        large = block[0].size > _OF_TEXT * page.body
        if ends_a_title(block[0]) or (not large and len(words(text)) > MAX_WORDS_ABOVE):
            return None
        if large and _is_title_like(text):
            return text
    return None


def _is_title_like(text: str) -> bool:
    return len(words(text)) >= _SENTENCE and not text[:1].isdigit() and not is_furniture(text, small=False)


def ends_a_title(line: TextLine) -> bool:
    """Tells whether a line is a heading of what follows a title: an abstract, or the text."""
    return is_heading(line.text, *_SECTION) or HEADING.fullmatch(line.text[:MAX_FURNITURE]) is not None


def _is_quoted(title: str, run: Sequence[TextLine]) -> bool:
    """Tells whether the lines stand in quotation marks or brackets that the title has not: they cite it."""
    text = " ".join(line.text for line in run).strip()
    if _BRACKETED.fullmatch(text) and not _BRACKETED.fullmatch(title.strip()):
        return True
    if not any(quote in text for quote in _QUOTES):
        return False
    marked = _OPENED.match(text) is not None or _CLOSED.search(text[-MAX_FURNITURE:]) is not None
    return marked and _QUOTED.search(title) is None


def _turned(title: str, run: Sequence[TextLine], page: Page, size: float) -> Obstacle | None:
    """Returns what runs in another direction near a title: a reader turns his head, or the page.

    In the margins at both sides stand the names of archives and kinds of manuscripts, as large as they like.
    """
    low, high = run[-1].rect[1] - BELOW * size, run[0].rect[3] + _NEAR * size
    margin = (page.box[2] - page.box[0]) * _MARGIN
    for line in page.turned:
        near = low <= line.rect[3] and line.rect[1] <= high
        if (near or line.size >= size) and other_document(line.text, title):
            return Obstacle("document", "beside", line.text)
        inner = page.box[0] + margin < line.rect[2] and line.rect[0] < page.box[2] - margin
        word = any(map(str.isalpha, line.text)) and not is_furniture(line.text, small=line.size < SECOND_SHARE * size)
        claims = _is_title_like(line.text) and not NUMBERED.search(line.text)
        own = claims and line.size >= size and (inner or _SMALL_WORDS.search(line.text))
        if word and (own or (near and inner and line.size >= _LARGE * size)):
            return Obstacle("title", "beside", line.text)
    return None


class _Above(NamedTuple):
    """A block of lines above a title, or before it in its row. Lengths are shares of the title's size."""

    text: str
    size: float
    small: bool
    """It is in the type of the page's text, or clearly smaller than the title."""
    large: bool
    """It is in larger type than the page's text."""
    gap: float
    over: bool
    """It stands over the title, and not further to the left or right."""
    heavy: bool
    """It is in bold type."""


def _above(title: str, run: Sequence[TextLine], page: Page, size: float) -> Obstacle | None:
    """Returns what above the lines, or before them in their row, is not furniture."""
    middle = (run[0].rect[1] + run[0].rect[3]) / 2
    left, right = min(line.rect[0] for line in run), max(line.rect[2] for line in run)
    above = [line for line in page.lines if line.rect[1] > middle or (line.rect[3] > middle and line.rect[2] <= left)]
    of_text = in_all = 0
    for lines in blocks_of(above):
        own = lines[0].size
        block = _Above(
            text=_SPACED.sub("", " ".join(line.text for line in lines)),
            size=own / size,
            small=own < SECOND_SHARE * size or own <= _OF_TEXT * page.body,
            large=own > _OF_TEXT * page.body,
            gap=(lines[-1].rect[1] - run[0].rect[3]) / size,
            over=any(line.rect[0] < right and left < line.rect[2] for line in lines),
            heavy=_HEAVY.search(lines[0].font) is not None,
        )
        place = "above" if lines[-1].rect[1] > middle else "beside"
        if any(other_document(text, title) for text in (block.text, *(line.text for line in lines))):
            return Obstacle("document", place, block.text)
        numbered = block.text[:1].isdigit() and own < size
        if all(line.rect[0] >= right for line in lines) and (own <= _OF_TEXT * page.body or numbered):
            continue  # a column to the right that begins higher, or another page on the sheet
        of_text += len(words(block.text)) if own >= TITLE_SHARE * page.body else 0
        in_all += len(words(block.text))
        if ends_a_title(lines[0]) or of_text > MAX_WORDS_ABOVE or in_all > _MAX_SMALL_WORDS_ABOVE:
            return Obstacle("text", place, block.text)
        between = " ".join(line.text for line in above if lines[-1].rect[1] > line.rect[3])
        kind = _kind_above(block, title, page, between)
        if kind is not None:
            return Obstacle(kind, place, block.text)
    return None


def _kind_above(block: _Above, title: str, page: Page, between: str) -> str | None:
    """Returns why a block above a title makes it another's, if it does.

    The name of a journal or an institution is the head's, but for two places where it may be the thief's own title:
    right above the title in larger bold type, or with authors between.
    """
    text, near = block.text, block.gap < _NEAR
    if near and any(form.fullmatch(text) for form in (_ONLY_QUOTES, _JOINT, _OTHER_PART)):
        return "leads"
    if near and 2 * text.count("\ufffd") >= len(text.replace(" ", "")):
        return "codes"
    if not any(map(str.isalpha, text)):
        return None
    if is_furniture(text, small=block.small):
        named = not block.small and names_a_publisher(text)
        headline = block.heavy and block.size > _NAME_LARGER and block.gap < _NAME_APART
        return "title" if named and (headline or _NAMES.search(between)) else None
    if (near and (_COLON.fullmatch(text) or (block.small and _is_claim(text)))) or _is_tight(block):
        return "leads"
    if block.size < 1 and _refers(text, title):
        return None
    own = block.large and block.size >= _LARGE and _is_title_like(text) and _SMALL_WORDS.search(text)
    if block.small and (not own or text == text.upper()):
        return None
    return None if block.gap >= _APART and _names_a_series(text, title, page) else "title"


def _is_claim(text: str) -> bool:
    """Tells whether a line is a sentence, and no name of a field, a series or a group of people."""
    return text != text.upper() and _is_title_like(text) and _CLAIM.match(text[:MAX_FURNITURE]) is not None


def _is_tight(block: _Above) -> bool:
    """Tells whether a line stands right above a title, and is not the name of a field or series in small capitals."""
    name = block.size <= _KICKER and block.text == block.text.upper() and len(words(block.text)) <= _KICKER_WORDS
    return block.over and block.gap < min(_TIGHT, _CLOSE * block.size) and not name


def _refers(text: str, title: str) -> bool:
    """Tells whether a text is the entry of a reference list for the title's paper: the title follows the year."""
    entry = REFERENCE.match(text[:MAX_FURNITURE])
    return entry is not None and letters_of(text[entry.end() :]).startswith(letters_of(title))


def _names_a_series(text: str, title: str, page: Page) -> bool:
    """Tells whether large type far above a title is not a title: one word, a name that stands with a number elsewhere.

    Or it cites the title itself.
    """
    letters = letters_of(text)
    if letters_of(title) in letters and CITATION.search(text):
        return True
    repeated = (line for line in page.lines if NUMBERED.search(line.text) and letters in letters_of(line.text))
    return sum(len(word) > 1 for word in words(text)) == 1 or any(len(line.text) > len(text) for line in repeated)


def _below(title: str, run: Sequence[TextLine], page: Page, size: float) -> Obstacle | None:
    last = run[-1]
    low = last.rect[1] + 0.5 * size
    below = [line for line in page.lines if line.rect[3] < low and line not in run]
    if last.text.rstrip().endswith((":", "\u2013", "\u2014")) and not title.rstrip().endswith((":", "-")):
        return Obstacle("goes-on", "below", below[0].text if below else "")
    lead = max((one.rect[1] - other.rect[1] for one, other in pairwise(run)), default=0.0)
    lead = max(1.15 * lead, _LEAD * size)
    row = [
        line for line in page.lines if line.rect[0] >= last.rect[2] and last.rect[1] < line.rect[3] <= run[0].rect[3]
    ]
    for line in (*row, *below):
        step = last.rect[1] - line.rect[1]
        if line not in row and not 0.3 * last.size < step <= max(lead, BELOW * size):
            continue
        if other_document(line.text, title) and not ends_a_title(line):
            return Obstacle("document", "beside" if line in row else "below", line.text)
        if _goes_on_beside(line, last) if line in row else step <= lead and _goes_on(line, last):
            return Obstacle("goes-on", "beside" if line in row else "below", line.text)
    return _other_kind(title, below, page) or _second_title(run, below, page, size)


def _other_kind(title: str, below: Sequence[TextLine], page: Page) -> Obstacle | None:
    """Returns a line between a title and the text that says what kind of document the page is.

    Highlights or a summary for all that stand before an abstract are no document of their own.
    """
    headed = any(map(ends_a_title, below))
    for lines in blocks_of(below):
        text = " ".join(line.text for line in lines)
        count = len(words(text))
        beside = headed and is_beside(lines[0].text)
        if beside or ends_a_title(lines[0]) or count > MAX_WORDS_ABOVE:
            return None
        if count <= _FEW and lines[0].size >= TITLE_SHARE * page.body and other_document(text, title):
            return Obstacle("document", "below", text)
    return None


def _goes_on(line: TextLine, last: TextLine) -> bool:
    """Tells whether a line right below a title goes on with it: in its type, or by its words."""
    if line.rect[0] >= last.rect[2] or last.rect[0] >= line.rect[2] or line.size < _KICKER * last.size:
        return False
    text = line.text[:MAX_FURNITURE]
    like = line.size >= _SUBTITLE * last.size and _is_title_like(text) and _SMALL_WORDS.search(text)
    own = _is_in_its_type(line, last) or (alike(line, last) and _SIGNS.fullmatch(text))
    return _BEHIND.match(text) is not None or bool(own) or bool(like and not _AUTHORS.search(text))


def _goes_on_beside(line: TextLine, last: TextLine) -> bool:
    """Tells whether words in a title's row belong to it: about as large, and no further off than a wide space."""
    near = line.rect[0] - last.rect[2] <= _APART * last.size and line.rect[1] > last.rect[1] - 0.5 * last.size
    says = any(map(str.isalpha, line.text)) or _SIGNS.fullmatch(line.text)
    return near and line.size >= _LARGE * last.size and bool(says)


def _second_title(run: Sequence[TextLine], below: Sequence[TextLine], page: Page, size: float) -> Obstacle | None:
    """Returns a title that follows before the abstract or the text, or on the other half of a wide page.

    The title's own type goes on with it, whatever the gap. Larger type is a title; type about as large, where its words
    are not list of names and no subtitle right below; under a pale title, any large type.
    """
    foot = page.box[1] + (page.box[3] - page.box[1]) / 3
    ends = (line.rect[3] for line in below if ends_a_title(line) or _FIRST_SECTION.fullmatch(line.text))
    end = max(ends, default=foot)
    low, right = run[-1].rect[1], max(line.rect[2] for line in run)
    beside = [line for line in page.lines if line.rect[0] >= right and line.rect[3] >= low]
    least = SECOND_SHARE if all(line.dark for line in run) else 0.0
    for place, lines in (("below", below), ("beside", beside)):
        for block in blocks_of(lines):
            text = " ".join(line.text for line in block)
            share = block[0].size / size
            heavy = share >= TITLE_SHARE and _HEAVY.search(block[0].font) and not _HEAVY.search(run[-1].font)
            near = place == "below" and low - block[0].rect[3] <= _NEXT * size and len(letters_of(text)) >= _SENTENCE
            if share >= _HEADLINE and (near or (_SMALL_WORDS.search(text) and _is_title_like(text))):
                return Obstacle("title", place, text)
            of_text = block[0].size <= _OF_TEXT * page.body and not (heavy and size <= _OF_TEXT * page.body)
            if of_text or block[0].rect[1] <= max(end, foot) or _AUTHORS.search(text):
                continue
            subtitle = place == "below" and least and share < TITLE_SHARE and low - block[0].rect[1] <= _LEAD * size
            large = share > _OF_TEXT or (share > least and not subtitle and (heavy or _SMALL_WORDS.search(text)))
            if (large and _is_title_like(text)) or _is_in_its_type(block[0], run[-1]):
                return Obstacle("title", place, text)
    return None


def _is_in_its_type(line: TextLine, last: TextLine) -> bool:
    """Tells whether a line is in the type of a title, and neither names nor an aside."""
    text = line.text[:MAX_FURNITURE]
    aside = text[:1] == "(" and text[-1:] == ")" and ARTICLE.fullmatch(text)
    return alike(line, last) and any(map(str.isalpha, text)) and not aside and not _NAMES.fullmatch(text)
