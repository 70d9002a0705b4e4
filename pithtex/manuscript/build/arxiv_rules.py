"""What arXiv does with an upload, as far as a build here follows it: its engines, its `00README.json`, its file names.

Sources: arXiv's help pages "TeX Submissions", "The 00README File Format", "TeX Live at arXiv" and "Submission
guidelines" (July 2026), and its own programs (arXiv/submission-tools, August 2026).
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.errors import MalformedError, UsageError
from pithtex.format.canonical import parse_json
from pithtex.format.fields import Fields, is_list, is_object
from pithtex.limits import MAX_SOURCE_BYTES
from pithtex.structs import replace, struct

if TYPE_CHECKING:
    from pithtex.manuscript.build.preflight import Preflight
    from pithtex.manuscript.build.workcopy import WorkingCopy

README: Final = "00README.json"
_README_BYTES: Final = 256 * 1024
_MAX_SCANNED: Final = 2_000
"""Files of one paper that are looked through for figures and packages."""

NAME: Final = re.compile(r"[A-Za-z0-9_+\-.,=]+(?:/[A-Za-z0-9_+\-.,=]+)*")
"""File names that arXiv accepts ("Submission guidelines": file names)."""


class Engine(StrEnum):
    """The ways to a PDF, by the names that arXiv has for them."""

    PDFLATEX = "pdflatex"
    LATEX = "latex"
    XELATEX = "xelatex"
    PDFTEX = "pdftex"
    TEX = "tex"
    LUALATEX = "lualatex"
    """Not offered by arXiv."""

    @property
    def program(self) -> str:
        """Returns the engine's command."""
        return {"tex": "etex", "pdftex": "pdftex"}.get(self.value, self.value)

    @property
    def output(self) -> str:
        """Returns the ending of what it writes."""
        return "dvi" if self in {Engine.LATEX, Engine.TEX} else "pdf"


_COMPILERS: Final = {
    **{engine.value: engine for engine in Engine},
    "latex+dvips_ps2pdf": Engine.LATEX,
    "tex+dvips_ps2pdf": Engine.TEX,
    "etex+dvips_ps2pdf": Engine.TEX,
    "pdfetex": Engine.PDFTEX,
}
_SPECIFIED: Final = {
    ("etex", "tex", "dvi"): Engine.TEX,
    ("pdfetex", "tex", "pdf"): Engine.PDFTEX,
    ("etex", "latex", "dvi"): Engine.LATEX,
    ("etex", "latex", "pdf"): Engine.PDFLATEX,
    ("xetex", "latex", "pdf"): Engine.XELATEX,
    ("luatex", "latex", "pdf"): Engine.LUALATEX,
}


@struct
class Readme:
    """What a `00README.json` says, as far as it matters to a build."""

    engine: Engine | None = None
    toplevel: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    landscape: frozenset[str] = frozenset()
    """Stems of DVI files that dvips turns."""
    keep_comments: frozenset[str] = frozenset()
    """Stems of DVI files in whose figures dvips keeps comments."""
    texlive: int | None = None
    """The year of the TeX Live that the paper chooses."""

    @property
    def bbl_formats(self) -> tuple[str, ...]:
        """Returns the formats of biblatex' `.bbl` that arXiv's TeX Live reads ("TeX Submissions": biblatex)."""
        return ("3.2", "3.3") if self.texlive == 2023 else ("3.3",)


def read_readme(folder: Path) -> Readme:
    """Reads the folder's `00README.json`; an empty one if there is none.

    Raises:
        MalformedError: it is not of arXiv's form, which would stop the submission.
        OSError: it cannot be read.
    """
    path = folder / README
    if not path.is_file():
        return Readme()
    with path.open("rb") as stream:
        data = stream.read(_README_BYTES + 1)
    try:
        fields = Fields(parse_json(data, max_bytes=_README_BYTES), "")
        process = Fields(fields.raw.get("process", {}), "process")
        readme = _read_sources(_compiler(process.raw.get("compiler")), fields.raw.get("sources", []))
        return replace(readme, texlive=_year(fields.raw.get("texlive_version")))
    except MalformedError as error:
        message = f"{README} is not of arXiv's form: {error.message}"
        hint = "remove the file, or correct it: https://info.arxiv.org/help/00README.html"
        raise MalformedError(message, where=error.where, hint=hint, rule="readme-malformed") from error


