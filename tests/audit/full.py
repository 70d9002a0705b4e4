"""The tests of audits at their full size: `python -m tests.audit.full`.

Five thousand PDFs, of which most are mutants, are audited, killed at ten moments, and audited with a worker of a
cluster killed; the report's page has 200,000 rows as always.
"""

from __future__ import annotations

import os
import sys

import pytest

FILES = "5000"


def main() -> int:
    """Runs them."""
    os.environ.setdefault("PITHTEX_AUDIT_FILES", FILES)
    os.environ.setdefault("PITHTEX_AUDIT_KILLS", "10")
    return int(pytest.main(["-q", "tests/audit", *sys.argv[1:]]))


if __name__ == "__main__":
    raise SystemExit(main())
