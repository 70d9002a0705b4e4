"""Results of every public function on real documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pithtex
from tests.conftest import BUNDLE_FILE, ROOT, VECTORS
from tests.kit.command_line import EXAMPLE, RECORD

REPORT = VECTORS / "integrity-2604.22738.json"
PAPER = ROOT / "examples" / "sparsex"


def _badge_link() -> str:
    return str(pithtex.badge(pithtex.verify(Path(RECORD)), "html"))  # type: ignore[arg-type]


RESULTS: dict[str, Callable[[], Any]] = {
    "load, a record": lambda: pithtex.load(Path(RECORD)),
    "load, a bundle": lambda: pithtex.load(BUNDLE_FILE),
    "load, a report": lambda: pithtex.load(REPORT),
    "verify, a record": lambda: pithtex.verify(Path(RECORD)),
    "verify, a bundle": lambda: pithtex.verify(BUNDLE_FILE),
    "verify, a report": lambda: pithtex.verify(REPORT),
    "examine": lambda: pithtex.examine(Path(RECORD)),
    "standing": lambda: pithtex.standing(pithtex.load(BUNDLE_FILE)),  # type: ignore[arg-type]
    "merge": lambda: pithtex.merge([pithtex.load(BUNDLE_FILE)]),  # type: ignore[list-item]
    "generate": lambda: pithtex.generate(pithtex.verify(Path(RECORD))),  # type: ignore[arg-type]
    "badge, a picture": lambda: pithtex.badge(pithtex.verify(BUNDLE_FILE), "svg"),  # type: ignore[arg-type]
    "badge, a text": lambda: pithtex.badge(pithtex.verify(BUNDLE_FILE), "md"),  # type: ignore[arg-type]
    "decode": lambda: pithtex.decode(_badge_link())[0],
    "check_pdf": lambda: pithtex.check_pdf(EXAMPLE),
    "presubmit": lambda: pithtex.presubmit(PAPER),
    "resolve": lambda: pithtex.resolve("2606.01751", offline=True),
    "default_keyring": pithtex.default_keyring,
    "PithNumber": lambda: pithtex.PithNumber.parse("CNPMIFD42NONUMCBYNP4XLPY53"),
}
"""A call of each that works; `resolve` where the store has the bundle."""
