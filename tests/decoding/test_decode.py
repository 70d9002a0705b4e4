"""The way back: pictures, links and receipts, true, forged and hostile."""

from __future__ import annotations

import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pithtex.cli.main import main
from pithtex.decoding.decode import Decoded, decode_file, decode_text
from pithtex.decoding.pictures import grey_pixels
from pithtex.errors import MalformedError, UsageError
from pithtex.format.keys import default_keyring
from pithtex.limits import MAX_PICTURE_BYTES
from pithtex.render.formats import BY_NAME, FORMATS
from pithtex.render.statement import Statement, statement_of
from pithtex.verification.document import load_document
from tests import signing
from tests.conftest import BUNDLE_FILE
from tests.render.samples import HOSTILE, stated

NUMBER = "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"
TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"


@pytest.fixture(scope="module")
def badge() -> Statement:
    return statement_of(load_document(BUNDLE_FILE.read_bytes()), default_keyring())


def text(value: str, **options: Any) -> Decoded:
    return decode_text(value, default_keyring(), **options)


def file(data: bytes) -> list[Decoded]:
    return decode_file(data, default_keyring(), where="file")


def found(decoded: Decoded) -> list[str]:
    return [item.name for item in decoded.findings]


def png(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def code(value: str) -> Image.Image:
    stream = io.BytesIO()
    segno.make_qr(value).save(stream, kind="png", scale=4)
    return Image.open(stream).convert("L")


@pytest.mark.parametrize("form", FORMATS, ids=[form.name for form in FORMATS])
def test_there_and_back(form: Any, badge: Statement) -> None:
    """Every format that carries the record, from the command that writes it to the word on what it says."""
    without = {"shields", "bibtex", "biblatex", "csl-json", "citation.cff", "signposting", "qr-tex", "latex-poster"}
    if form.name in without or (form.binary and form.name != "qr-png"):
        with pytest.raises(MalformedError):
            file(form.render(badge))
        return
    (decoded,) = file(form.render(badge))
    assert (decoded.word, decoded.findings) == ("verified", ())
    assert decoded.record is not None
    assert (decoded.record.number.full, decoded.record.title) == (NUMBER, TITLE)


def test_a_link_and_a_receipt(badge: Statement) -> None:
    for value in (
        badge.link,
        badge.receipt,
        f"  {badge.link}\n",
        badge.link.replace("pith.science", "www.pith.science"),
    ):
        assert text(value).word == "verified"


def test_a_photo(badge: Statement) -> None:
    """Turned, smaller, noisy, in JPEG, in grey, on a transparent ground."""
    plain = Image.open(io.BytesIO(BY_NAME["qr-png"].render(badge))).convert("L")
    turned = plain.convert("RGB").rotate(17, expand=True, fillcolor="white").resize((700, 700))
    noise = Image.effect_noise(turned.size, 40).convert("RGB")
    clear = Image.new("RGBA", plain.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=plain.point(lambda level: 255 - level))
    for data in (
        png(Image.blend(turned, noise, 0.2), "JPEG", quality=80),
        png(plain.convert("1"), "TIFF"),
        png(plain, "WEBP"),
        png(plain, "GIF"),
        png(plain, "BMP"),
        png(clear),
    ):
        assert [item.word for item in file(data)] == ["verified"]


def test_a_scanned_page(badge: Statement) -> None:
    """A4 at 300 dots per inch, the code on it of the size that its file states."""
    page = Image.new("L", (2480, 3508), 255)
    plain = Image.open(io.BytesIO(BY_NAME["qr-png"].render(badge))).convert("L")
    side = round(plain.width / 8 * 0.4 / 25.4 * 300)
    page.paste(plain.resize((side, side)), (1700, 2800))
    for angle in (0, 2):
        assert [item.word for item in file(png(page.rotate(angle, fillcolor=255)))] == ["verified"]


def test_a_picture_is_scanned_at_a_bounded_size() -> None:
    """One full of corners of codes takes time by the square of their number."""
    assert grey_pixels(png(Image.new("1", (7_900, 8_000))), "x").size == (1987, 2012)


def test_a_jpeg_of_many_passes(badge: Statement) -> None:
    """Each pass is over the whole picture, and takes a few bytes."""
    data = png(Image.new("L", (400, 400), 255), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    with pytest.raises(MalformedError, match="more than 64 passes"):
        file(data[:start] + data[start:-2] * 100 + data[-2:])


def test_several_codes(badge: Statement) -> None:
    """Each is judged; one that speaks of something else does not disturb."""
    other = stated("A Title of Some Length for the Tests")
    codes = [code(badge.link), code("https://example.org/"), code(other.link)]
    sheet = Image.new("L", (sum(item.width for item in codes) + 80, max(item.height for item in codes) + 80), 255)
    left = 20
    for item in codes:
        sheet.paste(item, (left, 20))
        left += item.width + 20
    decoded = file(png(sheet))
    assert sorted((item.word, *found(item)) for item in decoded) == [
        ("could not be decided", "unknown-key"),
        ("verified",),
    ]
    assert all("code " in item.where for item in decoded)
    (alone,) = file(png(codes[1]))
    assert (alone.word, found(alone)) == ("could not be decided", ["other-code"])


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("https://pith.science/", "https://pith.science.evil.example/", "look-alike-host"),
        ("https://pith.science/", "https://ріth.science/", "channel-malformed"),
        ("https://pith.science/", "https://xn--th-flc0a.science/", "look-alike-host"),
        ("https://pith.science/", "https://pith.science@evil.example/", "look-alike-host"),
        ("https://pith.science/", "http://pith.science/", "look-alike-host"),
        ("https://pith.science/", "javascript://pith.science/%0aalert(1)/", "look-alike-host"),
        ("/pith/", "/paper/", "channel-malformed"),
        ("CNPMIFD42", "CNPMIFD43", "receipt-of-another-record"),
        ("#r=", "?next=x#r=", "channel-malformed"),
        ("#r=p1.", "#r=p2.", "receipt-malformed"),
    ],
)
def test_a_forged_link(badge: Statement, old: str, new: str, rule: str) -> None:
    decoded = text(badge.link.replace(old, new, 1))
    assert decoded.word == "not verified"
    assert rule in found(decoded)


