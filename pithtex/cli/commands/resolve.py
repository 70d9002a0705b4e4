"""Implements `pithtex resolve`, which finds a verified record by number, short form, arXiv id, DOI or address."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pithtex.cli.shared.bar import progress
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
from pithtex.cli.shared.named_files import instead_of_a_name
from pithtex.cli.shared.online import add_network_options, network_of, resolver_of, waiting
from pithtex.cli.shared.standing import now
from pithtex.cli.shared.streams import output_name, print_bytes, print_lines, say
from pithtex.structs import struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pithtex.findings import Finding
    from pithtex.report.terminal import Style
    from pithtex.resolution.inquiry import Inquiry
    from pithtex.resolution.mirrors.network import Network
    from pithtex.resolution.prospect import Outlook
    from pithtex.resolution.resolved import Resolved
    from pithtex.resolution.resolver import Resolver

_EPILOG = """\
example:
  pithtex resolve 2606.01751                     the newest record of a paper, kept for offline use
  pithtex resolve https://doi.org/10.48550/arXiv.2606.01751
  pithtex resolve pith:CNPMIFD4 -o record.json   write the record to a file
  pithtex resolve --bundle 2606.01751 -o bundle.json
                                                 all mirrors' bundles merged, and what each one lacked
  pithtex resolve --jobs 8 - < ids.txt           many identifiers, one per line
  pithtex resolve --cited paper/                 the papers that a paper cites, for pithtex presubmit

ID: a Pith Number, its 26 characters or the first 8, 12 or 16; an arXiv id, with or without version; an arXiv DOI;
an address of arXiv or of the registry

exit codes: 0 resolved, 1 a document does not verify, 2 wrong usage, 3 not found, ambiguous, or no mirror reachable
"""


@struct
class _Result:
    asked: str
    code: Exit
    found: Resolved | None = None
    file: str | None = None
    failure: Finding | None = None
    inquiries: tuple[Inquiry, ...] = ()
    outlook: Outlook | None = None
    """What is known all the same, where nobody knows a record."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        if self.found is not None:
            return self.found.findings
        charged = (item for inquiry in self.inquiries for item in inquiry.findings)
        failure = self.failure
        if failure is None:
            return tuple(charged)
        others = (item for item in charged if (item.name, item.where) != (failure.name, failure.where))
        return (failure, *others)


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "resolve",
        description="Finds the record of a paper or number, verifies it, and keeps it for offline use.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="the paper or number; - reads them from standard input, one per line"
    )
    parser.add_argument(
        "--cited", metavar="DIR", help="also the papers that the paper in this folder, or of this main file, cites"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=output_name,
        help="the file to write, or a folder if several are given; - is stdout",
    )
    parser.add_argument(
        "--bundle", action="store_true", help="get the bundle with all events, merged from every mirror"
    )
    parser.add_argument("--follow-hints", action="store_true", help="also ask the mirrors that the bundles name")
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="number of parallel requests (default: 4)")
    add_network_options(parser)
    add_common_options(parser, run, formats=LINES)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError, UsageError
    from pithtex.system.key_files import load_keyring

    try:
        one_standard_input(args.ids)
        names = list(dict.fromkeys((*_names(args.ids), *_cited(args.cited))))
        if not names:
            raise UsageError("give at least one ID, or --cited with a paper's folder")
        if not 1 <= args.jobs <= 64:
            raise UsageError("--jobs must be a number from 1 to 64")
        if args.follow_hints and not args.bundle:
            raise UsageError(
                "--follow-hints needs --bundle",
                hint="one mirror is enough for a record; a bundle is collected from all",
            )
        form = chosen_format(args)
        if args.output == "-" and (len(names) > 1 or form in {"json", "jsonl"}):
            raise UsageError("-o - goes with one ID, and without --json and --format")
        keyring = load_keyring(args.key)
        network = network_of(args, keyring, args.mirror, args.timeout)
        resolver = resolver_of(args, keyring, network)
    except (PithError, OSError) as error:
        return report_failure(args, "resolve", "", error)
    folder = args.output is not None and (len(names) > 1 or args.output.endswith("/") or os.path.isdir(args.output))
    results, codes = Results(args, "resolve", form), []
    for result in _all(names, resolver, network, args, folder=folder):
        codes.append(result.code)
        if form in {"json", "jsonl"}:
            results.add(_to_dict(result))
        else:
            _show(result, args)
    results.end()
    return combine(codes)


def _names(given: Iterable[str]) -> Iterator[str]:
    from pithtex.limits import MAX_DOCUMENT_BYTES
    from pithtex.system.files import read_bounded

    for name in given:
        if name == "-":
            lines = read_bounded(name, MAX_DOCUMENT_BYTES).decode("utf-8", "replace").splitlines()
            yield from (line.strip() for line in lines if line.strip())
        else:
            yield name


