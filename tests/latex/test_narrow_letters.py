"""Every letter that TeX sets is seen."""

from __future__ import annotations

from pithtex.pdf.read import read_evidence


def test_narrow_letters_are_seen_wherever_they_stand(tmp_path, compile_tex):
    """An l of 12 points is five pixels wide, and its stroke may fall into one half of them."""
    letters = "".join(f"l\\hskip{width / 10}pt i\\hskip{width / 10}pt t " for width in range(20, 60))
    source = (
        "\\documentclass[12pt]{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern}\\pagestyle{empty}"
        f"\\begin{{document}}\\sloppy pith: {letters}\\end{{document}}"
    )
    evidence = read_evidence(compile_tex(tmp_path, source, runs=1).pdf)
    text = "".join(line.text for line in evidence.texts[0].lines).replace(" ", "").replace("-", "")
    assert text == "pith:" + "lit" * 40
    assert evidence.texts[0].hidden_characters == 0
