"""Implements `pithtex presubmit`, the check before the upload."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pithtex.cli.commands.presubmit_build import (
    Made,
    add_build_options,
    build_document,
    building,
    wants_build,
    wants_no_comments,
    with_facts,
    with_upload,
)
from pithtex.cli.commands.presubmit_companions import (
    add_companion_option,
    companions_of,
    documents_of,
    findings_beside,
    without_companions,
)
from pithtex.cli.shared.common import (
    FORMATS,
    Exit,
    add_key_option,
    add_output_options,
    chosen_format,
    command,
    one_standard_input,
    report_failure,
)
from pithtex.cli.shared.named_files import refuse_other_than_sources
from pithtex.cli.shared.streams import output_name
from pithtex.errors import PithError, UsageError

if TYPE_CHECKING:
    from pithtex.format.keys import Keyring
    from pithtex.review.config import Config
    from pithtex.review.review import Review
    from pithtex.review.submission.model import RecordFile, Submission

_MAX_MENDS: Final = 5
"""Rounds of fixes: more than there are kinds that follow from each other."""
_EPILOG = """\
example:
  pithtex presubmit                     the paper in this folder
  pithtex presubmit paper/main.tex      this file and everything that it includes
  pithtex presubmit --fix               apply the fixes that are certain to be right, and show them
  pithtex presubmit --require           version 2: there must be a number
  pithtex presubmit --build             compile it as arXiv does, in a copy, and check that PDF
  pithtex presubmit --pack up.tar.gz    the same, and write the upload for arXiv
  pithtex presubmit --cited refs.jsonl  have the references the titles that these signed records have?
  pithtex presubmit --format github     annotations in a GitHub workflow

The command reads the sources, pith.sty, and the records, log and PDF beside them. It does not use the network, and
compiles only with --build or --pack. In the source, "% pithtex: ignore=PITH627 (revised)" silences a finding on its
line or the next one; pithtex explain PITH627 explains a finding. Settings go into [tool.pithtex] in pyproject.toml, or
into .pithtex.toml.

The paper is "ready" once exactly these files were compiled, by --build or by latexmk; until then it is "ready, not
built".

exit codes: 0 ready, built or not, 1 an error was found, 2 wrong usage or no main file, 3 undecided: a record or a
program that --build needs is missing
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "presubmit",
        description="Reads a paper's sources and reports, with file and line, what is wrong, missing or forgotten.",
        epilog=_EPILOG,
    )
    parser.add_argument("paper", metavar="DIR", nargs="?", default=".", help="folder or main file (default: .)")
    parser.add_argument(
        "--record", action="append", default=[], metavar="FILE", help="a record or bundle of the paper; may be repeated"
    )
    parser.add_argument(
        "--cited",
        action="append",
        default=[],
        metavar="FILE",
        help="records of papers that it cites: a file or a folder; may be repeated",
    )
    parser.add_argument("--expect", metavar="ID", help="the paper that this must be: arXiv id, DOI or Pith Number")
    parser.add_argument("--require", action="store_true", help="treat a missing number as an error")
    parser.add_argument(
        "--select", metavar="CODES", help="report only these findings: codes, beginnings of codes, or names"
    )
    parser.add_argument("--ignore", metavar="CODES", help="do not report these findings")
    parser.add_argument(
        "--files", action="store_true", help="list which files would be uploaded, which would not, and why"
    )
    parser.add_argument("--fix", action="store_true", help="apply the fixes that are certain to be right")
    parser.add_argument("--dry-run", action="store_true", help="with --fix: show the changes without making them")
    add_build_options(parser)
    add_companion_option(parser)
    add_key_option(parser)
    parser.add_argument(
        "--summary", metavar="FILE", type=output_name, help="append the findings to this file in Markdown"
    )
    add_output_options(parser, formats=tuple(FORMATS))
    parser.add_argument("--no-excerpt", action="store_true", help="do not show the source line below each finding")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.cli.commands.presubmit_output import print_review, write_summary

    try:
        review, diff, made = _reviewed(args)
        if args.summary:
            write_summary(args.summary, review)
    except (PithError, OSError) as error:
        return report_failure(args, "presubmit", args.paper, error)
    print_review(args, review, diff, made)
    exits = {"ready": Exit.GOOD, "ready, not built": Exit.GOOD, "undecided": Exit.UNDECIDED}
    return exits.get(review.word.value, Exit.WRONG)


