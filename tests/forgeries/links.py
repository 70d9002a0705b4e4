"""Forged badges: where the link leads, what a click does, what lies over it, and several of them."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries import kit
from tests.forgeries.kit import (
    BADGE,
    OTHER_RECEIPT,
    OTHER_SUFFIX,
    RECEIPT,
    SUFFIX,
    Forge,
    Forgery,
    all_of,
    annotate,
    badge_link,
    edited,
    link_to,
    no_info,
    no_links,
    no_xmp,
    set_link,
    set_uri,
    stolen,
)

INVALID, VALID, UNBOUND, UNVERIFIED = Word.INVALID, Word.VALID, Word.UNBOUND, Word.UNVERIFIED
BESIDE = (BADGE[2] + 20, BADGE[1], BADGE[2] + 100, BADGE[3])
"""The same height, to the right of the badge."""
_IN_PLACE = kit.white(BADGE) + kit.text("pith:EL6A4QOT", size=7, x=BADGE[0] + 4, y=BADGE[1] + 5)
"""The badge's text painted over, and another number printed there."""


def _host(name: str, attack: str, host: str) -> Forgery:
    return edited(name, attack, set_uri(link_to(SUFFIX, RECEIPT, host)), INVALID, "look-alike-host")


def _address(name: str, attack: str, uri: str) -> Forgery:
    return edited(name, attack, set_uri(uri), INVALID, "channel-malformed")


_ADDRESSES = (
    _host("link to a subdomain trick", "The host begins with the registry's name.", "https://pith.science.example.com"),
    _host("link to a longer name", "The host ends with the registry's name.", "https://notpith.science"),
    _host(
        "link to an IDN homograph", "A letter of the host is one that looks the same.", "https://xn--pth-7la.science"
    ),
    _host("link with user information", "The registry's name is a user name.", "https://pith.science@example.com"),
    _host("link with a port", "The host is the registry's, with a port.", "https://pith.science:8443"),
    _host("link with a dot behind", "The host has a dot at its end.", "https://pith.science."),
    _host("link over http", "The link is not encrypted.", "http://pith.science"),
    _host("link by another scheme", "The link is to a script that names the registry.", "javascript://pith.science"),
    edited(
        "link with raw Cyrillic",
        "The host has a Cyrillic letter, not in Punycode.",
        set_uri(link_to(SUFFIX, RECEIPT, "https://p\u0456th.science")),
        INVALID,
        "channel-malformed",
    ),
    _address(
        "link with a backslash",
        "A backslash hides where the host ends.",
        f"https://pith.science\\@example.com/pith/{SUFFIX}",
    ),
    _address(
        "link with a query",
        "A query asks the registry's page to lead elsewhere.",
        f"https://pith.science/pith/{SUFFIX}?next=//example.com",
    ),
    _address(
        "link to a deeper path", "The path goes on behind the number.", f"https://pith.science/pith/{SUFFIX}/../x"
    ),
    _address("link in lower case", "The link's number is in lower case.", link_to(SUFFIX.lower(), RECEIPT)),
)


def _script() -> pikepdf.Object:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _launch() -> pikepdf.Object:
    return Dictionary(S=Name.Launch, F=String("calc.exe"))


def _click(name: str, attack: str, forge: Forge) -> Forgery:
    return edited(name, attack, forge, INVALID, "channel-malformed")


_ACTIONS = (
    _click("link that runs a script", "The badge runs JavaScript.", set_link("/A", _script)),
    _click("link that starts a program", "The badge launches a program.", set_link("/A", _launch)),
    _click(
        "link that opens another file",
        "The badge opens another PDF.",
        set_link("/A", lambda: Dictionary(S=Name.GoToR, F=String("other.pdf"), D=Array([0, Name.Fit]))),
    ),
    _click(
        "link with a second action",
        "After the registry's page the badge runs a script.",
        lambda pdf: badge_link(pdf).A.__setitem__("/Next", _script()),
    ),
    _click(
        "script under the pointer",
        "The badge runs a script when the pointer enters it.",
        set_link("/AA", lambda: Dictionary(E=_script())),
    ),
    _click(
        "link with a destination as well",
        "The badge has an address and a destination in the file; readers differ on which counts.",
        set_link("/Dest", String("section.1")),
    ),
)


def _other_link(rect: tuple[float, ...], uri: str, **entries: object) -> Forge:
    action = Dictionary(S=Name.URI, URI=String(uri))
    return annotate(rect=rect, Subtype=Name.Link, Border=Array([0, 0, 0]), A=action, **entries)


def _second_badge(pdf: pikepdf.Pdf) -> None:
    _other_link(BESIDE, link_to(OTHER_SUFFIX, OTHER_RECEIPT), NM=String("pith-badge-1"))(pdf)


