"""Whether a record is of a paper."""

from __future__ import annotations

from pithtex.pdf.binding.titles import find_title
from pithtex.pdf.evidence import PageText


def shows_title(title: str, page: PageText) -> str | None:
    """The text of a page that is a title, and the page's own; or None."""
    found = find_title(title, page)
    return found.text if found is not None and found.obstacle is None else None
