"""What stands around a title and makes it another's: "Comment on" above it, or the larger title of a paper citing it.

A reader takes for the title what stands first and largest. Above it there is furniture alone: a journal's or an
institution's name, the kind of the article, a report's number. What is not furniture is read as a part of the title,
or is the paper's own. The lists of words are of furniture that was met above the titles of LaTeX's classes, of journals
and of theses; a line of it above a printed title makes that title no less the paper's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from pithtex.pdf.binding.wording import words
from pithtex.pdf.evidence import TextLine

TITLE_SHARE: Final = 0.95
"""Of the size of the page's text: smaller type is no title's, and not the text."""
_AS_LARGE: Final = 0.8
"""Of the title's size: type as large above it is a title's too."""
_LARGE: Final = 0.65
"""Of the title's size: as large a line of `_SENTENCE` words above it is the paper's own title."""
_SENTENCE: Final = 4
_OF_TEXT: Final = 1.1
"""Of the text's size: type that is no larger is small, even where the title's is no larger either."""
_TIGHT: Final = 0.75
"""Of the title's size: a gap smaller than that is the one between a title's lines."""
_NEAR: Final = 3.5
"""Of the title's size: how far above the title "Comment on" is read together with it."""
_MAX_WORDS_ABOVE: Final = 50
"""In type of the text's size: more of them are the paper's text. A publisher's notice is shorter, or smaller."""
_LARGER: Final = 1.1
"""Of the title's size: larger type below it, before the abstract, is the paper's own title."""

_MAX_FURNITURE: Final = 300
"""Characters: no journal's name is longer. The patterns take the square of a text's length on some."""
_KICKER: Final = re.compile(
    r"(?:\W|\d|\b(?:research|articles?|invited|contributed|papers?|original|regular|full|long|short|letters?|brief"
    r"|communications?|reviews?|survey|tutorial|technical|reports?|working|discussion|preprint|draft|manuscript"
    r"|position|case|study|perspectives?|opinion|featured?|special|issue|section|topical|track"
    r"|extended(?: abstracts?)?|lecture|notes?"
    r"|chapter|open|access|thesis|dissertation|masters?|phd|bachelors?|doctoral|version|accepted|submitted|workshop"
    r"|conference|poster|keynote|plenary|session|industry|software|systematic|mini|rapid|express|number|nr|no|vol"
    r"|volume|confidential|unpublished|s|and|the|an?)\b)+",
    re.IGNORECASE,
)
"""The kind of an article, a report or a thesis."""
_PUBLICATION: Final = (
    "journal|transactions|proceedings|annals|bulletin|archives?|magazine|notices|symposium|conference|workshop|congress"
)
_MASTHEAD: Final = re.compile(
    r"\W*(?:(?:the|of|in|international|european|american|british|asian|annual|ieee|acm|royal|open|electronic|\d+\w*) )*"
    rf"(?:(?:{_PUBLICATION})(?: (?:of|on|in|for|the)\b.*)?"
    rf"|(?:[\w&]+ ){{1,3}}(?:{_PUBLICATION}|letters|reports|reviews?|communications|surveys)(?: \w)?)\W*",
    re.IGNORECASE,
)
_INSTITUTION: Final = re.compile(
    r"\W*(?:[\w.&'-]+ ){0,3}(?:universit\w+|institut\w*|department|d[\u00e9e]partement|school|facult\w+|fakult\w+"
    r"|college|academ\w+|laborator\w+|hochschule|cent(?:re|er)|organi[sz]ation|council|ministry|society)"
    r"(?:(?: (?:of|for|at|de|di|des|f\w+r)\b[^:]*)|(?: [\w().-]+){0,2})\W*",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"\d{3}|\d/\d|@|://|www\.|doi\b|typeset", re.IGNORECASE)
"""In small type: a year, a report's number, an address."""

