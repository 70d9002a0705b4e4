"""The process that judges. It may crash, hang or use up its memory, and nothing is lost.

It is told what to judge on standard input (pickled by `supervisor`, which started it), and answers in lines on what was
its standard output, since what it answers is not to be trusted once a file has taken it over:

    S                it is ready
    N number name    a PDF's bytes are read now; the name in an archive as JSON, or null
    B                they are there, and are judged now
    R {...}          the line of its verdict
    P [...]          a piece of the archive, to be judged by whoever is free
    U                that was all of a unit
    E 0              all of the units are judged; `E 1`: and this process ends, and wants to be replaced

Of a file that is told by the lane, which neither crashes nor hangs, `N` and `B` are said together with its verdict, and
with those of others. Where a process ended without having said what it was at, the next one is asked to say each step.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pickle
import resource
import signal
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from pithtex.audit import lines
from pithtex.audit.judge import Judge, judge_of
from pithtex.audit.names import is_archive
from pithtex.audit.pieces import split
from pithtex.audit.reading import FAULTS, Member, members, opened
from pithtex.audit.unit import Kind, Piece, Setup, Unit
from pithtex.catalogue import finding
from pithtex.errors import PithError
from pithtex.limits import MAX_PDF_BYTES

_FILES_BEFORE_REPLACED: Final = 5_000
"""What C libraries leak stays bounded."""
_SILENT_SECONDS: Final = 0.1
"""How long verdicts may wait to be said together with others: the supervisor has less to do for each."""
_SILENT_BYTES: Final = 32 * 1024
_COLLECT_AFTER: Final = 10_000
"""Objects made until cycles are looked for, in place of Python's 700: a large table has as many, and no cycles."""
_ORPHAN_FACTOR: Final = 10
"""Of the time for a file: when it ends by itself, where nobody is left to end it."""


