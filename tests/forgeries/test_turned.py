"""Pages that are turned when they are shown, and the arXiv stamp in each form that it has had."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Name

import pithtex
from pithtex.findings import Status
from pithtex.format.compact_receipt import encode_receipt
from pithtex.pdf.binding.stamp import find_stamps
from pithtex.pdf.check import check_pdf
from pithtex.pdf.evidence import PageText, TextLine
from pithtex.pdf.judgement.verdict import Word
from pithtex.pdf.text.lines import read_texts
from tests import signing
from tests.forgeries import kit

TURNS = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def turned(degrees: int) -> kit.Forge:
    """Page 1 with a content that stands upright when the page is turned clockwise, as printers' drivers write it."""

    def forge(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        a, b, c, d = TURNS[degrees]
        shift = {90: (height, 0), 180: (width, height), 270: (0, width)}[degrees]
        page.contents_add(b"q %d %d %d %d %f %f cm\n" % (a, b, c, d, *shift), prepend=True)
        page.contents_add(b"\nQ")
        page.MediaBox = Array([0, 0, width, height] if degrees == 180 else [0, 0, height, width])
        page.Rotate = degrees
        for annotation in page.get(Name.Annots, ()):
            x0, y0, x1, y1 = (float(number) for number in annotation.Rect)
            corners = [(a * x + c * y + shift[0], b * x + d * y + shift[1]) for x, y in ((x0, y0), (x1, y1))]
            xs, ys = zip(*corners, strict=True)
            annotation.Rect = Array([min(xs), min(ys), max(xs), max(ys)])

    return forge


@pytest.mark.parametrize("degrees", TURNS)
def test_a_turned_page_is_read_as_it_is_shown(degrees):
    verdict = check_pdf(kit.change(kit.paper(), turned(degrees)))
    assert verdict.word is Word.VALID
    assert "text" in {channel.channel for channel in verdict.channels}


@pytest.mark.tex
@pytest.mark.parametrize("degrees", TURNS)
def test_a_stolen_badge_on_a_turned_page_is_unbound(degrees):
    assert (
        check_pdf(kit.change(kit.stolen("", "", lambda _: None, Word.UNBOUND).make(), turned(degrees))).word
        is Word.UNBOUND
    )


def test_a_turned_page_lies_as_the_same_page_upright():
    (upright,), *_ = read_texts(kit.paper(), [1])
    for degrees in TURNS:
        (page,), *_ = read_texts(kit.change(kit.paper(), turned(degrees)), [1])
        shown = page.upright
        assert [line.text for line in shown.lines] == [line.text for line in upright.lines]
        for line, same in zip(shown.lines, upright.lines, strict=True):
            from_left = line.rect[0] - shown.box[0], line.rect[1] - shown.box[1]
            assert from_left == pytest.approx((same.rect[0] - upright.box[0], same.rect[1] - upright.box[1]), abs=0.1)


@pytest.mark.parametrize(
    ("text", "arxiv_id", "version"),
    [
        ("arXiv:2606.01751v2 [cs.CL] 3 Jun 2026", "2606.01751", 2),
        ("arXiv:2606.01751v12  [cs.CL]  3 Jun 2026", "2606.01751", 12),
        ("a r X i v : 2 6 0 6 . 0 1 7 5 1 v 2 [ c s . C L ]", "2606.01751", 2),
        ("arXiv:2606.0175 1v2 [cs.CL]", "2606.01751", 2),
        ("arXiv:0704.0001v1 [hep-ph] 2 Apr 2007", "0704.0001", 1),
        ("arXiv:hep-lat/0305021v1  20 May 2003", "hep-lat/0305021", 1),
        ("arXiv:math.DG/0211159 v1 11 Nov 2002", "math.DG/0211159", 1),
        ("arXiv:solv-int/9301001v3 4 Jan 1993", "solv-int/9301001", 3),
        ("arXiv:2606.01751 [cs.CL] 3 Jun 2026", "2606.01751", None),
    ],
)
def test_each_form_of_the_stamp(text, arxiv_id, version):
    line = TextLine(text=text, rect=(20, 200, 38, 560), size=20, font="Times-Roman", angle=90)
    (stamp,) = find_stamps([PageText(page=1, box=(0, 0, 612, 792), lines=(line,), hidden_characters=0)])
    assert (stamp.arxiv_id, stamp.version) == (arxiv_id, version)


@pytest.mark.parametrize("stamp", ["arXiv:math/0211159v1 [math.DG] 11 Nov 2002", "arXiv:math.DG/0211159v1 11 Nov 2002"])
def test_an_old_identifier_is_the_same_with_its_class(stamp):
    """Until 2007 the stamp had the subject class in the identifier."""
    canonical = signing.canonical_record(kit.TITLE, id="math/0211159")
    record = pithtex.load_record(signing.record_document(kit.TITLE, canonical=canonical))
    verified = pithtex.verify_record(record, signing.keyring())
    receipt = encode_receipt(verified.canonical, verified.key.key_id, verified.signature, verified.title)
    content = f"q BT /PithA 20 Tf 0 1 -1 0 28 250 Tm ({stamp}) Tj ET Q"
    forge = kit.all_of(kit.every_channel(verified.number.full, receipt), kit.draw(content))
    binding = check_pdf(kit.change(kit.paper(), forge), keyring=signing.keyring()).facts.binding
    assert (binding.status, binding.by) == (Status.HOLDS, "arxiv-id")
