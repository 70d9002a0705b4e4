"""The arguments of a command, found without running anything."""

from __future__ import annotations

import re
from typing import Final

from pithtex.limits import MAX_FRAGMENT_CHARS
from pithtex.manuscript.tokens import MAX_ENDLESS, uncommented

_BLANK: Final = re.compile(r"(?:[^\S\r\n]+|%[^\r\n]*(?:\r\n|[\r\n]|\Z)[^\S\r\n]*|(?:\r\n|[\r\n])(?![^\S\r\n]*[\r\n]))*")
"""White space and comments, up to the end of the paragraph: TeX looks no further for an argument."""
_GROUP_TOKEN: Final = re.compile(r"%[^\r\n]*|\\[\s\S]|[{}]")
_OPTION_TOKEN: Final = re.compile(r"%[^\r\n]*|\\[\s\S]|[{}\]]")


class Arguments:
    """Reads arguments of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._endless = 0
        """Arguments without an end so far."""

    def blank(self, position: int) -> int:
        """Behind white space and comments."""
        blank = _BLANK.match(self.text, position)
        return position if blank is None else blank.end()

    def optional(self, position: int) -> tuple[int, str | None]:
        """Behind an argument in brackets, and what is in it; if there is none, the same position and None."""
        first = self.blank(position)
        if not self.text.startswith("[", first) or self._endless > MAX_ENDLESS:
            return position, None
        depth = 0
        for token in _OPTION_TOKEN.finditer(self.text, first + 1, first + MAX_FRAGMENT_CHARS):
            if token[0] == "]" and depth <= 0:
                return token.end(), uncommented(self.text[first + 1 : token.start()])
            depth += (token[0] == "{") - (token[0] == "}")
        self._endless += 1
        return position, None

    def group(self, position: int) -> tuple[int, int] | None:
        """Returns the inside of the group in braces that comes next."""
        first = self.blank(position)
        if not self.text.startswith("{", first) or self._endless > MAX_ENDLESS:
            return None
        depth = 0
        for token in _GROUP_TOKEN.finditer(self.text, first, first + MAX_FRAGMENT_CHARS):
            depth += (token[0] == "{") - (token[0] == "}")
            if depth == 0 and token[0] == "}":
                return first + 1, token.start()
        self._endless += 1
        return None

    def behind_groups(self, position: int, most: int) -> int:
        """Behind as many groups as follow, optional arguments among them, at most so many."""
        for _ in range(most):
            position, _found = self.optional(position)
            group = self.group(position)
            if group is None:
                break
            position = group[1] + 1
        return position
