"""Forged structure: updates that shadow, keys given twice, pages that are not what they seem."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries import kit
from tests.forgeries.kit import (
    FULL,
    OTHER_FULL,
    RECEIPT,
    SUFFIX,
    TITLE,
    Forge,
    Forgery,
    all_of,
    draw,
    edited,
    stolen,
    text,
)

INVALID, VALID, UNBOUND = Word.INVALID, Word.VALID, Word.UNBOUND


def _updated(name: str, attack: str, make: Callable[[], bytes], word: Word, *findings: str) -> Forgery:
    return Forgery(name=name, attack=attack, make=make, word=word, findings=findings)


def _replace(pick: Callable[[pikepdf.Pdf], pikepdf.Object], body: bytes, data: bytes | None = None) -> bytes:
    """The paper, with one object of it replaced by an incremental update."""
    base = kit.plain(kit.paper() if data is None else data)
    return kit.update(base, {kit.number_of(base, pick): body})


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def _info(*entries: tuple[str, str]) -> bytes:
    body = "<< " + " ".join(f"/{key} ({value})" for key, value in entries) + " >>"
    return _replace(lambda pdf: pdf.trailer.Info, body.encode())


def _link() -> bytes:
    uri = kit.link_to(SUFFIX, RECEIPT, "https://pith.science.example.com")
    rect = " ".join(map(str, kit.BADGE))
    body = f"<< /Type /Annot /Subtype /Link /NM (pith-badge-1) /F 4 /Rect [{rect}] /A << /S /URI /URI ({uri}) >> >>"
    return _replace(kit.badge_link, body.encode())


def _metadata() -> bytes:
    with pikepdf.open(kit.PAPER) as pdf:
        packet = pdf.Root.Metadata.read_bytes().replace(FULL.encode(), OTHER_FULL.encode())
    return _replace(lambda pdf: pdf.Root.Metadata, _stream(b"/Type /Metadata /Subtype /XML", packet))


def _content() -> bytes:
    words = b"BT /F33 17 Tf 100 674 Td (On something else that is not this) Tj ET"
    return _replace(lambda pdf: pdf.pages[0].Contents, _stream(b"", words))


def _trailer_without_info() -> bytes:
    """The newest trailer names no Info; readers that go back to the first revision find one, and it is forged."""
    data = kit.plain(kit.change(kit.paper(), kit.set_info("/PithNumber", OTHER_FULL)))
    updated = _replace(lambda pdf: pdf.Root.Names, b"<< >>", data)
    head, _, tail = updated.rpartition(b"trailer")
    reference = b"/Info %d 0 R" % kit.number_of(data, lambda pdf: pdf.trailer.Info)
    assert reference in tail
    return head + b"trailer" + tail.replace(reference, b"")


_UPDATES = (
    _updated(
        "Info shadowed by an update",
        "An incremental update behind the file replaces Info.",
        lambda: _info(("PithNumber", OTHER_FULL), ("PithReceipt", RECEIPT)),
        INVALID,
        "channel-conflict",
    ),
    _updated("link shadowed by an update", "An update replaces the badge's link.", _link, INVALID, "look-alike-host"),
    _updated("XMP shadowed by an update", "An update replaces the packet.", _metadata, INVALID, "channel-conflict"),
    _updated(
        "page shadowed by an update",
        "An update replaces the content of page 1 by another paper's.",
        _content,
        UNBOUND,
        "title-not-shown",
    ),
    _updated(
        "Info left behind by an update",
        "The newest revision has no Info; a forged one stands in the first revision, which is not the document.",
        _trailer_without_info,
        VALID,
    ),
    _updated(
        "number given twice in Info",
        "One dictionary gives the key twice; readers differ on which counts.",
        lambda: _info(("PithNumber", OTHER_FULL), ("PithNumber", FULL), ("PithReceipt", RECEIPT)),
        INVALID,
        "channel-duplicate",
    ),
)


def _pages(key: str, value: object) -> Forge:
    return lambda pdf: pdf.pages[0].obj.__setitem__(key, value)


def _uncounted() -> bytes:
    """The page tree's count is one more than it has pages, and page 1 shows the title."""

    def append(pdf: pikepdf.Pdf) -> None:
        pdf.add_blank_page(page_size=(595, 842))
        words = text("Here follow words about caches. " * 3, size=10, y=700)
        draw(words, page=len(pdf.pages))(pdf)
        draw(text(TITLE))(pdf)

    data = kit.change(kit.untitled(), append)
    with pikepdf.open(io.BytesIO(kit.plain(data))) as pdf:
        kids = b" ".join(b"%d 0 R" % page.objgen[0] for page in pdf.pages)
    return _replace(lambda pdf: pdf.Root.Pages, b"<< /Type /Pages /Kids [%s] /Count 3 >>" % kids, data)


