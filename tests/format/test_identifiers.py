"""Every usual spelling of a name, and what is none."""

from __future__ import annotations

import pytest

from pithtex.errors import UsageError
from pithtex.format.identifiers import ArxivId, parse_identifier
from pithtex.format.number import PithNumber, ShortForm
from pithtex.pdf.binding.expectation import Expectation

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"pith:2026:{SUFFIX}", PithNumber(SUFFIX, 2026)),
        (SUFFIX.lower(), PithNumber(SUFFIX)),
        (f" pith:{SUFFIX}\n", PithNumber(SUFFIX)),
        (f"https://pith.science/pith/{SUFFIX}", PithNumber(SUFFIX)),
        (f"https://www.pith.science/pith/{SUFFIX}.json", PithNumber(SUFFIX)),
        (f"https://pith.science/pith/{SUFFIX}/bundle.json", PithNumber(SUFFIX)),
        (f"https://pith.science/.well-known/pith/{SUFFIX}/bundle.json", PithNumber(SUFFIX)),
        (f"http://pith.science/pith/{SUFFIX}#r=p1.x", PithNumber(SUFFIX)),
        ("pith:CNPMIFD4", ShortForm("CNPMIFD4")),
        ("cnpmifd42non", ShortForm("CNPMIFD42NON")),
        ("https://pith.science/paper/CNPMIFD4", ShortForm("CNPMIFD4")),
        ("2606.01751", ArxivId("2606.01751")),
        ("arXiv:2606.01751v12", ArxivId("2606.01751", 12)),
        ("0704.0001", ArxivId("0704.0001")),
        ("hep-lat/0305021v2", ArxivId("hep-lat/0305021", 2)),
        ("math.LO/9509208", ArxivId("math/9509208")),
        ("arXiv:cond-mat.str-el/9509208v2", ArxivId("cond-mat/9509208", 2)),
        ("physics.atom-ph/0703001", ArxivId("physics/0703001")),
        ("hep-th/9108001", ArxivId("hep-th/9108001")),
        ("1412.8771", ArxivId("1412.8771")),
        ("1501.00001", ArxivId("1501.00001")),
        ("10.48550/arXiv.2606.01751", ArxivId("2606.01751")),
        ("DOI:10.48550/ARXIV.HEP-LAT/0305021", ArxivId("hep-lat/0305021")),
        ("https://doi.org/10.48550/arxiv.2606.01751v3", ArxivId("2606.01751", 3)),
        ("https://doi.org/10.48550%2FarXiv.2606.01751", ArxivId("2606.01751")),
        ("http://arxiv.org/abs/2606.01751", ArxivId("2606.01751")),
        ("https://www.arxiv.org/pdf/2606.01751v1.pdf", ArxivId("2606.01751", 1)),
        ("https://export.arxiv.org/abs/math/9509208?context=math.LO", ArxivId("math/9509208")),
        ("https://arxiv.org/html/2606.01751v2#S1", ArxivId("2606.01751", 2)),
        ("arxiv.org/abs/2606.01751", ArxivId("2606.01751")),
    ],
)
def test_spellings(text: str, expected: object) -> None:
    assert parse_identifier(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no name",
        "2606.017",
        "2606.01751v0",
        "10.1000/182",
        "https://example.org/abs/2606.01751",
        f"https://example.org/pith/{SUFFIX}",
        f"https://pith.science.example.org/pith/{SUFFIX}",
        "pith:CNPMIFD",
        "pith:CNPMIFD1",
        SUFFIX + "A",
        "２６０６.01751",
        "a/0000000" * 100000,
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_identifier(text)
    assert caught.value.finding.name == "unknown-identifier"
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("2606.1751", "arXiv:2606.01751"),
        ("arXiv:2606.1751v2", "arXiv:2606.01751v2"),
        ("https://arxiv.org/abs/1501.1234", "arXiv:1501.01234"),
        ("1412.01234", "arXiv:1412.1234"),
        ("1412.12345", None),
        ("2613.01751", None),
        ("2600.01751", None),
        ("2660.01751", "arXiv:2606.01751"),
        ("0626.01751", "arXiv:2606.01751"),
        ("0703.0001", None),
        ("2606.00000", None),
        ("math.LO/9513208", None),
        ("math/9590208", "arXiv:math/9509208"),
        ("hep-th/9107001", None),
        ("hep-th/0704001", None),
        ("hep-ht/9509208", "arXiv:hep-th/9509208"),
        ("hepth/9509208", "arXiv:hep-th/9509208"),
        ("he-xx/9509208", None),
    ],
)
def test_identifiers_that_arxiv_cannot_have_given(text: str, likely: str | None) -> None:
    """https://info.arxiv.org/help/arxiv_identifier.html: months, years, digits and archives."""
    for read in (parse_identifier, Expectation.parse):
        with pytest.raises(UsageError) as caught:
            read(text)
        assert "is not an arXiv identifier" in caught.value.message
        assert caught.value.likely == (() if likely is None else (likely,))
        assert (likely or "2606.01751") in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("26O6.01751", "arXiv:2606.01751"),
        ("2606,01751", "arXiv:2606.01751"),
        ("２６０６.01751", "arXiv:2606.01751"),
        ("704.0001", "arXiv:0704.0001"),
        ("hep-th9509208", "arXiv:hep-th/9509208"),
        ("arXiv:2606.01751v1 [cs.PF] 1 Jun 2026", "arXiv:2606.01751v1"),
        ("2606.17", None),
        ("10.1000/182", None),
    ],
)
def test_what_is_nearly_an_identifier(text: str, likely: str | None) -> None:
    for read in (parse_identifier, Expectation.parse):
        with pytest.raises(UsageError) as caught:
            read(text)
        assert caught.value.likely == (() if likely is None else (likely,))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("arXiv:math.LO/9509208", ArxivId("math/9509208")),
        ("arXiv:cond-mat.str-el/9509208v3", ArxivId("cond-mat/9509208", 3)),
        ("https://doi.org/10.48550/arXiv.2606.01751", ArxivId("2606.01751")),
        ("CERN-TH/9509208, arXiv:2606.01751v2", ArxivId("2606.01751", 2)),
        ("2605.00001 and arXiv: 2606.01751", ArxivId("2606.01751")),
        ("see 2606.01751 [cs.PF]", ArxivId("2606.01751")),
        ("CERN-TH/9509208", None),
        ("12606.01751", None),
        ("2606.0175199", None),
        ("a-" * 50_000 + "/9509208", None),
        ("cs." * 50_000, None),
        ("arXiv " * 50_000, None),
    ],
)
def test_identifiers_in_running_text(text: str, found: ArxivId | None) -> None:
    assert ArxivId.find(text) == found


def test_a_likely_number_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        parse_identifier(SUFFIX.replace("O", "0"))
    assert SUFFIX in (caught.value.hint or "")
