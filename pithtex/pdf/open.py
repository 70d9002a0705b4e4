"""Opens a PDF, and finds its pages, with qpdf."""

from __future__ import annotations

import functools
import io

import pikepdf

from pithtex.catalogue import finding
from pithtex.errors import UnreadablePdfError
from pithtex.findings import Finding
from pithtex.limits import MAX_PAGES, MAX_STREAM_BYTES
from pithtex.pdf.part import open_stream
from pithtex.pdf.untrusted import READ_ERRORS, entry

_MAX_NODES = 10 * MAX_PAGES
"""Nodes of a page tree that are looked at; a tree has at most as many inner nodes as pages, unless it is a maze."""


@functools.cache
def _limit_qpdf() -> None:
    """Bounds what qpdf decodes, once for the process (pikepdf 10.14 and later): its own default is no bound.

    A file of 2 KB took 2 GiB without. The warnings are not bounded: some files that can be read have many.
    """
    memory = 4 * MAX_STREAM_BYTES
    set_limits = getattr(pikepdf.settings, "set_qpdf_limits", None)
    if set_limits is not None:
        set_limits(
            flate_max_memory=memory,
            run_length_max_memory=memory,
            png_max_memory=memory,
            tiff_max_memory=memory,
            dct_max_memory=memory,
            parser_max_container_size=200_000,
        )


def open_pdf(data: bytes, password: str, *, repair: bool = True) -> tuple[pikepdf.Pdf, str]:
    """Opens the file, and says with which password: the one given, or none."""
    _limit_qpdf()
    try:
        # Inheriting the pages' attributes costs up to gigabytes, and is not needed here.
        pdf = open_stream(io.BytesIO(data), password=password, inherit_page_attributes=False, attempt_recovery=repair)
        if not isinstance(pdf.Root, pikepdf.Dictionary):
            raise TypeError("no catalog")
    except pikepdf.PasswordError as error:
        if password:
            return open_pdf(data, "", repair=repair)
        raise UnreadablePdfError(
            "the file is encrypted, and none of the passwords tried opens it",
            hint="give its password with --password-file",
        ) from error
    except READ_ERRORS as error:
        if b"%PDF-" not in data[:1024]:
            raise UnreadablePdfError("the file is not a PDF") from error
        raise UnreadablePdfError("the PDF is damaged beyond repair, or encrypted in an unknown way") from error
    return pdf, password


def walk_pages(pdf: pikepdf.Pdf, last: int | None = None) -> tuple[list[pikepdf.Object], list[Finding]]:
    """Lists the page dictionaries in order (ISO 32000-1, 7.7.3), without the repairs of `pdf.pages`.

    A node of the tree that is met twice is a loop or a maze, and is entered once. A page may stand twice. A leaf
    is what has no /Kids, as in PDFium, which reads the text and counts pages in its own way.

    Args:
        pdf: the open file.
        last: the last page that is wanted, 1-based, of a file that was walked before; all by default.
    """
    pages: list[pikepdf.Object] = []
    seen: set[tuple[int, int]] = set()
    stack: list[pikepdf.Object] = []
    damaged = False
    left = _MAX_NODES
    try:
        stack.append(pdf.Root["/Pages"])
    except READ_ERRORS:
        damaged = True
    while stack and left >= 0 and len(pages) != last:
        try:
            node = stack.pop()
            kids = _kids(node, seen)
            if kids is not None:
                # Bounded before it is gone through: one array may claim millions.
                count = min(len(kids), left)
                left -= len(kids)
                stack.extend(kids[index] for index in reversed(range(count)))
            elif len(pages) < MAX_PAGES:
                pages.append(node)
            else:
                left = -1
        except READ_ERRORS:
            damaged = True
    findings = []
    if left < 0:
        message = f"the file has more than {MAX_PAGES} pages; the rest was not read"
        findings.append(finding("channel-limit", message, where="pages"))
    if damaged:
        message = "the page tree is damaged: some pages may be missing or out of order"
        findings.append(finding("channel-damaged", message, where="pages"))
    return pages, findings


def _kids(node: pikepdf.Object, seen: set[tuple[int, int]]) -> pikepdf.Object | None:
    """Returns the children of a node of the page tree; None for a page.

    Raises:
        TypeError: it is neither.
        ValueError: it was seen before.
    """
    if not isinstance(node, pikepdf.Dictionary):
        raise TypeError("not a dictionary")
    kids = entry(node, "/Kids")
    if kids is not None and node.objgen != (0, 0):
        if node.objgen in seen:
            raise ValueError("met before")
        seen.add(node.objgen)
    return kids
