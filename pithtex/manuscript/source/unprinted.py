r"""What TeX passes over without a word, as far as that is certain: it is never printed, and published with the sources.

`comment` environments, `\iffalse` and `\if0` up to their `\fi` where neither a conditional nor an `\else` is in it, and
what stands behind the document's end, or behind an `\endinput` on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pithtex.manuscript.source.comments import verbatim_of

_BEGIN: Final = re.compile(r"^[ \t]*\\begin\{comment\}[ \t]*\r?\n", re.MULTILINE)
_END: Final = re.compile(r"^[ \t]*\\end\{comment\}[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_FALSE: Final = re.compile(r"\\iffalse(?![A-Za-z@])|\\if0(?=\s+[^\s0\\])")
_BRANCH: Final = re.compile(r"\\(?:if[A-Za-z@]*|else|fi)(?![A-Za-z@])")
_MAX_BRANCH: Final = 100_000
_DOCUMENT_END: Final = re.compile(r"^[^%\r\n]*\\end\{document\}|^[ \t]*\\endinput[ \t]*(?=[\r\n])", re.MULTILINE)
_END_INPUT: Final = "\\endinput"


def without_unprinted(text: str) -> str:
    """Returns the text without it; comments are to be gone already."""
    for start, end in sorted(unprinted_spans(text), reverse=True):
        text = text[:start] + ("\n" if end == len(text) else "") + text[end:]
    return text


def may_be_unprinted(text: str) -> bool:
    """Tells whether it is worth looking."""
    behind = text.rpartition("\\end{document}")[2] if "\\end{document}" in text else ""
    marked = any(mark in text for mark in ("\\iffalse", "\\if0", "{comment}", _END_INPUT))
    return marked or bool(behind.strip())


def unprinted_spans(text: str) -> list[tuple[int, int]]:
    """Returns where it begins and ends; none lies in another. Comments are to be gone, or blank."""
    if not may_be_unprinted(text):
        return []
    verbatim = verbatim_of(text)

    def stands(place: int) -> bool:
        return not any(first < place < behind for first, behind in verbatim)

    inner = [span for span in (*_comment_environments(text), *_false_branches(text)) if stands(span[0])]
    ends = (found.end() for found in _DOCUMENT_END.finditer(text))
    last = next((end for end in ends if stands(end) and not any(a < end < b for a, b in inner)), len(text))
    spans = [(last, len(text))] if text[last:].strip() else []
    for start, end in sorted(inner):
        if end <= last and not (spans and spans[-1][0] <= start < spans[-1][1]):
            spans.append((start, end))
    return sorted(spans)


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
