"""Debian's Chromium, as a reader of the component and of the page."""

from __future__ import annotations

from tests.unit.report.conftest import browser

__all__ = ["browser"]
