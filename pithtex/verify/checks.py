"""One comparison of the verifier, and how each kind of comparison is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar, Final, NamedTuple

from pithtex.catalogue import finding
from pithtex.errors import UndecidedError, VerificationError
from pithtex.findings import Finding, Severity, Status
from pithtex.format.canonical import canonical_bytes, sha256_hex
from pithtex.format.fields import Json
from pithtex.format.keys import Keyring
from pithtex.format.number import PithNumber
from pithtex.format.record import CanonicalRecord, Signature

SNAPSHOTS: Final = ("claims", "references", "author_claims", "formal_canon", "integrity")
"""Parts with a digest, which of all but the last is known only when they are empty (SPEC: Bundle, events, merge)."""

_EMPTY: Final = b'{"payload":[]}'
_EMPTY_INTEGRITY: Final = b'{"payload":{"detectors":[],"findings":[]}}'
_EMPTY_DIGESTS: Final = {payload: sha256_hex(payload) for payload in (_EMPTY, _EMPTY_INTEGRITY)}
"""Most snapshots are empty, and hashed here once."""

_COUNTS: Final = ("count", "evidence_count", "items", "sample")


Values = tuple[tuple[str, str], ...]
"""What went in and what came out, by name."""

Inputs = Values | Callable[[], Values]
"""Values, or what makes them when a check is made."""

Said = str | Callable[[], str]
"""What was compared. Most checks of most documents hold and are never read, so the text is made when it is."""


class Check(NamedTuple):
    """One comparison of the verifier: what was compared, and how it came out.

    A named tuple, since a record makes some sixty and they are made three times as fast as frozen dataclasses.
    """

    name: str
    status: Status
    said: Said
    where: str = ""
    inputs: Values = ()
    """What went in and what came out, by name, for `--explain`."""
    finding: Finding | None = None

    @property
    def message(self) -> str:
        """What was compared, and how it came out."""
        return self.said if isinstance(self.said, str) else self.said()

    @property
    def only_warns(self) -> bool:
        """Whether it failed on what nothing signs: worth a warning, and no contradiction."""
        if self.status is not Status.FAILS or self.finding is None:
            return False
        return self.finding.severity is not Severity.ERROR

    def to_dict(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "check": self.name,
            "status": self.status.value,
            "message": self.message,
            "where": self.where,
            "values": dict(self.inputs),
        }


def judged(
    name: str,
    said: Said,
    *,
    holds: bool,
    rule: str,
    where: str,
    inputs: Inputs = (),
) -> Check:
    """A comparison that came out either way, with the finding of `rule` where it failed."""
    values = _values(inputs)
    if holds:
        return Check(name=name, status=Status.HOLDS, said=said, where=where, inputs=values)
    message = said if isinstance(said, str) else said()
    problem = finding(rule, f"{name}: {message}", where=where)
    return Check(name=name, status=Status.FAILS, said=message, where=where, inputs=values, finding=problem)


def _values(inputs: Inputs) -> Values:
    return inputs if isinstance(inputs, tuple) else inputs()


def _compared(label: str, derived: str, stated: str, where: str) -> str:
    return f"{label} {derived}" + (f" = {where}" if derived == stated else f", but {where} is {stated!r}")


def held(name: str, said: Said, where: str) -> Check:
    """A comparison that needs no finding, since a failure cannot get this far."""
    return Check(name=name, status=Status.HOLDS, said=said, where=where)


class Log:
    """Where the steps of the verifier write: every check is kept, nothing is raised."""

    __slots__ = ("checks",)

    keeps: ClassVar = True
    """Whether checks that hold are kept. Where they are not, a step need not say what it found to be in order."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def add(self, check: Check) -> None:
        """Takes a check as it is."""
        self.checks.append(check)

    def equal(
        self,
        name: str,
        label: str,
        derived: str,
        stated: str | None,
        *,
        rule: str,
        where: str,
        inputs: Inputs = (),
    ) -> None:
        """A stated value against the derived one; not checked where the document states none."""
        if not self.keeps and stated in (None, derived):
            return
        if stated is None:
            message = f"{derived}; none stated"
            self.add(Check(name=name, status=Status.NOT_CHECKED, said=message, where=where, inputs=_values(inputs)))
            return
        said = partial(_compared, label, derived, stated, where)
        self.add(judged(name, said, holds=derived == stated, rule=rule, where=where, inputs=inputs))

    def fields(self, name: str, where: str, known: Iterable[tuple[str, str, str]]) -> None:
        """The fields of a receipt or signature that have one known value each.

        Args:
            name: how the checks are to be called, before the field's key.
            where: the JSON path of the object.
            known: key, known value, stated value.
        """
        for key, value, stated in known:
            if self.keeps or value != stated:
                self.equal(f"{name} {key}", "known value", value, stated, rule="receipt-field", where=f"{where}.{key}")


class Strict(Log):
    """Raises at the first contradiction, and makes no check of what holds: most of what a verifier sees does."""

    __slots__ = ("undecided",)

    keeps = False

    def __init__(self) -> None:
        super().__init__()
        self.undecided: Finding | None = None

    def add(self, check: Check) -> None:
        """Takes a check: a contradiction is raised, a missing proof is kept for `finish`.

        Raises:
            VerificationError: it failed on what is signed or derived from it.
        """
        if check.finding is None or check.only_warns:
            return
        if check.status is Status.FAILS:
            raise VerificationError(check.finding)
        if check.status is Status.UNAVAILABLE:
            self.undecided = self.undecided or check.finding

    def finish(self) -> None:
        """Ends the verification.

        Raises:
            UndecidedError: nothing contradicts, and a proof is missing.
        """
        if self.undecided is not None:
            raise UndecidedError(self.undecided)


