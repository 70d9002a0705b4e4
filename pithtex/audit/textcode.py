"""The ISCC text code of a PDF (ISO 24138): texts that are nearly the same have codes that differ in few bits."""

from __future__ import annotations

import base64
from typing import Final

import iscc_lib

from pithtex.pdf.text.pdfium import open_document, open_page, open_text, page_count, words_of

_MAX_PAGES: Final = 30
"""Pages that are read: a paper's, and enough of a book's."""
_MIN_CHARS: Final = 1_000
"""Of a text: shorter ones are alike by chance."""
_HEADER_BYTES: Final = 2
"""Of a code: its kind, its version and its length (ISO 24138, 5.2)."""


def text_code(data: bytes) -> str | None:
    """The 64 bits of the code in hex; None of a file that has too little text, as a scan.

    Args:
        data: the PDF.
    """
    texts: list[str] = []
    with open_document(data, "") as document:
        for index in range(min(page_count(document), _MAX_PAGES) if document else 0):
            with open_page(document, index) as page, open_text(page) as text_page:
                if text_page:
                    texts.append(words_of(text_page))
    text = " ".join(" ".join(texts).split())
    if len(text) < _MIN_CHARS:
        return None
    code = iscc_lib.gen_text_code_v0(text)["iscc"].removeprefix("ISCC:")
    return base64.b32decode(code + "=" * (-len(code) % 8))[_HEADER_BYTES : _HEADER_BYTES + 8].hex()
