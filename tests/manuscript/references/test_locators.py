"""Which papers an entry of a bibliography names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.manuscript.references.locators import locators_in, locators_of

NUMBER = "pith:2026:EL6A4QOTPLYS3LFEIZGOL5QVTM"


@pytest.mark.parametrize(
    ("fields", "papers"),
    [
        ({"eprint": "1604.02957", "archiveprefix": "arXiv"}, ["arXiv:1604.02957"]),
        ({"eprint": "1604.02957", "eprinttype": "arxiv", "eprintclass": "hep-ex"}, ["arXiv:1604.02957"]),
        ({"eprint": "arXiv:1604.02957v2"}, ["arXiv:1604.02957v2"]),
        ({"eprint": "1604.02957 [hep-ex]"}, ["arXiv:1604.02957"]),
        ({"eprint": "hep-ex/0701053", "archiveprefix": "arXiv"}, ["arXiv:hep-ex/0701053"]),
        ({"eprint": "0306383", "archiveprefix": "arXiv", "primaryclass": "math"}, ["arXiv:math/0306383"]),
        ({"eprint": "0306383", "archiveprefix": "math"}, ["arXiv:math/0306383"]),
        ({"eprint": "12345", "archiveprefix": "HAL"}, []),
        ({"eprint": "1604.02957", "archiveprefix": "jstor"}, []),
        ({"eprint": "https://arxiv.org/abs/1604.02957"}, ["arXiv:1604.02957"]),
        ({"doi": "10.48550/arXiv.1604.02957"}, ["arXiv:1604.02957"]),
        ({"doi": "https://doi.org/10.48550/ARXIV.1604.02957"}, ["arXiv:1604.02957"]),
        ({"doi": "10.1103/PhysRevD.104.1234"}, []),
        ({"url": "http://arxiv.org/pdf/math.DS/0306383v3.pdf"}, ["arXiv:math/0306383v3"]),
        ({"url": r"\url{https://export.arxiv.org/abs/1604.02957}"}, ["arXiv:1604.02957"]),
        ({"arxiv": "1604.02957"}, ["arXiv:1604.02957"]),
        ({"journal": "CoRR", "volume": "abs/1604.02957"}, ["arXiv:1604.02957"]),
        ({"journal": "arXiv preprint arXiv:1604.02957"}, ["arXiv:1604.02957"]),
        ({"journal": "arXiv e-prints", "pages": "arXiv:1604.02957"}, ["arXiv:1604.02957"]),
        ({"note": "arXiv preprint 1604.02957"}, ["arXiv:1604.02957"]),
        ({"note": r"{\tt arXiv:}\,1604.02957"}, ["arXiv:1604.02957"]),
        ({"howpublished": "[hep-ex/0701053]"}, ["arXiv:hep-ex/0701053"]),
        ({"journal": "J. Tests", "pages": "1234.5678"}, []),
        ({"abstract": "We extend arXiv:1604.02957."}, []),
        ({"eprint": "1604.02957", "note": "see also arXiv:1309.2357"}, ["arXiv:1604.02957"]),
        ({"eprint": "1604.02957", "url": "https://arxiv.org/abs/1309.2357"}, ["arXiv:1604.02957", "arXiv:1309.2357"]),
        ({"eprint": "1604.02957", "url": "https://arxiv.org/abs/1604.02957v2"}, ["arXiv:1604.02957v2"]),
        ({"note": NUMBER}, [NUMBER]),
        ({"url": "https://pith.science/pith/EL6A4QOTPLYS3LFEIZGOL5QVTM"}, [NUMBER[-26:]]),
        ({"eprint": "2613.01234"}, ["arXiv:2613.01234"]),
    ],
)
def test_the_fields(fields: dict[str, str], papers: list[str]) -> None:
    assert [locator.paper for locator in locators_of(fields)] == papers


def test_an_identifier_that_cannot_be_is_told() -> None:
    assert [locator.can_be for locator in locators_of({"eprint": "2613.01234"})] == [False]
    assert [locator.can_be for locator in locators_of({"eprint": "2612.01234"})] == [True]


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        (r"A. Author. Title. \href {http://arxiv.org/abs/1604.02957} {arXiv:1604.02957}", ["arXiv:1604.02957"]),
        (r"\newblock {\em arXiv preprint arXiv:1604.02957}, 2016.", ["arXiv:1604.02957"]),
        (r"\eprint{hep-th/9711200}, hep-ph/0001002", ["arXiv:hep-th/9711200", "arXiv:hep-ph/0001002"]),
        (r"\doarXiv{1012.5593}", ["arXiv:1012.5593"]),
        (r"J. Tests 1604.02957", []),
        (r"foo/0701053, self-hep-ex/0701053", []),
    ],
)
def test_a_text(text: str, papers: list[str]) -> None:
    assert [locator.paper for locator in locators_in(text)] == papers


@given(st.text(alphabet="arxivARXIV:. /0123456789abspdfpith-{}\\", max_size=400))
def test_any_text_is_read(text: str) -> None:
    assert len(locators_in(text)) <= 20
    assert len(locators_of({"eprint": text, "note": text, "url": text})) <= 20


def test_a_long_text_is_read_in_one_go() -> None:
    assert len(locators_in("arXiv:1604.02957 " + "arxiv" * 20_000 + " " * 20_000)) == 1
