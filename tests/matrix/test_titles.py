"""What authors do to titles, at a sample: the badge is in its place, over nothing, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matrix.titles import SAMPLE, faults

pytestmark = pytest.mark.tex


@pytest.mark.parametrize(("name", "engine"), SAMPLE)
def test_title(name: str, engine: str, tmp_path: Path) -> None:
    assert faults(name, engine, tmp_path) == []
