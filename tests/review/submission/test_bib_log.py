"""What BibTeX and Biber warn of, by their own runs: one a cause, at the entry."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.review.submission.bib_log import read_bib_log

BIB = """\
@article{a, title={A}, author={X Y}, year=2020}
@article{b, title={B}, author={X Y}, year=2020}
@artcle{c, title={C}, author={X Y}, year=2020, journal=foo}
@book{a, title={A}}
"""
PLAIN = (
    "\\documentclass{article}\\begin{document}\\cite{a,b,c,d}"
    "\\bibliographystyle{plain}\\bibliography{refs}\\end{document}"
)
BIBLATEX = (
    "\\documentclass{article}\\usepackage{biblatex}\\addbibresource{refs.bib}\n"
    "\\begin{document}\\cite{a,b,c,d}\\printbibliography\\end{document}"
)


@pytest.mark.tex
@pytest.mark.parametrize(
    ("program", "source", "said"),
    [
        (
            "bibtex",
            PLAIN,
            {
                ('entry type for "c" isn\'t style-file defined', 1, 3),
                ('string name "foo" is undefined', 1, 3),
                ("empty journal in a", 2, 1),
                ("Repeated entry", 1, 4),
            },
        ),
        (
            "biber",
            BIBLATEX,
            {("Duplicate entry key: 'a' in file 'refs.bib', skipping ...", 1, 1), ('undefined macro "foo"', 1, 3)},
        ),
    ],
)
def test_what_the_programs_say(tmp_path: Path, program: str, source: str, said: set[tuple[str, int, int]]) -> None:
    (tmp_path / "main.tex").write_text(source)
    (tmp_path / "refs.bib").write_text(BIB)
    for command in (["pdflatex", "-interaction=batchmode", "main"], [program, "main"]):
        subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, check=False)
    found = read_bib_log((tmp_path / "main.blg").read_text(), "main.blg", {"refs.bib": BIB})
    assert {item.file for item in found} == {"refs.bib"}
    assert {(item.what, item.count, item.line) for item in found} >= said
    assert not any("'d'" in item.what or '"d"' in item.what for item in found)  # its citation is told of


@given(st.text(alphabet="Warning-INFO[]>'\"ab{}\n/.0 eroR", max_size=400))
def test_whatever_a_log_holds(text: str) -> None:
    for item in read_bib_log(text + "\nWarning--empty journal in (a\n", "main.blg", {"refs.bib": BIB}):
        assert item.count >= 1
        assert item.file in {"main.blg", "refs.bib"}
