"""A finding with its place, which is what every renderer for machines takes: of a PDF, a record or a paper's source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pithtex.findings import Finding, Severity

if TYPE_CHECKING:
    from pithtex.pdf.judgement.verdict import Verdict

Rect = tuple[float, float, float, float]

_PAGE: Final = re.compile(r"page ([1-9][0-9]{0,8})(?:, annotation [0-9]+)?", re.ASCII)
"""How the PDF ring writes a place on a page."""
_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """One finding in one file."""

    file: str
    """The path as the user gave it; `-` is standard input."""
    finding: Finding
    line: int | None = None
    """1-based, of a text file."""
    column: int | None = None
    """1-based, in characters."""
    page: int | None = None
    """1-based, of a PDF."""
    region: Rect | None = None
    """On that page: left, bottom, right, top in points."""


def worst_first(items: Iterable[Located]) -> list[Located]:
    """Errors, then warnings, then notes; each in the order given."""
    return sorted(items, key=lambda item: _RANK[item.finding.severity])


def of_document(file: str, findings: Iterable[Finding]) -> Iterator[Located]:
    """The findings of a file that has neither pages nor lines."""
    for item in findings:
        yield Located(file=file, finding=item)


def of_verdict(file: str, verdict: Verdict) -> Iterator[Located]:
    """The findings of a PDF, each with its page, and with the region where a channel on that page holds it."""
    regions = {channel.where: channel.rect for channel in verdict.channels if channel.rect is not None}
    for item in verdict.all_findings:
        match = _PAGE.fullmatch(item.where)
        page = int(match[1]) if match else None
        yield Located(file=file, finding=item, page=page, region=regions.get(item.where) if page else None)
