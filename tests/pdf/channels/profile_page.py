"""The table of channels in docs/reference/pdf-profile.md; `python -m tests.pdf.channels.profile_page` puts it there."""

from __future__ import annotations

import re
from pathlib import Path

from pithtex.pdf.channels.table import CHANNELS, ChannelKind

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "pdf-profile.md"
_HEAD = "| channel | where | content | speaks for | read by [the page](verify-page.md) |\n|---|---|---|---|---|\n"
_TABLE = re.compile(r"(?<=\n)\| channel \|.*\n(?:\|.*\n)+")


def table() -> str:
    """The table, a row a channel."""
    return _HEAD + "".join(map(_row, CHANNELS))


def with_table(page: str) -> str:
    """The page, with the table as the code has it."""
    return _TABLE.sub(lambda _: table(), page, count=1)


def _row(kind: ChannelKind) -> str:
    read = f"no: {kind.browser[2:]}" if kind.browser.startswith("- ") else "yes"
    return f"| {kind.name} | {kind.place} | {kind.content} | {kind.speaks.value} | {read} |\n"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
