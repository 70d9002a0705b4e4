"""The merge: many bundles of one record in, one state out (docs/reference/merge.md).

A merge keeps the union of the events, judges each by its own content and signature and the keyring alone, and orders
what is left by values that the events carry. So the order of the bundles, repetitions and any grouping give one state.
Where the public rule is not known, the rule here is ours and has a version: `MERGE_RULES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pithtex.catalogue import finding
from pithtex.errors import UsageError, VerificationError
from pithtex.findings import Status
from pithtex.format.aliases import derived_aliases, same_alias
from pithtex.format.bundle import BUNDLE_TYPE, Bundle, Event
from pithtex.format.canonical import canonical_bytes, sha256_hex
from pithtex.format.fields import Json, is_object
from pithtex.format.keys import Keyring, default_keyring
from pithtex.format.number import PithNumber
from pithtex.format.state import (
    CREATED,
    LISTS,
    MERGE_RULES,
    MERGE_VERSION,
    OTHERS,
    Equivocation,
    EventStanding,
    MergedEvent,
    State,
    entry_of,
    list_of,
)
from pithtex.verification.checks import Check, held, judged, show
from pithtex.verification.event import Refused, Valid, identity, judge_event_copy
from pithtex.verification.record import check_types


def merge(bundles: Iterable[Bundle], keyring: Keyring | None = None) -> State:
    """Merges bundles of one record into its state. Pure: the same bundles and keys give the same state.

    Whether the record's receipt and the bundles' own signatures hold is not looked at: each event stands by its own
    signature, so a host that lies can leave events out but put none in. `verify_bundle` checks the rest.

    Args:
        bundles: what `load_bundle` returned, at least one; any order, with any repetitions.
        keyring: the keys to trust; the pinned registry key by default.

    Raises:
        VerificationError: the bundles are of different records.
        UsageError: there is no bundle, or an argument is of another type.
    """
    if not isinstance(bundles, Iterable):
        raise UsageError(f"a list of bundles expected, not {type(bundles).__name__}", hint="merge([bundle])")
    several = tuple(bundles)
    for bundle in several:
        check_types(bundle, Bundle, keyring)
    number = _subject(several)
    copies = [item for part in _judge_all(several, number, keyring) for item in part]
    return _state(several, number, copies)


def missing(bundles: Iterable[Bundle], keyring: Keyring | None = None) -> tuple[tuple[str, ...], ...]:
    """Returns, for each bundle, the sorted ids of the valid events of which it has no valid copy.

    Raises:
        VerificationError: the bundles are of different records.
        UsageError: there is no bundle.
    """
    several = tuple(bundles)
    parts = _judge_all(several, _subject(several), keyring)
    held_by = [{item.event.event_id for item in part if isinstance(item, Valid)} for part in parts]
    everything = frozenset[str]().union(*held_by)
    return tuple(tuple(sorted(everything - ids)) for ids in held_by)


def merged_bundle(bundles: Iterable[Bundle], keyring: Keyring | None = None) -> dict[str, object]:
    """One bundle document with all that the bundles hold, for `load_bundle`. It has no signature: no key is held here.

    All distinct events are in it, the valid ones first, so that the record's receipt is read from a valid one; an
    invalid copy of a valid event is left out. So are times and links of the inputs, being each host's own.

    Raises:
        VerificationError: the bundles are of different records.
        UsageError: there is no bundle.
    """
    several = tuple(bundles)
    keyring = default_keyring() if keyring is None else keyring
    number = _subject(several)
    state = _state(several, number, [item for part in _judge_all(several, number, keyring) for item in part])
    keys = (item for item in _union(several, "public_keys") if is_object(item))
    return {
        "bundle_type": BUNDLE_TYPE,
        "bundle_version": "1.0",
        "pith_number": number.full,
        "short_pith_number": number.short,
        "canonical_record": state.canonical.raw,
        "canonical_sha256": state.canonical.digest,
        "source": state.canonical.raw["source"],
        "source_aliases": list(state.aliases),
        "events": [item.event.raw for item in state.events],
        "timestamp_proofs": _union(several, "timestamp_proofs"),
        "mirror_hints": _union(several, "mirror_hints"),
        "public_keys": [item for item in keys if _is_trusted(item, keyring)],
        "merge_version": MERGE_VERSION,
        "merge_rules": MERGE_RULES,
        "state": state.to_dict(),
    }


def _judge_all(bundles: Sequence[Bundle], number: PithNumber, keyring: Keyring | None) -> list[list[Valid | Refused]]:
    """Returns each bundle's events, judged; a copy that comes several times is judged once."""
    keyring = default_keyring() if keyring is None else keyring
    seen: dict[tuple[str, bytes], Valid | Refused] = {}
    parts: list[list[Valid | Refused]] = []
    for bundle in bundles:
        part: list[Valid | Refused] = []
        for event in bundle.entries:
            copy = identity(event)
            if copy not in seen:
                seen[copy], _ = judge_event_copy(event, *copy, number, keyring)
            part.append(seen[copy])
        parts.append(part)
    return parts


