"""The same paper more than once: by equal bytes, by number, by title, by nearly the same text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Self

from pithtex.format.number import suffix_in
from pithtex.structs import NamedTuple
from pithtex.text import shortened

MAX_GROUPS: Final = 200
"""Of one kind, as they are listed; the others are counted."""
_MAX_FILES: Final = 20
_NEAR_BITS: Final = 3
"""Bits of 64 in which the text codes of near texts differ at most (ISO 24138, ISCC: Text-Code)."""
_BANDS: Final = 4
"""Parts of a code: of two codes that differ in three bits, one of four parts is equal."""
_MAX_IN_BAND: Final = 500
"""Codes with an equal part that are compared with each other."""
_TABLES: Final = """
create table papers (file text, number text, title text, shown text);
create table bytes (file text, digest text);
create table texts (file text, code integer);
"""


class Group(NamedTuple):
    """Files that have something in common."""

    common: str
    files: tuple[tuple[str, str], ...]
    """Each with what differs."""


class Kind(NamedTuple):
    """Groups of one kind."""

    name: str
    title: str
    groups: tuple[Group, ...]
    more: int

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        groups = [{"common": group.common, "files": [list(file) for file in group.files]} for group in self.groups]
        return {"name": self.name, "title": self.title, "groups": groups, "more": self.more}


class Doubles:
    """Collects lines in a database on disk, and finds the groups. Use it in a `with` statement."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)  # a file of SQLite's own, which goes away by itself
        self._base.executescript(_TABLES)
        self._base.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def add(self, line: Mapping[str, Any]) -> None:
        """Takes one line."""
        file = str(line["file"]).encode("utf-8", "backslashreplace").decode()
        number = suffix_in(line.get("number"))
        shown = str(line.get("shows") or line.get("own_title") or line.get("title") or "")
        if number:
            row = (file, number[:26], _plain(shown), shown.encode("utf-8", "backslashreplace").decode())
            self._base.execute("insert into papers values (?, ?, ?, ?)", row)
        if "sha256" in line:
            self._base.execute("insert into bytes values (?, ?)", (file, line["sha256"]))
        if "iscc" in line:
            self._base.execute("insert into texts values (?, ?)", (file, _signed(int(line["iscc"], 16))))

    def kinds(self) -> list[Kind]:
        """What was found; kinds without a group are left out."""
        found = [
            self._grouped("same-number", "The same number with different titles", "number", "title", "papers"),
            self._grouped("same-title", "The same title under different numbers", "title", "number", "papers"),
            self._equal(),
            self._near(),
        ]
        return [kind for kind in found if kind.groups]

    def _grouped(self, name: str, title: str, common: str, differs: str, table: str) -> Kind:
        query = (  # names of ours
            f"select {common}, max(shown) from {table} where {common} <> '' and {differs} <> '' "  # noqa: S608
            f"group by {common} having count(distinct {differs}) > 1 order by {common}"
        )
        shown = "shown" if differs == "title" else "number"
        rows = self._base.execute(query).fetchall()
        groups = [
            Group(value if common == "number" else text, self._files(table, common, value, shown))
            for value, text in rows[:MAX_GROUPS]
        ]
        return Kind(name, title, tuple(groups), len(rows) - len(groups))

    def _files(self, table: str, column: str, value: object, shown: str) -> tuple[tuple[str, str], ...]:
        query = f"select file, {shown} from {table} where {column} = ? order by file limit ?"  # noqa: S608  names of ours
        rows = self._base.execute(query, (value, _MAX_FILES)).fetchall()
        return tuple((file, shortened(str(what), 200)) for file, what in rows)

    def _equal(self) -> Kind:
        query = "select digest, count(*) from bytes group by digest having count(*) > 1 order by count(*) desc, digest"
        rows = self._base.execute(query).fetchall()
        groups = [
            Group(f"{count:,} files of SHA-256 {digest}", self._files("bytes", "digest", digest, "''"))
            for digest, count in rows[:MAX_GROUPS]
        ]
        return Kind("same-bytes", "Files with equal bytes", tuple(groups), len(rows) - len(groups))

    def _near(self) -> Kind:
        """Texts that are nearly the same, of different bytes: chained where one is near the next."""
        codes = [_unsigned(code) for (code,) in self._base.execute("select distinct code from texts order by code")]
        chains = _Chains(codes)
        for one, other in _pairs(codes):
            chains.join(one, other)
        groups: list[Group] = []
        for chain in chains.all():
            files: list[tuple[str, str]] = []
            for code in chain:
                files += [(file, "") for file, _ in self._files("texts", "code", _signed(code), "''")]
            if len(files) > 1:
                groups.append(Group(f"{len(files)} files", tuple(sorted(files)[:_MAX_FILES])))
        groups.sort()
        shown = groups[:MAX_GROUPS]
        return Kind("near-texts", "Nearly the same text (ISCC)", tuple(shown), len(groups) - len(shown))


def _pairs(codes: list[int]) -> Iterator[tuple[int, int]]:
    width = 64 // _BANDS
    for band in range(_BANDS):
        buckets: dict[int, list[int]] = {}
        for code in codes:
            buckets.setdefault(code >> (band * width) & ((1 << width) - 1), []).append(code)
        for bucket in buckets.values():
            for place, one in enumerate(bucket[:_MAX_IN_BAND]):
                for other in bucket[place + 1 : _MAX_IN_BAND]:
                    if (one ^ other).bit_count() <= _NEAR_BITS:
                        yield one, other


class _Chains:
    """Sets of codes that are joined."""

    def __init__(self, codes: list[int]) -> None:
        self._above = {code: code for code in codes}

    def join(self, one: int, other: int) -> None:
        self._above[self._top(one)] = self._top(other)

    def all(self) -> Iterator[list[int]]:
        found: dict[int, list[int]] = {}
        for code in self._above:
            found.setdefault(self._top(code), []).append(code)
        yield from found.values()

    def _top(self, code: int) -> int:
        while self._above[code] != code:
            self._above[code] = self._above[self._above[code]]
            code = self._above[code]
        return code


def _plain(title: str) -> str:
    """Letters and digits alone, in one case: two titles that differ in no more are one."""
    return "".join(char for char in title.casefold() if char.isalnum()).encode("utf-8", "ignore").decode()


def _signed(code: int) -> int:
    """64 bits as SQLite keeps them."""
    return code - (1 << 64) if code >= 1 << 63 else code


def _unsigned(code: int) -> int:
    return code + (1 << 64) if code < 0 else code
