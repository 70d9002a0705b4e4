"""Stolen badges: a genuine badge in a paper that is not its own, and every way to make the title seem to be there."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.kit import (
    TITLE,
    Forge,
    all_of,
    annotate,
    draw,
    edited,
    one_glyph,
    printed,
    set_info,
    stolen,
    text,
    thief,
)

UNBOUND, VALID, INVALID = Word.UNBOUND, Word.VALID, Word.INVALID
NOT_SHOWN = "title-not-shown"
STAMP = "arXiv:2606.01751v1  [cs.PF]  1 Jun 2026"


def stamp(words: str, *, x: float = 28, color: str = "") -> str:
    """Content as arXiv adds it: text that runs upwards in the left margin."""
    return f"q {color} BT /PithA 20 Tf 0 1 -1 0 {x} 250 Tm ({words}) Tj ET Q"


def _hidden(name: str, attack: str, content: str) -> object:
    """The record's title is on the page, and no reader sees it."""
    return stolen(name, attack, draw(content), UNBOUND, NOT_SHOWN)


def _spelt(title: str) -> str:
    """A line of as many letters as a title has, each with one of the title's as its replacement text."""
    letters = (f"/Span <</ActualText ({char})>> BDC (m) Tj EMC" for char in title)
    return f"q BT /PithA 18 Tf 40 Tz 40 780 Td {' '.join(letters)} ET Q"


def _nothing(pdf: pikepdf.Pdf) -> None:
    """The paper as it is."""


def _crop(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].CropBox = Array([0, 0, 612, 765])


def _layer(visible: str) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Layer")))
        state = {"ON": Array([layer]), "OFF": Array()} if visible == "on" else {"ON": Array(), "OFF": Array([layer])}
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(**state))
        pdf.pages[0].add_resource(layer, Name.Properties, Name("/PithLayer"))
        draw(f"/OC /PithLayer BDC {text(TITLE)} EMC")(pdf)

    return forge


def _lying_font(pdf: pikepdf.Pdf, width: bytes = b"480 0 0 0 480 800 d1", before: str = "") -> None:
    """Signs of another script are drawn, each of bars on a stem, and the font's map says that they are the title's."""
    codes = sorted({ord(char) for char in TITLE})

    def sign(number: int) -> bytes:
        bars = (f"0 {120 * place} 360 70 re" for place in range(6) if number >> place & 1)
        return width + f" 0 0 90 700 re {' '.join(bars)} f".encode()

    one_glyph(width, before)(pdf)
    font = pdf.pages[0].Resources.Font.PithB
    font.Widths = Array([480] * len(font.Widths))
    for number, code in enumerate(codes):
        if code != ord(" "):
            font.CharProcs[f"/g{code}"] = pdf.make_stream(sign(number))


def _coloured(before: str) -> Forge:
    return lambda pdf: _lying_font(pdf, b"480 0 d0 0 g", before)


