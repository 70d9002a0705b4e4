"""PDFs that want to exhaust whoever opens them, each written by a few lines."""

from __future__ import annotations

import functools
import io
import os
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import pikepdf

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries import kit

NUMBER: Final = b"/PithNumber (%s)" % kit.FULL.encode()
FONT: Final = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> %s >>"
BOMB: Final = 256 << 20
"""Bytes that it unpacks to: four times what is unpacked of one stream, and quickly packed."""
BOX: Final = b"/MediaBox [0 0 595 842]"
LINK: Final = b"<< /Subtype /Link /Rect [9 9 99 19] /A << /S /URI /URI (https://pith.science/pith/%s) >> >>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A file, and what is acceptable to say of it."""

    name: str
    make: Callable[[], bytes]
    words: frozenset[Word]
    findings: tuple[str, ...] = ()


def pdf(objects: Iterable[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Root 1 0 R /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out) + end % (size, table, size, trailer, len(out))


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def page_with(content: bytes, resources: bytes = b"", entries: bytes = b"", more: Iterable[bytes] = ()) -> bytes:
    """One page, and a number in Info, so that the page is drawn; further objects are numbered from 5."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R %s /Contents 4 0 R %s %s >>" % (BOX, FONT % resources, entries),
            stream(zlib.compress(content), b"/Filter /FlateDecode"),
            *more,
        ],
        b"/Info << %s >>" % NUMBER,
    )


def metadata(packet: bytes, filters: bytes = b"/FlateDecode", times: int = 1) -> bytes:
    """One blank page and a packet of XMP, compressed so many times."""
    for _ in range(times):
        packet = zlib.compress(packet, 9)
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R %s >>" % BOX,
            stream(packet, b"/Type /Metadata /Subtype /XML /Filter [%s]" % b" ".join([filters] * times)),
        ]
    )


def xmp(inside: str, before: str = "") -> bytes:
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    pith = 'xmlns:pith="https://pith.science/ns/pith-number/1.0/"'
    return f"{before}<rdf:RDF {rdf} {pith}>{inside}</rdf:RDF>".encode()


@functools.cache
def _zeros(size: int) -> bytes:
    """So many bytes, compressed piece by piece: they are never in memory."""
    packer = zlib.compressobj(1)
    piece = bytes(1 << 20)
    parts = [packer.compress(piece) for _ in range(size >> 20)]
    return b"".join([*parts, packer.flush()])


def _bomb(times: int) -> bytes:
    packed = _zeros(BOMB)
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    filters = b" ".join([b"/FlateDecode"] * times)
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Metadata 3 0 R >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            stream(packed, b"/Type /Metadata /Subtype /XML /Filter [%s]" % filters),
        ]
    )


def _object_stream_bomb() -> bytes:
    """The page tree stands in an object stream that is one."""
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    packed = _zeros(BOMB)
    place = len(body)
    body += b"3 0 obj\n%s\nendobj\n" % stream(packed, b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode")
    rows = [(0, 0, 65535), (1, 9, 0), (2, 3, 0), (1, place, 0), (1, len(body), 0)]
    table = b"".join(kind.to_bytes(1, "big") + at.to_bytes(4, "big") + gen.to_bytes(2, "big") for kind, at, gen in rows)
    entries = b"/Type /XRef /Size 5 /W [1 4 2] /Root 1 0 R"
    return body + b"4 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(table, entries), len(body))


def _cross_reference_bomb() -> bytes:
    packed = _zeros(16 << 20)
    entries = b"/Type /XRef /Size 16777216 /W [0 1 0] /Root 1 0 R /Filter /FlateDecode"
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    return body + b"2 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(packed, entries), len(body))


def _deep_tree(depth: int = 100_000) -> bytes:
    nodes = (b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % number for number in range(3, depth + 3))
    leaf = b"<< /Type /Page %s >>" % BOX
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", *nodes, leaf])


def _maze(depth: int = 22) -> bytes:
    nodes = (b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 9 >>" % (n, n) for n in range(3, depth + 3))
    page = b"<< /Type /Page %s /Annots [%s] >>" % (BOX, LINK % b"X")  # or nobody would look at pages
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", *nodes, page])


def _many_pages(count: int, annotation: bytes = b"") -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(4, count + 4))
    content = b"BT /F1 12 Tf 72 700 Td (pith:CNPMIFD4) Tj ET"
    page = b"<< /Type /Page /Parent 2 0 R %s %s /Contents 3 0 R /Annots [%s] >>" % (BOX, FONT % b"", annotation)
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, stream(content), *([page] * count)])


def _million(kids: bytes = b"", annotations: bytes = b"") -> bytes:
    tree = b"<< /Type /Pages /Kids [3 0 R %s] /Count 1000001 >>" % kids
    page = b"<< /Type /Page /Parent 2 0 R %s /Annots [%s] >>" % (BOX, annotations)
    link = LINK % kit.SUFFIX.encode()
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, link], b"/Info << %s >>" % NUMBER)


def _info(entries: bytes) -> bytes:
    return pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", b"<< %s >>" % entries],
        b"/Info 3 0 R",
    )


def _catalog(entries: bytes, *more: bytes) -> bytes:
    tree = b"<< /Type /Pages /Kids [] /Count 0 >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R %s >>" % entries, tree, *more], b"/Info << %s >>" % NUMBER)


def _previous(count: int) -> bytes:
    """Trailers that lead from one to the next; with one, it leads to itself."""
    out = bytearray(pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]))
    last = int(out.rpartition(b"startxref")[2].split()[0])
    for _ in range(count):
        start = len(out)
        previous = start if count == 1 else last
        out += b"xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 3 /Prev %d >>\n" % previous
        last = start
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % last


def _encrypted(revision: int) -> bytes:
    with pikepdf.open(kit.PAPER) as paper:
        out = io.BytesIO()
        paper.save(out, encryption=pikepdf.Encryption(owner="owner", user="geheim", R=revision))
        return out.getvalue()


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
_LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}]>'
_EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_SAY = "<rdf:Description><pith:number>{}</pith:number></rdf:Description>"
_TILE = stream(
    b"0 0 1 1 re f " * 2000,
    b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep .002 /YStep .002"
    b" /Resources << >>",
)
"""Close enough together that one area takes hours on any machine, and PDFium asks nobody meanwhile."""
_TILED = b"/Pattern << /P1 5 0 R >>"
_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 99 99]"
_HUGE_IMAGE = b"/Type /XObject /Subtype /Image /Width 9000 /Height 9000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
_SHOW = b"BT /F1 12 Tf 72 700 Td (pith:CNPMIFD4) Tj ET "
_MESH = b"/ShadingType 1 /ColorSpace /DeviceRGB /Domain [0 1 0 1] /Function << /FunctionType 4 /Domain [0 1 0 1]"


def _doubling(levels: int = 40) -> list[bytes]:
    """Forms of which each paints the next ten times."""
    forms = []
    for level in range(levels):
        resources = b"/Resources << /XObject << /X %d 0 R >> >>" % (6 + level)
        forms.append(stream(b"/X Do " * 10, b"%s %s" % (_FORM, resources)))
    return [*forms, stream(b"0 0 9 9 re f", _FORM)]


def _pattern(step: bytes, matrix: bytes = b"1 0 0 1 0 0", box: bytes = b"0 0 9 9") -> bytes:
    """A page of areas of a tiling pattern."""
    entries = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [%s] /XStep %s /YStep %s /Matrix [%s]"
    tile = stream(b"0 0 1 1 re f", entries % (box, step, step, matrix) + b" /Resources << >>")
    return page_with(_SHOW + b"/Pattern cs /P1 scn " + b"0 0 600 900 re f " * 20, _TILED, more=[tile])


def _form(content: bytes, resources: bytes, *more: bytes) -> bytes:
    """A page that is one form, whose parts PDFium draws in one go; further objects are numbered from 6."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %s >> /Filter /FlateDecode"
    form = stream(zlib.compress(content, 9), entries % resources)
    return page_with(_SHOW + b"/X Do", b"/XObject << /X 5 0 R >>", more=[form, *more])


def _drawings(glyph: bytes) -> bytes:
    """A page of large text in a font of one drawing (Type 3)."""
    font = (
        b"/Font << /T << /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [.001 0 0 .001 0 0]"
        b" /CharProcs << /a 5 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [10] >> >>"
    )
    page = b"<< /Type /Page /Parent 2 0 R %s /Contents 4 0 R /Resources << %s >> >>" % (BOX, font)
    content = b"BT /T 300 Tf 50 50 Td (%s) Tj ET" % (b"a" * 20_000)
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    info = b"/Info << %s >>" % NUMBER
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream(content), stream(glyph)], info)


