"""arXiv's way with a submission: its command lines, its stamp, and tools that rewrite the PDF."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from tests.conftest import ROOT
from tests.kit.latex import SUFFIX

TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
ARXIV_ID = "2606.01751v1"
SOURCE = (
    f"\\documentclass{{article}}\n\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}\n\\title{{{TITLE}}}\\author{{A}}\n"
    "\\begin{document}\\maketitle\n\\section{One}\\label{one} Words, and section~\\ref{one}.\n\\end{document}\n"
)
FLAGS = ["-interaction=batchmode", "-recorder", "-no-parse-first-line", "-file-line-error"]
DVI = [["dvips", "-R2", "-q", "-z", "-o", "main.ps", "main.dvi"], ["ps2pdf", "main.ps", "main.pdf"]]
CHANNELS = {"link", "info", "xmp", "text"}


@pytest.fixture(scope="module", params=["pdflatex", "xelatex", "latex"])
def submitted(request: Any, tmp_path_factory: Any) -> Path:
    """The PDF that arXiv makes: two runs at least, no shell escape, no error in the last (tex2pdf-service)."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "main.tex").write_text(SOURCE)
    (folder / "pith.sty").write_bytes((ROOT / "examples" / "sparsex" / "pith.sty").read_bytes())
    environment = {**os.environ, "openout_any": "p", "shell_escape": "f", "max_print_line": "4096"}
    environment["TEXMFVAR"] = str(folder.parent / "texmf-var")
    engine = [request.param, *FLAGS, "main.tex"]
    outputs = []
    for command in [engine, engine, *(DVI if request.param == "latex" else [])]:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (0, b""), (folder / "main.log").read_text()[-2000:]
        outputs.append((folder / "main.aux").read_bytes())
    assert outputs[0] == outputs[1], "a changed .aux costs another run"
    # What it leaves there harms no run without the package, and nothing of the number is in it.
    ours = [line for line in outputs[0].splitlines() if b"pith" in line.lower()]
    assert ours[0] == rb"\providecommand\pith@aux[2]{}"
    assert all(line.startswith(rb"\pith@aux{") for line in ours[1:])
    assert b"CNPMIFD4" not in outputs[0]
    return folder / "main.pdf"


def channels(pdf: Path) -> set[str]:
    verdict = check_pdf(pdf)
    assert verdict.word is Word.VALID
    return {channel.channel for channel in verdict.channels}


def test_as_arxiv_compiles(submitted: Path) -> None:
    assert channels(submitted) == CHANNELS


def test_after_the_stamp(submitted: Path, tmp_path: Path) -> None:
    """A form in the left margin and a link beside ours, and the file written anew by pikepdf, as arXiv does."""
    text = f"BT /F1 20 Tf 0 1 -1 0 34 200 Tm (arXiv:{ARXIV_ID}  [cs.LG]  1 Jun 2026) Tj ET".encode()
    with pikepdf.open(submitted) as pdf:
        page = pdf.pages[0]
        name = pikepdf.Name
        font = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name("/Times-Roman"))
        form = pdf.make_stream(text, Type=name.XObject, Subtype=name.Form, BBox=[0, 0, 612, 792])
        form.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.add_resource(form, name.XObject, name("/ArXivWatermark"))
        page.contents_add(b"q /ArXivWatermark Do Q")
        action = pikepdf.Dictionary(S=name.URI, URI=f"http://arxiv.org/abs/{ARXIV_ID}")
        link = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=[12, 200, 34, 550], A=action)
        page.Annots.append(pdf.make_indirect(link))
        pdf.save(tmp_path / "stamped.pdf", compress_streams=True)
    assert channels(tmp_path / "stamped.pdf") == CHANNELS
    (badge,) = check_pdf(tmp_path / "stamped.pdf").badges
    assert badge.facts.binding.by == "arxiv-id"


def test_after_ghostscript(submitted: Path, tmp_path: Path) -> None:
    """Ghostscript's pdfwrite drops XMP and the keys of Info that it does not know: link and text are left."""
    command = ["gs", "-q", "-dSAFER", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-sOutputFile=gs.pdf", submitted]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120)
    assert channels(tmp_path / "gs.pdf") >= {"link", "text"}
