"""The lines of an audit: one verdict each, in JSON, and the same bytes whenever the same file is judged the same way.

    {"key":"<32 hex digits>","verdict":"valid","file":"...", ...}

A colon and the numbers of its members follow the digits of an archive's piece. The key and the word stand first, so
that a million lines are counted without parsing one. The rest is in docs/reference/audit.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pithtex.audit.unit import Key, Unit
from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.text import shortened

_HEAD: Final = re.compile(
    rb'\{"key":"([0-9a-f]{16})([0-9a-f]{16})(?::([0-9]{1,12}-[0-9]{0,12}))?","verdict":"([a-z]+)"'
)
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
    key = Key(unit.name_key, unit.state_key(fingerprint))
    document = {"key": str(key), "verdict": word, "file": name, **body}
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


def key_of(text: bytes) -> Key | None:
    """The key of a line; None where it is not one of ours, or was cut short."""
    match = _HEAD.match(text)
    if match is None or not text.rstrip(b"\n").endswith(b"}"):
        return None
    return Key(int(match[1], 16), int(match[2], 16), (match[3] or b"").decode("ascii"))


def with_key(text: bytes, key: Key) -> bytes:
    """The line under another key.

    Args:
        text: a line that `key_of` knows.
        key: the new one.
    """
    end = text.index(b'"', len(b'{"key":"'))
    return b'{"key":"%s%s' % (str(key).encode("ascii"), text[end:])


def word_of(text: bytes) -> str:
    """The verdict of a line that `key_of` knows."""
    match = _HEAD.match(text)
    return "" if match is None else match[4].decode("ascii")
