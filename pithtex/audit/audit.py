"""An audit: every input gets exactly one verdict, and what is done once stays done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pithtex import __version__
from pithtex.audit import folder as folders
from pithtex.audit import parts
from pithtex.audit.engine import Engine, run
from pithtex.audit.equal import find_equal, follower_line
from pithtex.audit.ledger import Ledger, in_chunks
from pithtex.audit.lines import word_of
from pithtex.audit.listing import Inputs, Listing
from pithtex.audit.totals import Totals
from pithtex.audit.unit import Setup, Unit
from pithtex.errors import OutputError, UsageError
from pithtex.limits import MAX_SHARD_UNITS
from pithtex.text import shortened

_ROWS_AT_ONCE = 1_000


class Watcher(Protocol):
    """Is told how an audit goes."""

    def listed(self, found: int) -> None:
        """So many inputs were found so far."""

    def begins(self, wanted: int, kept: int) -> None:
        """So many inputs there are, and so many have their verdict from before."""

    def judged(self, inputs: int, words: list[str]) -> None:
        """So many inputs more are judged, and gave these words: an archive gives many."""

    def tick(self) -> None:
        """Some time went by."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an audit came to."""

    totals: Totals
    wanted: int
    """Inputs; an archive is one."""
    kept: int
    """Those whose verdicts are from before."""
    judged: int
    """Files judged this time."""
    gone: int
    """Verdicts that were dropped: of files that changed, or are no longer there."""
    passed: dict[str, int] = field(default_factory=dict)
    """What was not taken for a PDF, by the reason."""
    unmet: int = 0
    """Files of the manifest that are not among the inputs."""


@dataclass(kw_only=True)
class Audit:
    """One audit."""

    inputs: Inputs
    output: Path
    setup: Setup
    engine: Callable[[], AbstractContextManager[Engine]]
    """Makes the engine, when there is something to do."""
    watcher: Watcher
    add: bool = False
    """Whether verdicts of inputs that are not given this time are kept."""
    dedupe: bool = False
    """Whether files with equal bytes are judged once."""
    again: frozenset[str] = frozenset()
    """Verdicts of before that do not count: files that have them are judged again."""

    def run(self) -> Outcome:
        """Judges what is not judged yet.

        Raises:
            UsageError: the inputs or the output are not fit for it.
            OutputError: the results cannot be written; those before are kept.
            UnavailableError: the engine does not work.
            OSError: a list or the manifest cannot be read.
        """
        try:
            return self._run()
        except sqlite3.Error as error:  # of the ledger: a full disk, most of all
            raise OutputError(str(error), where=str(self.output)) from error

    def _run(self) -> Outcome:
        with folders.opened(self.output) as place, Ledger(self.output, self.setup.fingerprint) as ledger:
            self._refuse_others()
            for path in parts.parts(place):
                lines = parts.keyed_lines(path)
                ledger.add_done(key for key, text in lines if key[1] and word_of(text) not in self.again)
            listing = Listing(inputs=self.inputs)
            for units in in_chunks(listing.units(ledger), _ROWS_AT_ONCE):
                ledger.add_wanted(units)
                self.watcher.listed(ledger.wanted())
            wanted, kept = ledger.wanted(), ledger.kept()
            self.watcher.begins(wanted, kept)
            new = self._judge(ledger, place)
            return self._finish(ledger, listing, place, new, Counts(wanted, kept))

    def _refuse_others(self) -> None:
        """Results of other inputs would be dropped at the end."""
        document = folders.about(self.output)
        if document is not None and not self.add and document.get("inputs") != self.inputs.to_list():
            told = ", ".join(map(str, document.get("inputs", ())))
            hint = "choose another folder, or give --add to keep the existing verdicts as well"
            raise UsageError(f"-o {self.output}: this folder holds the audit of {shortened(told, 200)}", hint=hint)

    def _judge(self, ledger: Ledger, place: Path) -> dict[str, int]:
        """Judges what is to do; the parts that were written, and how many lines each has."""
        new: dict[str, int] = {}

        def take(units: list[Unit], lines: list[bytes]) -> None:
            if lines:
                path = parts.write_part(place, _with_equal_states(lines))
                new[path.name] = len(lines)
                self.watcher.judged(len(units), [word_of(line) for line in lines])
            for line in lines if self.dedupe else ():
                ledger.add_line(int(line[8:24], 16), line)

        if ledger.kept() < ledger.wanted():
            if self.dedupe:
                find_equal(ledger)
            with self.engine() as engine:
                run(engine, ledger.to_do(), self.setup, take, self.watcher.tick)
            for followers in in_chunks(ledger.followers(), MAX_SHARD_UNITS):
                lines = [follower_line(unit, self.setup.fingerprint, line) for unit, line in followers]
                take([unit for unit, _ in followers], lines)
        return new

    def _finish(self, ledger: Ledger, listing: Listing, place: Path, new: dict[str, int], counts: Counts) -> Outcome:
        """Drops the verdicts of what has changed or gone, and adds the others up."""
        keep_unlisted = self.add or bool(listing.gaps)
        totals, gone = Totals(), 0
        rewritten: set[Path] = set()
        # What was judged now comes first: it counts before a verdict of the same file that was not to count.
        for number, path in enumerate(sorted(parts.parts(place), key=lambda path: path.name not in new)):
            if path in rewritten:
                continue
            current: list[bytes] = []
            dropped = 0
            for key, text in parts.keyed_lines(path):
                if keep_unlisted and not ledger.is_wanted(key[0]):
                    ledger.keep(key)
                if (key[1] or path.name in new) and ledger.claim(key, number):
                    totals.add(text, json.loads(text))
                    current.append(text)
                else:
                    dropped += 1
            if dropped:
                if current:
                    rewritten.add(parts.write_part(place, current))
                path.unlink()
                gone += dropped
        outcome = Outcome(
            totals=totals,
            wanted=counts.wanted,
            kept=counts.kept,
            judged=sum(new.values()),
            gone=gone,
            passed={why.value: count for why, count in listing.passed.items()},
            unmet=ledger.unmet(),
        )
        folders.write_about(self.output, self._about(outcome))
        return outcome

    def _about(self, outcome: Outcome) -> dict[str, Any]:
        before = folders.about(self.output) or {} if self.add else {}
        inputs = [*before.get("inputs", ()), *self.inputs.to_list()]
        return {
            "schema": "pithtex/1",
            "command": "audit",
            "version": __version__,
            "inputs": list(dict.fromkeys(inputs)),
            "options": {"text": self.setup.text, "iscc": self.setup.iscc, "records": self.setup.records},
            "passed": outcome.passed,
            "totals": outcome.totals.to_dict(),
        }


@dataclass(frozen=True)
class Counts:
    """Of inputs, before any is judged."""

    wanted: int
    kept: int


def _with_equal_states(lines: list[bytes]) -> list[bytes]:
    """The lines, those of an archive that broke off marked so that the whole of it is judged again next time."""
    zero = b"0" * 16
    broken = {line[8:24] for line in lines if line[24:40] == zero}
    return [line[:24] + zero + line[40:] if line[8:24] in broken else line for line in lines]
