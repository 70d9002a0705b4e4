"""What is ever reported: a finding, and the place it was found at. `catalogue` has the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from pithtex.structs import struct

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top, in points and ordered; on a page of a PDF in default user space (ISO 32000-1, 7.9.5)."""


DOCS: Final = "https://pithtex.example.org/docs/"
"""Where docs/ is published: `make site` writes it, and release/addresses.toml has the address."""


def docs_url(name: str) -> str:
    """Returns the address of a finding's page, by the name of its rule."""
    return f"{DOCS}reference/findings.html#{name}"


class Status(StrEnum):
    """The state of one fact. Failed, not checked and unavailable are three values (docs/explanation/verdict.md)."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_CHECKED = "not-checked"
    UNAVAILABLE = "unavailable"


class Severity(StrEnum):
    """How much a finding matters; the three levels of SARIF 2.1.0 §3.27.10."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@struct
class Finding:
    """One thing to report.

    `message` and `where` may quote untrusted text: every renderer escapes them for its medium.
    """

    code: str
    name: str
    severity: Severity
    message: str
    where: str = ""
    hint: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Returns the JSON form, one of the contracts of `--json`."""
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity.value,
            "message": self.message,
            "where": self.where,
            "hint": self.hint,
            "url": docs_url(self.name),
        }


_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@struct
class Replacement:
    """A change of a text file: what stands from one place up to another gives way to a text."""

    file: str
    """As the findings name files."""
    line: int
    """1-based, as all of these."""
    column: int
    """In characters."""
    end_line: int
    end_column: int
    """Of the first character that stays."""
    text: str


@struct
class Located:
    """One finding in one file."""

    file: str
    """The path as the user gave it; `-` is standard input."""
    finding: Finding
    line: int | None = None
    """1-based, of a text file."""
    column: int | None = None
    """1-based, in characters."""
    page: int | None = None
    """1-based, of a PDF."""
    region: Rect | None = None
    """On that page: left, bottom, right, top in points."""
    remedy: str | None = None
    """What `presubmit --fix` can do about it, by the name that its rule gives it."""
    fix: tuple[Replacement, ...] = ()
    """What that would change, where it is asked for."""
    undecided: bool = False
    """It leaves open whether the paper is as it should be: exit code 3 if nothing is wrong."""


def worst_first(items: Iterable[Located]) -> list[Located]:
    """Errors, then warnings, then notes; each in the order given."""
    return sorted(items, key=lambda item: _RANK[item.finding.severity])


def of_document(file: str, findings: Iterable[Finding]) -> Iterator[Located]:
    """Yields the findings of a file that has neither pages nor lines."""
    for item in findings:
        yield Located(file=file, finding=item)
