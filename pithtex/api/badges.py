"""Makes badges and packages from verified documents, and reads badges back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from pithtex.api.arguments import expect, expect_time, texts, trusted
from pithtex.errors import UsageError
from pithtex.format.keys import Keyring
from pithtex.verification.bundle import VerifiedBundle
from pithtex.verification.record import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.decoding.decode import Decoded
    from pithtex.render.products import Package, Rendered
    from pithtex.render.statement import Statement

Verified = VerifiedRecord | VerifiedBundle
"""What badges are made of. A bundle's events say how the paper stands; of a record alone that is unknown."""


def generate(
    record: Verified, *, abstract: str | None = None, claimed: bool = False, now: datetime | None = None
) -> Package:
    """Makes all files for a paper: `pith.sty`, the two lines of its preamble, and a badge in every format.

    Args:
        record: what `verify` gave.
        abstract: the text of the record's abstract, for pith.sty to carry; by default that of the document, if whole.
        claimed: whether the badges show what stands under no signature too, and say so.
        now: the time, with a zone, that no event may be after; not looked at by default.

    Returns:
        The files' contents by name, relative to the paper's folder.

    Raises:
        UsageError: `record` is not verified, or an argument is of another type.
        MalformedError: the text is not that of the record's abstract, or the record is too large for a receipt.
    """
    from pithtex.render.products import carried_abstract, package

    said = _statement(record, claimed=claimed, checked=None, now=now)
    if abstract is not None:
        expect(abstract, str, "abstract", "a text")
    return package(said, carried_abstract(said.record, abstract))


def badge(
    record: Verified,
    format: str = "svg",  # noqa: A002  as the option of the command is called
    *,
    style: str = "flat",
    message: str = "arxiv",
    url: str | None = None,
    claimed: bool = False,
    checked: date | None = None,
    now: datetime | None = None,
) -> Rendered:
    """Makes the badge in one format.

    Args:
        record: what `verify` gave.
        format: as of `pithtex badge --format`: `svg`, `html`, `md`, `latex`, `bibtex` ...
        style: the picture's: `flat`, `flat-square`, `plastic`, `for-the-badge`.
        message: what it shows: `arxiv`, or `number`.
        url: where the picture is that Markdown and its like show; by default beside the text.
        claimed: whether to show what stands under no signature too, and say so.
        checked: the day to state as that of the check.
        now: the time, with a zone, that no event may be after; not looked at by default.

    Raises:
        UsageError: `record` is not verified, there is no such format, style or message, the address is of a form that
            not every format can hold, or the format needs an extra that is not installed.
        MalformedError: the record is too large for a compact receipt.
    """
    from pithtex.render.formats import BY_NAME
    from pithtex.render.look import MESSAGES, PICTURE, STYLES, Look, picture_at
    from pithtex.render.products import rendered
    from pithtex.structs import replace

    said = _statement(record, claimed=claimed, checked=checked, now=now)
    _choice(format, BY_NAME, "format")
    _choice(style, STYLES, "style")
    _choice(message, MESSAGES, "message")
    if url is not None:
        expect(url, str, "url", "an address")
    look = Look(style=style, message=message, picture=PICTURE if url is None else picture_at(url))
    return rendered(replace(said, look=look), BY_NAME[format])


def decode(source: str | bytes, keyring: Keyring | None = None, *, mirrors: Iterable[str] = ()) -> tuple[Decoded, ...]:
    """Reads the badges in a text or picture and verifies what they carry, offline.

    It opens no store, so that `to_dict()` of a result gives the standing as unknown. The command asks the store. For
    the same, pass the standing on: `found.to_dict(pithtex.resolve(found.record.number.full, offline=True).standing)`.

    Args:
        source: a `str` is a link, a compact receipt, or any text with such: a mail, a README, a page. Bytes are the
            content of a file: a picture with QR codes, or a text.
        keyring: the keys to trust; the pinned registry key by default.
        mirrors: host names, beside the registry's, that a link may lead to.

    Returns:
        One result for each badge, in the order of the text. A text without one gives a single result that says so.

    Raises:
        MalformedError: no code can be read in the picture, or nothing in the file.
        UsageError: an argument is of another type, or the extra that reads pictures is not installed.
    """
    from pithtex.decoding.decode import decode_file, decode_pasted, decode_text

    keyring, hosts = trusted(keyring), texts(mirrors, "mirrors")
    if isinstance(source, str):
        found = decode_pasted(source, keyring, mirrors=hosts)
        return tuple(found) or (decode_text(source, keyring, mirrors=hosts),)
    expect(source, (bytes, bytearray, memoryview), "source", "a text, or the bytes of a file", "path.read_bytes()")
    return tuple(decode_file(bytes(source), keyring, where="", mirrors=hosts))


def _statement(record: Verified, *, claimed: bool, checked: date | None, now: datetime | None) -> Statement:
    """Builds the statement that a badge makes. Refuses a document that is not verified.

    Raises:
        UsageError: it is not.
    """
    from pithtex.render.statement import statement_of_verified

    hint = "pithtex.verify(document) gives one"
    expect(record, (VerifiedRecord, VerifiedBundle), "record", "a VerifiedRecord or a VerifiedBundle", hint)
    if checked is not None:
        expect(checked, date, "checked", "a date")
    expect_time(now)
    return statement_of_verified(record, claimed=claimed, checked=checked, now=now)


def _choice(value: str, choices: Iterable[str], name: str) -> None:
    from difflib import get_close_matches

    expect(value, str, name, "a text")
    known = tuple(choices)
    if value not in known:
        near = get_close_matches(value, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
        raise UsageError(f"unknown {name} {value[:80]!r}", where=name, hint=hint, likely=tuple(near))
