"""Renders an audit as one self-contained page: totals with pictures, and a searchable table of all files.

Nothing is loaded, and of what documents say nothing is obeyed: the policy allows this page's own style and script, by
digest. The table's rows lie in the page compressed, in blocks of text that the script shows as text alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from pithtex.render.templating import markup_environment
from pithtex.structs import NamedTuple
from pithtex.text import printable, shortened

COLUMNS: Final = ("file", "verdict", "number", "title", "standing", "year", "producer", "codes")
_ROWS_A_BLOCK: Final = 2_000
_MAX_CELL: Final = 300
_MAX_BARS: Final = 12


class Bar(NamedTuple):
    """A bar of a chart: one count."""

    name: str
    files: int
    width: float
    """Of the picture's 100."""


class Chart(NamedTuple):
    """A chart of counts."""

    title: str
    bars: tuple[Bar, ...]
    more: int
    """Values that are not shown."""


class Doubles(NamedTuple):
    """Papers that occur more than once, of one kind."""

    title: str
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    """What they have in common; and of each file its name and what differs."""
    more: int


def chart(title: str, counts: Iterable[tuple[str, int]]) -> Chart:
    """Draws a chart of counts, in their order."""
    items = list(counts)
    most = max((count for _, count in items), default=1)
    bars = tuple(Bar(name, count, round(100 * count / most, 2)) for name, count in items[:_MAX_BARS])
    return Chart(title, bars, len(items) - len(bars))


def audit_page(
    charts: Sequence[Chart],
    doubles: Sequence[Doubles],
    rows: Iterable[Sequence[str]],
    about: Mapping[str, Any],
) -> Iterator[str]:
    """Yields the page, piece by piece.

    Args:
        charts: the pictures.
        doubles: the lists of papers that occur more than once.
        rows: of each file the values of `COLUMNS`; the first that is to be seen first.
        about: `version`, `inputs`, `files`, and `left_out`: files that have no row.
    """
    environment = _environment()
    style = environment.get_template("audit.css.j2").render()
    script = environment.get_template("audit.js").render()
    page = environment.get_template("audit.html.j2").render(
        charts=charts,
        doubles=doubles,
        about=about,
        columns=COLUMNS,
        style=Markup(style),  # noqa: S704  ours
        script=Markup(script),  # noqa: S704  ours
        style_digest=_digest(style),
        script_digest=_digest(script),
        mark=Markup(_MARK),  # noqa: S704  ours
    )
    before, _, after = page.partition(_MARK)
    yield before
    iterator = iter(rows)
    while block := list(islice(iterator, _ROWS_A_BLOCK)):
        yield f'<script type="text/plain" class="rows">{_packed(block)}</script>\n'
    yield after


_MARK: Final = "<!-- rows -->"


def _packed(rows: Sequence[Sequence[str]]) -> str:
    """Packs rows as JSON, deflated (RFC 1951), in base64: nothing in it can end the block that holds it."""
    cells = [[printable(shortened(cell, _MAX_CELL)) for cell in row] for row in rows]
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = packer.compress(json.dumps(cells, ensure_ascii=True, separators=(",", ":")).encode("ascii"))
    return base64.b64encode(data + packer.flush()).decode("ascii")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


@cache
def _environment() -> Environment:
    environment = markup_environment("pithtex.report")
    environment.finalize = _shown
    return environment


def _shown(value: object) -> object:
    """Returns what a template prints: our own markup unchanged, all else printable and bounded in length."""
    return value if isinstance(value, Markup) else printable(shortened(str(value), _MAX_CELL))
