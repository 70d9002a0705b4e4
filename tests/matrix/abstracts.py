"""What `check` says of abstracts in many classes, by five engines and after a PDF's usual ways.

`python -m tests.matrix.abstracts` compiles all of it; a sample of it runs at every change.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pithtex
from pithtex.format.abstract import ProvenAbstract
from pithtex.pdf.judgement.abstract_fact import ANOTHER
from pithtex.render.package.pith_sty import render_package
from pithtex.verification.record import VerifiedRecord
from tests import signing
from tests.conftest import VECTORS
from tests.kit.latex import ENGINES, compile_tex

_ROWS: Final = [json.loads(line) for line in (VECTORS / "abstracts.jsonl").read_text(encoding="utf-8").splitlines()]
TITLE: Final = "Counting Pebbles in Shallow Water"
_FOLLOWS: Final = "\\section{Introduction}\nText of the paper follows, and goes on for a while.\n"
_WHO: Final = "\\author{A. Author}"
_HEAD: Final = f"\\title{{{TITLE}}}\n{_WHO}\n"
_ABSTRACT: Final = "\\begin{abstract}\n<<abstract>>\n\\end{abstract}\n"


def _usual(cls: str, preamble: str = "", head: str = _HEAD) -> str:
    return f"\\documentclass{cls}\n<<pith>>{preamble}\n{head}\\begin{{document}}\n\\maketitle\n{_ABSTRACT}"


def _inside(cls: str, more: str = "", preamble: str = "") -> str:
    return f"\\documentclass{cls}\n<<pith>>{preamble}\n\\begin{{document}}\n{_HEAD}{more}\n{_ABSTRACT}\\maketitle\n"


CLASSES: Final = {
    "article": _usual("{article}"),
    "article, two columns": _usual("[twocolumn]{article}"),
    "article, line numbers": _usual("{article}", "\\usepackage{lineno}\\linenumbers"),
    "article, title in a title page": (
        f"\\documentclass{{article}}\n<<pith>>\n{_HEAD}\\begin{{document}}\n\\begin{{titlepage}}\n"
        f"\\makeatletter\\begin{{center}}{{\\LARGE\\@title\\par}}\\@author\\end{{center}}\\makeatother\n"
        f"{_ABSTRACT}\\end{{titlepage}}\n"
    ),
    "article, titlepage": _usual("[titlepage]{article}"),
    "article, no \\maketitle": (
        "\\documentclass{article}\n<<pith>>\n\\begin{document}\n\\begin{center}"
        f"{{\\LARGE\\bfseries {TITLE}\\par}}\\medskip A. Author\\end{{center}}\n{_ABSTRACT}"
    ),
    "report": _usual("{report}"),
    "amsart": _inside("{amsart}"),
    "IEEEtran, conference": _usual("[conference]{IEEEtran}"),
    "IEEEtran, journal": _usual("[journal]{IEEEtran}"),
    "acmart": _inside("[sigplan,nonacm]{acmart}", "\\affiliation{\\institution{X}\\country{Y}}"),
    "revtex": _inside("[aps,pra,reprint]{revtex4-2}", "\\affiliation{Here}"),
    "elsarticle": (
        f"\\documentclass{{elsarticle}}\n<<pith>>\n\\begin{{document}}\n\\begin{{frontmatter}}\n{_HEAD}{_ABSTRACT}"
        "\\end{frontmatter}\n"
    ),
    "llncs": _usual("{llncs}", head=f"{_HEAD}\\institute{{Here}}\n"),
    "scrartcl": _usual("[abstract=true]{scrartcl}"),
    "scrreprt": _usual("[abstract=true]{scrreprt}"),
    "memoir": _usual("[article]{memoir}"),
}
"""The classes of the matrix's sample that print an abstract, and layouts that authors choose."""
TEXTS: Final = {
    **{str(row["arxiv_id"]): str(row["abstract"]) for row in _ROWS},
    "formulas": "We show that $\\alpha_{ij} \\le \\sum_{k=1}^{n} x_k^2$ holds for all $n>3$ in $\\mathbf{R}^d$, "
    "where the usual bound of $O(n \\log n)$ fails, and that the constant is optimal: $H_0 = 67.4 \\pm 0.5$ "
    "km/s/Mpc follows.",
    "short": "We count all pebbles.",
    "long": " ".join(
        f"In the {word} lake we count the pebbles by hand, and find that each well-known estimate of their number is "
        f"too low by a factor that depends on the season, on the weather, and on who counts."
        for word in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    ),
    "quotes and dashes": 'The so-called "pebble problem" -- how many pebbles a lake has -- isn\'t solved by counting: '
    "50% of them lie deep (below 3-4 m), and first-order estimates of A. Miller & B. Moeller differ two-fold.",
}
"""Real abstracts with known digests, and texts of our own for what none of them has."""
CARRIED_ONLY: Final = frozenset({"formulas"})
"""A text that stands otherwise on a page than in its record: it holds where the PDF carries it."""
WITHOUT_HEADING: Final = frozenset({"revtex"})
"""A class without the word "Abstract" above it: a sentence alone is not told from other lines below the authors."""
KINDS: Final = ("genuine", "stolen", "half stolen", "stolen, short", "revised")


@cache
def record(text: str) -> VerifiedRecord:
    """A record of the title with the abstract of that name, signed by the tests' key."""
    digest = pithtex.abstract_digest(TEXTS[text])
    canonical = signing.canonical_record(TITLE, abstract_canon_sha256=digest, id="2606.01751")
    document = signing.record_document(TITLE, canonical=canonical)
    return pithtex.verify_record(pithtex.load_record(document), signing.keyring())


