"""Stolen badges in files that readers repair, each in its own way: some show the thief's page, others the title."""

from __future__ import annotations

import functools
import re
import struct
from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, Pdf

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries import kit
from tests.forgeries.kit import Forgery, draw, stolen, text

CHANGING, NOT_SHOWN = "changing-document", "title-not-shown"
_SHOWN = draw(text(kit.TITLE))


@functools.cache
def _base() -> bytes:
    """The thief's paper with the title on it, and a classic cross-reference table."""
    return kit.plain(kit.change(kit.untitled(), _SHOWN))


def _content() -> int:
    """The number of an object of the page's content."""
    return kit.number_of(_base(), lambda pdf: pdf.pages[0].Contents[-1])


def _end(data: bytes) -> int:
    return int(data.rpartition(b"startxref")[2].split()[0])


def _placed(data: bytes, number: int, place: int, generation: int = 0) -> bytes:
    """The file whose table says that an object is elsewhere."""
    head, table = data[: _end(data)], data[_end(data) :]
    rows = re.compile(rb"(\d{10} \d{5} [nf] \n)")
    found = list(rows.finditer(table))[number]
    return head + table[: found.start()] + b"%010d %05d n \n" % (place, generation) + table[found.end() :]


def _rebuilt(more: bytes = b"") -> Callable[[], bytes]:
    """The place of the table is wrong, so that readers look for objects themselves."""

    def make() -> bytes:
        head, _, _ = _base().rpartition(b"startxref")
        return head + more + b"startxref\n99999999\n%%EOF\n"

    return make


def _in_a_stream() -> bytes:
    inner = b"%d 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\n" % _content()
    body = b"999 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(inner), inner)
    head, trailer, tail = _base().rpartition(b"trailer")
    return head + body + trailer + tail.rpartition(b"startxref")[0] + b"startxref\n99999999\n%%EOF\n"


def _in_front() -> bytes:
    """From the file's first byte one table is found, from the header another."""
    data, place, gap = _base(), _end(_base()), 400
    table = data[place:].partition(b"startxref")[0]
    root = re.search(rb"/Root \d+ 0 R", table)
    assert root
    other = b"xref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 %s >>\n" % root[0]
    whole = data[:place] + other.ljust(gap) + table + b"startxref\n%d\n%%%%EOF\n" % (place + gap)
    return b"%" * (gap - 1) + b"\n" + whole


def _hybrid() -> bytes:
    """The trailer names a stream that has the page's content a second time."""
    data, number = _base(), _content()
    place = _end(data)
    thief = b"999 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\n".replace(b"999", b"%d" % number)
    rows = struct.pack(">BIB", 1, place, 0)
    at = place + len(thief)
    held = b"998 0 obj\n<</Type/XRef/Size 999/Index[%d 1]/W[1 4 1]/Length 6>>\nstream\n%s\nendstream\nendobj\n" % (
        number,
        rows,
    )
    table = data[place:].rpartition(b"startxref")[0].replace(b"trailer <<", b"trailer << /XRefStm %d " % at)
    assert b"/XRefStm" in table
    return data[:place] + thief + held + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(held))


def _twice() -> bytes:
    """A second subsection of the table gives the content again."""
    data, number = _base(), _content()
    rows = b"%d 1\n%010d 00000 n \ntrailer" % (number, data.index(b"\n%d 0 obj" % number) + 1)
    head, _, tail = data.rpartition(b"trailer")
    return head + rows + tail


def _referred(entry: bytes) -> Callable[[], bytes]:
    """A reference of the page names another generation than its object has: readers heed it, or not."""

    def make() -> bytes:
        data = _base()
        page = re.search(
            rb"(?<=\n)%d 0 obj.*?endobj" % kit.number_of(data, lambda pdf: pdf.pages[0].obj), data, re.DOTALL
        )
        assert page
        changed = re.sub(
            rb"/%s (?:\[ )?(\d+) 0 R" % entry, lambda match: match[0].replace(b" 0 R", b" 1 R"), page[0], count=1
        )
        assert changed != page[0]
        return data[: page.start()] + changed + data[page.end() :]

    return make


def _orphan(data: bytes) -> tuple[bytes, bytes]:
    """A file up to its table, with another content of its page that the table does not know, and what follows."""
    thief = b"%d 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\n" % _content()
    return data[: _end(data)] + thief, data[_end(data) :]


