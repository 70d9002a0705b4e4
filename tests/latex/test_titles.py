"""Honest papers whose titles are set in uncommon ways, below furniture, or are titles that look like another's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from pithtex.pdf.text.lines import read_texts
from tests.conftest import ROOT
from tests.latex.test_verdicts import ABSTRACT, PITH, TEXT, TITLE, WHERE, late, paper, word_of
from tests.pdf.binding import shows_title

NUMBERED = "\\usepackage{lineno}\\linenumbers\n"
FIRST, REST = TITLE.split(": ")


def by_hand(head: str, more: str = "") -> str:
    return f"\\documentclass{{article}}\n{more}{PITH}\\begin{{document}}\n{head}\n{ABSTRACT}{TEXT}"


def below(kicker: str, size: str = "\\LARGE") -> str:
    """The title below a line of other type."""
    return by_hand(
        f"\\begin{{center}}{{{kicker}\\par}}\\smallskip{{{size}\\bfseries {TITLE}\\par}}A. Author\\end{{center}}"
    )


HONEST = {
    "line numbers": paper("{article}", more=NUMBERED),
    "line numbers, bold": by_hand(f"\\begin{{center}}{{\\LARGE\\bfseries {TITLE}\\par}}\\end{{center}}", NUMBERED),
    "line numbers, flush left": by_hand(f"{{\\noindent\\LARGE {TITLE}\\par}}", NUMBERED),
    "line numbers at the right": by_hand(
        f"{{\\noindent\\LARGE {TITLE}\\par}}", "\\usepackage[right]{lineno}\\linenumbers\n"
    ),
    "large line numbers": by_hand(
        f"{{\\noindent\\LARGE {TITLE}\\par}}", f"{NUMBERED}\\renewcommand\\linenumberfont{{\\normalsize}}"
    ),
    "line numbers, elsarticle": f"\\documentclass[preprint,review]{{elsarticle}}\n{NUMBERED}{PITH}\\begin{{document}}"
    f"\\begin{{frontmatter}}\\title{{{TITLE}}}\\author{{A. Author}}{ABSTRACT}\\end{{frontmatter}}{TEXT}",
    "line numbers, revtex": late("[pra,preprint,linenumbers]{revtex4-2}"),
    "line numbers, aastex": late(
        "[linenumbers]{aastex631}", author="\\author{A. Author}\\affiliation{X}\\nocollaboration{1}"
    ),
    "for review, acmart": late("[sigconf,review,nonacm]{acmart}", author=f"\\author{{A}}{WHERE}"),
    "typewriter": paper("{article}", title=f"\\texttt{{{FIRST}}}: {REST}"),
    "typewriter in one line": paper(
        "{article}", title=TITLE.replace("Interleaved", "\\texttt{Interleaved Served}")
    ).replace("Served} LLM Serving", "LLM Serving}"),
    "small capitals in one line": paper("{article}", title=TITLE.replace(" for ", " for\\\\ \\scshape ")),
    "bold in one line": paper("{article}", title=f"\\textbf{{{FIRST}:}}\\\\ {REST}"),
    "bold mathematics": paper("{article}", title=f"$\\mathbf{{{FIRST}}}$: {REST}"),
    "a larger first letter": paper("{article}", title=f"{{\\Huge {TITLE[0]}}}{TITLE[1:]}"),
    "a larger first line": paper("{article}", title=f"{{\\Huge {FIRST}:}}\\\\ {REST}"),
    "smaller further lines": paper("{article}", title=f"{FIRST}:\\\\ {{\\large {REST}}}"),
    "a footnote's mark": paper("{article}", title=f"{TITLE}\\footnotemark"),
    "symbols": paper("{article}", title=f"{TITLE}$^{{*\\dagger}}$"),
    "invited paper": below("\\large\\itshape Invited Paper"),
    "research article": below("\\small\\scshape Research Article"),
    "review article in large type": below("\\Huge Review Article"),
    "a journal's name": by_hand(
        f"\\noindent{{\\Huge Journal of Caches}}\\hrule\\begin{{center}}\\LARGE {TITLE}\\end{{center}}"
    ),
    "an institution": below("\\LARGE University of Somewhere"),
    "a report's number": by_hand(
        f"\\begin{{flushright}}ABC-TH-2026-017\\end{{flushright}}\\begin{{center}}\\LARGE {TITLE}\\end{{center}}"
    ),
    "invited, below": paper("{article}", title=f"{TITLE}\\\\ {{\\large (Invited Paper)}}"),
    "authors in the title's type": by_hand(f"\\begin{{center}}\\Large {TITLE}\\\\ A. Author\\end{{center}}"),
    "double spacing": paper("{article}", more="\\usepackage{setspace}\\doublespacing\n"),
    "a watermark": paper("{article}", more="\\usepackage{draftwatermark}\n"),
    "a poster, tikzposter": f"\\documentclass{{tikzposter}}\n{PITH}"
    f"\\title{{\\parbox{{0.7\\linewidth}}{{\\centering {TITLE}}}}}"
    "\\author{A}\\institute{X}\\begin{document}\\maketitle\\block{Introduction}{Words.}\\end{document}\n",
    "a side bar, beamer": "\\documentclass{beamer}\\usetheme{Berkeley}\n"
    f"{PITH}\\title{{{TITLE}}}\\author{{A}}\\begin{{document}}\\frame{{\\titlepage}}\\end{{document}}\n",
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_title_is_found(name: str, tmp_path: Path, compile_tex: Any) -> None:
    assert word_of(HONEST[name], tmp_path, compile_tex) is Word.VALID


def test_a_paper_whose_words_are_spelt_out_is_read(tmp_path: Path, compile_tex: Any) -> None:
    """XeTeX gives every word as its own replacement text where it is told to."""
    source = paper("{article}").replace("\\maketitle", "\\XeTeXgenerateactualtext=1 \\maketitle")
    package = (ROOT / "examples" / "sparsex" / "pith.sty").read_text(encoding="ascii")
    result = compile_tex(tmp_path, source, "xelatex", sty=package, runs=1)
    assert result.returncode == 0, result.log[-2000:]
    assert check_pdf(result.pdf).word is Word.VALID


TITLES = (
    "Comment on ``Attention Is All You Need''", "Reply to ``Comment on the Theory of Caches''", "``Quoted'' Caches",
    "A Review of Caches", "Erratum: The Speed of Caches", "Corrigendum to: Caches in Flight",
    "On the Nature of Caches", "Caches Considered Harmful", "Goto Considered Harmful: A Rebuttal", "What Is a Cache?",
    "Abstract Interpretation", "Introduction to Caches", "Retracted: Hot Caches at Room Temperature",
    "To Cache or Not to Cache", "Caches: A Survey", "The \\texttt{cache} Package",
    "\\emph{Cache oblivious} Algorithms", "\\textsc{Sparse}: Fast Caches for All",
    "$\\alpha$-Caches and $\\beta$-Caches of Many Kinds", "The $k$-Server Problem in $O(\\log n)$ Time",
    "$SU(3)$ Gauge Theory at $\\theta = \\pi$", "CO$_2$ Capture in Porous Media",
    "Measurement of $e^+e^-\\to\\pi^+\\pi^-$", "On $L^p$-Boundedness of Some Operators",
    "A Proof of Goldbach's Conjecture Up to $10^{18}$", "K3 Surfaces",
    "Schr\\\"odinger Operators with Random Potentials", "\\'Etale Cohomology of Rigid Spaces", "Erd\\H{o}s Problems",
    "The Poincar\\'e Conjecture Revisited", "Stra\\ss enbahn Networks Are Small Worlds", "Bj\\\"ork and Caf\\'es",
    "Efficient Difficult Official Affine Flows", "Offline Reinforcement Finding in Shuffled Files",
    "Inf-Sup Conditions", "2026: A Cache Odyssey", "GPT-4 Technical Report", "Caches in 3D: From 1 to 100 Nodes",
    "Why? Because! Caches", "Segment-Level Sharing---And What Comes After It", "Sharing (and Not Sharing) of Caches",
    "Caches [Extended Version]", "Deep Learning", "Cache", "A Cache", "The End of Caches", "Caches \\& Keys",
    "100\\% Hits", "C++ and C\\# Caches",
    "Is This a Very Long Title that Goes On over Several Lines, since Its Authors Could Not Make Up Their Mind"
    "s What It Is About, and So They Told All: Caches, Keys, Values, Segments, and the Serving of Many Requests",
    "Proceedings of the First Workshop on Caches", "University Rankings and Caches", "Letters on Caches",
    "Report on Caches", "Supplementary Cones in Banach Spaces", "Response Times of Caches", "Comments on Caches",
    "Against Caches", "Notes on Caches", "Revisiting the Cache: A Reproducibility Study",
    "Caches and the Future of:\\ Serving", "Dark Matter, Light Caches", "Caches, Part II",
    "Les caches: une introduction", "\\\"Uber Zwischenspeicher und ihre Gr\\\"o\\ss e",
)  # fmt: skip
SETTINGS = {
    "article": "\\begin{center}{\\LARGE %s\\par}\\bigskip{\\large A. Author and B. Coauthor\\par}\\end{center}",
    "bold, below a journal's name": "\\noindent{\\large\\itshape Journal of Caches 17 (2026) 1--20\\par}\\bigskip"
    "\\noindent{\\Large\\bfseries\\boldmath %s\\par}\\medskip\\noindent A. Author\\par",
    "small capitals, numbered": "\\begin{linenumbers}"
    "\\begin{center}{\\Large\\scshape %s\\par}A. Author\\end{center}\\end{linenumbers}",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_titles_of_many_kinds_are_found(setting: str, tmp_path: Path, compile_tex: Any) -> None:
    """Those of comments, reviews and errata too, where the title is the paper's own."""
    pages = "\\newpage\n".join(f"{SETTINGS[setting] % title}\n{ABSTRACT}{TEXT}" for title in TITLES)
    source = "\\documentclass[a4paper]{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern,lineno}\n"
    body = pages.replace("\\end{document}\n", "")
    result = compile_tex(tmp_path, f"{source}\\begin{{document}}{body}\\end{{document}}\n", runs=1)
    assert result.returncode == 0, result.log[-2000:]
    texts, *_ = read_texts(result.pdf, range(1, len(TITLES) + 1))
    assert len(texts) == len(TITLES) >= 60
    assert [title for title, page in zip(TITLES, texts, strict=True) if shows_title(title, page) is None] == []
