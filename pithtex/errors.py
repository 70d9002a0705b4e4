"""The tree of errors.

    PithError                     everything this package raises on purpose
    ├── DataError                 the data is at fault
    │   ├── MalformedError        not a document, number or receipt of the expected form
    │   ├── VerificationError     well-formed, and something contradicts
    │   ├── UndecidedError        well-formed, nothing contradicts, nothing is proven (unknown key, no receipt)
    │   └── UnreadablePdfError    not a PDF that can be opened
    ├── UnavailableError          what was asked for could not be had; nothing is said of any data
    ├── OutputError               what was to be written cannot be; nothing is said of any data either
    └── UsageError                the call is at fault

Each carries a message, the place (`where`: a JSON path, a page) and, where there is one, a `hint`: what to do.
"""

from __future__ import annotations

from pithtex.catalogue import finding
from pithtex.findings import Finding


class PithError(Exception):
    """Base of all errors of this package.

    `message` and `where` may quote untrusted text: escape them before they reach a terminal or a page. `rule` names the
    error in the catalogue of findings.
    """

    rule: str = "malformed-document"

    def __init__(self, message: str, *, where: str = "", hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    @property
    def finding(self) -> Finding:
        """The error as a finding."""
        return finding(self.rule, self.message, where=self.where, hint=self.hint)


class DataError(PithError):
    """The data is at fault."""


class MalformedError(DataError):
    """Not a document, number or receipt of the expected form."""

    def __init__(
        self, message: str, *, where: str = "", hint: str | None = None, rule: str = "malformed-document"
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.rule = rule


class VerificationError(DataError):
    """Well-formed, and something contradicts; `finding` says what."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message, where=finding.where, hint=finding.hint)
        self._finding = finding

    @property
    def finding(self) -> Finding:
        """What contradicts."""
        return self._finding


class UndecidedError(VerificationError):
    """Well-formed, and nothing contradicts, but nothing is proven either: unknown key, no receipt."""


class UnreadablePdfError(DataError):
    """Not a PDF that can be opened."""


class UnavailableError(PithError):
    """What was asked for could not be had: not found, ambiguous, a host that is down, a reply that is none.

    `finding` says what. It never says that data is forged: an outage must not look like a forgery.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message, where=finding.where, hint=finding.hint)
        self._finding = finding

    @property
    def finding(self) -> Finding:
        """What went wrong."""
        return self._finding


class OutputError(PithError):
    """What was to be written cannot be: no such folder, no permission, no room. What stood there before still does."""

    rule = "no-output"


class UsageError(PithError):
    """The call is at fault: an option, a path, a missing tool."""

    def __init__(self, message: str, *, where: str = "", hint: str | None = None, rule: str = "wrong-usage") -> None:
        super().__init__(message, where=where, hint=hint)
        self.rule = rule