def _compiler(value: object) -> Engine | None:
    if value is None:
        return None
    if isinstance(value, str) and value in _COMPILERS:
        return _COMPILERS[value]
    if is_object(value):
        found = _SPECIFIED.get((str(value.get("engine")), str(value.get("lang")), str(value.get("output"))))
        if found is not None:
            return found
    raise MalformedError(f"arXiv has no compiler called {str(value)[:60]!r}", where="process.compiler")


def _year(value: object) -> int | None:
    """Returns a year, which arXiv takes as a number or as a text."""
    return int(value) if isinstance(value, int | str) and re.fullmatch("20[0-9]{2}", str(value), re.ASCII) else None


def _read_sources(engine: Engine | None, value: object) -> Readme:
    if not is_list(value):
        raise MalformedError("expected a list", where="sources")
    toplevel: list[str] = []
    ignored: set[str] = set()
    landscape: set[str] = set()
    keep_comments: set[str] = set()
    for number, item in enumerate(value):
        fields = Fields(item, f"sources[{number}]")
        name = fields.text("filename")
        usage = fields.raw.get("usage")
        if usage == "toplevel" or not {"usage", "orientation", "keep_comments", "fontmaps"} & fields.raw.keys():
            toplevel.append(name)
        elif usage == "ignore":
            ignored.add(name)
        if fields.raw.get("orientation") == "landscape":
            landscape.add(name.removesuffix(".dvi"))
        if fields.raw.get("keep_comments") is True:
            keep_comments.add(name.removesuffix(".dvi"))
    return Readme(
        engine=engine,
        toplevel=tuple(toplevel),
        ignored=frozenset(ignored),
        landscape=frozenset(landscape),
        keep_comments=frozenset(keep_comments),
    )


# --- the engine ------------------------------------------------------------------------------------------------------

FOR_FIGURES: Final = "the paper includes "
"""So begins the reason for an engine that is taken for a figure."""


@struct
class Choice:
    """An engine, and why it is this one."""

    engine: Engine
    reason: str


def choose_engine(copy: WorkingCopy, main: str) -> Choice:
    """Returns the engine that arXiv's preflight chooses for a paper that does not name one."""
    name, reason = read_preflight(copy).engine(main)
    return Choice(engine=Engine(name), reason=reason or "arXiv's first choice")


def read_preflight(copy: WorkingCopy) -> Preflight:
    """Returns a paper's folder as arXiv's preflight sees it."""
    from pithtex.manuscript.build.preflight import SCANNED, Preflight

    names = [name for name in sorted(copy.files) if name.lower().endswith(SCANNED) and not name.startswith("anc/")]
    scanned = {}
    for name in names[:_MAX_SCANNED]:
        with (copy.folder / name).open("rb") as stream:
            scanned[name] = stream.read(MAX_SOURCE_BYTES)
    return Preflight(scanned, frozenset(name for name in copy.files if not name.startswith("anc/")))


def check_offered(engine: Engine) -> None:
    """Refuses what arXiv does not run.

    Raises:
        UsageError: LuaLaTeX, whose papers are programs that may read and write as whoever runs them.
    """
    if engine is Engine.LUALATEX:
        raise UsageError(
            "00README.json asks for LuaLaTeX, which arXiv does not offer",
            hint=("if you trust the paper, build it with --engine lualatex; its Lua code runs with your permissions"),
            rule="engine-not-offered",
        )
