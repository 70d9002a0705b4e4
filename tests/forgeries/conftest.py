"""PDFium started for each test: `pithtex` does it for each file, unless `pypdfium2` is loaded, as it is in tests."""

from __future__ import annotations

import sys

import pypdfium2_raw as pdfium
import pytest


@pytest.fixture(autouse=True)
def fresh_pdfium() -> None:
    if "pypdfium2" in sys.modules:
        pdfium.FPDF_DestroyLibrary()
        pdfium.FPDF_InitLibrary()
