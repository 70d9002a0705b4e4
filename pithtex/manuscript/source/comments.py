r"""The comments of a TeX source: each `%` that TeX takes for the beginning of one, and none that it prints.

Read exactly or not at all: a file in which the meaning of `%` may change (`\catcode`) has its comments undecided.
"""

from __future__ import annotations

import re
from typing import Final

from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Ignore
from pithtex.manuscript.tokens import COMMENT_ENVIRONMENT, VERBATIM_ENVIRONMENTS

_NEXT: Final = re.compile(
    r"(?>(?:[^\\%]++|\\(?!verb|Verb|lstinline|mintinline|begin|url|href|path|nolinkurl|hyper|catcode|@makeother|end\{document)"
    r"[\s\S])*)(?:(?P<comment>%[^\r\n]*)|\\(?P<command>[A-Za-z@]+))"
)
"""Up to the next sign or command that matters; an escaped `%` is passed over with its backslash."""
_ENVIRONMENT: Final = re.compile(r"\s*\{([^{}\s]{1,60})\}")
_VERBATIM: Final = re.compile(r"\\begin\s*\{(" + "|".join(map(re.escape, sorted(VERBATIM_ENVIRONMENTS))) + r")\}")
_OPTIONS: Final = re.compile(r"\s*(?:\[[^\]]{0,1000}\]\s*)?")
_LINE_END: Final = re.compile(r"[\r\n]")
_BY_MARKS: Final = frozenset({"verb", "Verb", "lstinline", "mintinline", "path"})
"""Commands whose argument stands between two equal signs, or in braces."""
_ADDRESSES: Final = frozenset({"url", "href", "path", "nolinkurl", "hyperref", "hyperimage"})
"""Commands that read their first argument as an address."""
_MAX_ARGUMENT: Final = 10_000
_IGNORE: Final = re.compile(
    r"\s*pithtex:\s*ignore\s*=\s*([A-Za-z0-9-]{1,60}(?:\s*,\s*[A-Za-z0-9-]{1,60}){0,30})\s*(?:\((.{0,500})\))?"
)


def comments_of(text: str) -> list[tuple[int, int]] | None:
    """Returns the span of each comment, without its line's end; the text of `comment` environments is not included.

    None if they cannot be told: the file changes what `%` means.
    """
    comments: list[tuple[int, int]] = []
    position = 0
    while (found := _NEXT.match(text, position)) is not None:
        position = found.end()
        if found["comment"] is not None:
            comments.append(found.span("comment"))
            continue
        after = _behind(text, found["command"], position)
        if after is None:
            return None
        position = after
    return comments


def verbatim_of(text: str) -> list[tuple[int, int]]:
    """Returns where verbatim environments begin and end."""
    found, position = [], 0
    while (opening := _VERBATIM.search(text, position)) is not None:
        closing = text.find(f"\\end{{{opening[1]}}}", opening.end())
        position = len(text) if closing < 0 else closing
        if opening[1] != COMMENT_ENVIRONMENT:
            found.append((opening.start(), position))
    return found


def _behind(text: str, command: str, position: int) -> int | None:
    """Returns the position behind a command that may take a `%` for something else; None if that is not known."""
    if command in {"catcode", "@makeother"}:
        rest = text[position : position + 20]
        return None if re.match(r"\s*`?\s*\\?%|\s*37", rest) else position
    if command == "begin":
        return _behind_environment(text, position)
    if command in _BY_MARKS or command in _ADDRESSES:
        return _behind_argument(text, command, position)
    return position


def _behind_environment(text: str, position: int) -> int | None:
    found = _ENVIRONMENT.match(text, position)
    if found is None or found[1] not in VERBATIM_ENVIRONMENTS:
        return position
    closing = text.find(f"\\end{{{found[1]}}}", found.end())
    return None if closing < 0 and found[1] != COMMENT_ENVIRONMENT else len(text) if closing < 0 else closing


def _behind_argument(text: str, command: str, position: int) -> int | None:
    position += text.startswith("*", position)
    if command not in {"verb", "path"}:
        options = _OPTIONS.match(text, position)
        position = position if options is None else options.end()
    if command == "mintinline":
        language = _ENVIRONMENT.match(text, position)
        position = position if language is None else language.end()
    opening = text[position : position + 1]
    if opening == "{":
        return _behind_braces(text, position)
    if command not in _BY_MARKS or not opening or opening.isalnum() or opening.isspace():
        return position
    closing = text.find(opening, position + 1, position + _MAX_ARGUMENT)
    if closing < 0 or _LINE_END.search(text, position, closing) is not None:
        return position
    return closing + 1


def _behind_braces(text: str, position: int) -> int | None:
    r"""Behind a group in which `%` stands for itself; None if a `%` could be either.

    In an argument of another command (`\footnote{\url{a%b}}`) TeX has read the `%` as a comment before; the text
    looks the same, and the braces tell them apart: an address never goes on behind its line's end.
    """
    depth = 0
    for token in re.compile(r"\\[\s\S]|[{}]").finditer(text, position, position + _MAX_ARGUMENT):
        depth += (token[0] == "{") - (token[0] == "}")
        if depth == 0 and token[0] == "}":
            return token.end()
    return None


def ignore_in(comment: str, file: TexFile, start: int, *, whole_file: bool = False) -> Ignore | None:
    """Returns what a comment silences: `% pithtex: ignore=PITH612 (reason)`; None if it is another comment.

    Args:
        comment: its text behind the percent sign.
        file: where it stands.
        start: at which offset.
        whole_file: whether it stands before anything else of the main file.
    """
    ignore = _IGNORE.match(comment)
    if ignore is None:
        return None
    names = tuple(name.strip() for name in ignore[1].split(","))
    return Ignore(names=names, reason=ignore[2] or "", file=file, start=start, whole_file=whole_file)
