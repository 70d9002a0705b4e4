"""`make bench`: records from the store and from a mirror, beside what cannot be done without.

Pairs are run in turn, A B A B, each a process of its own where a command is measured, and the median of the pairs'
ratios is stated: this holds when the machine's speed drifts, which single times do not.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import trustme

import pithtex
from pithtex.resolution.export import export_tree
from pithtex.resolution.store.store import Store
from tests import signing
from tests.conftest import BUNDLE_FILE, DATA, ROOT
from tests.resolution.server import Server, environment, serving

PAGE = ROOT / "docs" / "how-we-know" / "performance-resolve.md"
PITHTEX = str(Path(sys.executable).with_name("pithtex"))
NUMBER = "CNPMIFD42NONUMCBYNP4XLPY53"
ALONE = "EL6A4QOTPLYS3LFEIZGOL5QVTM"
"""A record of which the store has no bundle."""
GOAL = 339_000_000
"""Instructions of `pithtex resolve` from the store."""
MEMORY = "/dev/shm"
MIRROR_ROUNDS = 5
RECORDS = 1_000
EXPORTED = 10_000
JOBS = 8

BARE = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
import requests
session = requests.Session()
session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize={JOBS}))
with ThreadPoolExecutor(int(sys.argv[2])) as pool:
    for body in pool.map(lambda name: session.get(sys.argv[1].replace("NAME", name)).content, sys.stdin.read().split()):
        assert body
"""


class Took(NamedTuple):
    """Seconds of a whole process."""

    wall: float
    cpu: float


def took(command: list[str], env: dict[str, str], data: str) -> Took:
    """What a process takes; its input is this text."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=env, input=data, text=True, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def ratio(pairs: Iterable[tuple[float, float]]) -> tuple[float, float, float]:
    """Medians of A, of B, and of B / A."""
    listed = list(pairs)
    return (
        statistics.median(a for a, _ in listed),
        statistics.median(b for _, b in listed),
        statistics.median(b / a for a, b in listed),
    )


def filled(folder: Path, count: int) -> tuple[Store, list[str]]:
    """A store of so many records by the tests' key, and their numbers."""
    store, keyring = Store(folder), signing.keyring()
    names = []
    for index in range(count):
        canonical = signing.canonical_record(id=f"26{index // 100000 + 10:02}.{index % 100000:05}")
        record = pithtex.verify_record(pithtex.load_record(signing.record_document(canonical=canonical)), keyring)
        assert store.put(record) == ()
        names.append(record.number.suffix)
    return store, names


def instructions(command: list[str], env: dict[str, str]) -> int:
    """What the processor does for a whole process: the same from run to run, on a busy machine too."""
    subprocess.run([sys.executable, *command], env=env, capture_output=True, check=True)  # compiles modules
    program = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, *command]
    done = subprocess.run(program, env=env, capture_output=True, text=True, check=True)
    return int(done.stderr.rpartition("refs:")[2].replace(",", ""))


def from_store(folder: Path) -> tuple[int, int, int]:
    """`pithtex --version`, and `pithtex resolve` of a record in the store, alone and with its bundle."""
    env = environment(folder, folder / "none")
    record = DATA / "seeds" / f"record-{ALONE[:8]}.json"
    subprocess.run([PITHTEX, "store", "import", "-q", str(BUNDLE_FILE), str(record)], env=env, check=True)
    version, alone, bundle = ([PITHTEX, "--version"], [PITHTEX, "resolve", ALONE], [PITHTEX, "resolve", NUMBER])
    return instructions(version, env), instructions(alone, env), instructions(bundle, env)


Ratio = tuple[float, float, float]


