"""Strict JSON in, canonical bytes out."""

from __future__ import annotations

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pithtex.errors import MalformedError
from pithtex.format.canonical import (
    canonical_bytes,
    check_value,
    digest,
    fragile_values,
    parse_json,
    title_digest,
    title_matches,
)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # Where this form and RFC 8785 part: keys by code point, numbers as Python prints them.
        ({"\U0001f600": 1, "\ufb33": 2}, '{"\ufb33":2,"\U0001f600":1}'),
        (1.0, "1.0"),
        (1e16, "1e+16"),
        (0.000001, "1e-06"),
        (1e-7, "1e-07"),
        (-0.0, "-0.0"),
        (2**53, "9007199254740992"),
        (10**30, "1" + "0" * 30),
        # And where they agree.
        ({"b": [True, None], "a": "\u2028/\x7f\u00e9"}, '{"a":"\u2028/\x7f\u00e9","b":[true,null]}'),
        ('\x00\x1f\n"\\', '"\\u0000\\u001f\\n\\"\\\\"'),
        ("e\u0301", '"e\u0301"'),
    ],
)
def test_canonical_form(value: object, expected: str) -> None:
    assert canonical_bytes(value) == expected.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"a": {1, 2}}, {("a",): 1}])
def test_what_has_no_canonical_form(value: object) -> None:
    with pytest.raises(MalformedError):
        canonical_bytes(value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (b'{"a": {"b": 1, "c": 2, "b": 3}}', "a.b"),
        (b'[{"x": 0}, {"k": 1, "k": 1}]', "[1].k"),
        (b'{"a": [1, "\\ud800"]}', "a[1]"),
        (b'{"a": [1,\n 2,,]}', "line 2, column 4"),
        (b'[{"a": 1, "a": 2}, x]', "line 1, column 20"),
        (b'{"a": "\xff"}', "byte 8"),
    ],
)
def test_errors_say_where(text: bytes, where: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_json(text)
    assert caught.value.where == where


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b'{"a": 1',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"NaN",
        b"[-Infinity]",
        b"1e400",
        b"-1e999999999",
        b"9" * 5000,
        b"1." + b"0" * 5000,
        b"[" * 65 + b"]" * 65,
        b"[" * 100_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b'[{"a":' * 32 + b"[]" + b"}]" * 32,
        b'[{"a": 1, "a": 2}, ' + b"9" * 5000 + b"]",
        b'{"a": 1, "a": ' + b"9" * 5000 + b"}",
        b"{} {}",
        b"{'a': 1}",
        b'{"a": 01}',
        b"\x00",
    ],
)
def test_refused(text: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_json(text)


def test_brackets_in_text_are_no_depth() -> None:
    assert parse_json(json.dumps({"a": "[{" * 200}).encode()) == {"a": "[{" * 200}
    assert parse_json(b"[" * 64 + b"]" * 64) != []
    closing = b'["]",' * 70 + b"1" + b"]" * 70
    with pytest.raises(MalformedError, match="nested deeper"):
        parse_json(closing)
    with pytest.raises(MalformedError, match="nested deeper"):
        parse_json(b'["\\"]",' * 70 + b"1" + b"]" * 70)


@given(st.integers(0, 80), st.lists(st.sampled_from(["[", "]", "{", "}", '\\"', "a"])))
def test_depth_is_counted_outside_of_strings(depth: int, noise: list[str]) -> None:
    text = '["' + "".join(noise) + '",'
    document = (text * depth + "1" + "]" * depth).encode()
    if depth <= 64:
        parse_json(document)
    else:
        with pytest.raises(MalformedError, match="nested deeper"):
            parse_json(document)


def test_size_is_bounded() -> None:
    with pytest.raises(MalformedError, match="at most 10 are read"):
        parse_json(b'"0123456789"', max_bytes=10)


@given(JSON_VALUES)
def test_what_is_written_canonically_reads_back(value: object) -> None:
    """The canonical bytes of a value parse, strictly, to a value with the same canonical bytes."""
    try:
        data = canonical_bytes(value)
    except MalformedError:
        return
    assert canonical_bytes(parse_json(data)) == data
    check_value(value)


@given(st.binary(max_size=60))
def test_any_bytes_parse_or_are_malformed(data: bytes) -> None:
    try:
        value = parse_json(data)
    except MalformedError:
        return
    assert canonical_bytes(value) == canonical_bytes(json.loads(data))


@pytest.mark.parametrize("value", [{1: 2}, {"a": object()}, {"a": float("inf")}, {"a": b"x"}, {"a": "\udfff"}])
def test_a_value_is_held_to_the_same_rules(value: object) -> None:
    with pytest.raises(MalformedError):
        check_value(value)


def test_title_digest_folds_case_and_white_space_alone() -> None:
    assert title_digest(" A  Title:\n$x$ ") == hashlib.sha256(b"a title: $x$").hexdigest()
    assert title_digest("Title") != title_digest("Title.")


def test_title_of_an_open_normal_form_is_recognised() -> None:
    assert title_matches("Poincare\u0301", title_digest("Poincar\u00e9"))
    assert title_matches("STRASSE \u00df", hashlib.sha256(b"strasse ss").hexdigest())
    assert not title_matches("Poincar\u00e8", title_digest("Poincar\u00e9"))


def test_digest_is_of_the_canonical_bytes() -> None:
    assert digest({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()


SAFE_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(SAFE_VALUES)
def test_rfc_8785_agrees_where_nothing_is_fragile(value: object) -> None:
    """docs/format.md: the two forms agree on BMP keys, text, booleans, null and integers below 2^53."""
    assert canonical_bytes(value) == rfc8785.dumps(value)
    assert list(fragile_values(value)) == []


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": [1.5]}, "a[0]"),
        ({"a": 2**53}, "a"),
        ({"a": -(2**53)}, "a"),
        ({"a": {"\U0001f600": 1}}, "a"),
        (1.0, "(document)"),
    ],
)
def test_fragile_values_are_named(value: object, path: str) -> None:
    assert [where for where, _ in fragile_values(value)] == [path]
