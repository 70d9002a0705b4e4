"""A page of a badge is read in part first: what that proves, reading all of it proves too."""

from __future__ import annotations

import pytest

from pithtex.format.keys import default_keyring
from pithtex.pdf.judgement.judge import judge
from pithtex.pdf.judgement.records import Records
from pithtex.pdf.judgement.verdict import Word
from pithtex.pdf.read import read_evidence
from pithtex.pdf.text.lines import read_texts
from tests.forgeries import kit
from tests.forgeries.make import FORGERIES
from tests.pdf.binding import shows_title
from tests.pdf.conftest import build

BODY = "".join(
    f"BT /F1 10 Tf 72 {500 - 12 * n} Td (Words of the paper, line {n:02} of thirty) Tj ET " for n in range(30)
)
TITLE = "BT /F1 17 Tf 72 700 Td (A title of some words) Tj ET "


def parts(content: str, regions=()) -> tuple[list[str], float]:
    (page,), findings = read_texts(build(content), [1], brief={1: regions})
    assert findings == []
    return [line.text for line in page.lines], page.largest


def test_the_largest_type_is_read_and_the_paper_is_not():
    assert parts(TITLE + BODY) == (["A title of some words", "Words of the paper, line 00 of thirty"], 17)


@pytest.mark.parametrize(
    "content",
    [
        "BT /F1 10 Tf 300 600 Td (pith:ABCDEFGH) Tj ET ",
        "BT /F1 10 Tf 300 600 Td (p) Tj ( i t) Tj (h:ABCDEFGH) Tj ET ",
        "BT /F1 10 Tf 72 600 Td (R) Tj /F1 8 Tf (EFERENCES) Tj ET ",
        "BT /F1 10 Tf 72 600 Td (1 Introduction) Tj ET ",
        "BT /F1 10 Tf 72 660 Td (A line below the title) Tj ET ",
        "BT /F1 14 Tf 72 450 Td (Another title) Tj ET ",
        "BT /F1 10 Tf 0 1 -1 0 30 300 Tm (arXiv:2606.01751v1) Tj ET ",
    ],
)
def test_what_can_speak_for_or_against_a_badge_is_read(content):
    (whole,), _ = read_texts(build(content), [1])
    (line,) = whole.lines
    assert line.text in parts(TITLE + BODY + content + BODY.replace(" 5", " 1"))[0]


def test_what_stands_under_a_link_is_read_whatever_it_seems_to_say():
    hidden = "BT /F1 10 Tf 72 300 Td (p) Tj 3 Tr (x) Tj 0 Tr (ith:ABCDEFGH) Tj ET "
    assert "pith:ABCDEFGH" not in " ".join(parts(TITLE + BODY + hidden)[0]).replace(" ", "")
    lines, _ = parts(TITLE + BODY + hidden, [(60, 295, 200, 312)])
    assert "pith:ABCDEFGH" in " ".join(lines).replace(" ", "")


def test_small_type_is_no_title_where_the_paper_was_not_read():
    """Of the lines that are read most may be small, and the paper's own are not among them."""
    small = "BT /F1 7 Tf 72 640 Td (A stolen title of quite a few words) Tj ET "
    (page,), _ = read_texts(build(TITLE + small + BODY), [1], brief={1: [(60, 630, 200, 650)]})
    stolen = "A stolen title of quite a few words"
    assert stolen in [line.text for line in page.lines]
    assert shows_title(stolen, page) is None
    assert shows_title("A title of some words", page) is not None
    only_these = page._replace(lines=tuple(line for line in page.lines if line.text == stolen))
    assert shows_title(stolen, only_these) is None
    assert shows_title(stolen, only_these._replace(largest=None)) is not None


@pytest.mark.tex
@pytest.mark.parametrize("forgery", [f for f in FORGERIES if f.word is Word.VALID], ids=lambda forgery: forgery.name)
def test_what_is_valid_in_part_is_valid_as_a_whole(forgery):
    data = forgery.make()
    keyring = forgery.keyring or default_keyring()
    brief, whole = (judge(read_evidence(data, neighbours=False, brief=b), Records(keyring)) for b in (True, False))
    assert brief.word is not Word.VALID or brief.to_dict() == whole.to_dict()


def test_a_paper_with_a_badge_is_read_in_part():
    evidence = read_evidence(kit.PAPER, neighbours=False, brief=True)
    whole = read_evidence(kit.PAPER, neighbours=False)
    assert evidence.partial
    assert not whole.partial
    letters, all_letters = (sum(len(line.text) for line in e.texts[0].lines) for e in (evidence, whole))
    assert letters < all_letters / 2
    assert judge(evidence, Records(default_keyring())).to_dict() == judge(whole, Records(default_keyring())).to_dict()
