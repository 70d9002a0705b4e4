"""From a record to a word: honest papers in many classes, compiled with a generated pith.sty and checked.

Papers that carry a badge that is not theirs: tests/forgeries.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from pithtex.pdf.text.lines import read_texts
from tests.conftest import ROOT

pytestmark = pytest.mark.tex

TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
PITH = "\\usepackage{pith}\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n"
ABSTRACT = "\\begin{abstract}We share what can be shared.\\end{abstract}\n"
TEXT = "\\section{Introduction} " + "Words about matters that matter. " * 40 + "\\end{document}\n"
WHERE = "\\affiliation{\\institution{X}\\country{Y}}"


def paper(first: str, *, title: str = TITLE, more: str = "", author: str = "A. Author", text: str = TEXT) -> str:
    """A paper in the usual order: title, \\maketitle, abstract, text."""
    head = f"\\documentclass{first}\n{more}{PITH}\\title{{{title}}}\\author{{{author}}}\n"
    return f"{head}\\begin{{document}}\\maketitle\n{ABSTRACT}{text}"


def late(first: str, *, author: str = "\\author{A. Author}") -> str:
    """A paper whose abstract comes before \\maketitle."""
    head = f"\\documentclass{first}\n{PITH}\\begin{{document}}\\title{{{TITLE}}}{author}\n"
    return f"{head}{ABSTRACT}\\maketitle\n{TEXT}"


HONEST = {
    "article": paper("{article}"),
    "two columns, hyperref": paper("[twocolumn]{article}", more="\\usepackage{hyperref}\n"),
    "title page": paper("[titlepage]{article}"),
    "Times, T1": paper("{article}", more="\\usepackage{mathptmx}\\usepackage[T1]{fontenc}\n"),
    "bitmap fonts": paper("{article}", more="\\pdfmapfile{}\n"),
    "bitmap fonts, T1": paper("{article}", more="\\pdfmapfile{}\\usepackage[T1]{fontenc}\n"),
    "small capitals": paper("{article}", title=f"\\textsc{{{TITLE}}}"),
    "line breaks": paper("{article}", title=TITLE.replace(": ", ":\\\\ ").replace(" for ", "\\\\ for ")),
    "thanks": paper("{article}", title=f"{TITLE}\\thanks{{Supported by X.}}"),
    "amsart, in capitals": late("{amsart}"),
    "IEEEtran": paper("[conference]{IEEEtran}"),
    "revtex": late("[pra,twocolumn]{revtex4-2}"),
    "acmart": late("[sigconf,nonacm]{acmart}", author=f"\\author{{A}}{WHERE}"),
    "llncs": paper("{llncs}", author="A. Author}\\institute{X"),
    "memoir": paper("{memoir}"),
    "beamer": f"\\documentclass{{beamer}}\n{PITH}\\title{{{TITLE}}}\n"
    "\\begin{document}\\frame{\\titlepage}\\end{document}\n",
    "sans serif": paper("{article}", title=f"\\textsf{{{TITLE}}}"),
    "by hand": f"\\documentclass{{article}}\n{PITH}\\begin{{document}}\n"
    f"\\begin{{center}}{{\\LARGE\\bfseries {TITLE}\\par}}\\end{{center}}\n{ABSTRACT}{TEXT}",
}


def word_of(source: str, tmp_path: Path, compile_tex: Any) -> Word:
    package = (ROOT / "examples" / "sparsex" / "pith.sty").read_text(encoding="ascii")
    result = compile_tex(tmp_path, source, sty=package, runs=1)
    assert result.returncode == 0, result.log[-2000:]
    return check_pdf(result.pdf).word


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_paper_is_valid(name: str, tmp_path: Path, compile_tex: Any) -> None:
    assert word_of(HONEST[name], tmp_path, compile_tex) is Word.VALID


@pytest.mark.parametrize("family", ["cmr", "cmss", "cmtt", "ptm", "phv", "pag", "pzc"])
@pytest.mark.parametrize("size", [7, 10, 17])
def test_every_letter_that_is_printed_is_seen(family: str, size: int, tmp_path: Path, compile_tex: Any) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdeghjkmnopqrstuvwxyz", "f i l 0123456789", "+ - = : ( ) / ? !"
    lines = "\\par ".join(letters)
    font = f"\\fontencoding{{OT1}}\\fontfamily{{{family}}}\\fontsize{{{size}}}{{{2 * size}}}\\selectfont"
    source = (
        f"\\documentclass{{article}}\\pagestyle{{empty}}\\begin{{document}}\\noindent{font} {lines}\\end{{document}}\n"
    )
    (page,), findings, *_ = read_texts(str(compile_tex(tmp_path, source, runs=1).pdf), [1])
    assert ["".join(line.text.split()) for line in page.lines] == [line.replace(" ", "") for line in letters]
    assert (page.hidden_characters, findings) == (0, [])
