"""Runs TeX on small papers and reads the PDFs: what the tests of `latex/pith.sty` and others share."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from tests.kit import needs

STY = Path(__file__).parents[2] / "latex" / "pith.sty"
SOURCES = ("pith.dtx", "pith-signs.dtx", "pith-venues.dtx", "pith-qr.dtx", "pith.ins")
MARKER = "%%<pith-record>\n"
SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
FULL = f"pith:2026:{SUFFIX}"
DIGEST = "135ec4147cd35cda3041c35fcbadf8eec5d308d34d835d0bcc50c7d37f50b12c"
RECEIPT = "p1.pith-v1-2026-05." + "aB3-_x9Z" * 38 + "." + "Qw7_-e" * 14 + "Ag"
"""The shape and length of a compact receipt; no signature, since TeX can't look."""

ROUTES = {
    # How each way to a PDF goes on where its engine writes a DVI file; arXiv's command lines.
    "latex+dvips": (["dvips", "-R2", "-q", "-z", "main.dvi", "-o", "main.ps"], ["ps2pdf", "main.ps", "main.pdf"]),
    "latex+dvipdfmx": (["dvipdfmx", "-q", "main.dvi"],),
    "platex+dvipdfmx": (["dvipdfmx", "-q", "main.dvi"],),
    "uplatex+dvipdfmx": (["dvipdfmx", "-q", "main.dvi"],),
}
ENGINES = ("pdflatex", "lualatex", "xelatex", "latex+dvips", "latex+dvipdfmx")
"""Every way to a PDF that arXiv has; one by dvipdfmx needs the class option of that name."""
JAPANESE = ("platex+dvipdfmx", "uplatex+dvipdfmx")

_HANGS = 600
"""Seconds after which a program is taken to hang; a paper needs some, on a busy machine many more."""

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a compilation left behind."""

    pdf: Path
    log: str
    returncode: int
    noise: str = ""
    """What the DVI driver had to say."""

    @property
    def complaints(self) -> list[str]:
        """The log's warnings and bad boxes, without what differs from run to run: places and sizes."""
        words = ("Warning", "Overfull", "Underfull")
        return [line.split(" at line")[0].split(" (")[0] for line in self.log.splitlines() if line.startswith(words)
                or any(f"{kind} {words[0]}:" in line for kind in ("LaTeX", "Package", "Class", "Font"))
                or "warning" in line.lower().split(":")[0]]  # fmt: skip

    def of_pith(self) -> str:
        """The log's messages of our package, on one line each."""
        text = self.log.replace("\n(pith)", " ")
        return "\n".join(" ".join(x.split()) for x in text.splitlines() if "Package pith" in x)


def compile_tex(
    tmp_path: Path,
    source: str,
    engine: str = "pdflatex",
    runs: int = 2,
    sty: str | None = None,
    *,
    halt: bool = True,
) -> Result:
    """Compiles `source` by one of ENGINES, with `pith.sty` (the text `sty`, else the repository's) beside it."""
    program = needs.program(engine.partition("+")[0])
    tmp_path.mkdir(parents=True, exist_ok=True)
    (tmp_path / "main.tex").write_text(source, encoding="utf-8")
    (tmp_path / "pith.sty").write_text(STY.read_text(encoding="ascii") if sty is None else sty, encoding="ascii")
    environment = {**os.environ, "TEXINPUTS": f"{tmp_path}:", "max_print_line": "1000", "openout_any": "p"}
    stop = ["-halt-on-error"] if halt else []
    command = [program, "-interaction=nonstopmode", *stop, "-no-shell-escape", "main.tex"]
    returncode = 0
    for _ in range(runs):
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=_HANGS, check=False)
        returncode = done.returncode
        if returncode:
            break
    log = tmp_path / "main.log"
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    noise = "" if returncode else _drive(engine, tmp_path)
    return Result(pdf=tmp_path / "main.pdf", log=text, returncode=returncode, noise=noise)


def _drive(engine: str, folder: Path) -> str:
    noise = ""
    for name, *arguments in ROUTES.get(engine, ()):
        command = [needs.program(name), *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_HANGS, check=False)
        assert done.returncode == 0, done.stderr
        noise += done.stdout + done.stderr
    return noise


