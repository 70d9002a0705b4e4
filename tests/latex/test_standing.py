"""A `pith.sty` made from a bundle that says something against the paper says so: on the page, in the log, in HTML."""

from __future__ import annotations

from typing import Any

import pikepdf
import pytest

from pithtex.pdf.check import check_pdf
from pithtex.render.package.pith_sty import render_package, said_of
from tests.kit.latex import SUFFIX, Paper
from tests.latex.test_file import html_of
from tests.matrix.cases import verified
from tests.render.samples import said

TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
SOURCE = (
    f"\\documentclass{{article}}\\usepackage[%s]{{pith}}\\pithnumber{{{SUFFIX}}}\n\\title{{{TITLE}}}\\author{{A}}\n"
    "\\begin{document}\\maketitle Words.\\end{document}\n"
)
WARNING = "Package pith Warning: The registry says about this record: "


def package_of(*words: str) -> str:
    return render_package(verified(), said=said_of(said(*words))).decode()


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
def test_the_badge_says_withdrawn(engine: str, tmp_path: Any, compile_tex: Any) -> None:
    result = compile_tex(tmp_path, SOURCE % "", engine, sty=package_of("withdrawn", "stored"), runs=2)
    assert result.returncode == 0
    assert f"{WARNING}withdrawn (as of 2026-03-07)." in result.of_pith()
    assert f"pith:{SUFFIX[:8]} withdrawn" in Paper(result.pdf).text()
    with pikepdf.open(result.pdf) as pdf:
        (link,) = (annot for annot in pdf.pages[0].Annots if annot.Subtype == "/Link")
        assert ", withdrawn, link to its record" in str(link.Contents)
    assert check_pdf(result.pdf).word == "valid"


@pytest.mark.parametrize("option", ["placement=margin", "style=text", "style=short", "color=light", "qr"])
def test_it_does_so_however_it_looks(option: str, tmp_path: Any, compile_tex: Any) -> None:
    result = compile_tex(tmp_path, SOURCE % option, sty=package_of("critical finding"), runs=2)
    assert result.returncode == 0
    assert "critical finding" in " ".join(Paper(result.pdf).text().split())
    assert check_pdf(result.pdf).word == "valid"


def test_nothing_is_said_where_nothing_was(tmp_path: Any, compile_tex: Any) -> None:
    assert package_of("stored") == render_package(verified()).decode()
    result = compile_tex(tmp_path, SOURCE % "", sty=package_of("stored"))
    assert result.of_pith() == ""


def test_another_number_and_an_anonymous_paper(tmp_path: Any, compile_tex: Any) -> None:
    """What is said is said of the record inside: of another number nothing, and of no badge nothing either."""
    other = (SOURCE % "").replace(SUFFIX, "A" * 26)
    result = compile_tex(tmp_path, other, sty=package_of("withdrawn"))
    assert "withdrawn" not in Paper(result.pdf).text()
    assert WARNING not in result.of_pith()
    result = compile_tex(tmp_path, SOURCE % "anonymous", sty=package_of("withdrawn"))
    assert "withdrawn" not in Paper(result.pdf).text()


def test_a_damaged_word_stops_nothing(tmp_path: Any, compile_tex: Any) -> None:
    sty = package_of("withdrawn").replace("{ withdrawn }", "{ with}drawn \\evil }").replace("{ with}", "{ with")
    result = compile_tex(tmp_path, SOURCE % "", sty=sty)
    assert "is damaged and not used" in result.of_pith()
    assert result.returncode == 0


@pytest.mark.parametrize(("number", "count"), [(SUFFIX, 1), ("A" * 26, 0)])
def test_html_says_it(number: str, count: int, tmp_path: Any) -> None:
    head = f"\\documentclass{{article}}\n\\usepackage{{pith}}\\pithnumber{{{number}}}\n"
    assert (
        html_of(tmp_path, package_of("withdrawn"), head, "\\maketitle").count(f">pith:{number[:8]} withdrawn<") == count
    )
