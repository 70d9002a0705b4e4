"""Compiles a paper as arXiv does, in a copy of its folder, with nothing of the user's own set-up.

The steps are those of arXiv's own converter (arXiv/submission-tools: tex_to_pdf_converters.py):

1. The engine runs once; it must write its output, whatever its exit code.
2. Where there is no `.bbl` and references are asked for, BibTeX or Biber makes it.
3. The engine runs again, up to four times, until the `.aux` and `.out` files stay as they are and the log asks for no
   further run. Each of these runs must succeed.
4. What wrote a DVI file goes on with dvips and ps2pdf.

TeX runs in batch mode without shell escape, and with `openin_any` and `openout_any` at `p`, opens nothing outside of
the paper's folder and the TeX distribution. That is not a sandbox: docs/reference/build-and-pack.md says what is left.
LuaLaTeX, which runs on the user's word alone, may read elsewhere (`_READS_ALL`).
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pithtex.catalogue import finding
from pithtex.errors import MalformedError, UsageError
from pithtex.findings import Located
from pithtex.limits import MAX_BUILD_SECONDS, MAX_PROGRAM_SECONDS, MAX_SOURCE_BYTES
from pithtex.manuscript.build import arxiv_rules, problems
from pithtex.manuscript.build.arxiv_rules import Engine, Readme, choose_engine, read_readme
from pithtex.manuscript.build.bibliography import Bibliography, read_bibliography
from pithtex.manuscript.build.process import Ran, run_limited
from pithtex.manuscript.build.recorder import Recorder, read_log
from pithtex.manuscript.build.workcopy import WorkingCopy, working_copy
from pithtex.manuscript.edit.main_file import main_files
from pithtex.manuscript.edit.which_paper import decided
from pithtex.structs import replace, struct
from pithtex.system.signals import ending_cleanly

MAX_RUNS: Final = 5
"""Runs of the engine (tex2pdf-service: MAX_LATEX_RUNS)."""
_ARGUMENTS: Final = ("-interaction=batchmode", "-recorder", "-no-parse-first-line", "-file-line-error")
_READS_ALL: Final = {"openin_any": "a"}
"""For LuaTeX: 1.18 holds Lua to `openin_any`, too, and at `p` LuaLaTeX cannot open its own files and ends.

1.15 held Lua to nothing. What is read elsewhere is recorded, and said.
"""
_RERUN: Final = "Rerun to get cross-references right."
_SAID: Final = re.compile(r"---(?:line|while)|couldn't|[Ee]rror|ERROR")
"""In lines that say what BibTeX or Biber stumbled on; the last lines only count them."""
_WRONG_FORMAT: Final = " is wrong format version - expected"
_UNRECORDED: Final = frozenset(
    {"otf", "ttf", "ttc", "pfb", "pfa", "pfm", "afm", "tfm", "vf", "enc", "map", "pro"}
    | {"eps", "ps", "pdf", "png", "jpg", "jpeg", "bmp", "mps"}
)
"""Endings of fonts and figures, some of which only drivers read that record nothing."""


_NAMING: Final = (".tex", ".ltx", ".sty", ".cls")
_MAX_NAMING: Final = 500
"""Sources that are looked through for the names of files that were left out."""


@struct
class Build:
    """What became of one main file. Paths below the copy are good only as long as the copy is."""

    main: str
    """Relative to the paper's folder, with slashes."""
    engine: Engine
    ok: bool | None
    """None if it could not be decided: a program or a file of TeX Live is not here."""
    steps: tuple[str, ...]
    """The programs that ran, in order."""
    seconds: float
    """By the clock."""
    log: str
    """The last run's log, bounded."""
    pdf: Path | None
    """In the copy; None if there is none."""
    read: tuple[str, ...]
    """The paper's own files that were read, relative to its folder, in order of their names."""
    outside: tuple[str, ...]
    """Absolute paths of files that are neither the paper's nor the TeX distribution's."""
    bibliography: Bibliography
    made_bbl: bool
    """Whether the `.bbl` was made by this build."""
    findings: tuple[Located, ...]

    @property
    def stem(self) -> str:
        """Returns the name of the output without an ending."""
        return os.path.splitext(os.path.basename(self.main))[0]

    @property
    def runs(self) -> int:
        """Returns how often the engine ran."""
        return self.steps.count(self.engine.program)


