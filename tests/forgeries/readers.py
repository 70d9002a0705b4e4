"""Stolen badges on pages that two readers draw in two ways, and only one of them with the title."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries import kit
from tests.forgeries.kit import TITLE, Forge, Forgery, all_of, annotate, draw, stolen, text

UNBOUND, VALID = Word.UNBOUND, Word.VALID
CHANGING, NOT_SHOWN, HIDDEN = "changing-document", "title-not-shown", "hidden-badge"
_BOX = Array([0, 0, 612, 842])
_WHITE = b"1 g 0 770 612 40 re f"
SHOWN: Forge = draw(text(TITLE))


def _form(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> pikepdf.Object:
    return pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=_BOX, **entries)


def _add(pdf: pikepdf.Pdf, form: pikepdf.Object) -> None:
    pdf.pages[0].add_resource(form, Name.XObject, Name("/PithForm"))
    draw("/PithForm Do")(pdf)


def _made(name: str, attack: str, make: Callable[[], bytes], word: Word = UNBOUND, *findings: str) -> Forgery:
    return Forgery(name=name, attack=attack, make=make, word=word, findings=findings)


# --- Entries that are given twice: a mark at the name's end is taken off when the file is written


def _twice(*forges: Forge) -> Callable[[], bytes]:
    """The thief's paper in which every entry whose name ends in `~` gets the name without: some dictionary has two."""

    def make() -> bytes:
        data = kit.plain(kit.change(kit.untitled(), all_of(*forges)))
        assert b"~ " in data
        return data.replace(b"~ ", b"  ")

    return make


def _inner_form(pdf: pikepdf.Pdf) -> None:
    """In a form in a form, a name stands for an empty form and for a white one."""
    forms = Dictionary({"/A": _form(pdf, _WHITE), "/A~": _form(pdf, b"")})
    middle = _form(pdf, b"/A Do", Resources=Dictionary(XObject=forms))
    _add(pdf, _form(pdf, b"/B Do", Resources=Dictionary(XObject=Dictionary(B=middle))))


def _inherited_form(pdf: pikepdf.Pdf) -> None:
    """The same in the resources that the page has from the page tree."""
    draw("/PithForm Do")(pdf)
    page = pdf.pages[0].obj
    resources = page.Resources
    forms = Dictionary({"/PithForm": _form(pdf, _WHITE), "/PithForm~": _form(pdf, b"")})
    del page["/Resources"]
    page.Parent.Resources = pdf.make_indirect(resources)
    resources.XObject = forms


def _stamp(**looks: object) -> Forge:
    """A stamp over the title with some appearance, whose entries are functions of the file."""

    def forge(pdf: pikepdf.Pdf) -> None:
        annotate(rect=(30, 770, 590, 800), Subtype=Name.Stamp)(pdf)
        entries = {f"/{key}": value(pdf) if callable(value) else value for key, value in looks.items()}
        pdf.pages[0].Annots[-1].AP = Dictionary(entries)

    return forge


def _picture(content: bytes) -> Callable[[pikepdf.Pdf], pikepdf.Object]:
    def make(pdf: pikepdf.Pdf) -> pikepdf.Object:
        return pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 560, 30]))

    return make


def _two_boxes(pdf: pikepdf.Pdf) -> None:
    """The stamp's place is given twice: over the title, and elsewhere."""
    _stamp(N=_picture(b"1 g 0 0 560 30 re f"))(pdf)
    pdf.pages[0].Annots[-1]["/Rect~"] = Array([0, 0, 10, 10])


def _inner_picture(pdf: pikepdf.Pdf) -> None:
    """In the stamp's appearance, a name stands for an empty form and for a white one."""

    def look(pdf: pikepdf.Pdf) -> pikepdf.Object:
        made = _picture(b"/A Do")(pdf)
        forms = Dictionary({"/A": _picture(b"1 g 0 0 560 30 re f")(pdf), "/A~": _picture(b"")(pdf)})
        made.Resources = Dictionary(XObject=forms)
        return made

    _stamp(N=look)(pdf)


def _mask(pdf: pikepdf.Pdf) -> None:
    """A soft mask's group is given twice: what it hides from some covers the title for others."""

    def group(content: bytes) -> pikepdf.Object:
        return _form(pdf, content, Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray))

    masks = Dictionary({"/S": Name.Luminosity, "/G": group(b"1 g 0 0 612 842 re f"), "/G~": group(b"0 g")})
    state = Dictionary(Type=Name.ExtGState, SMask=masks)
    pdf.pages[0].add_resource(state, Name.ExtGState, Name("/PithState"))
    draw(f"/PithState gs {_WHITE.decode()}")(pdf)


