"""Keeps verified records by number, in files (docs/reference/store.md), which work offline for ever.

    records/C/<suffix>.json              what is proven of a record, and nothing else; never changes
    arxiv/2606/01751-<version>-<suffix>  empty: the way from a paper to its records, only ever a hint
    bundles/C/<suffix>/<digest>.json     bundles under a trusted signature of their own; never change

Nobody has to lock, and no clock matters: an entry is named after its content, written under a temporary name and
renamed; two writers write the same. Nothing has to reach the disk at once either, since whatever is read is verified
again, by the keys trusted now: a torn entry does not count.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import DataError, UndecidedError
from pithtex.findings import Finding
from pithtex.format.canonical import canonical_bytes
from pithtex.format.fields import Json
from pithtex.format.identifiers import ArxivId, plain_arxiv_id
from pithtex.format.keys import Keyring
from pithtex.format.number import ShortForm
from pithtex.format.record import RECORD_TYPE, load_object, load_record
from pithtex.limits import MAX_DOCUMENT_BYTES
from pithtex.patterns import pattern
from pithtex.structs import NamedTuple
from pithtex.verification.record import VerifiedRecord, verify_record

if TYPE_CHECKING:
    from pithtex.format.bundle import Bundle

FROM_STORE: Final = "the store"
"""What is said to be the origin of what was kept here."""

HOME_VARIABLE: Final = "PITHTEX_HOME"
"""The folder of the store, in place of the platform's own for data."""

TEMPORARY: Final = ".tmp"
"""How the name of a file ends that is being written."""

_KINDS: Final = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}

_READ_FLAGS: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Each is there on some platforms: a pipe without a writer is opened at once, and bytes stay bytes."""

_POINTER: Final = pattern(r"([0-9]{4,7})-([1-9][0-9]{0,5})-([A-Z2-7]{26})")
_ENTRY: Final = pattern(r"([A-Z2-7]{26})\.json")
_BUNDLE: Final = pattern(r"[0-9a-f]{64}\.json")


class Flaw(Enum):
    """Why an entry is not used."""

    DAMAGED = auto()
    """It contradicts itself, or is not an entry: it will never be used."""
    UNPROVEN = auto()
    """Its key is not in this keyring: it may be trusted tomorrow."""
    UNREADABLE = auto()


class Flawed(NamedTuple):
    """An entry that is not used."""

    path: Path
    flaw: Flaw
    finding: Finding


def home_folder() -> Path:
    """Returns PITHTEX_HOME, or the platform's folder for data (XDG_DATA_HOME on Linux)."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("pithtex", appauthor=False)


def proven_document(record: VerifiedRecord) -> dict[str, object]:
    """Returns a record document with only what is proven: no authors, no excerpt, no status words, no times of signing.

    It is the same whichever mirror the record came from, so it can be kept under the record's number for good.
    """
    signed = load_object(record.canonical.data)  # not the object beside them, which somebody may have changed
    return {
        "record_type": RECORD_TYPE,
        "pith_number": record.number.full,
        "short_pith_number": record.number.short,
        "schema_version": "1.0",
        "canonical_sha256": record.digest,
        "canonical_record": signed,
        "source": signed["source"],
        **({} if record.title is None else {"paper": {"title": record.title}}),
        "receipt": {
            "kind": "pith_receipt",
            "receipt_version": "0.3",
            "canonical_sha256": record.digest,
            "key_id": record.key.key_id,
            "algorithm": "ed25519",
            "signature_b64": _base64(record.signature),
            "signed_message": "canonical_sha256_bytes",
            "signature_status": "signed_v1",
            "public_key_fingerprint": record.key.fingerprint_hex,
        },
    }


def document_bytes(document: Json) -> bytes:
    """Returns a document as it is written to files: canonical JSON and a line's end."""
    return canonical_bytes(document) + b"\n"


def _base64(data: bytes) -> str:
    from base64 import b64encode

    return b64encode(data).decode("ascii")


