"""Files that are put together by hand, as no writer would."""

from __future__ import annotations

import io
import struct
import subprocess
import zlib
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from pithtex.pdf.appearance.structure import broken_rule
from tests.conftest import ROOT

PAPER = (ROOT / "examples" / "sparsex" / "main.pdf").read_bytes()
OBJECTS = {
    1: b"<</Type/Catalog/Pages 2 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
    4: b"<</Length 3>>\nstream\nq Q\nendstream",
}


def body(objects: dict[int, bytes] = OBJECTS, head: bytes = b"%PDF-1.5\n") -> tuple[bytes, dict[int, int]]:
    out, places = head, {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return out, places


def table(places: dict[int, int], trailer: bytes = b"") -> bytes:
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % pair for pair in places.items())
    return b"xref\n0 1\n0000000000 65535 f \n%strailer\n<</Size 9/Root 1 0 R%s>>\n" % (rows, trailer)


def end(place: int) -> bytes:
    return b"startxref\n%d\n%%%%EOF\n" % place


def plain(**changes: object) -> bytes:
    out, places = body()
    places.update(changes.pop("places", {}))  # type: ignore[call-overload]
    return out + table(places) + end(len(out))


def body_with(entries: bytes) -> bytes:
    """A page with other entries in its content's place."""
    out, places = body(OBJECTS | {3: OBJECTS[3].replace(b"/Contents 4 0 R", entries)})
    return out + table(places) + end(len(out))


def rule(data: bytes) -> str | None:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return broken_rule(pdf, data)


def stream(rows: bytes, entries: bytes) -> bytes:
    packed = zlib.compress(rows)
    head = b"<</Type/XRef/Size 9/Root 1 0 R/W[1 2 1]/Filter/FlateDecode/Length %d%s>>" % (len(packed), entries)
    return b"8 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (head, packed)


def row(place: int, kind: int = 1) -> bytes:
    return struct.pack(">BHB", kind, place, 0)


def hybrid(place: int) -> bytes:
    """Object 4 is in the table, and where the stream that the trailer names says."""
    out, places = body()
    held = len(out)
    out += stream(row(place or places[4]), b"/Index[4 1]")
    return out + table(places, b"/XRefStm %d" % held) + end(len(out))


def updated(data: bytes) -> bytes:
    """An update that follows the rules."""
    place = len(data)
    previous = int(data.rpartition(b"startxref")[2].split()[0])
    out = data + b"4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n"
    return out + table({4: place}, b"/Prev %d" % previous) + end(len(out))


def again(number: int, content: bytes) -> bytes:
    """A file with an object that its table does not know, behind all others."""
    out, places = body()
    out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return out + table(places) + end(len(out))


def without_1() -> bytes:
    """A file whose table says in a part of its own that there is no object 1."""
    out, places = body({2: OBJECTS[2], 3: OBJECTS[3], 4: OBJECTS[4], 5: OBJECTS[1]})
    rows = table(places).replace(b"\n2 1\n", b"\n1 1\n0000000000 00000 f \n2 1\n").replace(b"/Root 1", b"/Root 5")
    return out + rows + end(len(out))


def linearized(entries: bytes = b"/O 3/N 1", *, length: bytes = b"%06d", behind: bool = False) -> bytes:
    """A file that says that it is linearized, with a whole table at its front, and one behind that counts or not."""
    first = b"8 0 obj\n<</Linearized 1/L " + length + entries + b">>\nendobj\n"
    head = b"%PDF-1.5\n" + (first % 0 if b"%" in first else first)
    _, places = body(head=head)
    rows = table(places | {8: 9})
    out, places = body(head=head + rows)
    place = len(out) if behind else len(head)
    data = out.replace(rows, table(places | {8: 9})) + table(places | {8: 9}) * behind + end(place)
    return data.replace(head, b"%PDF-1.5\n" + first % len(data), 1) if b"%" in first else data


def test_sound_files():
    assert rule(plain()) is None
    assert rule(PAPER) is None
    assert rule(updated(updated(plain()))) is None
    assert rule(plain() + b"\0" * 500) is None
    assert rule(plain().replace(b"trailer", b"\ntrailer")) is None  # as MuPDF writes it
    assert rule(plain().replace(b"trailer", b"x\ntrailer")) is not None
    out, places = body()
    rows = b"".join(row(places.get(number, 0), int(number in places)) for number in range(9))
    assert rule(out + stream(rows, b"") + end(len(out))) is None
    assert rule(hybrid(0)) is None
    assert rule(linearized()) is None
    assert rule(plain().replace(b"/Size 9", b"/Size 4")) is None
    assert rule(linearized() + updated(linearized())[len(linearized()) :]) is None
    assert rule(again(4, b"").replace(b"\n4 0 obj\n\n", b"% 4 0 obj\n")) is None
    assert rule(again(5, b"null")) is None  # of which the table knows nothing, and which nothing names
    assert rule(body_with(b"/A(4 1 R)/B(a (stream\n) 4 1 R)/C 4 0 R/Contents %4 1 R\n4 0 R")) is None
    assert rule(body_with(b"/Contents 99 1 R")) is None  # of no object, which is nothing to all


@pytest.mark.parametrize("option", ["--linearize", "--object-streams=generate", "--object-streams=disable", "--qdf"])
def test_what_qpdf_writes_is_sound(option: str, tmp_path: Path):
    (tmp_path / "in.pdf").write_bytes(PAPER)
    subprocess.run(["qpdf", option, tmp_path / "in.pdf", tmp_path / "out.pdf"], check=True)
    assert rule((tmp_path / "out.pdf").read_bytes()) is None


