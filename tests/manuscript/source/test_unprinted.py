r"""Text that TeX passes over: after `\iffalse`, in `comment` environments, behind the document's end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.manuscript.source.giveaway import remarks
from pithtex.manuscript.source.read import read_from
from pithtex.manuscript.source.unprinted import unprinted_spans, without_unprinted

PAPER = "\\documentclass{article}\n\\begin{document}\n%s\n\\end{document}\n%s"
OLD = "The old text says this.\n"


@pytest.mark.parametrize(
    ("body", "behind", "lines"),
    [
        ("Text.", "", 0),
        (f"\\iffalse\n{OLD}{OLD}\\fi", "", 2),
        (f"\\begin{{comment}}\n{OLD}\\end{{comment}}", "", 1),
        ("Text.", f"{OLD}\n{OLD}", 2),
        (f"\\iffalse\n{OLD}\\else {OLD}\\fi", "", 0),  # the other branch is printed
        (f"\\begin{{verbatim}}\n\\iffalse\n{OLD}\\fi\n\\end{{verbatim}}", "", 0),
        (f"\\iffalse\n% {OLD}\\fi", "", 0),  # a comment, which is told of as one
        (f"\\iffalse\n\\end{{document}} {OLD}\\fi", "", 1),
        (f"% \\iffalse\n{OLD}% \\fi", "", 0),
        (f"\\if0\n{OLD}\\fi", "", 1),
        (f"\\if0 0{OLD}\\fi", "", 0),
        (f"\\if0\\onoff {OLD}\\fi", "", 0),  # nobody knows what the command is
        (f"\\endinput\n{OLD}", "", 1),
        (f"\\ifx\\a\\b\\endinput\\fi\n{OLD}", "", 0),
    ],
)
def test_lines_that_are_never_printed(tmp_path: Path, body: str, behind: str, lines: int) -> None:
    (tmp_path / "main.tex").write_text(PAPER % (body, behind))
    said = remarks(read_from(tmp_path, "main.tex"))
    assert (0 if said is None else said.unprinted) == lines


TEXTS = "\\iffalse \\if0 \\endinput \\fi \\else \\ifx \\end{document} x { \\begin{verbatim} \\end{verbatim}"
PIECES = st.sampled_from([*TEXTS.split(), " ", "\n", "\\begin{comment}\n", "\n\\end{comment}\n"])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_spans_are_in_order_and_apart(text: str) -> None:
    spans = unprinted_spans(text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert len(without_unprinted(text)) <= len(text) + 1
