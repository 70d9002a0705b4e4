"""Completion, by the shells themselves, and the manual pages: both are what the parser gives today."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pithtex.cli.commands.completion import FILES
from pithtex.cli.table import COMMANDS
from tests.kit.command_line import run
from tests.make_shell_files import COMPLETIONS, PAGES, completions, pages

ON_THE_OLDEST = pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="argparse words usage differently later")
WRITE = "python -m tests.make_shell_files"


@ON_THE_OLDEST
def test_the_files_are_those_of_the_parser() -> None:
    for folder, files in ((COMPLETIONS, completions()), (PAGES, pages())):
        assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == files, WRITE


@pytest.mark.parametrize("shell", FILES)
def test_the_command_prints_the_file(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "completion", shell)
    assert (code, out) == (0, (COMPLETIONS / FILES[shell]).read_text("utf-8"))


def test_another_shell_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "completion", "tcsh")[0] == 2


CASES = {
    "pithtex ch": {"check"},
    "pithtex res": {"resolve"},
    "pithtex check --req": {"--require-abstract"},
    "pithtex badge --style fl": {"flat", "flat-square"},
    "pithtex store l": {"list"},
    "pithtex completion f": {"fish"},
}
"""What is typed, and what it can become."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with files, and the three scripts where shells look for them."""
    for name in ("paper.pdf", "record.json"):
        (tmp_path / name).write_text("")
    return tmp_path


def bash(line: str, home: Path) -> set[str]:
    """What bash completes: its function is called as readline calls it."""
    script = (
        f"source {COMPLETIONS / FILES['bash']}\n"
        'COMP_LINE=$1; COMP_POINT=${#1}; read -ra COMP_WORDS <<< "$1"; [[ $1 == *" " ]] && COMP_WORDS+=("")\n'
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
        "_comp=$(complete -p pithtex | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
        '$_comp pithtex "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"\n'
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", line], capture_output=True, text=True, cwd=home, check=True, timeout=60
    )
    assert done.stderr == ""
    return {word.strip() for word in done.stdout.splitlines() if word.strip()}


def fish(line: str, home: Path) -> set[str]:
    """What fish completes, by its own command for that."""
    folder = home / "fish" / "completions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pithtex.fish").write_text((COMPLETIONS / FILES["fish"]).read_text("utf-8"))
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # fish completes what is there
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "PATH": programs}
    done = subprocess.run(
        ["fish", "-c", "complete -C $argv[1]", line],
        capture_output=True,
        text=True,
        cwd=home,
        env=environment,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return {word.partition("\t")[0] for word in done.stdout.splitlines()}


def zsh(line: str, home: Path) -> set[str]:
    """What zsh completes: one that runs on a terminal of its own is typed at, and asked for its list."""
    (home / "_pithtex").write_text((COMPLETIONS / FILES["zsh"]).read_text("utf-8"))
    (home / ".zshrc").write_text(
        "PS1=ready; unsetopt beep; LISTMAX=1000; setopt no_auto_menu no_always_last_prompt\n"
        "fpath=($HOME $fpath); autoload -Uz compinit; compinit -u -D\n"
        "zstyle ':completion:*' verbose no\n"
        "zle -C shown list-choices _main_complete; bindkey '^X' shown\n"
    )
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(home)
        os.execvpe("zsh", ["zsh", "-i"], {**os.environ, "ZDOTDIR": str(home), "HOME": str(home), "TERM": "dumb"})
    try:
        _until(terminal, b"ready")
        os.write(terminal, line.encode() + b"\x18")
        said = _until(terminal, None)
    finally:
        os.close(terminal)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
    return {word.decode() for word in said.replace(line.encode(), b" ").split()}


def _until(terminal: int, wanted: bytes | None) -> bytes:
    """What the terminal says until a word of it, or for three seconds after its last one."""
    said, end = b"", time.monotonic() + 60
    while time.monotonic() < end and (wanted is None or wanted not in said):
        if not select.select([terminal], [], [], 3 if wanted is None and said else 30)[0]:
            break
        said += os.read(terminal, 65536)
    return said


@pytest.mark.needs("bash")
@pytest.mark.parametrize(("line", "wanted"), CASES.items())
def test_bash(line: str, wanted: set[str], home: Path) -> None:
    assert bash(line, home) == wanted


@pytest.mark.needs("fish")
@pytest.mark.parametrize(("line", "wanted"), CASES.items())
def test_fish(line: str, wanted: set[str], home: Path) -> None:
    assert fish(line, home) == wanted


@pytest.mark.needs("zsh")
@pytest.mark.parametrize(("line", "wanted"), CASES.items())
def test_zsh(line: str, wanted: set[str], home: Path) -> None:
    assert wanted <= zsh(line, home)


@pytest.mark.needs("bash", "fish", "zsh")
@pytest.mark.parametrize("shell", [bash, fish, zsh])
def test_files_and_all_commands(shell: Callable[[str, Path], set[str]], home: Path) -> None:
    assert "paper.pdf" in shell("pithtex check pap", home) | shell("pithtex check ./pap", home)
    assert COMMANDS.keys() <= shell("pithtex ", home)


@pytest.mark.needs("mandoc")
@pytest.mark.parametrize("page", sorted(PAGES.iterdir()), ids=lambda path: path.name)
def test_manual_pages_are_read_without_an_error(page: Path) -> None:
    found = subprocess.run(["mandoc", "-T", "lint", "-W", "error", page], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")
    shown = subprocess.run(["mandoc", "-T", "utf8", page], capture_output=True, text=True, check=True).stdout
    assert "exit codes:" in shown


def test_there_is_a_page_for_each_command() -> None:
    assert {path.name for path in PAGES.iterdir()} == {"pithtex.1", *(f"pithtex-{name}.1" for name in COMMANDS)}