HOSTILE_ADDRESSES = {
    "javascript:alert(1)//{link}": "look-alike-host",
    "javascript:alert(1)#r={receipt}": "look-alike-host",
    "data:text/html,{link}": "look-alike-host",
    "blob:{link}": "look-alike-host",
    "view-source:{link}": "look-alike-host",
    "file:///etc/passwd#r={receipt}": "look-alike-host",
    "https://@pith.science/pith/{number}#r={receipt}": "look-alike-host",
    "https://user:word@pith.science/pith/{number}#r={receipt}": "look-alike-host",
    "https://pith.science:443/pith/{number}#r={receipt}": "look-alike-host",
    "https://pith.science:/pith/{number}#r={receipt}": "look-alike-host",
    "https://pith.science:99999/pith/{number}#r={receipt}": "look-alike-host",
    "https://pith.science./pith/{number}#r={receipt}": "look-alike-host",
    "https://pith%2escience/pith/{number}#r={receipt}": "look-alike-host",
    "https://p\u0456th.science/pith/{number}#r={receipt}": "channel-malformed",
    "https://pith.science/pith/%43{rest}#r={receipt}": "receipt-of-another-record",
    "https://pith.science/pith/{number}?#r={receipt}": "channel-malformed",
    "https://pith.science/pith/{number}/#r={receipt}": "channel-malformed",
    "https://pith.science/x/../pith/{number}#r={receipt}": "channel-malformed",
    "https://pith.science/pith/{number}#%72={receipt}": "channel-malformed",
    "https:\\\\pith.science\\pith\\{number}#r={receipt}": "channel-malformed",
    "https://[::1/pith/{number}#r={receipt}": "channel-malformed",
    "https:pith.science/pith/{number}#r={receipt}": "look-alike-host",
    "//pith.science/pith/{number}#r={receipt}": "look-alike-host",
    "pith.science/pith/{number}#r={receipt}": "look-alike-host",
    "{link}\u202e": "channel-malformed",
    "{link}#r={receipt}": "receipt-malformed",
}


