"""PostScript calculator functions (ISO 32000-1, 7.10.5) that all readers compute alike: how many numbers one leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import starmap
from typing import Final

from pithtex.patterns import pattern

_TOKEN: Final = pattern(rb"[\0\t\n\f\r ]*(?:([{}])|(-?(?:\d{1,7}(?:\.\d*)?|\.\d+))(?=[\s{}])|([a-z]+)(?=[\s{}]))")
_SPACE: Final = b"\0\t\n\f\r "
_MAX_TOKENS: Final = 2_000
"""Of one program. Those that programs write for spot colours have some tens."""
_MAX_DEPTH: Final = 8
"""Of blocks in blocks."""
_MAX_STACK: Final = 100
"""Values: what readers must have room for (7.10.5)."""

_Value = float | bool | None
"""A number of the program's text, whether it is a truth (a bool), or a number that is not known (None)."""
_Block = list["bytes | float | _Block"]


class _NotAlikeError(Exception):
    """Readers stop at the program, or each computes something of its own."""


def leaves(program: bytes, inputs: int) -> int | None:
    """Returns how many numbers a program leaves of so many; None where readers may differ in it.

    An operator that can fail or that is rounded in ways of a reader's own (`div` by what is not known, `exp` with a
    broken exponent, `atan`, `ln`) is not allowed, nor is one whose effect on the stack depends on what is computed.
    """
    try:
        tokens = _tokens(program)
        if next(tokens, None) != b"{":
            return None
        block = _block(tokens, _MAX_DEPTH)
        if next(tokens, None) is not None:
            return None
        stack = _run(block, [None] * inputs)
    except _NotAlikeError:
        return None
    return None if any(isinstance(value, bool) for value in stack) else len(stack)


def _tokens(program: bytes) -> Iterator[bytes | float]:
    place, end = 0, len(program.rstrip(_SPACE))
    for _ in range(_MAX_TOKENS):
        if place >= end:
            return
        match = _TOKEN.match(program, place)
        if match is None:
            break
        place = match.end()
        yield float(match[2]) if match[2] else match[1] or match[3]
    raise _NotAlikeError


def _block(tokens: Iterator[bytes | float], depth: int) -> _Block:
    found: _Block = []
    for token in tokens:
        if token == b"}":
            return found
        if token == b"{":
            if not depth:
                break
            found.append(_block(tokens, depth - 1))
        else:
            found.append(token)
    raise _NotAlikeError


def _run(block: _Block, stack: list[_Value]) -> list[_Value]:
    stack, waiting = list(stack), list[_Block]()
    for each in block:
        if isinstance(each, list):
            waiting.append(each)
        elif isinstance(each, float):
            stack.append(each)
        elif each in {b"if", b"ifelse"}:
            if len(waiting) != (1 if each == b"if" else 2):
                raise _NotAlikeError
            _take(stack, bool)
            ways = [_run(way, stack) for way in waiting]
            stack = _either(ways[0], ways[1] if len(ways) > 1 else stack)
            waiting = []
        else:
            _operate(each, stack)
        if waiting[2:] or len(stack) > _MAX_STACK:
            raise _NotAlikeError
    if waiting:
        raise _NotAlikeError
    return stack


def _either(one: Sequence[_Value], other: Sequence[_Value]) -> list[_Value]:
    if list(map(_is_truth, one)) != list(map(_is_truth, other)):
        raise _NotAlikeError
    return list(starmap(_common, zip(one, other, strict=True)))


def _common(one: _Value, other: _Value) -> _Value:
    return one if one == other or _is_truth(one) else None


def _is_truth(value: _Value) -> bool:
    return isinstance(value, bool)


def _take(stack: list[_Value], kind: type = float) -> _Value:
    if not stack or _is_truth(stack[-1]) != (kind is bool):
        raise _NotAlikeError
    return stack.pop()


def _count(stack: list[_Value], least: int) -> int:
    """Takes a whole number that the program's text names."""
    value = _take(stack)
    if value is None or value != int(value) or value < least:
        raise _NotAlikeError
    return int(value)


def _operate(operator: bytes, stack: list[_Value]) -> None:
    known = _KINDS.get(operator)
    if known is not None:
        takes, kind, gives = known
        taken = [_take(stack, kind) for _ in range(takes)]
        if (operator in _DIVIDING and not taken[0]) or (operator == b"exp" and not _is_power(taken[0])):
            raise _NotAlikeError
        stack.append(gives)
    elif operator in _MOVING:
        _MOVING[operator](stack)
    else:
        raise _NotAlikeError


def _is_power(value: _Value) -> bool:
    """Tells whether every number has a power with that exponent: of a negative one some readers stop at a root."""
    return value is not None and value >= 0 and value == int(value)


def _pop(stack: list[_Value]) -> None:
    _need(stack, 1)
    stack.pop()


def _exch(stack: list[_Value]) -> None:
    _need(stack, 2)
    stack[-2:] = stack[-1], stack[-2]


def _dup(stack: list[_Value]) -> None:
    _need(stack, 1)
    stack.append(stack[-1])


def _copy(stack: list[_Value]) -> None:
    count = _count(stack, 0)
    _need(stack, count)
    stack += stack[len(stack) - count :]


def _index(stack: list[_Value]) -> None:
    place = _count(stack, 0)
    _need(stack, place + 1)
    stack.append(stack[-1 - place])


def _roll(stack: list[_Value]) -> None:
    steps = _take(stack)
    count = _count(stack, 1)
    if steps is None or steps != int(steps):
        raise _NotAlikeError
    _need(stack, count)
    part = stack[-count:]
    turn = int(steps) % count
    stack[-count:] = part[count - turn :] + part[: count - turn]


def _need(stack: list[_Value], count: int) -> None:
    if len(stack) < count:
        raise _NotAlikeError


_DIVIDING: Final = frozenset({b"div", b"idiv", b"mod"})
_KINDS: Final[dict[bytes, tuple[int, type, _Value]]] = {
    **dict.fromkeys(b"abs neg ceiling floor round truncate sin cos cvi cvr".split(), (1, float, None)),
    **dict.fromkeys(b"add sub mul exp div idiv mod".split(), (2, float, None)),
    **dict.fromkeys(b"eq ne gt ge lt le".split(), (2, float, True)),
    **dict.fromkeys(b"and or xor".split(), (2, bool, True)),
    b"not": (1, bool, True),
    b"true": (0, bool, True),
    b"false": (0, bool, True),
}
"""Of an operator (table 42): how many values of which kind it takes, and what it gives."""
_MOVING: Final[dict[bytes, Callable[[list[_Value]], None]]] = {
    b"pop": _pop, b"exch": _exch, b"dup": _dup, b"copy": _copy, b"index": _index, b"roll": _roll,
}  # fmt: skip
