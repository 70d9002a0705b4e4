"""Writes pithtex/manuscript/source/texlive.txt: `python -m tests.manuscript.texlive_names FILE...`.

Each FILE lists paths, one a line, as `dpkg-deb -c` and `dpkg -L` print them of Debian's packages texlive-* (and
tex-gyre, lmodern). Names of before are kept, since TeX Live hardly ever drops one.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from tests.conftest import ROOT

TABLE: Final = ROOT / "pithtex" / "manuscript" / "source" / "texlive.txt"
_PATH: Final = re.compile(r".*/texmf(?:-dist)?/(?:tex|bibtex)/\S*?([^/\s]+)")
_ENDINGS: Final = re.compile(r"\.(?:sty|cls|clo|bst|bib|tex|ltx|bbx|cbx|lbx|pdf|png|jpg|eps)\Z")
_HEAD: Final = "% Files of TeX Live, for pithtex.manuscript.source.texlive\n"
_ARXIV: Final = ("axodraw4j", "emulateapj", "espcrc1", "espcrc2", "jheppub", "jinstpub", "mnras", "osajnl2", "slashbox")
"""Of what arXiv adds to TeX Live (submission-tools: tex-packages.txt), what Debian does not have."""


_ELSEWHERE: Final = ("asymptote", "gnuplot-lua-tikz", "noweb", "prosper", "sagetex")
"""Packages of TeX Live that Debian packs apart from it."""


def main(paths: list[str]) -> None:
    """Adds the names of these lists to the table."""
    known = set(TABLE.read_text(encoding="ascii").splitlines()[1:]) if TABLE.exists() else set()
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            found = _PATH.fullmatch(line)
            if found is not None and _ENDINGS.search(found[1]) and found[1].isascii():
                known.add(found[1])
    known |= {f"{name}.sty" for name in _ELSEWHERE}
    known |= {f"{name}.{end}" for name in _ARXIV for end in ("sty", "cls", "bst")}
    TABLE.write_text(_HEAD + "".join(f"{name}\n" for name in sorted(known)), encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
