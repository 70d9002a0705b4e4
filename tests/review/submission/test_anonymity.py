"""The compiled first page decides whether a paper is anonymous, and no list of styles."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pithtex.manuscript.source.read import read_from
from pithtex.review.submission.anonymity import anonymity_of

STYLE = "\\ProvidesPackage{acl}\\DeclareOption{review}{}\\DeclareOption{final}{}\\ProcessOptions\n"
HIDES = "\\AtBeginDocument{\\author{Anonymous ACL submission}}\n"
PAPER = (
    "\\documentclass{article}\n%s\n\\title{T}\\author{Ann M. Author \\and Bob Builder}\n"
    "\\begin{document}\\maketitle Text.\\end{document}\n"
)


def compiled(folder: Path, load: str, style: str) -> Path:
    (folder / "acl.sty").write_text(STYLE + style)
    (folder / "main.tex").write_text(PAPER % load)
    subprocess.run(["pdflatex", "-interaction=batchmode", "main"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return folder / "main.pdf"


@pytest.mark.tex
@pytest.mark.parametrize(
    ("load", "style", "sources", "page"),
    [
        ("\\usepackage[review]{acl}", HIDES, "acl, review", "acl, review"),
        ("\\usepackage[review]{acl}", "", "acl, review", None),
        ("\\usepackage{acl}", HIDES, None, "as its first page says"),
        ("\\usepackage{acl}", "", None, None),
    ],
)
def test_the_page_decides(tmp_path: Path, load: str, style: str, sources: str | None, page: str | None) -> None:
    pdf = compiled(tmp_path, load, style)
    manuscript = read_from(tmp_path, "main.tex")
    modes = [anonymity_of(manuscript, None), anonymity_of(manuscript, pdf)]
    assert [None if mode is None else mode.name for mode in modes] == [sources, page]
    pdf.write_bytes(b"no PDF")
    assert anonymity_of(manuscript, pdf) == modes[0]


@pytest.mark.tex
@pytest.mark.parametrize("encoding", ["OT1", "T1"])
@pytest.mark.parametrize(
    ("name", "mode"),
    [
        (r"Ann M\"uller", None),
        (r"\'Elodie B\'eranger-Ca\~na", None),
        ("Łukasz Ångström", None),
        ("Иван Петров", "acl, review"),
    ],
)
def test_names_with_accents_are_seen(tmp_path: Path, name: str, mode: str | None, encoding: str) -> None:
    """Shown in the fonts that make accents of two characters, too; of letters that are not compared nothing is said."""
    head = f"\\usepackage[{encoding}{',T2A' if mode else ''}]{{fontenc}}\\usepackage[review]{{acl}}"
    (tmp_path / "acl.sty").write_text(STYLE)
    text = (PAPER % head).replace("Ann M. Author \\and Bob Builder", name)
    (tmp_path / "main.tex").write_text(text, encoding="utf-8")
    subprocess.run(["pdflatex", "-interaction=batchmode", "main"], cwd=tmp_path, stdout=subprocess.DEVNULL, check=False)
    found = anonymity_of(read_from(tmp_path, "main.tex"), tmp_path / "main.pdf")
    assert (None if found is None else found.name) == mode


@pytest.mark.tex
def test_add_looks_at_the_page_of_these_sources_alone(tmp_path: Path) -> None:
    from pithtex.cli.commands.add import _compiled

    pdf = compiled(tmp_path, "", "")
    manuscript = read_from(tmp_path, "main.tex")
    assert _compiled(manuscript) == pdf
    os.utime(pdf, (0, 0))
    assert _compiled(manuscript) is None
