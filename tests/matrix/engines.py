"""The five ways from a paper to a PDF, run as arXiv runs them: batch mode, no shell escape, at least two runs."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

TIME_OUT: Final = 595.0
"""Seconds for all programs that make one PDF: as many as arXiv allows, since a machine may be busy."""
_COMPUTING: Final = 300
"""Seconds of computing for one program; no paper here needs more than 40, the list of all fonts some 100."""
MIN_RUNS: Final = 2
MAX_RUNS: Final = 4
"""arXiv runs TeX until the auxiliary files stay the same, at least twice and at most five times."""
_RESULTS: Final = frozenset({".pdf", ".dvi", ".ps", ".log", ".fls", ".json"})
"""What is not for the next run of TeX."""
CHANNELS: Final = frozenset({"link", "xmp", "info", "text"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One way to make a PDF."""

    name: str
    tex: str
    after: tuple[tuple[str, ...], ...] = ()
    """What makes a PDF of the DVI file."""
    option: str = ""
    """The global option by which an author tells packages that the DVI file is not for dvips."""
    expected: frozenset[str] = CHANNELS
    """The channels that `pithtex check` must find: the one place where this is said (docs/reference/pdf-profile.md)."""


ENGINES: Final = {
    engine.name: engine
    for engine in (
        Engine(name="pdflatex", tex="pdflatex"),
        Engine(name="lualatex", tex="lualatex"),
        Engine(name="xelatex", tex="xelatex"),
        Engine(
            name="dvips",
            tex="latex",
            after=(("dvips", "-R2", "-q", "-z", "main.dvi", "-o", "main.ps"), ("ps2pdf", "main.ps", "main.pdf")),
        ),
        Engine(name="dvipdfmx", tex="latex", after=(("dvipdfmx", "main.dvi"),), option="dvipdfmx"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A TeX Live: this machine's, or one in another root directory that is entered with chroot."""

    name: str
    """The year of the TeX Live, as the documentation names it."""
    root: Path = Path("/")
    work: Path = field(default_factory=lambda: Path("build/matrix"))
    """Where papers are compiled; inside the root."""

    @property
    def documents(self) -> Path:
        """The sample documents of Debian's TeX packages."""
        return self.root / "usr/share/doc/texlive-doc/latex"

    def run(
        self, command: Sequence[str], folder: Path, seconds: float = TIME_OUT
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs a program of this TeX Live in a folder; it and its children are ended when the time is up."""
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": self.inside(folder),
            "LANG": "C.UTF-8",
            "TEXMFVAR": self.inside(self.work / "texmf-var"),
            "TEXINPUTS": ".:",
            "max_print_line": "4096",
            "openout_any": "p",
            "shell_escape": "f",
            "SOURCE_DATE_EPOCH": "1780272000",
            "FORCE_SOURCE_DATE": "1",
        }
        if self.root != Path("/"):
            command = ["chroot", str(self.root), "env", "-C", self.inside(folder), *command]
        started = subprocess.Popen(
            ["prlimit", f"--cpu={_COMPUTING}", *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            output, _ = started.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            output, _ = started.communicate()
            return subprocess.CompletedProcess(command, -signal.SIGKILL, output + b"\n! Out of time.\n")
        return subprocess.CompletedProcess(command, started.returncode, output)

    def inside(self, path: Path) -> str:
        """A path as programs in the root see it."""
        return "/" + str(path.resolve().relative_to(self.root.resolve()))


@functools.cache
def fingerprint(system: System) -> str:
    """All TeX packages and their versions: what has been compiled with others is compiled again."""
    command = ["dpkg-query", f"--admindir={system.root / 'var/lib/dpkg'}", "-W", "texlive*", "cm-super", "ghostscript"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def version(system: System) -> str:
    """The version of Debian's TeX packages."""
    match = re.search(r"(?m)^texlive-base\s+(\S+)", fingerprint(system))
    return match[1] if match else "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What a compilation left behind."""

    folder: Path
    returncode: int
    runs: int
    seconds: float
    output: str
    """What the programs after TeX said."""

    @property
    def pdf(self) -> Path:
        """The PDF, which may not be there."""
        return self.folder / "main.pdf"

    @property
    def log(self) -> str:
        """The log of the last run."""
        path = self.folder / "main.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def compile_paper(
    system: System, engine: Engine, files: Mapping[str, bytes], folder: Path, first: Compiled | None = None
) -> Compiled:
    """Compiles `main.tex` and what is beside it, unless exactly that has been compiled in this folder before.

    With `first`, the same paper compiled before, TeX finds the auxiliary files that it left, and needs no run of
    its own to make them.
    """
    key = _key(system, engine, files, first)
    note = folder / "compiled.json"
    if note.exists():
        known = json.loads(note.read_text(encoding="utf-8"))
        if known.pop("key") == key:
            return Compiled(folder=folder, **known)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    if first:
        _inherit(first.folder, folder)
    compiled = _compile(system, engine, folder, min_runs=1 if first else MIN_RUNS)
    known = {name: value for name, value in asdict(compiled).items() if name != "folder"}
    note.write_text(json.dumps({"key": key, **known}), encoding="utf-8")
    return compiled


def _key(system: System, engine: Engine, files: Mapping[str, bytes], first: Compiled | None) -> str:
    said = (fingerprint(system), engine.tex, engine.after, engine.option, MAX_RUNS, sorted(files.items()))
    seed = _auxiliary(first.folder) if first else ""
    return hashlib.sha256(repr((said, seed)).encode()).hexdigest()


def _inherit(source: Path, folder: Path) -> None:
    """Copies what TeX left for its next run."""
    for path in source.iterdir():
        copy = folder / path.name
        if path.is_file() and not copy.exists() and path.suffix not in _RESULTS:
            shutil.copyfile(path, copy)


def _compile(system: System, engine: Engine, folder: Path, min_runs: int) -> Compiled:
    start = time.monotonic()
    command = [engine.tex, "-interaction=batchmode", "-no-shell-escape", "-file-line-error", "-recorder", "main.tex"]
    runs, before, output = 0, _auxiliary(folder), ""
    while runs < MAX_RUNS:
        done = system.run(command, folder, TIME_OUT - (time.monotonic() - start))
        runs += 1
        after = _auxiliary(folder)
        if runs >= min_runs and (after == before or done.returncode):
            break
        before = after
    returncode = done.returncode
    for program in engine.after:
        if returncode == 0:
            done = system.run(program, folder, TIME_OUT - (time.monotonic() - start))
            returncode = done.returncode
            output += done.stdout.decode("utf-8", "replace")
    seconds = round(time.monotonic() - start, 1)
    return Compiled(folder=folder, returncode=returncode, runs=runs, seconds=seconds, output=output[-20_000:])


def _auxiliary(folder: Path) -> str:
    """A digest of the files that one run leaves for the next."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in {".aux", ".out", ".toc", ".lof", ".lot", ".nav", ".xmpdata"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()
