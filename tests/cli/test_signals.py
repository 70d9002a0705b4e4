"""What asks `pithtex check` to end, at any moment, ends it.

`PITHTEX_SIGNALS=200` sends that many in each way; without it a few of each are sent.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from pithtex.system.signals import noted

PAPER = Path(__file__).parents[2] / "examples" / "sparsex" / "main.pdf"
SENT = int(os.environ.get("PITHTEX_SIGNALS", "5"))
FILES = 900
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
LATEST = 1.5
"""Seconds after it is listened to until a signal is sent, at most."""
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc says when signals are heard")


def heard(pid: int) -> bool:
    """Whether a process does something of its own at SIGINT and SIGTERM."""
    caught = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigCgt:"))
    return all(int(caught.split()[1], 16) & (1 << (number - 1)) for number in CODES)


def ended(options: list[str], folder: Path, by: signal.Signals, moment: float, *, everyone: bool) -> tuple[int, str]:
    """The exit code and the errors of a check of many files that is ended; by Ctrl-C, all its processes are told."""
    with subprocess.Popen(
        [sys.executable, "-m", "pithtex", "check", *options, *(f"{index}.pdf" for index in range(FILES))],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PAPER.parents[2])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no other thread runs here
    ) as process:
        while not heard(process.pid):
            time.sleep(0.001)
        time.sleep(moment)
        (os.killpg if everyone else os.kill)(process.pid, by)
        try:
            _, err = process.communicate(timeout=30)
        finally:
            process.kill()
    return process.returncode, err.decode()


@pytest.mark.parametrize("options", [[], ["--timeout", "60"]], ids=["in process", "with a time limit"])
@pytest.mark.parametrize("by", CODES)
def test_no_signal_is_lost(by: signal.Signals, options: list[str], tmp_path: Path) -> None:
    for index in range(FILES):
        (tmp_path / f"{index}.pdf").symlink_to(PAPER)
    chance = random.Random(by)
    ends: Counter[tuple[int, str]] = Counter()
    for _ in range(SENT):
        code, err = ended(options, tmp_path, by, LATEST * chance.random(), everyone=chance.random() < 0.5)
        ends[code, err if err.count("\n") > 1 else ""] += 1
    assert ends == {(CODES[by], ""): SENT}


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_DFL, signal.SIG_IGN])
def test_noted_signals_are_raised_afterwards(handler: object) -> None:
    """Whoever handles signals: a program that uses the library, or nobody."""
    before = signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]
    try:
        with pytest.raises(KeyboardInterrupt) if callable(handler) else noted(), noted() as came:
            if callable(handler):
                signal.raise_signal(signal.SIGINT)
                assert came == [signal.SIGINT]
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


NOWHERE_TO_RAISE = """
import ctypes, signal, sys, time, weakref
from pithtex.system.signals import deafen, listen

number, place = int(sys.argv[1]), sys.argv[2]

class Thing:
    def __del__(self):
        if place == "finalizer":
            signal.raise_signal(number)

listen()
if place == "callback from C":
    ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(number))()
if place == "import of what can be done without":
    try:
        try:
            signal.raise_signal(number)
        except BaseException as error:
            raise ImportError("it cannot be initialised") from error
    except ImportError:
        pass
thing = Thing()
if place == "weak reference":
    reference = weakref.ref(thing, lambda _: signal.raise_signal(number))
del thing
try:
    if place == "code that is run":
        exec("signal.raise_signal(number)")
    time.sleep(30)
finally:
    time.sleep(0.2)
    print("cleaned up")
    deafen()
"""


@pytest.mark.parametrize(
    "place",
    ["callback from C", "finalizer", "weak reference", "import of what can be done without", "code that is run"],
)
@pytest.mark.parametrize("by", CODES)
def test_a_signal_is_not_lost_where_nobody_can_catch_what_it_raises(by: signal.Signals, place: str) -> None:
    """And it does not disturb the cleaning up, which takes longer than it waits until it is raised again."""
    command = [sys.executable, "-c", NOWHERE_TO_RAISE, str(int(by)), place]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (CODES[by], "cleaned up\n", "")


@pytest.mark.parametrize("by", CODES)
def test_an_import_is_waited_for(by: signal.Signals, tmp_path: Path) -> None:
    """A library that is written in C++ aborts the process where something is raised while it is made."""
    (tmp_path / "library.py").write_text("import signal, sys\nsignal.raise_signal(int(sys.argv[1]))\nprint('made')\n")
    program = """
import sys
from pithtex.system.signals import deafen, listen

listen()
sys.path.append(sys.argv[2])
try:
    import library, time
    time.sleep(30)
finally:
    deafen()
"""
    command = [sys.executable, "-c", program, str(int(by)), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (CODES[by], "made\n", "")
