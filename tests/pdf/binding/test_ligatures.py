"""Titles whose ligatures were garbled by programs that rewrite fonts."""

from __future__ import annotations

import pytest

from pithtex.pdf.evidence import PageText, TextLine
from tests.pdf.binding import shows_title

TITLE = "Efficient and Offline: Finding What Is Shown in Papers of Many Pages"


def page(title: str) -> PageText:
    lines = [
        TextLine(text=title, rect=(100, 700, 500, 717), size=17, font="F", angle=0),
        *(
            TextLine(text="Words of the text. " * 3, rect=(100, y, 500, y + 10), size=10, font="F", angle=0)
            for y in range(100, 600, 12)
        ),
    ]
    return PageText(page=1, box=(0, 0, 612, 792), lines=tuple(lines), hidden_characters=0)


@pytest.mark.parametrize(
    "shown",
    [
        TITLE,
        TITLE.replace("ffi", "\u6600\ucf00"),  # as Ghostscript 10 writes "ffi" of a font of LuaTeX's
        TITLE.replace("ffi", "\ufffd").replace("ffl", "\ufffd").replace("Fi", "\ufffd"),  # control characters
        TITLE.replace("ff", "\ufffd"),
        TITLE.replace("ffi", " ").replace("ffl", " ").replace("Fi", ""),  # their places are left free
        TITLE.replace("ffi", "\ufb03").replace("ffl", "\ufb04"),
    ],
)
def test_a_title_whose_ligatures_are_garbled_is_shown(shown):
    assert shows_title(TITLE, page(shown)) == shown


@pytest.mark.parametrize(
    "shown",
    [
        TITLE.replace("Efficient", "Deficient"),
        TITLE.replace("ffi", ""),
        TITLE.replace("ff", ""),
        TITLE.replace("ffi", "abcd").replace("ffl", "wxyz"),
        TITLE.replace("ffi", "\u6600\ucf00") + " Considered Harmful",
        "Comment on " + TITLE.replace("ffi", ""),
        TITLE.replace("ffi", "\u6600" * 9),
    ],
)
def test_another_title_is_not_excused_by_ligatures(shown):
    assert shows_title(TITLE, page(shown)) is None