def shown(text: str, kind: str) -> str:
    """What the paper prints as its abstract."""
    own, other = TEXTS[text], _ROWS[text == str(_ROWS[0]["arxiv_id"])]["abstract"]
    if kind == "stolen":
        return other
    if kind == "stolen, short":
        return "We do not believe a word of it."
    if kind == "half stolen":
        return f"{_sentences(own)[0]} {other}"
    if kind == "revised":
        return f"{own} We add a sentence in the second version."
    return own


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!]) ", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One paper."""

    layout: str
    text: str
    kind: str = "genuine"
    engine: str = "pdflatex"
    carried: bool = True
    """`pith.sty` carries the abstract's proven text."""

    def compile(self, folder: Path) -> Path:
        """The PDF.

        Raises:
            RuntimeError: it does not compile.
        """
        made = record(self.text)
        proven = ProvenAbstract(TEXTS[self.text], made.canonical) if self.carried else None
        abstract = shown(self.text, self.kind)
        abstract = re.sub(r"[%&]", r"\\\g<0>", abstract)
        source = CLASSES[self.layout].replace("<<abstract>>", re.sub(r'"(\w[^"]*)"', r"``\1''", abstract))
        if self.engine == "latex+dvipdfmx":
            source = re.sub(
                r"\\documentclass(\[?)", lambda x: "\\documentclass[dvipdfmx" + (",]"[not x[1]]), source, count=1
            )
        source = source.replace("<<pith>>", f"\\usepackage{{pith}}\n\\pithnumber{{{made.number.suffix}}}\n")
        result = compile_tex(
            folder, f"{source}{_FOLLOWS}\\end{{document}}\n", self.engine,
            sty=render_package(made, proven).decode("ascii"),
        )  # fmt: skip
        if result.returncode:
            raise RuntimeError(f"{self}: {result.log[-500:]}")
        return result.pdf

    def fault(self, pdf: Path) -> str:
        """What `check` gets wrong of it, or nothing."""
        verdict = pithtex.check_pdf(pdf, keyring=signing.keyring())
        said = verdict.facts.abstract
        got = f"{verdict.word.value}, abstract {said.status.value}" + (f" by {said.by}" if said.by else "")
        return "" if got in self.right else f"{got}; right is {' or '.join(sorted(self.right))}"

    @property
    def right(self) -> set[str]:
        """What `check` may say."""
        if self.kind == "genuine":
            found = {"valid, abstract holds by digest"}
            if self.text in CARRIED_ONLY:
                found = {"valid, abstract unavailable"}
                if self.carried:
                    found = {"valid, abstract holds by text"}
            return found
        if not self.carried:
            return {"valid, abstract unavailable", "valid, abstract not-checked"}
        kept = len(TEXTS[self.text]) / len(shown(self.text, self.kind)) >= ANOTHER
        if (self.kind == "revised" and kept) or (self.kind == "stolen, short" and self.layout in WITHOUT_HEADING):
            return {"valid, abstract not-checked"}
        return {"unbound, abstract fails"}


SAMPLE: Final = (
    *(Cell(layout="article, two columns", text="formulas", engine=engine) for engine in ENGINES),
    *(Cell(layout=layout, text=text) for layout, text in zip(CLASSES, itertools.cycle(TEXTS), strict=False)),
    *(
        Cell(layout=layout, text=text, kind=kind)
        for layout, text, kind in (
            ("article", "long", "stolen"), ("revtex", "formulas", "half stolen"), ("acmart", "long", "revised"),
            ("elsarticle", "quotes and dashes", "half stolen"), ("llncs", "formulas", "stolen"),
            ("article, title in a title page", "long", "half stolen"), ("memoir", "long", "stolen, short"),
            ("scrartcl", "short", "stolen, short"), ("report", "long", "half stolen"), ("report", "short", "revised"),
        )
    ),
    Cell(layout="amsart", text="quotes and dashes", carried=False),
    Cell(layout="article", text="formulas", carried=False),
    Cell(layout="article", text="long", kind="stolen", carried=False),
)  # fmt: skip
"""What runs at every change."""


def whole() -> list[Cell]:
    """Every class, text and kind by pdfLaTeX; the genuine ones by every engine, with and without the text carried."""
    every = list(itertools.product(CLASSES, TEXTS))
    return [
        *(Cell(layout=layout, text=text, kind=kind) for layout, text in every for kind in KINDS),
        *(Cell(layout=layout, text=text, kind=kind, carried=False) for layout, text in every for kind in KINDS),
        *(Cell(layout=layout, text=text, engine=engine) for layout, text in every for engine in ENGINES[1:]),
    ]


def _measure(cell: Cell, folder: Path) -> str:
    try:
        return cell.fault(cell.compile(folder))
    except RuntimeError as error:
        return str(error)


def main(arguments: Sequence[str]) -> int:
    """Compiles and checks all cells, or those whose text matches; prints what is wrong, and the counts."""
    cells = [cell for cell in whole() if all(part in str(cell) for part in arguments)]
    right: Counter[tuple[str, bool, str]] = Counter()
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(2) as pool:
        folders = (Path(work) / str(number) for number in range(len(cells)))
        for cell, fault in zip(cells, pool.map(_measure, cells, folders), strict=True):
            right[cell.kind, cell.carried, "wrong" if fault else "right"] += 1
            if fault:
                print(f"{cell}: {fault}", flush=True)
    for (kind, carried, word), count in sorted(right.items()):
        print(f"{kind}, {'carried' if carried else 'not carried'}: {count} {word}")
    return int(any(word == "wrong" for _, _, word in right))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
