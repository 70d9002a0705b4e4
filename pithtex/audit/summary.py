"""An audit as a whole: totals, papers that occur more than once, the page, and what two audits differ in."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from pithtex import __version__
from pithtex.audit import folder
from pithtex.audit.doubles import Doubles, Kind
from pithtex.audit.lines import word_of
from pithtex.audit.totals import BY, Totals, dimensions, ordered
from pithtex.pdf.judgement.verdict import Word
from pithtex.report import audit_page
from pithtex.structs import NamedTuple

MAX_ROWS: Final = 200_000
"""Files in the page's table; browsers filter so many in a tenth of a second."""
_MAX_CHANGES: Final = 1_000
_TITLES: Final = {
    "verdict": "Verdict",
    "code": "Finding",
    "standing": "Standing",
    "year": "Year",
    "producer": "Producer",
    "publisher": "Publisher",
}


class Summary(NamedTuple):
    """What the lines of an audit say together."""

    totals: Totals
    doubles: list[Kind]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {**self.totals.to_dict(), "doubles": [kind.to_dict() for kind in self.doubles]}


def summary(output: Path) -> Summary:
    """Reads all lines of an audit, once.

    Raises:
        UsageError: there is no audit.
        OSError: it cannot be read.
    """
    totals = Totals()
    with Doubles() as doubles:
        for text in folder.lines(output):
            line = json.loads(text)
            totals.add(text, line)
            doubles.add(line)
        return Summary(totals, doubles.kinds())


def page(output: Path, found: Summary) -> Iterator[str]:
    """The page of an audit, piece by piece.

    Raises:
        OSError: the lines cannot be read.
    """
    charts = [
        audit_page.chart(_TITLES[name], ordered(name, found.totals.counts[name]))
        for name in BY
        if found.totals.counts[name]
    ]
    doubles = [
        audit_page.Doubles(kind.title, [(group.common, group.files) for group in kind.groups], kind.more)
        for kind in found.doubles
    ]
    document = folder.about(output) or {}
    about = {
        "version": document.get("version", __version__),
        "inputs": document.get("inputs", []),
        "files_text": f"{found.totals.files:,}",
        "left_out": max(0, found.totals.files - MAX_ROWS),
    }
    yield from audit_page.audit_page(charts, doubles, _rows(output), about)


def _rows(output: Path) -> Iterator[list[str]]:
    """The rows of the table, the worst words first."""
    left = MAX_ROWS
    for word in reversed(Word):
        for text in folder.lines(output):
            if word_of(text) != word.value:
                continue
            if not left:
                return
            left -= 1
            yield _row(json.loads(text))


def _row(line: Mapping[str, Any]) -> list[str]:
    counted = dimensions(line)
    codes = ", ".join(f"{item['code']} {item['name']}" for item in line["findings"])
    named = (line["file"], line["verdict"], line.get("number"), line.get("title") or line.get("own_title"))
    rest = (", ".join(counted["standing"]), *counted.get("year", [""]), line.get("producer"), codes)
    return [str(value or "") for value in (*named, *rest)]


class Difference(NamedTuple):
    """What two audits differ in."""

    added: int
    gone: int
    changed: Counter[tuple[str, str]]
    """How many files had the one verdict and have the other."""
    files: list[tuple[str, str, str]]
    """The first of these files, by name, each with both verdicts; an empty one where the file is not in that audit."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        changed = [{"from": old, "to": new, "files": count} for (old, new), count in sorted(self.changed.items())]
        files = [{"file": file, "from": old or None, "to": new or None} for file, old, new in self.files]
        return {"added": self.added, "gone": self.gone, "changed": changed, "files": files}


def difference(old: Path, new: Path) -> Difference:
    """Compares two audits by the names of their files.

    Raises:
        UsageError: one of them is not an audit.
        OSError: one of them cannot be read.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as base:
        base.execute("create table files (file blob primary key, old text default '', new text default '')")
        base.execute("begin")
        for column, output in (("old", old), ("new", new)):
            query = (
                f"insert into files (file, {column}) values (?, ?) "  # noqa: S608  names of ours
                f"on conflict (file) do update set {column} = excluded.{column}"
            )
            for text in folder.lines(output):
                name = str(json.loads(text)["file"]).encode("utf-8", "surrogatepass")
                base.execute(query, (name, word_of(text)))
        counts = base.execute("select old, new, count(*) from files where old <> new group by old, new").fetchall()
        rows = base.execute(
            "select file, old, new from files where old <> new order by old = '' or new = '', file limit ?",
            (_MAX_CHANGES,),
        ).fetchall()
    return Difference(
        added=sum(count for before, _, count in counts if not before),
        gone=sum(count for _, after, count in counts if not after),
        changed=Counter({(before, after): count for before, after, count in counts if before and after}),
        files=[(name.decode("utf-8", "surrogatepass"), before, after) for name, before, after in rows],
    )
