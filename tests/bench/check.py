"""`make bench`: `pithtex check` beside exiftool and the least a reader does; docs/how-we-know/performance-check.md.

Each pair is run in turn, A B A B, and the median of the pairs' ratios is stated: this holds when the machine's speed
drifts, which single times do not.
"""

from __future__ import annotations

import compileall
import contextlib
import ctypes
import functools
import io
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pypdfium2_raw as raw

from pithtex.format.keys import default_keyring
from pithtex.pdf.channels.info import READ_ERRORS, read_info
from pithtex.pdf.channels.links import read_links
from pithtex.pdf.channels.xmp import read_xmp
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.judge import judge
from pithtex.pdf.judgement.records import Records
from pithtex.pdf.lane.no_trace import no_trace
from pithtex.pdf.open import walk_pages
from pithtex.pdf.read import read_evidence
from pithtex.pdf.text.pdfium import open_document, open_page, open_text
from tests.conftest import ROOT

ROUNDS = 5
PAGE = ROOT / "docs" / "how-we-know" / "performance-check.md"
EXAMPLE = ROOT / "examples" / "sparsex"
TEX_DOCUMENTS = "texlive-publishers-doc"
"""One package of Debian's: what else is installed would make it another measure on each machine."""
GLANCED = Path("/usr/share/doc/texlive-doc/latex/acmart/samples/sample-acmcp.pdf")
SAMPLE = 40
MIB = 1024 * 1024


def make_paper(folder: Path) -> Path:
    """A paper with a number and six plots of many points, of between 1 and 2 MB, as pdfTeX makes it."""
    import matplotlib as mpl

    mpl.use("pdf")
    from matplotlib import pyplot

    figures = []
    for number in range(6):
        figure, axes = pyplot.subplots(figsize=(6, 4))
        points = range(30_000)
        axes.scatter([(n * 7919 + number) % 10_007 for n in points], [(n * n + number) % 9_973 for n in points], s=0.1)
        figure.savefig(folder / f"plot{number}.pdf")
        pyplot.close(figure)
        figures.append(f"\\begin{{figure}}[p]\\includegraphics[width=\\linewidth]{{plot{number}.pdf}}\\end{{figure}}")
    source = (EXAMPLE / "main.tex").read_text().replace("\\end{document}", "\n".join(figures) + "\n\\end{document}")
    source = source.replace("\\usepackage{pith}", "\\usepackage{graphicx}\\usepackage{pith}")
    (folder / "paper.tex").write_text(source)
    shutil.copy(EXAMPLE / "pith.sty", folder)
    for _ in range(2):
        command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", "paper.tex"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    paper = folder / "paper.pdf"
    assert MIB <= paper.stat().st_size <= 2 * MIB, paper.stat().st_size
    return paper


