"""What people call a record: a number, a short form, or the paper's arXiv identifier, in every usual spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from pithtex.errors import MalformedError, UsageError
from pithtex.format.number import SHORT_LENGTHS, PithNumber, ShortForm
from pithtex.format.profile import REGISTRY_HOSTS
from pithtex.format.record import ARXIV_ID, name_of

_ARXIV: Final = re.compile(
    r"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|"
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:[ ]?)?10\.48550(?:/|%2f)arxiv\.|arxiv:[ ]?)?"
    rf"(?P<id>{ARXIV_ID.pattern})(?:v(?P<version>[1-9][0-9]{{0,5}}))?(?:\.pdf)?/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
_PAGE: Final = re.compile(
    r"https?://(?P<host>[^/?#@:\\\s]+)/(?:pith|paper)/(?P<name>[A-Za-z0-9]+)(?:\.json)?/?(?:[?#]\S*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv identifier, with the version where one is named."""

    id: str
    """Lower case, without version and without the subject class of old ones: `math.LO/9509208` is `math/9509208`."""

    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Reads an identifier, an arXiv DOI or an address of arXiv; None where the text is neither."""
        found = _ARXIV.fullmatch(text.strip())
        if found is None:
            return None
        return cls(plain_arxiv_id(found["id"]), int(found["version"]) if found["version"] else None)

    def __str__(self) -> str:
        return name_of("arxiv", self.id, self.version)


Identifier = PithNumber | ShortForm | ArxivId


def plain_arxiv_id(source_id: str) -> str:
    """The one spelling by which identifiers are compared."""
    archive, slash, rest = source_id.lower().partition("/")
    return f"{archive.partition('.')[0]}/{rest}" if slash else archive


def parse_identifier(text: str) -> Identifier:
    """Reads whatever names a record.

    A full number, its 26 characters, or their first 8, 12 or 16; an arXiv identifier, DOI or address; the address of a
    record's page, record or bundle at the registry.

    Raises:
        UsageError: none of these, with a hint where a likely one stands out.
    """
    arxiv = ArxivId.parse(text)
    if arxiv is not None:
        return arxiv
    page = _PAGE.fullmatch(text.strip())
    name = text.strip()
    if page is not None and page["host"].lower() in REGISTRY_HOSTS:
        name = page["name"]
    bare = name[5:] if name.lower().startswith("pith:") else name
    try:
        return ShortForm.parse(name) if len(bare) in SHORT_LENGTHS else PithNumber.parse(text)
    except MalformedError as error:
        shown = text if len(text) <= 80 else text[:77] + "..."
        raise UsageError(
            f"{shown!r} is no identifier of a record",
            hint=error.hint or "give a Pith Number, an arXiv id (2606.01751), an arXiv DOI, or an address of either",
            rule="unknown-identifier",
        ) from error
