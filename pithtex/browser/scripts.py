"""The scripts that check records in a browser, joined from their modules (docs/reference/verify-page.md).

The modules stand beside this one, in `verify`, `pdf`, `page` and `badge`. What they share with Python, the dictionary,
the keys and the addresses, is written before them from Python's own constants (`constants`). `python -m
pithtex.browser.scripts` prints the badge's script, readable; `make web` minifies it into `badge/pith-badge.min.js`.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import sys
from collections.abc import Iterable
from importlib import resources
from typing import Final

import pithtex
from pithtex import palette
from pithtex.browser.constants import MODULE, constants, declared
from pithtex.browser.join import join
from pithtex.format.keys import PINNED_KEY, Key

BADGE: Final = "badge/element.js"
"""The module of the component."""

PAGE: Final = "page/main.js"
"""The module of the page."""

_NOTICE: Final = "/* <pith-badge> of pithtex, Apache-2.0: docs/reference/verified-badge.md */\n"


def part(name: str) -> str:
    """One file below this folder."""
    return resources.files("pithtex.browser").joinpath(name).read_text("utf-8")


def body(*modules: str, keys: Iterable[Key] = (PINNED_KEY,)) -> str:
    """Modules with all that they import, after the constants, without the function around them.

    Args:
        modules: names of files.
        keys: the keys that are trusted; none ever comes from what is checked.
    """
    joined = join(modules, part, given=MODULE)
    return f"{declared(constants(keys), joined.given)}\n{joined.code}"


def script(*modules: str, keys: Iterable[Key] = (PINNED_KEY,)) -> str:
    """Modules as one classic script, since modules do not load from the file system."""
    return f'(() => {{\n"use strict";\n{body(*modules, keys=keys)}}})();\n'


def badge_script() -> str:
    """The component's script, readable."""
    return _NOTICE + script(BADGE)


_TASKS: Final = {
    "verify": {
        "TITLE": "Verify a Pith Number",
        "ABOUT": "Checks PDFs, badge links and records of the Pith registry in your browser, offline.",
        "LEAD": "Got a PDF with a Pith badge? Drop it here, and see whether the record in it is genuine.",
        "LEGEND": "What do you want to check?",
        "BUTTON": "Check",
    },
    "make": {
        "TITLE": "Make pith.sty",
        "ABOUT": "Makes the file pith.sty for your LaTeX paper from its signed Pith record, in your browser.",
        "LEAD": "Drop the record of your paper here. You get one file, pith.sty, to put beside your paper, and the two "
        "lines for its preamble. That is all Overleaf and arXiv need.",
        "LEGEND": "The record of your paper",
        "BUTTON": "Make pith.sty",
    },
}
"""What a page is for: its words. One task a page, and the same scripts in both."""


def verify_page(*, keys: Iterable[Key] = (PINNED_KEY,)) -> bytes:
    """The page that checks PDFs, links, receipts and records, in one file that loads and sends nothing.

    Its script is the readable one: who runs it can read it. The policy in it lets this script and this style through
    by their digests (W3C CSP 3, 2.3.1), and nothing else.
    """
    return _page("verify", keys)


def make_page(*, keys: Iterable[Key] = (PINNED_KEY,)) -> bytes:
    """The page that makes pith.sty: the same, with what an author came for first, and a way to the paper's record."""
    return _page("make", keys)


def _page(task: str, keys: Iterable[Key]) -> bytes:
    trusted = tuple(keys)
    code, style = "\n" + script(PAGE, keys=trusted), palette.variables() + part("page/page.css")
    values = {
        **_TASKS[task],
        "FIND": part("page/find.html") if task == "make" else "",
        "TASK": task,
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
