"""An audit that is run by a timer: on a full disk, and by the units and lines that docs/how-to/nightly.md has."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit.papers import EXAMPLES, PLAIN, audit, environment, totals
from tests.conftest import ROOT
from tests.kit import needs

PAGE = (ROOT / "docs" / "how-to" / "nightly.md").read_text()
BLOCKS = re.findall(r"```(ini|crontab)\n(.*?)```", PAGE, re.S)


@pytest.mark.needs("unshare", "user namespaces")
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """What fits is kept, the run says why it ended, and goes on when there is room again."""
    papers, out = tmp_path / "in", tmp_path / "disk"
    papers.mkdir()
    out.mkdir()
    for index in range(300):
        (papers / f"{index:03} {'x' * 150}.pdf").symlink_to(EXAMPLES[0] if index % 20 == 0 else PLAIN)
    run = f"{shlex.quote(sys.executable)} -m pithtex audit {papers} -o {out}/audit --jobs 1"
    script = f"""
        mount -t tmpfs -o size=160k tmpfs {out} || exit 99
        {run} 2>{tmp_path}/first; echo $? >{tmp_path}/code
        mkdir {tmp_path}/kept && cp {out}/audit/parts/*.jsonl {tmp_path}/kept
        mount -o remount,size=16m {out} && {run} >{tmp_path}/second 2>&1
        cp -r {out}/audit {tmp_path}/whole
    """
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)
    assert (tmp_path / "code").read_text() == "2\n"
    said = (tmp_path / "first").read_text()
    assert "PITH005" in said
    assert "Traceback" not in said
    kept = {path.name: path.read_bytes() for path in (tmp_path / "kept").iterdir()}
    assert kept
    assert {name: (tmp_path / "whole" / "parts" / name).read_bytes() for name in kept} == kept
    audit(papers, "-o", tmp_path / "other")
    assert totals(tmp_path / "whole")["digest"] == totals(tmp_path / "other")["digest"]
    assert totals(tmp_path / "whole")["files"] == 300


def commands() -> list[str]:
    """The commands of the service and of the line for cron."""
    service = configparser.ConfigParser(interpolation=None)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read_string(BLOCKS[0][1])
    return [service["Service"]["ExecStart"], BLOCKS[2][1].split(maxsplit=5)[5]]


@pytest.mark.parametrize("index", [0, 1], ids=["systemd", "cron"])
def test_each_night_does_only_what_is_new(index: int, tmp_path: Path) -> None:
    """The lines as they stand in docs, with other folders: two nights, and a paper that came between them."""
    program = tmp_path / "bin" / "pithtex"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pithtex "$@"\n')
    program.chmod(0o755)
    (tmp_path / "repository").mkdir()
    line = commands()[index].replace("/srv/repository", f"{tmp_path}/repository")
    line = line.replace("/var/lib/pithtex/audit", f"{tmp_path}/audit")
    env = {**environment(), "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    for night, paper in enumerate((EXAMPLES[0], EXAMPLES[1])):
        shutil.copy(paper, tmp_path / "repository" / f"{night}.pdf")
        before = {path.name for path in tmp_path.glob("audit/parts/*")}
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert before <= {path.name for path in tmp_path.glob("audit/parts/*")}
        assert totals(tmp_path / "audit")["by"]["verdict"] == {"valid": night + 1}


@pytest.mark.needs("systemd-analyze")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for (_, text), name in zip(BLOCKS, ("pithtex-audit.service", "pithtex-audit.timer"), strict=False):
        (tmp_path / name).write_text(text)
    names = ["pithtex-audit.service", "pithtex-audit.timer"]
    command = [needs.program("systemd-analyze"), "verify", "--man=no", *names]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "pithtex-audit" in line] == []
    assert done.returncode == 0, done.stderr
