"""Integrity reports, typed: what they claim, nothing proven (docs/reference/format.md, "Snapshots").

Keys that begin with `_` were added by whoever collected the report. Its `pith_number` holds an arXiv id.
"""

from __future__ import annotations

from typing import Final

from pithtex.errors import MalformedError
from pithtex.format.fields import HEX_256, KEY_ID, Json
from pithtex.format.made import made
from pithtex.format.record import Source, load_kind, name_of
from pithtex.notebook import html_table, short_repr
from pithtex.structs import struct

SCHEMA: Final = "https://pith.science/schemas/pith-integrity/v1.json"
EVENT_TYPE: Final = "pith.integrity.v1"


@struct
class IntegrityEvent:
    """One signed event of a report, as claimed."""

    event_type: str
    payload_sha256: str
    signature: bytes
    """64 bytes."""
    key_id: str
    where: str


@struct(repr=False)
class IntegrityReport:
    """A report on one arXiv paper, as claimed.

    As those of a bundle, its fields always follow from `document`.

    Raises:
        MalformedError: a field does not follow from `document`.
    """

    arxiv_id: str
    integrity: Json
    events: tuple[IntegrityEvent, ...]
    collected: tuple[str, ...]
    """Keys that whoever collected the report has added."""
    document: Json

    def __post_init__(self) -> None:
        if load_integrity_report(self.document) != self:
            raise MalformedError("the fields of this report are not those of its document", where="document")

    def __reduce__(self) -> tuple[object, ...]:
        return load_integrity_report, (self.document,)

    def __hash__(self) -> int:
        return hash((self.arxiv_id, self.events))

    def __repr__(self) -> str:
        return short_repr(self, *(text for _, text in self._told))

    def _repr_html_(self) -> str:
        return html_table("Integrity report, not verified", self._told)

    @property
    def _told(self) -> tuple[tuple[str, str], ...]:
        return ("paper", name_of("arxiv", self.arxiv_id)), ("events", f"{len(self.events)} signed")


def is_integrity_report(document: Json) -> bool:
    """Tells whether a document says of itself that it is a report."""
    return document.get("schema") == SCHEMA


def load_integrity_report(data: Source) -> IntegrityReport:
    """Parses a report; its events stand under `events`, or `_events_visible` in a collected one.

    Raises:
        MalformedError: not a report; `where` is the JSON path.
    """
    fields = load_kind(data, "schema", SCHEMA)
    arxiv_id = fields.text("arxiv_id")
    stated = fields.optional_text("pith_number")
    if stated not in {None, arxiv_id}:
        message = f"{stated!r}, and arxiv_id is {arxiv_id!r}: in a report both are the arXiv id"
        raise MalformedError(message, where="pith_number")
    key = "_events_visible" if fields.raw.get("events") is None else "events"
    integrity = fields.child("integrity")
    integrity.optional_text("snapshot_sha256")
    return made(
        IntegrityReport,
        arxiv_id=arxiv_id,
        integrity=integrity.raw,
        events=tuple(
            IntegrityEvent(
                event_type=item.text("event_type"),
                payload_sha256=item.text("payload_sha256", HEX_256),
                signature=item.base64_bytes("signature_b64", 64),
                key_id=item.text("signing_key_id", KEY_ID),
                where=item.where,
            )
            for item in fields.optional_children(key)
        ),
        collected=tuple(sorted(name for name in fields.raw if name.startswith("_"))),
        document=fields.raw,
    )
