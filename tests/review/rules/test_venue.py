"""The anonymous modes of classes and styles, as a source shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pithtex.manuscript.source.anonymous_modes import MODES as TABLE
from pithtex.manuscript.source.anonymous_modes import anonymous_mode
from pithtex.manuscript.source.read import read_from
from tests.conftest import ROOT

MODES = {
    "\\documentclass{article}": None,
    "\\documentclass[sigconf,anonymous]{acmart}": "acmart, anonymous",
    "\\documentclass[sigconf,anonymous=false]{acmart}": None,
    "\\documentclass[a4paper,anonymous=true]{lipics-v2021}": "lipics-v2021, anonymous",
    "\\documentclass[review]{elsarticle}": None,
    "\\documentclass{article}\\usepackage{neurips_2024}": "neurips_2024, submission",
    "\\documentclass{article}\\usepackage[preprint]{neurips_2024}": None,
    "\\documentclass{article}\\usepackage[accepted]{icml2025}": None,
    "\\documentclass{article}\\usepackage{iclr2025_conference,times}": "iclr2025_conference, submission",
    "\\documentclass{article}\\usepackage{iclr2025_conference}\\iclrfinalcopy": None,
    "\\documentclass{article}\\usepackage[review]{acl}": "acl, review",
    "\\documentclass{article}\\usepackage[]{acl}": None,
    "\\documentclass{article}\\usepackage[review]{EMNLP2023}": "EMNLP2023, review",
    "\\documentclass{article}\\usepackage[final]{EMNLP2023}": None,
    "\\documentclass{article}\\usepackage[hyperref]{acl2020}": "acl2020, submission",
    "\\documentclass{article}\\usepackage[hyperref]{acl2020}\\aclfinalcopy": None,
    "\\documentclass{article}\\usepackage{aistats2026}": "aistats2026, submission",
    "\\documentclass{article}\\usepackage[preprint]{aistats2027}": None,
    "\\documentclass{article}\\usepackage[review]{cvpr}": "cvpr, review",
    "\\documentclass{article}\\usepackage[pagenumbers]{cvpr}": None,
    "\\documentclass[anon,12pt]{colt2026}": "colt2026, anon",
    "\\documentclass[pmlr,anon]{jmlr}": "jmlr, anon",
    "\\documentclass[conference,double-blind]{IEEEtran}": "IEEEtran, double-blind",
    "\\documentclass{uai2026}": "uai2026, submission",
    "\\documentclass[accepted]{uai2026}": None,
    "\\documentclass{article}\\usepackage[anonymous]{ourvenue}": "ourvenue, anonymous",
    "\\documentclass{article}\\usepackage[anonymous]{pith}": None,
    "\\documentclass{article}\\usepackage{rlj}": "rlj, submission",
    "\\documentclass{article}\\usepackage[review]{3dv}": "3dv, review",
    "\\documentclass{article}\\usepackage{tacl2021v1}": "tacl2021v1, submission",
    "\\documentclass{article}\\usepackage[acceptedWithA]{tacl2021v1}": None,
    "\\documentclass{article}\\usepackage{neurips_2026_ml4ps}": "neurips_2026_ml4ps, submission",
    "\\documentclass{article}\\usepackage[review]{lrec-coling2024}": "lrec-coling2024, review",
}


@pytest.mark.parametrize("preamble", MODES)
def test_modes(tmp_path: Path, preamble: str) -> None:
    (tmp_path / "main.tex").write_text(f"{preamble}\n\\begin{{document}}\n\\end{{document}}\n")
    found = anonymous_mode(read_from(tmp_path, "main.tex"))
    assert (None if found is None else found.name) == MODES[preamble]


def test_the_table_is_that_of_pith_sty() -> None:
    source = (ROOT / "latex" / "pith-venues.dtx").read_text()
    signs = {sign.replace("~", " ") for sign in re.findall(r"keep_rule:nnn \{ [^{}]+ \} \{ ([^{}\\]+?) \}", source)}
    signs |= {
        f"{name.strip().upper()}, review"
        for name in re.findall(r"\\clist_map_inline:nn \{ (cvpr[^}]+)\}", source)[0].split(",")
    }
    assert signs == {row.sign for row in TABLE if row.sign}
