"""The lines of an audit: one verdict each, in JSON, and the same bytes whenever the same file is judged the same way.

    {"key":"<32 hex digits>","verdict":"valid","file":"...", ...}

The key and the word stand first, so that a million lines are counted without parsing one. The rest is in
docs/reference/audit.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pithtex.audit.unit import Unit, key_text
from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.text import shortened

_KEY: Final = slice(8, 40)
_WORD: Final = len('{"key":"') + 32 + len('","verdict":"')
_FIELDS: Final = ("code", "name", "severity", "message", "where")
_MAX_FINDINGS: Final = 20
_MAX_CHARS: Final = 300
"""Of a message, a place or a hint."""
MAX_LINE: Final = 4 * 1024 * 1024
"""Bytes; ordinary ones have some hundred."""


def line(unit: Unit, fingerprint: bytes, word: str, body: Mapping[str, Any], *, member: str | None = None) -> bytes:
    """One verdict, without the line's end.

    Args:
        unit: what was judged, or holds what was.
        fingerprint: of the setup.
        word: the verdict's.
        body: the rest.
        member: the PDF's name in an archive.
    """
    name = unit.name if member is None else f"{unit.name}!{member}"
    key = key_text(unit.name_key, unit.state_key(fingerprint))
    document = {"key": key, "verdict": word, "file": name, **body}
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def unread(unit: Unit, fingerprint: bytes, item: Finding, *, member: str | None = None) -> bytes:
    """The line of what could not be judged."""
    return line(unit, fingerprint, "unreadable", {"findings": told([item])}, member=member)


def problem(unit: Unit, fingerprint: bytes, reason: str, *, member: str | None = None) -> bytes:
    """The line of an input that is not there or cannot be read."""
    return unread(unit, fingerprint, finding("no-input", reason), member=member)


def told(items: Sequence[Finding]) -> list[dict[str, str | None]]:
    """Findings as they stand in a line: bounded in number and length, without what follows from the code."""
    shown = [_brief(item) for item in items[:_MAX_FINDINGS]]
    if len(items) > _MAX_FINDINGS:
        message = f"{len(items) - _MAX_FINDINGS} more findings: pithtex check shows them"
        shown.append(_brief(finding("channel-limit", message)))
    return shown


def _brief(item: Finding) -> dict[str, str | None]:
    document = item.to_dict()
    return {name: shortened(document[name] or "", _MAX_CHARS) for name in _FIELDS}


def key_of(text: bytes) -> tuple[int, int] | None:
    """Name and state of a line; None where it is not one of ours, or was cut short."""
    if not text.startswith(b'{"key":"') or not text.rstrip(b"\n").endswith(b"}"):
        return None
    try:
        return int(text[_KEY][:16], 16), int(text[_KEY][16:], 16)
    except ValueError:
        return None


def word_of(text: bytes) -> str:
    """The verdict of a line."""
    return text[_WORD : text.index(b'"', _WORD)].decode("ascii")
