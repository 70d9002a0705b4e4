"""Programs, drivers and engines: what stops TeX at arXiv, as the sources show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.test_small_papers import BIB, PNG, review, tex

G = "\\usepackage{graphicx}\n"
EPS = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60 40\nnewpath 5 5 moveto 55 35 lineto stroke\n%%EOF\n"
BIBTEX = "\\begin{thebibliography}{1}\n\\bibitem{known} Known.\n\\end{thebibliography}\n"
BIBLATEX = (
    "% $ biblatex auxiliary file $\n% $ biblatex bbl format version 3.3 $\n% Do not modify\n"
    "\\entry{known}{article}{}{}\n\\endentry\n"
)

PREAMBLES: dict[str, tuple[str, str | None]] = {
    "\\usepackage{luacode}": ("PITH828", "error"),
    "\\usepackage{amsmath,emoji}": ("PITH828", "error"),
    "\\directlua{tex.print(1)}": ("PITH828", "error"),
    "\\ifx\\directlua\\undefined\\else\\directlua{x}\\fi": ("", None),
    "\\usepackage{xeCJK}": ("PITH828", "error"),
    "\\usepackage{fontspec}\\usepackage{xeCJK}": ("", None),
    "\\input{fonts}": ("PITH828", "error"),
    "\\usepackage{house}": ("PITH828", "error"),
    "\\usepackage{pstricks,pst-node}": ("PITH828", "warning"),
    "\\usepackage[pdf]{pstricks}\\usepackage{auto-pst-pdf}": ("PITH823", "warning"),
    "\\usepackage[dvips]{hyperref}": ("PITH824", "error"),
    "\\usepackage[pdftex]{hyperref}": ("", None),
    "\\usepackage{fontspec}\\usepackage[pdftex]{hyperref}": ("PITH824", "error"),
    "\\usepackage[dvipsnames]{xcolor}": ("", None),
    "\\usepackage{gnuplottex}": ("PITH823", "warning"),
    "\\usepackage{asymptote}": ("PITH823", "warning"),
    "\\usepackage{feynmp-auto}": ("PITH823", "warning"),
    "\\usepackage{markdown}": ("PITH823", "warning"),
    "\\immediate\\write18{date}": ("PITH823", "warning"),
    "% \\immediate\\write18{date}": ("", None),
    "\\newcommand{\\run}{\\write18{date}}": ("", None),
    "\\usepackage{minted}": ("PITH823", "error"),
    "\\usepackage[frozencache]{minted}": ("PITH823", "error"),
    "\\usepackage[frozencache,cachedir=.hidden]{minted}": ("PITH823", "error"),
    "\\usepackage[frozencache,cachedir=cache]{minted}": ("", None),
}


@pytest.mark.parametrize("preamble", PREAMBLES)
def test_preambles(preamble: str, tmp_path: Path) -> None:
    code, severity = PREAMBLES[preamble]
    files: dict[str, str | bytes] = {
        "main.tex": tex(pre=f"{preamble}\n"),
        "fonts.tex": "\\usepackage{fontspec}\n",
        "house.sty": "\\ProvidesPackage{house}\n\\RequirePackage{fontspec}\n",
        "cache/A1.pygtex": "x",
        ".hidden/A1.pygtex": "x",
    }
    _, result = review(tmp_path / "paper", files)
    found = [(item["code"], item["severity"], item["line"]) for item in result["findings"]]
    place = 1 if preamble in {"\\input{fonts}", "\\usepackage{house}"} else 2
    assert [(one, how) for one, how, _ in found] == ([(code, severity)] if severity else [])
    assert [line for *_, line in found] in ([], [place], [2])


@pytest.mark.parametrize(
    ("cls", "code"),
    [
        ("\\documentclass{ltjsarticle}", "PITH828"),
        ("\\documentclass[uplatex]{jsarticle}", "PITH828"),
        ("\\documentclass[dvips,11pt]{article}", "PITH824"),
        ("\\documentclass[dvipdfmx]{article}", "PITH824"),
        ("\\documentclass[pdftex]{article}", None),
    ],
)
def test_classes(cls: str, code: str | None, tmp_path: Path) -> None:
    _, result = review(tmp_path / "paper", {"main.tex": tex(cls=cls)})
    assert [item["code"] for item in result["findings"]] == ([code] if code else [])


def test_the_engine_of_the_figures_takes_the_driver_of_dvips(tmp_path: Path) -> None:
    paper = tex("\\includegraphics{a}", G + "\\usepackage[dvips]{hyperref}\n")
    _, result = review(tmp_path / "eps", {"main.tex": paper, "a.eps": EPS})
    assert result["findings"] == []
    _, result = review(tmp_path / "png", {"main.tex": paper, "a.png": PNG})
    assert [item["code"] for item in result["findings"]] == ["PITH824"]


def test_the_engine_that_the_readme_names(tmp_path: Path) -> None:
    paper = tex(pre="\\usepackage{xeCJK}\n")
    readme = '{"process": {"compiler": "xelatex"}}'
    _, result = review(tmp_path / "paper", {"main.tex": paper, "00README.json": readme})
    assert result["findings"] == []
    readme = '{"process": {"compiler": "lualatex"}}'
    _, result = review(tmp_path / "lua", {"main.tex": tex(), "00README.json": readme})
    assert [item["code"] for item in result["findings"]] == ["PITH828"]


def test_a_readme_that_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    readme = '{"sources": [{"filename": "paper.tex", "usage": "toplevel"}]}'
    status, result = review(tmp_path / "paper", {"main.tex": tex(), "00README.json": readme})
    assert (status, [item["code"] for item in result["findings"]]) == (1, ["PITH667"])


def test_a_pipe(tmp_path: Path) -> None:
    _, result = review(tmp_path / "paper", {"main.tex": tex("\\input{|date}")})
    assert [item["code"] for item in result["findings"]] == ["PITH823"]


BIBLIOGRAPHIES = {
    "BibTeX's for biblatex": ("\\usepackage{biblatex}\n\\addbibresource{refs.bib}\n", "", BIBTEX, "error"),
    "biblatex' for BibTeX": ("", "\\bibliographystyle{plain}\\bibliography{refs}", BIBLATEX, "error"),
    "biblatex' for a package that loads it": (
        "\\usepackage{biblatex-chicago}\n\\addbibresource{refs.bib}\n",
        "",
        BIBLATEX,
        None,
    ),
    "BibTeX's for BibTeX": ("", "\\bibliographystyle{plain}\\bibliography{refs}", BIBTEX, None),
}


@pytest.mark.parametrize("case", BIBLIOGRAPHIES)
def test_a_bbl_of_the_other_program(case: str, tmp_path: Path) -> None:
    preamble, body, bbl, severity = BIBLIOGRAPHIES[case]
    files: dict[str, str | bytes] = {"main.tex": tex(f"\\cite{{known}}{body}", preamble), "refs.bib": BIB}
    _, result = review(tmp_path / "paper", {**files, "main.bbl": bbl})
    found = [(item["code"], item["severity"]) for item in result["findings"]]
    assert found == ([("PITH827", severity)] if severity else [])


def test_biblatex_wants_the_ending(tmp_path: Path) -> None:
    paper = tex("\\cite{known}", "\\usepackage{biblatex}\n\\addbibresource{refs}\n")
    _, result = review(tmp_path / "paper", {"main.tex": paper, "refs.bib": BIB})
    assert [(item["code"], item["hint"]) for item in result["findings"]] == [("PITH805", "write {refs.bib}")]


def test_an_index_by_its_own_name(tmp_path: Path) -> None:
    paper = tex("\\printindex[names]", "\\usepackage{imakeidx}\n\\makeindex[name=names]\n")
    _, result = review(tmp_path / "paper", {"main.tex": paper})
    assert ["names.ind" in item["message"] for item in result["findings"]] == [True]
