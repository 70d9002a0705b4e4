"""A reader of LaTeX preambles: packages, numbers, and where a line can certainly be inserted.

It expands nothing and guesses nothing. It knows comments, verbatim environments, groups and conditionals as far as
their tokens tell; what it loses count of, it treats as nested, so that a place it names is never inside of one.

Text is the file's bytes read as Latin-1: every byte is one character, so that offsets are those of the file and any
encoding that extends ASCII (UTF-8, Latin-1, KOI8) goes through unchanged.
"""

from __future__ import annotations

import re
from typing import Final

from pithtex.manuscript.arguments import Arguments
from pithtex.manuscript.tokens import BRACED_IFS, VERBATIM_ENVIRONMENTS, uncommented
from pithtex.structs import struct

_TOKEN: Final = re.compile(r"%[^\r\n]*|\r\n|[\r\n]|\\[A-Za-z@]+|\\(?:\r\n|[\s\S])|[{}]")
_NAME: Final = re.compile(r"\s*+=?\s*+\*?\s*+\{?\s*+\\(?:[A-Za-z@]+|[\s\S])")
_NAMING: Final = {
    **dict.fromkeys(("def", "gdef", "edef", "xdef", "newif", "string", "noexpand", "newcommand", "renewcommand"), 1),
    **dict.fromkeys(("providecommand", "DeclareRobustCommand", "newrobustcmd", "NewDocumentCommand", "show"), 1),
    **dict.fromkeys(("let", "futurelet"), 2),
}
"""After these so many control sequences are names and do nothing: `\\newif\\ifdraft`, `\\let\\ifdraft\\iffalse`."""


@struct
class Spot:
    """One use of a command: where, with what argument, and whether at the top level, where it certainly acts."""

    start: int
    end: int
    argument: str
    """Without comments and outer space."""
    argument_at: int
    argument_end: int
    nested: bool

    @property
    def names(self) -> list[str]:
        """Returns the argument as a list of names."""
        return [name.strip() for name in self.argument.split(",")]


@struct
class Preamble:
    r"""What a file has up to `\begin{document}`. Offsets are those of the text."""

    document_class: str | None
    begins_at: int | None
    """Where `\\begin{document}` stands; None if the file has none."""
    packages: tuple[Spot, ...]
    numbers: tuple[Spot, ...]
    """Uses of `\\pithnumber`."""
    place: int | None
    """Where lines can be inserted: the start of a line behind the last package or file that is read in, or of
    `\\begin{document}`."""

    reads: bool
    """Whether a file is read in before the document begins."""

    @property
    def is_main(self) -> bool:
        """Tells whether the file is a whole document."""
        return self.begins_at is not None and self.document_class not in (None, "standalone", "subfiles")

    @property
    def may_be_main(self) -> bool:
        """Tells whether it is one if the class is chosen in a file that it reads in."""
        return self.begins_at is not None and self.document_class is None and self.reads


def read_preamble(text: str) -> Preamble:
    """Reads a file's text, as Latin-1."""
    reader = _Reader(text)
    reader.read()
    return Preamble(
        document_class=reader.document_class,
        begins_at=reader.begins_at,
        packages=tuple(reader.packages),
        numbers=tuple(reader.numbers),
        place=reader.place if reader.begins_at is not None else None,
        reads=reader.reads,
    )


