"""Which names TeX Live has: files that a paper need not bring along.

`texlive.txt` has the names of classes, packages, styles and the like of TeX Live 2022 and 2024 as Debian 12 and 13 pack
them, the nearest to TeX Live 2023 and 2025, which arXiv has (help page "TeX Live at arXiv"), and those that arXiv adds
(arXiv/submission-tools: tex2pdf-service/texlive/2023/tex-packages.txt). `tests/manuscript/texlive_names.py` wrote it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


def in_texlive(name: str) -> bool:
    """Tells whether TeX Live has a file of that name, without a folder."""
    return f"\n{name}\n" in _names()


@cache
def _names() -> str:
    return Path(__file__).with_name("texlive.txt").read_text(encoding="ascii")
