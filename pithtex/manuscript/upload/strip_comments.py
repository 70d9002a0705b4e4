r"""Takes the comments out of a paper's sources, and what stands in them that is never printed; nothing else changes.

1. What follows a `%` goes; the `%` itself stays where it ends a line that holds more, since it keeps a space out. A
   line that is a comment goes whole.
2. `comment` environments go, `\iffalse` up to its `\fi` where neither a conditional nor an `\else` is in it, and what
   stands behind the document's end.
3. A file in which `%` may mean something else keeps its comments.

Files are read as Latin-1, byte for character, so that any encoding that extends ASCII goes through unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pithtex.manuscript.source.comments import comments_of
from pithtex.manuscript.source.unprinted import without_unprinted

_ENDING: Final = ".tex"
"""Comments of classes and packages hold their licences."""


def without_comments(files: Mapping[str, Path], place: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Returns the same files, those that end in `.tex` without comments.

    Args:
        files: the names in the upload, and where the files are.
        place: a folder for what is made, which lasts as long as the result is used.

    Returns:
        The files, and the names of those that keep their comments, each with the reason.

    Raises:
        OSError: a file cannot be read.
    """
    made, kept = dict(files), {}
    for name, path in files.items():
        if not name.lower().endswith(_ENDING):
            continue
        before = path.read_bytes()
        after = stripped(before.decode("latin-1"))
        if after is None:
            kept[name] = "it may change the meaning of %"
        elif after.encode("latin-1") != before:
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(after.encode("latin-1"))
            made[name] = target
    return made, kept


def stripped(text: str) -> str | None:
    """Returns a source's text without comments; None if they cannot be told."""
    comments = comments_of(text)
    if comments is None:
        return None
    parts: list[str] = []
    position = 0
    for start, end in comments:
        line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        alone = not text[line:start].strip(" \t")
        parts.append(text[position : line if alone else start + 1])
        position = _behind_line(text, end) if alone else end
    bare = "".join(parts) + text[position:]
    return without_unprinted(bare)


def _behind_line(text: str, end: int) -> int:
    return end + 2 if text.startswith("\r\n", end) else min(end + 1, len(text))
