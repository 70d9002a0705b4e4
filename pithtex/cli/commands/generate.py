"""`pithtex generate`: from a verified record, pith.sty, the two lines, and the badges in every format."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pithtex.cli.commands.badge import add_statement_options, read_statement
from pithtex.cli.shared.common import Exit, add_common_options, command, read_abstract, report_failure
from pithtex.cli.shared.streams import output_name, print_lines
from pithtex.render.formats import FOLDER, FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pithtex.findings import Finding
    from pithtex.format.abstract import ProvenAbstract
    from pithtex.render.statement import Statement
    from pithtex.verification.record import VerifiedRecord

_EPILOG = """\
example:
  pithtex generate CNPMIFD4.json -o paper/
  then in the paper's preamble, before \\begin{document}:
    \\usepackage{pith}
    \\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}

exit codes: 0 written, 1 the record does not verify (nothing is written), 2 no such file or folder, or bad keys,
3 the record has no receipt or one by an unknown key (nothing is written)
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "generate",
        summary="write pith.sty and the two lines for a paper, and its badges",
        description="Verifies a record or bundle and writes pith.sty, self-contained, pith-snippet.tex, and in the "
        f"folder {FOLDER} below it a badge or snippet in every format of pithtex badge.",
        epilog=_EPILOG,
    )
    parser.add_argument("record", metavar="RECORD", help="a record or a bundle; - is standard input")
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=output_name,
        required=True,
        help="the folder to write into; made if it is not there",
    )
    parser.add_argument(
        "--abstract",
        metavar="FILE",
        help="the text of the record's abstract, for pith.sty to carry: it must have the digest that is signed",
    )
    add_statement_options(parser)
    add_common_options(parser, run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError
    from pithtex.render.package.pith_sty import render_package, render_snippet, said_of
    from pithtex.report.standing import standing_lines
    from pithtex.report.terminal import Style
    from pithtex.system.files import write_files, writing

    try:
        folder = _folder(args)
        statement = read_statement(args)
        record = statement.record
        abstract = _abstract(args, record)
        contents = {
            "pith.sty": render_package(record, abstract, said_of(statement.standing)),
            "pith-snippet.tex": render_snippet(record),
        }
        badges, left_out = render_set(statement)
        files = {folder / name: content for name, content in contents.items()}
        files |= {folder / FOLDER / name: content for name, content in badges.items()}
        with writing(folder / FOLDER):
            (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        write_files(files)
    except (PithError, OSError) as error:
        return report_failure(args, "generate", args.record, error)
    if args.json:
        from pithtex.report.jsondoc import json_document

        written = [str(path) for path in files]
        said = statement.standing.findings
        result: dict[str, object] = {"number": record.number.full, "title": record.title, "files": written}
        result["standing"] = statement.standing.to_dict()
        result["findings"] = [finding.to_dict() for finding in (*said, *left_out)]
        print_lines([json_document("generate", [result])])
    elif not args.quiet:
        first, *rest = _lines(record, folder, list(contents), len(badges), left_out)
        print_lines([first, *standing_lines(statement.standing, Style.choose(args.color, sys.stdout)), *rest])
    return Exit.GOOD


def _lines(
    record: VerifiedRecord, folder: Path, names: list[str], badges: int, left_out: list[Finding]
) -> Iterator[str]:
    """What was written, and what to do with it, for people."""
    from pithtex.text import printable

    yield f"{record.number.full}  {printable(record.title or '(the document does not state the title)')}"
    yield from (f"  wrote {printable(str(folder / name))}" for name in names)
    yield f"  wrote {badges} files of badges into {printable(str(folder / FOLDER))}"
    yield from (f"  left out: {printable(finding.message)} ({finding.hint})" for finding in left_out)
    yield "In the paper's preamble:"
    yield "  \\usepackage{pith}"
    yield f"  \\pithnumber{{{record.number.suffix}}}"


def _abstract(args: argparse.Namespace, record: VerifiedRecord) -> ProvenAbstract | None:
    """The record's abstract: the one given, or the document's excerpt where that is whole.

    Raises:
        PithError: the text given is not the record's abstract.
        OSError: it cannot be read.
    """
    from pithtex.format.abstract import ProvenAbstract, first_proven

    given = read_abstract(args.abstract)
    if given is not None:
        return ProvenAbstract(given, record.canonical)
    return first_proven((record.excerpt,), record.canonical)


def _folder(args: argparse.Namespace) -> Path:
    """The folder to write into.

    Raises:
        UsageError: standard output is given for it.
    """
    from pithtex.errors import UsageError

    if args.output == "-":
        raise UsageError("-o takes a folder", hint="pithtex badge writes one file to standard output")
    return Path(args.output)


def render_set(statement: Statement) -> tuple[dict[str, bytes], list[Finding]]:
    """Every format's file and what stands beside it, by name; and what was left out: an extra is missing, or room."""
    from pithtex.errors import UsageError

    files: dict[str, bytes] = {}
    left_out: dict[str, Finding] = {}
    for form in FORMATS:
        try:
            files |= {form.file_name: form.render(statement)} | form.companions(statement)
        except UsageError as error:
            left_out.setdefault(form.extra or form.name, error.finding)
    return files, list(left_out.values())
