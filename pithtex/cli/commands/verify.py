"""`pithtex verify`: a record or bundle against the keyring, one line a check."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pithtex.cli.shared.common import (
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
from pithtex.cli.shared.streams import output_name, print_lines, say
from pithtex.findings import Finding, Status

if TYPE_CHECKING:
    from pithtex.cli.commands.verify_merge import Merged
    from pithtex.format.keys import Keyring
    from pithtex.report.terminal import Style
    from pithtex.verify.checks import Check
    from pithtex.verify.document import Document
    from pithtex.verify.record import Examination
    from pithtex.verify.standing import Standing

_EPILOG = """\
example:
  pithtex verify CNPMIFD4.json                 every check, one line each
  pithtex verify --explain CNPMIFD4.json       and how to redo each with jq, sha256sum and openssl
  pithtex verify CNPMIFD4.json --ots CNPMIFD4.ots
                                               and whether the OpenTimestamps proof is of its digest
  pithtex verify a.json b.json --merge -o merged.json
                                               two mirrors' bundles, put together
  curl -s https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53.json | pithtex verify -

exit codes: 0 verified, 1 something contradicts, 2 no such file, or bad keys, 3 no receipt or an unknown key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stamp:
    """What `--ots` and `--header` gave."""

    file: str
    proof: bytes
    header: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    file: str
    document: Document | None
    examination: Examination | None
    findings: tuple[Finding, ...]
    code: Exit
    keyring: Keyring | None = None


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "verify",
        summary="check a record or bundle against the trusted keys",
        description="Checks records and bundles offline, against the trusted keys alone, one line a check.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a record, a bundle or an integrity report; - is standard input"
    )
    parser.add_argument(
        "--explain", action="store_true", help="print each step's input, output and commands to redo it"
    )
    parser.add_argument("--merge", action="store_true", help="merge bundles of one record, and say what each lacked")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=output_name,
        help="with --merge: where to write the merged bundle; - is stdout, and all else goes to stderr",
    )
    parser.add_argument("--ots", metavar="FILE", help="an OpenTimestamps proof of the record's digest")
    parser.add_argument(
        "--header",
        metavar="HEX|FILE",
        help="the block header that the proof must lead to: 160 hex digits, or a file of these or of the 80 bytes",
    )
    add_common_options(parser, run, formats=True)


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
        results = [_examine(file, keyring, stamp) for file in args.files]
        merged = _merge(args, results, keyring)
    except (PithError, OSError) as error:
        return report_failure(args, "verify", args.ots or args.output or "", error)
    form = chosen_format(args)
    if form == "json":
        from pithtex.report.jsondoc import json_document

        extra = [] if merged is None else [merged.to_dict()]
        print_lines([json_document("verify", [*(_to_dict(result) for result in results), *extra])])
    elif form in {"sarif", "github"}:
        from pithtex.findings import of_document

        located = (item for result in results for item in of_document(result.file, result.findings))
        print_findings(form, located, {result.file: _word(result) for result in results})
    elif form == "text":
        to_stderr = args.output == "-"
        show = (lambda lines: say("\n".join(lines))) if to_stderr else print_lines
        style = Style.choose(args.color, sys.stderr if to_stderr else sys.stdout)
        for result in results:
            show(_lines(result, style, explained=args.explain))
        if merged is not None:
            show(merged.lines(style))
    return combine(result.code for result in results)


def _check_usage(args: argparse.Namespace) -> None:
    """Refuses options that do not go together.

    Raises:
        UsageError: they do not.
    """
    from pithtex.errors import UsageError

    one_standard_input(args.files)
    if args.output is not None and not args.merge:
        raise UsageError("-o goes with --merge", hint="verify writes nothing else")
    if args.output == "-" and chosen_format(args) not in {"text", "quiet"}:
        raise UsageError("-o - goes without --json and --format", hint="standard output takes one of them")


def _merge(args: argparse.Namespace, results: list[_Result], keyring: Keyring) -> Merged | None:
    """The merge, where it was asked for and every file is a document."""
    if not args.merge:
        return None
    from pithtex.cli.commands.verify_merge import merge_files

    files = [(result.file, result.document) for result in results if result.document is not None]
    return merge_files(files, keyring, args.output) if len(files) == len(results) else None


def _stamp(args: argparse.Namespace) -> _Stamp | None:
    """What `--ots` and `--header` give, read; None without them."""
    from pithtex.errors import UsageError

    if args.ots is None:
        if args.header is not None:
            raise UsageError("--header goes with --ots", hint="give the proof that is to lead to this block")
        return None
    if len(args.files) != 1:
        raise UsageError("--ots goes with one record", hint="a proof is of one digest")
    from pithtex.limits import MAX_HEADER_FILE_BYTES, MAX_PROOF_BYTES

    header = None
    if args.header is not None:
        # Text as long as a header's digits is one, mistyped or not; no path to one is likely to be.
        is_text = len(args.header) == 160
        header = os.fsencode(args.header) if is_text else _read(args.header, MAX_HEADER_FILE_BYTES)
    return _Stamp(file=args.ots, proof=_read(args.ots, MAX_PROOF_BYTES), header=header)


