"""The GitHub Action: its file, and its script run as a runner runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pithtex.catalogue import finding
from pithtex.cli.github_action import arguments, main
from pithtex.errors import UsageError
from pithtex.findings import Located
from pithtex.report.summary import MAX_ROWS, summary_markdown
from tests.conftest import ROOT
from tests.manuscript.conftest import document

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEP = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "check")
EXAMPLE = ROOT / "examples" / "presubmission"


class Runner:
    """A workspace, and what GitHub sets for a step of a composite action."""

    def __init__(self, place: Path) -> None:
        self.workspace = place / "workspace"
        self.output, self.summary = place / "output", place / "summary"
        temporary = place / "temp"
        (temporary / "pithtex" / "bin").mkdir(parents=True)
        self.workspace.mkdir()
        # Where the first step has installed it; installing needs a package index.
        python = temporary / "pithtex" / "bin" / "python"
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(temporary),
            "PITHTEX_OFFLINE": "1",
        }

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Runs the step's own script; inputs that are not given have their defaults."""
        given = {name: str(value.get("default", "")) for name, value in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        names = {name: re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)[1] for name, value in STEP["env"].items()}
        self.output.write_text("")
        self.summary.write_text("")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEP["run"]],
            env={**self.environment, **{variable: given[name] for variable, name in names.items()}},
            cwd=self.workspace,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_the_file_is_an_action() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions"]
    subprocess.run([*command, str(ROOT / "action.yml")], check=True)


def test_no_input_is_part_of_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert set(re.findall(r"inputs\.([a-z-]+)", str(step["env"]))) <= set(ACTION["inputs"])
    used = {name for step in ACTION["runs"]["steps"] for name in re.findall(r"inputs\.([a-z-]+)", str(step["env"]))}
    assert used == set(ACTION["inputs"])


@pytest.mark.tex
def test_a_good_paper_and_its_upload(runner: Runner) -> None:
    shutil.copytree(EXAMPLE, runner.workspace / "paper")
    done = runner.run(path="paper", pack="upload.tar.gz")
    assert done.returncode == 0, done.stdout + done.stderr
    assert runner.outputs() == {"exit-code": "0", "result": "good", "upload": "upload.tar.gz"}
    assert (runner.workspace / "upload.tar.gz").is_file()
    assert runner.summary.read_text().startswith("## pithtex\n")
    assert "::error" not in done.stdout


def test_a_wrong_number_is_annotated_at_its_line(runner: Runner) -> None:
    shutil.copytree(EXAMPLE, runner.workspace / "paper")
    source = runner.workspace / "paper" / "main.tex"
    source.write_text(source.read_text().replace("54ILOMC2WCXVKAB2A3C2E52PCE", "54ILOMC2WCXVKAB2A3C2E52PC"))
    done = runner.run(path="paper")
    assert done.returncode == 1
    line = source.read_text().split("\\pithnumber")[0].count("\n") + 1
    assert re.search(rf"^::error file=paper/main\.tex,line={line},", done.stdout, re.M), done.stdout
    assert runner.outputs()["result"] == "wrong"
    assert "paper&#47;main&#46;tex" in runner.summary.read_text()


def test_what_a_title_says_is_no_command(runner: Runner) -> None:
    title = "\\title{::error::forged%0A::set-output name=result::good ##[error]x <img src=x> [a](http://b)}\\maketitle"
    (runner.workspace / "main.tex").write_text(document(title, "\\usepackage{pith}\\pithnumber{::error::}"))
    done = runner.run()
    for line in done.stdout.splitlines():
        assert line.startswith(
            ("::error file=main.tex", "::warning file=main.tex", "::notice file=main.tex", "pithtex: ")
        )
        assert "##[" not in line
    assert "<img" not in runner.summary.read_text()
    assert "](http" not in runner.summary.read_text()


@pytest.mark.parametrize(
    "inputs",
    [
        {"path": "--help"},
        {"path": "-o"},
        {"pack": "--fix"},
        {"build": "yes; touch made"},
        {"build": "--build"},
        {"select": "--json"},
        {"ignore": "a\nresult=good"},
        {"path": "a\x1b[2J"},
        {"strict": "maybe"},
    ],
)
def test_inputs_that_are_none(runner: Runner, inputs: dict[str, str]) -> None:
    done = runner.run(**inputs)
    assert done.returncode == 2
    assert done.stdout.startswith("::error ")
    assert done.stdout.count("\n") == 1
    assert runner.output.read_text() == ""
    assert list(runner.workspace.iterdir()) == []