@struct
class BuiltPaper:
    """A paper's main files, built one after another as arXiv does; most papers have one."""

    copy: WorkingCopy
    readme: Readme
    reason: str
    """Why it is this engine."""
    builds: tuple[Build, ...]

    @property
    def ok(self) -> bool | None:
        """Tells whether all of it was built; None if that could not be decided."""
        outcomes = {build.ok for build in self.builds}
        return False if False in outcomes else None if None in outcomes else True

    @property
    def findings(self) -> tuple[Located, ...]:
        """Of all builds; and of what the copy lacks, where they failed or a source that they read names it."""
        lacking = self.copy.findings
        if self.ok and lacking:
            read = sorted({name for build in self.builds for name in build.read if name.endswith(_NAMING)})
            texts = [_beginning(self.copy.folder / name) for name in read[:_MAX_NAMING]]
            lacking = tuple(item for item in lacking if any(_stem(item.file) in text for text in texts))
        return (*lacking, *(item for build in self.builds for item in build.findings))


@contextmanager
def built_paper(
    folder: Path,
    *,
    main: str | tuple[str, ...] | None = None,
    engine: Engine | None = None,
    seconds: float = MAX_BUILD_SECONDS,
    on_step: Callable[[str], None] | None = None,
) -> Iterator[BuiltPaper]:
    """Builds a paper; its files in a temporary place last for the `with` block.

    Args:
        folder: the paper's folder, which is what would be uploaded.
        main: its main file, relative to the folder, or several documents in the order in which they are compiled; by
            default those of `00README.json`, or the only one there is.
        engine: by default that of `00README.json`, or the one that arXiv would choose.
        seconds: what all programs together may take.
        on_step: is told each program before it runs.

    Raises:
        UsageError: there is no main file, or several; or `00README.json` asks for LuaLaTeX.
        MalformedError: `00README.json` is not of arXiv's form, or names a file that is not there.
        UnavailableError: the folder is too large for a paper's.
        OSError: a file cannot be read.
    """
    readme = read_readme(folder)
    mains = _mains(folder, main, readme)
    if engine is None and readme.engine is not None:
        arxiv_rules.check_offered(readme.engine)
    with ending_cleanly(), working_copy(folder, mains) as copy:
        for name in mains:
            _check_main(copy, name, asked_for=main is not None)
        chosen = engine or readme.engine
        reason = "as asked for" if engine else f"{arxiv_rules.README} names it"
        if chosen is None:
            choice = choose_engine(copy, mains[0])
            chosen, reason = choice.engine, choice.reason
        until = time.monotonic() + seconds
        builds = tuple(_Builder(copy, readme, name, chosen, until=until, on_step=on_step).build() for name in mains)
        if reason.startswith(arxiv_rules.FOR_FIGURES):
            builds = tuple(_advised(build) for build in builds)
        yield BuiltPaper(copy=copy, readme=readme, reason=reason, builds=builds)


def _advised(build: Build) -> Build:
    """Returns the build, with what to do where it failed under an engine that was taken for the figures alone."""
    readme = arxiv_rules.README
    hint = f"its figures led to {build.engine}; try --engine pdflatex, and name it in {readme}"
    findings = (
        item if item.finding.hint else replace(item, finding=replace(item.finding, hint=hint))
        for item in build.findings
    )
    return replace(build, findings=tuple(findings))


def _mains(folder: Path, main: str | tuple[str, ...] | None, readme: Readme) -> tuple[str, ...]:
    if main is not None:
        return (main,) if isinstance(main, str) else main
    if readme.toplevel:
        return tuple(dict.fromkeys(readme.toplevel))
    sources = [source for source in main_files(folder) if source.path.name not in readme.ignored]
    paper = decided(sources, folder)
    if paper is not None:
        return (paper.source.path.name,)
    found = [source.path.name for source in sources]
    if len(found) > 1:
        message = f"several files of {folder} could be the main one: {', '.join(found[:5])}"
        hint = f"name it, or list those that are compiled in {arxiv_rules.README} (usage: toplevel)"
        raise UsageError(message, hint=hint, rule="several-main-files")
    message = f"{arxiv_rules.README} has every main file of {folder} ignored"
    raise UsageError(message, hint="name the main file there (usage: toplevel)", rule="no-main-file")


