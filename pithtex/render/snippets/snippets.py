"""The formats that are marked-up text: each template prints text that went through its own language's escaper alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from jinja2 import Environment

from pithtex.render import escape
from pithtex.render.statement import Statement
from pithtex.render.templating import template, typed_environment
from pithtex.render.tex import TexSafe, tex_comment, tex_text, tex_token, tex_utf8

_SORTED_BY: Final = 100
"""Characters of a title that an entry is sorted by."""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@cache
def _markdown() -> Environment:
    filters = {"text": escape.markdown_text, "token": escape.markdown_token}
    return typed_environment("pithtex.render", escape.MarkdownSafe, filters)


@cache
def _rst() -> Environment:
    return typed_environment("pithtex.render", escape.RstSafe, {"text": escape.rst_text, "token": escape.rst_token})


@cache
def _asciidoc() -> Environment:
    filters = {"text": escape.asciidoc_text, "token": escape.asciidoc_token}
    return typed_environment("pithtex.render", escape.AsciiDocSafe, filters)


@cache
def _org() -> Environment:
    return typed_environment("pithtex.render", escape.OrgSafe, {"text": escape.org_text, "token": escape.org_token})


@cache
def _typst() -> Environment:
    return typed_environment("pithtex.render", escape.TypstSafe, {"text": escape.typst_text})


@cache
def _yaml() -> Environment:
    return typed_environment("pithtex.render", escape.YamlSafe, {"text": escape.yaml_text})


@cache
def _tex() -> Environment:
    filters: dict[str, Callable[..., str]] = {
        "text": tex_text,
        "comment": tex_comment,
        "token": tex_token,
        "address": _tex_address,
        "names": partial(_names, text=tex_text),
        "names_utf8": partial(_names, text=tex_utf8),
        "field": partial(_field, text=tex_text),
        "field_utf8": partial(_field, text=tex_utf8),
        "text_utf8": tex_utf8,
        "sortable": _sortable,
    }
    return typed_environment("pithtex.render", TexSafe, filters)


def markdown(statement: Statement) -> bytes:
    """Returns the picture as a link, for a README or an issue; works in a table too."""
    return _rendered(_markdown(), "badge.md.j2", statement)


def rst(statement: Statement) -> bytes:
    """Returns the picture as a link, for docutils and Sphinx."""
    return _rendered(_rst(), "badge.rst.j2", statement)


def asciidoc(statement: Statement) -> bytes:
    """Returns the picture as a link, for Asciidoctor."""
    return _rendered(_asciidoc(), "badge.adoc.j2", statement)


def org(statement: Statement) -> bytes:
    """Returns the picture as a link and the title in fixed width, where Org reads no markup."""
    return _rendered(_org(), "badge.org.j2", statement)


def typst(statement: Statement) -> bytes:
    """Returns a box with the number as a link, and the title beside it."""
    return _rendered(_typst(), "badge.typ.j2", statement)


def latex(statement: Statement) -> bytes:
    """Returns a framed number as a link, for an article that cites the paper; hyperref makes the link."""
    return tex_fragment("article.tex.j2", statement)


def beamer(statement: Statement) -> bytes:
    """Returns a block with number, title and source, for a frame of beamer."""
    return tex_fragment("beamer.tex.j2", statement)


def citation_cff(statement: Statement) -> bytes:
    """Lines for a CITATION.cff (Citation File Format 1.2.0)."""
    return _rendered(_yaml(), "citation.cff.j2", statement)


def bibtex(statement: Statement) -> bytes:
    """Returns a BibTeX entry of the paper, in ASCII, sorted by its title where it has no author."""
    month = TexSafe(_MONTHS[int(statement.date[5:7]) - 1])
    return tex_fragment("bibtex.bib.j2", statement, month=month)


def biblatex(statement: Statement) -> bytes:
    """Returns a biblatex entry of the paper in UTF-8, so that titles in any script stay readable."""
    return template(_tex(), "biblatex.bib.j2").render(badge=statement).encode("utf-8")


def tex_fragment(name: str, statement: Statement, **values: object) -> bytes:
    """Returns a template of LaTeX."""
    return template(_tex(), name).render(badge=statement, **values).encode("ascii")


def _rendered(environment: Environment, name: str, statement: Statement) -> bytes:
    return template(environment, name).render(badge=statement).encode("utf-8")


def _tex_address(text: str) -> TexSafe:
    r"""Returns an address within any argument, where hyperref takes `\#` for the bare character."""
    return TexSafe(escape.token(text).replace("#", r"\#"))


def _field(value: str, text: Callable[[str], TexSafe]) -> TexSafe:
    r"""Text of a field, which begins with no backslash: of such a group BibTeX's styles change the case."""
    escaped = text(value)
    return TexSafe(f"{{}}{escaped}") if escaped.startswith("\\") else escaped


def _names(names: tuple[str, ...], text: Callable[[str], TexSafe]) -> TexSafe:
    """Names for `author`, each in braces: it may be no person's, and may hold an `and`."""
    return TexSafe(" and ".join(f"{{{text(name)}}}" for name in names))


def _sortable(title: str, number: str) -> TexSafe:
    """Returns the sort key and label of an entry that has no author: the title in ASCII letters.

    A title without any goes by the number.
    """
    plain = unicodedata.normalize("NFKD", title[:_SORTED_BY]).encode("ascii", "ignore").decode("ascii")
    words = " ".join(re.findall("[A-Za-z0-9]+", plain))
    return tex_text(words if re.search("[A-Za-z]{3}", words) else number)
