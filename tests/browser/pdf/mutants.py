"""Mutants of a small PDF's objects, in files whose tables are true: what is left is what the objects say."""

from __future__ import annotations

import random
import re
from typing import Final

from tests.browser.pdf.handmade import Writer, metadata, objects, stolen_objects
from tests.forgeries.kit import FULL, OTHER_FULL, OTHER_RECEIPT, OTHER_SUFFIX, RECEIPT, SUFFIX, link_to

_STRING: Final = re.compile(rb"\(([^()\\]*)\)")
_TOKEN: Final = re.compile(rb"/[A-Za-z]+|\([^()\\]*\)|\[[^\[\]]*\]|<<[^<>]*>>|[0-9]+ 0 R|[0-9.]+")
_VALUES: Final = (
    *(
        b"null",
        b"true",
        b"0",
        b"-1",
        b"9 0 R",
        b"3 0 R",
        b"4 0 R",
        b"5 0 R",
        b"()",
        b"( )",
        b"(pith-badge-1)",
        b"[]",
        b"<<>>",
    ),
    *(b"/URI", b"/Link", b"/Page", b"/Pages", b"/Launch", b"34", b"[null 4 0 R]", b"[4 0 R 4 0 R]", b"[0 0 612 792]"),
    *(f"({text})".encode() for text in (FULL, SUFFIX, OTHER_FULL, OTHER_SUFFIX, RECEIPT, OTHER_RECEIPT, FULL.lower())),
    *(f"({link_to(SUFFIX, RECEIPT, host)})".encode() for host in ("https://www.pith.science", "http://pith.science")),
    *(
        f"({link_to(number, receipt)})".encode()
        for number in (SUFFIX, OTHER_SUFFIX)
        for receipt in (None, OTHER_RECEIPT)
    ),
)
_MORE: Final = (
    *(
        b"/NM(pith-badge-1)",
        b"/NM(other)",
        b"/AA<<>>",
        b"/AA null",
        b"/PA<<>>",
        b"/Dest(x)",
        b"/F 2",
        b"/F 32",
        b"/Next<<>>",
    ),
    *(b"/Subtype/Link", b"/Subtype/Text", b"/Border[0 0 0]", b"/S/URI", b"/S/Launch", b"/Type/Page", b"/Kids[]"),
    *(b"/QuadPoints[0 0 0 0 0 0 0 0]", b"/A<</S/URI/URI(https://evil.example/)>>", b"/URI(https://evil.example/)"),
    *(b"/Annots[]", b"/Annots[4 0 R 6 0 R]", b"/Metadata 7 0 R", b"/Metadata 9 0 R", b"/Count 1", b"/Count 2"),
    *(f"/PithNumber({text})".encode() for text in (FULL, SUFFIX, OTHER_FULL, "pith:2025:" + SUFFIX)),
    *(f"/PithReceipt({text})".encode() for text in (RECEIPT, OTHER_RECEIPT, RECEIPT[:-4])),
)
_PACKET: Final = (
    (b"pith:number", b"pith:receipt"),
    (FULL.encode(), OTHER_FULL.encode()),
    (FULL.encode(), b" \t" + FULL.encode() + b"\n"),
    (FULL.encode(), SUFFIX.encode()),
    (FULL.encode(), b"<![CDATA[" + FULL.encode() + b"]]>"),
    (FULL.encode(), b"<!-- x -->" + FULL.encode()),
    (FULL.encode(), b"&#112;" + FULL.encode()[1:]),
    (b"rdf:Description", b"rdf:Other"),
    (b"</rdf:RDF>", b""),
    (b"</rdf:RDF>", b"<rdf:Description xmlns:q='https://pith.science/ns/pith-number/1.0/' q:number='x'/></rdf:RDF>"),
    (b"<x:xmpmeta", b"<!DOCTYPE x><x:xmpmeta"),
    (b"xmpmeta", b"xapmeta"),
    (b"https://pith.science/ns/", b"https://pith.science/nt/"),
    (b"<?xpacket begin", b"<?xml version='1.0' encoding='iso-8859-1'?><?xpacket begin"),
    (b"<?xpacket end", b"junk<?xpacket end"),
    (b"1", b"2"),
)


