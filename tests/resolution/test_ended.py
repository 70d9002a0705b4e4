"""What is ended while it waits for a mirror ends soon, and leaves nothing half-written; a disk that takes no files."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import BUNDLE_FILE
from tests.resolution import server as faults
from tests.resolution.conftest import NUMBER
from tests.resolution.machines import on_a_terminal, read_only, with_full_disk
from tests.resolution.server import Server, environment

PITHTEX = [sys.executable, "-m", "pithtex"]
ENDINGS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@pytest.mark.parametrize("by", ENDINGS)
@pytest.mark.parametrize("jobs", ["1", "4"])
def test_ended_while_mirrors_are_silent(
    mirror: Server, tmp_path: Path, ca_file: Path, by: signal.Signals, jobs: str
) -> None:
    mirror.faults[f"/pith/{NUMBER}.json"] = faults.silent
    mirror.faults[f"/pith/{NUMBER}/bundle.json"] = faults.silent
    command = [*PITHTEX, "resolve", "--jobs", jobs, *[NUMBER] * 9, "-o", f"{tmp_path}/out", "--mirror", mirror.url]
    with subprocess.Popen(
        command, env=environment(tmp_path, ca_file), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 60
        while not any(NUMBER in path for path in mirror.paths()) and time.monotonic() < until:
            time.sleep(0.02)
        started = time.monotonic()
        process.send_signal(by)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (ENDINGS[by], "", "")
    assert time.monotonic() - started < 5
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp")]


WRITERS = {
    "badge": ["badge", str(BUNDLE_FILE), "--format", "html-verified", "-o", "file"],
    "verify-page": ["verify-page", "-o", "file"],
    "generate": ["generate", str(BUNDLE_FILE), "-o", "."],
    "verify": ["verify", "--merge", str(BUNDLE_FILE), str(BUNDLE_FILE), "-o", "file"],
    "mirror": ["mirror", "export", "."],
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("disk", [with_full_disk, read_only])
def test_a_disk_that_takes_no_files(disk, name: str, tmp_path: Path, ca_file: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "disk"
    folder.mkdir()
    env = environment(tmp_path, ca_file)
    words = [word if word not in {"file", "."} else f"{folder}/{word}" for word in WRITERS[name]]
    done = disk([*PITHTEX, *words, "--json"], env, folder)
    (found,) = json.loads(done.stdout)["results"][0]["findings"]
    reason = "No space left on device" if disk is with_full_disk else "Read-only file system"
    assert (done.returncode, found["name"], found["message"]) == (2, "no-output", reason)
    assert "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []


def test_a_terminal_gets_colours_and_no_control_characters(tmp_path: Path, ca_file: Path) -> None:
    from tests import signing

    (tmp_path / "hostile.json").write_text(json.dumps(signing.record_document("Evil \x1b[2J\x07\u202etitle\x9b31m")))
    env = environment(tmp_path, ca_file) | {"TERM": "xterm"}
    name = tmp_path / "\x1b]0;x\x07.json"
    name.write_text((tmp_path / "hostile.json").read_text())
    for words in (
        ["verify", str(name)],
        ["badge", str(name), "--format", "md"],
        ["check", str(name)],
        ["decode", str(name)],
    ):
        code, shown = on_a_terminal([*PITHTEX, *words], env, [])
        assert code in {1, 2, 3}, shown
        for colour in ("\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"):
            shown = shown.replace(colour, "")
        assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(shown), (words, shown)
