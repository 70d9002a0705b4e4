"""Record documents, as claimed: the shape of the signed part, and where what is of another form stands."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from pithtex.errors import MalformedError
from pithtex.format.canonical import canonical_bytes
from pithtex.format.record import CanonicalRecord, parse_canonical_record
from tests import signing

ODD = st.sampled_from(
    [
        *("", 'a"b', "a\\b", "a\nb", '","', "é", "\x7f", "a b", "x" * 201, "\u2028"),
        None,
        True,
        1,
        0,
        -1,
        1.0,
        [],
        {},
        10**12,
    ]
)
USUAL = {
    "cross_cats_sorted": st.lists(st.sampled_from(["cs.AI", "cs.LG", "math.NT", 'a","b', "", "é"]), max_size=3),
    "license": st.text(max_size=12),
    "primary_cat": st.from_regex(r"[a-z-]{1,8}(\.[A-Z]{2})?", fullmatch=True) | st.text(max_size=4),
    "submitted_at": st.datetimes().map(lambda moment: moment.isoformat() + "Z") | st.just("2026-02-30T00:00:00Z"),
    "id": st.sampled_from(["2606.01751", "0704.0001", "hep-th/9901001", "math.NT/0301001", "2606.1", "10.1/x"]),
    "kind": st.sampled_from(["arxiv", "doi"]),
    "version": st.integers(-1, 12),
    "title_canon_sha256": st.sampled_from(["0" * 64, "f" * 63, "F" * 64]),
}
FIELDS = st.fixed_dictionaries({}, optional={name: usual | ODD for name, usual in USUAL.items()})


@given(FIELDS, st.sampled_from(["", "metadata", "source"]), st.sampled_from(["", "extra", "schema_version", "id"]), ODD)
@example({}, "", "", "")
@example({"license": 'a"b', "primary_cat": 'a"b'}, "", "", "")
def test_the_signed_part_is_read_as_it_stands_or_refused(
    changes: dict[str, Any], part: str, key: str, value: object
) -> None:
    raw = signing.canonical_record(**changes)
    if key:
        target = raw[part] if part else raw
        target[key] = value
    found = parsed(raw)
    if isinstance(found, MalformedError):
        assert found.rule == "record-shape"
        assert found.where.startswith("here")
        return
    source, metadata = raw["source"], raw["metadata"]
    assert found.data == canonical_bytes(raw)
    assert (found.source_kind, found.source_id, found.source_version) == (
        source["kind"],
        source["id"],
        source["version"],
    )
    assert (found.license, found.primary_category) == (metadata["license"], metadata["primary_cat"])
    assert list(found.cross_categories) == metadata["cross_cats_sorted"]
    assert found.submitted_at == metadata["submitted_at"]
    assert found.title_sha256 == metadata["title_canon_sha256"]
    assert found.abstract_sha256 == metadata["abstract_canon_sha256"]


def parsed(raw: object) -> CanonicalRecord | MalformedError:
    """The record, or what is wrong with it."""
    try:
        return parse_canonical_record(raw, "here")
    except MalformedError as error:
        return error
