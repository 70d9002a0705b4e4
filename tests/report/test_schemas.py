"""The published schemas of what commands print: valid, shipped, one for each command, and strict."""

from __future__ import annotations

import argparse
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pithtex.cli.main import build_parser
from pithtex.cli.table import COMMANDS
from pithtex.report.jsondoc import SCHEMA, json_line
from tests.kit.command_line import EXAMPLE, RECORD, run, run_json
from tests.kit.documents import OUTPUT, SCHEMAS, check, check_audit_line, validator

FILES = sorted(SCHEMAS.rglob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_schema_is_one(path: Any) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_bytes()))


def test_each_command_has_one_and_the_version_is_that_of_the_folder() -> None:
    assert {path.stem for path in OUTPUT.glob("*.json")} - {"common", "audit-line", "audit-about"} == COMMANDS.keys()
    assert OUTPUT.name == f"output-{SCHEMA.partition('/')[2]}"


def formats(parser: argparse.ArgumentParser) -> set[str]:
    """The formats of a command, and of its subcommands."""
    found: set[str] = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found.update(*map(formats, action.choices.values()))
        elif "--format" in action.option_strings:
            found.update(action.choices or ())
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_a_schema_has_lines_where_the_command_prints_lines(command: str) -> None:
    (commands,) = (each for each in build_parser()._actions if isinstance(each, argparse._SubParsersAction))
    schema = json.loads((OUTPUT / f"{command}.json").read_bytes())
    forms = [schema] if "$ref" in schema else schema["anyOf"]
    has_lines = "jsonl" in formats(commands.choices[command])
    assert [form["$ref"] for form in forms] == ["#/$defs/document", "#/$defs/line"][: 1 + has_lines]
    assert ("line" in schema["$defs"], "jsonl" in schema["description"]) == (has_lines, has_lines)


DOCUMENT = {
    "schema": "pithtex/1",
    "version": "1",
    "command": "keys",
    "options": {},
    "results": [{"file": "x", "findings": []}],
}


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "pithtex/2"},
        {"command": "verify"},
        {"options": None},
        {"results": {}},
        {"results": [{}]},
        {"results": [{"findings": [{"code": "PITH001"}]}]},
    ],
)
def test_what_is_not_a_document_is_refused(changes: dict[str, Any]) -> None:
    assert not validator("keys.json", tight=False).is_valid(DOCUMENT | changes)


def test_a_key_that_is_not_described_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    """The hook of all tests sees what a reader of the schemas would miss."""
    _, document = run_json(capsys, "keys")
    check(json.dumps(document))
    document["results"][0]["unheard_of"] = 1
    assert validator("keys.json", tight=False).is_valid(document)
    with pytest.raises(AssertionError, match="unheard_of"):
        check(json.dumps(document))


LINE = {"key": "0123456789abcdef" * 2, "verdict": "absent", "file": "a.pdf", "findings": [], "text": False}


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "0"},
        {"verdict": "good"},
        {"file": None},
        {"findings": [{"code": "PITH401"}]},
        {"number": None},
        {"made": "yesterday"},
        {"unheard_of": 1},
    ],
)
def test_what_is_no_line_of_an_audit_is_refused(changes: dict[str, Any]) -> None:
    check_audit_line(LINE)
    with pytest.raises(AssertionError):
        check_audit_line(LINE | changes)


def test_a_document_has_version_and_options(capsys: pytest.CaptureFixture[str]) -> None:
    from pithtex import __version__

    words = [
        "no-such.pdf",
        "--expect",
        "2606.01751",
        "--password",
        "secret",
        "--color",
        "never",
        "--mirror",
        "me:x@host",
    ]
    _, document = run_json(capsys, "check", *words)
    assert document["version"] == __version__
    assert document["options"] == {"expect": "2606.01751", "password": "***", "mirror": ["***@host"]}


def test_lines_are_results_behind_the_head(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "verify", RECORD, RECORD, "--format", "jsonl", "--failures")
    assert out == ""
    _, out, _ = run(capsys, "verify", RECORD, RECORD, "--format", "jsonl")
    _, document = run_json(capsys, "verify", RECORD, RECORD)
    lines = [json.loads(line) for line in out.splitlines()]
    head = {key: value for key, value in document.items() if key != "results"}
    assert lines == [head | result for result in document["results"]]
    assert json.loads(json_line("keys", {}, {"file": "x"})) == {**head, "command": "keys", "options": {}, "file": "x"}


@pytest.mark.parametrize(
    "words",
    [
        ("decode", "p1.x", "p1.y"),
        ("resolve", "2606.01751", "2606.01752", "--offline"),
        ("show", RECORD, RECORD),
        ("store", "list"),
        ("check", str(EXAMPLE), str(EXAMPLE)),
    ],
    ids=lambda words: words[0],
)
def test_commands_with_many_results_have_lines(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *words, "--format", "jsonl")
    same, document = run_json(capsys, *words)
    assert code == same
    results = [{k: v for k, v in json.loads(line).items() if k not in document} for line in out.splitlines()]
    assert results == document["results"]


def test_exit_zero_forgives_what_was_found_and_no_wrong_usage(
    capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    wrong = tmp_path / "wrong.json"
    document = json.loads(Path(RECORD).read_bytes())
    document["paper"]["title"] += "!"
    wrong.write_text(json.dumps(document))
    assert run(capsys, "verify", wrong)[0] == 1
    assert run(capsys, "verify", wrong, "--exit-zero")[0] == 0
    code, out, _ = run(capsys, "verify", wrong, "--exit-zero", "--format", "sarif")
    assert (code, json.loads(out)["runs"][0]["results"][0]["level"]) == (0, "error")
    assert run(capsys, "verify", tmp_path / "none.json", "--exit-zero")[0] == 2
    assert run(capsys, "verify", "--exit-zero", "--no-such-option", wrong)[0] == 2
    assert run(capsys, "check", EXAMPLE, "--expect", "2606.01752", "--exit-zero")[0] == 0


def test_they_are_in_the_package() -> None:
    """A wheel has them at this place (pyproject.toml); an editable installation reads those of docs."""
    shipped = resources.files("pithtex.format").joinpath("schemas")
    assert not shipped.is_dir() or {item.name for item in shipped.iterdir()} >= {"output-1", "record.json"}
