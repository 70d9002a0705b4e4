"""The page on the speed of audits shows the figures that were measured."""

from __future__ import annotations

import json

from tests.audit.scaling import FIGURES, PAGE, picture, table


def test_the_page_has_the_figures() -> None:
    found = json.loads(FIGURES.read_text())
    assert table(found) in (PAGE / "performance-audit.md").read_text()
    assert picture(found) == (PAGE / "performance-audit.svg").read_text()


def test_time_grows_with_the_files_and_memory_does_not() -> None:
    rows = json.loads(FIGURES.read_text())["rows"]
    (small, _), *_, (large, _) = rows
    assert large["files"] >= 100 * small["files"]
    assert large["cpu"] / large["files"] < 1.2 * small["cpu"] / small["files"]
    assert large["driver_mb"] < small["driver_mb"] + 64
