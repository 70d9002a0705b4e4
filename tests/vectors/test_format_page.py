"""The tables of docs/reference/format.md are those of docs/schemas."""

from __future__ import annotations

import pytest

from tests.vectors import format_page


def test_the_tables_are_those_of_the_schemas() -> None:
    text = format_page.PAGE.read_text("utf-8")
    assert format_page.page(text) == text, "run python -m tests.vectors.format_page"


@pytest.mark.parametrize(
    ("heading", "schema"), list(format_page.objects()), ids=[name for name, _ in format_page.objects()]
)
def test_each_field_says_what_it_is(heading: str, schema: format_page.Schema) -> None:
    for name, part in schema["properties"].items():
        assert part.get("description") or heading == "Addresses", f"{heading}: {name}"
