"""Checks many mutants of real PDFs: `python -m tests.fuzz.run COUNT [FIRST]`, or `make fuzz`.

The law: whatever a file holds, the check ends within its limits and gives a word, and `valid` only with the number that
the registry gave to the paper. A mutant that breaks it is written to build/fuzz/, named after its seed.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Final

from pithtex.pdf.judgement.verdict import Verdict, Word
from pithtex.pdf.worker import Worker
from tests.forgeries import kit
from tests.fuzz.mutate import mutant, sources

SECONDS: Final = 60.0
"""Of the clock; a machine may be busy with other things."""
_OUT: Final = Path("build/fuzz")


def broken(verdict: Verdict) -> str:
    """Which part of the law a verdict breaks; empty where none."""
    if any(item.name == "check-stopped" for item in verdict.findings):
        return "the check was stopped"
    if verdict.word is Word.VALID and verdict.number not in {kit.FULL, kit.OTHER_FULL}:
        return f"valid with the number {verdict.number}"
    return ""


def check(worker: Worker, seed: int, *, small: bool) -> tuple[Word | None, str]:
    """The word on one mutant, and what is wrong with it."""
    data = mutant(seed, small=small)
    try:
        verdict = worker.check(data)
    except Exception as error:  # noqa: BLE001  this is what is looked for
        return None, f"{type(error).__name__}: {error}"
    return verdict.word, broken(verdict)


def main(count: int, first: int) -> int:
    """Runs the mutants `first` and following, on all processors; prints counts."""
    sources(small=False)
    mine = local()
    words: Counter[str] = Counter()
    faults = 0

    def one(seed: int) -> tuple[int, Word | None, str]:
        if not hasattr(mine, "worker"):
            mine.worker = Worker(seconds=SECONDS)
        return (seed, *check(mine.worker, seed, small=False))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for seed, word, fault in pool.map(one, range(first, first + count)):
            words[word or "exception"] += 1
            if words.total() % 500 == 0:
                print(f"{words.total()} of {count}", file=sys.stderr, flush=True)
            if fault:
                faults += 1
                _OUT.mkdir(parents=True, exist_ok=True)
                (_OUT / f"{seed}.pdf").write_bytes(mutant(seed, small=False))
                print(f"mutant {seed}: {fault}", flush=True)
    print(", ".join(f"{word} {number}" for word, number in words.most_common()) + f"; faults {faults}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
