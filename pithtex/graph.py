"""Bundles and events, typed: what they claim, nothing proven (SPEC: Bundle, events, merge)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pithtex._fields import HEX_256, Fields, Json
from pithtex.canonical import canonical_bytes
from pithtex.errors import MalformedError
from pithtex.record import (
    Part,
    Record,
    Signature,
    load_document,
    parse_aliases,
    parse_canonical_record,
    parse_receipt,
    parse_signature,
    with_snapshot,
)

BUNDLE_TYPE: Final = "pith_open_graph_bundle"
_UNHASHED: Final = frozenset({"signature", "content_sha256", "event_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One signed event of a bundle, as claimed."""

    event_id: str
    content_sha256: str
    event_type: str
    subject: str
    target: str
    payload: Json = field(repr=False)
    signature: Signature
    raw: Json = field(repr=False)
    where: str

    def canonical(self) -> bytes:
        """The bytes that the event's id and signature cover (SPEC: Bundle, Event)."""
        return canonical_bytes({key: value for key, value in self.raw.items() if key not in _UNHASHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedKey:
    """A key that a document carries: only ever compared with the keyring, never used."""

    key_id: str
    public_key_hex: str | None
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle, as claimed: its record, its events, its signature."""

    record: Record
    events: tuple[Event, ...]
    digest: str
    """`bundle_sha256` as stated."""
    signature: Signature
    keys: tuple[EmbeddedKey, ...]
    document: Json = field(repr=False)

    def canonical(self) -> bytes:
        """The bytes that the bundle's signature covers."""
        return canonical_bytes({k: v for k, v in self.document.items() if k != "bundle_signature"})


def load_bundle(data: bytes | Mapping[str, object]) -> Bundle:
    """Parses a bundle.

    Checks its form alone: what it claims is proven by `verify_bundle`.

    Raises:
        MalformedError: not a bundle; `where` is the JSON path.
    """
    document = load_document(data)
    fields = Fields(document, "")
    kind = fields.raw.get("bundle_type")
    if kind != BUNDLE_TYPE:
        message = f"{kind!r} is not {BUNDLE_TYPE!r}"
        raise MalformedError(message, where="bundle_type", rule="unknown-document")
    events = tuple(_parse_event(item) for item in fields.optional_children("events"))
    signature = fields.child("bundle_signature")
    return Bundle(
        record=_record(fields, events),
        events=events,
        digest=signature.text("bundle_sha256", HEX_256),
        signature=parse_signature(signature),
        keys=tuple(
            EmbeddedKey(
                key_id=item.text("key_id"),
                public_key_hex=item.optional_text("public_key_hex"),
                where=item.where,
            )
            for item in fields.optional_children("public_keys")
        ),
        document=document,
    )


def _parse_event(fields: Fields) -> Event:
    return Event(
        event_id=fields.text("event_id"),
        content_sha256=fields.text("content_sha256", HEX_256),
        event_type=fields.text("event_type"),
        subject=fields.text("subject_pith_number"),
        target=fields.text("target"),
        payload=fields.child("payload").raw,
        signature=parse_signature(fields.child("signature")),
        raw=fields.raw,
        where=fields.where,
    )


def _record(fields: Fields, events: tuple[Event, ...]) -> Record:
    """The record inside a bundle: its receipt stands in `record_created`, its title in `graph_snapshot`."""
    source = fields.optional_child("source")
    record = Record(
        canonical=parse_canonical_record(fields.raw.get("canonical_record"), "canonical_record"),
        receipt=None,
        number=fields.text("pith_number"),
        digest=fields.text("canonical_sha256"),
        short_form=fields.optional_text("short_pith_number"),
        aliases=parse_aliases(fields, "source_aliases"),
        sources=() if source is None else (Part(raw=source.raw, where=source.where),),
        document=fields.raw,
    )
    for event in events:
        payload = Fields(event.payload, f"{event.where}.payload")
        if event.event_type == "record_created" and record.receipt is None:
            receipt = payload.optional_child("receipt")
            record = record if receipt is None else replace(record, receipt=parse_receipt(receipt))
        elif event.event_type == "graph_snapshot" and record.snapshot is None:
            snapshot = payload.child("graph_snapshot")
            paper = snapshot.optional_child("paper")
            if paper is not None:
                record = replace(record, title=paper.optional_text("title"), where_title=f"{paper.where}.title")
            record = with_snapshot(record, snapshot)
    return record
