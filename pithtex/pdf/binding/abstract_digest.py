"""Whether one of the texts that some lines can be has the signed digest, or is the text that is known to have it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pithtex.pdf.binding.abstract_spellings import typed

_MAX_HYPHENS_KEPT: Final = 3
"""Of the hyphens at line ends, as many are taken for parts of words; the others divide words."""


def is_spelled(texts: Sequence[str], known: str, most: int) -> int | None:
    """Returns the which of the spellings of some lines is a text, with any of its hyphens; None if none is.

    Args:
        texts: the lines.
        known: the text, as it is hashed.
        most: how many spellings are looked at, each with all of its hyphens.
    """
    spelled = enumerate(itertools.islice(typed(texts), most), 1)
    return next((count for count, parts in spelled if _is_joined(parts, known)), None)


def _is_joined(parts: Sequence[str], known: str) -> bool:
    place = len(parts[0])
    if not known.startswith(parts[0]):
        return False
    for part in parts[1:]:
        place += known.startswith(f"-{part}", place)
        if not known.startswith(part, place):
            return False
        place += len(part)
    return place == len(known)


def digests(texts: Sequence[str]) -> Iterator[tuple[bytes, int]]:
    """Yields the digest of each spelling of some lines, the likeliest first, and how many bytes were hashed for it.

    Of spellings that begin alike the common part is hashed once: the next one is made from its state.
    """
    every: list[list[bytes]] = []
    for parts in typed(texts):
        every.append([part.encode("utf-8", "surrogatepass") for part in parts])
        yield _of(b"".join(every[-1]))
    ends = len(every[0]) - 1
    for count in range(1, min(ends, _MAX_HYPHENS_KEPT) + 1):
        for pieces in every:
            yield from _kept(hashlib.sha256(), pieces, memoryview(b"".join(pieces)), count)
    if ends > _MAX_HYPHENS_KEPT:
        yield from (_of(b"-".join(pieces)) for pieces in every)


def _of(data: bytes) -> tuple[bytes, int]:
    return hashlib.sha256(data).digest(), len(data)


def _kept(state: Any, pieces: Sequence[bytes], rest: memoryview, count: int) -> Iterator[tuple[bytes, int]]:
    """Yields the digests of a text with hyphens between so many of the pieces that are left of it.

    Args:
        state: what is hashed of it so far; it is hashed on.
        pieces: those that are left.
        rest: all of them together.
        count: how many hyphens.
    """
    if not count:
        state.update(rest)
        yield state.digest(), len(rest)
        return
    for place, piece in enumerate(pieces[:-count], 1):
        state.update(piece)
        rest = rest[len(piece) :]
        kept = state.copy()
        kept.update(b"-")
        yield from _kept(kept, pieces[place:], rest, count - 1)
