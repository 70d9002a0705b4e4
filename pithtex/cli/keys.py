"""`pithtex keys`: the trusted keys."""

from __future__ import annotations

import argparse
from typing import Any

from pithtex.cli.common import Exit, add_output_options, print_lines

_EPILOG = """\
example:
  pithtex keys          compare a fingerprint with the one at https://pith.science/pith-signing-key.json
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "keys",
        help="list the trusted keys",
        description="Lists the keys that signatures are checked with, their fingerprints, and where each came from.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_output_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.keys import default_keyring
    from pithtex.report.jsondoc import json_document

    keys = list(default_keyring())
    if args.json:
        results = [
            {
                "key_id": key.key_id,
                "algorithm": "ed25519",
                "public_key_hex": key.hex,
                "fingerprint_sha256_hex": key.fingerprint_hex,
                "fingerprint_sha256_b32": key.fingerprint_base32,
                "origin": key.origin,
            }
            for key in keys
        ]
        print_lines([json_document("keys", results)])
    elif not args.quiet:
        for key in keys:
            print_lines(
                [
                    f"{key.key_id}  Ed25519, {key.origin}",
                    f"  public key          {key.hex}",
                    f"  fingerprint hex     {key.fingerprint_hex}",
                    f"  fingerprint base32  {key.fingerprint_base32}",
                ]
            )
    return Exit.GOOD
