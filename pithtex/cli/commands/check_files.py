"""Checks the files of `pithtex check`: one after the other, under a limit, or several at once."""

from __future__ import annotations

import functools
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pithtex.cli.commands.check_output import Result
from pithtex.cli.shared.common import missing_input
from pithtex.errors import UsageError
from pithtex.limits import MAX_CHECK_SECONDS, MAX_PDF_BYTES

if TYPE_CHECKING:
    from pithtex.cli.commands.check_inputs import PdfInputs
    from pithtex.errors import PithError
    from pithtex.format.record import Record
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.pdf.options import CheckOptions, PdfCheck

LookUp = Callable[[Callable[["Record | None"], "Verdict"]], "Verdict"]
"""Gives the verdict of a check that takes a record, with the records looked up that it lacks."""
_Checked = tuple[int, str | bytes, Result]
"""A file's place among all, what was read of it as of `_source`, and what came of it."""


def checked(
    inputs: PdfInputs, look_up: LookUp, options: CheckOptions, timeout: float | None, jobs: int | None, *, again: bool
) -> Iterator[_Checked]:
    """Yields each file with its result; with several jobs, in the order in which they finish.

    Args:
        inputs: the files, and what is already known to be none.
        look_up: completes a verdict.
        options: as of `check_pdf`.
        timeout: seconds that one file may take, in a process of its own; no limit by default.
        jobs: how many at once; one by default, in this process.
        again: whether a file is read more than once.
    """
    for place, (name, problem) in enumerate(inputs.problems, len(inputs.files)):
        yield place, name, Result(file=name, verdict=None, problem=problem)
    if jobs is not None:
        yield from _at_once(inputs.files, look_up, options, timeout or MAX_CHECK_SECONDS, jobs, again=again)
        return
    with _checker(timeout) as check:
        for place, file in enumerate(inputs.files):
            try:
                source = _source(file, again=again)
            except OSError as error:
                yield place, file, Result(file=file, verdict=None, problem=missing_input(file, error))
                continue
            first = functools.partial(check, source, **options)
            later = functools.partial(_with_record, check, source, options)
            yield place, source, _result(file, source, first, later, look_up)


def _at_once(
    files: list[str], look_up: LookUp, options: CheckOptions, seconds: float, jobs: int, *, again: bool
) -> Iterator[_Checked]:
    from pithtex.pdf.crew import Crew
    from pithtex.pdf.worker import Worker

    tasks = (((place, source), source) for place, source in enumerate(_sources(files, again=again)))
    with Crew(min(jobs, max(len(files), 1)), seconds=seconds) as crew, Worker(seconds=seconds) as other:
        for (place, source), outcome in crew.check(tasks, options):
            later = functools.partial(_with_record, other.check, source, options)
            yield place, source, _result(files[place], source, functools.partial(_given, outcome), later, look_up)


def _sources(files: list[str], *, again: bool) -> Iterator[str | bytes]:
    for file in files:
        try:
            yield _source(file, again=again)
        except OSError:
            yield file  # whoever reads it says so


def _given(outcome: Verdict | PithError | OSError) -> Verdict:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


@contextmanager
def _checker(timeout: float | None) -> Iterator[PdfCheck]:
    """Yields the function that checks a file: in this process, or with a time limit in one that can be ended."""
    if timeout is None:
        from pithtex.pdf import part

        part.load()
        from pithtex.pdf.check import check_pdf

        yield check_pdf
    else:
        from pithtex.pdf.worker import Worker

        with Worker(seconds=timeout) as worker:
            yield worker.check


def _source(file: str, *, again: bool) -> str | bytes:
    """Returns the path to check, or the bytes of input that can be read only once, such as a pipe.

    Raises:
        OSError: it cannot be read.
    """
    if file == "-":
        return sys.stdin.buffer.read(MAX_PDF_BYTES + 1)
    if again and stat.S_ISFIFO(os.stat(file).st_mode):
        from pithtex.system.files import read_pdf

        return read_pdf(file)
    return file


def _with_record(check: PdfCheck, source: str | bytes, options: CheckOptions, found: Record) -> Verdict:
    more: CheckOptions = {**options, "record": found}
    return check(source, **more)


def _result(
    file: str, source: str | bytes, first: Callable[[], Verdict], later: Callable[[Record], Verdict], look_up: LookUp
) -> Result:
    """Returns the result for a file.

    Args:
        file: its name.
        source: as of `_source`.
        first: gives the verdict on it.
        later: gives it with a record that was looked up.
        look_up: completes a verdict.
    """

    def look(found: Record | None) -> Verdict:
        return first() if found is None else later(found)

    try:
        verdict = look_up(look)
        if verdict.word == "unreadable":
            _refuse_other_kinds(source, file)
    except UsageError as error:
        return Result(file=file, verdict=None, problem=error.finding)
    except OSError as error:
        return Result(file=file, verdict=None, problem=missing_input(file, error))
    return Result(file=file, verdict=verdict)


def _refuse_other_kinds(source: str | bytes, file: str) -> None:
    """Refuses a file that certainly is not a PDF: it says nothing of any paper that it cannot be opened as one.

    Raises:
        UsageError: it is of another kind.
        OSError: it cannot be read.
    """
    from pithtex.limits import MAX_DOCUMENT_BYTES
    from pithtex.system.files import open_file
    from pithtex.system.kinds import Kind, refuse_other_kinds

    if isinstance(source, str):
        if not os.path.isfile(source):
            return  # a pipe, which was read and is gone
        with open_file(source) as stream:
            source = stream.read(MAX_DOCUMENT_BYTES)
    refuse_other_kinds(source, file, "a PDF", {Kind.PDF, Kind.TEXT, Kind.JSON})
