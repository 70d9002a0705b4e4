"""Resolves names to verified records: from the store first, then from the mirrors (docs/reference/resolve.md)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pithtex.catalogue import finding
from pithtex.errors import DataError, PithError, UnavailableError, UndecidedError, VerificationError
from pithtex.findings import Finding
from pithtex.format.identifiers import ArxivId, Identifier, parse_identifier
from pithtex.format.keys import Keyring
from pithtex.format.number import PithNumber, ShortForm
from pithtex.resolution.store.store import FROM_STORE, Store
from pithtex.structs import field, replace, struct
from pithtex.verification.record import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.resolution.inquiry import Answer, Inquiry
    from pithtex.resolution.mirrors.host import Host
    from pithtex.resolution.mirrors.testimony import Testimony


@struct
class Other:
    """Another record of the same paper, verified too."""

    suffix: str
    version: int


@struct
class Resolution:
    """A verified record, and how it was found."""

    record: VerifiedRecord
    origin: str
    """`the store`, or the mirror's name and address."""
    others: tuple[Other, ...] = ()
    """Records of other versions of the paper; empty where a number or a version was asked for."""
    findings: tuple[Finding, ...] = ()
    """What went wrong on the way and did not matter in the end."""
    inquiry: Inquiry | None = field(default=None, hash=False)
    """Who was asked; None where the answer does not hang on it."""


