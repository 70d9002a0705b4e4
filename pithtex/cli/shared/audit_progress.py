"""How an audit goes, said on stderr: a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any, Final

from pithtex.cli.shared.bar import progress_bar
from pithtex.cli.shared.streams import say

_LINE_SECONDS: Final = 60.0
_SHOWN: Final = ("invalid", "unreadable")


class Progress:
    """Tells of an audit; with `quiet` nothing."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._bar: Any = None
        self._words: Counter[str] = Counter()
        self._wanted = self._kept = self._done = 0
        self._start = self._last = time.monotonic()

    def listed(self, found: int) -> None:
        """So many inputs were found so far."""
        self._every_minute(f"looking for files: {found:,}")

    def begins(self, wanted: int, kept: int) -> None:
        """So many inputs there are, and so many have their verdict from before."""
        self._wanted, self._kept = wanted, kept
        self._start = time.monotonic()
        if wanted > kept:
            self._bar = progress_bar(wanted, " files", quiet=self._quiet, initial=kept)

    def judged(self, inputs: int, words: list[str]) -> None:
        """So many inputs more are judged, and gave these words."""
        self._done += inputs
        self._words.update(words)
        if self._bar is not None:
            self._bar.update(inputs)
            self._bar.set_postfix_str(self._found(), refresh=False)

    def tick(self) -> None:
        """Some time went by."""
        if self._bar is not None:
            self._bar.refresh()
        rate = self._done / max(1e-9, time.monotonic() - self._start)
        left = (self._wanted - self._kept - self._done) / rate if rate else 0
        done = self._kept + self._done
        self._every_minute(f"{done:,} of {self._wanted:,}, {rate:,.1f} a second, {duration(left)} left{self._told()}")

    def close(self) -> None:
        """No more comes."""
        if self._bar is not None:
            self._bar.close()

    def _found(self) -> str:
        return ", ".join(f"{self._words[word]:,} {word}" for word in _SHOWN if self._words[word])

    def _told(self) -> str:
        return f"; {found}" if (found := self._found()) else ""

    def _every_minute(self, text: str) -> None:
        if not self._quiet and not self._terminal and time.monotonic() - self._last >= _LINE_SECONDS:
            self._last = time.monotonic()
            say(f"audit: {text}")


def duration(seconds: float) -> str:
    """Returns a time for people: `12 s`, `3 min 20 s`, `5 h 12 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
