"""Checks one PDF under bounds on memory and computing that end the process, and says what came of it as JSON."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

MEMORY = 1 << 30
"""Bytes of address space: what a check may take at the worst."""
SECONDS = 20
"""Of computing; twice what a check may take on an ordinary machine, for slow ones."""


def main(path: str) -> None:
    from pithtex.pdf.worker import throw_once

    throw_once()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from pithtex.pdf.check import check_pdf

    verdict = check_pdf(Path(path))
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0])
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps({
            "word": verdict.word,
            "findings": [item.name for item in verdict.all_findings],
            "seconds": round(usage.ru_utime + usage.ru_stime, 2),
            "mebibytes": peak // 1024,
        })
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
