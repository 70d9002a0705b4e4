"""What a paper's sources claim, typed and frozen; nothing of it is proven."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from pithtex.manuscript.source.files import TexFile
from pithtex.structs import field, struct

_COMMENT: Final = re.compile(r"(?<!\\)(?:\\\\)*%")


class Reached(StrEnum):
    """Whether TeX executes what stands at a place."""

    ACTIVE = "active"
    CONDITIONAL = "conditional"
    """Between a conditional that is not decided here and its end."""
    DEFINITION = "definition"
    """In the body of a macro, which may be used or not."""
    DEAD = "dead"
    """Behind `\\iffalse`, a switch that is off, or the document's end."""
    COMMENT = "comment"
    VERBATIM = "verbatim"


@struct
class Use:
    """One use of a command or environment."""

    name: str
    argument: str
    """As it stands."""
    options: str = ""
    """What stands in brackets before it."""
    state: Reached
    file: TexFile = field(repr=False)
    start: int
    """Offset of the command in the file's text."""
    end: int
    """Offset behind its last argument that was read."""

    @property
    def names(self) -> list[str]:
        """Returns the argument as a list of names."""
        return [name.strip() for name in self.argument.split(",") if name.strip()]

    @property
    def option_list(self) -> list[str]:
        """Returns the options, split at commas outside of braces, blanks taken off."""
        options, depth, current = [], 0, ""
        for char in self.options:
            depth += (char == "{") - (char == "}")
            if char == "," and depth <= 0:
                options.append(current)
                current = ""
            else:
                current += char
        return [option for option in (" ".join(part.split()) for part in [*options, current]) if option]


@struct
class Macro:
    """A command that the paper defines by itself, as far as its expansion is plain."""

    parameters: int
    default: str | None
    """Of the first parameter, where that is optional."""
    body: str


@struct
class Fragment:
    """A title, an abstract or an author's name."""

    use: Use
    raw: str
    """As it stands, without comments."""
    expanded: str
    """With the paper's own macros expanded, white space collapsed."""


@struct
class Ignore:
    """A comment that silences findings: `% pithtex: ignore=PITH612 (reason)`."""

    names: tuple[str, ...]
    """Codes, beginnings of codes, or names."""
    reason: str
    file: TexFile = field(repr=False)
    start: int
    whole_file: bool
    """It stands before anything else of the main file, and holds for all files."""


@struct
class Problem:
    """What went wrong in reading, with its place: a rule of the catalogue."""

    rule: str
    message: str
    hint: str | None = None
    file: TexFile | None = field(default=None, repr=False)
    name: str = ""
    """Of a file that has no text to point into."""
    start: int = 0
    certain: bool = False
    """It is an error in any case, though the rule's usual severity is less."""


@struct
class Names:
    """What the sources name and ask for by name."""

    files: tuple[Use, ...] = ()
    """Uses of commands that name a file (`referring.REFERRING`), those that read sources in not among them."""
    of_packages: tuple[Use, ...] = ()
    """Such uses in the paper's own classes and packages, with those that load others."""
    labels: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    """Where each label is given."""
    entries: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    """Where each entry of a bibliography is given in the sources themselves (`\\bibitem`)."""
    asked: Mapping[str, Use] = field(default_factory=dict)
    """The labels that executed references ask for, each at its first use."""
    cited: Mapping[str, Use] = field(default_factory=dict)
    """The entries that are cited, likewise."""
    computed: frozenset[str] = frozenset()
    """Commands that give names which only TeX knows: `label`, `bibitem`."""
    environments: Mapping[str, Use] = field(default_factory=dict)
    """Each environment where it is first."""
    written: Mapping[str, str] = field(default_factory=dict)
    """Files that the paper writes by itself, and what is in them."""
    styles: Mapping[str, TexFile] = field(default_factory=dict)
    """The paper's own classes and packages, as far as they were read."""


@struct
class Manuscript:
    """A paper's sources as they were read."""

    root: Path
    main: TexFile = field(repr=False)
    files: tuple[TexFile, ...] = field(repr=False)
    """Every file that was read, in the order in which TeX reads them, the main file first."""
    document_class: Use | None
    packages: tuple[Use, ...]
    numbers: tuple[Use, ...]
    """Uses of `\\pithnumber`, wherever they stand."""
    setups: tuple[Use, ...]
    """Uses of `\\pithsetup`."""
    inputs: tuple[Use, ...]
    """Uses of commands that read a file in; those of pictures and of bibliographies are not among them."""
    title: Fragment | None
    subtitle: Fragment | None
    authors: tuple[Fragment, ...]
    abstract: Fragment | None
    commands: Mapping[str, Use] = field(repr=False)
    """The first active use of each command that a rule asks for: switches to the final version, licences, preprints."""
    asked_for: tuple[Use, ...]
    """Uses of `\\IfFileExists` and its like."""
    graphics_paths: tuple[Use, ...]
    """Uses of `\\graphicspath`, wherever they stand."""
    names: Names = field(repr=False)
    unprinted: Mapping[str, tuple[tuple[int, int], ...]] = field(repr=False)
    """By file: stretches that are not printed where they stand, or may not be; comments are not among them."""
    macros: Mapping[str, Macro] = field(repr=False)
    """The commands that the paper defines by itself."""
    begins_at: int | None
    """Where `\\begin{document}` stands in the main file."""
    ignores: tuple[Ignore, ...]
    problems: tuple[Problem, ...]

    @property
    def number(self) -> Use | None:
        r"""Returns the use of `\\pithnumber` that counts: the first that TeX executes."""
        return next((use for use in self.numbers if use.state is Reached.ACTIVE), None)

    def is_printed(self, file: TexFile, offset: int) -> bool:
        """Tells whether what stands there is certainly printed: in the document's body, or in its title or abstract."""
        if any(start <= offset < end for start, end in self.unprinted.get(file.name, ())):
            return False
        line = file.text.rfind("\n", 0, offset) + 1
        if _COMMENT.search(file.text, line, offset) is not None:
            return False
        if file is not self.main or self.begins_at is None or offset > self.begins_at:
            return True
        shown = (self.title, self.subtitle, self.abstract, *self.authors)
        return any(
            part is not None and part.use.file is file and part.use.start <= offset < part.use.end for part in shown
        )

    def package(self, *names: str) -> Use | None:
        """Returns the first active use that loads one of these packages."""
        wanted = set(names)
        uses = (use for use in self.packages if use.state is Reached.ACTIVE)
        return next((use for use in uses if wanted.intersection(use.names)), None)
