"""Lines of one type that stand one below the other, as those of a title or of a paragraph do."""

from __future__ import annotations

from collections.abc import Sequence

from pithtex.pdf.evidence import TextLine


def blocks_of(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Puts lines of one type together, one below the other: a journal's name may take two."""
    blocks: list[list[TextLine]] = []
    for line in lines:
        if blocks and goes_on(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def goes_on(above: TextLine, line: TextLine) -> bool:
    """Tells whether a line stands directly below another and is in its type."""
    return continues(above, line) and alike(above, line)


def alike(one: TextLine, other: TextLine) -> bool:
    """Tells whether two lines are in one font and size."""
    return abs(one.size - other.size) <= 0.06 * one.size and one.font == other.font


def continues(above: TextLine, line: TextLine) -> bool:
    """Tells whether a line stands directly below another, and not beside it."""
    step = above.rect[1] - line.rect[1]
    size = max(above.size, line.size)
    overlap = above.rect[0] < line.rect[2] and line.rect[0] < above.rect[2]
    return overlap and -0.5 * line.size <= step <= 2.5 * size
