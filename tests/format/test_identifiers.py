"""Every usual spelling of a name, and what is none."""

from __future__ import annotations

import pytest

from pithtex.errors import UsageError
from pithtex.format.identifiers import ArxivId, parse_identifier
from pithtex.format.number import PithNumber, ShortForm

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


def test_a_likely_number_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        parse_identifier(SUFFIX.replace("O", "0"))
    assert SUFFIX in (caught.value.hint or "")
