"""Which documents arXiv would take for the paper's, and what keeps it to the paper.

TeX opens `figure.tex` when it looks for `figure.pdf`, and `supplement.tex` when it looks for its labels: the build's
own record names both, and arXiv's preflight takes each for a document to compile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pithtex.limits import MAX_SOURCE_BYTES
from pithtex.manuscript.build.arxiv_rules import README
from pithtex.manuscript.build.preflight import SCANNED, Preflight

_FIGURES: Final = ("pdf", "png", "jpg", "jpeg", "eps", "ps")
_OTHER_DOCUMENT: Final = re.compile(rb"\\externaldocument\s*(?:\[[^\]]*\]\s*){0,2}\{([^{}]{1,300})\}")


def without_strays(files: Mapping[str, Path], mains: Sequence[str], place: Path) -> dict[str, Path]:
    """Returns the files of an upload of which arXiv compiles the main ones alone.

    Sources of figures that are there, and documents of which only labels were asked for, are left out; where a document
    is still left, `00README.json` names the main ones.

    Args:
        files: the names in the upload, and where the files are.
        mains: those that are compiled, in order.
        place: a folder for what is made, which lasts as long as the result is used.

    Raises:
        OSError: a file cannot be read or written.
    """
    kept = dict(files)
    for name in _others(kept, mains):
        if _is_figure(name, kept) or _only_for_labels(name, kept):
            del kept[name]
    if README not in kept and (len(mains) > 1 or _others(kept, mains)):
        sources = [{"filename": name, "usage": "toplevel"} for name in mains]
        sources += [{"filename": name, "usage": "include"} for name in _others(kept, mains)]
        made = place / README
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(json.dumps({"sources": sources}, indent=1) + "\n", encoding="utf-8")
        kept[README] = made
    return kept


def _others(files: Mapping[str, Path], mains: Sequence[str]) -> list[str]:
    scanned = {name: _read(path) for name, path in files.items() if name.lower().endswith(SCANNED)}
    scanned = {name: data for name, data in scanned.items() if not name.startswith("anc/")}
    return [name for name in Preflight(scanned, frozenset(files)).toplevels() if name not in mains]


def _is_figure(name: str, files: Mapping[str, Path]) -> bool:
    stem = name.rpartition(".")[0]
    return any(f"{stem}.{ending}" in files for ending in _FIGURES)


def _only_for_labels(name: str, files: Mapping[str, Path]) -> bool:
    stem = name.removesuffix(".tex").encode()
    sources = (_read(path) for other, path in files.items() if other.endswith(".tex") and other != name)
    return any(stem in {asked.strip() for asked in _OTHER_DOCUMENT.findall(text)} for text in sources)


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_SOURCE_BYTES)