class Store:
    """The records in one folder. Reading makes nothing; the folder appears with the first record."""

    __slots__ = ("folder",)

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = home_folder() if folder is None else folder

    # --- records -----------------------------------------------------------------------------------------------------

    def path(self, suffix: str) -> Path:
        """Returns where the record of that suffix is, or would be."""
        return Path(self._entry(suffix))

    def _entry(self, suffix: str) -> str:
        return f"{self.folder}/records/{suffix[0]}/{suffix}.json"  # a third of what a Path costs, for each record

    def get(self, suffix: str, keyring: Keyring) -> tuple[VerifiedRecord | None, tuple[Finding, ...]]:
        """Returns the record of that suffix, verified now, or None if there is none that verifies, and why."""
        entry = self.entry(suffix, keyring)
        return (None, (entry.finding,)) if isinstance(entry, Flawed) else (entry, ())

    def entry(self, suffix: str, keyring: Keyring) -> VerifiedRecord | Flawed | None:
        """Returns the same as `get`, or for an entry that does not verify what `prune` needs."""
        name = self._entry(suffix)
        try:
            record = verify_record(load_record(read_entry(name)), keyring)
        except FileNotFoundError:
            return None
        except (OSError, DataError) as error:
            return _flawed(Path(name), error)
        if record.number.suffix != suffix:
            return _damaged(Path(name), f"it is the record {record.number.full}")
        return record

    def put(self, record: VerifiedRecord) -> tuple[Finding, ...]:
        """Keeps a record. A store that cannot be written is reported and no error: the record is there anyway."""
        name = self._entry(record.number.suffix)
        data = document_bytes(proven_document(record))
        try:
            # The way to the record goes first: what an interruption leaves is then a way to nowhere, which is harmless.
            if record.arxiv_id is not None:
                self._point(plain_arxiv_id(record.arxiv_id), record.canonical.source_version, record.number.suffix)
            if not _has(name, data, better=record.title is not None):
                write_file(name, data)
        except OSError as error:
            return (_not_written(self.folder, error),)
        return ()

    def suffixes(self) -> Iterator[str]:
        """Yields the suffixes of all records, sorted, without reading any.

        Raises:
            OSError: a folder is there and cannot be listed, so that it must not pass for an empty one.
        """
        folder = f"{self.folder}/records"
        for shard in _listed(folder):
            for name in _listed(f"{folder}/{shard}") if len(shard) == 1 else ():
                entry = _ENTRY.fullmatch(name)
                if entry is not None and entry[1].startswith(shard):
                    yield entry[1]

    def named(self, short: ShortForm) -> list[str]:
        """Returns the suffixes that begin so."""
        entries = (_ENTRY.fullmatch(name) for name in _names(f"{self.folder}/records/{short.text[0]}"))
        return [entry[1] for entry in entries if entry is not None and entry[1].startswith(short.text)]

    def versions(self, arxiv: ArxivId) -> list[tuple[int, str]]:
        """Returns version and suffix of each record of a paper, oldest first. They are hints: the record decides."""
        folder, paper = self._paper(arxiv.id)
        found = (_POINTER.fullmatch(name) for name in _names(folder) if name.startswith(f"{paper}-"))
        return sorted((int(pointer[2]), pointer[3]) for pointer in found if pointer is not None)

    def _paper(self, arxiv_id: str) -> tuple[str, str]:
        """Returns the folder of a paper's month or archive, and how the paper's names in it begin."""
        group, paper = re.split("[./]", arxiv_id)
        return f"{self.folder}/arxiv/{group}", paper

    def _point(self, arxiv_id: str, version: int, suffix: str) -> None:
        folder, paper = self._paper(arxiv_id)
        pointer = f"{folder}/{paper}-{version}-{suffix}"
        with contextlib.suppress(FileExistsError):
            try:
                _write_new(pointer, b"")
            except FileNotFoundError:
                os.makedirs(folder, exist_ok=True)
                _write_new(pointer, b"")

    # --- bundles -----------------------------------------------------------------------------------------------------

    def bundles(self, suffix: str, keyring: Keyring) -> tuple[tuple[Bundle, ...], tuple[Finding, ...]]:
        """Returns the bundles of a record that verify now, ordered by digest, and why others are not used."""
        entries = tuple(self.bundle_entries(suffix, keyring))
        kept = tuple(entry for entry in entries if not isinstance(entry, Flawed))
        return kept, tuple(entry.finding for entry in entries if isinstance(entry, Flawed))

    def bundle_entries(self, suffix: str, keyring: Keyring) -> Iterator[Bundle | Flawed]:
        """Yields the same as `bundles`, one by one."""
        folder = self._bundles(suffix)
        for path in (Path(folder, name) for name in _names(folder) if _BUNDLE.fullmatch(name)):
            from pithtex.format.bundle import load_bundle
            from pithtex.verification.bundle import verify_bundle

            try:
                bundle = load_bundle(read_entry(path))
                record = verify_bundle(bundle, keyring).record
            except (OSError, DataError) as error:
                yield _flawed(path, error)
                continue
            if record.number.suffix == suffix and bundle.digest == path.stem:
                yield bundle
            else:
                yield _damaged(path, f"it is another bundle, of {record.number.full}")

    def put_bundle(self, bundle: Bundle, keyring: Keyring) -> tuple[Finding, ...]:
        """Keeps a bundle that is under a trusted signature as a whole; of any other only the record.

        Raises:
            VerificationError: it does not verify.
            UndecidedError: nothing is proven of it.
        """
        from pithtex.resolution.store.memory import note_state
        from pithtex.verification.bundle import verify_bundle

        verified = verify_bundle(bundle, keyring)
        record = verified.record
        findings = self.put(record)
        if not findings:
            note_state(self, verified.state)
        if bundle.digest is None or findings:
            return findings
        path = self.bundle_path(record.number.suffix, bundle)
        try:
            if not path.exists():
                write_file(path, document_bytes(bundle.document))
        except OSError as error:
            return (_not_written(self.folder, error),)
        return ()

    def bundle_path(self, suffix: str, bundle: Bundle) -> Path:
        """Returns where that bundle is, or would be."""
        return Path(self._bundles(suffix), f"{bundle.digest}.json")

    def _bundles(self, suffix: str) -> str:
        return f"{self.folder}/bundles/{suffix[0]}/{suffix}"


