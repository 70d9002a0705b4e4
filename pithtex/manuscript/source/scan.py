r"""A scanner of TeX sources: finds where the commands that a rule needs are used, and whether TeX executes them.

It runs nothing. It knows comments, verbatim text, the bodies of definitions, `\iffalse`, switches made by `\newif`,
and counts other conditionals; what is between one of those and its end is conditional.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from pithtex.limits import MAX_FRAGMENT_CHARS, MAX_IGNORES, MAX_MACRO_CHARS
from pithtex.manuscript.source.comments import ignore_in
from pithtex.manuscript.source.conditions import Conditions
from pithtex.manuscript.source.definitions import ALIAS, Defining
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.known_commands import (
    ABSTRACTS,
    ASKED,
    AUTHORS,
    FLAGS,
    INPUTS,
    LISTED,
    OTHER_TITLES,
    PRIMITIVES,
    STANDALONE,
    TITLE_LIKE,
    TITLES,
    TWO_ARGUMENTS,
)
from pithtex.manuscript.source.model import Reached, Use
from pithtex.manuscript.source.referring import BRANCHING, OPAQUE
from pithtex.manuscript.source.scanned import Paper
from pithtex.manuscript.tokens import BRACED_IFS, COMMENT_ENVIRONMENT, MAX_ENDLESS, VERBATIM_ENVIRONMENTS, uncommented

_TOKEN: Final = re.compile(r"%([^\r\n]*)|\\([A-Za-z@]+)|\\(?:\r\n|[\s\S])")
_PRIMITIVE_FILE: Final = re.compile(r"[ \t]*+([^\s\\{}%]{1,500})")
_NUMBER: Final = re.compile(r"\\pithnumber\s*\{([^{}\r\n]{0,200})\}")


_WRITING: Final = frozenset({"filecontents", "filecontents*"})
"""Environments that write a file, which they name."""
_OVERPIC: Final = frozenset({"overpic", "Overpic"})
_SHORT: Final = 100
"""Characters of arguments whose tokens are passed over one by one, which costs less than a new beginning."""
_BRANCHES: Final = 4
"""Arguments of a command that runs one of them, at most."""


class Scanner(Defining):
    """Reads one file. Files that it reads in are read by `enter`, at their place."""

    def __init__(self, file: TexFile, paper: Paper, state: Reached, enter: Callable[[Use], None]) -> None:
        super().__init__(file.text)
        self.file = file
        self.paper = paper
        self.enter = enter
        self._outer = state
        self._conditions = Conditions()
        self._others: set[str] = set()
        """Names that were met and are of no use here, unless the paper defines them to drop their arguments."""
        self._at = 0
        """Where the command that is looked at stands."""
        self._branches_end = 0
        """Up to here stands what one of a command's arguments may run."""
        self._inner_document = False
        """Whether the file has a document of its own inside the paper's (subfiles, standalone, docmute)."""
        self._unsure_from: int | None = None
        """Where a branch began that TeX does not take, or may not."""
        self._handlers: dict[str, Callable[[str, int, int], int]] = {
            **self.referring,
            **dict.fromkeys((*TITLES, *AUTHORS, *ABSTRACTS, *LISTED, *ASKED), self._use),
            **dict.fromkeys(FLAGS, self._flag),
            **dict.fromkeys(("documentclass", "documentstyle", "usepackage", "RequirePackage"), self._use),
            **dict.fromkeys(INPUTS, self._input),
            **self.defining,
            **dict.fromkeys(OPAQUE, self._opaque),
            **dict.fromkeys(BRANCHING - set(INPUTS) - set(LISTED), self._branching),
            **dict.fromkeys(("let", "newif"), self._let),
            **dict.fromkeys(("fi", "repeat", "else", "or"), self._branch),
            **dict.fromkeys(("verb", "lstinline", "mintinline"), self._verb),
            "begin": self._begin,
            "end": self._end,
            "endinput": self._end_input,
            "excludecomment": self._exclude,
        }

    @property
    def state(self) -> Reached:
        """Of the place where the scanner is."""
        if self._conditions.dead or self.paper.ended:
            return Reached.DEAD
        if (self._conditions.unsure or self._at < self._branches_end) and self._outer is Reached.ACTIVE:
            return Reached.CONDITIONAL
        return self._outer

    def read(self) -> None:
        """Reads the file to its end."""
        position: int | None = 0
        while position is not None and position < len(self.text):
            position = self._read_from(position)
        self._branched(len(self.text), ended=True)

    def _read_from(self, position: int) -> int | None:
        """Reads on up to a command with long arguments: the position behind these; None at the end."""
        handlers, swallowing, others = self._handlers, self.paper.swallowing, self._others
        behind = position
        for token in _TOKEN.finditer(self.text, position):
            start, end = token.span()
            if start < behind:  # in an argument that was taken in: most are short, and hold no token
                if end <= behind:
                    continue
                return behind
            comment, name = token.groups()
            if name in others and name not in swallowing:
                continue
            if name is None:
                if comment is not None and "pith" in comment:
                    self._comment(comment, start)
                continue
            handler = handlers.get(name, self._named) if name not in swallowing else self._swallowing
            self._at = start
            behind = handler(name, start, end)
            if behind - end > _SHORT:
                return behind
        return None

    def _swallowing(self, name: str, start: int, end: int) -> int:
        """Passes over the arguments of a command of the paper's own that drops them."""
        after = self.behind_groups(end, self.paper.swallowing[name])
        self._pass_over(start, after)
        return after

    def _pass_over(self, start: int, end: int) -> None:
        """Notes text that is not printed where it stands, or may not be."""
        self.paper.unprinted.setdefault(self.file.name, []).append((start, end))

    def _branched(self, position: int, *, ended: bool = False) -> None:
        """Notes where branches that are not taken, or may not be, begin and end."""
        unsure = not ended and self._conditions.unsure
        if unsure and self._unsure_from is None:
            self._unsure_from = position
        elif not unsure and self._unsure_from is not None:
            self._pass_over(self._unsure_from, position)
            self._unsure_from = None

    def _named(self, name: str, start: int, end: int) -> int:
        """Handles a command that is known by a part of its name, if at all."""
        if name.startswith("if"):
            self._condition(name, end)
        elif name.endswith(("title", "Title")):
            return self._title_like(name, start, end)
        elif name.endswith(("true", "false")):
            self._switch(name)
        else:
            self._others.add(name)
        return end

    # --- what is not run ---------------------------------------------------------------------------------------------

    def _comment(self, comment: str, start: int) -> None:
        whole = start < MAX_MACRO_CHARS and not self.text[:start].strip("\ufeff \t\r\n")
        ignore = ignore_in(comment, self.file, start, whole_file=whole) if "pithtex" in comment else None
        if ignore is not None and len(self.paper.ignores) < MAX_IGNORES:
            self.paper.ignores.append(ignore)
        self.numbers_in(start, start + 1 + len(comment), Reached.COMMENT)

    def numbers_in(self, start: int, end: int, state: Reached) -> None:
        """The numbers in a stretch of text that is not a command here."""
        if state is not Reached.COMMENT:
            self._pass_over(start, end)
        position = self.text.find("\\pithnumber", start, end)
        while position >= 0:
            found = _NUMBER.match(self.text, position, end)
            if found is not None:
                self.add("pithnumber", found[1].strip(), "", (position, found.end()), state)
            position = self.text.find("\\pithnumber", position + 1, end)

    def _verb(self, name: str, start: int, end: int) -> int:
        position = end + self.text.startswith("*", end)
        if name != "verb":
            position, _ = self.optional(position)
        if name == "mintinline" and (language := self.group(position)) is not None:
            position = language[1] + 1
        opening = self.text[position : position + 1]
        closing = self.text.find("}" if opening == "{" else opening or "\n", position + 1, position + 1000)
        if closing < 0:
            return end
        self.numbers_in(position, closing, Reached.VERBATIM)
        return closing + 1

    # --- conditionals ------------------------------------------------------------------------------------------------

    def _condition(self, name: str, end: int) -> None:
        # A conditional of TeX's own takes no argument in braces; packages have commands of that name that do.
        braced = self.text.startswith("{", end) and name not in PRIMITIVES
        if name in self.paper.switches or not (braced or BRACED_IFS.match("\\" + name)):
            known = {"iffalse": False, "iftrue": True}.get(name, self.paper.switches.get(name))
            self._conditions.begin(known)
            self._branched(end)
        elif braced:
            self._branching(name, self._at, end)

    def _branching(self, name: str, start: int, end: int) -> int:
        """Marks the arguments of a command that runs one of them, nobody knows which."""
        after = self.behind_groups(end, _BRANCHES)
        self._branches_end = max(self._branches_end, after if after != end else 0)
        self._pass_over(start, after)
        return end

    def _opaque(self, name: str, start: int, end: int) -> int:
        """Passes over the arguments of a command that does not run them where they stand."""
        after = self.behind_groups(end + self.text.startswith("*", end), _BRANCHES)
        self._pass_over(start, after)
        return after

    def _branch(self, name: str, start: int, end: int) -> int:
        if self._conditions and name in {"fi", "repeat"}:  # \loop\ifnum...\repeat has no \fi
            self._conditions.end()
        elif self._conditions:
            self._conditions.turn()
        self._branched(end)
        return end

    def _switch(self, name: str) -> None:
        r"""`\\drafttrue`, where `\\newif\\ifdraft` was seen."""
        value = name.endswith("true")
        switch = "if" + name.removesuffix("true" if value else "false")
        if switch in self.paper.switches and self.state is not Reached.DEAD:
            if self.state is Reached.ACTIVE:
                self.paper.switches[switch] = value
            else:  # set or not: nobody knows
                del self.paper.switches[switch]

    def _let(self, name: str, start: int, end: int) -> int:
        r"""`\\newif\\ifx` and `\\let\\ifx\\iffalse` make switches; other names that follow are no uses."""
        first = ALIAS.match(self.text, end)
        if first is None:
            return end
        if name == "newif":
            self.paper.switches[first[1]] = False
            return first.end()
        second = ALIAS.match(self.text, first.end())
        if second is None:
            return first.end()
        if second[1] in {"iftrue", "iffalse"} and self.state is Reached.ACTIVE:
            self.paper.switches[first[1]] = second[1] == "iftrue"
        elif second[1] in self.paper.macros and self.state is not Reached.DEAD:
            self.paper.macros[first[1]] = self.paper.macros[second[1]]
        return second.end()

    # --- uses --------------------------------------------------------------------------------------------------------

    def _use(self, name: str, start: int, end: int) -> int:
        """Keeps a command with at most one option list and one argument, whose content is not scanned."""
        position = end + self.text.startswith("*", end)
        position, options = self.optional(position)
        group = self.group(position)
        if group is None:
            return end
        argument = self.text[group[0] : group[1]]
        if name not in TITLES and name not in ABSTRACTS and name not in AUTHORS:
            argument = uncommented(argument).strip()
        self.add(name, argument, options or "", (start, group[1] + 1), self.state)
        if name in BRANCHING:
            self._branching(name, group[1], group[1] + 1)
        return group[1] + 1

    def _title_like(self, name: str, start: int, end: int) -> int:
        if not self.text.startswith("{", end) or name in self.paper.macros or OTHER_TITLES.fullmatch(name):
            return end
        group = self.group(end)
        if group is None:
            return end
        self.add(TITLE_LIKE, self.text[group[0] : group[1]], "", (start, group[1] + 1), self.state)
        return group[1] + 1

    def _flag(self, name: str, start: int, end: int) -> int:
        self.add(name, "", "", (start, end), self.state)
        return end

    def _input(self, name: str, start: int, end: int) -> int:
        position = end + self.text.startswith("*", end)
        group = self.group(self.optional(position)[0] if name == STANDALONE else position)
        if group is None:
            plain = _PRIMITIVE_FILE.match(self.text, end) if name == "input" else None
            if plain is None:
                return end
            argument, position = plain[1], plain.end()
        else:
            argument, position = uncommented(self.text[group[0] : group[1]]).strip(), group[1] + 1
            if name in TWO_ARGUMENTS and (second := self.group(position)) is not None:
                argument = f"{argument.rstrip('/')}/{self.text[second[0] : second[1]].strip()}"
                position = second[1] + 1
        use = self.add(name, argument, "", (start, position), self.state)
        self.enter(use)
        if name in BRANCHING:
            self._branching(name, position, position)
        return position

    def _begin(self, name: str, start: int, end: int) -> int:
        group = self.group(end)
        if group is None or group[1] - group[0] > 100:
            return end
        environment = self.text[group[0] : group[1]].strip()
        if environment in _OVERPIC:
            return self.overpic(environment, start, group[1] + 1)
        if environment not in self.paper.environments and self.state is not Reached.DEAD:
            self.paper.environments[environment] = self._use_of(environment, "", start, group[1] + 1)
        if environment in VERBATIM_ENVIRONMENTS or environment in self.paper.excluded:
            closing = self.text.find(f"\\end{{{environment}}}", group[1])
            closing = len(self.text) if closing < 0 else closing
            hidden = environment == COMMENT_ENVIRONMENT or environment in self.paper.excluded
            self.numbers_in(group[1], closing, Reached.COMMENT if hidden else Reached.VERBATIM)
            self._pass_over(group[1], closing)
            if environment in _WRITING:
                self._write(group[1] + 1, closing)
            return closing
        if environment.rstrip("*").lower() in {"abstract", "onecolabstract"}:
            self._abstract(environment, start, group[1] + 1)
        elif environment == "document" and self.state is not Reached.DEAD:
            self._inner_document = self.paper.begins_at is not None
            if self.paper.begins_at is None:
                self.paper.begins_at = start
        return group[1] + 1

    def _write(self, position: int, closing: int) -> None:
        """Takes in a file that the paper writes by itself."""
        position, _ = self.optional(position)
        name = self.group(position)
        if name is not None and name[1] < closing:
            self.paper.written[self.text[name[0] : name[1]].strip()] = self.text[name[1] + 1 : closing]

    def _exclude(self, name: str, start: int, end: int) -> int:
        r"""`\\excludecomment{name}`: an environment that prints nothing."""
        group = self.group(end)
        if group is None:
            return end
        self.paper.excluded.add(self.text[group[0] : group[1]].strip())
        return group[1] + 1

    def _abstract(self, environment: str, start: int, first: int) -> None:
        if self._endless > MAX_ENDLESS:
            return
        closing = self.text.find(f"\\end{{{environment}}}", first, first + MAX_FRAGMENT_CHARS)
        if closing < 0:
            self._endless += 1
            return
        self.add("abstract", self.text[first:closing], "", (start, closing), self.state)

    def _end(self, name: str, start: int, end: int) -> int:
        if self.text.startswith("{document}", end) and self.state is not Reached.DEAD and self._outer is Reached.ACTIVE:
            self._pass_over(end, len(self.text))
            if self._inner_document:
                return len(self.text)
            self.paper.ended = True
        return end

    def _end_input(self, name: str, start: int, end: int) -> int:
        if self.state is not Reached.ACTIVE:
            return end
        self._pass_over(end, len(self.text))
        return len(self.text)
