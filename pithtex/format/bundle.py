"""Bundles and events, typed: what they claim, nothing proven (docs/reference/format.md, "Events and bundles")."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from pithtex.catalogue import finding
from pithtex.errors import MalformedError
from pithtex.findings import Finding
from pithtex.format.canonical import canonical_bytes
from pithtex.format.fields import HEX_256, UTC_TIME, Fields, Json, is_object, read_time
from pithtex.format.made import made
from pithtex.format.parts import Part, copies_in, own_addresses, snapshot_in, title_in
from pithtex.format.record import (
    Receipt,
    Record,
    Signature,
    Source,
    load_kind,
    parse_aliases,
    parse_canonical_record,
    parse_receipt,
    parse_signature,
)
from pithtex.limits import MAX_DOCUMENT_BYTES
from pithtex.notebook import html_table, short_repr
from pithtex.structs import field, struct

BUNDLE_TYPE: Final = "pith_open_graph_bundle"
UNHASHED: Final = frozenset({"signature", "content_sha256", "event_id"})
"""The keys of an event that stand beside its content: its id and signature do not cover them."""


@struct
class Event:
    """One signed event of a bundle, as claimed."""

    event_id: str
    content_sha256: str
    event_type: str
    subject: str
    target: str
    created_at: str
    """RFC 3339, UTC, as the signer states it."""
    signer: Json = field(repr=False)
    supersedes: tuple[str, ...] = ()
    """Ids of the events that this one takes the place of."""
    prev_event: str | None = None
    """Id of the event that this one follows in its signer's chain."""
    payload: Json = field(repr=False)
    signature: Signature
    raw: Json = field(repr=False)
    where: str

    def __hash__(self) -> int:
        return hash((self.event_id, self.content_sha256, self.where))

    @property
    def signer_key_id(self) -> str | None:
        """Returns the key that the signed content names, where it names one."""
        key_id = self.signer.get("key_id")
        return key_id if isinstance(key_id, str) else None

    def canonical(self) -> bytes:
        """Returns the bytes under the event's id and signature (docs/reference/format.md, "Events and bundles")."""
        return _content(self.raw)


@struct
class MalformedEvent:
    """An entry among a bundle's events that has not the form of an event: kept, with what is wrong."""

    raw: object = field(repr=False)
    problem: Finding
    where: str

    def __hash__(self) -> int:
        return hash((self.problem, self.where))

    @property
    def event_id(self) -> str | None:
        """Returns the id stated, if there is one."""
        event_id = self.raw.get("event_id") if is_object(self.raw) else None
        return event_id if isinstance(event_id, str) else None

    def canonical(self) -> bytes:
        """Returns the bytes of its content, as of an event; of the whole where it is not an object."""
        return _content(self.raw) if is_object(self.raw) else canonical_bytes(self.raw)


def _content(raw: Json) -> bytes:
    return canonical_bytes({key: value for key, value in raw.items() if key not in UNHASHED})


@struct
class EmbeddedKey:
    """A key that a document carries: only ever compared with the keyring, never used."""

    key_id: str
    spellings: tuple[tuple[str, str], ...]
    """The key as stated, by field: `public_key_hex`, `public_key_b64`, whichever there are."""
    where: str


@struct(repr=False)
class Bundle:
    """A bundle, as claimed: its record, its events, its signature.

    Its fields always follow from `document`: the parser makes it so, and whoever makes one otherwise
    (`dataclasses.replace`, a pickle, a copy) has the document parsed again.

    Raises:
        MalformedError: a field does not follow from `document`.
    """

    record: Record
    events: tuple[Event, ...]
    malformed: tuple[MalformedEvent, ...] = ()
    """Entries of `events` that are not events. One mirror's rubbish does not hide the rest."""
    digest: str | None
    """`bundle_sha256` as stated; None in an unsigned bundle, as a merge makes one."""
    signature: Signature | None
    keys: tuple[EmbeddedKey, ...]
    document: Json

    def __post_init__(self) -> None:
        if load_bundle(self.document, max_bytes=sys.maxsize) != self:
            raise MalformedError("the fields of this bundle are not those of its document", where="document")

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.document,)

    def __hash__(self) -> int:
        return hash((self.record, self.digest, len(self.events)))

    def __repr__(self) -> str:
        return short_repr(self, *(text for _, text in self._told))

    def _repr_html_(self) -> str:
        return html_table("Bundle, not verified", self._told)

    @property
    def _told(self) -> tuple[tuple[str, str], ...]:
        canonical = self.record.canonical
        events = f"{len(self.events)} event{'' if len(self.events) == 1 else 's'}"
        return ("number", canonical.number.full), ("paper", canonical.paper), ("events", events)

    @property
    def entries(self) -> tuple[Event | MalformedEvent, ...]:
        """Returns all entries of `events`: the events, then what is not one."""
        return (*self.events, *self.malformed)

    def canonical(self) -> bytes:
        """Returns the bytes that the bundle's signature covers."""
        return canonical_bytes({k: v for k, v in self.document.items() if k != "bundle_signature"})


