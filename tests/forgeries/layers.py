"""Stolen titles on layers (optional content, ISO 32000-1, 8.11), which one reader sees and another does not."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.kit import TITLE, Forge, all_of, annotate, draw, edited, stolen, text

UNBOUND, VALID = Word.UNBOUND, Word.VALID
CHANGING, NOT_SHOWN = "changing-document", "title-not-shown"
_WHITE = "1 g 0 770 612 40 re f"


def group(pdf: pikepdf.Pdf, state: str = "ON", **entries: object) -> pikepdf.Object:
    """A new layer, which is shown or not by default."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Layer"), **entries))
    if "/OCProperties" not in pdf.Root:
        pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(ON=Array(), OFF=Array()))
    pdf.Root.OCProperties.OCGs.append(layer)
    pdf.Root.OCProperties.D[f"/{state}"].append(layer)
    return layer


def on_layer(content: str, layer: object, name: str = "PithLayer") -> Forge:
    """Draws marked content of page 1 that belongs to a layer; `layer` may be a function of the file."""

    def forge(pdf: pikepdf.Pdf) -> None:
        made = layer(pdf) if callable(layer) else layer
        pdf.pages[0].add_resource(pdf.make_indirect(made), Name.Properties, Name(f"/{name}"))
        draw(f"/OC /{name} BDC {content} EMC")(pdf)

    return forge


def form_on_layer(content: str, state: str) -> Forge:
    """Draws a form of page 1 that belongs to a layer."""

    def forge(pdf: pikepdf.Pdf) -> None:
        draw("")(pdf)
        fonts = pdf.pages[0].obj.Resources.Font
        form = pdf.make_stream(
            content.encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 612, 842]),
            Resources=Dictionary(Font=fonts),
            OC=group(pdf, state),
        )
        pdf.pages[0].add_resource(form, Name.XObject, Name("/PithForm"))
        draw("/PithForm Do")(pdf)

    return forge


def _printed_only(pdf: pikepdf.Pdf) -> None:
    """A white layer over the title that is printed, and not viewed."""
    usage = Dictionary(Print=Dictionary(PrintState=Name.ON), View=Dictionary(ViewState=Name.OFF))
    layer = group(pdf, "OFF", Usage=usage)
    states = [Dictionary(Event=Name(f"/{e}"), Category=Array([Name(f"/{e}")]), OCGs=[layer]) for e in ("Print", "View")]
    pdf.Root.OCProperties.D.AS = Array(states)
    all_of(draw(text(TITLE)), on_layer(_WHITE, layer))(pdf)


