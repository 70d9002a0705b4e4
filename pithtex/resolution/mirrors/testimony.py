"""Asks all mirrors at once which records a name has, and holds each to its answer.

What a mirror says is a claim until a record verifies. Each proves its own claims, the newest first, in a thread of its
own; one that cannot is charged with it, and after `MAX_UNPROVEN` its further claims are not looked at, so that made-up
numbers cost a bounded time and hide nobody else's record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pithtex.catalogue import finding
from pithtex.errors import DataError, PithError, UnavailableError, VerificationError
from pithtex.findings import Finding, Severity
from pithtex.format.bundle import Bundle
from pithtex.format.identifiers import ArxivId
from pithtex.format.keys import Keyring
from pithtex.format.number import ShortForm
from pithtex.limits import MAX_UNPROVEN
from pithtex.resolution.inquiry import Answer
from pithtex.resolution.mirrors.host import Candidate, Host, Lookup, names
from pithtex.resolution.store.store import FROM_STORE, Store
from pithtex.structs import field, replace, struct
from pithtex.system.threads import at_once
from pithtex.verification.record import VerifiedRecord

_ERRORS: Final = (DataError, UnavailableError)


@struct(frozen=False)
class Testimony:
    """What one mirror said of a name, and what of it holds."""

    host: Host
    answered: bool = False
    named: tuple[Candidate, ...] = ()
    lookup: Lookup | None = None
    proven: list[tuple[VerifiedRecord, str]] = field(default_factory=list)
    """Records of that name, each with where it came from."""
    unproven: list[Candidate] = field(default_factory=list)
    """What it names and could not show; another mirror may."""
    errors: list[PithError] = field(default_factory=list)
    kept: list[Finding] = field(default_factory=list)
    """What the store said to keeping them."""

    def answer(self) -> Answer:
        """Returns the mirror's answer for reports."""
        versions = [record.canonical.source_version for record, _ in self.proven]
        return Answer(
            mirror=self.host.name,
            answered=self.answered,
            named=len(self.named),
            proven=len(self.proven),
            newest=max(versions, default=None),
            dated=None if self.lookup is None else self.lookup.dated,
            findings=tuple(lesser(error) for error in self.errors),
        )


def testimonies(hosts: Sequence[Host], asked: ArxivId | ShortForm, store: Store, keyring: Keyring) -> list[Testimony]:
    """Returns what all mirrors say of a name, in their order, except those without a look-up.

    Raises:
        PithError: nobody can be asked, for a reason that is not a mirror's.
    """
    said = [item for item in at_once(lambda host: _testimony(host, asked, store, keyring), hosts) if item is not None]
    proven = {record.number.suffix for item in said for record, _ in item.proven}
    open_claims = {claim.suffix for item in said for claim in item.unproven} - proven
    if open_claims and len(said) > 1:
        # One mirror may name what only another one has.
        at_once(lambda item: _help(item, sorted(open_claims), asked, store, keyring), said)
    return said


def _testimony(host: Host, asked: ArxivId | ShortForm, store: Store, keyring: Keyring) -> Testimony | None:
    said = Testimony(host=host)
    try:
        found = host.lookup(asked)
    except _ERRORS as error:
        said.errors.append(error)
        return said
    if found is None:
        return None
    said.answered, said.lookup, said.named = True, found, found.candidates
    if found.left_out:
        message = f"{host.mirror.name} names {found.left_out} more records than are looked at"
        said.errors.append(_charge(host, message))
    for index, claim in enumerate(found.candidates):
        if len(said.unproven) >= MAX_UNPROVEN:
            left = len(found.candidates) - index
            message = f"{host.mirror.name} names {left} more, left alone after {MAX_UNPROVEN} that it could not show"
            said.errors.append(_charge(host, message))
            break
        _prove(said, claim, asked, store, keyring)
    return said


def _prove(said: Testimony, claim: Candidate, asked: ArxivId | ShortForm, store: Store, keyring: Keyring) -> None:
    """Holds a mirror to one record that it names."""
    host = said.host
    record, origin = claim.record, host.name
    if record is None:
        record, origin = store.get(claim.suffix, keyring)[0], FROM_STORE
    try:
        if record is None:
            record, origin = _fetched(said, claim.suffix, store, keyring), host.name
        if record is None:
            raise _charge(host, f"{host.mirror.name} names {claim.suffix} for {asked}, and does not have it")
        if not names(asked, record):
            message = f"{host.mirror.name} names {record.number.full} for {asked}, and it is not of it"
            raise VerificationError(finding("reply-of-another", message, where=host.mirror.base_url))
    except _ERRORS as error:
        said.errors.append(error)
        said.unproven.append(claim)
        return
    if claim.version not in (None, record.canonical.source_version):
        version = record.canonical.source_version
        message = f"{host.mirror.name} names {record.number.full} as version {claim.version}; it is version {version}"
        said.errors.append(_charge(host, message))
    if claim.record is not None:
        said.kept += store.put(record)
    said.proven.append((record, origin))


def _help(
    said: Testimony, open_claims: Iterable[str], asked: ArxivId | ShortForm, store: Store, keyring: Keyring
) -> None:
    """Asks one mirror for what others name and do not have. That it does not have it either is not a fault of its."""
    own = {claim.suffix for claim in said.named}
    for suffix in open_claims:
        if suffix in own:
            continue
        try:
            record = _fetched(said, suffix, store, keyring)
        except _ERRORS as error:
            said.errors.append(error)
            continue
        if record is not None and names(asked, record):
            said.proven.append((record, said.host.name))


def _fetched(said: Testimony, suffix: str, store: Store, keyring: Keyring) -> VerifiedRecord | None:
    found = said.host.record(suffix)
    if found is None:
        return None
    record, bundle = found
    said.kept += keep(store, record, bundle, keyring)
    return record


def keep(store: Store, record: VerifiedRecord, bundle: Bundle | None, keyring: Keyring) -> tuple[Finding, ...]:
    """Keeps what a mirror sent."""
    return store.put(record) if bundle is None else store.put_bundle(bundle, keyring)


def lesser(error: PithError) -> Finding:
    """Returns an error that did not matter in the end, as a warning at most."""
    stated = error.finding if isinstance(error, VerificationError | UnavailableError) else None
    item = stated or finding("reply-malformed", error.message, where=error.where)
    return item if item.severity is not Severity.ERROR else replace(item, severity=Severity.WARNING)


def _charge(host: Host, message: str) -> UnavailableError:
    return UnavailableError(finding("claim-unproven", message, where=host.mirror.base_url))
