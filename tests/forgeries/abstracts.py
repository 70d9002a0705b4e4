"""Stolen badges with a stolen abstract, on pages that show the genuine one as well: elsewhere, smaller, or torn apart.

The records are signed by the tests' key, and the PDF carries the record's abstract, as `pith.sty` writes it.
"""

from __future__ import annotations

import functools
import re
import tempfile
from pathlib import Path
from typing import Final

import pypdfium2

from pithtex.format.abstract import ProvenAbstract
from pithtex.pdf.judgement.verdict import Word
from pithtex.render.package.pith_sty import render_package
from tests import signing
from tests.forgeries.kit import Forgery
from tests.kit.latex import compile_tex
from tests.matrix.abstracts import TEXTS, TITLE, record

_NAME, _OTHER = list(TEXTS)[2], list(TEXTS)[3]
_GENUINE = TEXTS[_NAME].replace("%", "\\%")
_STOLEN = TEXTS[_OTHER].replace("%", "\\%")
_WORDS = _GENUINE.split()
_LINES = [" ".join(_WORDS[start : start + 11]) for start in range(0, len(_WORDS), 11)]
_PICTURE: Final = "stolen.png"


def _abstract(text: str) -> str:
    return f"\\begin{{abstract}}\n{text}\n\\end{{abstract}}\n"


def _low(text: str, down: str = "-14cm") -> str:
    """First in the file, far down on the page."""
    return f"\\noindent\\smash{{\\raisebox{{{down}}}[0pt][0pt]{{\\parbox[t]{{\\linewidth}}{{{text}}}}}}}\n\n"


def _lines(lines: list[str]) -> str:
    broken = "\\\\ ".join(lines)
    return f"\\section*{{Abstract}}\\noindent{{{broken}\\par}}"


@functools.cache
def _compiled(body: str) -> bytes:
    made = record(_NAME)
    head = "\\documentclass{article}\n\\usepackage{xcolor,graphicx,pith}\n"
    front = f"\\pithnumber{{{made.number.suffix}}}\n\\title{{{TITLE}}}\\author{{A. Thief}}\\date{{}}\n"
    text = "\\section{Introduction}\nText of the paper follows, and goes on for a while.\n"
    package = render_package(made, ProvenAbstract(TEXTS[_NAME], made.canonical)).decode("ascii")
    with tempfile.TemporaryDirectory() as folder:
        if _PICTURE in body:
            shown = f"\\documentclass{{article}}\\begin{{document}}{_abstract(_STOLEN)}\\end{{document}}"
            picture = compile_tex(Path(folder), shown, runs=1)
            with pypdfium2.PdfDocument(picture.pdf) as document:
                document[0].render(scale=2, crop=(100, 480, 100, 100)).to_pil().save(Path(folder) / _PICTURE)
        source = f"{head}{front}\\begin{{document}}\\maketitle\n{body}\n{text}\\end{{document}}\n"
        result = compile_tex(Path(folder), source, sty=package)
        if result.returncode:
            raise RuntimeError(result.log[-2000:])
        return result.pdf.read_bytes()


def _shown(name: str, attack: str, body: str, *, finding: str = "abstract-differs") -> Forgery:
    return Forgery(
        name=name,
        attack=attack,
        make=functools.partial(_compiled, body),
        word=Word.UNBOUND if finding == "abstract-differs" else Word.VALID,
        findings=(finding,),
        keyring=signing.keyring(),
    )


