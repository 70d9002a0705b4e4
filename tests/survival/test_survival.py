"""The two rules of survival, on the examples, by the ways that take no time; `make survival` goes all ways."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from pithtex.pdf.judgement.verdict import Word
from tests.conftest import ROOT
from tests.kit import needs
from tests.survival.outcome import Outcome
from tests.survival.papers import NUMBER, SHORT, compile_paper, make_cover
from tests.survival.ways import WAYS, Way

PAPER = ROOT / "examples" / "sparsex" / "main.pdf"
CHEAP = [way for way in WAYS if way.cheap]


@pytest.fixture(scope="session")
def cover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needs.each("tex")
    return make_cover(tmp_path_factory.mktemp("cover") / "cover")


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
@pytest.mark.parametrize("way", CHEAP, ids=lambda way: way.name)
def test_a_paper_on_its_way(way: Way, cover: Path, tmp_path: Path) -> None:
    needs.each(*way.programs)
    outcome = Outcome.of(way.go(PAPER, cover, tmp_path / "way"))
    assert outcome.broken == ""
    assert outcome.channels >= {"text"}, "text survives all of these"
    assert "link" in outcome.channels or way.name == "qpdf `--flatten-annotations=all`"


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
@pytest.mark.parametrize("behind", [False, True], ids=["alone", "behind a cover"])
def test_text_alone(behind: bool, cover: Path, tmp_path: Path) -> None:
    """Without annotations, and then stripped of its metadata: what a print to PDF leaves."""
    ways = {way.name: way for way in WAYS}
    flat = tmp_path / "flat.pdf"
    with pikepdf.open(PAPER) as pdf:  # qpdf 12 keeps links where it flattens annotations, older ones do not
        for page in pdf.pages:
            if "/Annots" in page:
                del page.Annots
        pdf.save(flat)
    last = ways["qpdf, behind a cover" if behind else "qpdf `--empty --pages`"]
    outcome = Outcome.of(last.go(flat, cover, tmp_path / "last"))
    assert outcome.channels == {"text"}
    assert (outcome.word, outcome.number) == (Word.UNVERIFIED, SHORT)
    assert (outcome.word_with_record, outcome.number_with_record) == (Word.VALID, NUMBER)


def test_a_ligature_that_ghostscript_garbles(cover: Path, tmp_path: Path) -> None:
    """Of a font of LuaTeX's, "ffi" comes out as other letters; the paper has not become another."""
    ways = {way.name: way for way in WAYS}
    paper = compile_paper("LuaTeX", tmp_path / "paper")
    outcome = Outcome.of(ways["Ghostscript `pdfwrite`"].go(paper, cover, tmp_path / "way"))
    assert outcome.broken == ""
    assert "link" in outcome.channels
