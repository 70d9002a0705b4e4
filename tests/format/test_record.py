"""Record documents, as claimed: the shape of the signed part, and where what is of another form stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import pithtex
from pithtex.errors import MalformedError
from pithtex.format import record as record_module
from pithtex.format.canonical import canonical_bytes
from pithtex.format.fields import Fields
from pithtex.format.record import CanonicalRecord, parse_canonical_record
from tests import signing
from tests.forgeries.test_records import put
from tests.verification.examined import Document

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
    usual = record_module._USUAL.fullmatch(canonical_bytes(raw).decode())
    if usual is not None:
        # No form passes that its field has not.
        assert record_module._read_off(usual) == record_module._read_parts(Fields(raw, "here"))
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


@pytest.mark.parametrize(
    ("path", "value", "where", "says"),
    [
        ("aliases", [{"alias_kind": "doi", "alias_value": "x"}, 1], "aliases[1]", "expected an object"),
        ("aliases", [{"alias_value": "x"}], "aliases[0]", "'alias_kind' is missing"),
        ("aliases", [{"alias_kind": "doi", "alias_value": 1}], "aliases[0].alias_value", "expected text"),
        ("aliases", {}, "aliases", "expected a list"),
        ("paper", [], "paper", "expected an object"),
        (
            "canonical_record.metadata.cross_cats_sorted",
            ["cs.AI", 1],
            "canonical_record.metadata.cross_cats_sorted[1]",
            "expected text",
        ),
        ("canonical_record.source.version", 0, "canonical_record.source.version", "less than 1"),
    ],
)
def test_a_part_of_another_form_is_named(path: str, value: object, where: str, says: str, record: Document) -> None:
    put(path, value)(record)
    with pytest.raises(MalformedError, match=says) as caught:
        pithtex.load_record(record)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("source", "kind", "a kind"),
        ("source", "id", "2606.1"),
        ("metadata", "primary_cat", "cs lg"),
        ("metadata", "primary_cat", ""),
        ("metadata", "title_canon_sha256", "A" * 64),
        ("metadata", "abstract_canon_sha256", "0" * 63),
        ("metadata", "submitted_at", "2026-06-01"),
    ],
)
def test_what_is_signed_has_its_form_in_each_field(part: str, key: str, value: str) -> None:
    canonical = signing.canonical_record()
    canonical[part][key] = value
    with pytest.raises(MalformedError) as caught:
        parse_canonical_record(canonical, "canonical_record")
    assert (caught.value.rule, caught.value.where) == ("record-shape", f"canonical_record.{part}.{key}")


def test_a_key_id_of_another_form_is_malformed() -> None:
    document = signing.record_document()
    document["receipt"]["key_id"] = "a key"
    with pytest.raises(MalformedError, match="not of the form") as caught:
        pithtex.load_record(document)
    assert caught.value.where == "receipt.key_id"


def test_a_record_tells_when_it_says_it_was_signed() -> None:
    document = signing.record_document()
    document["receipt"]["signed_at"] = "2026-06-02T00:00:00Z"
    receipt = pithtex.load_record(document).receipt
    assert receipt is not None
    assert receipt.signature.signed_at == "2026-06-02T00:00:00Z"


def test_objects_are_held_to_json_as_bytes_are() -> None:
    with pytest.raises(MalformedError, match="not a finite number") as caught:
        pithtex.load_record({**signing.record_document(), "extra": [float("nan")]})
    assert caught.value.where == "extra[0]"


@pytest.mark.parametrize("key", ["kind", "receipt_version", "canonical_sha256", "algorithm", "signature_status"])
def test_a_receipts_fields_are_text(key: str) -> None:
    document = signing.record_document()
    document["receipt"][key] = 1
    with pytest.raises(MalformedError, match="expected text, found a number") as caught:
        pithtex.load_record(document)
    assert caught.value.where == f"receipt.{key}"
