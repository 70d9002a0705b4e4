"""One XMP packet whatever writes the other, and one description of a badge in a tagged PDF's margin."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.kit.latex import SUFFIX

PITH = f"\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}"
BODY = "\\title{T}\\author{A}\\begin{document}\\maketitle Words.\\end{document}\n"
PDFTEX = (
    '\\immediate\\pdfobj stream attr{/Type/Metadata/Subtype/XML}{<x:xmpmeta xmlns:x="adobe:ns:meta/"/>}'
    "\\pdfcatalog{/Metadata \\the\\pdflastobj\\space 0 R}"
)
LUATEX = (
    '\\immediate\\pdfextension obj stream attr{/Type/Metadata/Subtype/XML}{<x:xmpmeta xmlns:x="adobe:ns:meta/"/>}'
    "\\pdfextension catalog{/Metadata \\pdffeedback lastobj\\space 0 R}"
)
XETEX = (
    '\\AtBeginDocument{\\special{pdf:stream @own (<x:xmpmeta xmlns:x="adobe:ns:meta/"/>) '
    "<</Type/Metadata/Subtype/XML>>}\\special{pdf:put @catalog <</Metadata @own>>}}"
)
STYLE = "\\begin{{filecontents}}[overwrite,noheader]{{own.sty}}\n{}\n\\end{{filecontents}}\n"
OWN = {
    "the paper, pdfTeX": ("pdflatex", PDFTEX, ""),
    "the paper, LuaTeX": ("lualatex", LUATEX, ""),
    "the paper, XeTeX": ("xelatex", XETEX, ""),
    "a style beside it, pdfTeX": ("pdflatex", "\\usepackage{own}", STYLE.format(PDFTEX)),
    "at the end, LuaTeX": ("lualatex", f"\\AtEndDocument{{{LUATEX}}}", ""),
    "Lua, at the end": (
        "lualatex",
        "\\AtEndDocument{\\directlua{local n = pdf.obj{type='stream', immediate=true, string='<x/>', "
        "attr='/Type/Metadata /Subtype/XML'} pdf.setcatalog((pdf.getcatalog() or '') .. "
        "' /Metadata ' .. n .. ' 0 R')}}",
        "",
    ),
}


@pytest.mark.parametrize("name", OWN)
def test_one_packet(name: str, tmp_path: Path, compile_tex: Any, with_record: Any) -> None:
    engine, own, before = OWN[name]
    result = compile_tex(
        tmp_path, f"{before}\\documentclass{{article}}{own}\n{PITH}\n{BODY}", engine, sty=with_record()
    )
    assert result.returncode == 0, result.log[-2000:]
    done = subprocess.run(["qpdf", "--check", result.pdf], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "The number is not added to it." in result.log.replace("\n(pith)", "")
    with pikepdf.open(result.pdf) as pdf:
        assert b"pith-number" not in pdf.Root.Metadata.read_bytes()
        assert str(pdf.docinfo["/PithNumber"]).endswith(SUFFIX)


TAGGED = "\\DocumentMetadata{testphase=phase-III,lang=en}\n"


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
@pytest.mark.parametrize("cls", ["{article}", "[titlepage]{article}"])
def test_a_tagged_badge_in_the_margin_has_one_description(
    cls: str, engine: str, tmp_path: Path, compile_tex: Any, with_record: Any
) -> None:
    """Wherever the kernel tags links by itself, it must not describe this one a second time."""
    source = f"{TAGGED}\\documentclass{cls}\\usepackage[placement=margin]{{pith}}\\pithnumber{{{SUFFIX}}}\n{BODY}"
    result = compile_tex(tmp_path, source, engine, sty=with_record())
    assert result.returncode == 0, result.log[-2000:]
    done = subprocess.run(["qpdf", "--check", result.pdf], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with pikepdf.open(result.pdf) as pdf:
        (badge,) = (item for item in pdf.pages[0].Annots if str(item.get("/NM")) == "pith-badge-1")
        assert str(badge.Contents).startswith("Pith Number pith:")
    plain = subprocess.run(
        ["qpdf", "--qdf", "--object-streams=disable", result.pdf, "-"], capture_output=True, check=True
    )
    start = plain.stdout.index(b"pith-badge-1")
    annotation = plain.stdout[plain.stdout.rindex(b" 0 obj", 0, start) : plain.stdout.index(b"endobj", start)]
    assert annotation.count(b"/Contents") == 1
