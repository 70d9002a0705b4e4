"""Says what is known of a paper without a record, whom to ask, and when to ask again.

Most papers have no record. Which of the reasons it is follows from the identifier, which says in what month arXiv gave
it (https://info.arxiv.org/help/arxiv_identifier.html), from the time, and from records of the paper's other versions.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import UnavailableError, UsageError
from pithtex.format.identifiers import ArxivId, Identifier
from pithtex.structs import struct

if TYPE_CHECKING:
    from pithtex.resolution.inquiry import Inquiry
    from pithtex.verification.record import VerifiedRecord
    from pithtex.verification.standing import Standing

REGISTRY: Final = "https://pith.science/"
"""Who gives numbers."""
_WAIT: Final = timedelta(days=7)
"""After an announcement a number exists some days later; a week has room for a weekend."""
_MONTHS_NEW: Final = 1
"""Months after that of the identifier in which the paper may have been announced only now."""


class Prospect(StrEnum):
    """What is known of a paper or number without a record."""

    TOO_NEW = "too-new"
    """arXiv gave the identifier this month or last: the number may be on its way."""
    ANNOUNCED = "announced"
    """arXiv announced it long ago, and the registry has given it no number that anyone asked knows."""
    OTHER_VERSION = "other-version"
    """Another version has a number, and this one none."""
    WITHDRAWN = "withdrawn"
    """Another version has a number, and something grave is said of it."""
    UNHEARD_OF = "unheard-of"
    """A number or a short form that nobody asked has heard of."""


@struct
class Outlook:
    """What is known of a name without a record, and what to do."""

    prospect: Prospect
    hint: str
    again: date | None = None
    """When to come again; None where waiting does not help."""
    other: VerifiedRecord | None = None
    """The record of another version."""

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        other = self.other
        return {
            "prospect": self.prospect.value,
            "again": None if self.again is None else self.again.isoformat(),
            "ask": None if self.prospect is Prospect.UNHEARD_OF else REGISTRY,
            "other": None
            if other is None
            else {"number": other.number.full, "version": other.canonical.source_version},
        }


class NotFoundError(UnavailableError):
    """Nobody who was asked knows a record of that name."""

    def __init__(self, name: str, inquiry: Inquiry, outlook: Outlook) -> None:
        message = f"no record of {name} is known: {inquiry.line}"
        super().__init__(finding("record-not-found", message, hint=outlook.hint))
        self.outlook = outlook


def outlook_of(
    asked: Identifier, today: date, other: VerifiedRecord | None = None, standing: Standing | None = None
) -> Outlook:
    """Returns what is known of a name without a record.

    Args:
        asked: the name.
        today: the date.
        other: the newest record of another version of the paper.
        standing: what is said of that record.
    """
    if not isinstance(asked, ArxivId):
        return Outlook(
            prospect=Prospect.UNHEARD_OF, hint="every number has a record, so check that it was typed correctly"
        )
    again = today + _WAIT
    if other is not None:
        has = f"version {other.canonical.source_version} has a number, {other.number.suffix}"
        if standing is not None and standing.grave:
            hint = f"{has}, and of that the registry says: {standing.mark}; pithtex show {asked.id} says all of it"
            return Outlook(prospect=Prospect.WITHDRAWN, hint=hint, other=other)
        hint = f"{has}, and each version gets one of its own, some days after arXiv has announced it"
        return Outlook(prospect=Prospect.OTHER_VERSION, hint=f"{hint}: come again on {again}", again=again, other=other)
    year, month = _month_of(asked)
    named = f"{calendar.month_name[month]} {year}"
    if _months(today.year, today.month) - _months(year, month) <= _MONTHS_NEW:
        hint = f"the identifier is from {named}; a number exists some days after the announcement"
        return Outlook(prospect=Prospect.TOO_NEW, hint=f"{hint}: come again on {again}", again=again)
    hint = f"the paper is from {named}, and not every paper has a number; ask the registry for one: {REGISTRY}"
    return Outlook(prospect=Prospect.ANNOUNCED, hint=hint)


def check_given(asked: Identifier, today: date) -> None:
    """Refuses an identifier of a month that is still to come.

    Args:
        asked: the name.
        today: the date in UTC; it may be a day later elsewhere.

    Raises:
        UsageError: arXiv cannot have given it yet.
    """
    if not isinstance(asked, ArxivId):
        return
    year, month = _month_of(asked)
    tomorrow = today + timedelta(days=1)
    if _months(year, month) > _months(tomorrow.year, tomorrow.month):
        message = f"{asked} is not an arXiv identifier yet: {calendar.month_name[month]} {year} is still to come"
        hint = f"check that it was typed correctly; this machine's clock says {today}"
        raise UsageError(message, hint=hint, rule="unknown-identifier")


def _month_of(arxiv: ArxivId) -> tuple[int, int]:
    """Returns the year and month in an identifier; the first are of August 1991."""
    digits = arxiv.id.rpartition("/")[2][:4]
    year = int(digits[:2])
    return year + (1900 if year >= 91 else 2000), int(digits[2:])


def _months(year: int, month: int) -> int:
    return 12 * year + month
