"""Engines: a pool of processes that breaks, a cluster of dask whose worker is killed. No file is lost with them."""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from pithtex.audit.engine import ExecutorEngine, run, shards
from pithtex.audit.supervisor import Judged
from pithtex.audit.unit import Kind, Setup, Unit
from pithtex.errors import UnavailableError
from pithtex.format.keys import default_keyring
from tests.audit.papers import EXAMPLES, PLAIN, audit, environment, fill, totals, words
from tests.audit.traps import TRAP, trapped
from tests.conftest import ROOT

FILES = int(os.environ.get("PITHTEX_AUDIT_FILES", "60"))


def test_shards_are_small_at_first_and_bounded() -> None:
    units = [Unit(f"{index}", size=10) for index in range(2000)]
    found = list(shards(iter(units), 2))
    assert [len(shard) for shard in found][:7] == [8, 8, 16, 16, 32, 32, 64]
    assert max(map(len, found)) == 256
    assert [unit for shard in found for unit in shard] == units
    large = list(shards(iter([Unit(f"{index}", size=10**9) for index in range(3)]), 2))
    assert [len(shard) for shard in large] == [1, 1, 1]
    mixed = list(shards(iter([Unit("a"), Unit("b.tar", Kind.ARCHIVE), Unit("c")]), 2))
    assert [[unit.name for unit in shard] for shard in mixed] == [["b.tar"], ["a", "c"]]


class Taker:
    """Keeps what comes."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def take(self, units: list[Unit], judged: Judged) -> None:
        assert len(units) >= 1
        self.lines += judged.lines

    def missing(self, unit: Unit) -> Unit:
        return unit

    def tick(self) -> None:
        pass


def test_a_pool_of_processes_that_breaks(tmp_path: Path) -> None:
    """Two files end the worker itself, and with it a pool of the standard library and all that was in flight."""
    for index in range(24):
        (tmp_path / f"{index:02}.pdf").write_bytes(PLAIN.read_bytes())
    for index in (3, 17):
        (tmp_path / f"{index:02}.pdf").write_bytes(trapped(PLAIN.read_bytes(), "worker"))
    units = [Unit(str(path), state="x") for path in sorted(tmp_path.glob("*.pdf"))]
    context = multiprocessing.get_context("spawn")
    engine = ExecutorEngine(functools.partial(ProcessPoolExecutor, 2, mp_context=context), 2)
    taker = Taker()
    run(engine, iter(units), Setup(keyring=default_keyring(), trap=TRAP), taker)
    found = {line["file"][-6:-4]: line["verdict"] for line in map(json.loads, taker.lines)}
    assert len(taker.lines) == 24
    assert {name for name, word in found.items() if word == "unreadable"} == {"03", "17"}
    assert {found[name] for name in found if name not in {"03", "17"}} == {"absent"}


def test_a_worker_that_cannot_start_a_cell_ends_the_run() -> None:
    """That is no file's fault, and so no file's verdict."""
    engine = ExecutorEngine(
        functools.partial(ProcessPoolExecutor, 1, mp_context=multiprocessing.get_context("spawn")), 1
    )
    with pytest.raises(UnavailableError):
        run(engine, iter([Unit("x.pdf")]), Setup(keyring=default_keyring(), trap="missing.module:f"), Taker())


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each in a process of its own."""
    folder = tmp_path_factory.mktemp("dask")
    more = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1", "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "60s"}
    env = {**environment(), **more}
    log = folder / "scheduler.log"

    def start(*args: str, out: Path) -> subprocess.Popen[bytes]:
        with out.open("wb") as stream:
            command = [sys.executable, "-m", "distributed.cli." + args[0], *args[1:]]
            return subprocess.Popen(command, cwd=ROOT, env=env, stdout=stream, stderr=stream, process_group=0)

    options = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [start("dask_scheduler", *options, "--port", "0", out=log)]
    until = time.monotonic() + 120
    while not (found := re.search(r"Scheduler at: +(tcp://[0-9.:]+)", log.read_text())):
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    for index in range(2):
        spill = ("--local-directory", str(folder), "--memory-limit", "0", "--nthreads", "1")
        processes.append(start("dask_worker", found[1], *options, *spill, out=folder / f"worker{index}.log"))
    while log.read_text().count("Register worker") < 2:
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    yield found[1], processes
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_cluster_whose_worker_is_killed(scheduler: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path) -> None:
    """The shards of the worker go to the other one; the digest is that of an audit without a cluster."""
    address, processes = scheduler
    papers = fill(tmp_path / "in", FILES)
    (papers / "crash.pdf").write_bytes(trapped(EXAMPLES[0].read_bytes(), "segfault"))
    audit(papers, "-o", tmp_path / "here")
    command = [sys.executable, "-m", "tests.audit.driver", "audit", str(papers), "-o", str(tmp_path / "out")]
    with subprocess.Popen([*command, "--cluster", address, "-q"], cwd=ROOT, env=environment()) as driver:
        until = time.monotonic() + 120
        while not list((tmp_path / "out").glob("parts/*.jsonl")) and driver.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.02)
        os.killpg(processes[1].pid, signal.SIGKILL)
        driver.wait(timeout=3600)
    assert driver.returncode in {1, 3}
    assert words(tmp_path / "out") == words(tmp_path / "here")
    assert totals(tmp_path / "out")["digest"] == totals(tmp_path / "here")["digest"]


def test_a_scheduler_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pithtex.audit.cluster as module

    monkeypatch.setattr(module, "_CONNECT_SECONDS", 1)
    with pytest.raises(UnavailableError) as error, module.cluster("tcp://127.0.0.1:9"):
        pass
    assert error.value.rule == "engine-failed"
