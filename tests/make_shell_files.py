"""Writes what shells complete by, and the manual pages, from the parser: python -m tests.make_shell_files.

pithtex/cli/completions has a file for each shell, by shtab; docs/man a page for pithtex and for each command, by
argparse-manpage. Both are made here and not where the package is built, so that building it takes neither.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import shtab
from argparse_manpage.manpage import Manpage

from pithtex import __version__
from pithtex.cli.commands.completion import FILES
from pithtex.cli.main import build_parser

ROOT: Final = Path(__file__).parents[1]
COMPLETIONS: Final = ROOT / "pithtex" / "cli" / "completions"
PAGES: Final = ROOT / "docs" / "man"

_FILES: Final = ("FILE", "PDF", "RECORD", "PAPER", "PATH", "HEX|FILE", "ID|FILE|PDF", "LINK|RECEIPT|FILE")
_FOLDERS: Final = ("DIR", "OUT", "FOLDER")


def main() -> None:
    for folder, files in ((COMPLETIONS, completions()), (PAGES, pages())):
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")


def completions() -> dict[str, str]:
    """What each shell completes by, by the name of the file."""
    return {name: shtab.complete(_completing(build_parser()), shell).rstrip() + "\n" for shell, name in FILES.items()}


def pages() -> dict[str, str]:
    """The manual pages, by the name of the file."""
    parser = build_parser()
    commands = _commands(parser)
    summaries = {action.dest: action.help or "" for action in commands._choices_actions}
    parsers = dict(commands.choices)
    made = {"pithtex.1": _page(parser, "pithtex", "verify Pith Number records, make pith.sty, check PDFs")}
    for name, sub in parsers.items():
        if name in summaries and name not in {"help", "version"}:
            made[f"pithtex-{name}.1"] = _page(sub, f"pithtex-{name}", summaries[name])
    return made


def _completing(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The parser, in which each argument that takes a file or folder says so."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                _completing(sub)
        elif action.choices is None and isinstance(action.metavar, str):
            if action.metavar in _FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # which is where shtab looks
            elif action.metavar in _FOLDERS:
                action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    return parser


def _commands(parser: argparse.ArgumentParser) -> Any:
    return next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))


def _page(parser: argparse.ArgumentParser, name: str, summary: str) -> str:
    """One page; what the help has below its options is shown line by line, as it stands there."""
    epilog, parser.epilog = parser.epilog or "", None
    if name == "pithtex":  # each command has a page of its own
        _commands(parser).choices = {}
    page = Manpage(parser, {"version": __version__, "manual_title": "pithtex", "date": "-", "project_name": "pithtex"})
    page.prog, page.description = name, summary
    lines = str(page).rstrip("\n").replace('"1" "\\-"', '"1" ""').splitlines()
    if epilog:
        lines += [".SH EXAMPLES AND EXIT CODES", ".nf", *map(_verbatim, epilog.strip("\n").splitlines()), ".fi"]
    if name == "pithtex":
        lines += [".SH COMMANDS", *_listed(parser)]
    return "\n".join([*lines, ".SH SEE ALSO", _see_also(name), ""])


def _listed(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in _commands(parser)._choices_actions:
        yield ".TP"
        yield f"\\fBpithtex {_roff(action.dest)}\\fR"
        yield _roff(action.help or "")


def _see_also(name: str) -> str:
    if name == "pithtex":
        return "The manual of a command is that of pithtex\\-COMMAND, as in \\fBman pithtex\\-check\\fR."
    return "\\fBpithtex\\fR(1)"


def _verbatim(line: str) -> str:
    shown = _roff(line)
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown


def _roff(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")


if __name__ == "__main__":
    main()