def _check_main(copy: WorkingCopy, name: str, *, asked_for: bool) -> None:
    if name not in copy.files:
        what = f"there is no file {name!r} in {copy.origin} to compile"
        if asked_for:
            raise UsageError(what, hint="give its path from there", rule="no-main-file")
        raise MalformedError(f"{what}, and {arxiv_rules.README} names it", rule="readme-malformed")


def environment(place: Path) -> dict[str, str]:
    """Returns what TeX is to know of this machine: where its programs are, and the time.

    The user's own trees and search paths are those of an empty folder. So is `TEXMFLOCAL`: arXiv has none of them.
    """
    home, var, local = (place / name for name in ("home", "texmf-var", "texmf-local"))
    for folder in (home, var, local, place / "tmp"):
        folder.mkdir(exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TMPDIR": str(place / "tmp"),
        "TEXMFHOME": str(home / "texmf"),
        "TEXMFVAR": str(var),
        "TEXMFCONFIG": str(home / "texmf-config"),
        "TEXMFLOCAL": str(local),
        "VARTEXFONTS": str(var / "fonts"),
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "4096",
        "error_line": "254",
        "half_error_line": "238",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or str(_now()),
        "FORCE_SOURCE_DATE": "1",
    }


@functools.cache
def _now() -> int:
    """Returns the time for all builds of this process, so that no two of them print different times."""
    return int(time.time())


class _FailedError(Exception):
    """A step went wrong, and says how."""

    def __init__(self, item: Located) -> None:
        super().__init__(item.finding.message)
        self.item = item


