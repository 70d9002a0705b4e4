"""The unsigned rest of a document, held against itself (docs/reference/format.md, "Unsigned parts").

Nothing here proves anything, and nothing here makes a record fail: it says where a document's own words do not fit
each other, which a reader of these words should know. Links to another number are the exception: they contradict.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final
from urllib.parse import unquote, urlsplit

from pithtex.catalogue import finding
from pithtex.findings import Status
from pithtex.format.canonical import fragile_values
from pithtex.format.fields import Fields, Json, is_list, is_object
from pithtex.format.keys import Keyring
from pithtex.format.parts import LINKED, OWN_ADDRESSES
from pithtex.format.profile import REGISTRY_HOSTS
from pithtex.format.record import Record
from pithtex.patterns import pattern
from pithtex.verification.checks import Check, Diary, judged

EVENT_WORDS: Final = {
    "author_attested": "author_attestation",
    "externally_anchored": "timestamp_anchor",
    "storage_verified": "storage_attestation",
    "citation_signatures": "citation_signature",
    "replication_records": "replication_record",
}
"""Words of `verification_status`, and the type of event that each speaks of."""

_NAMED: Final = pattern(r"/(?:pith|paper|pith-number)/([A-Z2-7]{26}|[A-Z2-7]{8})(?=[./?#]|$)", re.MULTILINE)
_ARXIV: Final = pattern(r"arxiv=(?<=[?&]arxiv=)([^&#\s]+)")
"""The literal stands first, since text that begins a pattern is found fast."""
_CLAIMED_TYPES: Final[dict[str, type]] = {
    **dict.fromkeys(("attestation_state", "schema_url", "created_at", "updated_at"), str),
    **dict.fromkeys(("verification_status", "event_summary", "inbound_citations", "formal_canon"), dict),
    **dict.fromkeys(("events", "paper_claims"), list),
}
"""Top-level fields that are claims alone, with their types: one of another type is noted, and decides nothing."""
_SEVERITIES: Final = ("critical", "advisory", "informational")
_UNATTESTED: Final = "computed"
"""The `attestation_state` of a record that nobody has attested."""


def unsigned_checks(record: Record, keyring: Keyring) -> Iterator[Check]:
    """Yields what only warns, and so is examined but cannot refute: the unsigned parts, and values fragile elsewhere.

    Args:
        record: as parsed.
        keyring: the keys to trust; an event counts when its signature holds.
    """
    events: Counter[str] = Counter()
    if "verification_status" in record.document or "attestation_state" in record.document:
        events.update(_verified_events(record, keyring))
    yield from _rules(record, events)
    for path, reason in fragile_values(record.document):
        yield judged(f"portable {path}", reason, holds=False, rule="fragile-json", where=path)


def _verified_events(record: Record, keyring: Keyring) -> Iterator[str]:
    """Yields the type of each event whose signature holds."""
    if not is_list(record.document.get("events")):
        return
    from pithtex.format.bundle import parse_events
    from pithtex.verification.event import Valid, judge_event

    for entry in parse_events(Fields(record.document, "")):
        outcome, _ = judge_event(entry, record.canonical.number, keyring)
        if isinstance(outcome, Valid):
            yield outcome.event.event_type


def _rules(record: Record, events: Mapping[str, int]) -> Iterator[Check]:
    """Yields the rules; one that finds nothing to apply to yields nothing. `events` counts verified events by type."""
    document = record.document
    yield from _unknown_fields(record)
    yield from _hosts(record)
    yield from _status_words(document, record, events)
    yield from _attestation(document, events)
    yield from _event_summary(document)
    for part, where in _counted_parts(record):
        yield from _counts(part, where)
    if record.snapshot is not None:
        integrity = record.snapshot.raw.get("integrity")
        if is_object(integrity):
            yield from integrity_checks(integrity, f"{record.snapshot.where}.integrity")
    yield from _claimed_copies(record)
    yield from _times(document, record)


def integrity_checks(report: Json, where: str) -> Iterator[Check]:
    """Yields the summary of an integrity report against its own findings.

    `clean` must be false where a finding is critical or advisory, and true if there is none; what it is when all are
    informational is not known.

    Args:
        report: the object with `summary`, `findings`, `detectors_run`, `clean`.
        where: its JSON path.
    """
    findings = [item for item in _list(report.get("findings")) if is_object(item)]
    severities = Counter(str(item.get("severity")) for item in findings)
    summary = report.get("summary")
    if is_object(summary):
        stated = {key: summary.get(key) for key in _SEVERITIES if key in summary}
        counted = {key: severities[key] for key in stated}
        yield _warned(
            f"{where}.summary",
            f"{counted} findings, {stated} stated",
            holds=stated == counted,
            rule="integrity-summary",
        )
    clean = report.get("clean")
    if isinstance(clean, bool) and (not findings or severities["critical"] or severities["advisory"]):
        message = f"clean is {str(clean).lower()}, with {len(findings)} findings"
        yield _warned(f"{where}.clean", message, holds=clean is not bool(findings), rule="integrity-summary")
    by_detector = Counter(str(item.get("detector")) for item in findings)
    for index, detector in enumerate(_list(report.get("detectors_run"))):
        if is_object(detector) and "findings_count" in detector:
            name, count = str(detector.get("name")), detector["findings_count"]
            message = f"{by_detector[name]} findings by {name}, {count} stated"
            place = f"{where}.detectors_run[{index}]"
            yield _warned(place, message, holds=count == by_detector[name], rule="integrity-summary")


def _unknown_fields(record: Record) -> Iterator[Check]:
    document = record.document
    odd = [name for name, kind in _CLAIMED_TYPES.items() if not isinstance(document.get(name), kind | None)]
    unknown = [*record.unknown, *(f"{name} (of another type than it has)" for name in odd)]
    if unknown:
        message = f"kept but not understood: {', '.join(unknown)}"
        note = finding("unknown-field", message)
        yield Check(name="unknown fields", status=Status.NOT_CHECKED, message=message, finding=note)


def link_steps(record: Record, diary: Diary) -> None:
    """Every known address below `links` and `agent_actions`: the number, short form or arXiv id in it is the record's.

    They are derived from the number, so a link to another contradicts what is signed.
    """
    own, named = _own_names(record), _named("\n".join(record.addresses))
    if own.issuperset(named):
        if named:
            diary.held("links", f"{len(named)} times this number, short form or arXiv id", "links")
        return
    for where, name, text in _addresses(record.document):
        wrong = [other for other in _named(text) if other not in own] if name in OWN_ADDRESSES else ()
        if wrong:
            message = f"{text!r} names {wrong[0]}"
            diary.add(judged(f"link {where}", message, holds=False, rule="link-mismatch", where=where))


def _own_names(record: Record) -> set[str]:
    canonical = record.canonical
    suffix, source = canonical.number.suffix, canonical.source_id
    return {suffix, suffix[:8], source, f"{source}v{canonical.source_version}"}


def _named(text: str) -> list[str]:
    """Returns the numbers and short forms in the paths of addresses, and the arXiv ids in their queries.

    Addresses are read at once, a line each: in nearly every document all agree.
    """
    return [*_NAMED.findall(text), *map(unquote, _ARXIV.findall(text))]


def _hosts(record: Record) -> Iterator[Check]:
    for where, _, text in _addresses(record.document):
        try:
            parts = urlsplit(text)
        except ValueError:
            yield _warned(where, f"{text!r} is not an address", holds=False, rule="link-host")
            continue
        if parts.netloc not in REGISTRY_HOSTS or parts.scheme != "https":
            message = f"{parts.scheme}://{parts.netloc} is not the registry"
            yield _warned(where, message, holds=False, rule="link-host")


def _addresses(document: Json) -> list[tuple[str, str, str]]:
    """Returns the path, name and text of every address below `links` and `agent_actions`, two levels deep."""
    return [
        (f"{path}.{name}", name, text)
        for path, part in _link_parts(document)
        for name, text in part.items()
        if isinstance(text, str)
    ]


def _link_parts(document: Json) -> list[tuple[str, Json]]:
    """`links`, `agent_actions` and the objects in them, with their paths."""
    outer = [(key, part) for key in LINKED if is_object(part := document.get(key))]
    inner = [(f"{path}.{name}", item) for path, part in outer for name, item in part.items() if isinstance(item, dict)]
    return [*outer, *inner]


def _status_words(document: Json, record: Record, events: Mapping[str, int]) -> Iterator[Check]:
    """`verification_status` against what the document carries: never more, and for what can be counted never less."""
    status = document.get("verification_status")
    if not is_object(status):
        return
    known: dict[str, bool | int] = {
        "content_addressed": True,
        "pith_receipt": record.receipt is not None,
        "graph_snapshot": record.snapshot is not None,
        **_snapshot_words(record),
    }
    for word, value in status.items():
        where = f"verification_status.{word}"
        if word in known:
            message = f"{_word(value)} stated, {_word(known[word])} found"
            yield _warned(where, message, holds=value == known[word], rule="status-unsupported")
        elif word in EVENT_WORDS:
            count = events.get(EVENT_WORDS[word], 0)
            claims = int(value) if isinstance(value, bool | int) else 1
            message = f"{_word(value)} stated, {count} verified {EVENT_WORDS[word]} events in the document"
            yield _warned(where, message, holds=claims <= count, rule="status-unsupported")


def _snapshot_words(record: Record) -> dict[str, bool | int]:
    snapshot = record.snapshot.raw if record.snapshot is not None else {}

    def number(part: str, key: str) -> int | None:
        inner = snapshot.get(part)
        value = inner.get(key) if is_object(inner) else None
        return value if isinstance(value, int) else None

    found: dict[str, bool | int] = {}
    claims, strong = number("author_claims", "count"), number("author_claims", "strong_count")
    if claims is not None and strong is not None:
        found |= {"strong_author_claims": strong, "weak_author_claims": claims - strong}
    for word, part, key in (
        ("references_resolved", "references", "resolved_work"),
        ("formal_links_present", "formal_canon", "evidence_count"),
    ):
        count = number(part, key)
        if count is not None:
            found[word] = count > 0
    return found


def _attestation(document: Json, events: Mapping[str, int]) -> Iterator[Check]:
    state = document.get("attestation_state")
    if isinstance(state, str):
        count = events.get("author_attestation", 0)
        message = f"{state!r}, with {count} verified author attestations in the document"
        holds = state == _UNATTESTED or count > 0
        yield _warned("attestation_state", message, holds=holds, rule="attestation-unsupported")


def _event_summary(document: Json) -> Iterator[Check]:
    summary, events = document.get("event_summary"), document.get("events")
    if not is_object(summary) or not isinstance(events, list):
        return
    counted = Counter(str(event.get("event_type")) for event in events if is_object(event))
    stated = {key: value for key, value in summary.items() if isinstance(value, int)}
    message = f"{dict(counted)} in events, {stated} stated"
    holds = all(counted[key] == value for key, value in stated.items()) and (not counted or set(counted) <= set(stated))
    yield _warned("event_summary", message, holds=holds, rule="count-mismatch")


def _counted_parts(record: Record) -> Iterator[tuple[Json, str]]:
    parents = [(record.document, "")]
    if record.snapshot is not None:
        parents.append((record.snapshot.raw, f"{record.snapshot.where}."))
    for parent, prefix in parents:
        for key in ("claims", "references", "author_claims", "formal_canon", "inbound_citations"):
            part = parent.get(key)
            if is_object(part):
                yield part, f"{prefix}{key}"


def _counts(part: Json, where: str) -> Iterator[Check]:
    """A count is the length of `items`, at least that of a `sample`, and at least each count of a part of it."""
    for key in ("count", "evidence_count"):
        count = part.get(key)
        if not isinstance(count, int):
            continue
        items, sample = part.get("items"), part.get("sample")
        if isinstance(items, list):
            message = f"{count} stated, {len(items)} listed"
            yield _warned(f"{where}.{key}", message, holds=count == len(items), rule="count-mismatch")
        if isinstance(sample, list):
            message = f"{count} stated, {len(sample)} in the sample"
            yield _warned(f"{where}.{key}", message, holds=count >= len(sample), rule="count-mismatch")
        for lesser in ("strong_count", "resolved_work", "internal_anchor_count"):
            value = part.get(lesser)
            if isinstance(value, int):
                message = f"{value} of {count}"
                yield _warned(f"{where}.{lesser}", message, holds=0 <= value <= count, rule="count-mismatch")


def _claimed_copies(record: Record) -> Iterator[Check]:
    """Excerpt, headline and authors, which nothing signs, are the same wherever the document has them."""
    first, *others = record.papers or (None,)
    for key in ("abstract_excerpt", "headline", "authors_text"):
        for other in others:
            if first is None or key not in first.raw or key not in other.raw:
                continue
            where = f"{other.where}.{key}"
            message = f"against {first.where}.{key}"
            yield _warned(where, message, holds=first.raw[key] == other.raw[key], rule="claimed-copy-differs")


def _times(document: Json, record: Record) -> Iterator[Check]:
    """Submitted, computed, reissued, signed; created, updated: in this order, where they are stated."""
    receipt = document.get("receipt")
    signing: Json = receipt if is_object(receipt) else {}
    computed = ("receipt.first_computed_at", signing.get("first_computed_at"))
    orders: tuple[Sequence[tuple[str, object]], ...] = (
        (
            ("submitted_at", record.canonical.submitted_at),
            computed,
            ("receipt.last_reissued_at", signing.get("last_reissued_at")),
        ),
        (computed, ("receipt.signed_at", signing.get("signed_at"))),
        (("created_at", document.get("created_at")), ("updated_at", document.get("updated_at"))),
    )
    for order in orders:
        stated = [(where, value) for where, value in order if value is not None]
        times = [(where, value, _time(value)) for where, value in stated]
        for where, value, time in times:
            if time is None:
                yield _warned(where, f"{value!r} is not a time with a zone", holds=False, rule="time-order")
        for (first, _, earlier), (second, _, later) in pairwise(times):
            if earlier is not None and later is not None:
                yield _warned(second, f"not before {first}", holds=earlier <= later, rule="time-order")


def _time(value: object) -> datetime | None:
    """Returns a time with a zone (RFC 3339), or None."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time if time is not None and time.tzinfo is not None else None


def _warned(where: str, message: str, *, holds: bool, rule: str) -> Check:
    return judged(f"unsigned {where}", message, holds=holds, rule=rule, where=where)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: object) -> list[object]:
    return value if is_list(value) else []
