"""The compact receipt: exact, bounded, and a claim until verified."""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pithtex
from pithtex.errors import MalformedError, VerificationError
from pithtex.format.compact_receipt import DICTIONARY, decode_receipt, encode_receipt
from pithtex.format.record import parse_canonical_record
from tests import signing
from tests.conftest import RECORD_FILES, ROOT


def compact(payload: bytes, *, key_id: str = signing.TEST_KEY_ID, signature: bytes = bytes(64)) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    body = deflate.compress(payload) + deflate.flush()
    parts = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (body, signature))
    return ".".join(("p1", key_id, *parts))


def genuine() -> tuple[str, dict[str, object]]:
    document = signing.record_document()
    verified = pithtex.verify_record(pithtex.load_record(document), signing.keyring())
    text = encode_receipt(verified.canonical, verified.key.key_id, verified.signature, verified.title)
    return text, document


def test_it_goes_from_process_to_process() -> None:
    """The worker that checks a PDF sends what it found to who asked for it."""
    record = decode_receipt(genuine()[0])
    assert pickle.loads(pickle.dumps(record)) == record


def test_the_dictionary_is_frozen() -> None:
    """Another dictionary is another version: every receipt in every paper depends on these bytes."""
    sha256 = "a3963daf0fbae98c5f3a6d093b9a20519b62b8a8c00cb310e2e0410f55f82e03"
    assert hashlib.sha256(DICTIONARY).hexdigest() == sha256
    assert sha256 in (ROOT / "docs" / "reference" / "compact-receipt.md").read_text()
    assert (ROOT / "docs" / "reference" / "receipt-dictionary.txt").read_bytes() == DICTIONARY


def test_the_documented_vector() -> None:
    text = (ROOT / "docs" / "reference" / "compact-receipt.md").read_text()
    vector = text.partition("```text vector\n")[2].partition("\n```")[0].replace("\n", "")
    verified = pithtex.verify_record(decode_receipt(vector))
    assert verified.number.full == "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"
    assert verified.title == "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"


@pytest.mark.parametrize("path", RECORD_FILES, ids=lambda path: path.stem)
def test_real_records_survive(path) -> None:
    verified = pithtex.verify_record(pithtex.load_record(path.read_bytes()))
    text = encode_receipt(verified.canonical, verified.key.key_id, verified.signature, verified.title)
    again = pithtex.verify_record(decode_receipt(text))
    assert (again.number, again.title, again.signature) == (verified.number, verified.title, verified.signature)
    assert len(text) < 420


@given(
    st.text(max_size=80), st.sampled_from(["", "http://arxiv.org/licenses/nonexclusive-distrib/1.0/", "é中\U0001f600"])
)
def test_any_title_survives_or_is_left_out(title: str, licence: str) -> None:
    """decode(encode(x)) has x's record, and x's title or none; never another."""
    try:
        canonical = parse_canonical_record(signing.canonical_record(title, license=licence), "")
    except (MalformedError, UnicodeEncodeError):
        return
    record = decode_receipt(encode_receipt(canonical, "k", bytes(64), title))
    assert record.canonical == canonical
    assert record.title in {None, " ".join(title.split())}


def test_altered_receipts_are_refused() -> None:
    """One character changed anywhere: the text no longer decodes, or what it decodes to no longer verifies."""
    text, _ = genuine()
    keys = signing.keyring()
    for index, char in enumerate(text):
        altered = text[:index] + ("A" if char != "A" else "B") + text[index + 1 :]
        with pytest.raises((MalformedError, VerificationError)):
            pithtex.verify_record(decode_receipt(altered), keys)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not of the form"),
        ("p2.k.AA.AA", "not of the form"),
        ("p1.k.AA==.AA", "not of the form"),
        ("p1.k.AB." + "A" * 86, "stray bits"),
        ("p1.k.AA." + "A" * 84, "63 bytes"),
        ("p1.k.____." + "A" * 86, "not DEFLATE"),
        ("p1." + "k" * 41 + ".AA.AA", "not of the form"),
        ("p1.k." + "A" * 20_000 + ".AA", "at most"),
        (compact(b"{}"), "no line break"),
        (compact(b"{}\n"), "missing"),
        (compact(b'{"b":1, "a":2}\n'), "not in canonical form"),
        (compact(b'{"a":1,"a":1}\n'), "twice"),
        (compact(b"[" * 9_000 + b"\n"), "nested deeper"),
        (compact(b"\xff\n"), "not UTF-8"),
    ],
)
def test_malformed(text: str, message: str) -> None:
    with pytest.raises(MalformedError, match=message) as caught:
        decode_receipt(text)
    assert caught.value.rule == ("record-shape" if message == "missing" else "receipt-malformed")


@pytest.mark.parametrize("title", [" a", "a  b", "a\u202eb", "a\x1bb", "\ufb01", "a\nb", "\u00a0", "\ue000", "\u0378"])
def test_titles_that_deceive(title: str) -> None:
    payload = pithtex.canonical_bytes(signing.canonical_record()) + b"\n" + title.encode()
    with pytest.raises(MalformedError, match="title"):
        decode_receipt(compact(payload))


def test_a_bomb_stops_at_the_bound() -> None:
    bomb = compact(b"a" * 10_000_000)
    tracemalloc.start()
    with pytest.raises(MalformedError, match="too large"):
        decode_receipt(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_payload_without_its_end_is_refused() -> None:
    """All its data are there, and the stream does not say that it has ended."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    payload = pithtex.canonical_bytes(signing.canonical_record()) + b"\nA title"
    body = deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)
    parts = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (body, bytes(64)))
    with pytest.raises(MalformedError, match="cut short"):
        decode_receipt(".".join(("p1", signing.TEST_KEY_ID, *parts)))


def test_data_after_the_stream_is_refused() -> None:
    head, key_id, body, signature = genuine()[0].split(".")
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)) + b"x"
    longer = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    with pytest.raises(MalformedError, match="something follows"):
        decode_receipt(".".join((head, key_id, longer, signature)))


def test_an_event_is_no_receipt(bundle) -> None:
    """The same key signs events: the shape alone keeps their bytes from passing as a record's."""
    event = bundle["events"][1]
    payload = pithtex.canonical_bytes(
        {key: value for key, value in event.items() if key not in {"signature", "content_sha256", "event_id"}}
    )
    signature = base64.b64decode(event["signature"]["signature_b64"])
    with pytest.raises(MalformedError, match="the key"):
        decode_receipt(compact(payload + b"\n", key_id="pith-v1-2026-05", signature=signature))


def test_sizes_stated_in_the_docs() -> None:
    lengths = []
    for path in RECORD_FILES:
        verified = pithtex.verify_record(pithtex.load_record(json.loads(path.read_bytes())))
        lengths.append(len(encode_receipt(verified.canonical, verified.key.key_id, verified.signature, verified.title)))
    assert 300 < sorted(lengths)[1] < 400