def _searched(old: bytes = b"\\Z", new: bytes = b"") -> Callable[[], bytes]:
    """The table is right, but for something at which some readers leave it and search the file."""

    def make() -> bytes:
        head, table = _orphan(_base())
        rows, _, _ = re.sub(old, new, table, count=1).rpartition(b"startxref")
        return head + rows + b"startxref\n%d\n%%%%EOF\n" % len(head)

    return make


def _front() -> bytes:
    """The file begins as a linearized one, with a table that knows another content; the one that counts is the last."""
    data, number = _base(), _content()
    head, table = _orphan(data)
    thief = head.rindex(b"%d 0 obj" % number)
    header, rest = head[:9], head[9:]
    rows = re.compile(rb"\d{10}(?= \d{5} n)")
    first = b"9999 0 obj\n<</Linearized 1/L %010d/O %d/N %d>>\nendobj\n"
    page = kit.number_of(data, lambda pdf: pdf.pages[0].obj)
    pages = data.count(b"/Type /Page ")
    gap = len(first % (0, page, pages)) + len(table)

    def moved(content: int | None = None) -> bytes:
        places = iter(rows.findall(table))
        shown = data.index(b"\n%d 0 obj" % number) + 1

        def place(_: re.Match[bytes]) -> bytes:
            at = int(next(places))
            return b"%010d" % ((content if content is not None and at == shown else at) + gap)

        return rows.sub(place, table).rpartition(b"startxref")[0]

    front = (moved(thief) + b"startxref\n0\n%%EOF\n").ljust(len(table))
    tail = moved() + b"startxref\n%d\n%%%%EOF\n" % (len(head) + gap)
    size = len(head) + gap + len(tail)
    return header + first % (size, page, pages) + front + rest + tail


def _packed() -> bytes:
    """The page is in two object streams; the table, of an unusual form, says the first, a search finds the second."""
    data, page = _base(), kit.number_of(_base(), lambda pdf: pdf.pages[0].obj)
    rows = re.findall(rb"(\d{10}) \d{5} ([nf])", data[_end(data) :])
    root = re.search(rb"/Root \d+ 0 R", data[_end(data) :])
    own = re.search(rb"(?<=\n)%d 0 obj\s*(<<.*?)\s*endobj" % page, data, re.DOTALL)
    assert own
    assert root
    count, out = len(rows), data[: _end(data)]
    places = [int(place) if kind == b"n" else 0 for place, kind in rows]
    thief = re.sub(rb"/Contents (?:\[[^\]]*\]|\d+ 0 R)", b"/Contents %d 0 R" % count, own[1])
    streams = (b"q Q", b"%d 0 %s" % (page, own[1]), b"%d 0 %s" % (page, thief))
    for number, content in enumerate(streams, count):
        first = content.find(b"<<")
        kind = b"/Type/ObjStm/N 1/First %d" % first if first > 0 else b""
        places.append(len(out))
        out += b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, kind, len(content), content)
    places.append(len(out))
    listed = [struct.pack(">HIH", int(place > 0), place, 0) for place in places]
    listed[page] = struct.pack(">HIH", 2, count + 1, 0)
    held = b"".join(listed)
    size = len(listed)
    out += b"%d 0 obj\n<</Type/XRef/Size %d/W[2 4 2]%s/Length %d>>\nstream\n" % (size - 1, size, root[0], len(held))
    return out + held + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[-1]


def _opens_by_structure(pdf: Pdf) -> None:
    content = Dictionary(Type=Name.MCR, Pg=pdf.pages[-1].obj, MCID=0)
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array([content])))
    page = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=page, SD=Array([element, Name.Fit]))


def _made(name: str, attack: str, make: Callable[[], bytes], word: Word = Word.UNBOUND, *findings: str) -> Forgery:
    return Forgery(name=name, attack=attack, make=make, word=word, findings=findings)


def _broken(name: str, attack: str, make: Callable[[], bytes]) -> Forgery:
    return _made(name, attack, make, Word.UNBOUND, CHANGING)


