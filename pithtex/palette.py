"""The one palette: of badges, the page for browsers, reports and the site, for light and for dark readers.

Every text colour has a contrast of 4.5 : 1 or more with both grounds, `edge`, the rim of controls, 3 : 1 (WCAG 2.2,
1.4.3 and 1.4.11); tests/test_palette.py computes them. `line` and `box` carry no meaning of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LIGHT: Final[Mapping[str, str]] = {
    "ground": "#ffffff",
    "box": "#f3f5f7",
    "ink": "#1b2128",
    "muted": "#57606a",
    "line": "#c6ccd2",
    "edge": "#6e7781",
    "accent": "#1f5f99",
    "good": "#116329",
    "grave": "#a40e26",
    "open": "#7a4a00",
}
DARK: Final[Mapping[str, str]] = {
    "ground": "#0d1117",
    "box": "#161b22",
    "ink": "#e6edf3",
    "muted": "#9da7b1",
    "line": "#3d444d",
    "edge": "#848d97",
    "accent": "#79b8ff",
    "good": "#56d364",
    "grave": "#ff9492",
    "open": "#e3b341",
}
MARK: Final = "M2.4 1v12.4M12.4 5.8a4.6 4.6 0 1 1-9.2 0a4.6 4.6 0 0 1 9.2 0z"
"""The mark's stem and ring, in a square of 14.8 by 14.4; the pith is a disc of radius 1.5 at 7.8, 5.8."""


def variables() -> str:
    """Returns the palette as CSS properties, `--ink` and so on: dark for those who prefer it, but never on paper."""
    return (
        f":root{{color-scheme:light dark;{_declared(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_declared(DARK)}}}}}\n"
    )


def _declared(colours: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())