def _neighbour(pdf: pikepdf.Pdf) -> None:
    """The title stands on the page after the badge's, which has two contents."""
    pdf.add_blank_page(page_size=(595, 842))
    number = len(pdf.pages)
    draw(text(TITLE) + text("Words about caches. " * 4, size=9, y=600), page=number)(pdf)
    page = pdf.pages[-1].obj
    page["/Contents~"] = page.Contents
    page["/Contents"] = pdf.make_stream(b"")


_TWICE = (
    _made(
        "form in a form given twice",
        "In a form's form a name stands for two forms, one of which covers the title.",
        _twice(SHOWN, _inner_form),
        UNBOUND,
        CHANGING,
    ),
    _made(
        "form given twice in the page tree",
        "Resources that the page has from the page tree give a name twice; one form covers the title.",
        _twice(SHOWN, _inherited_form),
        UNBOUND,
        CHANGING,
    ),
    _made(
        "form given twice in a stamp",
        "In the picture of a stamp over the title a name stands for two forms.",
        _twice(SHOWN, _inner_picture),
        UNBOUND,
        CHANGING,
    ),
    _made(
        "stamp with two places",
        "A stamp's place is given twice, once over the title.",
        _twice(SHOWN, _two_boxes),
        UNBOUND,
        CHANGING,
    ),
    _made(
        "soft mask given twice",
        "A soft mask's group is given twice; with one the title is covered.",
        _twice(SHOWN, _mask),
        UNBOUND,
        CHANGING,
    ),
    _made(
        "next page with two contents",
        "The title stands on the page after the badge's, whose content is given twice.",
        _twice(_neighbour),
        UNBOUND,
        CHANGING,
    ),
)

# --- Boxes


def _boxes(**entries: object) -> Forge:
    """Sets boxes of page 1, as tokens: `!` stands for what pikepdf would not write."""

    def forge(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        for key, value in entries.items():
            if value is None:
                del page[f"/{key}"]
            else:
                page[f"/{key}"] = value

    return forge


def _tokens(box: bytes) -> Callable[[], bytes]:
    """The thief's paper with a page box that pikepdf would not write."""

    def make() -> bytes:
        mark = b"(a place for the box)"
        data = kit.plain(kit.change(kit.untitled(), all_of(SHOWN, _boxes(CropBox=String(mark[1:-1])))))
        assert data.count(mark) == 1
        return data.replace(mark, box.ljust(len(mark)))

    return make


def _two_parents(pdf: pikepdf.Pdf) -> None:
    """The page stands below one node, and names another as its parent: the box depends on the way there."""
    page = pdf.pages[0].obj
    root = pdf.Root.Pages
    below = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([page]), Count=1, Parent=root))
    below.CropBox = Array([0, 0, 612, 760])
    root.Kids[0] = below
    page.Parent = root


def _art_only(pdf: pikepdf.Pdf) -> None:
    pdf.Root.ViewerPreferences = Dictionary(ViewArea=Name.ArtBox, PrintArea=Name.ArtBox)


_BOXES = (
    _made(
        "page box that is not an array",
        "The crop box is a name, which readers take for nothing or for none.",
        _tokens(b"/None"),
        UNBOUND,
        CHANGING,
    ),
    _made("page box of three numbers", "The crop box has three numbers.", _tokens(b"[0 0 612]"), UNBOUND, CHANGING),
    _made(
        "page box with a broken number",
        "A number of the crop box has two signs.",
        _tokens(b"[0 0 612 --760]"),
        UNBOUND,
        CHANGING,
    ),
    _made(
        "page box with a broken fraction",
        "A number of the crop box has two points.",
        _tokens(b"[0 0 612 7.6.0]"),
        UNBOUND,
        NOT_SHOWN,
        HIDDEN,
    ),
    _made(
        "page box with a huge number",
        "A number of the crop box is larger than 32 bits.",
        _tokens(b"[0 0 9 4294968056]"),
        UNBOUND,
        CHANGING,
    ),
    _made(
        "page box with a null", "One of the crop box's numbers is null.", _tokens(b"[0 0 612 null]"), UNBOUND, CHANGING
    ),
    stolen(
        "page without a box",
        "No node says how large the page is.",
        all_of(SHOWN, _boxes(MediaBox=None)),
        UNBOUND,
        CHANGING,
    ),
    stolen(
        "crop box beside the page",
        "The crop box lies beside the media box, and readers take one or the other.",
        all_of(SHOWN, _boxes(CropBox=Array([1000, 1000, 1612, 1842]))),
        UNBOUND,
        NOT_SHOWN,
        HIDDEN,
    ),
    stolen(
        "crop box without size",
        "The crop box is empty, and readers take another.",
        all_of(SHOWN, _boxes(CropBox=Array([0, 0, 612, 0]))),
        UNBOUND,
        CHANGING,
    ),
    stolen(
        "page turned by a bit",
        "The page is turned by 181 degrees, and readers take a half or nothing of it.",
        all_of(draw(text(TITLE).replace("40 780 Td", "-1 0 0 -1 572 80 Tm")), _boxes(Rotate=181)),
        UNBOUND,
        CHANGING,
    ),
    stolen(
        "page of which a part is shown",
        "A viewer's preference shows the art box alone, which leaves the title out.",
        all_of(SHOWN, _boxes(ArtBox=Array([0, 0, 612, 760])), _art_only),
        UNBOUND,
        CHANGING,
    ),
    stolen(
        "page with two parents",
        "The page names another parent than it stands below, and has its crop box from one of them.",
        all_of(SHOWN, _two_parents),
        UNBOUND,
        CHANGING,
    ),
)

