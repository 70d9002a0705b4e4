"""`make bench`: `pithtex presubmit` beside `pithtex --version`, and the reader beside pylatexenc on whole files.

Writes docs/how-we-know/performance-presubmit.md. Pairs are run in turn, A B A B; it states medians of ratios.
"""

from __future__ import annotations

import gzip
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalker

from pithtex.manuscript.source.plain_text import plain_text
from pithtex.manuscript.source.read import read_from
from tests.conftest import DATA, ROOT

PAGE = ROOT / "docs" / "how-we-know" / "performance-presubmit.md"
SAMPLES = Path("/usr/share/doc/texlive-doc")
FILES = 50
PARAGRAPHS = 60
ROUNDS = 9
READ = 100
READ_ROUNDS = 3
SENTENCE = (
    "A sentence with a \\emph{word}, a formula $x_{i}^{2} + \\alpha$, a citation~\\cite{key%d} and a reference to "
    "Section~\\ref{sec:%d} stands here, so that the chapter has the length of one. %% and a comment\n"
)
PITHTEX = Path(sys.executable).with_name("pithtex")


def thesis(folder: Path) -> int:
    """A main file, 49 chapters, and the pith.sty of the example whose number it has; the bytes of all."""
    title = (ROOT / "examples" / "amsart" / "main.tex").read_text().partition("\\title{")[2].partition("}")[0]
    chapters = [f"chapters/part{index:02}" for index in range(FILES - 1)]
    (folder / "chapters").mkdir(parents=True)
    for number, chapter in enumerate(chapters):
        body = "".join(
            SENTENCE * 5 % ((number, line) * 5) + "\n" + "\\begin{equation}\n  a = b\n\\end{equation}\n"
            for line in range(PARAGRAPHS)
        )
        (folder / f"{chapter}.tex").write_text(f"\\chapter{{Part {number}}}\\label{{sec:{number}}}\n{body}")
    macros = "".join(f"\\newcommand{{\\own{chr(97 + i // 26)}{chr(97 + i % 26)}}}[1]{{#1}}\n" for i in range(300))
    (folder / "main.tex").write_text(
        "\\documentclass{book}\n\\usepackage{amsmath,graphicx,pith}\n\\pithnumber{EL6A4QOTPLYS3LFEIZGOL5QVTM}\n"
        f"{macros}\\title{{{title}}}\n\\author{{A. Author}}\n\\begin{{document}}\n\\maketitle\n"
        + "".join(f"\\include{{{chapter}}}\n" for chapter in chapters)
        + "\\end{document}\n"
    )
    shutil.copy(ROOT / "examples" / "amsart" / "pith.sty", folder)
    return sum(path.stat().st_size for path in folder.rglob("*.tex"))


def process(*arguments: str) -> tuple[float, float]:
    """Seconds by the clock and of CPU of one run in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([str(PITHTEX), *arguments], check=True, capture_output=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def processes(folder: Path) -> list[tuple[float, float, float, float]]:
    """Clock and CPU of `--version`, then of `presubmit`, for each round."""
    process("--version")
    process("presubmit", str(folder))
    return [(*process("--version"), *process("presubmit", str(folder))) for _ in range(ROUNDS)]


def samples(folder: Path) -> list[Path]:
    """So many of the sample manuscripts, unpacked."""
    lines = (DATA / "presubmit" / "titles.tsv").read_text(encoding="utf-8").splitlines()
    paths = [line.partition("\t")[0] for line in lines if not line.startswith("#")]
    files = []
    for path in paths[:: max(1, len(paths) // READ)][:READ]:
        source = SAMPLES / path
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        packed = source.with_name(source.name + ".gz")
        target.write_bytes(gzip.decompress(packed.read_bytes()) if packed.exists() else source.read_bytes())
        files.append(target)
    return files


def ours(path: Path) -> None:
    manuscript = read_from(path.parent, path.name)
    for fragment in (manuscript.title, manuscript.abstract, *manuscript.authors):
        if fragment is not None:
            plain_text(fragment.expanded)


def whole(path: Path) -> bool:
    """pylatexenc on the whole file; whether it came to an end."""
    text = path.read_bytes().decode("utf-8", "replace")
    try:
        nodes = LatexWalker(text, tolerant_parsing=True).get_latex_nodes()[0]
        LatexNodes2Text(math_mode="verbatim").nodelist_to_text(nodes)
    except Exception:  # noqa: BLE001 - what it stumbles on is counted, and not what is measured
        return False
    return True


def reading(files: list[Path]) -> tuple[list[tuple[float, float]], int]:
    """Seconds of CPU for all files, ours and pylatexenc's, for each round; and how many it did not get through."""
    ours(files[0])
    pairs = []
    failed = 0
    for _ in range(READ_ROUNDS):
        start = time.process_time()
        for path in files:
            ours(path)
        middle = time.process_time()
        failed = sum(not whole(path) for path in files)
        pairs.append((middle - start, time.process_time() - middle))
    return pairs, failed


def page(
    size: int, runs: list[tuple[float, float, float, float]], pairs: list[tuple[float, float]], failed: int
) -> str:
    idle, version, wall, cpu = (statistics.median(column) for column in zip(*runs, strict=True))
    ratio = statistics.median(run[3] / run[1] for run in runs)
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    times = statistics.median(other / own for own, other in pairs)
    return f"""\
# Performance of the check before the upload

Written by `make bench` (Python {platform.python_version()}, one core). Times differ from machine to machine;
compare the ratios.

## The whole command

`pithtex presubmit` on a thesis of {FILES} files, {size / 1e6:.1f} MB, with a generated `pith.sty` whose record is
verified and whose bytes are made anew and compared; beside it `pithtex --version`, each in a process of its own.
Medians of {ROUNDS} pairs, run in turn. Other programs take from the time by the clock.

| | seconds by the clock | seconds of CPU |
|---|---|---|
| `pithtex --version` | {idle:.2f} | {version:.2f} |
| `pithtex presubmit` | {wall:.2f} | {cpu:.2f} |

Ratio: **{ratio:.1f}**. The goal is 0.3 seconds of CPU.

## Reading manuscripts

{READ} sample manuscripts of Debian's texlive-publishers-doc in one process: title, authors, abstract, numbers,
packages and files, and the first three as Unicode; beside it pylatexenc parsing and converting the whole files.
Medians of {READ_ROUNDS} rounds.

| | seconds of CPU | milliseconds a manuscript |
|---|---|---|
| `read_manuscript`, `plain_text` | {mine:.2f} | {1000 * mine / READ:.1f} |
| pylatexenc, whole files | {theirs:.2f} | {1000 * theirs / READ:.1f} |

Ratio: **{times:.0f}**. The goal is 8. pylatexenc ended {failed} of the {READ} with an error.
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        os.environ["PITHTEX_HOME"] = str(Path(name) / "store")
        folder = Path(name) / "thesis"
        size = thesis(folder)
        runs = processes(folder)
        pairs, failed = reading(samples(Path(name) / "samples"))
    PAGE.write_text(page(size, runs, pairs, failed), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
