"""All rules on one submission: what is to be said, what was silenced, and the word that it comes down to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pithtex.errors import UsageError
from pithtex.findings import CATALOGUE, Finding, Severity
from pithtex.manuscript.model import Ignore
from pithtex.presubmit.facts import Fact, facts_of
from pithtex.presubmit.rules import RULES
from pithtex.presubmit.submission import Submission
from pithtex.report.located import Located

UNDECIDED: frozenset[str] = frozenset({"record-not-at-hand", "build-unavailable"})
"""Findings that leave open whether the paper is as it should be: exit code 3 where nothing is wrong."""


class Word(StrEnum):
    """What the check comes down to."""

    READY = "ready"
    NOT_READY = "not ready"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the rules say of one submission."""

    submission: Submission
    items: tuple[Located, ...]
    """By file and place, those of a file as a whole first."""
    silenced: tuple[Located, ...]
    """Findings that a comment or an option silences."""
    facts: tuple[Fact, ...]

    @property
    def word(self) -> Word:
        """Not ready where an error is, undecided where a proof is missing."""
        if any(item.finding.severity is Severity.ERROR for item in self.items):
            return Word.NOT_READY
        undecided = any(item.finding.name in UNDECIDED for item in self.items)
        return Word.UNDECIDED if undecided else Word.READY


def review(
    submission: Submission,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    more: Iterable[Located] = (),
) -> Review:
    """Runs the rules.

    Args:
        submission: what is at hand.
        select: codes, beginnings of codes, or names; all others are left out. None selects all.
        ignore: the same, to be left out.
        more: findings of other steps (a build), to be treated like those of the rules.

    Raises:
        UsageError: `select` or `ignore` names no rule.
    """
    for name in (*select, *ignore):
        if not any(_names(name, rule.code, rule.name) for rule in CATALOGUE.values()):
            hint = "give a code (PITH612), its beginning (PITH61) or a name (package-stale): docs/presubmit.md"
            raise UsageError(f"{name!r} is no rule", hint=hint)
    found = [item for rule in RULES for item in rule(submission)]
    found += more
    used: set[int] = set()
    said: list[Located] = []
    silenced: list[Located] = []
    for item in found:
        stated = item.finding
        chosen = not select or any(_names(name, stated.code, stated.name) for name in select)
        left_out = any(_names(name, stated.code, stated.name) for name in ignore)
        by_comment = _silencing(submission, item)
        used.update(by_comment)
        (said if chosen and not left_out and not by_comment else silenced).append(item)
    said += _unused(submission, used, select, ignore)
    return Review(
        submission=submission,
        items=tuple(sorted(said, key=lambda item: _order(submission, item))),
        silenced=tuple(silenced),
        facts=facts_of(submission),
    )


def _names(name: str, code: str, rule: str) -> bool:
    return name.lower() == rule or (len(name) > len("PITH") and code.startswith(name.upper()))


def _silencing(submission: Submission, item: Located) -> list[int]:
    """The comments, by their index, that silence a finding: on its line, on the line above, or of the whole paper."""
    return [
        index
        for index, ignore in enumerate(submission.manuscript.ignores)
        if any(_names(name, item.finding.code, item.finding.name) for name in ignore.names)
        and (_whole(submission, ignore) or _beside(submission, ignore, item))
    ]


def _whole(submission: Submission, ignore: Ignore) -> bool:
    return ignore.whole_file and ignore.file is submission.manuscript.main


def _beside(submission: Submission, ignore: Ignore, item: Located) -> bool:
    if item.line is None or item.file != submission.path(ignore.file.name):
        return False
    line, column = ignore.file.place(ignore.start)
    span = ignore.file.line_span(line) or (0, 0)
    alone = not ignore.file.text[span[0] : span[0] + column - 1].strip()
    return item.line == line or (alone and item.line == line + 1)


def _unused(submission: Submission, used: set[int], select: Sequence[str], ignore: Sequence[str]) -> Iterable[Located]:
    rule = CATALOGUE["unused-ignore"]
    if select or any(_names(name, rule.code, rule.name) for name in ignore):
        return  # what was not looked for can't be missed
    for index, comment in enumerate(submission.manuscript.ignores):
        if index not in used:
            message = f"nothing here is {', '.join(comment.names)}"
            item = submission.at_offset(comment.file, comment.start, "unused-ignore", message, "take the comment out")
            yield item


def _order(submission: Submission, item: Located) -> tuple[int, str, int, int, str]:
    names = [submission.path(file.name) for file in submission.manuscript.files]
    place = names.index(item.file) if item.file in names else len(names)
    return place, item.file, item.line or 0, item.column or 0, item.finding.code


def finding_dict(item: Located) -> dict[str, object]:
    """A finding as `--json` has it: with its place."""
    stated: Finding = replace(item.finding, where=item.finding.where or item.file)
    return {**stated.to_dict(), "file": item.file, "line": item.line, "column": item.column}
