"""An abstract counts only after it was hashed, whoever brings it, and reading what a PDF carries is bounded."""

from __future__ import annotations

import json
import random
import string
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pithtex
from pithtex.errors import MalformedError
from pithtex.format.abstract import ProvenAbstract, decode_abstract, encode_abstract, first_proven
from pithtex.format.base64url import from_base64url, to_base64url
from pithtex.format.record import CanonicalRecord, parse_canonical_record
from pithtex.limits import MAX_ABSTRACT_BYTES, MAX_CARRIED_ABSTRACT_CHARS
from tests import signing
from tests.conftest import VECTORS

ROWS = [json.loads(line) for line in (VECTORS / "abstracts.jsonl").read_text().splitlines()]


def canonical(row) -> CanonicalRecord:
    return parse_canonical_record(row["canonical_record"], "record")


def carried(data: bytes) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return "a1." + to_base64url(deflate.compress(data) + deflate.flush())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["arxiv_id"])
def test_real_abstracts_are_proven_and_come_back(row) -> None:
    proven = ProvenAbstract(row["abstract"], canonical(row))
    form = encode_abstract(proven)
    assert decode_abstract(form, canonical(row)) == proven
    assert len(form) < len(row["abstract"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["arxiv_id"])
def test_white_space_and_case_do_not_matter_and_a_letter_does(row) -> None:
    text = row["abstract"]
    assert ProvenAbstract("  " + text.replace(" ", " \n ", 3), canonical(row)).text == text
    assert ProvenAbstract(text.upper(), canonical(row)).text == text.upper()
    with pytest.raises(MalformedError) as caught:
        ProvenAbstract(text[:-1] + "!", canonical(row))
    assert caught.value.rule == "abstract-mismatch"


def test_another_records_abstract_is_refused_when_it_is_decoded() -> None:
    form = encode_abstract(ProvenAbstract(ROWS[0]["abstract"], canonical(ROWS[0])))
    with pytest.raises(MalformedError) as caught:
        decode_abstract(form, canonical(ROWS[1]))
    assert caught.value.rule == "abstract-mismatch"


@pytest.mark.parametrize(
    "form",
    [
        "",
        "a1.",
        "a2.AAAA",
        "a1.AAAA\n",
        "a1.AA=",
        "a1.AB",
        "a1.\u0391",
        carried(b"\xff"),
        carried(b"text")[:-3],
        "a1." + to_base64url(b"\x00\x04\x00\xfb\xfftext"),  # a stored block, and not the last one
        carried(b"text") + "AAAA",
        carried(b"a" * (MAX_ABSTRACT_BYTES + 1)),
        "a1." + "A" * MAX_CARRIED_ABSTRACT_CHARS,
    ],
)
def test_what_is_not_of_the_form_is_refused(form: str) -> None:
    with pytest.raises(MalformedError) as caught:
        decode_abstract(form, canonical(ROWS[0]))
    assert caught.value.rule == "abstract-malformed"


def test_a_bomb_of_a_gigabyte_takes_a_moment() -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(deflate.compress(bytes(2**20)) for _ in range(40)) + deflate.flush()
    with pytest.raises(MalformedError):
        decode_abstract("a1." + to_base64url(bomb), canonical(ROWS[0]))


@given(st.text(max_size=300))
def test_every_text_that_is_its_records_comes_back(text: str) -> None:
    """Law: decode(encode(x)) is x, for whatever text a record is of."""
    document = signing.canonical_record("A title", abstract_canon_sha256=pithtex.abstract_digest(text))
    record = parse_canonical_record(document, "record")
    proven = ProvenAbstract(text, record)
    assert decode_abstract(encode_abstract(proven), record) == proven


@given(st.binary(max_size=100))
def test_base64url_has_one_spelling_of_each_value(data: bytes) -> None:
    """Law: from(to(x)) is x, and no other text gives x."""
    text = to_base64url(data)
    assert from_base64url(text) == data
    for other in (text + "=", text + "A", text[:-1]):
        if other != text:
            try:
                assert from_base64url(other) != data
            except ValueError:
                continue


def of(text: str) -> CanonicalRecord:
    """A record of that abstract."""
    document = signing.canonical_record("A title", abstract_canon_sha256=pithtex.abstract_digest(text))
    return parse_canonical_record(document, "record")


def test_a_text_of_just_the_size_allowed_is_hashed_and_no_longer_one() -> None:
    longest = "ä" * (MAX_ABSTRACT_BYTES // 2)
    assert ProvenAbstract(longest, of(longest)).text == longest
    with pytest.raises(MalformedError) as caught:
        ProvenAbstract(longest + "a", of(longest + "a"))
    assert caught.value.rule == "abstract-malformed"


def test_an_abstract_that_a_pdf_cannot_carry_is_not_written() -> None:
    """Characters drawn by chance hardly shrink, and base64 makes them longer."""
    text = "".join(random.Random(1).choices(string.ascii_letters + string.digits + string.punctuation, k=64_000))
    proven = ProvenAbstract(text, of(text))
    with pytest.raises(MalformedError) as caught:
        encode_abstract(proven)
    assert caught.value.rule == "abstract-malformed"


def test_the_first_text_that_is_proven_is_taken() -> None:
    row, other = ROWS[:2]
    texts = [None, "", other["abstract"], row["abstract"].upper(), row["abstract"]]
    found = first_proven(texts, canonical(row))
    assert found is not None
    assert found.text == row["abstract"].upper()
    assert first_proven(texts[:3], canonical(row)) is None


def test_proofs_are_compared_by_text_and_digest() -> None:
    row = ROWS[0]
    one, same = (ProvenAbstract(row["abstract"], canonical(row)) for _ in range(2))
    other = ProvenAbstract(row["abstract"].upper(), canonical(row))
    assert {one, same, other} == {one, other}
    assert one != other
    assert one != row["abstract"]
    assert row["abstract"] not in repr(one)