def from_mirror(folder: Path) -> dict[int, tuple[Ratio, Ratio]]:
    """A bare loop of downloads, on one thread and on eight, and `pithtex resolve --jobs 8` of the same records.

    By the clock, and in seconds of computing.
    """
    store, names = filled(folder / "records", RECORDS)
    export_tree(folder / "tree", store, signing.keyring(), name="Bench")
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    key = folder / "own.keys"
    key.write_text(f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n")
    reader, writer = os.pipe()
    server = (
        os.fork()
    )  # a process of its own, so that it does not share the lock of the interpreter with what is measured
    if server == 0:
        with serving(Server(folder / "tree", ca)) as mirror:
            os.write(writer, mirror.url.encode())
            time.sleep(3600)
    url = os.read(reader, 200).decode()
    results = {}
    try:
        for threads in (1, JOBS):

            def bare(threads: int = threads) -> Took:
                command = [sys.executable, "-c", BARE, f"{url}pith/NAME.json", str(threads)]
                return took(command, environment(folder, folder / "ca.pem"), "\n".join(names))

            def ours() -> Took:
                env = environment(Path(tempfile.mkdtemp(dir=folder)), folder / "ca.pem")
                options = ["--jobs", str(JOBS), "--mirror", url, "--key", str(key)]
                return took([PITHTEX, "resolve", "-", *options], env, "\n".join(names))

            pairs = [(bare(), ours()) for _ in range(MIRROR_ROUNDS)]
            by_clock, computed = ratio((a.wall, b.wall) for a, b in pairs), ratio((a.cpu, b.cpu) for a, b in pairs)
            results[threads] = by_clock, computed
    finally:
        os.kill(server, 9)
        os.waitpid(server, 0)
    return results


def exported(folder: Path) -> tuple[float, float, float]:
    """Writing the files of a mirror of 10,000 records and nothing else, and exporting it: each record verified."""
    store, _ = filled(folder / "records", EXPORTED)
    start = time.perf_counter()
    export_tree(folder / "tree", store, signing.keyring(), name="Bench")
    took = time.perf_counter() - start
    files = {path.relative_to(folder / "tree"): path.read_bytes() for path in (folder / "tree").rglob("*.json")}
    start = time.perf_counter()
    for path, data in files.items():
        target = folder / "copy" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    bare = time.perf_counter() - start
    return bare, took, took / bare


def page(
    store: tuple[int, int, int],
    mirror: dict[int, tuple[Ratio, Ratio]],
    export: tuple[float, float, float],
) -> str:
    """docs/how-we-know/performance-resolve.md."""
    (one, one_cpu), (many, many_cpu) = mirror[1], mirror[JOBS]
    return f"""\
# Performance: records from the store and from mirrors

Written by `make bench` (Python {sys.version.split()[0]}, {os.cpu_count()} processors, with a load of
{os.getloadavg()[0]:.0f}). Times differ from machine to machine, and much with what else runs; compare the ratios,
which are medians of pairs run in turn. Files are written to memory, so that no disk is measured.

## A record from the store

Whole processes, start-up included, in millions of instructions (valgrind). The record is read and its signature
verified; where the store has its bundle, that and its events are verified too, for the paper's standing.

| | instructions | of the goal |
|---|---|---|
| `pithtex --version` | {store[0] / 1e6:.0f} M | |
| `pithtex resolve {ALONE}`, the record alone | {store[1] / 1e6:.0f} M | **{store[1] / GOAL:.2f}** |
| `pithtex resolve {NUMBER}`, with its bundle | {store[2] / 1e6:.0f} M | **{store[2] / GOAL:.2f}** |

The goal is {GOAL / 1e6:.0f} M: 1.3 times what `pithtex --version` took when it was set, which then built the parsers of
all commands. Nearly all of the difference is loading modules: with the bundle the reader of events, the verifier of
bundles and the merge.

## {RECORDS:,} records from a mirror on loopback

Whole processes, over HTTPS, {MIRROR_ROUNDS} pairs. The bare loop downloads the same documents with one `requests`
session and throws them away; `pithtex resolve --jobs {JOBS}` verifies each and keeps it in the store. The mirror is a
process beside it.

| | seconds by the clock | ratio | of computing | ratio |
|---|---|---|---|---|
| bare loop, 1 thread | {one[0]:.2f} | | {one_cpu[0]:.2f} | |
| `pithtex resolve`, {JOBS} jobs | {one[1]:.2f} | **{one[2]:.2f}** | {one_cpu[1]:.2f} | **{one_cpu[2]:.2f}** |
| bare loop, {JOBS} threads | {many[0]:.2f} | | {many_cpu[0]:.2f} | |
| `pithtex resolve`, {JOBS} jobs | {many[1]:.2f} | **{many[2]:.2f}** | {many_cpu[1]:.2f} | **{many_cpu[2]:.2f}** |

The goal is at most 1.6, beside eight threads. They wait for nothing, and what is left to compare is the work of the
processors: each record is verified, written and renamed, and pointed to.

## Export of {EXPORTED:,} records

`pithtex mirror export`: every record is read, verified and written, with its two indexes: {EXPORTED * 3:,} files.
Beside it, the same files written with nothing else.

| | seconds | records a second |
|---|---|---|
| the files alone | {export[0]:.1f} | {EXPORTED / export[0]:,.0f} |
| export | {export[1]:.1f} | {EXPORTED / export[1]:,.0f} |

Ratio: **{export[2]:.1f}**.
"""


def main() -> None:
    """Measures and writes.

    In memory where there is such a folder, and all stay until the end: ext4 looks long for a place among inodes that
    were just deleted, by whomever, which multiplied the time of a run.
    """
    with tempfile.TemporaryDirectory(dir=MEMORY if os.path.isdir(MEMORY) else None) as name:
        measure(Path(name))


def measure(folder: Path) -> None:
    """Measures in this folder, and writes."""

    def in_a_folder(run: Callable[[Path], Any]) -> Any:
        return run(Path(tempfile.mkdtemp(dir=folder)))

    store = in_a_folder(from_store)
    print(f"from the store: {store[1] / GOAL:.2f} of the goal, with a bundle {store[2] / GOAL:.2f}")
    mirror = in_a_folder(from_mirror)
    for threads, ((low, high, times), (_, _, computed)) in mirror.items():
        print(
            f"from a mirror: {high:.2f} s, bare loop of {threads} threads {low:.2f} s, {times:.2f} and {computed:.2f}"
        )
    export = in_a_folder(exported)
    print(f"export: {export[1]:.1f} s, files alone {export[0]:.1f} s")
    PAGE.write_text(page(store, mirror, export))


if __name__ == "__main__":
    main()
