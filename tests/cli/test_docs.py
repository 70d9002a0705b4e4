"""The documentation says what is so."""

from __future__ import annotations

import argparse
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import pithtex
from pithtex.catalogue import CATALOGUE
from pithtex.cli.main import build_parser
from pithtex.cli.table import COMMANDS
from pithtex.findings import Severity
from pithtex.render.formats import BY_NAME, FORMATS, Format
from pithtex.report.findings_page import catalogue_page
from tests.conftest import ROOT
from tests.fuzz.command_line import FUZZED

README = ROOT / "README.md"


def test_the_page_of_findings_is_that_of_the_catalogue() -> None:
    assert (ROOT / "docs" / "reference" / "findings.md").read_text() == catalogue_page()


def test_codes_are_distinct_and_in_order_and_every_rule_is_used() -> None:
    codes = [rule.code for rule in CATALOGUE.values()]
    assert codes == sorted(set(codes))
    sources = "".join(path.read_text() for path in (ROOT / "pithtex").rglob("*.py") if path.name != "catalogue.py")
    assert [name for name in CATALOGUE if f'"{name}"' not in sources] == []
    assert {rule.severity for rule in CATALOGUE.values()} == set(Severity)


def actions_of(command: str) -> list[str]:
    """The actions of a command that has some, as `store list`."""
    (commands,) = subparsers_of(build_parser({command: COMMANDS[command]}))
    return [name for group in subparsers_of(commands.choices[command]) for name in group.choices]


def subparsers_of(parser: argparse.ArgumentParser) -> list[Any]:
    return [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_listed(command: str) -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text()
    listed = page.partition("\n\n- ")[0]
    line = re.search(rf"^    pithtex {command}(?: .*)?$", listed, re.M)
    assert line is not None, f"docs/reference/commands.md: no line on pithtex {command}"
    for action in actions_of(command):
        assert re.search(rf"\b{action}\b", line[0]), f"docs/reference/commands.md: pithtex {command} lacks {action}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    pages = {path.name for path in (ROOT / "docs").rglob("*.md") if f"pithtex {command}" in path.read_text()}
    assert pages, f"docs/: no page on pithtex {command}"
    assert f"pithtex {command}" in (ROOT / "CHANGELOG.md").read_text(), f"CHANGELOG.md: nothing on pithtex {command}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_help_and_has_its_own(command: str) -> None:
    listed = build_parser().format_help().partition("commands:")[2].partition("example:")[0]
    assert re.search(rf"^    {command}(?: |$)", listed, re.M), f"pithtex --help: no line on {command}"
    (commands,) = subparsers_of(build_parser({command: COMMANDS[command]}))
    own = commands.choices[command].format_help()
    assert f"\nexample:\n  pithtex {command}" in own, f"pithtex {command} --help: no example"
    assert "\nexit codes:" in own, f"pithtex {command} --help: no exit codes"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_tried_by_the_fuzzer(command: str) -> None:
    for words in [(command, action) for action in actions_of(command)] or [(command,)]:
        assert words in FUZZED, f"tests/fuzz/command_line.py: nothing on {' '.join(words)}"


PAGES = [README, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "latex" / "README.md", ROOT / "CONTRIBUTING.md"]
COMMAND_LINE = re.compile(r"(?:^ {4,}|`)(?:\$ )?(?:\S*/)?pithtex ((?:(?!  |`).)+)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_options_that_pages_name_are_there(page: Path) -> None:
    """In blocks and within sentences. Those in README, Start and How-to are run, too, by tests/cli/test_pages.py."""
    for line in COMMAND_LINE.findall(page.read_text()):
        command, *words = re.sub(r"\s[|>&].*", "", line).split()
        if command.startswith(("--", "<")) or command in {"help", "version"} or line == "merge rules 1":
            continue
        assert command in COMMANDS, f"pithtex {line}"
        named = {word.partition("=")[0].strip("[],") for word in words if word.startswith(("--", "[--"))}
        assert named <= options_of(command), f"pithtex {line}"


@cache
def options_of(command: str) -> set[str]:
    """Of a command and of its actions."""
    (commands,) = subparsers_of(build_parser({command: COMMANDS[command]}))
    parsers = [commands.choices[command]]
    parsers += [each for group in subparsers_of(parsers[0]) for each in group.choices.values()]
    return {option for parser in parsers for action in parser._actions for option in action.option_strings}


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob("*/*.md")}
    assert sorted(page for page in pages if f"]({page})" not in index) == []


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_badge_format_is_documented(form: Format) -> None:
    headings = " ".join(re.findall(r"^## .*$", (ROOT / "docs" / "reference" / "badges.md").read_text(), re.M))
    page = (ROOT / "docs" / "reference" / "badges.md").read_text()
    assert f"`{form.name}`" in headings or f"\n`{form.name}` is in [" in page, (
        f"docs/reference/badges.md lacks {form.name}"
    )
    measured = (ROOT / "docs" / "how-we-know" / "performance-badges.md").read_text()
    assert f"\n| {form.name} | " in measured, f"docs/how-we-know/performance-badges.md (make bench) lacks {form.name}"
    line = f"\n  {form.name:<16} {form.description}\n"
    assert line in help_of("badge"), f"pithtex badge --help lacks {form.name}"


def test_the_headings_on_badges_name_no_other_format() -> None:
    headings = " ".join(re.findall(r"^## .*$", (ROOT / "docs" / "reference" / "badges.md").read_text(), re.M))
    assert [name for name in re.findall(r"`([^`]+)`", headings) if name not in BY_NAME] == []


def help_of(command: str) -> str:
    (commands,) = subparsers_of(build_parser({command: COMMANDS[command]}))
    text: str = commands.choices[command].format_help()
    return text


def test_the_codes_of_builds_and_uploads_are_documented() -> None:
    page = (ROOT / "docs" / "reference" / "build-and-pack.md").read_text()
    rows = re.findall(r"^\| (PITH[0-9]+) \| ([a-z-]+) \|", page, re.M)
    assert rows == [(rule.code, rule.name) for rule in CATALOGUE.values() if "PITH661" <= rule.code < "PITH681"]


def test_the_codes_of_the_network_are_documented() -> None:
    codes = sorted(rule.code for rule in CATALOGUE.values() if rule.code.startswith("PITH5"))
    page = " ".join((ROOT / "docs" / "reference" / "resolve.md").read_text().split())
    assert f"{codes[0]} to {codes[-1]}" in page


def test_links_between_documents_lead_somewhere() -> None:
    others = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "latex/README.md")
    for page in (*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in others)):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if not target.startswith("https://"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


FOR_IMPLEMENTERS = {"conformance.md", "format.md"}
"""Pages whose readers take the vectors and data of the tests for their own."""


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "reference").glob("*.md")), ids=lambda page: page.stem)
def test_how_a_thing_was_tested_is_in_how_we_know(page: Path) -> None:
    narrative = r"\bmake bench\b|\b[Mm]easured (?:on|against|in|by)\b|\b[Tt]he tests\b|\btest_\w+\.py\b|\bwas tried\b"
    if page.name not in FOR_IMPLEMENTERS:
        narrative += r"|`tests/|\btests\.\w"
    lines = page.read_text().splitlines()
    assert [(number, line) for number, line in enumerate(lines, 1) if re.search(narrative, line)] == []


def test_version_is_stated_once() -> None:
    assert f'version = "{pithtex.__version__}"' in (ROOT / "pyproject.toml").read_text()
