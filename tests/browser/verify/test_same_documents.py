"""Documents and JSON: on every forged record and bundle, Python and JavaScript give the same word."""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pithtex
from pithtex.errors import MalformedError
from pithtex.findings import Status
from pithtex.format.canonical import canonical_bytes, parse_json
from pithtex.format.keys import PINNED_KEY, Key, Keyring
from pithtex.verification.document import examine_document, load_document
from tests import signing
from tests.browser.node import call
from tests.browser.verify.documents import document_mutant
from tests.conftest import BUNDLE_FILE, RECORD_FILES, SEEDS
from tests.forgeries.test_records import BUNDLE_FORGERIES, FORGERIES, MALFORMED

WORDS = {Status.HOLDS: "verified", Status.FAILS: "fails", Status.UNAVAILABLE: "undecided"}
"""Python's word, and what the browser says: verified, does not verify, cannot check here."""


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


def python_document_word(data: bytes, keyring: Keyring | None = None) -> tuple[str, set[str]]:
    try:
        examination = examine_document(load_document(data), keyring)
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
        verified = pithtex.verification.document.verify_document(load_document(data))
        assert (result["record"]["number"], result["record"]["title"]) == (verified.number.full, verified.title)


def test_a_time_of_signing_that_is_no_text() -> None:
    """Every signature may state one: the receipt's, an event's, the bundle's."""
    record, bundle = json.loads(RECORD_FILES[0].read_bytes()), json.loads(BUNDLE_FILE.read_bytes())
    documents, words = [], []
    for value, expected in ((5, "fails"), ({}, "fails"), (False, "fails"), (None, "verified")):
        receipt = record["receipt"] | {"signed_at": value}
        events = [event | {"signature": event["signature"] | {"signed_at": value}} for event in bundle["events"]]
        unsigned = {key: part for key, part in bundle.items() if key != "bundle_signature"}
        documents += [record | {"receipt": receipt}, unsigned | {"events": events}]
        words += [expected] * 2
    encoded = [json.dumps(document).encode() for document in documents]
    assert [result["word"] for result in browser_documents(encoded)] == words
    assert [python_document_word(data)[0] for data in encoded] == words


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


def test_mutants_that_are_signed_anew() -> None:
    """The same word but for a state that follows no plain rule, which the page leaves open."""
    documents = [document_mutant(seed) for seed in range(400)]
    words: Counter[tuple[str, bool]] = Counter()
    for data, result in zip(documents, browser_documents(documents, list(signing.keyring())), strict=True):
        word, findings = python_document_word(data, signing.keyring())
        left_open = result["rules"] == ["state-not-comparable"]
        assert result["word"] == ("undecided" if left_open else word), (findings, result, data)
        words[result["word"], left_open] += 1
    assert words["verified", False] >= 100
    assert words["fails", False] >= 100
    assert words["undecided", True] <= 20
