"""What a wheel carries besides the package: the two pages for browsers, so that a web server can host them as they are.

They are what `pithtex verify-page` and `make site` write. Making them needs the standard library alone.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface[Any]):
    """Hatchling's hook for the wheel (pyproject.toml, `[tool.hatch.build.targets.wheel.hooks.custom]`)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Writes the pages and names them to the builder; an editable install has none."""
        if version != "standard":
            return
        sys.path.insert(0, self.root)
        try:
            from pithtex.browser.scripts import make_page, verify_page
        finally:
            sys.path.remove(self.root)
        folder = Path(self.directory)
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in (("verify.html", verify_page()), ("make-pith-sty.html", make_page())):
            path = folder / f".{name}"
            path.write_bytes(page)
            build_data["force_include"][str(path)] = f"pithtex/browser/pages/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Takes them away again: they are in the wheel."""
        for name in ("verify.html", "make-pith-sty.html"):
            (Path(self.directory) / f".{name}").unlink(missing_ok=True)
