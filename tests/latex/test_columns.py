"""Where a title spans two columns: the badge is in the space between, the columns stay level, and nothing moves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.latex import SUFFIX

WORDS = "Words of a paper that says nothing. " * 40
CLASSES = ("[twocolumn]{article}", "[twocolumn,a4paper]{article}", "[conference]{IEEEtran}", "[journal]{IEEEtran}")


def paper(cls: str, options: str, title: str = "\\maketitle") -> str:
    return (
        f"\\documentclass{cls}\\usepackage[{options}]{{pith}}\\pithnumber{{{SUFFIX}}}\\title{{T}}\\author{{A}}\n"
        f"\\begin{{document}}{title}\n\\section{{One}}{WORDS}\n\n{WORDS * 4}\\end{{document}}\n"
    )


@pytest.mark.parametrize("cls", CLASSES)
def test_nothing_moves(cls: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    letters = {}
    for options in ("placement=auto", "placement=none"):
        result = compile_tex(tmp_path / options, paper(cls, options), sty=with_record(), runs=1)
        assert (result.returncode, result.of_pith()) == (0, "")
        letters[options] = read_paper(result.pdf)
    badge, plain = letters.values()
    (link,) = badge.links
    x0, y0, x1, y1 = link["rect"]
    assert x1 - x0 > y1 - y0
    assert badge.text_under((x0, y0, x1, y1), 1) == "pith:CNPMIFD4"
    kept = [box for _, box in badge.letters(1) if not (x0 <= box[0] and box[2] <= x1 and y0 <= box[1] and box[3] <= y1)]
    before = [box for _, box in plain.letters(1)]
    assert len(kept) == len(before) > 1000
    assert (
        max(abs(one - other) for a, b in zip(kept, before, strict=True) for one, other in zip(a, b, strict=True)) < 0.01
    )


def test_what_is_too_high_heads_the_first_column(
    tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    lower = "\\makeatletter\\let\\old\\@maketitle\\def\\@maketitle{\\old\\vskip-14pt}\\makeatother"
    source = paper(CLASSES[0], "").replace("\\title{T}", f"{lower}\\title{{T}}")
    found = read_paper(compile_tex(tmp_path, source, sty=with_record(), runs=1).pdf)
    (link,) = found.links
    assert link["rect"][2] < 306  # left of the middle of letter paper


OWN = "\\makeatletter\\renewcommand\\maketitle{{\\Large\\@title\\par}\\@author\\par %s}\\makeatother\n"


def test_a_title_that_ends_in_the_second_column(
    tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    """As acmart's does, with its abstract and keywords: what was measured in the first column is no height there."""
    front = OWN % f"{WORDS}\\par {WORDS}\\par End of the front.\\par"
    source = paper(CLASSES[0], "").replace("\\title{T}", f"{front}\\title{{T}}")
    result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    found = read_paper(result.pdf)
    (link,) = found.links
    assert link["rect"][0] > 306  # right of the middle of letter paper
    assert 0 < found.box_of("End of the front.")[1] - link["rect"][3] < 15
