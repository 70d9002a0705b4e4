"""What the scripts have in place of libraries, against these: DEFLATE, classes of characters, QR codes."""

from __future__ import annotations

import base64
import hashlib
import random
import unicodedata
import zlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pithtex.format.canonical import canonical_bytes, collapse
from pithtex.format.compact_receipt import DICTIONARY, _title_fault, decode_receipt, encode_receipt
from pithtex.render.package.qr_rows import qr_rows
from tests import signing
from tests.browser.node import call
from tests.browser.test_same_word import seed_receipts


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


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cn", "Cs"]), max_size=60), min_size=1, max_size=60))
def test_receipts_made_by_the_page_are_taken_by_python(titles: list[str]) -> None:
    """encode in JavaScript, decode in Python: the same record, and the title or none.

    Of characters that Python knows: the browser may know newer ones (docs/verify-page.md).
    """
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
