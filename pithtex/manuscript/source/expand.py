r"""A paper's own macros, expanded in a title or an abstract: bounded, and nothing else is run.

Papers name their system by a macro of their own (`\samplername: A Sampler`); without expansion such a title would be
cut or empty. Macros without delimited parameters are expanded, as often as the bounds allow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pithtex.limits import MAX_EXPANSION_DEPTH, MAX_EXPANSIONS, MAX_FRAGMENT_CHARS
from pithtex.manuscript.source.model import Macro
from pithtex.manuscript.source.plain_text import KNOWN

_KEPT: Final = KNOWN | {
    *("title", "author", "date", "item", "section", "left", "right", "frac", "sqrt"),
    *"cvuHbdkrtijlLoO",
    *("aa", "AA", "ae", "AE", "oe", "OE", "ss"),
}
"""Expanding a paper's own version of these would only lose what they say."""

_COMMAND: Final = re.compile(r"\\([A-Za-z@]+)\s*|\\[\s\S]")
_ARGUMENT_TOKEN: Final = re.compile(r"\\[\s\S]|[{}]")
_OPTION_TOKEN: Final = re.compile(r"\\[\s\S]|[{}\]]")
_PARAMETER: Final = re.compile(r"#([1-9])|##")
_ENDS_IN_COMMAND: Final = re.compile(r"(?<!\\)\\[A-Za-z@]{1,100}\Z")
_MAX_ARGUMENT: Final = 5_000
_SPACED: Final = re.compile(r"\\xspace(?![A-Za-z@])\s*(?:\{\})?(?=([\s\S]?))")
_NO_SPACE_BEFORE: Final = frozenset(".,'/?;:!~-)]}\\&^_\u2013\u2019") | {""}


def expand(text: str, macros: Mapping[str, Macro]) -> str:
    """Returns the text with the macros expanded; as far as the bounds allow, the rest stands as it was."""
    if "\\" not in text:
        return text
    result: list[str] = []
    length = 0
    stack = [(text[:MAX_FRAGMENT_CHARS], 0)]
    left = MAX_EXPANSIONS
    while stack:
        source, position = stack.pop()
        for command in _COMMAND.finditer(source, position):
            macro = macros.get(command[1]) if command[1] and command[1] not in _KEPT else None
            if macro is None or left <= 0 or len(stack) >= MAX_EXPANSION_DEPTH:
                continue
            found = _arguments(source, command.end(), macro)
            if found is None:
                continue
            arguments, end = found
            left -= 1
            result.append(source[position : command.start()])
            length += command.start() - position
            body = _body(macro, arguments)
            # A command at the body's end must not run together with the text behind: TeX skips the blank.
            stack += [(source, end), (f"{body} " if _ENDS_IN_COMMAND.search(body) else body, 0)]
            break
        else:
            result.append(source[position:])
            length += len(source) - position
        if length > MAX_FRAGMENT_CHARS:
            break
    return spaced("".join(result)[:MAX_FRAGMENT_CHARS])


def spaced(text: str) -> str:
    r"""Returns what `\xspace` does: a space, unless punctuation follows."""
    return _SPACED.sub(lambda found: "" if found[1] in _NO_SPACE_BEFORE else " ", text)


def _body(macro: Macro, arguments: list[str]) -> str:
    """Returns the macro's body with its arguments, cut at the bound."""
    if "#" not in macro.body:
        return macro.body
    size = 0
    parts: list[str] = []
    position = 0
    for parameter in _PARAMETER.finditer(macro.body):
        number = int(parameter[1]) if parameter[1] else 0
        value = "#" if not number else arguments[number - 1] if number <= len(arguments) else ""
        parts += [macro.body[position : parameter.start()], value]
        size += parameter.start() - position + len(value)
        position = parameter.end()
        if size > MAX_FRAGMENT_CHARS:
            break
    return ("".join(parts) + macro.body[position:])[:MAX_FRAGMENT_CHARS]


def _arguments(text: str, position: int, macro: Macro) -> tuple[list[str], int] | None:
    """Returns the arguments as they follow, and the place behind; None if they do not."""
    arguments: list[str] = []
    if macro.default is not None:
        arguments.append(macro.default)
        if text.startswith("[", position):
            end = _end_of(_OPTION_TOKEN, "]", text, position)
            if end is None:
                return None
            arguments[0] = text[position + 1 : end - 1]
            position = end
    while len(arguments) < macro.parameters:
        while text[position : position + 1].isspace():
            position += 1
        if text.startswith("{", position):
            end = _end_of(_ARGUMENT_TOKEN, "}", text, position)
            if end is None:
                return None
            arguments.append(text[position + 1 : end - 1])
            position = end
        else:  # one token
            token = re.compile(r"\\[A-Za-z@]+|\\?[^\\{}]").match(text, position)
            if token is None:
                return None
            arguments.append(token[0])
            position = token.end()
    return arguments, position


def _end_of(tokens: re.Pattern[str], closing: str, text: str, start: int) -> int | None:
    depth = 0
    for token in tokens.finditer(text, start + 1, start + _MAX_ARGUMENT):
        if token[0] == closing and depth <= 0:
            return token.end()
        depth += (token[0] == "{") - (token[0] == "}")
    return None