def _subject(bundles: Sequence[Bundle]) -> PithNumber:
    """Returns the one number that the bundles' records derive; what they state is not read."""
    if not bundles:
        raise UsageError("there is nothing to merge", hint="give at least one bundle")
    first, *others = sorted({bundle.record.canonical.number for bundle in bundles}, key=lambda number: number.full)
    if others:
        message = f"bundles of {len(others) + 1} different records, among them {first.full} and {others[0].full}"
        raise VerificationError(finding("different-subjects", message, where="canonical_record"))
    return first


# --- the state: a function of the set of judged copies ---------------------------------------------------------------


def _state(bundles: Sequence[Bundle], number: PithNumber, copies: Iterable[Valid | Refused]) -> State:
    """Merge rules 1 (docs/reference/merge.md has the same numbers).

    1. Two copies of one content are one event. It is valid if a copy is; of several valid copies the one whose
       id, digest and signature have the smallest canonical bytes is kept.
    2. An invalid copy of a valid event is left out; every other invalid copy is kept, with its reasons.
    3. Valid events stand in the order of `created_at`, then `event_id`; invalid ones by content, then by copy.
    4. A valid event is superseded when a valid event of the same key names it in `supersedes`.
    5. An equivocation is two or more valid events of one key with one type, target and previous event, not null.
    """
    # 1, 2
    valid: dict[str, Valid] = {}
    refused: dict[tuple[str, bytes], Refused] = {}
    for copy in copies:
        if isinstance(copy, Refused):
            refused[copy.content, copy.beside] = copy
            continue
        known = valid.setdefault(copy.event.event_id, copy)
        if copy.beside < known.beside:
            valid[copy.event.event_id] = copy
    kept = (copy for _, copy in sorted(refused.items()) if f"sha256:{copy.content}" not in valid)
    # 3
    applied = sorted(valid.values(), key=lambda copy: _order(copy.event))
    # 4
    superseded: dict[str, list[str]] = {}
    for copy in applied:
        for target in set(copy.event.supersedes):
            if target in valid and valid[target].key.public_key == copy.key.public_key:
                superseded.setdefault(target, []).append(copy.event.event_id)
    return State(
        number=number,
        canonical=bundles[0].record.canonical,
        aliases=tuple(_aliases(bundles, number)),
        events=(
            *(_applied(copy, valid, superseded) for copy in applied),
            *(_refused(copy) for copy in kept),
        ),
        # 5
        equivocations=tuple(_equivocations(applied)),
    )


def _order(event: Event) -> tuple[str, str, str]:
    """By time, then id. A fraction is padded, since `...55.5Z` as text stands before `...55Z`."""
    return event.created_at[:19], event.created_at[20:-1].ljust(9, "0"), event.event_id


def _applied(copy: Valid, valid: Mapping[str, Valid], superseded: Mapping[str, list[str]]) -> MergedEvent:
    event = copy.event
    links = {*event.supersedes, *([] if event.prev_event is None else [event.prev_event])}
    here = {target for target in event.supersedes if target in valid}
    return MergedEvent(
        event_id=event.event_id,
        content_sha256=copy.content,
        standing=EventStanding.VALID if list_of(event) != OTHERS else EventStanding.UNKNOWN_TYPE,
        superseded_by=tuple(superseded.get(event.event_id, ())),
        unresolved=tuple(sorted(target for target in links if target not in valid)),
        refused=tuple(sorted(i for i in here if valid[i].key.public_key != copy.key.public_key)),
        event=event,
    )


def _refused(copy: Refused) -> MergedEvent:
    return MergedEvent(
        event_id=copy.event.event_id,
        content_sha256=copy.content,
        standing=EventStanding.INVALID,
        reasons=copy.reasons,
        unproven=copy.unproven,
        event=copy.event,
    )


def _equivocations(applied: Iterable[Valid]) -> Iterator[Equivocation]:
    """By key, since who a signer is beside its key is a claim. The subject is one in all valid events."""
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for copy in applied:
        event = copy.event
        if event.prev_event is not None:
            place = (copy.key.hex, event.event_type, event.target, event.prev_event)
            places.setdefault(place, []).append(event.event_id)
    fingerprints = {copy.key.hex: copy.key.fingerprint_hex for copy in applied}
    for (key, event_type, target, prev_event), ids in sorted(places.items()):
        if len(ids) > 1:
            yield Equivocation(
                public_key_fingerprint=fingerprints[key],
                event_type=event_type,
                target=target,
                prev_event=prev_event,
                event_ids=tuple(sorted(ids)),
            )


def _aliases(bundles: Iterable[Bundle], number: PithNumber) -> Iterator[Json]:
    """Yields the union by kind and value; of kinds that follow from the record only those (docs/reference/merge.md).

    Of several spellings of one alias the one with the smallest canonical bytes is kept, in which `created_at` decides.
    """
    found: dict[tuple[str, str], tuple[bytes, Json]] = {}
    for bundle in bundles:
        derived = derived_aliases(bundle.record.canonical, number)
        raws = bundle.document.get("source_aliases")
        for alias, raw in zip(bundle.record.aliases, raws if isinstance(raws, list) else (), strict=True):
            kind, value = alias
            if not same_alias(kind, value, derived.get(kind, value)):
                continue
            spelling = canonical_bytes(raw), raw
            known = found.setdefault(alias, spelling)
            if spelling[0] < known[0]:
                found[alias] = spelling
    for _, (_, raw) in sorted(found.items(), key=lambda item: item[0]):
        yield raw


