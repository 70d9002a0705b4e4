"""From a `Manuscript` to a `PaperMap`: each reference that was read, and what it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pithtex.limits import MAX_KEYS, MAX_SOURCE_BYTES
from pithtex.manuscript.references.figures import FigureFile, figure_file
from pithtex.manuscript.references.listing import Listing, list_folder
from pithtex.manuscript.references.lookup import Lookup
from pithtex.manuscript.references.reference import PaperMap, Reference, Standing
from pithtex.manuscript.source.expand import expand
from pithtex.manuscript.source.files import WIDE
from pithtex.manuscript.source.known_commands import STANDALONE, TWO_ARGUMENTS
from pithtex.manuscript.source.model import Manuscript, Reached, Use
from pithtex.manuscript.source.refer import DRAWN_IN_PLOT
from pithtex.manuscript.source.referring import LIBRARIES, LISTINGS, OF_AASTEX, REFERRING, Kind
from pithtex.structs import replace

_IN_BRACES: Final = re.compile(r"\{([^{}]{0,300})\}")
_ENTRY: Final = re.compile(r"@\s*([A-Za-z]+)\s*[{(]\s*([^\s,{}()=]{1,300})\s*,")
_IDS: Final = re.compile(r"\bids\s*=\s*[{\"]([^{}\"]{1,1000})[}\"]", re.I)
_BBL_ITEM: Final = re.compile(
    r"\\bibitem(?:\s*\[(?:[^\[\]{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\])?\s*(?:%\s*)?\{([^{}]{1,300})\}"
)
_BBL_ENTRY: Final = re.compile(r"\\entry\{([^{}]{1,300})\}")
_BBL_FORMAT: Final = re.compile(
    r"% \$ biblatex auxiliary file \$\r?\n% \$ biblatex bbl format version ([0-9.]{1,9}) \$"
)
_OF_BIBTEX: Final = re.compile(r"\\begin\s*\{thebibliography\}|\\bibitem(?![A-Za-z])")
_NO_ENTRY: Final = frozenset({"comment", "string", "preamble"})
_COMPUTED_LABEL: Final = re.compile(r"\\(?:label|zlabel|newlabel)\s*(?:\[[^\]]*\])?\{[^{}]*[#\\]")
_OTHER_LABELS: Final = re.compile(r"(?:^|[\[,{\s])label\s*=\s*\{?\s*([^\s,{}\]]{1,300})", re.M)
_KEYS_OF_OTHERS: Final = frozenset({"newtcbtheorem", "newcites", "bibliographyunit", "putbib", "newbibliography"})
_PLACED: Final = frozenset({*TWO_ARGUMENTS, STANDALONE, "subfile", "subfileinclude"})
_MANY_BIBLIOGRAPHIES: Final = ("chapterbib", "bibunits", "multibib", "bibtopic", "multibbl", "splitbib", "biblist")
_PLACED_DATA: Final = re.compile(r"search path|inputpath|DTLsetdir|table/\.style")


def paper_map(manuscript: Manuscript) -> PaperMap:
    """Returns the map of a paper, from its folder's names, its bibliographies, and the first bytes of its figures."""
    listing = list_folder(manuscript.root)
    stem = manuscript.main.name.removesuffix(".tex").rpartition("/")[2]
    lookup = _lookup(manuscript, listing, stem)
    references = tuple(_references(manuscript, lookup))
    bbl = f"{stem}.bbl" if f"{stem}.bbl" in listing.files else None
    bbl_text = "" if bbl is None else _text(listing, bbl)
    stated = _BBL_FORMAT.match(bbl_text)
    databases = frozenset(_database_entries(listing, references, manuscript))
    figures = {item.file: item.file for item in references if item.kind is Kind.FIGURE and item.file is not None}
    looked_at = (figure_file(manuscript.root, name) for name in figures)
    return PaperMap(
        listing=listing,
        references=references,
        stem=stem,
        bbl=bbl,
        bbl_format=None if stated is None else stated[1],
        bbl_of_bibtex=stated is None and _OF_BIBTEX.search(bbl_text) is not None,
        entries=_entries(manuscript, references, databases, bbl, bbl_text),
        database_entries=databases,
        labels=_labels(manuscript),
        figures={figure.name: figure for figure in looked_at if isinstance(figure, FigureFile)},
    )


