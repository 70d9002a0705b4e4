"""`--expect`: the paper that the caller says this is, by arXiv id, DOI or number. The strongest binding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pithtex.errors import MalformedError, UsageError
from pithtex.identifiers import ArxivId, plain_arxiv_id
from pithtex.number import PithNumber
from pithtex.verify import VerifiedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One expected paper: an arXiv identifier without version, or a number."""

    text: str
    arxiv_id: str | None
    number: PithNumber | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads an arXiv id (old or new, any version), an arXiv DOI or address, or a Pith Number.

        Raises:
            UsageError: none of these.
        """
        arxiv = ArxivId.parse(text)
        if arxiv is not None:
            return cls(text=text, arxiv_id=arxiv.id, number=None)
        try:
            return cls(text=text, arxiv_id=None, number=PithNumber.parse(text))
        except MalformedError as error:
            raise UsageError(
                f"cannot tell what paper {text!r} is",
                hint="give an arXiv id (2606.01751), an arXiv DOI (10.48550/arXiv.2606.01751) or a Pith Number",
            ) from error

    def is_of(self, record: VerifiedRecord) -> bool:
        """Whether the record is of the expected paper, whatever the version."""
        if self.number is not None:
            return self.number.agrees_with(record.number)
        return self.arxiv_id is not None and plain_arxiv_id(record.arxiv_id or "") == self.arxiv_id
