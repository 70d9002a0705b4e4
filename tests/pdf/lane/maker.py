"""Writes PDFs byte by byte, each carrier of a number in any spelling that the standard, or a reader, lets pass."""

from __future__ import annotations

import base64
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER = f"pith:2026:{SUFFIX}"
URIS = (f"https://pith.science/pith/{SUFFIX}", "http://p1th.example/x", "//pith.science/", "https://xn--pth-wma.org/")
PACKET = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" {0}/></rdf:RDF>'
    '</x:xmpmeta><?xpacket end="w"?>'
)
OURS = f'xmlns:pith="https://pith.science/ns/pith-number/1.0/" pith:number="{NUMBER}"'
THEIRS = 'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Producer="pdfTeX"'


@dataclass
class Pdf:
    """Objects by number, and how they are written."""

    objects: dict[int, bytes]
    info: int | None = None
    packed: tuple[int, ...] = ()
    """What goes into an object stream, which takes a cross-reference stream."""
    encode: Callable[[bytes], tuple[bytes, bytes]] = lambda data: (b"", data)
    """Gives the entries of a stream's dictionary, and its content encoded: for object streams."""
    rows: bool = False
    """Whether the cross-reference stream is predicted row by row."""
    before: Pdf | None = None
    """The revision that this one updates."""
    generation: int = 0
    end: bytes = b"\n"
    extra: bytes = b""
    """In the trailer."""
    shift: dict[int, int] = field(default_factory=dict)
    """By how many bytes an object's place is given wrongly."""

    def write(self) -> bytes:
        """The file."""
        data = self.before.write() if self.before else b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
        previous = int(data[data.rindex(b"startxref") + 9 :].split()[0]) if self.before else None
        places: dict[int, int] = {}
        for number, body in self.objects.items():
            if number not in self.packed:
                places[number] = max(len(data) + self.shift.get(number, 0), 0)
                data += b"%d 0 obj%s%s%sendobj\n" % (number, self.end, body, self.end)
        trailer = b"/Size 100/Root 1 0 R" + self.extra
        trailer += b"/Info %d 0 R" % self.info if self.info else b""
        trailer += b"/Prev %d" % previous if previous else b""
        if self.packed:
            return self._with_streams(data, places, trailer)
        start = len(data)
        data += b"xref\n"
        for number, at in places.items():
            data += b"%d 1\n%010d %05d n \n" % (number, at, self.generation)
        return data + b"trailer\n<<" + trailer + b">>\nstartxref\n%d\n%%%%EOF\n" % start

    def _with_streams(self, data: bytes, places: dict[int, int], trailer: bytes) -> bytes:
        container, table = max(self.objects) + 1, max(self.objects) + 2
        head, content = b"", b""
        for number in self.packed:
            head += b"%d %d " % (number, len(content))
            content += self.objects[number] + b"\n"
        entries, encoded = self.encode(head + content)
        places[container] = len(data)
        data += stream(container, b"/Type/ObjStm/N %d/First %d" % (len(self.packed), len(head)) + entries, encoded)
        places[table] = len(data)
        rows = b""
        index = sorted({*places, *self.packed})
        for number in index:
            if number in self.packed:
                rows += b"\2" + container.to_bytes(3, "big") + bytes((self.packed.index(number),))
            else:
                rows += b"\1" + max(places[number], 0).to_bytes(3, "big") + b"\0"
        numbers = b" ".join(b"%d 1" % number for number in index)
        parameters = b""
        if self.rows:
            rows, parameters = up(rows, 5), b"/DecodeParms<</Predictor 12/Columns 5>>"
        trailer += b"/Type/XRef/W[1 3 1]/Index[%s]/Filter/FlateDecode%s" % (numbers, parameters)
        data += stream(table, trailer, zlib.compress(rows))
        return data + b"startxref\n%d\n%%%%EOF\n" % places[table]


def stream(number: int, entries: bytes, content: bytes) -> bytes:
    """A stream object."""
    return b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, entries, len(content), content)


