"""The ways a PDF goes: what repositories, editors, publishers and readers do to it, each with a real program."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, Stream

from tests.survival.papers import call


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One transformation: commands, or a function of source, target and cover."""

    name: str
    commands: tuple[str, ...] = ()
    """With {pdf}, {out} and {cover}; run in a folder of their own, where the source is named paper.pdf."""
    function: Callable[[Path, Path, Path], None] | None = None
    cheap: bool = False
    """Takes well under a second, with programs that the tests need anyway."""

    @property
    def programs(self) -> set[str]:
        """What must be on PATH."""
        return {shlex.split(command)[0] for command in self.commands}

    def go(self, source: Path, cover: Path, folder: Path) -> Path:
        """Sends one PDF this way; `folder` is made.

        Raises:
            RuntimeError: a program fails.
        """
        folder.mkdir(parents=True)
        paper, target = folder / "paper.pdf", folder / "out.pdf"
        paper.write_bytes(source.read_bytes())
        for command in self.commands:
            call([part.format(pdf=paper, out=target, cover=cover) for part in shlex.split(command)], folder)
        if self.function is not None:
            self.function(paper, target, cover)
        return target


def _untouched(source: Path, target: Path, _: Path) -> None:
    target.write_bytes(source.read_bytes())


def _pypdf_clone(source: Path, target: Path, _: Path) -> None:
    pypdf.PdfWriter(clone_from=source).write(target)


def _pypdf_append(source: Path, target: Path, cover: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.append(cover)
    writer.append(source)
    writer.write(target)


def _pypdf_pages(source: Path, target: Path, _: Path) -> None:
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(source).pages:
        writer.add_page(page)
    writer.write(target)


def _pypdf_compress(source: Path, target: Path, _: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=source)
    for page in writer.pages:
        page.compress_content_streams()
    writer.compress_identical_objects()
    writer.write(target)


def _pypdf_update(source: Path, target: Path, _: Path) -> None:
    writer = pypdf.PdfWriter(source, incremental=True)
    writer.add_metadata({"/Keywords": "read"})
    writer.write(target)


def _pikepdf_save(source: Path, target: Path, _: Path) -> None:
    with pikepdf.open(source) as pdf:
        pdf.save(target, compress_streams=True)


def _pikepdf_merge(source: Path, target: Path, cover: Path) -> None:
    with pikepdf.new() as merged, pikepdf.open(cover) as front, pikepdf.open(source) as paper:
        merged.pages.extend(front.pages)
        merged.pages.extend(paper.pages)
        merged.save(target)


def _pikepdf_metadata(source: Path, target: Path, _: Path) -> None:
    """As an editor of metadata does it: the packet is parsed and written anew, and Info is made to agree."""
    with pikepdf.open(source) as pdf:
        with pdf.open_metadata() as metadata:
            metadata["dc:publisher"] = {"A Publisher"}
        pdf.save(target)


def arxiv_stamp(source: Path, target: Path, _: Path) -> None:
    """As arXiv stamps: a form in the left margin of page 1, turned, with a link over it; saved with pikepdf."""
    text = "arXiv:2606.01751v1  [cs.PF]  1 Jun 2026"
    with pikepdf.open(source) as pdf:
        page = pdf.pages[0]
        _, _, _, height = (float(number) for number in page.mediabox)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Times-Roman"))
        form = Stream(
            pdf,
            f"BT /F1 20 Tf 0.5 g 0 0 Td ({text}) Tj ET".encode("ascii"),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, -10, 360, 20]),
            Resources=Dictionary(Font=Dictionary(F1=font)),
        )
        low = height / 2 - 180
        page.add_resource(form, Name.XObject, Name.ArXivWatermark)
        page.contents_add(pdf.make_stream(f"q 0 1 -1 0 32 {low} cm /ArXivWatermark Do Q".encode("ascii")))
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([12, low, 42, low + 360]),
            Border=Array([0, 0, 0]),
            A=Dictionary(S=Name.URI, URI=pikepdf.String("https://arxiv.org/abs/2606.01751v1")),
        )
        page.obj.Annots = pdf.make_indirect(Array([*page.obj.get("/Annots", Array()), pdf.make_indirect(link)]))
        pdf.save(target, compress_streams=True)


def _pdfpages(source: Path, target: Path, _: Path) -> None:
    (source.parent / "out.tex").write_text(
        "\\documentclass{article}\\usepackage{pdfpages}\\begin{document}\\includepdf[pages=-]{paper.pdf}\\end{document}",
        encoding="ascii",
    )
    call(["pdflatex", "-interaction=batchmode", "-halt-on-error", "out.tex"], source.parent)


_GS: Final = "gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=pdfwrite"
_PDFA: Final = "-dPDFA=2 -dPDFACompatibilityPolicy=1 -sColorConversionStrategy=RGB"
_OFFICE: Final = "soffice -env:UserInstallation=file:///{out}.profile --headless --infilter=draw_pdf_import"