def _union(bundles: Iterable[Bundle], key: str) -> list[object]:
    """Returns the distinct entries of an unsigned list, by canonical bytes. They are claims and not in the state."""
    entries: dict[bytes, object] = {}
    for bundle in bundles:
        listed = bundle.document.get(key)
        entries |= {canonical_bytes(item): item for item in (listed if isinstance(listed, list) else ())}
    return [item for _, item in sorted(entries.items(), key=lambda pair: pair[0])]


def _is_trusted(item: Json, keyring: Keyring) -> bool:
    key_id = item.get("key_id")
    key = keyring.get(key_id) if isinstance(key_id, str) else None
    return key is not None and item.get("public_key_hex") == key.hex


# --- the state that a bundle states ----------------------------------------------------------------------------------


def state_of(bundle: Bundle, events: Iterable[Valid | Refused]) -> State:
    """Returns the state of one bundle, as `merge` gives it, from its events as they were judged."""
    return _state((bundle,), bundle.record.canonical.number, events)


def state_checks(bundle: Bundle, state: State) -> Iterator[Check]:
    """Yields the state that a bundle carries against the one recomputed, and what the merge noticed.

    A difference that only our own rules could account for is not a contradiction: the state of a bundle that does not
    name `MERGE_RULES` is then not comparable, unless it lists what is not valid event.
    """
    for remark in state.findings:
        yield Check(
            name=remark.name, status=Status.NOT_CHECKED, message=remark.message, where=remark.where, finding=remark
        )
    stated = bundle.document.get("state")
    if not is_object(stated):  # which the reader lets be null alone
        yield Check(name="state", status=Status.NOT_CHECKED, message="none stated", where="state")
        return
    digest = sha256_hex(canonical_bytes({key: value for key, value in stated.items() if key != "state_sha256"}))
    yield judged(
        "state digest",
        f"SHA-256 of the canonical bytes without state_sha256 {digest}, stated {show(stated.get('state_sha256'))}",
        holds=stated.get("state_sha256") == digest,
        rule="state-mismatch",
        where="state.state_sha256",
    )
    yield _state_check(bundle, state, stated)


def _state_check(bundle: Bundle, state: State, stated: Json) -> Check:
    document = state.to_dict()
    recomputed = str(document["state_sha256"])
    version = stated.get("merge_version")
    if version != MERGE_VERSION:
        return _not_comparable(f"merge version {show(version)} is not supported; only {MERGE_VERSION} is")
    if canonical_bytes(stated) == canonical_bytes(document):
        return held("state", f"the record and the events give {recomputed}", "state")
    if any(item.unproven for item in state.invalid):
        return _not_comparable("an event was signed by a key that is not trusted, so the state cannot be recomputed")
    ours = bundle.document.get("merge_rules") == MERGE_RULES
    if not ours and not _is_settled(bundle, state) and _lists_only_valid(state, stated):
        return _not_comparable(f"differs from {recomputed}, by rules that have not been published")
    differs = sorted(key for key in {*document, *stated} if show(document.get(key)) != show(stated.get(key)))
    message = f"the record and the events give {recomputed}; what is stated differs in {', '.join(differs) or 'detail'}"
    return judged("state", message, holds=False, rule="state-mismatch", where="state")


def _not_comparable(message: str) -> Check:
    problem = finding("state-not-comparable", f"state: {message}", where="state")
    return Check(name="state", status=Status.NOT_CHECKED, message=message, where="state", finding=problem)


def _is_settled(bundle: Bundle, state: State) -> bool:
    """Tells whether the public rules alone determine the state: nothing in it rests on a choice of ours."""
    ids = [str(item.event_id) for item in state.valid]
    current = state.current()
    return (
        not state.invalid
        and not state.equivocations
        and not current[OTHERS]
        and all(len(events) <= 1 for events in current.values())
        and len(current[CREATED]) == 1
        and not any(item.superseded_by for item in state.valid)
        and ids == sorted(ids)
        and list(state.aliases) == bundle.document.get("source_aliases")
    )


def _lists_only_valid(state: State, stated: Json) -> bool:
    """Tells whether what is stated keeps to what no rule can change: the record, and entries of valid events alone."""
    current = stated.get("current")
    if not is_object(current) or stated.get("pith_number") != state.number.full:
        return False
    if canonical_bytes(current.get("canonical_record")) != state.canonical.data:
        return False
    entries = {canonical_bytes(entry_of(item.event)) for item in state.valid if isinstance(item.event, Event)}
    listed = [current[CREATED]] if current.get(CREATED) is not None else []
    for name in LISTS.values():
        value = current.get(name)
        listed += value if isinstance(value, list) else [value]
    return all(canonical_bytes(item) in entries for item in listed)
