"""Implements `pithtex verify-page`, which writes a page that checks documents in a browser."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pithtex.cli.shared.common import Exit, add_common_options, command, is_result, report_failure
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import output_name, print_bytes, print_lines

_EPILOG = """\
example:
  pithtex verify-page -o verify.html     then open verify.html, or put it on any web server

The page trusts the same keys as pithtex: the registry's, those of --key, and the configured ones (see pithtex keys).

exit codes: 0 written, 2 the file cannot be written, or bad keys
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "verify-page",
        description=(
            "Writes one HTML file that checks PDFs, badge links, receipts, records and bundles in the "
            "browser, and makes pith.sty from a record. The page loads nothing and sends nothing."
        ),
        epilog=_EPILOG,
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=output_name, help="the file to write (default: -, stdout)"
    )
    add_common_options(parser, run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.browser.scripts import verify_page
    from pithtex.errors import PithError
    from pithtex.system.files import write_files
    from pithtex.system.key_files import load_keyring
    from pithtex.text import printable

    output = None if args.output == "-" else args.output
    try:
        keys = [key for key in load_keyring(args.key) if not (key.revoked or key.expired)]
        page = verify_page(keys=keys)
        if output is not None:
            write_files({Path(output): page})
    except (PithError, OSError) as error:
        return report_failure(args, "verify-page", output or "", error)
    if args.json:
        result: dict[str, object] = {"keys": [key.key_id for key in keys], "findings": []}
        result |= {"content": page.decode("utf-8")} if output is None else {"files": [output]}
        print_json(args, "verify-page", [result])
    elif is_result(args):
        print_bytes(page)
    elif output is not None and not args.quiet:
        print_lines([f"wrote {printable(output)}"])
    return Exit.GOOD