_UNSEEN = (
    stolen("stolen badge", "The paper uses another's pith.sty; nothing else is forged.", _nothing, UNBOUND, NOT_SHOWN),
    stolen(
        "title in Info only",
        "Info names the stolen title, where no reader sees it.",
        set_info("/Title", TITLE),
        UNBOUND,
        NOT_SHOWN,
    ),
    _hidden("title in invisible text", "The title is drawn in text rendering mode 3.", text(TITLE, before="3 Tr")),
    _hidden("title as a clipping path", "The title is drawn in text rendering mode 7.", text(TITLE, before="7 Tr")),
    _hidden("title in white", "The title is drawn white on white.", "1 g " + text(TITLE)),
    _hidden("title in a pale yellow", "The title is drawn in a colour that paper has.", "1 1 .8 rg " + text(TITLE)),
    _hidden("title under a picture", "The title is drawn, then painted over.", text(TITLE) + " 1 g 0 770 612 40 re f"),
    _hidden(
        "title behind slits",
        "The title is drawn, then painted over but for a slit.",
        text(TITLE) + " 1 g 0 770 612 14.6 re f 0 785.4 612 20 re f",
    ),
    _hidden("title clipped away", "The title is drawn outside the clipping path.", "0 0 10 10 re W n " + text(TITLE)),
    _hidden("title off the page", "The title stands above the page's upper edge.", text(TITLE, y=900)),
    _hidden("title in tiny type", "The title is set in one point.", text(TITLE, size=1)),
    _hidden("title in small type", "The title is set in 4.5 points at the upper edge.", text(TITLE, size=4.5, y=785)),
    _hidden(
        "title squeezed flat",
        "The title is compressed to a hundredth of its width: a speck.",
        text(TITLE, before="1 Tz"),
    ),
    _hidden(
        "title sheared flat",
        "The title's matrix makes it as tall as a hair, and its type size large.",
        text(TITLE, before=".1 0 1 .001 0 0 Tm").replace("40 780 Td", ".1 0 14 .02 40 780 Tm"),
    ),
    _hidden(
        "title upside down",
        "The title is turned by 180 degrees.",
        text(TITLE).replace("40 780 Td", "-1 0 0 -1 580 780 Tm"),
    ),
    _hidden(
        "title in mirror writing", "The title is mirrored.", text(TITLE).replace("40 780 Td", "1 0 0 -1 40 780 Tm")
    ),
    stolen(
        "title outside the crop box",
        "The title stands on what is cropped.",
        all_of(draw(text(TITLE)), _crop),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen("title on a hidden layer", "The title is optional content that is off.", _layer("off"), UNBOUND, NOT_SHOWN),
    stolen("title in an empty font", "The font's glyphs paint nothing.", one_glyph(b"600 0 d0"), UNBOUND, NOT_SHOWN),
    _hidden(
        "title as replacement text",
        "A visible line says that its /ActualText is the title.",
        f"/Span <</ActualText ({TITLE})>> BDC {text('An Entirely Different Title of a Paper by Somebody Else')} EMC",
    ),
    _hidden(
        "title as replacement text of letters",
        "Every letter of a visible line says that it is one of the title's.",
        _spelt(TITLE),
    ),
    _hidden(
        "comment with empty replacement text",
        '"Comment on" stands above the title, and its /ActualText is empty.',
        f"/Span <</ActualText ()>> BDC {text('Comment on', y=765)} EMC {text(TITLE, y=740)}",
    ),
    stolen(
        "title in an annotation",
        "The title is the picture of an annotation, which is not a part of the page.",
        annotate(
            rect=(40, 770, 600, 800),
            Subtype=Name.FreeText,
            appearance=f"BT /PithA 14 Tf 2 8 Td ({TITLE}) Tj ET",
        ),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "title in a form field",
        "The title is the value of a text field.",
        annotate(
            rect=(40, 770, 600, 800),
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("t"),
            V=String(TITLE),
            appearance=f"/Tx BMC BT /PithA 14 Tf 2 8 Td ({TITLE}) Tj ET EMC",
        ),
        UNBOUND,
        NOT_SHOWN,
    ),
)

_BLANK = "1 g 0 0 560 30 re f"


def _form(pdf: pikepdf.Pdf) -> None:
    """A field that viewers paint by themselves, white, over the title."""
    annotate(
        rect=(40, 770, 600, 800),
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String("t"),
        DA=String("/Helv 12 Tf 0 g"),
        V=String("Quite another title"),
        MK=Dictionary(BG=Array([1, 1, 1])),
    )(pdf)
    pdf.Root.AcroForm.NeedAppearances = True


def _catalog(key: str, value: object) -> Forge:
    return lambda pdf: pdf.Root.__setitem__(key, value)


_SCRIPT = Dictionary(S=Name.JavaScript, JS=String("this.getOCGs()[0].state = false;"))
_SHOWN: Forge = draw(text(TITLE))

_COVERED = (
    stolen(
        "title under an annotation",
        "A stamp with a white picture lies over the title.",
        all_of(_SHOWN, annotate(rect=(30, 770, 590, 800), Subtype=Name.Stamp, appearance=_BLANK)),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "title under a form field",
        "A form field with a white picture lies over the title.",
        all_of(_SHOWN, annotate(rect=(30, 770, 590, 800), Subtype=Name.Widget, FT=Name.Tx, appearance=_BLANK)),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "title under a field without picture",
        "A form field lies over the title, and viewers paint it as they like.",
        all_of(_SHOWN, _form),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "title under a note without picture",
        "A text annotation without picture lies over the title; viewers paint it white.",
        all_of(
            _SHOWN,
            annotate(
                rect=(30, 770, 590, 800),
                Subtype=Name.FreeText,
                DA=String("/Helv 12 Tf 0 g"),
                Contents=String("Quite another title"),
                C=Array([1, 1, 1]),
            ),
        ),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "title on a page that a script changes",
        "The title stands on a layer, which a script turns off when the file is opened.",
        all_of(_layer("on"), _catalog("/OpenAction", _SCRIPT)),
        UNBOUND,
        "changing-document",
    ),
    stolen(
        "title on a page that an XFA form replaces",
        "Viewers that know XFA show a form in place of the pages.",
        all_of(_SHOWN, _catalog("/AcroForm", Dictionary(Fields=Array(), XFA=String("<xdp:xdp/>")))),
        UNBOUND,
        "changing-document",
    ),
    stolen(
        "title on the cover of a portfolio",
        "Viewers show the attached files in place of the pages.",
        all_of(_SHOWN, _catalog("/Collection", Dictionary(View=Name.D))),
        UNBOUND,
        "changing-document",
    ),
    stolen(
        "title on a page that is left at once",
        "When the file is opened it opens another.",
        all_of(
            _SHOWN, _catalog("/OpenAction", Dictionary(S=Name.GoToR, F=String("other.pdf"), D=Array([0, Name.Fit])))
        ),
        UNBOUND,
        "changing-document",
    ),
)

_STAMPS = (
    stolen(
        "stamp of another paper",
        "The paper bears the stamp of its own, and another's badge.",
        draw(stamp("arXiv:2606.01752v1  [cs.PF]  1 Jun 2026")),
        INVALID,
        "stamp-mismatch",
    ),
    stolen(
        "title and stamp disagree",
        "The stolen title is printed under the stamp of another paper.",
        all_of(_SHOWN, draw(stamp("arXiv:2606.01752v1  [cs.PF]  1 Jun 2026"))),
        INVALID,
        "stamp-mismatch",
    ),
    stolen(
        "two stamps",
        "The stolen paper's stamp stands before the paper's own.",
        draw(stamp(STAMP) + stamp("arXiv:2606.01752v1  [cs.PF]  1 Jun 2026", x=55)),
        INVALID,
        "stamp-mismatch",
    ),
    stolen("stamp in white", "The stolen paper's stamp is white.", draw(stamp(STAMP, color="1 g")), UNBOUND, NOT_SHOWN),
    stolen(
        "stamp that does not run upwards",
        "The stolen paper's identifier is printed as a line of text.",
        draw(text(STAMP, size=10)),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "stamp outside the margin",
        "The stolen paper's stamp stands in the middle of the page.",
        draw(stamp(STAMP, x=300)),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "stamp in small type",
        "The stolen paper's stamp is set in 5 points, where arXiv's is in 20.",
        draw(stamp(STAMP).replace("/PithA 20", "/PithA 5")),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "stamp in a sentence",
        "The words in the margin say more than a stamp does.",
        draw(stamp("arXiv:2606.01751v1 is what this paper is not")),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "stamp that runs downwards",
        "The stolen paper's stamp runs down the margin.",
        draw(stamp(STAMP).replace("0 1 -1 0 28 250", "0 -1 1 0 28 700")),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "stamp printed by the thief",
        "The stolen paper's stamp is printed where arXiv prints it; only its content tells.",
        draw(stamp(STAMP)),
        VALID,
    ),
    stolen(
        "stamp of another version",
        "The stamp is of version 2, the record of version 1: the normal case.",
        draw(stamp(STAMP.replace("v1", "v2"))),
        VALID,
        "version-note",
    ),
)

_THE_BIBLIOGRAPHY = f"\\begin{{thebibliography}}{{9}}\\bibitem{{a}} {TITLE}. 2026.\\end{{thebibliography}}"

_PRINTED = (
    printed(
        "title in the reference list",
        "The stolen title is cited.",
        UNBOUND,
        NOT_SHOWN,
        body=_THE_BIBLIOGRAPHY,
    ),
    printed(
        "title under the heading of references",
        "The stolen title stands alone on a line of the reference list.",
        UNBOUND,
        NOT_SHOWN,
        body=f"\\section*{{References}}\\noindent {TITLE}\\par 2026.",
    ),
    printed("comment on a title", "The paper is a comment.", UNBOUND, NOT_SHOWN, title=f"Comment on ``{TITLE}''"),
    printed("comment in two lines", "It is, in two lines.", UNBOUND, NOT_SHOWN, title=f"Comment on\\\\ {TITLE}"),
    printed("erratum of a title", "The paper is an erratum.", UNBOUND, NOT_SHOWN, title=f"Erratum: {TITLE}"),
    printed("title with more behind it", "The title goes on.", UNBOUND, NOT_SHOWN, title=f"{TITLE} Considered Harmful"),
    printed(
        "a part of the title",
        "The title is the first half of the stolen one.",
        UNBOUND,
        NOT_SHOWN,
        title="SparseX: Efficient Segment-Level KV Cache Sharing",
    ),
    printed(
        "title in the running head",
        "The stolen title stands above the text of page 2.",
        UNBOUND,
        NOT_SHOWN,
        body="Text. \\newpage Text. \\newpage More text of the paper.",
        more=f"\\pagestyle{{myheadings}}\\markright{{{TITLE}}}\n",
    ),
    edited(
        "title in the running head of page 1",
        "The stolen title stands above the paper's own, in the size of the text.",
        draw(text(TITLE, size=10, x=100, y=760)),
        UNBOUND,
        NOT_SHOWN,
        source=thief,
    ),
    printed(
        "title printed by the thief",
        "The paper prints the stolen title as its own; only its content tells.",
        VALID,
        title=TITLE,
    ),
    stolen(
        "title in coloured glyphs of white text",
        "The glyphs set black, and the text white, which is what some readers draw them in.",
        _coloured("1 g"),
        UNBOUND,
        NOT_SHOWN,
    ),
    stolen(
        "title in coloured glyphs",
        "The text is black as well: it is read as if it were in a lying font.",
        _coloured("0 g"),
        VALID,
    ),
    stolen(
        "title in a lying font",
        "The font's Unicode map claims the title, its shapes are another's; only a reader's eye tells.",
        _lying_font,
        VALID,
    ),
)

FORGERIES = (*_UNSEEN, *_COVERED, *_STAMPS, *_PRINTED)
