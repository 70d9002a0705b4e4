"""What would go up, what would stay, and why: as the map has it, without a build."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from pithtex.manuscript.references.reference import PaperMap
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.model import Submission
from pithtex.structs import struct

_LEFT: Final = frozenset(
    {"aux", "log", "out", "toc", "lof", "lot", "fls", "fdb_latexmk", "blg", "gz", "bcf", "xml", "nav", "snm", "vrb"}
)
"""Endings of what TeX and its helpers write; arXiv removes it (help page "TeX Submissions")."""
_MADE: Final = frozenset({"ind", "gls", "acr", "nls", "glstex"})
"""Endings of what makeindex and its like write, which arXiv keeps."""

_UNREAD: Final = "nothing refers to it"


class Fate(StrEnum):
    """What becomes of a file."""

    GOES = "goes up"
    STAYS = "stays"
    UNDECIDED = "undecided"


@struct
class UploadFile:
    """One file of the folder."""

    name: str
    fate: Fate
    why: str


def upload_files(submission: Submission) -> Iterator[UploadFile]:
    """Yields the files of the folder in the order of their names, without hidden ones, which arXiv deletes."""
    manuscript, refers = submission.manuscript, submission.map
    read = {file.name: "the paper reads it" for file in manuscript.files} | {manuscript.main.name: "the paper itself"}
    for item in refers.references:
        if item.file is not None and item.kind is not Kind.DOCUMENT:
            line, _ = item.use.file.place(item.use.start)
            read.setdefault(item.file, f"the {item.kind.value} of {item.use.file.name}:{line}")
    read |= dict.fromkeys(submission.companions, "a document that goes up with the paper")
    unsure = any("\\" in use.argument or "#" in use.argument for use in manuscript.inputs)
    for name in sorted(refers.listing.files):
        fate, why = _fate(name, read, refers)
        if fate is Fate.STAYS and unsure and name.endswith(".tex"):
            fate, why = Fate.UNDECIDED, "the paper reads a file whose name only TeX knows"
        if submission.companions and why == _UNREAD:
            fate, why = Fate.UNDECIDED, f"{', '.join(submission.companions)} may read it"
        yield UploadFile(name=name, fate=fate, why=why)


def _fate(name: str, read: dict[str, str], refers: PaperMap) -> tuple[Fate, str]:
    ending = name.rpartition(".")[2]
    if name.endswith(".bib") and name in read and refers.bbl is not None:
        return Fate.STAYS, f"{refers.bbl} has what is cited"
    if name in read:
        return Fate.GOES, read[name]
    if name == refers.bbl:
        return Fate.GOES, "the references, as they are printed"
    if name.startswith("anc/"):
        return Fate.GOES, "an ancillary file"
    if name in {"00README.json", "00README.XXX"}:
        return Fate.GOES, "what arXiv is told"
    if ending in _MADE and name.rpartition(".")[0] == refers.stem:
        return Fate.GOES, "an index or glossary, as it is printed"
    if name == f"{refers.stem}.pdf":
        return Fate.STAYS, "arXiv makes its own"
    return Fate.STAYS, "TeX wrote it" if ending in _LEFT else _UNREAD
