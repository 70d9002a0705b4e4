"""Which files a folder, a pattern or a list of names stands for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pithtex.errors import MalformedError
from pithtex.limits import MAX_NAME_BYTES
from pithtex.system.gather import Found, Passed, Why, gather, listed


def is_pdf(name: str) -> bool:
    return name.lower().endswith(".pdf")


def found(*paths: str | Path) -> list[str]:
    return sorted(each.path for each in gather(map(str, paths), is_pdf) if isinstance(each, Found))


def passed(*paths: str | Path) -> dict[str, Why]:
    return {each.path: each.why for each in gather(map(str, paths), is_pdf) if isinstance(each, Passed)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("a.pdf", "B.PDF", "notes.txt", "deep/c.pdf"):
        (tmp_path / "in" / name).write_bytes(b"%PDF-1.7")
    return tmp_path / "in"


def test_a_folder_is_gone_through_with_all_below(folder: Path) -> None:
    assert found(folder) == [f"{folder}/{name}" for name in ("B.PDF", "a.pdf", "deep/c.pdf")]
    assert passed(folder) == {f"{folder}/notes.txt": Why.OTHER_NAME}


def test_a_file_is_taken_whatever_its_name(folder: Path) -> None:
    assert found(folder / "notes.txt") == [f"{folder}/notes.txt"]


def test_patterns_are_those_of_a_shell(folder: Path) -> None:
    assert found(f"{folder}/*.pdf") == [f"{folder}/a.pdf"]
    assert found(f"{folder}/**/*.pdf") == [f"{folder}/a.pdf", f"{folder}/deep/c.pdf"]
    assert found(f"{folder}/d*") == [f"{folder}/deep/c.pdf"]
    assert passed(f"{folder}/*.ps") == {f"{folder}/*.ps": Why.UNREADABLE}


def test_a_file_may_have_the_name_of_a_pattern(folder: Path) -> None:
    (folder / "[1].pdf").write_bytes(b"")
    assert found(folder / "[1].pdf") == [f"{folder}/[1].pdf"]


def test_links_that_lead_nowhere_or_in_a_circle(folder: Path) -> None:
    (folder / "gone.pdf").symlink_to("nothing")
    (folder / "loop.pdf").symlink_to("loop.pdf")
    (folder / "deep" / "up").symlink_to("..")
    (folder / "deep" / "over").symlink_to("up")
    assert len(found(folder)) == 3
    ways = passed(folder)
    assert ways[f"{folder}/gone.pdf"] is ways[f"{folder}/loop.pdf"] is Why.UNREADABLE
    assert ways[f"{folder}/deep/up"] is ways[f"{folder}/deep/over"] is Why.SEEN


def test_a_folder_that_a_link_leads_to_is_entered_once(folder: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "d.pdf").write_bytes(b"")
    for name in ("one", "two"):
        (folder / name).symlink_to(away)
    assert len([path for path in found(folder) if path.endswith("d.pdf")]) == 1


def test_a_maze_of_links_ends(tmp_path: Path) -> None:
    for level in range(20):
        (tmp_path / f"d{level}").mkdir()
        for name in ("left", "right"):
            (tmp_path / f"d{level}" / name).symlink_to(tmp_path / f"d{level + 1}")
    assert len(passed(tmp_path)) < 100


def test_a_pipe_keeps_nobody_waiting(folder: Path) -> None:
    os.mkfifo(folder / "pipe.pdf")
    assert passed(folder)[f"{folder}/pipe.pdf"] is Why.UNREADABLE


def test_a_name_that_is_not_utf_8(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.pdf")).write_bytes(b"")
    assert f"{folder}/caf\udce9.pdf" in found(folder)


def test_what_is_not_there(folder: Path) -> None:
    for name in ("missing.pdf", "a.pdf/b.pdf", "x" * 300, "nul\0.pdf"):
        assert passed(folder / name) == {f"{folder}/{name}": Why.UNREADABLE}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\0"])
def test_a_list_of_names(tmp_path: Path, end: str) -> None:
    names = [f"{index}/a b.pdf" for index in range(10_000)]
    (tmp_path / "list").write_bytes(end.join(names).encode())
    assert list(listed(str(tmp_path / "list"))) == names
    (tmp_path / "list").write_bytes((end.join(names) + end).encode())
    assert list(listed(str(tmp_path / "list"))) == names


def test_names_ended_by_nul_may_have_lines(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"a\nb.pdf\0caf\xe9.pdf\0")
    assert list(listed(str(tmp_path / "list"))) == ["a\nb.pdf", "caf\udce9.pdf"]


def test_a_list_without_an_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"x" * (3 * MAX_NAME_BYTES))
    with pytest.raises(MalformedError):
        list(listed(str(tmp_path / "list")))


def test_links_to_folders_may_be_left(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").touch()
    (tmp_path / "in" / "out").symlink_to(tmp_path)
    met = list(gather([str(tmp_path / "in")], lambda _: True, linked=False))
    assert sorted(item.path.removeprefix(str(tmp_path)) for item in met) == ["/in/a.pdf", "/in/out"]
    assert [item.why for item in met if isinstance(item, Passed)] == [Why.LINK]
