"""docs/ as a site of its own: links that lead out of docs/ are turned, and Zensical builds the rest, strictly."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from release.addresses import addresses
from release.files import ROOT

DOCS: Final = ROOT / "docs"
_TAKEN: Final = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CODE_OF_CONDUCT.md": "code-of-conduct.md",
    "latex/README.md": "reference/latex-package.md",
}
"""Pages that stand elsewhere in the repository, with their places in the site."""
_LINK: Final = re.compile(r"(\]\()([^)#\s]+)((?:#[^)]*)?\))")
_ENTRY: Final = re.compile(r"^- \[([^\]]+)\]\(([^)#]+)\)", re.MULTILINE)


def stage(folder: Path) -> None:
    """Writes the pages and the configuration that Zensical builds from."""
    shutil.copytree(DOCS, folder / "docs")
    for source in _TAKEN:
        shutil.copy(ROOT / source, folder / "docs" / _TAKEN[source])
    for page in (folder / "docs").rglob("*.md"):
        name = page.relative_to(folder / "docs").as_posix()
        original = next((source for source, target in _TAKEN.items() if target == name), f"docs/{name}")
        page.write_text(turned(page.read_text("utf-8"), original), "utf-8")
    commands = folder / "docs" / "reference" / "commands.md"
    commands.write_text(commands.read_text("utf-8") + helps(), "utf-8")
    nav = navigation((DOCS / "README.md").read_text("utf-8"))
    configuration = (ROOT / "website" / "zensical.toml").read_text("utf-8")
    (folder / "zensical.toml").write_text(
        configuration.replace("[project.theme]", f"{nav}\n[project.theme]", 1), "utf-8"
    )


def helps() -> str:
    """The help of every command, as the parsers give it at a width of 80."""
    from pithtex.cli.main import build_parser
    from pithtex.cli.table import COMMANDS

    parts = []
    for name, module in COMMANDS.items():
        group = next(each for each in build_parser({name: module})._actions if isinstance(each.choices, dict))
        parts.append(f"\n## pithtex {name}\n\n```text\n{group.choices[name].format_help().strip()}\n```\n")  # type: ignore[index]
    return "".join(parts)


def turned(text: str, page: str) -> str:
    """A page's text with its links as they are in the site.

    Args:
        text: Markdown.
        page: where the page stands in the repository; links are taken from there.
    """
    here = posixpath.dirname(page)
    there = _place(page)

    def turn(link: re.Match[str]) -> str:
        if re.match(r"[a-z]+:", link[2]):
            return link[0]
        target = posixpath.normpath(posixpath.join(here, link[2]))
        place = _place(target)
        if place is None or there is None:
            kind = "tree" if (ROOT / target).is_dir() else "blob"
            return f"{link[1]}https://github.com/{addresses()['slug']}/{kind}/main/{target}{link[3]}"
        return f"{link[1]}{posixpath.relpath(place, posixpath.dirname(there) or '.')}{link[3]}"

    return _LINK.sub(turn, text)


def _place(name: str) -> str | None:
    """Where a file of the repository stands in the site; None where it does not."""
    if name in _TAKEN:
        return _TAKEN[name]
    inside = name.startswith("docs/") and not (ROOT / name).is_dir()
    return name.removeprefix("docs/") if inside else None


def navigation(index: str) -> str:
    """The navigation, in TOML: a part for each section of docs/README.md, a page for each link in it."""
    parts = [{"Overview": ["README.md"]}]
    for section in re.split(r"^## ", index, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        pages = [(title, _place(posixpath.normpath(f"docs/{target}"))) for title, target in _ENTRY.findall(body)]
        parts.append({heading: [{title: place} for title, place in pages if place]})  # type: ignore[misc]
    return f"nav = [{', '.join(_toml(part) for part in parts)}]\n"


def _toml(value: object) -> str:
    """Texts, lists, and tables of one key, in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def build(folder: Path, assets: dict[str, str]) -> Path:
    """Builds the site; returns its folder.

    Args:
        folder: an empty one to work in.
        assets: files below `assets/`: name and content.

    Raises:
        RuntimeError: a link leads nowhere, or else Zensical complains; with what it says.
    """
    stage(folder)
    for name, content in assets.items():
        path = folder / "docs" / "assets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(folder / "zensical.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env={"NO_COLOR": "1"})
    if done.returncode:
        raise RuntimeError(f"the documentation does not build:\n{done.stdout}\n{done.stderr}")
    return folder / "site"
