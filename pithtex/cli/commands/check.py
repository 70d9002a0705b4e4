"""`pithtex check`: what a compiled paper says of itself, and whether it is so."""

from __future__ import annotations

import argparse
import functools
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pithtex.cli.commands.check_output import HtmlReport, Result, print_line, print_machine, print_text
from pithtex.cli.shared.common import (
    FORMATS,
    Exit,
    add_common_options,
    add_timeout_option,
    chosen_format,
    combine,
    command,
    missing_input,
    one_standard_input,
    read_abstract,
    report_failure,
)
from pithtex.cli.shared.online import completed, network_of, resolver_of
from pithtex.cli.shared.passwords import add_password_options, read_password
from pithtex.cli.shared.standing import add_standing_option, exit_of_standing
from pithtex.cli.shared.streams import output_name
from pithtex.cli.shared.trusted import Trusted
from pithtex.cli.shared.words import words_of
from pithtex.errors import OutputError, PithError, UsageError
from pithtex.limits import MAX_PDF_BYTES

if TYPE_CHECKING:
    from pithtex.format.bundle import Bundle
    from pithtex.format.keys import Keyring
    from pithtex.format.record import Record
    from pithtex.pdf.binding.expectation import Expectation
    from pithtex.pdf.check import CheckOptions, PdfCheck
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.resolution.resolver import Resolver

_EPILOG = """\
example:
  pithtex check paper.pdf                            offline, with the receipt that the PDF carries
  pithtex check paper.pdf --record CNPMIFD4.json     with a record that you have
  pithtex check paper.pdf --expect 2606.01751        and require it to be this paper
  pithtex check --html report.html *.pdf             an HTML report with the badge marked
  pithtex check --format github *.pdf                annotations in a GitHub workflow
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
    add_timeout_option(parser, "checking one PDF, which then runs in its own process with 1 GiB of memory,", "no limit")
    add_password_options(parser)
    add_common_options(parser, run, formats=tuple(FORMATS))


def _add_claims(parser: argparse.ArgumentParser) -> None:
    """The files, and what is said of them: the record, what must hold and what may."""
    parser.add_argument("files", nargs="+", metavar="PDF", help="- is standard input")
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
        one_standard_input([*args.files, args.record, args.abstract])
        allowed = words_of("--allow", args.allow)
        keyring = Trusted(args.key)
        hosts, addresses = _mirrors(args.mirror)
        given = _given(args.record)
        options = _options(args, given, keyring, hosts)
        resolver = _resolver(args, keyring(), addresses) if args.online else None
        look_up = functools.partial(completed, given=given, keyring=keyring, resolver=resolver)
        report = None if args.html is None else HtmlReport(args.html, options["password"])
    except (PithError, OSError) as error:
        return report_failure(args, "check", args.record or "", error)
    form = chosen_format(args)
    results: list[Result] = []
    try:
        for source, result in _checked(args, look_up, options):
            results.append(result)
            if report is not None:
                report.add(result, source)
            if form == "text":  # as soon as it is known: many files take their time
                print_text(result, args.color)
            elif form == "jsonl":
                print_line(args, result)
        if report is not None:
            report.write()
    except (UsageError, OutputError, OSError) as error:
        return report_failure(args, "check", args.html or "", error)
    if form not in {"text", "quiet"}:
        print_machine(args, form, results)
    return combine(_code(result.verdict, allowed, standing=args.standing) for result in results)


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
    """The hosts that badges may link to, and the addresses to ask: of host names, addresses, and files of mirrors."""
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


@contextmanager
def _checker(timeout: float | None) -> Iterator[PdfCheck]:
    """What checks a file: this process, or with a limit on time one that can be ended."""
    if timeout is None:
        from pithtex.pdf.check import check_pdf

        yield check_pdf
    else:
        from pithtex.pdf.worker import Worker

        with Worker(seconds=timeout) as worker:
            yield worker.check


def _source(file: str, *, again: bool) -> str | bytes:
    """What is checked: a path, or the bytes of what can be read only once: standard input, a pipe needed again.

    Raises:
        OSError: it cannot be read.
    """
    if file == "-":
        return sys.stdin.buffer.read(MAX_PDF_BYTES + 1)
    if again and stat.S_ISFIFO(os.stat(file).st_mode):
        from pithtex.system.files import read_pdf

        return read_pdf(file)
    return file


_LookUp = Callable[[Callable[["Record | None"], "Verdict"]], "Verdict"]
"""Gives the verdict of a check that takes a record, with the records looked up that it lacks."""


def _checked(args: argparse.Namespace, look_up: _LookUp, options: CheckOptions) -> Iterator[tuple[str | bytes, Result]]:
    """Each file, as of `_source`, and what came of it."""
    with _checker(args.timeout) as check:
        for file in args.files:
            yield _check(check, look_up, file, options, again=args.html is not None)


def _check(
    check: PdfCheck, look_up: _LookUp, file: str, options: CheckOptions, *, again: bool
) -> tuple[str | bytes, Result]:
    """What was checked, as of `_source`, and what came of it."""
    source: str | bytes = file

    def look(found: Record | None) -> Verdict:
        return check(source, **(options if found is None else {**options, "record": found}))

    try:
        source = _source(file, again=again)
        verdict = look_up(look)
        if verdict.word == "unreadable":
            _refuse_other_kinds(source, file)
    except UsageError as error:
        return source, Result(file=file, verdict=None, problem=error.finding)
    except OSError as error:
        return source, Result(file=file, verdict=None, problem=missing_input(file, error))
    return source, Result(file=file, verdict=verdict)


def _refuse_other_kinds(source: str | bytes, file: str) -> None:
    """Refuses a file that certainly is not a PDF: it says nothing of any paper that it cannot be opened as one.

    Raises:
        UsageError: it is of another kind.
        OSError: it cannot be read.
    """
    from pithtex.limits import MAX_DOCUMENT_BYTES
    from pithtex.system.files import open_file
    from pithtex.system.kinds import Kind, refuse_other_kinds

    if isinstance(source, str):
        if not os.path.isfile(source):
            return  # a pipe, which was read and is gone
        with open_file(source) as stream:
            source = stream.read(MAX_DOCUMENT_BYTES)
    refuse_other_kinds(source, file, "a PDF", {Kind.PDF, Kind.TEXT, Kind.JSON})


def _code(verdict: Verdict | None, allowed: frozenset[str], *, standing: bool) -> Exit:
    """The exit code of one file, by its word and, where that was asked for, by the standing of its papers."""
    if verdict is None:
        return Exit.USAGE
    word = verdict.word.value
    code = Exit.WRONG if word == "invalid" else Exit.UNDECIDED
    if word == "valid" or word in allowed:
        code = Exit.GOOD
    return combine((code, *(exit_of_standing(badge.standing) for badge in verdict.badges if standing)))
