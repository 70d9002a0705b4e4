"""The unsigned parts of documents: where they stand, and the types that docs/reference/format.md gives their fields.

Absent and null state nothing. A field of another type makes the document malformed, whatever else is in it.
"""

from __future__ import annotations

from typing import Final

from pithtex.format.fields import Fields, Json
from pithtex.structs import NamedTuple

SNAPSHOTS: Final = ("claims", "references", "author_claims", "formal_canon", "integrity")
"""Parts of a snapshot that may state a digest (docs/reference/format.md, "Snapshots")."""

LINKED: Final = ("links", "agent_actions")
"""Parts that hold addresses, by name, and objects of such (docs/reference/format.md, "The record document")."""

OWN_ADDRESSES: Final = frozenset(
    {
        *("html", "json", "graph_json", "events_json", "paper", "resolver", "bundle", "state", "well_known_bundle"),
        *("view_html", "download_json", "view_paper", "resolve_alias", "fetch_graph", "fetch_events"),
        *("anchor_timestamp", "attest_storage", "attest_author", "sign_citation", "submit_replication"),
    }
)
"""Names of addresses that lead to this record; one of another name (an earlier version's, say) may lead elsewhere."""


class Part(NamedTuple):
    """An unsigned part of a document: the object and its JSON path."""

    raw: Json
    where: str


def copies_in(fields: Fields, name: str) -> tuple[Part, ...]:
    """Returns the part of that name, or none.

    Raises:
        MalformedError: it is not an object.
    """
    raw = fields.raw.get(name)
    if raw is None:
        return ()
    where = f"{fields.where}.{name}" if fields.where else name
    return (Part(raw if isinstance(raw, dict) else fields.child(name).raw, where),)


def snapshot_in(fields: Fields, name: str) -> Fields | None:
    """Returns the snapshot of that name, each of its parts of its type; None if there is none.

    Raises:
        MalformedError: it is not an object, or a part is of another type.
    """
    snapshot = fields.optional_child(name)
    if snapshot is not None:
        for part in SNAPSHOTS:
            raw = snapshot.raw.get(part)
            if raw is not None and not (
                isinstance(raw, dict) and isinstance(raw.get("snapshot_sha256"), _TEXT_OR_NULL)
            ):
                snapshot.child(part).optional_text("snapshot_sha256")  # which says what is wrong
    return snapshot


_TEXT_OR_NULL: Final = (str, type(None))


def title_in(papers: tuple[Part, ...]) -> tuple[str | None, str]:
    """Returns the first title that the copies of a paper's metadata state, or None, and its JSON path.

    Raises:
        MalformedError: a title is not text.
    """
    found = None
    for raw, where in papers:
        title = raw.get("title")
        if title is not None and not isinstance(title, str):
            title = Fields(raw, where).text("title")  # which says so
        if found is None and title is not None:
            found = title, f"{where}.title"
    return found or (None, f"{papers[0].where}.title" if papers else "paper.title")


def own_addresses(fields: Fields) -> tuple[str, ...]:
    """Returns the addresses below `links` and `agent_actions` that lead to this record.

    Raises:
        MalformedError: one of the two is not an object, or such an address is not text.
    """
    found: list[str] = []
    for outer in LINKED:
        part = fields.raw.get(outer)
        if part is not None:
            _collect(part if isinstance(part, dict) else fields.child(outer).raw, outer, found, inside=True)
    return tuple(found)


def _collect(part: Json, where: str, found: list[str], *, inside: bool) -> None:
    for name, item in part.items():
        if isinstance(item, str):
            if name in OWN_ADDRESSES:
                found.append(item)
        elif name in OWN_ADDRESSES:
            Fields(part, where).optional_text(name)  # null states nothing; of anything else it says what it is
        elif inside and isinstance(item, dict):
            _collect(item, f"{where}.{name}", found, inside=False)
