from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.appearance.annotations import notes_over
from pithtex.pdf.appearance.grammar import inherited
from pithtex.pdf.appearance.page_boxes import odd_boxes, odd_tree


def test_plain_links_are_not_over_a_page(pdf):
    page = pdf.pages[0].obj
    thin = Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Border=Array([0, 0, 1]))
    thick = Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Border=Array([0, 0, 50]))
    page.Annots = Array([thin, thick])
    assert [int(note.Border[2]) for note in notes_over(page)] == [50]


def test_what_a_page_inherits(pdf):
    page = pdf.pages[0].obj
    pdf.Root.Pages.Rotate = 90
    assert inherited(page, "/Rotate") == 90
    assert inherited(page, "/CropBox") is None
    page.Parent.Parent = page.Parent  # a loop
    assert inherited(page, "/CropBox") is None


def test_boxes_of_pages(pdf):
    page = pdf.pages[0].obj
    assert odd_boxes([page]) == ()
    page.CropBox = Array([10, 10, 300, 300])
    assert odd_boxes([page]) == ()
    page.CropBox = Array([100, 10, 300, 300])
    assert odd_boxes([page])


@pytest.mark.parametrize(
    ("unit", "plain"), [(1, True), (10, True), (0, False), (-1, False), (1000, False), (Name.A, False)]
)
def test_the_unit_of_a_page(pdf, unit: object, plain: bool):
    page = pdf.pages[0].obj
    page.UserUnit = unit
    assert (odd_boxes([page]) == ()) is plain


def _second_parent(pdf):
    pdf.pages[0].obj.Parent = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array()))


def _loop(pdf):
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def _direct(pdf):
    pdf.Root.Pages.Kids[0] = Dictionary(Type=Name.Page, Parent=pdf.Root.Pages)


@pytest.mark.parametrize(
    "forge",
    [
        _second_parent,
        _loop,
        _direct,
        lambda pdf: pdf.Root.Pages.__setitem__("/Count", 2),
        lambda pdf: pdf.Root.Pages.__setitem__("/Type", Name.Page),
        lambda pdf: pdf.pages[0].obj.__delitem__("/Type"),
        lambda pdf: pdf.Root.__setitem__("/Type", Name.Pages),
    ],
)
def test_a_tree_is_as_the_standard_has_it(pdf: pikepdf.Pdf, forge):
    assert odd_tree(pdf.Root) == ()
    forge(pdf)
    assert odd_tree(pdf.Root)
