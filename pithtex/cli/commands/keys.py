"""Implements `pithtex keys`, which lists the trusted keys."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from pithtex.cli.shared.common import Exit, add_common_options, command, report_failure
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import print_lines

if TYPE_CHECKING:
    from datetime import datetime

    from pithtex.format.keys import Key

_EPILOG = """\
example:
  pithtex keys                       compare a fingerprint with https://pith.science/pith-signing-key.json
  pithtex keys --key signing-key.json        would this file be trusted, and for which key_id?

Keys come from pithtex itself (the pinned key), --key, files named in PITHTEX_KEYS, and keys.json and keys/*.json in the
configuration folder.

exit codes: 0 listed, 2 a key file is missing, is malformed, or contradicts another one
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "keys",
        description="Lists the keys that pithtex trusts, with their fingerprints and where each one came from.",
        epilog=_EPILOG,
    )
    add_common_options(parser, run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError
    from pithtex.system.key_files import load_keyring

    try:
        keyring = load_keyring(args.key)
    except (PithError, OSError) as error:
        return report_failure(args, "keys", "", error)
    if args.json:
        print_json(args, "keys", [_to_dict(key) for key in keyring])
    elif not args.quiet:
        for key in keyring:
            print_lines(_lines(key))
    return Exit.GOOD


def _to_dict(key: Key) -> dict[str, object]:
    """Returns the JSON form, which `--key` can read."""
    return {
        "key_id": key.key_id,
        "algorithm": "ed25519",
        "public_key_hex": key.hex,
        "fingerprint_sha256_hex": key.fingerprint_hex,
        "fingerprint_sha256_b32": key.fingerprint_base32,
        "rotates_at": _time(key.rotates_at),
        "expires_at": _time(key.expires_at),
        "revoked": key.revoked,
        "revoked_at": _time(key.revoked_at),
        "origin": key.origin,
    }


def _lines(key: Key) -> list[str]:
    from pithtex.text import printable

    lines = [
        f"{key.key_id}  Ed25519, {printable(key.origin)}",
        f"  public key          {key.hex}",
        f"  fingerprint hex     {key.fingerprint_hex}",
        f"  fingerprint base32  {key.fingerprint_base32}",
    ]
    if key.rotates_at is not None:
        lines.append(f"  rotates at          {_time(key.rotates_at)}")
    if key.expires_at is not None:
        ended = "" if not key.expired else ": its signatures no longer prove anything"
        lines.append(f"  expires at          {_time(key.expires_at)}{ended}")
    if key.revoked:
        since = _time(key.revoked_at) or "at a time not stated"
        lines.append(f"  revoked             {since}: its signatures do not count")
    return lines


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
