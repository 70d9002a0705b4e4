"""`python -m tests.audit.driver ...`: the command line as in a process of its own, with the traps set in its cells."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from pithtex.audit.unit import Setup
from pithtex.cli.commands import audit
from pithtex.cli.process import process
from tests.audit.traps import TRAP

_setup = audit._setup


def _trapped(args: argparse.Namespace) -> Setup:
    return replace(_setup(args), trap=TRAP)


if __name__ == "__main__":
    audit._setup = _trapped
    sys.exit(process())
