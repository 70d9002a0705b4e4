"""Answers a name with its record, the record's origin and the paper's standing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pithtex.findings import Finding
from pithtex.notebook import html_table, short_repr
from pithtex.resolution.standing import stored_standing
from pithtex.resolution.store.store import proven_document
from pithtex.structs import struct
from pithtex.verification.standing import Standing, standing_of

if TYPE_CHECKING:
    from pithtex.resolution.all_bundles import Collected
    from pithtex.resolution.inquiry import Inquiry
    from pithtex.resolution.mirrors.client import Client
    from pithtex.resolution.resolver import Resolution, Resolver
    from pithtex.verification.record import VerifiedRecord


@struct(repr=False)
class Resolved:
    """What a name was resolved to."""

    query: str
    """As asked."""
    resolution: Resolution
    standing: Standing
    """By all bundles that were collected, or else by those of the store."""
    collected: Collected | None = None
    """All mirrors' bundles, where they were asked for."""
    inquiry: Inquiry | None = None
    """Who was asked; None where the answer does not hang on it."""

    @property
    def record(self) -> VerifiedRecord:
        """Returns the record."""
        return self.resolution.record

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns what is said against the paper and what went wrong on the way."""
        more = () if self.collected is None else self.collected.findings
        return (*self.standing.findings, *self.resolution.findings, *more)

    def to_dict(self, *, file: str | None = None) -> dict[str, object]:
        """Returns one of the results of `pithtex resolve --json`.

        Args:
            file: where the document was written, if it was.
        """
        record = self.record
        found: dict[str, object] = {
            "query": self.query,
            "number": record.number.full,
            "title": record.title,
            "source": record.canonical.paper,
            "standing": self.standing.to_dict(),
            "origin": self.resolution.origin,
            "others": [{"suffix": other.suffix, "version": other.version} for other in self.resolution.others],
            "record": proven_document(record),
            "file": file,
        }
        if self.collected is not None:
            found["lacked"] = {source: list(ids) for source, ids in self.collected.lacked}
            found["hints"] = list(self.collected.hints)
            if file is None:
                found["bundle"] = self.collected.document
        found["asked"] = None if self.inquiry is None else self.inquiry.to_dict()
        return {**found, "findings": [item.to_dict() for item in self.findings]}

    def __hash__(self) -> int:
        return hash((self.query, self.record))

    def __repr__(self) -> str:
        return short_repr(self, self.query, self.record.number.full, self.record.title or "", self.resolution.origin)

    def _repr_html_(self) -> str:
        record = self.record
        rows = (
            ("number", record.number.full),
            ("paper", record.canonical.paper),
            ("title", record.title or "title not stated"),
            ("standing", self.standing.line),
            ("from", self.resolution.origin),
        )
        return html_table(self.query, rows)


def look_up(
    resolver: Resolver,
    name: str,
    *,
    now: datetime,
    whole: bool = False,
    follow: Client | None = None,
    inquiries: list[Inquiry] | None = None,
) -> Resolved:
    """Resolves a name.

    Args:
        resolver: whose store and mirrors.
        name: what names the record.
        now: the time, with a zone, that no event may be after.
        whole: whether to collect all mirrors' bundles, too.
        follow: the client to follow the bundles' hints with; None for not.
        inquiries: takes who was asked, also where this raises.

    Raises:
        PithError: as `Resolver.resolve`.
        OSError: a file of mirrors cannot be read.
    """
    asked: list[Inquiry] = [] if inquiries is None else inquiries
    resolution = resolver.resolve(name, asked)
    collected = None
    if whole:
        from pithtex.resolution.all_bundles import collect

        collected = collect(resolver, resolution.record, follow)
    if collected is None:
        standing = stored_standing(resolution.record.number.suffix, resolver.keyring, now=now)
    else:
        standing = standing_of(collected.bundles, resolver.keyring, sources=collected.sources, now=now)
    inquiry = asked[0] if asked else None
    return Resolved(query=name, resolution=resolution, standing=standing, collected=collected, inquiry=inquiry)
