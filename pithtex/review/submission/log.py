"""A log of TeX: its errors, and what is unresolved or missing; other lines do not count."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from pithtex.limits import MAX_LOG_MESSAGES, MAX_OVERFULL_POINTS
from pithtex.structs import struct

_LINE: Final = 79
"""Columns after which TeX breaks a line of its log (max_print_line)."""


class Kind(StrEnum):
    """What a message of the log is about."""

    ERROR = "error"
    REFERENCE = "reference"
    CITATION = "citation"
    FIGURE = "figure"
    BIBLIOGRAPHY = "bibliography"
    RERUN = "rerun"
    PITH = "pith"
    LABEL = "label"
    CHARACTER = "character"
    OVERFULL = "overfull"
    TALL = "tall"
    GROUP = "group"


@struct
class Message:
    """One message of the log."""

    kind: Kind
    key: str
    """The label, the file, or the message's words."""
    log_line: int
    """1-based."""
    input_line: int | None = None
    """Of the source, where the log names one; it may be that of another file."""


@struct
class TexLog:
    """What was read of a log."""

    name: str
    """Relative to the paper's folder."""
    messages: tuple[Message, ...]
    finished: bool
    """Whether the run came to its end and wrote pages."""


_KEYED: Final = (
    (Kind.REFERENCE, re.compile(r"LaTeX Warning: (?:Hyper r|R)eference [`'](.{1,200}?)'.{0,40}?undefined")),
    (Kind.CITATION, re.compile(r"(?:LaTeX|Package natbib|Package biblatex) Warning: Citation [`'](.{1,200}?)'.{0,80}")),
    (Kind.FIGURE, re.compile(r"LaTeX Warning: File [`'](.{1,300}?)' not found")),
    (Kind.FIGURE, re.compile(r"! (?:LaTeX|Package \S{1,40}) Error: File [`'](.{1,300}?)' not found")),
    (Kind.BIBLIOGRAPHY, re.compile(r"No file (.{1,300}\.bbl)\.")),
    (Kind.RERUN, re.compile(r"LaTeX Warning: (Label\(s\) may have changed.{0,60})")),
    (
        Kind.RERUN,
        re.compile(
            r"Package \S{1,40} Warning: ((?:Please )?\(?re\)?-?run (?:LaTeX|Biber|to get).{0,60})", re.IGNORECASE
        ),
    ),
    (Kind.RERUN, re.compile(r"Package rerunfilecheck Warning: (File [`'].{1,200}?' has changed)")),
    (Kind.LABEL, re.compile(r"LaTeX Warning: Label [`'](.{1,200}?)' multiply defined")),
    (Kind.CHARACTER, re.compile(r"Missing character: There is no (.{1,40} in font (?!nullfont).{1,60}?)(?:!|\Z)")),
    (Kind.OVERFULL, re.compile(r"Overfull \\hbox \(([0-9.]{1,12})pt too wide\)")),
    (Kind.TALL, re.compile(r"LaTeX Warning: Float too large for page by ([0-9.]{1,12})pt")),
    (Kind.GROUP, re.compile(r"### [a-z ]{1,40}group \(level 1\) entered at line [0-9]{1,8} \((.{1,60})\)\Z")),
    (Kind.PITH, re.compile(r"Package pith (?:Warning|Error): (.{1,300})")),
)
_NOT_FOUND: Final = re.compile(r"Error: File [`'](.{1,300}?)' not found")
_TEX_FILE: Final = re.compile(r"\.(?:sty|cls|tex|ltx|def|clo|ldf|cfg|fd|bbx|cbx|lbx)\Z", re.IGNORECASE)
_ERROR: Final = re.compile(r"!\s{1,4}(\S.{0,300})")
_FILE_LINE_ERROR: Final = re.compile(r"(?:\./)?[^\s:()]{1,200}\.[A-Za-z]{1,8}:([0-9]{1,8}): (.{1,300})")
_INPUT_LINE: Final = re.compile(r"(?:on input line|at lines?|entered at line) ([0-9]{1,8})")
_ERROR_LINE: Final = re.compile(r"l\.([0-9]{1,8}) ")
_WRITTEN: Final = re.compile(r"Output written on ")
_FIRST: Final = re.compile(r"[!LPNOM#]|(?:\./)?[^\s:()]{1,200}\.[A-Za-z]{1,8}:[0-9]")
_MORE: Final = 12
"""Lines that a message of `pith.sty` takes at most."""
_LONGEST: Final = 300
_AFTER: Final = 14
"""Lines after an error within which TeX says on what line of the source it is."""


