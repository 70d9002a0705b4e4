r"""A scanner of TeX sources: which commands a rule cares for are used where, and whether TeX comes by.

It runs nothing. It knows comments, verbatim text, the bodies of definitions, `\iffalse`, switches made by `\newif`,
and counts other conditionals; what is between one of those and its end is conditional.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from pithtex.limits import MAX_FRAGMENT_CHARS, MAX_IGNORES, MAX_MACRO_CHARS
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.known_commands import (
    ABSTRACTS,
    ASKED,
    AUTHORS,
    DEFINING,
    ENVIRONMENTS,
    FLAGS,
    INPUTS,
    LISTED,
    OTHER_TITLES,
    PRIMITIVES,
    TITLE_LIKE,
    TITLES,
    TWO_ARGUMENTS,
    XPARSE,
)
from pithtex.manuscript.source.model import Ignore, Macro, Reached, Use
from pithtex.manuscript.source.scanned import Paper
from pithtex.manuscript.tokens import BRACED_IFS, COMMENT_ENVIRONMENT, MAX_ENDLESS, VERBATIM_ENVIRONMENTS, uncommented

_TOKEN: Final = re.compile(r"%([^\r\n]*)|\\([A-Za-z@]+)|\\(?:\r\n|[\s\S])")
_BLANK: Final = re.compile(r"(?:[^\S\r\n]+|%[^\r\n]*(?:\r\n|[\r\n]|\Z)[^\S\r\n]*|(?:\r\n|[\r\n])(?![^\S\r\n]*[\r\n]))*")
"""White space and comments, up to the end of the paragraph: TeX looks no further for an argument."""
_GROUP_TOKEN: Final = re.compile(r"%[^\r\n]*|\\[\s\S]|[{}]")
_OPTION_TOKEN: Final = re.compile(r"%[^\r\n]*|\\[\s\S]|[{}\]]")
_MACRO_NAME: Final = re.compile(r"\s*+\*?\s*+(\{?)\s*+\\([A-Za-z@]+)\s*+(\}?)")
_PARAMETERS: Final = re.compile(r"(?:#[1-9])*+(?=\{)")
_ALIAS: Final = re.compile(r"\s*+=?\s*+\\([A-Za-z@]+)")
_PRIMITIVE_FILE: Final = re.compile(r"[ \t]*+([^\s\\{}%]{1,500})")
_IGNORE: Final = re.compile(
    r"\s*pithtex:\s*ignore\s*=\s*([A-Za-z0-9-]{1,60}(?:\s*,\s*[A-Za-z0-9-]{1,60}){0,30})\s*(?:\((.{0,500})\))?"
)
_NUMBER: Final = re.compile(r"\\pithnumber\s*\{([^{}\r\n]{0,200})\}")


class Scanner:
    """Reads one file. Files that it reads in are read by `enter`, at their place."""

    def __init__(self, file: TexFile, paper: Paper, state: Reached, enter: Callable[[Use], None]) -> None:
        self.file = file
        self.text = file.text
        self.paper = paper
        self.enter = enter
        self._outer = state
        self._conditions: list[bool | None] = []
        self._endless = 0
        self._handlers: dict[str, Callable[[str, int, int], int]] = {
            **dict.fromkeys((*TITLES, *AUTHORS, *ABSTRACTS, *LISTED, *ASKED), self._use),
            **dict.fromkeys(FLAGS, self._flag),
            **dict.fromkeys(("documentclass", "documentstyle", "usepackage", "RequirePackage"), self._use),
            **dict.fromkeys(INPUTS, self._input),
            **dict.fromkeys(DEFINING, self._define),
            **dict.fromkeys(XPARSE, self._define_document_command),
            **dict.fromkeys(ENVIRONMENTS, self._skip_environment),
            **dict.fromkeys(("def", "gdef", "edef", "xdef"), self._def),
            **dict.fromkeys(("let", "newif"), self._let),
            **dict.fromkeys(("fi", "repeat", "else", "or"), self._branch),
            **dict.fromkeys(("verb", "lstinline", "mintinline"), self._verb),
            "begin": self._begin,
            "end": self._end,
            "endinput": self._end_input,
        }

    @property
    def state(self) -> Reached:
        """Of the place where the scanner is."""
        if False in self._conditions or self.paper.ended:
            return Reached.DEAD
        if None in self._conditions and self._outer is Reached.ACTIVE:
            return Reached.CONDITIONAL
        return self._outer

    def read(self) -> None:
        """Reads the file to its end."""
        position = 0
        handlers = self._handlers
        while position < len(self.text):
            for token in _TOKEN.finditer(self.text, position):
                name = token[2]
                if name is None:
                    if token[1] is not None and "pith" in token[1]:
                        self._comment(token[1], token.start())
                    continue
                handler = handlers.get(name)
                if handler is not None:
                    after = handler(name, token.start(), token.end())
                    if after != token.end():
                        position = after
                        break
                elif name.startswith("if") or name.endswith(("true", "false", "title", "Title")):
                    after = self._named(name, token.start(), token.end())
                    if after != token.end():
                        position = after
                        break
            else:
                return

    def _named(self, name: str, start: int, end: int) -> int:
        """A command that is known by a part of its name."""
        if name.startswith("if"):
            self._condition(name, end)
        elif name.endswith(("title", "Title")):
            return self._title_like(name, start, end)
        else:
            self._switch(name)
        return end

    # --- what is not run ---------------------------------------------------------------------------------------------

    def _comment(self, comment: str, start: int) -> None:
        ignore = _IGNORE.match(comment)
        if ignore is not None and len(self.paper.ignores) < MAX_IGNORES:
            names = tuple(name.strip() for name in ignore[1].split(","))
            whole = not self.text[:start].strip("\ufeff \t\r\n") if start < MAX_MACRO_CHARS else False
            self.paper.ignores.append(
                Ignore(names=names, reason=ignore[2] or "", file=self.file, start=start, whole_file=whole)
            )
        self._numbers_in(start, start + 1 + len(comment), Reached.COMMENT)

    def _numbers_in(self, start: int, end: int, state: Reached) -> None:
        """The numbers in a stretch of text that is no command here."""
        position = self.text.find("\\pithnumber", start, end)
        while position >= 0:
            found = _NUMBER.match(self.text, position, end)
            if found is not None:
                self._add("pithnumber", found[1].strip(), "", (position, found.end()), state)
            position = self.text.find("\\pithnumber", position + 1, end)

    def _verb(self, name: str, start: int, end: int) -> int:
        position = end + self.text.startswith("*", end)
        if name != "verb":
            position, _ = self._optional(position)
        if name == "mintinline" and (language := self._group(position)) is not None:
            position = language[1] + 1
        opening = self.text[position : position + 1]
        closing = self.text.find("}" if opening == "{" else opening or "\n", position + 1, position + 1000)
        if closing < 0:
            return end
        self._numbers_in(position, closing, Reached.VERBATIM)
        return closing + 1

    # --- conditionals ------------------------------------------------------------------------------------------------

    def _condition(self, name: str, end: int) -> None:
        # A conditional of TeX's own takes no argument in braces; packages have commands of that name that do.
        braced = self.text.startswith("{", end) and name not in PRIMITIVES
        if name in self.paper.switches or not (braced or BRACED_IFS.match("\\" + name)):
            known = {"iffalse": False, "iftrue": True}.get(name, self.paper.switches.get(name))
            self._conditions.append(known)

    def _branch(self, name: str, start: int, end: int) -> int:
        if self._conditions and name in {"fi", "repeat"}:  # \loop\ifnum...\repeat has no \fi
            self._conditions.pop()
        elif self._conditions:
            condition = self._conditions[-1]
            self._conditions[-1] = None if condition is None else not condition
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
        first = _ALIAS.match(self.text, end)
        if first is None:
            return end
        if name == "newif":
            self.paper.switches[first[1]] = False
            return first.end()
        second = _ALIAS.match(self.text, first.end())
        if second is None:
            return first.end()
        if second[1] in {"iftrue", "iffalse"} and self.state is Reached.ACTIVE:
            self.paper.switches[first[1]] = second[1] == "iftrue"
        elif second[1] in self.paper.macros and self.state is not Reached.DEAD:
            self.paper.macros[first[1]] = self.paper.macros[second[1]]
        return second.end()

    # --- definitions -------------------------------------------------------------------------------------------------

    def _define(self, name: str, start: int, end: int) -> int:
        r"""`\\newcommand{\\name}[count][default]{body}` and its like."""
        found = _MACRO_NAME.match(self.text, end)
        if found is None:
            return end
        position, count = self._optional(found.end())
        position, default = self._optional(position)
        body = self._group(position)
        if body is None:
            return found.end()
        number = (count or "0").strip()
        if number.isdecimal() and len(number) == 1 and self.state is not Reached.DEAD:
            macro = Macro(parameters=int(number), default=default, body=self.text[body[0] : body[1]])
            if name == "DeclareMathOperator":
                macro = Macro(parameters=0, default=None, body=f"\\mathrm{{{macro.body}}}")
            elif name == "DeclareTextFontCommand":
                macro = Macro(parameters=1, default=None, body="#1")
            self.paper.define(found[2], macro, keep=name == "providecommand")
        self._numbers_in(*body, Reached.DEFINITION)
        return body[1] + 1

    def _def(self, name: str, start: int, end: int) -> int:
        r"""`\\def\\name#1#2{body}`; one with delimited parameters is passed over."""
        found = _ALIAS.match(self.text, end)
        if found is None:
            return end
        position = found.end()
        parameters = _PARAMETERS.match(self.text, position)
        at = parameters.end() if parameters is not None else self.text.find("{", position, position + 200)
        body = self._group(at) if at >= 0 else None
        if body is None:
            return position
        if self.state is not Reached.DEAD:
            if parameters is not None:
                text = self.text[body[0] : body[1]]
                self.paper.define(found[1], Macro(parameters=len(parameters[0]) // 2, default=None, body=text))
            else:
                self.paper.macros.pop(found[1], None)
        self._numbers_in(*body, Reached.DEFINITION)
        return body[1] + 1

    def _define_document_command(self, name: str, start: int, end: int) -> int:
        r"""`\\NewDocumentCommand\\name{O{x}m}{body}`: a first argument in brackets, and mandatory ones."""
        found = _MACRO_NAME.match(self.text, end)
        signature = None if found is None else self._group(found.end())
        body = None if signature is None else self._group(signature[1] + 1)
        if found is None or signature is None or body is None:
            return end
        plain = re.fullmatch(r"\s*(?:O\s*\{([^{}]*)\}|(o))?((?:\s*\+?m)*)\s*", self.text[signature[0] : signature[1]])
        if plain is not None and self.state is not Reached.DEAD:
            optional = plain[1] if plain[1] is not None else ("" if plain[2] else None)
            parameters = plain[3].count("m") + (optional is not None)
            macro = Macro(parameters=parameters, default=optional, body=self.text[body[0] : body[1]])
            self.paper.define(found[2], macro, keep=name == "ProvideDocumentCommand")
        self._numbers_in(*body, Reached.DEFINITION)
        return body[1] + 1

    def _skip_environment(self, name: str, start: int, end: int) -> int:
        r"""`\\newenvironment{name}[count][default]{begin}{end}`: halves of conditionals may stand in it."""
        group = self._group(end + self.text.startswith("*", end))
        if group is None:
            return end
        position = group[1] + 1
        for _ in range(2):
            position, _found = self._optional(position)
        for _ in range(3 if name == "NewDocumentEnvironment" else 2):
            part = self._group(position)
            if part is None:
                return position
            position = part[1] + 1
        return position

    # --- uses --------------------------------------------------------------------------------------------------------

    def _add(self, name: str, argument: str, options: str, span: tuple[int, int], state: Reached) -> Use:
        start, end = span
        use = Use(name=name, argument=argument, options=options, state=state, file=self.file, start=start, end=end)
        self.paper.add(use)
        return use

    def _use(self, name: str, start: int, end: int) -> int:
        """A command with at most one option list and one argument. What is inside is not looked at."""
        position = end + self.text.startswith("*", end)
        position, options = self._optional(position)
        group = self._group(position)
        if group is None:
            return end
        argument = self.text[group[0] : group[1]]
        if name not in TITLES and name not in ABSTRACTS and name not in AUTHORS:
            argument = uncommented(argument).strip()
        self._add(name, argument, options or "", (start, group[1] + 1), self.state)
        return group[1] + 1

    def _title_like(self, name: str, start: int, end: int) -> int:
        if not self.text.startswith("{", end) or name in self.paper.macros or OTHER_TITLES.fullmatch(name):
            return end
        group = self._group(end)
        if group is None:
            return end
        self._add(TITLE_LIKE, self.text[group[0] : group[1]], "", (start, group[1] + 1), self.state)
        return group[1] + 1

    def _flag(self, name: str, start: int, end: int) -> int:
        self._add(name, "", "", (start, end), self.state)
        return end

    def _input(self, name: str, start: int, end: int) -> int:
        group = self._group(end + self.text.startswith("*", end))
        if group is None:
            plain = _PRIMITIVE_FILE.match(self.text, end) if name == "input" else None
            if plain is None:
                return end
            argument, position = plain[1], plain.end()
        else:
            argument, position = uncommented(self.text[group[0] : group[1]]).strip(), group[1] + 1
            if name in TWO_ARGUMENTS and (second := self._group(position)) is not None:
                argument = f"{argument.rstrip('/')}/{self.text[second[0] : second[1]].strip()}"
                position = second[1] + 1
        use = self._add(name, argument, "", (start, position), self.state)
        self.enter(use)
        return position

    def _begin(self, name: str, start: int, end: int) -> int:
        group = self._group(end)
        if group is None or group[1] - group[0] > 100:
            return end
        environment = self.text[group[0] : group[1]].strip()
        if environment in VERBATIM_ENVIRONMENTS:
            closing = self.text.find(f"\\end{{{environment}}}", group[1])
            closing = len(self.text) if closing < 0 else closing
            state = Reached.COMMENT if environment == COMMENT_ENVIRONMENT else Reached.VERBATIM
            self._numbers_in(group[1], closing, state)
            return closing
        if environment.rstrip("*").lower() in {"abstract", "onecolabstract"}:
            self._abstract(environment, start, group[1] + 1)
        elif environment == "document" and self.paper.begins_at is None and self.state is not Reached.DEAD:
            self.paper.begins_at = start
        return group[1] + 1

    def _abstract(self, environment: str, start: int, first: int) -> None:
        if self._endless > MAX_ENDLESS:
            return
        closing = self.text.find(f"\\end{{{environment}}}", first, first + MAX_FRAGMENT_CHARS)
        if closing < 0:
            self._endless += 1
            return
        self._add("abstract", self.text[first:closing], "", (start, closing), self.state)

    def _end(self, name: str, start: int, end: int) -> int:
        if self.text.startswith("{document}", end) and self.state is not Reached.DEAD and self._outer is Reached.ACTIVE:
            self.paper.ended = True
        return end

    def _end_input(self, name: str, start: int, end: int) -> int:
        return len(self.text) if self.state is Reached.ACTIVE else end

    # --- arguments ---------------------------------------------------------------------------------------------------

    def _blank(self, position: int) -> int:
        blank = _BLANK.match(self.text, position)
        return position if blank is None else blank.end()

    def _optional(self, position: int) -> tuple[int, str | None]:
        """Behind an argument in brackets, and what is in it; where there is none, the same position and None."""
        first = self._blank(position)
        if not self.text.startswith("[", first) or self._endless > MAX_ENDLESS:
            return position, None
        depth = 0
        for token in _OPTION_TOKEN.finditer(self.text, first + 1, first + MAX_FRAGMENT_CHARS):
            if token[0] == "]" and depth <= 0:
                return token.end(), uncommented(self.text[first + 1 : token.start()])
            depth += (token[0] == "{") - (token[0] == "}")
        self._endless += 1
        return position, None

    def _group(self, position: int) -> tuple[int, int] | None:
        """The inside of the group in braces that comes next."""
        first = self._blank(position)
        if not self.text.startswith("{", first) or self._endless > MAX_ENDLESS:
            return None
        depth = 0
        for token in _GROUP_TOKEN.finditer(self.text, first, first + MAX_FRAGMENT_CHARS):
            depth += (token[0] == "{") - (token[0] == "}")
            if depth == 0 and token[0] == "}":
                return first + 1, token.start()
        self._endless += 1
        return None
