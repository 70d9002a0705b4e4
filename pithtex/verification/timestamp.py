"""OpenTimestamps proofs, read offline: what a proof says of a digest, and never more (docs/reference/timestamps.md).

The reference library parses the proof and replays its operations; it is asked for nothing else, and no calendar, node
or block explorer is asked at all.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import MalformedError, UsageError
from pithtex.findings import Status
from pithtex.limits import MAX_PROOF_BYTES
from pithtex.patterns import pattern
from pithtex.structs import struct
from pithtex.verification.checks import Check, judged

if TYPE_CHECKING:
    from opentimestamps.core.timestamp import DetachedTimestampFile


MAX_HEIGHT: Final = 499_999_999
"""A block height. From 500,000,000 on, Bitcoin itself reads such numbers as times (BIP 65)."""

MAX_TARGET: Final = 0xFFFF << 208
"""The easiest target that Bitcoin's main network allows (difficulty 1; `powLimit` in compact form)."""

_HEADER_BYTES: Final = 80
_HEX_HEADER: Final = pattern(rb"[0-9a-fA-F]{160}")


class Strength(StrEnum):
    """What a proof shows of a digest, weakest first. None of them says that a block is on the chain."""

    OTHER_DIGEST = "other-digest"
    """It is of another digest, and shows nothing of this one."""
    PENDING = "pending"
    """Calendars promise an attestation: nobody can check that offline."""
    COMMITS = "commits"
    """It leads to the Merkle root that it says a Bitcoin block has; no header was there to compare with."""
    OTHER_HEADER = "other-header"
    """It leads to Bitcoin blocks, but not to the header given."""
    FALSE_HEADER = "false-header"
    """The header given hashes to more than the target that it states: no block has such a header."""
    MATCHES = "matches"
    """It leads to the Merkle root of the header given, which has the work that it claims."""


@struct
class BlockClaim:
    """A proof's word that a Bitcoin block has a Merkle root."""

    height: int
    """As stated: a header does not carry its height, so that nothing here checks it."""
    merkle_root: str
    """Hex as block explorers print it: bytes reversed."""


@struct
class BlockHeader:
    """A Bitcoin block header, as given."""

    block_hash: str
    """Hex as block explorers print it, as is `merkle_root`."""
    merkle_root: str
    time: datetime
    """As its miner stated it, UTC; the network lets it be off by some two hours."""
    work_bits: int | None
    """Making the header took about two to this power of hashes; None if its hash is over its own target."""


@struct
class TimestampReport:
    """What a proof shows of one digest."""

    digest: str
    strength: Strength
    proof_digest: str
    """What the proof is of, hex."""
    calendars: tuple[str, ...]
    """Addresses of calendars that still owe an attestation."""
    blocks: tuple[BlockClaim, ...]
    others: int
    """Attestations of other kinds (other chains, unknown ones), which are not looked at."""
    header: BlockHeader | None
    """The header given."""


def examine_timestamp(proof: bytes, digest_hex: str, header: bytes | None = None) -> TimestampReport:
    """Reads a proof and says what it shows of a digest.

    1. The proof is a detached OpenTimestamps file, within bounds.
    2. What it is of, by SHA-256, is this digest and not a hash of it.
    3. Its operations, replayed, lead to calendars (pending) or to the Merkle roots of Bitcoin blocks.
    4. With a header: one of these roots is the header's, and the header's hash is under its target.

    Not checked: that the header is on Bitcoin's chain, and its height. That takes the chain.

    Args:
        proof: the bytes of an `.ots` file.
        digest_hex: the record's digest.
        header: the 80 bytes of a block header that the caller vouches for.

    Raises:
        MalformedError: not such a proof.
        UsageError: the library is not there, or `header` is not a block header.
    """
    digest_hex = digest_hex.lower()
    known = None if header is None else parse_header(header)
    if len(proof) > MAX_PROOF_BYTES:
        raise _malformed(f"larger than {MAX_PROOF_BYTES} bytes, the limit for a proof")
    parsed = _parse(proof)
    calendars, blocks, others = _attestations(parsed)
    # The algorithm counts: 32 bytes of another hash would be another thing's digest.
    same = parsed.file_hash_op.TAG_NAME == "sha256" and parsed.file_digest.hex() == digest_hex
    return TimestampReport(
        digest=digest_hex,
        strength=_strength(blocks, known) if same else Strength.OTHER_DIGEST,
        proof_digest=parsed.file_digest.hex(),
        calendars=calendars,
        blocks=blocks,
        others=others,
        header=known,
    )


