"""Shows a paper's standing to people: what is said of it, by whom, when, and as of which event."""

from __future__ import annotations

from typing import Final

from pithtex.report.terminal import Style
from pithtex.text import printable
from pithtex.verification.standing import Standing, Tone

TONE_COLOURS: Final = {Tone.GRAVE: "red", Tone.CHANGED: "yellow", Tone.PLAIN: "dim"}
MAX_SHOWN: Final = 20
"""Statements that are shown of one paper, the gravest first; how many more there are is said."""


def in_short(standing: Standing) -> str:
    """Returns the gravest statement on the paper in a word or two, for the first line."""
    return standing.mark or ("nothing is said against it" if standing.known else "standing unknown")


def in_brief(standing: Standing) -> str:
    """Returns `in_short` with its date and the number of sources."""
    short = in_short(standing)
    return f"{short} ({standing.freshness})" if standing.known or standing.mark else short


def painted(standing: Standing, style: Style) -> str:
    """Returns `in_short` in the colour of its tone."""
    return style.paint(in_short(standing), TONE_COLOURS[standing.tone])


def standing_lines(standing: Standing, style: Style, indent: str = "  ") -> list[str]:
    """Returns the standing in one line, then a line for each statement, all printable."""
    lines = [f"{indent}{style.paint('standing', 'bold')}  {printable(standing.line)}"]
    for item in standing.statements[:MAX_SHOWN]:
        says = style.paint(item.says.value, "red" if item in standing.grave else "bold")
        said = f": {printable(item.text)}" if item.text else ""
        lines.append(f"{indent}  {says}{said}  ({printable(item.by)})")
    more = len(standing.statements) + standing.left_out - MAX_SHOWN
    if more > 0:
        lines.append(f"{indent}  and {more} more statement{'' if more == 1 else 's'}")
    return lines
