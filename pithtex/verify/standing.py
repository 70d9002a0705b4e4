"""What the registry says of a paper: the standing that verified events give a record (docs/merge.md).

A record says that a paper was registered. Whether it still stands is said by events that are signed later: corrections,
withdrawals, findings of integrity checks. Only events that verify count. Their words are signed in fact and untrusted
in form: they are bounded and printable here, and each output escapes them for its own language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.format.bundle import Bundle, Event
from pithtex.format.canonical import canonical_bytes, collapse
from pithtex.format.fields import Json, is_list, is_object
from pithtex.format.keys import Keyring, default_keyring
from pithtex.format.record import Record
from pithtex.format.state import State
from pithtex.text import printable, shortened
from pithtex.verify.merge import merge

MAX_STATEMENT_CHARS: Final = 1000
"""The words of one statement; a longer one is cut, with an ellipsis."""
MAX_STATEMENTS: Final = 500
"""Of one paper, the gravest first. What is left out is counted."""
_AHEAD: Final = timedelta(minutes=10)
"""How far a signer's clock may be ahead of ours before its event is said to be of the future."""


class Says(StrEnum):
    """What a statement says of a paper, the gravest first."""

    WITHDRAWN = "withdrawn"
    CRITICAL = "critical finding"
    CONTRADICTORY = "contradictory"
    SUPERSEDED = "superseded"
    CORRECTED = "corrected"
    ATTESTED = "author attested"
    ANCHORED = "anchored in time"
    STORED = "stored"
    REPLICATED = "replicated"
    CITED = "citations signed"


GRAVE: Final = frozenset({Says.WITHDRAWN, Says.CRITICAL, Says.CONTRADICTORY})
"""What `--standing` makes an error: whoever relies on the paper has to read it first."""

_ORDER: Final = {says: place for place, says in enumerate(Says)}
_LISTS: Final[Mapping[str, Says]] = {
    "corrections": Says.CORRECTED,
    "author_attestations": Says.ATTESTED,
    "timestamp_anchors": Says.ANCHORED,
    "storage_attestations": Says.STORED,
    "replication_records": Says.REPLICATED,
    "citation_signatures": Says.CITED,
}
"""List of `state.current` to what its entries say."""