def object_mutant(seed: int) -> bytes:
    """The mutant of a seed."""
    chance = random.Random(seed)
    bodies = objects() | {6: stolen_objects()[4], 7: metadata()}
    if chance.random() < 0.7:
        bodies[1] = bodies[1].replace(b">>", b"/Metadata 7 0 R>>")
    for _ in range(chance.choice((1, 1, 2, 3))):
        number = chance.choice((1, 2, 3, 4, 4, 4, 5, 5, 7))
        bodies[number] = _packet(bodies[7], chance) if number == 7 else chance.choice(_MUTATORS)(bodies[number], chance)
    free = [chance.choice((4, 5, 7))] if chance.random() < 0.05 else []
    return Writer().put({number: body for number, body in bodies.items() if number not in free}).table(free=free).data


def _packet(body: bytes, chance: random.Random) -> bytes:
    old, new = chance.choice(_PACKET)
    data = body.partition(b"stream\n")[2].rpartition(b"\nendstream")[0].replace(old, new, chance.choice((1, -1)))
    return b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream" % (len(data), data)


def _at_token(body: bytes, chance: random.Random, change: bytes | None) -> bytes:
    found = chance.choice(list(_TOKEN.finditer(body)) or [re.match(b"", body)])
    assert found is not None
    return body[: found.start()] + (found[0] * 2 if change is None else change) + body[found.end() :]


def _replaced(body: bytes, chance: random.Random) -> bytes:
    return _at_token(body, chance, chance.choice((*_VALUES, b"", None)))


def _added(body: bytes, chance: random.Random) -> bytes:
    at = chance.choice([match.end() for match in re.finditer(b"<<", body)] or [0])
    return body[:at] + chance.choice(_MORE) + body[at:]


def _respelled(body: bytes, chance: random.Random) -> bytes:
    """A string in another spelling of the same or nearly the same text (ISO 32000-1, 7.3.4, 7.9.2.2)."""
    found = chance.choice(list(_STRING.finditer(body)) or [None])
    if found is None:
        return body
    text = found[1]
    spelled = chance.choice((
        b"<" + text.hex().encode() + b">",
        b"<" + (b"\xfe\xff" + text.decode("latin-1").encode("utf-16-be")).hex().encode() + b">",
        b"<" + (b"\xff\xfe" + text.decode("latin-1").encode("utf-16-le")).hex().encode() + b">",
        b"<" + (b"\xef\xbb\xbf" + text).hex().encode() + b">",
        b"(" + b"".join(b"\\%03o" % char for char in text) + b")",
        b"(" + text[:9] + b"\\\n" + text[9:] + b")",
        b"(" + text[:9] + b"\n" + text[9:] + b")",
        b"(" + text + b"\\000)",
        b"( " + text + b")",
        b"(" + text[:-1] + b"\\q)",
        b"(" + text.replace(b"p", b"\xd1\x80") + b")",
    ))  # fmt: skip
    return body[: found.start()] + spelled + body[found.end() :]


def _spaced(body: bytes, chance: random.Random) -> bytes:
    at = chance.choice([match.start() for match in _TOKEN.finditer(body)] or [0])
    return body[:at] + chance.choice((b" ", b"%x\n", b"\0", b"\f", b"% >>\r", b"#41", b"/")) + body[at:]


def _escaped(body: bytes, chance: random.Random) -> bytes:
    """A name with an escape (7.3.5)."""
    names = list(re.finditer(rb"/([A-Za-z])", body))
    if not names:
        return body
    found = chance.choice(names)
    return body[: found.start()] + b"/#%02X" % found[1][0] + body[found.end() :]


def _byte(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]


_MUTATORS: Final = (_replaced, _replaced, _added, _added, _respelled, _spaced, _escaped, _byte)
