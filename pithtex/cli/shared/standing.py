"""What the commands share that say a paper's standing: the option that makes it count."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pithtex.cli.shared.common import Exit

if TYPE_CHECKING:
    from pithtex.verification.standing import Standing


def add_standing_option(parser: argparse.ArgumentParser) -> None:
    """`--standing`."""
    parser.add_argument(
        "--standing",
        action="store_true",
        help=(
            "let the paper's standing decide too: exit code 1 if it is withdrawn, has a critical finding or "
            "contradictory statements, 3 if its standing is unknown"
        ),
    )


def exit_of_standing(standing: Standing) -> Exit:
    """Returns the exit code, with the standing counted if `--standing` asks for it."""
    if standing.grave:
        return Exit.WRONG
    return Exit.GOOD if standing.known else Exit.UNDECIDED


def now() -> datetime:
    """Returns the time that no event may be after."""
    return datetime.now(UTC)
