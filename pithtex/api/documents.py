"""Loads, verifies and examines documents, and derives the standing of their papers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NoReturn, overload

from pithtex.api.arguments import expect, expect_time, reading, trusted
from pithtex.errors import PithError, UndecidedError, UsageError, VerificationError
from pithtex.findings import Status
from pithtex.format.bundle import Bundle
from pithtex.format.integrity_report import IntegrityReport
from pithtex.format.keys import Keyring, default_keyring
from pithtex.format.made import made
from pithtex.format.record import Record, is_json_text, load_object, name_of
from pithtex.notebook import html_table, short_repr
from pithtex.structs import struct
from pithtex.verification.bundle import VerifiedBundle, verify_bundle
from pithtex.verification.document import Document, load_document
from pithtex.verification.examined import Examined, examined, first_problem, unreadable
from pithtex.verification.record import VerifiedRecord, verify_record
from pithtex.verification.standing import Standing, from_state, standing_of

Claimed = Record | Bundle | IntegrityReport
"""A document that was loaded: what it says is not proven."""
_OTHER_KIND: Final = "wrong-kind"
"""The rule of data that is a PDF, a picture, a web page or the like."""
Source = bytes | bytearray | memoryview | str | os.PathLike[str] | Mapping[str, object]
"""What documents come in."""


@struct(repr=False)
class VerifiedReport:
    """An integrity report whose snapshot has the digest stated, and whose events a trusted key signed.

    The texts that were signed are not public (docs/reference/format.md, "Snapshots"): what the report says
    remains a claim. However one is made, the report is verified again.

    Raises:
        PithError: as `verify`.
    """

    report: IntegrityReport
    keyring: Keyring

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("only the verifier makes a VerifiedReport, so it cannot be subclassed")

    def __post_init__(self) -> None:
        expect(self.report, IntegrityReport, "report", "an IntegrityReport")
        Keyring((*default_keyring(), *trusted(self.keyring)))  # refuses another key under the id of a pinned one
        _verify_report(self.report, self.keyring)

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.report, self.keyring)

    def __hash__(self) -> int:
        return hash(self.report)

    @property
    def paper(self) -> str:
        """Returns the paper's name at its source."""
        return name_of("arxiv", self.report.arxiv_id)

    def __repr__(self) -> str:
        return short_repr(self, self.paper, f"{len(self.report.events)} signed events")

    def _repr_html_(self) -> str:
        rows = (("paper", self.paper), ("signed events", len(self.report.events)))
        return html_table("Verified integrity report", rows)


def load(source: Source) -> Claimed:
    """Reads a record, a bundle or an integrity report. It proves nothing: see `verify`.

    Args:
        source: the document. Bytes are its content. A `str` whose first character, white space aside, is `{` is its
            text; any other `str` is the path of a file, as a `Path` always is. A mapping is the object parsed from it.

    Raises:
        MalformedError: no such document, or larger than documents may be (8 MiB); `where` is the JSON path.
        UsageError: a file that is not there, of another kind (a PDF, a web page), or `source` is of another type.
    """
    return _document(source).parsed


@overload
def verify(document: Record, keyring: Keyring | None = None) -> VerifiedRecord: ...
@overload
def verify(document: Bundle, keyring: Keyring | None = None) -> VerifiedBundle: ...
@overload
def verify(document: IntegrityReport, keyring: Keyring | None = None) -> VerifiedReport: ...
@overload
def verify(document: Source, keyring: Keyring | None = None) -> VerifiedRecord | VerifiedBundle | VerifiedReport: ...
def verify(
    document: Claimed | Source, keyring: Keyring | None = None
) -> VerifiedRecord | VerifiedBundle | VerifiedReport:
    """Verifies a document offline and raises an error at the first contradiction.

    Args:
        document: what `load` gave, or takes.
        keyring: the keys to trust; the pinned registry key by default.

    Raises:
        VerificationError: something contradicts; `finding` says what.
        UndecidedError: nothing contradicts, but there is no receipt, or a key is not in the keyring.
        MalformedError, UsageError: as `load`.
    """
    keyring = trusted(keyring)
    parsed = _document(document).parsed
    if isinstance(parsed, Record):
        return verify_record(parsed, keyring)
    if isinstance(parsed, Bundle):
        return verify_bundle(parsed, keyring)
    _verify_report(parsed, keyring)
    return made(VerifiedReport, report=parsed, keyring=keyring)


