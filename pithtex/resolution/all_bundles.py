"""Collects and merges all mirrors' bundles of one record, and tells what each of them lacked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pithtex.catalogue import finding
from pithtex.errors import DataError, PithError, UnavailableError
from pithtex.findings import Finding
from pithtex.format.bundle import Bundle
from pithtex.format.fields import Json, is_object
from pithtex.format.keys import Keyring
from pithtex.limits import MAX_MIRRORS
from pithtex.resolution.mirrors.testimony import lesser
from pithtex.resolution.resolver import Resolver
from pithtex.resolution.store.memory import Seen, note_state, seen_events, valid_ids
from pithtex.resolution.store.store import FROM_STORE
from pithtex.structs import field, struct
from pithtex.system.threads import at_once
from pithtex.verification.merge import merge, merged_bundle, missing
from pithtex.verification.record import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.resolution.mirrors.client import Client
    from pithtex.resolution.mirrors.host import Host


_Source = tuple[str, Bundle]
"""Whose bundle, and the bundle."""


@struct
class Collected:
    """What all mirrors together have of one record."""

    record: VerifiedRecord
    document: Json = field(repr=False, hash=False)
    """The bundle: as a mirror signed it where it lacks nothing, else the merged one."""
    bundles: tuple[Bundle, ...] = field(repr=False, hash=False)
    """All that were found."""
    lacked: tuple[tuple[str, tuple[str, ...]], ...]
    """For each source of a bundle the ids of the valid events that it lacked."""
    hints: tuple[str, ...]
    """Addresses of bundles that the bundles hint at. Under no signature; followed only where that was asked for."""
    findings: tuple[Finding, ...]

    @property
    def sources(self) -> int:
        """Returns how many places had a bundle, among mirrors and the store."""
        return len({source for source, _ in self.lacked})


def collect(resolver: Resolver, record: VerifiedRecord, follow: Client | None = None) -> Collected:
    """Asks every mirror and the store for the record's bundle, and merges.

    Args:
        resolver: whose mirrors and store.
        record: what `resolve` gave.
        follow: where hints are to be followed, the client to do it with.

    Raises:
        UnavailableError: there is no bundle anywhere.
        VerificationError: all that came contradicts itself.
    """
    suffix = record.number.suffix
    kept, said = resolver.store.bundles(suffix, resolver.keyring)
    found = [(FROM_STORE, bundle) for bundle in kept]
    findings: list[Finding] = list(said)
    errors: list[PithError] = []
    seen = seen_events(resolver.store, suffix)
    found += _asked(resolver, suffix, errors)
    hints = tuple(dict.fromkeys(hint for _, bundle in found for hint in _hints(bundle)))
    if follow is not None:
        found += _followed(resolver, follow, hints, suffix, errors)
    for source, bundle in found:
        if source != FROM_STORE:
            findings += resolver.store.put_bundle(bundle, resolver.keyring)
    if not found:
        raise min(errors, key=_weight, default=None) or _no_bundle(record)
    findings += [lesser(error) for error in errors if error.rule != "offline"]  # which the user knows
    bundles = [bundle for _, bundle in found]
    lacks = missing(bundles, resolver.keyring)
    lacked = _by_source(found, lacks)
    state = merge(bundles, resolver.keyring)
    findings += [item.finding for item in state.equivocations]
    findings += _shortfalls(lacked, valid_ids(state), seen)
    note_state(resolver.store, state)
    return Collected(
        record=record,
        document=whole_bundle(bundles, lacks, resolver.keyring),
        bundles=tuple(bundles),
        lacked=tuple(lacked.items()),
        hints=hints,
        findings=tuple(dict.fromkeys(findings)),
    )


def _weight(error: PithError) -> int:
    return 1 if isinstance(error, UnavailableError) else 0


def _no_bundle(record: VerifiedRecord) -> UnavailableError:
    return UnavailableError(finding("record-not-found", f"no bundle of {record.number.full} is known"))


def _asked(resolver: Resolver, suffix: str, errors: list[PithError]) -> list[_Source]:
    """Returns the bundles that the mirrors have."""
    try:
        hosts = resolver.hosts()
    except UnavailableError as error:
        errors.append(error)
        return []
    return _bundles([(host.name, host) for host in hosts], suffix, errors)


def _followed(
    resolver: Resolver, client: Client, hints: tuple[str, ...], suffix: str, errors: list[PithError]
) -> list[_Source]:
    """Returns the bundles at the hinted addresses. A document names them, so private addresses are refused."""
    from pithtex.resolution.mirrors.host import Host
    from pithtex.resolution.mirrors.manifest import Mirror

    known = {url for host in resolver.hosts() for url in host.mirror.bundle_urls(suffix)}
    hosts = [
        (f"hint {url}", Host(Mirror(name=url, base_url=url, bundle_pattern=url), client, resolver.keyring))
        for url in hints
        if url not in known
    ]
    return _bundles(hosts, suffix, errors)


def _bundles(hosts: Sequence[tuple[str, Host]], suffix: str, errors: list[PithError]) -> list[_Source]:
    """Returns the bundles of these hosts, each under the name given with it; adds failures to `errors`."""

    def ask(host: tuple[str, Host]) -> Bundle | DataError | UnavailableError | None:
        try:
            return host[1].bundle(suffix)
        except (DataError, UnavailableError) as error:
            return error

    found: list[_Source] = []
    for (name, _), answer in zip(hosts, at_once(ask, hosts), strict=True):
        if isinstance(answer, PithError):
            errors.append(answer)
        elif answer is not None:
            found.append((name, answer))
    return found


def _hints(bundle: Bundle) -> Iterator[str]:
    listed = bundle.document.get("mirror_hints")
    for item in listed[:MAX_MIRRORS] if isinstance(listed, list) else ():
        url = item.get("bundle_url") if is_object(item) else None
        if isinstance(url, str):
            yield url


def _by_source(found: list[_Source], lacks: Sequence[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Returns what each source lacks: the events that none of its bundles has, as the store may keep several."""
    lacked: dict[str, tuple[str, ...]] = {}
    for (source, _), ids in zip(found, lacks, strict=True):
        lacked[source] = tuple(sorted(set(lacked.get(source, ids)) & set(ids)))
    return lacked


