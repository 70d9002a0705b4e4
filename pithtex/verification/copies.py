"""Unsigned copies of signed values must equal them (docs/reference/format.md, "The record document")."""

from __future__ import annotations

from pithtex.format.canonical import canonical_bytes
from pithtex.format.parts import Part
from pithtex.format.record import Record
from pithtex.verification.checks import Diary, judged, show


def copy_steps(record: Record, diary: Diary) -> None:
    """Compares every copy in the document with the signed value, and the titles in it with each other."""
    canonical = record.canonical
    source: dict[str, object] = {
        "kind": canonical.source_kind,
        "id": canonical.source_id,
        "version": canonical.source_version,
    }
    paper: dict[str, object] = {
        "license": canonical.license,
        "primary_cat": canonical.primary_category,
        "cross_cats": list(canonical.cross_categories),
        "submitted_at": canonical.submitted_at,
    }
    restated: dict[str, object] = {
        "schema_version": canonical.raw["schema_version"],
        "canonical_record": canonical.raw,
        "canonical_sha256": canonical.digest,
        "source_kind": canonical.source_kind,
        "source_id": canonical.source_id,
        "source_version": canonical.source_version,
    }
    kinds = ((source, record.sources), (paper, record.papers), (restated, record.restatements))
    for signed, parts in kinds:
        for part in parts:
            _part_copies(part, signed, diary)
    titles = {str(part.raw["title"]) for part in record.papers if part.raw.get("title") is not None}
    for title in sorted(titles - {record.title}):
        message = f"{record.title!r} and {title!r} in one document"
        diary.add(judged("copy of the title", message, holds=False, rule="copy-mismatch", where=record.where_title))


def _part_copies(part: Part, signed: dict[str, object], diary: Diary) -> None:
    """The copies in one part: each that differs by itself, those that agree together."""
    raw, where = part
    agreeing = []
    for key, value in signed.items():
        copy = raw.get(key)
        if copy is None:  # null states nothing, as an absent key does
            continue
        if copy == value and type(copy) is type(value) and (type(value) is not dict or _same_inside(copy, value)):
            agreeing.append(key)
            continue
        place = f"{where}.{key}" if where else key
        message = f"signed {show(value)}, {place} {show(copy)}"
        diary.add(judged(f"copy {place}", message, holds=False, rule="copy-mismatch", where=place))
    if agreeing:
        diary.copies(where, agreeing)


def _same_inside(copy: object, value: object) -> bool:
    """Python's `1 == True` must not pass inside of an object either (lists are of text)."""
    return canonical_bytes(copy) == canonical_bytes(value)
