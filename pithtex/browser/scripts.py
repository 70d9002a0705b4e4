"""The scripts that check records in a browser, joined from their parts (docs/verify-page.md).

The parts stand beside this module, in `verify`, `pdf`, `page` and `badge`. What they share with Python, the
dictionary, the keys and the addresses, is written before them from Python's own constants. `python -m
pithtex.browser.scripts` prints the badge's script, readable; `make web` minifies it into `badge/pith-badge.min.js`.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Final

import pithtex
from pithtex.format.compact_receipt import DICTIONARY
from pithtex.format.keys import PINNED_KEY, Key
from pithtex.format.profile import BADGE_NAME as BADGE_ANNOTATION
from pithtex.format.profile import INFO_NUMBER, INFO_RECEIPT, LINK_PREFIX, XMP_NAMESPACE
from pithtex.render.package.pith_sty import package_source

BADGE_PARTS: Final = ("verify/receipt.js", "badge/element.js")
"""The parts of the component."""

PAGE_PARTS: Final = (
    "verify/receipt.js",
    "verify/json.js",
    "verify/record.js",
    "verify/state.js",
    "page/qr.js",
    "page/package.js",
    "pdf/objects.js",
    "pdf/file.js",
    "pdf/xmp.js",
    "pdf/judge.js",
    "page/page.js",
)
"""The parts of the page."""

_NOTICE: Final = "/* <pith-badge> of pithtex, Apache-2.0: docs/verify-page.md */\n"


def part(name: str) -> str:
    """One file below this folder."""
    return resources.files("pithtex.browser").joinpath(name).read_text("utf-8")


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


@cache
def badge_integrity() -> str:
    """The `integrity` of the minified script (W3C Subresource Integrity)."""
    data = resources.files("pithtex.browser").joinpath("badge", "pith-badge.min.js").read_bytes()
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode("ascii")


def verify_page(*, keys: Iterable[Key] = (PINNED_KEY,)) -> bytes:
    """The page that checks PDFs, links, receipts and records, in one file that loads and sends nothing.

    Its script is the readable one: who runs it can read it. The policy in it lets this script and this style through
    by their digests (W3C CSP 3, 2.3.1), and nothing else.
    """
    trusted = tuple(keys)
    more = {"PITH_STY": package_source(), "VERSION": pithtex.__version__}
    code, style = "\n" + script(PAGE_PARTS, keys=trusted, more=more), part("page/page.css")
    values = {
        "POLICY": f"default-src 'none'; script-src {_source(code)}; style-src {_source(style)}; connect-src 'none'; "
        "base-uri 'none'; form-action 'none'",
        "STYLE": style,
        "SCRIPT": code,
        "VERSION": html.escape(pithtex.__version__),
        "KEYS": ", ".join(f"{html.escape(key.key_id)} <code>{key.hex}</code>" for key in trusted),
    }
    return re.sub("@@([A-Z]+)@@", lambda found: values[found[1]], part("page/page.html")).encode("utf-8")


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


if __name__ == "__main__":
    sys.stdout.write(badge_script())
