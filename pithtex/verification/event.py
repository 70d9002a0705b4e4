"""Judges an event by content, signature and keyring alone (docs/reference/merge.md, "When an event is valid")."""

from __future__ import annotations

from pithtex.findings import Status
from pithtex.format.bundle import UNHASHED, Event, MalformedEvent
from pithtex.format.canonical import canonical_bytes, sha256_hex
from pithtex.format.fields import is_object
from pithtex.format.keys import Key, Keyring
from pithtex.format.number import PithNumber
from pithtex.structs import struct
from pithtex.verification.checks import Check, Diary, Redo
from pithtex.verification.signatures import ExaminedSignature, signature_checks


@struct
class Valid:
    """One copy of an event of which every check holds. Copies of one content can differ in what stands beside it."""

    event: Event
    key: Key
    """The trusted key that signed it."""
    content: str
    """SHA-256 of the canonical content, in hex: what makes two copies one event."""
    beside: bytes
    """Canonical bytes of the id, digest and signature that this copy states."""


@struct
class Refused:
    """One copy of an event that does not stand, and why."""

    event: Event | MalformedEvent
    reasons: tuple[str, ...]
    """Names of findings, sorted."""
    unproven: bool
    """Its key is not trusted now: it proves nothing, and whether it contradicts cannot be told."""
    content: str
    beside: bytes


def judge_event(
    event: Event | MalformedEvent, number: PithNumber, keyring: Keyring
) -> tuple[Valid | Refused, tuple[Check, ...]]:
    """One event, judged by itself, with the checks that it was judged by."""
    return judge_event_copy(event, *identity(event), number, keyring)


def judge_event_copy(
    event: Event | MalformedEvent, content: str, beside: bytes, number: PithNumber, keyring: Keyring
) -> tuple[Valid | Refused, tuple[Check, ...]]:
    """As `judge_event`, with the event's `identity`."""
    diary = Diary()
    _event_steps(event, content, number.full, keyring, diary)
    checks = tuple(diary.checks)
    reasons = {check.finding.name for check in checks if check.finding is not None}
    key = keyring.get(event.signature.key_id) if isinstance(event, Event) else None
    if isinstance(event, MalformedEvent) or key is None or reasons:
        unproven = any(check.status is Status.UNAVAILABLE for check in checks)
        names = tuple(sorted(reasons))
        return Refused(event=event, reasons=names, unproven=unproven, content=content, beside=beside), checks
    return Valid(event=event, key=key, content=content, beside=beside), checks


def identity(event: Event | MalformedEvent) -> tuple[str, bytes]:
    """Digest of the content, and the canonical bytes of what stands beside it: equal of copies that are one."""
    raw = event.raw
    beside = {key: raw[key] for key in UNHASHED if key in raw} if is_object(raw) else None
    return sha256_hex(event.canonical()), canonical_bytes(beside)


def _event_steps(event: Event | MalformedEvent, digest: str, subject: str, keyring: Keyring, diary: Diary) -> None:
    """The event's steps: it is valid where none of them fails or lacks its key (docs/reference/merge.md).

    Args:
        event: an event, or what stands in the place of one.
        digest: SHA-256 of its canonical content, recomputed, in hex.
        subject: the full number of the record it must be about.
        keyring: the keys to trust.
        diary: where the checks go.
    """
    name = event.where
    if isinstance(event, MalformedEvent):
        problem = event.problem
        diary.add(Check(name=name, status=Status.FAILS, message=problem.message, where=problem.where, finding=problem))
        return
    hashed = f"SHA-256 of the {event.event_type} event without signature, digest and id"
    where = f"{name}.content_sha256"
    diary.equal(
        f"{name} digest", hashed, digest, event.content_sha256, rule="event-id-mismatch", where=where, redo=Redo.EVENT
    )
    for what, label, derived, key, stated, rule in (
        ("id", "its digest", f"sha256:{digest}", "event_id", event.event_id, "event-id-mismatch"),
        ("subject", "this record", subject, "subject_pith_number", event.subject, "foreign-event"),
        ("signer", "signing key", event.signature.key_id, "signer.key_id", event.signer_key_id, "signer-mismatch"),
    ):
        diary.equal(f"{name} {what}", label, derived, stated, rule=rule, where=f"{name}.{key}")
    examined = ExaminedSignature(
        name=name,
        signature=event.signature,
        digest=digest,
        signs="open_graph_event_sha256_bytes",
        rule="event-invalid",
    )
    signature_checks(examined, keyring, diary)
