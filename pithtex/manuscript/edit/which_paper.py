"""Which of a folder's documents is the paper: one way for every command.

1. The only document there is.
2. The one that has the number.
3. The one that `00README` names, in whatever form (arXiv help page "The 00README File Format").
4. The one that `.latexmkrc` names (latexmk's manual: `@default_files`).
5. What is left without the documents that others read in, and those whose names or classes say that they are something
   else: samples, rebuttals, supplements, letters, figures, slides.
6. The one of what is left that is called as papers are.

Size decides nothing: samples and supplements are larger than papers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pithtex.manuscript.edit.main_file import Source, main_files, several_main_files
from pithtex.manuscript.edit.readme_forms import named_toplevels
from pithtex.structs import struct

_PAPERS: Final = ("main", "ms", "paper", "manuscript", "article", "arxiv", "preprint")
_OTHER: Final = re.compile(
    r"(?:.*[_\W])?(?:samples?|templates?|examples?|guide|demo|rebuttals?|responses?|reply|replies|referees?|reviews?|"
    r"cover|letter|coverletter|supp(?:l|lement|lements|lementary|mat)?|si|appendix|appendices|posters?|slides|talk|"
    r"presentation|beamer|fig(?:ure)?s?|diagrams?|plots?|tables?|highlights|diff|tests?|old|backup|copy|notes?|todo|"
    r"checklist|outline|draft|cv|titlepage|bio|abstract)(?:[_\W\d].*)?"
    r"|.*(?:sample|template|rebuttal|supplement|appendix|guide)\w*|IOPLaTeX|bare_(?:jrnl|conf)\w*",
    re.IGNORECASE,
)
"""Names of documents that go with papers."""
_DRAFT: Final = re.compile(r"drafts?(?![A-Za-z])", re.IGNORECASE)
"""The name of a paper where all others go with one."""
_OTHER_CLASSES: Final = frozenset({"beamer", "letter", "tikzposter", "beamerposter", "scrlttr2", "moderncv"})
_READ_IN: Final = re.compile(
    r"\\(?:input|include|subfile|subfileinclude|includestandalone|InputIfFileExists|import)\*?\s*(?:\[[^\]]*\]\s*)?"
    r"\{([^{}]{1,200})\}(?:\{([^{}]{1,200})\})?"
)
_DEFAULT_FILES: Final = re.compile(r"@default_files\s*=\s*\(([^)]{0,1000})\)")
_QUOTED: Final = re.compile(r"[\"']([^\"']{1,200})[\"']")
_RC_BYTES: Final = 64 * 1024


@struct
class Paper:
    """The paper's main file, and how it was told from others."""

    source: Source
    why: str
    """Empty if it is the only document."""
    others: tuple[str, ...] = ()
    """The names of the other documents."""


def the_paper(paper: Path, command: str) -> Paper:
    """Returns the paper's main file.

    Args:
        paper: the file, or its folder.
        command: the command that names a file, for the hint.

    Raises:
        UsageError: there is none, or nothing tells which of several it is.
        OSError: the folder or a file cannot be read.
    """
    found = main_files(paper)
    chosen = decided(found, paper)
    if chosen is None:
        raise several_main_files(ordered(found), paper, command)
    return chosen


def decided(found: Sequence[Source], paper: Path) -> Paper | None:
    """Returns the one that is the paper; None if nothing tells."""
    if len(found) == 1:
        return Paper(source=found[0], why="")
    for why, candidates in _steps(found, paper):
        if len(candidates) == 1:
            others = tuple(source.path.name for source in found if source is not candidates[0])
            return Paper(source=candidates[0], why=why, others=others)
    return None


def ordered(found: Sequence[Source]) -> list[Source]:
    """Returns the documents, those first that are more likely to be the paper."""
    return sorted(found, key=lambda source: (_is_other(source), _rank(source), source.path.name))


def _steps(found: Sequence[Source], paper: Path) -> list[tuple[str, list[Source]]]:
    named = named_toplevels(paper)
    configured = _latexmk_files(paper)
    read_in = {name for source in found for name in _names_read(source.text)}
    left = [source for source in found if source.path.stem not in read_in and not _is_other(source)]
    left = left or [source for source in found if _DRAFT.match(source.path.stem)]
    ranks = sorted({_rank(source) for source in left})
    best = [source for source in left if _rank(source) == ranks[0]] if ranks and ranks[0] < len(_PAPERS) else []
    return [
        ("it has the number", [source for source in found if source.preamble.numbers]),
        ("00README names it", [source for source in found if source.path.name == next(iter(named), None)]),
        (".latexmkrc names it", [source for source in found if source.path.stem in configured]),
        ("the others belong to it", left),
        ("by its name", best),
    ]


def _is_other(source: Source) -> bool:
    is_paper = source.path.stem.lower() in _PAPERS
    return not is_paper and (
        _OTHER.fullmatch(source.path.stem) is not None or source.preamble.document_class in _OTHER_CLASSES
    )


def _rank(source: Source) -> int:
    """Returns the place of its name among those that papers have; a name may go on behind: `paper_v2`."""
    stem = source.path.stem.lower()
    exact = [index for index, name in enumerate(_PAPERS) if stem == name]
    begins = [len(_PAPERS) - 1 for name in _PAPERS if re.match(rf"{name}[_\W\d]", stem)]
    return min([*exact, *begins, len(_PAPERS)])


def _names_read(text: str) -> set[str]:
    names = (found[2] or found[1] for found in _READ_IN.finditer(text))
    return {name.strip().rpartition("/")[2].removesuffix(".tex") for name in names}


def _latexmk_files(paper: Path) -> set[str]:
    for name in (".latexmkrc", "latexmkrc"):
        try:
            with (paper / name).open("rb") as stream:
                text = stream.read(_RC_BYTES).decode("utf-8", "replace")
        except OSError:
            continue
        found = _DEFAULT_FILES.search(re.sub(r"(?m)^\s*#.*$", "", text))
        if found is not None:
            return {file.removesuffix(".tex") for file in _QUOTED.findall(found[1])}
    return set()
