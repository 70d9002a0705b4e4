"""Writes a mirror as plain files, which any web server can host and `resolve` can use (docs/reference/mirrors.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pithtex.errors import UsageError
from pithtex.format.bundle import Bundle
from pithtex.format.fields import Json
from pithtex.format.identifiers import plain_arxiv_id
from pithtex.format.keys import Keyring
from pithtex.resolution.all_bundles import whole_bundle
from pithtex.resolution.mirrors.addresses import AddressError, origin_of, without_user
from pithtex.resolution.mirrors.manifest import INDEX_TYPE, MANIFEST_NAME, MANIFEST_TYPE, TREE
from pithtex.resolution.store.store import Store, document_bytes, proven_document, write_file
from pithtex.structs import field, struct
from pithtex.system.files import writing
from pithtex.verification.merge import merge, missing
from pithtex.verification.record import VerifiedRecord

_STATE: Final = "pith/{suffix}/state.json"


@struct
class Exported:
    """The contents of the folder after an export."""

    records: int
    bundles: int


@struct(frozen=False, kw_only=False)
class _Index:
    """An index of papers and short forms, filled as the records are written."""

    papers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    shorts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def add(self, record: VerifiedRecord) -> None:
        entry = record.canonical.source_version, record.number.full
        self.shorts.setdefault(record.number.suffix[:8], []).append(entry)
        if record.arxiv_id is not None:
            self.papers.setdefault(plain_arxiv_id(record.arxiv_id), []).append(entry)

    def documents(self) -> Iterator[tuple[str, Json]]:
        for place, name, entries in (
            *((TREE["arxiv_pattern"], paper, found) for paper, found in self.papers.items()),
            *((TREE["short_pattern"], short, found) for short, found in self.shorts.items()),
        ):
            records = [{"pith_number": number, "version": version} for version, number in sorted(entries)]
            document = {"index_type": INDEX_TYPE, "index_version": "1.0", "records": records}
            yield place.replace("{arxiv_id}", name).replace("{short}", name), document


def export_tree(
    folder: Path,
    store: Store,
    keyring: Keyring,
    *,
    name: str,
    base_url: str = "",
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Exported:
    """Writes all records and bundles of the store as a mirror. The manifest comes last, so that it names what is there.

    Args:
        folder: made where it is not there; what else is in it stays.
        store: whose records; one that does not verify is left out.
        keyring: the keys to trust.
        name: the mirror's name.
        base_url: where the folder will be; empty for addresses relative to the manifest's own.
        progress: wraps the loop over the records.

    Raises:
        UsageError: no mirror can have that address.
        OutputError: the folder cannot be written.
    """
    if base_url:
        try:
            origin_of(base_url)
        except AddressError as error:
            hint = "mirrors must use https; http is allowed only on this machine (http://localhost:8000/)"
            raise UsageError(f"{without_user(base_url)[:200]!r} {error}", hint=hint, rule="not-https") from error
    index = _Index()
    records = bundles = 0
    for suffix in progress(store.suffixes()):
        record, _ = store.get(suffix, keyring)
        if record is None:
            continue
        index.add(record)
        records += 1
        _write(folder, _at(TREE["record_pattern"], suffix), proven_document(record))
        kept, _ = store.bundles(suffix, keyring)
        if kept:
            bundles += 1
            _write_bundle(folder, suffix, kept, keyring)
    for place, document in index.documents():
        _write(folder, place, document)
    _write(folder, MANIFEST_NAME, manifest(name, base_url))
    return Exported(records=records, bundles=bundles)


def _write_bundle(folder: Path, suffix: str, kept: Sequence[Bundle], keyring: Keyring) -> None:
    """Writes the bundle with the events of all bundles kept, and the state that follows from them."""
    document = whole_bundle(kept, missing(kept, keyring), keyring)
    for pattern in ("bundle_pattern", "well_known_pattern"):
        _write(folder, _at(TREE[pattern], suffix), document)
    _write(folder, _at(_STATE, suffix), merge(kept, keyring).to_dict())


def manifest(name: str, base_url: str = "") -> dict[str, object]:
    """Returns the manifest of one mirror; without an address, its patterns are relative to the manifest's own."""
    base = base_url.rstrip("/") + "/" if base_url else ""
    patterns = {key: base + place for key, place in {**TREE, "state_pattern": _STATE}.items()}
    return {
        "manifest_type": MANIFEST_TYPE,
        "manifest_version": "1.0",
        "merge_version": "pith-open-graph-merge-v1",
        "mirrors": [{"name": name, "mirror_type": "https", "base_url": base or ".", **patterns, "status": "mirror"}],
    }


def _at(pattern: str, suffix: str) -> str:
    return pattern.replace("{suffix}", suffix)


def _write(folder: Path, place: str, document: Json) -> None:
    with writing(folder / place):
        write_file(folder / place, document_bytes(document))
