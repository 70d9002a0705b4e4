"""OpenTimestamps proofs: what they show of a digest, and never more."""

from __future__ import annotations

import contextlib
import hashlib
import re
import sys
import warnings
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentimestamps.core.notary import (
    BitcoinBlockHeaderAttestation,
    LitecoinBlockHeaderAttestation,
    PendingAttestation,
    UnknownAttestation,
)
from opentimestamps.core.op import OpAppend, OpKECCAK256, OpPrepend, OpReverse, OpRIPEMD160, OpSHA1, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp

import pithtex
from pithtex.errors import MalformedError, UsageError
from pithtex.findings import Status
from pithtex.limits import MAX_PROOF_BYTES
from pithtex.verification import timestamp as module
from pithtex.verification.checks import Check
from pithtex.verification.timestamp import (
    MAX_HEIGHT,
    Strength,
    TimestampReport,
    examine_timestamp,
    parse_header,
    timestamp_checks,
)
from tests.conftest import DATA, SEEDS
from tests.data.ots import make

OTS = DATA / "ots"
DIGEST = make.DIGEST.hex()
PENDING = (OTS / "pending.ots").read_bytes()
BLOCK = (OTS / "block.ots").read_bytes()
HEADER = bytes.fromhex((OTS / "header.hex").read_text())
ROOT = make.in_a_block()[1]

GENESIS = bytes.fromhex(
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e"
    "67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
)
"""The first block's header, as every description of Bitcoin prints it."""


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The target of Bitcoin's regression test mode, since no test can afford the work of the main network."""
    monkeypatch.setattr(module, "MAX_TARGET", 0x7FFFFF << 232)


def proof(attestation: object, *ops: object, digest: bytes = make.DIGEST) -> bytes:
    root = node = Timestamp(digest)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an operation that the library means to drop
        for op in ops:
            node = node.ops.add(op)
    node.attestations.add(attestation)
    return make.serialize(root)


def checks(report: TimestampReport) -> dict[str, Check]:
    found = list(timestamp_checks(report))
    assert [check.name for check in found] == ["timestamp digest", "timestamp block"]
    return {check.name.removeprefix("timestamp "): check for check in found}


def test_the_files_are_what_the_script_makes() -> None:
    assert {name: (OTS / name).read_bytes() for name in make.files()} == make.files()
    record = pithtex.verify_record(pithtex.load_record((SEEDS / make.RECORD).read_bytes()))
    assert record.digest == DIGEST


# The outcomes


def test_pending() -> None:
    report = examine_timestamp(PENDING, DIGEST)
    assert report.strength is Strength.PENDING
    assert report.calendars == make.CALENDARS
    assert (report.blocks, report.others, report.header) == ((), 0, None)
    found = checks(report)
    assert found["digest"].status is Status.HOLDS
    assert found["block"].status is Status.NOT_CHECKED
    assert "pending, so it proves no time yet" in found["block"].message
    assert make.CALENDARS[2] in found["block"].message


def test_commits_to_a_block() -> None:
    report = examine_timestamp(BLOCK, DIGEST.upper())
    assert report.strength is Strength.COMMITS
    (block,) = report.blocks
    assert (block.height, block.merkle_root) == (make.HEIGHT, ROOT[::-1].hex())
    found = checks(report)
    assert found["digest"].status is Status.HOLDS
    assert found["block"].status is Status.NOT_CHECKED
    assert f"{make.HEIGHT} (Merkle root {block.merkle_root}), according to the proof" in found["block"].message


@pytest.mark.usefixtures("easy")
def test_matches_the_header_given() -> None:
    report = examine_timestamp(BLOCK, DIGEST, HEADER)
    assert report.strength is Strength.MATCHES
    assert report.header is not None
    assert report.header.time == datetime.fromtimestamp(make.TIME, tz=UTC)
    block = checks(report)["block"]
    assert (block.status, block.finding) == (Status.HOLDS, None)
    assert report.header.block_hash in block.message
    assert "about 2^1 hashes of work" in block.message
    assert "that it is on Bitcoin's chain was not checked" in block.message


@pytest.mark.parametrize("proof_file", [PENDING, BLOCK])
def test_another_records_digest(proof_file: bytes) -> None:
    report = examine_timestamp(proof_file, "0" * 64, GENESIS)
    assert (report.strength, report.proof_digest) == (Strength.OTHER_DIGEST, DIGEST)
    found = checks(report)
    assert found["digest"].status is Status.FAILS
    assert found["digest"].finding is not None
    assert found["digest"].finding.name == "timestamp-of-another-digest"
    assert found["block"].status is Status.NOT_CHECKED


