"""The words of a page's head, which are no paper's title: kinds of articles, journals, institutions, citations."""

from __future__ import annotations

import re
from typing import Final

from pithtex.patterns import pattern

MAX_FURNITURE: Final = 300
"""Characters: no journal's name is longer. The patterns take the square of a text's length on some."""
ARTICLE: Final = pattern(
    r"(?:\W|\d|\b(?:research|articles?|invited|contributed|papers?|original|regular|full|long|short|letters?|brief"
    r"|communications?|reviews?|survey|tutorial|technical|reports?|working|discussion|preprint|draft|manuscript"
    r"|position|case|study|perspectives?|opinion|featured?|special|issue|section|topical|track"
    r"|extended(?: abstracts?)?|lecture|notes?"
    r"|chapter|open|access|thesis|dissertation|masters?|phd|bachelors?|doctoral|version|accepted|submitted|workshop"
    r"|conference|poster|keynote|plenary|session|industry|software|systematic|mini|rapid|express|number|nr|no|vol"
    r"|volume|confidential|unpublished|format|monograph|s|and|the|an?"
    r"|(?:please )?(?:not for|do not) (?:(?:re)?distribut(?:e|ion)|cit(?:e|ation)|quot(?:e|ation)|circulat(?:e|ion))"
    r"|(?:work|research|paper) in progress|in press|under review|preliminary|incomplete|as of|to appear in|post-?print"
    r"|comments?(?: are| most| very| and suggestions)* (?:welcome|appreciated))\b)+",
    re.IGNORECASE,
)
"""The kind of an article, a report or a thesis, and the state that it is in."""
_PUBLICATION: Final = (
    "journal|transactions|proceedings|annals|bulletin|archives?|magazine|notices|symposium|conference|workshop|congress"
    r"|(?:preprint|report|paper|lecture|note)s? series"
)
_MASTHEAD: Final = pattern(
    r"\W*(?:(?:the|of|in|international|european|american|british|asian|annual|ieee|acm|royal|open|electronic|\d+\w*) )*"
    rf"(?:(?:{_PUBLICATION}|ournal)(?: (?:of|on|in|for|the)\b.*)?"
    rf"|(?:[\w&]+ ){{1,3}}(?:{_PUBLICATION}|letters|reports|reviews?|communications|surveys)(?: \w)?)\W*",
    re.IGNORECASE,
)
_INSTITUTION: Final = pattern(
    r"\W*(?-i:(?:[^\W\da-z][\w.&'-]* |\d{1,2}\w{2} |of |for |and |the |de |für |der ){0,6})"
    r"(?:universi\w+|institut\w*|department|dept\.?|d[\u00e9e]partement\w*|school|facul\w+|fakult\w+"
    r"|college|academ\w+|laborator\w+|hochschule|cent(?:re|er|ro)|organi[sz]ation|council|ministry|society|facility"
    r"|observatory|escola|p[oó]s|programa|\u00e9cole)"
    r"(?:(?:\W(?:of|for|at|de|di|des|do|da|em|f\w+r|gradua\w+)\b[^:]*)|(?: [\w().-]+){0,2})\W*",
    re.IGNORECASE,
)
NUMBERED: Final = pattern(r"\d{3}|\d/\d|@|://|www\.|doi\b|typeset", re.IGNORECASE)
"""In small type: a year, a report's number, an address."""
CITATION: Final = pattern(
    r"^\W*(?:how to|to|please) cite\b|\bcit(?:e (?:this|as)|ed as|ation:)|doi\b|\b10\.\d{4,}/", re.IGNORECASE
)
_LABEL: Final = pattern(
    r"\W*(?:link (?:back )?to (?:the )?(?:publication|article|published version)\b.*|(?:published|appeared) in\W*"
    r"|(?:publication|download) date\W*|document version\W*|citation for published version\b.*)",
    re.IGNORECASE,
)
"""What stands over the entries of a repository's cover page."""
_STATE: Final = pattern(
    r"\W*(?:(?:accepted|submitted|presented|published|prepared|compiled|typeset|available|contents? (?:lists?|from)"
    r"|copyright|licen[sc]ed|permission|received|revised|reprinted|communicated|edited|printed|downloaded|distributed)\b"
    r"|(?:to|will) (?:appear|be (?:published|presented|submitted))\b|appear(?:ed|s|ing) in\b|in (?:press|proceedings)\b"
    r"|(?:under|in) (?:review|consideration|submission|preparation)\b|proceedings of\b|lecture notes in\b"
    r"|(?:special|theme) (?:issue|section|feature)\b|this is an? (?:open|author|accept|pre-?|post-?|peer|pdf)"
    r"|this (?:article|content|document|manuscript|paper|version|work) (?:is|was|has|may)\b"
    r".*(?:licen|publish|accept|access|review|copyright|available|appear)|[\w ]+ publishing\W*$).*",
    re.IGNORECASE,
)
"""In small type: where a paper is published or is to be, how it may be used, and what made it."""
REFERENCE: Final = pattern(
    r"[^\W\d_][\w'\u2019-]+(?: [^\W\d_][\w'\u2019-]+)?, (?:[^\W\d_]\.[ -]?)+.{0,200}?\W(?:1[89]|20)\d\d[a-e]?\W+"
)
"""How an entry of a reference list begins: a surname, initials, others, a year."""
_ACCENTS: Final = pattern(r"[\xb4`\xa8\xb8\xaf\u02c6\u02c7\u02d8-\u02dd]\s?")
"""Old fonts set them as glyphs of their own, in front of their letters."""


def is_furniture(text: str, *, small: bool) -> bool:
    """Tells whether a line above a title is the head's: a kind of article, a journal, an institution.

    Args:
        text: the line.
        small: whether its type is clearly smaller than the title's: then a year, a number or an address says so, too.
    """
    if small and (NUMBERED.search(text) or (len(text) <= MAX_FURNITURE and _STATE.fullmatch(text))):
        return True
    text = _ACCENTS.sub("", text)
    kinds = (ARTICLE, _MASTHEAD, _INSTITUTION, _LABEL)
    return len(text) <= MAX_FURNITURE and any(kind.fullmatch(text) for kind in kinds)


def names_a_publisher(text: str) -> bool:
    """Tells whether a line is the name of a journal or an institution."""
    return not ARTICLE.fullmatch(text) and any(kind.fullmatch(text) for kind in (_MASTHEAD, _INSTITUTION))
