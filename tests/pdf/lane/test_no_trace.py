"""The law of the fast lane: where it says "no trace", the reader of link, XMP and Info finds nothing of Pith."""

from __future__ import annotations

from pathlib import Path

import pytest

from pithtex.errors import UnreadablePdfError
from pithtex.pdf.channels.table import FROM_OBJECTS
from pithtex.pdf.lane.no_trace import no_trace
from pithtex.pdf.read import read_evidence
from tests.conftest import ROOT

PAPERS = sorted((ROOT / "examples").glob("*/main.pdf"))


def states_nothing(data: bytes) -> bool:
    """Whether the reader of link, XMP and Info opens the file, and finds nothing of Pith in it."""
    try:
        evidence = read_evidence(data, text=False)
    except UnreadablePdfError:
        return False
    return not evidence.links and not any(any(kind.says(evidence.stated)) for kind in FROM_OBJECTS)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.parent.name)
def test_a_paper_with_a_number_has_a_trace(paper: Path) -> None:
    data = paper.read_bytes()
    assert not states_nothing(data)
    assert not no_trace(data)
