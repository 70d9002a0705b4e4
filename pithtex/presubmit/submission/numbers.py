r"""The number that a `\pithnumber` gives, and the one that was probably meant."""

from __future__ import annotations

from pithtex.errors import MalformedError
from pithtex.format.number import PithNumber
from pithtex.manuscript.source.model import Use


def suffix_of(use: Use | None) -> str | None:
    r"""The number that a `\pithnumber` gives as pith.sty takes it: exactly 26 characters; None where it is none."""
    try:
        return None if use is None else PithNumber(use.argument.strip()).suffix
    except MalformedError:
        return None


def likely_suffix(text: str) -> str | None:
    """The number that was probably meant: another spelling of one, or one with characters that look alike."""
    for attempt in (text, _meant(text)):
        try:
            return None if attempt is None else PithNumber.parse(attempt).suffix
        except MalformedError:
            continue
    return None


def _meant(text: str) -> str | None:
    """What the hint of the parser names."""
    try:
        PithNumber.parse(text)
    except MalformedError as error:
        words = (error.hint or "").split()
        return words[1] if words[:1] == ["was"] else None
    return None
