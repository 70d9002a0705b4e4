"""The shape of the signed part, read off its canonical bytes at once or field by field: one and the same."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock

from hypothesis import example, given
from hypothesis import strategies as st

from pithtex.errors import MalformedError
from pithtex.format import record
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
def test_one_shape(changes: dict[str, Any], part: str, key: str, value: object) -> None:
    raw = signing.canonical_record(**changes)
    if key:
        target = raw[part] if part else raw
        target[key] = value
    at_once = parsed(raw)
    with mock.patch.object(record, "_USUAL", re.compile("(?!)")):
        assert parsed(raw) == at_once


def test_records_as_registries_make_them_are_read_at_once() -> None:
    with mock.patch.object(record, "_read_parts", side_effect=AssertionError):
        assert isinstance(parsed(signing.canonical_record()), CanonicalRecord)


def parsed(raw: object) -> object:
    """The record, or what is wrong with it."""
    try:
        return parse_canonical_record(raw, "here")
    except MalformedError as error:
        return error.message, error.where, error.rule