def examine(document: Claimed | Source, keyring: Keyring | None = None, *, now: datetime | None = None) -> Examined:
    """Runs every check of `verify` and returns all results and warnings. Bad data raises no error.

    Args:
        document: what `load` gave, or takes.
        keyring: the keys to trust; the pinned registry key by default.
        now: the time, with a zone, that no event may be after; not looked at by default.

    Raises:
        UsageError: a file that is not there or of another kind, or an argument of another type.
    """
    keyring = trusted(keyring)
    expect_time(now)
    try:
        found = _document(document)
    except PithError as error:
        if isinstance(error, UsageError) and (error.rule != _OTHER_KIND or isinstance(document, str | os.PathLike)):
            raise
        return unreadable(error)
    return examined(found, keyring, now=now)


def standing(
    bundles: Bundle | VerifiedBundle | Sequence[Bundle | VerifiedBundle],
    keyring: Keyring | None = None,
    *,
    now: datetime | None = None,
) -> Standing:
    """Returns what verified events say of a paper: withdrawn, corrected, attested, and as of which event.

    Events by other keys do not count. That the record itself is genuine is `verify`'s to say.

    Args:
        bundles: one bundle, or several of one record, each from a place of its own.
        keyring: the keys to trust; the pinned registry key by default, and of one verified bundle those that it was
            verified with.
        now: the time, with a zone, that no event may be after; not looked at by default.

    Raises:
        VerificationError: bundles of different records.
        UsageError: no bundle, or an argument of another type.
    """
    expect_time(now)
    if isinstance(bundles, VerifiedBundle) and keyring is None:
        return from_state(bundles.state, now=now)
    several = [bundles] if isinstance(bundles, Bundle | VerifiedBundle) else bundles
    expect(several, Sequence, "bundles", "a bundle, or a list of bundles", "pithtex.load(path)")
    for each in several:
        expect(each, (Bundle, VerifiedBundle), "bundles", "a bundle, or a list of bundles", "pithtex.load(path)")
    given = [each.bundle if isinstance(each, VerifiedBundle) else each for each in several]
    return standing_of(given, trusted(keyring), now=now)


def _document(source: Claimed | Source) -> Document:
    """Reads a document from any of the accepted types."""
    if isinstance(source, Record):
        return Document(kind="record", parsed=source)
    if isinstance(source, Bundle):
        return Document(kind="bundle", parsed=source)
    if isinstance(source, IntegrityReport):
        return Document(kind="integrity report", parsed=source)
    if isinstance(source, os.PathLike) or (isinstance(source, str) and not is_json_text(source)):
        from pithtex.system.documents import read_document

        with reading(source):
            path = os.fsdecode(source)
            return read_document(path if path != "-" else os.path.join(".", path))  # which is standard input elsewhere
    expect(
        source,
        (bytes, bytearray, memoryview, str, Mapping),
        "source",
        "bytes, a text of JSON, a path or a mapping",
    )
    if isinstance(source, bytes | bytearray | memoryview):
        from pithtex.system.documents import document_of

        return document_of(bytes(source), "the bytes")
    return load_document(load_object(source))


def _verify_report(report: IntegrityReport, keyring: Keyring) -> None:
    found = examined(Document(kind="integrity report", parsed=report), keyring)
    problem = first_problem(found)
    if problem is not None:
        raise (VerificationError if found.status is Status.FAILS else UndecidedError)(problem)


def _again(report: IntegrityReport, keyring: Keyring) -> VerifiedReport:
    """Verifies a report again that was copied or came from another process."""
    return VerifiedReport(report=report, keyring=keyring)
