"""The scanner: what it sees does not hang on how it goes through the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.manuscript.source import scan
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Reached, Use
from pithtex.manuscript.source.scan import Scanner
from pithtex.manuscript.source.scanned import Paper

TEXTS = r"""
\label{a} \ref{b} \ref \cite{k,l} \usepackage[o]{p} \includegraphics{ \title{T \input{a} \pithnumber{A} \foo
\drop{ \drop \newcommand{\drop}[1]{} \newcommand{\drop}[1]{#1} \verb| | \iffalse \fi \else \newif\ifx \xtrue \ifx
\ifthenelse{ \begin{verbatim} \end{verbatim} \begin{document} \end{document} \endinput { } [ ] % \ \\ \% x
"""
PIECES = st.sampled_from([*TEXTS.split(), " ", "\n", "\\cite{k, l}", "% pithtex: ignore=PITH601 \\pithnumber{B}\n"])


def seen(text: str, short: int) -> tuple[object, ...]:
    """All that the scanner gathers of a text."""
    before, scan._SHORT = scan._SHORT, short  # type: ignore[misc]
    try:
        paper = Paper()
        entered: list[Use] = []
        file = TexFile(path=Path("main.tex"), name="main.tex", text=text)
        Scanner(file, paper, Reached.ACTIVE, entered.append).read()
    finally:
        scan._SHORT = before  # type: ignore[misc]
    asked = {key: use.start for key, use in (*paper.asked.items(), *paper.cited.items())}
    labels = {key: [use.start for use in uses] for key, uses in paper.named["label"].items()}
    uses = {name: [(use.start, use.end, use.argument, use.state) for use in uses] for name, uses in paper.uses.items()}
    return uses, asked, labels, paper.unprinted, paper.switches, [item.names for item in paper.ignores], entered


@given(st.lists(PIECES, max_size=60).map("".join))
def test_passing_over_is_beginning_again(text: str) -> None:
    """Tokens in an argument that was taken in are passed over, whether one by one or by a new beginning behind it."""
    assert seen(text, 0) == seen(text, 100) == seen(text, 10**9)


@pytest.mark.parametrize(("before", "kept"), [("", {"c"}), ("\\drop{\\label{a}}", {"a", "c"})])
def test_a_command_that_comes_to_drop_its_argument(before: str, kept: set[str]) -> None:
    text = f"{before}\\newcommand{{\\drop}}[1]{{}}\\drop{{\\label{{b}}}}\\label{{c}}"
    assert set(seen(text, 100)[2]) == kept  # type: ignore[call-overload]
