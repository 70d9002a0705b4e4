"""How many numbers a PostScript calculator function leaves, whatever it computes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.pdf.appearance.calculator import leaves
from pithtex.pdf.untrusted import OddError


def left_by(program: bytes, inputs: int) -> int | None:
    try:
        return leaves(program, inputs)
    except OddError:
        return None


@pytest.mark.parametrize(
    ("program", "inputs", "left"),
    [
        (b"{dup dup}", 1, 3),
        (b"{pop 0 0 0 1}", 1, 4),
        # As page designers' programs write spot colours.
        (b"{dup 0.84 mul exch 0.00 exch dup 0.44 mul exch 0.21 mul}", 1, 4),
        (b"{\r\n0 exch dup -0.5 mul 1 add exch 2 div\n}\n", 1, 3),
        (b"{dup 0.5 gt {pop 1 1} {0} ifelse}", 1, 2),
        (b"{dup 1 gt {pop 1} if}", 1, 1),
        (b"{2 copy 4 2 roll pop 1 index}", 2, 4),
        (b"{3 -1 roll}", 3, 3),
        (b"{2 exp}", 1, 1),
    ],
)
def test_programs_that_all_compute_alike(program: bytes, inputs: int, left: int) -> None:
    assert leaves(program, inputs) == left


@pytest.mark.parametrize(
    "program",
    [
        b"{3 1 roll}",
        b"{pop pop}",
        b"{dup 0.5 gt {pop 1 1 1} {0} ifelse}",
        b"{dup 0.5 gt {pop} if}",
        b"{dup 0.5 gt}",
        b"{dup true add}",
        b"{1 exch div}",
        b"{0 div}",
        b"{0.5 exp}",
        b"{-1 exp}",
        b"{2 exch exp}",
        b"{dup {0}}",
        b"{dup 1.5 copy}",
        b"{dup index}",
        b"{ln}",
        b"{dup",
        b"{dup} pop",
        b"dup",
        b"{dup}}",
        b"{16#1F}",
        b"{" * 100 + b"}" * 100,
        b"{" + b"dup " * 3000 + b"}",
        b"",
    ],
)
def test_programs_that_readers_may_compute_differently(program: bytes) -> None:
    with pytest.raises(OddError):
        leaves(program, 1)


@given(st.lists(st.sampled_from(["dup", "exch", "pop", "add", "mul", "0.5", "1", "2 copy", "1 index", "2 1 roll"])))
def test_the_count_is_that_of_a_stack(words: list[str]) -> None:
    depth, least = 2, {"dup": 1, "exch": 2, "pop": 1, "add": 2, "mul": 2, "2 copy": 2, "1 index": 2, "2 1 roll": 2}
    change = {"dup": 1, "pop": -1, "add": -1, "mul": -1, "0.5": 1, "1": 1, "2 copy": 2, "1 index": 1}
    fails = False
    for word in words:
        fails = fails or depth < least.get(word, 0)
        depth += change.get(word, 0)
    expected = None if fails or depth > 100 else depth
    assert left_by(f"{{{' '.join(words)}}}".encode(), 2) == expected


@given(st.binary(max_size=200), st.integers(0, 4))
def test_any_bytes_have_an_answer(data: bytes, inputs: int) -> None:
    found = left_by(b"{" + data + b"}", inputs)
    assert found is None or found >= 0
