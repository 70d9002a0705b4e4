"""The abstract in classes, by engines and after a PDF's ways, at a sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matrix.abstracts import SAMPLE, Cell

pytestmark = pytest.mark.tex


@pytest.mark.parametrize("cell", SAMPLE, ids=str)
def test_abstract(cell: Cell, tmp_path: Path) -> None:
    assert cell.fault(cell.compile(tmp_path)) == ""
