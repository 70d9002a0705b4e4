"""The forms of arXiv's `00README`: JSON, which it reads, and those of before, which may still say what is compiled.

Sources: arXiv's help page "The 00README File Format"; submission-tools (zerozeroreadme).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_BYTES: Final = 256 * 1024
_YAML_ITEM: Final = re.compile(r"^\s*-\s+(?P<rest>\S.*)$")
_YAML_PAIR: Final = re.compile(r"^\s*(?P<key>[a-z_]+)\s*:\s*[\"']?(?P<value>[^\"'#]*?)[\"']?\s*(?:#.*)?$")


def named_toplevels(folder: Path) -> tuple[str, ...]:
    """Returns the files that the folder's `00README` has compiled, in its order; none if it names none.

    One that is not of its form names none: what is wrong with it is said elsewhere.
    """
    forms = {".json": _json, ".yaml": _yaml, ".yml": _yaml, ".toml": _toml, ".xxx": _lines}
    try:
        files = {path.suffix.lower(): path for path in folder.iterdir() if path.stem.upper() == "00README"}
    except OSError:
        return ()
    for suffix, read in forms.items():
        if suffix in files and files[suffix].is_file():
            with files[suffix].open("rb") as stream:
                items = read(stream.read(_BYTES).decode("utf-8", "replace"))
            return tuple(str(item["filename"]) for item in items if item.get("filename") and _compiled(item))
    return ()


def _compiled(item: dict[str, object]) -> bool:
    return item.get("usage", "toplevel") == "toplevel" and not {"orientation", "keep_comments"} & item.keys()


def _json(text: str) -> list[dict[str, object]]:
    from pithtex.errors import MalformedError
    from pithtex.format.canonical import parse_json

    try:
        document = parse_json(text.encode(), max_bytes=_BYTES)
    except MalformedError:
        return []
    return _items(document.get("sources") if isinstance(document, dict) else None)


def _toml(text: str) -> list[dict[str, object]]:
    import tomllib

    try:
        return _items(tomllib.loads(text).get("sources"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return []


def _items(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _yaml(text: str) -> list[dict[str, object]]:
    """Returns the items of `sources`, one key per line as on arXiv's page; other forms of YAML are not read."""
    items: list[dict[str, object]] = []
    inside = False
    for line in text.splitlines():
        if line and not line[0].isspace() and not line.startswith("-"):
            inside = line.split("#")[0].strip() == "sources:"
            continue
        item = _YAML_ITEM.match(line) if inside else None
        if item is not None:
            items.append({})
        pair = _YAML_PAIR.match(line if item is None else item["rest"]) if inside and items else None
        if pair is not None:
            items[-1][pair["key"]] = pair["value"].strip()
    return items


def _lines(text: str) -> list[dict[str, object]]:
    """Returns the form of before 2023: a name and a word on each line."""
    usages = {"toplevelfile": "toplevel", "ignore": "ignore", "include": "include", "append": "append"}
    pairs = (line.split() for line in text.splitlines())
    return [{"filename": pair[0], "usage": usages.get(pair[1], "other")} for pair in pairs if len(pair) == 2]
