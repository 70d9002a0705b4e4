"""Passwords of encrypted files: on the command line, where others see them, or from a file or the environment."""

from __future__ import annotations

import argparse
import os
from typing import Final

from pithtex.errors import UsageError

VARIABLE: Final = "PITHTEX_PASSWORD"
_MAX_BYTES: Final = 1024
"""Of a password's file; PDF knows 127 (ISO 32000-2, 7.6.4.3.2)."""


def add_password_options(parser: argparse.ArgumentParser) -> None:
    """`--password`, `--password-file`."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--password",
        help=(
            f"password for encrypted files; other users of this machine can see it, so prefer {VARIABLE} or "
            "--password-file"
        ),
    )
    group.add_argument(
        "--password-file", metavar="FILE", help="a file whose first line is the password for encrypted files"
    )


def read_password(args: argparse.Namespace) -> str:
    """Returns the password by the options, else of the environment, else none.

    Raises:
        UsageError: the file is not one of a password.
        OSError: it cannot be read.
    """
    if args.password is not None:
        return str(args.password)
    if args.password_file is None:
        return os.environ.get(VARIABLE, "")
    from pithtex.system.files import open_file

    with open_file(args.password_file) as file:
        data = file.read(_MAX_BYTES + 1)
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError("too long")
        return data.decode("utf-8").partition("\n")[0].removesuffix("\r")
    except ValueError as error:
        raise UsageError(
            "the file given with --password-file does not contain a password",
            hint="its first line must be the password, in UTF-8",
        ) from error
