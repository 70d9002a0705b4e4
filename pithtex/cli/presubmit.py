"""`pithtex presubmit`: one command before the upload."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pithtex.cli.common import Exit, add_key_option, add_output_options, report_failure
from pithtex.errors import PithError

if TYPE_CHECKING:
    from pithtex.presubmit.config import Config
    from pithtex.presubmit.review import Review
    from pithtex.presubmit.submission import Submission

_EPILOG = """\
example:
  pithtex presubmit                     the paper in this folder
  pithtex presubmit paper/main.tex      this file, and what it reads in
  pithtex presubmit --fix               mend what can be mended for sure, and show what was changed
  pithtex presubmit --require           version 2: a number must be there
  pithtex presubmit --format github     annotations, in a workflow of GitHub

It reads the sources, pith.sty, and what lies beside them: records, the log and the PDF of the last run. It compiles
nothing and opens no socket. In the source, "% pithtex: ignore=PITH627 (revised)" silences a finding on its line or the
next one. docs/presubmit.md has every code: what it says, why, and how to mend it. Settings: [tool.pithtex] in
pyproject.toml, or .pithtex.toml.

exit codes: 0 ready, 1 an error was found, 2 wrong usage or no main file, 3 ready but for a record that is not at hand
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "presubmit",
        help="check a paper's sources before the upload",
        description="Reads a paper's sources and says, with file and line, what is wrong, missing or forgotten.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paper", metavar="DIR", nargs="?", default=".", help="folder or main file (default: .)")
    parser.add_argument(
        "--record", action="append", default=[], metavar="FILE", help="a record or bundle of the paper; may be repeated"
    )
    parser.add_argument("--expect", metavar="ID", help="the paper this must be: arXiv id, DOI or Pith Number")
    parser.add_argument("--require", action="store_true", help="a paper without a number is an error")
    parser.add_argument("--select", metavar="CODES", help="only these: codes, beginnings of codes, or names")
    parser.add_argument("--ignore", metavar="CODES", help="all but these")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended for sure")
    parser.add_argument("--dry-run", action="store_true", help="with --fix: show the changes, and make none")
    add_key_option(parser)
    add_output_options(parser, formats=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.cli.presubmit_output import print_review

    try:
        review, diff = _reviewed(args)
    except (PithError, OSError) as error:
        return report_failure(args, "presubmit", args.paper, error)
    print_review(args, review, diff)
    return {"ready": Exit.GOOD, "undecided": Exit.UNDECIDED}.get(review.word.value, Exit.WRONG)


def _reviewed(args: argparse.Namespace) -> tuple[Review, list[str]]:
    """The review, after the mends where they were asked for, and these as a diff."""
    from pithtex.presubmit.config import find_config
    from pithtex.presubmit.fix import apply_mends, diff_of, mends
    from pithtex.presubmit.review import review

    path = Path(args.paper)
    config = find_config(path if path.is_dir() else path.parent)
    select, ignore = _codes(args.select, config.select), _codes(args.ignore, config.ignore)
    result = review(_gathered(args, config), select=select, ignore=ignore)
    if not args.fix:
        return result, []
    changes = mends(result)
    lines = diff_of(changes)
    if changes and not args.dry_run:
        apply_mends(changes)
        result = review(_gathered(args, config), select=select, ignore=ignore)
    return result, lines


def _gathered(args: argparse.Namespace, config: Config) -> Submission:
    from pithtex.manuscript.read import read_manuscript
    from pithtex.presubmit.gather import gather, shown_folder
    from pithtex.presubmit.submission import Options
    from pithtex.resolve.keyfiles import load_keyring

    expect = args.expect or config.expect
    if expect is not None:
        from pithtex.identifiers import parse_identifier

        parse_identifier(expect)
    paper = args.paper
    if config.main is not None and Path(paper).is_dir():
        paper = config.path(config.main)
    return gather(
        read_manuscript(Path(paper)),
        load_keyring([*args.key, *(config.path(name) for name in config.key)]),
        shown=shown_folder(paper),
        options=Options(require=args.require or config.require, expect=expect),
        records=(*args.record, *(config.path(name) for name in config.record)),
    )


def _codes(text: str | None, configured: tuple[str, ...]) -> tuple[str, ...]:
    return configured if text is None else tuple(part.strip() for part in text.split(",") if part.strip())
