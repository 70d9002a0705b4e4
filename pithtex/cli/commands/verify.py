"""Implements `pithtex verify`, which checks documents against the keyring and prints a line for each check."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from pithtex.cli.commands.verify_output import Result, summary_lines
from pithtex.cli.shared.common import (
    FORMATS,
    Exit,
    add_common_options,
    chosen_format,
    combine,
    command,
    exit_of,
    missing_input,
    one_standard_input,
    print_findings,
    report_failure,
)
from pithtex.cli.shared.machine import print_json, print_json_line
from pithtex.cli.shared.standing import add_standing_option, exit_of_standing, now
from pithtex.cli.shared.streams import output_name, print_lines, say
from pithtex.findings import Status
from pithtex.structs import struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pithtex.cli.commands.verify_merge import Merged
    from pithtex.format.keys import Keyring
    from pithtex.verification.checks import Check
    from pithtex.verification.document import Document

_EPILOG = """\
example:
  pithtex verify CNPMIFD4.json                 every check, one per line
  pithtex verify --standing CNPMIFD4.json      also whether the paper is withdrawn or has a critical finding
  pithtex verify --failures *.json             only what is wrong, with a summary
  pithtex verify --explain CNPMIFD4.json       also how to repeat each check with jq, sha256sum and openssl
  pithtex verify CNPMIFD4.json --ots CNPMIFD4.ots
                                               also whether the OpenTimestamps proof is for its digest
  pithtex verify a.json b.json --merge -o merged.json
                                               merge two mirrors' bundles
  curl -s https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53.json | pithtex verify -

exit codes: 0 verified, 1 a check failed, 2 no such file, not a document, or bad keys, 3 no receipt, or an unknown key;
with --standing also 1 withdrawn, a critical finding or contradictory statements, 3 standing unknown
"""


@struct
class _Stamp:
    """The contents of `--ots` and `--header`."""

    file: str
    proof: bytes
    header: bytes | None


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "verify",
        description=(
            "Checks records, bundles and integrity reports against the trusted keys, offline, one line per check."
        ),
        epilog=_EPILOG,
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a record, a bundle or an integrity report; - is standard input"
    )
    parser.add_argument(
        "--explain", action="store_true", help="print the input and output of each step, and commands to repeat it"
    )
    parser.add_argument(
        "--failures", action="store_true", help="show only files that are not verified, and what is wrong with them"
    )
    add_standing_option(parser)
    parser.add_argument(
        "--merge", action="store_true", help="merge bundles of one record, and show what each one lacked"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=output_name,
        help="with --merge: the file for the merged bundle; - is stdout, and messages then go to stderr",
    )
    parser.add_argument("--ots", metavar="FILE", help="an OpenTimestamps proof for the record's digest")
    parser.add_argument(
        "--header",
        metavar="HEX|FILE",
        help=(
            "the Bitcoin block header that the proof must lead to: 160 hex digits, or a file with them or "
            "with the 80 bytes"
        ),
    )
    add_common_options(parser, run, formats=tuple(FORMATS))


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError
    from pithtex.report.terminal import Style
    from pithtex.system.key_files import load_keyring

    try:
        _check_usage(args)
        keyring = load_keyring(args.key)
        stamp = _stamp(args)
    except (PithError, OSError) as error:
        return report_failure(args, "verify", "", error)
    try:
        results = list(_examined(args, keyring, stamp))
        merged = _merge(args, results, keyring)
    except (PithError, OSError) as error:
        return report_failure(args, "verify", args.ots or args.output or "", error)
    form = chosen_format(args)
    shown = [result for result in results if not args.failures or _code(result, args) is not Exit.GOOD]
    if form == "json":
        extra = [] if merged is None else [merged.to_dict()]
        print_json(args, "verify", [*(result.to_dict(failures=args.failures) for result in shown), *extra])
    elif form in {"sarif", "github"}:
        from pithtex.findings import of_document

        located = (item for result in shown for item in of_document(result.file, result.found.findings))
        standings = {result.file: result.standing for result in shown}
        print_findings(form, located, {result.file: result.word for result in shown}, standings)
    elif form == "text":
        to_stderr = args.output == "-"
        show = (lambda lines: say("\n".join(lines))) if to_stderr else print_lines
        style = Style.choose(args.color, sys.stderr if to_stderr else sys.stdout)
        for result in shown:
            show(result.lines(style, explained=args.explain, failures=args.failures))
        if len(results) > 1:
            show(list(summary_lines(results, style)))
        if merged is not None:
            show(merged.lines(style))
    codes = [_code(result, args) for result in results]
    return combine(codes if merged is None or not args.standing else [*codes, exit_of_standing(merged.standing)])


def _examined(args: argparse.Namespace, keyring: Keyring, stamp: _Stamp | None) -> Iterator[Result]:
    """Yields the result for each file; prints JSON Lines as soon as they are known."""
    lines = chosen_format(args) == "jsonl"
    for file in args.files:
        result = _examine(file, keyring, stamp)
        if lines and not (args.failures and _code(result, args) is Exit.GOOD):
            print_json_line(args, "verify", result.to_dict(failures=args.failures))
        yield result


def _code(result: Result, args: argparse.Namespace) -> Exit:
    """Returns the exit code of one file, by the document and, if requested, by the paper's standing."""
    if not args.standing or result.standing is None:
        return result.code
    return combine((result.code, exit_of_standing(result.standing)))


