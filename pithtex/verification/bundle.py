"""The verifier of bundles: the record's steps, and those of its events, its signature and its state.

`verify_bundle` raises at the first contradiction and returns what is proven; `examine_bundle` never raises on bad data
and returns every check. Both run the same steps, and both are as pure as the verifier of records.
"""

from __future__ import annotations

from typing import NoReturn

from pithtex.catalogue import finding
from pithtex.findings import Status
from pithtex.format.bundle import Bundle, Event
from pithtex.format.canonical import sha256_hex
from pithtex.format.keys import Keyring, default_keyring
from pithtex.format.made import made
from pithtex.format.state import State
from pithtex.notebook import html_table, short_repr
from pithtex.structs import field, struct
from pithtex.verification.checks import Check, Diary, Redo, Strict
from pithtex.verification.event import Refused, Valid, judge_event
from pithtex.verification.merge import state_checks, state_of
from pithtex.verification.record import Examination, VerifiedRecord, check_types, record_steps, verified
from pithtex.verification.signatures import ExaminedSignature, signature_checks
from pithtex.verification.unsigned import unsigned_checks


@struct(repr=False)
class VerifiedBundle:
    """A bundle whose record and events a trusted key signed, and the bundle too where it has a signature of its own.

    However else than by `verify_bundle` one is made (the constructor, `dataclasses.replace`, a copy, a pickle), the
    bundle is verified again, with the keys of `keyring`, and never with another key under the id of a pinned one.

    Raises:
        PithError: as `verify_bundle`; a key of `keyring` stands in the place of a pinned one.
    """

    bundle: Bundle
    """What it was made from."""
    keyring: Keyring
    """The keys that were trusted."""
    record: VerifiedRecord = field(init=False)
    state: State = field(init=False, compare=False)
    """What the record and those events give, whether the bundle states it or not."""

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("only the verifier makes a VerifiedBundle, so it cannot be subclassed")

    def __post_init__(self) -> None:
        check_types(self.bundle, Bundle, self.keyring)
        Keyring((*default_keyring(), *self.keyring))  # refuses another key under the id of a pinned one
        again = verify_bundle(self.bundle, self.keyring)
        object.__setattr__(self, "record", again.record)
        object.__setattr__(self, "state", again.state)

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.bundle, self.keyring)

    def __hash__(self) -> int:
        return hash(self.bundle)

    def __repr__(self) -> str:
        return short_repr(self, *(text for _, text in self._told))

    def _repr_html_(self) -> str:
        return html_table("Verified bundle", self._told)

    @property
    def _told(self) -> tuple[tuple[str, str], ...]:
        record, events = self.record, len(self.events)
        return (
            ("number", record.number.full),
            ("paper", record.canonical.paper),
            ("title", record.title or "title not stated"),
            ("events", f"{events} event{'' if events == 1 else 's'}"),
        )

    @property
    def events(self) -> tuple[Event, ...]:
        """Returns the signed events."""
        return self.bundle.events


def verify_bundle(bundle: Bundle, keyring: Keyring | None = None) -> VerifiedBundle:
    """Verifies a bundle: its record, its events, its signature if it has one, its state where it states one.

    Raises:
        VerificationError: something contradicts.
        UndecidedError: nothing contradicts, but a key is not in the keyring, or there is no receipt.
        UsageError: an argument is of another type.
    """
    check_types(bundle, Bundle, keyring)
    keyring = default_keyring() if keyring is None else keyring
    diary = Strict()
    state = _bundle_steps(bundle, keyring, diary)
    diary.finish()
    record = verified(bundle.record, keyring)
    return made(VerifiedBundle, bundle=bundle, keyring=keyring, record=record, state=state)


def _again(bundle: Bundle, keyring: Keyring) -> VerifiedBundle:
    """Returns a bundle that was copied, or came from another process, verified here."""
    return VerifiedBundle(bundle=bundle, keyring=keyring)


def examine_bundle(bundle: Bundle, keyring: Keyring | None = None) -> Examination:
    """Runs every check of `verify_bundle`; of bad data it raises nothing."""
    check_types(bundle, Bundle, keyring)
    keyring = default_keyring() if keyring is None else keyring
    diary = Diary()
    _bundle_steps(bundle, keyring, diary)
    return Examination(
        number=bundle.record.canonical.number,
        checks=(*diary.checks, *unsigned_checks(bundle.record, keyring)),
    )


def _bundle_steps(bundle: Bundle, keyring: Keyring, diary: Diary) -> State:
    """Returns the bundle's steps, after the record's (docs/reference/format.md, "Events and bundles").

    11. Each event hashes to its content digest and id, is about this record, and its signature holds.
    12. The bundle without its signature hashes to the digest stated, and its signature holds; a merged bundle has none.
    13. A key that the bundle carries is, where its id is trusted, the trusted key; none is ever used.
    14. The state that the bundle carries is the one that its record and events give (docs/reference/merge.md).
    """
    record_steps(bundle.record, keyring, diary)
    number = bundle.record.canonical.number
    # 11
    events: list[Valid | Refused] = []
    for event in bundle.entries:
        outcome, checks = judge_event(event, number, keyring)
        events.append(outcome)
        for check in checks:
            diary.add(check)
    # 12
    _bundle_signature_steps(bundle, keyring, diary)
    # 13
    for key in bundle.keys:
        trusted = keyring.get(key.key_id)
        if trusted is None:
            continue
        for name, stated in key.spellings:
            diary.equal(
                f"embedded key {key.key_id}",
                "the trusted key of that id",
                trusted.hex if name.endswith("hex") else trusted.base64,
                stated,
                rule="embedded-key-mismatch",
                where=f"{key.where}.{name}",
            )
    # 14
    state = state_of(bundle, events)
    for check in state_checks(bundle, state):
        diary.add(check)
    return state


def _bundle_signature_steps(bundle: Bundle, keyring: Keyring, diary: Diary) -> None:
    if bundle.signature is None or bundle.digest is None:
        message = "none: the record and each event have their own signatures; the rest is only claimed"
        diary.add(
            Check(
                name="bundle signature",
                status=Status.NOT_CHECKED,
                message=message,
                where="bundle_signature",
                finding=finding("unsigned-bundle", f"bundle signature: {message}", where="bundle_signature"),
            )
        )
        return
    digest = sha256_hex(bundle.canonical())
    diary.equal(
        "bundle digest",
        "SHA-256 of the canonical bytes without bundle_signature",
        digest,
        bundle.digest,
        rule="bundle-digest-mismatch",
        where="bundle_signature.bundle_sha256",
        redo=Redo.BUNDLE,
    )
    examined = ExaminedSignature(
        name="bundle",
        signature=bundle.signature,
        digest=digest,
        signs="bundle_sha256_bytes",
        rule="bundle-signature-invalid",
    )
    signature_checks(examined, keyring, diary)
