"""Words that no program reads: ink above a title, or in its row, that has the shape of letters and is not text.

"Comment on" may be drawn as paths, and a thief's own title be a picture. A logo is ink as well: it stands at the upper
edge of the page, or to the right, or well apart from the title, and is not long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pithtex.findings import Rect
from pithtex.pdf.binding.furniture import is_furniture
from pithtex.pdf.evidence import TextLine

_BESIDE: Final = 2.5
"""Of the title's size: ink no further to its left or right is in its row."""
_RIGHT_ABOVE: Final = 1.5
"""Of the title's size: ink no further above it is read with it, of whatever height."""
_ABOVE: Final = 3.5
"""Of the title's size: ink no further above it is read with it, unless it is small or at the page's edge."""
_SMALL: Final = 0.5
"""Of the title's size: lower letters are small."""
_LARGE: Final = 1.2
"""Of the title's size: higher letters are a title's, unless they stand further off."""
_OFF: Final = 4.0
_EDGE: Final = 1 / 8
"""Of the page's height: the strip at its upper edge in which logos and journals' names stand."""
_LONG: Final = 1.3
"""Of its height: a word is as long, an emblem is not."""
_LIKE_TYPE: Final = 0.85
"""Of the title's size: so high is ink of type as large, from the tops of its letters to what hangs below the line."""
_WORD, _TITLE = 4.0, 10.0
"""Of its height: ink in type as large and as long as that is a word or two, or a title wherever it stands."""
_HUGE, _WIDE = 2.0, 0.5
"""Of the title's size, and of the page's width: so high and long above it no logo is."""
_LETTERS: Final = 2.0
"""Of its height: ink in type as large and as long as that in a title's row is a word, wherever it stands."""
_WORD_OFF: Final = 6.0
"""Of the title's size: words of logos stand further off."""


def unread_words(run: Sequence[TextLine], shapes: Iterable[Rect], lines: Sequence[TextLine], box: Rect) -> bool:
    """Tells whether ink that is not text reads together with a title, or as a title above it.

    Args:
        run: the title's lines, on the upright page.
        shapes: `PageText.shapes`.
        lines: all lines.
        box: the page's.
    """
    left, bottom, right, top = (
        min(line.rect[0] for line in run),
        min(line.rect[1] for line in run),
        max(line.rect[2] for line in run),
        max(line.rect[3] for line in run),
    )
    size = max(line.size for line in run)
    middle = (box[0] + box[2]) / 2
    edge = box[3] - _EDGE * (box[3] - box[1])
    # A line such as "Physics 3 (2004) 5-12" is the head's, and so is all that stands beside it or above.
    head = [line for line in lines if line.rect[1] > top and line.size < size and is_furniture(line.text, small=True)]
    head_ends = min((line.rect[1] for line in head), default=edge)
    for x0, y0, x1, y1 in shapes:
        width, height, gap = x1 - x0, (y1 - y0) / size, (y0 - top) / size
        length = width / (height * size)
        large = height >= _LIKE_TYPE
        if length < _LONG:
            continue
        if large and length >= _TITLE and (gap < 0 or x0 < (left + right) / 2):
            return True
        if y0 < top and bottom < y1:
            # On the other half of a wide sheet stands another page, with figures of its own.
            far = right <= middle <= x0 and box[2] - box[0] > box[3] - box[1]
            near = x0 < right + _BESIDE * size and left - _BESIDE * size < x1
            if near or (large and length >= (_TITLE if far else _LETTERS)):
                return True
            continue
        if gap > 0 and height > _HUGE and width > _WIDE * (box[2] - box[0]):
            return True
        if gap < 0 or x1 <= left or x0 >= (left + right) / 2:
            continue
        if gap < _RIGHT_ABOVE or (gap < _OFF and height > _LARGE):
            return True
        if y1 <= head_ends and (
            (gap < _ABOVE and height > _SMALL and y0 < edge) or (gap < _WORD_OFF and large and length >= _WORD)
        ):
            return True
    return False