@pytest.mark.parametrize("path", ["$(touch made)", "`touch made`", "a; touch made", "' && touch made #"])
def test_inputs_reach_no_shell(runner: Runner, path: str) -> None:
    done = runner.run(path=path)
    assert done.returncode == 2
    assert list(runner.workspace.iterdir()) == []


def test_modules_of_the_workspace_are_none_of_ours(runner: Runner) -> None:
    for name in ("json.py", "argparse.py", "pithtex.py", "sitecustomize.py"):
        (runner.workspace / name).write_text("open('made', 'w')\n")
    runner.run()
    assert not (runner.workspace / "made").exists()


def test_the_step_that_installs(tmp_path: Path) -> None:
    """Its words, by a Python that writes them down; installing needs a package index, and the hooks' test does it."""
    python = tmp_path / "a python"
    python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>"{tmp_path}/words"\n')
    python.chmod(0o755)
    (tmp_path / "pithtex" / "bin").mkdir(parents=True)
    (tmp_path / "pithtex" / "bin" / "python").symlink_to(python)
    install = ACTION["runs"]["steps"][0]["run"]
    environment = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": "/the action"}
    for given, code in ((str(python), 0), ("--version", 2), ("-c touch made", 2)):
        done = subprocess.run(
            ["bash", "-e", "-c", install], env={**environment, "INPUT_PYTHON": given}, cwd=tmp_path, check=False
        )
        assert done.returncode == code
    assert (tmp_path / "words").read_text().splitlines() == [
        f"-I -m venv {tmp_path}/pithtex",
        "-I -m pip install --quiet --disable-pip-version-check /the action",
    ]


def test_undecided_fails_the_step_where_strictness_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pithtex.cli.main.main", lambda words: 3)
    assert main({}) == 0
    assert main({"INPUT_STRICT": "true"}) == 3


def test_the_words_of_the_command() -> None:
    assert arguments({}) == ["presubmit", ".", "--format", "github", "--color", "never"]
    words = arguments(
        {"INPUT_PATH": " a b ", "INPUT_BUILD": "true", "INPUT_IGNORE": "PITH612", "INPUT_REQUIRE": "false"}
    )
    assert words[1:2] + words[6:] == ["a b", "--build", "--ignore", "PITH612"]
    with pytest.raises(UsageError):
        arguments({"INPUT_PACK": "-x"})


# --- the summary -----------------------------------------------------------------------------------------------------


def test_the_summary() -> None:
    items = [
        Located(file="p/main.tex", line=3, column=1, finding=finding("no-main-file", "a note", hint="do that")),
        Located(file="main.pdf", page=2, finding=finding("no-metadata", "nothing there")),
    ]
    text = summary_markdown(items, ["built by pdflatex"])
    assert text.splitlines()[:5] == ["## pithtex", "", "1 error, 1 note", "", "- <code>built by pdflatex</code>"]
    assert "| error PITH540 no-main-file | <code>p&#47;main&#46;tex&#58;3&#58;1</code> |" in text
    assert "main&#46;pdf&#44; page 2" in text


def test_the_summary_says_nothing_in_another_tongue() -> None:
    nasty = "*a* | [b](c) <script> `x` @someone #1 https://a.example \n## forged \u202e ${{ x }} :smile: $x$"
    text = summary_markdown([Located(file=nasty, finding=finding("no-metadata", nasty, hint=nasty))], [nasty])
    assert "\u202e" not in text
    body = text.partition("\n\n")[2]
    stripped = re.sub(r"</?code>|<br>|&#[0-9]+;", "", body)
    assert set(re.sub(r"[A-Za-z0-9 \n|-]", "", stripped)) == set()
    assert text.count("\n## ") == 0


def test_the_summary_has_an_end() -> None:
    long = "\u2603" * 100_000
    one = Located(file=long, finding=finding("no-metadata", long, hint=long))
    text = summary_markdown([one] * (MAX_ROWS + 7), [long] * 10)
    assert "7 more are not listed here." in text
    assert len(text.encode()) < 2**20
    assert summary_markdown([]) == "## pithtex\n\nNothing to report.\n\n"
