"""Writes findings as Markdown, for the summary of a workflow step on GitHub.

What a paper says stands in `<code>`, and every character of it that Markdown or HTML could act on is a numeric
reference (CommonMark 6.2: such a character is never markup).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from pithtex.findings import Located, Severity, worst_first
from pithtex.text import printable, shortened

MAX_ROWS: Final = 100
"""Findings listed; GitHub refuses a summary of more than 1 MiB, which these and the next bound stay under."""
_MAX_CHARS: Final = 300
_NAMES: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def summary_markdown(items: Iterable[Located], lines: Sequence[str] = ()) -> str:
    """Returns a heading, the summary, and a table of the findings, the worst first.

    Args:
        items: the findings.
        lines: what else is to be said, of which nothing is trusted either.
    """
    located = worst_first(items)
    counts = Counter(item.finding.severity for item in located)
    counted = [
        f"{counts[each]} {name}{'' if counts[each] == 1 else 's'}" for each, name in _NAMES.items() if counts[each]
    ]
    parts = ["## pithtex", "", ", ".join(counted) if counted else "Nothing to report.", ""]
    parts += [f"- {_code(line)}" for line in lines]
    if located:
        parts += ["", "| | where | what |", "|---|---|---|", *(_row(item) for item in located[:MAX_ROWS])]
    if len(located) > MAX_ROWS:
        parts += ["", f"{len(located) - MAX_ROWS} more are not listed here."]
    return "\n".join(parts) + "\n"


def _row(item: Located) -> str:
    stated = item.finding
    place = ":".join(str(part) for part in (item.file, item.line, item.column) if part is not None)
    place += f", page {item.page}" if item.page is not None else ""
    hint = f"<br>{_code(stated.hint)}" if stated.hint else ""
    return f"| {_NAMES[stated.severity]} {stated.code} {stated.name} | {_code(place)} | {_code(stated.message)}{hint} |"


def _code(text: str) -> str:
    shown = printable(text[: _MAX_CHARS + 1])
    escaped = (c if c.isalnum() or c == " " else f"&#{ord(c)};" for c in shortened(shown, _MAX_CHARS))
    return f"<code>{''.join(escaped)}</code>"
