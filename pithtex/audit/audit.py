"""An audit: every input gets exactly one verdict, and what is done once stays done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from pithtex import __version__
from pithtex.audit import folder as folders
from pithtex.audit import parts
from pithtex.audit.engine import Engine, run
from pithtex.audit.equal import find_equal, follower_line
from pithtex.audit.ledger import Ledger, in_chunks
from pithtex.audit.lines import key_of, with_key, word_of
from pithtex.audit.listing import Inputs, Listing
from pithtex.audit.supervisor import Judged
from pithtex.audit.totals import Totals
from pithtex.audit.unit import Key, Kind, Piece, Setup, Unit
from pithtex.errors import OutputError, UsageError
from pithtex.limits import MAX_SHARD_UNITS
from pithtex.structs import field, struct
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


@struct
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


@struct(frozen=False)
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
                ledger.add_done(self._counting(path))
            ledger.join_pieces()
            listing = Listing(inputs=self.inputs, output=self.output)
            for units in in_chunks(listing.units(ledger), _ROWS_AT_ONCE):
                ledger.add_wanted(units)
                self.watcher.listed(ledger.wanted())
            wanted, kept = ledger.wanted(), ledger.kept()
            self.watcher.begins(wanted, kept)
            new = self._judge(ledger, place)
            return self._finish(ledger, listing, place, new, Counts(wanted, kept))

    def _counting(self, path: Path) -> set[Key]:
        """The keys of a part whose verdicts count; an archive's stand all in one part, or those of a piece of it."""
        found: set[Key] = set()
        without: set[Key] = set()
        for key, text in parts.keyed_lines(path):
            (without if not key.state or word_of(text) in self.again else found).add(key)
        return found - without

    def _refuse_others(self) -> None:
        """Results of other inputs would be dropped at the end."""
        document = folders.about(self.output)
        if document is not None and not self.add and document.get("inputs") != self.inputs.to_list():
            told = ", ".join(map(str, document.get("inputs", ())))
            hint = "choose another folder, or give --add to keep the existing verdicts as well"
            raise UsageError(f"-o {self.output}: this folder holds the audit of {shortened(told, 200)}", hint=hint)

    def _judge(self, ledger: Ledger, place: Path) -> dict[str, int]:
        """Judges what is to do; the parts that were written, and how many lines each has."""
        taker = _Taker(self, ledger, place)
        if ledger.kept() < ledger.wanted():
            if self.dedupe:
                find_equal(ledger)
            with self.engine() as engine:
                run(engine, ledger.to_do(), self.setup, taker)
            for followers in in_chunks(ledger.followers(), MAX_SHARD_UNITS):
                lines = [follower_line(unit, self.setup.fingerprint, line) for unit, line in followers]
                taker.take([unit for unit, _ in followers], Judged(lines, [], []))
        return taker.written

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
                if keep_unlisted and not ledger.is_wanted(key.name):
                    ledger.keep(key)
                if (key.state or path.name in new) and ledger.claim(key, number):
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


@struct(kw_only=False)
class Counts:
    """Of inputs, before any is judged."""

    wanted: int
    kept: int


class _Taker:
    """Writes what was judged into parts."""

    def __init__(self, audit: Audit, ledger: Ledger, place: Path) -> None:
        self._audit, self._ledger, self._place = audit, ledger, place
        self.written: dict[str, int] = {}
        """The names of the parts, and how many lines each has."""

    def take(self, units: list[Unit], judged: Judged) -> None:
        """Writes one part."""
        lines = judged.lines
        if lines and units[0].kind is Kind.ARCHIVE:
            lines = _of_archive(units[0], judged)
        if lines:
            path = parts.write_part(self._place, lines)
            self.written[path.name] = len(lines)
        finished = 0 if judged.more else sum(_is_last(unit) for unit in units) - len(judged.rest)
        self._audit.watcher.judged(finished, [word_of(line) for line in lines])
        for line in lines if self._audit.dedupe else ():
            self._ledger.add_line(int(line[8:24], 16), line)

    def missing(self, unit: Unit) -> Unit | None:
        """What has no verdict from before of a piece of an archive; None if nothing."""
        piece = unit.piece or Piece(0)
        state = unit.state_key(self._audit.setup.fingerprint)
        first = self._ledger.missing_from(unit.name_key, state, piece.begin)
        if first == piece.begin:
            return unit
        # Where its pieces are named one after the other, what is missing may lie behind this one.
        return None if first is None or piece.bounded else unit._replace(first=first, piece=Piece(first))

    def tick(self) -> None:
        """Passes it on."""
        self._audit.watcher.tick()


def _is_last(unit: Unit) -> bool:
    """Whether an input is finished with this unit, as far as there is an order."""
    return unit.piece is None or unit.piece.end is None


def _of_archive(unit: Unit, judged: Judged) -> list[bytes]:
    """The lines of an archive, all under one key: that of its piece, and of no state where it is to be judged again."""
    piece = unit.piece or Piece(0)
    following = judged.more[0].piece if judged.more else None
    if following is not None:
        piece = piece._replace(end=following.begin)
    whole = piece.begin == 0 and piece.end is None
    keys = [key for line in judged.lines if (key := key_of(line)) is not None]
    key = Key(keys[0].name, min(key.state for key in keys), "" if whole else str(piece))
    return [with_key(line, key) for line in judged.lines]
