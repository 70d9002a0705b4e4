"""What the tests of `latex/pith.sty` are given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.latex import Paper, Result, compile_tex, with_record


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.tex)


@pytest.fixture(name="compile_tex", scope="session")
def compile_tex_fixture() -> Callable[..., Result]:
    return compile_tex


@pytest.fixture(name="with_record", scope="session")
def with_record_fixture() -> Callable[..., str]:
    return with_record


@pytest.fixture(scope="session")
def read_paper() -> Callable[[Path], Paper]:
    return Paper
