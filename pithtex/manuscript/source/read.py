"""From a folder of sources to a `Manuscript`: the main file, what it reads in, and what a rule may ask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pithtex.errors import UsageError
from pithtex.limits import MAX_FRAGMENT_CHARS, MAX_INPUT_DEPTH, MAX_INPUTS, MAX_SCANNED_BYTES
from pithtex.manuscript.edit.which_paper import the_paper
from pithtex.manuscript.source.comments import comments_of
from pithtex.manuscript.source.expand import expand
from pithtex.manuscript.source.files import Folder, Misread, TexFile, leads_out
from pithtex.manuscript.source.known_commands import (
    ABSTRACTS,
    ASKED,
    AUTHORS,
    FLAGS,
    INPUTS,
    STANDALONE,
    TITLE_LIKE,
    TITLES,
    TWO_ARGUMENTS,
)
from pithtex.manuscript.source.model import Fragment, Manuscript, Names, Problem, Reached, Use
from pithtex.manuscript.source.plain_text import plain_text
from pithtex.manuscript.source.refer import DRAWN_IN_PLOT
from pithtex.manuscript.source.referring import REFERRING
from pithtex.manuscript.source.scan import Scanner
from pithtex.manuscript.source.scanned import Paper
from pithtex.manuscript.source.texlive import in_texlive
from pithtex.manuscript.tokens import uncommented
from pithtex.structs import replace

_MAX_AUTHORS: Final = 500
_TEX_OWN: Final = frozenset(
    {"glyphtounicode", "xy", "xypic", "epsf", "amssym.def", "amssym", "pdfmsym", "binhex", "babel.sty", "random"}
    | {"prepictex", "pictex", "postpictex", "pictexwd", "pstricks", "pst-node", "tikz", "pgf", "insbox", "testfont"}
)
"""Files of TeX distributions that papers read by `\\input`."""
_LOADERS: Final = ("usepackage", "RequirePackage")
_CLASSES: Final = ("documentclass", "documentstyle")
_OF_STYLES: Final = (*_LOADERS, "RequirePackageWithOptions", "LoadClass", "LoadClassWithOptions")
_DATA: Final = ("overpic", "addplot", DRAWN_IN_PLOT, "pgfplotstableread", "pgfplotstabletypeset")
_MAX_STYLES: Final = 100
"""Classes and packages of the paper's own that are read."""
_ENDINGS: Final = (".tex", ".ltx", ".tikz", ".pgf", ".bbl")
_LENIENT: Final = ("include", "@input", "includefrom", "subincludefrom")
"""These say no more than "No file x.tex." of a file that is not there (ltfiles.dtx)."""
_READING: Final = re.compile(r"\\input(?:\s*\{([^{}]{1,500})\}|[ \t]+([^\s\\{}%]{1,500}))")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_IN_BRACES: Final = re.compile(r"\{([^{}\\]{1,200})\}")
_MAX_PLACES: Final = 20
"""Folders of `\\input@path`, in which LaTeX looks for files that it did not find beside the main one."""


def read_manuscript(paper: Path) -> Manuscript:
    """Reads a paper.

    Args:
        paper: its main file, or its folder.

    Raises:
        UsageError: there is no main file, or nothing tells which of several it is.
        OSError: the folder or the file cannot be read.
    """
    main = the_paper(paper, "presubmit").source.path
    return read_from(main.parent, main.name)


def read_from(root: Path, name: str) -> Manuscript:
    """Reads the paper whose main file has that name in that folder.

    Raises:
        UsageError: the main file cannot be read.
    """
    folder = Folder(root)
    manuscript = _read(folder, name)
    if folder.inputenc and any(file.bad_byte is not None for file in folder.files.values()):
        # The encoding is declared in a file that came later than one that is in it.
        return _read(Folder(root, folder.inputenc), name)
    return manuscript


def _read(folder: Folder, name: str) -> Manuscript:
    reader = _Reader(folder)
    main = folder.read(name)
    if isinstance(main, Misread):
        raise UsageError(main.message, hint=main.hint, rule="no-main-file")
    reader.scan(main, Reached.ACTIVE)
    return reader.manuscript(main)


