"""Implements `pithtex generate`, which writes pith.sty, the preamble lines and badges in every format."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pithtex.cli.commands.badge import add_statement_options, read_statement
from pithtex.cli.shared.common import Exit, add_common_options, command, read_abstract, report_failure
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import output_name, print_lines
from pithtex.render.formats import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pithtex.render.products import Package

_EPILOG = """\
example:
  pithtex generate CNPMIFD4.json -o paper/
  then in the paper's preamble, before \\begin{document}:
    \\usepackage{pith}
    \\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}

exit codes: 0 written, 1 the record does not verify, 2 no such file or folder, or bad keys, 3 the record has no receipt,
or one by an unknown key. Unless the code is 0, nothing is written.
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "generate",
        description=(
            "Verifies a record or bundle, then writes a self-contained pith.sty, pith-snippet.tex, and in "
            f"the folder {FOLDER} the badge in every format that pithtex badge knows."
        ),
        epilog=_EPILOG,
    )
    parser.add_argument("record", metavar="RECORD", help="a record or a bundle; - is standard input")
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=output_name,
        required=True,
        help="the folder to write into; created if necessary",
    )
    parser.add_argument(
        "--abstract",
        metavar="FILE",
        help="the text of the record's abstract, to be carried by pith.sty; it must have the signed digest",
    )
    add_statement_options(parser)
    add_common_options(parser, run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError
    from pithtex.render.products import carried_abstract, package
    from pithtex.report.standing import standing_lines
    from pithtex.report.terminal import Style
    from pithtex.system.files import write_files, writing

    try:
        folder = _folder(args)
        statement = read_statement(args)
        made = package(statement, carried_abstract(statement.record, read_abstract(args.abstract)))
        with writing(folder / FOLDER):
            (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        write_files({folder / name: content for name, content in made.items()})
    except (PithError, OSError) as error:
        return report_failure(args, "generate", args.record, error)
    if args.json:
        print_json(args, "generate", [made.to_dict(folder=str(folder))])
    elif not args.quiet:
        first, *rest = _lines(made, folder)
        print_lines([first, *standing_lines(statement.standing, Style.choose(args.color, sys.stdout)), *rest])
    return Exit.GOOD


def _lines(made: Package, folder: Path) -> Iterator[str]:
    """Yields lines that tell people what was written and what to do with it."""
    from pithtex.text import printable

    record = made.statement.record
    names = [name for name in made if not name.startswith(f"{FOLDER}/")]
    yield f"{record.number.full}  {printable(record.title or '(title not stated in the document)')}"
    yield from (f"  wrote {printable(str(folder / name))}" for name in names)
    yield f"  wrote {len(made) - len(names)} badge files into {printable(str(folder / FOLDER))}"
    yield from (f"  left out: {printable(finding.message)} ({finding.hint})" for finding in made.left_out)
    yield "In the paper's preamble:"
    yield "  \\usepackage{pith}"
    yield f"  \\pithnumber{{{record.number.suffix}}}"


def _folder(args: argparse.Namespace) -> Path:
    """Returns the folder to write into.

    Raises:
        UsageError: standard output is given for it.
    """
    from pithtex.errors import UsageError

    if args.output == "-":
        raise UsageError("-o needs a folder", hint="to write one file to standard output, use pithtex badge")
    return Path(args.output)
