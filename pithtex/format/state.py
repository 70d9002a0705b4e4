"""The state of a record: its events and how each stands, and the document that says so (docs/reference/merge.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.format.bundle import Event, MalformedEvent
from pithtex.format.canonical import canonical_bytes, sha256_hex
from pithtex.format.fields import Json
from pithtex.format.number import PithNumber
from pithtex.format.record import CanonicalRecord
from pithtex.notebook import html_table, short_repr
from pithtex.structs import field, struct

MERGE_VERSION: Final = "pith-open-graph-merge-v1"
"""The registry's name for its merge, whose public rules are followed here."""

MERGE_RULES: Final = "pithtex merge rules 1"
"""The name of the rules that are ours (docs/reference/merge.md). Any change of what they give is a new number."""

CREATED: Final = "record_created"
LISTS: Final[Mapping[str, str]] = {
    "graph_snapshot": "graph_snapshots",
    "author_attestation": "author_attestations",
    "timestamp_anchor": "timestamp_anchors",
    "storage_attestation": "storage_attestations",
    "citation_signature": "citation_signatures",
    "replication_record": "replication_records",
    "correction": "corrections",
    "mirror_hint": "mirror_hints",
}
"""Event type to list of `state.current`. The lists are the registry's; the types' spelling, but for the first, ours."""

OTHERS: Final = "other_events"
"""The list of `state.current` for valid events of other types; ours, and there only when it has an entry."""


class EventStanding(StrEnum):
    """What an event counts as."""

    VALID = "valid"
    UNKNOWN_TYPE = "unknown-type"
    """Valid, counted and applied, of a type whose meaning is not known."""
    INVALID = "invalid"


@struct
class MergedEvent:
    """One event of a state and how it stands."""

    event_id: str | None
    """As stated, which for a valid event is `sha256:` and its content digest; None if none is stated."""
    content_sha256: str
    """Recomputed."""
    standing: EventStanding
    reasons: tuple[str, ...] = ()
    """Why it is invalid: names of the catalogue of findings, sorted."""
    unproven: bool = False
    """Whether it is so since its key is not trusted now."""
    superseded_by: tuple[str, ...] = ()
    """Ids of the valid events of the same key that take its place."""
    unresolved: tuple[str, ...] = ()
    """Ids that its `prev_event` and `supersedes` name and no valid event has."""
    refused: tuple[str, ...] = ()
    """Ids that its `supersedes` names, of events that another key signed: they stay."""
    event: Event | MalformedEvent = field(repr=False, compare=False)


@struct
class Equivocation:
    """Two or more different valid events of one key with the same type, target and previous event, which is some."""

    public_key_fingerprint: str
    event_type: str
    target: str
    prev_event: str
    event_ids: tuple[str, ...]
    """Sorted."""

    @property
    def finding(self) -> Finding:
        """As it is told."""
        ids = " and ".join(self.event_ids)
        message = f"key {self.public_key_fingerprint} signed {ids} after {self.prev_event}: which stands is open"
        return finding("equivocation", message, where="equivocations")

    def to_dict(self) -> dict[str, object]:
        """Returns the entry of `equivocations`: ours, since no public state shows one."""
        return {
            "public_key_fingerprint": self.public_key_fingerprint,
            "event_type": self.event_type,
            "target": self.target,
            "prev_event": self.prev_event,
            "event_ids": list(self.event_ids),
        }


