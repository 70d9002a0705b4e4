"""Python and JavaScript give the same word: on every real record, every forgery, and mutants of real receipts."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pithtex
from pithtex.canonical import canonical_bytes, collapse, parse_json
from pithtex.documents import examine, load
from pithtex.errors import MalformedError, PithError, UndecidedError
from pithtex.findings import Status
from pithtex.generate.qr import qr_rows
from pithtex.keys import PINNED_KEY, Key, Keyring
from pithtex.receipt import DICTIONARY, _title_fault, decode_receipt, encode_receipt
from pithtex.record import parse_canonical_record
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES, SEEDS
from tests.forgeries.test_records import BUNDLE_FORGERIES, FORGERIES, MALFORMED
from tests.unit.test_receipt import compact
from tests.vectors.test_vectors import having
from tests.web.node import call

WORDS = {Status.HOLDS: "verified", Status.FAILS: "fails", Status.UNAVAILABLE: "undecided"}
"""Python's word, and what the browser says: verified, does not verify, cannot check here."""


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
        document = load(path.read_bytes())
        record = pithtex.documents.verify(document)
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
    # What is no strict JSON is no canonical record either: Python asks the one first, JavaScript the other.
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


def forged(table: dict[str, Any], path: Any) -> list[tuple[str, bytes]]:
    documents = []
    for name, (forge, _) in table.items():
        document = json.loads(path.read_bytes())
        forge(document)
        documents.append((name, json.dumps(document).encode()))
    return documents


FORGED = (
    forged(FORGERIES, SEEDS / "record-EL6A4QOT.json")
    + forged(MALFORMED, SEEDS / "record-EL6A4QOT.json")
    + forged(BUNDLE_FORGERIES, BUNDLE_FILE)
)


def python_document_word(data: bytes) -> tuple[str, set[str]]:
    try:
        examination = examine(load(data))
    except MalformedError as error:
        return "fails", {error.finding.name}
    return WORDS[examination.status], {item.name for item in examination.findings}


def browser_documents(documents: list[bytes], keys: Iterable[Key] = (PINNED_KEY,)) -> list[dict[str, Any]]:
    encoded = [base64.b64encode(data).decode() for data in documents]
    return call("web.verifyDocument(new Uint8Array(Buffer.from(value, 'base64')))", encoded, keys)


def test_every_forged_record() -> None:
    """The table that Python's own tests use: the same word, and the finding that the table names."""
    results = browser_documents([data for _, data in FORGED])
    named = {name: code for table in (FORGERIES, MALFORMED, BUNDLE_FORGERIES) for name, (_, code) in table.items()}
    assert len(results) == len(named)
    for (name, data), result in zip(FORGED, results, strict=True):
        word, _ = python_document_word(data)
        assert result["word"] == word == "fails", name
        assert named[name] in result["rules"], (name, result["rules"])
        assert result["record"] is None


def undecided_documents() -> list[bytes]:
    record = json.loads((SEEDS / "record-EL6A4QOT.json").read_bytes())
    without = {key: value for key, value in record.items() if key != "receipt"}
    digest = record["canonical_sha256"]
    fields = signing.signature_fields(digest, "canonical_sha256_bytes", signing.OTHER_KEY, "attacker-1")
    embedded = [{"key_id": "attacker-1", "public_key_hex": bytes(signing.OTHER_KEY.verify_key).hex()}]
    self_signed = record | {"receipt": record["receipt"] | fields, "public_keys": embedded}
    return [json.dumps(document).encode() for document in (without, self_signed)]


def test_genuine_and_undecided_documents() -> None:
    """Holds is verified; an unknown key and no receipt are undecided; and what is none of both is not verified."""
    genuine = [path.read_bytes() for path in [*RECORD_FILES, BUNDLE_FILE]]
    documents = genuine + undecided_documents()
    results = browser_documents(documents)
    assert [result["word"] for result in results] == ["verified"] * 4 + ["undecided"] * 2
    for data, result in zip(documents, results, strict=True):
        word, findings = python_document_word(data)
        assert result["word"] == word
        assert set(result["rules"]) <= findings
    for data, result in zip(genuine, results, strict=False):
        verified = pithtex.documents.verify(load(data))
        assert (result["record"]["number"], result["record"]["title"]) == (verified.number.full, verified.title)


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


