"""PostScript calculator functions (ISO 32000-1, 7.10.5) that all readers compute alike: how many numbers one leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.untrusted import WHITE_SPACE, OddError

_TOKEN: Final = pattern(rb"[\0\t\n\f\r ]*(?:([{}])|(-?(?:\d{1,7}(?:\.\d*)?|\.\d+))(?=[\s{}])|([a-z]+)(?=[\s{}]))")
_MAX_TOKENS: Final = 2_000
"""Of one program. Those that programs write for spot colours have some tens."""
_MAX_DEPTH: Final = 8
"""Of blocks in blocks."""
_MAX_STACK: Final = 100
"""Values: what readers must have room for (7.10.5)."""

_Value = float | bool | None
"""A number of the program's text, whether it is a truth (a bool), or a number that is not known (None)."""
_Block = list["bytes | float | _Block"]


def leaves(program: bytes, inputs: int) -> int:
    """Returns how many numbers a program leaves of so many.

    An operator that can fail or that is rounded in ways of a reader's own is not allowed (`div` by what is not known,
    `idiv` and `mod` of what may not be whole, `exp` with a broken exponent, `atan`, `ln`), nor is one whose effect on
    the stack depends on what is computed.

    Raises:
        OddError: readers stop at the program, or each computes something of its own.
    """
    tokens = _tokens(program)
    _require(next(tokens, None) == b"{")
    stack = _run(_block(tokens, _MAX_DEPTH), [None] * inputs)
    _require(next(tokens, None) is None and not any(map(_is_truth, stack)))
    return len(stack)


def _require(holds: bool) -> None:
    if not holds:
        raise OddError("a function is incomplete")


def _tokens(program: bytes) -> Iterator[bytes | float]:
    place, end, left = 0, len(program.rstrip(WHITE_SPACE)), _MAX_TOKENS
    while place < end:
        match = _TOKEN.match(program, place) if left else None
        if match is None:
            raise OddError("a function is incomplete")
        place, left = match.end(), left - 1
        yield float(match[2]) if match[2] else match[1] or match[3]


def _block(tokens: Iterator[bytes | float], depth: int) -> _Block:
    found: _Block = []
    for token in tokens:
        if token == b"}":
            return found
        _require(token != b"{" or depth > 0)
        found.append(_block(tokens, depth - 1) if token == b"{" else token)
    raise OddError("a function is incomplete")


def _run(block: _Block, stack: list[_Value]) -> list[_Value]:
    stack, waiting = list(stack), list[_Block]()
    for each in block:
        if isinstance(each, list):
            waiting.append(each)
        elif isinstance(each, float):
            stack.append(each)
        elif each in {b"if", b"ifelse"}:
            _require(len(waiting) == (1 if each == b"if" else 2))
            _take(stack, bool)
            ways = [_run(way, stack) for way in waiting]
            stack, waiting = _either(*[*ways, stack][:2]), []
        elif each in _KINDS:
            _compute(each, stack)
        else:
            _move(each, stack)
        _require(len(stack) <= _MAX_STACK)
    _require(not waiting)
    return stack


def _either(one: list[_Value], other: list[_Value]) -> list[_Value]:
    """Returns what is known where the stack may be one or the other."""
    _require(list(map(_is_truth, one)) == list(map(_is_truth, other)))
    return [value if value == than or _is_truth(value) else None for value, than in zip(one, other, strict=True)]


def _is_truth(value: _Value) -> bool:
    return isinstance(value, bool)


def _take(stack: list[_Value], kind: type = float) -> _Value:
    _require(bool(stack) and _is_truth(stack[-1]) == (kind is bool))
    return stack.pop()


def _whole(stack: list[_Value]) -> int:
    """Takes a whole number that the program's text names."""
    value = _take(stack)
    if value is None or value != int(value):
        raise OddError("a function is incomplete")
    return int(value)


def _compute(operator: bytes, stack: list[_Value]) -> None:
    takes, kind, gives = _KINDS[operator]
    last, *_ = [*(_take(stack, kind) for _ in range(takes)), None]
    _require(operator != b"div" or bool(last))
    # Of a negative number some readers stop at a root.
    _require(operator != b"exp" or (last is not None and last >= 0 and last == int(last)))
    stack.append(gives)


def _move(operator: bytes, stack: list[_Value]) -> None:
    _require(operator in _MOVING)
    operator, numbers = _MOVING[operator]
    stack += numbers
    steps = _whole(stack) if operator == b"roll" else 0
    count = 1 if operator == b"pop" else _whole(stack) + (operator == b"index")
    _require((0 if operator == b"copy" else 1) <= count <= len(stack))
    rest, part = stack[: len(stack) - count], stack[len(stack) - count :]
    if operator == b"roll":
        part = part[-steps % count :] + part[: -steps % count]
    elif operator == b"index":
        part.append(part[0])
    else:
        part = [] if operator == b"pop" else 2 * part
    stack[:] = rest + part


_KINDS: Final[dict[bytes, tuple[int, type, _Value]]] = {
    **dict.fromkeys(b"abs neg ceiling floor round truncate sin cos cvi cvr".split(), (1, float, None)),
    **dict.fromkeys(b"add sub mul exp div".split(), (2, float, None)),
    **dict.fromkeys(b"eq ne gt ge lt le".split(), (2, float, True)),
    **dict.fromkeys(b"and or xor".split(), (2, bool, True)),
    b"not": (1, bool, True),
    b"true": (0, bool, True),
    b"false": (0, bool, True),
}
"""Of an operator (table 42): how many values of which kind it takes, and what it gives."""
_MOVING: Final[dict[bytes, tuple[bytes, list[float]]]] = {
    **{operator: (operator, []) for operator in (b"pop", b"copy", b"index", b"roll")},
    b"dup": (b"copy", [1.0]),
    b"exch": (b"roll", [2.0, 1.0]),
}
"""Of an operator that moves values: the one that does the same with these numbers behind its own."""