def read_log(text: str, name: str) -> TexLog:
    """Reads a log's text."""
    messages: list[Message] = []
    finished = False
    lines = _unbroken(text)
    for index, (number, line) in enumerate(lines):
        if _FIRST.match(line) is None:
            continue
        finished = finished or _WRITTEN.match(line) is not None
        found = _message(line, number, lines, index)
        if found is not None and len(messages) < MAX_LOG_MESSAGES:
            messages.append(found)
    return TexLog(name=name, messages=tuple(messages), finished=finished)


def _unbroken(text: str) -> list[tuple[int, str]]:
    """Returns the lines with their numbers, those that TeX broke made whole again, up to a length that is of use."""
    lines: list[tuple[int, str]] = []
    joins = False
    split = text.split("\n")
    # TeX was told to break none, as arXiv and --build do. Its first line, on itself and its format, is never broken.
    whole = any(len(line) > _LINE + 1 for line in split[1:])
    for number, line in enumerate(split, 1):
        line = line.rstrip("\r")  # noqa: PLW2901 - a line's end does not belong to it
        if joins and len(lines[-1][1]) < 10 * _LINE:
            lines[-1] = (lines[-1][0], lines[-1][1] + line)
        else:
            lines.append((number, line))
        joins = len(line) == _LINE and not whole
    return lines


def _message(line: str, number: int, lines: list[tuple[int, str]], index: int) -> Message | None:
    for kind, pattern in _KEYED:
        found = pattern.match(line)
        if found is not None:
            if kind is Kind.OVERFULL and float(found[1]) < MAX_OVERFULL_POINTS:
                return None
            where = _INPUT_LINE.search(line)
            # A long message goes on in the next lines.
            for _, more in lines[index + 1 : index + 3] if where is None and kind is not Kind.BIBLIOGRAPHY else ():
                where = where or (_INPUT_LINE.search(more) if more[:1] in {" ", "("} else None)
            if kind is Kind.FIGURE and _TEX_FILE.search(found[1]):
                kind = Kind.ERROR  # noqa: PLW2901 - of a package or a source, which are not there by the same message
            at = int(where[1]) if where is not None else _error_line(lines, index) if line[0] == "!" else None
            key = f"{found[1]} was not found" if kind is Kind.ERROR else found[1]
            if kind is Kind.PITH:
                key = _to_its_end(key, lines, index)
            return Message(kind=kind, key=key, log_line=number, input_line=at)
    located = _FILE_LINE_ERROR.match(line)
    missing = None if located is None else _NOT_FOUND.search(located[2])
    if located is not None and missing is not None and not _TEX_FILE.search(missing[1]):
        return Message(kind=Kind.FIGURE, key=missing[1], log_line=number, input_line=int(located[1]))
    if located is not None:
        return Message(kind=Kind.ERROR, key=located[2], log_line=number, input_line=int(located[1]))
    error = _ERROR.match(line)
    if error is None or error[1].startswith("==>"):
        return None
    return Message(kind=Kind.ERROR, key=error[1], log_line=number, input_line=_error_line(lines, index))


def _to_its_end(text: str, lines: list[tuple[int, str]], index: int) -> str:
    """Returns a message of `pith.sty` with the lines on which it goes on; LaTeX begins them with the package's name."""
    for _, more in lines[index + 1 : index + 1 + _MORE]:
        if not more.startswith("(pith)"):
            break
        text = f"{text} {more.removeprefix('(pith)').strip()}"
    return text[:_LONGEST]


def _error_line(lines: list[tuple[int, str]], index: int) -> int | None:
    for _, line in lines[index + 1 : index + _AFTER]:
        found = _ERROR_LINE.match(line)
        if found is not None:
            return int(found[1])
    return None
