"""`pithtex check`: what a compiled paper says of itself, and whether it is so."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, Final

from pithtex.cli.common import (
    Exit,
    add_key_option,
    add_output_options,
    combine,
    missing_input,
    print_lines,
    report_failure,
)
from pithtex.cli.online import add_network_options, completed, network_of, resolver_of
from pithtex.errors import PithError, UsageError

if TYPE_CHECKING:
    from pithtex.findings import Finding
    from pithtex.keys import Keyring
    from pithtex.pdf.expectation import Expectation
    from pithtex.pdf.verdict import Verdict
    from pithtex.record import Record
    from pithtex.resolve.resolver import Resolver

WORDS: Final = ("valid", "unbound", "unverified", "absent", "unreadable", "invalid")

_EPILOG = """\
example:
  pithtex check paper.pdf                            offline, with the receipt that the PDF carries
  pithtex check paper.pdf --record CNPMIFD4.json     with a record at hand
  pithtex check paper.pdf --expect 2606.01751        and it must be this paper
  pithtex check paper.pdf --online                   with the record looked up, where the PDF has none
  pithtex check --json *.pdf | jq -r '.results[] | .verdict + " " + .file'

verdicts:
  valid       genuine record, the channels agree, and the PDF shows the record's title or stamp
  unbound     genuine record, but the PDF does not show its title or stamp
  unverified  a consistent number, but no record signed by a trusted key is at hand
  absent      no Pith metadata
  unreadable  the PDF could not be opened
  invalid     something contradicts

exit codes: 0 every file valid, 1 a file is invalid, 2 no such file, 3 nothing wrong but not decided
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "check",
        help="check what a compiled PDF says of itself",
        description="Reads the Pith Number out of PDFs - link, XMP, Info, page text - and judges it, offline.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="PDF")
    parser.add_argument("--record", metavar="FILE", help="a record or bundle of the paper; - is standard input")
    parser.add_argument("--expect", metavar="ID", help="the paper this must be: arXiv id, DOI or Pith Number")
    parser.add_argument(
        "--allow", metavar="WORDS", default="", help="verdicts that count as good, as in absent,unbound"
    )
    parser.add_argument("--password", default="", help="for encrypted files")
    parser.add_argument("--online", action="store_true", help="look up the records that the PDF lacks")
    add_network_options(parser)
    add_key_option(parser)
    add_output_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.report.jsondoc import json_document
    from pithtex.resolve.keyfiles import load_keyring

    try:
        allowed = _allowed(args.allow)
        expect = _expectation(args.expect)
        record = _record(args.record)
        keyring = load_keyring(args.key)
        online = args.online and record is None
        resolver = resolver_of(args, keyring, network_of(args, keyring)) if online else None
    except (PithError, OSError) as error:
        return report_failure(args, "check", args.record or "", error)
    codes: list[Exit] = []
    results: list[dict[str, object]] = []
    for file in args.files:
        verdict, problem = _check(file, record, keyring, expect, password=args.password, resolver=resolver)
        codes.append(_code(verdict, allowed))
        results.append(_to_dict(file, verdict, problem))
        if not args.json and not args.quiet:
            print_lines(_lines(file, verdict, problem, args.color))
    if args.json:
        print_lines([json_document("check", results)])
    return combine(codes)


def _allowed(words: str) -> frozenset[str]:
    chosen = frozenset(word for word in words.split(",") if word)
    unknown = chosen - set(WORDS)
    if unknown:
        raise UsageError(f"--allow: {sorted(unknown)[0]!r} is no verdict", hint=f"verdicts: {', '.join(WORDS)}")
    return chosen


def _expectation(text: str | None) -> Expectation | None:
    from pithtex.pdf.expectation import Expectation

    return None if text is None else Expectation.parse(text)


def _record(path: str | None) -> Record | None:
    from pithtex._files import read_document
    from pithtex.documents import load

    return None if path is None else load(read_document(path)).record


def _check(
    file: str,
    record: Record | None,
    keyring: Keyring,
    expect: Expectation | None,
    *,
    password: str,
    resolver: Resolver | None,
) -> tuple[Verdict | None, Finding | None]:
    from pithtex.pdf.check import check_pdf

    try:
        return completed(
            lambda found: check_pdf(file, found or record, keyring, expect=expect, password=password), resolver
        ), None
    except OSError as error:
        return None, missing_input(file, error)


def _code(verdict: Verdict | None, allowed: frozenset[str]) -> Exit:
    if verdict is None:
        return Exit.USAGE
    word = verdict.word.value
    if word == "valid" or word in allowed:
        return Exit.GOOD
    return Exit.WRONG if word == "invalid" else Exit.UNDECIDED


def _to_dict(file: str, verdict: Verdict | None, problem: Finding | None) -> dict[str, object]:
    if verdict is not None:
        return {"file": file, **verdict.to_dict()}
    findings = [] if problem is None else [problem.to_dict()]
    return {
        "file": file,
        "verdict": None,
        "number": None,
        "facts": {},
        "badges": [],
        "channels": [],
        "findings": findings,
    }


def _lines(file: str, verdict: Verdict | None, problem: Finding | None, color: str) -> list[str]:
    from pithtex.report.style import Style, finding_lines
    from pithtex.report.verdict import verdict_lines

    style = Style.choose(color, sys.stdout)
    if verdict is not None:
        return verdict_lines(file, verdict, style)
    return [] if problem is None else finding_lines(problem, style)
