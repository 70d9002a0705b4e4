"""Files that are given for a document and are something else: each is named for what it is, and never called forged."""

from __future__ import annotations

from typing import Final

from pithtex.errors import UsageError

_SPACE: Final = b" \t\r\n"
_AGAIN: Final = "get the document again: pithtex resolve ID -o FILE"
_BEGINNINGS: Final = (
    (
        (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"{\x00", b"\x00{", b"\x00\x00\x00{"),
        "text in UTF-16 or UTF-32, and JSON is UTF-8 (RFC 8259, 8.1)",
        "PowerShell's > writes UTF-16: save it by curl.exe -o FILE, or by Out-File -Encoding utf8NoBOM",
    ),
    ((b"%PDF-",), "a PDF, and not a document of the registry", "pithtex check reads PDFs"),
    ((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ\x00"), "a compressed file", "unpack it first"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture", "pithtex decode reads codes in pictures"),
)
_JSON: Final = tuple(bytes([char]) for char in b'{["-0123456789tfn')
"""How a JSON text begins (RFC 8259, 2 and 3)."""
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_PAGE_BYTES: Final = 1024


def refuse_other_kinds(data: bytes, path: str) -> None:
    """Refuses what is certainly no JSON document, by how it begins.

    Args:
        data: of the file.
        path: as it is to be named.

    Raises:
        UsageError: it is empty, in UTF-16, behind a byte-order mark, a web page, a PDF, compressed, a picture, or
            begins as no JSON does.
    """
    found = _kind(data)
    if found is not None:
        kind, hint = found
        raise UsageError(f"this is {kind}", where=path, hint=hint, rule="not-a-document")


def _kind(data: bytes) -> tuple[str, str] | None:
    head = data[:_PAGE_BYTES].lstrip(_SPACE)
    for beginnings, kind, hint in _BEGINNINGS:
        if head.startswith(beginnings):
            return kind, hint
    marked = head.startswith(_BYTE_ORDER_MARK)
    head = head.removeprefix(_BYTE_ORDER_MARK).lstrip(_SPACE)
    if head.startswith(b"<"):
        return _page(head), _AGAIN
    if marked:
        return "text behind a byte-order mark, which JSON must not have (RFC 8259, 8.1)", "save it as UTF-8 without one"
    if head.startswith(_JSON):
        return None
    return ("no JSON, as records and bundles are" if data.strip(_SPACE) else "an empty file"), _AGAIN


def _page(head: bytes) -> str:
    is_page = any(sign in head.lower() for sign in (b"<!doctype html", b"<html", b"<head", b"<body"))
    return "a web page, and not the document that it shows" if is_page else "XML or HTML, and not JSON"