_KIND_FIELDS: Final = ("kind", "type", "correction_type", "status", "action", "verdict", "decision")
_WORD_FIELDS: Final = ("text", "statement", "reason", "message", "note", "description", "summary", "comment", "details")
_SUPERSEDED_BY: Final = ("superseded_by", "replaced_by", "new_version", "successor")
_WITHDRAWN: Final = re.compile(r"\b(?:withdr[ae]w(?:n|al|als|s|ing)?|retract(?:ed|ion|ions|s|ing)?)\b", re.IGNORECASE)
_DENIED: Final = re.compile(
    r"(?:\b(?:not|never|no longer|isn't|wasn't|rather than|instead of)"
    r"(?:\s+(?:been|be|being|yet|formally|to be))*\s+|\bun-?)$",
    re.IGNORECASE,
)
"""Right before such a word. Where it cannot be told, the graver reading counts, and the words stand beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that is said of the paper, by whom and when."""

    says: Says
    text: str
    """The signer's own words: one line, printable, at most `MAX_STATEMENT_CHARS`; empty where there are none."""
    signer: str
    """Who signed it, as the event states, and by which key; the key is verified, the name is the signer's claim."""
    when: str | None
    """RFC 3339, as the signer states it."""
    event_id: str | None
    """None where the statement stands in a record that no event signs."""
    signed: bool = True
    """Whether a verified event says it. A record document's own words are claims."""

    def to_dict(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "says": self.says.value,
            "text": self.text,
            "signer": self.signer,
            "when": self.when,
            "event_id": self.event_id,
            "signed": self.signed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a paper beyond its record, as of the newest event that was seen."""

    statements: tuple[Statement, ...] = ()
    """The gravest first, then the newest."""
    as_of: str | None = None
    """Time of the newest verified event; None where no event was seen, and the standing is unknown."""
    events: int = 0
    """Verified events that were seen."""
    sources: int = 0
    """Bundles that were put together."""
    left_out: int = 0
    """Statements beyond `MAX_STATEMENTS`."""
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    """Events of the future, or in an order that cannot be."""

    @property
    def known(self) -> bool:
        """Whether any event was seen. A record alone says nothing of what came after it."""
        return self.as_of is not None

    @property
    def words(self) -> tuple[Says, ...]:
        """What is said, each once, the gravest first; of a record alone what it claims is left out."""
        return tuple(dict.fromkeys(item.says for item in self.statements if item.signed))

    @property
    def grave(self) -> tuple[Statement, ...]:
        """The statements that whoever relies on the paper has to read."""
        return tuple(item for item in self.statements if item.says in GRAVE)

    @property
    def line(self) -> str:
        """The standing in one line: `withdrawn, author attested`, `nothing said against it`, `unknown`."""
        if not self.known:
            return "unknown: a record alone says nothing of what came after it"
        said = ", ".join(word.value for word in self.words) or "registered, and nothing more is said of it"
        return f"{said} (as of {self.as_of}, from {_count(self.sources, 'source')})"

    def to_dict(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "words": [word.value for word in self.words] if self.known else ["unknown"],
            "as_of": self.as_of,
            "events": self.events,
            "sources": self.sources,
            "statements": [item.to_dict() for item in self.statements],
            "left_out": self.left_out,
            "findings": [item.to_dict() for item in self.findings],
        }


def standing_of(bundles: Sequence[Bundle], keyring: Keyring | None = None, *, now: datetime | None = None) -> Standing:
    """The standing that the verified events of some bundles of one record give it.

    That the record itself is genuine is `verify_bundle`'s to say.

    Args:
        bundles: at least one, all of one record.
        keyring: the keys to trust; events by others do not count.
        now: the time, with a zone, that no event may be after; not looked at by default.

    Raises:
        MalformedError: no bundle, or bundles of different records.
    """
    keyring = default_keyring() if keyring is None else keyring
    return from_state(merge(bundles, keyring), sources=len(bundles), now=now)


def from_state(state: State, *, sources: int = 1, now: datetime | None = None) -> Standing:
    """The standing that a merged state gives; see `standing_of`."""
    events = [item.event for item in state.valid if isinstance(item.event, Event)]
    said = sorted(_statements(state), key=_gravest_first)
    newest = max(events, key=lambda event: datetime.fromisoformat(event.created_at), default=None)
    return Standing(
        statements=tuple(said[:MAX_STATEMENTS]),
        as_of=None if newest is None else newest.created_at,
        events=len(events),
        sources=sources,
        left_out=max(len(said) - MAX_STATEMENTS, 0),
        findings=tuple(_odd_times(events, state, now)),
    )


def from_record(record: Record) -> Standing:
    """What a record document alone tells: unknown, with the critical findings that it lists under no signature."""
    integrity = record.snapshot.raw.get("integrity") if record.snapshot is not None else None
    found = _critical(integrity, signer="", when=None, event_id=None, signed=False)
    return Standing(statements=tuple(found)[:MAX_STATEMENTS])


def _statements(state: State) -> Iterator[Statement]:
    current = state.current()
    for name, says in _LISTS.items():
        for event in current[name]:
            text = _words(event.payload)
            yield _signed(event, _correction(event.payload, text) if says is Says.CORRECTED else says, text)
    for event in current["graph_snapshots"]:
        snapshot = event.payload.get("graph_snapshot")
        integrity = snapshot.get("integrity") if is_object(snapshot) else None
        yield from _critical(integrity, signer=_signer(event), when=event.created_at, event_id=event.event_id)
    for item in state.equivocations:
        text = f"one key signed {len(item.event_ids)} events in the place of one: {', '.join(item.event_ids)}"
        yield Statement(
            says=Says.CONTRADICTORY,
            text=shortened(text, MAX_STATEMENT_CHARS, "…"),
            signer=f"key {item.public_key_fingerprint}",
            when=None,
            event_id=item.event_ids[0],
        )


def _signed(event: Event, says: Says, text: str) -> Statement:
    return Statement(says=says, text=text, signer=_signer(event), when=event.created_at, event_id=event.event_id)


def _correction(payload: Json, text: str) -> Says:
    """What a correction says: its own field decides where it has one, else its words, unless they deny it."""
    if any(payload.get(name) for name in _SUPERSEDED_BY):
        return Says.SUPERSEDED
    kinds = [collapse(value).lower() for name in _KIND_FIELDS if isinstance(value := payload.get(name), str)]
    if any(_WITHDRAWN.match(kind) for kind in kinds):
        return Says.WITHDRAWN
    if any(kind.startswith(("supersede", "replace")) for kind in kinds):
        return Says.SUPERSEDED
    affirmed = (found for found in _WITHDRAWN.finditer(text) if not _DENIED.search(text[: found.start()]))
    return Says.WITHDRAWN if any(affirmed) else Says.CORRECTED


def _critical(
    integrity: object, *, signer: str, when: str | None, event_id: str | None, signed: bool = True
) -> Iterator[Statement]:
    """The critical findings of an integrity snapshot."""
    found = integrity.get("findings") if is_object(integrity) else None
    for item in found if is_list(found) else ():
        if is_object(item) and str(item.get("severity")).lower() == "critical":
            name = item.get("finding_type") or item.get("detector")
            text = ": ".join(part for part in (_line(name), _words(item)) if part)
            text = shortened(text, MAX_STATEMENT_CHARS, "…")
            yield Statement(says=Says.CRITICAL, text=text, signer=signer, when=when, event_id=event_id, signed=signed)


def _words(payload: Json) -> str:
    """What a payload says in words: its fields that hold some, else all of it as JSON."""
    texts = [_line(payload[name]) for name in _WORD_FIELDS if isinstance(payload.get(name), str)]
    if not any(texts):
        whole = canonical_bytes(payload)[: 4 * MAX_STATEMENT_CHARS].decode("utf-8", "replace")
        texts = [_line(whole)] if payload else []
    return shortened(" ".join(filter(None, texts)), MAX_STATEMENT_CHARS, "…")


def _line(value: object) -> str:
    """A text as one printable line; empty for what is no text."""
    return printable(collapse(value[: 2 * MAX_STATEMENT_CHARS])) if isinstance(value, str) else ""


def _signer(event: Event) -> str:
    named = _line(event.signer.get("signer_id"))
    key = f"key {_line(event.signature.key_id)}"
    return shortened(f"{named}, {key}" if named else key, 200, "…")


def _gravest_first(item: Statement) -> tuple[int, float]:
    return _ORDER[item.says], -datetime.fromisoformat(item.when).timestamp() if item.when else 0.0


def _odd_times(events: Sequence[Event], state: State, now: datetime | None) -> Iterator[Finding]:
    """Events after now, before the record was made, or before one that they follow."""
    times = {event.event_id: datetime.fromisoformat(event.created_at) for event in events}
    for event in events:
        time = times[event.event_id]
        if now is not None and time > now + _AHEAD:
            message = f"the {_line(event.event_type)} event says {event.created_at}, which is still to come"
            yield finding("time-order", message, where=event.event_id)
        if time < datetime.fromisoformat(state.canonical.submitted_at):
            message = f"the {_line(event.event_type)} event says {event.created_at}, before the paper was submitted"
            yield finding("time-order", message, where=event.event_id)
        before = times.get(event.prev_event or "")
        if before is not None and time < before:
            message = f"the {_line(event.event_type)} event says {event.created_at}, before the event that it follows"
            yield finding("time-order", message, where=event.event_id)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