_HEADED = f"\\centerline{{\\bfseries Abstract}}\\medskip\\small {_GENUINE}"
_RUN_IN = f"\\textbf{{Abstract.}} {_GENUINE}"
FORGERIES: Final = (
    _shown(
        "genuine abstract below a stolen one",
        "First in the file, last on the page.",
        _low(_HEADED) + _abstract(_STOLEN),
    ),
    _shown(
        "genuine abstract below a stolen one without heading",
        "The stolen one stands where classes without a heading print it.",
        _low(_HEADED) + f"\\begin{{quote}}\\small {_STOLEN}\\end{{quote}}",
    ),
    _shown(
        "genuine abstract below a stolen list",
        "The stolen one is a list of short sentences.",
        "\\begin{itemize}"
        + "".join(f"\\item {each}" for each in re.split(r"(?<=\.) ", _STOLEN))
        + "\\end{itemize}"
        + _abstract(_GENUINE),
    ),
    _shown(
        "genuine abstract in the right column",
        "The stolen one stands to its left, and later in the file.",
        "\\noindent\\hbox to \\linewidth{\\hskip.52\\linewidth\\rlap{\\smash{\\parbox[t]{.48\\linewidth}"
        f"{{\\small {_RUN_IN}}}}}}}\\hskip-.52\\linewidth\\rlap{{\\parbox[t]{{.48\\linewidth}}"
        f"{{\\small\\textbf{{Abstract.}} {_STOLEN}}}}}\\hss}}",
    ),
    _shown(
        "genuine abstract in tiny type",
        "It stands first, under a heading, in half the size.",
        f"{{\\fontsize{{5}}{{5.5}}\\selectfont\\noindent {_RUN_IN}\\par}}" + _abstract(_STOLEN),
    ),
    _shown(
        "genuine abstract in the margin",
        "It is a note in tiny type beside the stolen one.",
        f"\\marginpar{{\\fontsize{{5}}{{5.5}}\\selectfont {_RUN_IN}}}" + _abstract(_STOLEN),
    ),
    _shown(
        "genuine abstract squeezed",
        "Its letters are a quarter as wide.",
        f"\\section*{{Abstract}}\\noindent\\scalebox{{0.25}}[1]{{\\parbox{{4\\linewidth}}{{{_GENUINE}}}}}\\par\\bigskip"
        f" {_abstract(_STOLEN)}",
    ),
    _shown(
        "genuine abstract under another language's heading",
        'The stolen one stands under "Abstract", the genuine one under "Zusammenfassung", in English.',
        f"{_abstract(_STOLEN)}\\section*{{Zusammenfassung}}{_GENUINE}",
    ),
    _shown(
        "genuine abstract below a picture of a stolen one",
        "The stolen one is no text: it is not read, and the other is not taken for the paper's.",
        f"\\includegraphics[width=\\linewidth]{{{_PICTURE}}}\\section*{{Abstract}}{_GENUINE}",
        finding="abstract-unconfirmed-in-pdf",
    ),
    _shown(
        "picture of a stolen abstract below the heading",
        "The genuine text follows below the picture.",
        f"\\section*{{Abstract}}\\includegraphics[width=\\linewidth]{{{_PICTURE}}}\n\n\\noindent {_GENUINE}",
        finding="abstract-unconfirmed-in-pdf",
    ),
    _shown(
        "genuine abstract with its lines in another order",
        "In the file they stand in order.",
        "\\section*{Abstract}\\noindent\\vbox to 6cm{"
        + "".join(
            f"\\vbox to 0pt{{\\kern {place * 5 % len(_LINES) * 13}pt\\hbox{{{line}}}\\vss}}\\nointerlineskip"
            for place, line in enumerate(_LINES)
        )
        + "\\vfil}",
        finding="abstract-unconfirmed-in-pdf",
    ),
    _shown(
        "words between the lines of an abstract",
        "They stand in the space between two lines, and later in the file.",
        f"{{\\linespread{{2}}\\selectfont {_lines(_LINES)}}}"
        "\\noindent\\smash{\\raisebox{96pt}[0pt][0pt]{\\bfseries None of this is true.}}",
        finding="abstract-unconfirmed-in-pdf",
    ),
    _shown(
        "a word in a gap of an abstract",
        "It stands in a wide space of a line, and later in the file.",
        _lines([*_LINES[:2], _LINES[2].replace(" ", "\\hspace{1cm} ", 1), *_LINES[3:]])
        + "\\noindent\\smash{\\raisebox{72pt}[0pt][0pt]{\\hspace{2cm}not}}",
        finding="abstract-unconfirmed-in-pdf",
    ),
    _shown(
        "a sentence below an abstract, elsewhere in the file",
        "A line of another place comes between them in the file.",
        f"\\section*{{Abstract}}\\noindent {_GENUINE}\\par\\nointerlineskip"
        "\\smash{\\raisebox{5cm}[0pt][0pt]{\\hspace{8cm}Preprint}}"
        "\\par\\vskip-3pt\\noindent None of what stands here is true, and we take all of it back.\n\\bigskip\n",
        finding="abstract-revised",
    ),
)
