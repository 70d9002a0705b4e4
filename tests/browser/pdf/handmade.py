"""PDFs written by hand, object by object: sound ones, and those that mean to deceive who does not read the tables."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterable
from typing import Final

import pikepdf

from tests.forgeries import kit
from tests.forgeries.kit import FULL, OTHER_FULL, OTHER_RECEIPT, OTHER_SUFFIX, PAPER, RECEIPT, SUFFIX


def link_object(number: str = SUFFIX, receipt: str | None = RECEIPT, more: str = "") -> str:
    uri = kit.link_to(number, receipt)
    return f"<</Type/Annot/Subtype/Link/NM(pith-badge-1)/Rect[100 700 200 712]{more}/A<</S/URI/URI({uri})>>>>"


def objects(*, link: str | None = None, info: str | None = None, page: str = "") -> dict[int, bytes]:
    """The objects of a paper with a badge: catalog, page tree, page, link, Info, content."""
    texts = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots[4 0 R]{page}>>",
        4: link_object() if link is None else link,
        5: f"<</PithNumber({FULL})/PithReceipt({RECEIPT})>>" if info is None else info,
    }
    return {number: text.encode() for number, text in texts.items()}


def stolen_objects() -> dict[int, bytes]:
    """The same for another paper of its own."""
    return objects(
        link=link_object(OTHER_SUFFIX, OTHER_RECEIPT),
        info=f"<</PithNumber({OTHER_FULL})/PithReceipt({OTHER_RECEIPT})>>",
    )


class Writer:
    """Writes objects and cross-reference tables where it is told to."""

    def __init__(self, start: bytes = b"%PDF-1.7\n") -> None:
        self.data = start
        self.places: dict[int, int] = {}
        self.last: int | None = None

    def put(self, bodies: dict[int, bytes]) -> Writer:
        for number, body in bodies.items():
            self.places[number] = len(self.data)
            self.data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        return self

    def raw(self, data: bytes) -> Writer:
        self.data += data
        return self

    def unlisted(self, bodies: dict[int, bytes]) -> Writer:
        """Objects that no table will name."""
        return self.raw(b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in bodies.items()))

    def table(self, *, free: Iterable[int] = (), size: int = 9, trailer: str = "/Root 1 0 R/Info 5 0 R") -> Writer:
        """A table of what was put since the last, a trailer, an end."""
        start = len(self.data)
        lines = [(0, b"0000000000 65535 f \n"), *((number, b"0000000000 00001 f \n") for number in free)]
        lines += [(number, b"%010d 00000 n \n" % place) for number, place in self.places.items()]
        self.data += b"xref\n" + b"".join(b"%d 1\n%s" % line for line in sorted(lines))
        previous = "" if self.last is None else f"/Prev {self.last}"
        self.data += f"trailer\n<</Size {size}{trailer}{previous}>>\nstartxref\n{start}\n%%EOF\n".encode()
        self.last, self.places = start, {}
        return self


BARE = "/Root 1 0 R"


def bare_objects(**changes: str) -> dict[int, bytes]:
    """A paper without badge."""
    texts = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R>>",
    }
    return {number: text.encode() for number, text in texts.items()} | {
        int(name[1:]): text.encode() for name, text in changes.items()
    }


def badge_objects() -> dict[int, bytes]:
    """What a badge is made of: page, link, Info."""
    return {number: body for number, body in objects().items() if number >= 3}


def metadata() -> bytes:
    """The genuine paper's XMP packet, as a stream."""
    with pikepdf.open(PAPER) as pdf:
        return stream("/Type/Metadata/Subtype/XML", pdf.Root.Metadata.read_bytes())


def stream(entries: str, data: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)


def xref_stream(writer: Writer, rows: dict[int, tuple[int, int, int]], trailer: str) -> bytes:
    """The file with a cross-reference stream, of which each entry is given (ISO 32000-1, 7.5.8.3)."""
    start = len(writer.data)
    number = max(rows) + 1
    rows = rows | {number: (1, start, 0)}
    data = b"".join(bytes([kind]) + one.to_bytes(4, "big") + two.to_bytes(2, "big") for kind, one, two in rows.values())
    index = " ".join(f"{each} 1" for each in rows)
    body = stream(f"/Type/XRef/Size {number + 1}/W[1 4 2]/Index[{index}]{trailer}", data)
    return writer.data + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, body, start)


def packed(inner: dict[int, bytes]) -> bytes:
    """An object stream (7.5.7)."""
    places, body = [], b""
    for number, text in inner.items():
        places.append(f"{number} {len(body)}")
        body += text + b"\n"
    head = (" ".join(places) + "\n").encode()
    return stream(f"/Type/ObjStm/N {len(inner)}/First {len(head)}", head + body)


