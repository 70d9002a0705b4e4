"""SARIF and GitHub's commands: valid by the official schema, and no text of a document is obeyed."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from pithtex.catalogue import CATALOGUE, finding
from pithtex.cli.main import main
from pithtex.findings import DOCS, Finding, Located, Severity
from pithtex.report.github import STEP_LIMIT, github_lines
from pithtex.report.sarif import MAX_RESULTS, sarif_document
from tests.conftest import ROOT

HOSTILE = [
    "two\nlines\r\n::error::forged",
    "\u2028::error file=a::forged\u0085::warning::x",
    "##[error]forged ##[add-mask]x",
    "50% %0A::error::forged, a:b",
    "[click](https://evil.example) {0} {em}",
    "\x1b[2J\x00\u202e\udcff",
    "x" * 10_000,
]


def located(message: str, **place: Any) -> Located:
    return Located(**{"file": "paper.pdf", "finding": finding("channel-conflict", message, where=message), **place})


def schema_errors(text: str) -> list[str]:
    schema = json.loads((ROOT / "build" / "npm" / "sarif-2.1.0.json").read_bytes())
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(text))]


def obeyed(line: str) -> re.Match[str] | None:
    """How a runner looks for a command: `::` first on a line, or `##[` anywhere."""
    return re.match(r"\s*::|.*##\[", line)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_command(text: str) -> None:
    items = [located(text), Located(file=text, finding=finding("no-input", "there is nothing", hint=text))]
    summary, *commands = github_lines(items, [("invalid", text)])
    assert obeyed(summary) is None
    assert len(commands) == 2
    for command in commands:
        assert command.isprintable()
        match = re.fullmatch(r"::error ((?:[a-z]+=[^:,]*)(?:,[a-z]+=[^:,]*)*)::(.*)", command)
        assert match is not None
        assert {part.partition("=")[0] for part in match[1].split(",")} == {"file", "title"}
        assert re.sub(r"%(25|0A|0D|3A|2C)", "", match[0]).count("%") == 0
        assert "##[" not in command


def test_escapes_are_those_of_the_runner() -> None:
    """What a runner makes of the command is what was said."""
    (command,) = github_lines([Located(file="a,b:c%.tex", finding=finding("no-input", "100%: a, b"), line=3, column=7)])
    expected = "::error file=a%2Cb%3Ac%25.tex,line=3,col=7,title=PITH004 no-input::100%25: a, b"
    assert command == expected


def test_no_more_annotations_than_github_shows() -> None:
    notes = [Located(file="a.pdf", finding=finding("citation-link", f"link {n}")) for n in range(STEP_LIMIT + 3)]
    lines = github_lines([*notes, located("worst")])
    assert lines[0].startswith("::error ")
    assert sum(line.startswith("::notice ") for line in lines) == STEP_LIMIT
    assert lines[-1] == "pithtex: 3 more of level notice are not shown: GitHub shows only 10 per step"


@pytest.mark.parametrize("text", HOSTILE)
def test_sarif_of_hostile_text_is_valid(text: str) -> None:
    items = [located(text), Located(file=text, finding=finding("no-input", text, where=text), line=2, column=5)]
    log = sarif_document(items, "1.0", {"paper.pdf": "invalid"})
    assert log.isascii()
    assert schema_errors(log) == []
    for result in json.loads(log)["runs"][0]["results"]:
        shown = result["message"]["text"]
        assert shown.isprintable()
        assert re.search(r"(?<!\\)\]\(", shown) is None


def test_sarif_of_every_rule_is_valid_and_leads_to_the_page_of_findings() -> None:
    """Every code of the catalogue as a finding: its help is an anchor that docs/reference/findings.md has."""
    items = [
        Located(file="a b.pdf", finding=finding(name, "said"), page=2, region=(1.0, 2.0, 3.0, 4.0))
        for name in CATALOGUE
    ]
    log = sarif_document(items, "1.0")
    assert schema_errors(log) == []
    (run,) = json.loads(log)["runs"]
    rules = run["tool"]["driver"]["rules"]
    page = (ROOT / "docs" / "reference" / "findings.md").read_text()
    assert {rule["id"] for rule in rules} == {rule.code for rule in CATALOGUE.values()}
    for rule in rules:
        path, _, anchor = rule["helpUri"].removeprefix(DOCS).partition("#")
        assert (path, anchor) == ("reference/findings.html", rule["name"])
        assert f'<a id="{anchor}"></a>' in page
        assert f"pithtex explain {rule['id']} " in rule["help"]["text"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.pdf"
        assert place["logicalLocations"] == [{"name": "page 2", "kind": "page"}]
        assert place["properties"] == {"page": 2, "rectangle": [1.0, 2.0, 3.0, 4.0]}


def test_sarif_keeps_the_worst_where_there_are_too_many() -> None:
    note = Finding(code="PITH307", name="citation-link", severity=Severity.NOTE, message="a link")
    items = [*(Located(file="a.pdf", finding=note) for _ in range(MAX_RESULTS)), located("worst")]
    results = json.loads(sarif_document(items, "1.0"))["runs"][0]["results"]
    assert len(results) == MAX_RESULTS
    assert results[0]["ruleId"] == "PITH301"


def test_places_in_a_text_file_and_paths(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    items = [
        Located(file="main.tex", finding=finding("no-input", "x"), line=12, column=3),
        Located(file="-", finding=finding("no-input", "x")),
        Located(file="/abs/ü.pdf", finding=finding("no-input", "x")),
    ]
    log = sarif_document(items, "1.0")
    assert schema_errors(log) == []
    places = [result["locations"][0].get("physicalLocation") for result in json.loads(log)["runs"][0]["results"]]
    assert places[0]["region"] == {"startLine": 12, "startColumn": 3}
    assert places[1] is None
    assert places[2]["artifactLocation"]["uri"] == "file:///abs/%C3%BC.pdf"
    monkeypatch.chdir(ROOT / "examples")
    main(["check", "--format", "sarif", str(ROOT / "examples" / "sparsex" / "main.pdf")])
    (artifact,) = json.loads(capsys.readouterr().out)["runs"][0]["artifacts"]
    assert artifact["location"] == {"uri": "sparsex/main.pdf", "uriBaseId": "%SRCROOT%"}
    assert artifact["properties"] == {"verdict": "valid", "standing": "unknown"}


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_an_error_that_ends_the_command(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "x.pdf", "--record", "/nowhere.json", "--format", form]) == 2
    out, err = capsys.readouterr()
    assert "PITH004" in out
    assert "PITH004" in err
    if form == "sarif":
        assert schema_errors(out) == []


def test_formats_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", "x.pdf", "--json", "--format", "sarif"])
    assert stop.value.code == 2
    assert "not allowed with argument" in capsys.readouterr().err
