"""The plan of the house is what stands there: docs/explanation/architecture.md, picture, index, decisions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.rooms import FOUNDATION, PACKAGE, PICTURE, ROOT, arrows, drawn, inner_arrows, needed

DOCS = ROOT / "docs"
ROOMS = sorted(path.parent for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


def test_the_picture_shows_the_imports() -> None:
    """`make rooms` draws it."""
    assert drawn(PICTURE.read_text("utf-8")) == needed(arrows())


def test_no_room_imports_the_command_line() -> None:
    assert [room for room, targets in arrows().items() if "cli" in targets] == []


@pytest.mark.parametrize("room", sorted(set(arrows()) - {FOUNDATION}))
def test_what_stands_in_a_room_imports_in_no_circle(room: str) -> None:
    needed(inner_arrows(room))  # which raises, with the circle
    assert inner_arrows(room)


def test_what_stands_in_a_room_is_told_apart() -> None:
    inside = inner_arrows("resolution")
    assert {"mirrors", "store"} <= inside["resolver"]
    assert "resolver" not in inside["mirrors"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_says_which_question_it_answers(room: Path) -> None:
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8")))
    assert said
    assert "?" in said.partition("\n\n")[0]


def test_the_plan_names_every_room() -> None:
    plan = (
        (DOCS / "explanation" / "architecture.md")
        .read_text("utf-8")
        .partition("## The rooms")[2]
        .partition("## The rings")[0]
    )
    named = set(re.findall(r"([a-z_]+)/", plan))
    assert {path.name for path in ROOMS} - named == {"templates"} & {path.name for path in ROOMS}


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {"README.md"}
    assert [
        page for page in sorted(pages) if f"]({page})" not in index and not page.startswith("explanation/decisions/0")
    ] == []


def test_the_list_of_decisions_is_whole() -> None:
    listed = re.findall(
        r"\[(\d{4})\]\((\S+)\) \| (.+) \|", (DOCS / "explanation" / "decisions" / "README.md").read_text("utf-8")
    )
    records = sorted(path.name for path in (DOCS / "explanation" / "decisions").glob("0*.md"))
    assert [name for _, name, _ in listed] == records
    for number, name, _ in listed:
        assert (DOCS / "explanation" / "decisions" / name).read_text("utf-8").startswith(f"# {number}: ")


@pytest.mark.parametrize("room", ["pdf", "manuscript", "resolution", "render", "review", "cli"])
def test_no_module_of_a_room_has_the_name_of_another(room: str) -> None:
    names = [path.stem for path in (PACKAGE / room).rglob("*.py") if path.stem != "__init__"]
    assert sorted(names) == sorted(set(names))