_STARTER = """\
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, 1, 0)])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def process(command: Sequence[str]) -> tuple[float, float]:
    """Seconds of CPU (user and system) and peak memory in MiB of one run."""
    # With its modules compiled, as after any installation: the first run, which is not counted, sees to it.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # By a small process: the system counts what the starting one has as a child's peak, and this one has matplotlib.
    starter = [sys.executable, "-S", "-c", _STARTER, *command]
    report = subprocess.run(starter, env=environment, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
    assert report[0] in {"0", "3"}, command
    return float(report[1]), float(report[2]) / 1024


def instructions(command: Sequence[str]) -> float:
    """Millions of instructions of one run, as valgrind counts them: the same on a busy machine; 0 without it."""
    if not shutil.which("valgrind"):
        return 0.0
    counted = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *command]
    run = subprocess.run(counted, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, text=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", run.stderr)
    assert found, run.stderr
    return int(found[1].replace(",", "")) / 1e6


def one_more(name: str, path: Path) -> float:
    """Millions of instructions that a function takes for a file in a process that did it before."""
    code = "import pathlib, sys; from {0} import {1} as run\nfor _ in range({2}): run(pathlib.Path(sys.argv[1]))"
    module, _, function = name.rpartition(".")
    few, more = ([sys.executable, "-c", code.format(module, function, times), str(path)] for times in (2, 6))
    return (instructions(more) - instructions(few)) / 4


def exiftool() -> str:
    """The program that speed is measured beside."""
    found = shutil.which("exiftool")
    assert found, "exiftool is missing: .ci/install-system bench installs it"
    return found


def at_a_glance(path: Path) -> None:
    """Read, and told to have no trace, or to go the whole way."""
    no_trace(path.read_bytes())


def bare_or_not(path: Path) -> None:
    """The bare loop, also over files that qpdf cannot open."""
    with contextlib.suppress(*READ_ERRORS):
        bare(path)


class Glance(NamedTuple):
    """All documents, in milliseconds of CPU a file."""

    files: int
    told: int
    exiftool: float
    bare: float
    ours: float
    beside_exiftool: float
    """How many times the files in the same time."""
    beside_bare: float


def glances(paths: Sequence[Path], folder: Path) -> Glance:
    """The fast lane beside `exiftool -fast -j` in one process, and beside the bare loop, in turn."""
    names = folder / "names"
    names.write_text("\n".join(map(str, paths)))
    command = ["/bin/sh", "-c", f"{exiftool()} -fast -j -@ {names} 2>&1 || :"]
    rounds = []
    for _ in range(ROUNDS):
        ours, low = cpu(at_a_glance, paths), cpu(bare_or_not, paths)
        rounds.append((process(command)[0] / len(paths), low, ours))
    theirs, low, ours = (statistics.median(times) * 1e3 for times in zip(*rounds, strict=True))
    told = sum(no_trace(path.read_bytes()) for path in paths)
    beside = statistics.median(first / last for first, _, last in rounds)
    return Glance(len(paths), told, theirs, low, ours, beside, statistics.median(b / c for _, b, c in rounds))


def both(paper: Path) -> tuple[list[str], list[str]]:
    """The commands that are compared, theirs first."""
    return [exiftool(), "-j", "-G1", str(paper)], [str(Path(sys.executable).with_name("pithtex")), "check", str(paper)]


def whole_process(paper: Path) -> tuple[float, float, float, float]:
    """Seconds of exiftool and of ours, the ratio of the two, and our peak memory."""
    theirs, ours = both(paper)
    for command in (theirs, ours):
        process(command)
    pairs = [(process(theirs), process(ours)) for _ in range(ROUNDS)]
    ratio = statistics.median(our[0] / their[0] for their, our in pairs)
    seconds = [statistics.median(pair[side][0] for pair in pairs) for side in (0, 1)]
    return seconds[0], seconds[1], ratio, max(our[1] for _, our in pairs)


def bare(path: Path) -> None:
    """The least: open, Info, the XMP packet's bytes, the addresses of page 1's links."""
    with pikepdf.open(path, inherit_page_attributes=False) as pdf:
        info = pdf.trailer.get("/Info")
        for key in ("/PithNumber", "/PithReceipt", "/Title"):
            str(info.get(key) if info is not None else None)
        metadata = pdf.Root.get("/Metadata")
        if metadata is not None:
            metadata.read_bytes()
        node = pdf.Root.Pages
        while "/Kids" in node:
            node = node.Kids[0]
        for annotation in node.get("/Annots", ()):
            action = annotation.get("/A")
            if action is not None:
                str(action.get("/URI"))


def qpdf(path: Path) -> int:
    """The least for links: qpdf opens the file from memory and fetches every page and annotation; none is looked at."""
    with pikepdf.open(io.BytesIO(path.read_bytes()), inherit_page_attributes=False) as pdf:
        pages, _ = walk_pages(pdf)
        lists = [page["/Annots"] for page in pages if "/Annots" in page]
        return sum("/Subtype" in annotation for annotations in lists for annotation in annotations if annotation)


def pdfium(path: Path, *, pages: int = 2, draw: bool = False) -> None:
    """The least for text: PDFium opens the file, loads pages and their characters; none is looked at."""
    data = path.read_bytes()
    with open_document(data, "") as document:
        for index in range(pages if document else 0):
            with open_page(document, index) as page, open_text(page):
                if draw and page:
                    _draw(page)


def _draw(handle: int) -> None:
    """In grey, two pixels a point, as `check` does."""
    page = ctypes.cast(handle, raw.FPDF_PAGE)
    across, down = (round(2 * length(page)) for length in (raw.FPDF_GetPageWidthF, raw.FPDF_GetPageHeightF))
    bitmap = raw.FPDFBitmap_CreateEx(across, down, raw.FPDFBitmap_Gray, None, 0)
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, across, down, 0, raw.FPDF_ANNOT)
    raw.FPDFBitmap_Destroy(bitmap)


one_page = functools.partial(pdfium, pages=1)
one_drawing = functools.partial(pdfium, pages=1, draw=True)


def ours(path: Path) -> None:
    """All channels read and judged."""
    check_pdf(path)


def channels(path: Path) -> None:
    """All channels but text, read and judged: Info, XMP, the links of every page."""
    judge(read_evidence(path, text=False), Records(default_keyring()))


def cpu(run: Callable[[Path], object], paths: Sequence[Path]) -> float:
    """Seconds of CPU a file."""
    start = time.process_time()
    for path in paths:
        run(path)
    return (time.process_time() - start) / len(paths)


def paired(low: Callable[[Path], object], high: Callable[[Path], object], paths: Sequence[Path]) -> tuple[float, ...]:
    """Seconds a file of both, and the median ratio high / low."""
    for run in (low, high):
        cpu(run, paths)
    pairs = [(cpu(low, paths), cpu(high, paths)) for _ in range(ROUNDS)]
    ratio = statistics.median(second / first for first, second in pairs)
    return statistics.median(first for first, _ in pairs), statistics.median(second for _, second in pairs), ratio


def all_documents() -> list[Path]:
    """Every PDF of the documentation of publishers' classes."""
    command = ["dpkg-query", "--listfiles", TEX_DOCUMENTS]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    return sorted(path for path in map(Path, listed) if path.suffix == ".pdf")