def _visible_other(pdf: pikepdf.Pdf) -> None:
    """The badge that can be seen is another number's; the one by name has no size."""
    kit.draw(kit.text("pith:EL6A4QOT", size=10, x=BESIDE[0] + 2, y=BESIDE[1] + 3))(pdf)
    _other_link(BESIDE, link_to(OTHER_SUFFIX, OTHER_RECEIPT))(pdf)
    badge_link(pdf).Rect = Array([0, 0, 0, 0])


_OVERLAYS = (
    edited(
        "a second link over the badge",
        "A link to another host lies over the badge and takes the click.",
        _other_link(BADGE, "https://example.com/pith"),
        INVALID,
        "badge-covered",
    ),
    edited(
        "a large link over the badge",
        "A link to another host lies over the whole page.",
        _other_link((0, 0, 595, 842), "https://example.com/"),
        INVALID,
        "badge-covered",
    ),
    edited(
        "a button over the badge",
        "A form's button lies over the badge and runs a script.",
        annotate(rect=BADGE, Subtype=Name.Widget, FT=Name.Btn, T=String("b"), A=_script()),
        INVALID,
        "badge-covered",
    ),
    edited(
        "another number drawn over the badge",
        "A stamp whose picture shows another number covers the badge.",
        annotate(
            rect=BADGE,
            Subtype=Name.Stamp,
            appearance="1 g 0 0 70 20 re f 0 g BT /PithA 7 Tf 4 4 Td (pith:EL6A4QOT) Tj ET",
        ),
        INVALID,
        "badge-covered",
    ),
    edited(
        "another number printed beside the badge",
        "The badge's text is painted over, and another number printed there.",
        kit.draw(_IN_PLACE),
        INVALID,
        "channel-conflict",
    ),
    edited(
        "another number printed further up",
        "The badge is as it was, and another number is printed at the top of the page.",
        kit.draw(kit.text("pith:EL6A4QOT", size=8, x=420, y=720)),
        INVALID,
        "channel-conflict",
    ),
    edited(
        "hidden genuine badge, visible other",
        "The badge that readers see is another number's; the genuine one has no size.",
        _visible_other,
        UNBOUND,
        "hidden-badge",
        "title-not-shown",
    ),
    edited(
        "hidden badge",
        "The badge's link is hidden: a reader cannot click what is checked.",
        set_link("/F", 2),
        VALID,
        "hidden-badge",
    ),
    edited(
        "badge with its corners reversed",
        "The rectangle's corners stand in the other order, which is allowed.",
        set_link("/Rect", Array([BADGE[2], BADGE[3], BADGE[0], BADGE[1]])),
        VALID,
    ),
)

_FOOT = Array([300, 60, 360, 72])

_MOVED = (
    edited(
        "badge moved to the foot",
        "The link stands at the foot of the page, and where the badge was another number is printed.",
        all_of(set_link("/Rect", _FOOT), kit.draw(_IN_PLACE)),
        INVALID,
        "channel-conflict",
    ),
    edited(
        "badge moved beside another number",
        "The link stands at the foot of the page, beside another number that is printed there.",
        all_of(set_link("/Rect", _FOOT), kit.draw(kit.white(BADGE) + kit.text("pith:EL6A4QOT", size=9, x=365, y=63))),
        INVALID,
        "channel-conflict",
    ),
    edited(
        "badge moved beside another number, its text in place",
        "The same, and the badge's own text is still there.",
        all_of(set_link("/Rect", _FOOT), kit.draw(kit.text("pith:EL6A4QOT", size=9, x=365, y=63))),
        INVALID,
        "channel-conflict",
    ),
    edited(
        "badge moved, its text in place",
        "A program has moved the link away from its text: they agree all the same.",
        set_link("/Rect", _FOOT),
        VALID,
    ),
)


def _written(old: bytes, new: bytes, *, apart: bool = False) -> Callable[[], bytes]:
    """The paper with the badge's dictionary written anew, byte by byte; or its action's, which is an object then."""

    def pick(pdf: pikepdf.Pdf) -> pikepdf.Object:
        return badge_link(pdf).A if apart else badge_link(pdf)

    def make() -> bytes:
        def separate(pdf: pikepdf.Pdf) -> None:
            badge_link(pdf).A = pdf.make_indirect(badge_link(pdf).A)

        data = kit.plain(kit.change(kit.paper(), separate) if apart else kit.paper())
        with pikepdf.open(io.BytesIO(data)) as pdf:
            body = pick(pdf).unparse(resolved=True)
        assert body.count(old) == 1
        return kit.update(data, {kit.number_of(data, pick): body.replace(old, new)})

    return make


def _doubled(name: str, attack: str, old: bytes, new: bytes, *, apart: bool = False) -> Forgery:
    made = _written(old, new, apart=apart)
    return Forgery(name=name, attack=attack, make=made, word=INVALID, findings=("channel-duplicate",))


