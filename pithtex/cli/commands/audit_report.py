"""Implements `pithtex audit report`, which sums up an audit or compares two."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pithtex.cli.commands.audit_output import exit_of_totals, form_of, totals_lines
from pithtex.cli.shared.common import Exit, report_failure
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import print_lines, say
from pithtex.cli.shared.words import words_of
from pithtex.errors import PithError, UsageError

if TYPE_CHECKING:
    from pithtex.audit.summary import Difference, Summary

_MOST_VALUES: Final = 10
_MOST_GROUPS: Final = 10
_MOST_CHANGES: Final = 20


def run_report(args: argparse.Namespace) -> Exit:
    """Runs `pithtex audit report`."""
    from pithtex.audit.summary import summary

    folders = args.paths[1:]
    try:
        if len(folders) != (0 if args.diff else 1):
            hint = "pithtex audit report OUT, or pithtex audit report --diff OLD NEW"
            raise UsageError("a report is about one audit, or about the difference between two", hint=hint)
        allowed = words_of("--allow", args.allow)
        if args.diff:
            return _diff(args, *map(Path, args.diff))
        found = summary(Path(folders[0]))
        if args.html is not None:
            _write_page(Path(folders[0]), Path(args.html), found)
        written = [args.html] if args.html is not None else []
        if args.format is not None:
            from pithtex.audit.export import export

            written.append(export(Path(folders[0]), args.format))
    except (PithError, OSError) as error:
        return report_failure(args, "audit", folders[0] if folders else "", error)
    _print(args, found.to_dict(), lambda: _lines(found, args.color))
    for path in written if form_of(args) == "text" else ():
        say(f"wrote {path}")
    return exit_of_totals(found.totals, allowed)


def _print(args: argparse.Namespace, document: dict[str, Any], lines: Any) -> None:
    form = form_of(args)
    if form == "json":
        print_json(args, "audit", [document])
    elif form == "text":
        print_lines(list(lines()))


def _write_page(output: Path, path: Path, found: Summary) -> None:
    """Writes the page piece by piece, under a temporary name."""
    from pithtex.audit.summary import page
    from pithtex.system.files import refuse_output, writing

    refuse_output(path)
    temporary = path.with_name(f".{path.name[:40]}.tmp")
    with writing(path):
        try:
            with temporary.open("w", encoding="utf-8") as stream:
                stream.writelines(page(output, found))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def _lines(found: Summary, color: str) -> Iterator[str]:
    from pithtex.audit.totals import BY, ordered
    from pithtex.text import printable

    totals = found.totals
    yield f"{totals.files:,} files"
    yield from totals_lines(totals, color)
    for name in BY[1:]:
        values = list(ordered(name, totals.counts[name]))
        shown = values if name in {"code", "year"} else values[:_MOST_VALUES]
        if values:
            yield f"by {name}"
        yield from (f"  {count:>11,}  {printable(value)}{_rule(value)}" for value, count in shown)
        if len(values) > len(shown):
            yield f"  and {len(values) - len(shown):,} more"
    for kind in found.doubles:
        yield f"{kind.title}: {len(kind.groups) + kind.more:,}"
        for group in kind.groups[:_MOST_GROUPS]:
            yield f"  {printable(group.common)}"
            yield from (f"    {printable(file)}{f': {printable(what)}' if what else ''}" for file, what in group.files)
        more = len(kind.groups) + kind.more - _MOST_GROUPS
        if more > 0:
            yield f"  and {more:,} more: --json has them"


def _rule(code: str) -> str:
    """Returns the name of a finding, by its code."""
    from pithtex.catalogue import CATALOGUE

    return next((f"  {rule.name}" for rule in CATALOGUE.values() if rule.code == code), "")


def _diff(args: argparse.Namespace, old: Path, new: Path) -> Exit:
    from pithtex.audit.summary import difference

    found = difference(old, new)
    _print(args, found.to_dict(), lambda: _diff_lines(found))
    worse = found.changed.items()
    return Exit.WRONG if any(after == "invalid" for (_, after), _ in worse) else Exit.GOOD


def _diff_lines(found: Difference) -> Iterator[str]:
    from pithtex.text import printable

    yield f"{found.added:,} new, {found.gone:,} gone, {sum(found.changed.values()):,} with another verdict"
    for (before, after), count in sorted(found.changed.items()):
        yield f"  {count:>11,}  {before} -> {after}"
    for file, before, after in found.files[:_MOST_CHANGES]:
        yield f"  {before or 'new'} -> {after or 'gone'}  {printable(file)}"
    if len(found.files) > _MOST_CHANGES:
        yield f"  and {len(found.files) - _MOST_CHANGES:,} more: --json has them"
