"""PDFs with a number in every spelling, with none, and with something wrong; `python -m tests.pdf.lane.mutants 10000`.

The law is tried on each: where the lane says "no trace", the full reader finds nothing.
"""

from __future__ import annotations

import io
import random
import sys
from collections import Counter
from collections.abc import Iterator

import pikepdf

from pithtex.pdf.lane.no_trace import no_trace
from tests.pdf.lane.law import states_nothing
from tests.pdf.lane.maker import (
    ENCODINGS,
    NUMBER,
    OURS,
    PACKET,
    THEIRS,
    URIS,
    Pdf,
    any_string,
    escaped_name,
    flate,
    plain,
    simple,
    stream,
)

DECOYS = (
    b"",
    b"",
    b"% /URI (http://example.org\n",
    b"/X (/URI (a)) ",
    b"/X (/URI \\() ",
    b"/X << /Y [ ",
    b"/X > > ",
    b"/X < < ",
    b"/X <(<<)> ",
    b"/X (>>\nstream\n) ",
    b"/X \x1d ",
    b"/X { ",
    b"/X (\x1c ) ",
    b"/X (endobj) ",
)
CARRIERS = ("none", "none", "uri", "uri", "pa", "name", "info", "receipt", "packet", "string", "hidden", "trailer")


def mutant(rng: random.Random) -> bytes:
    """One file: a carrier of a number or none, written in one of the ways there are; and perhaps broken after that."""
    carrier = rng.choice(CARRIERS)
    simply = rng.random() < 0.45
    spell = (lambda name: b"/" + name.encode()) if simply or rng.random() < 0.6 else (lambda n: escaped_name(n, rng))
    string = (lambda text: simple(text.encode(), rng)) if simply else (lambda text: any_string(text, rng))
    uri = rng.choice(URIS) if carrier in {"uri", "pa"} else rng.choice(("https://example.org/a%20b", "mailto:a@b.c"))
    name = rng.choice(("pith-badge-1", "x")) if carrier == "name" else "0001-0000"
    action = b"<</S/URI%s %s>>" % (spell("URI"), b"9 0 R" if carrier == "string" else string(uri))
    decoy = b"" if simply else rng.choice(DECOYS)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]/Contents 8 0 R>>",
        4: b"<<%s/Type/Annot/Subtype/Link/Rect[1 1 5 5]%s %s%s %s>>"
        % (decoy, spell("NM"), string(name), b"/PA" if carrier == "pa" else b"/A", action),
        7: b"<</Producer %s%s%s>>" % (string("pdfTeX"), decoy, info_entries(carrier, spell, string)),
        9: string(URIS[0] if carrier == "string" else "nothing"),
    }
    entries, packet = rng.choice((plain, flate) if simply else ENCODINGS)(_packet(carrier, rng))
    objects[6] = _stream(b"/Type/Metadata/Subtype/XML" + entries, packet)
    hidden = b"5 0 obj<</Subtype/Link/A<</S/URI/URI(%s)>>>>endobj /URI (%s)" % (URIS[0].encode(), URIS[0].encode())
    objects[8] = _stream(b"", hidden if carrier == "hidden" else b"BT ET")
    loose = [number for number in objects if number not in {6, 8}]
    packed = tuple(rng.sample(loose, rng.randint(1, len(loose)))) if rng.random() < 0.5 else ()
    pdf = Pdf(objects, 7, packed, flate if simply else rng.choice(ENCODINGS), rng.random() < 0.5)
    if carrier == "trailer":
        pdf.info, pdf.extra = None, b"/Info<<%s %s>>" % (spell("PithNumber"), string(NUMBER))
    if rng.random() < 0.2:
        pdf = Pdf({4: b"<</Type/Annot/Subtype/Link/Rect[1 1 5 5]>>"}, 7, before=pdf)
    if not simply and rng.random() < 0.15:
        pdf.shift = {rng.choice(loose): rng.randint(-20, 300)}
    return _broken(pdf.write(), rng) if rng.random() < 0.3 else pdf.write()


def info_entries(carrier: str, spell: object, string: object) -> bytes:
    """What Info has of ours."""
    key = {"info": "PithNumber", "receipt": "PithReceipt"}.get(carrier)
    return b"" if key is None else spell(key) + b" " + string(NUMBER)  # type: ignore[operator, no-any-return]


def _stream(entries: bytes, content: bytes) -> bytes:
    return stream(0, entries, content).removeprefix(b"0 0 obj\n").removesuffix(b"\nendobj\n")


def _packet(carrier: str, rng: random.Random) -> bytes:
    if carrier != "packet":
        return PACKET.format(THEIRS).encode()
    text = PACKET.format(OURS)
    if rng.random() < 0.3:
        text = (
            text.replace("pith.science", "p&#x69;th.science").replace("xmlns:pith", "xmlns:q").replace("pith:n", "q:n")
        )
    return rng.choice((text.encode(), text.encode("utf-16"), text.encode("utf-16-be"), b"\0" + text.encode()))


def _broken(data: bytes, rng: random.Random) -> bytes:
    """The file after an accident."""
    kind = rng.randrange(6)
    at = rng.randrange(len(data))
    if kind == 0:
        return data[:at] + bytes((rng.randrange(256),)) + data[at + 1 :]
    if kind == 1:
        return data[:at] + data[at + rng.randint(1, 20) :]
    if kind == 2:
        return data[:at]
    if kind == 3:
        other = rng.randrange(len(data))
        return data[:at] + data[other : other + rng.randint(1, 60)] + data[at:]
    if kind == 4:
        return rng.choice((b"\n", b"junk\n")) + data
    return _encrypted(data)


def _encrypted(data: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            result = io.BytesIO()
            pdf.save(result, encryption=pikepdf.Encryption(owner="o", user=""))
            return result.getvalue()
    except pikepdf.PdfError:
        return data


def mutants(count: int, seed: int) -> Iterator[bytes]:
    """So many, the same each time."""
    rng = random.Random(seed)
    for _ in range(count):
        yield mutant(rng)


def main() -> None:
    """Tries the law, and prints how often the lane spoke, and whoever breaks the law."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    told: Counter[str] = Counter()
    for index, data in enumerate(mutants(count, seed)):
        plain_file = no_trace(data)
        nothing = states_nothing(data)
        told["no trace" if plain_file else "nothing, by the whole way" if nothing else "a trace, or no PDF"] += 1
        if plain_file and not nothing:
            name = f"mutant-{seed}-{index}.pdf"
            with open(name, "wb") as file:
                file.write(data)
            print(f"the law is broken: {name}")
            told["broken"] += 1
    print(dict(told))
    sys.exit(bool(told["broken"]))


if __name__ == "__main__":
    main()
