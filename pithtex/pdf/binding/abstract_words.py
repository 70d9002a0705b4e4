"""The words over, behind and below an abstract, in the languages and spellings that papers print."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from pithtex.patterns import folded, pattern

HEADING: Final = pattern(
    r"(?:[0-9]{1,2}\.?|[IVX]+\.)?\s*(?:"
    r"a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary|executive summary|synopsis|zusammenfassung|kurzfassung|résumé|resume|"
    r"resumen|resumo|riassunto|sommario|abrégé|samenvatting|sammanfattning|sammendrag|resumé|tiivistelmä|streszczenie|"
    r"abstrakt|souhrn|összefoglaló|kivonat|rezumat|povzetek|sažetak|özet|περίληψη|аннотация|реферат|анотація|резюме|"
    r"摘\s?要|概\s?要|要\s?旨|초\s?록|요\s?약|ملخص|תקציר"
    r")(?=\W|$)[\s.:*\u2013\u2014\u2015-]*",
    re.IGNORECASE,
)
"""The word over an abstract, and what stands between it and a text that runs on in its line."""
_BESIDE: Final = frozenset({
    "author summary", "editor's summary", "editor\u2019s summary", "editors summary", "highlights", "impact",
    "impact statement", "key findings", "key messages", "key points", "key results", "lay summary",
    "plain language summary", "plain-language summary", "research highlights", "significance", "significance statement",
    "statement of significance",
})  # fmt: skip
"""The word over a text that journals print beside the abstract: it is another one, and no theft of the abstract."""
SENTENCE: Final = pattern(r"(?:[^\W\d_]+\W+){2,}[^\W\d_]+\W*[.?!][\"')\u2019\u201d]*\s*$", re.DOTALL)
"""The end of a text of at least three words that ends as a sentence does."""
_NUMBER: Final = pattern(r"(?:[0-9]{1,2}\.?|[ivx]+\.)?\s*")
_AFTER: Final = (
    "key word", "key-word", "keyword", "index terms", "pacs", "msc", "mathematics subject", "subject class",
    "ams subject", "jel", "ccs concepts", "acm reference", "categories and subject", "general terms", "additional key",
    "introduction", "contents", "schlagw", "schlüsselw", "mots cl", "mots-cl", "palabras clave", "palavras",
    "parole chiave", "ключевые", "关键词", "キーワード", "doi ", "doi,", "doi.", "doi/", "doi:", "arxiv:",
    "received", "submitted", "accepted", "published", "email", "e-mail", "corresponding author", "funding", "code:",
    "data:", "availability",
)  # fmt: skip
"""What may stand below an abstract at its own size and lead without going on with it."""
_KEYWORDS: Final = pattern(
    r"(?<=[.?!)])\s+(?:key\s?-?words?(?: and phrases)?|index terms|pacs|msc|jel|schlagw\w+|schlüsselw\w+|mots[ -]cl\w+|"
    r"palabras clave|palavras-chave|parole chiave|ключевые слова|ccs concepts)\s*[.:\u2013\u2014-]",
    re.IGNORECASE,
)
"""What may run on behind an abstract in its last line."""
_MARK: Final = pattern(r"[0-9]{1,2}|[*\u2217\u2020\u2021\u00a7\u00b6]{1,3}")
"""Of a note, raised."""
_MARKED: Final = pattern(r"[^\W\d_]{3}$|[.,;:!?)\u2019\u201d]$")
"""Where a note's mark may stand: behind a word, or a sign at its end; powers of units stand behind shorter ones."""
_BEFORE_HEADING: Final = "0123456789 .:*\u2014-"
_LABEL_CHARS: Final = 30
"""Of the next line: a label may begin in one line and end there."""
_HEADING_CHARS: Final = 60
"""Of a line: the longest heading is shorter."""
_MOST_ALONE: Final = 2500
"""Characters of a page that may have an abstract alone, without a heading."""


def may_begin(text: str) -> bool:
    """Tells whether an abstract may begin on a page with such a text, told before its lines are looked at.

    A line begins with a heading; or the page has no more than an abstract alone, which may be without.
    """
    if len(text) <= _MOST_ALONE:
        return True
    lines = (line.lstrip(_BEFORE_HEADING)[:_HEADING_CHARS] for line in text.splitlines())
    return any(HEADING.match(line) or HEADING.match("".join(line.split())) for line in lines)


def is_beside(text: str) -> bool:
    """Tells whether a line is the word over a text that journals print beside the abstract."""
    return folded(text.strip(" .:")) in _BESIDE


def is_after(text: str) -> bool:
    """Tells whether a line stands below an abstract without going on with it, by how it begins."""
    plain = folded(f"{text} ")
    number = _NUMBER.match(plain)
    return number is not None and plain.startswith(_AFTER, number.end())


def without_marks(text: str, levels: str) -> str:
    """Returns a text without the marks of notes; `levels` are those of its characters (`TextLine.levels`)."""
    out, place = "", 0
    for level, run in itertools.groupby(levels):
        part = text[place : (place := place + len(list(run)))]
        if level != "^" or not (_MARK.fullmatch(part.strip()) and _MARKED.search(out)):
            out += part
    return out + text[place:]


def keywords_in(texts: Sequence[str]) -> tuple[int, int] | None:
    """Returns where keywords run on behind a sentence: in which of some lines, and after how many of its characters."""
    for place, text in enumerate(texts):
        following = texts[place + 1][:_LABEL_CHARS] if place + 1 < len(texts) else ""
        label = _KEYWORDS.search(f"{text} {following}")
        if label is not None and label.start() < len(text):
            return place, label.start()
    return None
