"""Judges units in a cell, a process of its own, and sees to it that each gets a verdict whatever becomes of the cell.

`judge_units` is what engines run: it takes and gives plain data, and starts a cell wherever it runs, in a thread of
this process or on a machine of a cluster. Cells are new interpreters and no children of `multiprocessing`, since
workers of dask may have none of these.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Final

from pithtex.audit import lines
from pithtex.audit.reading import carried
from pithtex.audit.unit import Kind, Piece, Setup, Unit
from pithtex.catalogue import finding
from pithtex.limits import MAX_READ_SECONDS
from pithtex.structs import NamedTuple, field, struct

_START_SECONDS: Final = 60.0
_TRIES: Final = 2
"""How often a file may end a cell until that is its verdict: the first time may be an accident of the machine."""
_CHUNK: Final = 256 * 1024
_LOOK_SECONDS: Final = 0.5
_PATIENCE: Final = 5
"""Of the time for a file: how long it may take by the clock, while it computes less than half of that time."""


class Judged(NamedTuple):
    """What came of some units."""

    lines: list[bytes]
    """One verdict each, without line ends."""
    rest: list[Unit]
    """What was not judged, since all was stopped; empty else."""
    more: list[Unit]
    """Pieces of an archive, which are to be judged still."""


class CellError(Exception):
    """No cell can be started: no file's fault."""


class _EndedError(Exception):
    """The cell is gone."""