@pytest.mark.parametrize("content", [make.DIGEST, DIGEST.encode(), DIGEST.encode() + b"\n"])
def test_a_stamp_of_a_file_that_holds_the_digest_is_not_one_of_the_digest(content: bytes) -> None:
    root, _ = make.stamped(hashlib.sha256(content).digest())
    assert examine_timestamp(make.serialize(root), DIGEST).strength is Strength.OTHER_DIGEST


@pytest.mark.parametrize("op", [OpSHA1(), OpRIPEMD160()])
def test_another_hash_of_the_record(op: OpSHA1 | OpRIPEMD160) -> None:
    """Such a proof is of 20 bytes; they may even begin the digest, and are not it."""
    timestamp = Timestamp(make.DIGEST[:20])
    timestamp.attestations.add(PendingAttestation(make.CALENDARS[0]))
    context = BytesSerializationContext()
    DetachedTimestampFile(op, timestamp).serialize(context)
    assert examine_timestamp(context.getbytes(), DIGEST).strength is Strength.OTHER_DIGEST


@pytest.mark.usefixtures("easy")
def test_a_header_with_another_root() -> None:
    other = make.header(make.filler("another root"))
    report = examine_timestamp(BLOCK, DIGEST, other)
    assert report.strength is Strength.OTHER_HEADER
    block = checks(report)["block"]
    assert block.status is Status.FAILS
    assert block.finding is not None
    assert block.finding.name == "timestamp-header-mismatch"
    # The root in the order of print, not of the header, is another root.
    assert examine_timestamp(BLOCK, DIGEST, make.header(ROOT[::-1])).strength is Strength.OTHER_HEADER


def test_a_header_without_the_work() -> None:
    """The right root at a difficulty that the main network does not allow, and at one that it does not meet."""
    for header in (HEADER, HEADER[:72] + GENESIS[72:76] + HEADER[76:], HEADER[:72] + bytes(4) + HEADER[76:]):
        report = examine_timestamp(BLOCK, DIGEST, header)
        assert report.strength is Strength.FALSE_HEADER
        block = checks(report)["block"]
        assert block.status is Status.FAILS
        assert "not that of a Bitcoin block" in block.message
    negative = HEADER[:75] + b"\x1d" + HEADER[76:]
    assert parse_header(negative[:72] + b"\xff\xff\x80\x1d" + negative[76:]).work_bits is None
    assert parse_header(HEADER[:72] + b"\xff\xff\x7f\xff" + HEADER[76:]).work_bits is None
    assert parse_header(HEADER[:72] + b"\xff\xff\x7f\x01" + HEADER[76:]).work_bits is None


def test_a_pending_proof_cannot_be_compared_with_a_header() -> None:
    block = checks(examine_timestamp(PENDING, DIGEST, GENESIS))["block"]
    assert block.status is Status.UNAVAILABLE
    assert block.finding is not None
    assert block.finding.name == "timestamp-not-anchored"


@pytest.mark.usefixtures("easy")
def test_one_matching_attestation_of_several_is_enough() -> None:
    root, node = make.in_a_block()
    root.ops.add(OpAppend(b"x")).ops.add(OpSHA256()).attestations.add(BitcoinBlockHeaderAttestation(7))
    report = examine_timestamp(make.serialize(root), DIGEST, make.header(node))
    assert report.strength is Strength.MATCHES
    assert [block.height for block in report.blocks] == [7, make.HEIGHT]


def test_other_chains_show_nothing() -> None:
    for attestation in (LitecoinBlockHeaderAttestation(5), UnknownAttestation(b"12345678", b"?")):
        report = examine_timestamp(proof(attestation), DIGEST)
        assert (report.strength, report.others) == (Strength.PENDING, 1)
        message = checks(report)["block"].message
        assert message.endswith("attestation: none; attestations of other kinds, which were not checked: 1")


def test_what_every_operation_does() -> None:
    ops = (OpPrepend(b"a"), OpReverse(), OpKECCAK256(), OpRIPEMD160(), OpSHA1(), OpSHA256())
    expected = make.DIGEST
    for op in ops:
        expected = op(expected) if not isinstance(op, OpReverse) else expected[::-1]
    (block,) = examine_timestamp(proof(BitcoinBlockHeaderAttestation(1), *ops), DIGEST).blocks
    assert block.merkle_root == expected[::-1].hex()


