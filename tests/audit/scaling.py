"""How audits grow: `python -m tests.audit.scaling FOLDER [COUNT ...]` writes the table and the picture of
docs/how-we-know/performance-audit.md.

Hard links to the PDFs below FOLDER, a thousand in a folder, are audited with one job; then once more, with nothing to
do. Seconds are of computing (user and system, of all processes), memory is that of the process that leads.
"""

from __future__ import annotations

import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "how-we-know"
FIGURES = PAGE / "performance-audit.json"
COUNTS = (1_000, 10_000, 100_000)
SAMPLE = 400
HEAD = "| files | CPU seconds"


def linked(folder: Path, sources: list[Path], count: int) -> None:
    """Fills a folder with hard links."""
    for index in range(count):
        place = folder / f"{index // 1000:04}"
        if index % 1000 == 0:
            place.mkdir(parents=True)
        os.link(sources[index % len(sources)], place / f"{index:07}.pdf")


def measured(folder: Path, output: Path) -> dict[str, float]:
    """One audit: its seconds, its memory, and what it did."""
    code = (
        "import sys\n"
        "from pithtex.cli.main import main\n"
        "main(sys.argv[1:])\n"
        "most = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(most.split()[1], file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code, "audit", str(folder), "-o", str(output), "--jobs", "1", "--json"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    (result,) = json.loads(done.stdout)["results"]
    return {
        "files": result["files"],
        "judged": result["judged"],
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "wall": time.monotonic() - start,
        "driver_mb": int(done.stderr.split()[-1]) / 1024,
    }


def table(found: dict[str, Any]) -> str:
    """The table of the page."""
    lines = [
        f"{HEAD} | milliseconds a file | memory of the leading process, MB | again, nothing to do: CPU seconds |",
        "|---|---|---|---|---|",
    ]
    for first, again in found["rows"]:
        files, cpu, memory = int(first["files"]), first["cpu"], first["driver_mb"]
        lines.append(f"| {files:,} | {cpu:.1f} | {1000 * cpu / files:.2f} | {memory:.0f} | {again['cpu']:.1f} |")
    return "\n".join(lines) + "\n"


def picture(found: dict[str, Any]) -> str:
    """CPU seconds and megabytes over the number of files, both on scales of powers of ten, as SVG."""
    width, height, left, bottom, top = 480, 300, 50, 40, 20
    points = [(row[0]["files"], row[0]["cpu"], row[0]["driver_mb"]) for row in found["rows"]]

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


def main() -> int:
    """Measures, and writes."""
    if len(sys.argv) > 1:
        found: dict[str, Any] = {
            "rows": measure(Path(sys.argv[1]), [int(text) for text in sys.argv[2:]] or list(COUNTS))
        }
        FIGURES.write_text(json.dumps(found, indent=1) + "\n")
    found = json.loads(FIGURES.read_text())
    (PAGE / "performance-audit.svg").write_text(picture(found))
    page = PAGE / "performance-audit.md"
    before, _, rest = page.read_text().partition(HEAD)
    after = rest.partition("\n\n")[2]
    page.write_text(f"{before}{table(found)}\n{after}")
    return 0


def measure(folder: Path, counts: list[int]) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Audits of so many links each, and again with nothing to do."""
    names = sorted(folder.rglob("*.pdf"))
    names = random.Random(1).sample(names, min(SAMPLE, len(names)))
    rows = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        sources = []
        for index, path in enumerate(names):  # links need one file system
            copy = Path(name, f"{index}.pdf")
            copy.write_bytes(path.read_bytes())
            sources.append(copy)
        for count in counts:
            place = Path(name, str(count))
            linked(place, sources, count)
            rows.append((measured(place, Path(name, f"out{count}")), measured(place, Path(name, f"out{count}"))))
            print(rows[-1], flush=True)
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