JSON_TEXTS = [
    "{}",
    "[]",
    "1",
    ' {"a" : [ 1 , 2 ] } ',
    '{"a":1,"a":2}',
    '{"a":1,}',
    "[1,]",
    "[,1]",
    "{,}",
    "01",
    "-",
    "-0",
    "-0.0",
    "1.",
    ".5",
    "1e5",
    "1E+05",
    "1e400",
    "NaN",
    "Infinity",
    "-Infinity",
    "nul",
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"\t"',
    '"\\x"',
    "'a'",
    "{a:1}",
    "[" * 64 + "]" * 64,
    "[" * 65 + "]" * 65,
    "9" * 4300,
    "9" * 4301,
    "1." + "0" * 4299,
    "1." + "0" * 4298,
    "\ufeff{}",
    "{}x",
    "",
    '"\u2028"',
    '{"\uffff":1,"\U00010000":2}',
    "[1.0,1e16,123456789012345680.0,1e-5,0.0001,5e-324]",
    "1e22",
    "1e21",
    "100000000000000000000",
    "123456789.125e3",
    "1.7976931348623157e308",
    '"\\u0000\\u001f\x7f"',
    "\u00a0{}",
    "\x0b1",
]


def python_canonical(text: str) -> str | None:
    try:
        return canonical_bytes(parse_json(text.encode())).decode()
    except MalformedError:
        return None


BROWSER_CANONICAL = "(() => { try { return web.canonicalText(web.parseJson(value)); } catch { return null; } })()"


def test_json_is_as_strict_and_canonical_text_the_same() -> None:
    rng = random.Random(11)
    import struct

    floats = [struct.unpack("<d", rng.randbytes(8))[0] for _ in range(500)]
    texts = JSON_TEXTS + [repr(value) for value in floats if value == value and abs(value) != float("inf")]
    assert call(BROWSER_CANONICAL, texts) == [python_canonical(text) for text in texts]


def test_mutated_documents() -> None:
    """One byte of a real record or bundle changed: the same word, as far as the page looks (the rest only warns)."""
    rng = random.Random(5)
    documents = []
    for path in (SEEDS / "record-EL6A4QOT.json", BUNDLE_FILE):
        data = path.read_bytes()
        for _ in range(200):
            at = rng.randrange(len(data))
            documents.append(data[:at] + bytes([rng.choice(b'"{}[],:0aZ\\ \x80')]) + data[at + rng.randrange(2) :])
    for data, result in zip(documents, browser_documents(documents), strict=True):
        word, findings = python_document_word(data)
        assert result["word"] == word, (findings, result, data)


@pytest.mark.parametrize("size", [16_383, 16_384, 16_385])
def test_the_bound_of_the_payload(size: int) -> None:
    record = len(canonical_bytes(signing.canonical_record()))
    title = "x" * (size - record - 1)
    data = canonical_bytes(signing.canonical_record(title))
    signature = signing.TEST_KEY.sign(hashlib.sha256(data).digest()).signature
    receipt = compact(data + b"\n" + title.encode(), key_id=signing.TEST_KEY_ID, signature=signature)
    assert same([receipt], signing.keyring()) == {"verified" if size < 16_384 else "fails": 1}


def deflate_streams() -> list[bytes]:
    """Streams of all three kinds of block, with a dictionary, and most of them damaged."""
    rng = random.Random(3)
    streams = []
    for _ in range(1_500):
        text = bytes(rng.choices(b"abcdefgh", weights=[2**n for n in range(8)], k=rng.randrange(600)))
        text += DICTIONARY[rng.randrange(2_000) :][: rng.randrange(400)] + rng.randbytes(rng.randrange(30))
        strategy = rng.choice([zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE])
        packer = zlib.compressobj(rng.randrange(10), zlib.DEFLATED, -15, 9, strategy, DICTIONARY)
        stream = bytearray(
            packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH) + packer.compress(text) + packer.flush()
        )
        for _ in range(rng.randrange(4)):
            stream[rng.randrange(min(len(stream), 40))] ^= 1 << rng.randrange(8)
        streams.append(bytes(stream) + b"\0" * rng.choice([0, 0, 0, 1]))
    return streams


