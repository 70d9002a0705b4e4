"""Values that a parser or verifier has just looked at, made without the second look that their constructor takes."""

from __future__ import annotations

from typing import TypeVar

_T = TypeVar("_T")


def made(kind: type[_T], **fields: object) -> _T:
    """Returns a frozen dataclass of these fields, its `__post_init__` not run.

    For the one function that has established what `__post_init__` would establish again. Every other way to such a
    value (its constructor, `dataclasses.replace`, a copy, a pickle) takes that second look.
    """
    value = object.__new__(kind)
    for name, field in fields.items():
        object.__setattr__(value, name, field)
    return value
