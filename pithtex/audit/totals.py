"""What the lines of an audit add up to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pithtex.pdf.judgement.verdict import Word
from pithtex.text import shortened
from pithtex.verification.standing import GRAVE

BY: Final = ("verdict", "code", "standing", "year", "producer", "publisher")
"""What is counted, by the names that reports have for it."""
_MOST_VALUES: Final = 10_000
"""Different producers or publishers that are counted apart: PDFs could name millions."""
_OTHERS: Final = "others"
_WORST_KEPT: Final = 10
_MODULUS: Final = 1 << 256


class Totals:
    """Counts lines, in any order: equal sets of lines have equal totals, and an equal digest."""

    def __init__(self) -> None:
        self.files = 0
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in BY}
        self.unread = 0
        """Inputs that are not there or cannot be read."""
        self.grave = 0
        """Files whose paper is withdrawn, has a critical finding or contradicts itself."""
        self.worst: dict[str, list[dict[str, Any]]] = {"invalid": [], "unreadable": []}
        """The first lines, by name, of the words that somebody has to look at."""
        self._sum = 0

    def add(self, text: bytes, line: Mapping[str, Any]) -> None:
        """Counts one line, given as it is written and as it was parsed."""
        self.files += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(text).digest(), "big")) % _MODULUS
        for name, values in dimensions(line).items():
            counter = self.counts[name]
            for value in values:
                counter[value if value in counter or len(counter) < _MOST_VALUES else _OTHERS] += 1
        self.unread += any(item["name"] == "no-input" for item in line["findings"])
        self.grave += bool(_GRAVE.intersection(line.get("standing", ())))
        kept = self.worst.get(line["verdict"])
        if kept is not None:
            kept.append({"file": line["file"], "findings": line["findings"]})
            if len(kept) > 2 * _WORST_KEPT:
                self._shorten(kept)

    @property
    def digest(self) -> str:
        """Of all lines, whatever their order: the sum of their SHA-256 digests, modulo 2^256, in hex."""
        return f"{self._sum:064x}"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        for kept in self.worst.values():
            self._shorten(kept)
        return {
            "files": self.files,
            "unread": self.unread,
            "grave": self.grave,
            "digest": self.digest,
            "by": {name: dict(ordered(name, counter)) for name, counter in self.counts.items()},
            "worst": self.worst,
        }

    @staticmethod
    def _shorten(kept: list[dict[str, Any]]) -> None:
        kept.sort(key=lambda line: str(line["file"]))
        del kept[_WORST_KEPT:]


_GRAVE: Final = frozenset(word.value for word in GRAVE)
_WORDS: Final = tuple(word.value for word in Word)


def dimensions(line: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a line counts for: each finding's code once, all else at most once."""
    findings = {str(item["code"]) for item in line["findings"]}
    number = str(line.get("number") or "")
    year = number[5:9] if number.startswith("pith:") and number[9:10] == ":" else str(line.get("made", ""))
    one = {"verdict": line["verdict"], "year": year}
    one |= {name: shortened(str(line.get(name, ""))) for name in ("producer", "publisher")}
    found = {name: [value] for name, value in one.items() if value}
    return {**found, "code": sorted(findings), "standing": [str(word) for word in line.get("standing", ())]}


def ordered(name: str, counter: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The counts as they are shown: words best first, codes and years in order, all else the most frequent first."""
    if name == "verdict":
        yield from ((word, counter[word]) for word in _WORDS if counter.get(word))
    elif name in {"code", "year"}:
        yield from sorted(counter.items())
    else:
        yield from sorted(counter.items(), key=lambda item: (-item[1], item[0]))
