"""What the forgers of PDFs share: the genuine papers, and small changes to them that can be combined."""

from __future__ import annotations

import base64
import functools
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

import pithtex
from pithtex.format.bundle import load_bundle
from pithtex.format.compact_receipt import encode_receipt
from pithtex.format.keys import Keyring
from pithtex.pdf.judgement.verdict import Word
from pithtex.verification.bundle import verify_bundle
from pithtex.verification.record import VerifiedRecord
from tests import signing
from tests.conftest import BUNDLE_FILE, ROOT, SEEDS
from tests.kit.latex import compile_tex

PAPER = ROOT / "examples" / "sparsex" / "main.pdf"
OTHER_PAPER = ROOT / "examples" / "amsart" / "main.pdf"
TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
FULL = "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"
SUFFIX = FULL[10:]
OTHER_FULL = "pith:2026:EL6A4QOTPLYS3LFEIZGOL5QVTM"
OTHER_SUFFIX = OTHER_FULL[10:]
OTHER_RECORD_FILE = SEEDS / "record-EL6A4QOT.json"

Forge = Callable[[pikepdf.Pdf], None]
Source = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """A PDF that somebody arranged, and what must be said of it."""

    name: str
    attack: str
    """One line: what the attacker does."""
    make: Source
    word: Word
    findings: tuple[str, ...] = ()
    """Names from the catalogue; all of them must be among the verdict's."""
    keyring: Keyring | None = None
    """The keys that the record is signed by; the registry's by default."""


def paper() -> bytes:
    """A genuine paper with its badge, as TeX made it."""
    return PAPER.read_bytes()


def other_paper() -> bytes:
    """Another genuine paper with a badge of its own."""
    return OTHER_PAPER.read_bytes()


def edited(name: str, attack: str, forge: Forge, word: Word, *findings: str, source: Source = paper) -> Forgery:
    """A forgery that is a paper, changed."""
    return Forgery(name=name, attack=attack, make=lambda: change(source(), forge), word=word, findings=findings)


def change(data: bytes, forge: Forge) -> bytes:
    """Changes a file and writes it again."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        forge(pdf)
        return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def all_of(*forges: Forge) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        for each in forges:
            each(pdf)

    return forge


# --- Records and receipts


def genuine_record(path: Path = BUNDLE_FILE) -> VerifiedRecord:
    data = json.loads(path.read_bytes())
    if "bundle_type" in data:
        return verify_bundle(load_bundle(data)).record
    return pithtex.verify_record(pithtex.load_record(data))


def _receipt_of(path: Path) -> str:
    record = genuine_record(path)
    return encode_receipt(record.canonical, record.key.key_id, record.signature, record.title)


RECEIPT = _receipt_of(BUNDLE_FILE)
OTHER_RECEIPT = _receipt_of(OTHER_RECORD_FILE)


def self_signed(key_id: str = "attacker-1") -> str:
    """The paper's record under a key of the attacker's."""
    canonical = genuine_record().canonical
    signature = base64.b64decode(signing.sign(pithtex.digest(canonical.raw), signing.OTHER_KEY))
    return encode_receipt(canonical, key_id, signature, TITLE)


def spliced(payload: str, signature: str) -> str:
    """One receipt's payload under another's signature."""
    return ".".join([*payload.split(".")[:3], signature.split(".")[3]])


# --- Channels


def link_to(suffix: str, receipt: str | None, host: str = "https://pith.science") -> str:
    return f"{host}/pith/{suffix}" + (f"#r={receipt}" if receipt else "")


def badge_link(pdf: pikepdf.Pdf) -> pikepdf.Object:
    for page in pdf.pages:
        for annotation in page.get("/Annots", ()):
            if str(annotation.get("/NM", "")) == "pith-badge-1":
                return annotation
    raise AssertionError("no badge")


def _place_of_badge(path: Path) -> tuple[float, float, float, float]:
    with pikepdf.open(path) as pdf:
        left, bottom, right, top = map(float, badge_link(pdf).Rect)
        return left, bottom, right, top


BADGE = _place_of_badge(PAPER)
"""Where the badge of the genuine paper is, as its link says: left, bottom, right, top."""
OTHER_BADGE = _place_of_badge(OTHER_PAPER)
"""Where that of the other paper is."""


def set_uri(uri: str) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        badge_link(pdf).A.URI = String(uri)

    return forge


def set_link(key: str, value: Callable[[], pikepdf.Object] | pikepdf.Object) -> Forge:
    """Sets an entry of the badge's annotation."""

    def forge(pdf: pikepdf.Pdf) -> None:
        badge_link(pdf)[key] = value() if callable(value) else value

    return forge


