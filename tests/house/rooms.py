"""The rooms of `pithtex/` and what each imports; `make rooms` draws docs/explanation/architecture/rooms.svg.

A room is a folder directly below `pithtex/`; the modules that stand there alone are one room more, `the root`. Every
import counts, whether it runs at start-up, inside a function, or for type checkers only.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "explanation" / "architecture" / "rooms.svg"
PACKAGE = ROOT / "pithtex"
FOUNDATION = "the root"
"""The modules that every room may import: errors, findings, catalogue, limits, text."""


def room_of(module: str) -> str:
    """The room of a module's dotted name."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and (PACKAGE / parts[1]).is_dir() else FOUNDATION


@cache
def arrows() -> dict[str, frozenset[str]]:
    """Each room with the other rooms that it imports."""
    found: dict[str, set[str]] = {FOUNDATION: set()}
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if module in {"pithtex", "pithtex.__main__"}:  # the table of public names, and the way in
            continue
        found.setdefault(room_of(module), set()).update(map(room_of, _imported(path)))
    return {room: frozenset(targets - {room}) for room, targets in sorted(found.items())}


def inner_arrows(room: str) -> dict[str, frozenset[str]]:
    """The same inside of one room: each folder or module that stands in it, with the others that it imports."""
    found: dict[str, set[str]] = {}
    for path in sorted((PACKAGE / room).rglob("*.py")):
        name, *below = path.relative_to(PACKAGE / room).with_suffix("").parts
        if name != "__init__" or below:
            parts = [module.split(".") for module in _imported(path)]
            found.setdefault(name, set()).update(part[2] for part in parts if part[1] == room and len(part) > 2)
    return {name: frozenset((targets & found.keys()) - {name}) for name, targets in sorted(found.items())}


def _imported(path: Path) -> Iterator[str]:
    """The modules of pithtex that a file imports; a name that is imported from a room may be a module of it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("pithtex."))
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("pithtex."):
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def needed(of: dict[str, frozenset[str]]) -> set[tuple[str, str]]:
    """The arrows that do not follow from two others: what the picture shows.

    Raises:
        ValueError: the rooms import each other in a circle.
    """
    reach: dict[str, set[str]] = {}

    def below(room: str, above: tuple[str, ...]) -> set[str]:
        if room in above:
            raise ValueError(f"rooms import each other in a circle: {' -> '.join((*above, room))}")
        if room not in reach:
            reach[room] = {far for near in of[room] for far in {near} | below(near, (*above, room))}
        return reach[room]

    for room in of:
        below(room, ())
    return {
        (room, target)
        for room, targets in of.items()
        for target in targets
        if not any(target in reach[other] for other in targets - {target})
    }


def drawn(svg: str) -> set[tuple[str, str]]:
    """The arrows of a picture, from the titles that Graphviz gives them."""
    return set(re.findall(r"<title>([^<]+)&#45;&gt;([^<]+)</title>", svg))


def graph() -> str:
    """The picture in Graphviz's language."""
    lines = [
        "digraph rooms {",
        'bgcolor="white"; rankdir=TB; ranksep=0.45; nodesep=0.35;',
        'node [shape=box, style="rounded,filled", fillcolor="#f4f6f8", color="#5b6b7b", fontname="sans-serif"];',
        'edge [color="#5b6b7b", arrowsize=0.7];',
    ]
    lines += [f'"{room}";' for room in arrows()]
    lines += [f'"{room}" -> "{target}";' for room, target in sorted(needed(arrows()))]
    return "\n".join([*lines, "}", ""])


def main() -> int:
    done = subprocess.run(["dot", "-Tsvg"], input=graph(), capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return 1
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(done.stdout, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
