"""What BibTeX or Biber said in its last run (`.blg`): one warning a cause, at the entry that it is about.

That an entry is not there is said of the citation (PITH811), and is left out here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pithtex.structs import struct

_BIBTEX: Final = re.compile(
    r"Warning--(?P<what>[^\n]{1,300})(?:\n--line (?P<line>[0-9]{1,7}) of file (?P<file>[^\n]{1,200}))?"
)
_ERROR: Final = re.compile(r"(?P<what>[A-Z][^\n]{2,200}?)---line (?P<line>[0-9]{1,7}) of file (?P<file>[^\n]{1,200})")
_BIBER: Final = re.compile(r"^\[[0-9]+\] [^\n>]{1,80}> (?:WARN|ERROR) - (?P<what>[^\n]{1,300})", re.MULTILINE)
_COPY: Final = re.compile(
    r"BibTeX subsystem: \S{1,300}, line (?P<line>[0-9]{1,7}), (?:[a-z ]{1,20}: )?(?P<what>.{1,200})"
)
"""Biber reads a copy of the database, line by line the same, and names that."""
_NO_ENTRY: Final = re.compile(r"I didn't find a database entry|database entry for .* not found", re.I)
_KEY: Final = re.compile(r"(?:\bin |\bfor \"|'|\")(?P<key>[^\s\"',]{1,200})[\"']?(?:\.|\s|\Z)")
_ENTRY: Final = r"@\s*[A-Za-z]+\s*[{{(]\s*{}\s*,"
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_MOST: Final = 2_000
"""Warnings of one run that are looked at."""
_CAUSES: Final = 20
"""Causes that are told."""


@struct
class BibWarning:
    """One cause, where it was met first. `what` quotes untrusted text."""

    what: str
    count: int
    """How often it was met."""
    file: str
    """The database, or the log where it names none."""
    line: int | None


def read_bib_log(text: str, name: str, databases: Mapping[str, str]) -> tuple[BibWarning, ...]:
    """Returns the warnings of a log, one a cause.

    Args:
        text: of the log.
        name: its name.
        databases: the texts of the paper's `.bib` files by their names.
    """
    first: dict[str, BibWarning] = {}
    counts: dict[str, int] = {}
    for index, found in enumerate(_warnings(text)):
        if index >= _MOST:
            break
        place = found.groupdict()
        what = " ".join(found["what"].split())
        copied = _COPY.match(what)
        if copied is not None:
            what, place = copied["what"], {"file": next(iter(databases), None), "line": copied["line"]}
            place = place if len(databases) == 1 else {}
        if _NO_ENTRY.search(what):
            continue
        cause = _cause(what)
        counts[cause] = counts.get(cause, 0) + 1
        if cause not in first and len(first) < _CAUSES:
            file, line = _place(what, place, databases)
            first[cause] = BibWarning(what=what, count=1, file=file or name, line=line)
    return tuple(
        BibWarning(what=item.what, count=counts[cause], file=item.file, line=item.line) for cause, item in first.items()
    )


def _warnings(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_BIBTEX, _ERROR, _BIBER):
        yield from pattern.finditer(text)


def _cause(what: str) -> str:
    """Returns the words without what is of one entry."""
    return re.sub(r"\bin \S+\Z", "in", re.sub(r"[0-9]+", "0", _QUOTED.sub("", what)))


def _place(what: str, found: Mapping[str, str | None], databases: Mapping[str, str]) -> tuple[str | None, int | None]:
    """Returns the database and line: as the log has them, or where the entry of that key begins."""
    if found.get("file") in databases:
        return found["file"], int(found["line"] or 0) or None
    for key in (match["key"] for match in _KEY.finditer(what)):
        for name, text in databases.items():
            entry = re.search(_ENTRY.format(re.escape(key)), text, re.IGNORECASE)
            if entry is not None:
                return name, text.count("\n", 0, entry.start()) + 1
    return None, None