def _check_usage(args: argparse.Namespace) -> None:
    """Refuses options that do not go together.

    Raises:
        UsageError: they do not.
    """
    from pithtex.errors import UsageError

    one_standard_input(args.files)
    if args.output is not None and not args.merge:
        raise UsageError("-o needs --merge", hint="without --merge, verify writes no file")
    if args.output == "-" and chosen_format(args) not in {"text", "quiet"}:
        raise UsageError(
            "-o - cannot be combined with --json or --format", hint="standard output has room for only one of them"
        )


def _merge(args: argparse.Namespace, results: list[Result], keyring: Keyring) -> Merged | None:
    """Returns the merge, if it was requested and every file is a document."""
    if not args.merge:
        return None
    from pithtex.cli.commands.verify_merge import merge_files

    files = [(result.file, result.document) for result in results if result.document is not None]
    return merge_files(files, keyring, args.output) if len(files) == len(results) else None


def _stamp(args: argparse.Namespace) -> _Stamp | None:
    """Reads the files of `--ots` and `--header`; returns None without them."""
    from pithtex.errors import UsageError

    if args.ots is None:
        if args.header is not None:
            raise UsageError("--header needs --ots", hint="give the proof that should lead to this block")
        return None
    if len(args.files) != 1:
        raise UsageError("--ots takes a single record", hint="a proof is for one digest")
    from pithtex.limits import MAX_HEADER_FILE_BYTES, MAX_PROOF_BYTES
    from pithtex.system.kinds import Kind, refuse_other_kinds

    header = None
    if args.header is not None:
        # Text as long as a header's digits is one, mistyped or not; no path to one is likely to be.
        is_text = len(args.header) == 160
        header = os.fsencode(args.header) if is_text else _read(args.header, MAX_HEADER_FILE_BYTES)
    proof = _read(args.ots, MAX_PROOF_BYTES)
    refuse_other_kinds(proof, args.ots, "an OpenTimestamps proof", {Kind.PROOF, Kind.TEXT})
    return _Stamp(file=args.ots, proof=proof, header=header)


def _read(path: str, most: int) -> bytes:
    """Reads a file up to one byte past the limit, so that its reader refuses one that is too large."""
    from pithtex.system.files import open_file

    with open_file(path) as stream:
        return stream.read(most + 1)


def _examine(file: str, keyring: Keyring, stamp: _Stamp | None) -> Result:
    from pithtex.errors import PithError
    from pithtex.system.documents import read_document
    from pithtex.verification.examined import Examined, examined, unreadable

    try:
        document = read_document(file)
    except OSError as error:
        return Result(file=file, found=Examined(problems=(missing_input(file, error),)), code=Exit.USAGE)
    except PithError as error:
        return Result(file=file, found=unreadable(error), code=exit_of(error))
    stamped = () if stamp is None else tuple(_stamp_checks(document, stamp))
    found = examined(document, keyring, now=now(), more=stamped)
    code = {Status.FAILS: Exit.WRONG, Status.UNAVAILABLE: Exit.UNDECIDED}.get(found.status, Exit.GOOD)
    return Result(file=file, found=found, code=code)


def _stamp_checks(document: Document, stamp: _Stamp) -> list[Check]:
    from pithtex.errors import MalformedError
    from pithtex.verification.checks import Check
    from pithtex.verification.timestamp import examine_timestamp, timestamp_checks

    try:
        # An integrity report has no digest that a proof could be of, and is refused here too.
        report = examine_timestamp(stamp.proof, document.record.canonical.digest, stamp.header)
    except MalformedError as error:
        message = f"{stamp.file}: {error}"
        return [Check(name="timestamp digest", status=Status.FAILS, message=message, finding=error.finding)]
    return list(timestamp_checks(report))
