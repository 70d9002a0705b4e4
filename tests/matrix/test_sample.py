"""The class matrix in small: compiled anew by real engines, each with all checks of the matrix."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matrix.cases import cases
from tests.matrix.engines import ENGINES, System
from tests.matrix.judge import measure
from tests.matrix.sample import SAMPLE

pytestmark = pytest.mark.tex


@pytest.mark.parametrize(("name", "engine"), SAMPLE)
def test_sample(name: str, engine: str, tmp_path: Path) -> None:
    outcome = measure(cases()[name], ENGINES[engine], System(name="2022", work=tmp_path))
    assert [problem for problem in outcome.problems if problem.explanation is None] == []
    assert outcome.stale == ()
    assert not outcome.not_supported


def test_the_table() -> None:
    """What the documentation promises of the whole matrix."""
    assert len({case.cls.rpartition("{")[2] for case in cases().values()}) >= 45
    unexplained = [case.name for case in cases().values() for text in _reasons(case) if len(text) < 20]
    assert unexplained == []


def _reasons(case: object) -> list[str]:
    return [*case.not_supported.values(), *case.exceptions.values()]  # type: ignore[attr-defined]
