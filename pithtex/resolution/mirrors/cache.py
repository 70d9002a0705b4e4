"""Caches documents that change, with the version that their mirror states, so that each is sent once."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pithtex.limits import MAX_BODY_BYTES
from pithtex.resolution.store.store import read_entry, write_file
from pithtex.structs import struct

_MAX_TAG: Final = 1024
"""Characters of an ETag or a date that is kept."""
_CONDITIONS: Final = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
"""What a reply says of its version, and how that is asked for again (RFC 9110, 13.1)."""


@struct
class Kept:
    """A document as it was last sent."""

    body: bytes
    headers: dict[str, str]
    """Of the reply, those that name its version."""

    def conditions(self) -> dict[str, str]:
        """Returns the headers that request the document only if it has changed."""
        return {_CONDITIONS[name]: value for name, value in self.headers.items()}


class Cache:
    """Files named after the address, each a line of JSON and the body. One of another form does not count.

    Args:
        folder: made with the first entry; one that cannot be written is not a cache.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, url: str) -> Kept | None:
        """Returns the document kept for that address."""
        try:
            head, _, body = read_entry(self._path(url), MAX_BODY_BYTES + 4 * _MAX_TAG).partition(b"\n")
            entry = json.loads(head)
            if entry["url"] != url or entry["sha256"] != hashlib.sha256(body).hexdigest():
                return None
            return Kept(body=body, headers={name: str(entry["headers"][name]) for name in entry["headers"]})
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def put(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Keeps a document if its mirror states a version."""
        stated = {name: headers[name] for name in _CONDITIONS if name in headers}
        if not stated or any(len(value) > _MAX_TAG or not value.isascii() for value in stated.values()):
            return
        head = {"url": url, "sha256": hashlib.sha256(body).hexdigest(), "headers": stated}
        with contextlib.suppress(OSError):
            write_file(self._path(url), json.dumps(head).encode() + b"\n" + body)

    def drop(self, url: str) -> None:
        """Forgets a document."""
        with contextlib.suppress(OSError):
            self._path(url).unlink()

    def _path(self, url: str) -> Path:
        name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / name[:2] / name
