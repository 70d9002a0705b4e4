from __future__ import annotations

import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.appearance.annotations import notes_over
from pithtex.pdf.appearance.page_boxes import odd_boxes
from pithtex.pdf.appearance.resources import Sheet, inherited, parts
from pithtex.pdf.appearance.streams import content_size, odd_content

PACKED = zlib.compress(b"q Q")


@pytest.fixture
def pdf():
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(100, 200))
        yield made


def test_parts_are_found_in_forms_masks_and_annotations_once(pdf):
    form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
    form.Resources = Dictionary(XObject=Dictionary(Itself=form), ExtGState=Dictionary(A=Dictionary(SMask=Name.None_)))
    page = pdf.pages[0].obj
    page.Resources = Dictionary(XObject=Dictionary(A=form, B=form))
    look = pdf.make_stream(b"look")
    page.Annots = Array([Dictionary(Subtype=Name.Stamp, AP=Dictionary(N=Dictionary(On=look)))])
    found = list(parts(Sheet(page, notes_over(page))))
    assert sum(part.objgen == form.objgen for part in found) == 1
    assert sum(part.objgen == look.objgen for part in found) == 1


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
    del page["/CropBox"]
    page.Parent = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array()))
    assert odd_boxes([page])


def test_contents(pdf):
    page = pdf.pages[0].obj
    stream = pdf.make_stream(b"q Q")
    for good in (None, stream, Array([stream, stream])):
        if good is not None:
            page.Contents = good
        assert not odd_content(page)
    for bad in (Dictionary(), Array([stream, None]), Array([Array([stream])])):
        page.Contents = bad
        assert odd_content(page)


@pytest.mark.parametrize(
    ("data", "name", "odd"),
    [
        (b"q Q", None, False),
        (b"", Name.FlateDecode, False),
        (PACKED, Name.FlateDecode, False),
        (PACKED + b"  \n", Name.FlateDecode, False),
        (PACKED + b"more", Name.FlateDecode, True),
        (PACKED[:-5], Name.FlateDecode, True),
        (b"712051>", Name.ASCIIHexDecode, False),
        (b"q Q", Name.Unknown, True),
        (b"q Q", Name.Fl, True),
    ],
)
def test_how_content_is_decoded(pdf, data, name, odd):
    stream = pdf.make_stream(b"")
    stream.write(data, filter=name)
    assert (content_size(stream) is None) is odd
