"""Strict JSON in, canonical bytes out."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

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
from pithtex.limits import MAX_JSON_DEPTH, MAX_JSON_DIGITS

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
    """docs/reference/format.md: the two forms agree on BMP keys, text, booleans, null and integers below 2^53."""
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


def test_a_value_given_as_objects_is_bounded_in_depth() -> None:
    value: Any = 1
    for _ in range(70):
        value = [value]
    with pytest.raises(MalformedError, match="nested deeper"):
        check_value(value)


def test_a_document_of_just_the_size_allowed_is_read() -> None:
    assert parse_json(b'"01234567"', max_bytes=10) == "01234567"
    with pytest.raises(MalformedError, match="11 bytes, and at most 10"):
        parse_json(b'"012345678"', max_bytes=10)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_is_named(mark: bytes) -> None:
    with pytest.raises(MalformedError, match="byte-order mark") as caught:
        parse_json(mark + b"{}")
    assert "UTF-8" in (caught.value.hint or "")


@pytest.mark.parametrize("text", ["1" + "0" * (MAX_JSON_DIGITS - 1), "0." + "0" * (MAX_JSON_DIGITS - 2)])
def test_a_number_of_just_the_digits_allowed_is_read(text: str) -> None:
    assert len(text) == MAX_JSON_DIGITS
    value = parse_json(text.encode())
    assert value == (0.0 if "." in text else 10 ** (MAX_JSON_DIGITS - 1))
    with pytest.raises(MalformedError, match="digits"):
        parse_json(text.encode() + b"0")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"NaN", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"1e400", "1e400 overflows"),
        (b'{"a": 1', "not JSON"),
        (b"\xff", "not UTF-8"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'"\\ud800"', "surrogate"),
        (b'"\\uDBFF"', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b"[" * (MAX_JSON_DEPTH + 1), "nested deeper"),
    ],
)
def test_a_refusal_says_why(data: bytes, says: str) -> None:
    with pytest.raises(MalformedError, match=says):
        parse_json(data)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parse_json(b'["\\ud83d\\ude00", "\\uD83D\\uDE00", "\\ue000", "\xed\x9f\xbf"]') == [
        "\U0001f600",
        "\U0001f600",
        "\ue000",
        "\ud7ff",
    ]


@pytest.mark.parametrize(("value", "where"), [({"a": ["x", "\ud800"]}, "a[1]"), ({"b": {"\udfff": 1}}, "b")])
def test_a_lone_surrogate_has_a_path(value: object, where: str) -> None:
    with pytest.raises(MalformedError, match="surrogate") as caught:
        check_value(value)
    assert caught.value.where == where


def test_a_path_through_a_lone_surrogate_is_printable() -> None:
    with pytest.raises(MalformedError, match="surrogate") as caught:
        check_value(["x", {"\u00e9": "\ud800"}])
    assert caught.value.where == "[1].?"


@pytest.mark.parametrize(
    ("value", "where", "says"),
    [
        ({"a": [{1: 2}]}, "a[0]", "not text"),
        ({"a": {"b": float("inf")}}, "a.b", "finite"),
        ([1, float("nan")], "[1]", "finite"),
        ({"a": b"x"}, "a", "bytes is not JSON type"),
        ((1,), "(document)", "tuple is not JSON type"),
    ],
)
def test_a_value_at_fault_has_a_path(value: object, where: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says) as caught:
        check_value(value)
    assert caught.value.where == where


def test_every_json_type_passes() -> None:
    check_value({"a": [None, True, False, 0, -1, 1.5, "x", "", [], {}]})


@pytest.mark.parametrize("wrap", [lambda inner: {"aaaa": inner}, lambda inner: [inner]])
def test_a_value_of_just_the_depth_allowed_passes(wrap: Callable[[Any], Any]) -> None:
    value: Any = 1
    for _ in range(MAX_JSON_DEPTH):
        value = wrap(value)
    check_value(value)
    with pytest.raises(MalformedError, match="nested deeper") as caught:
        check_value({"first": value})
    assert caught.value.where.startswith("first")
    assert len(caught.value.where) <= 200


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_document_of_just_the_depth_allowed_is_read(opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"
    parse_json(opening * MAX_JSON_DEPTH + b"1" + closing * MAX_JSON_DEPTH)
    with pytest.raises(MalformedError, match="nested deeper"):
        parse_json(opening * (MAX_JSON_DEPTH + 1) + b"1" + closing * (MAX_JSON_DEPTH + 1))


def test_a_wide_document_is_not_deep() -> None:
    wide: list[Any] = [{"a": [{}]}] * (2 * MAX_JSON_DEPTH)
    assert parse_json(json.dumps(wide).encode()) == wide
    with pytest.raises(MalformedError, match="not JSON"):
        parse_json(b"[" * MAX_JSON_DEPTH + b"[]," * MAX_JSON_DEPTH)


def test_fragile_values_are_named_with_reasons() -> None:
    value = {
        "a": 2**53,
        "b": 2**53 - 1,
        "c": True,
        "d": 0.5,
        "e": {"\uffff": 1},
        "f": {"x\U00010000": {}},
        "g": {"": 1},
    }
    assert sorted(fragile_values(value)) == [
        ("a", "an integer of 2^53 or more"),
        ("d", "a number that is not an integer"),
        ("f", "a key outside the Basic Multilingual Plane"),
    ]


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, "\udfff", {("a",): 1}])
def test_what_has_no_canonical_form_is_malformed_with_a_reason(value: object) -> None:
    with pytest.raises(MalformedError, match=r"canonical JSON cannot hold|cannot be written in UTF-8"):
        canonical_bytes(value)


def test_a_title_is_recognised_in_every_form() -> None:
    def digest_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    assert title_matches("\u00c9t\u00e9", digest_of("e\u0301te\u0301"))  # NFD
    assert title_matches("E\u0301te\u0301", digest_of("\u00e9t\u00e9"))  # NFC
    assert title_matches("\ufb01ne \u00c9", digest_of("fine \u00e9"))  # NFKC
    assert title_matches("\ufb01ne \u00c9", digest_of("fine e\u0301"))  # NFKD
    assert title_matches("E\u0301 STRASSE\u00df", digest_of("\u00e9 strasse\u00df"))  # lower-cased, not folded
    assert title_matches("E\u0301 STRASSE\u00df", digest_of("\u00e9 strassess"))  # folded
    assert not title_matches("\u00c9t\u00e9", digest_of("\u00c9T\u00c9"))
    assert not title_matches("A TITLE", digest_of("A TITLE"))


def test_a_title_with_a_lone_surrogate_is_no_title_and_no_crash() -> None:
    assert not title_matches("A title \ud800", "0" * 64)
    assert title_matches("A \udfff", hashlib.sha256(b"a \xed\xbf\xbf").hexdigest())


def test_the_digits_of_a_number_are_bounded_where_python_does_not_bound_them() -> None:
    script = (
        "from pithtex.format.canonical import parse_json\n"
        "from pithtex.errors import MalformedError\n"
        f"assert parse_json(b'9' * {MAX_JSON_DIGITS}) == 10**{MAX_JSON_DIGITS} - 1\n"
        "try:\n"
        f"    parse_json(b'9' * {MAX_JSON_DIGITS + 1})\n"
        "except MalformedError as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, "-X", "int_max_str_digits=0", "-c", script]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == f"a number of more than {MAX_JSON_DIGITS} digits\n"


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (b"\xef\xbb\xbf{}", "starts with a byte-order mark", "save the file as UTF-8 without one"),
        (b'{"a":"\xff"}', "not UTF-8", None),
        (b'{"a":1,"a":2}', "the key occurs twice in one object", None),
        (b'{"a":"\\ud800"}', "a lone surrogate", None),
        (b"9" * (MAX_JSON_DIGITS + 1), "a number with too many digits", None),
    ],
)
def test_what_is_said_of_json_that_is_refused(data: bytes, message: str, hint: str | None) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_json(data)
    assert (caught.value.message, caught.value.hint) == (message, hint)
