"""Implements `pithtex audit`, which judges many PDFs, each once."""

from __future__ import annotations

import argparse
import os
import time
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pithtex.cli.commands.audit_output import exit_of_totals, print_outcome
from pithtex.cli.shared.audit_progress import Progress
from pithtex.cli.shared.common import (
    Exit,
    add_common_options,
    add_timeout_option,
    command,
    report_failure,
)
from pithtex.cli.shared.jobs import job_count
from pithtex.cli.shared.streams import output_name
from pithtex.cli.shared.words import words_of
from pithtex.errors import PithError, UsageError
from pithtex.limits import MAX_CHECK_SECONDS

if TYPE_CHECKING:
    from pithtex.audit.engine import Engine
    from pithtex.audit.listing import Inputs
    from pithtex.audit.unit import Setup

_EPILOG = """\
example:
  pithtex audit repository/ -o audit                     every PDF in the folder, also in tar and zip files
  pithtex audit repository/ -o audit                     again: only files that are new or changed
  find . -name '*.pdf' -print0 | pithtex audit --files-from - -o audit
  pithtex audit --manifest catalogue.csv -o audit        each file must be the paper that the catalogue names
  pithtex audit report audit --html audit.html           totals, and a page that can be searched
  pithtex audit report --diff last-month audit           what has changed
  pithtex audit s3://bucket/pdf/ -o audit --jobs 16      an object store (pip install 'pithtex[remote]' s3fs)

An audit can be interrupted at any moment; the same command goes on where it stopped. The results are JSON Lines in
OUT/parts.

exit codes: 0 every file valid or allowed, 1 a file is invalid, 2 an input is not there or cannot be read, 3 nothing
wrong but not decided; 130 interrupted
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "audit",
        description="Checks every PDF in folders, lists, archives and object stores, and writes one line for each.",
        epilog=_EPILOG,
    )
    parser.add_argument("paths", nargs="*", metavar="PATH|URL", help="folders, PDFs, tar or zip files, or patterns")
    parser.add_argument("-o", "--output", metavar="OUT", help="the folder for the results")
    parser.add_argument(
        "--format", choices=("csv", "sqlite", "parquet"), help="also write all lines into OUT/audit.FORMAT"
    )
    _add_inputs(parser)
    _add_engine(parser)
    group = parser.add_argument_group("pithtex audit report OUT")
    group.add_argument("--html", metavar="FILE", type=output_name, help="write a searchable HTML page of all files")
    group.add_argument(
        "--diff", nargs=2, metavar=("OLD", "NEW"), help="list the files whose verdict changed between two audits"
    )
    add_common_options(parser, run)


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--files-from",
        action="append",
        default=[],
        metavar="FILE",
        help="read names from this file, one per line or separated by NUL; - is standard input",
    )
    parser.add_argument(
        "--manifest", metavar="FILE", help="which paper each file must be: CSV or JSON Lines with file and id"
    )
    parser.add_argument(
        "--records", metavar="DIR", help="a folder with records and bundles to use in addition to the store"
    )
    parser.add_argument(
        "--text", action="store_true", help="also read the pages of files that show no other trace of a number"
    )
    parser.add_argument(
        "--allow", metavar="WORDS", default="", help="verdicts that count as good, for example absent,unbound"
    )
    parser.add_argument("--again", metavar="WORDS", default="", help="check files with these verdicts again")
    parser.add_argument("--dedupe", action="store_true", help="check files with equal bytes only once")
    parser.add_argument(
        "--add", action="store_true", help="keep results in OUT for inputs that are not given this time"
    )


def _add_engine(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("engine")
    group.add_argument(
        "--jobs", type=job_count, metavar="N", help="number of parallel processes (default: one per processor)"
    )
    group.add_argument(
        "--cluster", metavar="ADDRESS", help="use the workers of this dask scheduler: tcp://10.0.0.1:8786"
    )
    add_timeout_option(group, "checking one PDF", f"{MAX_CHECK_SECONDS:g}")


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    if args.paths[:1] == ["report"] and args.output is None:
        from pithtex.cli.commands.audit_report import run_report

        return run_report(args)
    return _run(args)


def _run(args: argparse.Namespace) -> Exit:
    from pithtex.audit.audit import Audit
    from pithtex.audit.export import export

    progress = Progress(quiet=args.quiet)
    start = time.monotonic()
    try:
        if os.name != "posix":
            raise UsageError(
                "this system cannot limit what a file may take", hint="run pithtex audit on Linux or macOS"
            )
        allowed = words_of("--allow", args.allow)
        if args.output is None:
            raise UsageError(
                "-o is missing: the results need a folder",
                hint="give -o OUT; for a report of an earlier audit: pithtex audit report OUT",
            )
        audit = Audit(
            inputs=_inputs(args),
            output=Path(args.output),
            setup=_setup(args),
            engine=lambda: _engine(args),
            watcher=progress,
            add=args.add,
            dedupe=args.dedupe,
            again=words_of("--again", args.again),
        )
        try:
            outcome = audit.run()
            written = None if args.format is None else export(audit.output, args.format)
        finally:
            progress.close()
    except (PithError, OSError) as error:
        return report_failure(args, "audit", args.output or "", error)
    print_outcome(args, outcome, time.monotonic() - start, written)
    return exit_of_totals(outcome.totals, allowed)


def _inputs(args: argparse.Namespace) -> Inputs:
    from pithtex.audit.listing import Inputs, check_inputs

    inputs = Inputs(paths=tuple(args.paths), lists=tuple(args.files_from), manifest=args.manifest)
    check_inputs(inputs)
    return inputs


def _setup(args: argparse.Namespace) -> Setup:
    from pithtex.audit.unit import Setup
    from pithtex.resolution.store.store import home_folder
    from pithtex.system.key_files import load_keyring

    if args.records is not None and not os.path.isdir(args.records):
        raise UsageError(f"--records {args.records}: not a folder", hint="give a folder of records and bundles")
    return Setup(
        keyring=load_keyring(args.key),
        records=None if args.records is None else os.path.abspath(args.records),
        store=os.path.abspath(home_folder()),
        text=args.text,
        iscc=args.text and find_spec("iscc_lib") is not None,
        digests=args.dedupe,
        seconds=args.timeout or MAX_CHECK_SECONDS,
    )


def _engine(args: argparse.Namespace) -> AbstractContextManager[Engine]:
    if args.cluster is not None:
        from pithtex.audit.cluster import cluster

        return cluster(args.cluster)
    from pithtex.audit.engine import local

    return local(args.jobs or _processors())


def _processors() -> int:
    """Returns the number of processors that this process may use, or that the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