@struct(repr=False)
class State:
    """What the valid events of a record add up to. That the record itself is genuine is `verify_bundle`'s to say."""

    number: PithNumber
    """Derived from the record, not read."""
    canonical: CanonicalRecord
    aliases: tuple[Json, ...]
    """By kind and value. Under no signature: only those that follow from the record are more than a claim."""
    events: tuple[MergedEvent, ...]
    """The valid ones by time and id, then the invalid ones by content digest."""
    equivocations: tuple[Equivocation, ...]

    def __hash__(self) -> int:
        return hash((self.canonical, self.events))

    def __repr__(self) -> str:
        return short_repr(self, *(text for _, text in self._told))

    def _repr_html_(self) -> str:
        return html_table("State", self._told)

    @property
    def _told(self) -> tuple[tuple[str, str], ...]:
        valid, invalid = len(self.valid), len(self.invalid)
        return ("number", self.number.full), ("events", f"{valid} valid, {invalid} invalid")

    @property
    def valid(self) -> tuple[MergedEvent, ...]:
        """Returns the valid events, of known and unknown type, in their order."""
        return tuple(item for item in self.events if item.standing is not EventStanding.INVALID)

    @property
    def invalid(self) -> tuple[MergedEvent, ...]:
        """Returns the events kept apart, with their reasons."""
        return tuple(item for item in self.events if item.standing is EventStanding.INVALID)

    def current(self) -> dict[str, tuple[Event, ...]]:
        """Returns the events of each list of `state.current`: valid, and superseded by none.

        `record_created` holds all of its type; the state shows the first.
        """
        lists: dict[str, list[Event]] = {name: [] for name in (CREATED, *LISTS.values(), OTHERS)}
        for item in self.valid:
            if isinstance(item.event, Event) and not item.superseded_by:
                lists[list_of(item.event)].append(item.event)
        return {name: tuple(events) for name, events in lists.items()}

    def to_dict(self) -> dict[str, object]:
        """Returns the state document: its canonical bytes without `state_sha256` hash to that."""
        lists = self.current()
        created = lists.pop(CREATED)
        if not lists[OTHERS]:
            del lists[OTHERS]
        current: dict[str, object] = {name: [entry_of(event) for event in events] for name, events in lists.items()}
        current |= {
            "canonical_record": self.canonical.raw,
            "source_aliases": list(self.aliases),
            CREATED: entry_of(created[0]) if created else None,
        }
        valid, invalid = self.valid, self.invalid
        document: dict[str, object] = {
            "state_type": "pith_open_graph_state",
            "state_version": "1.0",
            "pith_number": self.number.full,
            "merge_version": MERGE_VERSION,
            "event_count": len(self.events),
            "valid_event_count": len(valid),
            "invalid_event_count": len(invalid),
            "equivocation_count": len(self.equivocations),
            "current": current,
            "equivocations": [item.to_dict() for item in self.equivocations],
            "invalid_events": [
                {"event_id": item.event_id, "content_sha256": item.content_sha256, "reasons": list(item.reasons)}
                for item in invalid
            ],
            "applied_event_ids": [item.event_id for item in valid],
        }
        document["state_sha256"] = sha256_hex(canonical_bytes(document))
        return document

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns what the merge noticed of valid events: equivocations, unknown types, links that lead nowhere."""
        return tuple(_remarks(self))


def list_of(event: Event) -> str:
    """Returns the list of `state.current` that an event's type goes to."""
    return CREATED if event.event_type == CREATED else LISTS.get(event.event_type, OTHERS)


def entry_of(event: Event) -> dict[str, object]:
    """Returns an event as `state.current` shows it; of an unknown type it is named."""
    entry: dict[str, object] = {
        "event_id": event.event_id,
        "target": event.target,
        "created_at": event.created_at,
        "signer": event.signer,
        "payload": event.payload,
    }
    return entry | ({"event_type": event.event_type} if list_of(event) == OTHERS else {})


def _remarks(state: State) -> Iterator[Finding]:
    for item in state.equivocations:
        yield item.finding
    for event in state.valid:
        where = event.event_id or ""
        if event.standing is EventStanding.UNKNOWN_TYPE and isinstance(event.event, Event):
            yield finding("unknown-event-type", f"the type {event.event.event_type!r} is not known here", where=where)
        if event.unresolved:
            yield finding("event-link", f"names {', '.join(event.unresolved)}: no valid event here", where=where)
        if event.refused:
            message = f"claims to supersede {', '.join(event.refused)}, which another key signed: they stay"
            yield finding("supersedes-ignored", message, where=where)
