"""An audit that is ended at any moment goes on from there, and comes to what it would have come to."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.audit.papers import EXAMPLES, PLAIN, audit, environment, fill, lines, names_of, totals, words
from tests.audit.traps import trapped
from tests.conftest import ROOT

FILES = int(os.environ.get("PITHTEX_AUDIT_FILES", "40"))
LATEST = 2 + FILES / 200
"""Seconds until it is killed, at most."""
KILLS = int(os.environ.get("PITHTEX_AUDIT_KILLS", "10"))


def summary(*args: str | Path) -> dict[str, Any]:
    """Audits, and gives what `--json` says."""
    result: dict[str, Any] = json.loads(audit(*args, "--json").stdout)["results"][0]
    return result


def parts(output: Path) -> dict[str, int]:
    """The parts, and when each was written."""
    folder = output / "parts"
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.suffix == ".jsonl"}


def begun(*args: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.audit.driver", "audit", *map(str, args)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill(tmp_path_factory.mktemp("papers"), FILES)
    (folder / "crash.pdf").write_bytes(trapped(PLAIN.read_bytes(), "segfault"))
    return folder


@pytest.fixture(scope="module")
def whole(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The audit of these that nobody disturbed."""
    found = summary(papers, "-o", tmp_path_factory.mktemp("whole") / "out")
    assert found["files"] == FILES + 1
    assert set(found["by"]["verdict"]) >= {"valid", "absent", "unreadable"}
    return found


def test_killed_at_any_moment_it_comes_to_the_same(papers: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    """The parts that were there when it was killed stay as they are: nothing of them is done twice."""
    chance = random.Random(19)
    out = tmp_path / "out"
    for _ in range(KILLS):
        with begun(papers, "-o", out) as process:
            time.sleep(chance.uniform(0.1, LATEST))
            process.kill()
        before = parts(out) if (out / "parts").is_dir() else {}
        found = summary(papers, "-o", out)
        after = parts(out)
        kept_lines = sum((out / "parts" / name).read_bytes().count(b"\n") for name in before)
        assert {name: after.get(name) for name in before} == before
        assert found["kept"] == kept_lines
        assert found["kept"] + found["judged"] == FILES + 1
        assert found["digest"] == whole["digest"]
        for path in (out / "parts").iterdir():
            if chance.random() < 0.7:
                path.unlink()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_end_it_ends_within_a_second(
    by: signal.Signals, papers: Path, whole: dict[str, Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with begun(papers, "-o", out, "--jobs", "2") as process:
        until = time.monotonic() + 60
        while not ((out / "parts").is_dir() and parts(out)) and time.monotonic() < until:
            time.sleep(0.01)
        cells = children(process.pid)
        before = time.monotonic()
        process.send_signal(by)
        _, err = process.communicate(timeout=30)
        took = time.monotonic() - before
    assert process.returncode == 128 + by
    assert "Traceback" not in err
    assert took < 1.5, took  # a second, and what a busy machine adds
    time.sleep(0.1)
    assert [pid for pid in cells if Path(f"/proc/{pid}").exists()] == []
    found = summary(papers, "-o", out)
    assert found["kept"] > 0
    assert found["digest"] == whole["digest"]


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for task in found.parent.parent.iterdir() for child in (task / "children").read_text().split()]


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "in"
    folder.mkdir()
    for index in range(6):
        (folder / f"{index}.pdf").write_bytes(EXAMPLES[index % 3].read_bytes())
    assert summary(folder, "-o", tmp_path / "out")["judged"] == 6
    return folder, tmp_path / "out"


def test_nothing_new_is_nothing_to_do(small: tuple[Path, Path]) -> None:
    before = parts(small[1])
    found = summary(small[0], "-o", small[1])
    assert (found["judged"], found["kept"], found["dropped"]) == (0, 6, 0)
    assert parts(small[1]) == before


def test_only_what_is_new_changed_or_gone_is_done_again(small: tuple[Path, Path]) -> None:
    folder, out = small
    (folder / "new.pdf").write_bytes(PLAIN.read_bytes())
    (folder / "1.pdf").write_bytes(b"no PDF any more")
    (folder / "2.pdf").unlink()
    found = summary(folder, "-o", out)
    assert (found["judged"], found["kept"], found["dropped"], found["files"]) == (2, 4, 2, 6)
    assert words(out) == {
        **{f"{index}.pdf": "valid" for index in (0, 3, 4, 5)},
        "1.pdf": "unreadable",
        "new.pdf": "absent",
    }
    assert summary(folder, "-o", out)["judged"] == 0


def test_another_way_of_judging_is_another_verdict(small: tuple[Path, Path]) -> None:
    found = summary(small[0], "-o", small[1], "--text")
    assert (found["judged"], found["kept"]) == (6, 0)
    assert len(words(small[1])) == 6


def test_some_verdicts_can_be_asked_for_again(small: tuple[Path, Path]) -> None:
    (small[0] / "0.pdf").write_bytes(b"junk")
    summary(small[0], "-o", small[1])
    found = summary(small[0], "-o", small[1], "--again", "unreadable")
    assert (found["judged"], found["kept"], found["files"]) == (1, 5, 6)


def test_a_file_that_could_not_be_read_is_tried_again(small: tuple[Path, Path]) -> None:
    folder, out = small
    (folder / "gone.pdf").symlink_to("nowhere")
    assert audit(folder, "-o", out).returncode == 2
    assert {tuple(names_of(line)) for line in lines(out) if line["file"].endswith("gone.pdf")} == {("no-input",)}
    assert summary(folder, "-o", out)["judged"] == 1
    (folder / "nowhere").write_bytes(EXAMPLES[0].read_bytes())
    assert summary(folder, "-o", out)["by"]["verdict"] == {"valid": 7}


def test_results_of_other_inputs_are_not_overwritten(small: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.pdf").write_bytes(PLAIN.read_bytes())
    done = audit(tmp_path / "other", "-o", small[1])
    assert done.returncode == 2
    assert "--add" in done.stderr
    assert totals(small[1])["files"] == 6
    assert summary(tmp_path / "other", "-o", small[1], "--add")["files"] == 7
    assert summary(tmp_path / "other", "-o", small[1], "--add")["judged"] == 0


def test_a_folder_that_cannot_be_listed_takes_no_verdict_away(small: tuple[Path, Path]) -> None:
    """As of a network drive that is not mounted tonight."""
    small[0].rename(small[0].parent / "away")
    done = audit(small[0], "-o", small[1])
    assert done.returncode == 2
    assert totals(small[1])["by"]["verdict"] == {"valid": 6, "unreadable": 1}
    (small[0].parent / "away").rename(small[0])
    found = summary(small[0], "-o", small[1])
    assert (found["judged"], found["files"]) == (0, 6)


def test_one_audit_at_a_time(small: tuple[Path, Path]) -> None:
    fcntl = pytest.importorskip("fcntl")
    with (small[1] / ".lock").open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        done = audit(small[0], "-o", small[1])
    assert done.returncode == 2
    assert "another audit is writing" in done.stderr


def test_a_folder_of_other_files_is_no_output(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    assert audit(EXAMPLES[0], "-o", tmp_path).returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_damaged_part_costs_only_its_own_lines(small: tuple[Path, Path]) -> None:
    (part,) = (small[1] / "parts").iterdir()
    texts = part.read_bytes().splitlines(keepends=True)
    part.write_bytes(b"".join(texts[:3]) + texts[3][:100])
    found = summary(small[0], "-o", small[1])
    assert (found["judged"], found["kept"], found["files"]) == (3, 3, 6)
