"""First pages for the manual of the LaTeX package: `python -m tests.matrix.manual` writes `latex/pith-page-*.png`."""

from __future__ import annotations

from typing import Final

from tests.conftest import ROOT
from tests.matrix.cases import cases
from tests.matrix.engines import ENGINES, System
from tests.matrix.judge import measure
from tests.matrix.page import Document

PAGES: Final = ("article", "IEEEtran-conference", "report")
_WIDTH: Final = 800
"""Pixels: three pages beside each other on a sheet of paper are then printed at about 400 dpi."""


def main() -> None:
    """Compiles the papers of the matrix in these classes, and draws their first pages."""
    system = System(name="manual", work=ROOT / "build" / "manual")
    system.work.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        outcome = measure(cases()[name], ENGINES["pdflatex"], system)
        if outcome.bad:
            raise SystemExit(f"{name}: {outcome.problems}")
        document = Document(system.work / name / "pdflatex-auto" / "main.pdf")
        document.picture(ROOT / "latex" / f"pith-page-{name}.png", _WIDTH)
        document.close()


if __name__ == "__main__":
    main()
