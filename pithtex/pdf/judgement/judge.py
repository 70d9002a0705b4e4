"""The judge: evidence, records and a keyring to a verdict. Pure: reads nothing, asks nobody, trusts no channel."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import MalformedError
from pithtex.findings import Status
from pithtex.format.number import PithNumber, ShortForm
from pithtex.format.record import Record
from pithtex.pdf.binding.bind import bind
from pithtex.pdf.evidence import Evidence
from pithtex.pdf.facts import Fact, Facts
from pithtex.pdf.judgement.badges import BadgeClaims, Claim, badge_claims
from pithtex.pdf.judgement.other_numbers import bystanders
from pithtex.pdf.judgement.records import Examined, Records
from pithtex.pdf.judgement.verdict import Badge, Verdict, no_metadata
from pithtex.structs import NamedTuple
from pithtex.verification.checks import Check, Redo
from pithtex.verification.record import Examination, VerifiedRecord

if TYPE_CHECKING:
    from pithtex.pdf.binding.expectation import Expectation

_FACTS_OF_THEIR_OWN: Final = (Redo.SIGNATURE, Redo.KEY)
"""Checks of the verifier that are facts of the verdict, and so do not make the record inconsistent."""


def judge(
    evidence: Evidence,
    records: Records,
    *,
    expect: Expectation | None = None,
    mirrors: Collection[str] = (),
) -> Verdict:
    """Judges what a PDF says of itself.

    1. Sort the evidence into badges; each is judged with its own page. What stands by is listed, and never speaks.
    2. The numbers that a badge's channels state are well-formed, and are one number.
    3. Every available record - from the receipts in the channels, from the caller - is of that number. Where some of
       several badges are of the caller's record, the others are judged without it.
    4. It hashes to the number, its signature holds, its key is in the keyring.
    5. The visible text shows the record's stamp or title, or the caller expected this record.

    Args:
        evidence: what `read_evidence` returned.
        records: what verifies records, and has that of the caller.
        expect: what the caller expects the paper to be.
        mirrors: hosts, beside the registry's, that a badge may link to.
    """
    badges, findings = badge_claims(evidence, mirrors)  # 1
    others, found = bystanders(evidence, badges)
    findings += found
    if not badges:
        findings.append(no_metadata())
    cases = [_Case(badge, evidence, records) for badge in badges]
    given = records.given
    of_given = [case for case in cases if given is not None and case.is_of(given.record.canonical.number)]
    judged = tuple(case.judge(None if of_given and case not in of_given else given, expect) for case in cases)
    return Verdict.of(judged, (*evidence.findings, *findings), bystanders=others)


class _Held(NamedTuple):
    """An available record, and where it is from."""

    origin: str
    examined: Examined
    given: bool = False


class _Case:
    """One badge under judgement: what has been found out so far."""

    def __init__(self, badge: BadgeClaims, evidence: Evidence, records: Records) -> None:
        self.badge = badge
        self.evidence = evidence
        self.records = records
        self.findings = list(badge.findings)
        self.stated, self.number_fact = self._numbers()  # 2
        self.number = _fullest(self.stated) if self.stated else None

    def is_of(self, number: PithNumber) -> bool:
        """Tells whether the badge states this number; or shows its short form, where it states none."""
        return self._short_of(number) if self.number is None else self.number.agrees_with(number)

    def judge(self, given: Examined | None, expect: Expectation | None) -> Badge:
        number, number_fact = self.number, self.number_fact
        channels_fact = self._channels(self.stated)
        held, receipt_fact = self._records(given)  # 3
        # The best available proof speaks; that no other contradicts it is the record fact's matter.
        holding = (each.examined for each in held if each.examined.examination.proven is not None)
        record, examination = next(holding, held[0].examined if held else (None, None))
        if number is None and record is not None and self._short_of(record.canonical.number):
            number = record.canonical.number
            number_fact = _holds(f"{number.short} on the page is the short form of the record given")
        proven = None if examination is None else examination.proven
        record_fact = self._record(held, number)
        facts = Facts(
            number=number_fact,
            channels=channels_fact,
            record=receipt_fact or record_fact,
            digest=self._digest(record, number),  # 4
            signature=_from_check(examination, "receipt signature", "there is no signature to check"),
            key=_from_check(examination, "receipt key", "there is no key to look for"),
            binding=self._binding(proven, expect),  # 5
        )
        # What the PDF states, with the year where the record gives it; never the number of some other record.
        full = proven.number if proven is not None and number and number.agrees_with(proven.number) else number
        return Badge(
            page=self.badge.page,
            number=self._named(full),
            facts=facts,
            channels=tuple(claim.report for claim in (*self.badge.claims, *self.badge.shorts)),
            findings=tuple(dict.fromkeys(self.findings)),
            title=None if proven is None else proven.title,
            source=None if proven is None else proven.canonical.paper,
            record=proven,
        )

    def _numbers(self) -> tuple[list[tuple[Claim, PithNumber]], Fact]:
        """Step 2: what the channels state, held to the exact spelling that documents use."""
        stated: list[tuple[Claim, PithNumber]] = []
        fault: Fact | None = None
        for claim in self.badge.claims:
            if claim.number is None:
                continue
            try:
                stated.append((claim, PithNumber.parse_exact(claim.number)))
            except MalformedError as error:
                fault = self._fails("channel-malformed", f"{claim.channel}: {error.message}", claim.where, error.hint)
        if fault is not None:
            return stated, fault
        if stated:
            return stated, _holds(_fullest(stated).full)
        if self.badge.shorts:
            return stated, _unavailable(f"only the short form {self.badge.shorts[0].number}, which proves nothing")
        return stated, _unavailable("no channel states a number")

    def _channels(self, stated: list[tuple[Claim, PithNumber]]) -> Fact:
        """Step 2: all numbers, short forms and digests are of one number; an absent channel does not disagree."""
        conflict: Fact | None = None
        if stated:
            reference = _fullest(stated)
            holder = next(claim for claim, number in stated if number == reference)
            for claim, number in stated:
                if not number.agrees_with(reference):
                    conflict = self._conflict((holder, reference.full), (claim, number.full))
            for claim in self.badge.shorts:
                if not ShortForm.parse(claim.number or "").names(reference):
                    conflict = self._conflict((holder, reference.full), (claim, claim.number or ""))
        elif len({claim.number for claim in self.badge.shorts}) > 1:
            first, *_, last = self.badge.shorts
            conflict = self._conflict((first, first.number or ""), (last, last.number or ""))
        for claim in self.badge.claims:
            if claim.digest is not None:
                conflict = self._digest_claim(claim, stated) or conflict
        if conflict is not None:
            return conflict
        names = ", ".join(dict.fromkeys(claim.channel for claim in (*self.badge.claims, *self.badge.shorts)))
        return (
            _holds(f"{names}: one number")
            if stated or self.badge.shorts
            else _unavailable("no channel states anything")
        )

    def _digest_claim(self, claim: Claim, stated: list[tuple[Claim, PithNumber]]) -> Fact | None:
        try:
            derived = PithNumber.from_digest(claim.digest or "", None)
        except MalformedError as error:
            return self._fails("channel-malformed", f"{claim.channel}: {error.message}", claim.where)
        other = next(((said, number) for said, number in stated if number.suffix != derived.suffix), None)
        if other is None:
            return None
        return self._conflict((other[0], other[1].full), (claim, f"the digest of {derived.suffix}"))

    def _records(self, given: Examined | None) -> tuple[list[_Held], Fact | None]:
        """Step 3: the available records, the caller's first; and a failure if a receipt is malformed or two differ."""
        held = [] if given is None else [_Held("the record given", given, given=True)]
        fault: Fact | None = None
        receipts: list[tuple[Claim, Examined]] = []
        for claim in self.badge.claims:
            if claim.receipt is None:
                continue
            try:
                receipts.append((claim, self.records.of_receipt(claim.receipt)))
            except MalformedError as error:
                fault = self._fails("receipt-malformed", f"{claim.channel}: {error}", claim.where)
        distinct: list[tuple[list[str], Examined]] = []
        for claim, examined in receipts:
            if examined.record != receipts[0][1].record:
                fault = self._conflict((receipts[0][0], "one receipt"), (claim, "another"))
            same = next((names for names, other in distinct if other.record == examined.record), None)
            if same is None:
                distinct.append(([claim.channel], examined))
            else:
                same.append(claim.channel)
        held += [_Held(f"the receipt in {', '.join(names)}", examined) for names, examined in distinct]
        return held, fault

    def _record(self, held: list[_Held], number: PithNumber | None) -> Fact:
        """Step 3: each record is consistent in itself, and is of the number stated."""
        if not held:
            message = "there is no record of the number"
            hint = (
                "give the record with --record FILE, from https://pith.science/pith/NUMBER.json, or look it up "
                "with --online"
            )
            self.findings.append(finding("record-unavailable", message, hint=hint))
            return _unavailable(message)
        fault: Fact | None = None
        for origin, (record, examination), given in held:
            for check in examination.checks:
                if check.redo in _FACTS_OF_THEIR_OWN:
                    self.findings += [] if check.finding is None else [check.finding]
                elif check.status is Status.FAILS:
                    fault = self._fails("record-invalid", f"{origin}: {check.name}: {check.message}", check.where)
            if number is not None and not number.agrees_with(record.canonical.number):
                rule = "record-of-another-number" if given else "receipt-of-another-record"
                message = f"{origin} is of {record.canonical.number.full}, the PDF states {number.full}"
                fault = self._fails(rule, message)
            fault = self._digests_beside(origin, record) or fault
        if fault is not None:
            return fault
        return _holds(f"{held[0].origin} is of this number, and its unsigned copies agree with what is signed")

    def _digests_beside(self, origin: str, record: Record) -> Fact | None:
        """Step 3: a digest that a channel states is the record's to the last bit; a number holds but 130 of them."""
        fault: Fact | None = None
        derived = record.canonical.digest
        for claim in self.badge.claims:
            # One with another beginning is of another number, and a conflict of step 2.
            if claim.digest is not None and claim.digest != derived and claim.digest[:32] == derived[:32]:
                message = f"{claim.channel} gives a digest that only begins like that of {origin}"
                fault = self._fails("channel-conflict", message, claim.where)
        return fault

    def _digest(self, record: Record | None, number: PithNumber | None) -> Fact:
        """Step 4: the record hashes to the number stated."""
        if record is None or number is None:
            return _unavailable("there is no record to hash")
        derived = record.canonical.number
        message = f"the record hashes to {derived.suffix}"
        if derived.suffix == number.suffix:
            return _holds(message)
        return Fact(status=Status.FAILS, message=f"{message}, not to {number.suffix}")

    def _binding(self, verified: VerifiedRecord | None, expect: Expectation | None) -> Fact:
        """Step 5."""
        if verified is None:
            return Fact(status=Status.NOT_CHECKED, message="there is no verified record to compare the paper with")
        fact, findings = bind(verified, self.evidence, self.badge.page, expect)
        self.findings += findings
        return fact

    def _short_of(self, number: PithNumber) -> bool:
        shorts = [ShortForm.parse(claim.number or "") for claim in self.badge.shorts]
        return bool(shorts) and all(short.names(number) for short in shorts)

    def _named(self, number: PithNumber | None) -> str | None:
        if number is not None:
            return number.full
        return self.badge.shorts[0].number if self.badge.shorts else None

    def _conflict(self, one: tuple[Claim, str], other: tuple[Claim, str]) -> Fact:
        (first, said), (second, contradicted) = one, other
        message = f"{first.channel} says {said} ({first.where}), {second.channel} says {contradicted} ({second.where})"
        return self._fails("channel-conflict", message, second.where)

    def _fails(self, rule: str, message: str, where: str = "", hint: str | None = None) -> Fact:
        self.findings.append(finding(rule, message, where=where, hint=hint))
        return Fact(status=Status.FAILS, message=message)


def _fullest(stated: list[tuple[Claim, PithNumber]]) -> PithNumber:
    """Returns the first number that has a year, or the first."""
    return max((number for _, number in stated), key=lambda number: number.year is not None)


def _from_check(examination: Examination | None, name: str, missing: str) -> Fact:
    """Returns the fact that one check of the verifier establishes."""
    checks: tuple[Check, ...] = () if examination is None else examination.checks
    for check in checks:
        if check.name == name:
            return Fact(status=check.status, message=check.message)
    return _unavailable(missing)


def _holds(message: str) -> Fact:
    return Fact(status=Status.HOLDS, message=message)


def _unavailable(message: str) -> Fact:
    return Fact(status=Status.UNAVAILABLE, message=message)
