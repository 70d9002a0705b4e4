"""Small papers, each with one problem that authors report, as the command sees them; and papers with nothing wrong."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pithtex.cli.main import main

G = "\\usepackage{graphicx}\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\x02\0\0\0"
ACL = "\\ProvidesPackage{acl}\n\\DeclareOption{review}{}\\ProcessOptions\n"
BIB = "@article{known,\n author = {A. Known}, title = {A Result}, year = {2024}\n}\n"


@pytest.fixture(autouse=True)
def _empty_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def tex(
    body: str = "Text.", pre: str = "", cls: str = "\\documentclass{article}", abstract: str = "We measure."
) -> str:
    return (
        f"{cls}\n{pre}\\title{{On Small Papers}}\n\\author{{Ann Author}}\n\\begin{{document}}\n\\maketitle\n"
        f"\\begin{{abstract}}\nWe measure.\n\\end{{abstract}}\n\\section{{One}}\\label{{sec:one}} "
        f"Text of section~\\ref{{sec:one}}.\n{body}\n\\end{{document}}\n"
    )


def review(folder: Path, files: dict[str, str | bytes], *options: str) -> tuple[int, dict[str, Any]]:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        code = main(["presubmit", str(folder), "--json", "--ignore", "PITH601,PITH836", *options])
    (result,) = json.loads(stream.getvalue())["results"]
    return code, result


FOUND: dict[str, tuple[dict[str, str | bytes], str, str, int | None]] = {
    "a figure by an absolute path": (
        {"main.tex": tex("\\includegraphics{/home/ann/plot.png}", G)},
        "PITH642",
        "error",
        11,
    ),
    "a figure beside the folder": ({"main.tex": tex("\\includegraphics{../figs/plot}", G)}, "PITH642", "error", 11),
    "a hidden figure": ({"main.tex": tex("\\includegraphics{.c/p.png}", G), ".c/p.png": PNG}, "PITH809", "error", 11),
    "a hidden preamble": ({"main.tex": tex("\\input{.house/pre}"), ".house/pre.tex": "Text."}, "PITH809", "error", 10),
    "a missing figure": (
        {"main.tex": tex("\\includegraphics[width=\\linewidth]{figures/plot}", G)},
        "PITH801",
        "error",
        11,
    ),
    "a folder's letter in another case": (
        {"main.tex": tex("\\includegraphics{Figures/plot}", G), "figures/plot.png": PNG},
        "PITH801",
        "error",
        11,
    ),
    "a figure drawn over": (
        {"main.tex": tex("\\begin{overpic}[grid]{plot}\\end{overpic}", "\\usepackage{overpic}\n")},
        "PITH801",
        "error",
        11,
    ),
    "a figure by the old command": (
        {"main.tex": tex("\\epsfig{file=plot.eps,width=3cm}", "\\usepackage{epsfig}\n")},
        "PITH801",
        "error",
        11,
    ),
    "no .bib": (
        {"main.tex": tex("\\cite{known}\\bibliographystyle{plain}\\bibliography{refs}")},
        "PITH805",
        "error",
        10,
    ),
    "no .bib of biblatex": (
        {"main.tex": tex("\\cite{known}\\printbibliography", "\\usepackage{biblatex}\n\\addbibresource{refs.bib}\n")},
        "PITH805",
        "error",
        3,
    ),
    "a class of nowhere": ({"main.tex": tex(cls="\\documentclass{ourjournal}")}, "PITH804", "error", 1),
    "a style that a style of the paper's loads": (
        {"main.tex": tex(pre="\\usepackage{ours}\n"), "ours.sty": "% ours\n\\RequirePackage{theirs}\n"},
        "PITH804",
        "error",
        2,
    ),
    "a style in another folder": (
        {"main.tex": tex(pre="\\usepackage{ours}\n"), "styles/ours.sty": "\\ProvidesPackage{ours}\n"},
        "PITH804",
        "error",
        2,
    ),
    "a bst of nowhere": (
        {"main.tex": tex("\\cite{known}\\bibliographystyle{ours}\\bibliography{refs}"), "refs.bib": BIB},
        "PITH806",
        "error",
        10,
    ),
    "data of a plot": (
        {"main.tex": tex("\\addplot[red] table[x=a] {data/run.csv};", "\\usepackage{pgfplots}\n")},
        "PITH807",
        "error",
        11,
    ),
    "a PDF that is a PNG": ({"main.tex": tex("\\includegraphics{p.pdf}", G), "p.pdf": PNG}, "PITH802", "error", 11),
    "a Git LFS pointer": (
        {"main.tex": tex("\\includegraphics{p.png}", G), "p.png": "version https://git-lfs.github.com/spec/v1\n"},
        "PITH802",
        "error",
        11,
    ),
    "a name with a blank": (
        {"main.tex": tex("\\includegraphics{my plot.png}", G), "my plot.png": PNG},
        "PITH647",
        "warning",
        11,
    ),
    "a label that is nowhere": ({"main.tex": tex("See \\cref{fig:nowhere}.")}, "PITH810", "warning", 10),
    "a stale .bbl": (
        {
            "main.tex": tex("\\cite{known}\\bibliography{refs}"),
            "refs.bib": BIB,
            "main.bbl": "\\begin{thebibliography}{1}\n\\bibitem[{Old(2020)}]{old} Old.\n\\end{thebibliography}\n",
        },
        "PITH811",
        "warning",
        10,
    ),
    "notes": ({"main.tex": tex("\\todo{ask Bob}", "\\usepackage{todonotes}\n")}, "PITH832", "warning", 11),
    "TBD in the title": ({"main.tex": tex().replace("On Small", "TBD: On Small")}, "PITH832", "warning", 2),
    "pythontex": ({"main.tex": tex("\\py{1+1}", "\\usepackage{pythontex}\n")}, "PITH823", "warning", 2),
    "TikZ pictures apart": (
        {"main.tex": tex(pre="\\usepackage{tikz}\n\\usetikzlibrary{external}\n\\tikzexternalize\n")},
        "PITH823",
        "warning",
        4,
    ),
    "glossaries": (
        {"main.tex": tex("\\printglossaries", "\\usepackage{glossaries}\n\\makeglossaries\n")},
        "PITH821",
        "warning",
        12,
    ),
    "a token": ({"main.tex": tex(f"% ghp_{'a1' * 18}")}, "PITH841", "warning", 10),
    "thanks": (
        {"main.tex": tex("\\section*{Acknowledgments}\nBob.", "\\usepackage[review]{acl}\n"), "acl.sty": ACL},
        "PITH844",
        "warning",
        11,
    ),
    "an account": (
        {"main.tex": tex("\\url{https://github.com/annauthor/x}", "\\usepackage[review]{acl}\n"), "acl.sty": ACL},
        "PITH845",
        "warning",
        11,
    ),
    "an author of the PDF": (
        {"main.tex": tex(pre="\\usepackage[review]{acl}\n\\hypersetup{pdfauthor={Ann Author}}\n"), "acl.sty": ACL},
        "PITH847",
        "warning",
        3,
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_found(case: str, tmp_path: Path) -> None:
    files, code, severity, line = FOUND[case]
    status, result = review(tmp_path / "paper", files)
    found = [(item["code"], item["severity"], item["line"]) for item in result["findings"]]
    assert found == [(code, severity, line)]
    assert (status, result["built"]) == (1 if severity == "error" else 0, False)


QUIET: dict[str, dict[str, str | bytes]] = {
    "plain": {"main.tex": tex()},
    "a figure in a comment, in verbatim, in a dead branch, in a definition": {
        "main.tex": tex(
            "% \\includegraphics{a}\n\\begin{verbatim}\n\\includegraphics{b}\n\\end{verbatim}\n"
            "\\verb|\\includegraphics{c}|\n\\iffalse\\includegraphics{d}\\fi\n\\newcommand{\\e}{\\includegraphics{e}}",
            G,
        )
    },
    "a figure in a conditional that nobody decides": {"main.tex": tex("\\ifx\\a\\b\\includegraphics{a}\\fi", G)},
    "a figure asked for first": {"main.tex": tex("\\IfFileExists{a.pdf}{\\includegraphics{a}}{none}", G)},
    "a figure that a command drops": {"main.tex": tex("\\newcommand{\\off}[1]{}\\off{\\includegraphics{a}}", G)},
    "a figure whose name a command gives": {"main.tex": tex("\\includegraphics{\\where/a}", G)},
    "graphicspath": {
        "main.tex": tex("\\includegraphics{a} \\includegraphics{b.png}", G + "\\graphicspath{{./figs/}{more/}}\n"),
        "figs/a.png": PNG,
        "more/b.png": PNG,
    },
    "the case of a name": {"main.tex": tex("\\includegraphics{Plot}", G), "plot.png": PNG},
    "a figure of TeX Live's": {"main.tex": tex("\\includegraphics{example-image-a}", G)},
    "a folder by a command of the paper's own": {
        "main.tex": tex("\\includegraphics{\\figs/a}", G + "\\newcommand{\\figs}{pictures}\n"),
        "pictures/a.png": PNG,
    },
    "a .bib that the paper writes": {
        "main.tex": tex(
            "\\cite{known}\\bibliographystyle{plain}\\bibliography{own}",
            f"\\begin{{filecontents}}{{own.bib}}\n{BIB}\\end{{filecontents}}\n",
        )
    },
    "labels by an own command": {"main.tex": tex("\\newcommand{\\eq}[1]{\\label{eq:#1}}\\eq{a} \\ref{eq:a}")},
    "labels of listings and frames": {
        "main.tex": tex(
            "\\begin{lstlisting}[label=lst:a]\nx\n\\end{lstlisting}\\ref{lst:a}", "\\usepackage{listings}\n"
        )
    },
    "a label over two lines": {"main.tex": tex("\\label{a long\n  name}\\ref{a long name}")},
    "the last page": {"main.tex": tex("\\pageref{LastPage}", "\\usepackage{lastpage}\n")},
    "a bibliography in the paper": {
        "main.tex": tex("\\cite{a}\n\\begin{thebibliography}{1}\n\\bibitem{a} A.\n\\end{thebibliography}")
    },
    "keys in another case": {
        "main.tex": tex("\\cite{Known}\\bibliographystyle{plain}\\bibliography{refs}"),
        "refs.bib": BIB,
    },
    "TODO in a comment and in a key": {"main.tex": tex("Text. % TODO\n\\section{Two}\\label{sec:TODO}\\ref{sec:TODO}")},
    "notes that are switched off": {"main.tex": tex("\\todo{ask Bob}", "\\usepackage[disable]{todonotes}\n")},
    "a Latin-1 byte in a comment": {"main.tex": tex("%% caf\xe9").encode("latin-1")},
    "todo in words": {"main.tex": tex("A method todo, as Ella M\\'etodo says.")},
    "minted with its cache": {
        "main.tex": tex(pre="\\usepackage[frozencache,cachedir=.]{minted}\n"),
        "A1B2.pygtex": "x",
    },
    "an index with its file": {
        "main.tex": tex("\\printindex", "\\usepackage{makeidx}\n\\makeindex\n"),
        "main.ind": "\\begin{theindex}\\end{theindex}\n",
    },
    "a link of somebody else's in an anonymous paper": {
        "main.tex": tex("\\url{https://github.com/pytorch/pytorch}", "\\usepackage[review]{acl}\n"),
        "acl.sty": ACL,
    },
}


@pytest.mark.parametrize("case", QUIET)
def test_nothing_is_found(case: str, tmp_path: Path) -> None:
    status, result = review(tmp_path / "paper", QUIET[case])
    assert (status, result["word"]) == (0, "ready, not built")
    assert [item for item in result["findings"] if not (item["code"] == "PITH842" and item["severity"] == "note")] == []


def test_what_goes_up_and_what_stays(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "main.tex": tex("\\input{part}\\includegraphics{plot}\\cite{known}\\bibliography{refs}", G),
        "part.tex": "Text.",
        "plot.png": PNG,
        "refs.bib": BIB,
        "main.bbl": "\\begin{thebibliography}{1}\n\\bibitem{known} Known.\n\\end{thebibliography}\n",
        "old.tex": "Text.",
        "main.aux": "",
        "anc/data.csv": "1\n",
    }
    _, result = review(tmp_path / "paper", files)
    fates = {item["name"]: item["fate"] for item in result["uploads"]}
    assert fates == {
        **dict.fromkeys(("main.tex", "part.tex", "plot.png", "main.bbl", "anc/data.csv"), "goes up"),
        **dict.fromkeys(("refs.bib", "old.tex", "main.aux"), "stays"),
    }
    assert {item["name"]: item["why"] for item in result["uploads"]}["plot.png"] == "the figure of main.tex:11"


def test_hostile_folders_end(tmp_path: Path) -> None:
    body = "\\ref{a}" * 100_000 + "".join(f"\\includegraphics{{f{number}}}" for number in range(20_000))
    (tmp_path / "paper").mkdir()
    os.symlink("..", tmp_path / "paper" / "loop")
    (tmp_path / "paper" / "a\nb.png").write_bytes(PNG)
    status, result = review(tmp_path / "paper", {"main.tex": tex(body, G)})
    assert (status, len(result["findings"]) <= 300) == (1, True)
