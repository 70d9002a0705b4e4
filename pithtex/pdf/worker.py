"""Checks PDFs in a process of its own, which may be ended: by a limit on its memory, by a time limit, or by a crash.

A file that does so is `unreadable`, and the next one is checked in a new process. The process is started when it is
needed and kept from file to file, so that starting costs little; many files at once take many workers.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, Unpack

from pithtex.catalogue import finding
from pithtex.limits import MAX_CHECK_MEMORY, MAX_CHECK_SECONDS
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Verdict, Word
from pithtex.system.signals import leave_to_parent, undisturbed

if TYPE_CHECKING:
    from pithtex.pdf.options import CheckOptions

_P = ParamSpec("_P")

_START_SECONDS: Final = 60.0
"""How long a new process may take until it is ready: that is not a file's fault."""


class Worker:
    """One process that checks one PDF at a time; use it in a `with` statement.

    As with all of `multiprocessing`, a script that makes one does so under `if __name__ == "__main__":`.
    """

    def __init__(self, *, seconds: float = MAX_CHECK_SECONDS, memory: int = MAX_CHECK_MEMORY) -> None:
        """Sets the limits.

        Args:
            seconds: what the check of one file may take, by the clock on the wall.
            memory: bytes of address space of the process, where the system can limit it.
        """
        self._seconds = seconds
        self._memory = memory
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None
        self._ready = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def check(self, path: bytes | str | os.PathLike[str], **options: Unpack[CheckOptions]) -> Verdict:
        """Does what `check_pdf` does, with the same arguments, under the limits.

        Returns:
            The verdict: `unreadable` where the file used up its limits or ended the process.

        Raises:
            PithError: as `check_pdf`.
            OSError: the path cannot be read.
        """
        options["mirrors"] = frozenset(options.get("mirrors", ()))  # an iterator could not be sent
        return self._call(check_pdf, path, **options)

    def _call(self, function: Callable[_P, Verdict], *arguments: _P.args, **options: _P.kwargs) -> Verdict:
        self._send((function, arguments, options))
        return self.result(self._seconds)

    def ask(self, path: bytes | str | os.PathLike[str], **options: Unpack[CheckOptions]) -> Connection[Any, Any]:
        """Begins what `check` does; what is returned has something to read when `result` need not wait.

        Raises:
            OSError: the process cannot be started.
        """
        options["mirrors"] = frozenset(options.get("mirrors", ()))
        return self._send((check_pdf, (path,), options))

    def result(self, seconds: float) -> Verdict:
        """Returns what came of that, after at most so many seconds; the worker is free then.

        Raises:
            PithError: as `check_pdf`.
            OSError: the path cannot be read.
        """
        connection = self.launch()
        try:
            if not connection.poll(seconds):
                self.end()
                return _stopped(f"it took longer than {self._seconds:g} seconds")
            result = connection.recv()
        except (EOFError, OSError):
            process = self._process
            self.end()
            return _stopped(f"it crashed its process ({_cause(process.exitcode)})")
        except BaseException:  # interrupted: what was asked for would be taken for the next answer
            self.end()
            raise
        if isinstance(result, MemoryError):
            self.end()  # what is left of its memory is anybody's guess
            return _stopped(f"it needed more memory than {self._memory} bytes")
        if isinstance(result, BaseException):
            raise result
        verdict: Verdict = result
        return verdict

    def launch(self) -> Connection[Any, Any]:
        """Starts the process, if there is none, and does not wait for it."""
        if self._connection is not None:
            return self._connection
        # A fresh interpreter: a copy of this process would inherit its threads' locks and its memory.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._ready = False
        with undisturbed():  # Ctrl-C goes to all of a terminal's processes; this one ends the other
            process = context.Process(target=_serve, args=(theirs, self._memory), daemon=True)
            process.start()
            self._process = process
        theirs.close()
        return self._connection

    def _send(self, call: object) -> Connection[Any, Any]:
        """Asks, when the process is ready; of one that is gone `result` says so."""
        connection = self.launch()
        try:
            if not self._ready and not connection.poll(_START_SECONDS):
                raise TimeoutError("the process for checking could not be started")
            with contextlib.suppress(EOFError, ConnectionError):
                if not self._ready:
                    connection.recv()
                    self._ready = True
                connection.send(call)
        except BaseException:
            self.end()
            raise
        return connection

    def end(self) -> None:
        """Ends the process at once, whatever it does; the next check starts another."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._connection = self._process = None


def _stopped(reason: str) -> Verdict:
    problem = finding("check-stopped", f"checking the file was stopped: {reason}")
    return Verdict(word=Word.UNREADABLE, findings=(problem,))


def _cause(code: int | None) -> str:
    return f"by signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _serve(connection: Connection[Any, Any], memory: int) -> None:
    """The process: answers calls until nobody asks any more."""
    leave_to_parent()
    import pithtex.pdf.text.naming
    import pithtex.pdf.whole_check  # noqa: F401  what loads them is not charged to the first file's time

    throw_once()
    _limit(memory)
    connection.send("ready")
    with contextlib.suppress(EOFError, OSError):  # whoever asked is gone
        while True:
            function, arguments, options = connection.recv()
            try:
                result = function(*arguments, **options)
            except Exception as error:  # noqa: BLE001  it is raised where the call was made
                result = error
            connection.send(result)


def throw_once() -> None:
    """Lets qpdf throw an exception, before memory is limited.

    What a C++ library throws with is allocated at the first time; glibc ends the process if there is no memory left.
    """
    import pikepdf

    with contextlib.suppress(pikepdf.PdfError):
        pikepdf.open(io.BytesIO()).close()


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit: the one on time is all
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
