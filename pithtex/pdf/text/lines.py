"""The visible text of pages, read with PDFium character by character and put into lines.

Three steps: what the page says is there (`chars`), what of it a reader can see (`ink`), and what makes a line.
Coordinates are in default user space, as those of annotations; a line's angle is that of the page as shown, /Rotate
taken into account.

Without drawing only rendering mode, opacity, colour, size and the crop box are looked at.
"""

from __future__ import annotations

import ctypes
import operator
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress, groupby, pairwise
from typing import Any, Final

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.pdf.appearance.annotations import Cover
from pithtex.pdf.binding.wording import is_leftward
from pithtex.pdf.evidence import PagesRead, PageText, TextLine, Wanted
from pithtex.pdf.text import library as pdfium
from pithtex.pdf.text.chars import GUESSED, Characters, Letters, along, ordered
from pithtex.pdf.text.drawn_text import CodedPicture, coded_pictures, show_text
from pithtex.pdf.text.ink import Clock, Seen, seen
from pithtex.pdf.text.pdfium import open_document, open_page, open_text, words_of
from pithtex.pdf.text.styles import Style
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
    over: Callable[[], Mapping[int, Cover]] | None = None,
    wanted: Wanted | None = None,
) -> PagesRead:
    """Reads the visible text of pages.

    Args:
        data_or_path: the file, or its bytes.
        page_numbers: 1-based, in the order wanted.
        password: for an encrypted file.
        drawn: whether pages are drawn, to find out what is visible.
        over: returns of each page what lies over it; asked for pages that are drawn. Nothing by default.
        wanted: which pages are; the others are left out. All by default.

    Raises:
        OSError: the path can't be read.
    """
    data = data_or_path if isinstance(data_or_path, bytes) else read_pdf(data_or_path)
    findings: list[Finding] = []
    with open_document(data, password) as document:
        if not document:
            return PagesRead((), [finding("channel-damaged", "PDFium can't open the file", where="text")])
        undrawn: list[PageText] = []
        texts = tuple(
            _read_pages(document, page_numbers, drawn, over or dict, findings, wanted=wanted, undrawn=undrawn)
        )
        return PagesRead(texts, findings, pdfium.FPDF_GetPageCount(document), tuple(undrawn))


def _read_pages(
    document: Any,
    page_numbers: Sequence[int],
    drawn: bool,
    over: Callable[[], Mapping[int, Cover]],
    findings: list[Finding],
    *,
    wanted: Wanted | None,
    undrawn: list[PageText],
) -> Iterator[PageText]:
    clock = Clock()
    for number in page_numbers:
        if clock.left <= 0:
            message = "reading the pages took too long; this page and the following ones were not read"
            findings.append(finding("channel-limit", message, where=f"page {number}"))
            return
        with open_page(document, number - 1) as page, open_text(page and _shown(page)) as text_page:
            if text_page:
                if wanted is not None and not wanted.words(words_of(text_page)):
                    continue
                by_lines = wanted and wanted.lines
                read, complete = _read_page(
                    page, text_page, number, drawn, wanted=by_lines, over=over, clock=clock, findings=findings
                )
                if complete:
                    yield read
                else:
                    undrawn.append(read)
            else:
                message = "the page's text could not be read"
                findings.append(finding("channel-damaged", message, where=f"page {number}"))


def _shown(page: Any) -> Any:
    """Returns the page, with the text that is drawn."""
    show_text(page)
    return page


