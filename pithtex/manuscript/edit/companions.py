"""Documents that go up with a paper, such as its supplement: arXiv compiles each, one behind the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

_SUPPLEMENT: Final = re.compile(
    r"(?:.*[_\W])?(?:supp(?:l|lement|lements|lementary|mat)?|si|sm|appendix|appendices)(?:[_\W\d].*)?|.*supplement\w*",
    re.IGNORECASE,
)
"""Names of supplements."""


def supplements(others: Iterable[str], asked: Iterable[str]) -> tuple[str, ...]:
    r"""Those of the other documents of a folder that go with the paper: by their names, or since it takes their labels.

    Args:
        others: names of files.
        asked: what the paper names by `\\externaldocument`, without an ending.
    """
    labels = {name.removesuffix(".tex") for name in asked}
    return tuple(name for name in others if _stem(name) in labels or _SUPPLEMENT.fullmatch(_stem(name)))


def in_order(paper: str, companions: Sequence[str], asked: Iterable[str]) -> tuple[str, ...]:
    """Returns the documents in the order of compiling: those whose labels the paper uses come before it."""
    labels = {name.removesuffix(".tex") for name in asked}
    before = [name for name in companions if _stem(name) in labels]
    return (*before, paper, *(name for name in companions if name not in before))


def _stem(name: str) -> str:
    return name.removesuffix(".tex")
