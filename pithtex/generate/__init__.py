"""From a verified record: `pith.sty` and the lines that an author adds to a paper."""

from __future__ import annotations

from pithtex.generate.package import render_package, render_snippet

__all__ = ["render_package", "render_snippet"]
