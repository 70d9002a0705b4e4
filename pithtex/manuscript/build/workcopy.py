"""A copy of a paper's folder to build in: bounded, of plain files alone, without what an earlier build left."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pithtex.catalogue import finding
from pithtex.errors import UnavailableError
from pithtex.findings import Located
from pithtex.limits import MAX_PAPER_BYTES, MAX_PAPER_DEPTH, MAX_PAPER_FILE_BYTES, MAX_PAPER_FILES
from pithtex.structs import struct

_LEFT: Final = frozenset(
    {
        ".aux",
        ".log",
        ".toc",
        ".lof",
        ".lot",
        ".lol",
        ".out",
        ".fls",
        ".fdb_latexmk",
        ".synctex",
        ".synctex.gz",
        ".synctex(busy)",
    }
    | {".xdv", ".bcf", ".run.xml", ".blg", ".ilg", ".idx", ".glo", ".nav", ".snm", ".vrb", ".brf", ".thm", ".pdf.tmp"}
)
"""Endings of what TeX and its helpers write beside `X.tex`: arXiv removes them and starts without them. The results of
BibTeX, makeindex and the like (.bbl, .ind, .gls, .nls) it keeps (help page "TeX Submissions")."""
_RESULTS: Final = ("pdf", "ps", "dvi")
"""Endings of a main file's result; beside another file they are figures."""
_TOO_MANY_BYTES: Final = f"more than {MAX_PAPER_BYTES // 2**20} MiB of files"
_NO_SOURCES: Final = frozenset({"node_modules", "__pycache__"})
"""Folders of other programs, of which no paper reads anything; Python's environments are known by a file in them."""
_CHUNK: Final = 1024 * 1024


@struct
class WorkingCopy:
    """A paper's files in a temporary place."""

    origin: Path
    """The paper's own folder."""
    folder: Path
    """The copy."""
    files: frozenset[str]
    """Its files as they were copied, relative to the folder, with slashes."""
    findings: tuple[Located, ...]
    """What was left out, where that may matter."""

    @property
    def place(self) -> Path:
        """Returns the temporary folder around it, for all else that a build writes."""
        return self.folder.parent


@contextmanager
def working_copy(origin: Path, mains: Sequence[str]) -> Iterator[WorkingCopy]:
    """Copies a paper's folder; the copy lasts for the `with` block.

    Hidden files are left out, as arXiv deletes them; so are results of earlier builds, devices, pipes and links that
    lead out of the folder.

    Args:
        origin: the folder.
        mains: its main files, relative to it, whose results are left out.

    Raises:
        UnavailableError: the folder is too large for a paper's.
        OSError: a file cannot be read.
    """
    walk = _Walk(origin)
    walk.enter("", origin)
    with tempfile.TemporaryDirectory(prefix="pithtex-build-") as name:
        folder = Path(name) / "paper"
        folder.mkdir()
        copied = _copy(_wanted(walk.files, mains), folder, origin)
        yield WorkingCopy(origin=origin, folder=folder, files=copied, findings=tuple(walk.findings))


class _Walk:
    """Lists a folder's plain files, each with the path that its bytes are read from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, str] = {}
        self.findings: list[Located] = []
        self._inside = os.path.join(os.path.realpath(root), "")
        self._seen = 0
        self._bytes = 0
        self._open: list[str] = []
        """The real paths of the folders being listed: one that comes again leads round in a circle."""

    def enter(self, prefix: str, folder: Path | str) -> None:
        real = os.path.realpath(folder)
        deep = len(self._open) > MAX_PAPER_DEPTH
        if deep or real in self._open or os.path.basename(real) in _NO_SOURCES or os.path.exists(f"{real}/pyvenv.cfg"):
            return
        self._open.append(real)
        for entry in self._entries(folder):
            if not entry.name.startswith("."):
                self._take(prefix + entry.name, entry)
        self._open.pop()

    def _entries(self, folder: Path | str) -> list[os.DirEntry[str]]:
        entries = []
        with os.scandir(folder) as listing:
            for entry in listing:
                self._seen += 1
                if self._seen > MAX_PAPER_FILES:
                    raise _too_large(self.root, f"more than {MAX_PAPER_FILES} files and folders")
                entries.append(entry)
        return sorted(entries, key=lambda entry: entry.name)

    def _take(self, name: str, entry: os.DirEntry[str]) -> None:
        source = entry.path
        if entry.is_symlink():
            source = os.path.realpath(entry.path)
            if not os.path.join(source, "").startswith(self._inside):
                self._leave_out(name, f"a link that leads out of the paper's folder, to {os.readlink(entry.path)}")
                return
        try:
            state = os.stat(source)
        except OSError:
            self._leave_out(name, "a link that leads nowhere")
            return
        kind = state.st_mode
        if not (stat.S_ISDIR(kind) or stat.S_ISREG(kind)):
            self._leave_out(name, "a device, a pipe or a socket, not a file")
        elif not os.access(source, os.R_OK):
            self._leave_out(name, "no permission to read it")
        elif state.st_size > MAX_PAPER_FILE_BYTES and stat.S_ISREG(kind):
            self._leave_out(name, f"{state.st_size // 2**20} MiB, more than arXiv takes of a whole upload")
        elif stat.S_ISDIR(kind):
            self.enter(f"{name}/", source)
        else:
            self._bytes += state.st_size
            if self._bytes > MAX_PAPER_BYTES:
                raise _too_large(self.root, _TOO_MANY_BYTES)
            self.files[name] = source

    def _leave_out(self, name: str, what: str) -> None:
        hint = "it is left out of the build; if the paper needs it, put an ordinary file there"
        self.findings.append(Located(file=str(self.root / name), finding=finding("not-uploadable", what, hint=hint)))


def _wanted(files: dict[str, str], mains: Sequence[str]) -> dict[str, str]:
    """Returns the files without what earlier builds left."""
    left = {f"{os.path.splitext(os.path.basename(main))[0]}.{end}" for main in mains for end in _RESULTS}
    for name in files:
        if name.endswith(".tex"):
            stem = name.removesuffix(".tex")
            paths = (stem, os.path.basename(stem))  # TeX writes into the paper's folder, also for a file in one below
            left.update(f"{path}{end}" for path in paths for end in (*_LEFT, "-blx.bib", "Notes.bib"))
    return {name: source for name, source in files.items() if name not in left}


def _copy(files: dict[str, str], folder: Path, origin: Path) -> frozenset[str]:
    copied = set()
    left = MAX_PAPER_BYTES
    for name, source in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        # What was a file when it was listed may be a pipe now: it is opened without waiting, and looked at again.
        handle = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as reader, target.open("xb") as writer:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                continue
            while chunk := reader.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _too_large(origin, _TOO_MANY_BYTES)
                writer.write(chunk)
        # The time of last access is set to the beginning of time, so that it tells which files are read from now on.
        os.utime(target, ns=(0, state.st_mtime_ns))
        copied.add(name)
    return frozenset(copied)


def _too_large(folder: Path, what: str) -> UnavailableError:
    hint = "give the paper a folder of its own, with only its sources and figures"
    return UnavailableError(finding("folder-too-large", f"not built: {what}", where=str(folder), hint=hint))
