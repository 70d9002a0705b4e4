"""Whether one of the texts that some lines can be has the signed digest, or is the text that is known to have it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from typing import Any, Final

from pithtex.pdf.binding.abstract_spellings import typed

MAX_TRIED: Final = 1500
"""Spellings that are hashed for one PDF: some thousandths of a second."""
_MAX_HASHED: Final = 400 * MAX_TRIED
"""Bytes of all of them."""
_MAX_HYPHENS_KEPT: Final = 3
"""Of the hyphens at line ends, as many are taken for parts of words; the others divide words."""


def is_spelled(texts: Sequence[str], known: str, most: int) -> int | None:
    """Returns which of the spellings of some lines is a text, with any of their hyphens; None if it is another one.

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


class Search:
    """Hashes the spellings of lines until one has a digest.

    Of spellings that begin alike the common part is hashed once: the next one is made from its state.

    Attributes:
        tried: how many spellings were hashed.
        hashed: how many bytes.
    """

    def __init__(self, sha256: str) -> None:
        """Takes the digest, hex."""
        self._wanted = bytes.fromhex(sha256)
        self.tried = self.hashed = 0

    @property
    def over(self) -> bool:
        """Tells whether it has used up its bounds."""
        return self.tried >= MAX_TRIED or self.hashed >= _MAX_HASHED

    def finds(self, texts: Sequence[str], most: int) -> bool:
        """Tells whether a spelling of some lines has the digest: the likeliest first, and at most so many."""
        self._until = min(self.tried + most, MAX_TRIED)
        every: list[list[bytes]] = []
        for parts in typed(texts):
            every.append([part.encode("utf-8", "surrogatepass") for part in parts])
            if self._is(b"".join(every[-1])):
                return True
            if self._ends():
                return False
        ends = len(every[0]) - 1
        for count in range(1, min(ends, _MAX_HYPHENS_KEPT) + 1):
            # The more hyphens, the fewer of the unlikely ways to type the rest.
            likely = every[: -(-len(every) // 2 ** (count - 1))]
            if any(self._kept(hashlib.sha256(), pieces, memoryview(b"".join(pieces)), count) for pieces in likely):
                return True
        return ends > _MAX_HYPHENS_KEPT and any(self._is(b"-".join(pieces)) for pieces in every if not self._ends())

    def _ends(self) -> bool:
        return self.tried >= self._until or self.hashed >= _MAX_HASHED

    def _is(self, data: bytes) -> bool:
        self.tried, self.hashed = self.tried + 1, self.hashed + len(data)
        return hashlib.sha256(data).digest() == self._wanted

    def _kept(self, state: Any, pieces: Sequence[bytes], rest: memoryview, count: int) -> bool:
        """Tells whether a text has the digest with hyphens between so many of the pieces that are left of it.

        Args:
            state: what is hashed of it so far; it is hashed on.
            pieces: those that are left.
            rest: all of them together.
            count: how many hyphens, at least one.
        """
        for place, piece in enumerate(pieces[:-count], 1):
            if self._ends():
                return False
            state.update(piece)
            rest = rest[len(piece) :]
            kept = state.copy()
            kept.update(b"-")
            if count > 1:
                if self._kept(kept, pieces[place:], rest, count - 1):
                    return True
                continue
            kept.update(rest)
            self.tried += 1
            self.hashed += len(rest)
            if kept.digest() == self._wanted:
                return True
        return False
