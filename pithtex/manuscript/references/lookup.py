"""Where TeX looks for a file that a paper names, and what is known of it."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Final

from pithtex.manuscript.references.figures import ENDINGS, has_figure_ending
from pithtex.manuscript.references.listing import Listing
from pithtex.manuscript.references.reference import Reference, Standing
from pithtex.manuscript.source.expand import expand
from pithtex.manuscript.source.files import leads_out
from pithtex.manuscript.source.model import Macro, Reached, Use
from pithtex.manuscript.source.referring import Kind
from pithtex.manuscript.source.texlive import in_texlive

_PAGES: Final = re.compile(r"[\s{}]*(?:(?:[0-9]+|last)?\s*-?\s*(?:[0-9]+|last)?)?[\s{}]*")
_DETOKENIZE: Final = re.compile(r"\\(?:detokenize|string)\s*\{([^{}]*)\}")
_ENDING_OF: Final = {Kind.CLASS: ".cls", Kind.PACKAGE: ".sty", Kind.DATABASE: ".bib", Kind.STYLE: ".bst"}
_SUFFIXES: Final = tuple(f".{ending}" for ending in ENDINGS)
_MADE: Final = ("-eps-converted-to.pdf", "_pdf.tex", ".pdf_tex")
"""Endings of what packages make of a figure, which TeX then takes."""
_WHOLE_NAMES: Final = frozenset({"addbibresource", "addglobalbib"})
"""Commands that append no ending to a name (biblatex manual, "Resources")."""
_MAX_PLACES: Final = 200


class Lookup:
    """Resolves the references of one paper."""

    def __init__(
        self,
        listing: Listing,
        *,
        stem: str,
        macros: Mapping[str, Macro],
        written: Iterable[str],
        asked_for: Iterable[str],
        places: Iterable[str],
        figure_places: Iterable[str],
    ) -> None:
        r"""Knows the paper.

        Args:
            listing: its folder.
            stem: the main file's name without its ending.
            macros: its own commands.
            written: files that it writes by itself.
            asked_for: files that it asks for before it reads them.
            places: folders that TeX looks in beside the main one (`\input@path`, `\import`).
            figure_places: those of `\graphicspath`.
        """
        self.listing = listing
        self._stem = stem
        self._macros = macros
        self._written = frozenset(written)
        self._asked_for = frozenset(_stem(name) for name in asked_for)
        self._places = tuple(dict.fromkeys(["", *places]))[:_MAX_PLACES]
        self._figure_places = tuple(dict.fromkeys([*self._places, *figure_places]))[:_MAX_PLACES]

    def names(self, use: Use, *, several: bool) -> list[str]:
        """Returns the names that a command gives, expanded; those that only TeX knows hold a backslash or `#`."""
        text = expand(use.argument, self._macros) if "\\" in use.argument else use.argument
        text = _DETOKENIZE.sub(r"\1", text).replace("\\jobname", self._stem).replace("\\_", "_")
        parts = text.split(",") if several else [text]
        if use.name == "includepdfmerge":  # files, each with its pages behind it
            parts = [part for part in text.split(",") if _PAGES.fullmatch(part) is None]
        return [name for part in parts if (name := " ".join(part.replace('"', "").split()).strip("{} "))]

    def resolve(self, kind: Kind, name: str, use: Use) -> Reference:
        """Returns what a reference leads to."""
        standing, file, elsewhere = self._standing(kind, name, use)
        if standing in {Standing.ABSENT, Standing.OUTSIDE, Standing.HIDDEN} and not self._certain(name, use):
            standing = Standing.UNDECIDED
        return Reference(kind=kind, name=name, use=use, standing=standing, file=file, elsewhere=elsewhere)

    def _certain(self, name: str, use: Use) -> bool:
        """Tells whether TeX certainly asks for the file, and the paper does not test first whether it exists."""
        return use.state is Reached.ACTIVE and _stem(name) not in self._asked_for and self.listing.whole

    def _standing(self, kind: Kind, name: str, use: Use) -> tuple[Standing, str | None, str | None]:
        if "#" in name or len(name) > 500 or "\n" in name:
            return Standing.UNDECIDED, None, None
        if leads_out(name):
            return Standing.OUTSIDE, None, self.listing.elsewhere(name.replace("\\", "/"))
        path = posixpath.normpath(name)
        if "\\" in name:
            meant = self._found(kind, path.replace("\\", "/"))  # as Windows has it, which TeX takes for a command
            return (Standing.UNDECIDED if meant is None else Standing.ABSENT), None, meant
        if any(part.startswith(".") for part in path.split("/")):
            hidden = any(os.path.exists(self.listing.root / f"{path}{end}") for end in ("", *self._endings(kind)))
            return (Standing.HIDDEN if hidden else Standing.ABSENT), None, None
        return self._of_path(kind, path, use)

    def _of_path(self, kind: Kind, path: str, use: Use) -> tuple[Standing, str | None, str | None]:
        """Returns what a plain path leads to, in the folder or in TeX Live."""
        found = self._found(kind, path)
        if found is not None and use.name in _WHOLE_NAMES and "." not in path.rpartition("/")[2]:
            return Standing.ABSENT, None, found
        if found is not None:
            return Standing.THERE, found, None
        if self._is_written(kind, path):
            return Standing.WRITTEN, None, None
        if "/" not in path and any(in_texlive(path + end) for end in ("", *self._endings(kind))):
            return Standing.OF_TEX, None, None
        if any(
            f"{place}{path}{end}" in self.listing.links_out
            for place in self._figure_places
            for end in ("", *self._endings(kind))
        ):
            return Standing.OUTSIDE, None, None
        if kind is Kind.FIGURE and any(self._is_outside(place, path) for place in self._figure_places):
            return Standing.OUTSIDE, None, None
        return Standing.ABSENT, None, self._elsewhere(kind, path)

    def _is_outside(self, place: str, path: str) -> bool:
        r"""Tells whether a figure is in a folder of `\graphicspath` that is not the paper's."""
        return leads_out(place) and any(
            os.path.exists(os.path.join(self.listing.root, f"{place}{path}{end}")) for end in ("", *_SUFFIXES)
        )

    def _endings(self, kind: Kind) -> tuple[str, ...]:
        if kind is Kind.FIGURE:
            return _SUFFIXES
        ending = _ENDING_OF.get(kind)
        return () if ending is None else (ending,)

    def _found(self, kind: Kind, path: str) -> str | None:
        if kind is Kind.FIGURE:
            places, endings = self._figure_places, ("", *_SUFFIXES, *_MADE, ".svg")
        elif kind in _ENDING_OF:
            ending = _ENDING_OF[kind]
            places, endings = self._places, ("",) if path.endswith(ending) and kind is not Kind.CLASS else (ending,)
        else:
            places, endings = self._places, ("", ".tex", ".txt", ".csv", ".dat")
        for place in places:
            for end in endings:
                found = self.listing.as_tex_finds(posixpath.normpath(f"{place}{path}{end}"))
                if found is not None and not (kind is Kind.FIGURE and not end and not has_figure_ending(found)):
                    return found
        return None

    def _is_written(self, kind: Kind, path: str) -> bool:
        return any(f"{path}{end}" in self._written for end in ("", *self._endings(kind)))

    def _elsewhere(self, kind: Kind, path: str) -> str | None:
        candidates = (self.listing.elsewhere(f"{path}{end}") for end in ("", *self._endings(kind)))
        return next((name for name in candidates if name is not None), None)


def _stem(name: str) -> str:
    return name.strip().strip('"').removeprefix("./").rpartition(".")[0] or name.strip()
