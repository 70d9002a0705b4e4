"""Implements `pithtex show`, which prints what the registry says of a paper."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from pithtex.cli.shared.common import (
    LINES,
    Exit,
    add_common_options,
    chosen_format,
    combine,
    command,
    exit_of,
    missing_input,
    one_standard_input,
    report_failure,
)
from pithtex.cli.shared.machine import Results
from pithtex.cli.shared.online import add_network_options, network_of, paper_standing, resolver_of, waiting
from pithtex.cli.shared.standing import add_standing_option, exit_of_standing, now
from pithtex.cli.shared.streams import print_lines, say
from pithtex.errors import PithError
from pithtex.structs import struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pithtex.findings import Finding
    from pithtex.format.keys import Keyring
    from pithtex.resolution.resolver import Resolver
    from pithtex.verification.record import VerifiedRecord
    from pithtex.verification.standing import Standing

_EPILOG = """\
example:
  pithtex show 2606.01751              ask every mirror about the paper
  pithtex show --offline CNPMIFD4      use only what is in the store
  pithtex show paper.pdf               the paper that a PDF carries a badge of
  pithtex show --online bundle.json    a record or bundle, and what mirrors know in addition

ID is anything that pithtex resolve takes; mirrors are asked. Files are read offline, together with the bundles in the
store, unless --online is given.

exit codes: 0 shown, 1 something does not verify, 2 no such file, or not a document, 3 no record, or nothing is proven;
with --standing also 1 withdrawn, a critical finding or contradictory statements, 3 standing unknown
"""


@struct
class _Paper:
    """One paper, or why there is none to show."""

    asked: str
    code: Exit
    record: VerifiedRecord | None = None
    standing: Standing | None = None
    findings: tuple[Finding, ...] = ()


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "show",
        description="Shows a paper's title, identifiers, standing and history, and what is not proven.",
        epilog=_EPILOG,
    )
    parser.add_argument("papers", nargs="+", metavar="ID|FILE|PDF", help="- is standard input")
    parser.add_argument("--online", action="store_true", help="also ask mirrors about files")
    add_standing_option(parser)
    add_network_options(parser)
    add_common_options(parser, run, formats=LINES)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.system.key_files import load_keyring

    try:
        one_standard_input(args.papers)
        keyring = load_keyring(args.key)
        network = network_of(args, keyring, args.mirror, args.timeout)
        resolver = resolver_of(args, keyring, network)
    except (PithError, OSError) as error:
        return report_failure(args, "show", "", error)
    online = resolver if network is not None else None
    form = chosen_format(args)
    results, codes = Results(args, "show", form), []
    for name in args.papers:
        with waiting(args):
            found = list(_papers(name, keyring, resolver, online, files_online=args.online))
        for paper in found:
            codes.append(_code(paper, args))
            if form == "text":
                _print(paper, args)
            elif form != "quiet":
                results.add(_to_dict(paper))
    results.end()
    return combine(codes)


def _code(paper: _Paper, args: argparse.Namespace) -> Exit:
    if not args.standing or paper.standing is None:
        return paper.code
    return combine((paper.code, exit_of_standing(paper.standing)))


def _papers(
    name: str, keyring: Keyring, resolver: Resolver, online: Resolver | None, *, files_online: bool
) -> Iterator[_Paper]:
    """Yields the papers that a name or file stands for; for a PDF, one for each badge."""
    from pithtex.system.kinds import Kind, kind_by_beginning

    try:
        if name != "-" and not os.path.lexists(name):
            record = resolver.resolve(name)
            standing, problems = paper_standing(record.record, keyring, online)
            findings = (*record.findings, *problems)
            yield _Paper(asked=name, code=Exit.GOOD, record=record.record, standing=standing, findings=findings)
            return
        data = _read(name)
        mirrors = online if files_online else None
        of_file = _of_pdf if kind_by_beginning(data) is Kind.PDF else _of_document
        yield from of_file(name, data, keyring, mirrors)
    except PithError as error:
        yield _Paper(asked=name, code=exit_of(error), findings=(error.finding,))
    except OSError as error:
        yield _Paper(asked=name, code=Exit.USAGE, findings=(missing_input(name, error),))


def _read(name: str) -> bytes:
    """Reads a file, up to the limit for PDFs.

    Raises:
        MalformedError: larger than that.
        OSError: it cannot be read.
    """
    from pithtex.limits import MAX_PDF_BYTES
    from pithtex.system.files import read_bounded

    return read_bounded(name, MAX_PDF_BYTES)


def _of_document(name: str, data: bytes, keyring: Keyring, online: Resolver | None) -> Iterator[_Paper]:
    from pithtex.format.bundle import Bundle
    from pithtex.system.documents import document_of
    from pithtex.verification.document import document_standing, verify_document

    document = document_of(data, name, reports=False)
    record = verify_document(document, keyring)
    given = [document.parsed] if isinstance(document.parsed, Bundle) else []
    standing, problems = paper_standing(record, keyring, online, given)
    if not standing.known:
        standing = document_standing(document, keyring, now=now())  # with the document's own claims
    yield _Paper(asked=name, code=Exit.GOOD, record=record, standing=standing, findings=problems)


def _of_pdf(name: str, data: bytes, keyring: Keyring, online: Resolver | None) -> Iterator[_Paper]:
    from pithtex.catalogue import finding
    from pithtex.pdf.check import check_pdf
    from pithtex.pdf.judgement.verdict import Word

    verdict = check_pdf(data, keyring=keyring)
    records = {badge.record.number: (badge.record, badge.word) for badge in verdict.badges if badge.record is not None}
    for record, word in records.values():
        standing, problems = paper_standing(record, keyring, online)
        code = Exit.WRONG if word is Word.INVALID else Exit.GOOD
        said = (*problems, *verdict.all_findings) if code is Exit.WRONG else problems
        yield _Paper(asked=name, code=code, record=record, standing=standing, findings=said)
    if not records:
        message = "the PDF carries no record that could be proven"
        lacking = finding("record-unavailable", message, where=name, hint="look it up with pithtex check --online")
        code = Exit.WRONG if verdict.word is Word.INVALID else Exit.UNDECIDED
        yield _Paper(asked=name, code=code, findings=(lacking, *verdict.all_findings))


def _to_dict(paper: _Paper) -> dict[str, object]:
    from pithtex.report.paper_page import paper_dict

    stated = {} if paper.record is None or paper.standing is None else paper_dict(paper.record, paper.standing)
    said = () if paper.standing is None else paper.standing.findings
    findings = [item.to_dict() for item in (*said, *paper.findings)]
    return {"query": paper.asked, "number": None, "standing": None, **stated, "findings": findings}


def _print(paper: _Paper, args: argparse.Namespace) -> None:
    from pithtex.report.paper_page import page_lines
    from pithtex.report.terminal import Style, finding_lines

    if paper.record is not None and paper.standing is not None:
        print_lines([*page_lines(paper.record, paper.standing, Style.choose(args.color, sys.stdout))])
    errors = Style.choose(args.color, sys.stderr)
    for item in paper.findings:
        for line in finding_lines(item, errors):
            say(line)
