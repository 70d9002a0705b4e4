"""The formats of `pithtex badge`, each with its name, its file and its renderer. Listing them loads none of these."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pithtex.errors import UsageError
from pithtex.structs import struct

if TYPE_CHECKING:
    from pithtex.render.statement import Statement

FOLDER: Final = "pith-badges"
"""The folder, below that of `pith.sty`, which `pithtex generate` writes the set into."""


@struct
class Format:
    """One format."""

    name: str
    """What `--format` takes."""
    file_name: str
    """Its file in the set that `generate` writes; other formats refer to it by that name."""
    description: str
    renderer: str
    """`module:function` in this package: from a `Statement` to bytes."""
    beside: tuple[str, ...] = ()
    """Files of `browser/badge` that the result loads, and that are written beside it."""
    shows: str | None = None
    """The format of the picture that it shows, and that is written beside it unless the author says where one is."""
    extra: str | None = None
    """The extra of pithtex that it needs."""

    @property
    def binary(self) -> bool:
        """Tells whether the result is not text."""
        return self.file_name.endswith(".png")

    def render(self, statement: Statement) -> bytes:
        """Returns the file.

        Raises:
            UsageError: the format needs an extra that is not installed, or cannot hold so much.
        """
        try:
            render = _renderer(self.renderer)
        except ModuleNotFoundError as error:
            if self.extra is None:
                raise
            raise UsageError(
                f"the format {self.name} needs {error.name}, which is not installed",
                hint=f"pip install 'pithtex[{self.extra}]'",
                rule="missing-extra",
            ) from error
        return render(statement)

    def companions(self, statement: Statement) -> dict[str, bytes]:
        """Returns the files that stand beside the result, by name."""
        from importlib import resources  # which costs as much as all else here

        static = resources.files("pithtex.browser").joinpath("badge")
        files = {name: static.joinpath(name).read_bytes() for name in self.beside}
        if self.shows is not None and statement.look.is_beside:
            picture = BY_NAME[self.shows]
            files[picture.file_name] = picture.render(statement)
        return files


def _renderer(name: str) -> Callable[[Statement], bytes]:
    module, _, function = name.partition(":")
    render: Callable[[Statement], bytes] = getattr(importlib.import_module(f"pithtex.render.{module}"), function)
    return render


FORMATS: Final = (
    Format(
        name="svg",
        file_name="pith-badge.svg",
        description="the badge in a style of shields.io, without scripts or external files",
        renderer="pictures.shields:badge",
    ),
    Format(
        name="svg-card",
        file_name="pith-card.svg",
        description="a card with number, title, date and status",
        renderer="pictures.svg:card",
    ),
    Format(name="png", file_name="pith-badge.png", description="the badge", renderer="pictures.png:flat", extra="png"),
    Format(
        name="png-2x",
        file_name="pith-badge@2x.png",
        description="the badge for dense screens",
        renderer="pictures.png:flat_2x",
        extra="png",
    ),
    Format(
        name="png-card", file_name="pith-card.png", description="the card", renderer="pictures.png:card", extra="png"
    ),
    Format(
        name="png-card-2x",
        file_name="pith-card@2x.png",
        description="the card for dense screens",
        renderer="pictures.png:card_2x",
        extra="png",
    ),
    Format(
        name="html",
        file_name="pith-badge.html",
        description="a link for a web page, without scripts or external files",
        renderer="snippets.html:html",
    ),
    Format(
        name="html-verified",
        file_name="pith-badge-verified.html",
        description="an element that verifies itself in the reader's browser; its script is written beside the file",
        renderer="snippets.html:html_verified",
        beside=("pith-badge.min.js",),
    ),
    Format(
        name="md",
        file_name="pith-badge.md",
        description="Markdown, for a README",
        renderer="snippets.snippets:markdown",
        shows="svg",
    ),
    Format(
        name="rst",
        file_name="pith-badge.rst",
        description="reStructuredText",
        renderer="snippets.snippets:rst",
        shows="svg",
    ),
    Format(
        name="adoc",
        file_name="pith-badge.adoc",
        description="AsciiDoc",
        renderer="snippets.snippets:asciidoc",
        shows="svg",
    ),
    Format(name="org", file_name="pith-badge.org", description="Org", renderer="snippets.snippets:org", shows="svg"),
    Format(name="typst", file_name="pith-badge.typ", description="Typst", renderer="snippets.snippets:typst"),
    Format(
        name="latex",
        file_name="pith-badge-article.tex",
        description="LaTeX, for an article about the paper",
        renderer="snippets.snippets:latex",
    ),
    Format(
        name="latex-beamer",
        file_name="pith-badge-beamer.tex",
        description="LaTeX, a block for a slide",
        renderer="snippets.snippets:beamer",
    ),
    Format(
        name="latex-poster",
        file_name="pith-badge-poster.tex",
        description="LaTeX, with a QR code for a poster",
        renderer="pictures.qr:poster",
    ),
    Format(
        name="shields",
        file_name="pith-badge-shields.json",
        description="a shields.io endpoint: the JSON to serve for https://img.shields.io/endpoint?url=...",
        renderer="snippets.machine:shields",
    ),
    Format(
        name="qr",
        file_name="pith-qr.svg",
        description="QR code that carries the record, as SVG in millimetres",
        renderer="pictures.qr:svg",
    ),
    Format(name="qr-png", file_name="pith-qr.png", description="QR code, PNG", renderer="pictures.qr:png"),
    Format(
        name="qr-tex",
        file_name="pith-qr.tex",
        description="QR code, drawn with TeX rules only",
        renderer="pictures.qr:tex",
    ),
    Format(name="bibtex", file_name="pith-bibtex.bib", description="BibTeX entry", renderer="snippets.snippets:bibtex"),
    Format(
        name="biblatex",
        file_name="pith-biblatex.bib",
        description="biblatex entry",
        renderer="snippets.snippets:biblatex",
    ),
    Format(
        name="csl-json", file_name="pith-csl.json", description="CSL-JSON item", renderer="snippets.machine:csl_json"
    ),
    Format(
        name="citation.cff",
        file_name="pith-citation.cff",
        description="lines for a CITATION.cff",
        renderer="snippets.snippets:citation_cff",
    ),
    Format(
        name="json-ld",
        file_name="pith-json-ld.html",
        description="schema.org ScholarlyArticle in a script element",
        renderer="snippets.machine:json_ld",
    ),
    Format(
        name="signposting",
        file_name="pith-link-headers.txt",
        description="HTTP Link headers for a paper's page (FAIR Signposting)",
        renderer="snippets.machine:signposting",
    ),
)
"""All formats, in the order in which they are listed and written."""

BY_NAME: Final = {item.name: item for item in FORMATS}
DESCRIPTIONS: Final = {item.name: item.description for item in FORMATS}
