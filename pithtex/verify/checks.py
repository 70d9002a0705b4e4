"""One comparison of the verifier, and how each kind of comparison is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar, NamedTuple

from pithtex.catalogue import finding
from pithtex.errors import UndecidedError, VerificationError
from pithtex.findings import Finding, Severity, Status
from pithtex.format.canonical import canonical_bytes
from pithtex.text import shortened

Values = tuple[tuple[str, str], ...]
"""What went in and what came out, by name."""

Inputs = Values | Callable[[], Values]
"""Values, or what makes them when a check is made."""

Said = str | Callable[[], str]
"""What was compared. Most checks of most documents hold and are never read, so the text is made when it is."""


class Check(NamedTuple):
    """One comparison of the verifier: what was compared, and how it came out.

    A named tuple, since a record makes some sixty and they are made three times as fast as frozen dataclasses.
    """

    name: str
    status: Status
    said: Said
    where: str = ""
    inputs: Values = ()
    """What went in and what came out, by name, for `--explain`."""
    finding: Finding | None = None

    @property
    def message(self) -> str:
        """What was compared, and how it came out."""
        return self.said if isinstance(self.said, str) else self.said()

    @property
    def only_warns(self) -> bool:
        """Whether it failed on what nothing signs: worth a warning, and no contradiction."""
        if self.status is not Status.FAILS or self.finding is None:
            return False
        return self.finding.severity is not Severity.ERROR

    def to_dict(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "check": self.name,
            "status": self.status.value,
            "message": self.message,
            "where": self.where,
            "values": dict(self.inputs),
        }


def judged(
    name: str,
    said: Said,
    *,
    holds: bool,
    rule: str,
    where: str,
    inputs: Inputs = (),
) -> Check:
    """A comparison that came out either way, with the finding of `rule` where it failed."""
    values = _values(inputs)
    if holds:
        return Check(name=name, status=Status.HOLDS, said=said, where=where, inputs=values)
    message = said if isinstance(said, str) else said()
    problem = finding(rule, f"{name}: {message}", where=where)
    return Check(name=name, status=Status.FAILS, said=message, where=where, inputs=values, finding=problem)


def _values(inputs: Inputs) -> Values:
    return inputs if isinstance(inputs, tuple) else inputs()


def _compared(label: str, derived: str, stated: str, where: str) -> str:
    return f"{label} {derived}" + (f" = {where}" if derived == stated else f", but {where} is {stated!r}")


def held(name: str, said: Said, where: str) -> Check:
    """A comparison that needs no finding, since a failure cannot get this far."""
    return Check(name=name, status=Status.HOLDS, said=said, where=where)


class Log:
    """Where the steps of the verifier write: every check is kept, nothing is raised."""

    __slots__ = ("checks",)

    keeps: ClassVar = True
    """Whether checks that hold are kept. Where they are not, a step need not say what it found to be in order."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def add(self, check: Check) -> None:
        """Takes a check as it is."""
        self.checks.append(check)

    def equal(
        self,
        name: str,
        label: str,
        derived: str,
        stated: str | None,
        *,
        rule: str,
        where: str,
        inputs: Inputs = (),
    ) -> None:
        """A stated value against the derived one; not checked where the document states none."""
        if not self.keeps and stated in (None, derived):
            return
        if stated is None:
            message = f"{derived}; none stated"
            self.add(Check(name=name, status=Status.NOT_CHECKED, said=message, where=where, inputs=_values(inputs)))
            return
        said = partial(_compared, label, derived, stated, where)
        self.add(judged(name, said, holds=derived == stated, rule=rule, where=where, inputs=inputs))

    def fields(self, name: str, where: str, known: Iterable[tuple[str, str, str]]) -> None:
        """The fields of a receipt or signature that have one known value each.

        Args:
            name: how the checks are to be called, before the field's key.
            where: the JSON path of the object.
            known: key, known value, stated value.
        """
        for key, value, stated in known:
            if self.keeps or value != stated:
                self.equal(f"{name} {key}", "known value", value, stated, rule="receipt-field", where=f"{where}.{key}")


class Strict(Log):
    """Raises at the first contradiction, and makes no check of what holds: most of what a verifier sees does."""

    __slots__ = ("undecided",)

    keeps = False

    def __init__(self) -> None:
        super().__init__()
        self.undecided: Finding | None = None

    def add(self, check: Check) -> None:
        """Takes a check: a contradiction is raised, a missing proof is kept for `finish`.

        Raises:
            VerificationError: it failed on what is signed or derived from it.
        """
        if check.finding is None or check.only_warns:
            return
        if check.status is Status.FAILS:
            raise VerificationError(check.finding)
        if check.status is Status.UNAVAILABLE:
            self.undecided = self.undecided or check.finding

    def finish(self) -> None:
        """Ends the verification.

        Raises:
            UndecidedError: nothing contradicts, and a proof is missing.
        """
        if self.undecided is not None:
            raise UndecidedError(self.undecided)


def show(value: object) -> str:
    """A JSON value as text, cut to a line."""
    return shortened(canonical_bytes(value).decode("utf-8"), 100)
