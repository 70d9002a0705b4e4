"""What the registry says of a paper: the standing that verified events give a record (docs/reference/merge.md).

A record says that a paper was registered. Whether it still stands is said by events that are signed later: corrections,
withdrawals, findings of integrity checks. Only events that verify count; what each says is in `statements`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.notebook import html_table, short_repr
from pithtex.structs import field, struct
from pithtex.verification.said import Says, Statement

if TYPE_CHECKING:  # a record alone, as most are, has a standing without any of these
    from pithtex.format.bundle import Bundle, Event
    from pithtex.format.integrity_report import IntegrityReport
    from pithtex.format.keys import Keyring
    from pithtex.format.record import Record
    from pithtex.format.state import State

MAX_STATEMENTS: Final = 500
"""Of one paper, the gravest first. What is left out is counted."""
_AHEAD: Final = timedelta(minutes=10)
"""How far a signer's clock may be ahead of ours before its event is said to be of the future."""


class Tone(StrEnum):
    """How a badge of the paper looks."""

    GRAVE = "grave"
    """Whoever relies on the paper has to read what is said of it first."""
    CHANGED = "changed"
    """There is a correction, or something newer."""
    PLAIN = "plain"


GRAVE: Final = frozenset({Says.WITHDRAWN, Says.CRITICAL, Says.CONTRADICTORY})
"""What `--standing` makes an error."""
_CHANGED: Final = frozenset({Says.SUPERSEDED, Says.CORRECTED})
_ORDER: Final = {says: place for place, says in enumerate(Says)}
_RULES: Final[Mapping[Says, str]] = {
    Says.WITHDRAWN: "paper-withdrawn",
    Says.CRITICAL: "critical-finding",
    Says.CONTRADICTORY: "standing-contradictory",
    Says.SUPERSEDED: "paper-superseded",
    Says.CORRECTED: "paper-corrected",
}
"""What is said against a paper is a finding, too."""
MAX_FINDINGS: Final = 20
"""Statements of one paper that are findings, the gravest first; all of them stand in the standing."""


@struct
class Moment:
    """One verified event of a paper's history."""

    when: str
    """RFC 3339, as the signer states it."""
    what: str
    """A word for what it says, printable."""
    text: str
    """The signer's words, bounded and printable; empty if there are none."""
    event_id: str

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        return {"when": self.when, "what": self.what, "text": self.text, "event_id": self.event_id}


