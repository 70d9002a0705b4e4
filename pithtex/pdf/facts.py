"""The facts that a verdict is made of (docs/explanation/verdict.md)."""

from __future__ import annotations

from typing import Final

from pithtex.findings import Status
from pithtex.structs import NamedTuple, struct


class Fact(NamedTuple):
    """One fact: its status, and what was compared."""

    status: Status
    message: str
    by: str | None = None
    """Of the binding: `title`, `arxiv-id` or `expected`; of the abstract: `digest` or `text`."""
    shows: tuple[int, str] | None = None
    """Of a binding by what a page shows: the page, 1-based, and the title or stamp there."""
    titled: bool | None = None
    """Of the binding: whether a page that was read shows the record's title; None if that was not compared."""

    def to_dict(self) -> dict[str, str]:
        """Returns the JSON form."""
        result = {"status": self.status.value, "message": self.message}
        return result if self.by is None else {**result, "by": self.by}


_UNSEEN: Final = Fact(status=Status.NOT_CHECKED, message="there is nothing to check")


@struct
class Facts:
    """The eight facts. Each is evaluated on its own; none is left out because another failed."""

    number: Fact = _UNSEEN
    """The file states a well-formed number."""
    channels: Fact = _UNSEEN
    """All channels that speak name the same number."""
    record: Fact = _UNSEEN
    """A record of that number was found, and is consistent in itself."""
    digest: Fact = _UNSEEN
    """The record hashes to the number."""
    signature: Fact = _UNSEEN
    """The signature over the digest holds."""
    key: Fact = _UNSEEN
    """The signing key is in the keyring."""
    binding: Fact = _UNSEEN
    """The paper shows the record's title or stamp, or is the one that was expected."""
    abstract: Fact = _UNSEEN
    """The paper shows the record's abstract."""

    def items(self) -> tuple[tuple[str, Fact], ...]:
        """Returns the facts by name, in order."""
        return tuple((name, getattr(self, name)) for name in Facts.__annotations__)

    def to_dict(self) -> dict[str, dict[str, str]]:
        """Returns the JSON form."""
        return {name: fact.to_dict() for name, fact in self.items()}