def _read_page(
    page: Any,
    text_page: Any,
    number: int,
    drawn: bool,
    *,
    wanted: Callable[[PageText], bool] | None,
    over: Callable[[], Mapping[int, Cover]],
    clock: Clock,
    findings: list[Finding],
) -> tuple[PageText, bool]:
    """Returns the page, and whether it is read to the end: one that is not wanted is as it claims to be."""
    bounds = (ctypes.c_float * 4)()
    pdfium.FPDF_GetPageBoundingBox(page, bounds)
    box = ordered(*bounds)
    listed = Characters(text_page, box, number, findings)
    turn = pdfium.FPDFPage_GetRotation(page) * 90
    runs = _runs(listed.read())
    pictures: Sequence[CodedPicture] = ()
    plain = [bytes(not style.white for style in run.styles) for run in runs] if wanted or not drawn else []
    if wanted is not None:
        lines = (_line(run.chosen(flags), turn) for run, flags in zip(runs, plain, strict=True))
        claimed = PageText(number, box, tuple(filter(None, lines)), 0, turn=turn)
        if not wanted(claimed):
            return claimed, False
    if drawn:
        cover = over().get(number, Cover())
        found = seen(page, box, runs, number, text=listed.known(), over=cover, clock=clock, findings=findings)
        pictures, order = coded_pictures(page)
        found = _but_under(found, runs, pictures, order)
    else:
        found = Seen(plain, plain, True)
    seen_lines = [_seen_line(*each, turn) for each in zip(runs, found.legible, found.painted, strict=True)]
    unsure = zip(runs, found.painted, found.legible, strict=True)
    faint = [_line(run.chosen(_claimed(run, *flags)), turn) for run, *flags in unsure if not all(flags[1])]
    read = PageText(
        page=number,
        box=box,
        lines=tuple(line for line in seen_lines if line is not None),
        faint=tuple(line for line in faint if line is not None),
        covered=tuple(_covered(runs, found.painted, turn)) if found.complete else (),
        hidden_characters=listed.hidden + sum(map(len, runs)) - sum(map(sum, found.legible)),
        turn=turn,
        shapes=found.shapes,
        scanned=any(_covers(picture.rect, box) for picture in pictures),
    )
    return read, True


def _claimed(run: Letters, painted: bytes, legible: bytes) -> bytes:
    """Returns which letters may be read by others: faint ones, and dark ones that PDFium covers or does not draw."""
    return bytes(
        not read and (shown or style.dark) for style, shown, read in zip(run.styles, painted, legible, strict=True)
    )


def _but_under(
    found: Seen, runs: Sequence[Letters], pictures: Sequence[CodedPicture], order: Mapping[int, int]
) -> Seen:
    """Returns what is seen, but for what lies under a coded picture, or is white and lies on one."""
    if not pictures:
        return found
    clear = [bytes(not _is_under(run, place, pictures, order) for place in range(len(run))) for run in runs]
    legible, painted = (
        [bytes(map(operator.and_, *flags)) for flags in zip(kept, clear, strict=True)]
        for kept in (found.legible, found.painted)
    )
    return found._replace(legible=legible, painted=painted)


def _is_under(run: Letters, place: int, pictures: Sequence[CodedPicture], order: Mapping[int, int]) -> bool:
    x, y = (run.left[place] + run.right[place]) / 2, (run.bottom[place] + run.top[place]) / 2
    style = run.styles[place]
    drawn = -1 if style.white else order.get(style.address, 0)
    return any(
        drawn < picture.before and picture.rect[0] <= x <= picture.rect[2] and picture.rect[1] <= y <= picture.rect[3]
        for picture in pictures
    )


def _covers(rect: Rect, page: Rect) -> bool:
    """Tells whether a rectangle takes most of a page."""
    width, height = min(rect[2], page[2]) - max(rect[0], page[0]), min(rect[3], page[3]) - max(rect[1], page[1])
    return min(width, height) > 0 and width * height > _MOST_OF_PAGE * (page[2] - page[0]) * (page[3] - page[1])


def _seen_line(run: Letters, legible: bytes, painted: bytes, turn: int) -> TextLine | None:
    """Returns what can be read of a line, and all that is visible, as that may be a contradicting number."""
    line = _line(run.chosen(legible), turn)
    if line is None and any(painted):
        line = _line(run.chosen(painted), turn)
        return line if line is not None and "pith" in line.text.replace(" ", "") else None
    return line


def _covered(runs: Sequence[Letters], painted: Sequence[bytes], turn: int) -> Iterator[TextLine]:
    """Lines with a short form in dark type that cannot be seen: something else is shown in their place."""
    for run, flags in zip(runs, painted, strict=True):
        if not all(flags):
            gone = run.chosen([style.dark and not flag for style, flag in zip(run.styles, flags, strict=True)])
            line = _line(gone, turn) if len(gone) >= _SHORT_FORM else None
            if line is not None and "pith:" in line.text:
                yield line


def _runs(letters: Letters) -> list[Letters]:
    """Cuts the characters, in the order of the content stream, into lines."""
    spaced = letters.spaced
    starts: list[int] = [0] if len(letters) else []
    last: Style | None = None
    start = base = end = angle = near = far = 0.0
    for place, (x, y, following, style) in enumerate(
        zip(letters.x, letters.y, letters.end, letters.styles, strict=True)
    ):
        if style is not last:
            last, angle, size = style, style.angle, style.size
            near, far = _SPACE_GAP * size, _NEW_LINE_GAP * size
        elif y == base and not angle and start <= x and x - end <= far:  # nearly always
            if x - end > near:
                spaced[place] = GUESSED
            start, end = x, following
            continue
        if place and _breaks(letters, place):
            starts.append(place)
        elif place:
            _set_space(letters, place)
        start, base, end = x, y, following
    for place in starts:
        spaced[place] = 0
    return [letters.part(*edges) for edges in pairwise((*starts, len(letters)))]


