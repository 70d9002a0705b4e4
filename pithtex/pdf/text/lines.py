"""The visible text of pages, read with PDFium character by character and put into lines.

Three steps: what the page says is there (`chars`), what of it a reader can see (`ink`), and what makes a line.
Coordinates are in default user space, as those of annotations; a line's angle is that of the page as shown, /Rotate
taken into account.

Without drawing only rendering mode, opacity, colour, size and the crop box are looked at.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import pypdfium2_raw as pdfium

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.pdf.appearance.annotations import Cover
from pithtex.pdf.binding.wording import is_leftward
from pithtex.pdf.evidence import PageText, TextLine
from pithtex.pdf.text.chars import Char, Characters, along, ordered
from pithtex.pdf.text.drawn_text import CodedPicture, coded_pictures, show_text
from pithtex.pdf.text.ink import Clock, Seen, seen
from pithtex.pdf.text.pdfium import open_document, open_page, open_text, words_of
from pithtex.system.files import read_pdf

_NEW_LINE_SHIFT: Final = 0.7
"""Of the size: a baseline further off starts a line. Sub- and superscripts shift by up to half the size."""
_NEW_LINE_BACK: Final = 1.0
"""Of the size: a step back in reading direction starts a line."""
_WORD_BACK: Final = 2.0
"""Of the size: a step back to the next word, in scripts that are written so, is no further."""
_NEW_LINE_GAP: Final = 3.0
"""Of the size: a gap wider than that separates columns."""
_SMALL_DIGIT: Final = 0.65
"""Of the size: a digit as small as that..."""
_SMALL_DIGIT_GAP: Final = 0.45
"""Of the size: ...and further off than a footnote's mark is a line's number."""
_SHIFTED: Final = 0.1
"""Of the size: a baseline further off is that of a sub- or superscript."""
_SMALL: Final = 0.7
"""Of the line's size: smaller characters, even on the line, are marks. Small capitals are larger."""
_WIDE_GAP: Final = 0.8
"""Of the size: a space wider than that sets a number apart from a heading."""
_SHORT_FORM: Final = len("pith:") + 8
_UPRIGHT: Final = 5
"""Degrees: text that is turned further is neither horizontal nor vertical."""
_MOST_OF_PAGE: Final = 0.6
_SPACE_GAP: Final = 0.2
"""Of the size: a gap wider than that is a space. TeX writes none; its word spaces shrink to about 0.22."""


def read_texts(
    data_or_path: bytes | str | os.PathLike[str],
    page_numbers: Sequence[int],
    *,
    password: str = "",
    drawn: bool = True,
    over: Mapping[int, Cover] | None = None,
) -> tuple[tuple[PageText, ...], list[Finding]]:
    """Reads the visible text of pages.

    Args:
        data_or_path: the file, or its bytes.
        page_numbers: 1-based, in the order wanted.
        password: for an encrypted file.
        drawn: whether pages are drawn, to find out what is visible.
        over: of each page what lies over it; nothing by default.

    Raises:
        OSError: the path can't be read.
    """
    data = data_or_path if isinstance(data_or_path, bytes) else read_pdf(data_or_path)
    findings: list[Finding] = []
    with open_document(data, password) as document:
        if not document:
            return (), [finding("channel-damaged", "PDFium can't open the file", where="text")]
        return tuple(_read_pages(document, page_numbers, drawn, over or {}, findings)), findings


def _read_pages(
    document: Any, page_numbers: Sequence[int], drawn: bool, over: Mapping[int, Cover], findings: list[Finding]
) -> Iterator[PageText]:
    clock = Clock()
    for number in page_numbers:
        if clock.left <= 0:
            message = "reading the pages took too long; this one and those after it were not read"
            findings.append(finding("channel-limit", message, where=f"page {number}"))
            return
        with open_page(document, number - 1) as page, open_text(page and _shown(page)) as text_page:
            if text_page:
                hidden = over.get(number, Cover())
                yield _read_page(page, text_page, number, drawn, over=hidden, clock=clock, findings=findings)
            else:
                message = "the page's text could not be read"
                findings.append(finding("channel-damaged", message, where=f"page {number}"))