def _cited(paper: str | None) -> list[str]:
    """Returns the papers that a paper's references name.

    Raises:
        UsageError: there are none.
    """
    if paper is None:
        return []
    from pithtex.errors import UsageError
    from pithtex.manuscript.references.cited_works import read_bibliography
    from pithtex.manuscript.references.paper_map import paper_map
    from pithtex.manuscript.source.read import read_manuscript

    manuscript = read_manuscript(Path(paper))
    works = read_bibliography(manuscript, paper_map(manuscript)).works
    named = [item for work in works for item in work.locators if item.can_be]
    if not named:
        raise UsageError(f"the references of {paper} name no paper of arXiv and no Pith Number")
    return [item.paper if item.arxiv is None else item.arxiv.id for item in named]


def _all(
    names: list[str], resolver: Resolver, network: Network | None, args: argparse.Namespace, *, folder: bool
) -> Iterator[_Result]:
    """Yields the results in the order of the names, several at once, with a progress bar on a terminal."""
    if len(names) == 1 or args.jobs == 1:
        for name in names:
            with waiting(args):
                result = _one(name, resolver, network, args, folder=folder)
            yield result
        return
    from pithtex.system.threads import in_threads

    found = in_threads(lambda name: _one(name, resolver, network, args, folder=folder), names, args.jobs)
    yield from progress(found, len(names), quiet=args.quiet)


def _one(name: str, resolver: Resolver, network: Network | None, args: argparse.Namespace, *, folder: bool) -> _Result:
    from pithtex.errors import PithError
    from pithtex.resolution.resolved import look_up
    from pithtex.resolution.store.store import document_bytes, proven_document

    inquiries: list[Inquiry] = []
    client = network.client if network is not None and args.follow_hints else None
    try:
        found = look_up(resolver, name, now=now(), whole=args.bundle, follow=client, inquiries=inquiries)
        file = None
        if args.output is not None:
            document = proven_document(found.record) if found.collected is None else found.collected.document
            suffix = found.record.number.suffix
            file = _write(args.output, f"{suffix}.json" if folder else None, document_bytes(document))
    except PithError as error:
        if error.rule == "unknown-identifier":
            error = instead_of_a_name(name) or error
        from pithtex.resolution.prospect import NotFoundError

        outlook = error.outlook if isinstance(error, NotFoundError) else None
        told = tuple(inquiries)
        return _Result(asked=name, code=exit_of(error), failure=error.finding, inquiries=told, outlook=outlook)
    except OSError as error:  # a file of mirrors
        failure = missing_input(str(error.filename or name), error)
        return _Result(asked=name, code=Exit.USAGE, failure=failure)
    return _Result(asked=name, code=Exit.GOOD, found=found, file=file)


def _write(output: str, name: str | None, data: bytes) -> str | None:
    if output == "-":
        print_bytes(data)
        return None
    from pithtex.system.files import write_files, writing

    path = Path(output)
    if name is not None:
        with writing(path):
            path.mkdir(parents=True, exist_ok=True)
        path /= name
    write_files({path: data})
    return str(path)


def _to_dict(result: _Result) -> dict[str, object]:
    if result.found is not None:
        return result.found.to_dict(file=result.file)
    asked = next((inquiry.to_dict() for inquiry in result.inquiries), None)
    findings = [item.to_dict() for item in result.findings]
    outlook = None if result.outlook is None else result.outlook.to_dict()
    return {"query": result.asked, "number": None, "asked": asked, "outlook": outlook, "findings": findings}


def _show(result: _Result, args: argparse.Namespace) -> None:
    from pithtex.report.terminal import Style, finding_lines
    from pithtex.text import printable

    if args.quiet:
        return
    to_stderr = args.output == "-"  # the document goes to stdout
    lines = list(_lines(result, Style.choose(args.color, sys.stderr if to_stderr else sys.stdout)))
    if lines and not to_stderr:
        print_lines(lines)
    elif lines and result.found is not None and result.found.standing.mark:
        say("\n".join(lines))
    errors = Style.choose(args.color, sys.stderr)
    told = set() if result.found is None else set(result.found.standing.findings)
    for item in result.findings:
        if item in told and item.name != "time-order":
            continue  # in the standing, with its words
        named = f"{printable(result.asked)}: " if item is result.failure else ""
        for number, line in enumerate(finding_lines(item, errors, "" if item is result.failure else "  ")):
            say(f"{named if number == 0 else ''}{line}")


def _lines(result: _Result, style: Style) -> Iterator[str]:
    """Yields lines that tell people what was found."""
    from pithtex.report.standing import painted, standing_lines
    from pithtex.text import printable

    found = result.found
    if found is None:
        return
    record, standing = found.record, found.standing
    title = printable(record.title or "(title not stated in any document here)")
    mark = f": {painted(standing, style)}" if standing.mark else ""
    yield f"{style.paint(record.number.full, 'bold')}  {title}{mark}"
    yield from standing_lines(standing, style)
    yield f"  {printable(record.canonical.paper)}, from {printable(found.resolution.origin)}"
    for other in found.resolution.others:
        yield f"  also version {other.version}: {other.suffix}"
    if found.resolution.inquiry is not None:
        yield f"  {found.resolution.inquiry.line}"
    if found.collected is not None:
        for source, ids in found.collected.lacked:
            yield f"  {printable(source)} lacked {len(ids) or 'no'} event{'s' if len(ids) != 1 else ''}"
        yield from (f"  hint: {printable(hint)}" for hint in found.collected.hints)
    if result.file is not None:
        yield f"  wrote {printable(result.file)}"
