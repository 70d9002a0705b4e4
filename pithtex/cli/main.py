"""The command line: parsing and printing only. Each subcommand is a module, and imports what it needs when it runs."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from pithtex import __version__
from pithtex.cli.parser import Parser, WrongUsageError
from pithtex.cli.shared.common import Exit, add_general_options, combine
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import StdoutError, flush_stdout, say
from pithtex.cli.table import COMMANDS, SUMMARIES

_EPILOG = """\
example:
  pithtex add 2606.01751                     add the paper's number to its sources, then compile
  pithtex presubmit                          before the upload: is everything there, and correct?
  pithtex check paper.pdf                    is the number in this PDF genuine?
  pithtex show 2606.01751                    has it been withdrawn or corrected?
  pithtex resolve 2606.01751 -o record.json  find a paper's record
  pithtex verify bundle.json                 is this record genuine?

pithtex help COMMAND shows the options of a command; pithtex explain PITH612 explains a finding.

exit codes:
  0 all good    1 something is wrong    2 wrong usage    3 could not be decided
  130 interrupted (143 by SIGTERM, 129 by SIGHUP)
"""


def build_parser(commands: Mapping[str, str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of all subcommands, or of some: building the others costs start-up time.

    With none it knows their names and summaries alone: for help, the version, and a name that is not among them.

    Its `parse_args` raises `WrongUsageError` where argparse's own ends the process.
    """
    parser = Parser(
        prog="pithtex",
        description="Pith Numbers for papers: verify records, add badges, check compiled PDFs.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"pithtex {__version__}")
    add_general_options(parser)
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="command")
    for module in dict.fromkeys(commands[command] for command in commands):
        importlib.import_module(f"pithtex.cli.commands.{module}").add_parser(subparsers)
    if not commands:
        for name, summary in SUMMARIES.items():
            subparsers.add_parser(name, help=summary)
    if len(commands) != 1:
        _add_help_commands(subparsers)
    return parser


def _add_help_commands(subparsers: Any) -> None:
    """`help` and `version`, for the list of commands and for completion: `_as_options` has them as options."""
    about = subparsers.add_parser("help", help="show the help of a command: pithtex help check")
    about.add_argument("words", nargs="*", metavar="COMMAND")
    subparsers.add_parser("version", help="show the version")


def _as_options(words: list[str]) -> list[str]:
    """`help [COMMAND]` and `version` as the options that do the same."""
    first = words[0] if words else ""
    if first == "help":
        return [*words[1:], "--help"]
    return ["--version", *words[1:]] if first == "version" else words


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
    words = _as_options(list(sys.argv[1:] if argv is None else argv))
    code = Exit.GOOD
    try:
        code = _run(words)
        flush_stdout()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except StdoutError as error:
        return _without_stdout(code, error)
    except Exception as error:  # noqa: BLE001 - Python's exit code 1 would pass a fault of ours off as the document's
        from pithtex.system.signals import asked

        if not asked():  # else some library made a fault of the signal
            _report_defect(error, debug=_asks_for("--debug", words))
        return Exit.UNDECIDED
    return code


def _report_defect(error: Exception, *, debug: bool) -> None:
    """Says on stderr that pithtex itself failed, and what to report: one line, or with `--debug` the traceback."""
    import traceback

    from pithtex.text import printable, shortened

    if debug:
        say(traceback.format_exc(), end="")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "pithtex" in frame.filename]
    place = f"{frames[-1].filename.rpartition('pithtex/')[2]}:{frames[-1].lineno}" if frames else "a library"
    what = shortened(printable(f"{type(error).__name__}: {error}"), 200)
    say(
        f"pithtex {__version__}: internal error in {place}: {what}. This says nothing about your input. "
        + ("Please report it with the lines above." if debug else "Please report it with what --debug prints.")
    )


def _run(words: list[str]) -> Exit:
    """Parses the arguments and runs the command.

    Raises:
        SystemExit: as `main`.
        StdoutError: stdout cannot be written.
    """
    first = next((word for word in words if not word.startswith("-")), "")
    commands = {first: COMMANDS[first]} if first in COMMANDS else {}
    try:
        args = build_parser(commands).parse_args(words)
    except WrongUsageError as error:
        _report_usage(words, first if first in COMMANDS else "", error)
        flush_stdout()
        raise SystemExit(Exit.USAGE) from None
    except SystemExit:
        flush_stdout()
        raise
    from pithtex.cli.shared.verbosity import telling_details
    from pithtex.system.signals import ending_cleanly

    with ending_cleanly(), telling_details(wanted=getattr(args, "verbose", False)):
        code: Exit = args.run(args)
    forgiven = getattr(args, "exit_zero", False) and code in {Exit.WRONG, Exit.UNDECIDED}
    return Exit.GOOD if forgiven else code


def _report_usage(words: list[str], command: str, error: WrongUsageError) -> None:
    """Says what is wrong on stderr, as argparse does, and with `--json` in a document on stdout."""
    from pithtex.text import printable

    say(f"{error.usage}{error.command}: error: {printable(error.message)}")
    if any(_is_json(*pair) for pair in pairwise(["", *_options(words)])):
        from pithtex.errors import UsageError

        item = UsageError(error.message, hint=f"{error.command} --help").finding
        print_json(argparse.Namespace(), command, [{"file": "", "findings": [item.to_dict()]}])


def _options(words: list[str]) -> list[str]:
    return words[: words.index("--")] if "--" in words else words


def _asks_for(option: str, words: list[str]) -> bool:
    """Whether an option without value was given, before the words are parsed or where they cannot be."""
    return option in _options(words)


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
