"""Record documents, typed: what they claim, nothing proven (docs/reference/format.md, "The record document")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Self

from pithtex.errors import MalformedError, RecordShapeError, UnknownDocumentError, UsageError
from pithtex.format.canonical import canonical_bytes, check_value, parse_json, sha256_hex
from pithtex.format.fields import HEX_256, KEY_ID, UTC_TIME, Fields, Json, is_object, read_time
from pithtex.format.number import PithNumber
from pithtex.format.parts import Part, copies_in, own_addresses, snapshot_in, title_in
from pithtex.limits import MAX_DOCUMENT_BYTES
from pithtex.notebook import html_table, short_repr
from pithtex.patterns import pattern
from pithtex.structs import NamedTuple

_PLAIN: Final = pattern(r"[\x21-\x7e]{1,200}")
_ARCHIVE: Final = "[a-z]+(?:-[a-z]+)*"
ARXIV_ID: Final = pattern(rf"[0-9]{{4}}\.[0-9]{{4,5}}|{_ARCHIVE}(?:\.[A-Z]{{2}})?/[0-9]{{7}}")
"""An arXiv identifier without version, of the scheme since April 2007 or the one before, as records have it."""
WRITTEN_ARXIV_ID: Final = rf"[0-9]{{4}}\.[0-9]{{4,5}}|{_ARCHIVE}(?:\.{_ARCHIVE})?/[0-9]{{7}}"
"""The same as people and stamps write it, whatever the case: a pattern that takes every subject class of old ones."""
_USUAL: Final = pattern(
    rf'\{{"metadata":\{{"abstract_canon_sha256":"({HEX_256.pattern})",'
    r'"cross_cats_sorted":\[("[^"\\]*"(?:,"[^"\\]*")*)?\],"license":"([^"\\]*)","primary_cat":"([!#-\[\]-~]{1,200})",'
    rf'"submitted_at":"({UTC_TIME.pattern})","title_canon_sha256":"({HEX_256.pattern})"\}},'
    rf'"schema_version":"1\.0","source":\{{"id":"({ARXIV_ID.pattern})","kind":"arxiv","version":([1-9][0-9]{{0,8}})\}}\}}'
)
"""The canonical form of nearly every record: an arXiv paper's, with nothing in it that JSON escapes."""

RECORD_TYPE: Final = "pith_number_record"

Source = bytes | bytearray | memoryview | str | Mapping[str, object]
"""A document: its bytes, its text, or the object parsed from it."""

_CANONICAL_KEYS: Final = frozenset({"metadata", "schema_version", "source"})
_SOURCE_KEYS: Final = frozenset({"id", "kind", "version"})
METADATA_KEYS: Final = frozenset(
    {
        "abstract_canon_sha256",
        "cross_cats_sorted",
        "license",
        "primary_cat",
        "submitted_at",
        "title_canon_sha256",
    }
)


class _Canonical(NamedTuple):
    """The fields of `CanonicalRecord`."""

    source_kind: str
    source_id: str
    source_version: int
    submitted_at: str
    """RFC 3339, UTC: the date of version 1, whatever version the record is of."""
    license: str
    primary_category: str
    cross_categories: tuple[str, ...]
    title_sha256: str
    abstract_sha256: str
    raw: Json
    data: bytes
    """The canonical bytes."""
    digest: str
    """SHA-256 of the canonical bytes."""
    number: PithNumber
    """Derived from the digest and the year of submission (docs/reference/format.md, "Digest and number")."""


