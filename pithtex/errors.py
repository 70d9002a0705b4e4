"""The tree of errors.

    PithError                     everything this package raises on purpose
    ├── DataError                 the data is at fault
    │   ├── MalformedError        not a document, number or receipt of the expected form
    │   │   ├── UnknownDocumentError  JSON, but of another kind than was expected
    │   │   └── RecordShapeError      a canonical record that is not of the one shape
    │   ├── VerificationError     well-formed, and something contradicts
    │   ├── UndecidedError        well-formed, nothing contradicts, nothing is proven (unknown key, no receipt)
    │   └── UnreadablePdfError    not a PDF that can be opened
    ├── UnavailableError          what was asked for is not available; says nothing about any data
    │   └── MirrorDownError       a mirror that does not answer, or only that it cannot: not to be asked for long
    ├── OutputError               what was to be written cannot be; nothing is said of any data either
    └── UsageError                the call is at fault

Each carries a message, the place (`where`: a JSON path, a page) and, if there is one, a `hint`: what to do. What a
program may go by is data beside them (`rule`, `likely`), never the words.
"""

from __future__ import annotations

from pithtex.catalogue import finding
from pithtex.findings import Finding


class PithError(Exception):
    """Base of all errors of this package.

    `message` and `where` may quote untrusted text: escape them before they reach a terminal or a page. `rule` names the
    error in the catalogue of findings. `likely` is what was probably meant, the most probable first, where something
    stands out; one alone where nothing else can have been.
    """

    rule: str = "malformed-document"

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        hint: str | None = None,
        rule: str | None = None,
        likely: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        self.rule = self.rule if rule is None else rule
        self.likely = likely

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _remade, (type(self), self.args, self.__dict__)

    @property
    def code(self) -> str:
        """Returns the code of its rule, `PITH###` (docs/reference/findings.md)."""
        return self.finding.code

    @property
    def finding(self) -> Finding:
        """Returns the error as a finding."""
        return finding(self.rule, self.message, where=self.where, hint=self.hint)


def _remade(kind: type[PithError], args: tuple[object, ...], state: dict[str, object]) -> PithError:
    """Returns an error that came from another process, whatever its kind is made of."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class DataError(PithError):
    """The data is at fault."""


class MalformedError(DataError):
    """Not a document, number or receipt of the expected form."""


class UnknownDocumentError(MalformedError):
    """The input is JSON, but not a document of the kind that was expected."""

    rule = "unknown-document"


class RecordShapeError(MalformedError):
    """A canonical record that does not have exactly the keys and types of version 1.0: it contradicts itself."""

    rule = "record-shape"


class _FoundError(PithError):
    """Made of a finding, which has a name and a severity of its own."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message, where=finding.where, hint=finding.hint, rule=finding.name)
        self._finding = finding

    @property
    def finding(self) -> Finding:
        """Returns the finding that says what went wrong."""
        return self._finding


class VerificationError(_FoundError, DataError):
    """Well-formed, and something contradicts; `finding` says what."""


class UndecidedError(VerificationError):
    """Well-formed, and nothing contradicts, but nothing is proven either: unknown key, no receipt."""


class UnreadablePdfError(DataError):
    """Not a PDF that can be opened."""


class UnavailableError(_FoundError):
    """What was asked for is not available: not found, ambiguous, a host that is down, an unusable reply.

    `finding` says what. It never says that data is forged: an outage must not look like a forgery.
    """


class MirrorDownError(UnavailableError):
    """A mirror cannot be reached, or answers that it cannot serve: one that goes on like that is not asked any more."""


class OutputError(PithError):
    """What was to be written cannot be: no such folder, no permission, no room. What stood there before still does."""

    rule = "no-output"


class UsageError(PithError):
    """The call is at fault: an option, a path, a missing tool."""

    rule = "wrong-usage"