def with_record(number: str = FULL, digest: str = DIGEST, receipt: str = RECEIPT, matrix: str = "") -> str:
    """The package with a record block as the generator writes it."""
    text = STY.read_text(encoding="ascii")
    assert text.count(MARKER) == 1
    receipt, matrix = (
        "\n".join(f"    {text[i : i + 90]}" for i in range(0, len(text), 90)) for text in (receipt, matrix)
    )
    block = (
        f"% Record of: A title\n\\__pith_record:nnnn\n  {{{number}}}\n  {{{digest}}}\n"
        f"  {{\n{receipt}\n  }}\n  {{\n{matrix}\n  }}\n"
    )
    return text.replace(MARKER, block)


def kpsewhich(name: str) -> Path:
    """Where TeX has a file of its own."""
    found = subprocess.run(["kpsewhich", name], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def latex_release() -> str:
    """The day of LaTeX's release, such as `2022-11-01`."""
    found = re.search(r"\\edef\\fmtversion\s*\{([0-9-]+)", kpsewhich("latex.ltx").read_text("utf-8", "replace"))
    assert found, "LaTeX does not say of when it is"
    return found[1]


def copy_package(folder: Path) -> None:
    """Copies into `folder` what l3build makes the package, its manual and its upload of: no tests."""
    latex = STY.parent
    for name in ("build.lua", *SOURCES, "pith-doc.tex", "pith-contact.tex", "LICENSE"):
        shutil.copy(latex / name, folder)
    for picture in latex.glob("pith-page-*.png"):
        shutil.copy(picture, folder)
    shutil.copytree(latex / "ctan", folder / "ctan")


class Paper:
    """A compiled PDF: its channels as plain values."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with pikepdf.open(path) as pdf:
            self.pages = len(pdf.pages)
            self.info = {key: str(value) for key, value in pdf.docinfo.items()}
            self.links = [link for number, page in enumerate(pdf.pages, 1) for link in _badges(number, page)]
            stream = pdf.Root.get("/Metadata")
            self.xmp = None if stream is None else bytes(stream.read_bytes())
            self.xmp_filtered = stream is not None and "/Filter" in stream
            for thing in pdf.objects:  # reads every object, so that a duplicate key is noticed
                repr(thing)
            self.warnings = pdf.get_warnings()

    def text(self, page: int = 1) -> str:
        with pypdfium2.PdfDocument(self.path) as pdf:
            return str(pdf[page - 1].get_textpage().get_text_range())

    def box_of(self, text: str, page: int = 1) -> Rect:
        """The rectangle around the only place where the page says `text`."""
        with pypdfium2.PdfDocument(self.path) as pdf:
            textpage = pdf[page - 1].get_textpage()
            found = list(_occurrences(textpage, text))
            assert len(found) == 1, f"{text} is {len(found)} times on page {page}"
            boxes = [textpage.get_charbox(found[0] + i) for i in range(len(text))]
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)

    def letters(self, page: int = 1) -> list[tuple[str, Rect]]:
        """The characters of a page and their rectangles, in the page's order."""
        with pypdfium2.PdfDocument(self.path) as pdf:
            textpage = pdf[page - 1].get_textpage()
            text = textpage.get_text_range()
            return [(letter, textpage.get_charbox(place)) for place, letter in enumerate(text)]

    def text_under(self, rect: Rect, page: int = 1) -> str:
        """The characters that touch a rectangle."""
        x0, y0, x1, y1 = rect
        touching = (
            letter
            for letter, (left, bottom, right, top) in self.letters(page)
            if x0 < right and left < x1 and y0 < top and bottom < y1
        )
        return "".join(touching).strip()


def _badges(number: int, page: pikepdf.Page) -> Iterator[dict[str, Any]]:
    for annotation in page.get("/Annots", []):
        if annotation.Subtype == "/Link" and "/A" in annotation and "pith.science" in str(annotation.A.get("/URI")):
            yield {
                "page": number,
                "uri": str(annotation.A.URI),
                "name": str(annotation.get("/NM")),
                "contents": str(annotation.get("/Contents")),
                "flags": int(annotation.get("/F", 0)),
                "rect": tuple(float(x) for x in annotation.Rect),
                "media": tuple(float(x) for x in page.mediabox),
            }


def _occurrences(textpage: pypdfium2.PdfTextPage, text: str) -> Iterator[int]:
    search = textpage.search(text, match_case=True)
    while (hit := search.get_next()) is not None:
        yield hit[0]