def zlib_word(stream: bytes) -> list[Any] | None:
    unpacker = zlib.decompressobj(-15, zdict=DICTIONARY)
    try:
        data = unpacker.decompress(stream, 60_000)
    except zlib.error:
        return None
    if not unpacker.eof:
        return None
    return [hashlib.sha256(data).hexdigest(), len(stream) - len(unpacker.unused_data)]


def test_the_inflater_takes_what_zlib_takes() -> None:
    streams = deflate_streams()
    expression = (
        "(async () => { try { const dictionary = web.utf8(web.DICTIONARY);"
        " const got = web.inflate(new Uint8Array(Buffer.from(value, 'base64')), dictionary, dictionary.length + 60000);"
        " return [web.hex(new Uint8Array(await crypto.subtle.digest('SHA-256', got.bytes))), got.used]; }"
        " catch { return null; } })()"
    )
    found = call(expression, [base64.b64encode(stream).decode() for stream in streams])
    expected = [zlib_word(stream) for stream in streams]
    assert found == expected
    assert 200 < expected.count(None) < 1_300


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=30))
def test_receipts_made_by_the_page_are_taken_by_python(titles: list[str]) -> None:
    """encode in JavaScript, decode in Python: the same record, and the title or none."""
    values = []
    for title in titles:
        canonical = signing.canonical_record(title.encode("utf-8", "replace").decode())
        values.append(
            {
                "text": canonical_bytes(canonical).decode(),
                "title": title,
                "titleDigest": canonical["metadata"]["title_canon_sha256"],
            }
        )
    expression = "web.encodeReceipt({...value, keyId: 'k', signature: new Uint8Array(64)})"
    for value, receipt in zip(values, call(expression, values), strict=True):
        record = decode_receipt(receipt)
        assert record.canonical.data.decode() == value["text"]
        ours = decode_receipt(encode_receipt(record.canonical, "k", bytes(64), value["title"]))
        assert record.title == ours.title


def test_receipts_made_by_the_page_are_small() -> None:
    """Its fixed codes cost little against zlib's best."""
    seeds = seed_receipts()
    expression = "web.encodeReceipt({...web.decodeReceipt(value)})"
    for ours, theirs in zip(seeds, call(expression, seeds), strict=True):
        assert decode_receipt(theirs).canonical == decode_receipt(ours).canonical
        assert len(theirs) < 1.2 * len(ours)


def test_characters_are_classed_alike() -> None:
    """Every character that Python knows: which a title may not hold, which are white space, and case folding."""
    codes = [code for code in range(0x110000) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]
    expression = (
        "value.map((code) => { const char = String.fromCodePoint(code);"
        " return [web.deceives(char), web.collapse(`a${char}b`) === 'a b', web.fold(char)]; })"
    )
    (found,) = call(expression, [codes])
    for code, (deceives, space, folded) in zip(codes, found, strict=True):
        char = chr(code)
        assert deceives == (_title_fault(char) is not None), hex(code)
        assert space == (collapse(f"a{char}b") == "a b"), hex(code)
        assert folded == char.casefold(), hex(code)


def test_qr_codes_are_those_of_python() -> None:
    """Square by square: versions 1 to 40, each level of correction, and one character too many."""
    rng = random.Random(1)
    sizes = [*range(1, 60), *range(60, 900, 37), 1_000, 1_500, 2_900, 2_953, 2_954]
    texts = ["".join(rng.choices("https://pith.science#ABC237_-", k=size)) for size in sizes]
    assert call("web.qrRows(value)", texts) == [qr_rows(text) for text in texts]
