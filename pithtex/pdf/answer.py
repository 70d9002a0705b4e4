"""What reading pages gives, as JSON and back: pages are read in a copy of this process that a file may take over.

So nothing of what comes back is more than it says: text, numbers and findings of the catalogue, each of its type.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pithtex.catalogue import CATALOGUE, finding
from pithtex.findings import Finding, Rect
from pithtex.pdf.evidence import PageText, TextLine
from pithtex.structs import NamedTuple

_T = TypeVar("_T")


class Answer(NamedTuple):
    """What was read of the pages of a file."""

    texts: tuple[PageText, ...] = ()
    findings: tuple[Finding, ...] = ()
    renditions: tuple[tuple[PageText, ...], ...] = ()
    """See `Evidence.renditions`, as for what follows."""
    changes: tuple[str, ...] = ()
    undrawn: tuple[PageText, ...] = ()


def encode(answer: Answer) -> bytes:
    """Returns the answer as JSON: named tuples are arrays, and a finding what `finding` makes it of."""
    findings = [(found.name, found.message, found.where, found.hint) for found in answer.findings]
    return json.dumps([answer.texts, findings, answer.renditions, answer.changes, answer.undrawn]).encode()


def decode(data: bytes) -> Answer | None:
    """Returns the answer; None if it is not one."""
    try:
        texts, findings, renditions, changes, undrawn = json.loads(data)
        return Answer(
            _pages(texts), _each(_finding, findings), _each(_pages, renditions), _each(_text, changes), _pages(undrawn)
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _each(read: Callable[[Any], _T], values: Any) -> tuple[_T, ...]:
    if not isinstance(values, list):
        raise TypeError("not an array")
    return tuple(map(read, values))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError("not a number")
    return value


def _rect(values: Any) -> Rect:
    left, bottom, right, top = _each(_number, values)
    return left, bottom, right, top


def _line(values: Any) -> TextLine:
    text, rect, size, font, angle, levels, dark = values
    return TextLine(_text(text), _rect(rect), _number(size), _text(font), _whole(angle), _text(levels), _flag(dark))


def _page(values: Any) -> PageText:
    page, box, lines, hidden, covered, turn, faint, shapes, scanned = values
    return PageText(
        page=_whole(page),
        box=_rect(box),
        lines=_each(_line, lines),
        hidden_characters=_whole(hidden),
        covered=_each(_line, covered),
        turn=_whole(turn),
        faint=_each(_line, faint),
        shapes=_each(_rect, shapes),
        scanned=_flag(scanned),
    )


def _pages(values: Any) -> tuple[PageText, ...]:
    return _each(_page, values)


def _finding(values: Any) -> Finding:
    name, message, where, hint = values
    if name not in CATALOGUE:
        raise ValueError("no rule of the catalogue")
    return finding(_text(name), _text(message), where=_text(where), hint=None if hint is None else _text(hint))
