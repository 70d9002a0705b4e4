"""The addresses that the project names: which are placeholders, and how one is set everywhere at once.

python -m release.addresses              lists the placeholders, and the files that name them
python -m release.addresses NAME VALUE   sets one in addresses.toml and in each file of the project that names it
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from release.files import ROOT, texts

FILE: Final = ROOT / "release" / "addresses.toml"
_PLACEHOLDER: Final = re.compile(r"OWNER|example\.org")
_GOOD: Final = {
    "slug": re.compile(r"[\w.-]+/[\w.-]+"),
    "site": re.compile(r"https://[\w.-]+(?:/[\w.-]+)*"),
    "contact": re.compile(r"[\w.+-]+@[\w.-]+"),
    "security": re.compile(r"[\w.+-]+@[\w.-]+"),
}
"""The form of each value; no slash at the end, since pages are named after it."""


def addresses() -> dict[str, str]:
    """All addresses by name, as they stand in addresses.toml."""
    return {name: str(value) for name, value in tomllib.loads(FILE.read_text("utf-8")).items()}


def placeholders() -> dict[str, str]:
    """Those that have to be chosen before a release."""
    return {name: value for name, value in addresses().items() if _PLACEHOLDER.search(value)}


def naming(value: str) -> Iterator[Path]:
    """The files of the project that name an address."""
    return (path for path in texts() if value in path.read_text("utf-8"))


def set_address(name: str, value: str) -> list[Path]:
    """Sets an address everywhere; returns the files that changed.

    Raises:
        ValueError: no address of that name, or a value of another form.
    """
    if name not in _GOOD:
        raise ValueError(f"no address {name!r}; there are {', '.join(_GOOD)}")
    if not _GOOD[name].fullmatch(value):
        raise ValueError(f"{value!r} has not the form of {name}: {_GOOD[name].pattern}")
    old = addresses()[name]
    changed = list(naming(old))
    for path in changed:
        path.write_text(path.read_text("utf-8").replace(old, value), "utf-8")
    return changed


def main(arguments: list[str]) -> int:
    """Lists, or sets one."""
    if len(arguments) == 2:
        try:
            changed = set_address(*arguments)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 2
        print(f"{arguments[0]} is {arguments[1]} in {len(changed)} files")
        return 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    for name, value in placeholders().items():
        files = sorted(path.relative_to(ROOT).as_posix() for path in naming(value))
        print(f"{name}: {value} is a placeholder, in {', '.join(files)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
