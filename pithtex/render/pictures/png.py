"""The drawings as PNG, by resvg, in the font that comes with pithtex: the same bytes on every machine of a kind."""

from __future__ import annotations

from importlib import resources

import resvg_py

from pithtex.render.pictures import shields, svg
from pithtex.render.pictures.metrics import all_known
from pithtex.render.statement import Statement


def flat(statement: Statement) -> bytes:
    """Returns the flat badge, one pixel a unit."""
    return drawn(shields.badge(statement), 1)


def flat_2x(statement: Statement) -> bytes:
    """Returns the flat badge, two pixels a unit."""
    return drawn(shields.badge(statement), 2)


def card(statement: Statement) -> bytes:
    """Returns the card, one pixel a unit."""
    return drawn(svg.card(statement), 1)


def card_2x(statement: Statement) -> bytes:
    """Returns the card, two pixels a unit."""
    return drawn(svg.card(statement), 2)


def drawn(drawing: bytes, zoom: int) -> bytes:
    """Returns a drawing as PNG, `zoom` pixels a unit."""
    text = drawing.decode("utf-8")
    font = resources.files("pithtex.render.pictures").joinpath("font/DejaVuSans-part.ttf")
    with resources.as_file(font) as path:
        return resvg_py.svg_to_bytes(
            svg_string=text,
            zoom=zoom,
            font_files=[str(path)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
            # Titles in other scripts take the machine's fonts; looking for those takes a tenth of a second.
            skip_system_fonts=all_known(text.replace("\n", "")),
        )