def main() -> None:
    """Judges what it is told to, until nobody asks any more."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # sent to all of a group; whoever started it ends it
        signal.signal(each, signal.SIG_IGN)
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers, os.fdopen(os.dup(0), "rb") as orders:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        with contextlib.suppress(BrokenPipeError, EOFError):
            cell = _Cell(answers, orders)
            gc.freeze()  # what is loaded stays: looking through it for cycles was a twentieth of the work
            gc.set_threshold(_COLLECT_AFTER)
            cell.serve()


class _Cell:
    def __init__(self, answers: BinaryIO, orders: BinaryIO) -> None:
        self._answers, self._orders = answers, orders
        setup: Setup = pickle.load(orders)  # noqa: S301  this program's own, on a pipe of its parent's
        self._setup = setup
        self._judge = _trapped(judge_of(setup, self._utter), setup.trap)
        self._judged = 0
        self._spent = False
        self._unsaid: list[bytes] = []
        self._unsaid_bytes = 0
        self._silent_until = 0.0
        self._is_known = False
        self._step_by_step = True
        _limit(setup.memory)

    def serve(self) -> None:
        self._say(b"S", at_once=True)
        while not self._spent:
            units: list[Unit]
            units, self._step_by_step = pickle.load(self._orders)  # noqa: S301
            for unit in units:
                self._unit(unit)
                # With a verdict, or whoever judges the unit again would have two. And at once where it is known that
                # the unit was begun, or an end in the next one would be put down to it.
                late = self._unsaid_bytes > _SILENT_BYTES or time.monotonic() > self._silent_until
                self._say(b"U", at_once=late or self._is_known)
                self._is_known = False
            self._spent |= self._judged >= _FILES_BEFORE_REPLACED
            self._say(b"E %d" % self._spent, at_once=True)

    def _unit(self, unit: Unit) -> None:
        """All PDFs of a unit; of one that has none, or breaks off, a line that says so."""
        if unit.kind is Kind.PROBLEM:
            self._say(b"R " + lines.problem(unit, self._setup.fingerprint, unit.note))
            return
        met = unit.first > 0
        try:
            if self._is_split(unit):
                return
            for member in members(unit):
                met = True
                if isinstance(member, Piece):
                    self._say(b"P " + json.dumps(member).encode("ascii"))
                else:
                    self._member(unit, member)
        except (*FAULTS, PithError) as error:
            reason = f"it could not be read completely ({_reason(error)})" if met else _reason(error)
            self._broken(unit, error, reason)
        else:
            if not met:
                self._broken(unit, None, "the archive holds no PDF")

    def _is_split(self, unit: Unit) -> bool:
        """Names the pieces of an archive that has several."""
        if unit.kind is not Kind.ARCHIVE or (unit.piece is not None and unit.piece.bounded):
            return False
        with opened(unit) as stream:
            pieces = split(unit, stream)
            first = next(pieces, None)
            if first is None or first.end is None:
                return False
            for piece in (first, *pieces):
                self._say(b"P " + json.dumps(piece).encode("ascii"), at_once=True)
        return True

    def _broken(self, unit: Unit, error: Exception | None, reason: str) -> None:
        # What the system says today may be another thing tomorrow; what is wrong with the bytes stays so.
        kept = unit if error is None or not isinstance(error, OSError) else unit._replace(state="")
        self._say(b"R " + lines.problem(kept, self._setup.fingerprint, reason))

    def _member(self, unit: Unit, member: Member) -> None:
        at_once = self._step_by_step or unit.kind is not Kind.FILE
        self._say(b"N %d %s" % (member.number, json.dumps(member.name).encode("ascii")), at_once=at_once)
        if member.name is not None and is_archive(member.name):
            reason = "an archive inside an archive is not opened: unpack the outer one and audit its files"
            self._say(b"R " + lines.problem(unit, self._setup.fingerprint, reason, member=member.name))
            return
        if member.size > MAX_PDF_BYTES:
            self._refuse(unit, member, f"the file is larger than {MAX_PDF_BYTES} bytes")
            return
        try:
            data = member.read()
        except (*FAULTS, PithError) as error:
            if unit.kind is not Kind.FILE:
                raise
            self._say(b"R " + lines.problem(unit._replace(state=""), self._setup.fingerprint, _reason(error)))
            return
        self._say(b"B", at_once=at_once)
        self._judged += 1
        with _backstop(_ORPHAN_FACTOR * self._setup.seconds):
            self._say(b"R " + self._line(unit, member, data))

    def _line(self, unit: Unit, member: Member, data: bytes) -> bytes:
        fingerprint = self._setup.fingerprint
        expect = (
            json.loads(unit.expect).get(member.name, "") if unit.kind is Kind.ARCHIVE and unit.expect else unit.expect
        )
        try:
            word, body = self._judge(data, unit._replace(expect=expect))
        except MemoryError:
            self._spent = True  # what is left of its memory is anybody's guess
            message = f"checking the file was stopped: it needed more memory than {self._setup.memory} bytes"
            return lines.unread(unit, fingerprint, finding("check-stopped", message), member=member.name)
        except Exception as error:  # noqa: BLE001  one file must not stop the others
            message = f"internal error of pithtex, which says nothing about the file: {type(error).__name__}"
            return lines.unread(unit, fingerprint, finding("check-stopped", message), member=member.name)
        return lines.line(unit, fingerprint, word, body, member=member.name)

    def _refuse(self, unit: Unit, member: Member, message: str) -> None:
        item = finding("unreadable-pdf", message)
        self._say(b"R " + lines.unread(unit, self._setup.fingerprint, item, member=member.name))

    def _say(self, text: bytes, *, at_once: bool = False) -> None:
        """Says something at once, or together with what follows."""
        self._unsaid.append(text)
        self._unsaid_bytes += len(text)
        if at_once:
            self._utter()

    def _utter(self) -> None:
        """Says what is not said yet."""
        rest = memoryview(b"\n".join((*self._unsaid, b"")))
        self._unsaid.clear()
        self._unsaid_bytes = 0
        self._is_known = True
        while rest:
            rest = rest[self._answers.write(rest) or 0 :]
        self._silent_until = time.monotonic() + _SILENT_SECONDS


def _reason(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "a header in the file asks for more memory than is available"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _limit(memory: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    bound = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    with contextlib.suppress(OSError, ValueError):  # of systems that do not limit it, as macOS
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextlib.contextmanager
def _backstop(seconds: float) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM is not caught: it ends the process, whatever that does
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _trapped(judge: Judge, trap: str) -> Judge:
    """The judge, with a function called first that tests name."""
    if not trap:
        return judge
    module, _, name = trap.partition(":")
    spring: Callable[[bytes], None] = getattr(importlib.import_module(module), name)

    def trapped(data: bytes, unit: Unit) -> tuple[str, dict[str, object]]:
        spring(data)
        return judge(data, unit)

    return trapped
