"""Implements `pithtex badge`, which prints a verified record's badge in one format."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pithtex.cli.shared.common import Exit, add_common_options, command, is_result, report_failure
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.standing import now
from pithtex.cli.shared.streams import output_name, print_bytes, print_lines, say
from pithtex.render.formats import BY_NAME, DESCRIPTIONS, FORMATS, Format
from pithtex.render.look import MESSAGES, PICTURE, STYLES, Look, picture_at
from pithtex.structs import replace

if TYPE_CHECKING:
    from pithtex.render.statement import Statement

_EPILOG = """\
formats:
{formats}

example:
  pithtex badge CNPMIFD4.json --format md
  pithtex badge CNPMIFD4.json --format svg-card -o pith-card.svg

exit codes: 0 written, 1 the record does not verify, 2 no such file or format, or an optional part is not installed,
3 the record has no receipt, or one by an unknown key. Unless the code is 0, nothing is written.
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "badge",
        description="Verifies a record or bundle and writes its badge in one format, to stdout or a file.",
        epilog=_EPILOG.format(formats="\n".join(f"  {item.name:<16} {item.description}" for item in FORMATS)),
    )
    parser.add_argument("record", metavar="RECORD", help="a record or a bundle; - is standard input")
    parser.add_argument(
        "--format", metavar="FORMAT", required=True, choices=DESCRIPTIONS, help="one of the formats below"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=output_name, help="the file to write (default: -, stdout)"
    )
    add_statement_options(parser)
    add_common_options(parser, run)


def add_statement_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options for a badge's text and look."""
    add_look_options(parser)
    parser.add_argument(
        "--status",
        action="store_true",
        help=("state that the record's signature was checked, and when (UTC date; SOURCE_DATE_EPOCH overrides it)"),
    )
    parser.add_argument(
        "--claimed", action="store_true", help="add unsigned information such as authors, marked as claimed"
    )


def add_look_options(parser: argparse.ArgumentParser) -> None:
    """Adds `--style`, `--message` and `--url`."""
    parser.add_argument(
        "--style", choices=STYLES, default=STYLES[0], help="the picture's style, as on shields.io (default: flat)"
    )
    parser.add_argument(
        "--message", choices=MESSAGES, default=MESSAGES[0], help="what it shows: the arXiv id (default) or the number"
    )
    parser.add_argument(
        "--url",
        metavar="URL",
        help=(
            "address of the picture for Markdown and similar formats, or of its folder if it ends in / "
            "(default: beside the text, where it is written too)"
        ),
    )


def look_of(args: argparse.Namespace) -> Look:
    """Returns the look that the options choose.

    Raises:
        UsageError: `--url` is not an address that every format can hold.
    """
    picture = PICTURE if args.url is None else picture_at(args.url)
    return Look(style=args.style, message=args.message, picture=picture)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError
    from pithtex.render.products import rendered
    from pithtex.system.files import is_stream, write_files

    form = BY_NAME[args.format]
    try:
        statement = read_statement(args)
        made = rendered(statement, form)
        content = made.content
        files: dict[Path, bytes] = {}
        if args.output is not None and args.output != "-":
            path = Path(args.output)
            files = {path: content}
            if not is_stream(path):  # beside a device or a pipe there is no place for more
                files |= {path.parent / name: data for name, data in form.companions(statement).items()}
            write_files(files)
    except (PithError, OSError) as error:
        return report_failure(args, "badge", args.record, error)
    if args.json:
        print_json(args, "badge", [made.to_dict(files=[str(path) for path in files])])
    elif files and not args.quiet:
        from pithtex.text import printable

        print_lines([*(f"wrote {printable(str(path))}" for path in files), *_said(statement, args)])
    elif is_result(args):
        return _print(form, content)
    return Exit.GOOD


def _said(statement: Statement, args: argparse.Namespace) -> list[str]:
    """Returns what is said against the paper, if anything."""
    from pithtex.report.standing import standing_lines
    from pithtex.report.terminal import Style

    return standing_lines(statement.standing, Style.choose(args.color, sys.stdout)) if statement.mark else []


def read_statement(args: argparse.Namespace) -> Statement:
    """Reads the record that the arguments name and returns its statement.

    Raises:
        PithError: it does not verify, or cannot be read as a record.
        OSError: it cannot be read.
    """
    from pithtex.render.statement import statement_of
    from pithtex.system.documents import read_document
    from pithtex.system.key_files import load_keyring

    look, checked = look_of(args), _today() if args.status else None
    document, keyring = read_document(args.record, reports=False), load_keyring(args.key)
    statement = statement_of(document, keyring, claimed=args.claimed, checked=checked, now=now())
    return replace(statement, look=look)


def _today() -> date:
    """Returns the day in UTC, or that of SOURCE_DATE_EPOCH (reproducible-builds.org) if it is set.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is not a time.
    """
    from pithtex.errors import UsageError

    stated = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return (datetime.now(UTC) if stated is None else datetime.fromtimestamp(int(stated), UTC)).date()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError("SOURCE_DATE_EPOCH is not a number of seconds since 1970") from error


def _print(form: Format, content: bytes) -> Exit:
    """Prints the badge to stdout: the exact bytes to a pipe or file, only text to a terminal."""
    if form.binary and sys.stdout.isatty():
        say(f"pithtex: {form.name} is a picture; write it to a file with -o, or into a pipe")
        return Exit.USAGE
    print_bytes(content)
    return Exit.GOOD
