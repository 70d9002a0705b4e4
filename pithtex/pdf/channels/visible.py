"""The text channel: what the pages show, read with PDFium."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pithtex.pdf.appearance.annotations import Cover
from pithtex.pdf.evidence import PagesRead, Wanted
from pithtex.pdf.untrusted import READ_ERRORS, damaged


def read_visible(
    data: bytes,
    numbers: Sequence[int],
    *,
    over: Callable[[], Mapping[int, Cover]] | None = None,
    password: str = "",
    wanted: Wanted | None = None,
) -> PagesRead:
    """Reads the visible text of pages, under a guard as every channel.

    Args:
        data: the file.
        numbers: the pages, 1-based.
        over: returns of each page what lies over it; asked for pages that are drawn. Nothing by default.
        password: for an encrypted file.
        wanted: which of these pages are wanted; all by default.
    """
    from pithtex.pdf.text.lines import read_texts  # it loads PDFium, which not every caller needs

    try:
        return read_texts(data, numbers, password=password, over=over, wanted=wanted)
    except READ_ERRORS as error:
        return PagesRead((), [damaged("text", error)])
