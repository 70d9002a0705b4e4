"""The part of the scanner that reads definitions: their bodies are not text of their place."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable
from typing import Final

from pithtex.manuscript.source.known_commands import DEFINING, ENVIRONMENTS, XPARSE
from pithtex.manuscript.source.model import Macro, Reached
from pithtex.manuscript.source.refer import Referring

_MACRO_NAME: Final = re.compile(r"\s*+\*?\s*+(\{?)\s*+\\([A-Za-z@]+)\s*+(\}?)")
_PARAMETERS: Final = re.compile(r"(?:#[1-9])*+(?=\{)")
ALIAS: Final = re.compile(r"\s*+=?\s*+\\([A-Za-z@]+)")
"""The name behind `\\let`, `\\def` and their like."""


class Defining(Referring):
    """Handlers as in `Referring`."""

    @abstractmethod
    def numbers_in(self, start: int, end: int, state: Reached) -> None:
        """Takes in a stretch of text that is not a command at its place."""

    @property
    def defining(self) -> dict[str, Callable[[str, int, int], int]]:
        """Returns the handlers of this part."""
        return {
            **dict.fromkeys(DEFINING, self._define),
            **dict.fromkeys(XPARSE, self._define_document_command),
            **dict.fromkeys(ENVIRONMENTS, self._skip_environment),
            **dict.fromkeys(("def", "gdef", "edef", "xdef"), self._def),
        }

    def _define(self, name: str, start: int, end: int) -> int:
        r"""`\\newcommand{\\name}[count][default]{body}` and its like."""
        found = _MACRO_NAME.match(self.text, end)
        if found is None:
            return end
        position, count = self.optional(found.end())
        position, default = self.optional(position)
        body = self.group(position)
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
        self.numbers_in(*body, Reached.DEFINITION)
        return body[1] + 1

    def _def(self, name: str, start: int, end: int) -> int:
        r"""`\\def\\name#1#2{body}`; one with delimited parameters is passed over."""
        found = ALIAS.match(self.text, end)
        if found is None:
            return end
        position = found.end()
        parameters = _PARAMETERS.match(self.text, position)
        at = parameters.end() if parameters is not None else self.text.find("{", position, position + 200)
        body = self.group(at) if at >= 0 else None
        if body is None:
            return position
        if self.state is not Reached.DEAD:
            if parameters is not None:
                text = self.text[body[0] : body[1]]
                self.paper.define(found[1], Macro(parameters=len(parameters[0]) // 2, default=None, body=text))
            else:
                self.paper.macros.pop(found[1], None)
        self.numbers_in(*body, Reached.DEFINITION)
        return body[1] + 1

    def _define_document_command(self, name: str, start: int, end: int) -> int:
        r"""`\\NewDocumentCommand\\name{O{x}m}{body}`: a first argument in brackets, and mandatory ones."""
        found = _MACRO_NAME.match(self.text, end)
        signature = None if found is None else self.group(found.end())
        body = None if signature is None else self.group(signature[1] + 1)
        if found is None or signature is None or body is None:
            return end
        plain = re.fullmatch(r"\s*(?:O\s*\{([^{}]*)\}|(o))?((?:\s*\+?m)*)\s*", self.text[signature[0] : signature[1]])
        if plain is not None and self.state is not Reached.DEAD:
            optional = plain[1] if plain[1] is not None else ("" if plain[2] else None)
            parameters = plain[3].count("m") + (optional is not None)
            macro = Macro(parameters=parameters, default=optional, body=self.text[body[0] : body[1]])
            self.paper.define(found[2], macro, keep=name == "ProvideDocumentCommand")
        self.numbers_in(*body, Reached.DEFINITION)
        return body[1] + 1

    def _skip_environment(self, name: str, start: int, end: int) -> int:
        r"""`\\newenvironment{name}[count][default]{begin}{end}`: halves of conditionals may stand in it."""
        group = self.group(end + self.text.startswith("*", end))
        if group is None:
            return end
        position = group[1] + 1
        for _ in range(2):
            position, _found = self.optional(position)
        for _ in range(3 if name == "NewDocumentEnvironment" else 2):
            part = self.group(position)
            if part is None:
                return position
            position = part[1] + 1
        return position