_ELSEWHERE = b"/URI (https://example.com/) "
_DOUBLED = (
    _doubled(
        "link with two actions",
        "The link's dictionary gives its action twice; readers differ on which counts.",
        b"/A <<",
        b"/A << /S /URI " + _ELSEWHERE + b">> /A <<",
    ),
    _doubled(
        "link with two addresses",
        "The action's dictionary gives its address twice.",
        b"/URI (",
        _ELSEWHERE + b"/URI (",
    ),
    _doubled(
        "link with two addresses in an object of its own",
        "The action is an object, and gives its address twice.",
        b"/URI (",
        _ELSEWHERE + b"/URI (",
        apart=True,
    ),
    _doubled("link with two names", "The link is the badge, and is not.", b"/NM (", b"/NM (other) /NM ("),
    _doubled("link with two places", "The link's rectangle is given twice.", b"/Rect [", b"/Rect [ 0 0 9 9 ] /Rect ["),
    Forgery(
        name="link with two borders",
        attack="The link's border is given twice, as some packages have pdfTeX write it: no matter.",
        make=_written(b"/Border [", b"/Border [ 0 0 1 ] /Border ["),
        word=VALID,
    ),
)


def _citation(pdf: pikepdf.Pdf) -> None:
    _other_link((100, 100, 200, 120), link_to(OTHER_SUFFIX, None))(pdf)


def _plain(pdf: pikepdf.Pdf) -> None:
    all_of(no_xmp, no_info, set_uri(link_to(SUFFIX, None)))(pdf)
    del badge_link(pdf)["/NM"]


_SEVERAL = (
    edited(
        "two badges, one genuine",
        "A second badge, another paper's, stands beside the genuine one.",
        _second_badge,
        UNBOUND,
        "title-not-shown",
    ),
    stolen(
        "two stolen badges",
        "Badges of two other papers stand on one.",
        _second_badge,
        UNBOUND,
        "title-not-shown",
    ),
    edited(
        "a citation's link",
        "The paper links to another number's page, as a reference does: it speaks for nothing.",
        _citation,
        VALID,
        "citation-link",
    ),
    edited(
        "a plain badge",
        "A link and a text without name, receipt or metadata: a number, and no proof.",
        _plain,
        UNVERIFIED,
        "record-unavailable",
    ),
    edited(
        "the badge's text alone",
        "Links and metadata are gone, only the printed short form is left.",
        all_of(no_links, no_xmp, no_info),
        UNVERIFIED,
        "record-unavailable",
    ),
)


def _in_proceedings(badge_is: str) -> bytes:
    """Eight pages of front matter, then a paper; its badge is its own or another's."""
    with pikepdf.open(kit.PAPER) as pdf:
        no_xmp(pdf)
        no_info(pdf)
        filler = pikepdf.new()
        for _ in range(8):
            filler.add_blank_page(page_size=(595, 842))
            filler.pages[-1].Contents = filler.make_stream(b"")
        for page in reversed(filler.pages):
            pdf.pages.insert(0, page)
        if badge_is == "another's":
            set_uri(link_to(OTHER_SUFFIX, OTHER_RECEIPT))(pdf)
            badge_link(pdf).Rect = Array([10, 10, 60, 20])
            kit.draw(kit.white(BADGE), page=9)(pdf)
        return kit.saved(pdf)


def _badge_on_page_9() -> bytes:
    """The thief's paper, with eight more pages of its own before the page that holds the badge."""
    with pikepdf.open(kit.PAPER) as genuine, pikepdf.open(kit.OTHER_PAPER) as pdf:
        while len(pdf.pages) < 9:
            pdf.pages.append(genuine.pages[2])
            no_links_on = pdf.pages[-1]
            if "/Annots" in no_links_on:
                del no_links_on["/Annots"]
        badge = pdf.copy_foreign(badge_link(genuine))
        del pdf.pages[0]["/Annots"]
        kit.draw(kit.white(kit.OTHER_BADGE))(pdf)
        pdf.pages[8].Annots = Array([badge])
        pdf.trailer.Info["/PithNumber"], pdf.trailer.Info["/PithReceipt"] = String(kit.FULL), String(RECEIPT)
        pdf.Root.Metadata = pdf.copy_foreign(genuine.Root.Metadata)
        return kit.saved(pdf)


_PAGES = (
    Forgery(
        name="stolen badge on page 9",
        attack="A paper of nine pages carries another paper's badge on the last.",
        make=_badge_on_page_9,
        word=UNBOUND,
        findings=("title-not-shown",),
    ),
    Forgery(
        name="proceedings, genuine badge on page 9",
        attack="A volume holds a paper with its own badge: no forgery.",
        make=lambda: _in_proceedings("its own"),
        word=VALID,
    ),
    Forgery(
        name="proceedings, stolen badge on page 9",
        attack="A volume holds a paper with another's badge.",
        make=lambda: _in_proceedings("another's"),
        word=UNBOUND,
        findings=("title-not-shown",),
    ),
)

FORGERIES = (*_ADDRESSES, *_ACTIONS, *_OVERLAYS, *_MOVED, *_DOUBLED, *_SEVERAL, *_PAGES)
