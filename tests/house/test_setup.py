"""What the set-up says while it works."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.conftest import ROOT

# As apt-get: the long line of all packages is what makes a reader with buffers wait.
APT_GET = """#!/bin/sh
[ "$1" = update ] && exit
echo "Need to get 3 MB of archives."
seq 1 20000 | tr '\\n' ' '; echo
for i in $(seq 60); do echo "Get:$i a package"; done
read answer <"$ANSWER" # which comes when a line was seen
printf 'E: %s' "$answer"
exit 100
"""

SUDO = """#!/bin/sh
[ "$1" != -n ] || shift
exec "$@"
"""


def test_progress_is_said_while_apt_works(tmp_path: Path) -> None:
    for name, content in {"apt-get": APT_GET, "sudo": SUDO}.items():
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o755)
    answer = tmp_path / "answer"
    os.mkfifo(answer)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ANSWER": str(answer)}
    command = [shutil.which("timeout") or "timeout", "20", str(ROOT / ".ci" / "apt"), "tex"]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, env=environment) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in range(3)]
        assert lines == ["installing with apt-get: tex\n", "  Need to get 3 MB of archives.\n", "  fetched 50 files\n"]
        answer.write_text("too little disk\n")
        _, error = running.communicate()
    assert running.returncode == 1
    assert error.endswith("E: too little disk\n")
