"""`python -m pithtex`."""

from __future__ import annotations

import sys

from pithtex.cli.process import process

if __name__ == "__main__":
    sys.exit(process())
