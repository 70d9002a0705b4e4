"""The QR code: what a scanner reads from the page is the badge's link, and nothing moves that need not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from pithtex.render.package.pith_sty import render_package
from pithtex.render.package.qr_rows import qr_rows
from pithtex.verification.document import load_document, verify_document
from tests.conftest import BUNDLE_FILE
from tests.kit.latex import ENGINES

pytestmark = pytest.mark.tex

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
LINK = f"https://pith.science/pith/{SUFFIX}#r="
SMALL = ".".join(qr_rows("https://pith.science"))
"""A code of version 2, 25 squares a side: small enough for a margin."""


@pytest.fixture(scope="module")
def generated() -> str:
    return render_package(verify_document(load_document(BUNDLE_FILE.read_bytes()))).decode("ascii")


def paper(options: str, *, before: str = "", body: str = "\\maketitle", cls: str = "{article}") -> str:
    return (
        f"\\documentclass{cls}\n{before}\\usepackage[{options}]{{pith}}\\pithnumber{{{SUFFIX}}}\n"
        f"\\title{{{TITLE}}}\\author{{A}}\\begin{{document}}{body}\n{'Words. ' * 90}\\end{{document}}\n"
    )


def scan(pdf: Path, dpi: int) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return [code.text for code in zxingcpp.read_barcodes(opened[0].render(scale=dpi / 72).to_pil())]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_scanner_reads_the_link(engine: str, generated: str, tmp_path: Path, compile_tex: Any) -> None:
    cls = "[dvipdfmx]{article}" if engine.endswith("dvipdfmx") else "{article}"
    result = compile_tex(tmp_path, paper("qr", cls=cls), engine=engine, sty=generated, runs=1)
    assert result.returncode == 0
    assert "QR" not in result.of_pith()
    for dpi in (150, 300):
        (text,) = scan(result.pdf, dpi)
        assert text.startswith(LINK + "p1.")
        assert text == _link(generated)


def test_one_link_covers_badge_and_code(generated: str, tmp_path: Path, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper("qr"), sty=generated, runs=1)
    found = read_paper(result.pdf)
    (link,) = found.links
    assert link["uri"] == scan(result.pdf, 300)[0]
    assert link["name"] == "pith-badge-1"
    left, bottom, right, top = found.box_of("pith:CNPMIFD4")
    x0, y0, x1, y1 = link["rect"]
    assert x0 <= left < right <= x1
    assert y0 <= bottom < top <= y1
    side = (69 + 8) * 0.4 * 72 / 25.4
    assert x1 - x0 == pytest.approx(side, abs=0.1)
    assert y1 - y0 == pytest.approx(side + top - bottom, abs=8)
    assert check_pdf(result.pdf).word is Word.VALID


@pytest.mark.parametrize(("size", "points"), [("40mm", 113.39), ("1.5in", 108), (".35dd", None), ("9pc", 107.6)])
def test_size(
    size: str, points: float | None, generated: str, tmp_path: Path, compile_tex: Any, read_paper: Any
) -> None:
    result = compile_tex(tmp_path, paper(f"qr,qrsize={size}"), sty=generated, runs=1)
    assert result.returncode == 0
    if points is None:
        assert "squares are smaller than 0.3 mm" in result.of_pith()
        assert "It needs qrsize=24mm or more." in result.of_pith()
    else:
        assert result.of_pith() == ""
        x0, _, x1, _ = read_paper(result.pdf).links[0]["rect"]
        assert x1 - x0 == pytest.approx(points, abs=0.1)
        assert scan(result.pdf, 200) == [_link(generated)]


def test_no_gap_between_the_squares(tmp_path: Path, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    """All squares dark: drawn at odd scales, the block has no lighter line in it."""
    rows = ["f" * 6 + "8"] * 25
    source = paper("qr,qrsize=100pt,placement=title")
    result = compile_tex(tmp_path, source, sty=with_record(matrix=".".join(rows)), runs=1)
    assert result.of_pith() == ""
    (link,) = read_paper(result.pdf).links
    for scale in (1.37, 2.11, 3.3):
        with pypdfium2.PdfDocument(result.pdf) as opened:
            picture = opened[0].render(scale=scale).to_pil().convert("L")
        x0, y0, x1, _ = link["rect"]
        square, height = (x1 - x0) / 33, link["media"][3]
        edges = (x0 + 5 * square, height - y0 - 28 * square, x1 - 5 * square, height - y0 - 5 * square)
        inner = picture.crop(tuple(round(edge * scale) for edge in edges))
        assert inner.getextrema() == (0, 0)


def test_on_a_dark_page(generated: str, tmp_path: Path, compile_tex: Any) -> None:
    before = "\\usepackage{xcolor}\\AtBeginDocument{\\pagecolor{black}\\color{white}}\n"
    result = compile_tex(tmp_path, paper("qr,color=light", before=before), sty=generated, runs=1)
    assert scan(result.pdf, 150) == [_link(generated)]


@pytest.mark.parametrize("body", ["\\maketitle", "No title."], ids=["margin", "no-title"])
def test_margin(body: str, tmp_path: Path, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    """Where it has room it stands upright beside the text; the text stays where it was."""
    placement = "margin" if "maketitle" in body else "auto"
    source = paper(f"qr,placement={placement}", body=f"{body} saywords")
    result = compile_tex(tmp_path / "qr", source, sty=with_record(matrix=SMALL), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    assert scan(result.pdf, 200) == ["https://pith.science"]
    found = read_paper(result.pdf)
    (link,) = found.links
    x0, y0, x1, y1 = link["rect"]
    left, bottom, right, top = found.box_of("pith:CNPMIFD4")
    assert right - left > top - bottom
    assert x0 <= left < right <= x1 < link["media"][2]
    assert y0 <= bottom < top <= y1 < link["media"][3]
    text_edge = 72 + (31 + 345) * 72 / 72.27  # 1 inch, \oddsidemargin and \textwidth of article
    assert x0 > text_edge
    plain = compile_tex(tmp_path / "plain", source.replace("[qr,", "["), sty=with_record(matrix=SMALL), runs=1)
    assert found.box_of("saywords") == read_paper(plain.pdf).box_of("saywords")


def test_a_margin_without_room(generated: str, tmp_path: Path, compile_tex: Any, read_paper: Any) -> None:
    source = paper("qr,placement=margin", cls="[twocolumn]{article}", before="\\usepackage[margin=2cm]{geometry}\n")
    result = compile_tex(tmp_path, source, sty=generated, runs=1)
    assert result.returncode == 0
    assert "Warning: No QR code: it is 87.6" in result.of_pith()
    assert "Try placement=title or a smaller qrsize." in result.of_pith()
    assert scan(result.pdf, 150) == []
    x0, y0, x1, y1 = read_paper(result.pdf).links[0]["rect"]
    assert y1 - y0 > x1 - x0, "the badge alone, turned on its side"


ROW = "0" * 6 + "8"


@pytest.mark.parametrize(
    "matrix",
    ["abc", ".".join([ROW] * 24), ".".join([ROW] * 24 + ["0" * 7 + "8"]), ".".join([ROW] * 24 + ["00000g8"]),
     ".".join([ROW] * 24 + ["0000001"]), ".".join([ROW] * 23), ".".join([ROW] * 27), ".".join(["0" * 4 + "8"] * 17),
     ".".join([ROW] * 24 + ["00\\message{PWNED}"]), ".".join([ROW] * 24 + ["\\PWNED 8"]), ".", "."*24],
)  # fmt: skip
def test_a_damaged_code_is_not_drawn(
    matrix: str, tmp_path: Path, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    result = compile_tex(tmp_path, paper("qr"), sty=with_record(matrix=matrix), runs=1)
    assert result.returncode == 0
    assert result.of_pith() == "Package pith Warning: No QR code: the one in this pith.sty is damaged."
    assert "PWNED" not in result.log.replace("message", "")
    assert read_paper(result.pdf).links[0]["rect"]


@pytest.mark.parametrize("record", [False, True])
def test_without_a_code(record: bool, tmp_path: Path, compile_tex: Any, with_record: Any) -> None:
    result = compile_tex(tmp_path, paper("qr"), sty=with_record() if record else None, runs=1)
    assert result.returncode == 0
    assert "Warning: No QR code: this pith.sty has none in it for this number." in result.of_pith()


def test_a_code_of_another_number_is_not_drawn(generated: str, tmp_path: Path, compile_tex: Any) -> None:
    source = paper("qr").replace(SUFFIX, "EL6A4QOTPLYS3LFEIZGOL5QVTM")
    result = compile_tex(tmp_path, source, sty=generated, runs=1)
    assert "No QR code: this pith.sty has none in it for this number." in result.of_pith()
    assert scan(result.pdf, 150) == []


def _link(package: str) -> str:
    block = package.partition("\\__pith_record:nnnn\n")[2]
    return LINK + "".join(block.split("{")[3].partition("}")[0].split())
