"""One comparison of the verifier, how each kind of comparison is made, and the diary that the steps write them into."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum, auto
from typing import TypeVar

from pithtex.catalogue import finding
from pithtex.errors import UndecidedError, VerificationError
from pithtex.findings import Finding, Severity, Status
from pithtex.format.canonical import canonical_bytes
from pithtex.structs import NamedTuple
from pithtex.text import shortened

Values = tuple[tuple[str, str], ...]
"""What went in and what came out, by name."""


_T = TypeVar("_T")
Row = tuple[str | None, object, _T]
"""A derived value, or None if none can be; the stated one; and what they are of."""


class Redo(Enum):
    """How a person redoes a comparison with other tools, as `verify --explain` shows."""

    DIGEST = auto()
    NUMBER = auto()
    YEAR = auto()
    TITLE = auto()
    SNAPSHOT = auto()
    EVENT = auto()
    BUNDLE = auto()
    SIGNATURE = auto()
    KEY = auto()


class Check(NamedTuple):
    """One comparison of the verifier: what was compared, and how it came out.

    A named tuple, since a record makes some sixty and they are made three times as fast as frozen dataclasses.
    """

    name: str
    status: Status
    message: str
    """What was compared, and how it came out."""
    where: str = ""
    inputs: Values = ()
    """What went in and what came out, by name, for `--explain`."""
    finding: Finding | None = None
    redo: Redo | None = None

    @property
    def only_warns(self) -> bool:
        """Tells whether it failed on what nothing signs: worth a warning, and no contradiction."""
        if self.status is not Status.FAILS or self.finding is None:
            return False
        return self.finding.severity is not Severity.ERROR

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        return {
            "check": self.name,
            "status": self.status.value,
            "message": self.message,
            "where": self.where,
            "values": dict(self.inputs),
        }


def judged(
    name: str, message: str, *, holds: bool, rule: str, where: str, inputs: Values = (), redo: Redo | None = None
) -> Check:
    """Returns a comparison that came out either way, with the finding of `rule` where it failed."""
    if holds:
        return Check(name, Status.HOLDS, message, where, inputs, redo=redo)
    problem = finding(rule, f"{name}: {message}", where=where)
    return Check(name, Status.FAILS, message, where, inputs, problem, redo)


def held(name: str, message: str, where: str, redo: Redo | None = None) -> Check:
    """Returns a comparison that needs no finding, since a failure cannot get this far."""
    return Check(name, Status.HOLDS, message, where, redo=redo)


class Diary:
    """Where the steps of the verifier write what they compare. Every comparison is kept as a check; nothing is raised.

    The steps call `equal`, `compare` and `fields` for what can fail, `held` for what cannot any more, and `add` for the
    rest. What becomes of a comparison is the diary's to decide: the steps never ask.
    """

    __slots__ = ("checks",)

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def add(self, check: Check) -> None:
        """Takes a check as it is."""
        self.checks.append(check)

    def held(self, name: str, message: str, where: str, redo: Redo | None = None) -> None:
        """What has been found to hold."""
        self.add(held(name, message, where, redo))

    def copies(self, where: str, keys: Iterable[str]) -> None:
        """The fields of an object that are as signed, told together."""
        self.held(f"copies in {where}" if where else "copies", f"{', '.join(keys)}: as signed", where)

    def compare(self, holds: bool, tell: Callable[[], Check]) -> None:
        """A comparison that came out either way, as the check that `tell` makes of it."""
        self.add(tell())

    def equal(
        self,
        name: str,
        label: str,
        derived: str,
        stated: str | None,
        *,
        rule: str,
        where: str,
        inputs: Values = (),
        redo: Redo | None = None,
    ) -> None:
        """A stated value against the derived one; not checked where the document states none."""
        if stated is None:
            self.add(Check(name, Status.NOT_CHECKED, f"{derived}; none stated", where, inputs, redo=redo))
            return
        holds = derived == stated
        message = f"{label} {derived}" + (f" = {where}" if holds else f", but {where} is {stated!r}")
        self.add(judged(name, message, holds=holds, rule=rule, where=where, inputs=inputs, redo=redo))

    def fields(self, name: str, where: str, known: Iterable[tuple[str, str, str]]) -> None:
        """The fields of a receipt or signature that have one known value each.

        Args:
            name: how the checks are to be called, before the field's key.
            where: the JSON path of the object.
            known: key, known value, stated value.
        """
        for key, value, stated in known:
            self.equal(f"{name} {key}", "known value", value, stated, rule="receipt-field", where=f"{where}.{key}")

    def each(self, rows: Iterable[Row[_T]], tell: Callable[[_T], None]) -> None:
        """Comparisons of one kind, of which nearly all hold.

        Args:
            rows: the values, and what they are of.
            tell: compares them with their words and places, which it makes of what they are of.
        """
        for _, _, what in rows:
            tell(what)


class Strict(Diary):
    """Raises at the first contradiction, and keeps no check: nearly all that a verifier compares holds."""

    __slots__ = ("undecided",)

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

    def held(self, name: str, message: str, where: str, redo: Redo | None = None) -> None:
        """Nothing to raise."""

    def copies(self, where: str, keys: Iterable[str]) -> None:
        """Nothing to raise."""

    def compare(self, holds: bool, tell: Callable[[], Check]) -> None:
        """Makes the check where it fails."""
        if not holds:
            self.add(tell())

    def fields(self, name: str, where: str, known: Iterable[tuple[str, str, str]]) -> None:
        """Makes the checks of those that differ."""
        for field in known:
            if field[1] != field[2]:
                super().fields(name, where, (field,))

    def each(self, rows: Iterable[Row[_T]], tell: Callable[[_T], None]) -> None:
        """Tells those that differ."""
        for derived, stated, what in rows:
            if derived != stated and derived is not None:
                tell(what)

    def equal(
        self,
        name: str,
        label: str,
        derived: str,
        stated: str | None,
        *,
        rule: str,
        where: str,
        inputs: Values = (),
        redo: Redo | None = None,
    ) -> None:
        """Makes the check where the values differ."""
        if stated is not None and stated != derived:
            super().equal(name, label, derived, stated, rule=rule, where=where, inputs=inputs, redo=redo)

    def finish(self) -> None:
        """Ends the verification.

        Raises:
            UndecidedError: nothing contradicts, and a proof is missing.
        """
        if self.undecided is not None:
            raise UndecidedError(self.undecided)


def show(value: object) -> str:
    """Returns a JSON value as text, cut to a line."""
    return shortened(canonical_bytes(value).decode("utf-8"), 100)
