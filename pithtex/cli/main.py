"""The command line: parsing and printing only. Each subcommand is a module, and imports what it needs when it runs."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from pithtex import __version__
from pithtex.cli.common import Exit

_COMMANDS: Final = {
    "add": "add",
    "remove": "add",
    "presubmit": "presubmit",
    "check": "check",
    "verify": "verify",
    "generate": "generate",
    "badge": "badge",
    "verify-page": "verify_page",
    "decode": "decode",
    "resolve": "resolve",
    "store": "store",
    "mirror": "mirror",
    "keys": "keys",
}
"""Each command, and the module that has it."""

_COLLECT_AFTER: Final = 50_000
"""Objects made until cycles are looked for, in place of Python's 700: starting makes thousands, all of them to stay."""

_EPILOG = """\
example:
  pithtex add 2606.01751                     put the paper's number into its sources, then compile
  pithtex presubmit                          before the upload: is all of it there, and true?
  pithtex check paper.pdf                    does the compiled paper tell the truth?
  pithtex resolve 2606.01751 -o record.json  find a paper's record
  pithtex verify bundle.json                 is this record genuine?

exit codes:
  0 all good    1 something is wrong    2 wrong usage    3 could not be decided    130 interrupted
"""


def build_parser(commands: Mapping[str, str] = _COMMANDS) -> argparse.ArgumentParser:
    """The parser of all subcommands, or of some: building the others costs start-up time."""
    parser = argparse.ArgumentParser(
        prog="pithtex",
        description="Pith Numbers for papers: verify records, generate pith.sty, check compiled PDFs.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pithtex {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="command")
    for module in dict.fromkeys(commands[command] for command in commands):
        importlib.import_module(f"pithtex.cli.{module}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: arguments without the program's name; those of the process by default.

    Returns:
        The exit code (README: Exit codes).
    """
    try:
        words = sys.argv[1:] if argv is None else argv
        first = words[0] if words else ""
        commands = {first: _COMMANDS[first]} if first in _COMMANDS else _COMMANDS
        args = build_parser(commands).parse_args(words)
        code: Exit = args.run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone, which is their right: say nothing, and let nothing be said at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNDECIDED
    except Exception:  # noqa: BLE001 - Python's own exit code 1 would pass a fault of ours off as one of the document
        import traceback

        traceback.print_exc()
        print("pithtex: this is an error of pithtex itself, and says nothing of the input", file=sys.stderr)
        return Exit.UNDECIDED
    return code


def process() -> int:
    """Runs the command line in a process of its own, which is spared most of the looking for cycles."""
    gc.set_threshold(_COLLECT_AFTER)
    try:
        return main()
    finally:
        gc.freeze()  # the end of the process would go through all that was loaded, several times
