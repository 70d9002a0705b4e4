"""The verifier: the specification, numbered, in code.

`verify_record` raises at the first contradiction and returns what is proven; `examine_record` never raises on bad data
and returns every check. Both run the same steps; `verify_bundle` goes on with those of a bundle. Nothing here reads a
file, a clock or the network, and no key comes from the document under test.
"""

from __future__ import annotations

from typing import Final, NoReturn

from pithtex.catalogue import finding
from pithtex.errors import UsageError
from pithtex.findings import Finding, Status
from pithtex.format.aliases import derived_aliases, same_alias
from pithtex.format.canonical import collapse, title_preimage
from pithtex.format.compact_receipt import VERSION as COMPACT_VERSION
from pithtex.format.fields import Json, is_object
from pithtex.format.keys import Key, Keyring, default_keyring
from pithtex.format.made import made
from pithtex.format.number import PithNumber, suffix_in
from pithtex.format.parts import SNAPSHOTS
from pithtex.format.record import CanonicalRecord, Record
from pithtex.notebook import html_table, short_repr
from pithtex.structs import field, replace, struct
from pithtex.verification.checks import (
    Check,
    Diary,
    Redo,
    Strict,
    judged,
)
from pithtex.verification.copies import copy_steps
from pithtex.verification.signatures import ExaminedSignature, signature_checks
from pithtex.verification.snapshots import snapshot_check, snapshot_payload
from pithtex.verification.unsigned import link_steps, unsigned_checks

RECEIPT_VERSIONS: Final = frozenset({"0.3", COMPACT_VERSION})
"""Versions of the receipt whose meaning is known: the registry's, and our compact form."""


@struct(repr=False)
class VerifiedRecord:
    """A record whose signature a trusted key made: what `verify_record` and `verify_bundle` give.

    It says what the signed digest covers, and the title that the digest proves; all else stands under `claimed`.

    However else one is made (the constructor, `dataclasses.replace`, a copy, a pickle), its record is verified again,
    with `key`, and never with another key under the id of a pinned one.

    Raises:
        VerificationError: `key` did not sign the record, or something in it contradicts.
        UndecidedError: the record has no receipt, or one by another key.
        UsageError: `record` or `key` is of another type, or `key` stands in the place of a pinned one.
    """

    record: Record
    """What it was made from."""
    key: Key
    signature: bytes = field(init=False)
    """The receipt: 64 bytes over the 32 raw digest bytes."""

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("only the verifier makes a VerifiedRecord, so it cannot be subclassed")

    def __post_init__(self) -> None:
        if not isinstance(self.key, Key):
            raise UsageError(f"the key of a VerifiedRecord is a Key, not {type(self.key).__name__}")
        Keyring((*default_keyring(), self.key))  # refuses another key under the id of a pinned one
        again = verify_record(self.record, Keyring((self.key,)))
        object.__setattr__(self, "signature", again.signature)

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.record, self.key)

    def __hash__(self) -> int:
        return hash((self.record, self.signature))

    def __repr__(self) -> str:
        return short_repr(self, *(text for _, text in self._told))

    def _repr_html_(self) -> str:
        return html_table("Verified record", self._told)

    @property
    def _told(self) -> tuple[tuple[str, str], ...]:
        title = self.title or "title not stated"
        names = (("number", self.number.full), ("paper", self.canonical.paper))
        return *names, ("title", title), ("signed by", self.key.key_id)

    @property
    def canonical(self) -> CanonicalRecord:
        """Returns the part that is signed."""
        return self.record.canonical

    @property
    def number(self) -> PithNumber:
        """Returns the number."""
        return self.canonical.number

    @property
    def digest(self) -> str:
        """Returns the digest, in hex."""
        return self.canonical.digest

    @property
    def title(self) -> str | None:
        """Returns the title, white space collapsed, as proven by its signed digest; None if the document lacks it."""
        return None if self.record.title is None else collapse(self.record.title)

    @property
    def claimed(self) -> Json:
        """Returns the rest of the document. Under no signature: authors, excerpt, status words, times."""
        return {key: value for key, value in self.record.document.items() if key != "canonical_record"}

    @property
    def excerpt(self) -> str | None:
        """Returns the beginning of the abstract, as the document claims; whole where the abstract is short."""
        paper = self.record.document.get("paper")
        text = paper.get("abstract_excerpt") if is_object(paper) else None
        return text if isinstance(text, str) else None

    @property
    def arxiv_id(self) -> str | None:
        """Returns the arXiv identifier without version, or None if the source is another."""
        return self.canonical.source_id if self.canonical.source_kind == "arxiv" else None


