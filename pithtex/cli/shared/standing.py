"""What the commands share that say a paper's standing: the option that makes it count, and the store's bundles."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pithtex.cli.shared.common import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pithtex.format.bundle import Bundle
    from pithtex.format.keys import Keyring
    from pithtex.verify.standing import Standing


def add_standing_option(parser: argparse.ArgumentParser) -> None:
    """`--standing`."""
    parser.add_argument(
        "--standing",
        action="store_true",
        help="let the paper's standing count: withdrawn, a critical finding or a contradiction is exit code 1, "
        "an unknown standing 3",
    )


def exit_of_standing(standing: Standing) -> Exit:
    """What `--standing` makes of it."""
    if standing.grave:
        return Exit.WRONG
    return Exit.GOOD if standing.known else Exit.UNDECIDED


def now() -> datetime:
    """The time that no event may be after."""
    return datetime.now(UTC)


def stored_standing(suffix: str, keyring: Keyring, given: Sequence[Bundle] = ()) -> Standing:
    """The standing by the bundles that the store keeps of a record, and by those given.

    Args:
        suffix: of the record's number.
        keyring: the keys to trust.
        given: more bundles of that record, each a source of its own.
    """
    from pithtex.resolve.store.store import Store
    from pithtex.verify.standing import UNKNOWN, standing_of

    kept, _ = Store().bundles(suffix, keyring)
    bundles = [*given, *kept]
    if not bundles:
        return UNKNOWN
    return standing_of(bundles, keyring, sources=len(given) + bool(kept), now=now())
