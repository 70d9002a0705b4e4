"""The changes that `pithtex add` and `pithtex remove` make to a paper: shown, confirmed, and made all or none."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pithtex.cli.shared.common import Exit, may_ask
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import print_lines, say
from pithtex.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pithtex.findings import Finding
    from pithtex.manuscript.edit.main_file import Source
    from pithtex.verification.standing import Standing


def may_answer(args: argparse.Namespace) -> bool:
    """Whether somebody is there to be asked, and has not said yes to everything."""
    return not args.yes and may_ask(args)


def ask(question: str) -> str:
    """The answer of a line, without the spaces around it."""
    say(question, end="")
    return sys.stdin.readline().strip()


def carry_out(
    args: argparse.Namespace,
    source: Source,
    wanted: Mapping[Path, bytes | None],
    number: str | None,
    findings: tuple[Finding, ...],
    *,
    standing: Standing | None = None,
) -> Exit:
    """Shows the changes, asks, and makes them: all, or none."""
    from pithtex.report.diff import diff_lines
    from pithtex.system.files import change_files

    before = {path: path.read_bytes() if path.exists() else None for path in wanted}
    before[source.path] = source.data
    changes = {path: data for path, data in wanted.items() if data != before[path]}
    lines = [line for path, data in changes.items() for line in diff_lines(path, before[path], data)]
    if not args.json and not args.quiet and lines:
        print_lines(lines)
    confirmed = args.yes or not changes
    if not confirmed and not args.dry_run and may_answer(args):
        confirmed = ask("Write this? [y/N] ").lower() in {"y", "yes"}
    written = bool(changes) and confirmed and not args.dry_run
    if not confirmed and not args.dry_run:
        hint = "--yes writes without asking; --dry-run only shows the changes"
        raise UsageError("nothing was written, because the changes were not confirmed", hint=hint, rule="not-confirmed")
    if written:
        change_files(before, changes)
    _report(args, number, changes, lines, findings, standing=standing, written=written)
    return Exit.GOOD


def _report(
    args: argparse.Namespace,
    number: str | None,
    changes: Mapping[Path, bytes | None],
    lines: list[str],
    findings: tuple[Finding, ...],
    *,
    standing: Standing | None,
    written: bool,
) -> None:
    from pithtex.text import printable

    if args.json:
        result = {
            "file": args.paper,
            "number": number,
            "standing": None if standing is None else standing.to_dict(),
            "changes": [str(path) for path in changes],
            "diff": lines,
            "written": written,
            "findings": [item.to_dict() for item in findings],
        }
        print_json(args, args.name, [result])
    elif not args.quiet:
        if not changes:
            has = number is not None or getattr(args, "when_announced", False)
            print_lines(
                ["nothing to do: the paper already has this number" if has else "nothing to do: the paper has no badge"]
            )
        elif written:
            done = [f"wrote {printable(str(path))}" for path, data in changes.items() if data is not None]
            done += [f"removed {printable(str(path))}" for path, data in changes.items() if data is None]
            print_lines(done)