def set_info(key: str, value: str | bytes) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        pdf.trailer.Info[key] = String(value)

    return forge


def edit_xmp(old: str, new: str) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert old.encode() in packet
        pdf.Root.Metadata.write(packet.replace(old.encode(), new.encode()))

    return forge


def no_xmp(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Metadata"]


def no_info(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer["/Info"]


def no_links(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        if "/Annots" in page:
            del page["/Annots"]


def every_channel(number: str, receipt: str) -> Forge:
    """All that machines read says another thing; what is printed stays."""
    return all_of(
        set_uri(link_to(number[-26:], receipt)),
        set_info("/PithNumber", number),
        set_info("/PithReceipt", receipt),
        edit_xmp(RECEIPT, receipt),
        edit_xmp(FULL, number),
    )


# --- Pages


def draw(content: str, page: int = 1) -> Forge:
    """Adds to a page's content; /PithA is Helvetica."""

    def forge(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        target = pdf.pages[page - 1]
        target.add_resource(font, Name.Font, Name("/PithA"))
        target.contents_add(b"q\n", prepend=True)
        target.contents_add(f"\nQ {content}".encode("latin-1"))

    return forge


def text(words: str, *, size: float = 18, x: float = 40, y: float = 780, before: str = "", after: str = "") -> str:
    """Content that writes a line in /PithA: narrow, so that a title in larger type than the paper's own has room."""
    return f"q BT 75 Tz {before} /PithA {size} Tf {x} {y} Td ({words}) Tj {after} ET Q"


def white(rect: tuple[float, float, float, float]) -> str:
    """Content that paints over a rectangle, and leaves the colour black."""
    left, bottom, right, top = rect
    return f"1 g {left} {bottom} {right - left} {top - bottom} re f 0 g "


def one_glyph(shape: bytes, before: str = "") -> Forge:
    """Writes the title in a Type 3 font whose glyphs are all this one, mapped to Unicode as if they were letters.

    Args:
        shape: the glyph's content.
        before: content within the text object, before its font.
    """

    def forge(pdf: pikepdf.Pdf) -> None:
        codes = sorted({ord(char) for char in TITLE})
        glyph = pdf.make_stream(shape)
        lines = "".join(f"<{code:02X}> <{code:04X}>\n" for code in codes)
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "1 begincodespacerange <00> <FF> endcodespacerange\n"
            f"{len(codes)} beginbfchar\n{lines}endbfchar\nendcmap end end"
        )
        differences: list[object] = []
        for code in codes:
            differences += [code, Name(f"/g{code}")]
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, 0, 1000, 1000]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=Dictionary({f"/g{code}": glyph for code in codes}),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array(differences)),
            FirstChar=codes[0],
            LastChar=codes[-1],
            Widths=Array([600] * (codes[-1] - codes[0] + 1)),
            ToUnicode=pdf.make_stream(cmap.encode()),
        )
        pdf.pages[0].add_resource(font, Name.Font, Name("/PithB"))
        draw(text(TITLE, before=before).replace("/PithA", "/PithB"))(pdf)

    return forge