def _lookup(manuscript: Manuscript, listing: Listing, stem: str) -> Lookup:
    input_path = manuscript.macros.get("input@path")
    imported = {use.argument for use in manuscript.inputs if use.name in _PLACED}
    places = [f"{name.rpartition('/')[0]}/" for name in imported if "/" in name]
    places += [] if input_path is None else [_folder(name) for name in _IN_BRACES.findall(input_path.body)]
    return Lookup(
        listing,
        stem=stem,
        macros=manuscript.macros,
        written=manuscript.names.written,
        asked_for=(use.argument for use in manuscript.asked_for),
        places=places,
        figure_places=list(_graphics_paths(manuscript)),
    )


def _folder(name: str) -> str:
    return name.strip().removeprefix("./")


def _graphics_paths(manuscript: Manuscript) -> Iterator[str]:
    r"""Yields the folders of every `\graphicspath`; TeX appends what it looks for to each as it stands."""
    for use in manuscript.graphics_paths:
        argument = expand(use.argument, manuscript.macros)
        for name in _IN_BRACES.findall(argument) or [argument]:
            yield _folder(name)


def _references(manuscript: Manuscript, lookup: Lookup) -> Iterator[Reference]:
    loaded = [use for use in (manuscript.document_class, *manuscript.packages) if use is not None]
    for use in loaded:
        kind = Kind.CLASS if use is manuscript.document_class else Kind.PACKAGE
        for name in lookup.names(use, several=kind is Kind.PACKAGE):
            yield lookup.resolve(kind, name, use)
    class_name = "" if manuscript.document_class is None else manuscript.document_class.argument
    for use in manuscript.names.files:
        if use.name not in OF_AASTEX or class_name.startswith("aastex"):
            yield from _of_use(use, lookup, class_name)
    for use in manuscript.names.of_packages:
        if _at_top(use):
            yield from _of_use(use, lookup, class_name)


def _of_use(use: Use, lookup: Lookup, class_name: str) -> Iterator[Reference]:
    if use.name in LIBRARIES:
        yield from _of_library(use, lookup, class_name)
        return
    kind = REFERRING[use.name].kind if use.name in REFERRING else _OTHERS[use.name]
    for name in lookup.names(use, several=kind in {Kind.DATABASE, Kind.PACKAGE}):
        found = lookup.resolve(kind, name, use)
        yield found if found.standing is not Standing.ABSENT or _is_file(found) else _undecided(found)


def _of_library(use: Use, lookup: Lookup, class_name: str) -> Iterator[Reference]:
    """Libraries and themes: their files have one of several names."""
    for name in lookup.names(use, several=True):
        found = [lookup.resolve(Kind.LIBRARY, form.format(name), use) for form in LIBRARIES[use.name]]
        best = next((item for item in found if item.standing is not Standing.ABSENT), found[0])
        foreign = use.name.endswith("theme") and class_name != "beamer"
        yield _undecided(best) if foreign and best.standing is Standing.ABSENT else best


_OTHERS: Final = {
    "overpic": Kind.FIGURE,
    DRAWN_IN_PLOT: Kind.FIGURE,
    "Overpic": Kind.FIGURE,
    "addplot": Kind.DATA,
    "pgfplotstableread": Kind.DATA,
    "pgfplotstabletypeset": Kind.DATA,
    "usepackage": Kind.PACKAGE,
    "RequirePackage": Kind.PACKAGE,
}


