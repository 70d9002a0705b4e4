from __future__ import annotations

from itertools import product

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.text import ink
from pithtex.pdf.text.lines import read_texts
from pithtex.pdf.text.naming import naming_pith
from tests.pdf.conftest import build, link


def read(content, *, drawn=True, **more):
    (page,), findings, *_ = read_texts(build(content, **more), [1], drawn=drawn)
    assert findings == []
    return page


def lines(content, **more):
    return [line.text for line in read(content, **more).lines]


SHOW = "BT /F1 12 Tf 72 700 Td (Some words) Tj ET "


@pytest.mark.tex
def test_a_real_paper(paper):
    (page, second), findings, *_ = read_texts(paper, [1, 2])
    assert findings == []
    texts = [line.text for line in page.lines]
    assert texts[:3] == ["On the Efficient Offline Verification of", "Flow-Final Affine Papers∗", "Ann Author"]
    for shown in ("pith:ABCDEFGH", "White on black", "Other text on top of it", "Words in a form", "Normal text."):
        assert shown in texts
    assert texts.count("Poor bold") >= 1
    whole = " ".join(texts)
    for hidden in ("Invisible", "Blank", "Covered", "Doubly", "Remote", "Tiny"):
        assert hidden not in whole
    assert page.hidden_characters >= len("InvisiblewordsBlankwordsCoveredwordshereDoublycoveredwordsRemotewords")
    title = page.lines[0]
    assert title.size == pytest.approx(17.2, abs=0.2)
    assert (title.font, title.angle) == ("CMR17", 0)
    assert second.lines[0].text == "Second page."


@pytest.mark.tex
def test_the_stamp_in_the_margin(paper):
    (page,), *_ = read_texts(paper, [1])
    (stamp,) = [line for line in page.lines if line.angle]
    assert stamp.text == "arXiv:2302.07302v1 [cs.LG] 14 Feb 2023"
    assert stamp.angle == 90
    left, bottom, right, top = stamp.rect
    assert right < 80
    assert top - bottom > 10 * (right - left)


@pytest.mark.tex
def test_without_drawing_what_the_objects_say_counts(paper):
    (page,), *_ = read_texts(paper, [1], drawn=False)
    whole = " ".join(line.text for line in page.lines)
    for hidden in ("Invisible", "Blank", "Remote", "Tiny", "White on black"):
        assert hidden not in whole
    assert "Covered" in whole


HIDING = [
    "3 Tr ",
    "7 Tr ",
    "1 1 1 rg ",
    "1 g ",
    "0 0 0 0 k ",
    "/G gs ",
    "1 Tr 1 G ",
    "q 0.01 0 0 0.01 0 0 cm ",
    "1 0 0 1 900 0 cm ",
    "1 0 0 1 0 -1800 cm ",
]
CLIPPED = "0 0 1 1 re W n "  # seen by drawing only


@pytest.mark.parametrize(("content", "drawn"), [*product(HIDING, [True, False]), (CLIPPED, True)])
def test_hidden_text(content, drawn):
    def change(pdf):
        pdf.pages[0].obj.Resources.ExtGState = Dictionary(G=Dictionary(ca=0, CA=0))

    page = read(content + SHOW, drawn=drawn, change=change)
    assert page.lines == ()
    # PDFium may drop text off the page by itself, and then nobody counts it.
    assert page.hidden_characters in {0, 9}


@pytest.mark.parametrize(
    "content",
    [
        SHOW + "1 g 0 0 612 792 re f",
        SHOW + "0 g 0 0 612 792 re f",
        SHOW + "1 g 60 690 200 30 re f BT 0 g /F1 12 Tf 72 700 Td (XXXXXXXXXXX) Tj ET",
        "1 g " + SHOW + " 0 g BT 1 0 0 1 0 0 Tm /F1 12 Tf 73 700 Td (XXXXXXXXX) Tj ET",
        "/OC /L BDC " + SHOW + " EMC",
    ],
)
def test_text_that_only_drawing_shows_to_be_hidden(content):
    def change(pdf):
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="L"))
        pdf.pages[0].obj.Resources.Properties = Dictionary(L=layer)
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))

    assert "Some" not in " ".join(lines(content, change=change))


def test_half_a_line_covered():
    content = "BT /F1 12 Tf 72 700 Td (Comment on ) Tj (Some words) Tj ET 1 g 70 690 73 25 re f"
    assert lines(content) == ["Some words"]


def test_an_annotation_can_cover_text():
    def change(pdf):
        form = Stream(pdf, b"1 g 0 0 300 40 re f", Subtype=Name.Form, BBox=Array([0, 0, 300, 40]))
        pdf.pages[0].obj.Annots = Array(
            [link(None, Subtype=Name.Stamp, Rect=Array([60, 690, 360, 730]), F=4, AP=Dictionary(N=form))]
        )

    assert lines(SHOW, change=change) == []


@pytest.mark.parametrize(
    "content",
    [
        SHOW,
        "0 g 50 650 300 100 re f 1 g " + SHOW,
        ".2 .2 .8 rg " + SHOW,
        "1 Tr " + SHOW,
        "2 Tr 1 g 0 G " + SHOW,
        ".5 g " + SHOW,
        SHOW + SHOW,
        SHOW + "1 0 0 1 .2 .1 cm " + SHOW,
        SHOW + "0 G 72 698 m 140 698 l S",
    ],
)
def test_visible_text(content):
    assert "Some words" in lines(content)


