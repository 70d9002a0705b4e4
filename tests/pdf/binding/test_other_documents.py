"""Words of other documents: each is found by letters that it always has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.patterns import folded
from pithtex.pdf.binding import other_documents
from pithtex.pdf.binding.other_documents import other_document

ROWS = other_documents._rows()


@given(st.data())
def test_no_text_with_one_of_the_words_is_without_its_letters(data: st.DataObject) -> None:
    letters, form = data.draw(st.sampled_from(ROWS))
    text = data.draw(st.from_regex(re.compile(form)))
    assert letters in text
    assert len(letters) >= 3


def test_each_word_is_one_alternative() -> None:
    """A bracket that is not closed, or a bar without spaces around it, would join two words."""
    for letters, form in ROWS:
        re.compile(form)
        outside = re.sub(r"\((?:[^()]|\([^()]*\))*\)", "", form.removeprefix(r"\b(?:").removesuffix(r")\b"))
        assert "|" not in outside, form
        assert letters == folded(letters), letters


@pytest.mark.parametrize(
    "line",
    [
        "Comment on",
        "A RESPONSE TO",
        "Our reply",
        "Rapport du relecteur 2",
        "Supplementary Material",
        "Supplément",
        "S u p p l e m e n t a r y",
        "Réponse aux rapporteurs",
        "Slides for",
        "Peer review",
        "补充材料",
        "Corrigendum",
        "Résumé de",
    ],
)
def test_a_line_that_makes_another_document(line: str) -> None:
    assert other_document(line, "On the Shape of Things")


@pytest.mark.parametrize(
    "line",
    [
        "Quqing Xiao and Jana Repling",
        "Department of Supply Management",
        "Comments are welcome",
        "Reprinted with corrections",
        "Slides of mine are on a page of their own",
        "A peer review of nothing in particular and everything",
        "Journal of Applied Things",
    ],
)
def test_a_line_that_does_not(line: str) -> None:
    assert not other_document(line, "On the Shape of Things")
