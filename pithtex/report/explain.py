"""Explains each step of `verify`: input, output, and how to repeat it with jq, coreutils and openssl."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from pithtex.text import printable
from pithtex.verification.checks import Check, Redo

_RAW: Final = "tr a-f A-F | basenc --base16 -d"
"""Hex to bytes, with coreutils alone."""

_PUBLIC_KEY_PREFIX: Final = "302a300506032b6570032100"
"""DER of an Ed25519 SubjectPublicKeyInfo up to the key (RFC 8410, 4)."""


def explain(check: Check, file: str) -> list[str]:
    """Returns the lines below one check: input and output, then the commands.

    Args:
        check: of `verify`.
        file: the document's path as the user gave it.
    """
    lines = [f"{name}: {printable(value)}" for name, value in check.inputs]
    commands = list(_commands(check, shlex.quote(file)))
    return [*lines, *(f"$ {printable(command)}" for command in commands)]


def _commands(check: Check, file: str) -> Iterator[str]:
    values = dict(check.inputs)
    if check.redo is Redo.DIGEST:
        yield f"jq -cjS .canonical_record {file} | sha256sum"
    elif check.redo is Redo.NUMBER:
        digest = f"jq -cjS .canonical_record {file} | sha256sum | cut -c1-64 | tr -d '\\n'"
        yield f"{digest} | {_RAW} | base32 -w0 | cut -c1-26"
    elif check.redo is Redo.YEAR:
        yield f"jq -r .canonical_record.metadata.submitted_at {file} | cut -c1-4"
    elif check.redo is Redo.TITLE:
        yield _title_command(check, file, values["lower-cased title"])
    elif check.redo is Redo.SNAPSHOT:
        yield f"printf %s {shlex.quote(values['canonical bytes'])} | sha256sum"
    elif check.redo is Redo.EVENT:
        event, _, _ = check.where.rpartition(".")
        yield f"jq -cjS '.{event} | del(.signature, .content_sha256, .event_id)' {file} | sha256sum"
    elif check.redo is Redo.BUNDLE:
        yield f"jq -cjS 'del(.bundle_signature)' {file} | sha256sum"
    elif check.redo is Redo.SIGNATURE:
        yield f"printf {_PUBLIC_KEY_PREFIX}{values['public key']} | {_RAW} > key.der"
        yield f"printf {values['message']} | {_RAW} > message.bin"
        yield f"jq -r .{check.where} {file} | base64 -d > signature.bin"
        yield (
            "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in message.bin -sigfile signature.bin"
        )
    elif check.redo is Redo.KEY:
        yield "curl -s https://pith.science/pith-signing-key.json    # the registry's own word on its key"


def _title_command(check: Check, file: str, lowered: str) -> str:
    """Returns the command for the title: from the document if jq lowers it as Unicode does, else byte by byte."""
    if lowered.isascii():
        spaces = r'gsub("\\s+"; " ") | ltrimstr(" ") | rtrimstr(" ")'
        return f"jq -rj '.{check.where} | {spaces} | ascii_downcase' {file} | sha256sum"
    plain = (char if char.isprintable() and char not in "%\\'" else _octal(char) for char in lowered)
    return f"printf '{''.join(plain)}' | sha256sum"


def _octal(char: str) -> str:
    """Returns a character as the escapes of its bytes in printf's format (POSIX.1-2017, printf)."""
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogatepass"))
