"""Maintains the store: finds damage, removes leftovers, and moves records between machines."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pithtex.catalogue import finding
from pithtex.errors import UnknownDocumentError
from pithtex.findings import Finding
from pithtex.format.bundle import Bundle
from pithtex.format.keys import Keyring
from pithtex.resolution.store.memory import Seen, seen_events, valid_ids
from pithtex.resolution.store.store import TEMPORARY, Flaw, Flawed, Store, document_bytes, proven_document
from pithtex.system.files import writing
from pithtex.verification.bundle import verify_bundle
from pithtex.verification.document import load_document, verify_document
from pithtex.verification.merge import missing

_OLD: Final = 3600.0
"""Seconds after which a temporary file is nobody's any more: a write takes far less than one."""


def damage(store: Store, keyring: Keyring, suffixes: Iterable[str] | None = None) -> Iterator[Flawed]:
    """Yields what does not verify, record by record - those of `suffixes`, else all - and bundle by bundle."""
    for suffix in store.suffixes() if suffixes is None else suffixes:
        entry = store.entry(suffix, keyring)
        if isinstance(entry, Flawed):
            yield entry
    for suffix in _with_bundles(store):
        yield from (entry for entry in store.bundle_entries(suffix, keyring) if isinstance(entry, Flawed))


def leftovers(store: Store) -> Iterator[Path]:
    """Yields temporary files that no write will finish, and pointers to records that are not there.

    How old a file is, is asked of the machine that keeps it: a file made there now tells its clock.
    """
    if not store.folder.is_dir():
        return
    now = _clock_of(store.folder)
    for root, _, names in os.walk(store.folder):
        folder = Path(root)
        for name in names:
            path = folder / name
            is_pointer = path.relative_to(store.folder).parts[0] == "arxiv"
            if name.endswith(TEMPORARY) or (is_pointer and not store.path(name[-26:]).exists()):
                with contextlib.suppress(OSError):
                    if now - path.stat().st_mtime > _OLD:
                        yield path


def prune(store: Store, keyring: Keyring, *, dry_run: bool) -> list[Path]:
    """Removes what is not verified entry, bundles whose events are all in another one, and the HTTP cache.

    An entry of a key that is not in the keyring stays: it may be trusted tomorrow.

    Returns:
        What was removed, or with `dry_run` would be.

    Raises:
        OutputError: the store cannot be written.
    """
    gone = [entry.path for entry in damage(store, keyring) if entry.flaw is Flaw.DAMAGED]
    gone += leftovers(store)
    gone += _superseded(store, keyring)
    gone += (path for path in sorted((store.folder / "http").rglob("*")) if path.is_file())
    if not dry_run:
        for path in gone:
            with writing(path):
                path.unlink(missing_ok=True)
    return gone


def export_lines(store: Store, keyring: Keyring, suffixes: Iterable[str]) -> Iterator[bytes]:
    """Yields every one of these records and bundles that verifies, one per line, for `import_document`."""
    for suffix in suffixes:
        record, _ = store.get(suffix, keyring)
        if record is not None:
            yield document_bytes(proven_document(record))
        for bundle in store.bundles(suffix, keyring)[0]:
            yield document_bytes(bundle.document)


def import_document(
    store: Store, data: bytes, keyring: Keyring, before: dict[str, Seen | None] | None = None
) -> tuple[bool, tuple[Finding, ...]]:
    """Verifies a record or bundle and keeps it.

    Args:
        store: where.
        data: the document.
        keyring: the keys to trust.
        before: what was seen of each record before, filled as the first bundle of it comes; of several that are
            imported together, none takes back what another one says.

    Returns:
        Whether it is kept; and what kept it from that, and a `bundle-rollback` where it has fewer events than were
        seen.

    Raises:
        MalformedError: it is neither.
        VerificationError: it contradicts itself.
        UndecidedError: nothing is proven of it.
    """
    document = load_document(data)
    if isinstance(document.parsed, Bundle):
        verified = verify_bundle(document.parsed, keyring)
        suffix = verified.record.number.suffix
        before = {} if before is None else before
        seen = before.setdefault(suffix, seen_events(store, suffix))
        gone = len(seen.event_ids - valid_ids(verified.state)) if seen is not None else 0
        message = f"{gone} event{'s' if gone != 1 else ''} of this record were seen before and are not in the bundle"
        said = (finding("bundle-rollback", message),) if gone else ()
        faults = store.put_bundle(document.parsed, keyring)
        return not faults, (*said, *faults)
    if document.kind != "record":
        raise UnknownDocumentError(f"an {document.kind} is not kept in the store")
    faults = store.put(verify_document(document, keyring))
    return not faults, faults


def _with_bundles(store: Store) -> Iterator[str]:
    for folder in sorted((store.folder / "bundles").glob("?/*")):
        if folder.is_dir():
            yield folder.name


def _superseded(store: Store, keyring: Keyring) -> Iterator[Path]:
    """Yields the bundles whose events are all in another one."""
    for suffix in _with_bundles(store):
        kept = store.bundles(suffix, keyring)[0]
        lacks = missing(kept, keyring) if kept else ()
        whole = next((bundle for bundle, ids in zip(kept, lacks, strict=True) if not ids), None)
        yield from (store.bundle_path(suffix, item) for item in kept if whole is not None and item is not whole)


def _clock_of(folder: Path) -> float:
    """Returns the time by the clock that dates this folder's files, which may not be this machine's."""
    probe = folder / f".clock.{os.urandom(8).hex()}{TEMPORARY}"
    try:
        probe.touch()
        now = probe.stat().st_mtime
    except OSError:
        import time

        return time.time()
    probe.unlink(missing_ok=True)
    return now
