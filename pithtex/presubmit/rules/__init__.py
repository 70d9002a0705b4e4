"""Which rules is a submission held against?

Each is a function of a submission alone. It reads no file, and gives findings with their places.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pithtex.presubmit.rules import number, outcome, package, paper, record, sources, venue
from pithtex.presubmit.submission.model import Findings, Submission

RULES: Final[tuple[Callable[[Submission], Findings], ...]] = (
    *number.RULES,
    *package.RULES,
    *record.RULES,
    *paper.RULES,
    *venue.RULES,
    *sources.RULES,
    *outcome.RULES,
)
"""In the order of their codes."""
