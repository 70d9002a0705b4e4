"""Python and JavaScript give the same word: on every real record and vector, and on mutants of real receipts."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

import pithtex
from pithtex.errors import PithError, UndecidedError
from pithtex.format.canonical import canonical_bytes
from pithtex.format.compact_receipt import decode_receipt, encode_receipt
from pithtex.format.keys import PINNED_KEY, Key, Keyring
from pithtex.format.record import parse_canonical_record
from pithtex.verification.document import load_document
from tests import signing
from tests.browser.node import call
from tests.conftest import BUNDLE_FILE, RECORD_FILES
from tests.format.test_compact_receipt import compact
from tests.vectors.test_vectors import having


def python_word(receipt: str, keys: Keyring | None = None) -> tuple[str, str]:
    """The word on a receipt, and the number or the name of the finding."""
    try:
        verified = pithtex.verify_record(decode_receipt(receipt), keys)
    except UndecidedError as error:
        return "undecided", error.finding.name
    except PithError as error:
        return "fails", error.finding.name
    return "verified", f"{verified.number.full} {verified.title}"


def browser_words(receipts: Iterable[str], keys: Iterable[Key] = (PINNED_KEY,)) -> list[tuple[str, str]]:
    results = call("web.verifyReceipt(value)", list(receipts), keys)
    return [(r["word"], r["rule"] or f"{r['record']['number']} {r['record']['title'] or 'None'}") for r in results]


def seed_receipts() -> list[str]:
    receipts = []
    for path in [*RECORD_FILES, BUNDLE_FILE]:
        document = load_document(path.read_bytes())
        record = pithtex.verification.document.verify_document(document)
        receipts.append(encode_receipt(record.canonical, record.key.key_id, record.signature, record.title))
    return receipts


def vector_receipts() -> list[str]:
    """Every vector with a canonical record; where the signature was not collected it is another's, and cannot hold."""
    other = base64.b64decode(having("signature_b64")[0]["signature_b64"])
    return [
        encode_receipt(
            parse_canonical_record(vector["canonical_record"], ""),
            PINNED_KEY.key_id,
            base64.b64decode(vector["signature_b64"]) if vector.get("signature_b64") else other,
            vector.get("title"),
        )
        for vector in having("canonical_record")
    ]


def same(receipts: list[str], keys: Keyring | None = None) -> Counter[str]:
    """Asserts that both say the same of each, and counts the words."""
    expected = [python_word(receipt, keys) for receipt in receipts]
    found = browser_words(receipts, [PINNED_KEY] if keys is None else list(keys))
    # What is not a strict JSON is not a canonical record either: Python asks the one first, JavaScript the other.
    malformed = {"receipt-malformed", "record-shape"}
    for receipt, mine, theirs in zip(receipts, expected, found, strict=True):
        agree = mine == theirs or (mine[0] == theirs[0] == "fails" and {mine[1], theirs[1]} <= malformed)
        assert agree, (receipt, mine, theirs)
    return Counter(word for word, _ in expected)


def test_every_seed_is_verified() -> None:
    assert same(seed_receipts()) == {"verified": 4}


def test_every_vector() -> None:
    counts = same(vector_receipts())
    assert sum(counts.values()) == 112
    assert counts["fails"] > 90


def mutant(receipt: str, rng: random.Random) -> str:
    """A receipt with a change of one of the kinds that a forger or a bad copy makes."""
    _, key_id, body, signature = receipt.split(".")
    kind = rng.randrange(8)
    if kind == 0:
        at = rng.randrange(len(receipt))
        return receipt[:at] + rng.choice(string.ascii_letters + string.digits + "-_.=+ ") + receipt[at + 1 :]
    if kind == 1:
        at = rng.randrange(len(receipt))
        return receipt[:at] + receipt[at + rng.randrange(1, 20) :]
    if kind == 2:
        at = rng.randrange(len(receipt))
        return receipt[:at] + rng.choice(string.ascii_letters) + receipt[at:]
    if kind == 3:
        raw = bytearray(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        body = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
        return ".".join(("p1", key_id, body, signature))
    if kind == 4:
        return ".".join(
            ("p1", rng.choice(["pith-v1-2026-06", "PITH-v1-2026-05", "", "constructor", "__proto__"]), body, signature)
        )
    payload = payload_of(receipt)
    if kind == 5:  # another payload under the same signature, well-formed DEFLATE
        at = rng.randrange(len(payload))
        payload = payload[:at] + bytes([rng.choice(b'"{}[],:\\ \n\x00Z9\xff')]) + payload[at + rng.randrange(2) :]
    elif kind == 6:
        payload += rng.choice(["\u202e", " ", "\ufeff", "\ufb01", "x", "\n", "é"]).encode()
    else:  # the same payload in another spelling, and something behind it or not
        text = compact(payload, key_id=key_id, signature=base64.urlsafe_b64decode(signature + "=="))
        raw = base64.urlsafe_b64decode(text.split(".")[2] + "==") + b"\0" * rng.randrange(2)
        return ".".join(("p1", key_id, base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), signature))
    return compact(payload, key_id=key_id, signature=base64.urlsafe_b64decode(signature + "=="))


def payload_of(receipt: str) -> bytes:
    record = decode_receipt(receipt)
    return record.canonical.data + b"\n" + (record.title or "").encode()


def test_a_thousand_mutants() -> None:
    rng = random.Random(20260501)
    seeds = seed_receipts()
    counts = same([mutant(rng.choice(seeds), rng) for _ in range(1_000)])
    assert counts["verified"] > 30
    assert counts["fails"] > 700
    assert counts["undecided"] > 20