FORGERIES = (
    _broken(
        "file without a table", "The place of the cross-reference table is wrong; readers look for objects.", _rebuilt()
    ),
    _broken(
        "object in a stream",
        "The table is lost, and a stream holds what reads as the page's content; some readers take it.",
        _in_a_stream,
    ),
    _broken(
        "two tables and bytes in front",
        "Bytes before the header make one table the file's for some, and another for others.",
        _in_front,
    ),
    _made(
        "object a byte further",
        "The table says that the content begins a byte before it does, and readers look around there or not.",
        lambda: _placed(_base(), _content(), _base().index(b"\n%d 0 obj" % _content()) + 2),
        Word.UNBOUND,
        NOT_SHOWN,
    ),
    _made(
        "object of another number",
        "Where the table says that the content is stands an object of another number.",
        lambda: _placed(_base(), _content(), _base().index(b"\n1 0 obj") + 1),
        Word.UNBOUND,
        NOT_SHOWN,
    ),
    _broken(
        "content of another generation",
        "The page names its content with a generation that there is not: for some it is empty.",
        _referred(b"Contents"),
    ),
    _broken(
        "resources of another generation",
        "The page names its resources with a generation that there is not: some draw no text.",
        _referred(b"Resources"),
    ),
    _broken(
        "annotation of another generation",
        "The page names an annotation with a generation that there is not: some show it, others do not.",
        _referred(b"Annots"),
    ),
    _broken(
        "object of another generation",
        "The table gives the content another generation than it has.",
        lambda: _placed(_base(), _content(), _base().index(b"\n%d 0 obj" % _content()) + 1, 1),
    ),
    _broken(
        "content again behind the table's",
        "The file holds another content of the page's number, of which its table knows nothing.",
        _searched(),
    ),
    _broken(
        "table of a size that is too small",
        "Its trailer names a size at which some readers search the file, and find another content.",
        _searched(rb"/Size \d+", b"/Size 1"),
    ),
    _broken(
        "page in two object streams",
        "The table gives the first, in a form at which Ghostscript searches the file and finds the second.",
        _packed,
    ),
    _broken(
        "table with a tab",
        "A tab in the table makes some readers search the file, and find another content.",
        _searched(rb"\n0 \d+", rb"\g<0> \t"),
    ),
    stolen(
        "title on a page of a negative unit",
        "The page's unit is less than nothing: some show the page, others an empty one.",
        kit.all_of(_SHOWN, lambda pdf: pdf.pages[0].obj.__setitem__("/UserUnit", -1)),
        Word.UNBOUND,
        CHANGING,
    ),
    _broken(
        "linearized file of two tables",
        "The file begins as a linearized one: some take the table at its front, which has another content.",
        _front,
    ),
    _broken("object twice in a table", "A table gives the content twice.", _twice),
    _broken(
        "hybrid file of two contents",
        "The table and the stream that its trailer names give different contents.",
        _hybrid,
    ),
    stolen(
        "title in a file that opens elsewhere",
        "The file opens on its last page; the first is a decoy.",
        kit.all_of(
            _SHOWN,
            lambda pdf: pdf.add_blank_page(),
            lambda pdf: pdf.Root.__setitem__("/OpenAction", Array([pdf.pages[-1].obj, Name.Fit])),
        ),
        Word.UNBOUND,
        CHANGING,
    ),
    stolen(
        "title in a file that opens by structure",
        "The file opens on a place in its structure, which some know.",
        kit.all_of(_SHOWN, lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.GoTo, SD=Array([])))),
        Word.UNBOUND,
        CHANGING,
    ),
    stolen(
        "title in a file that opens elsewhere by structure",
        "The file opens on page 1, for readers of PDF 2.0 on the last: that of a part of its structure.",
        kit.all_of(_SHOWN, lambda pdf: pdf.add_blank_page(), _opens_by_structure),
        Word.UNBOUND,
        CHANGING,
    ),
    stolen(
        "title in a file that opens by name",
        "The file opens on a place that has a name, and is not looked for.",
        kit.all_of(_SHOWN, lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.GoTo, D=Name.Elsewhere))),
        Word.UNBOUND,
        CHANGING,
    ),
    stolen(
        "title on a page that turns by itself",
        "Page 1 is shown for a second.",
        kit.all_of(_SHOWN, lambda pdf: pdf.pages[0].obj.__setitem__("/Dur", 1)),
        Word.UNBOUND,
        CHANGING,
    ),
)
