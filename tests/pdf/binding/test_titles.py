"""What stands around a title: furniture, or words that make it another's; and titles of other scripts."""

from __future__ import annotations

import pytest

from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.binding.titles import shows_title
from pithtex.pdf.evidence import PageText, TextLine

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
