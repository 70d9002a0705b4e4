"""What arXiv does with an upload, as far as a build here follows it: its engines, its `00README.json`, its file names.

Sources: arXiv's help pages "TeX Submissions", "The 00README File Format", "TeX Live at arXiv" and "Submission
guidelines" (July 2026), and its own programs (arXiv/submission-tools, August 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from pithtex.errors import MalformedError, UsageError
from pithtex.format.canonical import parse_json
from pithtex.format.fields import Fields, is_list, is_object
from pithtex.limits import MAX_SOURCE_BYTES
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
        """The engine's command."""
        return {"tex": "etex", "pdftex": "pdftex"}.get(self.value, self.value)

    @property
    def output(self) -> str:
        """The ending of what it writes."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
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
        """The formats of biblatex' `.bbl` that arXiv's TeX Live reads ("TeX Submissions": biblatex)."""
        return ("3.2", "3.3") if self.texlive == 2023 else ("3.3",)


def read_readme(folder: Path) -> Readme:
    """Reads the folder's `00README.json`; an empty one where there is none.

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
        hint = "remove it, or mend it by https://info.arxiv.org/help/00README.html"
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
    raise MalformedError(f"no compiler of arXiv's is called {str(value)[:60]!r}", where="process.compiler")


def _year(value: object) -> int | None:
    """A year, which arXiv takes as a number or as a text."""
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

_COMMENT: Final = re.compile(rb"(?<!\\)((?:\\\\)*)%[^\r\n]*")
_FILES: Final = re.compile(
    rb"\\(?:input|include|subfile|subfileinclude)\s*+\{([^{}]{1,300})\}|\\input\s++([^\s{}\\%]{1,300})"
)
_LOADED: Final = re.compile(
    rb"\\(?:usepackage|RequirePackage|documentclass|LoadClass)\s*+(?:\[[^\]]{0,2000}\])?\s*+\{([^{}]{1,2000})\}"
)
_FIGURES: Final = re.compile(
    rb"\\(?:includegraphics|epsfbox|epsffile)\*?\s*+(?:\[[^\]]{0,2000}\]){0,2}\s*+\{([^{}]{1,300})\}"
    rb"|\\(?:epsfig|psfig)\s*+\{[^{}]{0,300}?(?:file|figure)\s*+=\s*+([^,{}]{1,300})"
)
_PDFOUTPUT: Final = re.compile(rb"\\pdfoutput\s*+=\s*+([01])")
_UNICODE: Final = frozenset({"fontspec", "polyglossia", "unicode-math"})
_DRAWN: Final = {
    Engine.PDFLATEX: frozenset({"pdf", "png", "jpg", "jpeg", "mps"}),
    Engine.LATEX: frozenset({"eps", "ps", "mps"}),
    Engine.XELATEX: frozenset({"pdf", "png", "jpg", "jpeg", "bmp", "eps", "ps", "mps"}),
}
"""Figures that each engine's driver includes; the engines in the order in which arXiv prefers them."""


FOR_FIGURES: Final = "the paper includes "
"""So begins the reason for an engine that is taken for a figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An engine, and why it is this one."""

    engine: Engine
    reason: str


def choose_engine(copy: WorkingCopy, main: str) -> Choice:
    """The engine that arXiv offers for a paper that does not name one.

    Its rules (help page "TeX Live at arXiv", submission-tools: preflight): XeLaTeX for packages of Unicode fonts; else
    the first of pdfLaTeX, LaTeX with dvips, and XeLaTeX that can include all of the figures.
    """
    packages, figures, output = _looked_through(copy, main)
    unicode_fonts = sorted(packages & _UNICODE)
    if unicode_fonts:
        return Choice(engine=Engine.XELATEX, reason=f"the paper loads {unicode_fonts[0]}")
    able = [engine for engine in _DRAWN if output is None or engine.output == output]
    reason = ""
    for name in sorted(figures):
        kinds = _kinds(name, copy.files)
        left = [engine for engine in able if kinds & _DRAWN[engine]]
        if kinds and left and left[0] is not able[0]:
            able, reason = left, f"{FOR_FIGURES}{name}"
        elif kinds and left:
            able = left
    if able[0] is Engine.PDFLATEX:
        return Choice(engine=Engine.PDFLATEX, reason="arXiv's first choice")
    return Choice(engine=able[0], reason=reason or "the paper sets \\pdfoutput")


def _looked_through(copy: WorkingCopy, main: str) -> tuple[set[str], set[str], str | None]:
    """The packages, the figures and the output that the main file and all that it reads in name outside of comments."""
    packages: set[str] = set()
    figures: set[str] = set()
    outputs: set[bytes] = set()
    pending, seen = [main], {main}
    while pending and len(seen) <= _MAX_SCANNED:
        file = pending.pop()
        with (copy.folder / file).open("rb") as stream:
            text = _COMMENT.sub(rb"\1", stream.read(MAX_SOURCE_BYTES))
        figures |= {name.strip() for name in _named(_FIGURES, text)}
        if file.endswith((".cls", ".clo")):  # which load for any engine, and ask for the output; arXiv does the same
            continue
        outputs.update(_PDFOUTPUT.findall(text))
        loaded = {name for names in _named(_LOADED, text) for name in names.split(",")}
        packages |= {name.strip() for name in loaded}
        read = {*_named(_FILES, text), *(f"{name.strip()}.{end}" for name in loaded for end in ("sty", "cls"))}
        for name in sorted(read):
            for candidate in (name.strip(), f"{name.strip()}.tex"):
                if candidate in copy.files and candidate not in seen:
                    seen.add(candidate)
                    pending.append(candidate)
    return packages, figures, "pdf" if b"1" in outputs else "dvi" if outputs else None


def _named(pattern: re.Pattern[bytes], text: bytes) -> Iterator[str]:
    for found in pattern.finditer(text):
        yield next(group for group in found.groups() if group is not None).decode("latin-1")


def _kinds(name: str, files: frozenset[str]) -> set[str]:
    """The endings that a figure is there with; none where it is not found."""
    stem, dot, end = name.rpartition(".")
    if dot and end.lower() in {kind for kinds in _DRAWN.values() for kind in kinds}:
        kinds, wanted = {end.lower()}, stem
    else:
        wanted = name
        ends = (file.rpartition(".") for file in files if file.startswith(name) or f"/{name}." in file)
        kinds = {end.lower() for path, _, end in ends if path == name or path.endswith(f"/{name}")}
    if any(file.endswith(f"{wanted}-eps-converted-to.pdf") for file in files):
        kinds.add("pdf")
    return kinds


def check_offered(engine: Engine) -> None:
    """Refuses what arXiv does not run.

    Raises:
        UsageError: LuaLaTeX, whose papers are programs that may read and write as whoever runs them.
    """
    if engine is Engine.LUALATEX:
        raise UsageError(
            "00README.json asks for LuaLaTeX, which arXiv does not offer",
            hint="build it all the same with --engine lualatex, if you trust the paper: its Lua code runs as you",
            rule="engine-not-offered",
        )
