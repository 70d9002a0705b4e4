"""The two lines: put into a paper's main file, and taken out again, with no other byte changed."""

from __future__ import annotations

import re
from typing import Final

from pithtex.errors import UsageError
from pithtex.manuscript.edit.main_file import Source
from pithtex.manuscript.edit.preamble import Spot

PACKAGE: Final = "pith"
_REMINDER: Final = "% pithtex: once announced, run pithtex add "
"""How the comment begins that keeps the place of the two lines (`pithtex add --when-announced`)."""
_REMINDERS: Final = re.compile(rf"^{_REMINDER}[^\r\n]*(?:\r\n|[\r\n]|\Z)", re.MULTILINE)


def with_number(source: Source, suffix: str) -> bytes:
    r"""Returns the file with `\usepackage{pith}` and `\pithnumber`; the same bytes where it has both.

    A number that is there already, at the top level, is replaced where it is another.

    Raises:
        UsageError: no place for the lines is certain.
    """
    text = source.text
    loads = _loads(source)
    numbers = _top(source.preamble.numbers)
    edits = [(use.argument_at, use.argument_end, suffix) for use in numbers if use.argument != suffix]
    edits += _reminders(text)
    lines = [] if loads else ["\\usepackage{pith}"]
    lines += [] if numbers else [f"\\pithnumber{{{suffix}}}"]
    if lines:
        edits.append(_insertion(source, lines, before=numbers[0] if numbers else None))
    return _edited(text, edits)


def with_reminder(source: Source, name: str | None) -> bytes:
    """Returns the file with a comment in the place of the two lines; the same bytes where it has them, or the comment.

    Args:
        source: the main file.
        name: the paper's arXiv identifier, if there is one.

    Raises:
        UsageError: no place for a line of its own is certain.
    """
    text = source.text
    if source.preamble.numbers:
        return source.data
    line = f"{_REMINDER}{name or 'ARXIV-ID'}"
    start, end, new = _insertion(source, [line], before=None)
    if not new.endswith(("\r", "\n")):
        message = f"{source.path}: the preamble has no line of its own for a comment"
        raise UsageError(message, hint="start a new line after the packages", rule="no-place")
    return _edited(text, [*_reminders(text), (start, end, new)])


def has_reminder(text: str) -> bool:
    """Tells whether a source has that comment."""
    return _REMINDERS.search(text) is not None


def _reminders(text: str) -> list[tuple[int, int, str]]:
    return [(*found.span(), "") for found in _REMINDERS.finditer(text)]


def without_number(source: Source) -> bytes:
    """Returns the file without them; what `with_number` inserted is taken out to the byte."""
    text = source.text
    edits = [(*_line_of(text, use.start, use.end), "") for use in _top(source.preamble.numbers)]
    edits += _reminders(text)
    for use in _loads(source):
        others = [name for name in use.names if name != PACKAGE]
        if others:
            edits.append((use.argument_at, use.argument_end, ",".join(others)))
        else:
            edits.append((*_line_of(text, use.start, use.end), ""))
    return _edited(text, edits)


def _loads(source: Source) -> list[Spot]:
    return [use for use in _top(source.preamble.packages) if PACKAGE in use.names]


def _top(uses: tuple[Spot, ...]) -> list[Spot]:
    return [use for use in uses if not use.nested]


def _insertion(source: Source, lines: list[str], before: Spot | None) -> tuple[int, int, str]:
    text, preamble = source.text, source.preamble
    place = preamble.place if before is None else before.start
    if place is None or preamble.begins_at is None or place > preamble.begins_at:
        raise UsageError(
            f"{source.path}: no place in the preamble is certain to be outside of a conditional or group",
            hint=f"insert by hand, after the packages: {' '.join(lines)}",
            rule="no-place",
        )
    end = _line_end_before(text, place)
    if end is None:  # not at the start of a line: so that taking them out restores the line, none is begun
        return place, place, "".join(lines)
    return place, place, "".join(line + end for line in lines)


def _line_end_before(text: str, place: int) -> str | None:
    """Returns the line's end that stands right before; None if there is none."""
    return next((end for end in ("\r\n", "\n", "\r") if text.endswith(end, 0, place)), None)


def _line_of(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the whole line, where nothing else is on it; else the span itself."""
    behind = re.compile(r"[ \t]*(\r\n|[\r\n])").match(text, end)
    begin = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if behind is None or text[begin:start].strip(" \t"):
        return start, end
    return begin, behind.end()


def _edited(text: str, edits: list[tuple[int, int, str]]) -> bytes:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text.encode("latin-1")
