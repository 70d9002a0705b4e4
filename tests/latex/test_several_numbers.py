"""Papers that hold several numbers: proceedings, and papers that cite; compiled by TeX."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Verdict, Word
from pithtex.verification.document import load_document
from tests.conftest import BUNDLE_FILE, ROOT, SEEDS

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
OTHER_SUFFIX = "EL6A4QOTPLYS3LFEIZGOL5QVTM"
TITLE = load_document(BUNDLE_FILE.read_bytes()).record.title
OTHER_TITLE = load_document((SEEDS / "record-EL6A4QOT.json").read_bytes()).record.title
PACKAGES = {SUFFIX: "sparsex", OTHER_SUFFIX: "amsart"}

Compile = Callable[..., object]


def compiled(tmp_path: Path, compile_tex, suffix: str, title: str, *, head: str = "", text: str = "") -> Path:
    """A paper with the package generated for `suffix`."""
    source = (
        f"\\documentclass{{article}}\n\\usepackage{{pith}}\\pithnumber{{{suffix}}}\n{head}\n"
        f"\\title{{{title}}}\\author{{A. Author}}\n\\begin{{document}}\\maketitle\n"
        f"\\begin{{abstract}}We share.\\end{{abstract}}\\section{{Introduction}} {text}\n\\end{{document}}\n"
    )
    package = (ROOT / "examples" / PACKAGES[suffix] / "pith.sty").read_text(encoding="ascii")
    result = compile_tex(tmp_path, source, sty=package)
    assert result.returncode == 0, result.log[-2000:]
    return result.pdf


def names(verdict: Verdict) -> set[str]:
    """Of the findings but the note that the abstract, which these papers make up, could not be compared."""
    return {item.name for item in verdict.all_findings} - {"abstract-unconfirmed-in-pdf"}


@pytest.fixture(scope="module")
def papers(tmp_path_factory, compile_tex) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("papers")
    return {
        "one": compiled(folder / "one", compile_tex, SUFFIX, TITLE, text="Words. \\newpage More words."),
        "two": compiled(folder / "two", compile_tex, OTHER_SUFFIX, OTHER_TITLE, text="Words. \\newpage More words."),
        "odd": compiled(folder / "odd", compile_tex, OTHER_SUFFIX, "A Different Paper", text="Words. \\newpage More."),
    }


def proceedings(path: Path, papers: list[Path]) -> Path:
    """One volume behind a cover, as an editor makes it."""
    with pikepdf.new() as volume:
        volume.add_blank_page()
        for paper in papers:
            with pikepdf.open(paper) as pdf:
                volume.pages.extend(pdf.pages)
        volume.save(path)
    return path


def test_proceedings_are_judged_badge_by_badge(tmp_path, papers):
    verdict = check_pdf(proceedings(tmp_path / "volume.pdf", [papers["one"], papers["two"]]))
    assert verdict.word is Word.VALID
    assert [(b.page, b.number[10:], b.word) for b in verdict.badges] == [
        (2, SUFFIX, Word.VALID),
        (4, OTHER_SUFFIX, Word.VALID),
    ]
    assert names(verdict) == set()


def test_the_word_on_proceedings_is_that_of_the_worst_badge(tmp_path, papers):
    verdict = check_pdf(proceedings(tmp_path / "volume.pdf", [papers["one"], papers["odd"]]))
    assert verdict.word is Word.UNBOUND
    assert [badge.word for badge in verdict.badges] == [Word.VALID, Word.UNBOUND]


def test_a_paper_that_cites_other_numbers_is_valid(tmp_path, compile_tex):
    """In the text, in the list of references, and in a footnote on page 1; by link, by full number, by short form."""
    text = (
        f"See \\href{{https://pith.science/pith/{OTHER_SUFFIX}}}{{pith:2026:{OTHER_SUFFIX}}}"
        f"\\footnote{{Or \\href{{https://pith.science/pith/{OTHER_SUFFIX}}}{{pith:{OTHER_SUFFIX[:8]}}} for short.}}\n"
        "\\begin{thebibliography}{9}\\bibitem{a} A. Author. A title. \\\\ "
        f"\\url{{https://pith.science/pith/{OTHER_SUFFIX}}}, pith:{OTHER_SUFFIX[:8]}.\\end{{thebibliography}}"
    )
    head = "\\usepackage{hyperref}"
    verdict = check_pdf(compiled(tmp_path, compile_tex, SUFFIX, TITLE, head=head, text=text))
    assert (verdict.word, verdict.number) == (Word.VALID, f"pith:2026:{SUFFIX}")
    assert names(verdict) == {"citation-link"}
    assert len([item for item in verdict.all_findings if item.name == "citation-link"]) == 3


@pytest.mark.parametrize(("stamp", "found"), [("v1", set()), ("v2", {"version-note", "title-not-shown"})])
def test_the_record_of_version_1_in_a_paper_of_version_2_is_a_note(tmp_path, compile_tex, stamp, found):
    """The stamp is typeset here as arXiv's looks; version 2 has another title, as retitled papers do."""
    head = (
        "\\usepackage{graphicx}\\usepackage{eso-pic}\\AddToShipoutPictureBG*{\\AtPageLowerLeft{\\put(18,250){"
        f"\\rotatebox{{90}}{{\\Large arXiv:2606.01751{stamp} [cs.PF] 3 Jun 2026}}}}}}}}"
    )
    title = TITLE if stamp == "v1" else "SparseX, Revised"
    verdict = check_pdf(compiled(tmp_path, compile_tex, SUFFIX, title, head=head))
    assert (verdict.word, verdict.facts.binding.by) == (Word.VALID, "arxiv-id")
    assert names(verdict) == found
