"""The abstract on a PDF's way: where the paper stays valid, its own abstract holds, and a stolen one never does."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

import pithtex
from pithtex.pdf.judgement.verdict import Word
from tests import signing
from tests.kit import needs
from tests.matrix.abstracts import Cell, record
from tests.survival.papers import call, make_cover
from tests.survival.ways import WAYS, Way

pytestmark = pytest.mark.tex

CHEAP = [way for way in WAYS if way.cheap]
WORDS = "1412.3409"
"""A real abstract without formulas: it holds by its digest."""


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("abstracts")


@cache
def paper(base: Path, text: str, kind: str) -> Path:
    cell = Cell(layout="article, two columns", text=text, kind=kind)
    return cell.compile(base / f"{text} {kind}".replace(" ", "-"))


@cache
def cover(base: Path) -> Path:
    return make_cover(base / "cover")


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
@pytest.mark.parametrize("way", CHEAP, ids=lambda way: way.name)
def test_an_abstract_on_its_way(way: Way, base: Path, tmp_path: Path) -> None:
    missing = [program for program in way.programs if shutil.which(program) is None]
    assert not missing, f"not on PATH: {missing}; .ci/install-system test installs them"
    own = judged(way.go(paper(base, WORDS, "genuine"), cover(base), tmp_path / "own"), WORDS)
    assert own == ("valid", "holds", "digest")
    formulas = judged(way.go(paper(base, "formulas", "genuine"), cover(base), tmp_path / "formulas"), "formulas")
    assert formulas in {("valid", "holds", "text"), ("valid", "unavailable", None)}
    stolen = judged(way.go(paper(base, WORDS, "stolen"), cover(base), tmp_path / "stolen"), WORDS)
    assert stolen in {("unbound", "fails", None), ("valid", "unavailable", None)}
    assert (stolen[0] == "unbound") == (formulas[2] == "text"), "both need the text that the metadata carries"


def test_two_pages_on_a_sheet(base: Path, tmp_path: Path) -> None:
    needs.program("pdflatex")
    for kind, expected in (("genuine", ("valid", "holds", "digest")), ("stolen", ("valid", "unavailable", None))):
        folder = tmp_path / kind.replace(" ", "-")
        folder.mkdir()
        shutil.copy(paper(base, WORDS, kind), folder / "paper.pdf")
        (folder / "out.tex").write_text(
            "\\documentclass[landscape]{article}\\usepackage{pdfpages}\\begin{document}"
            "\\includepdf[pages={1,{}},nup=2x1]{paper.pdf}\\end{document}",
            encoding="ascii",
        )
        call(["pdflatex", "-interaction=batchmode", "-halt-on-error", "out.tex"], folder)
        assert judged(folder / "out.pdf", WORDS, with_record=True) == expected


def judged(pdf: Path, text: str, *, with_record: bool = False) -> tuple[str, str, str | None]:
    """The word, and the fact about the abstract."""
    verdict = pithtex.check_pdf(pdf, record(text) if with_record else None, signing.keyring())
    assert verdict.word is not Word.INVALID
    said = verdict.facts.abstract
    return verdict.word.value, said.status.value, said.by