def with_object_stream(listed: dict[int, bytes], others: dict[int, bytes] | None = None) -> bytes:
    """Link and Info in an object stream, and after it others in one that is not where the table finds them."""
    writer = Writer().put({number: listed[number] for number in (1, 2, 3)})
    writer.put({6: packed({number: listed[number] for number in (4, 5)})})
    if others is not None:
        writer.put({7: packed({number: others[number] for number in (4, 5)})})
    rows = {number: (1, place, 0) for number, place in writer.places.items()} | {4: (2, 6, 0), 5: (2, 6, 1)}
    return xref_stream(writer, dict(sorted(rows.items())), "/Root 1 0 R/Info 5 0 R")


def encrypted() -> bytes:
    with pikepdf.open(io.BytesIO(SOUND["plain"]())) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=""))
        return out.getvalue()


def twice(entry: str, other: str, *, first: bool) -> bytes:
    """The badge's link with an entry given twice: the thief's first or last."""
    value = ACTION if entry == "A" else f"({LINK})"
    ours = f"/{entry}{value}"
    both = f"/{entry}{other}{ours}" if first else f"{ours}/{entry}{other}"
    return Writer().put(objects(link=link_object().replace(ours, both))).table().data


LINK = kit.link_to(SUFFIX, RECEIPT)
ACTION = f"<</S/URI/URI({LINK})>>"
ELSEWHERE = "(https://evil.example/)"

SOUND: dict[str, Callable[[], bytes]] = {
    "plain": lambda: Writer().put(objects()).table().data,
    "a page of HTML before the file": lambda: b"<html><!--\n" + SOUND["plain"](),
    "object stream": lambda: with_object_stream(objects()),
    "an object stream of no account": lambda: with_object_stream(objects(), stolen_objects()),
    "an update of another object": lambda: (
        Writer().put(objects()).put({6: b"(1)"}).table().put({6: b"(2)"}).table().data
    ),
    "a revision that was replaced": lambda: Writer().put(stolen_objects()).table().put(objects()).table().data,
    "objects that no table lists": lambda: (
        Writer().unlisted(stolen_objects()).put(objects()).unlisted(stolen_objects()).table().data
    ),
}
"""Files in which the badge is the document's, whatever else lies in them."""

ATTACKS: dict[str, Callable[[], bytes]] = {
    "unreferenced objects": lambda: Writer().put(badge_objects() | bare_objects()).table(trailer=BARE).data,
    "objects that no table lists": lambda: Writer().put(bare_objects()).unlisted(objects()).table(trailer=BARE).data,
    "an older revision": lambda: Writer().put(objects()).table().put(bare_objects()).table(trailer=BARE).data,
    "an older revision with the newest trailer's Info": lambda: (
        Writer().put(objects()).table().put(bare_objects(_5="<<>>")).table().data
    ),
    "freed objects": lambda: Writer().put(objects()).table().table(free=[4, 5]).data,
    "an object stream of no account": lambda: with_object_stream(
        bare_objects(_4="<<>>", _5=f"<</PithNumber({OTHER_FULL})>>"), objects()
    ),
    "a second Info": lambda: (
        Writer()
        .put(objects(info=f"<</PithNumber({OTHER_FULL})/PithReceipt({OTHER_RECEIPT})>>"))
        .put({6: objects()[5]})
        .unlisted({5: objects()[5]})
        .table()
        .data
    ),
    "a trailer in a comment behind the table": lambda: (
        Writer()
        .put(objects(link="null", info="<<>>"))
        .put({6: objects()[5]})
        .table()
        .raw(b"%trailer <</Root 1 0 R/Info 6 0 R>>\n")
        .data
    ),
    "a trailer in a stream": lambda: (
        Writer()
        .put(objects(link="null", info="<<>>"))
        .put({6: objects()[5]})
        .put({7: stream("", b"\ntrailer <</Root 1 0 R/Info 6 0 R>>\n")})
        .table()
        .data
    ),
    "XMP in a comment": lambda: (
        Writer()
        .put(bare_objects(_1="<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>"))
        .raw(b"%")
        .unlisted({6: metadata()})
        .table(trailer=BARE)
        .data
    ),
    "XMP in a string": lambda: (
        Writer()
        .put(bare_objects(_1="<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>"))
        .put({7: b"(" + b"\n6 0 obj " + metadata() + b" endobj)"})
        .table(trailer=BARE)
        .data
    ),
    "a link of a page that is in no tree": lambda: (
        Writer()
        .put(bare_objects(_8="<</Type/Page/Parent 2 0 R/Annots[4 0 R]>>", _4=link_object()))
        .table(trailer=BARE)
        .data
    ),
    "a hybrid file": lambda: Writer().put(objects()).table(trailer="/Root 1 0 R/Info 5 0 R/XRefStm 15").data,
    "an encrypted file": encrypted,
    "two actions, the thief's first": lambda: twice("A", f"<</S/URI/URI{ELSEWHERE}>>", first=True),
    "two actions, the thief's last": lambda: twice("A", f"<</S/URI/URI{ELSEWHERE}>>", first=False),
    "two addresses, the thief's first": lambda: twice("URI", ELSEWHERE, first=True),
    "two addresses, the thief's last": lambda: twice("URI", ELSEWHERE, first=False),
    "a table that leads into a circle": lambda: re.sub(
        rb"/Prev [0-9]+", lambda _: b"/Prev 9   ", Writer().put(objects()).table().put({6: b"1"}).table().data
    ),
    "another generation": lambda: Writer().put(objects()).table().data.replace(b"[4 0 R]", b"[4 1 R]"),
    "a place that is another object's": lambda: Writer().put(objects()).table().data.replace(b"4 0 obj", b"7 0 obj"),
    "a size that leaves objects out": lambda: Writer().put(objects()).table(size=4).data,
    "an object before the file": lambda: b"<html>4 0 obj null endobj<!--\n" + SOUND["plain"](),
    "something after the file": lambda: SOUND["plain"]() + b"%" + b"x" * 20,
    "two roots": lambda: (
        Writer().put(objects() | {8: bare_objects()[1]}).table(trailer="/Root 8 0 R/Root 1 0 R/Info 5 0 R").data
    ),
}
"""Files in which it is not, or in which readers may see another document."""


