"""One badge, right and harmless, in every class that is supported, without hyperref and with it on either side."""

from __future__ import annotations

from typing import Any

import pytest

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
FULL = f"pith:2026:{SUFFIX}"
TEXT = "Nothing in this paragraph matters except that it has a length and breaks into lines. " * 9
BODY = f"\\section{{One}}\n{TEXT}\n\n{TEXT}\n\n\\section{{Two}}\n" + f"{TEXT}\n\n" * 8
ABSTRACT = "\\begin{abstract}A few words about nothing in particular.\\end{abstract}\n"
HEAD = "\\title{A Title of Several Words}\\author{A. Author}\n"
PLAIN = f"{HEAD}\\begin{{document}}\n\\maketitle\n{ABSTRACT}{BODY}\\end{{document}}\n"
EARLY = f"{HEAD}\\begin{{document}}\n{ABSTRACT}\\maketitle\n{BODY}\\end{{document}}\n"

FLOW = {
    "article": ("\\documentclass{article}", PLAIN),
    "article-twocolumn": ("\\documentclass[twocolumn]{article}", PLAIN),
    "amsart": ("\\documentclass{amsart}", EARLY),
    "ieee-journal": ("\\documentclass[journal]{IEEEtran}", PLAIN),
    "ieee-conference": ("\\documentclass[conference]{IEEEtran}", PLAIN),
    "revtex": (
        "\\documentclass[aps,pra,twocolumn]{revtex4-2}",
        f"\\begin{{document}}{HEAD}\\affiliation{{Nowhere}}{ABSTRACT}\\maketitle\n{BODY}\\end{{document}}\n",
    ),
    "llncs": ("\\documentclass{llncs}", PLAIN.replace("\\begin{document}", "\\institute{Nowhere}\\begin{document}")),
    "elsarticle": (
        "\\documentclass[preprint]{elsarticle}",
        f"\\begin{{document}}\\begin{{frontmatter}}{HEAD}{ABSTRACT}\\end{{frontmatter}}\n{BODY}\\end{{document}}\n",
    ),
    "scrartcl": ("\\documentclass{scrartcl}", PLAIN),
    "memoir": ("\\documentclass[article]{memoir}", PLAIN.replace("\\section", "\\chapter")),
    "beamer": (
        "\\documentclass{beamer}",
        f"{HEAD}\\begin{{document}}\\begin{{frame}}\\maketitle\\end{{frame}}\n"
        "\\begin{frame}{Two}Words.\\end{frame}\\end{document}\n",
    ),
}
MARGIN = {
    "article-titlepage": ("\\documentclass[titlepage]{article}", PLAIN),
    "report": ("\\documentclass{report}", PLAIN.replace("\\section", "\\chapter")),
    "scrreprt": ("\\documentclass{scrreprt}", PLAIN.replace("\\section", "\\chapter")),
    "revtex-preprint": (
        "\\documentclass[aps,prl,preprint]{revtex4-2}",
        f"\\begin{{document}}{HEAD}\\affiliation{{Nowhere}}{ABSTRACT}\\maketitle\n{BODY}\\end{{document}}\n",
    ),
    "no-maketitle": (
        "\\documentclass[a4paper]{article}",
        f"\\begin{{document}}\\begin{{center}}\\Large A Title by Hand\\end{{center}}{BODY}\\end{{document}}\n",
    ),
}
CLASSES = FLOW | MARGIN
ONCE = {"beamer", "article-titlepage", "scrreprt", "revtex-preprint", "no-maketitle"}
"""Hyperref is loaded by the class, or makes no difference that a sibling class would not show."""
PITH = f"\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}\n"
HYPERREF = "\\usepackage{hyperref}\n"
PREAMBLES = {"alone": ("", ""), "hyperref-first": (HYPERREF, ""), "hyperref-last": ("", HYPERREF)}
CASES = [(c, p) for c in CLASSES for p in PREAMBLES if p == "alone" or c not in ONCE]


@pytest.mark.parametrize(("name", "preamble"), CASES)
def test_class(name: str, preamble: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    head, body = CLASSES[name]
    before, after = PREAMBLES[preamble]
    plain = compile_tex(tmp_path / "plain", f"{head}\n{before}{after}{body}", runs=1)
    assert plain.returncode == 0, plain.log[-2000:]
    result = compile_tex(tmp_path / "pith", f"{head}\n{before}{PITH}{after}{body}", sty=with_record())
    assert result.returncode == 0, result.log[-2000:]
    assert result.of_pith() == ""
    assert set(result.complaints) <= set(plain.complaints)

    paper = read_paper(result.pdf)
    assert paper.warnings == []
    assert paper.pages == read_paper(plain.pdf).pages
    (link,) = paper.links
    assert link["page"] == 1
    assert link["uri"].startswith(f"https://pith.science/pith/{SUFFIX}#r=p1.")
    assert (link["name"], link["flags"]) == ("pith-badge-1", 4)
    assert paper.info["/PithNumber"] == FULL
    assert paper.info["/PithReceipt"] == link["uri"].partition("#r=")[2]
    assert paper.xmp.count(b"<pith:number>") == 1

    left, bottom, right, top = paper.box_of("pith:CNPMIFD4")
    x0, y0, x1, y1 = link["rect"]
    assert x0 <= left < right <= x1
    assert y0 <= bottom < top <= y1
    assert (x1 - x0) * (y1 - y0) < 1500, "the link is larger than the badge"
    width, height = link["media"][2:]
    assert 0 < x0 < x1 < width
    assert 0 < y0 < y1 < height
    if name in MARGIN:
        assert y1 - y0 > x1 - x0, "turned on its side"
        assert x0 > width * 0.9
    else:
        assert x1 - x0 > y1 - y0
        assert y0 > height * (0.1 if name == "beamer" else 0.3)


def test_acmart(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    head = HEAD + "\\affiliation{\\country{Nowhere}}"
    body = f"\\begin{{document}}{head}{ABSTRACT}\\maketitle\n{BODY}\\end{{document}}\n"
    result = compile_tex(tmp_path, f"\\documentclass[sigconf,nonacm]{{acmart}}\n{PITH}{body}", sty=with_record())
    assert result.returncode == 0, result.log[-2000:]
    paper = read_paper(result.pdf)
    assert paper.warnings == []
    assert [link["page"] for link in paper.links] == [1]
    assert paper.info["/PithNumber"] == FULL
