"""The records that an audit knows beside those in the PDFs: a folder of them, and the store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pithtex.errors import MalformedError, PithError
from pithtex.format.bundle import Bundle
from pithtex.format.keys import Keyring
from pithtex.format.number import ShortForm, suffix_in
from pithtex.format.record import Record
from pithtex.resolution.store.store import Store
from pithtex.system.documents import read_document
from pithtex.verification.record import VerifiedRecord
from pithtex.verification.standing import UNKNOWN, Standing, standing_of

_NAMED: Final = re.compile(r"(?<![A-Z2-7])[A-Z2-7]{8}(?:[A-Z2-7]{4}|[A-Z2-7]{8}|[A-Z2-7]{18})?(?![A-Z2-7])")
"""A short form or a suffix in a file's name."""
_MOST_UNNAMED: Final = 1_000
"""Files without a number in their names that are read to learn whose they are."""

_Known = Record | Bundle


class Library:
    """Looks records up by number. What it finds is verified by whoever judges with it."""

    def __init__(self, keyring: Keyring, folder: str | None, store: str | None) -> None:
        self._keyring = keyring
        self._folder = folder
        self._store = None if store is None else Store(Path(store))
        self._files: dict[str, list[str]] | None = None

    def find(self, number: str) -> Record | VerifiedRecord | Bundle | None:
        """What is known under a number or short form: of the folder first, then of the store."""
        suffix = suffix_in(number)
        if not _NAMED.fullmatch(suffix):  # whatever else a PDF states must not become a path
            return None
        bundle = next((each for each in self._documents(suffix) if isinstance(each, Bundle)), None)
        return bundle or next(self._documents(suffix), None) or self._stored(suffix)

    def standing(self, record: VerifiedRecord) -> Standing:
        """What the bundles of the folder and the store say of a paper."""
        suffix = record.number.suffix
        bundles = [each for each in self._documents(suffix) if isinstance(each, Bundle)]
        kept = () if self._store is None else self._store.bundles(suffix, self._keyring)[0]
        if not bundles and not kept:
            return UNKNOWN
        sources = bool(bundles) + bool(kept)
        return standing_of([*bundles, *kept], self._keyring, sources=sources, now=datetime.now(UTC))

    def _stored(self, suffix: str) -> VerifiedRecord | None:
        if self._store is None:
            return None
        if len(suffix) < 26:
            try:
                named = self._store.named(ShortForm(suffix))
            except MalformedError:
                return None
            if len(named) != 1:
                return None
            suffix = named[0]
        return self._store.get(suffix, self._keyring)[0]

    def _documents(self, suffix: str) -> Iterator[_Known]:
        """The documents of the folder that are of that number."""
        if self._folder is None:
            return
        if self._files is None:
            self._files = self._index(self._folder)
        for path in self._files.get(suffix[:8], ()):
            known = _read(path)
            if known is not None and _suffix(known).startswith(suffix):
                yield known

    def _index(self, folder: str) -> dict[str, list[str]]:
        """The files by the first eight characters of the number: that in their names, or else that inside."""
        found: dict[str, list[str]] = {}
        unnamed = 0
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if not name.endswith(".json") or not os.path.isfile(path):
                continue
            match = _NAMED.search(name)
            if match is not None:
                found.setdefault(match[0][:8], []).append(path)
            elif unnamed < _MOST_UNNAMED:
                unnamed += 1
                known = _read(path)
                if known is not None:
                    found.setdefault(_suffix(known)[:8], []).append(path)
        return found


def _read(path: str) -> _Known | None:
    """A record or bundle; None for whatever else lies there."""
    try:
        parsed = read_document(path).parsed
    except (PithError, OSError):
        return None
    return parsed if isinstance(parsed, Record | Bundle) else None


def _suffix(known: _Known) -> str:
    record = known.record if isinstance(known, Bundle) else known
    return record.canonical.number.suffix
