"""What few papers need stands behind the end of `pith.sty`, in parts that are read on need."""

from __future__ import annotations

import re
from typing import Any

from tests.kit.latex import STY, SUFFIX

TEXT = STY.read_text(encoding="ascii")
NAMES = re.findall(r"^!(\w+)\.$", TEXT, re.M)
COMMON = TEXT.partition(f"!{NAMES[0]}.\n")[0]


def part(name: str) -> str:
    return TEXT.partition(f"\n!{name}.\n")[2].partition("\n\\endinput\n")[0]


def test_each_line_before_a_part_is_dropped_on_the_way() -> None:
    """Its first character is one of those that the reader of parts makes a comment."""
    assert set(re.findall(r"^[^\n]", TEXT, re.M)) <= set("\\ %{}<!")
    assert len(NAMES) == len(set(NAMES)) == TEXT.count("\n!")


def test_what_is_asked_of_a_part_is_in_it() -> None:
    asked = re.findall(r"\\__pith_part:nn \{ (\w+) \}\s*\{(.*?)\}", COMMON, re.S)
    assert sorted(name for name, _ in asked) == sorted(NAMES)
    for name, commands in asked:
        for command in commands.split():
            assert f"\\cs_gset_protected:Npn {command}" in part(name), (name, command)


def test_the_venues_that_are_looked_for_are_those_with_a_rule() -> None:
    asked = set(
        re.findall(
            r"\{([\w@.-]+)\}", COMMON.partition(":Npn \\__pith_look_for_venues:\n")[2].partition("\n      }\n")[0]
        )
    )
    rules = part("venues")
    kept = set(re.findall(r"\\__pith_keep_rule:nnn \{ ([^{}]+?) \}", rules))
    years = {name.replace("##1", venue) for name in kept for venue in ("cvpr", "iccv", "wacv")}
    assert asked | {"if@ACM@anonymous"} == {name for name in years if "#" not in name}


def test_a_file_that_was_cut_off_says_so(tmp_path: Any, compile_tex: Any) -> None:
    source = (
        f"\\documentclass{{article}}\\usepackage[qr]{{pith}}\\pithnumber{{{SUFFIX}}}\n"
        "\\title{T}\\author{A}\\begin{document}\\maketitle Words.\\end{document}\n"
    )
    log = compile_tex(tmp_path, source, sty=COMMON, runs=1, halt=False).log
    assert "pith.sty is cut off: its part options is not there" in " ".join(log.split())
