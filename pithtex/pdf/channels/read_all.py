"""Reads every channel that the objects of one revision of a PDF state."""

from __future__ import annotations

from typing import Any

from pithtex.findings import Finding
from pithtex.pdf.channels.table import FROM_OBJECTS, Source
from pithtex.pdf.evidence import Stated
from pithtex.pdf.untrusted import READ_ERRORS, damaged


def read_channels(source: Source) -> tuple[Stated, list[Finding]]:
    """Reads each channel under a guard of its own, so that a damaged one takes no other with it."""
    findings: list[Finding] = []
    stated: dict[str, Any] = {}
    for kind in FROM_OBJECTS:
        try:
            stated[kind.name], found = kind.read(source)
            findings += found
        except READ_ERRORS as error:
            findings.append(damaged(kind.name, error))
    return Stated(**stated), findings
