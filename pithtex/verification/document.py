"""Which kind of document some bytes are, and the same treatment for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pithtex.errors import UnknownDocumentError
from pithtex.format.bundle import BUNDLE_TYPE, Bundle, load_bundle
from pithtex.format.integrity_report import IntegrityReport, is_integrity_report, load_integrity_report
from pithtex.format.keys import Keyring
from pithtex.format.record import RECORD_TYPE, Record, load_object, load_record, name_of
from pithtex.limits import MAX_DOCUMENT_BYTES
from pithtex.structs import struct
from pithtex.verification.bundle import examine_bundle, verify_bundle
from pithtex.verification.integrity_report import integrity_steps
from pithtex.verification.record import Examination, VerifiedRecord, examine_record, verify_record
from pithtex.verification.standing import Standing, from_record, from_report, standing_of

_WANTED: Final = f"a record has record_type {RECORD_TYPE!r}, a bundle bundle_type {BUNDLE_TYPE!r}"


@struct
class Document:
    """A record document or a bundle, which is what `RECORD` means on the command line, or an integrity report."""

    kind: str
    """`record`, `bundle` or `integrity report`."""
    parsed: Record | Bundle | IntegrityReport

    @property
    def record(self) -> Record:
        """Returns the record that the document is of.

        Raises:
            MalformedError: it is an integrity report, which has none.
        """
        if isinstance(self.parsed, IntegrityReport):
            raise UnknownDocumentError("an integrity report contains no record", hint=_WANTED)
        return self.parsed.record if isinstance(self.parsed, Bundle) else self.parsed

    @property
    def name(self) -> str:
        """Returns the number, derived from the digest; of an integrity report the arXiv id."""
        if isinstance(self.parsed, IntegrityReport):
            return name_of("arxiv", self.parsed.arxiv_id)
        return self.record.canonical.number.full


def load_document(data: bytes | Mapping[str, object], *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Document:
    """Parses a record document, a bundle or an integrity report, of at most `max_bytes`.

    Raises:
        MalformedError: none of these, or not of its form, or too large.
    """
    document = load_object(data, max_bytes=max_bytes)
    if document.get("record_type") == RECORD_TYPE:
        return Document(kind="record", parsed=load_record(document))
    if document.get("bundle_type") == BUNDLE_TYPE:
        return Document(kind="bundle", parsed=load_bundle(document))
    if is_integrity_report(document):
        return Document(kind="integrity report", parsed=load_integrity_report(document))
    message = "this JSON is not a record, bundle or integrity report of the Pith registry"
    raise UnknownDocumentError(message, hint=_WANTED)


def examine_document(document: Document, keyring: Keyring | None = None) -> Examination:
    """Returns every check that applies to the document."""
    if isinstance(document.parsed, IntegrityReport):
        return Examination(number=None, checks=tuple(integrity_steps(document.parsed, keyring)))
    if isinstance(document.parsed, Bundle):
        return examine_bundle(document.parsed, keyring)
    return examine_record(document.parsed, keyring)


def verify_document(document: Document, keyring: Keyring | None = None) -> VerifiedRecord:
    """Returns the document's verified record; a bundle is verified whole.

    Raises:
        MalformedError: an integrity report, which has no record.
        VerificationError: something contradicts.
        UndecidedError: nothing is proven.
    """
    if isinstance(document.parsed, Bundle):
        return verify_bundle(document.parsed, keyring).record
    return verify_record(document.record, keyring)


def document_standing(document: Document, keyring: Keyring | None = None, *, now: datetime | None = None) -> Standing:
    """Returns what the document says of the paper beyond its record; that it verifies is `verify_document`'s to say.

    Args:
        document: of any kind. Of all but a bundle the standing is unknown; critical findings in it are claims.
        keyring: the keys to trust.
        now: the time, with a zone, that no event may be after; not looked at by default.
    """
    parsed = document.parsed
    if isinstance(parsed, Bundle):
        return standing_of([parsed], keyring, now=now)
    return from_report(parsed) if isinstance(parsed, IntegrityReport) else from_record(parsed)
