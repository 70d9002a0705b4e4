"""How audits grow: `python -m tests.audit.scaling FOLDER [COUNT ...]` writes the table and the picture of
docs/how-we-know/performance-audit.md.

Hard links to the PDFs below FOLDER, a thousand in a folder, are audited with one job; then once more, with nothing to
do. Seconds are of computing (user and system, of all processes), memory is that of the process that leads.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "how-we-know"
COUNTS = (1_000, 10_000, 100_000)
SAMPLE = 400


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


def main() -> int:
    """Measures, and writes."""
    names = sorted(Path(sys.argv[1]).rglob("*.pdf"))
    names = random.Random(1).sample(names, min(SAMPLE, len(names)))
    counts = [int(text) for text in sys.argv[2:]] or list(COUNTS)
    rows: list[tuple[dict[str, float], dict[str, float]]] = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        sources = []
        for index, path in enumerate(names):  # links need one file system
            copy = Path(name, f"{index}.pdf")
            copy.write_bytes(path.read_bytes())
            sources.append(copy)
        size = sum(path.stat().st_size for path in sources) / len(sources)
        for count in counts:
            folder = Path(name, str(count))
            linked(folder, sources, count)
            rows.append((measured(folder, Path(name, f"out{count}")), measured(folder, Path(name, f"out{count}"))))
            print(rows[-1], flush=True)
    (PAGE / "performance-audit.json").write_text(json.dumps({"bytes": round(size), "rows": rows}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