def load_bundle(data: Source, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Bundle:
    """Parses a bundle.

    Checks its form alone: what it claims is proven by `verify_bundle`. A bundle without `bundle_signature` is
    an unsigned one, as a merge makes it. An entry of `events` that is not an event is kept in `malformed`.

    Args:
        data: the document, or the object parsed from it.
        max_bytes: how large the document may be. A small event takes some 900 bytes.

    Raises:
        MalformedError: not a bundle, or too large; `where` is the JSON path.
        UsageError: `data` is of another type, or the name of a file.
    """
    fields = load_kind(data, "bundle_type", BUNDLE_TYPE, max_bytes=max_bytes)
    fields.optional_child("state")  # of its form; what it says is recomputed
    entries = tuple(parse_events(fields))
    events = tuple(item for item in entries if isinstance(item, Event))
    signature = fields.optional_child("bundle_signature")
    return made(
        Bundle,
        record=_record(fields, events),
        events=events,
        malformed=tuple(item for item in entries if isinstance(item, MalformedEvent)),
        digest=None if signature is None else signature.text("bundle_sha256", HEX_256),
        signature=None if signature is None else parse_signature(signature),
        keys=tuple(map(_embedded_key, fields.optional_children("public_keys"))),
        document=fields.raw,
    )


def _again(document: Json) -> Bundle:
    """Returns a bundle that was copied, or came from another process; how large it is was looked at there."""
    return load_bundle(document, max_bytes=sys.maxsize)


def _embedded_key(fields: Fields) -> EmbeddedKey:
    stated = [name for name in ("public_key_hex", "public_key_b64") if fields.raw.get(name) is not None]
    return EmbeddedKey(
        key_id=fields.text("key_id"), spellings=tuple((name, fields.text(name)) for name in stated), where=fields.where
    )


def parse_events(fields: Fields) -> Iterator[Event | MalformedEvent]:
    """Yields the entries under `events`, each an event or kept with what is wrong with it.

    Raises:
        MalformedError: `events` is not a list.
    """
    raws = [] if fields.raw.get("events") is None else fields.items("events")
    for index, raw in enumerate(raws):
        where = f"{fields.path('events')}[{index}]"
        try:
            event = _parse_event(Fields(raw, where))
            _receipt_of(event)
            _snapshot_of(event)
        except MalformedError as error:
            problem = finding("event-malformed", error.message, where=error.where)
            yield MalformedEvent(raw=raw, problem=problem, where=where)
        else:
            yield event


def _parse_event(fields: Fields) -> Event:
    version = fields.text("schema_version")
    if version != "1.0":
        message = f"schema version {version!r} is not supported; only 1.0 is"
        raise MalformedError(message, where=fields.path("schema_version"))
    created_at = fields.text("created_at", UTC_TIME)
    read_time(created_at, fields.path("created_at"))
    signer = fields.child("signer")
    signer.optional_text("key_id")
    return Event(
        event_id=fields.text("event_id"),
        content_sha256=fields.text("content_sha256", HEX_256),
        event_type=fields.text("event_type"),
        subject=fields.text("subject_pith_number"),
        target=fields.text("target"),
        created_at=created_at,
        signer=signer.raw,
        supersedes=() if fields.raw.get("supersedes") is None else fields.texts("supersedes"),
        prev_event=fields.optional_text("prev_event"),
        payload=fields.child("payload").raw,
        signature=parse_signature(fields.child("signature")),
        raw=fields.raw,
        where=fields.where,
    )


def _record(fields: Fields, events: tuple[Event, ...]) -> Record:
    """Returns the record inside a bundle: its receipt stands in `record_created`, its title in `graph_snapshot`."""
    created = next((event for event in events if _receipt_of(event) is not None), None)
    snapshot = next((part for part in map(_snapshot_of, events) if part is not None), None)
    papers = () if snapshot is None else copies_in(snapshot, "paper")
    title, where_title = title_in(papers)
    return Record(
        canonical=parse_canonical_record(fields.raw.get("canonical_record"), "canonical_record"),
        receipt=None if created is None else _receipt_of(created),
        number=fields.text("pith_number"),
        digest=fields.text("canonical_sha256"),
        short_form=fields.optional_text("short_pith_number"),
        title=title,
        where_title=where_title,
        aliases=parse_aliases(fields, "source_aliases"),
        where_aliases="source_aliases",
        sources=copies_in(fields, "source") + (() if snapshot is None else copies_in(snapshot, "source")),
        papers=papers,
        restatements=() if created is None else (Part(raw=created.payload, where=f"{created.where}.payload"),),
        snapshot=None if snapshot is None else Part(raw=snapshot.raw, where=snapshot.where),
        addresses=own_addresses(fields),
        document=fields.raw,
    )


def _receipt_of(event: Event) -> Receipt | None:
    """Returns the receipt that a `record_created` event carries."""
    if event.event_type != "record_created":
        return None
    receipt = Fields(event.payload, f"{event.where}.payload").optional_child("receipt")
    return None if receipt is None else parse_receipt(receipt)


def _snapshot_of(event: Event) -> Fields | None:
    """Returns the snapshot that a `graph_snapshot` event carries, of the form that `with_snapshot` reads."""
    if event.event_type != "graph_snapshot":
        return None
    payload = Fields(event.payload, f"{event.where}.payload")
    payload.child("graph_snapshot")  # is there
    snapshot = snapshot_in(payload, "graph_snapshot")
    if snapshot is not None:
        copies_in(snapshot, "source")
        title_in(copies_in(snapshot, "paper"))
    return snapshot