@struct
class Examination:
    """Every check of one document, and what they add up to."""

    number: PithNumber | None
    """Derived from the digest, not read; None of an integrity report, which is of a paper and has none."""
    checks: tuple[Check, ...]
    proven: VerifiedRecord | None = None
    """Of a record: what it proves, where all that it takes to verify it holds."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns what is to be reported."""
        return tuple(check.finding for check in self.checks if check.finding is not None)

    @property
    def status(self) -> Status:
        """Fails where a check does, else unavailable where a proof is missing, else holds.

        A snapshot that cannot be checked changes nothing (docs/reference/commands.md, "Exit codes"), nor does a
        failure that only warns.
        """
        present = {check.status for check in self.checks if not check.only_warns}
        return next((s for s in (Status.FAILS, Status.UNAVAILABLE) if s in present), Status.HOLDS)


def verify_record(record: Record, keyring: Keyring | None = None) -> VerifiedRecord:
    """Verifies a record.

    Args:
        record: what `load_record` or `decode_receipt` returned.
        keyring: the keys to trust; the pinned registry key by default.

    Raises:
        VerificationError: something contradicts; `finding` says what.
        UndecidedError: nothing contradicts, but there is no receipt or its key is not in the keyring.
        UsageError: an argument is of another type.
    """
    check_types(record, Record, keyring)
    keyring = default_keyring() if keyring is None else keyring
    diary = Strict()
    record_steps(record, keyring, diary)
    diary.finish()
    return verified(record, keyring)


def examine_record(record: Record, keyring: Keyring | None = None) -> Examination:
    """Runs every check of `verify_record`; of bad data it raises nothing."""
    check_types(record, Record, keyring)
    keyring = default_keyring() if keyring is None else keyring
    diary = Diary()
    record_steps(record, keyring, diary)
    examination = Examination(number=record.canonical.number, checks=(*diary.checks, *unsigned_checks(record, keyring)))
    holds = examination.status is Status.HOLDS
    return replace(examination, proven=verified(record, keyring)) if holds else examination


def verified(record: Record, keyring: Keyring) -> VerifiedRecord:
    """Returns what is proven, once the steps have held."""
    receipt = record.receipt
    key = None if receipt is None else keyring.get(receipt.signature.key_id)
    if receipt is None or key is None:
        raise AssertionError("called before the steps held")
    return made(VerifiedRecord, record=record, key=key, signature=receipt.signature.signature)


def _again(record: Record, key: Key) -> VerifiedRecord:
    """Returns a record that was copied, or came from another process, verified here."""
    return VerifiedRecord(record=record, key=key)


def check_types(document: object, kind: type, keyring: object) -> None:
    """Refuses what a type checker would refuse, with words.

    Raises:
        UsageError: `document` is not of that kind, or `keyring` is not a keyring.
    """
    if not isinstance(document, kind):
        message = f"{kind.__name__} expected, not {type(document).__name__}"
        raise UsageError(message, hint=f"pithtex.load gives a {kind.__name__}, of bytes, a text, a file or a mapping")
    if keyring is not None and not isinstance(keyring, Keyring):
        message = f"a Keyring expected, not {type(keyring).__name__}"
        raise UsageError(message, hint="pithtex.Keyring.from_file(path)")


def record_steps(record: Record, keyring: Keyring, diary: Diary) -> None:
    """The record's steps. Sections of docs/reference/format.md stand in brackets.

    1. The canonical record has exactly the keys and types of version 1.0 [2, 6]: done by the parser, so that no
       signature is looked at before the shape is certain.
    2. Its canonical bytes hash to the digest stated [1, 3].
    3. The number is the base32 form of the digest; its year is the year of submission [3].
    4. Short forms and aliases are those of the number and the source [4].
    5. Every unsigned copy of a signed value equals it [4].
    6. The receipt's fields are those of a version that is known, and name this digest [6].
    7. The key is in the keyring, and the signature holds over the 32 raw digest bytes [6].
    8. The title hashes to the signed title digest [5].
    9. The snapshots hash to the digests stated for them [7].
    10. Every address names this number or this paper [4].
    """
    canonical = record.canonical
    data, digest, number = canonical.data, canonical.digest, canonical.number
    # 1
    diary.held("shape", "exactly the keys and types of canonical record 1.0", "canonical_record")
    # 2
    diary.equal(
        "digest",
        "SHA-256 of the canonical bytes",
        digest,
        record.digest,
        rule="digest-mismatch",
        where="canonical_sha256",
        inputs=(("canonical bytes", data.decode("utf-8")), ("sha-256", digest)),
        redo=Redo.DIGEST,
    )
    # 3
    _number_steps(record, number, diary)
    # 4
    _name_steps(record, number, diary)
    # 5
    copy_steps(record, diary)
    # 6, 7
    _receipt_steps(record, digest, keyring, diary)
    # 8
    _title_step(record, diary)
    # 9
    _snapshot_steps(record, diary)
    # 10
    link_steps(record, diary)


