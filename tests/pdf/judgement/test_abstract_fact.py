"""What `check` says of an abstract, on PDFs that pdfLaTeX made with a generated pith.sty."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import pikepdf
import pytest

import pithtex
from pithtex.findings import Status
from pithtex.format.abstract import ProvenAbstract, encode_abstract
from pithtex.format.profile import XMP_NAMESPACE
from pithtex.format.record import load_record
from pithtex.pdf.judgement.verdict import Verdict, Word
from pithtex.render.package.pith_sty import render_package
from pithtex.verification.record import verify_record
from tests import signing
from tests.conftest import VECTORS
from tests.latex.conftest import compile_tex

pytestmark = pytest.mark.tex

ROWS = [json.loads(line) for line in (VECTORS / "abstracts.jsonl").read_text().splitlines()]
ROW, OTHER = ROWS[2], ROWS[3]
KEYS = signing.keyring()
FORMULAS = (
    "We show that $\\alpha_{ij} \\le \\sum_{k=1}^{n} x_k^2$ holds for all $n>3$ in ${\\bf R}^d$, where the usual bound "
    "of $O(n \\log n)$ fails, and that the constant is optimal."
)


@cache
def record(abstract: str = ROW["abstract"]):
    canonical = signing.canonical_record(ROW["title"], abstract_canon_sha256=pithtex.abstract_digest(abstract))
    return verify_record(load_record(signing.record_document(ROW["title"], canonical=canonical)), KEYS)


def paper(folder: Path, shown: str, abstract: str = ROW["abstract"]) -> bytes:
    """A paper with the badge of the record with an abstract, that shows a text as its own."""
    made = record(abstract)
    source = (
        f"\\documentclass{{article}}\n\\usepackage{{pith}}\n\\pithnumber{{{made.number.suffix}}}\n"
        f"\\title{{{ROW['title']}}}\\author{{A. Author}}\n\\begin{{document}}\n\\maketitle\n"
        f"\\begin{{abstract}}\n{shown}\n\\end{{abstract}}\n"
        "\\section{Introduction}\nText of the paper.\n\\end{document}\n"
    )
    result = compile_tex(folder, source, sty=render_package(made).decode("ascii"))
    assert result.returncode == 0
    return result.pdf.read_bytes()


def carrying(pdf: bytes, *texts: str) -> bytes:
    """The PDF with values of the abstract's property in its packet."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        stream = opened.Root.Metadata
        properties = "".join(f"<pith:abstract>{text}</pith:abstract>" for text in texts)
        packet = stream.read_bytes().decode().replace("</pith:profile>", f"</pith:profile>{properties}", 1)
        assert XMP_NAMESPACE in packet
        stream.write(packet.encode())
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


def check(pdf: bytes, **more) -> Verdict:
    return pithtex.check_pdf(pdf, keyring=KEYS, **more)


def names(verdict: Verdict) -> set[str]:
    return {item.name for item in verdict.all_findings}


def test_the_records_own_abstract_holds_by_its_digest(tmp_path: Path) -> None:
    verdict = check(paper(tmp_path, ROW["abstract"]), require_abstract=True)
    assert verdict.word is Word.VALID
    assert (verdict.facts.abstract.status, verdict.facts.abstract.by) == (Status.HOLDS, "digest")
    assert not names(verdict) & {"abstract-differs", "abstract-unconfirmed-in-pdf"}


def test_a_stolen_abstract_is_not_called_confirmed(tmp_path: Path) -> None:
    pdf = paper(tmp_path, OTHER["abstract"])
    verdict = check(pdf)
    assert verdict.word is Word.VALID
    assert verdict.facts.abstract.status is Status.UNAVAILABLE
    assert "abstract-unconfirmed-in-pdf" in names(verdict)
    assert check(pdf, require_abstract=True).word is Word.UNBOUND


@pytest.mark.parametrize("shown", [OTHER["abstract"], ROW["abstract"].split(". ")[0] + ". " + OTHER["abstract"]])
def test_with_a_proven_text_a_stolen_abstract_is_unbound(tmp_path: Path, shown: str) -> None:
    pdf = paper(tmp_path, shown)
    proven = encode_abstract(ProvenAbstract(ROW["abstract"], record().canonical))
    for verdict in (check(pdf, abstract=ROW["abstract"]), check(carrying(pdf, proven))):
        assert verdict.word is Word.UNBOUND
        assert verdict.facts.abstract.status is Status.FAILS
        assert "abstract-differs" in names(verdict)


def test_a_revised_abstract_is_a_note(tmp_path: Path) -> None:
    verdict = check(paper(tmp_path, ROW["abstract"] + " We add one sentence."), abstract=ROW["abstract"])
    assert verdict.word is Word.VALID
    assert verdict.facts.abstract.status is Status.NOT_CHECKED
    assert "abstract-revised" in names(verdict)
    assert "% of its letters" in verdict.facts.abstract.message


