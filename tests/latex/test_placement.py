"""Where the badge goes, and that nothing moves for it."""

from __future__ import annotations

from typing import Any

import pytest

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
NUMBER = f"\\pithnumber{{{SUFFIX}}}"
WORDS = "These words only fill a line or two of a paper that has nothing to say. " * 6


def paper(*, preamble: str = "", body: str = "\\maketitle", options: str = "", cls: str = "{article}") -> str:
    return (
        f"\\documentclass{cls}\n\\usepackage[{options}]{{pith}}\n{preamble}\n\\title{{T}}\\author{{A}}\n"
        f"\\begin{{document}}\n{body}\n{WORDS}\n\\newpage\n{WORDS}\n\\end{{document}}\n"
    )


def is_turned(link: dict[str, Any]) -> bool:
    x0, y0, x1, y1 = link["rect"]
    return bool(y1 - y0 > x1 - x0)


@pytest.mark.parametrize(
    ("source", "turned"),
    [
        (paper(preamble=NUMBER), False),
        (paper(body=NUMBER + "\n\\maketitle"), False),
        (paper(body="\\maketitle\n" + NUMBER), False),
        (paper(body="\\maketitle\n" + WORDS + NUMBER), True),
        (paper(preamble=NUMBER, options="placement=title"), False),
        (paper(preamble=NUMBER, options="placement=margin"), True),
        (paper(preamble="\\pithsetup{placement=margin}" + NUMBER), True),
        (paper(body="\\pithsetup{placement=margin}" + NUMBER + "\\maketitle"), True),
        (paper(preamble=NUMBER, body="\\section*{No title}"), True),
        (paper(preamble=NUMBER + "\\hoffset=30pt \\voffset=-20pt ", options="placement=margin"), True),
    ],
    ids=["preamble", "before-title", "after-title", "in-a-paragraph", "title", "margin", "setup", "setup-body",
         "no-maketitle", "offset"],
)  # fmt: skip
def test_place(source: str, turned: bool, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, source, runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    found = read_paper(result.pdf)
    assert found.pages == 2
    (link,) = found.links
    assert (link["page"], is_turned(link)) == (1, turned)
    left, bottom, right, top = found.box_of("pith:CNPMIFD4")
    x0, y0, x1, y1 = link["rect"]
    assert (x0 <= left < right <= x1, y0 <= bottom < top <= y1) == (True, True)
    if turned:
        assert link["media"][2] - 40 < x1 < link["media"][2]
        assert link["media"][3] * 0.75 < y1 < link["media"][3]


def test_none(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble=NUMBER, options="placement=none"), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    found = read_paper(result.pdf)
    assert found.links == []
    assert "pith" not in found.text()
    assert found.info["/PithNumber"] == SUFFIX
    assert found.xmp.count(b"<pith:number>") == 1


def test_margin_moves_nothing(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    boxes = []
    for placement in ("none", "margin"):
        source = paper(preamble=NUMBER, options=f"placement={placement}", body="\\maketitle saywords")
        found = read_paper(compile_tex(tmp_path / placement, source, runs=1).pdf)
        boxes.append(found.box_of("saywords"))
    assert boxes[0] == boxes[1]


@pytest.mark.parametrize("cls", ["{report}", "[titlepage]{article}"])
def test_title_placement_adds_no_page(cls: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble=NUMBER, options="placement=title", cls=cls), runs=1)
    assert result.returncode == 0
    said = "Warning: No badge on any page (placement=title): the title has a page of its own. Try placement=auto."
    assert said in result.of_pith()
    found = read_paper(result.pdf)
    assert (found.pages, found.links) == (3, [])


def test_indentation_of_the_first_paragraph_stays(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    lefts = []
    for name, number in (("with", NUMBER), ("without", "")):
        source = paper(preamble=number).replace(WORDS + "\n\\newpage", "Unique " + WORDS + "\n\\newpage")
        lefts.append(read_paper(compile_tex(tmp_path / name, source, runs=1).pdf).box_of("Unique")[0])
    assert lefts[0] == pytest.approx(lefts[1])


@pytest.mark.parametrize("option", ["placement=top", "colour=red"])
def test_unknown_option_is_a_warning(option: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble=NUMBER, options=option), runs=1)
    assert result.returncode == 0
    assert "Package pith Warning: Unknown" in result.of_pith()
    assert len(read_paper(result.pdf).links) == 1


BARE = {"a rule": "\\hrule\\bigskip", "a box": "\\hbox{Boxed}", "a tall box": "\\hbox{\\vrule height 25pt}"}


@pytest.mark.parametrize("name", BARE)
def test_what_is_no_paragraph_and_moved_up_over_the_badge(
    name: str, tmp_path: Any, compile_tex: Any, read_paper: Any
) -> None:
    """The log says it, and every run after it takes the margin; where nothing is moved up, the badge stays."""
    source = paper(preamble=NUMBER, body=f"\\maketitle\\vspace{{-1.5cm}}{BARE[name]}")
    first = compile_tex(tmp_path, source, runs=1)
    assert "A rule or a box that was moved up lies over the badge." in first.of_pith()
    for _ in range(2):
        result = compile_tex(tmp_path, source, runs=1)
        assert (result.returncode, result.of_pith()) == (0, "")
        (link,) = read_paper(result.pdf).links
        assert (link["page"], is_turned(link)) == (1, True)
    still = compile_tex(tmp_path / "still", paper(preamble=NUMBER, body=f"\\maketitle{BARE[name]}"))
    (link,) = read_paper(still.pdf).links
    assert (still.of_pith(), is_turned(link)) == ("", False)


def test_a_title_that_ends_in_a_paragraph_with_a_line_break(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    """As in ascelike, whose abstract goes on in the last paragraph of the title."""
    title = "\\makeatletter\\renewcommand\\@maketitle{{\\Large\\@title\\par}\\@author\\\\[-4mm] }\\makeatother"
    source = paper(preamble=NUMBER + title, body="\\maketitle\n\\noindent Abstract:").replace("{A}", "{Peggy Young}")
    result = compile_tex(tmp_path, source, runs=1)
    assert (result.returncode, result.of_pith(), result.complaints) == (0, "", [])
    found = read_paper(result.pdf)
    (link,) = found.links
    assert (link["page"], is_turned(link)) == (1, False)
    _, bottom, _, top = link["rect"]
    assert found.box_of("Abstract")[3] < bottom < top < found.box_of("Peggy")[1]
