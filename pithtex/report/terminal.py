"""Prepares text for a terminal: escaped, and coloured only if colour is wanted."""

from __future__ import annotations

import os
from typing import Final, TextIO

from pithtex.findings import Finding, Severity, Status, docs_url
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
    """Paints text and links it, or leaves it as it is."""

    __slots__ = ("enabled", "links")

    def __init__(self, enabled: bool, *, links: bool = False) -> None:
        self.enabled = enabled
        self.links = links

    @classmethod
    def choose(cls, when: str, stream: TextIO) -> Style:
        """Chooses colour by `--color`, NO_COLOR and FORCE_COLOR (no-color.org), and whether `stream` is a terminal."""
        terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        links = terminal and _shows_links()
        if when != "auto":
            return cls(when == "always", links=links)
        if os.environ.get("NO_COLOR"):
            return cls(enabled=False, links=links)
        return cls(bool(os.environ.get("FORCE_COLOR")) or terminal, links=links)

    def paint(self, text: str, colour: str) -> str:
        """Returns the text in that colour if colours are on."""
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.enabled else text

    def link(self, text: str, url: str) -> str:
        """Returns the text as a link (OSC 8) on a terminal that shows links; `url` is one of ours."""
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self.links else text


def _shows_links() -> bool:
    """Tells whether this terminal is known to show links; FORCE_HYPERLINK=0 or 1 decides, as in other programs."""
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    named = os.environ.get("TERM_PROGRAM") in _LINKING or os.environ.get("TERM") in _LINKING
    version = os.environ.get("VTE_VERSION", "")
    vte = version.isascii() and version.isdecimal() and int(version[:9]) >= 5000
    return named or vte or any(name in os.environ for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM"))


_LINKING: Final = frozenset(
    {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "xterm-kitty", "xterm-ghostty", "alacritty", "foot"}
)
"""Terminals that show OSC 8 links, by TERM_PROGRAM or TERM."""


def finding_label(item: Finding, style: Style) -> str:
    """Returns `error[PITH301 channel-conflict]`, as a link to its page."""
    label = f"{item.severity.value}[{item.code} {item.name}]"
    return style.link(style.paint(label, SEVERITY_COLOURS[item.severity]), docs_url(item.name))


def finding_lines(item: Finding, style: Style, indent: str = "") -> list[str]:
    """Returns a finding for people: `error[PITH301 channel-conflict] where: message`, and the hint on its own line."""
    label = finding_label(item, style)
    place = f" {printable(item.where)}:" if item.where else ""
    lines = [f"{indent}{label}{place} {printable(item.message)}"]
    if item.hint:
        lines.append(f"{indent}  hint: {printable(item.hint)}")
    return lines