WAYS: Final = (
    Way(name="as compiled", function=_untouched, cheap=True),
    Way(name="stamped as arXiv does", function=arxiv_stamp, cheap=True),
    Way(name="Ghostscript `pdfwrite`", commands=(f"{_GS} -o {{out}} {{pdf}}",), cheap=True),
    Way(name="Ghostscript, smaller (`/ebook`)", commands=(f"{_GS} -dPDFSETTINGS=/ebook -o {{out}} {{pdf}}",)),
    Way(name="Ghostscript, PDF/A-2b", commands=(f"{_GS} {_PDFA} -o {{out}} {{pdf}}",), cheap=True),
    Way(name="Ghostscript, behind a cover", commands=(f"{_GS} -o {{out}} {{cover}} {{pdf}}",), cheap=True),
    Way(name="`pdf2ps`, `ps2pdf`", commands=("pdf2ps {pdf} out.ps", "ps2pdf out.ps {out}")),
    Way(name="`pdftops`, `ps2pdf`", commands=("pdftops {pdf} out.ps", "ps2pdf out.ps {out}")),
    Way(name="Ghostscript, pages as pictures", commands=("gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=pdfimage24 "
        "-r72 -o {out} {pdf}",)),
    Way(name="qpdf `--linearize`", commands=("qpdf --linearize {pdf} {out}",), cheap=True),
    Way(name="qpdf, object streams", commands=("qpdf --object-streams=generate {pdf} {out}",), cheap=True),
    Way(name="qpdf, no object streams", commands=("qpdf --object-streams=disable {pdf} {out}",), cheap=True),
    Way(name="qpdf `--qdf`", commands=("qpdf --qdf {pdf} {out}",), cheap=True),
    Way(name="qpdf `--pages . 1-z`", commands=("qpdf {pdf} --pages . 1-z -- {out}",), cheap=True),
    Way(name="qpdf `--empty --pages`", commands=("qpdf --empty --pages {pdf} -- {out}",), cheap=True),
    Way(name="qpdf, behind a cover", commands=("qpdf --empty --pages {cover} {pdf} -- {out}",), cheap=True),
    Way(name="qpdf, encrypted, no user password", commands=('qpdf --encrypt "" owner 256 -- {pdf} {out}',), cheap=True),
    Way(name="qpdf `--flatten-annotations=all`", commands=("qpdf --flatten-annotations=all {pdf} {out}",), cheap=True),
    Way(name="mutool `clean -gggg`", commands=("mutool clean -gggg {pdf} {out}",)),
    Way(name="mutool `clean -s`", commands=("mutool clean -s {pdf} {out}",)),
    Way(name="mutool `merge`", commands=("mutool merge -o {out} {pdf}",)),
    Way(name="mutool `merge`, behind a cover", commands=("mutool merge -o {out} {cover} {pdf}",)),
    Way(name="mutool `convert`", commands=("mutool convert -o {out} {pdf}",)),
    Way(name="pdftk `cat`", commands=("pdftk {pdf} cat output {out}",)),
    Way(name="pdftk, behind a cover", commands=("pdftk {cover} {pdf} cat output {out}",)),
    Way(name="pdftk `stamp`", commands=("pdftk {pdf} stamp {cover} output {out}",)),
    Way(name="pdftk `compress`", commands=("pdftk {pdf} output {out} compress",)),
    Way(name="`pdfunite`, behind a cover", commands=("pdfunite {cover} {pdf} {out}",)),
    Way(name="`pdfseparate`, page 1", commands=("pdfseparate -l 1 {pdf} {out}",)),
    Way(name="`pdftocairo -pdf`", commands=("pdftocairo -pdf {pdf} {out}",)),
    Way(name="pypdf, cloned", function=_pypdf_clone, cheap=True),
    Way(name="pypdf, page by page", function=_pypdf_pages, cheap=True),
    Way(name="pypdf, behind a cover", function=_pypdf_append, cheap=True),
    Way(name="pypdf, compressed", function=_pypdf_compress, cheap=True),
    Way(name="pypdf, updated incrementally", function=_pypdf_update, cheap=True),
    Way(name="pikepdf, saved", function=_pikepdf_save, cheap=True),
    Way(name="pikepdf, behind a cover", function=_pikepdf_merge, cheap=True),
    Way(name="pikepdf, metadata edited", function=_pikepdf_metadata, cheap=True),
    Way(name="pdfpages (pdfLaTeX)", function=_pdfpages),
    Way(name="pdfjam", commands=("pdfjam --quiet --outfile {out} {pdf}",)),
    Way(name="pdfjam, two pages on one", commands=("pdfjam --quiet --landscape --nup 2x1 --outfile {out} {pdf}",)),
    Way(name="exiftool `-all=`", commands=("exiftool -q -all= -o {out} {pdf}",)),
    Way(name="exiftool `-all=`, then qpdf", commands=("exiftool -q -all= -o x.pdf {pdf}",
        "qpdf --warning-exit-0 x.pdf {out}")),
    Way(name="exiftool `-Title=...`", commands=("exiftool -q -Title=Another -o {out} {pdf}",)),
    Way(name="OCRmyPDF `--skip-text` (PDF/A)", commands=("ocrmypdf -q --skip-text {pdf} {out}",)),
    Way(name="OCRmyPDF `--output-type pdf`", commands=("ocrmypdf -q --skip-text --output-type pdf {pdf} {out}",)),
    Way(name="OCRmyPDF `--force-ocr`", commands=("ocrmypdf -q --force-ocr {pdf} {out}",)),
    Way(name="LibreOffice Draw", commands=(f"{_OFFICE} --convert-to pdf --outdir office {{pdf}}",
        "mv office/paper.pdf {out}")),
)  # fmt: skip
