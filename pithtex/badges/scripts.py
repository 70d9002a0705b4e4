"""The scripts that check records in a browser, joined from their parts (docs/verify-page.md).

The parts stand in the folder `web`. What they share with Python, the dictionary, the keys and the addresses, is written
before them from Python's own constants. `python -m pithtex.badges.scripts` prints the badge's script, readable; `make web`
minifies it into `static/pith-badge.min.js`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Final

from pithtex.keys import PINNED_KEY, Key
from pithtex.profile import BADGE_NAME as BADGE_ANNOTATION
from pithtex.profile import INFO_NUMBER, INFO_RECEIPT, LINK_PREFIX, XMP_NAMESPACE
from pithtex.receipt import DICTIONARY

BADGE_PARTS: Final = ("receipt.js", "element.js")
"""The parts of the component."""

PAGE_PARTS: Final = ("receipt.js", "json.js", "record.js", "package.js", "pdf.js", "page.js")
"""The parts of the page."""

_NOTICE: Final = "/* <pith-badge> of pithtex, Apache-2.0: docs/verify-page.md */\n"


def part(name: str) -> str:
    """One file of the folder `web`."""
    return resources.files("pithtex.badges").joinpath("web", name).read_text("utf-8")


def body(parts: Iterable[str], *, keys: Iterable[Key] = (PINNED_KEY,), more: Mapping[str, str] | None = None) -> str:
    """Parts after the constants that they need, without the function around them.

    Args:
        parts: names of files.
        keys: the keys that are trusted; none ever comes from what is checked.
        more: further constants, by name.
    """
    constants: dict[str, object] = {
        "DICTIONARY": DICTIONARY.decode("ascii"),
        "KEYS": {key.key_id: key.hex for key in keys},
        "LINK_PREFIX": LINK_PREFIX,
        "XMP_NAMESPACE": XMP_NAMESPACE,
        "INFO_NUMBER": INFO_NUMBER[1:],
        "INFO_RECEIPT": INFO_RECEIPT[1:],
        "BADGE_ANNOTATION": BADGE_ANNOTATION,
        **(more or {}),
    }
    text = "\n".join(part(name) for name in parts)
    # "<" ends no script element, and the two line separators end no string in older engines.
    lines = [
        f"const {name} = {json.dumps(value, ensure_ascii=True).replace('<', chr(92) + 'u003c')};"
        for name, value in constants.items()
        if name in text
    ]
    return "\n".join([*lines, "", text])


def script(parts: Iterable[str], *, keys: Iterable[Key] = (PINNED_KEY,), more: Mapping[str, str] | None = None) -> str:
    """Parts as one classic script, since modules do not load from the file system."""
    return f'(() => {{\n"use strict";\n{body(parts, keys=keys, more=more)}}})();\n'


def badge_script() -> str:
    """The component's script, readable."""
    return _NOTICE + script(BADGE_PARTS)


def badge_integrity() -> str:
    """The `integrity` of the minified script (W3C Subresource Integrity)."""
    data = resources.files("pithtex.badges").joinpath("static", "pith-badge.min.js").read_bytes()
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode("ascii")


if __name__ == "__main__":
    sys.stdout.write(badge_script())
