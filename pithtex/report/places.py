"""Finds the places of a PDF's findings: the page, and the region on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pithtex.findings import Located

if TYPE_CHECKING:
    from pithtex.pdf.judgement.verdict import Verdict

_PAGE: Final = re.compile(r"page ([1-9][0-9]{0,8})(?:, annotation [0-9]+)?", re.ASCII)
"""How the PDF ring writes a place on a page."""


def of_verdict(file: str, verdict: Verdict) -> Iterator[Located]:
    """Yields a PDF's findings, each with its page and, if a channel on that page holds it, its region."""
    regions = {channel.where: channel.rect for channel in verdict.channels if channel.rect is not None}
    for item in verdict.all_findings:
        match = _PAGE.fullmatch(item.where)
        page = int(match[1]) if match else None
        yield Located(file=file, finding=item, page=page, region=regions.get(item.where) if page else None)
