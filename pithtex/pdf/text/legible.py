"""What of a page's text is painted and can still not be read: letters on each other, or on something else."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from pithtex.pdf.text.chars import Letters

_BEGINS: Final = 0.7
"""Of a letter's width: where the next one may begin. Kerning and slant take a fifth at most."""
_CROWDED: Final = 0.2
"""Of a line's letters: if more begin too early, it cannot be read. In honest lines some do, as in formulas."""
_JOINED: Final = "fijlst"
"""What may follow in a ligature."""
_BUSY: Final = 0.1
"""Of the pixels of a line's place. A line of text in another's place takes a fifth, a rule under it a twentieth."""
_CROSSED: Final = 0.2
"""Of the columns in a line's middle. The bars of a title's fractions take fewer."""
_BOLD: Final = 0.6
"""Of the pixels of a line's place: more is not text."""
_APART: Final = 0.05
"""Of the pixels that a line adds, those not next to what is there without it; of these, those beside its letters."""


def crowded(run: Letters) -> bool:
    """Tells whether the letters of a line stand on each other.

    Args:
        run: the line's characters, in reading direction.
    """
    angle = run.styles[0].angle
    starts, ends = (run.bottom, run.top) if angle in {90, 270} else (run.left, run.right)
    if angle in {180, 270}:
        starts, ends = [-end for end in ends], [-start for start in starts]
    pairs = zip(starts, ends, starts[1:], strict=False)
    early = [place for place, (start, end, then) in enumerate(pairs) if then < start + _BEGINS * (end - start)]
    if len(early) <= _CROWDED * len(run):
        return False
    read = [
        place
        for place in early
        if _is_letter(run.text[place])
        and _is_letter(run.text[place + 1])
        # PDFium gives all letters of a ligature the place of the whole.
        and not (
            run.text[place + 1] in _JOINED and (starts[place], ends[place]) == (starts[place + 1], ends[place + 1])
        )
    ]
    return len(read) > _CROWDED * len(run)


def _is_letter(char: str) -> bool:
    """Tells whether a character has a place of its own, to the right of the one before it.

    Accents stand on letters, a half of a character (UTF-16) on the other, and some scripts run to the left.
    """
    return char.isalnum() and unicodedata.bidirectional(char) not in {"R", "AL"}


def disturbed(
    full: Sequence[bytes], without: Sequence[bytes], letters: Iterable[tuple[int, int]], contrast: int
) -> bool:
    """Tells whether much is drawn where a line of text stands, before it or after it: then it cannot be read.

    Without the line, nearly all pixels between its first and its last letter must be of one grey, and so must be most
    columns of its middle third, in which other letters may stand between its own, but no rule under it. Unless it is
    the same line, which some programs print twice for a bold one, and PDFium gives once.

    Args:
        full: rows of pixels, a byte each, of the line's place.
        without: the same without the line.
        letters: the first column of each letter, and the one behind its last.
        contrast: by how much two greys must differ.
    """
    ground = b"".join(without)
    most = max(set(ground), key=ground.count)
    table = differing(most, contrast)
    drawn = [int.from_bytes(row.translate(table), "big") for row in without]
    taken = sum(row.bit_count() for row in drawn)
    third = len(drawn) // 3
    columns = functools.reduce(int.__or__, drawn[third : len(drawn) - third], 0)
    if taken <= _BUSY * len(ground) and columns.bit_count() <= _CROSSED * len(without[0]):
        return False
    own = 0
    for start, end in letters:  # with a rim; a row's first pixel is its number's highest byte
        own |= (1 << 8 * (end - start + 2)) - 1 << 8 * max(len(without[0]) - end - 1, 0)
    beside = sum((row & ~own).bit_count() for row in drawn)
    if taken > _BOLD * len(ground) or beside > _APART * taken:
        return True
    return not _printed_twice(full, without, drawn, contrast)


def _printed_twice(full: Sequence[bytes], without: Sequence[bytes], drawn: Sequence[int], contrast: int) -> bool:
    """Tells whether a line adds no more than a rim to what is there already."""
    added = apart = 0
    around = [0, *(row | row << 8 | row >> 8 for row in drawn), 0]
    for place, (one, other) in enumerate(zip(full, without, strict=True)):
        new = int.from_bytes(bytes(abs(p - q) >= contrast for p, q in zip(one, other, strict=True)), "big")
        added += new.bit_count()
        apart += (new & ~(around[place] | around[place + 1] | around[place + 2])).bit_count()
    return apart <= _APART * added


@functools.cache
def differing(grey: int, contrast: int) -> bytes:
    """Of each grey, whether it differs visibly from a certain one."""
    return bytes(abs(value - grey) >= contrast for value in range(256))
