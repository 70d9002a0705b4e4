from __future__ import annotations

import zlib

import pytest
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.appearance.grammar import Drawn

PACKED = zlib.compress(b"q Q")
BOX = Array([0, 0, 9, 9])


def drawn(pdf) -> Drawn:
    return Drawn(pdf.pages[0].obj)


def form(pdf, content: bytes = b"", **entries: object):
    return pdf.make_stream(content, **{"Type": Name.XObject, "Subtype": Name.Form, "BBox": BOX, **entries})


def picture(pdf, data: bytes = b"\0" * 4, **entries: object):
    plain = {"Width": 2, "Height": 2, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    made = pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image)
    for key, value in {**plain, **entries}.items():
        if value is not None:
            made[f"/{key}"] = value
    return made


def using(pdf, content: bytes, **resources: object) -> Drawn:
    page = pdf.pages[0].obj
    page.Contents = pdf.make_stream(content)
    page.Resources = Dictionary({f"/{kind}": Dictionary(A=value) for kind, value in resources.items()})
    return drawn(pdf)


def test_parts_are_found_in_forms_and_annotations_once(pdf):
    inner = form(pdf)
    outer = form(pdf, b"/A Do", Resources=Dictionary(XObject=Dictionary(A=inner)))
    page = pdf.pages[0].obj
    look = form(pdf)
    page.Annots = Array([Dictionary(Subtype=Name.Stamp, AP=Dictionary(N=Dictionary(On=look)))])
    found = using(pdf, b"/A Do /A Do", XObject=outer)
    assert found.oddity is None
    for part in (page, inner, outer, look):
        assert [other.objgen for other in found.parts].count(part.objgen) == 1


def test_a_part_is_looked_at_in_each_way_in_which_it_is_named(pdf):
    odd = form(pdf, b"6-90 0 m f")
    assert using(pdf, b"/A /A DP", Properties=odd).oddity is None
    assert using(pdf, b"/A /A DP /A Do", Properties=odd, XObject=odd).oddity


def test_an_inline_picture_of_damaged_data_is_not(pdf):
    head = b"BI /W 8 /H 8 /BPC 1 /IM true /F /Fl ID "
    assert using(pdf, head + zlib.compress(bytes(8)) + b"\nEI").oddity is None
    assert using(pdf, head + b"x" * 16 + b"\nEI").oddity


def test_a_form_that_draws_itself_is_not(pdf):
    loop = form(pdf, b"/A Do")
    loop.Resources = Dictionary(XObject=Dictionary(A=loop))
    assert using(pdf, b"/A Do", XObject=loop).oddity


def test_a_pages_content_is_streams(pdf):
    page = pdf.pages[0].obj
    stream = pdf.make_stream(b"q Q")
    for good in (stream, Array([stream, stream]), Array([])):
        page.Contents = good
        assert drawn(pdf).oddity is None
    for bad in (Dictionary(), Array([stream, None]), Array([Array([stream])])):
        page.Contents = bad
        assert drawn(pdf).oddity


def test_streams_that_meet_in_a_word_are_put_together(pdf):
    page = pdf.pages[0].obj
    page.Contents = Array([pdf.make_stream(b"1 g 6"), pdf.make_stream(b"0 0 m n")])
    assert drawn(pdf).glued == b"1 g 60 0 m n"
    page.Contents = Array([pdf.make_stream(b"1 g "), pdf.make_stream(b"0 0 m n")])
    assert drawn(pdf).glued is None


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
    pdf.pages[0].obj.Contents = stream
    assert (drawn(pdf).oddity is not None) is odd


FUNCTION = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([0]), N=1)
SHADE = {"ShadingType": 2, "ColorSpace": Name.DeviceGray, "Coords": Array([0, 0, 9, 0]), "Function": FUNCTION}
GRAY = {"WhitePoint": Array([0.95, 1, 1.09])}


