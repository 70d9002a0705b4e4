"""Where people run it: no TeX, no network, a home that is read-only, other locales, odd paths, narrow terminals, CRLF.

Without a network: also tests/resolution/test_offline.py, on a machine that has none.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import BUNDLE_FILE, ROOT

EXAMPLE = ROOT / "examples" / "sparsex"
LINES = "\\usepackage{pith}\n\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n"
PLAIN = {"PATH": "/nonexistent", "LANG": "C.UTF-8", "PITHTEX_OFFLINE": "1"}
"""No program is found, TeX among them, and nobody is asked."""

PATHS = {
    "spaces": "my  paper, final",
    "quotes": 'it\'s "the" `paper` $(touch forged)',
    "newline": "a\nb",
    "emoji": "papier-🙂-é",
    "an option": "-rf --json",
    "terminal": "\x1b]0;forged\x07\u202etxt",
    "percent": "100%_$HOME~#&{}",
}
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def pithtex(
    *arguments: str, home: str | Path = "/proc/none", cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The program as a process of its own, by default with a home that cannot be made."""
    own = {**PLAIN, "HOME": str(home), **environment}
    command = [sys.executable, "-X", "dev" if "dev" in environment else "utf8=0", "-m", "pithtex", *arguments]
    return subprocess.run(command, cwd=cwd, env=own, capture_output=True, check=False, timeout=120)


@cache
def plainly(command: str) -> tuple[int, bytes]:
    """Exit code and output under the usual locale."""
    done = pithtex(*command.split())
    return done.returncode, done.stdout


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """The example, without the two lines and without pith.sty."""
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "main.tex").write_text((EXAMPLE / "main.tex").read_text().replace(LINES, ""))
    shutil.copy(EXAMPLE / "main.pdf", folder)
    return folder


def test_everything_but_a_build_works_without_tex_and_network(paper: Path) -> None:
    home = paper.parent / "home"
    assert pithtex("add", str(BUNDLE_FILE), str(paper), "--yes", home=home).returncode == 0
    assert (paper / "main.tex").read_text() == (EXAMPLE / "main.tex").read_text()
    done = pithtex("presubmit", str(paper), home=home)
    assert done.returncode == 0, done.stdout
    assert pithtex("check", str(paper / "main.pdf"), home=home).returncode == 0
    built = pithtex("presubmit", "--build", str(paper), home=home)
    assert built.returncode in {1, 2, 3}
    assert b"pdflatex" in built.stdout + built.stderr
    assert b"Traceback" not in built.stderr


@pytest.mark.parametrize("home", ["/proc/none", "/dev/null", ""])
def test_a_home_that_cannot_be_written(home: str, paper: Path, tmp_path: Path) -> None:
    for arguments in (
        ["add", str(BUNDLE_FILE), str(paper), "--yes"],
        ["audit", str(paper), "-o", str(tmp_path / "audit")],
        ["verify", str(BUNDLE_FILE)],
        ["check", str(EXAMPLE / "main.pdf")],
        ["generate", str(BUNDLE_FILE), "-o", str(tmp_path / "out")],
        ["show", str(EXAMPLE / "main.pdf")],
        ["keys"],
        ["presubmit", str(EXAMPLE)],
    ):
        done = pithtex(*arguments, home=home)
        assert done.returncode in {0, 3}, (arguments, done.stderr)
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("home", ["/proc/none", "/dev/null"])
def test_a_store_that_cannot_be_written_is_said(home: str) -> None:
    done = pithtex("store", "import", str(BUNDLE_FILE), home=home)
    assert done.returncode in {2, 3}
    assert b"PITH531 store-not-written" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"},
        {"LC_ALL": "no_SUCH.locale"},
        {"TERM": "dumb"},
        {"COLUMNS": "40"},
        {"COLUMNS": "1"},
        {"COLUMNS": "x"},
        {"NO_COLOR": "1"},
    ],
    ids=str,
)
def test_the_same_words_everywhere(locale: dict[str, str], paper: Path) -> None:
    commands = ("check examples/sparsex/main.pdf", "verify examples/sparsex/bundle.json", "presubmit examples/sparsex")
    for command in commands:
        other = pithtex(*command.split(), **locale)
        assert (other.returncode, other.stdout) == plainly(command), command
    done = pithtex("add", str(BUNDLE_FILE), str(paper), "--yes", home=paper.parent / "home", **locale)
    assert (done.returncode, (paper / "main.tex").read_text()) == (0, (EXAMPLE / "main.tex").read_text())
    out = paper.parent / "audit"
    assert pithtex("audit", str(paper), "-o", str(out), **locale).returncode == 0
    assert [
        json.loads(line)["verdict"] for part in (out / "parts").iterdir() for line in part.read_text().splitlines()
    ] == ["valid"]