_JOINT: Final = re.compile(
    r".*(?:[:;,\u2010-\u2015\u2026-]|\b(?:on|to|of|for|about|in|against|from|with|by|and|or|the|an?|at|into"
    r"|upon|regarding"
    r"|concerning|towards?|via|is|are|not|beyond|after|under|over|versus|vs|re|sur|sobre|su|di|del?|des"
    r"|zu[mr]?|\u00fcber"
    r"|von|van|op|aan|over|om|till)\W*)",
    re.IGNORECASE | re.DOTALL,
)
"""The line goes on in the next one."""
_QUOTES: Final = "\"'`\u00ab\u00bb\u2018-\u201f\u2039\u203a\u300c-\u300f"
_SPACED: Final = re.compile(r"(?<=\b\w) (?=\w\b)")
"""Between letters that are set apart, as some headings are."""
_ONLY_QUOTES: Final = re.compile(f"[{_QUOTES}\\s]+")
_OPENED: Final = re.compile(f"\\s*[{_QUOTES}]")
_CLOSED: Final = re.compile(f"[{_QUOTES}]\\W*$")
_QUOTED: Final = re.compile(f"[{_QUOTES}]|\\\\(?:enquote|textquote|glq|grq|frq|flq)")
_RESPONSE: Final = re.compile(
    r"\W*(?:an? |the |my |our |further )?(?:comment(?:s|ary|aire)?\b(?! welcome)|kommentar|reply\b|replies\b|response\b"
    r"|answer\b|antwort|r\u00e9ponse|respuesta|risposta|rebuttal|refutation|critique|erratum|errata|corrigend|addend"
    r"|corrections?\b|correspondence on|supplement|supporting information|appendi|remarks?\b|summary\b"
    r"|\u043a\u043e\u043c\u043c\u0435\u043d\u0442\u0430\u0440|\u043e\u0442\u0432\u0435\u0442|\u5173\u4e8e"
    r"|\u95dc\u65bc|\u8bc4\u8bba|\u8a55\u8ad6|\u52d8\u8bef"
    r"|expression of concern|reproduc|replicat|translation\b)|.*\b(?:retract|withdrawn)",
    re.IGNORECASE,
)
"""A line in small type that begins so says what the paper is to the one whose title follows."""
_BEHIND: Final = re.compile(
    r"\W*(?:[:\u2013\u2014]|an? |the |some )*(?:considered\b|comment|reply\b|rebuttal|refut|critique|critical"
    r"|response\b|revisited|retract|erratum|corrigend|counterexample|reproduc|replicat"
    r"|is\b|are\b|does\b|do\b|cannot\b|review of)",
    re.IGNORECASE,
)
"""A line right below a title that begins so goes on with it."""
_PARTICLE: Final = re.compile(r"(?:by|with|and|von|van|de|del|della|di|da|du|dos|al|el|ter|ten|zu|d)\b")
"""Lines of authors begin with one of these, or with a capital."""
_SECTION: Final = re.compile(
    r"\W*(?:[0-9IVX]+\.?\s*)?(?:abstract|summary|introduction|contents|table of contents)\W*", re.IGNORECASE
)


def is_another(title: str, run: Sequence[TextLine], lines: Sequence[TextLine], body: float) -> bool:
    """Whether lines that read as a title are, by what stands around them, not the title of their page.

    Args:
        title: as the record has it.
        run: the lines.
        lines: all horizontal lines of the page as it is shown, without line numbers.
        body: the size of the page's text.
    """
    size = max(run, key=lambda line: len(line.text)).size
    return (
        _is_quoted(title, run)
        or _is_led_into(run, lines, size, body)
        or _goes_on(title, run, lines)
        or _is_surpassed(run, lines, size)
    )


def headline(lines: Sequence[TextLine], body: float) -> bool:
    """Whether a page has a title of some words, in larger type than its text and no heading of a section."""
    return any(
        line.size > _LARGER * body and len(words(line.text)) >= 3 and not _is_furniture(line.text, small=False)
        for line in lines
    )


def ends_a_title(line: TextLine) -> bool:
    """Whether a line is a heading of what follows a title: an abstract, or the text."""
    return _SECTION.fullmatch(line.text) is not None


def _is_quoted(title: str, run: Sequence[TextLine]) -> bool:
    """Whether the lines stand in quotation marks that the title has not: they cite it."""
    text = " ".join(line.text for line in run)
    marked = _OPENED.match(text) is not None or _CLOSED.search(text[-_MAX_FURNITURE:]) is not None
    return marked and _QUOTED.search(title) is None


class _Above(NamedTuple):
    """A block of lines above a title. Lengths are shares of the title's size."""

    text: str
    size: float
    small: bool
    """It is in the type of the page's text, or clearly smaller than the title."""
    gap: float
    over: bool
    """It stands over the title, and not further to the left or right."""