def _number_steps(record: Record, number: PithNumber, diary: Diary) -> None:
    stated = record.number
    suffix = None if stated is None else suffix_in(stated)
    diary.equal(
        "number",
        "first 130 bits of the digest in base32",
        number.suffix,
        suffix,
        rule="number-mismatch",
        where="pith_number",
        inputs=(("first 26 characters of base32", number.suffix),),
        redo=Redo.NUMBER,
    )
    prefix = None if stated is None else stated[: len(stated) - len(suffix or "")]
    diary.equal(
        "year",
        "year of submitted_at",
        f"pith:{number.year:04d}:",
        prefix,
        rule="year-mismatch",
        where="pith_number",
        inputs=(("submitted_at", record.canonical.submitted_at),),
        redo=Redo.YEAR,
    )


def _name_steps(record: Record, number: PithNumber, diary: Diary) -> None:
    diary.equal(
        "short-form",
        "first 8 characters",
        number.short,
        record.short_form,
        rule="short-form-mismatch",
        where="short_pith_number",
    )
    expected = derived_aliases(record.canonical, number)
    if not record.aliases:
        diary.add(Check(name="aliases", status=Status.NOT_CHECKED, message="none stated"))

    def tell(place: tuple[int, str, str]) -> None:
        index, kind, stated = place
        name, where, derived = f"alias {kind}", f"{record.where_aliases}[{index}]", expected.get(kind)
        if derived is None:
            diary.add(Check(name, Status.NOT_CHECKED, f"{stated!r}: a kind not known here", where))
            return
        same = derived if same_alias(kind, derived, stated) else stated
        rule = "short-form-mismatch" if kind.startswith("pith_short_") else "alias-mismatch"
        diary.equal(name, "derived from the record", derived, same, rule=rule, where=where)

    named = enumerate(record.aliases)
    diary.each([(expected.get(kind), stated, (index, kind, stated)) for index, (kind, stated) in named], tell)


def _receipt_steps(record: Record, digest: str, keyring: Keyring, diary: Diary) -> None:
    receipt = record.receipt
    if receipt is None:
        message = "the document carries no receipt, so nothing proves that it comes from the registry"
        diary.add(
            Check(
                name="receipt",
                status=Status.UNAVAILABLE,
                message=message,
                finding=finding("no-receipt", message, hint="get the signed record with pithtex resolve"),
            )
        )
        return
    where = receipt.signature.where
    known_version = receipt.version if receipt.version in RECEIPT_VERSIONS else "0.3"
    diary.fields(
        "receipt",
        where,
        (("kind", "pith_receipt", receipt.kind), ("receipt_version", known_version, receipt.version)),
    )
    diary.equal(
        "receipt digest",
        "digest",
        digest,
        receipt.digest,
        rule="digest-mismatch",
        where=f"{where}.canonical_sha256",
    )
    examined = ExaminedSignature(
        name="receipt",
        signature=receipt.signature,
        digest=digest,
        signs="canonical_sha256_bytes",
        rule="signature-invalid",
        redo_key=Redo.KEY,
    )
    signature_checks(examined, keyring, diary)


def _title_step(record: Record, diary: Diary) -> None:
    stated = record.canonical.title_sha256
    if record.title is None:
        message = "the document does not state the title, only its digest"
        diary.add(Check("title", Status.NOT_CHECKED, message, record.where_title, redo=Redo.TITLE))
        return
    title = record.title
    found = title_preimage(title, stated)
    diary.compare(found is not None, lambda: _title_check(title, stated, found, record.where_title))


def _title_check(title: str, stated: str, found: str | None, where: str) -> Check:
    return judged(
        "title",
        f"SHA-256 of the lower-cased title {title!r} against title_canon_sha256 {stated[:16]}...",
        holds=found is not None,
        rule="title-mismatch",
        where=where,
        inputs=(
            ("lower-cased title", collapse(title).lower() if found is None else found),
            ("title_canon_sha256", stated),
        ),
        redo=Redo.TITLE,
    )


def _snapshot_steps(record: Record, diary: Diary) -> None:
    if record.snapshot is None:
        diary.add(Check(name="snapshots", status=Status.NOT_CHECKED, message="none stated"))
        return
    raw, where = record.snapshot
    rows = []
    for name in SNAPSHOTS:
        part = raw.get(name)
        if isinstance(part, dict) and (stated := part.get("snapshot_sha256")) is not None:
            payload = snapshot_payload(name, part)
            rows.append((None if payload is None else payload.digest, stated, (name, part)))
    diary.each(rows, lambda item: snapshot_check(*item, f"{where}.{item[0]}", diary))