class _TooLongError(Exception):
    """Nothing came in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


_cells = threading.local()
_running: set[_Cell] = set()
_stopping = threading.Event()


def judge_units(units: Sequence[Unit], setup: Setup) -> Judged:
    """Judges units, each exactly once: those that end their cell are `unreadable`.

    Raises:
        CellError: no cell can be started.
    """
    cell: _Cell | None = getattr(_cells, "cell", None)
    if cell is None or cell.setup != setup:
        cell = _cells.cell = _Cell(setup)
    with cell.lock:
        return cell.judge([carried(unit) for unit in units])


def stop() -> None:
    """Ends all cells of this process at once; who waits for one gives back what is done."""
    _stopping.set()
    for cell in list(_running):
        cell.kill()


def resume() -> None:
    """Lets cells be started again."""
    _stopping.clear()


class _Place(NamedTuple):
    """Where a cell is."""

    number: int
    member: str | None
    judging: bool


class _StoppedError(Exception):
    """A cell did not come to its end: where it was, and why it was ended; None if it ended itself."""

    def __init__(self, place: _Place | None, reason: str | None) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


@struct(frozen=False, kw_only=False)
class _Work:
    """What a cell was given, and what has come of it."""

    units: list[Unit]
    """Those that are not finished."""
    done: list[bytes] = field(default_factory=list)
    more: list[Unit] = field(default_factory=list)
    pieces: list[Unit] = field(default_factory=list)
    """Of the first unit, which is not finished."""
    step_by_step: bool = False
    """Whether the cell says each step at once, since one ended before it had said where it was."""


class _Cell:
    """One process, which is started when it is needed and replaced when it is gone."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._patience = self._between = MAX_READ_SECONDS
        """Seconds until the next answer: of this one, and of those that say nothing of a file that is judged."""
        self._place: _Place | None = None
        self.lock = threading.Lock()

    def judge(self, units: list[Unit]) -> Judged:
        work = _Work(units)
        tries = 0
        last: tuple[Unit, ...] = ()
        while work.units and not _stopping.is_set():
            try:
                self._follow(work)
            except _StoppedError as stopped:
                self.end()
                if _stopping.is_set():
                    break
                # Who said nothing of what it was at is asked again; nor is blamed what it only began to say.
                if not work.step_by_step and (stopped.reason is None or stopped.place is None):
                    work.step_by_step = True
                    continue
                tries = tries + 1 if last == tuple(work.units[:1]) else 1
                last = tuple(work.units[:1])
                if stopped.reason is not None or tries >= _TRIES:
                    self._give_up(work, stopped)
        if _stopping.is_set():
            self.end()
        if units and units[0].kind is Kind.ARCHIVE:  # which is judged whole or not at all, or its piece
            key = units[0].name_key
            work.done = [text for text in work.done if (found := lines.key_of(text)) is None or found.name != key]
        return Judged(work.done, work.units, work.more)

    def _follow(self, work: _Work) -> None:
        """Has the units judged, takes their lines, and takes from the list what is finished.

        Raises:
            _StoppedError: the cell is gone, or was too long about a file.
            CellError: it cannot be started.
        """
        # A cell that does not say each step says something more often than this, unless a file takes longer.
        quick = not work.step_by_step and all(unit.kind is Kind.FILE for unit in work.units)
        self._between = self.setup.seconds if quick else MAX_READ_SECONDS
        self._send(work)
        self._patience = self._between
        work.pieces.clear()
        try:
            for kind, rest in self._answers():
                if kind == b"E" and not work.units:
                    if rest == b"1":
                        self.end()
                    return
                self._take(kind, rest, work)
        except _TooLongError as error:
            what = "checking" if self._place is not None and self._place.judging else "reading"
            raise _StoppedError(self._place, f"{what} it took longer than {error.seconds:g} seconds") from None
        except (_EndedError, ValueError):
            raise _StoppedError(self._place, None) from None

    def _take(self, kind: bytes, rest: bytes, work: _Work) -> None:
        """Takes one answer. Anything else ends the cell: a file may have taken it over."""
        place, units = self._place, work.units
        if kind == b"N":
            number, _, name = rest.partition(b" ")
            self._place = _Place(int(number), json.loads(name), judging=False)
        elif kind == b"B" and place is not None:
            self._place = place._replace(judging=True)
            self._patience = self.setup.seconds
        elif kind == b"R" and lines.key_of(rest) is not None:
            work.done.append(rest)
            if place is not None and place.member is not None:
                units[0] = units[0]._replace(first=place.number + 1)
            self._place = None
        elif kind == b"P" and units:
            work.pieces.append(_piece_of(units[0], json.loads(rest)))
        elif kind == b"U" and units:
            work.more += work.pieces
            work.pieces.clear()
            del units[0]
        else:
            raise _EndedError

    def _give_up(self, work: _Work, stopped: _StoppedError) -> None:
        """Writes the verdict of the file that the cell was stopped at, and takes it from the list."""
        unit, place = work.units[0], stopped.place
        if stopped.reason is None:
            item = finding("worker-crashed", "checking the file crashed its process twice")
        else:
            item = finding("check-stopped", f"checking the file was stopped: {stopped.reason}")
        member = None if place is None else place.member
        work.done.append(lines.unread(unit, self.setup.fingerprint, item, member=member))
        if unit.kind is Kind.ARCHIVE and place is not None:
            work.units[0] = unit._replace(first=place.number + 1)
        else:
            del work.units[0]

    def _send(self, work: _Work) -> None:
        self._place = None
        self._write(self._process or self._start(), (work.units, work.step_by_step))

    @staticmethod
    def _write(process: subprocess.Popen[bytes], thing: object) -> None:
        with contextlib.suppress(BrokenPipeError, ValueError):  # it is gone, which reading from it says
            if process.stdin is not None:
                pickle.dump(thing, process.stdin)
                process.stdin.flush()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from pithtex.audit.cell import main; main()"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            process = subprocess.Popen(  # noqa: S603  this program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, process_group=0
            )
        except OSError as error:
            raise CellError(f"the process that checks files cannot be started: {error.strerror}") from error
        self._process, self._buffer, self._patience = process, b"", _START_SECONDS
        _running.add(self)
        if _stopping.is_set():
            self.end()
        self._write(process, self.setup)
        try:
            ready = next(self._answers(), (b"", b""))[0] == b"S"
        except (_EndedError, _TooLongError):
            ready = False
        if not ready and not _stopping.is_set():
            code = process.wait() if process.poll() is not None else process.poll()
            self.end()
            raise CellError(f"the process that checks files ended before it began (exit code {code})")
        if not ready:
            raise _StoppedError(None, None)
        return process

    def kill(self) -> None:
        """Ends the process, from another thread: the one that waits for it, if any, cleans up."""
        process = self._process
        if process is not None:
            process.kill()
        if self.lock.acquire(blocking=False):
            try:
                self.end()
            finally:
                self.lock.release()

    def end(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        _running.discard(self)
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if stream is not None:
                        stream.close()

    def _answers(self) -> Iterator[tuple[bytes, bytes]]:
        """What the cell says, as it comes.

        Raises:
            _EndedError: it is gone, or says what it cannot say.
            _TooLongError: nothing came in time.
        """
        while True:
            while b"\n" not in self._buffer:
                if len(self._buffer) > lines.MAX_LINE:
                    raise _EndedError
                self._buffer += self._more(self._patience)
            said, _, self._buffer = self._buffer.rpartition(b"\n")
            for text in said.split(b"\n"):
                self._patience = self._between
                yield text[:1], text[2:]

    def _more(self, seconds: float) -> bytes:
        process = self._process
        if process is None or process.stdout is None:
            raise _EndedError
        start, used = time.monotonic(), -1.0
        try:
            waiting = select.poll()
            waiting.register(process.stdout.fileno(), select.POLLIN)
            while not waiting.poll(1000 * _LOOK_SECONDS):
                took = time.monotonic() - start
                used = _computed(process.pid) if used < 0 else used  # asked late, since most answers come at once
                # On a machine that has too much to do a file is not to blame for the time that others took.
                if took > _PATIENCE * seconds or (took > seconds and _computed(process.pid) - used > seconds / 2):
                    raise _TooLongError(seconds)
            data = os.read(process.stdout.fileno(), _CHUNK)
        except (OSError, ValueError):
            raise _EndedError from None  # another thread has ended it
        if not data:
            raise _EndedError
        return data


def _piece_of(unit: Unit, values: object) -> Unit:
    """The unit of a piece that a cell names.

    Raises:
        ValueError: it cannot be one: what is named has to be ahead of what is judged, or there would be no end.
    """
    match unit.piece, values:
        case Piece(bounded=True), _:
            pass
        case before, [int(begin), None | int() as end, int(offset), int(at), bool(bounded)]:
            first = 0 if before is None else before.begin
            if (begin > first or (bounded and begin == first)) and offset >= 0 and 0 <= at <= begin:
                return unit._replace(piece=Piece(begin, end, offset, at, bounded), first=begin)
    raise ValueError("not a piece of this archive")


def _computed(pid: int) -> float:
    """The seconds that a process has computed; where the system does not tell, those on the clock."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:
            fields = stream.read().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.monotonic()
