"""The page on the speed of audits shows the figures that were measured."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.bench.audit import FIGURES, PAGE, page, picture


@pytest.fixture
def found() -> Any:
    return json.loads(FIGURES.read_text())


def test_the_page_has_the_figures(found: Any) -> None:
    python = re.compile(r"Python [0-9.]+")
    assert python.sub("", page(found)) == python.sub("", (PAGE / "performance-audit.md").read_text())
    assert picture(found) == (PAGE / "performance-audit.svg").read_text()


def test_time_grows_with_the_files_and_memory_does_not(found: Any) -> None:
    (small, _), *_, (large, _) = found["growth"]["rows"]
    assert large["files"] >= 100 * small["files"]
    assert large["cpu"] / large["files"] < 1.2 * small["cpu"] / small["files"]
    assert large["driver_mb"] < small["driver_mb"] + 64
