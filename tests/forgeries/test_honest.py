"""Genuine papers with what forgers use as well: each must stay valid."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from pithtex.pdf.text.lines import read_texts
from tests.forgeries import kit
from tests.forgeries.layers import group


def _title_box() -> tuple[float, float, float, float]:
    (page,), *_ = read_texts(kit.paper(), [1])
    rects = [line.rect for line in page.lines if line.size > 17]
    left, bottom, right, top = zip(*rects, strict=True)
    return min(left), min(bottom), max(right), max(top)


LEFT, BOTTOM, RIGHT, TOP = _title_box()
WIDTH, HEIGHT = RIGHT - LEFT, TOP - BOTTOM


def _below(content: str) -> kit.Forge:
    """Draws under what is there."""
    return lambda pdf: pdf.pages[0].contents_add(f"q {content} Q\n".encode(), prepend=True)


@pytest.mark.parametrize(
    "content",
    [
        f"0.6 0.8 1 rg 0 {BOTTOM - 10} 612 {HEIGHT + 20} re f",
        f"0.7 0 0 RG 1 w {LEFT - 6} {BOTTOM - 6} {WIDTH + 12} {HEIGHT + 12} re S",
        f"0 G 0.8 w {LEFT} {BOTTOM - 1} m {RIGHT} {BOTTOM - 1} l S",
        f"0.9 g {LEFT} {BOTTOM} {WIDTH / 2} {HEIGHT} re f",
        f"0.92 g {LEFT - 20} {BOTTOM - 90} m {RIGHT} {TOP + 90} l {RIGHT + 40} {TOP + 90} l f",
    ],
    ids=["banner", "frame", "rule", "shade", "watermark"],
)
def test_a_title_on_an_ordinary_ground(content: str) -> None:
    assert check_pdf(kit.change(kit.paper(), _below(content))).word is Word.VALID


def _mark_up(pdf: pikepdf.Pdf) -> None:
    """A reader's highlight of the title, with the picture that his program made."""
    kit.annotate(
        rect=(LEFT, BOTTOM, RIGHT, TOP),
        Subtype=Name.Highlight,
        appearance=f"/B gs 1 1 0 rg 0 0 {WIDTH} {HEIGHT} re f",
        QuadPoints=Array([LEFT, TOP, RIGHT, TOP, LEFT, BOTTOM, RIGHT, BOTTOM]),
    )(pdf)
    look = pdf.pages[0].Annots[-1].AP.N
    look.Resources.ExtGState = Dictionary(B=Dictionary(BM=Name.Multiply))


def _watermark_layer(pdf: pikepdf.Pdf) -> None:
    """A line at the page's foot that is printed, and not viewed."""
    form = pdf.make_stream(b"0.5 g 60 20 200 8 re f", Type=Name.XObject, Subtype=Name.Form, OC=group(pdf, "OFF"))
    form.BBox = Array([0, 0, 612, 842])
    pdf.pages[0].add_resource(form, Name.XObject, Name("/PithFoot"))
    kit.draw("/PithFoot Do")(pdf)


def _inherited(pdf: pikepdf.Pdf) -> None:
    """The page's size and resources are those of the page tree, as some programs write them."""
    for page in pdf.pages:
        page.obj.Parent.MediaBox = page.obj.MediaBox
        del page.obj["/MediaBox"]


def _signature_field(pdf: pikepdf.Pdf) -> None:
    """An invisible field with a signature has no size."""
    kit.annotate(rect=(0, 0, 0, 0), Subtype=Name.Widget, FT=Name.Sig, T=String("s"), F=132)(pdf)


def _closed_note(pdf: pikepdf.Pdf) -> None:
    """A closed note in the margin, and the window that it would open."""
    kit.annotate(rect=(570, 700, 588, 718), Subtype=Name.Text, Open=False, Contents=String("Nice!"))(pdf)
    kit.annotate(rect=(LEFT, BOTTOM, RIGHT, TOP), Subtype=Name.Popup, Open=False)(pdf)


@pytest.mark.parametrize("forge", [_mark_up, _watermark_layer, _inherited, _signature_field, _closed_note])
def test_a_paper_with_honest_extras(forge: kit.Forge) -> None:
    assert check_pdf(kit.change(kit.paper(), forge)).word is Word.VALID