def _read(path: str, most: int) -> bytes:
    """A file, up to one byte more than is looked at, which its reader then refuses."""
    from pithtex.system.files import open_file

    with open_file(path) as stream:
        return stream.read(most + 1)


def _examine(file: str, keyring: Keyring, stamp: _Stamp | None) -> _Result:
    from pithtex.errors import PithError
    from pithtex.system.files import read_document
    from pithtex.verify.document import examine_document

    try:
        document = read_document(file)
    except OSError as error:
        findings = (missing_input(file, error),)
        return _Result(file=file, document=None, examination=None, findings=findings, code=Exit.USAGE)
    except PithError as error:
        findings = (error.finding,)
        return _Result(file=file, document=None, examination=None, findings=findings, code=exit_of(error))
    examination = examine_document(document, keyring)
    if stamp is not None:
        examination = replace(examination, checks=(*examination.checks, *_stamp_checks(document, stamp)))
    codes = {Status.FAILS: Exit.WRONG, Status.UNAVAILABLE: Exit.UNDECIDED}
    return _Result(
        file=file,
        document=document,
        examination=examination,
        findings=examination.findings,
        code=codes.get(examination.status, Exit.GOOD),
        keyring=keyring,
    )


def _stamp_checks(document: Document, stamp: _Stamp) -> list[Check]:
    from pithtex.errors import MalformedError
    from pithtex.verify.checks import Check
    from pithtex.verify.timestamp import examine_timestamp, timestamp_checks

    try:
        # An integrity report has no digest that a proof could be of, and is refused here too.
        report = examine_timestamp(stamp.proof, document.record.canonical.digest, stamp.header)
    except MalformedError as error:
        message = f"{stamp.file}: {error}"
        return [Check(name="timestamp digest", status=Status.FAILS, message=message, finding=error.finding)]
    return list(timestamp_checks(report))


def _to_dict(result: _Result) -> dict[str, object]:
    examination, document, standing = result.examination, result.document, _standing(result)
    return {
        "file": result.file,
        "kind": None if document is None else document.kind,
        "status": "fails" if examination is None else examination.status.value,
        "number": None if examination is None or examination.number is None else examination.number.full,
        "standing": None if standing is None else standing.to_dict(),
        "checks": [] if examination is None else [check.to_dict() for check in examination.checks],
        "findings": [finding.to_dict() for finding in result.findings],
    }


def _standing(result: _Result) -> Standing | None:
    """What the events of a bundle that verifies say of the paper; None of all else."""
    from pithtex.format.bundle import Bundle

    bundle = None if result.document is None else result.document.parsed
    if not isinstance(bundle, Bundle) or result.keyring is None or _word(result) != "verified":
        return None
    from datetime import UTC, datetime

    from pithtex.verify.standing import standing_of

    return standing_of([bundle], result.keyring, now=datetime.now(UTC))


def _standing_lines(standing: Standing, style: Style) -> list[str]:
    from pithtex.text import printable

    lines = [f"  {style.paint('standing', 'bold')}  {printable(standing.line)}"]
    for item in standing.statements:
        colour = "red" if item in standing.grave else "dim"
        said = f": {item.text}" if item.text else ""
        lines.append(
            f"    {style.paint(item.says.value, colour)}{printable(said)}  ({printable(item.signer)}, {item.when})"
        )
    return lines


def _word(result: _Result) -> str:
    """What a document is said to be, for people."""
    if result.examination is None or result.examination.status is Status.FAILS:
        return "not verified"
    return "verified" if result.examination.status is Status.HOLDS else "could not be decided"


def _lines(result: _Result, style: Style, *, explained: bool) -> list[str]:
    from pithtex.report.explain import explain
    from pithtex.report.terminal import STATUS_COLOURS, finding_lines
    from pithtex.text import printable

    lines = []
    examination, document = result.examination, result.document
    if examination is None or document is None:
        lines.append(f"{style.paint(_word(result), 'red')}  {printable(result.file)}")
    else:
        word = style.paint(_word(result), STATUS_COLOURS[examination.status])
        lines.append(f"{word}  {document.kind} {printable(document.name)}  {printable(result.file)}")
        standing = _standing(result)
        if standing is not None and standing.statements:
            lines += _standing_lines(standing, style)
        for check in examination.checks:
            status = style.paint(f"{check.status.value:<11}", STATUS_COLOURS[check.status])
            lines.append(f"  {status} {printable(check.name)}: {printable(check.message)}")
            if explained:
                lines += [f"      {line}" for line in explain(check, result.file)]
    for item in result.findings:
        lines += finding_lines(item, style, "  ")
    return lines
