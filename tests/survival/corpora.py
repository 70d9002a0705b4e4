"""Checks every PDF below some folders, each in a process of its own: `python -m tests.survival.corpora FOLDER...`.

For public test corpora of PDF libraries, which hold much that is damaged or hostile. Counts the words by folder and
prints every exception, every file that takes more than 10 s of computing, and every one that needs more than 1 GiB. The
exit code is 1 where there was one.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import select
import signal
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pithtex.pdf.check import check_pdf
from pithtex.pdf.text import lines  # noqa: F401 - so that each child need not load PDFium anew

SECONDS: Final = 10
"""Of computing."""
PATIENCE: Final = 10 * SECONDS
"""By the clock: a machine may be busy, but what waits for nothing must end."""
BYTES: Final = 1024**3
_BAD: Final = ("exception", "too long", "hangs", "killed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one file fared."""

    file: Path
    word: str
    """A verdict's word, or one of `_BAD`."""
    detail: str
    seconds: float
    """Of computing."""
    peak: int
    """Bytes of memory in use at the worst moment, the interpreter's own included."""


def main(folders: list[str]) -> int:
    """Checks the PDFs of each folder; 1 where one misbehaved."""
    worst = 0
    total: Counter[str] = Counter()
    for folder in map(Path, folders):
        with multiprocessing.get_context("fork").Pool() as pool:
            outcomes = list(pool.imap(run, sorted(_pdfs(folder)), chunksize=8))
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
    child = os.fork()
    if child == 0:
        os.close(reading)
        _check(file, writing)
    os.close(writing)
    ready, _, _ = select.select([reading], [], [], PATIENCE)
    if not ready:
        os.kill(child, signal.SIGKILL)
    said = os.read(reading, 1 << 16) if ready else b""
    os.close(reading)
    _, status, usage = os.wait4(child, 0)
    seconds = usage.ru_utime + usage.ru_stime
    if said:
        word, detail = json.loads(said)
    elif not ready:
        word, detail = "hangs", ""
    else:
        word, detail = ("too long" if seconds >= SECONDS - 1 else "killed"), f"status {status}"
    return Outcome(file=file, word=word, detail=detail, seconds=seconds, peak=usage.ru_maxrss * 1024)


def _check(file: Path, writing: int) -> None:
    """In the child: the verdict's word, or the exception, to the parent; never returns."""
    warnings.simplefilter("error")
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
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
