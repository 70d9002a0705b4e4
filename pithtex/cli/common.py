"""What every subcommand shares: exit codes, options, printing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Final, TypeVar

from pithtex.errors import PithError, UnavailableError, UndecidedError, UsageError
from pithtex.findings import Finding, finding

_T = TypeVar("_T")


class Exit(IntEnum):
    """Exit codes, the same for every command (README: Exit codes)."""

    GOOD = 0
    WRONG = 1
    USAGE = 2
    UNDECIDED = 3
    INTERRUPTED = 130


_PRECEDENCE: Final = (Exit.WRONG, Exit.USAGE, Exit.UNDECIDED)


def combine(codes: Iterable[Exit]) -> Exit:
    """One exit code for many inputs: 1 before 2 before 3 before 0."""
    present = set(codes)
    return next((code for code in _PRECEDENCE if code in present), Exit.GOOD)


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """`--json`, `--quiet`, `--color`."""
    group = parser.add_argument_group("output")
    form = group.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON document")
    form.add_argument("-q", "--quiet", action="store_true", help="print nothing; the exit code is the answer")
    group.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colours (default: on a terminal)"
    )


def add_key_option(parser: argparse.ArgumentParser) -> None:
    """`--key`."""
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="FILE",
        help="trust the keys in this file too, beside the pinned one (docs/keys.md); may be repeated",
    )


def print_lines(lines: Sequence[str]) -> None:
    """Prints the result to stdout; a character that the terminal's encoding lacks is written as an escape."""
    text = "\n".join(lines) + "\n"
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def missing_input(path: str, error: OSError) -> Finding:
    """A file that is not there or cannot be read, as a finding."""
    reason = error.strerror or type(error).__name__
    return finding("no-input", f"{path}: {reason}", where=path, hint="give the path of an existing file")


def error_finding(error: PithError) -> Finding:
    """Any error of this package as a finding."""
    stated = getattr(error, "finding", None)
    if isinstance(stated, Finding):
        return stated
    return finding("malformed-document", error.message, where=error.where, hint=error.hint)


def exit_of(error: PithError | OSError) -> Exit:
    """The exit code of an error that ends a command."""
    if isinstance(error, OSError | UsageError):
        return Exit.USAGE
    return Exit.UNDECIDED if isinstance(error, UndecidedError | UnavailableError) else Exit.WRONG


def report_failure(args: argparse.Namespace, command: str, file: str, error: PithError | OSError) -> Exit:
    """Says what ended a command: a finding on stderr, and with `--json` a document with it on stdout."""
    from pithtex.report.jsondoc import json_document
    from pithtex.report.style import Style, finding_lines

    item = missing_input(str(error.filename or file), error) if isinstance(error, OSError) else error_finding(error)
    if args.json:
        print_lines([json_document(command, [{"file": file, "findings": [item.to_dict()]}])])
    if not args.quiet:
        for line in finding_lines(item, Style.choose(args.color, sys.stderr)):
            print(line, file=sys.stderr)
    return exit_of(error)


def progress(items: Iterable[_T], total: int | None, *, quiet: bool) -> Iterable[_T]:
    """A bar on a terminal's stderr after the first second; nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    bar: Iterable[_T] = tqdm(items, total=total, delay=1, leave=False, unit=" records")
    return bar