# Headers


def test_the_genesis_header() -> None:
    header = parse_header(GENESIS)
    assert header.block_hash == "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
    assert header.merkle_root == "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
    assert header.time == datetime(2009, 1, 3, 18, 15, 5, tzinfo=UTC)
    assert header.work_bits == 32
    assert parse_header(GENESIS.hex().upper().encode() + b"\n") == header


@pytest.mark.parametrize("data", [b"", GENESIS[:-1], GENESIS + b"\0", GENESIS.hex()[:-1].encode(), b"x" * 160])
def test_what_is_no_header(data: bytes) -> None:
    with pytest.raises(UsageError, match="80 bytes or 160 hex digits"):
        parse_header(data)
    with pytest.raises(UsageError):
        examine_timestamp(BLOCK, DIGEST, data)


# Bad input


def nested(depth: int) -> bytes:
    return proof(PendingAttestation("https://a.example"), *[OpSHA256()] * depth)


def long_height() -> bytes:
    return proof(BitcoinBlockHeaderAttestation(10**5000))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "BadMagic"),
        (b"{}", "BadMagic"),
        (PENDING[:-1], "Truncation"),
        (PENDING[:40], "Truncation"),
        (PENDING + b"\0", "TrailingGarbage"),
        (PENDING[:31] + b"\2" + PENDING[32:], "UnsupportedMajorVersion"),
        (PENDING[:32] + b"\x99" + PENDING[33:], "DeserializationError"),
        (PENDING[:65] + b"\xf0\x00" + PENDING[65:], "min length"),
        (PENDING + bytes(MAX_PROOF_BYTES), "larger than"),
        (nested(256), "RecursionLimit"),
        (long_height(), "impossible Merkle root or height"),
        (proof(BitcoinBlockHeaderAttestation(MAX_HEIGHT + 1)), "impossible Merkle root or height"),
        (proof(BitcoinBlockHeaderAttestation(1), OpAppend(b"a")), "impossible Merkle root or height"),
    ],
)
def test_what_is_no_proof(data: bytes, message: str) -> None:
    with pytest.raises(MalformedError, match=f"not an OpenTimestamps proof: .*{re.escape(message)}"):
        examine_timestamp(data, DIGEST)


def test_the_deepest_proof_is_read() -> None:
    assert examine_timestamp(nested(255), DIGEST).strength is Strength.PENDING


def test_a_proof_of_many_blocks_stays_one_line() -> None:
    root = Timestamp(make.DIGEST)
    for height in range(900):
        root.attestations.add(BitcoinBlockHeaderAttestation(height))
    report = examine_timestamp(make.serialize(root), DIGEST)
    assert len(report.blocks) == 900
    message = checks(report)["block"].message
    assert "and 896 more" in message
    assert len(message) < 600


@given(st.binary(max_size=300), st.integers(0, len(BLOCK) - 1), st.integers(0, 40))
def test_any_bytes_are_a_proof_or_malformed(data: bytes, start: int, length: int) -> None:
    """Arbitrary bytes alone, after the magic, and in place of a part of a true proof."""
    for mutated in (data, BLOCK[:65] + data, BLOCK[:start] + data + BLOCK[start + length :]):
        with contextlib.suppress(MalformedError):
            report = examine_timestamp(mutated, DIGEST)
            assert (report.strength is Strength.OTHER_DIGEST) == (mutated[33:65] != make.DIGEST)


def test_every_flipped_bit_is_noticed() -> None:
    """A proof of one path: another digest, another root, another height, or no proof at all."""
    attestation = BitcoinBlockHeaderAttestation(make.HEIGHT)
    whole = proof(attestation, OpAppend(b"nonce"), OpSHA256(), OpPrepend(b"left"), OpSHA256(), OpSHA256())
    true = examine_timestamp(whole, DIGEST)
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        with contextlib.suppress(MalformedError):
            report = examine_timestamp(bytes(changed), DIGEST)
            assert report.strength is Strength.OTHER_DIGEST or report.blocks != true.blocks, bit


# The library


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentimestamps.core.serialize", None)
    with pytest.raises(UsageError) as caught:
        examine_timestamp(PENDING, DIGEST)
    assert caught.value.hint == "pip install 'pithtex[ots]'"
