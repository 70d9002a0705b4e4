"""Implements `pithtex decode`, which verifies a badge's link, receipt or scanned code offline."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, Final

from pithtex.cli.shared.common import (
    LINES,
    Exit,
    add_common_options,
    chosen_format,
    combine,
    command,
    exit_of,
    missing_input,
    one_standard_input,
    report_failure,
)
from pithtex.cli.shared.machine import Results
from pithtex.cli.shared.standing import now
from pithtex.cli.shared.streams import print_lines, say

if TYPE_CHECKING:
    from pithtex.decoding.decode import Decoded
    from pithtex.errors import PithError
    from pithtex.format.keys import Keyring
    from pithtex.report.terminal import Style
    from pithtex.verification.standing import Standing

_EPILOG = """\
example:
  pithtex decode photo.jpg
  pithtex decode 'https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53#r=p1....'

exit codes: 0 all verified, 1 a record does not verify, 2 no such file, 3 unknown key, no receipt, or no readable code
"""

_EXITS: Final = {"verified": Exit.GOOD, "not verified": Exit.WRONG, "could not be decided": Exit.UNDECIDED}
_COLOURS: Final = {"verified": "green", "not verified": "red", "could not be decided": "yellow"}


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "decode",
        description="Verifies the record that a badge carries, offline, against the trusted keys.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="LINK|RECEIPT|FILE",
        help=(
            "a badge's link, a compact receipt, a picture with QR codes, or a text file (SVG, README, web "
            "page) with links; - is standard input"
        ),
    )
    parser.add_argument("--mirror", action="append", default=[], metavar="HOST", help="also accept links to this host")
    add_common_options(parser, run, formats=LINES)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError
    from pithtex.report.terminal import Style
    from pithtex.system.key_files import load_keyring

    try:
        one_standard_input(args.inputs)
        keyring = load_keyring(args.key)
    except (PithError, OSError) as error:
        return report_failure(args, "decode", "", error)
    form = chosen_format(args)
    results = Results(args, "decode", form)
    codes: list[Exit] = []
    style = Style.choose(args.color, sys.stdout)
    for name in args.inputs:
        try:
            decoded = _decode(name, keyring, args.mirror)
        except (PithError, OSError) as error:
            codes.append(_exit_of(error))
            results.add(_failure(args, name, error))
            continue
        for item in decoded:
            standing = _standing(item, keyring)
            codes.append(_EXITS[item.word])
            results.add({"input": name, **item.to_dict(standing)})
            if form == "text":
                print_lines(_lines(item, standing, style))
    results.end()
    return combine(codes)


def _standing(item: Decoded, keyring: Keyring) -> Standing | None:
    """Returns the paper's standing by the store, or None if no record is proven."""
    if item.record is None:
        return None
    from pithtex.resolution.standing import stored_standing

    return stored_standing(item.record.number.suffix, keyring, now=now())


def _decode(name: str, keyring: Keyring, mirrors: list[str]) -> list[Decoded]:
    from pithtex.decoding.decode import decode_file, decode_pasted, decode_text, is_text
    from pithtex.errors import MalformedError
    from pithtex.limits import MAX_PICTURE_BYTES
    from pithtex.system.files import read_bounded
    from pithtex.system.kinds import Kind, kind_by_beginning, refuse_other_kinds, wrong_kind

    readable = {Kind.PICTURE, Kind.SVG, Kind.LINK, Kind.WEB_PAGE, Kind.XML, Kind.TEX, Kind.PACKAGE, Kind.UTF16}
    readable |= {Kind.TEXT, Kind.JSON}

    if is_text(name):
        return decode_pasted(name, keyring, mirrors=mirrors) or [decode_text(name, keyring, mirrors=mirrors)]
    where = "standard input" if name == "-" else name
    data = read_bounded(name, MAX_PICTURE_BYTES)
    wanted = "a picture, or text with a badge's link"
    if kind_by_beginning(data) is Kind.PDF:  # a link somewhere in its bytes does not speak for what it shows
        raise wrong_kind(Kind.PDF, name, wanted)
    try:
        return decode_file(data, keyring, where=where, mirrors=mirrors)
    except MalformedError:
        refuse_other_kinds(data, name, wanted, readable)
        raise


def _exit_of(error: PithError | OSError) -> Exit:
    """Returns the exit code; a picture that is unreadable or has no code decides nothing."""
    from pithtex.errors import MalformedError

    return Exit.UNDECIDED if isinstance(error, MalformedError) else exit_of(error)


def _failure(args: argparse.Namespace, name: str, error: PithError | OSError) -> dict[str, object]:
    from pithtex.report.terminal import Style, finding_lines

    item = missing_input(name, error) if isinstance(error, OSError) else error.finding
    if chosen_format(args) == "text":
        for line in finding_lines(item, Style.choose(args.color, sys.stderr)):
            say(line)
    return {"input": name, "findings": [item.to_dict()]}


def _lines(item: Decoded, standing: Standing | None, style: Style) -> list[str]:
    from pithtex.decoding.decode import shown
    from pithtex.report.standing import standing_lines
    from pithtex.report.terminal import finding_lines
    from pithtex.text import printable

    number = item.claimed.canonical.number.full if item.claimed else ""
    said = "  ".join(filter(None, (style.paint(item.word, _COLOURS[item.word]), number, printable(item.where))))
    lines = [said] if standing is None else [said, *standing_lines(standing, style)]
    if item.record is not None:
        lines += [f"  {name:<9} {printable(value)}" for name, value in shown(item.record)]
    if item.word == "verified":
        lines.append("  The record is genuine. This does not prove that the file or page showing it is that paper.")
    for found in item.findings:
        lines += finding_lines(found, style, "  ")
    return lines