def _reviewed(args: argparse.Namespace) -> tuple[Review, list[str], dict[str, object]]:
    """Returns the review after any requested fixes and build, the fixes as a diff, and the build for JSON."""
    from pithtex.review.config import find_config
    from pithtex.review.review import review
    from pithtex.review.submission.citations import read_cited_records
    from pithtex.review.submission.opened import opened
    from pithtex.review.submission.records import read_records
    from pithtex.system.key_files import load_keyring

    _check_usage(args)
    refuse_other_than_sources(args.paper)
    build = wants_build(args)
    path = Path(args.paper)
    config = find_config(path if path.is_dir() else path.parent)
    keyring = load_keyring(args.key)
    given = read_records((*args.record, *(config.path(name) for name in config.record)), keyring)
    cited = read_cited_records((*args.cited, *(config.path(name) for name in config.cited)), keyring)
    gathered = functools.partial(_gathered, args, config, keyring, given, cited=cited)
    select, ignore = _codes(args.select, config.select), _codes(args.ignore, config.ignore)
    plain = functools.partial(review, select=select, ignore=ignore)
    first = gathered()
    companions = companions_of(args, first)

    def again(made: Made | None = None, **more: Any) -> Review:
        submission = without_companions(first if made is None and not args.fix else gathered(made), companions)
        left, found = (None, ()) if made is None else (made.left, made.findings)
        beside = findings_beside(submission, companions, functools.partial(opened, config=config, left=left), plain)
        return plain(submission, more=(*beside, *found), **more)

    lines: list[str] = []
    result = again()
    if args.fix:
        result, lines = _mended(args, result, again)
    if not build:
        return result, lines, {}
    submission = result.submission
    with building(args, submission.manuscript, documents_of(submission, companions), submission.shown) as begun:
        result, made = _built(args, keyring, begun, again)
        return with_facts(args, result, made), lines, build_document(made)


def _mended(args: argparse.Namespace, result: Review, again: Callable[[], Review]) -> tuple[Review, list[str]]:
    """Returns the review after the fixes, and the fixes as a diff."""
    from pithtex.review.fix import apply_mends, diff_of, mends

    lines: list[str] = []
    for _ in range(_MAX_MENDS):  # a fix may uncover the next: the package is looked for once loaded
        changes = mends(result)
        lines += diff_of(changes)
        if not changes or args.dry_run:
            break
        apply_mends(changes)
        result = again()
    return result, lines


def _check_usage(args: argparse.Namespace) -> None:
    """Refuses options that do not go together.

    Raises:
        UsageError: they do not.
    """
    one_standard_input((*args.record, *args.cited))
    if args.summary == "-" and chosen_format(args) not in {"text", "quiet"}:
        raise UsageError(
            "--summary - cannot be combined with --json or --format",
            hint="standard output has room for only one of them",
        )


def _built(
    args: argparse.Namespace, keyring: Keyring, made: Made, review: Callable[..., Review]
) -> tuple[Review, Made]:
    """Returns the review of the build, with the upload if no error prevents it."""
    from pithtex.pdf.check import check_pdf
    from pithtex.review.review import Readiness

    result = review(made, built=made.paper.ok is True)
    if not args.pack or result.word is Readiness.NOT_READY or not made.paper.ok:
        return result, made
    submission = result.submission
    check = functools.partial(check_pdf, record=submission.record, keyring=keyring)
    made = with_upload(args, made, check, strip=wants_no_comments(args, submission.manuscript))
    return review(made, built=True), made


def _gathered(
    args: argparse.Namespace,
    config: Config,
    keyring: Keyring,
    given: tuple[RecordFile, ...],
    made: Made | None = None,
    *,
    cited: tuple[RecordFile, ...],
) -> Submission:
    from pithtex.review.submission.opened import opened

    left = None if made is None else made.left
    return opened(
        args.paper,
        config,
        keyring,
        given,
        cited,
        expect=args.expect,
        require=args.require,
        engine=args.engine,
        left=left,
    )


def _codes(text: str | None, configured: tuple[str, ...]) -> tuple[str, ...]:
    return configured if text is None else tuple(part.strip() for part in text.split(",") if part.strip())
