"""`make bench`: `pithtex audit` beside exiftool, with one worker and two, and how it grows;
docs/how-we-know/performance-audit.md.

Seconds are of computing, user and system, of all processes of a run, so that a busy machine changes them little.
`python -m tests.bench.audit PART ...` measures parts of it (`beside`, `workers`, `growth`) and keeps the other figures.
"""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pithtex.pdf.lane.no_trace import no_trace
from tests.bench.check import TEX_DOCUMENTS, all_documents, bare_or_not, cpu, exiftool, process
from tests.conftest import ROOT

PAGE: Final = ROOT / "docs" / "how-we-know"
FIGURES: Final = PAGE / "performance-audit.json"
COUNTS: Final = (1_000, 10_000, 100_000)
ROUNDS: Final = 5
WORKERS_ROUNDS: Final = 3

_PROGRAM: Final = """\
import json, os, resource, sys
from pithtex.cli.main import main
main(sys.argv[1:])
most = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
own = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"driver_mb": int(most.split()[1]) / 1024, "driver": own.ru_utime + own.ru_stime}), file=sys.stderr)
"""


def measured(folder: Path, output: Path, jobs: int = 1) -> dict[str, float]:
    """One audit: what it did, its seconds and memory, and how many of the seconds are those of the leading process."""
    command = [sys.executable, "-c", _PROGRAM, "audit", str(folder), "-o", str(output), "--jobs", str(jobs), "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    (result,) = json.loads(done.stdout)["results"]
    return {
        "files": result["files"],
        "judged": result["judged"],
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "wall": wall,
        **json.loads(done.stderr.splitlines()[-1]),
    }


def linked(folder: Path, sources: list[Path], count: int) -> Path:
    """A folder with so many hard links to these files."""
    for index in range(count):
        place = folder / f"{index // 1000:04}"
        if index % 1000 == 0:
            place.mkdir(parents=True)
        os.link(sources[index % len(sources)], place / f"{index:07}.pdf")
    return folder


def beside(sources: list[Path], folder: Path) -> dict[str, Any]:
    """One worker beside exiftool in one process and the bare loop, in turn: seconds for all files.

    Of each round: exiftool, the bare loop, the audit as a whole, and of an audit of five times the files what those
    take that come after the first: a worker that runs already.
    """
    names = folder / "names"
    names.write_text("\n".join(map(str, sources)))
    theirs = ["/bin/sh", "-c", f"{exiftool()} -fast -j -@ {names} 2>&1 || :"]
    ours = [str(Path(sys.executable).with_name("pithtex")), "audit", "--jobs", "1", "-q"]
    places = [linked(folder / f"beside{times}", sources, times * len(sources)) for times in (1, 5)]
    rounds = []
    for index in range(ROUNDS + 1):
        low = cpu(bare_or_not, sources) * len(sources)
        start, more = (process([*ours, str(place), "-o", f"{place}-{index}"])[0] for place in places)
        rounds.append((process(theirs)[0], low, start, (more - start) / 4))
    del rounds[0]  # the first one compiles modules
    return {"files": len(sources), "rounds": rounds}


def workers(sources: list[Path], folder: Path) -> dict[str, Any]:
    """One worker and two, in turn: of four times the files what those take that come after the first."""
    places = [linked(folder / f"workers{times}", sources, times * len(sources)) for times in (1, 4)]
    rounds = []
    for index in range(WORKERS_ROUNDS):
        pair = []
        for jobs in (1, 2):
            few, many = (measured(place, Path(f"{place}-{jobs}-{index}"), jobs) for place in places)
            pair.append({name: many[name] - few[name] for name in ("cpu", "driver")})
        rounds.append(pair)
        print(pair, flush=True)
    return {"files": 3 * len(sources), "rounds": rounds, "load": os.getloadavg()[0]}


def growth(sources: list[Path], folder: Path) -> dict[str, Any]:
    """Audits of so many links each with one worker, and again with nothing to do."""
    rows: list[list[dict[str, float]]] = []
    for count in COUNTS:
        place = linked(folder / str(count), sources, count)
        rows.append([measured(place, folder / f"out{count}") for _ in range(2)])
        print(rows[-1], flush=True)
    return {"sources": "the same files", "rows": rows}


def picture(found: dict[str, Any]) -> str:
    """CPU seconds and megabytes over the number of files, both on scales of powers of ten, as SVG."""
    width, height, left, bottom, top = 480, 300, 50, 40, 20
    points = [(row[0]["files"], row[0]["cpu"], row[0]["driver_mb"]) for row in found["growth"]["rows"]]

    def at(files: float, value: float) -> str:
        x = left + (math.log10(files) - 2.7) / 2.6 * (width - left - 20)
        y = height - bottom - (math.log10(value) + 0.5) / 3.5 * (height - bottom - top)
        return f"{x:.1f},{y:.1f}"

    def label(place: str, text: str, anchor: str = "middle", down: int = 0) -> str:
        x, y = (float(part) for part in place.split(","))
        return f'<text x="{x:.1f}" y="{y + down:.1f}" text-anchor="{anchor}">{text}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="CPU seconds grow with the number of files; memory does not.">',
        "<style>text{font:12px sans-serif;fill:#1b1f24}path{fill:none;stroke-width:2}"
        ".g{stroke:#c4ccd4;stroke-width:1}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for value in (1, 10, 100, 1000):
        start, end = at(500, value), at(190_000, value)
        parts += [f'<path class="g" d="M{start}L{end}"/>', label(start, str(value), "end", 4)]
    parts += [label(at(files, 10**-0.5), f"{files:,.0f}", down=20) for files, _, _ in points]
    for index, name, colour in ((1, "CPU seconds", "#0b5394"), (2, "memory, MB", "#9c0f22")):
        line = "L".join(at(point[0], point[index]) for point in points)
        parts.append(f'<path stroke="{colour}" d="M{line}"/>')
        parts.append(label(at(points[0][0] * 1.2, points[0][index] * (0.6 if index == 1 else 1.7)), name, "start"))
    parts.append(label(at(10_000, 10**-0.5), "files", down=36))
    return "\n".join([*parts, "</svg>", ""])


def speed_up(found: dict[str, Any]) -> tuple[float, float]:
    """Two workers on two free processors beside one, by computing, and the leading process' share of it.

    One worker alone takes the time that it computes, with the leading process beside it; two of them and that process
    share two processors. A file costs a worker the same in both runs, but for what else the machine does.
    """
    shares = [
        sum(run["driver"] for run in pair) / sum(run["cpu"] for run in pair) for pair in found["workers"]["rounds"]
    ]
    share = statistics.median(shares)
    return 2 * (1 - share), share


def table(found: dict[str, Any]) -> str:
    """The table of growth."""
    lines = [
        "| files | CPU seconds | milliseconds a file | memory of the leading process, MB "
        "| again, nothing to do: CPU seconds |",
        "|---|---|---|---|---|",
    ]
    for first, again in found["growth"]["rows"]:
        files, used, memory = int(first["files"]), first["cpu"], first["driver_mb"]
        lines.append(f"| {files:,} | {used:.1f} | {1000 * used / files:.2f} | {memory:.0f} | {again['cpu']:.1f} |")
    return "\n".join(lines)


def page(found: dict[str, Any]) -> str:
    """docs/how-we-know/performance-audit.md."""
    files, rounds = found["beside"]["files"], found["beside"]["rounds"]
    theirs, low, whole, ours = (1000 * statistics.median(times) / files for times in zip(*rounds, strict=True))
    started = statistics.median(first / third for first, _, third, _ in rounds)
    times = statistics.median(first / last for first, _, _, last in rounds)
    share = statistics.median(bare / last for _, bare, _, last in rounds)
    bound, driver = speed_up(found)
    each, again = (1000 * row["cpu"] / row["files"] for row in found["growth"]["rows"][-1])
    millions = 3_000_000
    minutes = each * millions / 60_000
    return f"""\
# The speed of audits

Written by `make bench` (Python {sys.version.split()[0]}). Seconds are of computing, user and system, by all processes
of a run: on a busy machine they change little, where times by the clock do. Each ratio is the median of runs in turn.

## One worker

The {files} PDFs of Debian's {TEX_DOCUMENTS} that have no trace of a number. An audit's worker and the
process that leads it, once they run; exiftool with all files in one process; and a bare loop that opens each file with
pikepdf in a process that runs already, and reads Info, the XMP packet's bytes and the addresses of page 1's links.

| | milliseconds a file | times the files in the same time | goal |
|---|---|---|---|
| `pithtex audit --jobs 1`, once it runs | {ours:.2f} | | |
| `exiftool -fast -j` | {theirs:.2f} | **{times:.1f}** | 4 |
| the bare loop | {low:.2f} | **{share:.2f}** | 0.6 |

An audit of these files alone takes {whole:.2f} ms a file with its start, {started:.1f} times as many as exiftool.

One file alone, the whole process of `check` beside exiftool's: [the speed of check](performance-check.md).

## Two workers

{found["workers"]["files"]:,} hard links to the same files, with `--jobs 1` and `--jobs 2`, once they run. The leading
process, which lists the files and writes the parts, has {100 * driver:.0f} % of all that is computed; two workers and
it on two free processors are then **{bound:.2f}** times as fast as one worker with it beside (goal: 1.8). By the clock
it was not measured: the machine, of {found["processors"]} processors, had a load of {found["workers"]["load"]:.0f}.

## Many files

Hard links to {found["growth"]["sources"]}, a thousand in a folder, with one worker; then once more, with nothing to do.

{table(found)}

![CPU seconds grow with the number of files; memory does not.](performance-audit.svg)

Time is linear. Memory is bounded: what is to be judged and what is done stand in a database on disk that lasts for one
run, whose cache takes at most 64 MB, and a few shards a worker are in flight. Files like these carry no number, so that
each is told by the fast lane ([the PDF profile](../reference/pdf-profile.md)); one with a number costs what `check`
costs ([the speed of check](performance-check.md)).

## Three million PDFs, on paper

At {each:.2f} ms a file, three million PDFs without a number take {minutes:.0f} minutes of one core; if one in a hundred
carries a number, at some 50 ms each, 25 minutes more. Once more with nothing to do they take
{again * millions / 1000:.0f} seconds: the parts are read, and the totals counted.

Moving the bytes is the real cost: papers of arXiv have about 1 MB each, so that three million are 3 TB: 8 hours at
100 MB/s, 50 minutes at 1 GB/s. One machine in the region of the object store is enough.
"""


def main() -> None:
    """Measures, and writes the page and its picture."""
    asked = sys.argv[1:]
    found: dict[str, Any] = json.loads(FIGURES.read_text()) if asked and FIGURES.exists() else {}
    parts: dict[str, Callable[[list[Path], Path], Any]] = {"beside": beside, "workers": workers, "growth": growth}
    documents = [path for path in all_documents() if no_trace(path.read_bytes())]
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        sources = []
        for index, path in enumerate(documents):  # hard links need one file system
            copy = Path(name, f"{index:04}.pdf")
            copy.write_bytes(path.read_bytes())
            sources.append(copy)
        for part, measure in parts.items():
            if part in asked or not asked:
                found[part] = measure(sources, Path(name))
                found["processors"] = os.cpu_count()
                print(part, found[part], flush=True)
                FIGURES.write_text(json.dumps(found, indent=1) + "\n")
    if set(parts) - set(found):
        return  # the other parts are not measured yet
    (PAGE / "performance-audit.svg").write_text(picture(found))
    (PAGE / "performance-audit.md").write_text(page(found))


if __name__ == "__main__":
    main()