def _program(outputs: int, code: bytes) -> bytes:
    """A function (type 4) that takes long."""
    ranges = b"0 1 " * outputs
    entries = b"/FunctionType 4 /Domain [0 1] /Range [%s]" % ranges
    return stream(b"{%s %s}" % (b" dup" * (outputs - 1), code), entries)


def _picture(side: int, data: bytes, entries: bytes) -> bytes:
    size = b"/Type /XObject /Subtype /Image /Width %d /Height %d " % (side, side)
    return stream(data, size + entries)


_AREAS: Final = b"0 0 600 900 re f "
_PATH: Final = b"0 0 m " + b"".join(b"%d %d l " % (n * 7919 % 600, n * 10_007 % 800) for n in range(3_000))
_WHITE_FAX: Final = b"\xff" * 8191 + b"\x00\x10\x01\x00\x10\x01"
"""65,535 empty rows."""
_FAX: Final = (
    b"/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 65535 >>"
)
_DRAWN: Final = b"q 600 0 0 800 0 0 cm /I Do Q "
_COLORANT: Final = b"/BitsPerComponent 8 /ColorSpace [/Separation /A /DeviceRGB 6 0 R] /Filter /FlateDecode"
_SLOW: Final = b"sin cos " * 1_000


UNREADABLE, ABSENT, UNVERIFIED, INVALID = Word.UNREADABLE, Word.ABSENT, Word.UNVERIFIED, Word.INVALID