@struct(repr=False)
class Standing:
    """What is known of a paper beyond its record, as of the newest event that was seen."""

    statements: tuple[Statement, ...] = ()
    """The gravest first, then the newest."""
    as_of: str | None = None
    """Time of the newest verified event; None if no event was seen, and the standing is unknown."""
    events: int = 0
    """Verified events that were seen."""
    sources: int = 0
    """Where bundles came from: files, the store, mirrors."""
    left_out: int = 0
    """Statements beyond `MAX_STATEMENTS`."""
    timeline: tuple[Moment, ...] = field(default=(), repr=False)
    """The verified events, the oldest first, at most `MAX_STATEMENTS`."""
    odd_times: tuple[Finding, ...] = field(default=(), repr=False)
    """Events of the future, or in an order that cannot be."""

    @property
    def known(self) -> bool:
        """Tells whether any event was seen. A record alone says nothing of what came after it."""
        return self.as_of is not None

    @property
    def words(self) -> tuple[Says, ...]:
        """Returns what is said, each once, the gravest first; of a record alone what it claims is left out."""
        return tuple(dict.fromkeys(item.says for item in self.statements if item.signed))

    @property
    def grave(self) -> tuple[Statement, ...]:
        """Returns the statements that whoever relies on the paper has to read."""
        return tuple(item for item in self.statements if item.says in GRAVE)

    @property
    def against(self) -> tuple[Statement, ...]:
        """Returns what is said against the paper's text as it stands: the grave statements, corrections, successors."""
        return tuple(item for item in self.statements if item.says in GRAVE | _CHANGED)

    @property
    def mark(self) -> str:
        """Returns the gravest statement against the paper, in a word or two of ours; empty if there is none."""
        return _mark(self.against[0]) if self.against else ""

    @property
    def tone(self) -> Tone:
        """Returns how the paper's badge looks."""
        return Tone.GRAVE if self.grave else Tone.CHANGED if self.against else Tone.PLAIN

    @property
    def line(self) -> str:
        """Returns the standing in one line: `withdrawn, author attested (as of ...)`, `unknown: ...`."""
        claimed = tuple(dict.fromkeys(_mark(item) for item in self.statements if not item.signed))
        if not self.known:
            stated = f"; stated: {', '.join(claimed)}" if claimed else ""
            return f"unknown: no signed event was seen, and a record does not tell what happened after it{stated}"
        said = ", ".join((*(word.value for word in self.words), *claimed)) or "registered, and nothing more is said"
        return f"{said} ({self.freshness})"

    @property
    def freshness(self) -> str:
        """As of which event, and from how many sources; of a record alone that it is not known."""
        if not self.known:
            return "standing unknown"
        return f"as of {self.as_of}, from {self.sources} source{'' if self.sources == 1 else 's'}"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns findings for statements against the paper and for impossible times. None is an error."""
        return (*map(_finding, self.against[:MAX_FINDINGS]), *self.odd_times)

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        return {
            "words": [word.value for word in self.words] if self.known else ["unknown"],
            "as_of": self.as_of,
            "events": self.events,
            "sources": self.sources,
            "statements": [item.to_dict() for item in self.statements],
            "left_out": self.left_out,
            "findings": [item.to_dict() for item in self.findings],
        }

    def __repr__(self) -> str:
        return short_repr(self, self.line)

    def _repr_html_(self) -> str:
        return html_table(f"Standing: {self.line}", ((item.says.value, item.text) for item in self.statements))


UNKNOWN: Final = Standing()
"""The standing of a paper of which no event was seen."""


def standing_of(
    bundles: Sequence[Bundle],
    keyring: Keyring | None = None,
    *,
    sources: int | None = None,
    now: datetime | None = None,
) -> Standing:
    """Returns the standing that the verified events of some bundles of one record give it.

    That the record itself is genuine is `verify_bundle`'s to say.

    Args:
        bundles: at least one, all of one record.
        keyring: the keys to trust; events by others do not count.
        sources: where they come from: as many places as bundles by default.
        now: the time, with a zone, that no event may be after; not looked at by default.

    Raises:
        UsageError: no bundle.
        VerificationError: bundles of different records.
    """
    from pithtex.format.keys import default_keyring
    from pithtex.verification.merge import merge

    keyring = default_keyring() if keyring is None else keyring

    return from_state(merge(bundles, keyring), sources=len(bundles) if sources is None else sources, now=now)


def from_state(state: State, *, sources: int = 1, now: datetime | None = None) -> Standing:
    """Returns the standing that a merged state gives; see `standing_of`."""
    from pithtex.format.bundle import Event
    from pithtex.verification.statements import statements_of

    events = [item.event for item in state.valid if isinstance(item.event, Event)]
    said = sorted(statements_of(state), key=_gravest_first)
    # An event of the future tells nothing about today.
    past = [event for event in events if now is None or _time(event) <= now + _AHEAD]
    newest = max(past or events, key=_time, default=None)
    return Standing(
        statements=tuple(said[:MAX_STATEMENTS]),
        as_of=None if newest is None else newest.created_at,
        events=len(events),
        sources=sources,
        left_out=max(len(said) - MAX_STATEMENTS, 0),
        timeline=tuple(_timeline(events, said)),
        odd_times=tuple(_odd_times(events, state, now)),
    )


def from_record(record: Record) -> Standing:
    """Returns the standing from a record document alone: unknown, with the unsigned critical findings that it lists."""
    from pithtex.verification.statements import critical_findings

    integrity = record.snapshot.raw.get("integrity") if record.snapshot is not None else None
    return Standing(statements=tuple(critical_findings(integrity))[:MAX_STATEMENTS])


def from_report(report: IntegrityReport) -> Standing:
    """Returns an integrity report's critical findings, as claims: what its signatures cover is not public."""
    from pithtex.verification.statements import critical_findings

    return Standing(statements=tuple(critical_findings(report.integrity))[:MAX_STATEMENTS])


def _mark(item: Statement) -> str:
    return item.says.value if item.signed else f"{item.says.value}, unsigned"


def _finding(item: Statement) -> Finding:
    said = f": {item.text}" if item.text else ""
    by = f" ({item.by})" if item.by else ""
    return finding(_RULES[item.says], f"{_mark(item)}{said}{by}", where=item.event_id or "")


def _gravest_first(item: Statement) -> tuple[int, float]:
    return _ORDER[item.says], -datetime.fromisoformat(item.when).timestamp() if item.when else 0.0


def _time(event: Event) -> datetime:
    return datetime.fromisoformat(event.created_at)


def _timeline(events: Sequence[Event], said: Sequence[Statement]) -> Iterator[Moment]:
    """Yields the events in the order of their times; the middle of more than can be shown is left out."""
    from pithtex.verification.statements import plain_line, words_of

    first = {item.event_id: item for item in reversed(said)}
    ordered = sorted(events, key=lambda event: (_time(event), event.event_id))
    if len(ordered) > MAX_STATEMENTS:
        half = MAX_STATEMENTS // 2
        ordered = [*ordered[:half], *ordered[-half:]]
    for event in ordered:
        item = first.get(event.event_id)
        kind = plain_line(event.event_type).replace("_", " ")[:80]
        what, text = (item.says.value, item.text) if item is not None else (kind, words_of(event.payload, whole=False))
        yield Moment(when=event.created_at, what=what, text=text, event_id=event.event_id)


def _odd_times(events: Sequence[Event], state: State, now: datetime | None) -> Iterator[Finding]:
    """Events after now, before the record was made, or before one that they follow."""
    from pithtex.verification.statements import plain_line

    times = {event.event_id: _time(event) for event in events}
    for event in events:
        time, odd = times[event.event_id], []
        if now is not None and time > now + _AHEAD:
            odd.append("which is in the future")
        if time < datetime.fromisoformat(state.canonical.submitted_at):
            odd.append("before the paper was submitted")
        before = times.get(event.prev_event or "")
        if before is not None and time < before:
            odd.append("before the event that it follows")
        for why in odd:
            message = f"the {plain_line(event.event_type)} event says {event.created_at}, {why}"
            yield finding("time-order", message, where=event.event_id)