def up(rows: bytes, columns: int) -> bytes:
    """PNG's prediction "Up"."""
    before, result = bytes(columns), b""
    for at in range(0, len(rows), columns):
        row = rows[at : at + columns]
        result += b"\2" + bytes((a - b) & 0xFF for a, b in zip(row, before, strict=True))
        before = row
    return result


def flate(data: bytes) -> tuple[bytes, bytes]:
    """Deflated."""
    return b"/Filter/FlateDecode", zlib.compress(data)


def predicted(data: bytes) -> tuple[bytes, bytes]:
    """Deflated, after PNG's prediction "None"."""
    padded = data + b" " * (-len(data) % 8)
    rows = b"".join(b"\0" + padded[at : at + 8] for at in range(0, len(padded), 8))
    return b"/Filter/FlateDecode/DecodeParms<</Predictor 10/Columns 8>>", zlib.compress(rows)


def ascii85(data: bytes) -> tuple[bytes, bytes]:
    """Deflated, and written in ASCII."""
    return b"/Filter[/ASCII85Decode/FlateDecode]", base64.a85encode(zlib.compress(data)) + b"~>"


def hexadecimal(data: bytes) -> tuple[bytes, bytes]:
    """Written in hexadecimal digits."""
    return b"/Filter/ASCIIHexDecode", data.hex().encode() + b">"


def run_length(data: bytes) -> tuple[bytes, bytes]:
    """In runs that repeat nothing."""
    parts = [data[at : at + 128] for at in range(0, len(data), 128)]
    return b"/Filter/RunLengthDecode", b"".join(bytes((len(part) - 1,)) + part for part in parts) + b"\x80"


def lzw(data: bytes) -> tuple[bytes, bytes]:
    """By LZW with codes of nine bits alone: the table is cleared before it grows."""
    bits = ""
    for at, byte in enumerate(data):
        bits += ("100000000" if at % 200 == 0 else "") + f"{byte:09b}"
    bits += "100000001"
    bits += "0" * (-len(bits) % 8)
    return b"/Filter/LZWDecode", int(bits, 2).to_bytes(len(bits) // 8, "big")


def plain(data: bytes) -> tuple[bytes, bytes]:
    """As it is."""
    return b"", data


ENCODINGS = (plain, flate, predicted, ascii85, hexadecimal, run_length, lzw)


def escaped_name(name: str, rng: random.Random) -> bytes:
    """A name with some of its letters as `#` and two digits."""
    form = rng.choice(("#%02x", "#%02X"))
    return b"/" + "".join(form % ord(c) if rng.random() < 0.4 else c for c in name).encode()


def literal(text: bytes, rng: random.Random) -> bytes:
    """A literal string, with brackets escaped or balanced, letters as octal numbers, and lines that go on."""
    result = b""
    for byte in text:
        kind = rng.random()
        if kind < 0.15:
            result += b"\\%03o" % byte
        elif kind < 0.2:
            result += rng.choice((b"\\\n", b"\\\r\n", b"\\\r")) + bytes((byte,))
        elif byte in b"()\\\r\n" or (kind < 0.25 and not chr(byte).isalnum()):
            result += b"\\" + bytes((byte,))
        else:
            result += bytes((byte,))
    return b"(" + result + b")"


def simple(text: bytes, _: random.Random) -> bytes:
    """A literal string as most write it."""
    return b"(" + text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def hex_string(text: bytes, rng: random.Random) -> bytes:
    """A string in hexadecimal digits, with white space between them, and the last zero left out."""
    digits = text.hex().upper() if rng.random() < 0.5 else text.hex()
    digits = digits.removesuffix("0") if len(digits) % 2 == 0 and digits.endswith("0") else digits
    return b"<" + b"".join(c.encode() + rng.choice((b"", b"", b"\n", b" ", b"\0")) for c in digits) + b">"


def any_string(text: str, rng: random.Random) -> bytes:
    """A string in any encoding and spelling."""
    raw = rng.choice(
        (text.encode(), text.encode(), b"\xfe\xff" + text.encode("utf-16-be"), b"\xef\xbb\xbf" + text.encode())
    )
    return rng.choice((simple, literal, hex_string))(raw, rng)
