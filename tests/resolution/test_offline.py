"""Offline is a mode: no socket is opened, and what was verified once is enough."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pithtex.resolution.store.store import Store
from tests.conftest import BUNDLE_FILE, RECORD_FILES, ROOT
from tests.kit.command_line import run
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.machines import without_network
from tests.resolution.server import Server, environment

EXAMPLE = ROOT / "examples" / "sparsex" / "main.pdf"

GUARDED = """
import os, sys
def guard(event, args):
    if event.startswith("socket."):
        os.write(2, f"opened: {event} {args}".encode())
        os._exit(99)
sys.addaudithook(guard)
from pithtex.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def guarded(env: dict[str, str], *args: str | Path) -> tuple[int, str, str]:
    """Runs a command in a process that ends at the first use of a socket."""
    command = [sys.executable, "-c", GUARDED, *map(str, args)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def env(tmp_path: Path, ca_file: Path) -> dict[str, str]:
    env = environment(tmp_path, ca_file)
    program = [sys.executable, "-m", "pithtex", "store", "import", *map(str, RECORD_FILES), str(BUNDLE_FILE)]
    subprocess.run(program, env=env, check=True, capture_output=True)
    return env


def test_the_guard_guards(env: dict[str, str]) -> None:
    code, _, err = guarded(env, "resolve", "2606.99999", "--mirror", "https://localhost:1/")
    assert (code, "opened: socket." in err) == (99, True)


@pytest.mark.parametrize("by", ["option", "variable"])
def test_no_socket(env: dict[str, str], by: str, tmp_path: Path) -> None:
    option = ["--offline"] if by == "option" else []
    env = env if by == "option" else {**env, "PITHTEX_OFFLINE": "1"}
    paper = tmp_path / "main.tex"
    paper.write_text("\\documentclass{article}\n\\title{X}\n\\begin{document}\\maketitle\\end{document}\n")
    for code, *args in (
        (0, "resolve", ARXIV),
        (0, "resolve", NUMBER, "pith:CNPMIFD4", f"{ARXIV}v1"),
        (0, "resolve", "--bundle", ARXIV),
        (0, "resolve", "--bundle", "--follow-hints", ARXIV),
        (3, "resolve", "2606.99999"),
        (3, "resolve", "CNPMIFD3", "--mirror", "https://localhost:1/"),
        (0, "add", "--dry-run", ARXIV, str(paper)),
        (0, "check", "--online", str(EXAMPLE)),
    ):
        got, _, err = guarded(env, *args, *option)
        assert got == code, (args, err)


def test_no_socket_by_default(env: dict[str, str], tmp_path: Path) -> None:
    """Commands that need no network open no socket, whatever the environment says."""
    for args in (
        ("check", str(EXAMPLE)),
        ("verify", str(BUNDLE_FILE)),
        ("generate", str(BUNDLE_FILE), "-o", str(tmp_path / "out")),
        ("keys",),
        ("store", "list"),
        ("store", "verify"),
        ("mirror", "export", str(tmp_path / "tree")),
        ("resolve", NUMBER),
    ):
        code, _, err = guarded(env, *args)
        assert code == 0, (args, err)


def test_with_the_network_cut(env: dict[str, str]) -> None:
    """No option, no variable: the network is gone, and the store stands in, and says so."""
    done = without_network([sys.executable, "-m", "pithtex", "resolve", ARXIV, NUMBER, "--json"], env)
    results = json.loads(done.stdout)["results"]
    assert done.returncode == 0
    assert [result["origin"] for result in results] == ["the store"] * 2
    names = [item["name"] for result in results for item in result["findings"]]
    assert names == ["newest-not-asked", "mirror-unreachable"]
    done = without_network([sys.executable, "-m", "pithtex", "resolve", "2606.99999", "--json"], env)
    assert done.returncode == 3
    assert json.loads(done.stdout)["results"][0]["findings"][0]["name"] == "mirror-unreachable"


def test_offline_does_not_load_the_network(env: dict[str, str]) -> None:
    program = "import sys\nfrom pithtex.cli.main import main\nmain(['resolve', sys.argv[1], '-q'])\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, NUMBER], env=env, capture_output=True, text=True, check=True)
    assert not {"requests", "urllib3", "truststore", "tqdm", "ssl", "jinja2"} & set(done.stdout.split())


def test_offline_is_off_with_0(
    capsys: pytest.CaptureFixture[str], mirror: Server, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    monkeypatch.setenv("PITHTEX_OFFLINE", "0")
    assert run(capsys, "resolve", NUMBER, "--mirror", mirror.url)[0] == 0
    assert list(Store(own_home).suffixes()) == [NUMBER]