def listed_twice(first: int, second: int) -> bytes:
    """A table that gives the badge's link two places, the one of them that of another paper's link."""
    writer = Writer().put(stolen_objects())
    other = writer.places[4]
    writer.put(objects())
    line = b"4 1\n%010d 00000 n \n"
    places = (other, writer.places[4])
    data = writer.table().data.replace(line % places[1], line % places[first] + line % places[second])
    assert data.count(b"\n4 1\n") == 2
    return data


def two_tables() -> bytes:
    """From the first byte another table is found than from the header."""
    data = SOUND["plain"]()
    place = int(data.rpartition(b"startxref")[2].split()[0])
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer <</Size 1/Root 1 0 R>>\n"
    moved = data[:place] + table + data[place:]
    at = place + len(table)
    return b"%" * (len(table) - 1) + b"\n" + re.sub(rb"startxref\n[0-9]+", b"startxref\n%d" % at, moved)


REBUILT: Final = "its cross-reference table would have to be rebuilt"
MISPLACED: Final = "an object is not where its cross-reference table says"
TWICE: Final = "a section of its cross-reference table defines an object twice"
NOT_FIRST: Final = "something else stands before %PDF-, and readers count from one or the other"
HYBRID: Final = "it is a hybrid-reference file, in which /XRefStm can define an object again"


def contradicting() -> dict[int, bytes]:
    """A paper whose Info is another's, so that there is a contradiction beside whatever is done to the file."""
    return objects(info=f"<</PithNumber({OTHER_FULL})/PithReceipt({OTHER_RECEIPT})>>")


NOT_PLAIN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "another header before the file": (MISPLACED, lambda: b"%PDF-1.4\n" + SOUND["plain"]()),
    "an object before the file": (NOT_FIRST, ATTACKS["an object before the file"]),
    "an end before the file": (NOT_FIRST, lambda: b"startxref\n" + SOUND["plain"]()),
    "bytes before an updated file": (
        NOT_FIRST,
        lambda: b"\n" + Writer().put(objects()).table().put({6: b"1"}).table().data,
    ),
    "bytes before a file with a table for each": (NOT_FIRST, two_tables),
    "a table with a place that is another object's": (
        MISPLACED,
        lambda: Writer().put(objects()).table().data.replace(b"5 0 obj", b"7 0 obj"),
    ),
    "a place of an object that is of no use here": (
        MISPLACED,
        lambda: Writer().put(objects()).put({6: b"(1)"}).table().data.replace(b"6 0 obj", b"7 0 obj"),
    ),
    "a place of an object that an update replaced": (
        MISPLACED,
        lambda: (
            Writer()
            .put(objects())
            .put({6: b"(1)"})
            .table()
            .put({6: b"(2)"})
            .table()
            .data.replace(b"6 0 obj\n(1)", b"7 0 obj\n(1)")
        ),
    ),
    "another generation of an object": (
        MISPLACED,
        lambda: Writer().put(objects()).put({6: b"(1)"}).table().data.replace(b"6 0 obj", b"6 1 obj"),
    ),
    "a contradiction beside an object that is elsewhere": (
        MISPLACED,
        lambda: (
            Writer()
            .put(contradicting() | {1: b"<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R>>", 7: metadata()})
            .table()
            .data.replace(b"7 0 obj", b"8 0 obj")
        ),
    ),
    "a table of another place": (
        REBUILT,
        lambda: re.sub(rb"startxref\n[0-9]+", b"startxref\n99999", SOUND["plain"]()),
    ),
    "no place of a table": (REBUILT, lambda: SOUND["plain"]().replace(b"startxref", b"startxxxx")),
    "a table with a line too short": (REBUILT, lambda: SOUND["plain"]().replace(b" 00000 n \n", b" 00000 n\n", 1)),
    "a link listed twice, ours first": (TWICE, lambda: listed_twice(1, 0)),
    "a link listed twice, ours last": (TWICE, lambda: listed_twice(0, 1)),
    "a hybrid file": (HYBRID, ATTACKS["a hybrid file"]),
}
"""Files that are not of the plain form, with the sentence that says why."""