def _bad_byte(file: TexFile) -> int | None:
    """Returns the offset of the first byte that TeX refuses; in comments it accepts all."""
    comments = comments_of(file.text) if file.bad_byte is not None else None
    if comments is None:
        return file.bad_byte
    masked = bytearray(file.text.encode("iso8859-1"))
    for start, end in comments:
        masked[start:end] = b" " * (end - start)
    try:
        masked.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _first_printed(file: TexFile) -> int | None:
    """Returns the offset of the first character beyond ASCII that is not in a comment."""
    comments = comments_of(file.text) or []
    places = (found.start() for found in _BEYOND_ASCII.finditer(file.text))
    return next((place for place in places if not any(start <= place < end for start, end in comments)), None)


def _is_tex_own(name: str) -> bool:
    return name in _TEX_OWN or in_texlive(name) or in_texlive(f"{name}.tex")


def title_text(manuscript: Manuscript) -> str | None:
    """Returns the paper's title as text; None if none is found."""
    return None if manuscript.title is None else plain_text(manuscript.title.expanded).text


def _in_order(uses: Iterable[Use]) -> tuple[Use, ...]:
    return tuple(sorted(uses, key=lambda use: (use.file.name, use.start)))


def _style_names(use: Use) -> list[tuple[str, str]]:
    """Returns the classes or packages that a command loads, with their ending."""
    ending = ".cls" if use.name in {*_CLASSES, "LoadClass", "LoadClassWithOptions"} else ".sty"
    return [(name, ending) for name in use.names]