def _set_space(letters: Letters, place: int) -> None:
    """Tells whether white space stands between a character and the one before it, which is set otherwise."""
    style = letters.styles[place]
    u, v = along(letters.x[place], letters.y[place], style.angle)
    base = along(letters.x[place - 1], letters.y[place - 1], style.angle)[1]
    if u - letters.end[place - 1] > _SPACE_GAP * style.size:
        letters.spaced[place] = GUESSED
    elif letters.spaced[place] == GUESSED and abs(v - base) > _SHIFTED * style.size:
        letters.spaced[place] = 0


def _breaks(letters: Letters, place: int) -> bool:
    """Tells whether a line ends before a character."""
    style, other = letters.styles[place], letters.styles[place - 1]
    if style.angle != other.angle:
        return True
    size = max(other.size, style.size)
    u, v = along(letters.x[place], letters.y[place], style.angle)
    start, base = along(letters.x[place - 1], letters.y[place - 1], style.angle)
    gap = u - letters.end[place - 1]
    if gap > _SMALL_DIGIT_GAP * size and _numbers_a_line(letters, place):
        return True
    if abs(v - base) > _NEW_LINE_SHIFT * size or gap > _NEW_LINE_GAP * size:
        return True
    back = start - u
    return back > _NEW_LINE_BACK * size and not (is_leftward(letters.text[place]) and back <= _WORD_BACK * size)


def _numbers_a_line(letters: Letters, place: int) -> bool:
    """Tells whether a character or the one before it is a digit much smaller than the other."""
    pair = ((letters.styles[at].size, letters.text[at]) for at in (place - 1, place))
    (small, char), (large, _) = sorted(pair, key=operator.itemgetter(0))
    return small < _SMALL_DIGIT * large and char.isdigit()


def _line(run: Letters, turn: int) -> TextLine | None:
    """Makes a line of its visible characters; None if there are none."""
    if not len(run):
        return None
    text = "".join([f" {char}" if space else char for char, space in zip(run.text, run.spaced, strict=True)])
    if not text.isascii():  # where a character was given in two halves (UTF-16), it is put together
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    counts: dict[tuple[float, str], int] = {}
    mains: dict[tuple[float, str], int] = {}
    place = 0
    for style, group in groupby(run.styles):
        count = sum(1 for _ in group)
        counts[style.size, style.font] = counts.get((style.size, style.font), 0) + count
        mains.setdefault((style.size, style.font), place)
        place += count
    size, font = most = max(counts, key=counts.__getitem__)
    main = mains[most]
    shown = (run.styles[0].angle - turn) % 360
    square = round(shown / 90) * 90
    return TextLine(
        text=text.lstrip(),
        rect=run.rect(),
        size=round(size, 2),
        font=font,
        angle=round(square if abs(shown - square) <= _UPRIGHT else shown) % 360,
        levels=_levels(run, main),
        dark=run.styles[main].dark,
    )


def _levels(run: Letters, main: int) -> str:
    """See `TextLine.levels`. Only horizontal lines are titles."""
    style, base = run.styles[main], run.y[main]
    size = style.size
    small, up, down, wide = _SMALL * size, base + _SHIFTED * size, base - _SHIFTED * size, _WIDE_GAP * size
    if style.angle:
        return ""
    spaces = compress(range(len(run)), run.spaced)
    gaps = {place for place in spaces if place and run.x[place] - run.end[place - 1] > wide}
    if (
        not gaps
        and down <= min(run.y)
        and max(run.y) <= up
        and all(each.size >= small for each, _ in groupby(run.styles))
    ):
        return ""
    levels: list[str] = []
    for place, (char, y, each) in enumerate(zip(run.text, run.y, run.styles, strict=True)):
        if run.spaced[place] and levels:
            levels.append("=" if place in gaps else " ")
        if not "\udc00" <= char < "\ue000":  # the second half of a character (UTF-16)
            levels.append("_" if y < down else "^" if each.size < small or y > up else " ")
    even = "".join(levels)
    return even if even.strip() else ""
