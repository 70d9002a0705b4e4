"""Derives a paper's standing from the bundles in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pithtex.format.keys import Keyring
from pithtex.resolution.store.store import Store
from pithtex.verification.standing import UNKNOWN, Standing, standing_of

if TYPE_CHECKING:
    from pithtex.format.bundle import Bundle


def stored_standing(suffix: str, keyring: Keyring, given: Sequence[Bundle] = (), *, now: datetime) -> Standing:
    """Returns a record's standing by its bundles in the store and by those given.

    Args:
        suffix: of the record's number.
        keyring: the keys to trust.
        given: more bundles of that record, each a source of its own; the store is one.
        now: the time, with a zone, that no event may be after.
    """
    kept, _ = Store().bundles(suffix, keyring)
    bundles = [*given, *kept]
    if not bundles:
        return UNKNOWN
    return standing_of(bundles, keyring, sources=len(given) + bool(kept), now=now)
