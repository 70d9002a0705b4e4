"""The palette: its contrasts, and that badges, pages and reports have no colours besides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

import pytest

from pithtex.palette import DARK, LIGHT, MARK, variables
from tests.conftest import ROOT

TEXTS = ("ink", "muted", "accent", "good", "grave", "open")
ALLOWED = {"#fff", "#000", "#ffffff", "#000000"}
SOURCES: dict[str, set[str]] = {
    "pithtex/render/pictures/svg.py": set(),
    "pithtex/render/templates/drawing.svg.j2": {"#c9243f", "#8a5a00"},  # bars of white letters on dark cards
    "pithtex/render/templates/badge.html.j2": set(),
    "pithtex/render/templates/qr.svg.j2": set(),
    "pithtex/browser/badge/element.js": set(),
    "pithtex/browser/page/page.css": set(),
    "pithtex/report/templates/check.css.j2": {"#b3126b", "#0b5394", "#38761d"},  # marks on a page's picture, on white
}
"""Files that state colours, and those that are theirs alone."""


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_contrasts(palette: Mapping[str, str]) -> None:
    assert set(LIGHT) == set(DARK)
    for name, ground in product(TEXTS, ("ground", "box")):
        assert contrast(palette[name], palette[ground]) >= 4.5, (name, ground)
    assert contrast(palette["edge"], palette["ground"]) >= 3
    # Buttons and signs are of a text's colour, with letters of the ground's.
    assert all(contrast(palette["ground"], palette[name]) >= 4.5 for name in ("accent", "good", "grave", "open"))


@pytest.mark.parametrize("name", SOURCES)
def test_no_colours_besides(name: str) -> None:
    used = set(re.findall(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b", (ROOT / name).read_text("utf-8")))
    assert used - ALLOWED - set(LIGHT.values()) - set(DARK.values()) - SOURCES[name] == set()


def test_one_mark_is_drawn() -> None:
    assert MARK in (ROOT / "pithtex" / "render" / "templates" / "shield.svg.j2").read_text("utf-8")
    for name in ("page/page.html",):
        assert MARK in (ROOT / "pithtex" / "browser" / name).read_text("utf-8")
    assert "--accent:#1f5f99" in variables()
