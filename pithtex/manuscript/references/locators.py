"""Which papers an entry of a bibliography names: by arXiv's identifiers and by Pith Numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from pithtex.format.identifiers import ArxivId
from pithtex.format.number import PithNumber
from pithtex.structs import struct

_MAX_LOCATORS: Final = 20
"""Of one entry."""
_NUMBER: Final = re.compile(r"(?:(?<![A-Z0-9])(pith:[0-9]{4}:)|/(?:pith|paper)/)([A-Z2-7]{26})(?![A-Z2-7])", re.I)
"""As it is written in full, or in the address of a record's page."""
_OF_ARXIV: Final = frozenset({"", "arxiv"})
_OLD: Final = re.compile(r"[0-9]{7}(?:v[0-9]+)?")
_IDENTIFYING: Final = ("doi", "url", "pith", "arxiv", "arxivid", "arxivurl", "ee", "link")
_SAYING: Final = ("journal", "journaltitle", "volume", "number", "pages", "eid", "howpublished", "note", "addendum")
"""Fields that may say in words where the work is; of other fields, an abstract or keywords, nothing is read."""


@struct
class Locator:
    """One paper that an entry names."""

    field: str
    """Which field names it; `text` for a reference without fields."""
    name: ArxivId | PithNumber

    @property
    def arxiv(self) -> ArxivId | None:
        """Returns the identifier, where it is one of arXiv's."""
        return self.name if isinstance(self.name, ArxivId) else None

    @property
    def paper(self) -> str:
        """Returns it as it is shown: `arXiv:1604.02957`, or the Pith Number."""
        return self.name.full if isinstance(self.name, PithNumber) else str(self.name)

    @property
    def can_be(self) -> bool:
        """Tells whether arXiv can have given such an identifier."""
        return isinstance(self.name, PithNumber) or self.name.fault is None


def locators_of(fields: Mapping[str, str]) -> tuple[Locator, ...]:
    """Returns the papers that an entry's fields name, each once, the fields that identify a work first.

    Args:
        fields: values by name in small letters: BibTeX's, with `eprint`, `archiveprefix` and `primaryclass` as arXiv
            gives them, or biblatex's `eprint`, `eprinttype` and `eprintclass`.
    """
    found = [*_eprint(fields)]
    for name in _IDENTIFYING:
        found += _named(name, fields.get(name, ""), bare=name.startswith("arxiv"))
    if not found:
        for name in _SAYING:
            found += _named(name, fields.get(name, ""))
    return _once(found)


def locators_in(text: str) -> tuple[Locator, ...]:
    """Returns the papers that a reference without fields names, in order, each once."""
    return _once(_named("text", text))


def _once(found: list[Locator] | Iterator[Locator]) -> tuple[Locator, ...]:
    first: dict[str, Locator] = {}
    for locator in found:
        first.setdefault(locator.paper, locator)
    versions = {item.arxiv.id for item in first.values() if item.arxiv is not None and item.arxiv.version is not None}
    kept = (
        item
        for item in first.values()
        if item.arxiv is None or item.arxiv.version is not None or item.arxiv.id not in versions
    )
    return tuple(islice(kept, _MAX_LOCATORS))


def _eprint(fields: Mapping[str, str]) -> Iterator[Locator]:
    eprint = fields.get("eprint", "").strip()
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "").strip().lower()
    if _OLD.fullmatch(eprint):  # the archive stands in a field of its own
        own = archive if archive not in _OF_ARXIV else fields.get("primaryclass") or fields.get("eprintclass") or ""
        eprint = f"{own.strip().lower()}/{eprint}"
    elif archive not in _OF_ARXIV:
        return
    arxiv = ArxivId.parse(re.split(r"[\s\[]", eprint, maxsplit=1)[0]) or next(ArxivId.named_in(eprint), None)
    if arxiv is not None:
        yield Locator(field="eprint", name=arxiv)


def _named(field: str, text: str, *, bare: bool = False) -> Iterator[Locator]:
    if not text:
        return
    only = ArxivId.parse(text) if bare else None
    if only is not None:
        yield Locator(field=field, name=only)
        return
    for arxiv in islice(ArxivId.named_in(text), _MAX_LOCATORS):
        yield Locator(field=field, name=arxiv)
    for found in islice(_NUMBER.finditer(text), _MAX_LOCATORS):
        number = PithNumber.exact(f"{(found[1] or '').lower()}{found[2].upper()}")
        if number is not None:
            yield Locator(field=field, name=number)
