"""Implements `pithtex store`, which manages the records kept for offline use."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from pithtex.cli.shared.bar import progress
from pithtex.cli.shared.common import (
    LINES,
    Exit,
    add_common_options,
    chosen_format,
    combine,
    command,
    exit_of,
    is_result,
    missing_input,
    one_standard_input,
    report_failure,
)
from pithtex.cli.shared.machine import Results
from pithtex.cli.shared.streams import output_name, print_bytes, print_lines, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from pithtex.errors import PithError
    from pithtex.findings import Finding
    from pithtex.format.keys import Keyring
    from pithtex.resolution.store.memory import Seen
    from pithtex.resolution.store.store import Store

_EPILOG = """\
example:
  pithtex store list                       number, paper and title of each record
  pithtex store path                       where the store is (PITHTEX_HOME sets it)
  pithtex store verify                     verify every entry again
  pithtex store prune                      remove entries that do not verify, and leftovers
  pithtex store export -o records.jsonl    all records in one file, for another machine
  pithtex store import records.jsonl       verify and keep them; also records and bundles

exit codes: 0 done, 1 an entry or file does not verify, 2 wrong usage, no such file, or the store cannot be read,
3 an unknown key, or an entry that cannot be read
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "store",
        description="Lists, verifies, cleans, exports and imports the verified records on this machine, offline.",
        epilog=_EPILOG,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    for name, (action, help_text) in _ACTIONS.items():
        sub = actions.add_parser(name, help=help_text, description=help_text)
        if name == "prune":
            sub.add_argument("--dry-run", action="store_true", help="show what would be removed without removing it")
        if name == "export":
            sub.add_argument("-o", "--output", metavar="FILE", type=output_name, help="default: -, stdout")
        if name == "import":
            sub.add_argument("files", nargs="+", metavar="FILE", help="an export, a record or a bundle; - is stdin")
        sub.set_defaults(parser=sub)
        add_common_options(sub, run, formats=LINES, act=action)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex.errors import PithError
    from pithtex.resolution.store.store import Store
    from pithtex.system.key_files import load_keyring

    act: Callable[[argparse.Namespace, Store, Keyring], tuple[Exit, list[dict[str, object]]]] = args.act
    try:
        code, results = act(args, Store(), load_keyring(args.key))
    except (PithError, OSError) as error:
        return report_failure(args, "store", "", error)
    shown = Results(args, "store", chosen_format(args))
    for result in results:
        shown.add(result)
    shown.end()
    return code


def _list(args: argparse.Namespace, store: Store, keyring: Keyring) -> tuple[Exit, list[dict[str, object]]]:
    from pithtex.text import printable

    results: list[dict[str, object]] = []
    for suffix in store.suffixes():
        record, findings = store.get(suffix, keyring)
        source = title = None
        if record is not None:
            source, title = record.canonical.paper, record.title
        number = suffix if record is None else record.number.full
        results.append({"number": number, "source": source, "title": title, **_found(findings)})
        _say(args, f"{number}  {printable(source or 'does not verify')}  {printable(title or '')}".rstrip())
    if not results and chosen_format(args) == "text":
        say(
            f"the store is empty ({printable(str(store.folder))}); fill it with pithtex resolve or pithtex store import"
        )
    return Exit.GOOD, results


def _path(args: argparse.Namespace, store: Store, _: Keyring) -> tuple[Exit, list[dict[str, object]]]:
    from pithtex.text import printable

    _say(args, printable(str(store.folder)))
    return Exit.GOOD, [{"file": str(store.folder), "findings": []}]


def _verify(args: argparse.Namespace, store: Store, keyring: Keyring) -> tuple[Exit, list[dict[str, object]]]:
    from pithtex.catalogue import finding
    from pithtex.resolution.store.store import Flaw
    from pithtex.resolution.store.upkeep import damage, leftovers

    results: list[dict[str, object]] = []
    suffixes = list(store.suffixes())
    codes = [Exit.GOOD]
    for _, flaw, item in damage(store, keyring, progress(suffixes, len(suffixes), quiet=args.quiet)):
        codes.append(Exit.WRONG if flaw is Flaw.DAMAGED else Exit.UNDECIDED)
        results.append({"file": item.where, **_found([item])})
        _report(args, item)
    for path in leftovers(store):
        item = finding("store-leftover", "not an entry of the store", where=str(path), hint="pithtex store prune")
        results.append({"file": str(path), **_found([item])})
        _report(args, item)
    _say(args, f"{len(suffixes)} records, {len(codes) - 1} that do not verify")
    return combine(codes), results


