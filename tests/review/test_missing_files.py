"""Files that are not there, by each command that names one: said with the line, without a build."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.test_small_papers import PNG, review, tex

MISSING = {
    "\\subimport{sections/}{intro}": "PITH641",
    "\\inputfrom{sections/}{intro}": "PITH641",
    "\\subinputfrom{sections/}{intro}": "PITH641",
    "\\includestandalone[width=3cm]{figs/diagram}": "PITH641",
    "\\input{figs/diagram.pdf_tex}": "PITH641",
    "\\input{~/tex/macros}": "PITH642",
    "\\input{/home/ann/macros.tex}": "PITH642",
    "\\input{../macros}": "PITH642",
    "\\includegraphics{C:\\Users\\ann\\plot.png}": "PITH642",
    "\\includegraphics{figs\\plot}": "PITH801",
    "\\includegraphics*{gone}": "PITH801",
    "\\pdfximage{gone.pdf}": "PITH801",
    "\\pgfdeclareimage[height=1cm]{logo}{images/logo}": "PITH801",
    "\\adjincludegraphics[width=3cm]{gone}": "PITH801",
    "\\adjustimage{width=3cm}{gone}": "PITH801",
    "\\animategraphics[loop]{4}{frames/f-}{0}{3}": "PITH801",
    "\\CenterWallPaper{1}{gone.pdf}": "PITH801",
    "\\plotone{gone.eps}": "PITH801",
    "\\includepdfmerge{gone.pdf,1-2,-}": "PITH801",
    "\\begin{axis}\\addplot graphics[xmin=0,xmax=1] {gone.png};\\end{axis}": "PITH801",
    "\\addplot file {run.dat};": "PITH807",
    "\\addplot+[mark=x] table [x=a] {run.dat};": "PITH807",
    "\\pgfplotstabletypeset[col sep=comma]{run.csv}": "PITH807",
    "\\tcbinputlisting{listing file=run.py,title=A}": "PITH807",
    "\\csvautolongtable{run.csv}": "PITH807",
    "\\csvloop{file=run.csv,head}": "PITH807",
    "\\DTLread{run.csv}": "PITH807",
    "\\lstinputlisting{Makefile}": "PITH807",
    "\\loadglsentries{terms}": "PITH807",
    "\\attachfile{data.zip}": "PITH807",
    "\\CatchFileDef{\\content}{numbers.tex}{}": "PITH807",
    "\\ExecuteMetaData[parts.tex]{one}": "PITH807",
    "\\usetikzlibrary{arrows.meta, ourlibrary}": "PITH804",
    "\\usepgfplotslibrary{fillbetween,ourlibrary}": "PITH804",
    "\\setmainfont[Path=fonts/,Extension=.otf]{House}": "PITH808",
    "\\setmainfont{House.otf}[Path = ./fonts/, BoldFont = HouseBold.otf]": "PITH808",
    "\\addbibresource[location=remote]{https://example.org/refs.bib}": "PITH642",
    "\\begin{bibunit}\\putbib[refs]\\end{bibunit}": "PITH805",
}


@pytest.mark.parametrize("use", MISSING)
def test_missing(use: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"main.tex": tex(use)}
    if "\\plot}" in use:
        files["figs/plot.png"] = PNG
    status, result = review(tmp_path / "paper", files)
    assert [(item["code"], item["line"]) for item in result["findings"]] == [(MISSING[use], 10)]
    assert (status, result["word"]) == (1, "not ready")


def test_two_figures_of_one_command(tmp_path: Path) -> None:
    cls = "\\documentclass{aastex631}"
    body = "\\plottwo{a}{b} \\gridline{\\fig{c.pdf}{3cm}{(a)}\\rotatefig{90}{d.pdf}{3cm}{(b)}}"
    _, result = review(tmp_path / "paper", {"main.tex": tex(body, cls=cls)})
    assert [item["code"] for item in result["findings"]] == ["PITH801"] * 4
    _, result = review(tmp_path / "other", {"main.tex": tex("\\newcommand{\\fig}[1]{Figure #1}\\fig{one}")})
    assert result["findings"] == []


def test_themes_are_those_of_beamer(tmp_path: Path) -> None:
    uses = "\\usetheme{ourlab}\n\\usecolortheme{ourlab}\n\\usetheme{Madrid}\n"
    _, result = review(tmp_path / "talk", {"main.tex": tex(pre=uses, cls="\\documentclass{beamer}")})
    assert [item["message"].split()[0] for item in result["findings"]] == [
        "beamerthemeourlab.sty",
        "beamercolorthemeourlab.sty",
    ]
    _, result = review(tmp_path / "poster", {"main.tex": tex(pre=uses, cls="\\documentclass{tikzposter}")})
    assert result["findings"] == []


def test_libraries_that_a_style_of_the_papers_loads(tmp_path: Path) -> None:
    style = "\\ProvidesPackage{house}\n\\RequirePackage{tikz}\n\\usetikzlibrary{calc,shapes.symbols,shadows}\n"
    files: dict[str, str | bytes] = {"main.tex": tex(pre="\\usepackage{house}\n"), "house.sty": style}
    _, result = review(tmp_path / "paper", files)
    assert result["findings"] == []
    _, result = review(tmp_path / "other", {**files, "house.sty": style.replace("shadows", "ours")})
    assert [item["message"].split()[0] for item in result["findings"]] == ["tikzlibraryours.code.tex"]


def test_a_document_inside_the_paper_ends_itself_alone(tmp_path: Path) -> None:
    """subfiles, standalone and docmute: what comes behind such a file is read all the same."""
    inner = "\\documentclass[../main]{subfiles}\n\\begin{document}\nText.\n\\end{document}\nNever.\n"
    for number, use in enumerate(("\\subfile{parts/a}", "\\input{parts/a}", "\\includestandalone{parts/a}")):
        files: dict[str, str | bytes] = {"main.tex": tex(f"{use}\n\\includegraphics{{gone}}"), "parts/a.tex": inner}
        _, result = review(tmp_path / str(number), files)
        assert ("PITH801", 11) in [(item["code"], item["line"]) for item in result["findings"]]


THERE: dict[str, dict[str, str | bytes]] = {
    "\\input{Intro}": {"intro.tex": "Text.\n"},
    "\\input{parts/Intro}": {"parts/intro.tex": "Text.\n"},
    "\\includestandalone{figs/a}": {"figs/a.pdf": b"%PDF-1.4\n"},
    "\\lstset{inputpath=src}\\lstinputlisting{a.c}": {"src/a.c": "int a;\n"},
    "\\usetikzlibrary{arrows.meta,calc}": {},
    "\\usetikzlibrary{ours}": {"tikzlibraryours.code.tex": "% ours\n"},
    "\\addplot table {x y\n1 2\n};": {},
    "\\animategraphics{4}{frames/f-}{0}{3}": {"frames/f-0.png": PNG},
    "\\setmainfont{House}": {},
}


@pytest.mark.parametrize("use", THERE)
def test_there(use: str, tmp_path: Path) -> None:
    status, result = review(tmp_path / "paper", {"main.tex": tex(use), **THERE[use]})
    assert [item["code"] for item in result["findings"] if item["severity"] != "note"] == []
    assert status == 0


def test_a_folder_of_graphicspath_outside_of_the_paper(tmp_path: Path) -> None:
    (tmp_path / "figs").mkdir()
    (tmp_path / "figs" / "a.png").write_bytes(PNG)
    body = "\\graphicspath{{../figs/}}\\includegraphics{a}"
    _, result = review(tmp_path / "paper", {"main.tex": tex(body)})
    assert [item["code"] for item in result["findings"]] == ["PITH642"]


def test_what_is_said_of_odd_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "main.tex": tex("\\includegraphics{a.pdf} \\includegraphics{gr\u00f6\u00dfe}"),
        "a.pdf": b"",
        "gro\u0308\u00dfe.png": PNG,
    }
    _, result = review(tmp_path / "paper", files)
    said = {item["code"]: f"{item['message']} {item['hint']}" for item in result["findings"]}
    assert "a.pdf is named as a PDF file, but it is empty" in said["PITH802"]
    assert "plain letters" in said["PITH801"]
