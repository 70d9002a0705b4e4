"""The conditionals that are open at a place of a source."""

from __future__ import annotations


class Conditions:
    """A stack of conditionals: each is true, false, or not decided here."""

    def __init__(self) -> None:
        self._open: list[bool | None] = []
        self._false = 0
        self._undecided = 0

    def __bool__(self) -> bool:
        """Tells whether one is open."""
        return bool(self._open)

    @property
    def dead(self) -> bool:
        """Tells whether TeX skips this place."""
        return self._false > 0

    @property
    def unsure(self) -> bool:
        """Tells whether TeX may skip this place."""
        return self._false > 0 or self._undecided > 0

    def begin(self, known: bool | None) -> None:
        """A conditional, and what it comes to, where that is known."""
        self._open.append(known)
        self._count(known, 1)

    def turn(self) -> None:
        r"""An `\\else` of the innermost one."""
        known = self._open.pop()
        self._count(known, -1)
        self.begin(None if known is None else not known)

    def end(self) -> None:
        """The end of the innermost one."""
        self._count(self._open.pop(), -1)

    def _count(self, known: bool | None, by: int) -> None:
        if known is None:
            self._undecided += by
        elif not known:
            self._false += by