def _is_file(item: Reference) -> bool:
    """Tells whether a reference certainly names a file of the paper; fonts may be the system's, data a macro's."""
    if item.kind is Kind.FONT:
        return re.search(r"\.(?:otf|ttf|ttc)\Z", item.name, re.I) is not None and "/" in item.name
    if item.kind is Kind.DATA:
        named = item.use.name in LISTINGS or re.search(r"\.[A-Za-z0-9]{1,8}\Z", item.name) is not None
        return named and not _PLACED_DATA.search(item.use.file.text)
    return True


def _undecided(item: Reference) -> Reference:
    return replace(item, standing=Standing.UNDECIDED)


def _at_top(use: Use) -> bool:
    """Tells whether a command of a class or package stands outside of all braces, where it is certainly run."""
    before = re.sub(r"%[^\n]*|\\[\\{}]", "", use.file.text[: use.start])
    return before.count("{") == before.count("}") and not re.search(r"\\if[a-zA-Z@]*", before.rpartition("\n\n")[2])


# --- entries and labels ----------------------------------------------------------------------------------------------


def _text(listing: Listing, name: str) -> str:
    try:
        with (listing.root / name).open("rb") as stream:
            data = stream.read(4 * MAX_SOURCE_BYTES)
    except OSError:
        return ""
    return data.decode("utf-16" if data[:2] in WIDE else "utf-8", "replace")


def _database_entries(listing: Listing, references: Iterable[Reference], manuscript: Manuscript) -> Iterator[str]:
    texts = [_text(listing, item.file) for item in references if item.kind is Kind.DATABASE and item.file is not None]
    texts += [text for name, text in manuscript.names.written.items() if name.endswith(".bib")]
    left = MAX_KEYS
    for text in texts:
        for found in _ENTRY.finditer(text):
            left -= 1
            if left < 0:
                return
            if found[1].lower() not in _NO_ENTRY:
                yield found[2].lower()
        for found in _IDS.finditer(text):
            yield from (key.strip().lower() for key in found[1].split(","))


def _entries(
    manuscript: Manuscript, references: tuple[Reference, ...], databases: frozenset[str], bbl: str | None, text: str
) -> frozenset[str] | None:
    """Returns all entries that a citation can be to, in lower case; None if some are not known."""
    names = manuscript.names
    unsure = "bibitem" in names.computed or manuscript.package(*_MANY_BIBLIOGRAPHIES) is not None
    unsure = unsure or any(item.kind is Kind.DATABASE and item.standing is Standing.UNDECIDED for item in references)
    if unsure or not _read_whole(manuscript) or any("\\bibitem" in macro.body for macro in manuscript.macros.values()):
        return None
    own = {key.lower() for key in names.entries}
    if bbl is not None:
        return frozenset(
            own | {key.strip().lower() for pattern in (_BBL_ITEM, _BBL_ENTRY) for key in pattern.findall(text)}
        )
    missing = any(
        item.kind is Kind.DATABASE and item.standing is not Standing.THERE and item.standing is not Standing.WRITTEN
        for item in references
    )
    return None if missing else frozenset(own | databases)


def _read_whole(manuscript: Manuscript) -> bool:
    """Tells whether all files that the paper reads in were read."""
    known = all(
        "\\" not in use.argument and "#" not in use.argument
        for use in manuscript.inputs
        if use.state in {Reached.ACTIVE, Reached.CONDITIONAL}
    )
    return known and not any(problem.rule != "source-encoding" for problem in manuscript.problems)


def _labels(manuscript: Manuscript) -> frozenset[str] | None:
    """Returns all labels that a reference can be to; None if some are not known."""
    names = manuscript.names
    texts = [file.text for file in (*manuscript.files, *names.styles.values())]
    unsure = "label" in names.computed or any(
        "#" in file.text and _COMPUTED_LABEL.search(file.text) for file in manuscript.files
    )
    unsure = unsure or any(command in text for command in _KEYS_OF_OTHERS for text in texts)
    if unsure or not _read_whole(manuscript):
        return None
    optional = (file.text for file in manuscript.files if "label=" in file.text or "label =" in file.text)
    others = {key for text in optional for key in _OTHER_LABELS.findall(text)}
    return frozenset(names.labels.keys() | others)
