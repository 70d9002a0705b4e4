"""The map of a paper, typed and frozen: each reference, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pithtex.manuscript.references.figures import FigureFile
from pithtex.manuscript.references.listing import Listing
from pithtex.manuscript.source.model import Use
from pithtex.manuscript.source.referring import Kind
from pithtex.structs import field, struct


class Standing(StrEnum):
    """What is known of the file that a reference is to."""

    THERE = "there"
    OF_TEX = "TeX's own"
    WRITTEN = "written by the paper"
    ABSENT = "absent"
    OUTSIDE = "outside"
    HIDDEN = "hidden"
    UNDECIDED = "undecided"


@struct
class Reference:
    """One reference from a source to a file."""

    kind: Kind
    name: str
    """As the source has it, with the paper's own macros expanded."""
    use: Use
    standing: Standing
    file: str | None = None
    """Relative to the paper's folder, where it is there."""
    elsewhere: str | None = None
    """A file of that name in another place of the folder, where it is absent."""


@struct
class PaperMap:
    """Everything that a paper refers to. References that TeX may skip are undecided."""

    listing: Listing
    references: tuple[Reference, ...]
    stem: str
    """The main file's name without its ending: TeX names what it writes so."""
    bbl: str | None
    """The `.bbl` that TeX reads, where it is there."""
    bbl_format: str | None
    """The format that it states, where biblatex wrote it."""
    bbl_of_bibtex: bool = False
    """Whether it has entries as BibTeX writes them."""
    entries: frozenset[str] | None
    """The entries that citations can be to; None if not all are known."""
    database_entries: frozenset[str]
    """Those of the `.bib` files."""
    labels: frozenset[str] | None
    """The labels that references can be to; None if not all are known."""
    figures: Mapping[str, FigureFile] = field(default_factory=dict)
    """The figures that are there, by their names."""

    def of(self, *kinds: Kind) -> tuple[Reference, ...]:
        """Returns the references of these kinds."""
        return tuple(item for item in self.references if item.kind in kinds)

    @property
    def sources(self) -> frozenset[str]:
        """Returns the files of the folder that the references lead to."""
        return frozenset(item.file for item in self.references if item.file is not None)
