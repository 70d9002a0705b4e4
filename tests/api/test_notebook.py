"""docs/reference/python.ipynb: a kernel runs its cells, and they give what it shows."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from tests.make_notebook import NOTEBOOK, run, written


@pytest.fixture(scope="module")
def committed() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def made() -> Any:
    return run(written())


def test_the_notebook_is_what_its_cells_give(committed: Any, made: Any) -> None:
    nbformat.validate(committed)
    assert nbformat.writes(committed) == nbformat.writes(made), "python -m tests.make_notebook"


def test_every_result_has_a_form_for_notebooks_and_nothing_in_it_is_markup(made: Any) -> None:
    shown = [output.get("data", {}) for cell in made.cells for output in cell.get("outputs", ())]
    html = [data["text/html"] for data in shown if "text/html" in data]
    assert len(html) >= 6
    assert any("&lt;script&gt;" in text for text in html)
    assert not any("<script" in text for text in html)
