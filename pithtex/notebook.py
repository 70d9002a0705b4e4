"""How results show themselves in an interpreter and in a notebook: one short line, or a small table."""

from __future__ import annotations

from collections.abc import Iterable

from pithtex.text import printable, shortened

_MAX_CHARS = 200
"""Of one text; a title is rarely longer."""


def short_repr(of: object, *parts: str) -> str:
    """`<Record pith:2026:..., arXiv:2606.01751v1>`: the type's name and what there is to say, printable and short."""
    return f"<{type(of).__name__} {', '.join(_shown(part) for part in parts if part)}>"


def html_table(caption: str, rows: Iterable[tuple[str, object]]) -> str:
    """Returns a table of names and texts for a notebook's `_repr_html_`. Whatever they hold, it is text and no markup.

    Args:
        caption: what the table is of.
        rows: a name and a text each.
    """
    body = "".join(f"<tr><th>{_cell(name)}</th><td>{_cell(text)}</td></tr>" for name, text in rows)
    return f"<table><caption>{_cell(caption)}</caption>{body}</table>"


def _cell(text: object) -> str:
    from html import escape

    return escape(_shown(str(text)))


def _shown(text: str) -> str:
    return shortened(printable(text), _MAX_CHARS)
