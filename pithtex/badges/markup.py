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
