"""The options that take verdicts."""

from __future__ import annotations

from typing import Final

from pithtex.errors import UsageError
from pithtex.text import did_you_mean, shortened

WORDS: Final = ("valid", "unbound", "unverified", "absent", "unreadable", "invalid")
"""As in `pdf.judgement.verdict`, which costs start-up time."""


def words_of(option: str, text: str) -> frozenset[str]:
    """Returns the verdicts that an option names, with commas between.

    Raises:
        UsageError: one of them is not a verdict.
    """
    chosen = frozenset(word for word in text.split(",") if word)
    unknown = chosen - set(WORDS)
    if unknown:
        word = min(unknown)
        meant = did_you_mean(word, WORDS)
        raise UsageError(f"{option}: unknown verdict {shortened(word)!r}{meant}", hint=f"verdicts: {', '.join(WORDS)}")
    return chosen