def _prune(args: argparse.Namespace, store: Store, keyring: Keyring) -> tuple[Exit, list[dict[str, object]]]:
    from pithtex.resolution.store.upkeep import prune
    from pithtex.text import printable

    gone = prune(store, keyring, dry_run=args.dry_run)
    for path in gone:
        _say(args, f"{'would remove' if args.dry_run else 'removed'} {printable(str(path))}")
    return Exit.GOOD, [{"file": str(path), "removed": not args.dry_run, "findings": []} for path in gone]


def _export(args: argparse.Namespace, store: Store, keyring: Keyring) -> tuple[Exit, list[dict[str, object]]]:
    from pathlib import Path

    from pithtex.resolution.store.upkeep import export_lines
    from pithtex.system.files import write_files
    from pithtex.text import printable

    lines = list(export_lines(store, keyring, progress(store.suffixes(), None, quiet=args.quiet)))
    output = None if args.output == "-" else args.output
    if output is not None:
        write_files({Path(output): b"".join(lines)})
        _say(args, f"wrote {len(lines)} documents to {printable(output)}")
    elif is_result(args) and chosen_format(args) in {"text", "quiet"}:
        print_bytes(b"".join(lines))
    return Exit.GOOD, [{"file": output, "documents": len(lines), "findings": []}]


def _import(args: argparse.Namespace, store: Store, keyring: Keyring) -> tuple[Exit, list[dict[str, object]]]:
    from pithtex.errors import PithError
    from pithtex.resolution.store.upkeep import import_document
    from pithtex.system.documents import documents_in
    from pithtex.text import printable

    one_standard_input(args.files)

    codes: list[Exit] = []
    results: list[dict[str, object]] = []
    before: dict[str, Seen | None] = {}
    for file in args.files:
        kept = 0
        try:
            for place, data in progress(documents_in(file), None, quiet=args.quiet):
                try:
                    is_kept, findings = import_document(store, data, keyring, before)
                    kept += is_kept
                    codes.append(Exit.GOOD if is_kept else Exit.UNDECIDED)
                except PithError as error:
                    said = _wrong_kind(data, file) or error
                    findings = (said.finding,)
                    codes.append(exit_of(said))
                results.append({"file": place, **_found(findings)})
                for item in findings:
                    _report(args, item, place)
        except OSError as error:
            item = missing_input(file, error)
            results.append({"file": file, **_found([item])})
            codes.append(Exit.USAGE)
            _report(args, item)
        _say(args, f"{printable(file)}: kept {kept}")
    return combine(codes), results


def _wrong_kind(data: bytes, place: str) -> PithError | None:
    """Returns an error if the data certainly is neither a record nor a bundle, else None."""
    from pithtex.errors import UsageError
    from pithtex.system.kinds import Kind, refuse_other_kinds

    try:
        refuse_other_kinds(
            data, place, "a record, a bundle or an export of a store", {Kind.RECORD, Kind.BUNDLE, Kind.JSON}
        )
    except UsageError as error:
        return error
    return None


def _found(findings: Any) -> dict[str, object]:
    return {"findings": [item.to_dict() for item in findings]}


def _say(args: argparse.Namespace, line: str) -> None:
    if chosen_format(args) == "text":
        print_lines([line])


def _report(args: argparse.Namespace, item: Finding, place: str = "") -> None:
    from pithtex.report.terminal import Style, finding_lines
    from pithtex.text import printable

    if not args.quiet:
        head = f"{printable(place)}: " if place and place != item.where else ""
        for line in finding_lines(item, Style.choose(args.color, sys.stderr)):
            say(f"{head}{line}")


_ACTIONS = {
    "list": (_list, "list the number, paper and title of each record"),
    "path": (_path, "print where the store is"),
    "verify": (_verify, "verify every entry again"),
    "prune": (_prune, "remove entries that do not verify, leftovers, old bundles and the HTTP cache"),
    "export": (_export, "write all records and bundles to one file, one per line"),
    "import": (_import, "verify records and bundles, and keep those that are genuine"),
}
