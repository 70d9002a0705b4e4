"""Integrity reports: what of them can be verified, and what cannot (docs/reference/format.md, "Snapshots").

A report's events are signed over the raw bytes of a payload digest; the payloads are not public, so a signature that
holds proves that the registry signed that digest, and not what the event says.
"""

from __future__ import annotations

from collections.abc import Iterator

from pithtex.catalogue import finding
from pithtex.findings import Status
from pithtex.format.integrity_report import EVENT_TYPE, IntegrityEvent, IntegrityReport
from pithtex.format.keys import Keyring, default_keyring
from pithtex.verification.checks import Check, Diary, judged
from pithtex.verification.signatures import ended_key
from pithtex.verification.snapshots import snapshot_check
from pithtex.verification.unsigned import integrity_checks


def integrity_steps(report: IntegrityReport, keyring: Keyring | None = None) -> Iterator[Check]:
    """Yields the checks of a report.

    1. Its findings and detectors hash to the snapshot digest stated.
    2. Its summary fits its findings: unsigned, so a warning each.
    3. Each event's signature holds over the 32 raw bytes of its payload digest. The payload itself is not public.
    """
    keyring = default_keyring() if keyring is None else keyring
    diary = Diary()
    snapshot_check("integrity", report.integrity, "integrity", diary)  # 1
    yield from diary.checks
    yield from integrity_checks(report.integrity, "integrity")  # 2
    for event in report.events:  # 3
        yield _event_check(event, keyring)
    if report.collected:
        message = f"added by whoever collected the report: {', '.join(report.collected)}"
        yield Check(name="collector's keys", status=Status.NOT_CHECKED, message=message)


def _event_check(event: IntegrityEvent, keyring: Keyring) -> Check:
    name = f"{event.where} signature"
    where = f"{event.where}.signature_b64"
    if event.event_type != EVENT_TYPE:
        message = f"{event.event_type!r}: a type of event not known here"
        return Check(name=name, status=Status.NOT_CHECKED, message=message, where=where)
    key = keyring.get(event.key_id)
    if key is None:
        message = f"the key {event.key_id!r} is not trusted here, so its signature proves nothing"
        problem = finding("unknown-key", message, where=where)
        return Check(name=name, status=Status.UNAVAILABLE, message=message, where=where, finding=problem)
    ended = ended_key(name, key, where)
    if ended is not None:
        return ended
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
