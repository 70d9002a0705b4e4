"""`pithtex explain`, and that each finding's address leads to its page."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pithtex.catalogue import CATALOGUE
from pithtex.findings import DOCS, docs_url
from pithtex.report.pages import explanations, page_of
from pithtex.report.terminal import Style
from pithtex.review.rules_page import RULES_OF, finding_of
from tests.conftest import ROOT
from tests.kit.command_line import EXAMPLE, run, run_json

RULES = {finding_of(rule).code for rules in RULES_OF.values() for rule in rules}


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_finding_has_a_page(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    rule = CATALOGUE[name]
    assert (rule.code in explanations()) is (rule.code not in RULES)
    page = "\n".join(page_of(rule))
    assert page.startswith(f"{rule.code} {name} ({rule.severity.value})\n\n{rule.sentence}\n")
    assert len(re.findall(r"^(?:Why it matters|How to fix it): \S", page, re.MULTILINE)) == 2
    assert "**" not in page
    code, out, err = run(capsys, "explain", rule.code)
    assert (code, err) == (0, "")
    assert out == run(capsys, "explain", name)[1]
    assert out.endswith(f"\n{docs_url(name)}\n")
    assert max(len(line) for line in out.splitlines() if not line.startswith("  ")) <= 100


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_address_of_a_finding_leads_to_its_place(name: str) -> None:
    path, _, anchor = docs_url(name).removeprefix(DOCS).partition("#")
    text = (ROOT / "docs" / path.replace(".html", ".md")).read_text()
    assert text.count(f'<a id="{anchor}"></a>') == 1
    row = re.search(rf"^\| .*\[{CATALOGUE[name].code}\]\(([^)#]*)#{name}\) \|", text, re.MULTILINE)
    assert row is not None
    assert f'<a id="{name}"></a>' in (ROOT / "docs" / "reference" / (row[1] or "findings.md")).read_text()


def test_a_rule_of_presubmit_is_shown_with_its_example(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "explain", "number-malformed")[1]
    for line in ("  -\\pithnumber{EL6A4Q0TPLYS3LFEIZGOL5QVTM}", "  +\\pithnumber{EL6A4QOTPLYS3LFEIZGOL5QVTM}"):
        assert line in out.splitlines()


def test_an_example_in_words_is_a_list_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "explain", "package-stale")[1].splitlines()
    assert "How to fix it: `--fix` writes it again." in lines
    assert "  - Not reported: `pith.sty` is as this version writes it." in lines


def test_several_and_the_beginning_of_codes(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "pith61", "PITH003")
    lines = out.splitlines()
    codes = [rule.code for rule in CATALOGUE.values() if rule.code.startswith("PITH61")]
    assert (code, [line.split()[0] for line in lines[: len(codes)]]) == (0, codes)
    assert lines[len(codes) : len(codes) + 2] == ["", "PITH003 malformed-number (error)"]
    code, document = run_json(capsys, "explain", "PITH612")
    assert [(item["code"], item["name"]) for item in document["results"]] == [("PITH612", "package-stale")]


@pytest.mark.parametrize(
    ("text", "meant"), [("package-stal", "package-stale"), ("PITH999", ""), ("PITH", ""), ("\x1b[31m", "")]
)
def test_what_is_no_finding(text: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", text)
    assert (code, out, "\x1b" in err) == (2, "", False)
    assert ("did you mean" in err) is bool(meant)
    assert meant in err


def test_an_installed_copy_has_the_pages() -> None:
    """The wheel carries the page that the rules' sections are read from."""
    text = (ROOT / "pyproject.toml").read_text()
    assert '"docs/reference/presubmit.md" = "pithtex/report/presubmit.md"' in text


def test_findings_have_their_address_in_json_and_html(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "report.html"
    code, out, _ = run(capsys, "check", EXAMPLE, "--json", "--html", page)
    found = json.loads(out)["results"][0]["findings"]
    assert (code, bool(found)) == (0, True)
    for item in found:
        assert item["url"] == docs_url(item["name"])
        assert f'<a href="{item["url"]}">{item["code"]} {item["name"]}</a>' in page.read_text()


def on_a_terminal(*words: str, **environment: str) -> str:
    """What a command writes to a terminal."""
    leader, follower = pty.openpty()
    plain = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "PITHTEX_HOME"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "pithtex", *words], stdout=follower, stderr=follower, cwd=ROOT, env=plain | environment
    )
    os.close(follower)
    parts = []
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # Linux: the other end was closed
            break
        if not part:
            break
        parts.append(part)
    os.close(leader)
    process.wait()
    return b"".join(parts).decode()


LINK = f"\x1b]8;;{docs_url('abstract-unconfirmed-in-pdf')}\x1b\\"


def test_links_on_terminals_that_show_them_alone(capsys: pytest.CaptureFixture[str]) -> None:
    paper = str(EXAMPLE)
    assert LINK in on_a_terminal("check", paper, TERM="xterm-kitty")
    assert LINK in on_a_terminal("check", paper, TERM="xterm-256color", VTE_VERSION="6003", NO_COLOR="1")
    assert LINK in on_a_terminal("check", paper, TERM="xterm", FORCE_HYPERLINK="1")
    assert "\x1b]8" not in on_a_terminal("check", paper, TERM="xterm-kitty", FORCE_HYPERLINK="0")
    assert "\x1b]8" not in on_a_terminal("check", paper, TERM="xterm", VTE_VERSION="4999")
    assert "\x1b]8" not in on_a_terminal("check", paper, TERM="dumb", VTE_VERSION="6003")
    assert "\x1b]8" not in run(capsys, "check", paper, "--color", "always")[1]


def test_no_link_into_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert Style.choose("auto", sys.stdout).links is sys.stdout.isatty()
