"""The option that says how many processes work at once."""

from __future__ import annotations

import argparse
from typing import Final

_MOST_JOBS: Final = 1024


def job_count(text: str) -> int:
    """Returns the type of `--jobs`."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"give a number from 1 to {_MOST_JOBS}")
    return int(text)
