"""What stands around a title: furniture, or words that make it another's; and titles of other scripts."""

from __future__ import annotations

import pytest

from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.binding.titles import find_title
from pithtex.pdf.evidence import PageText, TextLine
from tests.pdf.binding import shows_title

TITLE = "Finding What Is Shown in Papers of Many Pages"
HEBREW = "גישה חדשה לאחסון נתונים במערכות גדולות"


def line(text: str, bottom: float, size: float, font: str = "F") -> TextLine:
    return TextLine(text=text, rect=(100, bottom, 500, bottom + 0.7 * size), size=size, font=font, angle=0)


def page(*first: TextLine, title: str = TITLE) -> PageText:
    body = (line("Words of the text. " * 3, y, 10) for y in range(100, 600, 12))
    return PageText(page=1, box=(0, 0, 612, 792), lines=(*first, line(title, 650, 17), *body), hidden_characters=0)


@pytest.mark.parametrize("size", [8, 12, 17, 24])
@pytest.mark.parametrize(
    "above",
    [
        "Research Article", "INVITED PAPER", "Review", "Technical Report No. 17", "Extended Abstract", "Letter",
        "Journal of Finding", "International Journal of Finding and Losing", "Physical Review Letters",
        "IEEE Transactions on X",
        "Proceedings of the 7th Workshop on Finding", "Annals of Finding", "University of Somewhere",
        "Department of Physics",
        "Massachusetts Institute of Technology", "Technische Universität München", "17", "* * *",
        "Programa de P´os-Gradua¸c˜ao em F´ısica", "ournal of Finding and Losing", "Preprint. Under review.",
        "Draft: Not for Redistribution", "Preliminary. Comments welcome", "Dept. of Computer Science",
    ],
)  # fmt: skip
def test_furniture_above_a_title_is_no_part_of_it(above: str, size: float) -> None:
    assert shows_title(TITLE, page(line(above, 690, size, "G"))) == TITLE


@pytest.mark.parametrize("size", [8, 12, 17, 24])
@pytest.mark.parametrize(
    "above",
    [
        "Comment on", "C o m m e n t  o n", "A reply to", "Kommentar zu", "Commentaire sur", "Erratum", "Retracted",
        "A Critique:",
        "Supplementary Material", "Why not to believe in", "Beyond", "“", "Towards the End of", "关于", "Abstract",
        "and",
    ],
)  # fmt: skip
def test_what_leads_into_a_title_makes_it_anothers(above: str, size: float) -> None:
    assert shows_title(TITLE, page(line(above, 680, size, "G"))) is None


@pytest.mark.parametrize(
    "above",
    [
        f"Doe, J., & Roe, R. A. (2011). {TITLE}. Journal of Finding. doi:10.1000/1",
        "Reprinted with corrections from The Journal of Finding,",
    ],
)
def test_where_a_paper_comes_from_is_furniture(above: str) -> None:
    assert shows_title(TITLE, page(line(above, 690, 14, "G") if "Doe" in above else line(above, 740, 8))) == TITLE
    for other in (f"Doe, J. (2011). Against {TITLE}.", f"Doe, J.: On {TITLE}, 2011", "Correction"):
        assert shows_title(TITLE, page(line(other, 690, 14, "G"))) is None


@pytest.mark.parametrize(
    "below",
    [
        "Thomas E. Hart1, Paul E. McKenney2 1University of Toronto", "Draft: Not for Redistribution",
        "Dept. of Computer Science for All", "Comments are welcome",
    ],
)  # fmt: skip
def test_authors_and_the_state_of_a_draft_are_no_second_title(below: str) -> None:
    assert shows_title(TITLE, page(line(below, 615, 14.2, "G"))) == TITLE


@pytest.mark.parametrize(
    "heading", ["Statement of need", "Background", "Introduction: finding in the large", "Motivation and significance"]
)
def test_a_papers_first_heading_is_no_second_title(heading: str) -> None:
    assert shows_title(TITLE, page(line("A. Author", 620, 10), line(heading, 602, 14.2, "G-Bold"))) == TITLE


@pytest.mark.parametrize("above", ["ABC-TH-2026-017", "Draft version November 24, 2026", "https://example.org/17"])
def test_numbers_in_small_type_are_furniture(above: str) -> None:
    assert shows_title(TITLE, page(line(above, 665, 8))) == TITLE


def test_a_title_is_not_quoted_unless_it_quotes() -> None:
    for text in (f"“{TITLE}”", f"«{TITLE}»", f"„{TITLE}“", f'"{TITLE}"'):
        assert shows_title(TITLE, page(title=text)) is None
        assert shows_title(f"``{TITLE}''", page(title=text)) == text


def test_scripts_that_are_written_from_the_right_are_read_either_way() -> None:
    assert shows_title(HEBREW, page(title=HEBREW)) == HEBREW
    assert shows_title(HEBREW, page(title=HEBREW[::-1])) == HEBREW[::-1]
    assert shows_title(TITLE, page(title=TITLE[::-1])) is None


@pytest.mark.parametrize("part", ["1", ":", '"', " ", "!", "the ", "on ", "journal ", "university of ", "1 "])
@pytest.mark.parametrize("height", [690, 630], ids=["above", "below"])
def test_lines_as_long_as_a_page_takes_end(part: str, height: float) -> None:
    """Patterns that take the square of a line's length would take hours of a page's 200,000 characters."""
    long = (part * MAX_TEXT_CHARS)[:MAX_TEXT_CHARS] + "q"
    assert shows_title(TITLE, page(line(long, height, 8, "G"))) in {TITLE, None}


