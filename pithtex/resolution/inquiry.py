"""Keeps who was asked for a record, who answered, and what went wrong with each.

What is decided by absence - newest, not ambiguous, not found - is worth what the asking was worth, so it is told with
it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pithtex.findings import Finding
from pithtex.structs import field, struct


@struct
class Answer:
    """The answer of one mirror."""

    mirror: str
    """Its name and address."""
    answered: bool
    """Whether it said what it knows of the name, if only that it knows nothing."""
    named: int = 0
    """Records that it names: claims."""
    proven: int = 0
    """How many of these verify."""
    newest: int | None = None
    """The newest version among the proven ones."""
    dated: datetime | None = None
    """When its answer was last changed, as the mirror says."""
    findings: tuple[Finding, ...] = ()
    """What went wrong with it, and what it names and cannot show."""

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        return {
            "mirror": self.mirror,
            "answered": self.answered,
            "named": self.named,
            "proven": self.proven,
            "newest": self.newest,
            "dated": _time(self.dated),
            "findings": [item.to_dict() for item in self.findings],
        }


@struct
class Remembered:
    """What the store remembers of the last time that mirrors were asked."""

    at: datetime
    asked: int
    answered: int


@struct(frozen=False)
class Inquiry:
    """The mirrors asked for one name. It is filled while the name is resolved, so that it describes failures too."""

    at: datetime | None = None
    """When mirrors were asked; None where none was."""
    answers: list[Answer] = field(default_factory=list)
    before: Remembered | None = None
    """The last time, where none could be asked now."""

    @property
    def answered(self) -> int:
        """Returns how many mirrors answered."""
        return sum(answer.answered for answer in self.answers)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns the findings against mirrors, each once."""
        return tuple(dict.fromkeys(item for answer in self.answers for item in answer.findings))

    def add(self, answer: Answer) -> None:
        """Adds a mirror's answer."""
        self.at = self.at or datetime.now(UTC)
        self.answers.append(answer)

    @property
    def line(self) -> str:
        """Returns, as the end of a sentence, how many were asked, how many answered, and how long ago."""
        if not self.answered:
            now = _counts(len(self.answers), 0) if self.answers else "no mirror asked"
            before = self.before
            return now if before is None else f"{now}; on {_day(before.at)}, {_counts(before.asked, before.answered)}"
        dates = sorted(answer.dated for answer in self.answers if answer.dated is not None)
        changed = "" if not dates else f", last changed {_day(dates[-1])} by its own word"
        if dates and _day(dates[0]) != _day(dates[-1]):
            changed = f", last changed {_day(dates[0])} to {_day(dates[-1])} by their own word"
        return _counts(len(self.answers), self.answered) + changed

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        before = self.before
        return {
            "at": _time(self.at),
            "asked": len(self.answers),
            "answered": self.answered,
            "mirrors": [answer.to_dict() for answer in self.answers],
            "before": None
            if before is None
            else {"at": _time(before.at), "asked": before.asked, "answered": before.answered},
        }


def _counts(asked: int, answered: int) -> str:
    return f"{asked} mirror{'' if asked == 1 else 's'} asked, {answered} answered"


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