def _shortfalls(lacked: dict[str, tuple[str, ...]], now: frozenset[str], seen: Seen | None) -> Iterator[Finding]:
    """Yields findings on sources that show less than another does now, or than was shown before."""
    before = frozenset[str]() if seen is None else seen.event_ids
    gone = before - now
    if seen is not None and gone:
        message = (
            f"{_events(len(gone))} of the state {seen.state_sha256}, which was seen before, are missing everywhere"
        )
        yield finding(
            "bundle-rollback", message, hint="ask other mirrors: the missing events may be the important ones"
        )
    for source, ids in lacked.items():
        taken_back = [event_id for event_id in ids if event_id in before]
        if source == FROM_STORE or not ids:
            continue
        if taken_back:
            message = f"the bundle of {source} lacks {_events(len(taken_back))} seen before"
            yield finding("bundle-rollback", message, where=source)
        else:
            yield finding("bundle-lacks-events", f"the bundle of {source} lacks {_events(len(ids))}", where=source)


def _events(many: int) -> str:
    return "1 event" if many == 1 else f"{many} events"


def whole_bundle(bundles: Sequence[Bundle], lacks: Sequence[tuple[str, ...]], keyring: Keyring) -> Json:
    """Returns the bundle that lacks nothing, signed by its registry, or else the merged one, unsigned.

    Args:
        bundles: of one record.
        lacks: what `missing` says of them.
        keyring: the keys to trust.
    """
    for bundle, ids in zip(bundles, lacks, strict=True):
        if not ids and bundle.signature is not None:
            return bundle.document
    return merged_bundle(bundles, keyring)
