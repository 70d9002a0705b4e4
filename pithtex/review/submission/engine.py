"""The engine that arXiv would run for a paper, without a build."""

from __future__ import annotations

from typing import Final

from pithtex.manuscript.build.arxiv_rules import Readme
from pithtex.manuscript.references.reference import PaperMap
from pithtex.manuscript.source.model import Manuscript

DRIVERS: Final = {
    "pdflatex": frozenset({"pdftex"}),
    "latex": frozenset({"dvips", "dvipdfm", "dvipdfmx", "hypertex", "ps2pdf", "dvipsone"}),
    "xelatex": frozenset({"xetex"}),
}
"""The drivers that hyperref, and LaTeX of a class's options, take under each engine (hyperref.sty; l3backend)."""
OF_DRIVERS: Final = frozenset().union(*DRIVERS.values())
"""All of these."""
OF_XETEX: Final = frozenset(
    {"fontspec", "polyglossia", "unicode-math", "xeCJK", "xltxtra", "mathspec", "xunicode", "xepersian", "zxjatype"}
)
"""Packages that stop every other engine that arXiv has."""


def is_of_dvips(package: str) -> bool:
    """Tells whether a package draws by PostScript."""
    return package == "pstricks" or package.startswith(("pst-", "pstricks-"))


def engine_at_arxiv(manuscript: Manuscript, refers: PaperMap, readme: Readme) -> str | None:
    """Returns the engine's name, from `00README.json` or by arXiv's preflight; None if nothing depends on it."""
    if not _matters(manuscript):
        return None
    if readme.engine is not None:
        return readme.engine.value
    from pithtex.manuscript.build.preflight import Preflight

    files = (*manuscript.files, *manuscript.names.styles.values())
    scanned = {file.name: file.text.encode("utf-8", "replace") for file in files}
    return Preflight(scanned, frozenset(refers.listing.files)).engine(manuscript.main.name)[0]


def _matters(manuscript: Manuscript) -> bool:
    main = manuscript.document_class
    uses = (*manuscript.packages, *manuscript.names.of_packages)
    if any(name in OF_XETEX or is_of_dvips(name) for use in uses for name in use.names):
        return True
    drivers = (use for use in (*manuscript.packages, main) if use is not None and use.options)
    return any(OF_DRIVERS.intersection(use.option_list) for use in drivers)
