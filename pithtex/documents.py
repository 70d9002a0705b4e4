"""Which kind of document some bytes are, and the same treatment for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pithtex.errors import MalformedError
from pithtex.graph import BUNDLE_TYPE, Bundle, load_bundle
from pithtex.keys import Keyring
from pithtex.record import RECORD_TYPE, Record, load_document, load_record
from pithtex.verify import (
    Examination,
    VerifiedRecord,
    examine_bundle,
    examine_record,
    verify_bundle,
    verify_record,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A record document or a bundle, parsed: what `RECORD` means on the command line."""

    kind: str
    """`record` or `bundle`."""
    parsed: Record | Bundle

    @property
    def record(self) -> Record:
        """The record that the document is of."""
        return self.parsed.record if isinstance(self.parsed, Bundle) else self.parsed


def load(data: bytes | Mapping[str, object]) -> Document:
    """Parses a record document or a bundle.

    Raises:
        MalformedError: neither, or not of its form.
    """
    document = load_document(data)
    if document.get("record_type") == RECORD_TYPE:
        return Document(kind="record", parsed=load_record(document))
    if document.get("bundle_type") == BUNDLE_TYPE:
        return Document(kind="bundle", parsed=load_bundle(document))
    raise MalformedError(
        "JSON, but neither a record nor a bundle of the Pith registry",
        hint=f"a record has record_type {RECORD_TYPE!r}, a bundle bundle_type {BUNDLE_TYPE!r}",
        rule="unknown-document",
    )


def examine(document: Document, keyring: Keyring | None = None) -> Examination:
    """Every check that applies to the document."""
    if isinstance(document.parsed, Bundle):
        return examine_bundle(document.parsed, keyring)
    return examine_record(document.parsed, keyring)


def verify(document: Document, keyring: Keyring | None = None) -> VerifiedRecord:
    """The document's verified record; a bundle is verified whole.

    Raises:
        VerificationError: something contradicts.
        UndecidedError: nothing is proven.
    """
    if isinstance(document.parsed, Bundle):
        return verify_bundle(document.parsed, keyring).record
    return verify_record(document.parsed, keyring)
