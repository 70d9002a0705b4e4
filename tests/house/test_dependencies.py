"""docs/reference/dependencies.md: a line for each library that the program may load, and none for another."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "reference" / "dependencies.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DEVELOPMENT = {"bench", "dev", "fuzz", "release"}
"""Extras of those who work on pithtex; the page tells of them in a paragraph."""


def name_of(requirement: str) -> str:
    return re.split(r"[ <>=!~;\[]", requirement, maxsplit=1)[0]


EXTRAS = {name: needed for name, needed in PROJECT["optional-dependencies"].items() if name not in DEVELOPMENT}
WANTED = {name_of(item) for needed in (PROJECT["dependencies"], *EXTRAS.values()) for item in needed}
ROWS = {
    name_of(row[0]): row
    for line in re.findall(r"^\| (?!package)(.+) \|$", PAGE, re.MULTILINE)
    if len(row := [cell.strip() for cell in line.split(" | ")]) == 6
}


def test_each_has_its_line_and_each_line_its_dependency() -> None:
    assert ROWS.keys() == WANTED


@pytest.mark.parametrize("name", sorted(WANTED))
def test_the_size_is_about_what_is_installed(name: str) -> None:
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    paths = [file.locate() for file in files if file.suffix != ".pyc"]
    size = sum(path.stat().st_size for path in paths if path.is_file()) / 1e6  # type: ignore[attr-defined]
    stated = float(ROWS[name][4])
    assert size / 2 - 0.1 < stated < size * 2 + 0.1, f"{name} has {size:.1f} MB"


@pytest.mark.parametrize("name", sorted(WANTED))
def test_the_least_version_is_that_of_the_project(name: str) -> None:
    """Where the line names one."""
    stated = re.search(r"≥ ([0-9.]+)", ROWS[name][0])
    needed = next(
        item for items in (PROJECT["dependencies"], *EXTRAS.values()) for item in items if name_of(item) == name
    )
    assert stated is None or f">={stated[1]}" in needed
