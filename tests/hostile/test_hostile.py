"""Hostile PDFs: each gets a word and a finding, within bounds that would end the process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pithtex.errors import UsageError
from pithtex.limits import MAX_CHECK_MEMORY
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Verdict, Word
from pithtex.pdf.worker import Worker
from tests.conftest import ROOT
from tests.forgeries import kit
from tests.hostile.child import MEMORY
from tests.hostile.files import FILES, Hostile

BY_NAME = {hostile.name: hostile for hostile in FILES}
SECONDS = 60.0
"""Of the clock, where time is not what the test is about: the machine may be busy."""


@pytest.mark.parametrize("name", BY_NAME)
def test_bounded_in_process(name: str, tmp_path: Path) -> None:
    """The child would be killed at 1 GiB of memory or 20 seconds of computing; a traceback would be its end too."""
    hostile = BY_NAME[name]
    (tmp_path / "hostile.pdf").write_bytes(hostile.make())
    command = [sys.executable, "-m", "tests.hostile.child", str(tmp_path / "hostile.pdf")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert_fits(hostile, said["word"], said["findings"])
    assert said["mebibytes"] <= MEMORY >> 20


def assert_fits(hostile: Hostile, word: str, findings: list[str]) -> None:
    assert word in hostile.words
    assert set(hostile.findings) <= set(findings)


def test_names_are_distinct() -> None:
    assert len(BY_NAME) == len(FILES)


# --- The worker


def sleep(_: object) -> Verdict:
    time.sleep(600)
    raise AssertionError("nobody stopped it")


def hoard(_: object) -> Verdict:
    raise AssertionError(f"{len(bytearray(MAX_CHECK_MEMORY))} bytes were to be had")


def crash(_: object) -> Verdict:
    os.abort()


@pytest.mark.parametrize(
    ("function", "seconds", "words"),
    [(sleep, 0.5, "longer than 0.5"), (hoard, SECONDS, "memory"), (crash, SECONDS, "signal 6")],
)
def test_what_goes_wrong_in_the_worker_is_unreadable_and_takes_nothing_with_it(function, seconds, words) -> None:
    with Worker(seconds=seconds) as worker:
        verdict = worker._call(function, b"")
        assert verdict.word is Word.UNREADABLE
        assert [item.name for item in verdict.findings] == ["check-stopped"]
        assert words in verdict.findings[0].message
        worker._seconds = SECONDS
        assert worker.check(kit.PAPER).word is Word.VALID


def test_the_worker_says_what_the_check_says() -> None:
    with Worker(seconds=SECONDS) as worker:
        assert worker.check(kit.PAPER) == check_pdf(kit.PAPER)
        first = worker._process.pid
        assert worker.check(kit.paper(), expect="2606.01751") == check_pdf(kit.PAPER, expect="2606.01751")
        with pytest.raises(FileNotFoundError):
            worker.check("/nowhere.pdf")
        with pytest.raises(UsageError):
            worker.check(kit.PAPER, expect="?")
        assert worker._process.pid == first  # one process for all
        process = worker._process
    assert process.exitcode is not None  # and none is left behind
