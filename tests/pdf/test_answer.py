"""What reading pages gives, as JSON and back."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.catalogue import finding
from pithtex.pdf.answer import Answer, decode, encode
from pithtex.pdf.channels.visible import read_visible
from pithtex.pdf.evidence import PageText, TextLine
from tests.forgeries import kit

LINE = TextLine("Text \ud835 \u2028", (0.0, 1.5, 2.0, 3.25), 9.96, "CMR10", 90, "^_", dark=False)
PAGE = PageText(
    1, (0.0, 0.0, 612.0, 792.0), (LINE, LINE), 7, (LINE,), 90, (LINE,), ((1.0, 2.0, 3.0, 4.0),), scanned=True
)
FINDING = finding("channel-damaged", "damaged", where="text", hint="look")
ANSWER = Answer((PAGE,), (FINDING,), ((PAGE,), ()), ("a", "b"), (PAGE,))


@pytest.mark.parametrize("answer", [Answer(), ANSWER])
def test_there_and_back(answer: Answer) -> None:
    assert decode(encode(answer)) == answer


def test_a_real_page() -> None:
    read = read_visible(kit.paper(), [1, 2])
    answer = Answer(read.texts, tuple(read.findings))
    assert decode(encode(answer)) == answer


def leaves(value: object, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    found = [path] if path else []
    for place, item in enumerate(value if isinstance(value, list) else ()):
        found += leaves(item, (*path, place))
    return found


def test_each_part_is_of_its_type() -> None:
    """Whatever stands in the place of a part, it is none."""
    data = encode(ANSWER)
    for path in leaves(json.loads(data)):
        for other in ({}, [[]], 1e400, "\ud800", None, True):
            values = json.loads(data)
            holder = values
            for place in path[:-1]:
                holder = holder[place]
            if type(holder[path[-1]]) is type(other) or (holder[path[-1]], other) == ("look", None):
                continue
            if isinstance(holder[path[-1]], int | float) and isinstance(other, float) and path[-1] != 0:
                continue
            holder[path[-1]] = other
            assert decode(json.dumps(values).encode()) is None or type(other) is float, (path, other)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"[[],[],[],[]]",
        b"[[],[],[],[],[],[]]",
        b"[" * 100_000,
        b"\xff",
        encode(ANSWER)[:-1],
        pickle.dumps(1),
    ],
)
def test_what_is_no_answer(data: bytes) -> None:
    assert decode(data) is None


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert decode(data) is None or json.loads(data)
