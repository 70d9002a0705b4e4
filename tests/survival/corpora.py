"""Checks every PDF below some folders, each in a process of its own: `python -m tests.survival.corpora FOLDER...`.

For public test corpora of PDF libraries, which hold much that is damaged or hostile. Counts the words by folder and
prints every exception, every file that takes longer than 10 s, and every one that needs more than 1 GiB. The exit code
is 1 where there was one.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pithtex.pdf import text  # noqa: F401 - so that each child need not load PDFium anew
from pithtex.pdf.check import check_pdf

SECONDS: Final = 10
BYTES: Final = 1024**3
_BAD: Final = ("exception", "too long", "killed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one file fared."""

    file: Path
    word: str
    """A verdict's word, or one of `_BAD`."""
    detail: str
    seconds: float
    peak: int
    """Bytes of memory in use at the worst moment, the interpreter's own included."""


def main(folders: list[str]) -> int:
    """Checks the PDFs of each folder; 1 where one misbehaved."""
    worst = 0
    total: Counter[str] = Counter()
    for folder in map(Path, folders):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            outcomes = list(pool.map(run, sorted(_pdfs(folder))))
        counts = Counter(outcome.word for outcome in outcomes)
        total += counts
        slowest = max((outcome.seconds for outcome in outcomes), default=0.0)
        peak = max((outcome.peak for outcome in outcomes), default=0)
        print(f"{folder.name}: {_line(counts)}; slowest {slowest:.1f} s, largest {peak / 2**20:.0f} MiB", flush=True)
        for outcome in outcomes:
            if outcome.word in _BAD:
                worst = 1
                print(f"  {outcome.word}: {outcome.file} ({outcome.seconds:.1f} s)\n{outcome.detail}", flush=True)
    print(f"all: {_line(total)}")
    return worst


def _pdfs(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix.lower() == ".pdf" and path.is_file() and not path.is_symlink():
            yield path


def _line(counts: Counter[str]) -> str:
    words = ", ".join(f"{count} {word}" for word, count in counts.most_common())
    return f"{counts.total()} files: {words}"


def run(file: Path) -> Outcome:
    """Checks one file in a child that can be stopped."""
    reading, writing = os.pipe()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _check(file, writing)
    os.close(writing)
    late = not _wait(reading, start + SECONDS)
    if late:
        os.kill(child, signal.SIGKILL)
    said = b"" if late else os.read(reading, 1 << 16)
    os.close(reading)
    _, status, usage = os.wait4(child, 0)
    word, detail = json.loads(said) if said else ("too long" if late else "killed", f"status {status}")
    seconds = time.monotonic() - start
    return Outcome(file=file, word=word, detail=detail, seconds=seconds, peak=usage.ru_maxrss * 1024)


def _wait(reading: int, until: float) -> bool:
    ready, _, _ = select.select([reading], [], [], max(0.0, until - time.monotonic()))
    return bool(ready)


def _check(file: Path, writing: int) -> None:
    """In the child: the verdict's word, or the exception, to the parent; never returns."""
    warnings.simplefilter("error")
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    try:
        verdict = check_pdf(file)
        json.dumps(verdict.to_dict())
        answer = [verdict.word.value, ""]
    except BaseException:  # noqa: BLE001 - whatever it is, it is what this looks for
        answer = ["exception", traceback.format_exc()[-4000:]]
    os.write(writing, json.dumps(answer).encode())
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
