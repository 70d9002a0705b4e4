"""Standard streams that are closed, full or left by their reader; wrong usage in JSON; `-` twice; and being ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pithtex.cli.main import build_parser, main
from tests.conftest import BUNDLE_FILE, ROOT
from tests.forgeries.kit import PAPER
from tests.kit.command_line import RECORD, run, run_json

BUNDLE = str(BUNDLE_FILE)


def shell(line: str, given: bytes = b"") -> tuple[int, str, str]:
    """A line of bash, in which `pithtex` is ours."""
    program = f'pithtex() {{ "{sys.executable}" -m pithtex "$@"; }}\n{line}'
    done = subprocess.run(["bash", "-c", program], input=given, capture_output=True, check=False, timeout=60)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err
    assert "Exception" not in out + err
    return done.returncode, out, err


# --- stdout ----------------------------------------------------------------------------------------------------------

COMMANDS = [
    "--help",
    "--version",
    "verify --help",
    f"verify {BUNDLE}",
    f"verify --json {BUNDLE}",
    f"verify --format sarif {BUNDLE}",
    f"verify --merge {BUNDLE} {BUNDLE} -o -",
    "verify-page",
    f"badge --format md {BUNDLE}",
    f"check {PAPER}",
    "keys",
    "verify --json",
    f"presubmit {ROOT}/examples/sparsex",
    "decode nothing --json",
]


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", COMMANDS)
def test_stdout_that_is_full(command: str, unbuffered: str) -> None:
    code, _, err = shell(f"export PYTHONUNBUFFERED={unbuffered}; pithtex {command} >/dev/full")
    assert code == 2
    assert "pithtex: standard output: No space left on device\n" in err


@pytest.mark.parametrize("command", COMMANDS)
def test_stdout_that_is_closed(command: str) -> None:
    code, _, err = shell(f"pithtex {command} >&-")
    assert code == 2
    assert "pithtex: standard output: Bad file descriptor\n" in err


def test_a_verdict_needs_no_stdout() -> None:
    assert shell(f"pithtex verify -q {BUNDLE} >&-") == (0, "", "")
    assert shell(f"pithtex verify -q {BUNDLE} >/dev/full 2>/dev/full </dev/null") == (0, "", "")
    assert shell(f"pithtex verify -q {BUNDLE} >&- 2>&- <&-") == (0, "", "")


def test_what_is_wrong_stays_wrong_where_it_cannot_be_said(tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text("{}")
    assert shell(f"export PYTHONUNBUFFERED=; pithtex verify {tmp_path}/wrong.json >/dev/full")[0] == 1
    assert shell(f"export PYTHONUNBUFFERED=; pithtex verify {tmp_path}/wrong.json >&-")[0] == 1


@pytest.mark.parametrize("command", [f"verify {' '.join([BUNDLE] * 8)}", "verify-page", f"verify --json {BUNDLE}"])
def test_a_reader_that_goes_away(command: str) -> None:
    """As `head -1` does: it has what it wanted, and nothing is said."""
    code, out, err = shell(f"(sleep 1; pithtex {command}; echo $? >&2) | true")
    assert (code, out, err) == (0, "", "3\n")


def test_no_file_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """What is printed for people would land in the next file opened."""
    code, _, _ = shell(f"pithtex verify-page -o {tmp_path}/page.html >&- 2>&- <&-")
    assert code == 2
    page = (tmp_path / "page.html").read_text()
    assert page.startswith("<!")
    assert page.rstrip().endswith("</html>")


# --- stderr and stdin ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stderr", ["/dev/full", "&-"])
def test_stderr_that_cannot_be_written_changes_nothing(stderr: str, tmp_path: Path) -> None:
    assert shell(f"pithtex verify {tmp_path}/nothing 2>{stderr}")[0] == 2
    assert shell(f"pithtex verify --nonsense 2>{stderr}") == (2, "", "")
    code, out, _ = shell(f"pithtex verify --nonsense --json 2>{stderr}")
    assert (code, json.loads(out)["command"]) == (2, "verify")
    code, out, _ = shell(f"pithtex resolve --offline 2606.01751 --json 2>{stderr}")
    assert (code, json.loads(out)["command"]) == (3, "resolve")


@pytest.mark.parametrize(
    "command",
    ["verify -", "check -", "decode -", "badge --format md -", "resolve -", "store import -", "generate - -o x"],
)
def test_stdin_that_is_closed_is_no_input(command: str, tmp_path: Path) -> None:
    code, out, _ = shell(f"export PITHTEX_HOME={tmp_path}/store; cd {tmp_path}; pithtex {command} --json <&-")
    (found,) = json.loads(out)["results"][0]["findings"]
    assert (code, found["name"], found["message"]) == (2, "no-input", "Bad file descriptor")


def test_names_on_stdin_that_are_no_text(tmp_path: Path) -> None:
    junk = bytes(range(256)) * 4
    code, out, _ = shell(f"export PITHTEX_HOME={tmp_path}; pithtex resolve --offline - --json", junk)
    assert code == 2
    assert {found["name"] for result in json.loads(out)["results"] for found in result["findings"]} == {
        "unknown-identifier"
    }


@pytest.mark.parametrize(
    "words",
    [
        ["verify", "-", "-"],
        ["check", "-", "-"],
        ["check", "-", "--record", "-"],
        ["decode", "-", "-"],
        ["resolve", "-", "-"],
        ["store", "import", "-", "-"],
        ["presubmit", "--record", "-", "--record", "-"],
    ],
)
def test_stdin_is_read_once(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, *words)
    (found,) = document["results"][0]["findings"]
    assert (code, found["name"]) == (2, "wrong-usage")
    assert found["message"] == "standard input can only be read once"


def test_a_record_on_stdin_serves_every_round(tmp_path: Path) -> None:
    """`presubmit --fix` looks at the paper again after its mends, and the record is read once."""
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\n\\usepackage{pith}\n\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n"
        "\\title{SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving}\n"
        "\\begin{document}\\maketitle\\end{document}\n"
    )
    command = f"export PITHTEX_HOME={tmp_path}/store; pithtex presubmit {tmp_path} --fix --record - --json"
    _, out, _ = shell(command, BUNDLE_FILE.read_bytes())
    (result,) = json.loads(out)["results"]
    assert result["written"]
    assert result["facts"]["record"]["status"] == "holds"
    assert not {"malformed-document", "package-missing"} & {found["name"] for found in result["findings"]}


# --- wrong usage in JSON ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["verify", "--json"], "verify"),
        (["verify", "--js"], "verify"),
        (["--json"], ""),
        (["nonsense", "--json"], ""),
        (["check", "--json", "x.pdf", "--timeout", "soon"], "check"),
        (["check", "--format", "json"], "check"),
        (["check", "--format=json"], "check"),
        (["badge", RECORD, "--json", "--format", "\x1b[2J"], "badge"),
        (["store", "--json"], "store"),
        (["mirror", "export", "--json"], "mirror"),
        (["keys", "--json", "--quiet"], "keys"),
    ],
)
def test_wrong_usage_is_a_document_too(words: list[str], command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *words)
    document = json.loads(out)
    (result,) = document["results"]
    assert (code, document["schema"], document["command"]) == (2, "pithtex/1", command)
    assert [found["name"] for found in result["findings"]] == ["wrong-usage"]
    assert err.startswith("usage: ")
    assert "\x1b" not in err


def test_what_follows_two_dashes_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "verify", "--nonsense", "--", "--json")[1] == ""


def test_arguments_do_not_reach_the_terminal_raw(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "verify", RECORD, "-\x1b]0;title\x07")
    assert (code, "\x1b" in err, "\\u{001b}" in err) == (2, False, True)


def test_every_parser_raises_where_argparse_would_exit() -> None:
    assert type(build_parser()).__name__ != "ArgumentParser"


# --- ended -----------------------------------------------------------------------------------------------------------

ENDINGS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def ended(command: list[str], place: Path, by: signal.Signals, ready: str) -> tuple[int, str]:
    """A command ended while it waits; it waits once something is there that matches `ready`."""
    environment = {**os.environ, "TMPDIR": str(place / "tmp"), "PITHTEX_HOME": str(place / "store")}
    (place / "tmp").mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "pithtex", *command], stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        until = time.monotonic() + 60
        while not list(place.glob(ready)) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(by)
        _, err = process.communicate(timeout=60)
    return process.returncode, err.decode()


@pytest.mark.parametrize("by", ENDINGS)
def test_a_command_that_is_ended_leaves_no_temporary_file(by: signal.Signals, tmp_path: Path) -> None:
    """Of two files one is written under its temporary name, and the other is a pipe that nobody reads."""
    folder = tmp_path / "paper"
    folder.mkdir()
    os.mkfifo(folder / "pith-snippet.tex")
    command = ["generate", BUNDLE, "-o", str(folder)]
    code, err = ended(command, tmp_path, by, "paper/pith-badges/.*.tmp")
    assert (code, err) == (ENDINGS[by], "")
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert left == {"paper", "paper/pith-snippet.tex", "paper/pith-badges", "tmp"}


@pytest.mark.parametrize("by", ENDINGS)
def test_ended_with_its_reader_gone(by: signal.Signals, tmp_path: Path) -> None:
    """As by Ctrl-C, which ends all of a pipeline: the first file's result is not written yet, and never will be."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "pithtex", "check", str(PAPER), str(pipe)]
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        with pipe.open("wb"):  # which waits until the second file is being read
            process.send_signal(by)
            err = process.stderr.read()
    assert (process.returncode, err) == (ENDINGS[by], b"")


def test_signals_are_as_they_were_afterwards() -> None:
    before = [signal.getsignal(each) for each in ENDINGS]
    assert main(["keys", "-q"]) == 0
    assert [signal.getsignal(each) for each in ENDINGS] == before
