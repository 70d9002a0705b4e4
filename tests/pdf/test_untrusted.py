from __future__ import annotations

from decimal import Decimal

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.appearance.annotations import covers
from pithtex.pdf.appearance.grammar import Drawn
from pithtex.pdf.appearance.page_boxes import odd_boxes
from pithtex.pdf.channels.covered_links import find_rivals
from pithtex.pdf.channels.links import read_links
from pithtex.pdf.untrusted import box_of, flags_of, rectangle

ODD = [
    Array([0, 0, 300]),
    Array([0, 0, 300, 300, 1]),
    Array([0, 0, 300, None]),
    Array([0, 0, 300, True]),
    Array([0, 0, 300, Name.A]),
    Array([0, 0, 300, pikepdf.String("300")]),
    Array([0, 0, 300, Array([300])]),
    Array([0, 0, 300, 10**9]),
    Array([0, 0, 300, Decimal("1" + 400 * "0")]),
    Name.A,
    Dictionary(),
]


@pytest.mark.parametrize("value", [None, 1, *ODD])
def test_what_readers_do_not_take_for_one_rectangle(value):
    assert rectangle(value) is None
    assert box_of(value) is None


def test_rectangles():
    assert box_of(Array([3, 4, 1, 2])) == (1, 2, 3, 4)
    assert rectangle(Array([0, Decimal("0.5"), 0, -2])) == (0, -2, 0, 0.5)
    assert box_of(Array([0, 0, 0, 5])) is None


@pytest.mark.parametrize(("value", "flags"), [(None, 0), (4, 4), (Name.A, 0), (Array([]), 0)])
def test_flags(value, flags):
    assert flags_of(value) == flags


@pytest.mark.parametrize("odd", ODD)
def test_one_odd_array_is_no_rectangle_wherever_it_stands(odd):
    """A link so placed is of no size, a link so placed may cover a badge, and a page so cut binds nothing."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(100, 200))
        page = pdf.pages[0].obj
        uri = Dictionary(S=Name.URI, URI=pikepdf.String("https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53"))
        other = Dictionary(S=Name.URI, URI=pikepdf.String("https://example.com"))
        page.Annots = Array(
            [
                Dictionary(Subtype=Name.Link, Rect=Array([10, 10, 50, 20]), NM=pikepdf.String("pith-badge-1"), A=uri),
                Dictionary(Subtype=Name.Link, Rect=odd, A=other),
                Dictionary(Subtype=Name.Link, Rect=odd, A=uri),
            ]
        )
        (badge, placed), _ = read_links(pdf, [page])
        assert placed.rect == (0, 0, 0, 0)
        assert [rival.other for rival in find_rivals([page], [badge])] == [1]
        assert not covers(page, [Dictionary(Subtype=Name.Stamp, Rect=odd)]).bounded
        form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=odd)
        page.Resources, page.Contents = Dictionary(XObject=Dictionary(A=form)), pdf.make_stream(b"/A Do")
        assert Drawn(page).oddity
        page.MediaBox = odd
        assert odd_boxes([page])


def test_what_has_no_place_covers_no_badge():
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(100, 200))
        page = pdf.pages[0].obj
        uri = Dictionary(S=Name.URI, URI=pikepdf.String("https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53"))
        page.Annots = Array(
            [
                Dictionary(Subtype=Name.Link, Rect=Array([10, 10, 50, 20]), A=uri),
                Dictionary(Subtype=Name.Widget, A=Dictionary(S=Name.URI, URI=pikepdf.String("https://example.com"))),
            ]
        )
        assert find_rivals([page], read_links(pdf, [page])[0]) == ()
