r"""Takes the comments out of a paper's sources, and what stands in them that is never printed; nothing else changes.

1. What follows a `%` goes; the `%` itself stays where it ends a line that holds more, since it keeps a space out. A
   line that is a comment goes whole.
2. `comment` environments go, `\iffalse` up to its `\fi` where neither a conditional nor an `\else` is in it, and what
   stands behind the document's end.
3. A file in which `%` may mean something else keeps its comments.

Files are read as Latin-1, byte for character, so that any encoding that extends ASCII goes through unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pithtex.manuscript.source.comments import comments_of, verbatim_of

_ENDING: Final = ".tex"
"""Comments of classes and packages hold their licences."""
_BEGIN: Final = re.compile(r"^[ \t]*\\begin\{comment\}[ \t]*\r?\n", re.MULTILINE)
_END: Final = re.compile(r"^[ \t]*\\end\{comment\}[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_FALSE: Final = re.compile(r"\\iffalse(?![A-Za-z@])")
_BRANCH: Final = re.compile(r"\\(?:if[A-Za-z@]*|else|fi)(?![A-Za-z@])")
_MAX_BRANCH: Final = 100_000
_DOCUMENT_END: Final = re.compile(r"^[^%\r\n]*\\end\{document\}", re.MULTILINE)


def without_comments(files: Mapping[str, Path], place: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """The same files, those that end in `.tex` without comments.

    Args:
        files: the names in the upload, and where the files are.
        place: a folder for what is made, which lasts as long as the result is used.

    Returns:
        The files, and the names of those that keep their comments, each with the reason.

    Raises:
        OSError: a file cannot be read.
    """
    made, kept = dict(files), {}
    for name, path in files.items():
        if not name.lower().endswith(_ENDING):
            continue
        before = path.read_bytes()
        after = stripped(before.decode("latin-1"))
        if after is None:
            kept[name] = "it may change what % means"
        elif after.encode("latin-1") != before:
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(after.encode("latin-1"))
            made[name] = target
    return made, kept


def stripped(text: str) -> str | None:
    """A source's text without comments; None where they cannot be told."""
    comments = comments_of(text)
    if comments is None:
        return None
    parts: list[str] = []
    position = 0
    for start, end in comments:
        line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        alone = not text[line:start].strip(" \t")
        parts.append(text[position : line if alone else start + 1])
        position = _behind_line(text, end) if alone else end
    bare = "".join(parts) + text[position:]
    return _without_unprinted(bare)


def _behind_line(text: str, end: int) -> int:
    return end + 2 if text.startswith("\r\n", end) else min(end + 1, len(text))


def _without_unprinted(text: str) -> str:
    """The text without what TeX passes over, as far as that is certain."""
    spans = [*_comment_environments(text), *_false_branches(text)]
    verbatim = verbatim_of(text)
    for start, end in sorted(spans, reverse=True):
        if not any(first < start < behind for first, behind in verbatim):
            text = text[:start] + text[end:]
    verbatim = verbatim_of(text)
    ends = (found.end() for found in _DOCUMENT_END.finditer(text))
    last = next((end for end in ends if not any(first < end < behind for first, behind in verbatim)), None)
    return text if last is None else text[:last] + "\n"


def _comment_environments(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while (begin := _BEGIN.search(text, position)) is not None and (end := _END.search(text, begin.end())) is not None:
        yield begin.start(), end.end()
        position = end.end()


def _false_branches(text: str) -> Iterator[tuple[int, int]]:
    r"""From each `\iffalse` to its `\fi`, where that is the next part of any conditional."""
    for begin in _FALSE.finditer(text):
        end = _BRANCH.search(text, begin.end(), begin.end() + _MAX_BRANCH)
        if end is not None and end[0] == "\\fi":
            yield begin.start(), end.end() + (text[end.end() : end.end() + 1] == " ")
