"""The licence that a source states, and what looks like a statement and is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pithtex.manuscript.source.read import read_from
from pithtex.review.texts.licences import stated_licences

STATED = {
    "acmart": ("\\setcopyright{cc}\n\\setcctype[4.0]{by-nc}", ["CC BY-NC 4.0"]),
    "acmart, under other rights": ("\\setcopyright{acmlicensed}\n\\setcctype{by}", []),
    "doclicense": ("\\usepackage[type={CC},modifier={by-sa},version={4.0}]{doclicense}", ["CC BY-SA 4.0"]),
    "hyperref": ("\\hypersetup{pdflicenseurl={https://creativecommons.org/licenses/by/4.0/}}", ["CC BY 4.0"]),
    "a sentence": ("This work is licensed under CC~BY 4.0.", ["CC BY 4.0"]),
    "a sentence in a comment": ("% This work is licensed under CC BY 4.0.", []),
    "another work's": ("Their data are licensed under CC BY 4.0.", []),
}


@pytest.mark.parametrize("name", STATED)
def test_statements(tmp_path: Path, name: str) -> None:
    text, licences = STATED[name]
    (tmp_path / "main.tex").write_text(f"\\documentclass{{article}}\n{text}\n\\begin{{document}}\\end{{document}}\n")
    assert [statement.licence for statement in stated_licences(read_from(tmp_path, "main.tex"))] == licences
