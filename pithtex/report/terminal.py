"""What reaches a terminal: escaped, and coloured only where colour is wanted."""

from __future__ import annotations

import os
from typing import Final, TextIO

from pithtex.findings import Finding, Severity, Status
from pithtex.text import printable

_CODES: Final = {"red": "31", "green": "32", "yellow": "33", "dim": "2", "bold": "1"}

STATUS_COLOURS: Final = {
    Status.HOLDS: "green",
    Status.FAILS: "red",
    Status.NOT_CHECKED: "dim",
    Status.UNAVAILABLE: "yellow",
}
SEVERITY_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


class Style:
    """Paints text, or leaves it as it is."""

    __slots__ = ("enabled",)

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled

    @classmethod
    def choose(cls, when: str, stream: TextIO) -> Style:
        """Colour by `--color`, then NO_COLOR and FORCE_COLOR (no-color.org), then whether `stream` is a terminal."""
        if when != "auto":
            return cls(when == "always")
        if os.environ.get("NO_COLOR"):
            return cls(enabled=False)
        return cls(bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb"))

    def paint(self, text: str, colour: str) -> str:
        """The text in that colour, where colours are on."""
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.enabled else text


def finding_lines(item: Finding, style: Style, indent: str = "") -> list[str]:
    """A finding for a person: `error[PITH301 channel-conflict] where: message`, and the hint on its own line."""
    label = style.paint(f"{item.severity.value}[{item.code} {item.name}]", SEVERITY_COLOURS[item.severity])
    place = f" {printable(item.where)}:" if item.where else ""
    lines = [f"{indent}{label}{place} {printable(item.message)}"]
    if item.hint:
        lines.append(f"{indent}  hint: {printable(item.hint)}")
    return lines