def two_on_one(title_at: float) -> PageText:
    """A sheet with a title on its left and the text of the second page beside it, which begins higher."""
    title = TextLine(text=TITLE, rect=(title_at, 450, title_at + 260, 460), size=12, font="F", angle=0)
    left, right = (
        [
            TextLine(text="Words of the text, some of them.", rect=(x, y, x + 300, y + 5), size=7, font="G", angle=0)
            for y in range(100, top, 9)
        ]
        for x, top in ((60, 420), (480, 540))
    )
    return PageText(page=1, box=(0, 0, 842, 595), lines=(title, *left, *right), hidden_characters=0)


def test_the_second_page_on_a_sheet_is_not_around_the_title() -> None:
    assert shows_title(TITLE, two_on_one(80)) == TITLE
    assert shows_title(TITLE, two_on_one(300)) is None


def at(text: str, left: float, bottom: float, right: float, size: float, font: str = "F") -> TextLine:
    return TextLine(text=text, rect=(left, bottom, right, bottom + 0.7 * size), size=size, font=font, angle=0)


LAYOUTS = {
    "publisher's and journal's names, Elsevier": [
        at("Computers & Losing Engineering 137 (2019) 106024", 200, 750, 400, 8, "G"),
        at("ScienceDirect", 250, 735, 340, 16.5, "H"), at("Computers & Losing Engineering", 180, 710, 430, 18, "G"),
    ],
    "a running head that ends in a symbol, AIP": [
        at("JOURNAL OF FINDING 101, 023106 -2007-", 180, 690, 420, 9, "G"),
    ],
    "a masthead with a large first letter, JCAP": [
        at("J", 80, 700, 96, 30, "H"), at("ournal of Cosmology and Finding", 97, 705, 400, 16, "G"),
    ],
    "a series in capitals, IEEE": [at("TOPICS IN FINDING AND LOSING PAPERS", 100, 680, 400, 13, "G")],
    "a field, Science": [at("COMPUTER SCIENCE", 100, 668, 180, 8, "G")],
    "a report's name, BRICS": [
        at("BRICS", 180, 720, 430, 60, "G"), at("Basic Research in Computer Science", 100, 705, 300, 10, "H"),
    ],
    "a citation of itself": [at(f"Please cite: {TITLE}, J. Find. (2019), doi:10.1016/j.f", 90, 715, 510, 15)],
    "a thesis": [
        at("Universidade do Estado do Rio", 150, 740, 450, 18, "G"),
        at("Pós-Graduação em Física", 170, 715, 430, 16, "G"),
    ],
    "authors above, in far smaller type": [at("By Ann Author and Bob Author", 100, 679, 300, 8, "G")],
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_furniture_of_publishers(name: str) -> None:
    assert shows_title(TITLE, page(*LAYOUTS[name])) == TITLE


def test_a_root_sign_is_a_line_of_its_own() -> None:
    title = r"Finding What Is Shown at $\sqrt{s}=7$ TeV in Many Papers"
    lines = [
        at("Finding What Is Shown at", 100, 650, 300, 17), TextLine("√", (304, 646, 317, 664), 18, "S", 0),
        at("s = 7 TeV", 317, 650, 400, 17), at("in Many Papers", 100, 630, 300, 17),
    ]  # fmt: skip
    body = (line("Words of the text. " * 3, y, 10) for y in range(100, 600, 12))
    shown = PageText(page=1, box=(0, 0, 612, 792), lines=(*lines, *body), hidden_characters=0)
    assert shows_title(title, shown) == "Finding What Is Shown at √s = 7 TeV in Many Papers"


@pytest.mark.parametrize(
    ("around", "kind", "place"),
    [
        (line("Comment on", 680, 12, "G"), "document", "above"),
        (line("Beyond", 680, 12, "G"), "leads", "above"),
        (line("Losing Papers Is an Art", 680, 17, "G"), "title", "above"),
        (line("\ufffd\ufffd\ufffd", 680, 17, "G"), "codes", "above"),
        (line("Losing Papers Is an Art", 610, 16, "G"), "title", "below"),
        (line("Losing Them", 631, 17), "goes-on", "below"),
        (line("Supplementary Material", 631, 10), "document", "below"),
        (line("Abstract", 680, 12, "G"), "text", "above"),
        (at("Losing Papers Is an Art", 520, 650, 800, 20), "title", "beside"),
    ],
)
def test_what_stands_around_a_title_is_said(around: TextLine, kind: str, place: str) -> None:
    found = find_title(TITLE, page(around))
    assert found is not None
    assert found.text == TITLE
    assert found.obstacle is not None
    assert (found.obstacle.kind, found.obstacle.place, found.obstacle.text) == (kind, place, around.text)
    assert repr(around.text) in found.obstacle.clause


def test_a_subtitle_in_smaller_type_leaves_a_title_its_pages_own() -> None:
    assert shows_title(TITLE, page(line("Losing Papers Is an Art", 631, 12, "G"))) == TITLE
    assert shows_title(TITLE, page(line("A Rebuttal", 631, 12, "G"))) is None


def test_a_running_head_repeats_the_title() -> None:
    """A word of the title itself does not say that the page is another document."""
    title = "Comments on the Finding of Papers"
    assert shows_title(title, page(line("COMMENTS ON THE FINDING", 720, 8, "G"), title=title)) == title
    assert shows_title(title, page(line("A Reply", 720, 8, "G"), title=title)) is None
