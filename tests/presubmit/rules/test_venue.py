"""The anonymous modes of classes and styles, as a source shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pithtex.manuscript.source.read import read_from
from pithtex.presubmit.rules.venue import anonymous_mode

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
    "\\documentclass{article}\\usepackage[review]{cvpr}": "cvpr, review",
    "\\documentclass{article}\\usepackage[pagenumbers]{cvpr}": None,
}


@pytest.mark.parametrize("preamble", MODES)
def test_modes(tmp_path: Path, preamble: str) -> None:
    (tmp_path / "main.tex").write_text(f"{preamble}\n\\begin{{document}}\n\\end{{document}}\n")
    found = anonymous_mode(read_from(tmp_path, "main.tex"))
    assert (None if found is None else found[1]) == MODES[preamble]
