"""What `pith.sty` costs a paper: whole compilations with and without it, beside two packages that people use.

All papers of a class are compiled in turn, and each one's CPU time is divided by that of the plain paper of the same
round; the median of the rounds is stated. This holds when the machine's speed drifts, which single times do not. Beside
it stand the instructions of one run, as valgrind counts them: the same on a busy machine, and of more classes. Writes
docs/how-we-know/performance-latex.md.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.conftest import ROOT
from tests.matrix.cases import package, parts, verified

ROUNDS: Final = 15
WARM: Final = 2
GOAL: Final = 1.02
COPIES: Final = 6
"""How often the text of the matrix' paper is repeated, with labels of its own: ten pages and more."""
PAGE: Final = ROOT / "docs" / "how-we-know" / "performance-latex.md"
ENGINES: Final = {"pdflatex": "pdfLaTeX", "lualatex": "LuaLaTeX"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A class with what papers in it load."""

    head: str
    author: str
    order: str
    own: frozenset[str] = frozenset()
    """What the class loads itself, so that loading it costs nothing more."""


LOADED: Final = "\\usepackage{amsmath,amssymb,graphicx,booktabs}\n\\usepackage[hidelinks]{hyperref}\n"
PAPERS: Final = {
    "article": Paper(
        head="\\documentclass{article}\n" + LOADED,
        author="\\author{A. Author<<mark>>}",
        order="\\maketitle\n<<abstract>>",
    ),
    "acmart": Paper(
        head="\\documentclass[acmsmall,nonacm]{acmart}\n",
        author="\\author{A. Author<<mark>>}\\affiliation{\\institution{X}\\country{Y}}\\email{a@example.org}",
        order="<<abstract>>\\maketitle\n",
        own=frozenset({"hyperxmp"}),
    ),
}
COUNTED: Final = {
    **PAPERS,
    "IEEEtran": Paper(
        head="\\documentclass[conference]{IEEEtran}\n" + LOADED,
        author="\\author{A. Author<<mark>>}",
        order="\\maketitle\n<<abstract>>",
    ),
    "revtex": Paper(
        head="\\documentclass[aps,prl]{revtex4-2}\n" + LOADED,
        author="",
        order="\\author{A. Author<<mark>>}\\affiliation{X}\n<<abstract>>\\maketitle\n",
    ),
}
"""Whose instructions are counted."""
VARIANTS: Final = {
    "the same paper again": ("", ""),
    "pith": (f"\\usepackage{{pith}}\\pithnumber{{{verified().number.suffix}}}\n", ""),
    "orcidlink": ("\\usepackage{orcidlink}\n", "\\,\\orcidlink{0000-0002-1825-0097}"),
    "hyperxmp": ("\\usepackage{hyperxmp}\\hypersetup{pdfcopyright={A. Author},pdfcontactcity={Somewhere}}\n", ""),
}
PLAIN: Final = ""
Measured = tuple[int, float, dict[str, float]]
"""Pages, seconds of CPU of the plain paper, ratios of the variants."""


def source(paper: Paper, variant: str) -> str:
    """A paper of ten pages and more."""
    found = parts()
    lines, mark = VARIANTS.get(variant, ("", ""))
    text, _, references = found["body"].partition("\\begin{thebibliography}")
    text = "".join(re.sub(r"(\\(?:label|ref)\{)", rf"\g<1>{number}-", text) for number in range(COPIES))
    body = f"{text}\\begin{{thebibliography}}{references}"
    document = (
        f"{paper.head}{lines}\\title{{{verified().title}}}{paper.author}\n\\begin{{document}}\n"
        f"{paper.order}{body}\\end{{document}}\n"
    )
    return document.replace("<<mark>>", mark).replace("<<abstract>>", found["abstract"])


def compile_once(engine: str, folder: Path) -> float:
    """Seconds of CPU of one run, children included."""
    command = [engine, "-interaction=batchmode", "-no-shell-escape", "main.tex"]
    started = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise SystemExit(f"{engine} failed in {folder}: see main.log there")
    return used.ru_utime + used.ru_stime


def measure(name: str, engine: str, work: Path, rounds: int) -> Measured:
    """Pages, median seconds of the plain paper, and for each variant the median ratio to it."""
    paper = PAPERS[name]
    variants = [PLAIN, *(variant for variant in VARIANTS if variant not in paper.own)]
    folders = {}
    for index, variant in enumerate(variants):
        folder = folders[variant] = work / f"{name}-{engine}-{index}"
        folder.mkdir()
        (folder / "main.tex").write_text(source(paper, variant), encoding="ascii")
        (folder / "pith.sty").write_bytes(package())
        for _ in range(WARM):
            compile_once(engine, folder)
    ratios: dict[str, list[float]] = {variant: [] for variant in variants}
    seconds = []
    for number in range(rounds):
        first = number % len(variants)
        times = {variant: compile_once(engine, folders[variant]) for variant in variants[first:] + variants[:first]}
        seconds.append(times[PLAIN])
        for variant in variants:
            ratios[variant].append(times[variant] / times[PLAIN])
    medians = {variant: statistics.median(found) for variant, found in ratios.items() if variant}
    return _pages(folders[PLAIN]), statistics.median(seconds), medians


def count(name: str, engine: str, work: Path) -> tuple[int, int]:
    """The instructions of an engine on a paper that has been compiled before: without `pith.sty`, and with it."""
    counts = []
    for variant in (PLAIN, "pith"):
        folder = work / f"{name}-{engine}-counted-{variant}"
        folder.mkdir()
        (folder / "main.tex").write_text(source(COUNTED[name], variant), encoding="ascii")
        (folder / "pith.sty").write_bytes(package())
        for _ in range(WARM):
            compile_once(engine, folder)
        program = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", engine]
        command = [*program, "-interaction=batchmode", "-no-shell-escape", "main.tex"]
        run = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=True)
        counts.append(int(run.stderr.rpartition(b"refs:")[2].replace(b",", b"")))
    return counts[0], counts[1]


def _pages(folder: Path) -> int:
    log = (folder / "main.log").read_text(encoding="utf-8", errors="replace")
    found = re.search(r"Output written on main\.pdf \((\d+) pages", log)
    return int(found[1]) if found else 0


def page(
    results: Mapping[tuple[str, str], Measured],
    counts: Mapping[tuple[str, str], tuple[int, int]],
    version: str,
    rounds: int,
) -> str:
    """docs/how-we-know/performance-latex.md."""
    rows = "\n".join(
        f"| {name}, {ENGINES[engine]} | {pages} | {seconds:.2f} | "
        + " | ".join(f"{ratios[variant]:.3f}" if variant in ratios else "loaded by the class" for variant in VARIANTS)
        + " |"
        for (name, engine), (pages, seconds, ratios) in results.items()
    )
    counted = "\n".join(
        f"| {name}, {ENGINES[engine]} | {without / 1e6:,.0f} | {loaded / 1e6:,.0f} | {loaded / without:.4f} |"
        for (name, engine), (without, loaded) in counts.items()
    )
    worst = max(ratios["pith"] for _, _, ratios in results.values())
    most = max(loaded / without for without, loaded in counts.values())
    return f"""\
# Performance of the LaTeX package

Written by `make bench` ({version}). The time of a whole run of TeX on a paper that has been compiled before, with the
package, as a ratio to that of the same paper without it, both measured in turn: CPU time, medians of {rounds} rounds.
Beside it are two packages that authors load for similar ends, on the same paper; the first column of ratios is that of
the paper to itself, and shows how far the others can be trusted.

| paper | pages | seconds without | {" | ".join(VARIANTS)} |
|---|---|---|{"---|" * len(VARIANTS)}
{rows}

The goal for `pith` is {GOAL} each; the highest is **{worst:.3f}**.

A busy machine changes times, and their ratios a little; it does not change what TeX executes. Millions of instructions
of one run (valgrind), on the same papers and those of two more classes; about 8 of those that the package adds are
LaTeX's own for any package that lies beside the paper:

| paper | without | with `pith` | ratio |
|---|---|---|---|
{counted}

The highest ratio is **{most:.4f}**.
"""


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    said = subprocess.run(["pdftex", "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"TeX Live \d+", said)
    results: dict[tuple[str, str], Measured] = {}
    with tempfile.TemporaryDirectory() as work:
        counts = {(name, engine): count(name, engine, Path(work)) for engine in ENGINES for name in COUNTED}
        for name in PAPERS:
            for engine in ENGINES:
                results[name, engine] = measure(name, engine, Path(work), rounds)
                pages, seconds, ratios = results[name, engine]
                shown = ", ".join(f"{variant} {ratio:.3f}" for variant, ratio in ratios.items())
                print(f"latex: {name} {engine}, {pages} pages, {seconds:.2f} s: {shown}", flush=True)
                PAGE.write_text(page(results, counts, version[0] if version else "TeX", rounds), encoding="utf-8")


if __name__ == "__main__":
    main()
