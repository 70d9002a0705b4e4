"""What kind of file this is: a file given to the wrong command is named, with the command that takes it.

The first bytes decide, and for JSON what it states of itself. A kind says nothing of whether the content is genuine.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from enum import Enum
from typing import Final

from pithtex.errors import MalformedError, UsageError

_SPACE: Final = b" \t\r\n\f"
_HEAD: Final = 64 * 1024
"""Bytes that are looked at, of all but JSON."""
_PDF_BYTES: Final = 1024
"""Where a PDF has its first line (ISO 32000-2, Annex I, note on 7.5.2)."""
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Kind(Enum):
    """Each kind: what it is called, and what to do with such a file, `{file}` its name; empty if nothing is."""

    PDF = "a PDF", "to check it: pithtex check {file}"
    RECORD = "a record", "to verify it: pithtex verify {file}"
    BUNDLE = "a bundle", "to verify it: pithtex verify {file}"
    REPORT = "an integrity report", "to verify it: pithtex verify {file}"
    KEYS = "a file of keys", "to trust its keys, give it as --key {file}"
    EXPORT = "a list of records, one a line", "to keep them for offline use: pithtex store import {file}"
    OUTPUT = "the JSON output of a pithtex command", "give the file that the command read, not what it printed"
    LINK = "a badge's link or receipt", "to read it: pithtex decode {file}"
    PICTURE = "a picture", "to read the codes in it: pithtex decode {file}"
    SVG = "an SVG picture", "to read the link in it: pithtex decode {file}"
    PROOF = "an OpenTimestamps proof", "to check it with its record: pithtex verify RECORD --ots {file}"
    PACKAGE = "the LaTeX package pith.sty", "to check the paper that uses it: pithtex presubmit FOLDER"
    TEX = "TeX source", "to check the paper: pithtex presubmit {file}"
    WEB_PAGE = "a web page", "download the file itself; to read badges on the page: pithtex decode {file}"
    XML = "XML or HTML", ""
    UTF16 = (
        "text in UTF-16 or UTF-32",
        "save it as UTF-8: in PowerShell with curl.exe -o FILE or Out-File -Encoding utf8NoBOM, not with >",
    )
    MARKED = "JSON after a byte-order mark, which JSON must not have", "save it as UTF-8 without a byte-order mark"
    ARCHIVE = "an archive (zip, tar or 7z)", "unpack it first"
    COMPRESSED = "a compressed file", "unpack it first"
    POSTSCRIPT = "PostScript", "make a PDF of it first"
    DVI = "a DVI file", "make a PDF of it first"
    EMPTY = "an empty file", "download or export it again: whatever was to write it wrote nothing"
    JSON = "JSON of another kind", ""
    TEXT = "plain text", ""
    BINARY = "a file of an unknown format", ""

    @property
    def noun(self) -> str:
        """Returns what a file of the kind is called, with its article."""
        return self.value[0]

    def advice(self, path: str) -> str:
        """Returns what to do with the file of that name."""
        return self.value[1].format(file=shlex.quote(path))


DOCUMENTS: Final = frozenset({Kind.RECORD, Kind.BUNDLE, Kind.REPORT})
UNKNOWN: Final = frozenset({Kind.JSON, Kind.TEXT, Kind.BINARY})
"""Kinds that no command is made for. A damaged file can look like them."""

_BEGINNINGS: Final = (
    ((b"%PDF-",), Kind.PDF),
    ((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"{\x00", b"\x00{", b"\x00\x00\x00{"), Kind.UTF16),
    ((b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"), Kind.ARCHIVE),
    ((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"), Kind.COMPRESSED),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"), Kind.PICTURE),
    ((b"\x00OpenTimestamps\x00\x00Proof\x00",), Kind.PROOF),
    ((b"%!PS",), Kind.POSTSCRIPT),
    ((b"\xf7\x02\x01\x83\x92\xc0",), Kind.DVI),
)
_PAGE: Final = re.compile(rb"<!doctype html|<(?:html|head|body)\b", re.IGNORECASE)
_JSON: Final = re.compile(rb'[{\["]|-?[0-9][0-9.eE+-]*\s*\Z|(?:true|false|null)\s*\Z')
_LINK: Final = re.compile(rb"\S{0,300}#r=p1\.|p1\.[A-Za-z0-9-]{1,40}\.|(?:https?://)?pith\.science/pith/\S+\s*\Z")
_PACKAGE: Final = re.compile(rb"^[ \t]*\\Provides(?:Expl)?Package\s*\{pith\}", re.MULTILINE)
_TEX: Final = re.compile(rb"(?:[ \t]*(?:%[^\r\n]*)?(?:\r\n?|\n))*[ \t]*\\[A-Za-z@]{2}")
"""The first line that is not a comment begins with a command; Markdown about TeX does not."""


def kind_of(data: bytes) -> Kind:
    """Returns the kind of a file, by its content.

    Args:
        data: all of the file where it may be JSON; else its beginning is enough.
    """
    kind = kind_by_beginning(data)
    return _json_kind(data) if kind is Kind.JSON else _text_kind(data) if kind is Kind.TEXT else kind


def kind_by_beginning(data: bytes) -> Kind:
    """As `kind_of`, but no JSON is parsed: all of it is `JSON`, and files of keys as lines are `TEXT`."""
    head = data[:_HEAD].lstrip(_SPACE)
    known = _known_beginning(head) if head else Kind.EMPTY
    if known is not None:
        return known
    if data[257:262] == b"ustar":
        return Kind.ARCHIVE
    plain = head.removeprefix(_BYTE_ORDER_MARK).lstrip(_SPACE)
    if plain.startswith(b"<"):
        return _markup_kind(plain)
    if _JSON.match(plain):
        return Kind.JSON if len(plain) == len(head) else Kind.MARKED
    if _PACKAGE.search(plain):
        return Kind.PACKAGE
    if _TEX.match(plain):
        return Kind.TEX
    if b"%PDF-" in data[:_PDF_BYTES]:
        return Kind.PDF
    if _LINK.match(plain):
        return Kind.LINK
    return Kind.BINARY if _is_binary(plain) else Kind.TEXT


def _known_beginning(head: bytes) -> Kind | None:
    if (head.startswith(b"RIFF") and head[8:12] == b"WEBP") or (head.startswith(b"BM") and b"\x00" in head[:14]):
        return Kind.PICTURE
    return next((kind for beginnings, kind in _BEGINNINGS if head.startswith(beginnings)), None)


def _markup_kind(head: bytes) -> Kind:
    if _PAGE.search(head[:_PDF_BYTES]):
        return Kind.WEB_PAGE
    return Kind.SVG if b"<svg" in head[:_PDF_BYTES] else Kind.XML


def _is_binary(head: bytes) -> bool:
    return b"\x00" in head or sum(byte < 9 or 13 < byte < 32 for byte in head[:_PDF_BYTES]) > 4


def _json_kind(data: bytes) -> Kind:
    from pithtex.format.bundle import BUNDLE_TYPE
    from pithtex.format.integrity_report import is_integrity_report
    from pithtex.format.record import RECORD_TYPE, load_object

    try:
        document = load_object(data)
    except MalformedError:
        first, _, rest = data.lstrip(_SPACE).partition(b"\n")
        is_list = first.rstrip().endswith(b"}") and rest.lstrip(_SPACE).startswith(b"{")
        return Kind.EXPORT if is_list and b"pith" in first else _text_kind(data, Kind.JSON)
    if document.get("record_type") == RECORD_TYPE:
        return Kind.RECORD
    if document.get("bundle_type") == BUNDLE_TYPE:
        return Kind.BUNDLE
    if is_integrity_report(document):
        return Kind.REPORT
    if "key_id" in document and any(name.startswith("public_key") for name in document):
        return Kind.KEYS
    kind = _text_kind(data, Kind.JSON)
    is_output = kind is Kind.JSON and str(document.get("schema")).startswith("pithtex/")
    return Kind.OUTPUT if is_output else kind


def _text_kind(data: bytes, other: Kind = Kind.TEXT) -> Kind:
    """`KEYS` where it can be read as such, in whatever form."""
    from pithtex.format.key_files import parse_keys

    try:
        parse_keys(data, "")
    except MalformedError:
        return other
    return Kind.KEYS


def refuse_other_kinds(data: bytes, path: str, wanted: str, among: Iterable[Kind] = ()) -> None:
    """Refuses a file that certainly is not what is wanted, by its content.

    Args:
        data: of the file, as of `kind_of`.
        path: as the user gave it.
        wanted: what the command takes, as `a record or a bundle`.
        among: the kinds that it takes; what is of no known format may be damaged, and is taken too.

    Raises:
        UsageError: it is of another kind; the hint names the command that takes it.
    """
    kind = kind_of(data)
    if kind is not Kind.BINARY and kind not in set(among):
        raise wrong_kind(kind, path, wanted)


def wrong_kind(kind: Kind, path: str, wanted: str, hint: str | None = None) -> UsageError:
    """Returns the error that says what a file is, what is wanted, and what to do; `hint` if no command takes it."""
    hint = kind.advice(path) or hint or f"give {wanted}"
    return UsageError(f"this is {kind.noun}, not {wanted}", where=path, hint=hint, rule="wrong-kind")