class CanonicalRecord(_Canonical):
    """The part of a record that is hashed and signed: exact keys, exact types, and the object itself.

    Nothing in a signed message says what kind of thing was signed (docs/reference/format.md, "Signatures"), so the
    shape is what tells a record from an event of the same key. That is why it is exact.

    Its fields always follow from `raw`: the parser makes it so, and whoever makes one otherwise (`_replace`, a pickle,
    a deep copy) has `raw` parsed again.

    Raises:
        RecordShapeError: a field does not follow from `raw`.
    """

    __slots__ = ()

    def __new__(cls, *fields: Any, **named: Any) -> Self:
        """Made by hand; see `parse_canonical_record`."""
        made = super().__new__(cls, *fields, **named)
        again = parse_canonical_record(made.raw, "canonical_record")
        if tuple(again) != tuple(made):
            raise RecordShapeError("the fields of this canonical record are not those of its object", where="raw")
        return made

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> Self:  # type: ignore[override]  # typeshed has it as a function
        return cls(*iterable)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return short_repr(self, self.number.full, self.paper)

    @property
    def paper(self) -> str:
        """Returns the paper's name at its source, `arXiv:2606.01751v1`."""
        return name_of(self.source_kind, self.source_id, self.source_version)


class Signature(NamedTuple):
    """An Ed25519 signature as documents carry it. `signed_at` is under no signature and proves nothing."""

    key_id: str
    signature: bytes
    """64 bytes."""
    algorithm: str
    signed_message: str
    status: str
    fingerprint: str | None
    signed_at: str | None
    where: str


class Receipt(NamedTuple):
    """The registry's signature over a record's digest."""

    kind: str
    version: str
    digest: str
    signature: Signature


Alias = tuple[str, str]
"""Another name of the record, as the document states it: kind and value."""


class Record(NamedTuple):
    """A record as a document, a bundle or a compact receipt claims it.

    What the source does not state is None or empty; `where_*` are the JSON paths of what it does.
    """

    canonical: CanonicalRecord
    receipt: Receipt | None
    document: Json
    """The document or bundle; empty for a compact receipt."""
    number: str | None = None
    digest: str | None = None
    short_form: str | None = None
    title: str | None = None
    where_title: str = "paper.title"
    aliases: tuple[Alias, ...] = ()
    where_aliases: str = "aliases"
    sources: tuple[Part, ...] = ()
    """Unsigned copies of the source object."""
    papers: tuple[Part, ...] = ()
    """Unsigned copies of the paper's metadata."""
    restatements: tuple[Part, ...] = ()
    """Objects that name the record's source, schema version or canonical form once more."""
    snapshot: Part | None = None
    addresses: tuple[str, ...] = ()
    """Those that lead to the record, as the document states them."""

    def __hash__(self) -> int:
        return hash(self.canonical)

    def __repr__(self) -> str:
        return short_repr(self, *self._told)

    def _repr_html_(self) -> str:
        return html_table("Record, not verified", zip(("number", "paper", "title"), self._told, strict=True))

    @property
    def _told(self) -> tuple[str, str, str]:
        return self.canonical.number.full, self.canonical.paper, self.title or "title not stated"

    @property
    def unknown(self) -> tuple[str, ...]:
        """Top-level keys of a record document that no version known here has."""
        if self.document.get("record_type") != RECORD_TYPE:
            return ()
        return tuple(sorted(self.document.keys() - _KNOWN))


_KNOWN: Final = frozenset(
    {
        "record_type",
        "schema_url",
        "pith_number",
        "short_pith_number",
        "schema_version",
        "canonical_sha256",
        "source",
        "attestation_state",
        "paper",
        "verification_status",
        "canonical_record",
        "receipt",
        "graph_snapshot",
        "aliases",
        "events",
        "event_summary",
        "paper_claims",
        "inbound_citations",
        "formal_canon",
        "links",
        "agent_actions",
        "created_at",
        "updated_at",
    }
)


def name_of(kind: str, source_id: str, version: int | None = None) -> str:
    """Returns a paper's name in its one spelling, `arXiv:2606.01751v1`; without a version it names all versions."""
    shown = "arXiv" if kind == "arxiv" else kind
    return f"{shown}:{source_id}" if version is None else f"{shown}:{source_id}v{version}"