def documents() -> list[Path]:
    """Every n-th of them that opens and is below 4 MB."""
    found = [path for path in all_documents() if path.stat().st_size < 4_000_000]
    assert len(found) >= SAMPLE, f"{TEX_DOCUMENTS} has too few PDFs: .ci/install-system bench installs some"
    chosen = []
    for path in found[:: len(found) // SAMPLE]:
        try:
            bare(path)
        except READ_ERRORS:
            continue
        chosen.append(path)
    return chosen


@dataclass
class Steps:
    """Seconds a file of each step."""

    names: tuple[str, ...] = ("read the file", "open", "pages", "Info", "XMP", "links", "text", "judge")

    def of(self, paths: Sequence[Path]) -> list[tuple[str, float]]:
        """The median of five rounds over the files, step by step."""
        rounds = [[statistics.fmean(times) for times in zip(*map(self.one, paths), strict=True)] for _ in range(5)]
        return list(zip(self.names, map(statistics.median, zip(*rounds, strict=True)), strict=True))

    def one(self, path: Path) -> list[float]:
        """One file."""
        laps = [time.process_time()]
        lap = functools.partial(lambda: laps.append(time.process_time()))
        data = path.read_bytes()
        lap()
        pdf = pikepdf.open(io.BytesIO(data), inherit_page_attributes=False)
        lap()
        pages, _ = walk_pages(pdf)
        lap()
        read_info(pdf, data)
        lap()
        read_xmp(pdf)
        lap()
        read_links(pdf, pages)
        lap()
        pdf.close()
        start = time.process_time()
        check_pdf(data)
        total = time.process_time() - start
        evidence = read_evidence(data)
        start = time.process_time()
        judge(evidence, Records(default_keyring()))
        judging = time.process_time() - start
        steps = [after - before for before, after in itertools.pairwise(laps)]
        return [*steps, max(total - judging - sum(steps[1:]), 0.0), judging]


def glance_page(without: tuple[float, ...], seen: Glance) -> str:
    """The part on files without a number."""
    theirs, own, ratio, _ = without
    told = f"All {seen.files} PDFs of the package, of which {seen.told} are told so"
    return f"""\
## Files without a number

One of them ({GLANCED.name} of Debian's {TEX_DOCUMENTS}), the whole process: `exiftool -j -G1` {theirs * 1e3:.0f} ms,
`pithtex check` {own * 1e3:.0f} ms, ratio **{ratio:.2f}**; the goal is 0.8. The text of pages 1 and 2 is read.

Many, in one process that is running: the file is read, and told to have [no trace of a
number](../reference/pdf-profile.md#told-at-a-glance) in link, XMP and Info. {told}; the others would go the whole way.
Milliseconds of CPU a file, and how many times the files the lane does in the same time.

| | milliseconds | times the files | goal |
|---|---|---|---|
| the fast lane | {seen.ours:.2f} | | |
| `exiftool -fast -j`, all files in one process | {seen.exiftool:.2f} | **{seen.beside_exiftool:.1f}** | 4 |
| the bare loop (below) | {seen.bare:.2f} | **{seen.beside_bare:.2f}** | 0.6 |

"""


def page(
    whole: tuple[float, ...],
    counts: Sequence[float],
    glanced: str,
    rows: list[tuple[str, int, tuple[float, ...], str]],
    splits: list[str],
) -> str:
    """docs/how-we-know/performance-check.md."""
    theirs, own, ratio, memory = whole
    table = "\n".join(
        f"| {name} | {count} | {low * 1e3:.2f} | {high * 1e3:.2f} | **{times:.2f}** | {goal} |"
        for name, count, (low, high, times), goal in rows
    )
    return f"""\
# Speed of `pithtex check`

Written by `make bench` (Python {sys.version.split()[0]}, one core). Times differ from machine to machine, and on a busy
one; compare the ratios. Each is the median of {ROUNDS} pairs, run in turn. When this was written,
{os.getloadavg()[2]:.0f} programs ran at a time on {os.cpu_count()} processors.

## One paper, the whole process

A paper of 1 to 2 MB with a number: `pithtex check` reads all channels, page text included, draws the page, and verifies
the receipt; `exiftool -j -G1` lists the file's metadata. CPU time, user and system.

| | milliseconds | million instructions, of examples/sparsex/main.pdf |
|---|---|---|
| `exiftool -j -G1` | {theirs * 1e3:.0f} | {counts[0]:.0f} |
| `pithtex check` | {own * 1e3:.0f} | {counts[1]:.0f} |
| one more check in a process that did some | | {counts[2]:.0f} |
| of these, PDFium loads page 1 and draws it once | | {counts[3]:.0f} |

Ratio, ours to exiftool's: **{ratio:.2f}**; of instructions **{counts[1] / max(counts[0], 1):.2f}**, and of one more
check to PDFium's load and drawing **{counts[2] / max(counts[3], 1):.2f}**.
Of the whole process the goal is 1.3, the bound 1.48. Peak memory: **{memory:.0f} MiB**; the goal is 120.

{glanced}## Many papers, one process

Beside a bare loop that opens the file without inheriting page attributes and reads Info, the XMP packet's bytes and the
addresses of page 1's links, and looks at nothing. Milliseconds of CPU a file.

| files | how many | bare loop | measured | ratio | goal |
|---|---|---|---|---|---|
{table}

Three parsers look at a file, and all must see the same bytes, so that it is read into memory once; the bare loop maps
it. The links of every page are read. To fetch pages and annotations from memory, without a look at them, takes qpdf
alone more than the first goal.

A short form of a number can be all that is left in a PDF that was printed again, so that `check` looks for one in the
text of pages 1 and 2 of every file. To load them is PDFium's work, and nearly all of the time.

Where there is a number, the page is drawn with and without its text, and so is the next one where [the
abstract](performance-abstract.md) stands there. To load a page and to draw it once takes PDFium
alone more than the second goal; a word on what a reader sees is worth the time.

## Where the time goes

{"".join(splits)}"""


def split(title: str, steps: list[tuple[str, float]]) -> str:
    """One table of steps."""
    total = sum(seconds for _, seconds in steps)
    rows = "\n".join(f"| {name} | {seconds * 1e3:.2f} | {seconds / total:.0%} |" for name, seconds in steps)
    return f"{title}:\n\n| step | milliseconds a file | share |\n|---|---|---|\n{rows}\n\n"


def main() -> None:
    """Measures and writes."""
    with tempfile.TemporaryDirectory() as folder:
        paper = make_paper(Path(folder))
        whole = whole_process(paper)
        print(f"whole process: exiftool {whole[0]:.3f} s, ours {whole[1]:.3f} s, {whole[2]:.2f}; {whole[3]:.0f} MiB")
        one = whole_process(GLANCED)
        print(f"whole process, no number: exiftool {one[0]:.3f} s, ours {one[1]:.3f} s, {one[2]:.2f}")
        seen = glances(all_documents(), Path(folder))
        print(f"at a glance: {seen}")
        without, numbered = documents(), [EXAMPLE / "main.pdf", ROOT / "examples" / "amsart" / "main.pdf", paper]
        rows = [
            ("without a number: Info, XMP, links of all pages", len(without), paired(bare, channels, without), "1.5"),
            (
                "the same: qpdf fetches pages and annotations, nothing else",
                len(without),
                paired(bare, qpdf, without),
                "",
            ),
            ("without a number, and the text of pages 1 and 2", len(without), paired(bare, ours, without), ""),
            ("the same: PDFium loads pages 1 and 2, nothing else", len(without), paired(bare, pdfium, without), ""),
            ("with a number, all channels and the verdict", len(numbered), paired(bare, ours, numbered), "4"),
            ("the same: PDFium loads page 1, nothing else", len(numbered), paired(bare, one_page, numbered), ""),
            ("the same: PDFium loads page 1 and draws it once", len(numbered), paired(bare, one_drawing, numbered), ""),
        ]
        for name, _, (low, high, ratio), _ in rows:
            print(f"{name}: bare {low * 1e3:.2f} ms, ours {high * 1e3:.2f} ms, ratio {ratio:.2f}")
        splits = [split("Files without a number", Steps().of(without)), split("Files with one", Steps().of(numbered))]
    compileall.compile_dir(ROOT / "pithtex", quiet=1)  # as after any installation
    counts = [instructions(command) for command in both(EXAMPLE / "main.pdf")]
    counts += [
        one_more(name, EXAMPLE / "main.pdf")
        for name in ("pithtex.pdf.check.check_pdf", "tests.bench.check.one_drawing")
    ]
    PAGE.write_text(page(whole, counts, glance_page(one, seen), rows, splits).rstrip("\n") + "\n")


if __name__ == "__main__":
    main()
