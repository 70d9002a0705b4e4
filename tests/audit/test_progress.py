"""How an audit says how it goes: a bar on a terminal, a line a minute in logs, nothing with --quiet."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from pithtex.cli.main import main
from pithtex.cli.shared import audit_progress
from pithtex.cli.shared.audit_progress import duration
from tests.audit.papers import EXAMPLES, environment
from tests.audit.traps import trapped
from tests.conftest import ROOT

FILES = 12
"""Of two shards: eight with the one that cannot be read, and the others, which take long enough to be seen."""
ALL = FILES + 1


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """Files of which each takes half a second, and one that cannot be read."""
    papers = tmp_path / "in"
    papers.mkdir()
    for index in range(FILES):
        (papers / f"{index}.pdf").write_bytes(trapped(EXAMPLES[0].read_bytes(), "sleep 0.5"))
    (papers / "junk.pdf").write_bytes(b"junk")
    return papers


def on_a_terminal(*args: str | Path, columns: int = 100) -> tuple[int, str, str]:
    """Runs an audit whose stderr is a terminal: its exit code, what it printed, and what the terminal got."""
    command = [sys.executable, "-m", "tests.audit.driver", "audit", *map(str, args)]
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24 if columns else 0, columns, 0, 0))
    env = {**environment(), "TERM": "xterm"}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b"".join(_read(ours))
        assert process.stdout is not None
        out = process.stdout.read().decode()
    os.close(ours)
    return process.returncode, out, shown.decode()


def _read(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux says so when nobody writes any more
            return
        if not data:
            return
        yield data


@pytest.mark.parametrize("columns", [100, 0])
def test_a_bar_on_a_terminal(slow: Path, tmp_path: Path, columns: int) -> None:
    """It has the count, the time left and what somebody has to look at, and goes away at the end.

    Terminals of containers and of `script` have no width.
    """
    names = tmp_path / "names"  # in this order: a folder's own might put the unreadable one last, when the bar is gone
    names.write_text("".join(f"{file}\n" for file in (slow / "junk.pdf", *sorted(slow.glob("[0-9]*.pdf")))))
    wanted = ["--files-from", names, "-o", tmp_path / "out", "--jobs", "1"]
    code, out, shown = on_a_terminal(*wanted, columns=columns)
    assert code == 3
    assert re.search(rf"\b\d+/{ALL} .*files.*1 unreadable", shown), shown
    assert re.search(r"\d\d:\d\d<", shown)
    assert shown.replace("\r\n", "\n").rpartition("\r")[2].strip() == ""
    assert out.startswith(f"{ALL} files in ")
    assert "\r" not in out


def test_no_bar_where_it_is_quiet_or_nothing_is_to_do(slow: Path, tmp_path: Path) -> None:
    assert on_a_terminal(slow, "-o", tmp_path / "out", "-q")[1:] == ("", "")
    _, out, shown = on_a_terminal(slow, "-o", tmp_path / "out")
    assert shown == ""
    assert f"{ALL} known from before" in out


def test_a_line_from_time_to_time_in_logs(
    slow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit_progress, "_LINE_SECONDS", 0.1)
    assert main(["audit", str(slow), "-o", str(tmp_path / "out"), "--jobs", "1"]) == 3
    said = capsys.readouterr().err.splitlines()
    assert said
    assert all(
        re.fullmatch(rf"audit: (looking for files: {ALL}|\d+ of {ALL}, [\d.]+ a second, .* left.*)", line)
        for line in said
    )
    monkeypatch.setattr(audit_progress, "_LINE_SECONDS", 60.0)
    assert main(["audit", str(slow), "-o", str(tmp_path / "two"), "--jobs", "1"]) == 3
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "0 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3599.9, "1 h 0 min"), (18_720, "5 h 12 min")],
)
def test_times_for_people(seconds: float, said: str) -> None:
    assert duration(seconds) == said
