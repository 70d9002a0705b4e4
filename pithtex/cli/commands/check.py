"""Implements `pithtex check`, which checks what a compiled paper claims about itself."""

from __future__ import annotations

import argparse
import functools
import os
from typing import TYPE_CHECKING, Any

from pithtex.cli.commands.check_files import LookUp, checked
from pithtex.cli.commands.check_inputs import PdfInputs, collect, say_skipped
from pithtex.cli.commands.check_output import HtmlReport
from pithtex.cli.commands.check_printer import Printer
from pithtex.cli.shared.common import (
    FORMATS,
    Exit,
    add_common_options,
    add_timeout_option,
    combine,
    command,
    one_standard_input,
    read_abstract,
    report_failure,
)
from pithtex.cli.shared.jobs import job_count
from pithtex.cli.shared.online import completed, network_of, resolver_of
from pithtex.cli.shared.passwords import add_password_options, read_password
from pithtex.cli.shared.standing import add_standing_option, exit_of_standing
from pithtex.cli.shared.streams import output_name
from pithtex.cli.shared.trusted import Trusted
from pithtex.cli.shared.words import words_of
from pithtex.errors import OutputError, PithError, UsageError
from pithtex.limits import MAX_CHECK_SECONDS

if TYPE_CHECKING:
    from pithtex.format.bundle import Bundle
    from pithtex.format.keys import Keyring
    from pithtex.format.record import Record
    from pithtex.pdf.binding.expectation import Expectation
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.pdf.options import CheckOptions
    from pithtex.resolution.resolver import Resolver

