"""`pithtex verify`: a record or bundle against the keyring, one line a check."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pithtex.cli.common import Exit, add_output_options, combine, error_finding, missing_input, print_lines
from pithtex.findings import Finding, Status

if TYPE_CHECKING:
    from pithtex.documents import Document
    from pithtex.verify import Examination

_EPILOG = """\
example:
  pithtex verify CNPMIFD4.json                 every check, one line each
  pithtex verify --explain CNPMIFD4.json       and how to redo each with jq, sha256sum and openssl
  curl -s https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53.json | pithtex verify -

exit codes: 0 verified, 1 something contradicts, 2 no such file, 3 no receipt or an unknown key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    file: str
    document: Document | None
    examination: Examination | None
    findings: tuple[Finding, ...]
    code: Exit


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "verify",
        help="check a record or bundle against the trusted keys",
        description="Checks records and bundles offline, against the trusted keys alone, one line a check.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a record or a bundle; - is standard input")
    parser.add_argument(
        "--explain", action="store_true", help="print each step's input, output and commands to redo it"
    )
    add_output_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.report.jsondoc import json_document

    results = [_examine(file) for file in args.files]
    if args.json:
        print_lines([json_document("verify", [_to_dict(result) for result in results])])
    elif not args.quiet:
        for result in results:
            print_lines(_lines(result, args))
    return combine(result.code for result in results)


def _examine(file: str) -> _Result:
    from pithtex._files import read_document
    from pithtex.documents import examine, load
    from pithtex.errors import PithError

    try:
        document = load(read_document(file))
    except OSError as error:
        findings = (missing_input(file, error),)
        return _Result(file=file, document=None, examination=None, findings=findings, code=Exit.USAGE)
    except PithError as error:
        findings = (error_finding(error),)
        return _Result(file=file, document=None, examination=None, findings=findings, code=Exit.WRONG)
    examination = examine(document)
    codes = {Status.FAILS: Exit.WRONG, Status.UNAVAILABLE: Exit.UNDECIDED}
    return _Result(
        file=file,
        document=document,
        examination=examination,
        findings=examination.findings,
        code=codes.get(examination.status, Exit.GOOD),
    )


def _to_dict(result: _Result) -> dict[str, object]:
    examination, document = result.examination, result.document
    return {
        "file": result.file,
        "kind": None if document is None else document.kind,
        "status": "fails" if examination is None else examination.status.value,
        "number": None if examination is None else examination.number.full,
        "checks": [] if examination is None else [check.to_dict() for check in examination.checks],
        "findings": [finding.to_dict() for finding in result.findings],
    }


def _lines(result: _Result, args: argparse.Namespace) -> list[str]:
    from pithtex.report.explain import explain
    from pithtex.report.style import STATUS_COLOURS, Style, finding_lines, printable

    style = Style.choose(args.color, sys.stdout)
    lines = []
    examination, document = result.examination, result.document
    if examination is None or document is None:
        lines.append(f"{style.paint('not verified', 'red')}  {printable(result.file)}")
    else:
        words = {Status.HOLDS: "verified", Status.FAILS: "not verified", Status.UNAVAILABLE: "could not be decided"}
        word = style.paint(words[examination.status], STATUS_COLOURS[examination.status])
        named = examination.number.full
        lines.append(f"{word}  {document.kind} {named}  {printable(result.file)}")
        for check in examination.checks:
            status = style.paint(f"{check.status.value:<11}", STATUS_COLOURS[check.status])
            lines.append(f"  {status} {printable(check.name)}: {printable(check.message)}")
            if args.explain:
                lines += [f"      {line}" for line in explain(check, result.file)]
    for item in result.findings:
        lines += finding_lines(item, style, "  ")
    return lines