def _shown(page: Any) -> Any:
    """The page, with the text that is drawn."""
    show_text(page)
    return page


def _read_page(
    page: Any,
    text_page: Any,
    number: int,
    drawn: bool,
    *,
    over: Cover,
    clock: Clock,
    findings: list[Finding],
) -> PageText:
    bounds = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, bounds)
    box = ordered(bounds.left, bounds.bottom, bounds.right, bounds.top)
    listed = Characters(text_page, box, number, findings)
    turn = pdfium.FPDFPage_GetRotation(page) * 90
    runs = _runs(listed.read())
    chars = [char for run in runs for char in run]
    pictures: Sequence[CodedPicture] = ()
    if drawn:
        found = seen(page, box, runs, number, text=listed.known(), over=over, clock=clock, findings=findings)
        pictures, order = coded_pictures(page)
        found = _but_under(found, chars, pictures, order)
    else:
        plain = {id(c) for c in chars if not c.style.white}
        found = Seen(plain, plain, True)
    lines = [_seen_line(run, found, turn) for run in runs]
    unsure = found.painted - found.legible
    faint = [_line([char for char in run if id(char) in unsure], turn) for run in runs] if unsure else []
    return PageText(
        page=number,
        box=box,
        lines=tuple(line for line in lines if line is not None),
        faint=tuple(line for line in faint if line is not None),
        covered=tuple(_covered(runs, found.painted, turn)) if found.complete else (),
        hidden_characters=listed.hidden + len(chars) - len(found.legible),
        turn=turn,
        shapes=found.shapes,
        scanned=any(_covers(picture.rect, box) for picture in pictures),
    )


def _but_under(found: Seen, chars: Sequence[Char], pictures: Sequence[CodedPicture], order: Mapping[int, int]) -> Seen:
    """What is seen, but for what lies under a coded picture, or is white and lies on one."""
    unsure: set[int] = set()
    for picture in pictures:
        lies = _within(picture.rect)
        before = picture.before
        unsure |= {id(c) for c in chars if (c.style.white or order.get(c.style.address, 0) < before) and lies(c)}
    return found._replace(legible=found.legible - unsure, painted=found.painted - unsure)


def _covers(rect: Rect, page: Rect) -> bool:
    """Whether a rectangle takes most of a page."""
    width, height = min(rect[2], page[2]) - max(rect[0], page[0]), min(rect[3], page[3]) - max(rect[1], page[1])
    return min(width, height) > 0 and width * height > _MOST_OF_PAGE * (page[2] - page[0]) * (page[3] - page[1])


def _within(rect: Rect) -> Callable[[Char], bool]:
    """A test of whether the middle of a character lies in a rectangle."""
    left, bottom, right, top = rect
    return lambda char: (
        left <= (char.box[0] + char.box[2]) / 2 <= right and (bottom <= (char.box[1] + char.box[3]) / 2 <= top)
    )


def naming_pith(data: bytes, page_numbers: Sequence[int], password: str) -> list[int]:
    """Those pages in whose text the letters p, i, t, h stand one after the other, visible or not."""
    found: list[int] = []
    with open_document(data, password) as document:
        for number in page_numbers if document else ():
            with open_page(document, number - 1) as page, open_text(page) as text_page:
                if text_page and "pith" in "".join(filter(str.isalnum, words_of(text_page).casefold())):
                    found.append(number)
    return found


def _seen_line(run: Sequence[Char], found: Seen, turn: int) -> TextLine | None:
    """What of a line a reader can read; and all that he sees, where it may be a number that contradicts another."""
    line = _line([char for char in run if id(char) in found.legible], turn)
    if line is None and (painted := [char for char in run if id(char) in found.painted]):
        line = _line(painted, turn)
        return line if line is not None and "pith" in line.text.replace(" ", "") else None
    return line


