"""The inputs of an audit as units, one by one: paths, folders, patterns, addresses, lists and manifests of them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pithtex.audit.ledger import Ledger
from pithtex.audit.manifest import absolute, entries
from pithtex.audit.names import is_archive, is_pdf, is_remote
from pithtex.audit.unit import Kind, Unit
from pithtex.errors import UsageError
from pithtex.structs import field, struct
from pithtex.system.gather import Found, Why, gather, listed


@struct
class Inputs:
    """What the user gave."""

    paths: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Files of names; `-` is standard input."""
    manifest: str | None = None

    def to_list(self) -> list[str]:
        """As it is noted beside the results, to tell another audit by."""
        paths = [path if is_remote(path) else os.path.abspath(path) for path in self.paths]
        lists = [name if name == "-" else os.path.abspath(name) for name in self.lists]
        manifest = [] if self.manifest is None else [f"manifest {os.path.abspath(self.manifest)}"]
        return [*paths, *(f"list {name}" for name in lists), *manifest]


@struct(frozen=False)
class Listing:
    """Goes through inputs, and counts what it passes over."""

    inputs: Inputs
    output: Path | None = None
    """The folder of the results, which is none of the inputs where it lies among them."""
    passed: Counter[Why] = field(default_factory=Counter)
    gaps: int = 0
    """Folders and addresses that could not be listed: what lies below them may still be there."""

    def units(self, ledger: Ledger) -> Iterator[Unit]:
        """The units, each with what the manifest says of it.

        Raises:
            UsageError: the manifest is of no form known, or an address needs what is not installed.
            MalformedError: a list has a name that is too long.
            OSError: a list or the manifest cannot be read.
        """
        if self.inputs.manifest is not None:
            for entry in entries(self.inputs.manifest):
                ledger.add_expected(entry.path, entry.expect, f"line {entry.line}")
        for name in self._names(ledger):
            for unit in self._found(name):
                yield unit if self.inputs.manifest is None else _expecting(unit, ledger)

    def _names(self, ledger: Ledger) -> Iterator[str]:
        yield from self.inputs.paths
        for name in self.inputs.lists:
            yield from listed(name)
        if not self.inputs.paths and not self.inputs.lists:
            yield from (name.partition("!")[0] for name in ledger.manifest_files())

    def _found(self, name: str) -> Iterator[Unit]:
        if is_remote(name):
            yield from self._remote(name)
            return
        for each in gather([name], lambda name: is_pdf(name) or is_archive(name), but=self.output or ""):
            if isinstance(each, Found):
                kind = Kind.ARCHIVE if is_archive(each.path) else Kind.FILE
                yield Unit(each.path, kind, each.size, f"{each.size} {each.changed}")
            elif each.why is Why.UNREADABLE:
                self.gaps += not is_pdf(each.path) and not is_archive(each.path)
                yield Unit(each.path, Kind.PROBLEM, note=each.reason)
            else:
                self.passed[each.why] += 1

    def _remote(self, name: str) -> Iterator[Unit]:
        from pithtex.audit.places import list_remote

        for unit in list_remote(name):
            if unit is None:
                self.passed[Why.OTHER_NAME] += 1
                continue
            self.gaps += unit.kind is Kind.PROBLEM
            yield unit


def _expecting(unit: Unit, ledger: Ledger) -> Unit:
    path = absolute(unit.name)
    if unit.kind is Kind.ARCHIVE:
        below = ledger.expected_below(f"{path}!")
        return unit._replace(expect=json.dumps(below, sort_keys=True)) if below else unit
    if unit.kind is Kind.PROBLEM:
        ledger.expected(path)
        return unit
    expect, note = ledger.expected(path)
    return unit._replace(expect=expect, note=note)


def check_inputs(inputs: Inputs) -> None:
    """Refuses inputs that name nothing.

    Raises:
        UsageError: there are none, or standard input is meant twice.
    """
    if not inputs.to_list():
        raise UsageError("nothing to audit", hint="give folders, files or addresses, --files-from or --manifest")
    if inputs.lists.count("-") > 1:
        raise UsageError("standard input can only be read once", hint="give - once")
