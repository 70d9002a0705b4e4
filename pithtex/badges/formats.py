"""The formats of `pithtex badge`, each with its name, its file and its renderer. Listing them loads none of these."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pithtex.errors import UsageError

if TYPE_CHECKING:
    from pithtex.badges.statement import Statement

FOLDER: Final = "pith-badges"
"""The folder, below that of `pith.sty`, which `pithtex generate` writes the set into."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
    """Files of the folder `static` in this package that the result loads, and that are written beside it."""
    extra: str | None = None
    """The extra of pithtex that it needs."""

    @property
    def binary(self) -> bool:
        """Whether the result is no text."""
        return self.file_name.endswith(".png")

    def render(self, statement: Statement) -> bytes:
        """The file.

        Raises:
            UsageError: the format needs an extra that is not installed, or cannot hold so much.
        """
        module, _, function = self.renderer.partition(":")
        try:
            render: Callable[[Statement], bytes] = getattr(
                importlib.import_module(f"pithtex.badges.{module}"), function
            )
        except ModuleNotFoundError as error:
            if self.extra is None:
                raise
            raise UsageError(
                f"the format {self.name} needs {error.name}, which is not installed",
                hint=f"pip install 'pithtex[{self.extra}]'",
                rule="missing-extra",
            ) from error
        return render(statement)

    def companions(self) -> dict[str, bytes]:
        """The files that stand beside the result, by name."""
        from importlib import resources  # which costs as much as all else here

        static = resources.files("pithtex.badges").joinpath("static")
        return {name: static.joinpath(name).read_bytes() for name in self.beside}


FORMATS: Final = (
    Format(
        name="svg",
        file_name="pith-badge.svg",
        description="a flat badge, light and dark: no script, nothing loaded",
        renderer="svg:flat",
    ),
    Format(
        name="svg-card",
        file_name="pith-card.svg",
        description="a card with number, title, date and status",
        renderer="svg:card",
    ),
    Format(name="png", file_name="pith-badge.png", description="the flat badge", renderer="png:flat", extra="png"),
    Format(
        name="png-2x",
        file_name="pith-badge@2x.png",
        description="the flat badge for dense screens",
        renderer="png:flat_2x",
        extra="png",
    ),
    Format(name="png-card", file_name="pith-card.png", description="the card", renderer="png:card", extra="png"),
    Format(
        name="png-card-2x",
        file_name="pith-card@2x.png",
        description="the card for dense screens",
        renderer="png:card_2x",
        extra="png",
    ),
    Format(
        name="html",
        file_name="pith-badge.html",
        description="a link for a web page: no script, nothing loaded",
        renderer="markup:html",
    ),
    Format(
        name="shields",
        file_name="pith-badge-shields.json",
        description="a shields.io endpoint: the JSON to serve for https://img.shields.io/endpoint?url=...",
        renderer="data:shields",
    ),
)
"""All formats, in the order in which they are listed and written."""

BY_NAME: Final = {item.name: item for item in FORMATS}
