"""The works that a paper cites, beside the signed records of them: those given, those beside the paper, the store's.

A record signs the digest of the title that belongs to an arXiv identifier. A reference whose title has that digest is
confirmed: title and identifier belong together. Who wrote the paper, and whether it says what it is cited for, is not
looked at.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import DataError
from pithtex.format.identifiers import plain_arxiv_id
from pithtex.format.keys import Keyring
from pithtex.format.number import PithNumber
from pithtex.limits import MAX_CITED_RECORDS
from pithtex.manuscript.references.cited_works import Bibliography, CitedWork
from pithtex.manuscript.references.locators import Locator
from pithtex.manuscript.source.spellings import digests, matching
from pithtex.review.submission.model import Agreement, Citation, RecordFile
from pithtex.review.submission.records import document_file
from pithtex.verification.standing import UNKNOWN

if TYPE_CHECKING:
    from pithtex.format.bundle import Bundle
    from pithtex.resolution.store.store import Store
    from pithtex.verification.record import VerifiedRecord
    from pithtex.verification.standing import Standing

_NEARLY: Final = 0.85
"""Share of its letters from which a title is the record's with some words changed, as between two versions."""
_MAX_COMPARED: Final = 500
"""Letters of a title that are compared for that."""
_BEFORE: Final = re.compile(
    r"(?:\A|[.,;)\]\u2013\u2014]|[.)]:)\s*[\"'\u201c\u2018\u201e\xab`(\[]*\s*\Z|[\"\u201c\u201e\xab]\s*\Z"
)
_BEHIND: Final = re.compile(r"([^\w\s.,;:()\[\]\"'\u201d\u2019\xbb]*)\s*(?:[.,;!?)(\[\"'\u201d\u2019\xbb]|\Z)")
"""What stands around a title in a reference without fields: a colon goes on with it, but behind initials or a year."""
_MAX_BEFORE: Final = 20


def read_cited_records(paths: Iterable[str], keyring: Keyring) -> tuple[RecordFile, ...]:
    """Returns the records and bundles of these files and folders, each verified; at most `MAX_CITED_RECORDS`.

    Args:
        paths: records, bundles, exports of a store (one document a line), and folders of these (`.json`, `.jsonl`).
        keyring: the keys to trust.

    Raises:
        OSError: one cannot be read.
    """
    read = _read(paths, keyring)
    found = list(islice(read, MAX_CITED_RECORDS))
    beyond = next(read, None)
    if beyond is not None:
        message = f"only the first {MAX_CITED_RECORDS} records were read"
        found.append(RecordFile(name=beyond.name, number=None, record=None, fault=finding("reference-record", message)))
    return tuple(found)


def _read(paths: Iterable[str], keyring: Keyring) -> Iterator[RecordFile]:
    from pithtex.system.documents import documents_in
    from pithtex.verification.document import load_document

    for path in (file for name in paths for file in _files(name)):
        for place, data in documents_in(path):
            try:
                yield document_file(place, load_document(data), keyring)
            except DataError as error:
                yield RecordFile(name=place, number=None, record=None, fault=error.finding)


def _files(name: str) -> Iterator[str]:
    if not os.path.isdir(name):
        yield name
        return
    found = (path for path in Path(name).iterdir() if path.suffix in {".json", ".jsonl"} and path.is_file())
    yield from sorted(map(str, islice(found, MAX_CITED_RECORDS + 1)))


def citations_of(
    bibliography: Bibliography, records: Iterable[RecordFile], keyring: Keyring, *, store: bool, now: datetime
) -> tuple[Citation, ...]:
    """Holds each work of a bibliography against the records of the papers that it names.

    Args:
        bibliography: the works.
        records: what is here beside the store.
        keyring: the keys to trust.
        store: whether to look into the store, too.
        now: the time, with a zone, that no event may be after.
    """
    known = _Known(records, keyring, store=store, now=now)
    first = [known.cite(work) for work in bibliography.works]
    # What one reference proves to be a record's title, the record's document may lack.
    found = (known.cite(item.work) if item.agreement is Agreement.UNCONFIRMED else item for item in first)
    return tuple(known.with_owner(item) for item in found)