def parse_header(data: bytes) -> BlockHeader:
    """Returns a block header from its 80 bytes or 160 hex digits (bitcoin.org, Block chain reference: Block headers).

    Raises:
        UsageError: not of that size.
    """
    text = data.strip()
    raw = bytes.fromhex(text.decode("ascii")) if _HEX_HEADER.fullmatch(text) else data
    if len(raw) != _HEADER_BYTES:
        raise UsageError(
            f"a block header has {_HEADER_BYTES} bytes or 160 hex digits, but this has {len(data)} bytes",
            hint="bitcoin-cli getblockheader HASH false prints one",
        )
    block_hash = hashlib.sha256(hashlib.sha256(raw).digest()).digest()
    target = _target(int.from_bytes(raw[72:76], "little"))
    has_work = 0 < target <= MAX_TARGET and int.from_bytes(block_hash, "little") <= target
    return BlockHeader(
        block_hash=block_hash[::-1].hex(),
        merkle_root=raw[36:68][::-1].hex(),
        time=datetime.fromtimestamp(int.from_bytes(raw[68:72], "little"), tz=UTC),
        work_bits=(2**256 // (target + 1)).bit_length() - 1 if has_work else None,
    )


def timestamp_checks(report: TimestampReport) -> Iterator[Check]:
    """Yields the report as lines of `pithtex verify`: whose digest the proof is of, and how far it leads."""
    same = report.strength is not Strength.OTHER_DIGEST
    stated = f"the OpenTimestamps proof is for {report.proof_digest}"
    yield judged(
        "timestamp digest",
        f"{stated}, this record's digest" if same else f"{stated}, and this record's digest is {report.digest}",
        holds=same,
        rule="timestamp-of-another-digest",
        where="",
    )
    yield _block_check(report)


def _block_check(report: TimestampReport) -> Check:
    name = "timestamp block"
    blocks = _listed([f"{block.height} (Merkle root {block.merkle_root})" for block in report.blocks])
    header = report.header
    if report.strength is Strength.OTHER_DIGEST:
        return Check(name=name, status=Status.NOT_CHECKED, message="the proof is for a different digest")
    if report.strength is Strength.PENDING:
        others = f"; attestations of other kinds, which were not checked: {report.others}" if report.others else ""
        calendars = _listed(report.calendars)
        message = f"pending, so it proves no time yet; calendars that still owe an attestation: {calendars}{others}"
        if header is None:
            return Check(name=name, status=Status.NOT_CHECKED, message=message)
        problem = finding("timestamp-not-anchored", f"{name}: {message}", hint="upgrade the proof: ots upgrade FILE")
        return Check(name=name, status=Status.UNAVAILABLE, message=message, finding=problem)
    if header is None:
        message = f"leads to Bitcoin block {blocks}, according to the proof; no header was given to compare with"
        return Check(name=name, status=Status.NOT_CHECKED, message=message)
    if report.strength is Strength.OTHER_HEADER:
        message = f"leads to Bitcoin block {blocks}, but the header given has Merkle root {header.merkle_root}"
        return judged(name, message, holds=False, rule="timestamp-header-mismatch", where="")
    if report.strength is Strength.FALSE_HEADER:
        message = (
            f"the header given hashes to {header.block_hash}, above its own target, so it is not that of a "
            "Bitcoin block"
        )
        return judged(name, message, holds=False, rule="timestamp-header-mismatch", where="")
    message = (
        f"matches the header given: block {header.block_hash} of {header.time:%Y-%m-%d %H:%M} UTC (its miner's word),"
        f" about 2^{header.work_bits} hashes of work; that it is on Bitcoin's chain was not checked"
    )
    return Check(name=name, status=Status.HOLDS, message=message)


def _listed(items: Sequence[str]) -> str:
    """At most four of them: a hostile proof names a thousand."""
    rest = f" and {len(items) - 4} more" if len(items) > 4 else ""
    return ", ".join(items[:4]) + rest if items else "none"


def _strength(blocks: tuple[BlockClaim, ...], header: BlockHeader | None) -> Strength:
    if not blocks:
        return Strength.PENDING
    if header is None:
        return Strength.COMMITS
    if header.work_bits is None:
        return Strength.FALSE_HEADER
    roots = {block.merkle_root for block in blocks}
    return Strength.MATCHES if header.merkle_root in roots else Strength.OTHER_HEADER


def _parse(proof: bytes) -> DetachedTimestampFile:
    """Parses a proof and replays it. The library bounds messages (4096 bytes) and depth (255 operations)."""
    try:
        from opentimestamps.core.serialize import BytesDeserializationContext
        from opentimestamps.core.timestamp import DetachedTimestampFile
    except ImportError as error:
        message = "timestamps need the opentimestamps package, which is not installed"
        raise UsageError(message, hint="pip install 'pithtex[ots]'") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of an operation that it still carries out
            return DetachedTimestampFile.deserialize(BytesDeserializationContext(proof))
    except Exception as error:
        # Another's parser on hostile bytes: whatever it raises, it refused them.
        raise _malformed(f"{type(error).__name__}: {str(error)[:200]}") from error


def _attestations(parsed: DetachedTimestampFile) -> tuple[tuple[str, ...], tuple[BlockClaim, ...], int]:
    """Calendars, Bitcoin blocks by height, and the number of attestations of any other kind."""
    from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation

    calendars: set[str] = set()
    blocks: set[tuple[int, str]] = set()
    others = 0
    for message, attestation in parsed.timestamp.all_attestations():
        if isinstance(attestation, PendingAttestation):
            calendars.add(attestation.uri)
        elif isinstance(attestation, BitcoinBlockHeaderAttestation):
            if len(message) != 32 or attestation.height > MAX_HEIGHT:
                raise _malformed("attests a block with an impossible Merkle root or height")
            blocks.add((attestation.height, message[::-1].hex()))
        else:
            others += 1
    claims = tuple(BlockClaim(height=height, merkle_root=root) for height, root in sorted(blocks))
    return tuple(sorted(calendars)), claims, others


def _target(compact: int) -> int:
    """Returns the number that a block's hash must not exceed, from `nBits` (bitcoin.org: Target nBits), at least 0."""
    exponent, mantissa = compact >> 24, compact & 0x7FFFFF
    if compact & 0x800000:
        return 0
    return mantissa << 8 * (exponent - 3) if exponent > 3 else mantissa >> 8 * (3 - exponent)


def _malformed(reason: str) -> MalformedError:
    return MalformedError(f"not an OpenTimestamps proof: {reason}")