def load_object(data: Source, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Json:
    """At most `max_bytes`, or an object, held to strict JSON, as an object.

    Raises:
        MalformedError: not strict JSON, not an object, or too large.
        UsageError: neither bytes nor a text of JSON nor a mapping.
    """
    value: object
    if isinstance(data, bytes):
        value = parse_json(data, max_bytes=max_bytes)
    elif isinstance(data, Mapping):
        value = dict(data)
        check_value(value)
    else:
        value = parse_json(_encoded(data), max_bytes=max_bytes)
    if not is_object(value):
        raise MalformedError("not a JSON object", hint="expected a record, a bundle or an integrity report")
    return value


def is_json_text(text: str) -> bool:
    """Tells whether a text is a JSON document: its first character that is not white space is `{`."""
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def _encoded(data: object) -> bytes:
    """Returns the bytes of a document that is given in another form than bytes or a mapping.

    Raises:
        MalformedError: the text cannot be written in UTF-8.
        UsageError: it is not a document.
    """
    if isinstance(data, bytearray | memoryview):
        return bytes(data)
    if not isinstance(data, str):
        message = f"a document is bytes, a text of JSON or a mapping, not {type(data).__name__}"
        raise UsageError(message, hint="pithtex.load also reads files: pithtex.load(path)")
    if not is_json_text(data):
        message = "a text that does not begin with { is not a document"
        raise UsageError(message, hint="to read a file, use pithtex.load(path)")
    try:
        return data.encode("utf-8")
    except UnicodeEncodeError as error:
        raise MalformedError(f"character {error.start}: half of a surrogate pair") from error


def load_kind(data: Source, key: str, kind: str, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Fields:
    """Returns a document that says under `key` of which kind it is, as its fields.

    Raises:
        MalformedError: as `load_object`, or of another kind.
    """
    document = load_object(data, max_bytes=max_bytes)
    if document.get(key) != kind:
        raise UnknownDocumentError(f"{document.get(key)!r} is not {kind!r}", where=key)
    return Fields(document, "")


def load_record(data: Source, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Record:
    """Parses a record document.

    Checks its form alone: what it claims is proven by `verify_record`.

    Args:
        data: the document, or the object parsed from it.
        max_bytes: how large the document may be.

    Raises:
        MalformedError: not a record document, or too large; `where` is the JSON path.
        UsageError: `data` is of another type, or the name of a file.
    """
    fields = load_kind(data, "record_type", RECORD_TYPE, max_bytes=max_bytes)
    document = fields.raw
    receipt = fields.optional_child("receipt")
    snapshot = snapshot_in(fields, "graph_snapshot")
    papers, sources = copies_in(fields, "paper"), copies_in(fields, "source")
    version = {"schema_version": document["schema_version"]} if "schema_version" in document else {}
    if snapshot is not None:
        papers, sources = papers + copies_in(snapshot, "paper"), sources + copies_in(snapshot, "source")
    title, where_title = title_in(papers)
    return Record(
        canonical=parse_canonical_record(fields.raw.get("canonical_record"), "canonical_record"),
        receipt=None if receipt is None else parse_receipt(receipt),
        number=fields.text("pith_number"),
        digest=fields.text("canonical_sha256"),
        short_form=fields.optional_text("short_pith_number"),
        title=title,
        where_title=where_title,
        aliases=parse_aliases(fields, "aliases"),
        sources=sources,
        papers=papers,
        restatements=(Part(version, ""),),
        snapshot=None if snapshot is None else Part(snapshot.raw, snapshot.where),
        addresses=own_addresses(fields),
        document=document,
    )


def parse_canonical_record(value: object, where: str) -> CanonicalRecord:
    """Parses the signed part: the keys and types of version 1.0 (docs/reference/format.md, "The canonical record").

    Raises:
        RecordShapeError: anything else.
    """
    try:
        fields = Fields(value, where)
        data = canonical_bytes(fields.raw)
        usual = _USUAL.fullmatch(data.decode("utf-8"))
        read = _read_parts(fields) if usual is None else _read_off(usual)
        submitted_at, cross_categories = read[3], read[6]
        read_time(submitted_at, fields.path("metadata.submitted_at"))
        if len(cross_categories) > 1 and list(cross_categories) != sorted(set(cross_categories)):
            raise MalformedError("not sorted, or not distinct", where=fields.path("metadata.cross_cats_sorted"))
    except MalformedError as error:
        raise RecordShapeError(error.message, where=error.where, hint=error.hint) from error
    digest = sha256_hex(data)
    number = PithNumber.from_digest(digest, int(submitted_at[:4]))
    return tuple.__new__(CanonicalRecord, (*read, fields.raw, data, digest, number))


_Read = tuple[str, str, int, str, str, str, tuple[str, ...], str, str]
"""The fields of a canonical record in the order of `CanonicalRecord`."""


def _read_off(usual: re.Match[str]) -> _Read:
    """Returns the fields of what was signed where that has the shape to the letter."""
    abstract, cross, licence, primary, time, title, source, version = usual.groups()
    cross_categories = () if cross is None else tuple(cross[1:-1].split('","'))
    return "arxiv", source, int(version), time, licence, primary, cross_categories, title, abstract


def _read_parts(fields: Fields) -> _Read:
    fields.exactly(_CANONICAL_KEYS)
    if fields.text("schema_version") != "1.0":
        raise MalformedError(
            f"schema version {fields.raw['schema_version']!r} is not supported; only 1.0 is",
            where=fields.path("schema_version"),
        )
    source = fields.child("source")
    source.exactly(_SOURCE_KEYS)
    metadata = fields.child("metadata")
    metadata.exactly(METADATA_KEYS)
    kind = source.text("kind", _PLAIN)
    return (
        kind,
        source.text("id", ARXIV_ID if kind == "arxiv" else _PLAIN),
        source.integer("version", least=1),
        metadata.text("submitted_at", UTC_TIME),
        metadata.text("license"),
        metadata.text("primary_cat", _PLAIN),
        metadata.texts("cross_cats_sorted"),
        metadata.text("title_canon_sha256", HEX_256),
        metadata.text("abstract_canon_sha256", HEX_256),
    )


def parse_signature(fields: Fields) -> Signature:
    """Parses the fields that receipts, events and bundles sign with.

    Raises:
        MalformedError: a field is missing or of the wrong type.
    """
    key_id, signature = fields.text("key_id", KEY_ID), fields.base64_bytes("signature_b64", 64)
    algorithm, signed_message, status = fields.texts_of("algorithm", "signed_message", "signature_status")
    return Signature(
        key_id=key_id,
        signature=signature,
        algorithm=algorithm,
        signed_message=signed_message,
        status=status,
        fingerprint=fields.optional_text("public_key_fingerprint"),
        signed_at=fields.optional_text("signed_at"),
        where=fields.where,
    )


def parse_receipt(fields: Fields) -> Receipt:
    """Parses a receipt.

    Raises:
        MalformedError: a field is missing or of the wrong type.
    """
    kind, version, digest = fields.texts_of("kind", "receipt_version", "canonical_sha256")
    return Receipt(kind=kind, version=version, digest=digest, signature=parse_signature(fields))


def parse_aliases(fields: Fields, key: str) -> tuple[Alias, ...]:
    """Parses a list of aliases; empty if there is none.

    Raises:
        MalformedError: an entry is not an alias.
    """
    if fields.raw.get(key) is None:
        return ()
    aliases = []
    for index, item in enumerate(fields.items(key)):
        kind, value = (item.get("alias_kind"), item.get("alias_value")) if isinstance(item, dict) else (None, None)
        if not isinstance(kind, str) or not isinstance(value, str):
            entry = Fields(item, f"{fields.path(key)}[{index}]")  # which says what is wrong
            kind, value = entry.text("alias_kind"), entry.text("alias_value")
        aliases.append((kind, value))
    return tuple(aliases)