def _is_led_into(run: Sequence[TextLine], lines: Sequence[TextLine], size: float, body: float) -> bool:
    """Whether something above the lines, or before them in their row, is not furniture."""
    middle = (run[0].rect[1] + run[0].rect[3]) / 2
    left, right = min(line.rect[0] for line in run), max(line.rect[2] for line in run)
    above = [line for line in lines if line.rect[1] > middle or (line.rect[3] > middle and line.rect[2] <= left)]
    words_of_text = 0
    for lines_of_block in _blocks(above):
        own = lines_of_block[0].size
        block = _Above(
            text=_SPACED.sub("", " ".join(line.text for line in lines_of_block)),
            size=own / size,
            small=own < _AS_LARGE * size or own <= _OF_TEXT * body,
            gap=(lines_of_block[-1].rect[1] - run[0].rect[3]) / size,
            over=any(line.rect[0] < right and left < line.rect[2] for line in lines_of_block),
        )
        if ends_a_title(lines_of_block[0]) or _leads(block) or (own > _OF_TEXT * body and _is_title(block)):
            return True
        words_of_text += len(words(block.text)) if own >= TITLE_SHARE * body else 0
    return words_of_text > _MAX_WORDS_ABOVE


def _is_title(block: _Above) -> bool:
    """Whether a block above a title, about as large, is the page's title itself, or the beginning of it."""
    some_words = any(map(str.isalpha, block.text)) and (not block.small or len(words(block.text)) >= _SENTENCE)
    return block.size >= _LARGE and some_words and not _is_furniture(block.text, small=block.small)


def _leads(block: _Above) -> bool:
    """Whether a block above a title is read together with it."""
    if _ONLY_QUOTES.fullmatch(block.text) or _is_joint(block.text):
        return block.gap < _NEAR
    if not any(map(str.isalpha, block.text)) or _is_furniture(block.text, small=block.small):
        return False
    return (block.over and block.gap < _TIGHT) or (block.gap < _NEAR and _RESPONSE.match(block.text) is not None)


def _is_joint(text: str) -> bool:
    return _JOINT.fullmatch(text) is not None


def _is_furniture(text: str, *, small: bool) -> bool:
    if small and _NUMBERED.search(text):
        return True
    kinds = (_KICKER, _MASTHEAD, _INSTITUTION)
    return len(text) <= _MAX_FURNITURE and any(kind.fullmatch(text) for kind in kinds)


def _goes_on(title: str, run: Sequence[TextLine], lines: Sequence[TextLine]) -> bool:
    """Whether the line below a title goes on with it."""
    last = run[-1]
    if last.text.rstrip().endswith((":", "\u2013", "\u2014")) and not title.rstrip().endswith((":", "-")):
        return True
    for line in lines:
        step = last.rect[1] - line.rect[1]
        if line in run or not 0.3 * last.size < step <= 1.6 * last.size or line.size < 0.6 * last.size:
            continue
        if _BEHIND.match(line.text[:_MAX_FURNITURE]):
            return True
        if alike(line, last) and line.text[:1].islower() and not _PARTICLE.match(line.text):
            return True
    return False


def _is_surpassed(run: Sequence[TextLine], lines: Sequence[TextLine], size: float) -> bool:
    """Whether larger type of some words follows before the abstract or the text: the paper's own title."""
    low = run[-1].rect[1]
    below = [line for line in lines if line.rect[3] < low + 0.5 * size]
    end = max((line.rect[3] for line in below if ends_a_title(line)), default=None)
    return any(
        line.size > _LARGER * size
        and (end is None or line.rect[1] > end)
        and len(words(line.text)) >= 3
        and not line.text[:1].isdigit()
        and not _is_furniture(line.text, small=False)
        for line in below
    )


def _blocks(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Lines of one type, one below the other, put together: a journal's name may take two."""
    blocks: list[list[TextLine]] = []
    for line in lines:
        if blocks and continues(blocks[-1][-1], line) and alike(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def alike(one: TextLine, other: TextLine) -> bool:
    """Whether two lines are in one font and size."""
    return abs(one.size - other.size) <= 0.06 * one.size and one.font == other.font


def continues(above: TextLine, line: TextLine) -> bool:
    """Whether a line stands directly below another, and not beside it."""
    step = above.rect[1] - line.rect[1]
    size = max(above.size, line.size)
    overlap = above.rect[0] < line.rect[2] and line.rect[0] < above.rect[2]
    return overlap and -0.5 * line.size <= step <= 2.5 * size