class _Reader(Arguments):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.document_class: str | None = None
        self.begins_at: int | None = None
        self.packages: list[Spot] = []
        self.numbers: list[Spot] = []
        self.place: int | None = None
        self.reads = False
        self._braces = 0
        self._groups = 0
        self._conditionals = 0
        self._wanted = False
        """Something was loaded since the last place, so that the next one is better."""

    @property
    def _top(self) -> bool:
        return not (self._braces or self._groups or self._conditionals)

    def read(self) -> None:
        position = 0
        while (token := _TOKEN.search(self.text, position)) is not None:
            found, position = token[0], token.end()
            if found[0] == "\\":
                after = self._command(found[1:], token.start(), position)
                if after is None:
                    return
                position = after
            elif found == "{":
                self._braces += 1
            elif found == "}":
                self._braces = max(0, self._braces - 1)
            elif found[0] in "\r\n" and self._wanted and self._top and self.begins_at is None:
                self.place, self._wanted = position, False

    def _command(self, name: str, start: int, end: int) -> int | None:
        """Takes one command in; the position to go on from, None at the end of all that matters."""
        if name in _NAMING:
            return self._skip_names(_NAMING[name], end)
        if name == "begin":
            return self._begin(start, end)
        if name == "verb":
            return self._skip_verb(end)
        if name == "endinput" and self._top:
            return None
        if self.begins_at is None:
            if name in {"documentclass", "usepackage", "RequirePackage", "pithnumber"}:
                return self._load(name, start, end)
            self._nest(name, start)
            if name == "input" and not self._braces:  # preambles often lie in a file of their own, packages and all
                self.reads = self._wanted = True
        return end

    def _nest(self, name: str, start: int) -> None:
        """Counts groups and conditionals. Inside of braces neither is counted: definitions hold halves of them."""
        if self._braces:
            return
        if name in {"begingroup", "ExplSyntaxOn"}:
            self._groups += 1
        elif name in {"endgroup", "ExplSyntaxOff"}:
            self._groups = max(0, self._groups - 1)
        elif name in {"fi", "repeat"}:  # \loop\ifnum...\repeat has no \fi
            if self._conditionals:
                self._conditionals -= 1
            elif name == "fi" and self.place is not None:
                # The end of a conditional whose beginning was not seen as one: what lies before it is not certain.
                self.place, self._wanted = None, True
        elif name.startswith("if") and not BRACED_IFS.match(self.text, start):
            self._conditionals += 1

    def _load(self, name: str, start: int, end: int) -> int:
        """Reads a class, a package or a number with its options and its date; returns the position behind it."""
        position, _ = self.optional(end)
        group = self.group(position)
        if group is None:
            return end
        first, last = group
        position = last + 1
        if name != "pithnumber":
            position, _ = self.optional(position)
        use = Spot(
            start=start,
            end=position,
            argument=uncommented(self.text[first:last]).strip(),
            argument_at=first,
            argument_end=last,
            nested=not self._top,
        )
        if name == "documentclass":
            self.document_class = self.document_class or use.argument
        elif name == "pithnumber":
            self.numbers.append(use)
        else:
            self.packages.append(use)
        self._wanted = self._wanted or (not self._braces and name != "pithnumber")
        return position

    def _begin(self, start: int, end: int) -> int | None:
        group = self.group(end)
        if group is None:
            return end
        environment = self.text[group[0] : group[1]].strip()
        if environment in VERBATIM_ENVIRONMENTS:
            closing = self.text.find(f"\\end{{{environment}}}", group[1])
            return len(self.text) if closing < 0 else closing
        # At the start of a line it is the real one, whatever odd braces were counted before.
        at_line = self.text[:start].rstrip(" \t")[-1:] in ("\n", "\r", "") if self._braces else True
        if environment == "document" and self.begins_at is None and at_line:
            if self._wanted and self._top:
                self.place = start
            self.begins_at = start
            return None
        return group[1] + 1

    def _skip_names(self, count: int, position: int) -> int:
        for _ in range(count):
            name = _NAME.match(self.text, position)
            if name is None:
                break
            # The brace of \newcommand{\name} is left to be counted with the one that closes it.
            brace = self.text.find("{", position, name.end())
            self._braces += brace >= 0
            position = name.end()
        return position

    def _skip_verb(self, position: int) -> int:
        position += self.text.startswith("*", position)
        closing = self.text.find(self.text[position : position + 1] or "\n", position + 1, position + 1000)
        return position if closing < 0 else closing + 1
