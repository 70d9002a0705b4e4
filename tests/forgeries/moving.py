"""Stolen titles on pages that change by themselves, and under what readers paint by themselves."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.kit import TITLE, Forge, Forgery, all_of, annotate, draw, edited, stolen, text

UNBOUND, VALID = Word.UNBOUND, Word.VALID
CHANGING, NOT_SHOWN = "changing-document", "title-not-shown"
_SCRIPT = Dictionary(S=Name.JavaScript, JS=String("this.getField('t').display = display.visible;"))
_OVER = (30, 770, 590, 800)
_BESIDE = (30, 20, 90, 40)
_SHOWN: Forge = draw(text(TITLE))


def _field(rect: tuple[float, ...] = _BESIDE, **entries: object) -> Forge:
    """A form field with a picture, and without a script."""
    kind = {"Subtype": Name.Widget, "FT": Name.Tx, "T": String("t")}
    return annotate(rect=rect, appearance="0.9 g 0 0 60 20 re f", **kind, **entries)


def _names(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), _SCRIPT])))


def _page_actions(page: int) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        while len(pdf.pages) < page:
            pdf.add_blank_page()
        pdf.pages[page - 1].obj.AA = Dictionary(O=_SCRIPT)

    return forge


def _calculated(pdf: pikepdf.Pdf) -> None:
    """A field whose value is worked out by a script when the file is opened."""
    _field()(pdf)
    pdf.Root.AcroForm.CO = Array([pdf.Root.AcroForm.Fields[0]])


def _parent_field(pdf: pikepdf.Pdf) -> None:
    """The script is of the field, of which the annotation is a part."""
    _field()(pdf)
    part = pdf.Root.AcroForm.Fields[0]
    field = pdf.make_indirect(Dictionary(T=String("p"), Kids=Array([part]), AA=Dictionary(F=_SCRIPT)))
    part.Parent = field
    pdf.Root.AcroForm.Fields = Array([field])


def _chained(pdf: pikepdf.Pdf) -> None:
    """Opening the file turns to a page, and after that runs a script."""
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=_SCRIPT)


def _flattened(look: pikepdf.Object) -> None:
    look.BBox = Array([0, 0, 560, pikepdf.Object.parse(b"0.0001")])


def _stamp(change: Callable[[pikepdf.Object], None] | None = None, **entries: object) -> Forge:
    """A white stamp over the title."""

    def forge(pdf: pikepdf.Pdf) -> None:
        annotate(rect=_OVER, appearance="1 g 0 0 560 30 re f", Subtype=Name.Stamp)(pdf)
        note = pdf.pages[0].obj.Annots[-1]
        for key, value in entries.items():
            note[f"/{key}"] = value
        if change is not None:
            change(note.AP.N)

    return forge


def _moving(name: str, attack: str, *forges: Forge) -> Forgery:
    return stolen(name, attack, all_of(_SHOWN, *forges), UNBOUND, CHANGING)


def _covered(name: str, attack: str, finding: str, *forges: Forge) -> Forgery:
    return stolen(name, attack, all_of(_SHOWN, *forges), UNBOUND, finding)


_MOVING = (
    _moving(
        "title on a page with named scripts", "Scripts in the catalog's names run when the file is opened.", _names
    ),
    _moving("title on a page with scripts of its own", "A script runs when page 1 is opened.", _page_actions(1)),
    _moving("title on page 1, scripts on page 2", "A script runs when page 2 is opened.", _page_actions(2)),
    _moving("title beside a calculated field", "A script works out a field when the file is opened.", _calculated),
    _moving(
        "title beside a field with a script",
        "A field's value is shown as a script says.",
        _field(AA=Dictionary(F=_SCRIPT)),
    ),
    _moving(
        "title beside a field's part", "The script is of the field that the annotation is a part of.", _parent_field
    ),
    _moving(
        "title beside a note with a script",
        "A note runs a script when its page comes into view.",
        annotate(rect=_BESIDE, Subtype=Name.Stamp, appearance="0.9 g 0 0 60 20 re f", AA=Dictionary(PV=_SCRIPT)),
    ),
    _moving("title before a second action", "Opening the file turns to a page, and then runs a script.", _chained),
    edited("field without a script", "A form field at the foot has no script: no forgery.", _field(), VALID),
    edited(
        "form that computes no field",
        "Its list of fields to calculate is empty, as hyperref writes it: no forgery.",
        all_of(_field(), lambda pdf: pdf.Root.AcroForm.__setitem__("/CO", Array())),
        VALID,
    ),
)


def _note(kind: str, rect: tuple[float, ...] = _OVER, **entries: object) -> Forge:
    """A note of some kind without a picture."""
    return annotate(rect=rect, Subtype=Name(f"/{kind}"), **entries)


_NEAR = Array([30, 785, 590, 785])
_QUADS = Array([30, 800, 590, 800, 30, 770, 590, 770])


def _no_picture(looks: object) -> Forge:
    """A stamp whose appearance is there, and shows nothing by itself."""

    def forge(pdf: pikepdf.Pdf) -> None:
        _note("Stamp", Name_="x")(pdf)
        note = pdf.pages[0].Annots[-1]
        note.AP = looks(pdf) if callable(looks) else looks

    return forge


def _picture(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.make_stream(b"1 g 0 0 560 30 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 560, 30]))


def _states(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Two pictures and no state that says which."""
    return Dictionary(
        N=Dictionary(
            {
                "/A": pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 560, 30])),
                "/B": _picture(pdf),
            }
        )
    )


