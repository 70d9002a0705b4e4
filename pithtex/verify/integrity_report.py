"""Integrity reports: what of them can be verified, and what cannot (SPEC: Bundle, events, merge).

A report's events are signed over the raw bytes of a payload digest; the payloads are not public, so a signature that
holds proves that the registry signed that digest, and not what the event says. Keys that begin with `_` were added by
whoever collected the report. Its `pith_number` holds an arXiv id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pithtex.catalogue import finding
from pithtex.errors import MalformedError
from pithtex.findings import Status
from pithtex.format.fields import HEX_256, KEY_ID, Fields, Json
from pithtex.format.keys import Keyring, default_keyring
from pithtex.format.record import load_document
from pithtex.verify.checks import Check, Log, judged, snapshot_check
from pithtex.verify.unsigned import integrity_checks

SCHEMA: Final = "https://pith.science/schemas/pith-integrity/v1.json"
EVENT_TYPE: Final = "pith.integrity.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityEvent:
    """One signed event of a report, as claimed."""

    event_type: str
    payload_sha256: str
    signature: bytes
    """64 bytes."""
    key_id: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityReport:
    """A report on one arXiv paper, as claimed."""

    arxiv_id: str
    integrity: Json = field(repr=False)
    events: tuple[IntegrityEvent, ...]
    collected: tuple[str, ...]
    """Keys that whoever collected the report has added."""


def is_integrity_report(document: Json) -> bool:
    """Whether a document says of itself that it is a report."""
    return document.get("schema") == SCHEMA


def load_integrity_report(data: bytes | Mapping[str, object]) -> IntegrityReport:
    """Parses a report; its events stand under `events`, or `_events_visible` in a collected one.

    Raises:
        MalformedError: not a report; `where` is the JSON path.
    """
    document = load_document(data)
    if not is_integrity_report(document):
        raise MalformedError(f"{document.get('schema')!r} is not {SCHEMA!r}", where="schema", rule="unknown-document")
    fields = Fields(document, "")
    arxiv_id = fields.text("arxiv_id")
    stated = fields.optional_text("pith_number")
    if stated not in {None, arxiv_id}:
        message = f"{stated!r}, and arxiv_id is {arxiv_id!r}: in a report both are the arXiv id"
        raise MalformedError(message, where="pith_number")
    key = "events" if "events" in document else "_events_visible"
    return IntegrityReport(
        arxiv_id=arxiv_id,
        integrity=fields.child("integrity").raw,
        events=tuple(
            IntegrityEvent(
                event_type=item.text("event_type"),
                payload_sha256=item.text("payload_sha256", HEX_256),
                signature=item.base64_bytes("signature_b64", 64),
                key_id=item.text("signing_key_id", KEY_ID),
                where=item.where,
            )
            for item in fields.optional_children(key)
        ),
        collected=tuple(sorted(name for name in document if name.startswith("_"))),
    )


def integrity_steps(report: IntegrityReport, keyring: Keyring | None = None) -> Iterator[Check]:
    """The checks of a report.

    1. Its findings and detectors hash to the snapshot digest stated.
    2. Its summary fits its findings: unsigned, so a warning each.
    3. Each event's signature holds over the 32 raw bytes of its payload digest. The payload itself is not public.
    """
    keyring = default_keyring() if keyring is None else keyring
    log = Log()
    snapshot_check("integrity", report.integrity, "integrity", log)  # 1
    yield from log.checks
    yield from integrity_checks(report.integrity, "integrity")  # 2
    for event in report.events:  # 3
        yield _event_check(event, keyring)
    if report.collected:
        message = f"added by whoever collected the report: {', '.join(report.collected)}"
        yield Check(name="collector's keys", status=Status.NOT_CHECKED, said=message)


def _event_check(event: IntegrityEvent, keyring: Keyring) -> Check:
    name = f"{event.where} signature"
    where = f"{event.where}.signature_b64"
    if event.event_type != EVENT_TYPE:
        message = f"{event.event_type!r}: a type of event not known here"
        return Check(name=name, status=Status.NOT_CHECKED, said=message, where=where)
    key = keyring.get(event.key_id)
    if key is None:
        message = f"key {event.key_id!r} is not in the keyring, so its signature proves nothing"
        problem = finding("unknown-key", message, where=where)
        return Check(name=name, status=Status.UNAVAILABLE, said=message, where=where, finding=problem)
    return judged(
        name,
        f"Ed25519 by {key.key_id} over payload_sha256 {event.payload_sha256[:16]}...; the payload is not public",
        holds=key.verifies(bytes.fromhex(event.payload_sha256), event.signature),
        rule="event-invalid",
        where=where,
        inputs=(
            ("public key", key.hex),
            ("message", event.payload_sha256),
            ("signature", event.signature.hex()),
        ),
    )
