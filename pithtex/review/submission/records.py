"""The records of a paper: those that were given, those beside it, and those of the store. Each is verified."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pithtex.errors import DataError, UndecidedError
from pithtex.format.keys import Keyring
from pithtex.format.number import suffix_in
from pithtex.limits import MAX_DOCUMENT_BYTES
from pithtex.manuscript.source.model import Manuscript
from pithtex.review.submission.folder import is_inside, read_at_most
from pithtex.review.submission.model import RecordFile
from pithtex.structs import replace

if TYPE_CHECKING:
    from pithtex.format.record import Record
    from pithtex.verification.document import Document
    from pithtex.verification.record import VerifiedRecord
    from pithtex.verification.standing import Standing

_MAX_DOCUMENTS: Final = 50
"""JSON files of the folder that are looked at; those that are not records are passed over."""


def read_records(paths: Iterable[str], keyring: Keyring) -> tuple[RecordFile, ...]:
    """Returns the records and bundles of these files; `-` is standard input.

    Raises:
        OSError: one cannot be read.
        UsageError: as `read_document`.
    """
    return tuple(_given(path, keyring) for path in paths)


def _given(path: str, keyring: Keyring) -> RecordFile:
    from pithtex.system.documents import read_document

    try:
        return document_file(path, read_document(path, reports=False), keyring)
    except DataError as error:
        return RecordFile(name=path, number=None, record=None, fault=error.finding)


def records_beside(manuscript: Manuscript, keyring: Keyring) -> list[RecordFile]:
    """Records and bundles among the JSON files beside the main file."""
    found = []
    for path in sorted(manuscript.root.glob("*.json"))[:_MAX_DOCUMENTS]:
        data = read_at_most(path, MAX_DOCUMENT_BYTES) if is_inside(path, manuscript.root) else None
        if data is None or not (b'"pith_number_record"' in data or b'"pith_open_graph_bundle"' in data):
            continue
        from pithtex.verification.document import load_document

        try:
            found.append(document_file(path.name, load_document(data), keyring))
        except DataError as error:
            found.append(RecordFile(name=path.name, number=None, record=None, fault=error.finding))
    return found


def document_file(name: str, document: Document, keyring: Keyring) -> RecordFile:
    """Returns a record or bundle, verified whole."""
    from pithtex.format.bundle import Bundle
    from pithtex.verification.document import verify_document

    found = verified_file(name, document.record, lambda: verify_document(document, keyring))
    return replace(found, bundle=document.parsed if isinstance(document.parsed, Bundle) else None)


def verified_file(name: str, record: Record, verify: Callable[[], VerifiedRecord]) -> RecordFile:
    """Returns what comes of verifying a record: the record, or why it is not proven."""
    number = record.canonical.number.full
    try:
        return RecordFile(name=name, number=number, record=verify())
    except UndecidedError as error:
        return RecordFile(name=name, number=number, record=None, fault=error.finding, undecided=True)
    except DataError as error:
        return RecordFile(name=name, number=number, record=None, fault=error.finding)


def standing_by(
    record: VerifiedRecord, found: Iterable[RecordFile], keyring: Keyring, *, store: bool, now: datetime
) -> Standing:
    """Returns what the available bundles say about a record, with `store` those kept too; else documents' claims."""
    from pithtex.resolution.standing import stored_standing
    from pithtex.verification.standing import UNKNOWN, from_record, standing_of

    same = [item for item in found if suffix_in(item.number) == record.number.suffix]
    bundles = [item.bundle for item in same if item.bundle is not None]
    if store:
        known = stored_standing(record.number.suffix, keyring, bundles, now=now)
    else:
        known = standing_of(bundles, keyring, now=now) if bundles else UNKNOWN
    claims = (from_record(item.record.record) for item in same if item.record is not None)
    return known if known.known else next((claim for claim in claims if claim.statements), UNKNOWN)


def records_of_store(
    manuscript: Manuscript, found: list[RecordFile], keyring: Keyring
) -> tuple[list[RecordFile], VerifiedRecord | None]:
    """Returns the store's record of the paper's number, and the newest that it has of the same paper."""
    from pithtex.errors import MalformedError
    from pithtex.format.identifiers import ArxivId
    from pithtex.format.number import PithNumber
    from pithtex.resolution.store.store import Store

    use = manuscript.number
    try:
        suffix = None if use is None else PithNumber(use.argument.strip()).suffix
    except MalformedError:
        return [], None
    known = next((item.record for item in found if item.record is not None), None)
    kept: list[RecordFile] = []
    store = Store()
    if known is None and suffix is not None:
        known, _ = store.get(suffix, keyring)
        kept = [] if known is None else [RecordFile(name="the store", number=known.number.full, record=known)]
    arxiv = None if known is None or known.arxiv_id is None else ArxivId.parse(known.arxiv_id)
    if known is None or arxiv is None or (suffix is not None and known.number.suffix != suffix):
        return kept, None
    for version, other in reversed(store.versions(arxiv)):
        newer, _ = store.get(other, keyring) if version > known.canonical.source_version else (None, ())
        if newer is not None and newer.arxiv_id == known.arxiv_id:
            return kept, newer
    return kept, None
