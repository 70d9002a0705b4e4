"""Regular expressions that are compiled where they are first used: a run needs few of those that its modules have."""

from __future__ import annotations

import re
from typing import Any, AnyStr, Final, cast


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, which costs nothing until one of its methods is asked for."""
    return cast("re.Pattern[AnyStr]", _Later(text, flags))


class _Later:
    def __init__(self, *source: Any) -> None:
        self._source = source
        self.pattern = source[0]

    def __getattr__(self, name: str) -> Any:
        """Looks up a method of the pattern, once: from then on it is an attribute of this."""
        method = getattr(re.compile(*self._source), name)
        setattr(self, name, method)
        return method


_ONE_LETTER: Final = {0x130: "i", 0x131: "i"}
"""The Turkish ones, which `re.IGNORECASE` takes for an i, and `str.casefold` does not."""


def folded(text: str) -> str:
    """Returns a text in which lower-case patterns match what they match with `re.IGNORECASE` in the text itself."""
    return text.casefold() if text.isascii() else text.translate(_ONE_LETTER).casefold()
