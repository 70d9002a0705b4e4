"""Prints findings as GitHub's workflow commands, which annotate the run and the changed files.

The form is that of "Workflow commands for GitHub Actions". What a document says is made printable first, so that it
holds no line break, and `%`, CR and LF are escaped besides, in properties `:` and `,` too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from pithtex.findings import Located, Severity, worst_first
from pithtex.text import printable

STEP_LIMIT: Final = 10
"""Annotations of each level that GitHub shows for one step; it drops the others without a word."""
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github_lines(items: Iterable[Located], summaries: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Returns a line for each file, then a command for each finding, the worst first, as many as GitHub shows.

    Args:
        items: the findings.
        summaries: a word of ours and the file it is about, for whoever reads the log.
    """
    lines = [f"pithtex: {word}  {_inert(file)}" for word, file in summaries]
    counts: Counter[Severity] = Counter()
    for item in worst_first(items):
        severity = item.finding.severity
        counts[severity] += 1
        if counts[severity] <= STEP_LIMIT:
            lines.append(_command(item))
    for severity, count in counts.items():
        if count > STEP_LIMIT:
            more = f"{count - STEP_LIMIT} more of level {_LEVELS[severity]} are not shown"
            lines.append(f"pithtex: {more}: GitHub shows only {STEP_LIMIT} per step")
    return lines


def _command(item: Located) -> str:
    stated = item.finding
    title = f"{stated.code} {stated.name}"
    properties = {"file": item.file, "line": item.line, "col": item.column, "title": title}
    if item.file == "-":
        del properties["file"]
    options = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    place = f"{stated.where}: " if stated.where and stated.where != item.file else ""
    hint = f" (hint: {stated.hint})" if stated.hint else ""
    return f"::{_LEVELS[stated.severity]} {options}::{_data(place + stated.message + hint)}"


def _data(text: str) -> str:
    return _inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _inert(text: str) -> str:
    """Makes text printable and disarms `##[name]`, the older form of commands, which runners obey anywhere."""
    return printable(text).replace("##[", "##\\u{5b}")
