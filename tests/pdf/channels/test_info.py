from __future__ import annotations

import pikepdf
import pytest

from pithtex.limits import MAX_VALUE_CHARS
from pithtex.pdf.read import read_evidence
from tests.pdf.conftest import NUMBER, build


def names(evidence):
    return [f.name for f in evidence.findings]


def read(data, **more):
    return read_evidence(data, text=False, **more)


def test_reads_our_keys_and_the_title():
    evidence = read(build(info={"PithNumber": NUMBER, "PithReceipt": "p1.a.b.c", "Title": "T", "Other": "x"}))
    assert (evidence.info.number, evidence.info.receipt, evidence.info.title) == (NUMBER, "p1.a.b.c", "T")
    assert evidence.findings == ()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xfe\xff" + "pith:Ω".encode("utf-16-be"), "pith:Ω"),
        (b"\xef\xbb\xbf" + "pith:Ω".encode(), "pith:Ω"),
        (b"caf\xe9 \x84", "café —"),
        (b"a\0b", "a\0b"),
    ],
)
def test_text_strings(raw, text):
    assert read(build(info={"PithNumber": pikepdf.String(raw)})).info.number == text


@pytest.mark.parametrize("blank", ["", " \n", "\0"])
def test_a_blank_value_claims_nothing(blank):
    assert read(build(info={"PithNumber": blank})).info.number is None


@pytest.mark.parametrize("value", [5, pikepdf.Name.A, pikepdf.Array([1]), pikepdf.String(b"\xef\xbb\xbf\xff\xff")])
def test_what_is_no_text_is_damaged_and_takes_nothing_with_it(value):
    evidence = read(build(info={"PithNumber": value, "Title": "T"}))
    assert evidence.info.number is None
    assert evidence.info.title == "T"
    assert names(evidence) == ["channel-damaged"]


def test_info_that_is_no_dictionary():
    def change(pdf):
        pdf.trailer.Info = pdf.make_indirect(pikepdf.Array([1]))

    assert names(read(build(change=change))) == ["channel-damaged"]


def test_a_long_value_is_cut():
    evidence = read(build(info={"Title": "x" * (MAX_VALUE_CHARS + 1)}))
    assert evidence.info.title == "x" * MAX_VALUE_CHARS
    assert names(evidence) == ["channel-limit"]


def doubled(first, second, mode=pikepdf.ObjectStreamMode.disable):
    info = {"PithNumber": pikepdf.String(first), "PithNumbex": pikepdf.String(second)}
    data = build(info=info, object_stream_mode=mode, compress_streams=False)
    assert b"/PithNumbex" in data
    return data.replace(b"/PithNumbex", b"/PithNumber")


def test_two_values_of_one_key_are_reported():
    evidence = read(doubled("A", "B"))
    assert names(evidence) == ["channel-duplicate"]
    assert evidence.findings[0].where == "info"


def test_the_same_value_twice_is_harmless():
    assert names(read(doubled("A", "A"))) == []


def test_two_values_in_an_object_stream_are_reported():
    assert names(read(doubled("A", "B", pikepdf.ObjectStreamMode.generate))) == ["channel-duplicate"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/PithNumber (A) /PithNumbex (A)", b"/Pith#4eumber(B)/PithNumber(A)"),
        (b"/PithNumber (A) /PithNumbex (A)", b"/PithNumber <42>/PithNumber(A)"),
        (b"/PithNumber (A) /PithNumbex (A)", b"/PithNumber  /B /PithNumber(A)"),
    ],
)
def test_a_second_value_cannot_be_smuggled_in(old, new):
    info = {"PithNumber": "A", "PithNumbex": "A"}
    data = build(info=info, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert old in data
    assert names(read(data.replace(old, new.ljust(len(old))))) == ["channel-duplicate"]