def _case(name: str, make: Callable[[], bytes], *words: Word, findings: tuple[str, ...] = ()) -> Hostile:
    return Hostile(name=name, make=make, words=frozenset(words), findings=findings)


DAMAGED, LIMIT = ("channel-damaged",), ("channel-limit",)
FILES: Final[tuple[Hostile, ...]] = (
    _case("nothing", lambda: b"", UNREADABLE, findings=("unreadable-pdf",)),
    _case("a header alone", lambda: b"%PDF-1.7\n", UNREADABLE),
    _case("random bytes", lambda: b"%PDF-1.7\n" + os.urandom(1 << 20), UNREADABLE),
    _case("50 MB of junk", lambda: b"%PDF-1.7\n" + b"obj 1 0 obj << /A " * (50_000_000 // 18), UNREADABLE),
    _case("half a paper", lambda: kit.paper()[: len(kit.paper()) // 2], UNREADABLE),
    _case("a paper without its end", lambda: kit.paper()[:-300], *Word),
    _case("encrypted", lambda: _encrypted(6), UNREADABLE, findings=("unreadable-pdf",)),
    _case("encrypted, RC4", lambda: _encrypted(4), UNREADABLE, findings=("unreadable-pdf",)),
    _case("page tree 100,000 deep", _deep_tree, ABSENT),
    _case("page tree that is a maze", _maze, ABSENT, INVALID, findings=DAMAGED),
    _case("a page tree that is its own child", lambda: _million(kids=b"2 0 R"), UNVERIFIED, findings=DAMAGED),
    _case("a million pages that are one", lambda: _million(kids=b"3 0 R " * 1_000_000), UNVERIFIED, findings=LIMIT),
    _case("30,000 pages", lambda: _many_pages(30_000), UNVERIFIED, findings=LIMIT),
    _case("2,500 pages with a badge", lambda: _many_pages(2_500, LINK % kit.SUFFIX.encode()), UNVERIFIED, INVALID),
    _case(
        "a million annotations that are one",
        lambda: _million(annotations=b"4 0 R " * 1_000_000),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case("a million links", lambda: _million(annotations=(LINK % b"X") * 1_000_000), UNVERIFIED, INVALID),
    _case("arrays 100,000 deep", lambda: _million(annotations=b"[" * 100_000 + b"]" * 100_000), *Word),
    _case("dictionaries 100,000 deep", lambda: _info(b"/A <<" * 100_000 + b">>" * 100_000), *Word),
    _case("a million keys in Info", lambda: _info(b"".join(b"/K%d 1 " % n for n in range(1_000_000))), *Word),
    _case(
        "a title of 100 MB",
        lambda: _info(b"/Title (" + b"x" * 100_000_000 + b") " + NUMBER),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case("a number of 100 MB", lambda: _info(b"/PithNumber (" + b"A" * 100_000_000 + b")"), INVALID, findings=LIMIT),
    _case("a digit string of 1 MB", lambda: _info(b"/A " + b"9" * 1_000_000 + b" " + NUMBER), *Word),
    _case("Info that refers to itself", lambda: _info(b"/PithNumber 3 0 R"), ABSENT, findings=DAMAGED),
    _case("a packet that is itself", lambda: _catalog(b"/Metadata 3 0 R", b"3 0 R"), UNVERIFIED),
    _case(
        "a length that is itself",
        lambda: _catalog(b"/Metadata 3 0 R", b"<< /Length 3 0 R >>\nstream\nx\nendstream"),
        *Word,
    ),
    _case("a trailer before itself", lambda: _previous(1), ABSENT, UNREADABLE),
    _case("100,000 trailers", lambda: _previous(100_000), ABSENT, UNREADABLE),
    _case("decompression bomb in XMP", lambda: _bomb(1), ABSENT, findings=DAMAGED),
    _case("bomb in a bomb", lambda: _bomb(2), ABSENT, findings=DAMAGED),
    _case("bomb in a bomb in a bomb", lambda: _bomb(3), ABSENT, findings=DAMAGED),
    _case("bomb as an object stream", _object_stream_bomb, ABSENT, UNREADABLE),
    _case("bomb as a cross-reference stream", _cross_reference_bomb, ABSENT, UNREADABLE),
    _case("billion laughs", lambda: metadata(xmp(_SAY.format("&l11;"), _LAUGHS)), ABSENT, findings=DAMAGED),
    _case("external entity", lambda: metadata(xmp(_SAY.format("&e;"), _EXTERNAL)), ABSENT, findings=DAMAGED),
    _case(
        "external document type",
        lambda: metadata(xmp("", '<!DOCTYPE x SYSTEM "http://127.0.0.1/x">')),
        ABSENT,
        findings=DAMAGED,
    ),
    _case(
        "16,000 attributes",
        lambda: metadata(xmp("<rdf:Description " + " ".join(f"a{n}='1'" for n in range(16_000)) + "/>")),
        ABSENT,
    ),
    _case("XMP nested 100,000 deep", lambda: metadata(xmp("<a>" * 100_000)), ABSENT, findings=DAMAGED),
    _case("200,000 values in XMP", lambda: metadata(xmp((_SAY.format("A")) * 15_000)), INVALID),
    _case("XMP of 100 MB", lambda: metadata(xmp(" " * 100_000_000)), ABSENT),
    _case(
        "a million words on a page",
        lambda: page_with(b"BT /F1 4 Tf " + b"1 0 0 1 9 9 Tm (pith:) Tj " * 200_000 + b"ET"),
        UNVERIFIED,
    ),
    _case("a page of 100 MB", lambda: page_with(_SHOW + b"0 0 m 9 9 l S " * 7_000_000), UNVERIFIED),
    _case("a million strings", lambda: page_with(b"BT /F1 9 Tf " + b"(((a)b)c)Tj " * 1_000_000 + b"ET"), UNVERIFIED),
    _case("graphics states 100,000 deep", lambda: page_with(b"q " * 100_000 + _SHOW), UNVERIFIED),
    _case(
        "tiling patterns",
        lambda: page_with(_SHOW + b"/Pattern cs /P1 scn 0 0 600 900 re f " * 20, _TILED, more=[_TILE]),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case("a tile 30,000 points wide", lambda: _pattern(b"5", box=b"0 0 30000 9"), UNVERIFIED),
    _case("tiles of a hundredth point", lambda: _pattern(b"2", matrix=b".01 0 0 .01 0 0"), UNVERIFIED, findings=LIMIT),
    _case(
        "forms in forms",
        lambda: page_with(_SHOW + b"/X Do", b"/XObject << /X 5 0 R >>", more=_doubling()),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case(
        "ten forms in each other",
        lambda: page_with(_SHOW + b"/X Do", b"/XObject << /X 5 0 R >>", more=_doubling(10)),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case(
        "forms in forms without a number",
        lambda: page_with(_SHOW + b"/X Do", b"/XObject << /X 5 0 R >>", more=_doubling()).replace(NUMBER, b""),
        ABSENT,
    ),
    _case("areas in a form", lambda: _form(_AREAS * 300_000, b""), UNVERIFIED, findings=LIMIT),
    _case(
        "areas that blend",
        lambda: page_with(_SHOW + b"/G gs " + _AREAS * 20_000, b"/ExtGState << /G << /ca .5 /BM /Multiply >> >>"),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case(
        "soft masks",
        lambda: _form(
            b"/G gs " + _AREAS * 3_000,
            b"/ExtGState << /G << /SMask << /S /Luminosity /G 6 0 R >> >> >>",
            stream(_AREAS, _FORM + b" /Group << /S /Transparency /CS /DeviceGray >> /Resources << >>"),
        ),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case(
        "glyphs of a thousand areas",
        lambda: _drawings(b"1000 0 d0 " + b"0 0 1000 1000 re f " * 1_000),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case(
        "shadings by a long function",
        lambda: _form(
            b"/S sh " * 3_000,
            b"/Shading << /S << /ShadingType 3 /ColorSpace /DeviceRGB /Coords [300 300 0 300 300 800]"
            b" /Extend [true true] /Function 6 0 R >> >>",
            _program(3, _SLOW),
        ),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case(
        "a picture by a long function",
        lambda: page_with(
            _SHOW + _DRAWN,
            b"/XObject << /I 5 0 R >>",
            more=[_picture(4_000, zlib.compress(bytes(16_000_000)), _COLORANT), _program(3, _SLOW)],
        ),
        UNVERIFIED,
    ),
    _case(
        "a fax of four thousand million pixels, drawn four times",
        lambda: page_with(_SHOW + _DRAWN * 4, b"/XObject << /I 5 0 R >>", more=[_picture(65_535, _WHITE_FAX, _FAX)]),
        UNVERIFIED,
        findings=LIMIT,
    ),
    _case("clips of many corners", lambda: page_with((_PATH + b"W* n ") * 80 + _SHOW), UNVERIFIED, findings=LIMIT),
    _case(
        "a form in itself",
        lambda: page_with(
            _SHOW + b"/X Do",
            b"/XObject << /X 5 0 R >>",
            more=[stream(b"/X Do", _FORM + b" /Resources << /XObject << /X 5 0 R >> >>")],
        ),
        UNVERIFIED,
    ),
    _case(
        "a picture of 9,000 by 9,000",
        lambda: page_with(
            _SHOW + b"600 0 0 600 0 0 cm /X Do",
            b"/XObject << /X 5 0 R >>",
            more=[stream(_zeros(BOMB), _HUGE_IMAGE + b" /Filter /FlateDecode")],
        ),
        UNVERIFIED,
    ),
    _case("a page of ten kilometres", lambda: page_with(_SHOW, entries=b"/MediaBox [0 0 1e9 1e9]"), UNVERIFIED),
    _case("a page of no number", lambda: page_with(_SHOW, entries=b"/MediaBox [0 0 1e999 -1e999]"), UNVERIFIED),
    _case(
        "lines that overlap",
        lambda: page_with(
            b"BT /F1 12 Tf "
            + b"".join(b"1 0 0 1 %d 700 Tm (line %d) Tj " % (72 + n % 7, n) for n in range(20_000))
            + b"ET"
        ),
        UNVERIFIED,
    ),
    _case("clips in clips", lambda: page_with(b"0 0 600 800 re W n 1 0 0 1 .01 .01 cm " * 20_000 + _SHOW), UNVERIFIED),
    _case(
        "100,000 annotations to draw",
        lambda: page_with(
            _SHOW, entries=b"/Annots [%s]" % (b"<< /Subtype /Square /Rect [0 0 600 800] /IC [1 1 1] >> " * 100_000)
        ),
        UNVERIFIED,
    ),
)