# --- Contents


def _content(**entries: object) -> Forge:
    """A second content stream, which covers the title where it can be decoded."""

    def forge(pdf: pikepdf.Pdf) -> None:
        SHOWN(pdf)
        page = pdf.pages[0].obj
        whole = pdf.make_stream(
            pikepdf.Page(page).Contents.read_bytes()
            if not isinstance(page.Contents, Array)
            else b"\n".join(part.read_bytes() for part in page.Contents)
        )
        cover = pdf.make_stream(b"")
        given = dict(entries)  # a forgery is made more than once
        cover.write(given.pop("data", b"q " + _WHITE + b" Q"), filter=given.pop("filter", None))  # type: ignore[arg-type]
        for key, value in given.items():
            cover[f"/{key}"] = value
        page.Contents = Array([whole, pdf.make_indirect(cover)])

    return forge


def _contents(*more: object) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        SHOWN(pdf)
        page = pdf.pages[0].obj
        whole = page.Contents if isinstance(page.Contents, Array) else Array([page.Contents])
        page.Contents = Array([*whole, *(part(pdf) if callable(part) else part for part in more)])

    return forge


_LENGTHY = b"q " + b" " * 983 + _WHITE + b" Q"


def _wrong_length() -> bytes:
    """The length of a stream that covers the title is too small."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(kit.change(kit.untitled(), _contents(lambda pdf: pdf.make_stream(_LENGTHY))))) as pdf:
        modes = {
            "object_stream_mode": pikepdf.ObjectStreamMode.disable,
            "compress_streams": False,
            "stream_decode_level": pikepdf.StreamDecodeLevel.generalized,
        }
        pdf.save(out, deterministic_id=True, **modes)
    data, length = out.getvalue(), b"/Length %d" % len(_LENGTHY)
    assert data.count(length) == 1
    return data.replace(length, b"/Length 2".ljust(len(length)))


_BAD = zlib.compress(b"q " + _WHITE + b" Q" + b" " * 4000)
_CONTENTS = (
    stolen(
        "cover with an unknown filter",
        "A content stream that covers the title has a filter that few know.",
        _content(Filter=Name.BrotliDecode),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "cover with a short filter name",
        "Its filter has the name that only inline pictures may use.",
        _content(data=zlib.compress(b"q " + _WHITE + b" Q"), Filter=Name.Fl),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "cover with a damaged filter",
        "Its compressed data are damaged at their end; some draw what comes before.",
        _content(data=_BAD[:-9] + b"\xff" * 9, filter=Name.FlateDecode),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "cover in another file",
        "Its data stand in another file, which some readers fetch.",
        _content(data=b" ", F=String("cover.bin")),
        UNBOUND,
        CHANGING,
    ),
    stolen(
        "cover with odd parameters",
        "Its predictor is one that readers know or not.",
        _content(
            data=zlib.compress(b"q " + _WHITE + b" Q"), Filter=Name.FlateDecode, DecodeParms=Dictionary(Predictor=7)
        ),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "content that is not a stream",
        "The page's content is an array with a dictionary in it; some draw nothing then.",
        _contents(Dictionary()),
        UNBOUND,
        CHANGING,
    ),
    stolen(
        "content in an array of arrays",
        "The cover stands in an array in the content's array.",
        _contents(lambda pdf: Array([pdf.make_stream(_WHITE)])),
        UNBOUND,
        CHANGING,
    ),
    _made(
        "cover with a wrong length",
        "Its length is too small; readers mend it or not.",
        _wrong_length,
        UNBOUND,
        NOT_SHOWN,
    ),
)

# --- What stands for something else


def _unboxed(pdf: pikepdf.Pdf) -> None:
    """A white form over the title, which says not where it ends."""
    form = pdf.make_stream(_WHITE, Type=Name.XObject, Subtype=Name.Form)
    _add(pdf, form)


def _alternate(pdf: pikepdf.Pdf) -> None:
    """A picture beside the title, for which another is printed."""
    look = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8}
    other = pdf.make_stream(b"\xff", ColorSpace=Name.DeviceGray, **look)
    picture = pdf.make_stream(b"\xff", ColorSpace=Name.DeviceGray, **look)
    mask = pdf.make_stream(b"\0", ColorSpace=Name.DeviceGray, **look)
    picture.SMask = mask
    picture.Alternates = Array([Dictionary(Image=other, DefaultForPrinting=True)])
    pdf.pages[0].add_resource(picture, Name.XObject, Name("/PithForm"))
    draw("q 612 0 0 40 0 770 cm /PithForm Do Q")(pdf)


def _reference(pdf: pikepdf.Pdf) -> None:
    """An empty form, for which some readers show a page of another file."""
    _add(pdf, _form(pdf, b"", Ref=Dictionary(F=String("cover.pdf"), Page=0)))


def _transfer(pdf: pikepdf.Pdf) -> None:
    """A function that makes black white, for readers that heed it."""
    turned = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([1]), N=1)
    pdf.pages[0].add_resource(Dictionary(Type=Name.ExtGState, TR=turned), Name.ExtGState, Name("/PithState"))
    draw(f"/PithState gs {text(TITLE)}")(pdf)


def _stand_in(name: str, attack: str, forge: Forge, finding: str) -> Forgery:
    return stolen(name, attack, all_of(SHOWN, forge), UNBOUND, finding)


_STAND_INS = (
    _stand_in(
        "form without a box", "A white form over the title has no box, and readers draw it or not.", _unboxed, NOT_SHOWN
    ),
    _stand_in(
        "picture with an alternate", "For a clear picture over the title a white one is printed.", _alternate, CHANGING
    ),
    _stand_in(
        "form for a page of another file", "In an empty form's place some show another file.", _reference, CHANGING
    ),
    stolen(
        "title through a transfer function", "A function makes the title white for some.", _transfer, UNBOUND, NOT_SHOWN
    ),
)

# --- Pictures that readers draw or not


def _picture_over(data: bytes, **entries: object) -> Forge:
    """A picture over the title, which PDFium does not draw; an entry that is None is left out."""

    def forge(pdf: pikepdf.Pdf) -> None:
        SHOWN(pdf)
        plain = {"Width": 8, "Height": 8, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
        picture = pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image)
        for key, value in {**plain, **entries}.items():
            if value is not None:
                picture[f"/{key}"] = value(pdf) if callable(value) else value
        pdf.pages[0].add_resource(picture, Name.XObject, Name("/PithPicture"))
        draw("q 612 0 0 40 0 770 cm /PithPicture Do Q")(pdf)

    return forge


def _clear(pdf: pikepdf.Pdf) -> pikepdf.Object:
    look = {"Width": 8, "Height": 8, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    return pdf.make_stream(b"\0" * 64, Type=Name.XObject, Subtype=Name.Image, **look)


_WHITE_DOTS = b"\xff" * 64
_PICTURES = tuple(
    stolen(
        f"picture {name}",
        f"A white picture over the title {attack}.",
        _picture_over(data, **entries),
        UNBOUND,
        NOT_SHOWN if "Filter" in entries else CHANGING,  # what a coded picture covers is not seen
    )
    for name, attack, data, entries in (
        ("in no JPEG 2000", "has data that few can decode", b"garbage", {"Filter": Name.JPXDecode}),
        ("in no JPEG", "has damaged data", b"\xff\xd8garbage", {"Filter": Name.DCTDecode}),
        ("of an unknown colour space", "names no colour space of the format", _WHITE_DOTS, {"ColorSpace": Name.White}),
        ("without a colour space", "has no colour space", _WHITE_DOTS, {"ColorSpace": None}),
        ("of three bits", "has three bits for a dot", _WHITE_DOTS, {"BitsPerComponent": 3}),
        ("with two masks", "has a clear soft mask, and another", _WHITE_DOTS, {"SMask": _clear, "Mask": Array([1, 2])}),
        ("of no width", "has no width", _WHITE_DOTS, {"Width": 0}),
        ("of a huge size", "is larger than many can draw", _WHITE_DOTS, {"Width": 100_000, "Height": 100_000}),
    )
)

FORGERIES = (*_TWICE, *_BOXES, *_CONTENTS, *_STAND_INS, *_PICTURES)