def test_formulas_hold_by_the_text_that_is_carried(tmp_path: Path) -> None:
    pdf = paper(tmp_path, FORMULAS, FORMULAS)
    assert check(pdf).facts.abstract.status is Status.UNAVAILABLE
    carried = carrying(pdf, encode_abstract(ProvenAbstract(FORMULAS, record(FORMULAS).canonical)))
    verdict = check(carried, require_abstract=True)
    assert verdict.word is Word.VALID
    assert (verdict.facts.abstract.status, verdict.facts.abstract.by) == (Status.HOLDS, "text")


def test_what_does_not_hash_is_named_and_never_used(tmp_path: Path) -> None:
    """A thief who puts his own abstract into the metadata gains nothing by it."""
    pdf = paper(tmp_path, OTHER["abstract"])
    forged = encode_abstract(ProvenAbstract(OTHER["abstract"], record(OTHER["abstract"]).canonical))
    verdict = check(carrying(pdf, forged, "a1.nonsense"))
    assert verdict.facts.abstract.status is Status.UNAVAILABLE
    assert {"abstract-mismatch", "abstract-malformed"} <= names(verdict)
    given = check(pdf, abstract=OTHER["abstract"])
    assert given.facts.abstract.status is Status.UNAVAILABLE
    assert "abstract-mismatch" in names(given)


def test_of_a_paper_that_is_not_bound_nothing_is_said(tmp_path: Path) -> None:
    pdf = paper(tmp_path, ROW["abstract"]).replace(b"x", b"x")
    verdict = check(pdf, expect="2603.99999")
    assert verdict.word is Word.INVALID
    assert verdict.facts.abstract.status is Status.NOT_CHECKED


def test_a_paper_without_an_abstract(tmp_path: Path) -> None:
    source_text = paper(tmp_path, "\\relax")
    verdict = check(source_text, abstract=ROW["abstract"])
    assert verdict.word is Word.VALID
    assert verdict.facts.abstract.status is Status.NOT_CHECKED
    assert check(source_text, require_abstract=True).word is Word.UNBOUND


def carried_by_tex(folder: Path, shown: str, abstract: str, engine: str = "pdflatex", preamble: str = "") -> bytes:
    """As `paper`, with a pith.sty that carries the abstract."""
    made = record(abstract)
    source = (
        f"{preamble}\\documentclass{{article}}\n\\usepackage{{pith}}\n\\pithnumber{{{made.number.suffix}}}\n"
        f"\\title{{{ROW['title']}}}\\author{{A. Author}}\n\\begin{{document}}\n\\maketitle\n"
        f"\\begin{{abstract}}\n{shown}\n\\end{{abstract}}\nText of the paper.\n\\end{{document}}\n"
    )
    package = render_package(made, ProvenAbstract(abstract, made.canonical))
    result = compile_tex(folder, source, engine, sty=package.decode("ascii"))
    assert result.returncode == 0, result.log[-1500:]
    return result.pdf.read_bytes()


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex", "latex+dvips"])
def test_every_engine_writes_the_abstract_that_pith_sty_carries(tmp_path: Path, engine: str) -> None:
    verdict = check(carried_by_tex(tmp_path, FORMULAS, FORMULAS, engine), require_abstract=True)
    assert verdict.word is Word.VALID, verdict.facts.abstract
    assert (verdict.facts.abstract.status, verdict.facts.abstract.by) == (Status.HOLDS, "text")


def test_the_pdf_management_of_latex_writes_it_too(tmp_path: Path) -> None:
    pdf = carried_by_tex(tmp_path, FORMULAS, FORMULAS, preamble="\\DocumentMetadata{}\n")
    assert check(pdf, require_abstract=True).word is Word.VALID


def test_a_stolen_abstract_under_a_genuine_pith_sty_is_unbound(tmp_path: Path) -> None:
    verdict = check(carried_by_tex(tmp_path, OTHER["abstract"], ROW["abstract"]))
    assert verdict.word is Word.UNBOUND
    assert verdict.facts.abstract.status is Status.FAILS


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_without_a_heading_a_stolen_abstract_is_unbound_too(tmp_path: Path, number: int) -> None:
    """A class that prints no heading: the block between authors and first section is the abstract."""
    made, stolen = record(), ROWS[number]["abstract"]
    source = (
        f"\\documentclass[aps,pra]{{revtex4-2}}\n\\usepackage{{pith}}\n\\pithnumber{{{made.number.suffix}}}\n"
        f"\\begin{{document}}\n\\title{{{ROW['title']}}}\\author{{A. Author}}\\affiliation{{Here}}\n"
        "\\begin{abstract}\n" + stolen.replace("%", "\\%") + "\n\\end{abstract}\\maketitle\n"
        "\\section{Introduction}\nText of the paper.\n\\end{document}\n"
    )
    result = compile_tex(tmp_path, source, sty=render_package(made).decode("ascii"))
    assert result.returncode == 0
    verdict = check(result.pdf.read_bytes(), abstract=ROW["abstract"])
    assert verdict.word is (Word.VALID if ROWS[number] == ROW else Word.UNBOUND)