def show(value: object) -> str:
    """A JSON value as text, cut to a line."""
    text = canonical_bytes(value).decode("utf-8")
    return text if len(text) <= 100 else text[:97] + "..."


def signature_checks(
    name: str, signature: Signature, digest: str, keyring: Keyring, log: Log, *, signs: str, rule: str
) -> None:
    """The fields, the key, the signature: the same for receipts, events and bundles (SPEC: Receipt).

    Only the shape of what was hashed tells the three kinds apart, so `signed_message` is held to its kind.

    Args:
        name: how the checks are to be called.
        signature: what the document carries.
        digest: the digest that must have been signed, recomputed, in hex.
        keyring: the keys to trust.
        log: where the checks go.
        signs: what `signed_message` must say.
        rule: the finding when the signature does not hold.
    """
    where = signature.where
    log.fields(
        name,
        where,
        (
            ("algorithm", "ed25519", signature.algorithm),
            ("signed_message", signs, signature.signed_message),
            ("signature_status", "signed_v1", signature.status),
        ),
    )
    trusted = keyring.get(signature.key_id)
    if trusted is None:
        message = f"key {signature.key_id!r} is not in the keyring, so its signature proves nothing"
        log.add(
            Check(
                name=f"{name} key",
                status=Status.UNAVAILABLE,
                said=message,
                where=f"{where}.key_id",
                finding=finding(
                    "unknown-key",
                    message,
                    where=f"{where}.key_id",
                    hint="a key is trusted only when it comes from outside the document; see `pithtex keys`",
                ),
            )
        )
        return
    if trusted.revoked:
        # First of the two `key` checks, so that it is the one that speaks for the key (docs/keys.md: Revocation).
        since = "" if trusted.revoked_at is None else f" since {trusted.revoked_at.isoformat()}"
        message = f"{trusted.key_id} is revoked{since} ({trusted.origin}), and nothing proves this signature older"
        log.add(judged(f"{name} key", message, holds=False, rule="key-revoked", where=f"{where}.key_id"))
    if signature.fingerprint is not None and (log.keeps or signature.fingerprint != trusted.fingerprint_hex):
        log.equal(
            f"{name} key",
            f"fingerprint of {trusted.key_id} ({trusted.origin})",
            trusted.fingerprint_hex,
            signature.fingerprint,
            rule="fingerprint-mismatch",
            where=f"{where}.public_key_fingerprint",
        )
    elif log.keeps and not trusted.revoked:
        log.add(held(f"{name} key", f"{trusted.key_id} ({trusted.origin})", f"{where}.key_id"))
    holds = trusted.verifies(bytes.fromhex(digest), signature.signature)
    if holds and not log.keeps:
        return
    log.add(
        judged(
            f"{name} signature",
            f"Ed25519 by {trusted.key_id} over the 32 bytes {digest[:16]}...",
            holds=holds,
            rule=rule,
            where=f"{where}.signature_b64",
            inputs=(
                ("public key", trusted.hex),
                ("message", digest),
                ("signature", signature.signature.hex()),
            ),
        )
    )


def derived_aliases(canonical: CanonicalRecord, number: PithNumber) -> dict[str, str]:
    """The aliases that follow from a record, by kind (SPEC: Record and number)."""
    suffix = number.suffix
    expected = {"pith_short_8": suffix[:8], "pith_short_12": suffix[:12], "pith_short_16": suffix[:16]}
    if canonical.source_kind == "arxiv":
        arxiv = canonical.source_id
        expected["arxiv"] = arxiv
        expected["arxiv_version"] = f"{arxiv}v{canonical.source_version}"
        expected["doi"] = f"10.48550/arxiv.{arxiv}"
    return expected


def same_alias(kind: str, one: str, other: str) -> bool:
    """Whether two values of an alias are one: a DOI is compared without case (DOI Handbook 3.4), the rest exactly."""
    return one.lower() == other.lower() if kind == "doi" else one == other


def snapshot_check(name: str, part: Json, where: str, log: Log) -> None:
    """Recomputes one snapshot digest where its preimage is publicly known (SPEC: Bundle, events, merge).

    Args:
        name: one of `SNAPSHOTS`.
        part: the object that holds `snapshot_sha256`.
        where: its JSON path.
        log: where the check goes.
    """
    data = _snapshot_payload(name, part)
    if data is None:
        message = "has entries, and how these are hashed is not publicly known"
        problem = finding("snapshot-not-checkable", f"{name}: {message}", where=where)
        log.add(Check(name=f"snapshot {name}", status=Status.NOT_CHECKED, said=message, where=where, finding=problem))
        return
    digest, stated = _EMPTY_DIGESTS.get(data) or sha256_hex(data), str(part.get("snapshot_sha256"))
    if stated == digest and not log.keeps:
        return
    log.equal(
        f"snapshot {name}",
        "SHA-256 of its canonical payload",
        digest,
        stated,
        rule="snapshot-mismatch",
        where=f"{where}.snapshot_sha256",
        inputs=lambda: (("canonical bytes", data.decode("utf-8")),),
    )


def _snapshot_payload(name: str, part: Json) -> bytes | None:
    """The bytes that were hashed; None where they are not publicly known."""
    if name == "integrity":
        detectors, findings = part.get("detectors_run"), part.get("findings")
        if detectors == findings == []:
            return _EMPTY_INTEGRITY
        return canonical_bytes({"payload": {"detectors": detectors, "findings": findings}})
    return None if any(map(part.get, _COUNTS)) else _EMPTY
