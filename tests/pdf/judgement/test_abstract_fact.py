"""What `check` says of an abstract, on PDFs that pdfLaTeX made with a generated pith.sty."""

from __future__ import annotations

import base64
import io
import json
import zlib
from functools import cache
from pathlib import Path

import pikepdf
import pytest

import pithtex
from pithtex.cli.main import main
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


NOT_COMPARED = "its abstract was not compared: the PDF does not carry it"


@pytest.mark.parametrize(
    "options",
    [[], ["--json"], ["--format", "sarif"], ["--format", "github"], ["--format", "jsonl"], ["--html"]],
    ids=str,
)
def test_every_output_says_that_a_stolen_abstract_was_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    (tmp_path / "paper.pdf").write_bytes(paper(tmp_path, OTHER["abstract"]))
    key = bytes(signing.TEST_KEY.verify_key).hex()
    (tmp_path / "test.key").write_text(f"{signing.TEST_KEY_ID} {key}\n")
    report = tmp_path / "report.html"
    more = [*options, str(report)] if options == ["--html"] else options
    assert main(["check", str(tmp_path / "paper.pdf"), "--key", str(tmp_path / "test.key"), *more]) == 0
    said = report.read_text() if options == ["--html"] else capsys.readouterr().out
    assert NOT_COMPARED in said
    assert "and that abstract" not in said


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


SENTENCE = "We show that the number of pebbles in lake number {} is larger than people thought, and an estimate fails. "
LONG = "".join(map(SENTENCE.format, range(200)))[:20_000].rpartition(". ")[0] + "."
GERMAN = (
    "\\section*{Zusammenfassung}\nWir zeigen, dass die Zahl der Kiesel in einem See von der Tiefe und nicht von der "
    "Breite bestimmt wird. Im Norden ist sie so hoch, wie man es aus der Theorie kennt.\n"
)


def test_an_abstract_of_twenty_characters(tmp_path: Path) -> None:
    verdict = check(carried_by_tex(tmp_path, "We count all pebbles", "We count all pebbles"), require_abstract=True)
    assert verdict.facts.abstract.by == "digest"
    stolen = check(carried_by_tex(tmp_path / "stolen", OTHER["abstract"], "We count all pebbles"))
    assert stolen.word is Word.UNBOUND


def test_an_abstract_of_twenty_thousand_characters_is_read_in_part(tmp_path: Path) -> None:
    """It takes more than two pages: nothing is proven of it, and nothing is held against it."""
    verdict = check(carried_by_tex(tmp_path, LONG, LONG))
    assert verdict.word is Word.VALID
    assert verdict.facts.abstract.status is Status.NOT_CHECKED
    assert "longer than what was read" in verdict.facts.abstract.message
    assert check(carried_by_tex(tmp_path / "stolen", OTHER["abstract"], LONG)).word is Word.UNBOUND


ONLY_FORMULAS = "$\\alpha_{ij} \\le \\sum_{k=1}^{n} x_k^2$, $n>3$; $H_0 = 67.4 \\pm 0.5$, $a+b+c+d+e+f+g+h+i+k+l+m$."


@pytest.mark.parametrize("shown", [ONLY_FORMULAS, "We do not believe a word of it.", "We take all of it back."])
def test_an_abstract_of_formulas_alone_is_told_by_nothing(tmp_path: Path, shown: str) -> None:
    verdict = check(carried_by_tex(tmp_path, shown, ONLY_FORMULAS))
    assert verdict.facts.abstract.status is not Status.HOLDS


@pytest.mark.parametrize("inside", ["that not one of these facts is true of", "nothing of", "\\emph{no} good bound of"])
def test_in_a_formulas_place_stands_nothing_else(tmp_path: Path, inside: str) -> None:
    shown = FORMULAS.replace("$\\alpha_{ij} \\le \\sum_{k=1}^{n} x_k^2$", inside)
    assert shown != FORMULAS
    assert check(carried_by_tex(tmp_path, shown, FORMULAS)).facts.abstract.status is not Status.HOLDS


@pytest.mark.parametrize("front", ["", GERMAN], ids=["its own first", "its own second"])
def test_one_of_two_languages_is_the_records(tmp_path: Path, front: str) -> None:
    made = record()
    own = f"\\section*{{Abstract}}\n{ROW['abstract']}\n"
    source = (
        f"\\documentclass{{article}}\n\\usepackage{{pith}}\n\\pithnumber{{{made.number.suffix}}}\n"
        f"\\title{{{ROW['title']}}}\\author{{A. Author}}\n\\begin{{document}}\n\\maketitle\n"
        f"{front}{own}{'' if front else GERMAN}\\end{{document}}\n"
    )
    result = compile_tex(tmp_path, source, sty=render_package(made).decode("ascii"))
    assert check(result.pdf.read_bytes()).facts.abstract.by == "digest"


def test_bombs_in_the_packet_are_named_and_take_a_moment(tmp_path: Path) -> None:
    pdf = paper(tmp_path, ROW["abstract"])
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(deflate.compress(b"a" * 1_000_000) for _ in range(100)) + deflate.flush()
    carried = "a1." + base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    verdict = check(carrying(pdf, carried, carried[:20_000], *["a1.AAAA"] * 50))
    assert "abstract-malformed" in names(verdict)
    assert verdict.facts.abstract.by == "digest"
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        packet = zlib.compress(opened.Root.Metadata.read_bytes() + b" " * 300_000_000, 9)
        opened.Root.Metadata.write(packet, filter=pikepdf.Name.FlateDecode)
        out = io.BytesIO()
        opened.save(out, compress_streams=False, fix_metadata_version=False)
    assert "channel-damaged" in names(check(out.getvalue()))
