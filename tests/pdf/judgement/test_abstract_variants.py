"""What authors and thieves do with an abstract beyond what classes print, on PDFs that pdfLaTeX made."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import pithtex
from pithtex.findings import Status
from pithtex.pdf.judgement.verdict import Verdict, Word
from pithtex.render.package.pith_sty import render_package
from pithtex.verification.record import VerifiedRecord
from tests import signing
from tests.conftest import VECTORS
from tests.kit.latex import compile_tex

pytestmark = pytest.mark.tex

_ROWS = [json.loads(line) for line in (VECTORS / "abstracts.jsonl").read_text(encoding="utf-8").splitlines()]
OWN, OTHER = _ROWS[2]["abstract"], _ROWS[3]["abstract"]
TITLE = "Counting Pebbles in Shallow Water"
STRUCTURED = (
    "Background: It is not known how many pebbles a lake has, and earlier counts differ widely. "
    "Methods: We count all pebbles of twelve lakes by hand, and once more with a net. "
    "Results: The number grows with the depth and does not depend on the season. "
    "Conclusions: Each count that was made from the shore is too low."
)
GERMAN = (
    "Wir zeigen, dass die Zahl der Kiesel in einem See von der Tiefe und nicht von der Breite bestimmt wird. Im Norden "
    'ist sie so hoch, wie man es aus der Theorie kennt, und im S\\"uden so gering, dass man sie nicht misst.'
)
FOLLOWS = "\\section{Introduction}\nText of the paper follows, and goes on for a while.\n"
NOTE = "\\footnotetext{This work was supported by a grant from nobody at all, and we thank them.}"
HEAD = "\\usepackage{fancyhdr}\\pagestyle{fancy}\\lhead{A. Author}\\rhead{%s}"
PARTS = (
    STRUCTURED.replace("Methods:", "|Methods:")
    .replace("Results:", "|Results:")
    .replace("Conclusions:", "|Conclusions:")
)


@cache
def record(text: str) -> VerifiedRecord:
    canonical = signing.canonical_record(TITLE, abstract_canon_sha256=pithtex.abstract_digest(text), id="2606.01751")
    return pithtex.verify_record(
        pithtex.load_record(signing.record_document(TITLE, canonical=canonical)), signing.keyring()
    )


def abstract(text: str) -> str:
    return f"\\begin{{abstract}}\n{text}\n\\end{{abstract}}\n"


def headed(text: str, heading: str = "Abstract") -> str:
    return f"\\section*{{{heading}}}\n\\noindent {text}\n"


def node(text: str, before: str = "") -> str:
    return f"\\begin{{tikzpicture}}{before} \\node{text};\\end{{tikzpicture}}"


def paper(folder: Path, body: str, own: str, preamble: str = "", options: str = "") -> Path:
    made = record(own)
    front = body if "\\maketitle" in body else f"\\maketitle\n{body}"
    source = (
        f"\\documentclass[{options}]{{article}}\n\\usepackage[T1]{{fontenc}}\\usepackage{{pith}}\n"
        f"\\pithnumber{{{made.number.suffix}}}\n{preamble}\n\\title{{{TITLE}}}\\author{{A. Author}}\\date{{}}\n"
        f"\\begin{{document}}\n{front}\n{FOLLOWS}\\end{{document}}\n"
    )
    result = compile_tex(folder, source, sty=render_package(made).decode("ascii"))
    assert result.returncode == 0, result.log[-1500:]
    return result.pdf


def check(pdf: Path, text: str | None = None) -> Verdict:
    return pithtex.check_pdf(pdf, keyring=signing.keyring(), abstract=text)


BOLD = (
    PARTS.replace("Background:", "\\textbf{Background:}")
    .replace("|Methods:", "\\textbf{Methods:}")
    .replace("|Results:", "\\textbf{Results:}")
    .replace("|Conclusions:", "\\textbf{Conclusions:}")
)
HONEST = {
    "under Summary": (OWN, headed(OWN, "Summary"), "", ""),
    "under Resumen": (OWN, headed(OWN, "Resumen"), "", ""),
    "under a number": (OWN, f"\\section{{Abstract}}\n{OWN}\n", "", ""),
    "small capitals": (OWN, f"\\begin{{center}}\\textsc{{Abstract}}\\end{{center}}\n{{\\small {OWN}\\par}}\n", "", ""),
    "a second language below": (OWN, headed(OWN) + headed(GERMAN, "Zusammenfassung"), "", ""),
    "a second language above": (OWN, headed(GERMAN, "Kurzfassung") + headed(OWN), "", ""),
    "a second language beside it": (
        OWN,
        f"\\noindent\\begin{{minipage}}[t]{{.48\\linewidth}}\\textbf{{Abstract}}\\par {OWN}\\end{{minipage}}\\hfill"
        f"\\begin{{minipage}}[t]{{.48\\linewidth}}\\textbf{{Zusammenfassung}}\\par {GERMAN}\\end{{minipage}}\n",
        "",
        "",
    ),
    "structured in one paragraph": (STRUCTURED, abstract(BOLD), "", ""),
    "structured in paragraphs": (STRUCTURED, abstract(PARTS.replace("|", "\n\n")), "", ""),
    "structured in paragraphs without indent": (
        STRUCTURED,
        headed(PARTS.replace("|", "\\par\\smallskip\\noindent ")),
        "",
        "",
    ),
    "structured with bold words in paragraphs": (
        STRUCTURED,
        headed(BOLD.replace(" \\textbf", "\\par\\noindent\\textbf")),
        "",
        "",
    ),
    "keywords run in": (OWN, f"\\noindent\\textbf{{Abstract.}} {OWN} \\textbf{{Keywords:}} strings, branes\n", "", ""),
    "keywords run in after a dash": (
        OWN,
        f"\\noindent\\textit{{Abstract}}---{OWN} \\textit{{Index Terms}}---strings.\n",
        "",
        "",
    ),
    "a frame": (OWN, f"\\begin{{mdframed}}\\textbf{{Abstract.}} {OWN}\\end{{mdframed}}", "\\usepackage{mdframed}", ""),
    "a coloured box": (
        OWN,
        f"\\begin{{tcolorbox}}[title=Abstract]{OWN}\\end{{tcolorbox}}",
        "\\usepackage{tcolorbox}",
        "",
    ),
    "a grey ground": (
        OWN,
        f"\\noindent\\colorbox{{black!8}}{{\\parbox{{.95\\linewidth}}{{\\textbf{{Abstract}}\\par {OWN}}}}}\n",
        "\\usepackage{xcolor}",
        "",
    ),
    "a table": (
        OWN,
        f"\\noindent\\begin{{tabular}}{{|p{{.9\\linewidth}}|}}\\hline"
        f"\\textbf{{Abstract}}\\\\ {OWN}\\\\\\hline\\end{{tabular}}\n",
        "",
        "",
    ),
    "article info to its left": (
        OWN,
        "\\noindent\\begin{minipage}[t]{.28\\linewidth}\\textsc{Article info}\\par\\smallskip\\small"
        "\\textit{Keywords:}\\\\"
        "Strings\\\\Branes\\\\Yukawa couplings\\end{minipage}\\hfill"
        f"\\begin{{minipage}}[t]{{.66\\linewidth}}"
        f"\\textsc{{Abstract}}\\par\\smallskip\\small {OWN}\\end{{minipage}}\\par\n",
        "",
        "",
    ),
    "an epigraph above": (
        OWN,
        "\\begin{flushright}\\itshape What we cannot count we must weigh.\\\\ A sage\\end{flushright}" + abstract(OWN),
        "",
        "",
    ),
    "over both columns": (OWN, f"\\twocolumn[\\maketitle {abstract(OWN)}\\bigskip]", "", "twocolumn"),
    "multicols": (OWN, f"\\begin{{multicols}}{{2}}{headed(OWN)}\\end{{multicols}}", "\\usepackage{multicol}", ""),
    "a large first letter": (
        OWN,
        headed(f"\\lettrine{{{OWN[0]}}}{{{OWN.split()[0][1:]}}} {OWN.partition(' ')[2]}"),
        "\\usepackage{lettrine}",
        "",
    ),
    "a note's mark": (OWN, abstract(OWN.replace(". ", ".\\footnote{A note on that.} ", 1)), "", ""),
    "concepts run in": (
        OWN,
        f"{headed(OWN)}\\textbf{{CCS Concepts:}} $\\bullet$ Lakes; \\textbf{{Pebbles}}.\n",
        "",
        "",
    ),
    "over a page's foot and a running head": (
        OWN,
        f"\\vspace*{{12.4cm}}{NOTE}{headed(OWN)}",
        HEAD % "Counting Pebbles",
        "",
    ),
    "italics with upright words": (OWN, headed(f"\\textit{{{OWN}}}"), "", ""),
    "a quoted abstract of another in the text": (
        OWN,
        abstract(OWN)
        + f"\\section{{Review}}\nThey write: \\begin{{quote}}\\textbf{{Abstract.}} {OTHER}\\end{{quote}}\n",
        "",
        "",
    ),
    "a title page, then the summary": (
        OWN,
        f"\\begin{{titlepage}}\\maketitle\\end{{titlepage}}\n{headed(OWN, 'Summary')}",
        "",
        "titlepage",
    ),
    "a title page, then no heading": (
        OWN,
        f"\\maketitle\n\\begin{{quote}}{OWN}\\end{{quote}}\\newpage",
        "",
        "titlepage",
    ),
}
"""The record's abstract, the page, packages, and options of the class."""
WHITE_BOX = "\\noindent\\hbox to 0pt{\\vbox to 0pt{\\vss\\textcolor{white}{\\rule{\\linewidth}{9cm}}}\\hss}"
ATTACKS = {
    "quoted in a review": (abstract(OTHER) + f"\\section{{Review}}\nTheir paper begins so.\n{headed(OWN)}", "", ""),
    "in an appendix": (abstract(OTHER) + "Some text of the paper.\n\\appendix" + headed(OWN), "", ""),
    "of the paper that is refuted": (headed(OWN, "Abstract of the paper that we refute"), "", ""),
    "in quotation marks": (headed(f"``{OWN}''"), "", ""),
    "clipped": (
        headed(node(f"[text width=10cm] {{{OWN}}}", "\\clip (0,0) rectangle (.1,.1);")),
        "\\usepackage{tikz}",
        "",
    ),
    "without opacity": (
        headed(node(f"[opacity=0,text opacity=0,text width=\\linewidth] {{{OWN}}}")),
        "\\usepackage{tikz}",
        "",
    ),
    "covered": (headed(f"{OWN}\\par{WHITE_BOX}"), "\\usepackage{xcolor}", ""),
    "covered on the page after a title page": (
        f"\\maketitle\n{headed(OWN)}\\par{WHITE_BOX}\\newpage",
        "\\usepackage{xcolor}",
        "titlepage",
    ),
    "without opacity after a title page": (
        "\\maketitle" + headed(node(f"[opacity=0,text opacity=0,text width=\\linewidth] {{{OWN}}}")) + "\\newpage",
        "\\usepackage{tikz}",
        "titlepage",
    ),
    "pale": (headed(f"\\textcolor{{black!9}}{{{OWN}}}"), "\\usepackage{xcolor}", ""),
    "tiny": (headed(f"\\fontsize{{2.5}}{{3}}\\selectfont {OWN}\\par"), "", ""),
    "upside down": (headed(f"\\rotatebox{{180}}{{\\parbox{{\\linewidth}}{{{OWN}}}}}"), "\\usepackage{graphicx}", ""),
    "struck out": (headed(f"\\sout{{{OWN}}}") + f"\\noindent {OTHER}\n", "\\usepackage[normalem]{ulem}", ""),
    "struck out, nothing else": (headed(f"\\sout{{{OWN}}}"), "\\usepackage[normalem]{ulem}", ""),
    "in a footnote": (abstract(f"{OTHER}\\footnote{{\\textbf{{Abstract.}} {OWN}}}"), "", ""),
    "in the right column": (
        f"\\noindent\\textbf{{Abstract.}} {OTHER}\\newpage\\noindent\\textbf{{Abstract.}} {OWN}\n",
        "",
        "twocolumn",
    ),
    "on the next page, another on the title page": (
        f"\\begin{{titlepage}}\\makeatletter\\begin{{center}}{{\\LARGE\\@title\\par}}"
        "A. Author\\end{center}\\makeatother"
        f"\\begin{{quote}}{OTHER}\\end{{quote}}\\end{{titlepage}}\\setbox0\\vbox{{\\maketitle}}{headed(OWN)}",
        "",
        "",
    ),
    "on a layer": (
        headed(
            f"\\begin{{ocg}}{{A}}{{a}}{{1}}\\rlap{{\\parbox[t]{{\\linewidth}}{{{OWN}}}}}\\end{{ocg}}"
            f"\\begin{{ocg}}{{B}}{{b}}{{0}}\\parbox[t]{{\\linewidth}}{{{OTHER}}}\\end{{ocg}}\\par\\bigskip"
        ),
        "\\usepackage{ocgx2}",
        "",
    ),
    "with a word in another colour": (
        headed(OWN.replace(" is ", " \\textcolor{red}{not} is ").replace(" and ", " \\textcolor{red}{not} and ")),
        "\\usepackage{xcolor}",
        "",
    ),
    "with a raised word": (abstract(OWN.replace(". ", ".\\textsuperscript{not} ", 1)), "", ""),
    "with words in a running head's place": (f"\\vspace*{{12.4cm}}{NOTE}{headed(OWN)}", HEAD % "no word of", ""),
    "another in the keywords' place": (headed(f"{OWN} \\textbf{{Keywords:}} {OTHER}"), "", ""),
    "keywords run in, then another sentence": (
        headed(f"{OWN} And none of it is true. \\textbf{{Keywords:}} strings"),
        "",
        "",
    ),
    "the first half": (headed(OWN[: len(OWN) // 2]), "", ""),
}
"""Pages that show another abstract than the record's, or this one as not the paper's own: page, packages, options."""


@pytest.mark.parametrize("name", HONEST)
def test_the_papers_own_holds_by_digest(tmp_path: Path, name: str) -> None:
    own, body, preamble, options = HONEST[name]
    verdict = check(paper(tmp_path, body, own, preamble, options))
    assert (verdict.word, verdict.facts.abstract.by) == (Word.VALID, "digest"), verdict.facts.abstract


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_else_holds(tmp_path: Path, name: str) -> None:
    body, preamble, options = ATTACKS[name]
    pdf = paper(tmp_path, body, OWN, preamble, options)
    assert check(pdf).facts.abstract.status is not Status.HOLDS
    assert check(pdf, OWN).facts.abstract.status is not Status.HOLDS


@pytest.mark.parametrize("heading", ["Significance Statement", "Highlights", "Plain Language Summary"])
def test_another_text_that_journals_print_above_it_is_no_theft(tmp_path: Path, heading: str) -> None:
    """And no proof: a reader comes to it before the abstract, and a thief may put his own there."""
    pdf = paper(tmp_path, headed(STRUCTURED, heading) + headed(OWN), OWN)
    verdict = check(pdf, OWN)
    assert (verdict.word, verdict.facts.abstract.status) == (Word.VALID, Status.NOT_CHECKED)
    stolen = check(paper(tmp_path / "stolen", headed(STRUCTURED, heading) + headed(OTHER), OWN), OWN)
    assert stolen.facts.abstract.status is not Status.HOLDS
