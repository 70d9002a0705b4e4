"""The formats that are HTML."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from pithtex.badges.statement import Statement
from pithtex.templating import markup_environment


@cache
def environment() -> Environment:
    """The templates of HTML and SVG: whatever they print is escaped."""
    return markup_environment("pithtex.badges")


def html(statement: Statement) -> bytes:
    """A link, styled in its own attributes: it works in any page and loads nothing."""
    return environment().get_template("badge.html.j2").render(badge=statement).encode("utf-8")


def html_verified(statement: Statement) -> bytes:
    """An element that carries the receipt, for the reader's browser to verify (docs/verify-page.md).

    Without the script it is the link in it. The script's digest stands in a comment and not in the element: from the
    file system browsers refuse a script of which the digest is given.
    """
    from pithtex.badges.scripts import badge_integrity

    template = environment().get_template("badge-verified.html.j2")
    return template.render(badge=statement, integrity=badge_integrity()).encode("utf-8")
