"""What figures give away, also where it is compressed."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pikepdf
import pytest

from pithtex.manuscript.references.metadata import author_told, metadata_of
from pithtex.pdf.contents import contents_of

HEAD = b"\x89PNG\r\n\x1a\n"
EXIF = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHII", 0x8825, 4, 1, 26) + b"\0\0\0\0"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = HEAD + chunk(b"IHDR", b"\0" * 13)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (PNG + chunk(b"tEXt", b"Author\0Ann Author"), ("the author 'Ann Author'",)),
        (PNG + chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"Ann Author")), ("the author 'Ann Author'",)),
        (PNG + chunk(b"iTXt", b"Author\0\1\0de\0\0" + zlib.compress(b"Ann Author")), ("the author 'Ann Author'",)),
        (
            PNG + chunk(b"zTXt", b"Source\0\0" + zlib.compress(b"/home/annauthor/fig/a.svg")),
            ("the folder '/home/annauthor/'",),
        ),
        (PNG + chunk(b"eXIf", EXIF), ("the place where it was taken",)),
        (PNG + chunk(b"zTXt", b"Author\0\0" + b"not deflated"), ()),
        (PNG + chunk(b"zTXt", b"Software\0\0" + zlib.compress(b"matplotlib")), ()),
        (PNG + struct.pack(">I", 2**32 - 1) + b"zTXtAuthor\0\0", ()),
        (PNG[:20], ()),
    ],
)
def test_pngs(data: bytes, told: tuple[str, ...]) -> None:
    assert metadata_of(data) == told


def test_a_bomb_is_bounded() -> None:
    bomb = zlib.compress(b"A" * 50_000_000)
    assert metadata_of(PNG + b"".join(chunk(b"zTXt", b"Comment\0\0" + bomb) for _ in range(3))) == ()


@pytest.mark.parametrize("where", ["info", "xmp"])
def test_a_pdf_whose_metadata_are_compressed(tmp_path: Path, where: str) -> None:
    path = tmp_path / "plot.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(842, 595))
        if where == "info":
            pdf.docinfo["/Author"] = "Ann Author"
        else:
            with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
                meta["dc:creator"] = ["Ann Author"]
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    if where == "info":
        assert metadata_of(path.read_bytes()) == ()  # it is in an object stream
    contents = contents_of(path)
    assert (contents.author, contents.sizes) == ("Ann Author", ((595, 842),))
    assert author_told(contents.author) == ("the author 'Ann Author'",)
    assert author_told("matplotlib") == author_told("X") == ()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\ntrailer << /Root 1 0 R /Info 7 >>"])
def test_what_is_no_pdf(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "plot.pdf").write_bytes(data)
    assert contents_of(tmp_path / "plot.pdf").author == ""
