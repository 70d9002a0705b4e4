"""Texts shortened, and compared by edits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pithtex.text import edits, nearest, shortened

SHORT = st.text(alphabet="ABC", max_size=6)


def test_a_text_is_cut_to_its_limit_with_the_mark_inside() -> None:
    assert shortened("x" * 80) == "x" * 80
    assert shortened("x" * 81) == "x" * 77 + "..."
    assert shortened("x" * 11, 10, "…") == "x" * 9 + "…"


def test_what_one_edit_is() -> None:
    assert [edits("ABCD", other) for other in ("ABCD", "ABC", "ABCDE", "ABXD", "ACBD", "BADC")] == [0, 1, 1, 1, 1, 2]
    assert edits("CA", "ABC") == 3  # what was swapped is not edited once more


@given(SHORT, SHORT)
def test_the_law_of_edits(one: str, other: str) -> None:
    """None where they are one, as many either way, between the difference of the lengths and the longer length."""
    count = edits(one, other)
    assert (count == 0) == (one == other)
    assert count == edits(other, one)
    assert abs(len(one) - len(other)) <= count <= max(len(one), len(other))


def test_the_nearest() -> None:
    assert nearest("math", ["maths", "nath", "cs"], most=1) == ["maths", "nath"]
    assert nearest("math", ["maths", "math"], most=1) == ["math"]
    assert nearest("math", ["cs"], most=1) == []
