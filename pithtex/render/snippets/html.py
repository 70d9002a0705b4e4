"""The formats that are HTML."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment

from pithtex.render.statement import Statement
from pithtex.render.templating import markup_environment, template


@cache
def _environment() -> Environment:
    return markup_environment("pithtex.render")


def rendered(name: str, **values: object) -> bytes:
    """Returns a template of HTML or SVG: whatever it prints is escaped."""
    return template(_environment(), name).render(values).encode("utf-8")


def html(statement: Statement) -> bytes:
    """Returns a link, styled in its own attributes: it works in any page and loads nothing."""
    return rendered("badge.html.j2", badge=statement)


def html_verified(statement: Statement) -> bytes:
    """Returns an element with the receipt, for the reader's browser to verify (docs/reference/verified-badge.md).

    Without the script it is the link in it. The script's digest stands in a comment and not in the element: from the
    file system browsers refuse a script of which the digest is given.
    """
    return rendered("badge-verified.html.j2", badge=statement, integrity=badge_integrity())


@cache
def badge_integrity() -> str:
    """Returns the `integrity` of the element's minified script (W3C Subresource Integrity)."""
    data = resources.files("pithtex.browser").joinpath("badge", "pith-badge.min.js").read_bytes()
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode("ascii")