def _printed(flags: int) -> Forge:
    return annotate(rect=_OVER, Subtype=Name.Stamp, F=flags, appearance="1 g 0 0 560 30 re f")


_COVERS = (
    *(
        _covered(
            f"title under {what}",
            f"{attack} lies over the title, and readers paint it as they like.",
            finding,
            _note(kind, **entries),
        )
        for what, kind, attack, entries, finding in (
            (
                "a redaction",
                "Redact",
                "A mark for redaction",
                {"QuadPoints": _QUADS, "IC": Array([1, 1, 1])},
                CHANGING,
            ),
            ("a watermark", "Watermark", "A watermark without picture", {}, CHANGING),
            ("a stamp without picture", "Stamp", "A stamp without picture", {}, NOT_SHOWN),
            ("a caret", "Caret", "A caret without picture", {}, NOT_SHOWN),
            ("an attached file", "FileAttachment", "The sign of an attached file", {}, NOT_SHOWN),
            ("a sound", "Sound", "The sign of a sound", {}, NOT_SHOWN),
            ("a printer's mark", "PrinterMark", "A printer's mark", {}, CHANGING),
            (
                "a polygon",
                "Polygon",
                "A polygon without picture",
                {"Vertices": _QUADS, "IC": Array([1, 1, 1])},
                CHANGING,
            ),
            ("a note of no known kind", "Cover", "An annotation of no known kind", {}, CHANGING),
            ("a projection", "Projection", "A projection without picture", {}, CHANGING),
            (
                "a square without picture",
                "Square",
                "A square without picture",
                {"IC": Array([1, 1, 1]), "C": Array([1, 1, 1])},
                NOT_SHOWN,
            ),
            (
                "a circle without picture",
                "Circle",
                "A circle without picture",
                {"BS": Dictionary(W=40), "C": Array([1, 1, 1])},
                NOT_SHOWN,
            ),
            (
                "a highlight without picture",
                "Highlight",
                "A highlight without picture",
                {"C": Array([0, 0, 0]), "QuadPoints": _QUADS},
                NOT_SHOWN,
            ),
            (
                "ink without picture",
                "Ink",
                "A thick line of ink",
                {"InkList": Array([_NEAR]), "BS": Dictionary(W=40), "C": Array([1, 1, 1])},
                NOT_SHOWN,
            ),
            ("an open note", "Text", "The window of a note", {"Open": True}, NOT_SHOWN),
            ("an open window", "Popup", "An open window", {"Open": True}, NOT_SHOWN),
        )
    ),
    *(
        _covered(
            f"title near {what}",
            f"{attack} that stands elsewhere reaches over the title.",
            finding,
            _note(kind, _BESIDE, **entries),
        )
        for what, kind, attack, entries, finding in (
            ("a line", "Line", "A thick line", {"L": _NEAR, "BS": Dictionary(W=40), "C": Array([1, 1, 1])}, CHANGING),
            (
                "a polygon",
                "PolyLine",
                "A thick polygon",
                {"Vertices": _NEAR, "BS": Dictionary(W=40), "C": Array([1, 1, 1])},
                CHANGING,
            ),
            (
                "ink",
                "Ink",
                "A thick line of ink",
                {"InkList": Array([_NEAR]), "BS": Dictionary(W=40), "C": Array([1, 1, 1])},
                CHANGING,
            ),
            (
                "a redaction",
                "Redact",
                "A mark for redaction",
                {"QuadPoints": _QUADS, "IC": Array([1, 1, 1])},
                CHANGING,
            ),
            (
                "a strikeout",
                "StrikeOut",
                "A mark of deletion",
                {"QuadPoints": _QUADS, "C": Array([0, 0, 0])},
                NOT_SHOWN,
            ),
            (
                "a callout",
                "FreeText",
                "The line of a note",
                {"CL": _NEAR, "BS": Dictionary(W=40), "C": Array([1, 1, 1])},
                CHANGING,
            ),
        )
    ),
    _covered(
        "title under a link's frame",
        "A link has a frame so thick that it covers the title.",
        NOT_SHOWN,
        _note("Link", (30, 760, 590, 768), Border=Array([0, 0, 60]), C=Array([1, 1, 1])),
    ),
    _covered(
        "title under a link's style",
        "A link has a style of frame that covers the title.",
        NOT_SHOWN,
        _note("Link", (30, 760, 590, 768), BS=Dictionary(W=60), C=Array([1, 1, 1])),
    ),
    _covered(
        "title under an empty appearance",
        "A stamp's appearance has no picture, and some readers paint their own.",
        NOT_SHOWN,
        _no_picture(Dictionary()),
    ),
    _covered(
        "title under a stamp when pressed",
        "A stamp has a picture for when it is pressed alone.",
        NOT_SHOWN,
        _no_picture(lambda pdf: Dictionary(D=_picture(pdf))),
    ),
    _covered(
        "title under a stamp of two states",
        "A stamp has two pictures, and no state says which counts.",
        NOT_SHOWN,
        _no_picture(_states),
    ),
    _covered(
        "title under a stamp of odd flags",
        "A white stamp's flags are 2.0, which some take for a hidden one, and others for none.",
        NOT_SHOWN,
        _stamp(F=pikepdf.Object.parse(b"2.0")),
    ),
    _covered(
        "title under a stretched stamp",
        "A white stamp's picture is a ten-thousandth of a point high, and some leave it out.",
        NOT_SHOWN,
        _stamp(_flattened),
    ),
    _moving(
        "title under a stamp without a place",
        "A white stamp's rectangle has no area; Ghostscript draws it all the same.",
        _stamp(Rect=Array([30, 770, 30, 770])),
    ),
    _covered("title under a printed stamp", "A white stamp is printed, and not viewed.", NOT_SHOWN, _printed(4 | 32)),
    _covered(
        "title under a stamp that comes and goes",
        "A white stamp is shown as the pointer moves.",
        NOT_SHOWN,
        _printed(4 | 32 | 256),
    ),
    edited(
        "highlight in the text",
        "A reader's highlight without picture lies on the text: no forgery.",
        _note("Highlight", (100, 200, 300, 212), QuadPoints=Array([100, 212, 300, 212, 100, 200, 300, 200])),
        VALID,
    ),
    edited(
        "note in the margin",
        "A reader's note without picture stands in the margin: no forgery.",
        _note("Text", (570, 20, 590, 40)),
        VALID,
    ),
    edited(
        "frame around a link",
        "A link at the foot has a thin frame, as hyperref makes them: no forgery.",
        _note("Link", _BESIDE, Border=Array([0, 0, 1]), C=Array([1, 0, 0])),
        VALID,
    ),
)

FORGERIES = (*_MOVING, *_COVERS)