def _speck(pdf: pikepdf.Pdf) -> None:
    """A page of five metres, on which all text is a speck, and what is seen is drawn."""
    page = pdf.pages[0]
    page.MediaBox = Array([0, 0, 14400, 14400])
    page.Contents = pdf.make_stream(b"0.2 g 2000 9000 9000 900 re f")
    draw(text(TITLE, x=300, y=14000))(pdf)


def _owner_password(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=""))
        return out.getvalue()


def _twice(entry: str, add: Callable[[pikepdf.Pdf], None]) -> Callable[[], bytes]:
    """The thief's paper with an entry given twice: `add` writes the second with a last letter that is not its own."""

    def make() -> bytes:
        data = kit.plain(kit.change(kit.untitled(), all_of(draw(""), add)))
        odd = f"/{entry[:-1]}~".encode()
        assert data.count(odd) == 1
        return data.replace(odd, f"/{entry}".encode())

    return make


def _second_content(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj["/Content~"] = pdf.make_stream(text(TITLE, y=700).encode())


def _second_form(pdf: pikepdf.Pdf) -> None:
    def form(content: str) -> pikepdf.Object:
        fonts = pdf.pages[0].obj.Resources.Font
        entries = {"BBox": Array([0, 0, 612, 792]), "Resources": Dictionary(Font=fonts)}
        return pdf.make_stream(content.encode(), Type=Name.XObject, Subtype=Name.Form, **entries)

    forms = Dictionary({"/PithForm": form(""), "/PithFor~": form(text(TITLE, y=700))})
    resources = pdf.pages[0].obj.Resources
    resources.XObject = pdf.make_indirect(forms)
    pdf.pages[0].contents_add(b"/PithForm Do")


_PAGES = (
    _updated(
        "page with two contents",
        "The page gives its content twice: some readers draw the thief's paper, others the title.",
        _twice("Contents", _second_content),
        UNBOUND,
        "changing-document",
    ),
    _updated(
        "page with two forms of one name",
        "The page's resources give a name twice: some readers draw the title there, others nothing.",
        _twice("PithForm", _second_form),
        UNBOUND,
        "changing-document",
    ),
    _updated(
        "pages that readers count differently",
        "The page tree's count is wrong, so that readers differ on which pages there are.",
        _uncounted,
        UNBOUND,
        "changing-document",
    ),
    stolen(
        "title as a speck", "The page is five metres high, the title 18 points.", _speck, UNBOUND, "title-not-shown"
    ),
    stolen(
        "title on a page of no size",
        "The page's box is empty, and viewers choose another.",
        all_of(draw(text(TITLE, y=900)), _pages("/MediaBox", Array([0, 0, 0, 0]))),
        UNBOUND,
        "title-not-shown",
    ),
    stolen(
        "title on a turned page",
        "The page is turned, so that the title stands on its head.",
        all_of(draw(text(TITLE)), _pages("/Rotate", 180)),
        UNBOUND,
        "title-not-shown",
    ),
    edited(
        "page box with its corners reversed",
        "The page's box gives its corners in the other order, which is allowed.",
        _pages("/MediaBox", Array([595.276, 841.89, 0, 0])),
        VALID,
    ),
    edited("page in other units", "The page's unit is ten points.", _pages("/UserUnit", 10), VALID),
    edited(
        "an old trailer's keys in the catalog",
        "The catalog pretends to be Info.",
        lambda pdf: pdf.Root.__setitem__("/Info", Dictionary(PithNumber=OTHER_FULL, Type=Name.Info)),
        VALID,
    ),
    _updated(
        "encrypted without a password",
        "The file is encrypted, and opens without a password: no forgery.",
        lambda: _owner_password(kit.paper()),
        VALID,
    ),
    _updated(
        "junk around the file",
        "Other bytes stand before and behind the file.",
        lambda: b"GIF89a" * 50 + kit.paper() + b"\0" * 500,
        VALID,
    ),
)

FORGERIES = (*_UPDATES, *_PAGES)
