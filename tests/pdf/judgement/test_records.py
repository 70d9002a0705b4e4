"""With which records a badge is judged, and how often they are verified."""

from __future__ import annotations

import io
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

import pithtex.verification.record
from pithtex.cli.main import main
from pithtex.findings import Status
from pithtex.format.keys import Key
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from pithtex.system.documents import read_document

EXAMPLES = Path(__file__).parents[3] / "examples"
PAPERS = {name: EXAMPLES / name / "main.pdf" for name in ("sparsex", "amsart")}
RECORDS = {
    "sparsex": EXAMPLES / "sparsex" / "bundle.json",
    "amsart": EXAMPLES / "amsart" / "record.json",
    "neither": EXAMPLES / "presubmission" / "record.json",
}
OF_RECEIPT = "the receipt in link"


def with_pikepdf(target: Path) -> None:
    with pikepdf.open(PAPERS["sparsex"]) as volume, pikepdf.open(PAPERS["amsart"]) as paper:
        volume.pages.extend(paper.pages)
        volume.save(target)


def with_qpdf(target: Path) -> None:
    subprocess.run(["qpdf", "--empty", "--pages", *PAPERS.values(), "--", target], check=True)


def with_pdfunite(target: Path) -> None:
    subprocess.run(["pdfunite", *PAPERS.values(), target], check=True)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the record's steps are gone through, and a signature is verified."""
    counts: Counter[str] = Counter()

    def counting(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def count(*arguments: object, **options: object) -> object:
            counts[name] += 1
            return function(*arguments, **options)

        return count

    steps = counting("steps", pithtex.verification.record.record_steps)
    monkeypatch.setattr(pithtex.verification.record, "record_steps", steps)
    monkeypatch.setattr(Key, "verifies", counting("signatures", Key.verifies))
    return counts


@pytest.mark.parametrize("name", PAPERS)
def test_a_verdict_verifies_once(name: str, counted: Counter[str]) -> None:
    """Link, Info and XMP carry one receipt."""
    assert check_pdf(PAPERS[name]).word is Word.VALID
    assert counted == {"steps": 1, "signatures": 1}


@pytest.mark.parametrize("name", PAPERS)
def test_the_record_given_and_the_receipt_are_two_documents(name: str, counted: Counter[str]) -> None:
    """Either may be forged while the other is genuine, so that each is verified: once."""
    record = read_document(str(RECORDS[name])).record
    assert check_pdf(PAPERS[name], record).word is Word.VALID
    assert counted == {"steps": 2, "signatures": 2}


def test_reading_more_of_a_file_verifies_nothing_again(counted: Counter[str]) -> None:
    """With its title painted over, all of the page is read, and then its neighbours: it is judged three times."""
    with pikepdf.open(PAPERS["sparsex"]) as pdf:
        page = pdf.pages[0]
        page.contents_add(b"1 g 0 500 700 400 re f", prepend=False)
        stream = io.BytesIO()
        pdf.save(stream)
    assert check_pdf(stream.getvalue()).facts.binding.status is Status.FAILS
    assert counted == {"steps": 1, "signatures": 1}


@pytest.mark.parametrize("merge", [with_pikepdf, with_qpdf, with_pdfunite])
@pytest.mark.parametrize("given", RECORDS)
def test_a_record_is_held_against_the_badges_that_it_is_of(
    given: str, merge: Callable[[Path], None], tmp_path: Path
) -> None:
    volume = tmp_path / "volume.pdf"
    merge(volume)
    verdict = check_pdf(volume, read_document(str(RECORDS[given])).record)
    assert len(verdict.badges) == len(PAPERS)
    if given == "neither":
        assert [badge.word for badge in verdict.badges] == [Word.INVALID] * 2
        assert {item.name for item in verdict.all_findings} >= {"record-of-another-number"}
        return
    assert [badge.word for badge in verdict.badges] == [Word.VALID] * 2
    for name, badge in zip(PAPERS, verdict.badges, strict=True):
        origin = "the record given" if name == given else OF_RECEIPT
        assert badge.facts.record.message.startswith(origin)


@pytest.mark.parametrize(("given", "code"), [("sparsex", 3), ("amsart", 0), ("neither", 1)])
def test_the_exit_code_is_that_of_the_worst_badge(
    given: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the second paper the record is known only where it is given."""
    volume = tmp_path / "volume.pdf"
    with pikepdf.open(PAPERS["sparsex"]) as pdf, pikepdf.open(PAPERS["amsart"]) as paper:
        (link,) = [item for item in paper.pages[0].Annots if str(item.get("/NM")) == "pith-badge-1"]
        link.A.URI = pikepdf.String(str(link.A.URI).partition("#")[0])
        pdf.pages.extend(paper.pages)
        pdf.save(volume)
    assert main(["check", str(volume), "--record", str(RECORDS[given])]) == code
    assert ("record-of-another-number" in capsys.readouterr().out) == (given == "neither")
