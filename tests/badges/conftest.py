"""Debian's Chromium, shared with the tests of reports."""

from __future__ import annotations

from tests.unit.report.conftest import browser

__all__ = ["browser"]
