"""Regular expressions mean the same on every Python that pithtex runs on, Debian 12's 3.11.2 among them."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pithtex
from pithtex.patterns import _Later


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Those of all modules, with their names."""
    for module in pkgutil.walk_packages(pithtex.__path__, "pithtex."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                for each in value if isinstance(value, tuple) else [value]:
                    if isinstance(each, re.Pattern | _Later):
                        yield f"{module.name}.{name}", re.compile(each.pattern, each.flags)


def within(value: Any) -> Iterator[tuple[Any, Any]]:
    """The operations of a parsed pattern, those inside others too."""
    if isinstance(value, _parser.SubPattern):
        for operation, inner in value:
            yield operation, inner
            yield from within(inner)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from within(each)


def test_no_possessive_repeat_holds_a_negative_look_ahead() -> None:
    """Python 3.11.2 loses its place there (CPython gh-106052): `(?>(?:...)*)` does the same, and is right."""
    found = list(patterns())
    assert len(found) > 200
    lost = [
        name
        for name, pattern in found
        for operation, inner in within(_parser.parse(pattern.pattern, pattern.flags))
        if operation is _constants.POSSESSIVE_REPEAT and any(op is _constants.ASSERT_NOT for op, _ in within(inner))
    ]
    assert lost == []