HARD_PAYLOADS = [
    b'{"metadata":' + b"[" * 3_000,
    b"\n",
    b"x" * 16_383,
    b"x" * 16_384,
    b"x" * 1_000_000,
    b"\xef\xbb\xbf{}\n",
    b"{}\n\xff",
    b"null\n",
    b'{"metadata":null,"schema_version":"1.0","source":{"version":1}}\n',
]


def odd_records() -> list[bytes]:
    """Payloads of records that are odd in one place each; some are records, of a key that the test trusts."""
    changes: list[dict[str, Any]] = [
        {"license": '\U0001f600 \u2028 \x7f é \\ " / \b\f\n\r\t\x01'},
        {"license": "\\ud800"},
        {"license": None},
        {"cross_cats_sorted": ["\uffff", "\U00010000"]},
        {"cross_cats_sorted": ["\U00010000", "\uffff"]},
        {"cross_cats_sorted": ["a", "a"]},
        {"cross_cats_sorted": "ab"},
        {"cross_cats_sorted": [1]},
        {"cross_cats_sorted": ["a", "aa", "b"]},
        {"version": 10**30},
        {"version": 0},
        {"version": -1},
        {"version": True},
        {"version": 1.0},
        {"id": "2603.01234v1"},
        {"id": "hep-th/9901001"},
        {"kind": "zenodo", "id": "any-thing"},
        {"kind": "zenodo", "id": "with space"},
        {"primary_cat": "é"},
        *(
            {"submitted_at": time}
            for time in (
                "2024-02-29T00:00:00Z",
                "2023-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2000-02-29T23:59:59.5Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01T00:00:60Z",
                "0000-01-01T00:00:00Z",
                "0001-01-01T00:00:00Z",
                "2026-04-31T00:00:00Z",
                "2026-01-01T00:00:00.1234567890Z",
                "2026-01-01T00:00:00+00:00",
                "2026-00-01T00:00:00Z",
            )
        ),
    ]
    plain = canonical_bytes(signing.canonical_record())
    return [canonical_bytes(signing.canonical_record(**change)) for change in changes] + [
        plain.replace(b":1}}", b":1.0}}"),
        plain.replace(b":1}}", b":1e0}}"),
        plain.replace(b":1}}", b":01}}"),
        plain.replace(b'"kind"', b'"kind":"arxiv","kind"'),
        plain.replace(b'"cs.DL"', b'"cs.\\u0044L"'),
        plain.replace(b'"license":"', b'"license":"\\ud83d'),
        plain.replace(b'"license":"', b'"license":"\\uD83D\\uDE00'),
        plain.replace(b'"license":"', b'"license":"\\/'),
        plain.replace(b',"source"', b', "source"'),
        b"[" + plain + b"]",
        plain.replace(b'{"metadata"', b'{"__proto__":{},"metadata"'),
    ]


def test_odd_records() -> None:
    receipts = []
    for data in odd_records():
        signature = signing.TEST_KEY.sign(hashlib.sha256(data).digest()).signature
        receipts.append(compact(data + b"\n", key_id=signing.TEST_KEY_ID, signature=signature))
    counts = same(receipts, signing.keyring())
    assert counts["verified"] >= 9
    assert counts["fails"] >= 20


def test_hard_payloads() -> None:
    assert same([compact(payload) for payload in HARD_PAYLOADS], signing.keyring()) == {"fails": len(HARD_PAYLOADS)}


def test_any_title() -> None:
    """Titles of every kind of character, signed: each is verified, or refused by both."""
    rng = random.Random(7)
    assigned = [chr(code) for code in range(0x30000) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]
    titles = ["".join(rng.choices(assigned, k=rng.randrange(1, 9))) for _ in range(300)]
    titles += [
        "ΑΣ",
        "Σ",
        "İstanbul ıI",
        "ß ẞ ŉ ǰ",
        "Ꭰꭰ ᏸ",
        "ﬁ",
        "a\u0301",
        "á",
        "x\u2028y",
        "ᾳ ᾼ",
        "</script>",
        "\u1e9b",
    ]
    receipts = []
    for title in titles:
        for variant in (title, title.upper(), title.lower()):
            signature = signing.TEST_KEY.sign(
                hashlib.sha256(canonical_bytes(signing.canonical_record(title))).digest()
            ).signature
            payload = canonical_bytes(signing.canonical_record(title)) + b"\n" + variant.encode()
            receipts.append(compact(payload, key_id=signing.TEST_KEY_ID, signature=signature))
    counts = same(receipts, signing.keyring())
    assert counts["verified"] > 100
    assert counts["fails"] > 100


def test_an_event_passed_off_as_a_record() -> None:
    bundle = json.loads(BUNDLE_FILE.read_bytes())
    event = bundle["events"][1]
    body = {k: v for k, v in event.items() if k not in {"signature", "content_sha256", "event_id"}}
    receipt = compact(
        canonical_bytes(body) + b"\n",
        key_id=PINNED_KEY.key_id,
        signature=base64.b64decode(event["signature"]["signature_b64"]),
    )
    assert browser_words([receipt]) == [("fails", "record-shape")]


@pytest.mark.parametrize("size", [16_383, 16_384, 16_385])
def test_the_bound_of_the_payload(size: int) -> None:
    record = len(canonical_bytes(signing.canonical_record()))
    title = "x" * (size - record - 1)
    data = canonical_bytes(signing.canonical_record(title))
    signature = signing.TEST_KEY.sign(hashlib.sha256(data).digest()).signature
    receipt = compact(data + b"\n" + title.encode(), key_id=signing.TEST_KEY_ID, signature=signature)
    assert same([receipt], signing.keyring()) == {"verified" if size < 16_384 else "fails": 1}