@pytest.mark.parametrize(
    ("content", "kind", "value"),
    [
        (b"/A gs", "ExtGState", Dictionary(Type=Name.ExtGState, ca=0.5, BM=Name.Multiply, SMask=Name("/None"))),
        (b"/A gs", "ExtGState", Dictionary(TR=Array([Name.Identity] * 4), LW=1)),
        (b"/A sh", "Shading", Dictionary(**SHADE)),
        (b"/A cs .5 sc", "ColorSpace", Array([Name.CalGray, Dictionary(**GRAY, Gamma=2.2)])),
        (b"/A cs .5 sc", "ColorSpace", Array([Name.Separation, Name.Spot, Name.DeviceGray, FUNCTION])),
        (b"/A 9 Tf", "Font", Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
    ],
)
def test_resources_of_the_grammar(pdf, content, kind, value):
    assert using(pdf, content, **{kind: value}).oddity is None


@pytest.mark.parametrize(
    ("content", "kind", "value"),
    [
        (b"/B gs", "ExtGState", Dictionary()),
        (b"/A gs", "ExtGState", Dictionary(ca=1.5)),
        (b"/A gs", "ExtGState", Dictionary(BM=Array([Name.Multiply]))),
        (b"/A gs", "ExtGState", Dictionary(BM=Name.Odd)),
        (b"/A gs", "ExtGState", Dictionary(TR=FUNCTION)),
        (b"/A gs", "ExtGState", Dictionary(Odd=1)),
        (b"/A sh", "Shading", Dictionary(**{**SHADE, "Coords": Array([0, 0, 0, 0])})),
        (b"/A sh", "Shading", Dictionary(**{**SHADE, "Function": Dictionary(FunctionType=0)})),
        (b"/A sh", "Shading", Dictionary(**{**SHADE, "ShadingType": 4})),
        (b"/A cs .5 .5 sc", "ColorSpace", Array([Name.CalGray, Dictionary(**GRAY, Gamma=2.2)])),
        (b"/A cs .5 sc", "ColorSpace", Array([Name.CalGray, Dictionary(**GRAY, Gamma=0.001)])),
        (b"/A cs .5 sc", "ColorSpace", Array([Name.Separation, Name("/None"), Name.DeviceGray, FUNCTION])),
        (b"/A 9 Tf", "Font", Dictionary(Type=Name.Font, Subtype=Name.Odd)),
        (b"/A Do", "XObject", Dictionary(Subtype=Name.Form)),
    ],
)
def test_what_readers_draw_in_their_own_ways_is_not(pdf, content, kind, value):
    assert using(pdf, content, **{kind: value}).oddity


@pytest.mark.parametrize(
    ("entries", "odd"),
    [
        ({}, False),
        ({"Decode": Array([1, 0])}, False),
        ({"data": b"\0" * 3}, True),
        ({"ColorSpace": Array([Name.Indexed, Name.DeviceRGB, 0, b"abc"])}, False),
        ({"data": b"\0\0\1\0", "ColorSpace": Array([Name.Indexed, Name.DeviceRGB, 0, b"abc"])}, True),
        ({"ColorSpace": None}, True),
        ({"BitsPerComponent": 3}, True),
        ({"Width": 0}, True),
        ({"Mask": Array([0])}, True),
        ({"Mask": Array([0, 256])}, True),
        ({"Alternates": Array([])}, True),
        ({"Filter": Name.DCTDecode}, True),
        ({"ImageMask": True}, True),
        ({"ImageMask": True, "ColorSpace": None, "BitsPerComponent": 1}, False),
    ],
)
def test_pictures(pdf, entries, odd):
    assert (using(pdf, b"/A Do", XObject=picture(pdf, **entries)).oddity is not None) is odd


@pytest.mark.parametrize(
    "entries", [{"Subtype": Name.Odd}, {"BBox": Array([0, 0, 9])}, {"Matrix": Array([1, 0])}, {"Ref": Dictionary()}]
)
def test_forms(pdf, entries):
    assert using(pdf, b"/A Do", XObject=form(pdf)).oddity is None
    assert using(pdf, b"/A Do", XObject=form(pdf, **entries)).oddity


def matted(pdf):
    """A picture of which only some readers heed the colour that it was mixed with."""
    return picture(pdf, SMask=picture(pdf, Matte=Array([0])))


def test_where_a_picture_is_that_readers_draw_in_different_colours(pdf):
    found = using(pdf, b"q 20 0 0 10 5 7 cm /A Do Q q 0 4 -2 0 50 60 cm /A Do Q", XObject=matted(pdf))
    assert (found.oddity, found.unsure) == (None, ((5, 7, 25, 17), (48, 60, 50, 64)))
    jpeg_2000 = picture(pdf, b"\xffO\xffQ", Filter=Name.JPXDecode, ColorSpace=None)
    assert using(pdf, b"20 0 0 10 5 7 cm /A Do", XObject=jpeg_2000).unsure == ((5, 7, 25, 17),)
    assert using(pdf, b"20 0 0 10 5 7 cm /A Do", XObject=picture(pdf)).unsure == ()


def test_where_it_is_in_a_form(pdf):
    inner = Dictionary(XObject=Dictionary(A=matted(pdf)))
    turned = form(pdf, b"2 0 0 2 1 1 cm /A Do", Resources=inner, Matrix=Array([0, 1, -1, 0, 0, 0]))
    found = using(pdf, b"q 10 0 0 10 100 100 cm /A Do Q /A Do", XObject=turned)
    assert (found.oddity, sorted(found.unsure)) == (None, [(-3, 1, -1, 3), (70, 110, 90, 130)])


@pytest.mark.parametrize("kind", ["pattern", "annotation", "many places"])
def test_it_is_nowhere_else(pdf, kind):
    inner = {"Resources": Dictionary(XObject=Dictionary(A=matted(pdf)))}
    if kind == "pattern":
        tile = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "XStep": 9, "YStep": 9}
        made = pdf.make_stream(b"/A Do", **{"Type": Name.Pattern, "BBox": BOX, **tile, **inner})
        found = using(pdf, b"/Pattern cs /A scn 0 0 5 5 re f", Pattern=made)
    elif kind == "annotation":
        pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.Stamp, AP=Dictionary(N=form(pdf, b"/A Do", **inner)))])
        found = using(pdf, b"")
    else:
        found = using(pdf, b"q 1 0 0 1 5 5 cm /A Do Q " * 30, XObject=matted(pdf))
    assert found.oddity == "a picture that readers draw in different colours is in a pattern, or in many places"


def test_a_mask_in_jpeg_2000_is_odd(pdf):
    mask = picture(pdf, b"\xffO\xffQ", Filter=Name.JPXDecode)
    assert using(pdf, b"/A Do", XObject=picture(pdf, SMask=mask)).oddity
    stencil = picture(pdf, b"\xffO\xffQ", Filter=Name.JPXDecode, ImageMask=True, ColorSpace=None, BitsPerComponent=1)
    assert using(pdf, b"/A Do", XObject=stencil).oddity
