"""Implements `pithtex mirror export`, which writes the store as a folder for any web server."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pithtex.cli.shared.bar import progress
from pithtex.cli.shared.common import Exit, add_common_options, command, report_failure
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import print_lines, say

_EPILOG = """\
example:
  pithtex mirror export public/ --base-url https://mirror.example/
  then, once public/ is served at that address:
  pithtex resolve 2606.01751 --mirror https://mirror.example/

to try it on this machine:
  python -m http.server -d public --bind 127.0.0.1 8000 &
  pithtex resolve 2606.01751 --mirror http://127.0.0.1:8000/

exit codes: 0 written, 2 wrong usage, or the folder cannot be written, or the store cannot be read
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "mirror",
        description="Turns the store into a mirror: plain files and a manifest that any web server can host.",
        epilog=_EPILOG,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    export = command(
        actions,
        "export",
        summary="write the mirror's files",
        description="Writes all records and bundles of the store with indexes and a manifest, offline.",
        epilog=_EPILOG,
    )
    export.add_argument("folder", metavar="DIR", help="the folder to write into; created if necessary")
    export.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help="the mirror's future address; without it all addresses are relative",
    )
    export.add_argument("--name", default="Pith mirror", help="the mirror's name (default: Pith mirror)")
    add_common_options(export, run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError
    from pithtex.resolution.export import export_tree
    from pithtex.resolution.store.store import Store
    from pithtex.system.key_files import load_keyring

    try:
        done = export_tree(
            Path(args.folder),
            Store(),
            load_keyring(args.key),
            name=args.name,
            base_url=args.base_url,
            progress=lambda suffixes: progress(suffixes, None, quiet=args.quiet),
        )
    except (PithError, OSError) as error:
        return report_failure(args, "mirror", args.folder, error)
    if args.json:
        result = {"file": args.folder, "records": done.records, "bundles": done.bundles, "findings": []}
        print_json(args, "mirror", [result])
    elif not args.quiet:
        from pithtex.text import printable

        print_lines([f"wrote {done.records} records and {done.bundles} bundles to {printable(args.folder)}"])
        if not done.records:
            say("the store is empty: fill it with pithtex resolve or pithtex store import")
    return Exit.GOOD