def _covered(runs: Sequence[Sequence[Char]], painted: set[int], turn: int) -> Iterator[TextLine]:
    """Lines with a short form in dark type that cannot be seen: something else is shown in their place."""
    for run in runs:
        gone = [char for char in run if char.style.dark and id(char) not in painted]
        line = _line(gone, turn) if len(gone) >= _SHORT_FORM else None
        if line is not None and "pith:" in line.text:
            yield line


def _runs(chars: Sequence[Char]) -> list[list[Char]]:
    """Cuts the characters, in the order of the content stream, into lines."""
    runs: list[list[Char]] = []
    last: Char | None = None
    for char in chars:
        if last is None or _breaks(last, char):
            runs.append([])
            char.spaced = False
        else:
            angle, size = char.style.angle, char.style.size
            u, v = along(char.x, char.y, angle)
            base = along(last.x, last.y, angle)[1]
            gap = u - last.end
            if gap > _SPACE_GAP * size:
                char.spaced = True
            elif char.guessed and abs(v - base) > _SHIFTED * size:
                char.spaced = False
        runs[-1].append(char)
        last = char
    return runs


def _breaks(last: Char, char: Char) -> bool:
    """Whether a line ends between two characters."""
    angle = char.style.angle
    if angle != last.style.angle:
        return True
    size = max(last.style.size, char.style.size)
    u, v = along(char.x, char.y, angle)
    start, base = along(last.x, last.y, angle)
    gap = u - last.end
    if gap > _SMALL_DIGIT_GAP * size and _numbers_a_line(last, char):
        return True
    if abs(v - base) > _NEW_LINE_SHIFT * size or gap > _NEW_LINE_GAP * size:
        return True
    back = start - u
    return back > _NEW_LINE_BACK * size and not (is_leftward(chr(char.code)) and back <= _WORD_BACK * size)


def _numbers_a_line(last: Char, char: Char) -> bool:
    """Whether one of two characters is a digit much smaller than the other."""
    small, large = sorted((last, char), key=lambda each: each.style.size)
    return small.style.size < _SMALL_DIGIT * large.style.size and chr(small.code).isdigit()


def _line(run: Sequence[Char], turn: int) -> TextLine | None:
    """Makes a line of its visible characters; None where there are none."""
    if not run:
        return None
    text = "".join([" " + chr(c.code) if c.spaced else chr(c.code) for c in run])
    # Where a character was given in two halves (UTF-16), it is put together.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").lstrip()
    boxes = [char.box for char in run]
    styles = Counter([(c.style.size, c.style.font) for c in run])
    size, font = max(styles, key=styles.__getitem__)
    main = next(char for char in run if (char.style.size, char.style.font) == (size, font))
    shown = (run[0].style.angle - turn) % 360
    square = round(shown / 90) * 90
    return TextLine(
        text=text,
        rect=(min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)),
        size=round(size, 2),
        font=font,
        angle=round(square if abs(shown - square) <= _UPRIGHT else shown) % 360,
        levels=_levels(run, main),
        dark=main.style.dark,
    )


def _levels(run: Sequence[Char], main: Char) -> str:
    """See `TextLine.levels`. Only horizontal lines are titles."""
    size, base = main.style.size, main.y
    small, up, down, wide = _SMALL * size, base + _SHIFTED * size, base - _SHIFTED * size, _WIDE_GAP * size
    levels: list[str] = []
    end = math.inf
    for char in run if main.style.angle == 0 else ():
        if char.spaced and levels:
            levels.append("=" if char.x - end > wide else " ")
        end = char.end
        if not 0xDC00 <= char.code < 0xE000:  # the second half of a character (UTF-16)
            levels.append("_" if char.y < down else "^" if char.style.size < small or char.y > up else " ")
    even = "".join(levels)
    return even if even.strip() else ""
