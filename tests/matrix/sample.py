"""The part of the matrix that is small enough to run at every change: each engine, and each kind of title."""

from __future__ import annotations

from typing import Final

from tests.matrix.engines import ENGINES

SAMPLE: Final = [
    *(("article", engine) for engine in ENGINES),
    ("report", "dvipdfmx"),
    ("article-by-hand", "dvips"),
    ("amsart", "xelatex"),
    ("beamer", "pdflatex"),
    ("IEEEtran-conference", "dvips"),
    ("acmart-sigplan", "pdflatex"),
    ("revtex-pra", "xelatex"),
    ("elsarticle", "dvipdfmx"),
    ("llncs", "pdflatex"),
    ("scrreprt", "lualatex"),
    ("memoir", "pdflatex"),
    ("IEEEtran-peerreview", "pdflatex"),
    ("beamer-theme", "pdflatex"),
]
"""Class and engine. None needs more than `.ci/install-system test`."""
