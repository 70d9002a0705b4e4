"""`--verbose`: what is read and who is asked, line by line on stderr."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pithtex.cli.shared.streams import say


@contextlib.contextmanager
def telling_details(*, wanted: bool) -> Iterator[None]:
    """Inside, what pithtex and urllib3 log reaches stderr, escaped; with `wanted` false nothing changes."""
    if not wanted:
        yield
        return
    import logging

    from pithtex.text import printable

    class ToStderr(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            say(f"pithtex: {printable(record.getMessage())}")

    handler = ToStderr()
    loggers = {logging.getLogger("pithtex"): logging.INFO, logging.getLogger("urllib3.connectionpool"): logging.DEBUG}
    before = {logger: (logger.level, logger.propagate) for logger in loggers}
    for logger, level in loggers.items():
        logger.setLevel(level)
        logger.propagate = False
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger, (level, propagate) in before.items():
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate
