r"""arXiv's preflight, reproduced: which documents it takes for toplevel, and which engine it chooses for one.

It follows arXiv's own program (arXiv/submission-tools, August 2026: preflight/__init__.py) in what it reads, and in
what it does not: comments are taken out, and nothing else is understood, so that a figure in verbatim text counts if it
is there. docs/how-we-know/preflight.md has the differences that were counted.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

from pithtex.manuscript.references.figures import ENDINGS
from pithtex.structs import field, struct

_PARSED: Final = (".tex", ".sty", ".ltx", ".pdf_tex", ".pdf_t")
_FIGURES_ONLY: Final = (".cls", ".clo")
SCANNED: Final = (*_PARSED, *_FIGURES_ONLY)
"""Endings of the files that are looked into."""
_COMMENT: Final = re.compile(rb"(?<!\\)%.*\n")
_BARE_INPUT: Final = re.compile(rb"\\input\s+([-a-zA-Z0-9._]+)")
_ARGUMENTS: Final = rb"\s*(?:\[[^\]]*\])?\s*\{([^}]*)\}(?:\s*\{([^}]*)\})?"
_SOURCES: Final = re.compile(
    rb"\\(input|include|InputIfFileExists|documentstyle|documentclass|LoadClass|LoadClassWithOptions|usepackage|"
    rb"RequirePackage|RequirePackageWithOptions|import|includestandalone|subfile|subfileinclude|lstinputlisting)"
    + _ARGUMENTS
)
_FIGURES: Final = re.compile(
    rb"\\(includegraphics\*?|includepdf|epsfbox|includesvg|tcbincludegraphics|begin\s*\{\s*overpic\s*\})" + _ARGUMENTS
)
_FILE_OF: Final = re.compile(rb"\\(?:epsfig|psfig)\s*(?:\[[^\]]*\])?\s*\{([^}]*)\}")
_GRAPHICSPATH: Final = re.compile(rb"\\graphicspath\s*\{((?:\s*\{[^}]*\}\s*)+)\}")
_BRACED: Final = re.compile(rb"\{([^}]*)\}")
_CLASS: Final = re.compile(rb"^[^%\n]*\\document(?:class|style)[^a-zA-Z]", re.MULTILINE)
_BYE: Final = re.compile(rb"^[^%\n]*\\bye(?![a-zA-Z])", re.MULTILINE)
_PDFOUTPUT: Final = re.compile(rb"^[^%\n]*\\pdfoutput\s*=\s*([01])", re.MULTILINE)
_ENDING: Final = {
    **dict.fromkeys(("documentclass", "LoadClass", "LoadClassWithOptions"), ("cls",)),
    **dict.fromkeys(("usepackage", "RequirePackage", "RequirePackageWithOptions"), ("sty",)),
    "documentstyle": ("cls", "sty"),
}
UNICODE: Final = frozenset({"fontspec", "polyglossia", "unicode-math"})
"""Packages for XeTeX and LuaTeX."""
DRAWN: Final = {
    "pdftex": frozenset({"pdf", "png", "jpg", "mps", "jpeg", "jbig2", "jb2"}),
    "dvips": frozenset({"eps", "ps", "gz", "z", "mps"}),
    "dvipdfmx": frozenset({"pdf", "ai", "png", "jpg", "jpeg", "jp2", "jpf", "bmp", "ps", "eps", "mps"}),
}
"""Endings of the figures that each driver includes."""


@struct(frozen=False, kw_only=False)
class _Node:
    """One file, and what it names."""

    name: str
    data: bytes
    children: list[str] = field(default_factory=list)
    packages: set[str] = field(default_factory=set)

    @property
    def is_class(self) -> bool:
        return self.name.endswith(_FIGURES_ONLY)


class Preflight:
    """One upload, as arXiv's preflight sees it."""

    def __init__(self, scanned: Mapping[str, bytes], files: frozenset[str]) -> None:
        """Takes the upload in.

        Args:
            scanned: the content of all files that end as `SCANNED` has them, those in `anc/` excepted.
            files: the names of all files.
        """
        self._files = files
        self._folded = {name.casefold(): name for name in files}
        self._nodes = {name: _Node(name, re.sub(rb"\r\n?", b"\n", data)) for name, data in scanned.items()}
        for node in self._nodes.values():
            self._read(node)

    def _read(self, node: _Node) -> None:
        if node.is_class:
            return
        text = _COMMENT.sub(b"", node.data)
        mentioned = [("input", name) for name in _names(_BARE_INPUT.findall(text))]
        for command, first, second in _SOURCES.findall(text):
            name = command.decode("ascii")
            if name == "import":
                first = first.rstrip(b"/") + b"/" + second  # noqa: PLW2901 - both arguments are one name
            several = name in {"usepackage", "RequirePackage"}
            names = list(_names(re.sub(rb"%.*", b"", first).split(b",") if several else [first]))
            mentioned += [(name, one) for one in names]
            node.packages |= {one.removesuffix(".sty") for one in names if several}
        for command, name in mentioned:
            found = self._find(name, _ENDING.get(command, ("tex",)))
            if found is not None and found in self._nodes and found != node.name:
                node.children.append(found)

    def _find(self, name: str, endings: tuple[str, ...], places: tuple[str, ...] = ("",)) -> str | None:
        """Returns the file that kpathsea finds in the folder, tried as arXiv does: the bare name, then each ending."""
        if name.startswith("#"):
            return None
        for place in places:
            has_ending = "." in name.rpartition("/")[2]
            for end in (*([""] if has_ending else []), *(f".{ending}" for ending in endings)):
                path = posixpath.normpath(f"{place}{name}{end}")
                found = path if path in self._files else self._folded.get(path.casefold())
                if found is not None and found.rpartition("/")[0] == path.rpartition("/")[0]:
                    return found
        return None

    def toplevels(self) -> list[str]:
        """Returns the files that arXiv would compile: those that no other reads in, with a class in what they read."""
        read_in = {child for node in self._nodes.values() for child in node.children}
        roots = [name for name in self._nodes if name not in read_in]
        sources = [name for name in sorted(roots) if not name.endswith((".sty", *_FIGURES_ONLY))]
        return [
            name
            for name in sources
            if any(
                pattern.search(node.data)
                for node in self._tree(name)
                if not node.is_class
                for pattern in (_CLASS, _BYE)
            )
        ]

    def _tree(self, main: str) -> Iterator[_Node]:
        """Yields a file and all that it reads in."""
        pending, seen = [main], {main}
        while pending:
            node = self._nodes.get(pending.pop())
            if node is None:
                continue
            yield node
            new = [child for child in node.children if child not in seen]
            seen.update(new)
            pending += new

    def figures(self, main: str) -> list[str]:
        """Returns the figures of a document that are there, by the names of their files."""
        tree = list(self._tree(main))
        folders = self._folders(tree)
        found = []
        for node in tree:
            text = _COMMENT.sub(b"", node.data)
            names = [name for _, name, _ in _FIGURES.findall(text)]
            names += [
                part.split(b"=", 1)[1]
                for group in _FILE_OF.findall(text)
                for part in group.split(b",")
                if re.match(rb"\s*(?:file|figure)=", part)
            ]
            found += [file for name in _names(names) if (file := self._find(name, ENDINGS, ("", *folders))) is not None]
        return found

    @staticmethod
    def _folders(tree: list[_Node]) -> tuple[str, ...]:
        r"""Returns the folders of `\graphicspath`: of the only one there is, else of the first in the main file."""
        paths = [_GRAPHICSPATH.findall(_COMMENT.sub(b"", node.data)) for node in tree]
        taken = [group for groups in paths for group in groups]
        taken = taken if len(taken) == 1 else paths[0][:1]
        return tuple(name.decode("utf-8", "replace").strip() for group in taken for name in _BRACED.findall(group))

    def engine(self, main: str) -> tuple[str, str]:
        """Returns the name of the engine that arXiv chooses, and the reason; empty if only engines' order decides."""
        tree = list(self._tree(main))
        outputs = {value for node in tree if not node.is_class for value in _PDFOUTPUT.findall(node.data)}
        able = {"pdf"} if b"1" in outputs else {"dvi"} if outputs else {"pdf", "dvi"}
        drivers, deciders = set(DRAWN), []
        for name in self.figures(main):
            ending = name.rpartition(".")[2].lower()
            if any(ending in kinds for kinds in DRAWN.values()):
                left = {driver for driver in drivers if ending in DRAWN[driver]}
                if "pdftex" in drivers - left or ("dvips" in drivers - left and "pdftex" not in drivers):
                    deciders.append(name)
                drivers = left
        unicode_fonts = sorted(self._nodes[main].packages & UNICODE) if main in self._nodes else []
        is_tex = not any(_CLASS.search(node.data) for node in tree if not node.is_class)
        if unicode_fonts and not is_tex:
            return "xelatex", f"the paper loads {unicode_fonts[0]}"
        reason = f"the paper includes {' and '.join(deciders)}" if deciders else ""
        if "pdftex" in drivers and "pdf" in able:
            return ("pdftex" if is_tex else "pdflatex"), ""
        if "dvips" in drivers and "dvi" in able:
            return ("tex" if is_tex else "latex"), reason or "the paper sets \\pdfoutput"
        return ("pdftex" if is_tex else "xelatex"), reason


def _names(found: list[bytes]) -> Iterator[str]:
    for name in found:
        text = name.decode("utf-8", "replace").strip().strip('"')
        yield posixpath.normpath(text) if text and "\\" not in text else text