@pytest.mark.parametrize("columns", [40, 20])
def test_help_fits_a_narrow_terminal(columns: int) -> None:
    for arguments in (["--help"], ["check", "--help"], ["presubmit", "--help"]):
        done = pithtex(*arguments, COLUMNS=str(columns))
        assert done.returncode == 0
        assert b"exit codes" in done.stdout or b"example" in done.stdout


@pytest.mark.parametrize("name", PATHS)
def test_odd_paths(name: str, paper: Path) -> None:
    folder = paper.rename(paper.parent / PATHS[name])
    home = folder.parent / "home"
    ran = [
        pithtex("add", str(BUNDLE_FILE), str(folder), "--yes", home=home),
        pithtex("check", str(folder / "main.pdf"), "--html", str(folder / "report.html"), home=home),
        pithtex("presubmit", str(folder), home=home),
        pithtex("generate", str(BUNDLE_FILE), "-o", str(folder / "out"), home=home),
        pithtex("audit", str(folder), "-o", str(folder.parent / "audit"), home=home),
        pithtex("check", "--json", str(folder / "main.pdf"), home=home),
        pithtex("check", str(folder / "nothing.pdf"), home=home),
    ]
    assert [done.returncode for done in ran] == [0, 0, 0, 0, 0, 0, 2], [done.stderr for done in ran]
    for done in ran:
        assert b"Traceback" not in done.stderr
        assert not CONTROLS.search((done.stdout + done.stderr).decode("utf-8", "replace"))
    assert json.loads(ran[5].stdout)["results"][0]["file"]
    assert (folder / "out" / "pith.sty").is_file()
    assert (folder / "report.html").is_file()
    assert not list(folder.parent.rglob("forged"))


@pytest.mark.parametrize("variable", ["PITHTEX_KEYS", "PITHTEX_CONFIG_DIR", "PITHTEX_HOME", "TERM", "LANG", "COLUMNS"])
def test_an_environment_that_moves_the_cursor(variable: str) -> None:
    hostile = {variable: "/x\x1b]0;forged\x07\u202e\nPITH000 forged"}
    for arguments in (["keys"], ["check", str(EXAMPLE / "main.pdf")], ["store", "list"], ["presubmit", str(EXAMPLE)]):
        done = pithtex(*arguments, **hostile)
        assert b"Traceback" not in done.stderr
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        assert not CONTROLS.search(said), arguments
        assert not re.search("^PITH000", said, re.MULTILINE)


def test_windows_line_ends(paper: Path) -> None:
    home = paper.parent / "home"
    before = (paper / "main.tex").read_bytes().replace(b"\n", b"\r\n")
    (paper / "main.tex").write_bytes(before)
    assert pithtex("add", str(BUNDLE_FILE), str(paper), "--yes", home=home).returncode == 0
    added = (paper / "main.tex").read_bytes()
    assert LINES.encode().replace(b"\n", b"\r\n") in added
    assert added.count(b"\n") == added.count(b"\r\n")
    assert pithtex("presubmit", str(paper), home=home).returncode == 0
    assert pithtex("remove", str(paper), "--yes", home=home).returncode == 0
    assert (paper / "main.tex").read_bytes() == before


def test_windows_line_ends_in_lists_and_keys(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE / "main.pdf", tmp_path / "a.pdf")
    (tmp_path / "catalogue.csv").write_bytes(b"file,id\r\na.pdf,arXiv:2606.01751\r\n")
    out = str(tmp_path / "audit")
    done = pithtex("audit", str(tmp_path / "a.pdf"), "--manifest", str(tmp_path / "catalogue.csv"), "-o", out)
    assert done.returncode == 0, done.stderr
    key = b"lab-key-1 b2d552b68890857171a78b36a5dccf368a953413288c353f7c9d9d6f94b709b3\r\n"
    (tmp_path / "keys.txt").write_bytes(b"# ours\r\n" + key)
    assert b"lab-key-1" in pithtex("keys", "--key", str(tmp_path / "keys.txt")).stdout
    record = tmp_path / "record.json"
    record.write_bytes(json.dumps(json.loads(BUNDLE_FILE.read_bytes()), indent=1).encode().replace(b"\n", b"\r\n"))
    assert pithtex("verify", str(record)).returncode == 0
