"""The line of a source below a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.report.excerpt import excerpt_lines
from tests.kit.command_line import run


def test_the_caret_stands_below_the_place() -> None:
    assert list(excerpt_lines("\\pithnumber{X}\r\n", 3, 13)) == ["    3 | \\pithnumber{X}", "      |             ^"]
    assert list(excerpt_lines("\ta", 1, 2)) == ["    1 |  a", "      |  ^"]
    assert list(excerpt_lines("whole line", 12, None)) == ["   12 | whole line"]
    assert list(excerpt_lines("  \n", 1, 1)) == []


def test_wide_and_escaped_characters_take_their_columns() -> None:
    assert list(excerpt_lines("数学x", 1, 3))[1] == "      |     ^"
    assert list(excerpt_lines("e\u0301x", 1, 3))[1] == "      |  ^"
    shown, caret = excerpt_lines("\u202ex", 1, 2)
    assert (shown, caret) == ("    1 | \\u{202e}x", "      |         ^")


def test_a_long_line_is_cut_around_the_place() -> None:
    shown, caret = excerpt_lines("a" * 500 + "!" + "b" * 500, 1, 501)
    assert shown.startswith("    1 | ...aaa")
    assert shown.endswith("bbb...")
    assert len(shown) < 120
    assert shown[caret.index("^")] == "!"


@given(st.text(max_size=300), st.integers(-5, 400))
def test_any_line_is_shown_in_at_most_two_and_unharmful(text: str, column: int) -> None:
    lines = list(excerpt_lines(text, 1, column))
    assert len(lines) in {0, 2}
    assert not any(char in "".join(lines) for char in "\x1b\u202e\n\r\x00\u2028")


@pytest.mark.parametrize("option", [[], ["--no-excerpt"]])
def test_presubmit_shows_the_line(option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\n\\usepackage{pith}\n  \\pithnumber{short}\n\\title{T}\n"
        "\\begin{document}\n\\maketitle\n\\end{document}\n"
    )
    code, out, _ = run(capsys, "presubmit", tmp_path, *option)
    assert code == 1
    lines = out.splitlines()
    (index,) = [number for number, line in enumerate(lines) if "main.tex:3:" in line]
    shown = lines[index + 1 : index + 3] == ["    3 |   \\pithnumber{short}", "      |   ^"]
    assert shown is (option == [])
