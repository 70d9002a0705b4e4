"""The files of a paper's folder by name: bounded, without those that arXiv deletes."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Final

from pithtex.limits import MAX_PAPER_DEPTH, MAX_PAPER_FILES
from pithtex.structs import field, struct

_NO_SOURCES: Final = frozenset({"node_modules", "__pycache__"})


@struct
class Listing:
    """Names relative to the folder, with slashes, and sizes in bytes. Hidden files are not among them."""

    root: Path
    files: dict[str, int]
    folders: frozenset[str]
    links_out: frozenset[str]
    """Links that lead out of the folder."""
    whole: bool
    """Whether all of the folder was listed."""
    folded: dict[str, list[str]] = field(default_factory=dict, repr=False)
    """The names by their case-folded form."""
    by_base: dict[str, list[str]] = field(default_factory=dict, repr=False)
    """The names by the case-folded form of their last part, accents composed."""

    def as_tex_finds(self, name: str) -> str | None:
        """Returns the file that TeX Live opens under a name, ignoring case in its last part (texmf_casefold_search)."""
        if name in self.files:
            return name
        place = name.rpartition("/")[0]
        return next(
            (other for other in self.folded.get(name.casefold(), ()) if other.rpartition("/")[0] == place), None
        )

    def elsewhere(self, name: str) -> str | None:
        """Returns the only file that has the last part of this name, wherever it lies and whatever its case."""
        found = self.by_base.get(_folded(name.rpartition("/")[2]), [])
        return found[0] if len(found) == 1 else None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def list_folder(root: Path) -> Listing:
    """Lists a folder; what cannot be read is left out."""
    walk = _Walk(root)
    walk.enter("", str(root), 0)
    folded: dict[str, list[str]] = defaultdict(list)
    by_base: dict[str, list[str]] = defaultdict(list)
    for name in walk.files:
        folded[name.casefold()].append(name)
        by_base[_folded(name.rpartition("/")[2])].append(name)
    return Listing(
        root=root,
        files=walk.files,
        folders=frozenset(walk.folders),
        links_out=frozenset(walk.links_out),
        whole=walk.whole,
        folded=dict(folded),
        by_base=dict(by_base),
    )


class _Walk:
    def __init__(self, root: Path) -> None:
        self.files: dict[str, int] = {}
        self.folders: set[str] = set()
        self.links_out: set[str] = set()
        self.whole = True
        self._inside = os.path.join(os.path.realpath(root), "")
        self._seen = 0

    def enter(self, prefix: str, folder: str, depth: int) -> None:
        if depth > MAX_PAPER_DEPTH:
            self.whole = False
            return
        try:
            with os.scandir(folder) as listing:
                entries = sorted(self._some(listing), key=lambda entry: entry.name)
        except OSError:
            self.whole = False
            return
        if any(entry.name == "pyvenv.cfg" for entry in entries):  # an environment of Python, of which TeX reads nothing
            return
        for entry in entries:
            try:
                self._take(prefix + entry.name, entry, depth)
            except OSError:
                self.whole = False

    def _some(self, listing: os._ScandirIterator[str]) -> list[os.DirEntry[str]]:
        entries = []
        for entry in listing:
            self._seen += 1
            if self._seen > MAX_PAPER_FILES:
                self.whole = False
                break
            if not entry.name.startswith("."):
                entries.append(entry)
        return entries

    def _take(self, name: str, entry: os.DirEntry[str], depth: int) -> None:
        if entry.is_symlink() and not os.path.join(os.path.realpath(entry.path), "").startswith(self._inside):
            self.links_out.add(name)
        elif entry.is_file():
            self.files[name] = entry.stat().st_size
        elif entry.is_dir() and entry.name not in _NO_SOURCES:
            self.folders.add(name)
            self.enter(f"{name}/", entry.path, depth + 1)
