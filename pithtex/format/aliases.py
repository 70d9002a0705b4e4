"""The other names of a record that follow from it, and when two values of one are the same."""

from __future__ import annotations

from pithtex.format.number import PithNumber
from pithtex.format.record import CanonicalRecord


def derived_aliases(canonical: CanonicalRecord, number: PithNumber) -> dict[str, str]:
    """Returns the aliases that follow from a record, by kind (docs/reference/format.md, "The record document")."""
    suffix = number.suffix
    expected = {"pith_short_8": suffix[:8], "pith_short_12": suffix[:12], "pith_short_16": suffix[:16]}
    if canonical.source_kind == "arxiv":
        arxiv = canonical.source_id
        expected["arxiv"] = arxiv
        expected["arxiv_version"] = f"{arxiv}v{canonical.source_version}"
        expected["doi"] = f"10.48550/arxiv.{arxiv}"
    return expected


def same_alias(kind: str, one: str, other: str) -> bool:
    """Tells whether two values of an alias are equal: DOIs without case (DOI Handbook 3.4), all others exactly."""
    return one == other or (kind == "doi" and one.lower() == other.lower())
