"""The log says where the paper's title is not the record's: a reader who checks the PDF is told `unbound`."""

from __future__ import annotations

from typing import Any

import pytest

from pithtex.render.package.pith_sty import title_words
from tests.kit.latex import SUFFIX, with_record
from tests.matrix.cases import package, verified

TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
WARNING = "Package pith Warning: The paper's title is not the record's."


def said(title: str, tmp_path: Any, compile_tex: Any, engine: str = "pdflatex", sty: str | None = None) -> str:
    source = (
        f"\\documentclass{{article}}\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}\n\\title{{{title}}}\\author{{A}}\n"
        "\\begin{document}\\maketitle Words.\\end{document}\n"
    )
    result = compile_tex(tmp_path, source, engine, sty=sty or package().decode(), runs=1)
    assert result.returncode == 0, result.log[-2000:]
    return str(result.of_pith())


def test_the_record_is_of_this_title() -> None:
    assert verified().title == TITLE


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
@pytest.mark.parametrize("title", [f"{TITLE} (Revised)", "Something Else"])
def test_another_title_is_a_warning(title: str, engine: str, tmp_path: Any, compile_tex: Any) -> None:
    log = said(title, tmp_path, compile_tex, engine)
    assert f"{WARNING} Paper: {title} Record: sparsex efficient segment level kv cache sharing" in log
    assert "Use the record's title, or the number of this version of the paper." in log


def test_the_log_shows_the_start_of_a_long_title(tmp_path: Any, compile_tex: Any) -> None:
    title = "All the Words " * 30
    assert f"{WARNING} Paper: {title[:300]}... Record: sparsex" in said(title, tmp_path, compile_tex)
    assert f"{WARNING} Paper: {title[:299]}Z Record: sparsex" in said(title[:299] + "Z", tmp_path, compile_tex)


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        TITLE.upper(),
        TITLE.replace(": ", ":\\\\ "),
        TITLE.replace("-", "--").replace("LLM", "L.L.M."),
        'Gr\\"o\\ss e',
        f"\\textbf{{{TITLE}}}",
        f"{TITLE}\\thanks{{Of somewhere.}}",
        "On $k$ Servers",
        "",
    ],
)
def test_the_same_title_and_one_that_tex_cannot_compare(title: str, tmp_path: Any, compile_tex: Any) -> None:
    assert said(title, tmp_path, compile_tex) == ""


PROPERTY = "\\providecommand\\GetDocumentProperty[1]{Something Else}"
"""What LaTeX 2026-06 has; a title is among the properties there."""


@pytest.mark.parametrize("title", [f"\\emph{{{TITLE}}}", ""])
def test_a_title_with_commands_is_asked_of_latex(title: str, tmp_path: Any, compile_tex: Any) -> None:
    assert "Paper: Something Else" in said(f"{title}}}{PROPERTY}\\relax{{", tmp_path, compile_tex)


def test_what_the_page_shows_comes_first(tmp_path: Any, compile_tex: Any) -> None:
    assert said(f"{TITLE}}}{PROPERTY}\\relax{{", tmp_path, compile_tex) == ""


def test_a_record_without_a_title_compares_nothing(tmp_path: Any, compile_tex: Any) -> None:
    assert said("Something Else", tmp_path, compile_tex, sty=with_record()) == ""


@pytest.mark.parametrize(
    "title", [None, "Gr\u00f6\u00dfe", "On $k$ Servers", "{\\TeX} and \\relax", "a_b", "\u533f\u540d", "--"]
)
def test_titles_that_are_not_carried(title: str | None) -> None:
    assert title_words(title) == ""


def test_words_of_a_title() -> None:
    assert title_words("What's C++? (2nd ed.) %&~#") == "what-s-c-2nd-ed"