_EPILOG = """\
example:
  pithtex check paper.pdf                            offline, with the receipt that the PDF carries
  pithtex check paper.pdf --record CNPMIFD4.json     with a record that you have
  pithtex check paper.pdf --expect 2606.01751        and require it to be this paper
  pithtex check --html report.html *.pdf             an HTML report with the badge marked
  pithtex check --format github *.pdf                annotations in a GitHub workflow
  pithtex check submissions/ --jobs 4                every PDF in a folder, the failures last
  find . -name '*.pdf' -print0 | pithtex check --files-from - --format jsonl
  pithtex check --timeout 10 inbox/*.pdf             untrusted PDFs: each in its own process, for at most 10 s
  pithtex check paper.pdf --online --standing        and what the registry says today: withdrawn, corrected
  curl -L https://example.org/paper.pdf | pithtex check -
  pithtex check --json *.pdf | jq -r '.results[] | .verdict + " " + .file'

verdicts:
  valid       the record is genuine, and the PDF shows its title or arXiv stamp
  unbound     the record is genuine, but the PDF does not show its title or stamp
  unverified  the number is consistent, but there is no record signed by a trusted key
  absent      the PDF carries no Pith Number
  unreadable  the PDF could not be opened, or took too much time or memory
  invalid     the PDF contradicts its signed record

exit codes: 0 every file valid, 1 a file is invalid, 2 a file is missing or not a PDF, 3 not decided; with --standing
also 1 withdrawn, a critical finding or contradictory statements, 3 standing unknown
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "check",
        description=(
            "Reads the Pith Number of each PDF (link, XMP, Info, page text) and checks it against its "
            "signed record, offline."
        ),
        epilog=_EPILOG,
    )
    _add_claims(parser)
    add_standing_option(parser)
    parser.add_argument(
        "--online",
        action="store_true",
        help=(
            "look up records that the PDF does not carry, and ask every mirror what the registry has said "
            "about the paper since"
        ),
    )
    parser.add_argument("--offline", action="store_true", help="look them up in the local store only")
    parser.add_argument(
        "--html",
        metavar="FILE",
        type=output_name,
        help="also write an HTML report with a picture of each file",
    )
    parser.add_argument(
        "--mirror",
        action="append",
        default=[],
        metavar="HOST",
        help=("also accept badges that link to https://HOST/pith/..., and let --online ask this host; may be repeated"),
    )
    parser.add_argument(
        "--jobs",
        type=job_count,
        metavar="N",
        help=f"number of parallel processes; each file then has a time limit, {MAX_CHECK_SECONDS:g} seconds by default",
    )
    add_timeout_option(parser, "checking one PDF, which then runs in its own process with 1 GiB of memory,", "no limit")
    add_password_options(parser)
    one_of = ("PDF, or --files-from FILE", "files", "files_from")
    add_common_options(parser, run, formats=tuple(FORMATS), one_of=one_of)


def _add_claims(parser: argparse.ArgumentParser) -> None:
    """Adds the files, the record, and the options for what must or may hold."""
    parser.add_argument("files", nargs="*", metavar="PDF", help="PDFs, and folders with PDFs; - is standard input")
    parser.add_argument(
        "--files-from",
        action="append",
        default=[],
        metavar="FILE",
        help="take names from this file, one per line or ended by NUL; - is standard input",
    )
    parser.add_argument("--record", metavar="FILE", help="a record or bundle of the paper; - is standard input")
    parser.add_argument("--expect", metavar="ID", help="the paper that this must be: arXiv id, DOI or Pith Number")
    parser.add_argument(
        "--allow", metavar="WORDS", default="", help="verdicts that count as good, for example absent,unbound"
    )
    parser.add_argument(
        "--abstract",
        metavar="FILE",
        help=(
            "the text of the record's abstract, if the PDF does not carry it; it counts only if the record "
            "signs its digest"
        ),
    )
    parser.add_argument(
        "--require-abstract",
        action="store_true",
        help="treat a paper as unbound unless its abstract is shown to be the record's",
    )


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    try:
        one_standard_input([*args.files, *args.files_from, args.record, args.abstract])
        allowed = words_of("--allow", args.allow)
        keyring = Trusted(args.key)
        hosts, addresses = _mirrors(args.mirror)
        given = _given(args.record)
        options = _options(args, given, keyring, hosts)
        resolver = _resolver(args, keyring(), addresses) if args.online else None
        look_up = functools.partial(completed, given=given, keyring=keyring, resolver=resolver)
        inputs = collect(args.files, args.files_from)
    except (PithError, OSError) as error:
        return report_failure(args, "check", args.record or "", error)
    try:
        return _run(args, inputs, look_up, options, allowed)
    except (UsageError, OutputError, OSError) as error:
        return report_failure(args, "check", args.html or "", error)


def _run(
    args: argparse.Namespace, inputs: PdfInputs, look_up: LookUp, options: CheckOptions, allowed: frozenset[str]
) -> Exit:
    """Checks the files and prints the results; if interrupted, those known so far."""
    report = None if args.html is None else HtmlReport(args.html, options["password"])
    printer = Printer(args, several=inputs.several, total=len(inputs.files) + len(inputs.problems))
    codes: set[Exit] = set()
    again = args.html is not None or args.online or args.jobs is not None
    try:
        for place, source, result in checked(inputs, look_up, options, args.timeout, args.jobs, again=again):
            code = _code(result.verdict, allowed, standing=args.standing)
            codes.add(code)
            printer.add(place, result, code)
            if report is not None:
                report.add(result, source)
        if report is not None:
            report.write()
    except (SystemExit, KeyboardInterrupt):
        printer.close()
        raise
    printer.close()
    if not args.quiet:
        say_skipped(inputs)
    return combine(codes)


def _resolver(args: argparse.Namespace, keyring: Keyring, addresses: list[str]) -> Resolver:
    return resolver_of(args, keyring, network_of(args, keyring, addresses))


def _options(
    args: argparse.Namespace, given: Record | Bundle | None, keyring: Trusted, hosts: frozenset[str]
) -> CheckOptions:
    return {
        "record": given,
        "keyring": keyring,
        "expect": _expectation(args.expect),
        "password": read_password(args),
        "mirrors": hosts,
        "abstract": read_abstract(args.abstract),
        "require_abstract": args.require_abstract,
    }


def _expectation(text: str | None) -> Expectation | None:
    if text is None:
        return None
    from pithtex.pdf.binding.expectation import Expectation

    return Expectation.parse(text)


def _mirrors(places: list[str]) -> tuple[frozenset[str], list[str]]:
    """Returns the hosts that badges may link to and the addresses to ask, from what `--mirror` names."""
    if not places:
        return frozenset(), []
    from urllib.parse import urlsplit

    from pithtex.pdf.binding.expectation import mirror_hosts

    files = [place for place in places if os.path.isfile(place)]
    addresses = [place for place in places if "://" in place]
    hosts = [place for place in places if place not in files and place not in addresses]
    linked = mirror_hosts([*hosts, *(urlsplit(address).hostname or "" for address in addresses)])
    return linked, [*files, *addresses, *(f"https://{host}/" for host in hosts)]


def _given(path: str | None) -> Record | Bundle | None:
    if path is None:
        return None
    from pithtex.format.bundle import Bundle
    from pithtex.system.documents import read_document

    document = read_document(path, reports=False)
    return document.parsed if isinstance(document.parsed, Bundle) else document.record


def _code(verdict: Verdict | None, allowed: frozenset[str], *, standing: bool) -> Exit:
    """Returns the exit code of one file, by its verdict and, if requested, by the standing of its papers."""
    if verdict is None:
        return Exit.USAGE
    word = verdict.word.value
    code = Exit.WRONG if word == "invalid" else Exit.UNDECIDED
    if word == "valid" or word in allowed:
        code = Exit.GOOD
    return combine((code, *(exit_of_standing(badge.standing) for badge in verdict.badges if standing)))