_Found = tuple[VerifiedRecord, str]
"""A record, and where it came from."""


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

    def resolve(self, name: str | Identifier, inquiries: list[Inquiry] | None = None) -> Resolution:
        """Returns the verified record of that name.

        Of a paper without version it is the newest record that any mirror can show: all are asked, and where none can
        be asked the newest in the store is given, and said so.

        Args:
            name: what names the record.
            inquiries: takes who was asked and what they said, also where this raises; nothing where the answer does
                not hang on it.

        Raises:
            UsageError: the name is of no kind known.
            UnavailableError: not found, ambiguous, or no mirror could be asked.
            UndecidedError: a record is there, and its key is not in the keyring.
            VerificationError: what the mirrors sent contradicts itself, or the number's year is not the record's.
        """
        asked = parse_identifier(name) if isinstance(name, str) else name
        if isinstance(asked, PithNumber):
            return self._by_number(asked, inquiries)
        return self._by_name(asked, inquiries)

    def hosts(self) -> Sequence[Host]:
        """Returns the mirrors to ask.

        Raises:
            UnavailableError: offline.
            PithError: the mirrors cannot be told.
        """
        if self._hosts is None:
            message = "not in the store, and pithtex was told to stay offline"
            raise UnavailableError(
                finding("offline", message, hint="leave out --offline, or import the record with pithtex store import")
            )
        return self._hosts()

    # --- numbers -----------------------------------------------------------------------------------------------------

    def _by_number(self, number: PithNumber, inquiries: list[Inquiry] | None) -> Resolution:
        record, findings = self.store.get(number.suffix, self.keyring)
        if record is not None:
            return Resolution(record=_of_year(record, number), origin=FROM_STORE, findings=findings)
        try:
            hosts = self.hosts()
        except UnavailableError as error:
            if findings:
                raise UnavailableError(findings[0]) from error
            raise
        return self._fetch(number, hosts, findings, _begun(inquiries))

    def _fetch(
        self, number: PithNumber, hosts: Sequence[Host], problems: tuple[Finding, ...], inquiry: Inquiry
    ) -> Resolution:
        """Asks one mirror after the other; a lie of one does not hide the truth of the next.

        A number names one record for ever, so that the first which verifies is as good as all.
        """
        from pithtex.resolution.inquiry import Answer
        from pithtex.resolution.mirrors.testimony import keep, lesser

        errors: list[PithError] = []
        for host in hosts:
            try:
                found = host.record(number.suffix)
            except (DataError, UnavailableError) as error:
                errors.append(error)
                inquiry.add(Answer(mirror=host.name, answered=False, findings=(lesser(error),)))
                continue
            held = int(found is not None)
            inquiry.add(Answer(mirror=host.name, answered=True, named=held, proven=held))
            if found is not None:
                kept = keep(self.store, *found, self.keyring)
                findings = (*problems, *inquiry.findings, *kept)
                return Resolution(record=_of_year(found[0], number), origin=host.name, findings=findings)
        raise self._failure(number, errors, problems, inquiry)

    # --- papers and short forms --------------------------------------------------------------------------------------

    def _by_name(self, asked: ArxivId | ShortForm, inquiries: list[Inquiry] | None) -> Resolution:
        known, problems = self._known(asked)
        if known and isinstance(asked, ArxivId) and asked.version is not None:
            return Resolution(record=max(known, key=_age)[0], origin=FROM_STORE, findings=problems)
        inquiry = _begun(inquiries)
        said: list[Testimony] = []
        errors: list[PithError] = []
        try:
            said = self._ask(asked, known, inquiry)
            errors = [error for item in said for error in item.errors]
        except (DataError, UnavailableError) as error:
            errors = [error]
        if not inquiry.answered and known:
            problems = (*problems, *self._not_asked(asked, errors, inquiry))
        found = {record.number.suffix: (record, origin) for item in said for record, origin in item.proven}
        found |= {record.number.suffix: (record, origin) for record, origin in known}
        if not found:
            raise self._failure(asked, errors, problems, inquiry)
        kept = tuple(item for testimony in said for item in testimony.kept)
        return self._choose(asked, list(found.values()), (*problems, *inquiry.findings, *kept), inquiry)

    def _known(self, asked: ArxivId | ShortForm) -> tuple[list[_Found], tuple[Finding, ...]]:
        """Returns the records in the store that verify now."""
        from pithtex.resolution.mirrors.host import names

        if isinstance(asked, ShortForm):
            suffixes = self.store.named(asked)
        else:
            suffixes = [suffix for version, suffix in self.store.versions(asked) if asked.version in (None, version)]
        found: list[_Found] = []
        findings: tuple[Finding, ...] = ()
        for suffix in suffixes:
            record, said = self.store.get(suffix, self.keyring)
            findings += said
            if record is not None and names(asked, record):
                found.append((record, FROM_STORE))
        return found, findings

    def _ask(self, asked: ArxivId | ShortForm, known: list[_Found], inquiry: Inquiry) -> list[Testimony]:
        """Asks all mirrors, and compares their answers with one another and with the store.

        Raises:
            PithError: none can be asked.
        """
        from pithtex.resolution.mirrors.testimony import testimonies
        from pithtex.resolution.store.memory import note_inquiry

        said = testimonies(self.hosts(), asked, self.store, self.keyring)
        answers = [item.answer() for item in said]
        versions = [record.canonical.source_version for record, _ in known]
        newest = max([*versions, *(answer.newest for answer in answers if answer.newest is not None)], default=0)
        for answer in answers:
            behind = isinstance(asked, ArxivId) and answer.newest is not None and answer.newest < newest
            inquiry.add(replace(answer, findings=(*answer.findings, *([_behind(answer, newest)] if behind else []))))
        if isinstance(asked, ArxivId) and newest:
            note_inquiry(self.store, asked.id, inquiry)
        return said

    def _not_asked(self, asked: ArxivId | ShortForm, errors: list[PithError], inquiry: Inquiry) -> tuple[Finding, ...]:
        """Returns why the store stands in for the mirrors, and notes how old its answer is."""
        from pithtex.resolution.store.memory import last_inquiry

        inquiry.before = last_inquiry(self.store, asked.id) if isinstance(asked, ArxivId) else None
        if self._hosts is None or not errors:
            return ()
        why = f"{errors[0].message} ({inquiry.line})"
        return (finding("newest-not-asked", f"given from the store: {why}"),)

    def _failure(
        self, asked: Identifier, errors: list[PithError], problems: tuple[Finding, ...], inquiry: Inquiry
    ) -> PithError:
        """Returns the gravest error: a contradiction, an unknown key, a mirror out of reach, then no record.

        Raises:
            UsageError: it is an arXiv identifier that cannot be yet.
        """
        from pithtex.resolution.prospect import check_given

        check_given(asked, _today())
        told = [error for error in errors if error.rule != "claim-unproven"]
        if not told:
            return UnavailableError(problems[0]) if problems else self._not_found(asked, inquiry)
        error = min(told, key=_weight)
        if isinstance(error, UnavailableError) and inquiry.answered:
            item = error.finding
            message = f"{item.message}; no other mirror has {asked} ({inquiry.line})"
            return UnavailableError(finding(item.name, message, where=item.where, hint=item.hint))
        return error

    def _not_found(self, asked: Identifier, inquiry: Inquiry) -> PithError:
        """Returns the error for a name without a record, with what the paper's other versions tell."""
        from pithtex.resolution.prospect import NotFoundError, outlook_of
        from pithtex.resolution.standing import stored_standing

        other = standing = None
        if isinstance(asked, ArxivId) and asked.version is not None:
            with contextlib.suppress(PithError):
                other = self._by_name(ArxivId(asked.id), None).record
                standing = stored_standing(other.number.suffix, self.keyring, now=datetime.now(UTC))
        return NotFoundError(str(asked), inquiry, outlook_of(asked, _today(), other, standing))

    def _choose(
        self, asked: ArxivId | ShortForm, found: list[_Found], problems: tuple[Finding, ...], inquiry: Inquiry
    ) -> Resolution:
        """Chooses the newest record of a paper, or the only one of a short form."""
        if isinstance(asked, ShortForm) and len(found) > 1:
            raise _ambiguous(asked, [record.number.suffix for record, _ in found])
        found.sort(key=_age, reverse=True)
        record, origin = found[0]
        rest = tuple(Other(suffix=r.number.suffix, version=r.canonical.source_version) for r, _ in found[1:])
        return Resolution(
            record=record,
            origin=origin,
            others=() if isinstance(asked, ArxivId) and asked.version is not None else rest,
            findings=tuple(dict.fromkeys(problems)),
            inquiry=inquiry,
        )