@pytest.mark.parametrize("pattern", HOSTILE_ADDRESSES)
def test_a_hostile_address(badge: Statement, capsys: pytest.CaptureFixture[str], pattern: str) -> None:
    """Refused as an address, with the exit code of a contradiction, and never taken for a file's name."""
    number = NUMBER.rpartition(":")[2]
    address = pattern.format(link=badge.link, receipt=badge.receipt, number=number, rest=number[1:])
    assert HOSTILE_ADDRESSES[pattern] in found(text(address))
    assert main(["decode", address]) == 1
    assert len(capsys.readouterr().out) < 2000


@pytest.mark.parametrize("filler", ["A", "%41", "a.", "/../", "xn--", "\u202e"])
@pytest.mark.parametrize("place", ["https://{}.pith.science/", "https://pith.science/{}#r=p1.", "javascript:{}#r=p1."])
def test_an_address_as_long_as_a_book(capsys: pytest.CaptureFixture[str], filler: str, place: str) -> None:
    for size in (16_000, 1_000_000):
        assert main(["decode", place.format(filler * (size // len(filler)))]) == 1
        assert len(capsys.readouterr().out) < 5000  # of a mark that turns the reading order, six each


def test_an_addresses_end_alone(badge: Statement) -> None:
    assert text(f"#r={badge.receipt}").word == "verified"


def test_a_link_to_a_mirror(badge: Statement) -> None:
    link = badge.link.replace("pith.science", "mirror.example")
    assert text(link).word == "not verified"
    assert text(link, mirrors=["mirror.example"]).word == "verified"


def test_a_forged_receipt(badge: Statement) -> None:
    """Of the registry's name, by another key; and with a signature that is another record's."""
    signed_by_other = signing.record_document(key=signing.OTHER_KEY, key_id="pith-v1-2026-05")
    ring = signing.keyring(signing.OTHER_KEY, "pith-v1-2026-05")
    forged = statement_of(load_document(signed_by_other), ring)
    assert found(text(forged.link)) == ["signature-invalid"]
    mixed = ".".join((*badge.receipt.split(".")[:3], forged.receipt.split(".")[3]))
    assert found(text(mixed)) == ["signature-invalid"]
    assert text(mixed).record is None


def test_an_unknown_key_is_no_forgery() -> None:
    decoded = text(stated("A Title of Some Length for the Tests").receipt)
    assert (decoded.word, found(decoded)) == ("could not be decided", ["unknown-key"])


def test_a_link_without_receipt() -> None:
    decoded = text("https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53")
    assert (decoded.word, found(decoded)) == ("could not be decided", ["no-receipt"])


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be that large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (bomb(60_000, 60_000), "picture-unreadable"),
        (bomb(2**31 - 1, 2**31 - 1), "picture-unreadable"),
        (bomb(100, 100)[:60], "picture-unreadable"),
        (b"\x89PNG\r\n\x1a\n", "picture-unreadable"),
        (b"GIF89a" + bytes(100), "picture-unreadable"),
        (b"\xff\xd8\xff\xe0" + bytes(1_000), "picture-unreadable"),
        (png(Image.new("L", (300, 300), 255)), "no-code"),
        (b"", "no-code"),
        (b"text that says nothing", "no-code"),
        (b"http://" * 600_000, "no-code"),
        (bytes(MAX_PICTURE_BYTES + 1), "picture-unreadable"),
    ],
)
def test_hostile_files(data: bytes, rule: str) -> None:
    with pytest.raises(MalformedError) as caught:
        file(data)
    assert caught.value.rule == rule


@pytest.mark.parametrize("data", [b"p1." * 1_000_000, b"p1.a.b.c " * 500_000, b"http://p1.a.b.c#r=p1." * 200_000])
def test_texts_full_of_what_is_no_receipt(data: bytes) -> None:
    """A receipt ends in 86 characters of a signature: what has none is not there, and so not false."""
    with pytest.raises(MalformedError, match="no compact receipt"):
        file(data)


@pytest.mark.parametrize("pattern", ["p1.a.{index}.{signature} ", "http://p1.a.b.c#r=p1.a.{index}.{signature}\n> "])
def test_texts_full_of_receipts(pattern: str) -> None:
    """A file of a few megabytes; as many are looked at as a sheet of stickers has."""
    data = "".join(pattern.format(index=index, signature="A" * 86) for index in range(30_000)).encode()
    decoded = file(data)
    assert 1 <= len(decoded) <= 64
    assert {item.word for item in decoded} == {"not verified"}


def test_no_other_program_is_started_for_a_picture() -> None:
    """Pillow would hand PostScript to Ghostscript."""
    with pytest.raises(MalformedError, match="no compact receipt"):
        file(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(%pipe%touch pwned) (w) file\n")


@settings(max_examples=150, deadline=None)
@given(st.text() | st.from_regex(r"https://pith\.science/pith/[A-Z2-7]{20,26}#r=p1\.[a-z]+\.[\w-]{1,20}\.[\w-]{1,20}"))
def test_any_text_gets_a_word(value: str) -> None:
    assert decode_text(value, default_keyring()).word != "verified"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."))
def test_a_changed_receipt_never_verifies_as_another(badge: Statement, at: int, char: str) -> None:
    at %= len(badge.receipt)
    decoded = text(badge.receipt[:at] + char + badge.receipt[at + 1 :])
    if decoded.record is not None:
        assert (decoded.record.digest, decoded.record.title) in {
            (badge.record.digest, TITLE),
            (badge.record.digest, None),
        }


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"II*\0", b"BM", b"RIFF"]),
)
def test_any_bytes_as_a_picture(data: bytes, magic: bytes) -> None:
    with pytest.raises(MalformedError):
        file(magic + data)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command(badge: Statement, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "qr.png"
    assert main(["badge", str(BUNDLE_FILE), "--format", "qr-png", "-o", str(picture)]) == 0
    capsys.readouterr()
    assert main(["decode", str(picture)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"verified  {NUMBER}")
    for said in (TITLE, "arXiv:2606.01751v1", "pith-v1-2026-05", "does not prove"):
        assert said in out
    assert main(["decode", "--json", badge.link, badge.receipt]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    assert [(item["word"], item["record"]["number"], item["claimed"]) for item in results] == [
        ("verified", NUMBER, None)
    ] * 2


def test_exit_codes(badge: Statement, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.png"
    empty.write_bytes(png(Image.new("L", (100, 100))))
    forged = badge.link.replace("pith.science", "evil.example")
    assert main(["decode", "-q", str(empty)]) == 3
    assert main(["decode", "-q", str(tmp_path / "nothing.png")]) == 2
    assert main(["decode", "-q", badge.link, str(empty)]) == 3
    assert main(["decode", "-q", badge.link, str(empty), forged, str(tmp_path / "nothing.png")]) == 1
    assert capsys.readouterr() == ("", "")


def test_a_hostile_title_does_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for title in HOSTILE.values():
        path = tmp_path / "page.html"
        path.write_bytes(BY_NAME["html"].render(stated(title)))
        assert main(["decode", str(path)]) == 3
        assert not [char for char in capsys.readouterr().out if not char.isprintable() and char != "\n"]


def test_a_missing_extra_is_said(badge: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(UsageError) as caught:
        file(BY_NAME["qr-png"].render(badge))
    assert caught.value.hint == "pip install 'pithtex[scan]'"
    assert text(badge.link).word == "verified"