class _Reader:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.paper = Paper()
        self._open: list[str] = []
        self._bases = [""]
        """Folders of `\\import`, the innermost last."""
        self._inputs = 0
        self._scanned = 0
        self._stopped = False
        self._badly_encoded: set[str] = set()

    def scan(self, file: TexFile, state: Reached) -> None:
        self._open.append(file.name)
        self._scanned += len(file.text)
        bad = _bad_byte(file)
        if bad is not None:
            message = f"not UTF-8, and no other encoding is declared; read as {file.encoding}"
            hint = "save it as UTF-8, or declare its encoding: \\usepackage[latin1]{inputenc}"
            problem = Problem(rule="source-encoding", message=message, hint=hint, file=file, start=bad)
            if file.name not in self._badly_encoded:
                self._badly_encoded.add(file.name)
                self.paper.problems.append(problem)
        Scanner(file, self.paper, state, self._enter).read()
        self._open.pop()

    def _problem(self, use: Use, rule: str, message: str, hint: str | None = None, *, certain: bool = False) -> None:
        if len(self.paper.problems) < MAX_INPUTS:
            self.paper.problems.append(
                Problem(rule=rule, message=message, hint=hint, certain=certain, file=use.file, start=use.start)
            )

    def _enter(self, use: Use) -> None:
        """Reads a file in, where TeX would."""
        if use.state is Reached.DEAD or not self._wanted(use):
            return
        self._inputs += 1
        if self._inputs > MAX_INPUTS or self._scanned > MAX_SCANNED_BYTES:
            if not self._stopped:
                self._stopped = True
                message = f"files are included more than {MAX_INPUTS} times; from here on they were not followed"
                self._problem(use, "source-limit", message)
            return
        name = expand(use.argument, self.paper.macros).strip().strip('"')
        if name and "\\" not in name and "#" not in name and not name.startswith("|"):
            self._follow(use, name, self._find(name, include=use.name == "include"))

    def _follow(self, use: Use, name: str, found: str | Misread | None) -> None:
        """Reads the file that was found, or says why not."""
        if found is None:
            self._missing(use, name)
        elif isinstance(found, Misread):
            self._problem(use, found.rule, found.message, found.hint)
        elif found in self._open:
            chain = " reads ".join([*self._open[self._open.index(found) :], found])
            self._problem(use, "input-cycle", f"the file includes itself: {chain}")
        elif len(self._open) >= MAX_INPUT_DEPTH:
            message = f"{found} is read in {MAX_INPUT_DEPTH} files deep, deeper than TeX allows, and is not read"
            self._problem(use, "source-limit", message)
        else:
            self._read_in(use, found)

    def _missing(self, use: Use, name: str) -> None:
        if use.state is not Reached.ACTIVE or use.name == "InputIfFileExists" or _is_tex_own(name):
            return
        if leads_out(name):
            message = f"the file {name!r} is outside the paper's folder, so arXiv will not have it"
            self._problem(use, "input-outside", message, "copy it into the paper's folder")
            return
        if use.name == STANDALONE and self._find_drawn(name):
            return
        asked_for = {asked.argument.removesuffix(".tex") for asked in self.paper.uses.get("IfFileExists", ())}
        if name.removesuffix(".tex") in asked_for:
            return
        shown = name if "." in name.rpartition("/")[2] else f"{name}.tex"
        message = f"\\{use.name}: there is no {shown} in the paper's folder"
        # TeX's own files have no folder in their names, and those of TeX's usual ending stand in the table.
        certain = ("/" in name or name.endswith(".tex") or "." not in name) and use.name not in _LENIENT
        hint = "arXiv stops here" if certain else "unless it is part of TeX, arXiv stops here"
        if use.name in _LENIENT:
            hint = "LaTeX goes on without its content"
        self._problem(use, "input-missing", message, f"{hint}: add it to the upload", certain=certain)

    def _read_in(self, use: Use, found: str) -> None:
        file = self.folder.read(found)
        if isinstance(file, Misread):
            self._problem(use, file.rule, file.message, file.hint)
            return
        imports = use.name in TWO_ARGUMENTS
        if imports:
            self._bases.append(found.rpartition("/")[0])
        self.scan(file, use.state)
        if imports:
            self._bases.pop()

    def _find(self, name: str, *, include: bool = False) -> str | Misread | None:
        suffixes = (".tex",) if include else (".tex", "")
        if name.endswith(_ENDINGS):
            suffixes = ("", ".tex")
        base = self._bases[-1]
        places = [f"{base}/"] if base else []
        path = self.paper.macros.get("input@path")
        for place in (*places, "", *(_IN_BRACES.findall(path.body)[:_MAX_PLACES] if path is not None else ())):
            found = self.folder.find(place.strip() + name, suffixes)
            if found is not None:
                return found
        return None

    def _find_drawn(self, name: str) -> bool:
        """Tells whether a drawing is there as it was compiled."""
        return isinstance(self.folder.find(name.removesuffix(".tex"), (".pdf", ".eps", ".png")), str)

    def _wanted(self, use: Use) -> bool:
        r"""Tells whether `\\includeonly` lets the file in."""
        if use.name != "include":
            return True
        uses = self.paper.uses.get("includeonly", [])
        chosen = next((item for item in uses if item.state is Reached.ACTIVE), None)
        return chosen is None or use.argument in chosen.names

    # --- what was found ----------------------------------------------------------------------------------------------

    def manuscript(self, main: TexFile) -> Manuscript:
        """All of it together."""
        paper = self.paper
        own, styles = self._read_own_packages()
        self._declared_otherwise()
        uses = paper.uses
        classes = [*uses.get("documentclass", ()), *uses.get("documentstyle", ())]
        asked = {
            name: use
            for name in (*FLAGS, *ASKED, *REFERRING, "graphicspath")
            if (use := next((item for item in uses.get(name, ()) if item.state is Reached.ACTIVE), None))
        }
        return Manuscript(
            root=self.folder.root,
            main=main,
            files=tuple(self.folder.files.values()),
            document_class=next((use for use in classes if use.state is Reached.ACTIVE), None),
            packages=tuple(use for name in _LOADERS for use in uses.get(name, ())),
            numbers=tuple(uses.get("pithnumber", ())),
            setups=tuple(uses.get("pithsetup", ())),
            inputs=tuple(use for name in INPUTS for use in uses.get(name, ())),
            title=self._fragment(TITLES) or self._title_like(main),
            subtitle=self._fragment(("subtitle",)),
            authors=tuple(self._authors()),
            abstract=self._fragment(ABSTRACTS),
            commands=asked,
            asked_for=(*uses.get("IfFileExists", ()), *uses.get("InputIfFileExists", ())),
            graphics_paths=tuple(uses.get("graphicspath", ())),
            names=self._names(own, styles),
            unprinted={name: tuple(spans) for name, spans in paper.unprinted.items()},
            macros=paper.macros,
            begins_at=paper.begins_at,
            ignores=tuple(paper.ignores),
            problems=tuple(paper.problems),
        )

    def _declared_otherwise(self) -> None:
        """Notes a file in UTF-8 whose paper declares an encoding of eight bits; XeTeX and LuaTeX do not mind."""
        loaded = {name for key in _LOADERS for use in self.paper.uses.get(key, ()) for name in use.names}
        if not self.folder.inputenc or loaded & {"fontspec", "polyglossia", "unicode-math"}:
            return
        for file in self.folder.files.values():
            place = _first_printed(file) if file.encoding == "utf-8" and not file.text.isascii() else None
            if place is not None and "\\inputencoding" not in file.text:
                message = "UTF-8, but inputenc declares another encoding, so accented letters are printed wrongly"
                hint = "declare \\usepackage[utf8]{inputenc}, or remove that line"
                problem = Problem(rule="source-encoding", message=message, hint=hint, file=file, start=place)
                self.paper.problems.append(problem)
                return

    def _names(self, own: Paper, styles: dict[str, TexFile]) -> Names:
        paper = self.paper
        given = {name: {key: tuple(uses) for key, uses in known.items()} for name, known in paper.named.items()}
        loading = (*_OF_STYLES, *_LOADERS)
        return Names(
            files=_in_order(use for name in (*REFERRING, *_DATA) for use in paper.uses.get(name, ())),
            of_packages=_in_order(use for name in (*REFERRING, *loading) for use in own.uses.get(name, ())),
            labels={**given["zlabel"], **given["label"]},
            entries=given["bibitem"],
            asked=paper.asked,
            cited=paper.cited,
            computed=frozenset(paper.computed | own.computed),
            environments=paper.environments,
            written=paper.written,
            styles=styles,
        )

    def _read_own_packages(self) -> tuple[Paper, dict[str, TexFile]]:
        """Reads the paper's own classes and packages: their macros, and what they load; nothing else of them counts."""
        shadow = Paper()
        shadow.macros = self.paper.macros
        own = dict(self.paper.macros)
        files = dict(self.folder.files)
        styles: dict[str, TexFile] = {}
        uses = [use for name in (*_LOADERS, *_CLASSES) for use in self.paper.uses.get(name, ())]
        pending = [pair for use in uses if use.state is not Reached.DEAD for pair in _style_names(use)]
        while pending and len(styles) < _MAX_STYLES:
            name, ending = pending.pop(0)
            found = self.folder.find(name, (ending,)) if name != "pith" else None
            file = self.folder.read(found) if isinstance(found, str) and found not in styles else None
            if isinstance(file, TexFile):
                styles[file.name] = file
                before = {key: len(known) for key, known in shadow.uses.items()}
                shadow.ended = False
                Scanner(file, shadow, Reached.ACTIVE, lambda _: None).read()
                more = (use for key in _OF_STYLES for use in shadow.uses.get(key, ())[before.get(key, 0) :])
                pending += [pair for use in more if use.state is not Reached.DEAD for pair in _style_names(use)]
        self.paper.macros.update(own)
        self.folder.files = files
        return shadow, styles

    def _candidates(self, names: Iterable[str]) -> list[Use]:
        r"""Returns the uses that may count, the best first: the last active one before `\\maketitle`."""
        for name in names:
            uses = [use for use in self.paper.uses.get(name, ()) if uncommented(use.argument).strip()]
            for state in (Reached.ACTIVE, Reached.CONDITIONAL):
                chosen = [use for use in uses if use.state is state]
                if chosen:
                    return chosen
        return []

    def _fragment(self, names: Iterable[str]) -> Fragment | None:
        uses = self._candidates(names)
        if not uses:
            return None
        made = next((use for use in self.paper.uses.get("maketitle", ()) if use.state is Reached.ACTIVE), None)
        before = [use for use in uses if made is None or use.file is not made.file or use.start < made.start]
        return self._expanded((before or uses[:1])[-1] if uses[0].name in TITLES else uses[0])

    def _title_like(self, main: TexFile) -> Fragment | None:
        """Returns what a command of an unknown class takes that is called like a title, in the main file alone."""
        uses = [use for use in self._candidates((TITLE_LIKE,)) if use.file is main]
        return self._expanded(uses[0]) if uses else None

    def _authors(self) -> Iterable[Fragment]:
        for use in self._candidates(AUTHORS)[:_MAX_AUTHORS]:
            yield self._expanded(use)

    def _with_files(self, text: str) -> str:
        r"""Returns the text with the files that it reads in at their places: `\\begin{abstract}\\input{abstract}`."""

        def content(reading: re.Match[str]) -> str:
            found = self._find((reading[1] or reading[2]).strip())
            file = self.folder.read(found) if isinstance(found, str) else None
            return uncommented(file.text[:MAX_FRAGMENT_CHARS]) if isinstance(file, TexFile) else ""

        return _READING.sub(content, text, count=_MAX_PLACES)[:MAX_FRAGMENT_CHARS]

    def _expanded(self, use: Use) -> Fragment:
        raw = self._with_files(uncommented(use.argument)).strip()
        return Fragment(use=replace(use), raw=raw, expanded=" ".join(expand(raw, self.paper.macros).split()))
