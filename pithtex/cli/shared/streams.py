"""The three standard streams, each of which may be closed, full, or a pipe whose other end has gone."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Final, Literal, TextIO

_STDOUT: Final = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})


class StdoutError(Exception):
    """Standard output cannot be written, which ends the command.

    Neither an `OSError` nor a `PithError`, so that nobody takes it for a fault of a file and goes on.
    """

    def __init__(self, error: OSError) -> None:
        super().__init__(error)
        self.reason = error.strerror or type(error).__name__
        self.reader_gone = isinstance(error, BrokenPipeError)


def output_name(text: str) -> str:
    """Returns the type of options that name a file to write: `-` for standard output, whatever the user called it."""
    return "-" if text in _STDOUT else text


def open_missing() -> None:
    """Opens the streams that this process was started without, or the next files opened would be taken for them.

    The wrong way round, so that using one still fails: a command that could not read or print must not look as if it
    had. Only what would be said on stderr is lost, since there is nobody to say it to.
    """
    if sys.stdin is None:
        sys.stdin = _opened(0, os.O_WRONLY, "r")
    if sys.stdout is None:
        sys.stdout = _opened(1, os.O_RDONLY, "w")
    if sys.stderr is None:
        sys.stderr = _opened(2, os.O_WRONLY, "w")


def print_lines(lines: Sequence[str]) -> None:
    """Prints the result to stdout; a character that the terminal's encoding lacks is written as an escape.

    Raises:
        StdoutError: it cannot be written.
    """
    text = "\n".join(lines) + "\n"
    encoding = sys.stdout.encoding or "utf-8"
    with _writing_stdout():
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def print_bytes(content: bytes) -> None:
    """Writes a file that is the result to stdout, as it is.

    Raises:
        StdoutError: it cannot be written.
    """
    with _writing_stdout():
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def flush_stdout() -> None:
    """Sees to it that what was printed is written.

    Raises:
        StdoutError: it cannot be.
    """
    with _writing_stdout():
        sys.stdout.flush()


def say(text: str, end: str = "\n") -> None:
    """Says something on stderr; that it cannot be said keeps nobody from the result."""
    try:
        print(text, end=end, file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


@contextlib.contextmanager
def _writing_stdout() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _discard(sys.stdout)
        raise StdoutError(error) from error


def _discard(stream: TextIO) -> None:
    """Lets what is left of a stream go nowhere: Python tries it again at exit, and would make a fault of it."""
    with contextlib.suppress(OSError, ValueError):  # in a process that has put something else in the stream's place
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def _opened(number: int, way: int, mode: Literal["r", "w"]) -> TextIO:
    null = os.open(os.devnull, way)
    if null != number:
        os.dup2(null, number)
        os.close(null)
    return open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False)
