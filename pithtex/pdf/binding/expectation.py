"""What the caller says of a PDF: the paper that it is (the strongest binding), and where its badge may lead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self

from pithtex.errors import MalformedError, UsageError
from pithtex.format.identifiers import ArxivId, likely_arxiv_id, plain_arxiv_id
from pithtex.format.number import PithNumber
from pithtex.patterns import pattern
from pithtex.structs import struct
from pithtex.verification.record import VerifiedRecord

_HOST: Final = pattern(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAX_HOST: Final = 253
"""Characters of a host name (RFC 1035, 2.3.4)."""


def mirror_hosts(mirrors: Iterable[str]) -> frozenset[str]:
    """Host names as they stand in links: lower case, without port (RFC 3986, 3.2.2; RFC 1123, 2.1).

    Raises:
        UsageError: one of them is not a host name.
    """
    hosts = frozenset(mirror.lower() for mirror in mirrors)
    wrong = sorted(host for host in hosts if len(host) > _MAX_HOST or not _HOST.fullmatch(host))
    if wrong:
        hint = "give a host name such as mirror.example.org: in ASCII, without https:// or a port"
        raise UsageError(f"{wrong[0]!r} is not a host name", hint=hint)
    return hosts


@struct
class Expectation:
    """One expected paper: an arXiv identifier without version, or a number."""

    text: str
    arxiv_id: str | None
    number: PithNumber | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads an arXiv id (old or new, any version), an arXiv DOI or address, or a Pith Number.

        Raises:
            UsageError: none of these, or an arXiv id that cannot be.
        """
        arxiv = ArxivId.given(text)
        if arxiv is not None:
            return cls(text=text, arxiv_id=arxiv.id, number=None)
        try:
            return cls(text=text, arxiv_id=None, number=PithNumber.parse(text))
        except MalformedError as error:
            hint = "give an arXiv id (2606.01751), an arXiv DOI (10.48550/arXiv.2606.01751) or a Pith Number"
            likely = error.likely or ((meant,) if (meant := likely_arxiv_id(text)) else ())
            hint = f"did you mean {likely[0]}?" if likely else hint
            raise UsageError(f"cannot tell which paper {text!r} is", hint=hint, likely=likely) from error

    def is_of(self, record: VerifiedRecord) -> bool:
        """Tells whether the record is of the expected paper, whatever the version."""
        if self.number is not None:
            return self.number.agrees_with(record.number)
        return self.arxiv_id is not None and plain_arxiv_id(record.arxiv_id or "") == self.arxiv_id