def bombs() -> dict[str, bytes]:
    """Files of some MB at most that would take a reader without bounds gigabytes or hours."""
    zeros = zlib.compress(b"1 0 " + b" " * 100_000_000, 9)
    entry = "/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
    many = Writer().put({number: stream(entry, zeros) for number in range(10, 40)})
    links = "".join(f"{number} 0 R " for number in range(50, 80))
    many.put({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>"})
    many.put({3: f"<</Type/Page/Parent 2 0 R/Annots[{links}]>>".encode()})
    rows = {number: (1, place, 0) for number, place in many.places.items()}
    rows |= {number: (2, number - 40, 0) for number in range(50, 80)}
    nested = b"".join(b"%d 0 obj %%" % number for number in range(10, 60_000))
    comment = Writer().put(bare_objects(_3=f"<</Type/Page/Annots[{' '.join(f'{n} 0 R' for n in range(10, 60_000))}]>>"))
    for match in re.finditer(rb"[0-9]+ 0 obj", nested):
        comment.places[int(match[0].split()[0])] = len(comment.data) + match.start()
    kids = " ".join(["3 0 R"] * 100_000)
    shared = bare_objects(_2=f"<</Type/Pages/Count 100000/Kids[{kids}]>>")
    annotations = " ".join(f"<</Subtype/Link/A 4 0 R/N {n}>>" for n in range(60_000))
    holder = bare_objects(_3=f"<</Type/Page/Annots[{annotations}]>>")
    return {
        "object streams of gigabytes": xref_stream(many, dict(sorted(rows.items())), BARE),
        "objects in each other's comments": comment.raw(nested + b"\nnull endobj\n")
        .table(size=70_000, trailer=BARE)
        .data,
        "one page a hundred thousand times": Writer().put(shared).table(trailer=BARE).data,
        "one address for all": Writer()
        .put(holder | {4: b"<</S/URI/URI(" + b"x" * 60_000 + b")>>"})
        .table(trailer=BARE)
        .data,
        "one address for all, in UTF-16": Writer()
        .put(holder | {4: b"<</S/URI/URI(\xfe\xff" + b"\0x" * 30_000 + b")>>"})
        .table(trailer=BARE)
        .data,
        "a table of ten million": Writer()
        .raw(b"xref\n0 9999999\n" + b"0000000000 65535 f \n" * 600_000)
        .raw(b"trailer\n<<>>\nstartxref\n9\n%%EOF\n")
        .data,
        "pages without end": Writer()
        .put({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"})
        .table(trailer=BARE)
        .data,
        "references in a ring": Writer().put({1: b"2 0 R", 2: b"1 0 R"}).table(trailer=BARE).data,
        "a length that is its own": Writer()
        .put({1: b"<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R>>", 3: b"<</Length 3 0 R>>stream\n\nendstream"})
        .table(trailer=BARE)
        .data,
        "texts of megabytes": Writer().put({1: b"<</X<" + b"41 " * 8_000_000 + b">>>"}).table(trailer=BARE).data,
        "escapes of megabytes": Writer().put({1: b"<</X(" + rb"\n" * 8_000_000 + b")>>"}).table(trailer=BARE).data,
        "a million comments": Writer().put({1: b"%\n" * 1_000_000 + b"<<>>"}).table(trailer=BARE).data,
        "brackets": Writer().put({1: b"[" * 1_000_000}).table(trailer=BARE).data,
        "dictionaries": Writer().put({1: b"<</A" * 300_000}).table(trailer=BARE).data,
    }