class _Known:
    """The verified records, by paper and by number."""

    def __init__(self, records: Iterable[RecordFile], keyring: Keyring, *, store: bool, now: datetime) -> None:
        self._keyring, self._now = keyring, now
        self._by_paper: dict[str, list[VerifiedRecord]] = defaultdict(list)
        self._by_number: dict[str, VerifiedRecord] = {}
        self._bundles: dict[str, list[Bundle]] = defaultdict(list)
        self._titles: dict[str, str] = {}
        self._spelled: dict[str, str] = {}
        """Titles that references have, by the digests that they have."""
        self._asked: set[str] = set()
        self._store = self._open() if store else None
        for item in records:
            if item.record is not None:
                self._add(item.record)
                if item.bundle is not None:
                    self._bundles[item.record.number.suffix].append(item.bundle)

    @staticmethod
    def _open() -> Store:
        from pithtex.resolution.store.store import Store

        return Store()

    def _add(self, record: VerifiedRecord) -> None:
        suffix = record.number.suffix
        before = self._by_number.get(suffix)
        if before is not None and (before.title is not None or record.title is None):
            return
        self._by_number[suffix] = record
        self._titles.setdefault(record.canonical.title_sha256, record.canonical.paper)
        paper = self._by_paper[plain_arxiv_id(record.arxiv_id or "")]
        paper[:] = [*(other for other in paper if other.number.suffix != suffix), record]

    def _of(self, locator: Locator) -> list[VerifiedRecord]:
        """Returns the records of the paper that a locator names: those of its version first, then the newest."""
        arxiv = locator.name
        if isinstance(arxiv, PithNumber):
            self._ask(arxiv.suffix, [arxiv.suffix])
            found = self._by_number.get(arxiv.suffix)
            return [] if found is None else [found]
        if self._store is not None and arxiv.id not in self._asked:
            self._ask(arxiv.id, [suffix for _, suffix in self._store.versions(arxiv)])

        def order(record: VerifiedRecord) -> tuple[bool, int]:
            version = record.canonical.source_version
            return version != arxiv.version, -version

        return sorted(self._by_paper.get(arxiv.id, ()), key=order)

    def _ask(self, name: str, suffixes: Iterable[str]) -> None:
        if self._store is None or name in self._asked:
            return
        self._asked.add(name)
        for suffix in suffixes:
            record, _ = self._store.get(suffix, self._keyring)
            if record is not None:
                self._add(record)

    def cite(self, work: CitedWork) -> Citation:
        """Returns a work with the record of the first paper that it names, or of another one that confirms it."""
        named = [item for item in work.locators if item.can_be]
        if not named:
            return Citation(work=work, agreement=Agreement.UNNAMED)
        held = [self._held(work, record) for item in named for record in self._of(item)]
        if not held:
            return Citation(work=work, agreement=Agreement.NO_RECORD)
        best = next((item for item in held if item.agreement is Agreement.CONFIRMED), held[0])
        return Citation(
            work=work,
            agreement=best.agreement,
            record=best.record,
            signed=best.signed,
            how=best.how,
            nearly=best.nearly,
            standing=self._standing(best.record),
        )

    def _held(self, work: CitedWork, record: VerifiedRecord) -> Citation:
        digest = record.canonical.title_sha256
        for title in work.titles:
            spelling = matching(title, digest, work.subtitle)
            if spelling is not None:
                signed = self._spelled.setdefault(digest, record.title or spelling.text)
                how = f"by its digest ({spelling.how})"
                return Citation(work=work, agreement=Agreement.CONFIRMED, record=record, signed=signed, how=how)
        return _compared(work, record, record.title or self._spelled.get(digest, ""))

    def _standing(self, record: VerifiedRecord | None) -> Standing:
        from pithtex.resolution.standing import stored_standing
        from pithtex.verification.standing import standing_of

        if record is None:
            return UNKNOWN
        given = self._bundles.get(record.number.suffix, [])
        if self._store is not None:
            return stored_standing(record.number.suffix, self._keyring, given, now=self._now)
        return standing_of(given, self._keyring, now=self._now) if given else UNKNOWN

    def with_owner(self, citation: Citation) -> Citation:
        """Returns the citation; of one with another title, with the paper whose signed title that is, if it is here."""
        from pithtex.structs import replace

        work = citation.work
        if (
            citation.agreement not in {Agreement.OTHER_TITLE, Agreement.NO_RECORD}
            or not work.titles
            or not self._titles
        ):
            return citation
        signed = self._titles.keys() & set().union(*(digests(title, work.subtitle) for title in work.titles))
        owners = {self._titles[digest] for digest in signed}
        return replace(citation, owner=owners.pop()) if len(owners) == 1 else citation


def _compared(work: CitedWork, record: VerifiedRecord, signed: str) -> Citation:
    """Returns what comes of holding a work against the title of a paper that it names, as far as that is known."""
    from difflib import SequenceMatcher

    from pithtex.pdf.binding.same_title import are_equal
    from pithtex.pdf.binding.wording import normalise

    def said(agreement: Agreement, how: str = "", *, nearly: bool = False) -> Citation:
        return Citation(work=work, agreement=agreement, record=record, signed=signed, how=how, nearly=nearly)

    if not signed:
        return said(Agreement.UNCONFIRMED)
    second = "" if work.subtitle is None else f": {work.subtitle.expanded}"
    shown = [text for title in work.titles for text in (title.expanded, title.expanded + second)]
    if any(are_equal(signed, text) for text in shown):
        return said(Agreement.CONFIRMED, "letter by letter")
    if work.source and stands_in(signed, work.text):
        return said(Agreement.CONFIRMED, "as it stands in the reference")
    if not shown:
        return said(Agreement.UNCONFIRMED)
    wanted = normalise(signed)[:_MAX_COMPARED]
    shares = (SequenceMatcher(None, wanted, normalise(text)[:_MAX_COMPARED], autojunk=False).ratio() for text in shown)
    return said(Agreement.OTHER_TITLE, nearly=max(shares) >= _NEARLY)


def stands_in(title: str, text: str) -> bool:
    """Tells whether a title stands in a reference, between punctuation: not as a part of a longer title."""
    from pithtex.pdf.binding.same_title import are_equal
    from pithtex.pdf.binding.wording import letters_of, normalise

    spelled = [(letter, place) for place, char in enumerate(text) for letter in letters_of(char)]
    letters, wanted = "".join(letter for letter, _ in spelled), normalise(title)
    at = letters.find(wanted) if wanted else -1
    while at >= 0:
        first, last = spelled[at][1], spelled[at + len(wanted) - 1][1]
        before = text[:first] if first <= _MAX_BEFORE else f"x{text[first - _MAX_BEFORE : first]}"
        behind = _BEHIND.match(text, last + 1)
        if behind is not None and _BEFORE.search(before) and are_equal(title, text[first : behind.end(1)]):
            return True
        at = letters.find(wanted, at + 1)
    return False
