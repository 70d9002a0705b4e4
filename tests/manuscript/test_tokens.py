"""One list of verbatim environments, and all that read TeX go by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pithtex.manuscript.edit.preamble import read_preamble
from pithtex.manuscript.source.model import Reached
from pithtex.manuscript.source.read import read_manuscript
from pithtex.manuscript.tokens import COMMENT_ENVIRONMENT, VERBATIM_ENVIRONMENTS
from pithtex.manuscript.upload.strip_comments import without_comments

NUMBER = "\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}"

pytestmark = pytest.mark.parametrize("environment", sorted(VERBATIM_ENVIRONMENTS))


def within(environment: str, text: str) -> str:
    return f"\\begin{{{environment}}}\n{text}\n\\end{{{environment}}}\n"


def test_the_reader_of_preambles(environment: str) -> None:
    inside = within(environment, f"100% {{ \\iftrue\n\\usepackage{{pith}}{NUMBER}\\begin{{document}}")
    head = f"\\documentclass{{article}}\n\\usepackage{{a}}\n{inside}\\usepackage{{b}}\n"
    found = read_preamble(f"{head}\\begin{{document}}\nText.\n\\end{{document}}\n")
    assert [use.argument for use in found.packages] == ["a", "b"]
    assert found.numbers == ()
    assert found.place == len(head)


def test_the_scanner(tmp_path: Path, environment: str) -> None:
    inside = within(environment, f"100% {{ \\iftrue\n{NUMBER}\\title{{Old}}")
    path = tmp_path / "main.tex"
    path.write_text(f"\\documentclass{{article}}\n\\title{{New}}\n\\begin{{document}}\n{inside}\\end{{document}}\n")
    manuscript = read_manuscript(path)
    (use,) = manuscript.numbers
    assert use.state is (Reached.COMMENT if environment == COMMENT_ENVIRONMENT else Reached.VERBATIM)
    assert manuscript.title is not None
    assert manuscript.title.expanded == "New"


def test_stripping_comments(tmp_path: Path, environment: str) -> None:
    """A percent sign in verbatim text stays with what follows it; what is not typeset goes."""
    (tmp_path / "main.tex").write_text("word % secret\n" + within(environment, "100% sure"))
    made, kept = without_comments({"main.tex": tmp_path / "main.tex"}, tmp_path / "made")
    text = made["main.tex"].read_text()
    assert kept == {}
    assert "secret" not in text
    assert ("100% sure" in text) == (environment != COMMENT_ENVIRONMENT)