def test_a_table_that_is_predicted_row_by_row():
    out, places = body()
    rows = [row(places.get(number, 0), int(number in places)) for number in range(9)]
    up = b"".join(
        b"\2" + bytes((new - old) & 255 for old, new in zip(*pair, strict=True)) for pair in pairwise([bytes(4), *rows])
    )

    def made(predictor: int, columns: int) -> bytes:
        said = b"/DecodeParms<</Predictor %d/Columns %d>>" % (predictor, columns)
        return out + stream(up, said) + end(len(out))

    assert rule(made(12, 4)) is None
    with pikepdf.open(io.BytesIO(made(12, 4))) as pdf:  # others go by what it says, and find no catalog
        assert broken_rule(pdf, made(12, 3)) is not None
        assert broken_rule(pdf, made(2, 4)) is not None


def test_bytes_before_the_header_that_change_nothing():
    assert rule(b"GIF89a" * 20 + plain()) is None
    assert rule(b"%PDF-1.3 " + plain())
    assert rule(b"4 0 obj\n" + plain())
    out, places = body()
    front = b"%" * (len(out) - 1) + b"\n"  # whoever counts from the first byte finds a table
    assert rule(front[: len(table(places))] + plain()) is None


BROKEN = {
    "no end": lambda: plain().replace(b"startxref", b"startxxxx"),
    "a place far from the end": lambda: plain() + b"\0" * 2000,
    "a table elsewhere": lambda: plain().replace(b"xref\n0 1", b"xreg\n0 1"),
    "a short row": lambda: plain().replace(b"00000 n \n", b"00000 n\n", 1),
    "an object elsewhere": lambda: plain(places={4: 20}),
    "an object of another number": lambda: plain().replace(b"4 0 obj", b"5 0 obj"),
    "an object of another generation": lambda: plain().replace(b"4 0 obj", b"4 1 obj"),
    "an object twice in a section": lambda: plain().replace(b"4 1\n", b"3 1\n"),
    "a hybrid file's second object": lambda: hybrid(9),
    "a reference of another generation": lambda: plain().replace(b"4 0 R", b"4 1 R"),
    "a reference in lines": lambda: body_with(b"/Contents 4 %()\n1\nR"),
    "a reference behind a word in a string": lambda: body_with(b"/A((stream\n)endobj)/Contents 4 1 R"),
    "a reference behind a word in a comment": lambda: body_with(b"%endobj stream\n/Contents 4 1 R"),
    "a reference behind a word between escapes": lambda: body_with(b"/A(\\)endobj)/Contents 4 1 R"),
    "a trailer's entry twice": lambda: plain().replace(b"/Root 1 0 R", b"/Root 1 0 R/Size 9"),
    "sections in a circle": lambda: plain().replace(b"/Root", b"/Prev %d/Root" % len(body()[0])),
    "an object that there is not, and is": lambda: plain(places={4: 0}),
    "an object again behind its own": lambda: again(4, b"<</Length 0>>\nstream\n\nendstream"),
    "no object 0": lambda: plain().replace(b"0 1\n0000000000 65535 f \n", b""),
    "an object 0 in use": lambda: plain().replace(b"65535 f", b"65535 n"),
    "a table that begins at 1, free": without_1,
    "a size that is too small": lambda: packed(0, 1, b"/Size 2"),
    "a size that is huge": lambda: plain().replace(b"/Size 9", b"/Size 8388608"),
    "no size": lambda: plain().replace(b"/Size 9", b"/Sise 9"),
    "a tab in a table": lambda: plain().replace(b"0 1\n", b"0 1\t\n"),
    "a first page that is another": lambda: linearized(b"/O 2/N 1"),
    "another first page": lambda: linearized(b"/O 3/N 1/P 1"),
    "another number of pages": lambda: linearized(b"/O 3/N 2"),
    "a length that is not a number": lambda: linearized(length=b"(9)"),
    "a linearized file with a table at its end": lambda: linearized(behind=True),
    "a linearized file by another spelling": lambda: linearized(b"/O 3/N 1", length=b"9").replace(b"/Line", b"/#4cine"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_readers_repair_is_broken(name: str):
    assert rule(BROKEN[name]())


def packed(one: int, other: int, size: bytes = b"", *, spare: int = 0, kinds: int = 1) -> bytes:
    """The table gives two objects of one stream their places in it; `spare` is a stream with one of them behind it."""
    out, places = body({key: OBJECTS[key] for key in (3, 4)})
    held = b"1 0 2 %d %s%s" % (len(OBJECTS[1]), OBJECTS[1], OBJECTS[2])
    for number, count in ((7, 2), (spare, 1)):
        if number:
            text = held if count == 2 else b"2 0 " + OBJECTS[2]
            places[number] = len(out)
            out += b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
                number, count, text.index(b"<<"), len(text), text,
            )  # fmt: skip
    places.pop(9, 0)  # of which the table knows nothing
    form = ">BHB" if kinds == 1 else ">HHB"
    rows = {1: struct.pack(form, 2, 7, one), 2: struct.pack(form, 2, 7, other)}
    each = ((1, places[key]) if key in places else (0, 0) for key in range(9))
    listed = b"".join(rows.get(key, struct.pack(form, *pair, 0)) for key, pair in enumerate(each))
    index = b"/Index[0 9]" if size else b""
    table = stream(listed, index).replace(b"/Size 9", size or b"/Size 9").replace(b"/W[1", b"/W[%d" % kinds)
    return out + table + end(len(out))


def test_objects_in_streams_are_the_ones_that_the_table_says():
    assert rule(packed(0, 1)) is None
    assert rule(packed(1, 0))
    assert rule(packed(0, 1, spare=5))
    assert rule(packed(0, 1, spare=9))
    assert rule(packed(0, 1, kinds=2))