def write_file(path: str | Path, data: bytes) -> None:
    """Writes a file of the store: in full under a temporary name, then renamed.

    Raises:
        OSError: it cannot be written; what stood there stands there still, and no temporary file is left.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{os.path.splitext(name)[0]}.{os.urandom(8).hex()}{TEMPORARY}")
    try:
        try:
            _write_new(temporary, data)
        except FileNotFoundError:
            os.makedirs(folder, exist_ok=True)
            _write_new(temporary, data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _write_new(path: str, data: bytes) -> None:
    with open(path, "xb", buffering=0) as stream:
        rest = memoryview(data)
        while rest:
            rest = rest[stream.write(rest) :]


def read_entry(path: str | Path, most: int = MAX_DOCUMENT_BYTES) -> bytes:
    """Returns the first bytes of a file of the store, at most that many.

    Raises:
        OSError: it cannot be read, or is not a file: from a pipe, a device or a socket nobody waits for an answer.
    """
    with open(os.open(path, os.O_RDONLY | _READ_FLAGS), "rb") as stream:
        mode = os.fstat(stream.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, f"{_KINDS.get(stat.S_IFMT(mode), 'something else')}, not a file", str(path))
        return stream.read(most)


def _has(path: str, data: bytes, *, better: bool) -> bool:
    """Tells whether the entry is there already: equal to `data`, or sound and with a title that `data` lacks."""
    try:
        known = read_entry(path)
    except FileNotFoundError:
        return False
    return known == data or (not better and _is_titled(known, data))


def _is_titled(known: bytes, data: bytes) -> bool:
    """Tells whether `known` is `data` with a title added."""
    try:
        document = json.loads(known)
        return "paper" in document and document_bytes({k: v for k, v in document.items() if k != "paper"}) == data
    except (ValueError, TypeError, DataError):
        return False


def _names(folder: str) -> list[str]:
    """Returns the names in a folder, sorted; none if there is no folder or it cannot be read."""
    try:
        return _listed(folder)
    except OSError:
        return []


def _listed(folder: str) -> list[str]:
    """Returns the names in a folder, sorted; none if there is no folder.

    Raises:
        OSError: it cannot be listed.
    """
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except FileNotFoundError:
        return []


def _flawed(path: Path, error: OSError | DataError) -> Flawed:
    if isinstance(error, OSError):
        problem = finding("store-unreadable", f"{error.strerror or error}", where=str(path))
        return Flawed(path, Flaw.UNREADABLE, problem)
    if isinstance(error, UndecidedError):
        return Flawed(path, Flaw.UNPROVEN, error.finding)
    return _damaged(path, str(error))


def _damaged(path: Path, why: str) -> Flawed:
    message = f"{path.name} does not verify: {why}"
    problem = finding("store-damaged", message, where=str(path), hint="remove it with pithtex store prune")
    return Flawed(path, Flaw.DAMAGED, problem)


def _not_written(folder: Path, error: OSError) -> Finding:
    return finding("store-not-written", f"not kept: {error.strerror or error}", where=str(folder))
