"""Every channel by every way to a PDF, and by a file that stands alone."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from tests.conftest import ROOT
from tests.kit.latex import ENGINES, FULL, JAPANESE, RECEIPT, SUFFIX

TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
CHANNELS = {"link", "info", "xmp", "text"}


def paper(engine: str, *, options: str = "", preamble: str = "", body: str = "\\maketitle Words.") -> str:
    driver = "dvipdfmx" if engine.endswith("dvipdfmx") else ""
    return (
        f"\\documentclass[{driver},{options}]{{article}}\n\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}\n{preamble}"
        f"\\title{{{TITLE}}}\\author{{A}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )


@pytest.mark.parametrize("place", ["", "titlepage"], ids=["flow", "margin"])
@pytest.mark.parametrize("engine", ENGINES)
def test_all_channels(engine: str, place: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    package = (ROOT / "examples" / "sparsex" / "pith.sty").read_text(encoding="ascii")
    result = compile_tex(tmp_path, paper(engine, options=place), engine=engine, sty=package)
    assert (result.returncode, result.noise, result.complaints) == (0, "", [])
    assert "Package pith Warning" not in result.of_pith()

    verdict = check_pdf(result.pdf)
    assert verdict.word is Word.VALID
    assert {channel.channel for channel in verdict.channels} == CHANNELS
    subprocess.run(["qpdf", "--check", result.pdf], check=True, stdout=subprocess.DEVNULL)  # exits 3 at a warning

    found = read_paper(result.pdf)
    assert not found.xmp_filtered
    (link,) = found.links
    assert (link["name"], link["flags"]) == ("pith-badge-1", 4)
    assert link["contents"] == f"Pith Number {FULL}, link to its record"
    left, bottom, right, top = found.box_of("pith:CNPMIFD4")
    x0, y0, x1, y1 = link["rect"]
    assert (x0 <= left < right <= x1, y0 <= bottom < top <= y1) == (True, True)
    assert (x1 - x0) * (y1 - y0) < 1500, "the link is larger than the badge"
    assert 0 < x0 < x1 < link["media"][2]


@pytest.mark.parametrize("options", ["", ",twocolumn", ",titlepage"])
@pytest.mark.parametrize("engine", JAPANESE)
def test_japanese(engine: str, options: str, tmp_path: Any, compile_tex: Any) -> None:
    program = "uplatex" if engine.startswith("uplatex") else "dvipdfmx"
    source = paper(engine, options=program + options, body="\\maketitle これは本文である。")
    source = source.replace("{article}", "{jsarticle}").replace("\\author{A}", "\\author{山田太郎\\thanks{東京}}")
    package = (ROOT / "examples" / "sparsex" / "pith.sty").read_text(encoding="ascii")
    result = compile_tex(tmp_path, source, engine=engine, sty=package)
    assert (result.returncode, result.complaints, result.of_pith()) == (0, [], "")
    assert check_pdf(result.pdf).word is Word.VALID

    withheld = compile_tex(tmp_path, source.replace("山田太郎", "匿名著者"), engine=engine, sty=package)
    assert (withheld.returncode, check_pdf(withheld.pdf).word) == (0, Word.ABSENT)
    assert "Anonymous paper (the author" in withheld.of_pith()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_long_receipt_survives(
    engine: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    receipt = RECEIPT + "_-.z9" * 60
    assert len(receipt) > 600
    result = compile_tex(tmp_path, paper(engine), engine=engine, sty=with_record(receipt=receipt), runs=1)
    assert (result.returncode, result.noise) == (0, "")
    found = read_paper(result.pdf)
    assert found.links[0]["uri"] == f"https://pith.science/pith/{SUFFIX}#r={receipt}"
    assert found.info["/PithReceipt"] == receipt
    assert f"<pith:receipt>{receipt}</pith:receipt>".encode() in found.xmp


@pytest.mark.parametrize("engine", ENGINES)
def test_the_file_alone(engine: str, tmp_path: Path, compile_tex: Any, read_paper: Any, monkeypatch: Any) -> None:
    """Nothing but the format, the class and this one file is read."""
    result = compile_tex(tmp_path, paper(engine, preamble="\\listfiles"), engine=engine, runs=1)
    assert result.returncode == 0
    files = result.log.partition("*File List*")[2].partition("***")[0].split("\n")
    read = {line.split()[0] for line in files if line.strip()}
    others = {name for name in read if not name.startswith("l3backend-") and not name.endswith(".fd")}
    assert others == {"article.cls", "size10.clo", "pith.sty"}
    assert len(read_paper(result.pdf).links) == 1


@pytest.mark.parametrize("told", ["class", "hyperref", "graphicx"])
def test_dvipdfmx_by_whoever_was_told(told: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    engine = "latex+dvipdfmx"
    source = paper(engine, options="titlepage")
    if told != "class":
        package = f"\\usepackage[dvipdfmx]{{{told}}}\\begin{{document}}"
        source = source.replace("dvipdfmx,", "").replace("\\begin{document}", package)
    result = compile_tex(tmp_path, source, engine=engine, runs=1)
    assert (result.returncode, result.noise, result.of_pith()) == (0, "", ""), result.log[-2000:]
    assert len(read_paper(result.pdf).links) == 1


def test_dvipdfmx_untold_shows_the_badge(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    """A DVI file is for dvips unless somebody says otherwise: dvipdfmx ignores that without a word."""
    source = paper("latex+dvips")
    result = compile_tex(tmp_path, source, engine="latex+dvipdfmx", runs=1)
    assert (result.returncode, result.noise) == (0, "")
    assert "For dvipdfmx give the class option dvipdfmx" in result.of_pith()
    found = read_paper(result.pdf)
    assert (found.links, "pith:CNPMIFD4" in found.text()) == ([], True)


def test_svg_has_no_place_for_metadata(tmp_path: Any, compile_tex: Any) -> None:
    source = "\\csname sys_load_backend:n\\endcsname{dvisvgm}\n" + paper("latex+dvips")
    result = compile_tex(tmp_path, source, engine="latex", runs=1)
    assert result.returncode == 0
    assert "Warning: Only the visible badge is written" in result.of_pith()


@pytest.mark.parametrize("magnification", [500, 2000])
def test_the_link_of_a_magnified_dvi_file(magnification: int, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    source = f"\\mag={magnification}\n" + paper("latex+dvips")
    result = compile_tex(tmp_path, source, engine="latex+dvips", runs=1)
    assert result.returncode == 0
    found = read_paper(result.pdf)
    left, bottom, right, top = found.box_of("pith:CNPMIFD4")
    x0, y0, x1, y1 = found.links[0]["rect"]
    assert (x0 <= left < right <= x1, y0 <= bottom < top <= y1) == (True, True)
    assert x1 - x0 < (right - left) * 1.3
