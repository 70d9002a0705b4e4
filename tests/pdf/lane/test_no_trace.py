"""The law of the fast lane: where it says "no trace", the reader of link, XMP and Info finds nothing of Pith."""

from __future__ import annotations

import mmap
from collections import Counter
from pathlib import Path

import pytest

from pithtex.format.keys import default_keyring
from pithtex.format.profile import INFO_NUMBER, INFO_RECEIPT
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.judge import judge
from pithtex.pdf.judgement.records import Records
from pithtex.pdf.lane.no_trace import no_trace
from pithtex.pdf.lane.traces import _INFO
from pithtex.pdf.read import read_evidence
from release.files import tracked
from tests.conftest import ROOT
from tests.forgeries.kit import Forgery
from tests.forgeries.make import FORGERIES
from tests.hostile.files import FILES, Hostile
from tests.pdf.lane.law import states_nothing
from tests.pdf.lane.maker import PACKET, THEIRS, Pdf, flate, plain
from tests.pdf.lane.mutants import mutants

PAPERS = sorted((ROOT / "examples").glob("*/main.pdf"))
COMMITTED = [ROOT / name for name in tracked() if name.endswith(".pdf")]
INSTALLED = Path("/usr/share/doc/texlive-doc/latex")
"""Documents of Debian's packages, made by TeX engines of twenty years; CI has those of texlive-publishers-doc."""


def everything() -> list[Path]:
    """The PDFs of the repository, and every twentieth of those that are installed."""
    return [*COMMITTED, *sorted(INSTALLED.glob("*/**/*.pdf"))[::20]]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.parent.name)
def test_a_paper_with_a_number_has_a_trace(paper: Path) -> None:
    assert not no_trace(paper.read_bytes())


def test_the_law_on_real_files() -> None:
    told = Counter()
    for path in everything():
        data = path.read_bytes()
        said, nothing = no_trace(data), states_nothing(data)
        assert not said or nothing, path
        told[said, nothing] += 1
    if INSTALLED.is_dir():
        assert told[True, True] > 9 * told[False, True]  # or the lane would be of no use


def test_the_law_on_mutants() -> None:
    told = Counter()
    for index, data in enumerate(mutants(400, seed=1)):
        said, nothing = no_trace(data), states_nothing(data)
        assert not said or nothing, index
        told[said, nothing] += 1
    assert min(told[True, True], told[False, True], told[False, False]) > 20


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_the_law_on_forgeries(forgery: Forgery) -> None:
    data = forgery.make()
    assert not no_trace(data) or states_nothing(data)


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_the_law_on_hostile_files(hostile: Hostile) -> None:
    data = hostile.make()
    assert not no_trace(data) or states_nothing(data)


def test_the_verdict_is_that_of_the_whole_way() -> None:
    told = 0
    for path in everything()[:60]:
        data = path.read_bytes()
        if no_trace(data):
            told += 1
            whole = judge(read_evidence(data), Records(default_keyring()))
            assert check_pdf(data).to_dict() == whole.to_dict(), path
    assert told > 5 or not INSTALLED.is_dir()


@pytest.mark.parametrize("encode", [None, plain, flate])
@pytest.mark.parametrize("rows", [False, True])
def test_plain_files_are_told(encode: object, rows: bool) -> None:
    pdf = Pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Annots[<</Subtype/Link/A<</S/URI/URI(https://example.org/a%20\\(b\\)#c)>>>>]>>",
        },
        packed=() if encode is None else (1, 2, 3),
        encode=encode or plain,  # type: ignore[arg-type]
        rows=rows,
    )
    assert no_trace(pdf.write())


def test_any_buffer_will_do(tmp_path: Path) -> None:
    data = Pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}).write()
    path = tmp_path / "paper.pdf"
    path.write_bytes(data)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert no_trace(mapped)
    assert no_trace(memoryview(data))
    assert not no_trace(b"")
    assert not no_trace(b"%PDF-1.5")


def test_an_object_stream_that_inflates_without_end_is_left() -> None:
    bomb = Pdf(
        {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>", 3: b" " * (17 << 20)},
        packed=(3,),
        encode=flate,
    )
    assert not no_trace(bomb.write())


def test_what_is_searched_for_is_what_is_written() -> None:
    assert all(name.encode().startswith(_INFO) for name in (INFO_NUMBER, INFO_RECEIPT))
    assert "pith" not in PACKET.format(THEIRS)
