"""What reading pages gives, as JSON and back: pages are read in a copy of this process that a file may take over.

So nothing of what comes back is more than it says: text, numbers and findings of the catalogue, each of its type.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pithtex.catalogue import CATALOGUE, finding
from pithtex.findings import Finding
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
        return _made(Answer, _pages, _each(_finding), _each(_pages), _each(_text), _pages)(json.loads(data))
    except (ValueError, TypeError, RecursionError):
        return None


def _each(read: Callable[[Any], _T]) -> Callable[[Any], tuple[_T, ...]]:
    def read_all(values: Any) -> tuple[_T, ...]:
        return tuple(map(read, _array(values)))

    return read_all


def _of(*kinds: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in kinds:
            raise TypeError("not of its type")
        return value

    return read


_text, _flag, _whole, _number, _array = _of(str), _of(bool), _of(int), _of(int, float), _of(list)


def _made(kind: Callable[..., _T], *reads: Callable[[Any], Any]) -> Callable[[Any], _T]:
    return lambda values: kind(*(read(value) for read, value in zip(reads, _array(values), strict=True)))


_rect: Final = _made(lambda *sides: sides, _number, _number, _number, _number)
_lines: Final = _each(_made(TextLine, _text, _rect, _number, _text, _whole, _text, _flag))
_pages: Final = _each(_made(PageText, _whole, _rect, _lines, _whole, _lines, _whole, _lines, _each(_rect), _flag))


def _finding(values: Any) -> Finding:
    name, message, where, hint = values
    if name not in CATALOGUE:
        raise ValueError("no rule of the catalogue")
    return finding(_text(name), _text(message), where=_text(where), hint=None if hint is None else _text(hint))
