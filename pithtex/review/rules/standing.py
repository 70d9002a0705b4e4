"""PITH630: what the registry says of the paper since."""

from __future__ import annotations

from typing import Final

from pithtex.review.submission.model import Findings, Submission


def grave_standing(submission: Submission) -> Findings:
    """PITH630.

    What it does:
        Reports what whoever relies on the paper has to read first, in the signer's words: a withdrawal, a critical
        finding of an integrity check, or events of one key that contradict each other. It is read from the bundles
        beside the paper, those of `--record`, and those in the store.

    Why it matters:
        The record is genuine all the same, so nothing else would say it: the badge would be on a paper that the
        registry calls withdrawn.

    How to fix it:
        If this is the corrected text, add the record of its own version: `pithtex add ARXIV-ID`. If what is said is
        out of date, get the newest bundle: `pithtex resolve --bundle ARXIV-ID`.
    """
    for item in submission.standing.grave:
        said = f": {item.text}" if item.text else ""
        message = f"the registry says about this record: {item.says.value}{said} ({item.by})"
        hint = "check that this is the record of the text that you upload; pithtex show gives the details"
        use = submission.manuscript.number
        if use is None:
            yield submission.in_preamble("grave-standing", message, hint)
        else:
            yield submission.at(use, "grave-standing", message, hint)


RULES: Final = (grave_standing,)
