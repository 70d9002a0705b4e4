"""`make matrix`: every class on every engine; writes docs/how-we-know/matrix.md. `--help` has the options."""

from __future__ import annotations

import argparse
import fcntl
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.conftest import ROOT
from tests.matrix import report
from tests.matrix.cases import Case, cases
from tests.matrix.chroot import RELEASES, latex_date, prepare
from tests.matrix.engines import ENGINES, System, fingerprint, version
from tests.matrix.judge import Outcome, measure, not_supported, state
from tests.matrix.sample import SAMPLE

_WORK = ROOT / "build" / "matrix"
_WARM = 3600.0
"""Seconds for LuaTeX's list of fonts, which is made once."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the cells that are asked for; 1 if one failed and the table does not explain it."""
    options = _parser().parse_args(arguments)
    system = _system(options.texlive, options.root)
    wanted = SAMPLE if options.sample else [(name, engine) for engine in ENGINES for name in cases()]
    cells = [
        (name, engine)
        for name, engine in wanted
        if name in (options.only or cases()) and engine in (options.engine or ENGINES)
    ]
    if unknown := set(options.only) - set(cases()):
        print(f"no such class: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    system.work.mkdir(parents=True, exist_ok=True)
    with (system.work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another run is compiling in {system.work}", file=sys.stderr)
            return 2
        return _run_all(cells, system, options)


def _run_all(cells: Sequence[tuple[str, str]], system: System, options: argparse.Namespace) -> int:
    keep = options.write or len(cells) == len(cases()) * len(ENGINES)
    kept = [] if options.fresh or not keep else done_before(cells, system)
    if kept:
        print(f"{len(kept)} of {len(cells)} are known from before: the same paper, pith.sty and TeX Live")
    known = {(outcome.case, outcome.engine) for outcome in kept}
    _warm(system)
    try:
        outcomes = kept + _run([cell for cell in cells if cell not in known], system, options.jobs, keep=keep)
    finally:
        if keep:
            report.write_page(system)
    for line in report.summary(outcomes):
        print(line)
    return int(any(outcome.bad or outcome.stale for outcome in outcomes))


def done_before(cells: Sequence[tuple[str, str]], system: System) -> list[Outcome]:
    """The stored outcomes of these cells for which nothing has changed since, but for those that failed."""
    wanted = set(cells)
    return [
        outcome
        for outcome in report.stored(system)
        if (outcome.case, outcome.engine) in wanted
        and outcome.state
        and not outcome.bad
        and not not_supported(cases()[outcome.case], outcome.engine, system)
        and outcome.state == state(cases()[outcome.case], ENGINES[outcome.engine], system)
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="CLASS", help="this class (may be repeated)")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this engine (may be repeated)")
    parser.add_argument(
        "--write", action="store_true", help="bring docs/how-we-know/matrix.md up to date; a whole run does"
    )
    parser.add_argument("--fresh", action="store_true", help="run again what is stored and has not changed")
    parser.add_argument("--sample", action="store_true", help="the fixed sample that continuous integration runs")
    parser.add_argument("--jobs", type=int, default=2, help="compilations at a time (default: %(default)s)")
    parser.add_argument("--texlive", choices=RELEASES, help="in a chroot with this TeX Live; needs root")
    parser.add_argument("--root", type=Path, help="the chroot's directory (default: build/texlive-YEAR)")
    return parser


def _system(year: str | None, root: Path | None) -> System:
    if year:
        return prepare(year, root or ROOT / "build" / f"texlive-{year}")
    try:
        said = subprocess.run(["pdftex", "--version"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        raise SystemExit("There is no TeX here: run .ci/install-system matrix") from None
    found = re.search(r"TeX Live (\d{4})", said)
    return System(name=found[1] if found else "unknown", work=_WORK)


def _warm(system: System) -> None:
    """Has LuaTeX list the fonts, which takes longer than any paper, and would count as one that hangs."""
    done = system.work / "fonts-listed"
    if not done.exists() or done.read_text(encoding="utf-8") != fingerprint(system):
        system.run(["luaotfload-tool", "--update", "--quiet"], system.work, _WARM)
        done.write_text(fingerprint(system), encoding="utf-8")


def _measure(case: Case, engine: str, system: System) -> Outcome:
    return measure(case, ENGINES[engine], system)


def _run(cells: Sequence[tuple[str, str]], system: System, jobs: int, *, keep: bool) -> list[Outcome]:
    """Runs them; each outcome is stored as it comes, so that a run that is interrupted goes on where it stopped."""
    outcomes = []
    start = time.monotonic()
    facts = (latex_date(system), version(system))
    pool = ProcessPoolExecutor(jobs)
    try:
        futures = [pool.submit(_measure, cases()[name], engine, system) for name, engine in cells]
        for number, future in enumerate(as_completed(futures), 1):
            outcome = future.result()
            outcomes.append(outcome)
            if keep:
                report.store(system, *facts, [outcome])
            passed = time.monotonic() - start
            print(
                f"{number}/{len(futures)} {passed:.0f} s  {outcome.case} {outcome.engine}: {outcome.word}", flush=True
            )
    finally:
        pool.shutdown(cancel_futures=True)  # once: as a context manager it would take the cancellation back
    order = {cell: index for index, cell in enumerate(cells)}
    return sorted(outcomes, key=lambda outcome: order[outcome.case, outcome.engine])


if __name__ == "__main__":
    sys.exit(main())