def test_spaces_and_lines():
    content = """BT /F1 10 Tf 72 700 Td [(One)-300(two)-20(three)] TJ 0 -12 Td (four) Tj 200 0 Td (column) Tj
        -200 -12 Td (five) Tj 4 Ts (2) Tj 0 Ts (six) Tj ET"""
    assert lines(content) == ["One twothree", "four", "column", "five2six"]


def test_order_is_that_of_the_content_stream():
    content = "BT /F1 10 Tf 72 100 Td (Lower) Tj 0 500 Td (Upper) Tj ET"
    assert lines(content) == ["Lower", "Upper"]


@pytest.mark.parametrize(("matrix", "angle"), [("1 0 0 1", 0), ("0 1 -1 0", 90), ("-1 0 0 -1", 180), ("0 -1 1 0", 270)])
def test_angles(matrix, angle):
    content = f"BT /F1 12 Tf {matrix} 300 400 Tm (Some words) Tj ET"
    (line,) = read(content).lines
    assert (line.text, line.angle, line.size) == ("Some words", angle, 12)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_angle_is_that_of_the_page_as_shown_and_places_are_not(turn):
    content = "BT /F1 12 Tf 0 1 -1 0 300 400 Tm (Some words) Tj ET"
    page = read(content, page={"Rotate": turn, "CropBox": Array([100, 100, 500, 700])})
    (line,) = page.lines
    assert line.text == "Some words"
    assert line.angle == (90 - turn) % 360
    assert page.box == (100, 100, 500, 700)
    assert 285 < line.rect[0] < 295
    assert 400 < line.rect[1] < 405


def test_text_outside_the_crop_box_is_hidden():
    page = read(SHOW, page={"CropBox": Array([0, 0, 612, 600])})
    assert page.lines == ()


def test_size_counts_the_matrices():
    content = "2 0 0 2 0 0 cm BT /F1 3 Tf 2 0 0 2 10 100 Tm (Some words) Tj ET"
    (line,) = read(content).lines
    assert line.size == 12


@pytest.mark.parametrize("drawn", [True, False])
def test_a_huge_page_and_a_tiny_one(drawn):
    assert lines(SHOW, page={"MediaBox": Array([0, 0, 14400, 14400])}, drawn=drawn) in (["Some words"], [])
    assert lines(SHOW, page={"MediaBox": Array([0, 0, 1, 1])}, drawn=drawn) == []


def test_pages_that_name_pith():
    assert naming_pith(build(SHOW), [1, 9], "") == ((), ())
    assert naming_pith(build(SHOW.replace("Some", "pi t h:ABCD")), [1, 9], "") == ((1,), ())
    assert naming_pith(b"nothing", [1], "") == ((), (1,))


def test_the_number_of_characters_is_bounded():
    words = "x" * 1000
    content = (
        "BT /F1 2.5 Tf "
        + "".join(f"1 0 0 1 10 {10 + 3 * i} Tm ({words}) Tj " for i in range(MAX_TEXT_CHARS // 1000 + 1))
        + "ET"
    )
    (page,), findings, *_ = read_texts(build(content), [1], drawn=False)
    assert [f.name for f in findings] == ["channel-limit"]
    assert sum(len(line.text) for line in page.lines) <= MAX_TEXT_CHARS


def test_a_page_that_takes_too_long_to_draw(monkeypatch):
    monkeypatch.setattr(ink, "MAX_DRAWING_SECONDS", 0.0)
    (page,), findings, *_ = read_texts(build(SHOW + "0 0 99 99 re f " * 20_000), [1])
    assert page.lines == ()
    assert [f.name for f in findings] == ["channel-limit"]


def test_heavy_overlap_ends():
    content = "BT /F1 12 Tf " + "".join(f"1 0 0 1 {72 + i % 7} 700 Tm (line {i}) Tj " for i in range(2000)) + "ET"
    read(content)


def test_pages_that_are_not_there():
    texts, findings, *_ = read_texts(build(), [0, 1, 2])
    assert [page.page for page in texts] == [1]
    assert [f.where for f in findings] == ["page 0", "page 2"]


def test_what_pdfium_cannot_open():
    texts, findings, *_ = read_texts(b"nothing", [1])
    assert texts == ()
    assert [f.name for f in findings] == ["channel-damaged"]


def test_no_unicode_map_and_odd_codes():
    def change(pdf):
        font = pdf.pages[0].obj.Resources.Font.F1
        cmap = b"1 beginbfchar <41> <D835DC00> endbfchar 1 beginbfchar <42> <0000> endbfchar"
        font.ToUnicode = Stream(
            pdf, b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange " + cmap + b" endcmap"
        )

    assert isinstance(lines("BT /F1 12 Tf 72 700 Td (ABC\\001\\255) Tj ET", change=change), list)


def test_an_object_in_the_way_of_the_font():
    def change(pdf):
        pdf.pages[0].obj.Resources.Font.F1 = pikepdf.Array([])

    assert isinstance(lines(SHOW, change=change), list)
