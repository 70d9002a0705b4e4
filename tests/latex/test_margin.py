"""The badge in a margin: on the page, on nothing printed, whatever the paper's size and the class's layout."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.latex import SUFFIX

WORDS = "These words only fill a line or two of a paper that has nothing to say. " * 60
LOREM = "\n\n".join(WORDS[i * 7 :] for i in range(4))
NOTE = "\\marginpar{A note in the margin, of a few lines.}"


def paper(
    first: str = "{article}", *, geometry: str = "", preamble: str = "", body: str = LOREM, placement: str = "margin"
) -> str:
    package = f"\\usepackage[{geometry}]{{geometry}}" if geometry else ""
    return (
        f"\\documentclass{first}\n{package}{preamble}\n\\usepackage[placement={placement}]{{pith}}"
        f"\\pithnumber{{{SUFFIX}}}\n\\title{{T}}\\author{{A}}\n"
        f"\\begin{{document}}\n\\maketitle\n{body}\n\\end{{document}}\n"
    )


UPRIGHT = {
    "letter": paper(geometry="letterpaper"),
    "a5": paper(geometry="a5paper"),
    "landscape": paper("[landscape,a4paper]{article}", geometry="landscape"),
    "narrow": paper(geometry="margin=0.3in"),
    "wide-right": paper(geometry="left=0.3in,right=1.5in"),
    "offset": paper(preamble="\\hoffset=-30pt \\voffset=20pt "),
    "offset-beyond-16pt": paper(preamble="\\hoffset=70pt "),
    "twoside-even": paper("[twoside]{article}", geometry="inner=1in,outer=0.35in", preamble="\\setcounter{page}{2}"),
    "low-page": paper(geometry="paperheight=2in,margin=0.4in"),
    "crop": paper(geometry="a5paper", preamble="\\usepackage[a4,cam,center]{crop}"),
    "memoir-trimmed": paper("[ebook]{memoir}"),
    "memoir-stock": paper("{memoir}", preamble="\\settrimmedsize{200mm}{120mm}{*}\\settrims{10mm}{30mm}"
                          "\\setulmarginsandblock{20mm}{20mm}{*}"
                          "\\setlrmarginsandblock{20mm}{20mm}{*}\\checkandfixthelayout "),
    "koma": paper("[DIV=15,paper=a5]{scrartcl}"),
    "ieee": paper("[journal]{IEEEtran}"),
    "reversed-notes": paper("[twocolumn]{article}", body=f"Words.{NOTE} {WORDS}"),
}  # fmt: skip
FLAT = {
    "no-right-margin": paper(geometry="right=0.15in,bottom=1in"),
    "notes": paper(geometry="a4paper,right=1.2in,marginparwidth=1in", body=f"Words.{NOTE} {LOREM}"),
    "notes-two-columns": paper("[twocolumn]{article}", geometry="margin=0.9in,marginparwidth=0.7in",
                               body=f"Left.\\newpage Right.{NOTE}"),
    "only-the-top": paper(geometry="right=0.15in,bottom=0.1in,top=1in,includefoot"),
}  # fmt: skip


def look(source: str, tmp_path: Any, compile_tex: Any, read_paper: Any, engine: str = "pdflatex") -> bool:
    """Compiles, checks that the badge is well placed, and says whether it is turned."""
    result = compile_tex(tmp_path, source, engine=engine, runs=1)
    assert (result.returncode, "Warning" in result.of_pith()) == (0, False), result.log[-2000:]
    found = read_paper(result.pdf)
    (link,) = found.links
    x0, y0, x1, y1 = link["rect"]
    width, height = link["media"][2:]
    assert (0 < x0 < x1 < width - 3, 3 < y0 < y1 < height) == (True, True)
    assert x0 > 36, "arXiv stamps the left margin"
    assert found.text_under(link["rect"]) == "pith:CNPMIFD4"
    return bool(y1 - y0 > x1 - x0)


@pytest.mark.parametrize("name", UPRIGHT)
def test_upright(name: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    assert look(UPRIGHT[name], tmp_path, compile_tex, read_paper)


@pytest.mark.parametrize("name", FLAT)
def test_where_the_right_margin_has_no_room(name: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    assert not look(FLAT[name], tmp_path, compile_tex, read_paper)


@pytest.mark.parametrize("engine", ["lualatex", "xelatex", "latex+dvips"])
@pytest.mark.parametrize("name", ["notes", "landscape"])
def test_other_engines(name: str, engine: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    turned = look((UPRIGHT | FLAT)[name], tmp_path, compile_tex, read_paper, engine)
    assert turned == (name in UPRIGHT)


def test_no_room_at_all(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(geometry="margin=0.1in"), runs=1)
    assert result.returncode == 0
    assert "Warning: No margin of this page has room for the badge" in result.of_pith()
    (link,) = read_paper(result.pdf).links
    x0, y0, x1, y1 = link["rect"]
    assert (0 < x0 < x1 < link["media"][2], 0 < y0 < y1 < link["media"][3]) == (True, True)


LAYOUTS = {
    "article": paper("[a4paper]{article}", placement="PLACE"),
    "two columns": paper("[a4paper,twocolumn]{article}", body=f"{LOREM}{NOTE}", placement="PLACE"),
    "report": paper("[a4paper]{report}", placement="PLACE"),
    "amsart": paper("[a4paper]{amsart}", placement="PLACE"),
    "ieee": paper("[conference,a4paper]{IEEEtran}", placement="PLACE"),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_margin_moves_no_letter(name: str, engine: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    """Pages, lines and the place of every character are those of the paper without the badge."""
    texts = []
    for placement in ("margin", "none"):
        source = LAYOUTS[name].replace("PLACE", placement)
        found = read_paper(compile_tex(tmp_path / placement, source, engine=engine, runs=1).pdf)
        texts.append([found.letters(page) for page in range(1, found.pages + 1)])
    with_badge, without = texts
    assert len(with_badge) == len(without)
    assert sum(map(len, without)) > 1000
    assert set(with_badge[0]) > set(without[0])
    assert with_badge[1:] == without[1:]


@pytest.mark.parametrize(
    "title", ["\\maketitle", "\\makeatletter\\begin{center}\\hbox{x\\@author}\\end{center}\\maketitle"]
)
def test_a_space_before_the_author_stays_what_it_was(
    title: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    """A cell of a table passes over it, and the mark by which the author is watched must not change that."""
    letters = []
    for options in ("placement=margin", "anonymous=false,placement=none"):
        source = (
            f"\\documentclass{{article}}\\usepackage[{options}]{{pith}}\\pithnumber{{{SUFFIX}}}\n\\title{{T}}\n"
            f"\\author{{\n Ann Author}}\n\\begin{{document}}{title} Words.\\end{{document}}\n"
        )
        letters.append(
            read_paper(compile_tex(tmp_path / options[:4], source, sty=with_record(), runs=1).pdf).letters(1)
        )
    badge, plain = letters
    assert set(plain) <= set(badge)
