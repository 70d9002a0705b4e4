"""All mirrors' bundles of one record, merged, and what each of them lacked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pithtex.catalogue import finding
from pithtex.errors import DataError, PithError, UnavailableError, VerificationError
from pithtex.findings import Finding
from pithtex.format.bundle import Bundle
from pithtex.format.fields import Json, is_object
from pithtex.format.keys import Keyring
from pithtex.limits import MAX_MIRRORS
from pithtex.resolve.resolver import FROM_STORE, Resolver
from pithtex.verify.merge import merged_bundle, missing
from pithtex.verify.record import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.resolve.mirrors.client import Client
    from pithtex.resolve.mirrors.host import Host


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What all mirrors together have of one record."""

    record: VerifiedRecord
    document: Json = field(repr=False)
    """The bundle: as a mirror signed it where it lacks nothing, else the merged one."""
    lacked: tuple[tuple[str, tuple[str, ...]], ...]
    """For each source of a bundle the ids of the valid events that it lacked."""
    hints: tuple[str, ...]
    """Addresses of bundles that the bundles hint at. Under no signature; followed only where that was asked for."""
    findings: tuple[Finding, ...]


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
    for source, bundle in _asked(resolver, suffix, errors):
        found.append((source, bundle))
        findings += resolver.store.put_bundle(bundle, resolver.keyring)
    hints = tuple(dict.fromkeys(hint for _, bundle in found for hint in _hints(bundle)))
    if follow is not None:
        for source, bundle in _followed(resolver, follow, hints, suffix, errors):
            found.append((source, bundle))
            findings += resolver.store.put_bundle(bundle, resolver.keyring)
    for error in errors:
        if isinstance(error, VerificationError | UnavailableError):
            if not found:
                raise error
            findings.append(error.finding)
    if not found:
        raise UnavailableError(finding("record-not-found", f"no bundle of {record.number.full} is known"))
    return _merged(resolver, record, found, hints, findings)


def _asked(resolver: Resolver, suffix: str, errors: list[PithError]) -> Iterator[tuple[str, Bundle]]:
    """What the mirrors have."""
    try:
        hosts = resolver.hosts()
    except UnavailableError as error:
        errors.append(error)
        return
    yield from _bundles(((host.name, host) for host in hosts), suffix, errors)


def _followed(
    resolver: Resolver, client: Client, hints: tuple[str, ...], suffix: str, errors: list[PithError]
) -> Iterator[tuple[str, Bundle]]:
    """What the hinted addresses have. They are the document's words, so no private address is among them."""
    from pithtex.resolve.mirrors.host import Host
    from pithtex.resolve.mirrors.manifest import Mirror

    known = {url for host in resolver.hosts() for url in host.mirror.bundle_urls(suffix)}
    hosts = (
        (f"hint {url}", Host(Mirror(name=url, base_url=url, bundle_pattern=url), client, resolver.keyring))
        for url in hints
        if url not in known
    )
    yield from _bundles(hosts, suffix, errors)


def _bundles(hosts: Iterable[tuple[str, Host]], suffix: str, errors: list[PithError]) -> Iterator[tuple[str, Bundle]]:
    """The bundles that these hosts have, each under the name given with it; `errors` takes what went wrong."""
    for name, host in hosts:
        try:
            bundle = host.bundle(suffix)
        except (DataError, UnavailableError) as error:
            errors.append(error)
            continue
        if bundle is not None:
            yield name, bundle


def _hints(bundle: Bundle) -> Iterator[str]:
    listed = bundle.document.get("mirror_hints")
    for item in listed[:MAX_MIRRORS] if isinstance(listed, list) else ():
        url = item.get("bundle_url") if is_object(item) else None
        if isinstance(url, str):
            yield url


def _merged(
    resolver: Resolver,
    record: VerifiedRecord,
    found: list[tuple[str, Bundle]],
    hints: tuple[str, ...],
    findings: list[Finding],
) -> Collected:
    bundles = [bundle for _, bundle in found]
    lacks = missing(bundles, resolver.keyring)
    for (source, _), ids in zip(found, lacks, strict=True):
        if ids and source != FROM_STORE:
            many = "1 event" if len(ids) == 1 else f"{len(ids)} events"
            findings.append(finding("bundle-lacks-events", f"the bundle of {source} lacks {many}", where=source))
    return Collected(
        record=record,
        document=whole_bundle(bundles, lacks, resolver.keyring),
        lacked=tuple((source, ids) for (source, _), ids in zip(found, lacks, strict=True)),
        hints=hints,
        findings=tuple(dict.fromkeys(findings)),
    )


def whole_bundle(bundles: Sequence[Bundle], lacks: Sequence[tuple[str, ...]], keyring: Keyring) -> Json:
    """The bundle that lacks nothing, under its registry's signature; where there is none the merged one, without.

    Args:
        bundles: of one record.
        lacks: what `missing` says of them.
        keyring: the keys to trust.
    """
    for bundle, ids in zip(bundles, lacks, strict=True):
        if not ids and bundle.signature is not None:
            return bundle.document
    return merged_bundle(bundles, keyring)
