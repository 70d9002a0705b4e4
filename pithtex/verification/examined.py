"""A document with every check of it, for people and programs: what `pithtex.examine` gives and `pithtex verify` prints.

No finding is left out, warnings among them, and of bad data nothing is raised.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from pithtex.errors import PithError
from pithtex.findings import Finding, Status
from pithtex.format.canonical import collapse
from pithtex.format.integrity_report import IntegrityReport
from pithtex.format.keys import Keyring
from pithtex.notebook import html_table, short_repr
from pithtex.structs import struct
from pithtex.verification.checks import Check
from pithtex.verification.document import Document, document_standing, examine_document
from pithtex.verification.record import Examination
from pithtex.verification.standing import Standing

Outcome = Literal["verified", "not verified", "could not be decided"]
"""What a document is said to be."""
_OUTCOMES: Final[dict[Status, Outcome]] = {Status.FAILS: "not verified", Status.UNAVAILABLE: "could not be decided"}


@struct(repr=False)
class Examined:
    """Every check of a document, what is wrong with it, and what it says of its paper's standing."""

    document: Document | None = None
    """None if the data is not a document."""
    examination: Examination | None = None
    problems: tuple[Finding, ...] = ()
    """What is wrong with the document."""
    standing: Standing | None = None
    """Of a document that verifies."""

    @property
    def status(self) -> Status:
        """Fails where a check does or the data is not a document, else unavailable where a proof is missing."""
        return Status.FAILS if self.examination is None else self.examination.status

    @property
    def word(self) -> Outcome:
        """Returns the status, as a word."""
        return _OUTCOMES.get(self.status, "verified")

    @property
    def checks(self) -> tuple[Check, ...]:
        """Returns every check, in the order of the steps."""
        return () if self.examination is None else self.examination.checks

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns what is said against the paper, then what is wrong with the document, warnings too, each once."""
        said = () if self.standing is None else self.standing.findings
        return tuple(dict.fromkeys((*said, *self.problems)))

    @property
    def number(self) -> str | None:
        """Returns the full number, derived from the digest; None if there is none."""
        found = None if self.examination is None else self.examination.number
        return None if found is None else found.full

    @property
    def title(self) -> str | None:
        """Of a record that verifies: of others it is a claim."""
        if self._unproven or self.document is None or isinstance(self.document.parsed, IntegrityReport):
            return None
        title = self.document.record.title
        return None if title is None else collapse(title)

    @property
    def source(self) -> str | None:
        """Returns the paper's name at its source, of a document that verifies: `arXiv:2606.01751v1`."""
        if self._unproven or self.document is None:
            return None
        if isinstance(self.document.parsed, IntegrityReport):
            return self.document.name
        return self.document.record.canonical.paper

    def to_dict(self, *, failures: bool = False) -> dict[str, object]:
        """One of the results of `pithtex verify --json`, but for the file's name.

        Args:
            failures: whether to leave out the checks that hold or were not made.
        """
        wanted = (Status.FAILS, Status.UNAVAILABLE)
        return {
            "kind": None if self.document is None else self.document.kind,
            "status": self.status.value,
            "number": self.number,
            "title": self.title,
            "source": self.source,
            "standing": None if self.standing is None else self.standing.to_dict(),
            "checks": [check.to_dict() for check in self.checks if not failures or check.status in wanted],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def __repr__(self) -> str:
        return short_repr(self, self.word, self.number or "", self.title or "", f"{len(self.checks)} checks")

    def _repr_html_(self) -> str:
        rows = ((f"{check.status.value}: {check.name}", check.message) for check in self.checks)
        return html_table(f"{self.word}: {self.title or self.number or 'no document'}", rows)

    @property
    def _unproven(self) -> bool:
        return self.status is not Status.HOLDS


def examined(
    document: Document, keyring: Keyring | None = None, *, now: datetime | None = None, more: tuple[Check, ...] = ()
) -> Examined:
    """Examines a document.

    Args:
        document: of any kind.
        keyring: the keys to trust; the pinned registry key by default.
        now: the time, with a zone, that no event may be after; not looked at by default.
        more: checks of something that belongs to it, as of a timestamp.
    """
    found = examine_document(document, keyring)
    if more:
        found = Examination(number=found.number, checks=(*found.checks, *more))
    standing = document_standing(document, keyring, now=now) if found.status is Status.HOLDS else None
    return Examined(document=document, examination=found, problems=found.findings, standing=standing)


def unreadable(error: PithError) -> Examined:
    """Data that is not a document."""
    return Examined(problems=(error.finding,))


def first_problem(found: Examined) -> Finding | None:
    """Returns what `verify` raises: the first contradiction, else the first missing proof."""
    for status in (Status.FAILS, Status.UNAVAILABLE):
        for check in found.checks:
            if check.status is status and not check.only_warns and check.finding is not None:
                return check.finding
    return None
