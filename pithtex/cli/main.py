"""The command line: parsing and printing only. Each subcommand is a module, and imports what it needs when it runs."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NoReturn

from pithtex import __version__
from pithtex.cli.shared.common import Exit, combine
from pithtex.cli.shared.streams import StdoutError, flush_stdout, print_lines, say

COMMANDS: Final = {
    "add": "add",
    "remove": "add",
    "presubmit": "presubmit",
    "check": "check",
    "verify": "verify",
    "show": "show",
    "generate": "generate",
    "badge": "badge",
    "verify-page": "verify_page",
    "decode": "decode",
    "resolve": "resolve",
    "store": "store",
    "mirror": "mirror",
    "keys": "keys",
}
"""Each command, and the module that has it: what README, docs, changelog and the fuzzer are held to."""

_EPILOG = """\
example:
  pithtex add 2606.01751                     put the paper's number into its sources, then compile
  pithtex presubmit                          before the upload: is all of it there, and true?
  pithtex check paper.pdf                    does the compiled paper tell the truth?
  pithtex show 2606.01751                    does it still stand? what the registry says of it
  pithtex resolve 2606.01751 -o record.json  find a paper's record
  pithtex verify bundle.json                 is this record genuine?

exit codes:
  0 all good    1 something is wrong    2 wrong usage    3 could not be decided
  130 interrupted (143 by SIGTERM, 129 by SIGHUP)
"""


class WrongUsageError(Exception):
    """Arguments that the parser does not take."""

    def __init__(self, usage: str, command: str, message: str) -> None:
        super().__init__(message)
        self.usage, self.command, self.message = usage, command, message


class _Parser(argparse.ArgumentParser):
    """Raises what is wrong, and prints to stdout as all else does."""

    def error(self, message: str) -> NoReturn:
        raise WrongUsageError(self.format_usage(), self.prog, message)

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:  # --help and --version
            print_lines([message.rstrip("\n")])
        else:
            super()._print_message(message, file)


def build_parser(commands: Mapping[str, str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of all subcommands, or of some: building the others costs start-up time.

    Its `parse_args` raises `WrongUsageError` where argparse's own ends the process.
    """
    parser = _Parser(
        prog="pithtex",
        description="Pith Numbers for papers: verify records, generate pith.sty, check compiled PDFs.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pithtex {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="command")
    for module in dict.fromkeys(commands[command] for command in commands):
        importlib.import_module(f"pithtex.cli.commands.{module}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: arguments without the program's name; those of the process by default.

    Returns:
        The exit code (README: Exit codes).

    Raises:
        SystemExit: with 2 for wrong arguments, with 0 for `--help` and `--version`, as argparse has it; with 128 and a
            signal's number where that ended it.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    code = Exit.GOOD
    try:
        code = _run(words)
        flush_stdout()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except StdoutError as error:
        return _without_stdout(code, error)
    except Exception:  # noqa: BLE001 - Python's own exit code 1 would pass a fault of ours off as one of the document
        import traceback

        from pithtex.system.signals import asked

        if asked():  # and some library made a fault of it
            return Exit.UNDECIDED
        say(traceback.format_exc(), end="")
        say("pithtex: this is an error of pithtex itself, and says nothing of the input")
        return Exit.UNDECIDED
    return code


def _run(words: list[str]) -> Exit:
    """Parses the arguments and runs the command.

    Raises:
        SystemExit: as `main`.
        StdoutError: stdout cannot be written.
    """
    first = words[0] if words else ""
    commands = {first: COMMANDS[first]} if first in COMMANDS else COMMANDS
    try:
        args = build_parser(commands).parse_args(words)
    except WrongUsageError as error:
        _report_usage(words, first if first in COMMANDS else "", error)
        flush_stdout()
        raise SystemExit(Exit.USAGE) from None
    except SystemExit:
        flush_stdout()
        raise
    from pithtex.system.signals import ending_cleanly

    with ending_cleanly():
        code: Exit = args.run(args)
    return code


def _report_usage(words: list[str], command: str, error: WrongUsageError) -> None:
    """Says what is wrong on stderr, as argparse does, and with `--json` in a document on stdout."""
    from pithtex.text import printable

    say(f"{error.usage}{error.command}: error: {printable(error.message)}")
    options = words[: words.index("--")] if "--" in words else words
    if any(_is_json(*pair) for pair in pairwise(["", *options])):
        from pithtex.errors import UsageError
        from pithtex.report.jsondoc import json_document

        item = UsageError(error.message, hint=f"{error.command} --help").finding
        print_lines([json_document(command, [{"file": "", "findings": [item.to_dict()]}])])


def _is_json(before: str, word: str) -> bool:
    """Whether these two words that follow each other ask for JSON; argparse takes the beginning of an option, too."""
    short = word.startswith("--j") and "--json".startswith(word)
    return short or word == "--format=json" or (before, word) == ("--format", "json")


def _without_stdout(code: Exit, error: StdoutError) -> Exit:
    """What becomes of a command whose output does not arrive; `code` is what it would have been."""
    if error.reader_gone:
        return combine((code, Exit.UNDECIDED))  # which is the reader's right: nothing is said
    say(f"pithtex: standard output: {error.reason}")
    return combine((code, Exit.USAGE))