def annotate(*, page: int = 1, rect: tuple[float, ...], appearance: str = "", **entries: object) -> Forge:
    """Puts an annotation on top of a page, with an appearance if there is one; /PithA is Helvetica."""

    def forge(pdf: pikepdf.Pdf) -> None:
        annotation = Dictionary(Type=Name.Annot, Rect=Array(list(rect)), **{"F": 4, **entries})
        if appearance:
            form = pdf.make_stream(appearance.encode("latin-1"))
            form.Type, form.Subtype = Name.XObject, Name.Form
            form.BBox = Array([0, 0, rect[2] - rect[0], rect[3] - rect[1]])
            helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            form.Resources = Dictionary(Font=Dictionary(PithA=helvetica))
            annotation.AP = Dictionary(N=form)
        annotation = pdf.make_indirect(annotation)
        if entries.get("Subtype") == Name.Widget:
            pdf.Root.AcroForm = Dictionary(Fields=Array([annotation]))
        target = pdf.pages[page - 1]
        if "/Annots" not in target:
            target.Annots = Array()
        target.Annots.append(annotation)

    return forge


# --- Papers that carry a badge that is not theirs

_PREAMBLE = "\\documentclass{article}\n\\usepackage{hyperref,pith}\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n"
_BODY = "\\begin{abstract}We cache.\\end{abstract}\n\\section{Introduction} " + "Words about caches. " * 60


@functools.cache
def thief(
    title: str = "A Quite Different Paper on Caching", body: str = _BODY, more: str = "", *, runs: int = 1
) -> bytes:
    """A paper compiled with the `pith.sty` of another: the badge is genuine, and stolen."""
    package = (ROOT / "examples" / "sparsex" / "pith.sty").read_text(encoding="ascii")
    front = f"\\title{{{title}}}\\author{{A. Thief}}\\date{{}}\\begin{{document}}\\maketitle\n"
    with tempfile.TemporaryDirectory() as folder:
        source = f"{_PREAMBLE}{more}{front}{body}\\end{{document}}\n"
        result = compile_tex(Path(folder), source, sty=package, runs=runs)
        if result.returncode:
            raise RuntimeError(result.log[-2000:])
        return result.pdf.read_bytes()


def untitled() -> bytes:
    """The thief's paper without a title of its own: what else shows one is the page's."""
    return thief(title="\\mbox{}")


def body_with(words: str) -> str:
    """The thief's text, with something put before it."""
    return f"{words}\n{_BODY}"


def stolen(name: str, attack: str, forge: Forge, word: Word, *findings: str) -> Forgery:
    """A forgery that starts from the thief's paper, whose own title he has taken off the page."""
    return edited(name, attack, forge, word, *findings, source=untitled)


def printed(name: str, attack: str, word: Word, *findings: str, **paper_parts: Any) -> Forgery:
    """A forgery that TeX sets: the thief's paper with another title or body."""
    return Forgery(name=name, attack=attack, make=lambda: thief(**paper_parts), word=word, findings=findings)


# --- Bytes


def update(data: bytes, objects: dict[int, bytes], trailer: str = "") -> bytes:
    """Appends an incremental update (ISO 32000-1, 7.5.6) to a file with a classic cross-reference table."""
    out = bytearray(data)
    table = []
    for number, body in sorted(objects.items()):
        table.append(f"{number} 1\n{len(out):010} 00000 n \n")
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    previous = int(data.rpartition(b"startxref")[2].split()[0])
    last = data.rpartition(b"trailer")[2].partition(b"startxref")[0].decode("latin-1")
    entries = last.strip().removeprefix("<<").removesuffix(">>")
    out += f"xref\n{''.join(table)}trailer\n<<{entries} {trailer} /Prev {previous} >>\n".encode("latin-1")
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def plain(data: bytes) -> bytes:
    """The same file without object streams, so that it can be updated by appending."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(
            out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True, fix_metadata_version=False
        )
        return out.getvalue()


def number_of(data: bytes, pick: Callable[[pikepdf.Pdf], pikepdf.Object]) -> int:
    """The object number of something in a file."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return pick(pdf).objgen[0]
