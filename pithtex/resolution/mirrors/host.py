"""Reads and verifies what a mirror sends, before any caller sees it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import (
    MalformedError,
    MirrorDownError,
    PithError,
    RecordShapeError,
    UnavailableError,
    UndecidedError,
    UnknownDocumentError,
    VerificationError,
)
from pithtex.findings import Finding
from pithtex.format.bundle import Bundle
from pithtex.format.fields import Fields
from pithtex.format.identifiers import ArxivId, plain_arxiv_id
from pithtex.format.keys import Keyring
from pithtex.format.number import PithNumber, ShortForm
from pithtex.format.record import load_object, load_record
from pithtex.limits import MAX_CANDIDATES
from pithtex.resolution.mirrors.manifest import INDEX_TYPE, Mirror, no_document
from pithtex.structs import struct
from pithtex.verification.document import Document, load_document, verify_document
from pithtex.verification.record import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.resolution.mirrors.client import Client, Reply

_TRIES: Final = 3
"""Failures in a row after which a mirror is not asked any more in this run."""


@struct
class Candidate:
    """A record that a mirror names: a claim, unless `record` is there."""

    suffix: str
    version: int | None = None
    record: VerifiedRecord | None = None


@struct
class Lookup:
    """What a mirror says of a name."""

    candidates: tuple[Candidate, ...]
    """The newest first, each suffix once."""
    left_out: int = 0
    """How many it names beyond `MAX_CANDIDATES`."""
    dated: datetime | None = None
    """When it was last changed, as the mirror says."""


class Host:
    """One mirror in one run: asks it, verifies what it sends, and knows when to stop asking. Used by many threads."""

    def __init__(
        self, mirror: Mirror, client: Client, keyring: Keyring, failure: UnavailableError | None = None
    ) -> None:
        self.mirror = mirror
        self._client = client
        self._keyring = keyring
        self._failure = failure
        """Why it cannot be asked at all."""
        self._failures = 0
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Returns the mirror's name and address, as names alone are not distinct."""
        return f"{self.mirror.name} ({self.mirror.base_url})"

    def record(self, suffix: str) -> tuple[VerifiedRecord, Bundle | None] | None:
        """Returns the record of that suffix, and its bundle if it came in one; None if the mirror has none.

        Raises:
            UnavailableError: the mirror could not be asked, or sent no document.
            UndecidedError: nothing is proven of what it sent.
            VerificationError: what it sent contradicts itself, or is another record.
        """
        for url in self.mirror.record_urls(suffix):
            reply = self._get(url, mutable=not url.endswith(f"/{suffix}.json"))
            if reply is not None:
                document = self._document(reply, url)
                record = self._verified(document, reply, url, suffix)
                return record, document.parsed if isinstance(document.parsed, Bundle) else None
        return None

    def bundle(self, suffix: str, urls: list[str] | None = None) -> Bundle | None:
        """Returns the bundle of that suffix, verified as a whole; None if the mirror has none.

        Raises:
            PithError: as `record`.
        """
        for url in self.mirror.bundle_urls(suffix) if urls is None else urls:
            reply = self._get(url, mutable=True)
            if reply is not None:
                document = self._document(reply, url)
                self._verified(document, reply, url, suffix)
                if isinstance(document.parsed, Bundle):
                    return document.parsed
                raise no_document(MalformedError("a record, not a bundle"), reply.body, self.mirror.name, url)
        return None

    def lookup(self, asked: ArxivId | ShortForm) -> Lookup | None:
        """Returns the records that the mirror names, possibly none; None if the mirror has no look-up.

        Raises:
            PithError: as `record`.
        """
        url = self.mirror.lookup_url(asked)
        if url is None:
            return None
        reply = self._get(url, mutable=True)
        if reply is None:
            return Lookup(candidates=())
        try:
            document = load_object(reply.body)
            if document.get("index_type") == INDEX_TYPE:
                named = {item.suffix: item for item in _index(Fields(document, "")) if _could_be(item, asked)}
                newest = sorted(named.values(), key=lambda item: (-(item.version or 0), item.suffix))
                kept = tuple(newest[:MAX_CANDIDATES])
                return Lookup(candidates=kept, left_out=len(newest) - len(kept), dated=reply.dated)
            if isinstance(document.get("pith_number"), str) and "canonical_record" not in document:
                suffix = PithNumber.parse_exact(str(document["pith_number"])).suffix
                return Lookup(candidates=(Candidate(suffix=suffix),), dated=reply.dated)
        except MalformedError as error:
            raise self._malformed(error, reply, url) from error
        record = self._verified(self._document(reply, url), reply, url, None)
        if not names(asked, record):
            raise self._another(url, f"{record.number.full}, which is not {asked}")
        found = Candidate(suffix=record.number.suffix, version=record.canonical.source_version, record=record)
        return Lookup(candidates=(found,), dated=reply.dated)

    # --- asking ------------------------------------------------------------------------------------------------------

    def _get(self, url: str, *, mutable: bool) -> Reply | None:
        if self._failure is not None:
            raise self._failure
        if self._failures >= _TRIES:
            message = f"{self.mirror.name} failed {_TRIES} times in a row and is not asked any more"
            raise UnavailableError(finding("mirror-skipped", message, where=self.mirror.base_url))
        try:
            reply = self._client.get(url, named=self.mirror.named, mutable=mutable)
        except UnavailableError as error:
            with self._lock:
                self._failures = self._failures + 1 if isinstance(error, MirrorDownError) else 0
            raise
        with self._lock:
            self._failures = 0
        return reply

    # --- judging -----------------------------------------------------------------------------------------------------

    def _document(self, reply: Reply, url: str) -> Document:
        try:
            try:
                # Nearly always a record, which is then parsed and checked once and not twice.
                return Document(kind="record", parsed=load_record(reply.body))
            except UnknownDocumentError:
                return load_document(reply.body)
        except MalformedError as error:
            raise self._malformed(error, reply, url) from error

    def _verified(self, document: Document, reply: Reply, url: str, suffix: str | None) -> VerifiedRecord:
        try:
            record = verify_document(document, self._keyring)
        except MalformedError as error:
            raise self._malformed(error, reply, url) from error
        except UndecidedError:
            self._client.forget(url)
            raise
        except VerificationError as error:
            self._client.forget(url)
            raise self._contradiction(error, error.finding, url) from error
        if suffix is not None and record.number.suffix != suffix:
            self._client.forget(url)
            raise self._another(url, f"{record.number.full}, asked for {suffix}")
        return record

    def _malformed(self, error: MalformedError, reply: Reply, url: str) -> PithError:
        """Returns the error for a malformed reply. A malformed record is a contradiction, as for the verifier."""
        self._client.forget(url)
        if isinstance(error, RecordShapeError):
            return self._contradiction(error, error.finding, url)
        return no_document(error, reply.body, self.mirror.name, url)

    def _contradiction(self, error: PithError, inner: Finding, url: str) -> VerificationError:
        message = f"{self.mirror.name} sends a record that does not verify: {inner.code} {inner.name}: {error.message}"
        return VerificationError(finding("reply-unverified", message, where=url, hint=inner.hint))

    def _another(self, url: str, what: str) -> VerificationError:
        return VerificationError(finding("reply-of-another", f"{self.mirror.name} sends {what}", where=url))


def names(asked: ArxivId | ShortForm, record: VerifiedRecord) -> bool:
    """Tells whether a verified record is one that was asked for."""
    if isinstance(asked, ShortForm):
        return asked.names(record.number)
    return (
        record.arxiv_id is not None
        and plain_arxiv_id(record.arxiv_id) == asked.id
        and asked.version in (None, record.canonical.source_version)
    )


def _index(fields: Fields) -> Iterator[Candidate]:
    for item in fields.optional_children("records"):
        number = PithNumber.parse_exact(item.text("pith_number"))
        yield Candidate(suffix=number.suffix, version=item.integer("version", least=1))


def _could_be(candidate: Candidate, asked: ArxivId | ShortForm) -> bool:
    """Tells whether an entry of an index is worth asking for."""
    if isinstance(asked, ShortForm):
        return candidate.suffix.startswith(asked.text)
    return asked.version in (None, candidate.version)
