"""Texts in which lower-case patterns are looked for."""

from __future__ import annotations

import re
import string

from pithtex.patterns import folded

EVERY = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)


def test_no_letter_is_lost_that_is_found_in_either_case() -> None:
    for letter in (*string.ascii_lowercase, *"àéñöçåłřœ", *"ασςω", *"абяё"):
        found = re.findall(re.escape(letter), EVERY, re.IGNORECASE)
        assert len(found) >= 2
        assert all(folded(letter) in folded(each) for each in found), letter


def test_words_are_found_in_any_spelling() -> None:
    for text in ("CRITICAL", "crİtical", "crıtical", "critiCal", "ﬁrst critical"):
        assert "critical" in folded(text)
    assert "first" in folded("ﬁrſt")
