"""Prints and writes the results of `pithtex check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pithtex.cli.shared.common import print_findings
from pithtex.cli.shared.machine import print_json, print_json_line
from pithtex.cli.shared.streams import print_lines
from pithtex.errors import OutputError
from pithtex.structs import NamedTuple

if TYPE_CHECKING:
    from pithtex.findings import Finding, Located
    from pithtex.pdf.judgement.verdict import Channel, Verdict
    from pithtex.pdf.text.page_image import Picture
    from pithtex.report.html import Entry


class Result(NamedTuple):
    """The result for one file: a verdict, or why there is none."""

    file: str
    verdict: Verdict | None
    problem: Finding | None = None

    def to_dict(self) -> dict[str, object]:
        """Returns one of the results of `--json`."""
        if self.verdict is not None:
            return {"file": self.file, **self.verdict.to_dict()}
        findings = [] if self.problem is None else [self.problem.to_dict()]
        return {
            "file": self.file,
            "verdict": None,
            "number": None,
            "standing": None,
            "facts": {},
            "badges": [],
            "channels": [],
            "bystanders": [],
            "findings": findings,
        }

    def located(self) -> Iterator[Located]:
        """Yields the file's findings with their places."""
        from pithtex.findings import of_document
        from pithtex.report.places import of_verdict

        if self.verdict is not None:
            yield from of_verdict(self.file, self.verdict)
        elif self.problem is not None:
            yield from of_document(self.file, [self.problem])


def print_text(result: Result, color: str) -> None:
    """Prints one file's lines for people."""
    from pithtex.report.terminal import Style, finding_lines
    from pithtex.report.verdict import verdict_lines

    style = Style.choose(color, sys.stdout)
    if result.verdict is not None:
        print_lines(verdict_lines(result.file, result.verdict, style))
    elif result.problem is not None:
        print_lines(finding_lines(result.problem, style))


def print_line(args: argparse.Namespace, result: Result) -> None:
    """Prints one file as a line of JSON."""
    print_json_line(args, "check", result.to_dict())


def print_machine(args: argparse.Namespace, form: str, results: Sequence[Result]) -> None:
    """Prints all files in one of the formats for machines, except JSON Lines, which are already printed."""
    if form == "json":
        print_json(args, "check", [result.to_dict() for result in results])
    elif form in {"sarif", "github"}:
        judged = {result.file: result.verdict for result in results if result.verdict is not None}
        words = {file: verdict.word.value for file, verdict in judged.items()}
        standings = {file: verdict.standing for file, verdict in judged.items()}
        print_findings(form, (item for result in results for item in result.located()), words, standings)


class HtmlReport:
    """Collects what `--html` shows, file by file: the pictures are drawn, and bounded, on the way."""

    def __init__(self, path: str, password: str) -> None:
        """Makes sure, before anything is checked, that the page can be written.

        Raises:
            OutputError: it can't be.
        """
        from pithtex.system.files import refuse_output

        self._path, self._password = path, password
        with self._named():
            if path == "-":
                raise OutputError("standard output is used for the verdicts", hint="name a file for the report")
            refuse_output(Path(path))
        self._entries: list[Entry] = []
        self._bytes = 0

    def add(self, result: Result, source: str | bytes) -> None:
        """Adds one file, given by its path or its bytes, with a picture while there is room for one."""
        from pithtex.limits import MAX_REPORT_PICTURES
        from pithtex.pdf.text.page_image import draw_page
        from pithtex.report.html import Entry, places

        picture: Picture | None = None
        marks: tuple[Channel, ...] = ()
        if result.verdict is not None and result.verdict.word != "unreadable" and self._bytes < MAX_REPORT_PICTURES:
            page, marks = places(result.verdict)
            rects = [channel.rect for channel in marks if channel.rect is not None]
            picture = draw_page(source, page, rects, password=self._password)
            self._bytes += 0 if picture is None else len(picture.png)
        self._entries.append(
            Entry(file=result.file, verdict=result.verdict, problem=result.problem, picture=picture, marks=marks)
        )

    def write(self) -> None:
        """Writes the page.

        Raises:
            OutputError: it can't be written.
        """
        from pithtex import __version__
        from pithtex.report.html import html_page
        from pithtex.system.files import write_files

        page = html_page(self._entries, __version__).encode("utf-8")
        with self._named():
            write_files({Path(self._path): page})

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Adds to an error, inside a `with` block, which of the command's files it is about."""
        try:
            yield
        except OutputError as error:
            message = f"--html: {self._path!r} cannot be written: {error.message}"
            raise OutputError(message, hint=error.hint) from error
