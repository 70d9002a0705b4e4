"""Makes the proofs in this folder, with the reference library: `python -m tests.data.ots.make`.

They are of a real record's digest and as real ones are shaped, but no calendar and no block ever saw them. The header
is `block.ots`'s in all but work: its difficulty is that of Bitcoin's test mode, which the main network does not allow.
"""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp

HERE = Path(__file__).parent
RECORD = "record-EL6A4QOT.json"
DIGEST = bytes.fromhex("22fc0e41d37af12daca4464ce5f6159b3b7926b56310533ae0f6d3b869338159")
CALENDARS = (
    "https://alice.btc.calendar.opentimestamps.org",
    "https://bob.btc.calendar.opentimestamps.org",
    "https://finney.calendar.eternitywall.com",
)
HEIGHT = 955_000
TIME = 1_782_000_000
EASY_BITS = 0x207FFFFF
"""The difficulty of Bitcoin's regression test mode: every second header meets it."""


def filler(name: str, length: int = 32) -> bytes:
    """Bytes that stand for a nonce, a neighbour in a tree, a transaction."""
    return hashlib.sha256(name.encode()).digest()[:length]


def serialize(timestamp: Timestamp) -> bytes:
    """The `.ots` file of a timestamp of a SHA-256 digest."""
    context = BytesSerializationContext()
    DetachedTimestampFile(OpSHA256(), timestamp).serialize(context)
    return context.getbytes()


def stamped(digest: bytes = DIGEST) -> tuple[Timestamp, Timestamp]:
    """A timestamp with three calendars, pending, and its node at the first."""
    root = Timestamp(digest)
    node = root.ops.add(OpAppend(filler("nonce", 16))).ops.add(OpSHA256())
    tips = []
    for calendar in CALENDARS:
        tip = node.ops.add(OpPrepend(filler(calendar))).ops.add(OpSHA256()).ops.add(OpAppend(filler("time", 4)))
        tip.attestations.add(PendingAttestation(calendar))
        tips.append(tip)
    return root, tips[0]


def in_a_block(digest: bytes = DIGEST) -> tuple[Timestamp, bytes]:
    """A timestamp whose first calendar kept its word, and the Merkle root (bytes in the order of the header)."""
    root, node = stamped(digest)
    for level in range(3):
        node = node.ops.add(OpSHA256()).ops.add(OpAppend(filler(f"neighbour {level}")))
    node = node.ops.add(OpSHA256()).ops.add(OpPrepend(filler("transaction"))).ops.add(OpSHA256()).ops.add(OpSHA256())
    node.attestations.add(BitcoinBlockHeaderAttestation(HEIGHT))
    return root, node.msg


def header(merkle_root: bytes, *, bits: int = EASY_BITS) -> bytes:
    """A block header that meets the easy target, whatever it states (bitcoin.org: Block headers)."""
    for nonce in range(2**32):
        raw = struct.pack("<I32s32sIII", 0x20000000, filler("previous"), merkle_root, TIME, bits, nonce)
        if hashlib.sha256(hashlib.sha256(raw).digest()).digest()[31] < 0x7F:
            return raw
    raise AssertionError("no nonce found")


def files() -> dict[str, bytes]:
    """Every file of the folder that is made here."""
    pending, _ = stamped()
    block, root = in_a_block()
    return {
        "pending.ots": serialize(pending),
        "block.ots": serialize(block),
        "header.hex": header(root).hex().encode() + b"\n",
    }


if __name__ == "__main__":
    for name, content in files().items():
        (HERE / name).write_bytes(content)
