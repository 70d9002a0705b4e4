"""From a name to a verified record: the store first, then the mirrors in their order (docs/resolve.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pithtex.catalogue import finding
from pithtex.errors import DataError, PithError, UnavailableError, UndecidedError, VerificationError
from pithtex.findings import Finding, Severity
from pithtex.format.identifiers import ArxivId, Identifier, parse_identifier
from pithtex.format.keys import Keyring
from pithtex.format.number import PithNumber, ShortForm
from pithtex.resolve.store.store import Store
from pithtex.verify.record import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.resolve.mirrors.host import Candidate, Host

FROM_STORE = "the store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another record of the same paper, as the store or a mirror names it: not looked at."""

    suffix: str
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A verified record, and how it was come by."""

    record: VerifiedRecord
    origin: str
    """`the store`, or the mirror's name and address."""
    others: tuple[Other, ...] = ()
    """Records of other versions of the paper; empty where a number or a version was asked for."""
    findings: tuple[Finding, ...] = ()
    """What went wrong on the way and did not matter in the end."""


class Resolver:
    """Resolves names. Used by many threads at once.

    Args:
        store: where records are looked for first and kept.
        keyring: the keys to trust.
        hosts: makes the mirrors to ask, in order, when the first is needed; None for offline. It may raise
            `PithError`.
    """

    def __init__(self, store: Store, keyring: Keyring, hosts: Callable[[], Sequence[Host]] | None) -> None:
        self.store = store
        self.keyring = keyring
        self._hosts = hosts

    def resolve(self, name: str | Identifier) -> Resolution:
        """The verified record of that name.

        Of a paper without version it is the newest record known: mirrors are asked for newer ones, and where none can
        be asked the newest in the store is given, and said so.

        Raises:
            UsageError: the name is of no kind known.
            UnavailableError: not found, ambiguous, or no mirror could be asked.
            UndecidedError: a record is there, and its key is not in the keyring.
            VerificationError: what the mirrors sent contradicts itself, or the number's year is not the record's.
        """
        asked = parse_identifier(name) if isinstance(name, str) else name
        if isinstance(asked, PithNumber):
            return self._by_number(asked)
        return self._by_name(asked)

    def hosts(self) -> Sequence[Host]:
        """The mirrors to ask.

        Raises:
            UnavailableError: offline.
            PithError: the mirrors cannot be told.
        """
        if self._hosts is None:
            message = "not in the store, and offline was asked for"
            raise UnavailableError(finding("offline", message, hint="leave out --offline, or import it into the store"))
        return self._hosts()

    # --- numbers -----------------------------------------------------------------------------------------------------

    def _by_number(self, number: PithNumber) -> Resolution:
        record, findings = self.store.get(number.suffix, self.keyring)
        if record is not None:
            return Resolution(record=_of_year(record, number), origin=FROM_STORE, findings=findings)
        return self._fetch(number, list(findings))

    def _fetch(self, number: PithNumber, problems: list[Finding]) -> Resolution:
        """Asks one mirror after the other; a lie of one does not hide the truth of the next."""
        errors: list[PithError] = []
        hosts = self._asked(problems)
        for host in hosts:
            try:
                found = host.record(number.suffix)
            except (DataError, UnavailableError) as error:
                errors.append(error)
                continue
            if found is not None:
                record, bundle = found
                kept = self.store.put(record) if bundle is None else self.store.put_bundle(bundle, self.keyring)
                return Resolution(
                    record=_of_year(record, number),
                    origin=host.name,
                    findings=(*problems, *(_lesser(error) for error in errors), *kept),
                )
        raise _failure(str(number), errors, problems, len(hosts))

    def _asked(self, problems: list[Finding]) -> Sequence[Host]:
        try:
            return self.hosts()
        except UnavailableError as error:
            if problems:
                raise UnavailableError(problems[0]) from error
            raise

    # --- papers and short forms --------------------------------------------------------------------------------------

    def _by_name(self, asked: ArxivId | ShortForm) -> Resolution:
        known = self._known(asked)
        if known and isinstance(asked, ArxivId) and asked.version is not None:
            record, findings = self._from_store(known, asked)
            if record is not None:
                return Resolution(record=record, origin=FROM_STORE, findings=findings)
        try:
            candidates, problems = self._look_up(asked)
        except (DataError, UnavailableError) as error:
            if not known:
                raise
            return self._newest_stored(asked, known, error)
        return self._choose(asked, known, candidates, problems)

    def _known(self, asked: ArxivId | ShortForm) -> list[Other]:
        """What the store has, the newest first."""
        if isinstance(asked, ShortForm):
            return [Other(suffix=suffix, version=None) for suffix in self.store.named(asked)]
        versions = reversed(self.store.versions(asked))
        return [Other(suffix=s, version=v) for v, s in versions if asked.version in (None, v)]

    def _from_store(
        self, known: list[Other], asked: ArxivId | ShortForm
    ) -> tuple[VerifiedRecord | None, tuple[Finding, ...]]:
        from pithtex.resolve.mirrors.host import names

        findings: tuple[Finding, ...] = ()
        for other in known:
            record, said = self.store.get(other.suffix, self.keyring)
            findings += said
            if record is not None and names(asked, record):
                return record, findings
        return None, findings

    def _newest_stored(
        self, asked: ArxivId | ShortForm, known: list[Other], error: DataError | UnavailableError
    ) -> Resolution:
        """What there is where no mirror could be asked."""
        if isinstance(asked, ShortForm) and len(known) > 1:
            raise _ambiguous(asked, [other.suffix for other in known])
        record, findings = self._from_store(known, asked)
        if record is None:
            raise UnavailableError(findings[0]) if findings else error
        if self._hosts is not None:
            findings = (*findings, finding("newest-not-asked", f"given from the store: {error.message}"))
        others = tuple(other for other in known if other.suffix != record.number.suffix)
        return Resolution(record=record, origin=FROM_STORE, others=others, findings=findings)

    def _look_up(self, asked: ArxivId | ShortForm) -> tuple[list[Candidate], list[Finding]]:
        """What the mirrors name. For a paper the first that knows it speaks, for a short form all do: it may be shared.

        Raises:
            PithError: no mirror could be asked.
        """
        hosts = self.hosts()
        candidates: dict[str, Candidate] = {}
        errors: list[PithError] = []
        for host in hosts:
            try:
                found = host.lookup(asked)
            except (DataError, UnavailableError) as error:
                errors.append(error)
                continue
            for candidate in found or []:
                if candidate.suffix not in candidates or candidate.record is not None:
                    candidates[candidate.suffix] = candidate
                if candidate.record is not None:
                    errors += [UnavailableError(item) for item in self.store.put(candidate.record)]
            if candidates and isinstance(asked, ArxivId):
                break
        if not candidates and errors:
            raise _failure(str(asked), errors, [], len(hosts))
        return list(candidates.values()), [_lesser(error) for error in errors]

    def _choose(
        self, asked: ArxivId | ShortForm, known: list[Other], candidates: list[Candidate], problems: list[Finding]
    ) -> Resolution:
        """The newest of a paper, the only one of a short form; what does not turn out as named is passed over."""
        from pithtex.resolve.mirrors.host import names

        listed = {other.suffix: other for other in known}
        listed |= {item.suffix: Other(suffix=item.suffix, version=item.version) for item in candidates}
        if isinstance(asked, ShortForm) and len(listed) > 1:
            raise _ambiguous(asked, list(listed))
        last: PithError | None = None
        for other in sorted(listed.values(), key=lambda item: (-(item.version or 0), item.suffix)):
            try:
                result = self._by_number(PithNumber(other.suffix))
            except (DataError, UnavailableError) as error:
                last = error
                problems = [*problems, _lesser(error)]
                continue
            if not names(asked, result.record):
                message = f"{result.record.number.full} was named for {asked}, and is not of it"
                last = VerificationError(finding("reply-of-another", message))
                problems = [*problems, _lesser(last)]
                continue
            rest = tuple(item for item in listed.values() if item.suffix != other.suffix)
            return Resolution(
                record=result.record,
                origin=result.origin,
                others=() if isinstance(asked, ArxivId) and asked.version is not None else rest,
                findings=tuple(dict.fromkeys((*problems, *result.findings))),
            )
        if last is not None:
            raise last
        raise _not_found(str(asked), problems)


