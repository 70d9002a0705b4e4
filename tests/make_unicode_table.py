"""Writes pithtex/unicode_table.py from the Unicode database of the version that is pinned.

    python -m tests.make_unicode_table

Needs the package unicodedata2 of that version. Another version is another set of titles that a receipt may carry, so
the version is part of the format (docs/reference/compact-receipt.md, "Characters of a title").
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from tests.conftest import ROOT

VERSION: Final = "18.0.0"
OLDEST: Final = "14.0"
"""The Unicode of Python 3.11, the oldest that pithtex runs on."""
TABLE: Final = ROOT / "pithtex" / "unicode_table.py"
_KINDS: Final = {
    "Cc": "control",
    "Cf": "format",
    "Cs": "surrogate",
    "Co": "private-use",
    "Cn": "unassigned",
    "Zl": "separator",
    "Zp": "separator",
}
_HEAD: Final = '''"""Characters by one pinned version of Unicode, so that every Python says the same of a title.

Written by `python -m tests.make_unicode_table`; the rule: docs/reference/compact-receipt.md, "Characters of a title".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

'''


def database() -> Any:
    """The database of the pinned version.

    Raises:
        ModuleNotFoundError: the package is not installed.
        ValueError: it is of another version.
    """
    import unicodedata2  # type: ignore[import-not-found,unused-ignore]

    if unicodedata2.unidata_version != VERSION:
        raise ValueError(f"unicodedata2 is of Unicode {unicodedata2.unidata_version}, and {VERSION} is pinned")
    return unicodedata2


def kind_of(database: Any, char: str) -> str | None:
    """What keeps a character out of a title."""
    kind = _KINDS.get(database.category(char))
    return kind or ("compatibility" if database.decomposition(char).startswith("<") else None)


def table(database: Any) -> str:
    """The module's text."""
    ranges: dict[str, list[str]] = {}
    for first, last, kind in _runs(lambda char: kind_of(database, char)):
        ranges.setdefault(kind, []).append(f"{first:x}" if first == last else f"{first:x}-{last:x}")
    rows = "".join(f'    "{kind}": ({_wrapped(" ".join(texts))}),\n' for kind, texts in sorted(ranges.items()))
    lower = " ".join(f"{one:x}-{other:x}" for one, other in _young_capitals(database))
    return (
        f'{_HEAD}UNICODE: Final = "{VERSION.removesuffix(".0")}"\n\n'
        f"UNFIT: Final[Mapping[str, str]] = {{\n{rows}}}\n"
        '"""What a title may not hold: by kind, the ranges of code points, in hex."""\n\n'
        f"YOUNG_CAPITALS: Final = ({_wrapped(lower, 4)})\n"
        f'"""Capitals that are younger than Unicode {OLDEST}, that of the oldest Python, and their small letters."""\n'
    )


def _runs(kind: Callable[[str], str | None]) -> Iterator[tuple[int, int, str]]:
    start, before = 0, kind("\0")
    for code in range(1, 0x110001):
        now = kind(chr(code)) if code < 0x110000 else None
        if now != before or code == 0x110000:
            if before is not None:
                yield start, code - 1, before
            start, before = code, now


def _young_capitals(database: Any) -> Iterator[tuple[int, int]]:
    """By their names, which for letters of these versions differ in the one word."""
    for code in sorted(_YOUNG):
        char = chr(code)
        if database.category(char) == "Lu":
            yield code, ord(database.lookup(database.name(char).replace("CAPITAL", "SMALL")))


_YOUNG: Final = frozenset(
    {
        *(0x1C89, 0xA7CB, 0xA7CC, 0xA7CE, 0xA7D2, 0xA7D4, 0xA7DA, 0xA7DC, 0xA7DD, 0xA7E2, 0xAB6C, 0xAB6D),
        *range(0x10D50, 0x10D66),
        *range(0x16EA0, 0x16EB9),
        *range(0x1DF40, 0x1DF80),
    }
)
"""Where Unicode 15.0 to 18.0 have new capitals (DerivedAge.txt)."""


def _wrapped(text: str, indent: int = 8) -> str:
    lines = textwrap.wrap(text, 116 - indent)
    quoted = [f'"{line}{" " if line is not lines[-1] else ""}"' for line in lines]
    if len(quoted) == 1:
        return quoted[0]
    return "\n" + "".join(f"{' ' * indent}{line}\n" for line in quoted) + " " * (indent - 4)


if __name__ == "__main__":
    Path(TABLE).write_text(table(database()), "utf-8")