class _Builder:
    """Builds one main file."""

    def __init__(
        self,
        copy: WorkingCopy,
        readme: Readme,
        main: str,
        engine: Engine,
        *,
        until: float,
        on_step: Callable[[str], None] | None,
    ) -> None:
        self._copy, self._readme, self._main, self._engine = copy, readme, main, engine
        self._until = until
        self._on_step = on_step
        self._stem = os.path.splitext(os.path.basename(main))[0]
        self._environment = environment(copy.place)
        self._recorder = Recorder(copy.folder, copy.files)
        self._steps: list[str] = []
        self._states: list[str] = []
        """What the files that ask for another run held after each."""
        self._bibliography = Bibliography(commands=(), databases=(), by_biblatex=False)

    def build(self) -> Build:
        started = time.monotonic()
        had_bbl = self._file("bbl").exists()
        ok: bool | None = True
        found: list[Located] = []
        try:
            self._check_name()
            self._first_run()
            self._references()
            self._further_runs()
            if self._engine.output == "dvi":
                self._drive()
        except _FailedError as failure:
            ok = None if failure.item.undecided else False
            found.append(failure.item)
        self._recorder.take_accessed(_UNRECORDED)
        outside = problems.outside_distribution(self._recorder.outside, self._environment) if ok else ()
        found += [problems.outside(self._copy, self._main, path) for path in outside]
        pdf = self._file("pdf")
        return Build(
            main=self._main,
            engine=self._engine,
            ok=ok,
            steps=tuple(self._steps),
            seconds=time.monotonic() - started,
            log=read_log(self._file("log")),
            pdf=pdf if ok and pdf.exists() else None,
            read=tuple(sorted(self._recorder.read | {self._main})),
            outside=outside,
            bibliography=self._bibliography,
            made_bbl=not had_bbl and self._file("bbl").exists(),
            findings=tuple(found),
        )

    # --- the steps -------------------------------------------------------------------------------------------------

    def _check_name(self) -> None:
        """TeX reads some of the characters that arXiv refuses as its own: such a file is not compiled."""
        if not arxiv_rules.NAME.fullmatch(self._main):
            raise _FailedError(problems.name_refused(self._copy, self._main))

    def _first_run(self) -> None:
        ran = self._run_engine()
        if not self._file(self._engine.output).exists():
            raise _FailedError(self._log_error(ran, "TeX produced no pages"))

    def _references(self) -> None:
        self._bibliography = read_bibliography(self._copy.folder, self._stem)
        if self._bibliography.commands and self._bibliography.remote is not None:
            what = (
                f"the bibliography {self._bibliography.remote[:200]!r} is on another machine, from which arXiv "
                "does not fetch it"
            )
            raise _FailedError(self._failed(what, "put the file beside the paper"))
        for command in self._bibliography.commands:
            ran = self._run(command)
            if ran.code != 0:
                said = next((line for line in ran.output.splitlines() if _SAID.search(line)), "")
                hint = f"correct it, or keep your own {self._stem}.bbl there, which arXiv uses as it is"
                raise _FailedError(
                    self._failed(f"{command[0]} failed: {said.strip() or f'exit code {ran.code}'}", hint)
                )

    def _further_runs(self) -> None:
        for _ in range(MAX_RUNS - 1):
            ran = self._run_engine()
            if ran.code != 0 or not self._file(self._engine.output).exists():
                raise _FailedError(self._log_error(ran, f"{self._engine.program} ended with exit code {ran.code}"))
            log = read_log(self._file("log"))
            if "Package biblatex Warning: File '" in log and _WRONG_FORMAT in log:
                what = f"{self._stem}.bbl was written for another version of biblatex than is here"
                raise _FailedError(self._failed(what, f"remove {self._stem}.bbl so that it is made again"))
            if self._states[-1] == self._states[-2] and _RERUN not in log:
                return

    def _drive(self) -> None:
        stem = f"./{self._stem}"
        options = ["-R2", "-q"]
        options += ["-t", "landscape"] if self._stem in self._readme.landscape else []
        options += ["-K0"] if self._stem in self._readme.keep_comments else []
        target = ["-o", f"{stem}.ps", f"{stem}.dvi"]
        ran = self._run(["dvips", *options, "-z", *target])
        if ran.code != 0:  # as arXiv does: once more without the links of HyperTeX
            ran = self._run(["dvips", *options, *target])
        if ran.code == 0:
            ran = self._run(["ps2pdf", f"{stem}.ps", f"{stem}.pdf"])
        if ran.code != 0 or not self._file("pdf").exists():
            said = ran.output.strip().splitlines()[:1]
            raise _FailedError(self._failed(f"{self._steps[-1]} failed: {said[0] if said else ran.code}", None))

    def _run_engine(self) -> Ran:
        options = ["--nosocket"] if self._engine is Engine.LUALATEX else []
        name = f"./{self._main}" if self._main.startswith("-") else self._main
        also = _READS_ALL if self._engine is Engine.LUALATEX else {}
        ran = self._run([self._engine.program, *_ARGUMENTS, "-no-shell-escape", *options, name], also)
        self._recorder.take(self._file("fls"))
        self._states.append("".join(_digest(self._file(end)) for end in ("aux", "out")))
        return ran

    def _run(self, command: list[str] | tuple[str, ...], also: Mapping[str, str] = MappingProxyType({})) -> Ran:
        program = shutil.which(command[0])
        if program is None:
            raise _FailedError(problems.no_program(self._copy, self._main, command[0]))
        if self._on_step is not None:
            self._on_step(command[0])
        self._steps.append(command[0])
        left = min(MAX_PROGRAM_SECONDS, self._until - time.monotonic())
        ran = run_limited(
            [program, *command[1:]],
            folder=self._copy.folder,
            environment={**self._environment, **also},
            seconds=max(0.0, left),
        )
        if ran.stopped is not None:
            raise _FailedError(problems.stopped(self._copy, self._main, command[0], ran))
        return ran

    # --- what went wrong -------------------------------------------------------------------------------------------

    def _log_error(self, ran: Ran, otherwise: str) -> Located:
        said = (line.removeprefix("! ") for line in ran.output.splitlines() if line.startswith("! "))
        return problems.log_error(
            self._copy, self._main, self._engine.value, read_log(self._file("log")), next(said, otherwise)
        )

    def _failed(self, what: str, hint: str | None) -> Located:
        return problems.located(self._copy, self._main, finding("build-failed", what, hint=hint))

    def _file(self, ending: str) -> Path:
        return self._copy.folder / f"{self._stem}.{ending}"


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_SOURCE_BYTES)
    except OSError:
        return b""


def _stem(path: str) -> bytes:
    return os.fsencode(os.path.splitext(os.path.basename(path))[0])


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return "-"
