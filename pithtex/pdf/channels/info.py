"""The Info dictionary of a PDF (ISO 32000-1, 14.3.3).

Reading is by key, never by iterating: a hostile dictionary may hold a million of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import pikepdf

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.format.profile import INFO_NUMBER, INFO_RECEIPT
from pithtex.pdf.evidence import InfoEvidence
from pithtex.pdf.untrusted import READ_ERRORS, TWICE, cut, entry, text_value

_INFO_TITLE: Final = "/Title"
_KEYS: Final = (INFO_NUMBER, INFO_RECEIPT, _INFO_TITLE)
_STRING: Final = rb"\s*(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>)"


def read_info(
    pdf: pikepdf.Pdf, data: bytes | None = None, warnings: Iterable[str] = ()
) -> tuple[InfoEvidence, list[Finding]]:
    """Reads the number, the receipt and the title of the Info dictionary.

    A value that is blank claims nothing and is given as None.

    Args:
        pdf: the open file.
        data: its bytes, with which a key that is harmlessly given twice (same value) is told from one that is not.
        warnings: what qpdf has said of the file so far.
    """
    findings: list[Finding] = []
    values: dict[str, str | None] = dict.fromkeys(_KEYS)
    try:
        info = entry(pdf.trailer, "/Info")
        if info is not None and not isinstance(info, pikepdf.Dictionary):
            raise TypeError("not a dictionary")
    except READ_ERRORS as error:
        findings.append(_damaged("the Info dictionary", error))
        info = None
    if info is None:
        return InfoEvidence(), findings
    for key in _KEYS:
        try:
            value = entry(info, key)
            if value is not None:
                values[key] = cut(text_value(value), "info", key, findings) or None
        except READ_ERRORS as error:
            findings.append(_damaged(key, error))
    findings += _duplicates(pdf, [*warnings, *map(str, pdf.get_warnings())], info.objgen, data)
    return (
        InfoEvidence(
            number=_unless_blank(values[INFO_NUMBER]),
            receipt=_unless_blank(values[INFO_RECEIPT]),
            title=_unless_blank(values[_INFO_TITLE]),
        ),
        findings,
    )


def _unless_blank(text: str | None) -> str | None:
    return text if text and text.strip(" \t\r\n\0") else None


def _damaged(what: str, error: Exception) -> Finding:
    return finding("channel-damaged", f"{what} could not be read as text ({type(error).__name__})", where="info")


def _duplicates(
    pdf: pikepdf.Pdf, warnings: Iterable[str], objgen: tuple[int, int], data: bytes | None
) -> list[Finding]:
    """Reports our keys that stand twice in the dictionary.

    ISO 32000-1, 7.3.7 leaves open which counts, and readers differ: qpdf and poppler take the last, others the
    first. qpdf keeps one value, and warns when it parses the dictionary.
    """
    seen: dict[str, list[tuple[int, bool]]] = {}
    for warning in warnings:
        match = TWICE.search(warning)
        if match and match[4] in _KEYS[:2] and (int(match[1] or 0), int(match[2] or 0)) == objgen:
            seen.setdefault(match[4], []).append((int(match[3]), "object stream" in warning))
    found = []
    for key, places in seen.items():
        offset, packed = places[0]
        raw = None if packed or data is None or pdf.is_encrypted else data
        if raw is None or not _same_value(raw, offset, key, len(places) + 1):
            message = f"the Info dictionary has {key} {len(places) + 1} times, and readers disagree on which one counts"
            found.append(finding("channel-duplicate", message, where="info"))
    return found


def _same_value(data: bytes, offset: int, key: str, count: int) -> bool:
    """Tells whether the `count` values that the dictionary at `offset` gives for the key are plainly the same.

    Errs towards no: a comment, an escaped name, or the key inside another string all end in False.
    """
    body = data[offset : max(offset, data.find(b"endobj", offset))]
    name = key.encode("ascii")
    values = re.findall(re.escape(name) + _STRING, body, re.DOTALL)
    if b"#" in body or b"%" in body or body.count(name) != count:
        return False
    return len(values) == count and len(set(values)) == 1
