"""What is to be judged and what is done, in a database on disk that lasts for one run: memory stays flat.

Nothing hangs on it. The parts are the truth, and it is made from them at the start of each run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from pithtex.audit.unit import Key, Kind, Piece, Unit
from pithtex.text import shortened

_T = TypeVar("_T")
_NAME: Final = ".ledger.sqlite"
_END: Final = 1 << 40
"""For the end of an archive, behind all its members."""
_IN_PIECES: Final = -1
"""For the part of an archive whose pieces are in several."""
_CACHE_KIB: Final = 64 * 1024
_ROWS_AT_ONCE: Final = 1_000
_TABLES: Final = """
create table wanted (name integer primary key, state integer, kind text, path blob, size integer, told blob,
                     expect text, note text, part integer);
create table done (name integer primary key, state integer);
create table pieces (name integer, state integer, first integer, following integer,
                     primary key (name, state, first)) without rowid;
create table claimed (name integer, first integer, part integer, primary key (name, first)) without rowid;
create table digests (name integer primary key, digest blob, told text, leads integer);
create table led (name integer primary key, line blob);
create table manifest (path blob primary key, expect text, note text, met integer) without rowid;
"""


class Ledger:
    """Use it in a `with` statement."""

    def __init__(self, folder: Path, fingerprint: bytes) -> None:
        self._path = folder / _NAME
        self._fingerprint = fingerprint
        self._remove()
        self._base = sqlite3.connect(self._path, isolation_level=None)
        for pragma in ("journal_mode=off", "synchronous=off", f"cache_size=-{_CACHE_KIB}", "locking_mode=exclusive"):
            self._base.execute(f"pragma {pragma}")
        self._base.executescript(_TABLES)
        self._base.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        self._remove()

    def _remove(self) -> None:
        for suffix in ("", "-journal"):
            self._path.with_name(_NAME + suffix).unlink(missing_ok=True)

    def add_done(self, keys: Iterable[Key]) -> None:
        """Notes verdicts that are there: of inputs, and of pieces of archives."""
        for key in keys:
            if key.piece:
                row = (key.name, key.state, *_bounds(key.piece))
                self._base.execute("insert or ignore into pieces values (?, ?, ?, ?)", row)
            else:
                self._base.execute("insert or ignore into done values (?, ?)", key[:2])

    def join_pieces(self) -> None:
        """Takes archives for done whose pieces are all there, and notes of the others where the first is missing."""
        self._base.execute("create table begun (name integer primary key, state integer, first integer)")
        for name, state in self._base.execute("select name, state from pieces where first = 0").fetchall():
            missing = self.missing_from(name, state, 0)
            table = "done (name, state)" if missing is None else "begun (name, state, first)"
            row = (name, state) if missing is None else (name, state, missing)
            marks = ", ".join("?" * len(row))
            self._base.execute(f"insert or ignore into {table} values ({marks})", row)  # noqa: S608  names of ours

    def missing_from(self, name: int, state: int, first: int) -> int | None:
        """The first member of an archive, from this one on, that no piece has; None where there is none.

        Args:
            name: `Unit.name_key`.
            state: `Unit.state_key`.
            first: a member's number.
        """
        query = "select following from pieces where name = ? and state = ? and first = ?"
        while (row := self._base.execute(query, (name, state, first)).fetchone()) is not None:
            first = row[0]
        return None if first == _END else first

    def add_wanted(self, units: Iterable[Unit]) -> None:
        """Notes inputs; one that was noted before, by its name, is not noted again."""
        rows = ((unit.name_key, unit.state_key(self._fingerprint), *_packed(unit)) for unit in units)
        self._base.executemany("insert or ignore into wanted values (?, ?, ?, ?, ?, ?, ?, ?, null)", rows)

    def wanted(self) -> int:
        """How many inputs there are."""
        return self._count("select count(*) from wanted")

    def kept(self) -> int:
        """How many of them have their verdict from before."""
        return self._count("select count(*) from wanted join done using (name) where done.state = wanted.state")

    def to_do(self) -> Iterator[Unit]:
        """The inputs without a verdict, in no order; of those with equal digests one. None may be noted meanwhile.

        An archive that was begun goes on with the first piece that is missing.
        """
        query = (
            "select kind, path, size, wanted.told, expect, note, begun.first from wanted left join done using (name) "
            "left join digests using (name) left join begun on begun.name = wanted.name and begun.state = wanted.state "
            "where (done.state is not wanted.state or wanted.state = 0) "
            "and (digests.name is null or leads = digests.name)"
        )
        cursor = self._base.execute(query)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from map(_unpacked, rows)

    # --- equal bytes -------------------------------------------------------------------------------------------------

    def equal_sizes(self) -> Iterator[Unit]:
        """The files without a verdict that have the size of another one: their bytes may be equal."""
        query = (
            "select name, kind, path, size, told, expect, note, null from wanted left join done using (name) "
            "where (done.state is not wanted.state or wanted.state = 0) and kind = 'file' and size in "
            "(select size from wanted where kind = 'file' group by size having count(*) > 1) and name > ? "
            "order by name limit ?"
        )
        last = -1
        while rows := self._base.execute(query, (last, _ROWS_AT_ONCE)).fetchall():
            yield from (_unpacked(row[1:]) for row in rows)
            last = rows[-1][0]

    def add_digest(self, unit: Unit, digest: bytes) -> None:
        """Notes the digest of a file."""
        row = (unit.name_key, digest, f"{unit.expect}\0{unit.note}")
        self._base.execute("insert or ignore into digests (name, digest, told) values (?, ?, ?)", row)

    def choose_leaders(self) -> None:
        """Of files with equal digests, and of which the same is expected, the first one is to be judged for all."""
        self._base.execute("create index by_digest on digests (digest, told, name)")
        query = (
            "update digests set leads = (select min(other.name) from digests other "
            "where other.digest = digests.digest and other.told = digests.told)"
        )
        self._base.execute(query)
        self._base.execute("create index by_leads on digests (leads)")

    def add_line(self, name: int, line: bytes) -> None:
        """Keeps the line of a file that was judged for others, too."""
        query = (
            "insert or ignore into led select ?, ? where exists (select 1 from digests where leads = ? and name <> ?)"
        )
        self._base.execute(query, (name, line, name, name))

    def followers(self) -> Iterator[tuple[Unit, bytes]]:
        """The files that another one was judged for, each with the line of that one."""
        query = (
            "select kind, path, size, wanted.told, expect, note, null, line from digests join wanted using (name) "
            "join led on led.name = leads where leads <> digests.name"
        )
        cursor = self._base.execute(query)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from ((_unpacked(row[:7]), row[7]) for row in rows)

    # --- what counts at the end --------------------------------------------------------------------------------------

    def claim(self, key: Key, part: int) -> bool:
        """Whether a verdict belongs to an input as it is now; if so, none of the same input in another part does.

        One without a state is what could not be read just now.
        """
        mark = _IN_PIECES if key.piece else part
        query = "update wanted set part = ? where name = ? and ? in (state, 0) and (part is null or part = ?)"
        if self._base.execute(query, (mark, key.name, key.state, mark)).rowcount != 1:
            return False
        if not key.piece:
            return True
        piece = (key.name, _bounds(key.piece)[0])
        self._base.execute("insert or ignore into claimed values (?, ?, ?)", (*piece, part))
        query = "select part from claimed where name = ? and first = ?"
        return bool(self._base.execute(query, piece).fetchone()[0] == part)

    def keep(self, key: Key) -> None:
        """Notes a verdict of an input that is not given this time, as one that counts."""
        self._base.execute("insert or ignore into wanted (name, state) values (?, ?)", key[:2])

    def is_wanted(self, name: int) -> bool:
        """Whether there is an input of that name."""
        return self._base.execute("select 1 from wanted where name = ?", (name,)).fetchone() is not None

    # --- the manifest ------------------------------------------------------------------------------------------------

    def add_expected(self, path: str, expect: str, place: str) -> None:
        """Notes what a manifest says of a file. Of two papers for one file neither is believed."""
        key = _bytes(path)
        row = self._base.execute("select expect, note from manifest where path = ?", (key,)).fetchone()
        if row is None:
            self._base.execute("insert into manifest values (?, ?, '', 0)", (key, expect))
        elif row[0] != expect and not row[1]:
            note = f"the manifest names two papers for this file: {row[0]!r}, and in {place} {expect!r}"
            self._base.execute("update manifest set note = ? where path = ?", (shortened(note, 300), key))

    def expected(self, path: str) -> tuple[str, str]:
        """The paper that a file should be, and what is wrong with that; two empty texts where nothing is said."""
        key = _bytes(path)
        row = self._base.execute("select expect, note from manifest where path = ?", (key,)).fetchone()
        if row is None:
            return "", ""
        self._base.execute("update manifest set met = 1 where path = ?", (key,))
        return ("", row[1]) if row[1] else (row[0], "")

    def expected_below(self, prefix: str) -> dict[str, str]:
        """The papers that the members of an archive should be, by what follows the prefix."""
        low, high = _bytes(prefix), _bytes(prefix) + b"\xff"
        query = "select path, expect from manifest where path >= ? and path < ? and note = ''"
        found = {_text(path[len(low) :]): expect for path, expect in self._base.execute(query, (low, high))}
        self._base.execute("update manifest set met = 1 where path >= ? and path < ?", (low, high))
        return found

    def manifest_files(self) -> Iterator[str]:
        """The files that the manifest names, in order."""
        query = "select path from manifest where path > ? order by path limit ?"
        last = b""
        while rows := self._base.execute(query, (last, _ROWS_AT_ONCE)).fetchall():
            yield from (_text(path) for (path,) in rows)
            last = rows[-1][0]

    def unmet(self) -> int:
        """How many files the manifest names that are not among the inputs."""
        return self._count("select count(*) from manifest where not met")

    def _count(self, query: str) -> int:
        count: int = self._base.execute(query).fetchone()[0]
        return count


def _bounds(piece: str) -> tuple[int, int]:
    """The first member of a piece, and the one after its last."""
    first, _, following = piece.partition("-")
    return int(first), int(following) if following else _END


def _packed(unit: Unit) -> tuple[str, bytes, int, bytes, str, str]:
    return (unit.kind.value, _bytes(unit.name), unit.size, _bytes(unit.state), unit.expect, unit.note)


def _unpacked(row: tuple[str, bytes, int, bytes, str, str, int | None]) -> Unit:
    kind, name, size, state, expect, note, first = row
    return Unit(_text(name), Kind(kind), size, _text(state), expect, note, first or 0, Piece(first) if first else None)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def in_chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """The items, so many at a time."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
