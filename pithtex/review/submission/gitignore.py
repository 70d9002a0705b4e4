"""Whether a .gitignore leaves a file out: read here, since git itself runs what a repository's configuration names."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_MAX_BYTES: Final = 256 * 1024
"""A .gitignore. Long ones have some hundreds of lines."""
_MAX_LINES: Final = 2_000
"""Lines of one .gitignore that are looked at."""
_MAX_STEPS: Final = 10_000_000
"""What matching one line may cost, as the length of the path to the power of its wildcards: no real one comes near."""
_CLASSES: Final = {
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:alnum:]": "a-zA-Z0-9",
    "[:lower:]": "a-z",
    "[:upper:]": "A-Z",
    "[:xdigit:]": "0-9a-fA-F",
    "[:space:]": " \t",
}
"""Classes of POSIX inside of brackets, which git takes and pathspec does not."""


def ignoring_lines(folder: Path, name: str) -> tuple[str, ...]:
    """Returns the line by which a file of the folder is ignored, as `.gitignore: *.sty`; empty if it is not.

    Each folder from the root of the repository down to the file is asked in turn: a folder that is left out leaves
    out all that is in it, whatever lines come later. Of the lines that match, the last one of the deepest .gitignore
    decides (gitignore(5)). Without a repository only the .gitignore beside the file counts.
    """
    folders = [folder, *folder.parents]
    depth = next((depth for depth, place in enumerate(folders) if (place / ".git").exists()), 0)
    folders = folders[depth::-1]
    lines = [(place, line) for place in folders for line in _lines(place / ".gitignore")]
    for path in (*folders[1:], folder / name):
        for place, line in reversed(lines):
            if path.is_relative_to(place) and path != place:
                kept = _matches(line, path.relative_to(place).as_posix(), is_folder=path != folder / name)
                if kept is not None:
                    if kept:
                        break
                    return (f".gitignore: {line}",)
    return ()


def _matches(line: str, path: str, *, is_folder: bool) -> bool | None:
    """Tells whether the line keeps this very path (`!`) or leaves it out; None if it is not about it."""
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    pattern = line.removesuffix("/")
    inner = pattern.removeprefix("!")
    if "/" not in inner:
        path = path.rpartition("/")[2]
    elif "**" not in inner and inner.removeprefix("/").count("/") != path.count("/"):
        return None  # no wildcard but two stars takes a slash: of pathspec's, [^a] does
    if (pattern != line and not is_folder) or len(path) ** len(re.findall(r"\*+", line)) > _MAX_STEPS:
        return None
    for name, characters in _CLASSES.items():
        pattern = pattern.replace(name, characters)
    if pattern[-1:].isspace() and pattern[-1] != " ":
        pattern = f"{pattern[:-1]}[{pattern[-1]}]"  # git cuts spaces alone, pathspec a tab as well
    try:
        with warnings.catch_warnings(action="ignore"):
            compiled = GitIgnoreSpecPattern(pattern)
    except (ValueError, re.error):
        return None  # as git has it
    found = compiled.match_file(path)
    # The group is set where the match ends at a folder above the path, which was asked already.
    return None if found is None or found.match.groupdict().get("ps_d") else not compiled.include


def _lines(path: Path) -> Iterator[str]:
    """Yields the lines that are patterns, without blanks at the end unless they are escaped."""
    try:
        if path.is_symlink() or not path.is_file():  # git follows no link here
            return
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES)
    except OSError:
        return
    for line in data.decode("utf-8-sig", "surrogateescape").split("\n")[:_MAX_LINES]:
        pattern = re.sub(r"(?<!\\) +\Z", "", line.removesuffix("\r"))
        if pattern and not pattern.startswith("#"):
            yield pattern
