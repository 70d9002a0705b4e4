"""PDFs for the tests of the readers: one real one from pdfTeX, and a builder of small hostile ones."""

from __future__ import annotations

import io
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER = f"pith:2023:{SUFFIX}"
URI = f"https://pith.science/pith/{SUFFIX}#r=p1.key.AAAA.BBBB"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
PITH = 'xmlns:pith="https://pith.science/ns/pith-number/1.0/"'

TEX = rf"""
\documentclass{{article}}
\usepackage{{color}}
\pdfinfo{{/PithNumber ({NUMBER}) /PithReceipt (p1.key.AAAA.BBBB) /Title (A Title)}}
\immediate\pdfobj stream attr {{/Type /Metadata /Subtype /XML}} {{<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns\string#"><rdf:Description rdf:about=""
 {PITH} xmlns:dc="http://purl.org/dc/elements/1.1/"><pith:number>{NUMBER}</pith:number><pith:profile>1</pith:profile>
 <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A Title</rdf:li></rdf:Alt></dc:title>
 </rdf:Description></rdf:RDF></x:xmpmeta>}}
\pdfcatalog{{/Metadata \the\pdflastobj\space 0 R}}
\title{{On the Efficient Offline Verification of\\ Flow-Final Affine Papers$^{{*}}$}}\author{{Ann Author}}\date{{}}
\def\paint#1{{\pdfliteral{{q 1 1 1 rg 0 -4 200 16 re f Q}}}}
\begin{{document}}\maketitle
\noindent\pdfstartlink width 3cm height 8pt depth 2pt user{{/Subtype /Link /NM (pith-badge-1) /F 4
  /Contents (Pith Number) /Border [0 0 0]
  /A << /S /URI /URI ({URI.replace("#", chr(92) + "string#")}) >>}}\texttt{{pith:ABCDEFGH}}\pdfendlink

Normal text. \pdfliteral direct{{3 Tr}}Invisible words.\pdfliteral direct{{0 Tr}} \textcolor{{white}}{{Blank words}}

\colorbox{{black}}{{\textcolor{{white}}{{White on black}}}}

\noindent\hbox to0pt{{Covered words here\hss}}\paint{{}}

\noindent\hbox to0pt{{Doubly covered words\hss}}\paint{{}}\hbox{{Other text on top of it}}

\noindent\hbox to0pt{{\hskip 700pt Remote words\hss}}

\noindent\setbox0\hbox{{Words in a form}}\immediate\pdfxform0\pdfrefxform\pdflastxform

\noindent\rlap{{\kern.2ptPoor bold}}\rlap{{\kern.1ptPoor bold}}Poor bold

\noindent\pdfsave\pdfsetmatrix{{.1 0 0 .1}}\rlap{{Tiny words}}\pdfrestore
\vfill\noindent\smash{{\hbox to0pt{{\hskip-60pt\pdfsave\pdfsetmatrix{{0 1 -1 0}}%
\rlap{{arXiv:2302.07302v1\quad [cs.LG]\quad 14 Feb 2023}}\pdfrestore\hss}}}}
\newpage Second page.\newpage Third page.
\end{{document}}
"""


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paper as the PDF profile wants it, with text hidden in every way, made by pdfTeX."""
    folder = tmp_path_factory.mktemp("paper")
    (folder / "paper.tex").write_text(TEX, encoding="utf-8")
    command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", "paper.tex"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return folder / "paper.pdf"


Build = Callable[..., bytes]


def packet(inside: str, before: str = "") -> bytes:
    return f"{before}<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {RDF}>{inside}</rdf:RDF></x:xmpmeta>".encode()


def link(uri: str | None = URI, **more: object) -> Dictionary:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([10, 20, 110, 30]))
    if uri is not None:
        annotation.A = Dictionary(S=Name.URI, URI=pikepdf.String(uri))
    for key, value in more.items():
        annotation["/" + key] = value
    return annotation


def build(
    content: str = "BT /F1 12 Tf 72 700 Td (Hello world) Tj ET",
    *,
    pages: int = 1,
    info: dict[str, object] | None = None,
    xmp: bytes | None = None,
    annots: object = None,
    page: dict[str, object] | None = None,
    change: Callable[[pikepdf.Pdf], None] | None = None,
    **save: object,
) -> bytes:
    """A PDF of `pages` equal pages; `annots` and `page` go to the first."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for _ in range(pages):
            pdf.add_blank_page(page_size=(612, 792))
            last = pdf.pages[-1].obj
            last.Contents = Stream(pdf, content.encode("latin-1"))
            last.Resources = Dictionary(Font=Dictionary(F1=font))
        if annots is not None:
            pdf.pages[0].obj.Annots = annots if isinstance(annots, pikepdf.Object) else Array(annots)
        for key, value in (page or {}).items():
            pdf.pages[0].obj["/" + key] = value
        if info is not None:
            pdf.trailer.Info = pdf.make_indirect(Dictionary({"/" + k: v for k, v in info.items()}))
        if xmp is not None:
            pdf.Root.Metadata = Stream(pdf, xmp, Type=Name.Metadata, Subtype=Name.XML)
        if change is not None:
            change(pdf)
        out = io.BytesIO()
        with warnings.catch_warnings(action="ignore"):  # of annotations that belong to no form
            pdf.save(out, fix_metadata_version=False, **save)
    return out.getvalue()
