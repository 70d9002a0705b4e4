"""Which rules is a submission held against?

Each is a function of a submission alone. It reads no file, and gives findings with their places. It has the name of its
finding in the catalogue, and its docstring is its section of docs/reference/presubmit.md: what it does, why that
matters, how to fix it (`pithtex.review.rules_page`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pithtex.review.rules import (
    arxiv,
    cited,
    disclosure,
    engines,
    number,
    outcome,
    package,
    page,
    paper,
    printed,
    record,
    references,
    sources,
    standing,
    venue,
)
from pithtex.review.submission.model import Findings, Submission

Rules = tuple[Callable[[Submission], Findings], ...]

CHAPTERS: Final[dict[str, Rules]] = {
    "The number": number.RULES,
    "pith.sty": package.RULES,
    "The record": (*record.RULES, *paper.RULES, *standing.RULES),
    "Classes and venues": venue.RULES,
    "The sources": sources.RULES,
    "The last run of TeX": outcome.RULES,
    "What the paper refers to": references.RULES,
    "What the paper cites": cited.RULES,
    "What arXiv lacks": arxiv.RULES,
    "What arXiv runs": engines.RULES,
    "The page": page.RULES,
    "What the upload gives away": disclosure.RULES,
    "The compiled PDF and its references": printed.RULES,
}
"""The rules below the headings of their page."""

RULES: Final[Rules] = tuple(rule for rules in CHAPTERS.values() for rule in rules)
"""Chapter by chapter; in a chapter in the order of their codes."""
