"""Where text is set, as readers count it that keep 32 bits of a number: far away they round what others do not."""

from __future__ import annotations

import re
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.untrusted import OddError

ROUNDING: Final = 2.0**-24
"""The share by which a number is rounded that is kept in 32 bits."""
MOST_MOVED: Final = 2.0
"""Points to which all rounding of a place may add up."""
FAR_AWAY: Final = "something is drawn so far away that readers round its place in different ways"
_NEAR: Final = 4096
"""Points within which rounding does not matter."""
_FAR: Final = pattern(
    rb"[0-9]{4}(?<![0-9.][0-9]{4})(?:[0-9]{3}|[-+.0-9\0\t\n\f\r ]*+T[dDmLf]|[0-9][-+.0-9\0\t\n\f\r ]*+[](<])"
)
"""A large number: of millions, or a place, a lead, a size or a gap of text."""
_MANY: Final = 600
_STRINGS: Final = pattern(rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\)|<[^>]*+>", 16)  # re.DOTALL
PLACING: Final = frozenset({b"Td", b"TD", b"Tm", b"BT", b"TJ", b"Tf", b"TL", b"T*", b"'", b'"'})


def has_large(data: bytes) -> bool:
    """Tells whether content may lead text far away by one move, or a path by one point."""
    return _FAR.search(data) is not None


def has_many(data: bytes) -> bool:
    """Tells whether content may lead text far away by many moves."""
    return sum(map(data.count, (b"Td", b"TD", b"T*"))) > _MANY


class Places:
    """Follows the places of text, and the points by which readers may round them."""

    def __init__(self) -> None:
        self._x = self._y = self._blur = self._size = self._lead = 0.0
        self._unit = 1.0

    def follow(self, operator: bytes, match: re.Match[bytes], scale: float) -> None:
        """Follows an operator.

        Args:
            operator: one of `PLACING`.
            match: its operands.
            scale: how large a unit is where it stands.

        Raises:
            OddError: readers have the text in different places.
        """
        if operator == b"BT":
            self._x = self._y = self._blur = 0.0
            self._unit = 1.0
        elif operator == b"Tm":
            *shape, self._x, self._y = map(float, match[1].split())
            self._unit = max(map(abs, shape))
        elif operator in {b"Td", b"TD"}:
            right, up = map(float, match[1].split())
            self._x, self._y = self._x + right * self._unit, self._y + up * self._unit
            self._lead = -up if operator == b"TD" else self._lead
        elif operator == b"Tf":
            self._size = abs(float(match["size"]))
        elif operator == b"TL":
            self._lead = float(match[1])
        elif operator == b"TJ":
            gaps = _STRINGS.sub(b" ", match["array"].rstrip()[1:-1]).split()
            far = sum(map(abs, map(float, gaps))) / 1000 * self._size * self._unit * scale
            self._blur += far * ROUNDING * len(gaps) if far > _NEAR else 0.0
        else:
            self._y -= self._lead * self._unit
        far = max(abs(self._x), abs(self._y)) * scale
        self._blur += far * ROUNDING if far > _NEAR else 0.0
        if self._blur > MOST_MOVED:
            raise OddError(FAR_AWAY)
