"""Ink beside a title on a sheet of two pages."""

from __future__ import annotations

import pytest

from pithtex.pdf.binding.unread import unread_words
from pithtex.pdf.evidence import TextLine

SHEET, PAGE = (0.0, 0.0, 842.0, 595.0), (0.0, 0.0, 595.0, 842.0)
TITLE = TextLine("Counting Pebbles in Shallow Water", (74.0, 474.0, 346.0, 486.0), 11.0, "CMR12", 0)


@pytest.mark.parametrize(
    ("ink", "box", "read"),
    [
        ((473.0, 475.0, 583.0, 490.0), SHEET, False),
        ((473.0, 475.0, 583.0, 490.0), PAGE, True),
        ((473.0, 475.0, 683.0, 490.0), SHEET, True),
        ((360.0, 475.0, 420.0, 490.0), SHEET, True),
    ],
    ids=["a figure of the other page", "on a page of its own", "a title of the other page", "beside the title"],
)
def test_ink_in_a_titles_row(
    ink: tuple[float, float, float, float], box: tuple[float, float, float, float], read: bool
) -> None:
    assert unread_words([TITLE], [ink], [TITLE], box) is read
