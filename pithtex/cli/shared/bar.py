"""Progress bars, on a terminal's stderr alone."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import Any, Final, TypeVar

_T = TypeVar("_T")
_USUAL: Final = {"ncols": 80, "nrows": 24}
"""For terminals that tell no size, as those of containers and of `script`, on which tqdm shows nothing."""


def progress(items: Iterable[_T], total: int | None, *, quiet: bool) -> Iterable[_T]:
    """Returns the items, with a bar on a terminal."""
    bar: Iterable[_T] | None = progress_bar(total, " records", quiet=quiet, items=items)
    return items if bar is None else bar


def progress_bar(
    total: int | None, unit: str, *, quiet: bool, initial: int = 0, items: Iterable[_T] | None = None
) -> Any:
    """Returns a progress bar that shows after the first second and goes away at its end; None if stderr is no terminal.

    Args:
        total: how many things there will be, if that is known.
        unit: what they are, with a space before.
        quiet: whether to show nothing.
        initial: how many were done before.
        items: what to go through, where the bar is to count by itself.
    """
    if quiet or not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    columns = 0
    with contextlib.suppress(OSError, ValueError):
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    size: dict[str, Any] = {"dynamic_ncols": True} if columns else _USUAL
    return tqdm(items, total=total, initial=initial, unit=unit, delay=1, leave=False, **size)
