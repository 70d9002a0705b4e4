"""An abstract that is proven to be the record's, and how a PDF carries it (docs/reference/pdf-profile.md).

    a1.<base64url(raw DEFLATE of the text, UTF-8, white space collapsed)>

The registry signs the digest of the abstract and not its text. So a text counts only after it has been hashed, and
`ProvenAbstract` is the type of one that was.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

from pithtex.errors import MalformedError
from pithtex.format.base64url import from_base64url, to_base64url
from pithtex.format.canonical import collapse, title_preimage
from pithtex.format.record import CanonicalRecord
from pithtex.limits import MAX_ABSTRACT_BYTES, MAX_CARRIED_ABSTRACT_CHARS
from pithtex.patterns import pattern

VERSION: Final = "a1"
_FORM: Final = pattern(r"a1\.([A-Za-z0-9_-]+)")


class ProvenAbstract:
    """A text that hashes to the digest of the abstract that a record was signed with. Making one hashes it.

    Attributes:
        text: it, white space collapsed.
        hashed: the spelling of it that has the digest: lower-cased, and in the Unicode form of the registry.
        sha256: the digest, hex.
    """

    __slots__ = ("hashed", "sha256", "text")

    def __init__(self, text: str, canonical: CanonicalRecord) -> None:
        """Hashes the text.

        Raises:
            MalformedError: of rule `abstract-mismatch`, if it is not the record's abstract; `abstract-malformed`, if
                it is longer than `MAX_ABSTRACT_BYTES`.
        """
        collapsed = collapse(text)
        if len(collapsed.encode("utf-8", "replace")) > MAX_ABSTRACT_BYTES:
            raise _error(f"more than {MAX_ABSTRACT_BYTES} bytes")
        hashed = title_preimage(collapsed, canonical.abstract_sha256)
        if hashed is None:
            raise MalformedError(
                "this text is not the abstract that was signed: its digest is different",
                hint="use the abstract as arXiv shows it, with its spelling of formulas, accents and quotation marks",
                rule="abstract-mismatch",
            )
        self.text = collapsed
        self.hashed = hashed
        self.sha256 = canonical.abstract_sha256

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ProvenAbstract) and (self.text, self.sha256) == (other.text, other.sha256)

    def __hash__(self) -> int:
        return hash((self.text, self.sha256))

    def __repr__(self) -> str:
        return f"<the abstract of digest {self.sha256[:8]}..., {len(self.text)} characters>"


def first_proven(texts: Iterable[str | None], canonical: CanonicalRecord) -> ProvenAbstract | None:
    """Returns the first of some texts that is the record's abstract, or None."""
    for text in texts:
        if text:
            try:
                return ProvenAbstract(text, canonical)
            except MalformedError:
                continue
    return None


def encode_abstract(abstract: ProvenAbstract) -> str:
    """Returns the form that a PDF carries.

    Raises:
        MalformedError: the result would not decode.
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    encoded = f"{VERSION}.{to_base64url(deflate.compress(abstract.text.encode('utf-8', 'replace')) + deflate.flush())}"
    if len(encoded) > MAX_CARRIED_ABSTRACT_CHARS:
        raise _error(f"{len(encoded)} characters, and at most {MAX_CARRIED_ABSTRACT_CHARS} are read")
    return encoded


def decode_abstract(carried: str, canonical: CanonicalRecord) -> ProvenAbstract:
    """Returns the abstract that a PDF carries, bounded, and hashed before anything else is done with it.

    Raises:
        MalformedError: of rule `abstract-malformed`, or `abstract-mismatch` where it is not the record's.
    """
    if len(carried) > MAX_CARRIED_ABSTRACT_CHARS:
        raise _error(f"{len(carried)} characters, and at most {MAX_CARRIED_ABSTRACT_CHARS} are read")
    found = _FORM.fullmatch(carried)
    if found is None:
        raise _error("not of the form a1.<text>")
    try:
        text = _inflate(from_base64url(found[1])).decode("utf-8", "strict")
    except (ValueError, zlib.error) as error:
        raise _error(str(error)) from error
    return ProvenAbstract(text, canonical)


def _inflate(body: bytes) -> bytes:
    inflate = zlib.decompressobj(-15)
    text = inflate.decompress(body, MAX_ABSTRACT_BYTES + 1)
    if len(text) > MAX_ABSTRACT_BYTES:
        raise ValueError(f"more than {MAX_ABSTRACT_BYTES} bytes")
    if not inflate.eof:
        raise ValueError("cut short")
    if inflate.unused_data:
        raise ValueError("something follows the text")
    return text


def _error(message: str) -> MalformedError:
    return MalformedError(f"the text of an abstract cannot be read: {message}", rule="abstract-malformed")
