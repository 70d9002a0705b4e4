"""What every subcommand shares: exit codes, options, printing."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pithtex.cli.shared.machine import print_json, print_json_line
from pithtex.cli.shared.streams import print_lines, say
from pithtex.cli.table import SUMMARIES
from pithtex.limits import MAX_TIMEOUT_SECONDS

# Help needs no more than this: what else is used, is imported where it is used.
if TYPE_CHECKING:
    from pithtex.errors import PithError
    from pithtex.findings import Finding, Located
    from pithtex.verification.standing import Standing

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


def command(
    subparsers: Any, name: str, *, description: str, epilog: str, summary: str | None = None
) -> argparse.ArgumentParser:
    """Adds a subcommand, its epilog shown line by line as it stands.

    Args:
        subparsers: what `ArgumentParser.add_subparsers` gave.
        name: what the user types.
        description: what it does, above its options.
        epilog: examples and exit codes, below them.
        summary: of an action, the line about it in the list of actions; those of commands stand in `cli/table.py`.
    """
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=SUMMARIES[name] if summary is None else summary,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(parser=parser)  # for `options_of`
    return parser


FORMATS: Final = {
    "text": "text (default)",
    "json": "json (same as --json)",
    "jsonl": "jsonl (one JSON line per result, as soon as it is known)",
    "sarif": "sarif (for code scanning)",
    "github": "github (annotations in a workflow)",
}
"""What `--format` takes of commands that give findings."""
LINES: Final = ("text", "json", "jsonl")
"""What it takes of those that give other results, of which there can be many."""


def add_output_options(parser: argparse.ArgumentParser, *, formats: Sequence[str] = ()) -> None:
    """`--json`, `--quiet`, `--color`, with `formats` `--format`, and where these have SARIF `--exit-zero`."""
    group = parser.add_argument_group("output")
    form = group.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON document")
    if formats:
        said = ", ".join(FORMATS[name] for name in formats)
        form.add_argument("--format", choices=tuple(formats), help=said)
    form.add_argument("-q", "--quiet", action="store_true", help="print nothing; only the exit code tells the result")
    group.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colours (default: on a terminal)"
    )
    if "sarif" in formats:
        group.add_argument(
            "--exit-zero",
            action="store_true",
            help="exit with 0 whatever is found, for workflows that upload SARIF (wrong usage is still 2)",
        )
    add_general_options(group)


def add_general_options(parser: argparse._ActionsContainer) -> None:
    """`--verbose` and `--debug`, which every command takes, before its name too."""
    parser.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        default=argparse.SUPPRESS,  # or a subcommand's default would undo what was said before its name
        help="show on stderr which files are read and which mirrors are asked",
    )
    parser.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="print a traceback if pithtex itself fails"
    )


def is_result(args: argparse.Namespace) -> bool:
    """Tells whether what a command makes goes to stdout, with `--quiet` too: an empty backup helps nobody."""
    return args.output in (None, "-")


def chosen_format(args: argparse.Namespace) -> str:
    """`text`, `json`, `jsonl`, `sarif`, `github`, or `quiet`."""
    if args.quiet:
        return "quiet"
    return "json" if args.json else getattr(args, "format", None) or "text"


def may_ask(args: argparse.Namespace) -> bool:
    """Tells whether a question can be put to a person: on a terminal, where text for a person was asked for."""
    return chosen_format(args) == "text" and sys.stdin.isatty() and sys.stderr.isatty()


def add_key_option(parser: argparse.ArgumentParser) -> None:
    """`--key`."""
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="FILE",
        help="also trust the keys in this file, in addition to the pinned key; may be repeated",
    )


def add_common_options(
    parser: argparse.ArgumentParser,
    run: Callable[[argparse.Namespace], Exit],
    *,
    formats: Sequence[str] = (),
    **defaults: object,
) -> None:
    """Ends a subcommand's options with `--key` and those of the output, and says what runs it.

    Args:
        parser: the subcommand's.
        run: takes the arguments and gives the exit code.
        formats: as of `add_output_options`.
        defaults: more of what `run` finds among the arguments.
    """
    add_key_option(parser)
    add_output_options(parser, formats=formats)
    parser.set_defaults(run=run, **defaults)


def add_timeout_option(parser: argparse._ActionsContainer, step: str, default: str) -> None:
    """`--timeout`: for every command the most seconds that one step may take.

    Args:
        parser: takes the option.
        step: what is stopped then, as `one reply of a mirror`.
        default: what holds without the option, as `30`.
    """
    parser.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help=f"stop {step} after so many seconds (default: {default}; at most {MAX_TIMEOUT_SECONDS:.0f})",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= MAX_TIMEOUT_SECONDS:
        from pithtex.text import shortened

        most = f"{MAX_TIMEOUT_SECONDS:.0f}"
        message = f"{shortened(text)!r} is not a time limit: give seconds, more than 0 and at most {most} (a day)"
        raise argparse.ArgumentTypeError(message)
    return seconds


def print_findings(
    form: str,
    items: Iterable[Located],
    words: Mapping[str, str],
    standings: Mapping[str, Standing | None] | None = None,
) -> None:
    """Prints findings as `sarif` or `github`.

    Args:
        form: which of the two.
        items: the findings, each with its file.
        words: what each file is said to be.
        standings: what is said of the paper in it, of files that hold one.
    """
    from pithtex.report.standing import in_brief

    briefs = {file: in_brief(standing) for file, standing in (standings or {}).items() if standing is not None}
    shown = [_from_here(item) for item in items]
    if form == "sarif":
        from pithtex import __version__
        from pithtex.report.sarif import sarif_document

        said = {relative_path(file): word for file, word in words.items()}
        papers = {relative_path(file): brief.removeprefix("standing ") for file, brief in briefs.items()}
        print_lines([sarif_document(shown, __version__, said, papers)])
    else:
        from pithtex.report.github import github_lines

        summaries = [(f"{word}, {briefs[file]}" if file in briefs else word, file) for file, word in words.items()]
        print_lines(github_lines(shown, summaries))


def _from_here(item: Located) -> Located:
    """Returns a finding with its paths in the form that code hosts know."""
    from pithtex.structs import replace

    fix = tuple(replace(each, file=relative_path(each.file)) for each in item.fix)
    return replace(item, file=relative_path(item.file), fix=fix)


def relative_path(path: str) -> str:
    """Returns the path from the current folder, where it leads below it: what code hosts know files by."""
    if path == "-":
        return path
    full, here = os.path.abspath(path), os.path.join(os.getcwd(), "")
    return full.removeprefix(here) if full.startswith(here) else full


def one_standard_input(names: Iterable[str | None]) -> None:
    """Refuses `-` given twice: the second one would find nothing.

    Raises:
        UsageError: it is.
    """
    if list(names).count("-") > 1:
        from pithtex.errors import UsageError

        raise UsageError("standard input can only be read once", hint="use - once, and files for the others")


def missing_input(path: str, error: OSError) -> Finding:
    """Returns the finding for a file that does not exist or cannot be read."""
    import shlex

    from pithtex.catalogue import finding

    if isinstance(error, IsADirectoryError):
        hint = "name the files in it; to check a paper's sources: pithtex presubmit"
        return finding("no-input", "this is a folder, not a file", where=path, hint=f"{hint} {shlex.quote(path)}")
    reason = error.strerror or type(error).__name__
    return finding("no-input", reason, where=path, hint="give the path of an existing file")


def exit_of(error: PithError | OSError) -> Exit:
    """Returns the exit code of an error that ends a command."""
    from pithtex.errors import OutputError, UnavailableError, UndecidedError, UsageError

    if isinstance(error, OSError | UsageError | OutputError):
        return Exit.USAGE
    return Exit.UNDECIDED if isinstance(error, UndecidedError | UnavailableError) else Exit.WRONG


def report_failure(args: argparse.Namespace, command: str, file: str, error: PithError | OSError) -> Exit:
    """Says what ended a command: a finding on stderr, and with `--json` a document with it on stdout."""
    item = missing_input(str(error.filename or file), error) if isinstance(error, OSError) else error.finding
    form = chosen_format(args)
    if form == "json":
        print_json(args, command, [{"file": file, "findings": [item.to_dict()]}])
    elif form == "jsonl":
        print_json_line(args, command, {"file": file, "findings": [item.to_dict()]})
    elif form in {"sarif", "github"}:
        from pithtex.findings import of_document

        print_findings(form, of_document(file or "-", [item]), {})
    if form != "quiet":
        from pithtex.report.terminal import Style, finding_lines

        for line in finding_lines(item, Style.choose(args.color, sys.stderr)):
            say(line)
    return exit_of(error)


def read_abstract(path: str | None) -> str | None:
    """Returns the text of a file that `--abstract` names.

    Raises:
        UsageError: it is not UTF-8, or longer than an abstract may be.
        OSError: it cannot be read.
    """
    if path is None:
        return None
    from pithtex.errors import UsageError
    from pithtex.limits import MAX_ABSTRACT_BYTES
    from pithtex.system.files import open_input
    from pithtex.system.kinds import Kind, refuse_other_kinds

    with open_input(path) as stream:
        data = stream.read(MAX_ABSTRACT_BYTES + 1)
    refuse_other_kinds(data, path, "the text of an abstract", {Kind.TEX, Kind.TEXT, Kind.JSON, Kind.EMPTY})
    hint = "give the abstract's text alone, in UTF-8"
    if len(data) > MAX_ABSTRACT_BYTES:
        raise UsageError(f"--abstract: larger than {MAX_ABSTRACT_BYTES} bytes", where=path, hint=hint)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("--abstract: not text in UTF-8", where=path, hint=hint) from error
