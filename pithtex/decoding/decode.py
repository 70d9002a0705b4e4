"""The way back: what a badge's link, its receipt or a picture of its QR code says, verified offline."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, Literal

from pithtex.catalogue import finding
from pithtex.decoding.pasted import read_pasted
from pithtex.decoding.pictures import codes_in, is_picture
from pithtex.errors import DataError, MalformedError, UndecidedError
from pithtex.findings import Finding, Severity
from pithtex.format.badge_link import names_pith, read_address
from pithtex.format.compact_receipt import VERSION, decode_receipt
from pithtex.format.keys import Keyring
from pithtex.format.profile import REGISTRY_HOSTS
from pithtex.format.record import Record, name_of
from pithtex.limits import (
    MAX_PICTURE_BYTES,
    MAX_RECEIPT_CHARS,
    MAX_SOURCE_BYTES,
)
from pithtex.notebook import html_table, short_repr
from pithtex.structs import struct
from pithtex.verification.record import VerifiedRecord, verify_record
from pithtex.verification.standing import UNKNOWN, Standing

_REACH: Final = 420
"""Characters before a receipt in which its address begins."""
_MAX_ADDRESS: Final = MAX_RECEIPT_CHARS + _REACH
_SCHEME: Final = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]+:|[\\\\/]{2})|https?://", re.IGNORECASE)
"""An address's beginning (RFC 3986, 3.1, 4.2), in whichever slashes; one letter and a colon are a drive."""

Word = Literal["verified", "not verified", "could not be decided"]


@struct(repr=False)
class Decoded:
    """What one text says."""

    where: str
    """The place that it was read from: a file and the code in it, or empty."""
    text: str
    """As read."""
    record: VerifiedRecord | None = None
    """The record, where a trusted key signed it."""
    claimed: Record | None = None
    """The record that it states, verified or not."""
    findings: tuple[Finding, ...] = ()
    other: bool = False
    """It speaks of something else than a Pith Number."""

    @property
    def word(self) -> Word:
        """`verified` only where the record is genuine and nothing around it contradicts."""
        if any(item.severity is Severity.ERROR for item in self.findings):
            return "not verified"
        return "could not be decided" if self.record is None else "verified"

    def to_dict(self, standing: Standing | None = None) -> dict[str, object]:
        """One of the results of `pithtex decode --json`, but for the input's name.

        Args:
            standing: what is known of the paper, where a record is proven; unknown by default.
        """
        claimed = None if self.claimed is None else _paper(self.claimed, self.record)
        said = None if self.record is None else (standing or UNKNOWN).to_dict()
        return {
            "where": self.where,
            "text": self.text,
            "word": self.word,
            "record": claimed if self.record else None,
            "claimed": None if self.record else claimed,
            "standing": said,
            "key": None if self.record is None else self.record.key.key_id,
            "findings": [found.to_dict() for found in self.findings],
        }

    def __repr__(self) -> str:
        return short_repr(self, *(text for _, text in self._told))

    def _repr_html_(self) -> str:
        found = ((item.name, item.message) for item in self.findings)
        return html_table(f"Badge, {self.word}", [*self._told, *found])

    @property
    def _told(self) -> tuple[tuple[str, str], ...]:
        if self.record is None:
            return (("word", self.word),)
        title = self.record.title or "title not stated"
        return ("word", self.word), ("number", self.record.number.full), ("title", title)


def _paper(claimed: Record, record: VerifiedRecord | None) -> dict[str, object]:
    canonical = claimed.canonical
    return {
        "number": canonical.number.full,
        "source": name_of(canonical.source_kind, canonical.source_id),
        "version": canonical.source_version,
        "submitted_at": canonical.submitted_at,
        "title": claimed.title if record is None else record.title,
    }


def decode_text(text: str, keyring: Keyring, *, where: str = "", mirrors: Collection[str] = ()) -> Decoded:
    """Reads a link or a compact receipt and verifies what it carries.

    Args:
        text: as it was scanned, copied or typed.
        keyring: the keys to trust.
        where: its place, for findings.
        mirrors: hosts, beside the registry's, that a link may lead to.
    """
    text = text.strip()
    if len(text) > _MAX_ADDRESS:
        message = f"{len(text)} characters, and a link with its receipt has at most {_MAX_ADDRESS}"
        fault = finding("receipt-malformed", message, where=where)
        return Decoded(where=where, text=text[:_MAX_ADDRESS], findings=(fault,))
    text = text.removeprefix("#r=")  # an address's end alone
    number, receipt, findings = None, text, []
    if not text.startswith(f"{VERSION}."):
        if not names_pith(text[:MAX_RECEIPT_CHARS]):
            message = "not a compact receipt, and not an address of a Pith Number"
            fault = finding("other-code", message, where=where)
            return Decoded(where=where, text=text, findings=(fault,), other=True)
        address = read_address(text, REGISTRY_HOSTS.union(mirrors), where)
        number, findings = address.number, list(address.findings)
        if address.receipt is None:
            message = "the address carries no receipt: it names a number but proves nothing"
            findings.append(
                finding("no-receipt", message, where=where, hint="get the signed record with pithtex resolve")
            )
            return Decoded(where=where, text=text, findings=tuple(findings))
        receipt = address.receipt
    record, claimed, found = _verified(receipt, keyring, where)
    findings += found
    if claimed is not None and number is not None and number != claimed.canonical.number.suffix:
        message = f"the receipt is for {claimed.canonical.number.full}, but the address names {number[:_REACH]}"
        findings.append(finding("receipt-of-another-record", message, where=where))
    return Decoded(where=where, text=text, record=record, claimed=claimed, findings=tuple(findings))


