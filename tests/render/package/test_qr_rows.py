"""The QR code's rows, read back by a decoder."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import pithtex
from pithtex.render.package.pith_sty import render_package
from pithtex.render.package.qr_rows import qr_rows
from tests import signing


def read(rows: list[str]) -> str:
    side = len(rows)
    assert side % 4 == 1
    bits = [f"{int(row, 16):0{4 * len(row)}b}" for row in rows]
    assert {len(line) for line in bits} == {side + 3}
    assert all(line.endswith("000") for line in bits)
    quiet = ["0" * (side + 8)] * 4
    lines = [*quiet, *(f"0000{line[:side]}0000" for line in bits), *quiet]
    picture = Image.new("L", (side + 8, side + 8))
    picture.putdata([0 if bit == "1" else 255 for line in lines for bit in line])
    (code,) = zxingcpp.read_barcodes(picture.resize((4 * side + 32, 4 * side + 32), Image.Resampling.NEAREST))
    return code.text


@given(st.text(st.sampled_from("https://pith.science#ABC237_-"), min_size=1, max_size=700))
def test_what_is_read_is_what_was_meant(text: str) -> None:
    assert read(qr_rows(text)) == text


def test_never_a_micro_code() -> None:
    """Few readers know them."""
    assert len(qr_rows("A")) == 21


@pytest.mark.parametrize(("length", "side"), [(2953, 177), (2954, 0)])
def test_the_largest(length: int, side: int) -> None:
    assert len(qr_rows("x" * length)) == side


def test_a_title_too_long_for_any_code_leaves_it_out() -> None:
    """The record is embedded all the same."""
    title = " ".join(f"{number * 7919 % 99991:x}" for number in range(900))
    document = pithtex.load_record(signing.record_document(title))
    record = pithtex.verify_record(document, signing.keyring())
    block = render_package(record).decode("ascii").partition("\\__pith_record:nnnn\n")[2]
    arguments = ["".join(part.split()) for part in block.replace("{", "}").split("}")[1::2]]
    assert arguments[0] == record.number.full
    assert len(arguments[2]) > 2953
    assert arguments[3] == ""
