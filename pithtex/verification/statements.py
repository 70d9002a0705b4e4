"""What verified events say of a paper, one by one (docs/reference/merge.md, "What a state says of a paper").

The words of a statement are signed in fact and untrusted in form: they are bounded and printable here, and each output
escapes them for its own language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from pithtex.format.canonical import canonical_bytes, collapse
from pithtex.format.fields import Json, is_list, is_object
from pithtex.patterns import pattern
from pithtex.text import printable, shortened
from pithtex.verification.said import Says, Statement

if TYPE_CHECKING:
    from pithtex.format.bundle import Event
    from pithtex.format.state import State

MAX_STATEMENT_CHARS: Final = 1000
"""The words of one statement; a longer one is cut, with an ellipsis."""


GRAVE: Final = frozenset({Says.WITHDRAWN, Says.CRITICAL, Says.CONTRADICTORY})
"""What `--standing` makes an error: whoever relies on the paper has to read it first."""

_ORDER: Final = {says: place for place, says in enumerate(Says)}
SAID_BY_LISTS: Final[Mapping[str, Says]] = {
    "corrections": Says.CORRECTED,
    "author_attestations": Says.ATTESTED,
    "timestamp_anchors": Says.ANCHORED,
    "storage_attestations": Says.STORED,
    "replication_records": Says.REPLICATED,
    "citation_signatures": Says.CITED,
}
"""List of `state.current` to what its entries say."""

KIND_FIELDS: Final = ("kind", "type", "correction_type", "status", "action", "verdict", "decision")
WORD_FIELDS: Final = ("text", "statement", "reason", "message", "note", "description", "summary", "comment", "details")
SUPERSEDED_BY: Final = ("superseded_by", "replaced_by", "new_version", "successor")
REPLACED: Final = pattern("supersede|replace")
WITHDRAWN: Final = pattern(r"\b(?:withdr[ae]w(?:n|al|als|s|ing)?|retract(?:ed|ion|ions|s|ing)?)\b", re.IGNORECASE)
DENIED: Final = pattern(
    r"(?:\b(?:not|never|no longer|isn't|wasn't|rather than|instead of)"
    r"(?:\s+(?:been|be|being|yet|formally|to be))*\s+|\bun-?)$",
    re.IGNORECASE,
)
"""Right before such a word. Where it cannot be told, the graver reading counts, and the words stand beside it."""
DENIED_CHARS: Final = 60
"""How far before the word that is looked for."""


def statements_of(state: State) -> Iterator[Statement]:
    """Yields what the events in force say, and which of them contradict each other."""
    from pithtex.format.state import OTHERS

    current = state.current()
    for name, says in SAID_BY_LISTS.items():
        for event in current[name]:
            yield _signed(event, _correction(event.payload) if says is Says.CORRECTED else says)
    for event in current[OTHERS]:
        # What an unknown type means is not known, but where it calls itself a withdrawal that is not passed over.
        if _is_withdrawn(event.event_type.replace("_", " ")):
            yield _signed(event, Says.WITHDRAWN)
    for event in current["graph_snapshots"]:
        snapshot = event.payload.get("graph_snapshot")
        integrity = snapshot.get("integrity") if is_object(snapshot) else None
        yield from critical_findings(integrity, signer=_signer(event), when=event.created_at, event_id=event.event_id)
    for item in state.equivocations:
        text = f"one key signed {len(item.event_ids)} events where there can be only one: {', '.join(item.event_ids)}"
        yield Statement(
            says=Says.CONTRADICTORY,
            text=shortened(text, MAX_STATEMENT_CHARS, "…"),
            signer=f"key {item.public_key_fingerprint}",
            when=None,
            event_id=item.event_ids[0],
        )


def _signed(event: Event, says: Says) -> Statement:
    text = words_of(event.payload)
    return Statement(says=says, text=text, signer=_signer(event), when=event.created_at, event_id=event.event_id)


def _correction(payload: Json) -> Says:
    """Returns what a correction says, by all of its words: nothing that calls itself a withdrawal passes for less."""
    if any(map(_is_withdrawn, _all_words(payload))):
        return Says.WITHDRAWN
    kinds = (value.lower() for name in KIND_FIELDS if isinstance(value := payload.get(name), str))
    replaced = any(payload.get(name) for name in SUPERSEDED_BY) or any(map(REPLACED.match, kinds))
    return Says.SUPERSEDED if replaced else Says.CORRECTED


def _all_words(payload: Json) -> Iterator[str]:
    """Yields every text in a payload, at any depth, and the names of fields with a value, as in `"withdrawn": 1`."""
    waiting: list[object] = [payload]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value.replace("_", " ")
        elif is_object(value):
            yield from (name.replace("_", " ") for name, item in value.items() if item)
            waiting += value.values()
        elif is_list(value):
            waiting += value


def _is_withdrawn(text: str) -> bool:
    """Tells whether a text says so, and does not deny it each time."""
    return any(not DENIED.search(text[: found.start()][-DENIED_CHARS:]) for found in WITHDRAWN.finditer(text))


def critical_findings(
    integrity: object, *, signer: str = "", when: str | None = None, event_id: str | None = None
) -> Iterator[Statement]:
    """Yields the critical findings of an integrity snapshot: signed where an event has it, else a claim."""
    found = integrity.get("findings") if is_object(integrity) else None
    for item in found if is_list(found) else ():
        if is_object(item) and str(item.get("severity")).lower() == "critical":
            name = item.get("finding_type") or item.get("detector")
            text = ": ".join(part for part in (plain_line(name), words_of(item)) if part)
            text = shortened(text, MAX_STATEMENT_CHARS, "…")
            signed = event_id is not None
            yield Statement(says=Says.CRITICAL, text=text, signer=signer, when=when, event_id=event_id, signed=signed)


def words_of(payload: Json, *, whole: bool = True) -> str:
    """Returns the words of a payload: its text fields, else (with `whole`) all of it as JSON."""
    texts = [plain_line(payload[name]) for name in WORD_FIELDS if isinstance(payload.get(name), str)]
    if not any(texts) and whole and payload:
        texts = [plain_line(canonical_bytes(payload)[: 4 * MAX_STATEMENT_CHARS].decode("utf-8", "replace"))]
    else:
        texts += [
            f"({name}: {plain_line(payload[name])})" for name in SUPERSEDED_BY if isinstance(payload.get(name), str)
        ]
    return shortened(" ".join(filter(None, texts)), MAX_STATEMENT_CHARS, "…")


def plain_line(value: object) -> str:
    """Returns a text as one printable line; empty for what is not text."""
    return printable(collapse(value[: 2 * MAX_STATEMENT_CHARS])) if isinstance(value, str) else ""


def _signer(event: Event) -> str:
    named = plain_line(event.signer.get("signer_id"))
    key = f"key {plain_line(event.signature.key_id)}"
    return shortened(f"{named}, {key}" if named else key, 200, "…")