def decode_pasted(text: str, keyring: Keyring, *, where: str = "", mirrors: Collection[str] = ()) -> list[Decoded]:
    """Reads the links and receipts in any text that people copy: a mail, a README, a page, or one link alone.

    Args:
        text: as it was pasted.
        keyring: the keys to trust.
        where: its place, for findings.
        mirrors: hosts, beside the registry's, that a link may lead to.

    Returns:
        What each says, in the order of the text; nothing if it does not speak of Pith at all. Only a receipt that
        stands there in one piece can be false: what is cut, or put together from lines, cannot be decided.
    """
    found = read_pasted(text)
    if found.cut:
        message = "the receipt is incomplete: it ends before the end of its signature"
        return [_unreadable(text, message, "copy the whole link, up to its last character", where)]
    results = _each([saying.text for saying in found.sayings], "text", keyring, where, mirrors)
    message = "the receipt is split into lines that do not fit together"
    return [
        item
        if saying.whole or item.word != "not verified"
        else _unreadable(item.text, message, "copy the link in one piece", item.where)
        for saying, item in zip(found.sayings, results, strict=True)
    ]


def _unreadable(text: str, message: str, hint: str, where: str) -> Decoded:
    fault = finding("no-receipt", message, where=where, hint=hint)
    return Decoded(where=where, text=text[:MAX_RECEIPT_CHARS], findings=(fault,))


def _each(texts: Collection[str], unit: str, keyring: Keyring, where: str, mirrors: Collection[str]) -> list[Decoded]:
    place = f"{where}, {unit}" if where else unit
    several = [(f"{place} {index}" if len(texts) > 1 else where, text) for index, text in enumerate(texts, 1)]
    return [decode_text(text, keyring, where=place, mirrors=mirrors) for place, text in several]


def decode_file(data: bytes, keyring: Keyring, *, where: str, mirrors: Collection[str] = ()) -> list[Decoded]:
    """Reads the codes of a picture, or the links and receipts in a text: an SVG, a README, a saved page.

    Args:
        data: the file.
        keyring: the keys to trust.
        where: its name, for findings.
        mirrors: hosts, beside the registry's, that a link may lead to.

    Returns:
        What each says, in the order of the file; of codes that speak of something else only where there is no other.

    Raises:
        MalformedError: nothing to be read in it, or more than is read.
        UsageError: it is a picture, and the extra that reads pictures is not installed.
    """
    if len(data) > MAX_PICTURE_BYTES:
        raise MalformedError(f"larger than {MAX_PICTURE_BYTES} bytes", where=where, rule="picture-unreadable")
    picture = is_picture(data)
    if picture:
        results = _each(codes_in(data, where), "code", keyring, where, mirrors)
    else:
        pasted = decode_pasted(_text_of(data[:MAX_SOURCE_BYTES]), keyring, where=where, mirrors=mirrors)
        results = [item for item in pasted if not item.other]
    if not results:
        message = "no QR code can be read in the picture" if picture else "no compact receipt in the file"
        raise MalformedError(message, where=where, rule="no-code", hint=_HINT if picture else None)
    ours = [item for item in results if not item.other]
    return ours or results


def _text_of(data: bytes) -> str:
    """Returns a file's text: UTF-8, or UTF-16 as some programs save it, by its mark."""
    return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", "replace")


_HINT: Final = "take a sharper or larger picture: at least four pixels per square, with the white margin"


def _verified(
    receipt: str, keyring: Keyring, where: str
) -> tuple[VerifiedRecord | None, Record | None, tuple[Finding, ...]]:
    try:
        claimed = decode_receipt(receipt)
    except MalformedError as error:
        return None, None, (finding(error.rule, error.message, where=where),)
    try:
        return verify_record(claimed, keyring), claimed, ()
    except DataError as error:
        stated = getattr(error, "finding", None)
        if not isinstance(stated, Finding):
            raise
        hint = stated.hint if isinstance(error, UndecidedError) else None
        return None, claimed, (finding(stated.name, stated.message, where=where, hint=hint),)


def is_text(argument: str) -> bool:
    """Tells whether a command-line argument is itself a link, a receipt or a text with one, and not a file's name."""
    return argument.startswith(f"{VERSION}.") or "#r=" in argument or _SCHEME.search(argument) is not None


def shown(record: VerifiedRecord) -> Iterator[tuple[str, str]]:
    """Yields what a verified receipt says, by name."""
    canonical = record.canonical
    yield "title", record.title or "not in the receipt, which has only its digest"
    yield "paper", canonical.paper
    yield "submitted", f"{canonical.submitted_at[:10]}, as version 1"
    yield "key", f"{record.key.key_id} ({record.key.origin})"