def _expression(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Visible by its expression where readers know one, and not by its policy (ISO 32000-1, table 99)."""
    on, off = group(pdf), group(pdf, "OFF")
    return Dictionary(Type=Name.OCMD, OCGs=off, P=Name.AllOff, VE=Array([Name.And, on, off]))


def _other_intent(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return group(pdf, "OFF", Intent=Name.Design)


def _base_state(state: str) -> Forge:
    """A white layer that stands in no list: only the base state says whether it is shown."""

    def forge(pdf: pikepdf.Pdf) -> None:
        layer = group(pdf)
        pdf.Root.OCProperties.D = Dictionary(BaseState=Name(f"/{state}"))
        all_of(draw(text(TITLE)), on_layer(_WHITE, layer))(pdf)

    return forge


def _restored(pdf: pikepdf.Pdf) -> None:
    """One layer covers the title, another draws it again; each can be turned off alone."""
    draw(text(TITLE))(pdf)
    on_layer(_WHITE, group(pdf))(pdf)
    on_layer(text(TITLE), group(pdf), "PithOther")(pdf)


def _either(pdf: pikepdf.Pdf) -> None:
    """The title stands on a layer, and on what is shown when that layer is not."""
    layer = group(pdf)
    on_layer(text(TITLE), layer)(pdf)
    second = group(pdf)
    on_layer(text(TITLE), Dictionary(Type=Name.OCMD, OCGs=Array([layer, second]), P=Name.AllOff), "PithOther")(pdf)


def _inline(pdf: pikepdf.Pdf) -> None:
    """A layer that is written into the content, which is not allowed, and which some readers heed."""
    group(pdf)
    pdf.Root.OCProperties.D = Dictionary(BaseState=Name.OFF)
    draw(f"{text(TITLE)} /OC <</Type /OCG /Name (x)>> BDC {_WHITE} EMC")(pdf)


def _on_a_name(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    form = pdf.make_stream(
        text(TITLE).encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 612, 842]), OC=Name.Layer,
        Resources=Dictionary(Font=Dictionary(PithA=font)),
    )  # fmt: skip
    pdf.pages[0].add_resource(form, Name.XObject, Name.PithForm)
    draw("/PithForm Do")(pdf)


def _nested(pdf: pikepdf.Pdf) -> None:
    """The layer is of a form in a form's resources."""
    draw(text(TITLE))(pdf)
    box = Array([0, 0, 612, 842])
    inner = pdf.make_stream(_WHITE.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=box, OC=group(pdf, "OFF"))
    outer = pdf.make_stream(b"/In Do", Type=Name.XObject, Subtype=Name.Form, BBox=box)
    outer.Resources = Dictionary(XObject=Dictionary(In=inner))
    pdf.pages[0].add_resource(outer, Name.XObject, Name("/PithOuter"))
    draw("/PithOuter Do")(pdf)


def _next_page(pdf: pikepdf.Pdf) -> None:
    """The title stands on a page without a badge, under a layer that is off."""
    pdf.add_blank_page(page_size=(595, 842))
    number = len(pdf.pages)
    draw(text(TITLE) + text("Words about caches. " * 4, size=9, y=600), page=number)(pdf)
    pdf.pages[-1].add_resource(group(pdf, "OFF"), Name.Properties, Name("/PithLayer"))
    draw(f"/OC /PithLayer BDC {_WHITE} EMC", page=number)(pdf)


def _note(pdf: pikepdf.Pdf) -> None:
    """A white stamp lies over the title on a layer that is off."""
    rect = (30, 770, 590, 800)
    note = {"Subtype": Name.Stamp, "OC": group(pdf, "OFF")}
    all_of(draw(text(TITLE)), annotate(rect=rect, appearance="1 g 0 0 560 30 re f", **note))(pdf)


def honest(pdf: pikepdf.Pdf) -> None:
    """A figure in two states at the page's foot."""
    on_layer("0 0 1 rg 60 60 40 40 re f", group(pdf))(pdf)
    on_layer("1 0 0 rg 60 60 40 40 re f", group(pdf, "OFF"), "PithOther")(pdf)


def _stolen(name: str, attack: str, forge: Forge, finding: str) -> object:
    return stolen(name, attack, forge, UNBOUND, finding)


FORGERIES = (
    _stolen(
        "title on a layer",
        "The title stands on a layer that readers may turn off.",
        on_layer(text(TITLE), group),
        CHANGING,
    ),
    _stolen(
        "title in a form on a layer",
        "The title is a form's, and the form is on a layer.",
        form_on_layer(text(TITLE), "ON"),
        CHANGING,
    ),
    _stolen(
        "title under a layer that is off",
        "A white layer over the title is off, until a reader turns it on.",
        all_of(draw(text(TITLE)), on_layer(_WHITE, lambda pdf: group(pdf, "OFF"))),
        CHANGING,
    ),
    _stolen(
        "title under a form on a layer",
        "The white layer over the title is a form's.",
        all_of(draw(text(TITLE)), form_on_layer(_WHITE, "OFF")),
        CHANGING,
    ),
    _stolen("title under a layer in a form's form", "The white layer is that of a form in a form.", _nested, CHANGING),
    _stolen(
        "title under a stamp on a layer", "A white stamp over the title is on a layer that is off.", _note, NOT_SHOWN
    ),
    _stolen(
        "title that is covered when printed",
        "A white layer over the title is on only when printed.",
        _printed_only,
        CHANGING,
    ),
    _stolen(
        "title by a visibility expression",
        "A layer's expression hides the title from readers that know expressions, and no others.",
        on_layer(text(TITLE), _expression),
        NOT_SHOWN,
    ),
    _stolen(
        "title under a layer of another intent",
        "The white layer over the title is for design, which some readers heed.",
        all_of(draw(text(TITLE)), on_layer(_WHITE, _other_intent)),
        NOT_SHOWN,
    ),
    _stolen("title by the layers' base state", "The white layer's state is in no list.", _base_state("OFF"), CHANGING),
    _stolen(
        "title that a layer draws again", "One layer covers the title, another draws it again.", _restored, NOT_SHOWN
    ),
    _stolen(
        "title on one of two layers",
        "The title stands on a layer and, where that is off, on another.",
        _either,
        CHANGING,
    ),
    _stolen(
        "title under a layer in the content",
        "The layer is written into the content, which some heed.",
        _inline,
        NOT_SHOWN,
    ),
    _stolen(
        "title on the next page under a layer",
        "The title stands on a page of its own, under a layer.",
        _next_page,
        CHANGING,
    ),
    stolen(
        "title in a form on a layer without kind",
        "The form's layer is a name, which some take for one that is off.",
        _on_a_name,
        UNBOUND,
        CHANGING,
    ),
    edited(
        "layers beside the title", "A figure has two states, and no layer touches the title: no forgery.", honest, VALID
    ),
)
