"""What the scripts have in place of libraries, against these: DEFLATE, classes of characters."""

from __future__ import annotations

import base64
import hashlib
import random
import unicodedata
import zlib
from typing import Any

from pithtex.format.canonical import collapse
from pithtex.format.compact_receipt import DICTIONARY, title_fault
from tests.browser.node import call


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
        assert deceives == (title_fault(char) is not None), hex(code)
        assert space == (collapse(f"a{char}b") == "a b"), hex(code)
        assert folded == char.casefold(), hex(code)
