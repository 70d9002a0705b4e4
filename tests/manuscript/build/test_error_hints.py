"""Hints on TeX's commonest errors, in its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from pithtex.manuscript.build.compile import built_paper
from pithtex.manuscript.build.error_hints import hint_for


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        ("Undefined control sequence. Hello \\citep", "\\usepackage{natbib}"),
        ("Undefined control sequence. \\toprul", "did you mean \\toprule of the package booktabs?"),
        ("Undefined control sequence. a $x^2$ \\ourmacro", "check the spelling of \\ourmacro, define it"),
        ("LaTeX Error: Unicode character Δ (U+0394)", "$\\Delta$"),
        ("LaTeX Error: Unicode character − (U+2212)", "$-$"),
        ("LaTeX Error: Unicode character \u200b (U+200B)", "'Zero width space', which is invisible"),
        ("LaTeX Error: Unicode character 漢 (U+6F22)", "\\DeclareUnicodeCharacter{6F22}"),
        ("LaTeX Error: Unicode character  (U+110000)", "write it as a command"),
        ("Fatal Package fontspec Error: The fontspec package requires either XeTeX", "--engine xelatex"),
    ],
)
def test_hints(message: str, hint: str) -> None:
    assert hint in str(hint_for(message, "pdflatex"))


def test_what_there_is_no_hint_for() -> None:
    assert hint_for("Missing $ inserted.", "pdflatex") is None
    assert hint_for("The fontspec package requires XeTeX", "xelatex") is None


@pytest.mark.tex
@pytest.mark.parametrize(("body", "hint"), [("a \\citep{x}", "natbib"), ("a Δ b", "$\\Delta$")])
def test_of_a_build(tmp_path: Path, body: str, hint: str) -> None:
    (tmp_path / "main.tex").write_text(f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n")
    with built_paper(tmp_path) as paper:
        (item,) = paper.findings
    assert (item.line, hint in str(item.finding.hint)) == (3, True)
