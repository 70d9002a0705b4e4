"""Reads the documents that commands take: records, bundles, integrity reports. A file of another kind is named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pithtex.errors import MalformedError, UsageError
from pithtex.limits import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_BYTES_VARIABLE
from pithtex.system.files import open_input, read_bounded
from pithtex.system.kinds import DOCUMENTS, Kind, kind_by_beginning, kind_of, wrong_kind

if TYPE_CHECKING:
    from pithtex.verification.document import Document


_AGAIN: Final = "get the document again: pithtex resolve ID -o FILE"


def read_document(path: str, *, reports: bool = True) -> Document:
    """Returns the record, bundle or integrity report in a file; `-` is standard input.

    Args:
        path: of the file.
        reports: whether an integrity report is wanted too.

    Raises:
        MalformedError: JSON that is not one of these, or larger than documents may be.
        UsageError: a file of another kind, as a web page or a PDF; or the environment variable for that size holds no
            number.
        OSError: the file cannot be read.
    """
    most = _max_document_bytes()
    hint = f"if you trust the file, set {MAX_DOCUMENT_BYTES_VARIABLE} to its size in bytes"
    return document_of(read_bounded(path, most, hint), path, reports=reports, max_bytes=most)


def document_of(data: bytes, path: str, *, reports: bool = True, max_bytes: int = MAX_DOCUMENT_BYTES) -> Document:
    """Returns the same, of a file's content; `path` is how messages name it.

    Raises:
        MalformedError: as `read_document`.
        UsageError: a file of another kind.
    """
    from pithtex.verification.document import load_document

    wanted = "a record, a bundle or an integrity report" if reports else "a record or a bundle"
    if kind_by_beginning(data) is not Kind.JSON:
        raise wrong_kind(kind_of(data), path, wanted, _AGAIN)
    try:
        document = load_document(data, max_bytes=max_bytes)
    except MalformedError:
        kind = kind_of(data)
        if kind in DOCUMENTS or kind is Kind.JSON:
            raise
        raise wrong_kind(kind, path, wanted) from None
    if not reports and document.kind == "integrity report":
        raise wrong_kind(Kind.REPORT, path, wanted)
    return document


def documents_in(path: str) -> Iterator[tuple[str, bytes]]:
    """Yields the documents of a file with their places: one, or one a line, as an export of a store has them.

    Each is read up to one byte beyond the limit for documents. `-` is standard input.

    Raises:
        OSError: the file cannot be read.
    """
    with open_input(path) as stream:
        first = stream.readline(MAX_DOCUMENT_BYTES + 1)
        if not (first.startswith(b"{") and first.rstrip().endswith(b"}")):
            yield path, first + stream.read(MAX_DOCUMENT_BYTES + 1 - len(first))
            return
        number = 1
        line = first
        while line:
            if line.strip():
                yield f"{path}:{number}", line
            line = stream.readline(MAX_DOCUMENT_BYTES + 1)
            number += 1


def _max_document_bytes() -> int:
    stated = os.environ.get(MAX_DOCUMENT_BYTES_VARIABLE)
    if not stated:
        return MAX_DOCUMENT_BYTES
    if not re.fullmatch("[1-9][0-9]{0,14}", stated):
        raise UsageError(f"{MAX_DOCUMENT_BYTES_VARIABLE} is {stated!r}, but it must be a number of bytes")
    return int(stated)
