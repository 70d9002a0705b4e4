"""What `--verbose` shows: the files that are read. Programs hear it from the logger `pithtex`."""

from __future__ import annotations

import sys


def detail(message: str, *values: object) -> None:
    """Tells the logger `pithtex`, at level INFO; costs nothing in a process that has not loaded `logging`.

    Args:
        message: in the style of `logging`, with `%s` for each value.
        values: may be untrusted: whoever prints them escapes them.
    """
    logging = sys.modules.get("logging")
    if logging is not None:
        logging.getLogger("pithtex").info(message, *values)