def _of_year(record: VerifiedRecord, asked: PithNumber) -> VerifiedRecord:
    """The record, where the year that was asked for is its year.

    Raises:
        VerificationError: the number is of another year: no such number exists.
    """
    if not asked.agrees_with(record.number):
        message = f"the record of these 26 characters is {record.number.full}, not {asked.full}"
        raise VerificationError(finding("year-mismatch", message, where=asked.full))
    return record


def _lesser(error: PithError) -> Finding:
    """An error that did not matter in the end, as a warning at most."""
    stated = error.finding if isinstance(error, VerificationError | UnavailableError) else None
    item = stated or finding("reply-malformed", error.message, where=error.where)
    if item.severity is not Severity.ERROR:
        return item
    return Finding(
        code=item.code,
        name=item.name,
        severity=Severity.WARNING,
        message=item.message,
        where=item.where,
        hint=item.hint,
    )


def _failure(name: str, errors: list[PithError], problems: list[Finding], asked: int) -> PithError:
    """What weighs most: a contradiction, then an unknown key, then a mirror that could not be asked, then nothing."""
    if not errors:
        return _not_found(name, problems)
    error = min(errors, key=_weight)
    if isinstance(error, UnavailableError) and len(errors) < asked:
        item = error.finding
        message = f"{item.message}; no other mirror has {name}"
        return UnavailableError(finding(item.name, message, where=item.where, hint=item.hint))
    return error


def _weight(error: PithError) -> int:
    return 2 if isinstance(error, UnavailableError) else 1 if isinstance(error, UndecidedError) else 0


def _not_found(name: str, problems: Sequence[Finding]) -> UnavailableError:
    if problems:
        return UnavailableError(problems[0])
    hint = "a number exists some days after arXiv has announced the paper; was it typed correctly?"
    return UnavailableError(finding("record-not-found", f"no record of {name} is known", hint=hint))


def _ambiguous(short: ShortForm, suffixes: list[str]) -> UnavailableError:
    message = f"{short} is the beginning of {len(suffixes)} numbers: {', '.join(sorted(suffixes)[:10])}"
    return UnavailableError(finding("ambiguous-short-form", message, hint="give all 26 characters"))