def _begun(inquiries: list[Inquiry] | None) -> Inquiry:
    """Returns a new inquiry, added to the caller's."""
    from pithtex.resolution.inquiry import Inquiry

    inquiry = Inquiry()
    if inquiries is not None:
        inquiries.append(inquiry)
    return inquiry


def _age(found: _Found) -> tuple[int, str, str]:
    """Returns a sort key: version, time of submission, and the number, so that ties are always decided alike."""
    record = found[0]
    return record.canonical.source_version, record.canonical.submitted_at, record.number.suffix


def _today() -> date:
    return datetime.now(UTC).date()


def _behind(answer: Answer, newest: int) -> Finding:
    message = f"{answer.mirror} knows version {answer.newest} as the newest, and there is version {newest}"
    return finding("mirror-behind", message)


def _of_year(record: VerifiedRecord, asked: PithNumber) -> VerifiedRecord:
    """Returns the record if its year is the one asked for.

    Raises:
        VerificationError: the number is of another year: no such number exists.
    """
    if not asked.agrees_with(record.number):
        message = f"the record with these 26 characters is {record.number.full}, not {asked.full}"
        raise VerificationError(finding("year-mismatch", message, where=asked.full))
    return record


def _weight(error: PithError) -> int:
    return 2 if isinstance(error, UnavailableError) else 1 if isinstance(error, UndecidedError) else 0


def _ambiguous(short: ShortForm, suffixes: list[str]) -> UnavailableError:
    message = f"{short} is the beginning of {len(suffixes)} numbers: {', '.join(sorted(suffixes)[:10])}"
    return UnavailableError(finding("ambiguous-short-form", message, hint="give all 26 characters"))
