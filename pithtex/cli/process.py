"""The command line in a process of its own: from its first moment to its last what asks it to end is heard."""

from __future__ import annotations

import contextlib
import gc
from typing import Final

from pithtex.system.signals import asked, deafen, listen

_COLLECT_AFTER: Final = 50_000
"""Objects made until cycles are looked for, in place of Python's 700: starting makes thousands, all of them to stay."""


def process() -> int:
    """Runs the command line in a process of its own, which is spared most of the looking for cycles.

    Returns:
        The exit code, as `main.main`.

    Raises:
        SystemExit: as `main.main`, and with 128 and a signal's number where that ended it.
    """
    listen()
    gc.set_threshold(_COLLECT_AFTER)
    try:
        code = _run()
        return 128 + asked() if asked() else code
    finally:
        deafen()
        gc.freeze()  # the end of the process would go through all that was loaded, several times


def _run() -> int:
    from pithtex.cli.main import main
    from pithtex.cli.shared.streams import StdoutError, flush_stdout, open_missing

    open_missing()
    try:
        return main()
    finally:
        with contextlib.suppress(StdoutError):  # of what was ended before its time; Python would make 120 of it
            flush_stdout()
