"""The rules as a page of documentation, from their docstrings and their examples.

`python -m pithtex.review.rules_page docs/reference/presubmit.md tests/data/presubmit` writes the page below its mark.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final

from pithtex.catalogue import CATALOGUE, Rule
from pithtex.review.ignore_comments import unused_ignore
from pithtex.review.rules import CHAPTERS

_MARK: Final = "<!-- Written by python -m pithtex.review.rules_page, from the rules and their examples. -->\n"
_PARTS: Final = ("What it does", "Why it matters", "How to fix it")
_WIDTH: Final = 120

RULES_OF: Final[dict[str, tuple[Callable[..., object], ...]]] = {**CHAPTERS, "The check itself": (unused_ignore,)}
"""All rules that are documented here, below the headings of the page."""


def rules_page(head: str, examples: Path) -> str:
    """Returns the page, Markdown.

    Args:
        head: the page as it is; what stands below its mark is replaced.
        examples: the folder with a folder for each code, and `bad` and `good` in that.

    Raises:
        ValueError: the page has no mark, or a rule has no finding, no docstring of the form wanted, or no example.
    """
    before, mark, _ = head.partition(_MARK)
    if not mark:
        raise ValueError(f"the page lacks the line {_MARK!r}")
    chapters = (
        f"\n## {heading}\n" + "".join(rule_section(rule, examples) for rule in rules)
        for heading, rules in RULES_OF.items()
    )
    return before + mark + "".join(chapters)


def rule_section(rule: Callable[..., object], examples: Path) -> str:
    """Returns a rule's section of the page; the arguments and errors are those of `rules_page`."""
    stated = finding_of(rule)
    words = " ".join(f"**{part}.** {text}" for part, text in parts_of(rule).items())
    heading = f'\n<a id="{stated.name}"></a>\n\n### {stated.code} {stated.name}\n'
    return f"{heading}\n{_filled(f'{stated.severity.value.capitalize()}. {words}')}\n{_example(examples / stated.code)}"


def finding_of(rule: Callable[..., object]) -> Rule:
    """Returns the finding that the rule gives: that of its name in the catalogue.

    Raises:
        ValueError: the catalogue has none of that name.
    """
    found = CATALOGUE.get(rule.__name__.replace("_", "-"))
    if found is None:
        raise ValueError(f"{rule.__name__}: the catalogue has no finding of this name")
    return found


def parts_of(rule: Callable[..., object]) -> dict[str, str]:
    """Returns what a rule's docstring says, by heading.

    Raises:
        ValueError: the docstring is not the code and the three parts, in their order.
    """
    code, *parts = (inspect.getdoc(rule) or "").split("\n\n")
    said = dict(part.partition(":\n")[::2] for part in parts)
    if tuple(said) != _PARTS or not all(said.values()) or code != f"{finding_of(rule).code}.":
        raise ValueError(f"{rule.__name__}: its docstring is not its code and then {', '.join(_PARTS)}")
    return {part: " ".join(text.split()) for part, text in said.items()}


def _example(folder: Path) -> str:
    """Returns what turns the bad example into the good one, as a diff, and what the cases say in words."""
    bad, good = folder / "bad", folder / "good"
    if not (bad.is_dir() and good.is_dir()):
        raise ValueError(f"{folder} has no folders bad and good")
    names = sorted({path.relative_to(side).as_posix() for side in (bad, good) for path in side.rglob("*")})
    lines = [line for name in names if name != "case.toml" for line in _changes(bad / name, good / name)]
    cases = {"Reported": _words(bad), "Not reported": _words(good)}
    words = "".join(f"- {heading}: {text}\n" for heading, text in cases.items() if text)
    shown = f"\n```diff\n{''.join(lines)}```\n" if lines else ""
    if not shown and not words:
        raise ValueError(f"{folder}: nothing distinguishes the good example from the bad one")
    return shown + (f"\n{words}" if words else "")


def _changes(bad: Path, good: Path) -> Iterator[str]:
    name = {"dot-gitignore": ".gitignore"}.get(good.name, good.name.removesuffix(".txt"))
    changes = list(unified_diff(_lines(bad), _lines(good), n=0))[2:]
    yield from [f" {name}:\n"] if changes else []
    yield from (line for line in changes if not line.startswith("@@"))


def _lines(path: Path) -> list[str]:
    """Returns the lines of a text, with what is not a printable ASCII spelled out."""
    data = path.read_bytes() if path.is_file() else b""
    text = re.sub(r"[^ -~\n]", lambda found: f"\\x{ord(found[0]):02x}", data.decode("latin-1"))
    return [f"{line.rstrip()}\n" for line in text.splitlines()]


def _words(folder: Path) -> str:
    """Returns what an example is where no file shows it: the comments of its case.toml."""
    case = folder / "case.toml"
    lines = case.read_text(encoding="utf-8").splitlines() if case.is_file() else []
    return " ".join(line.removeprefix("# ") for line in lines if line.startswith("# "))


def _filled(text: str) -> str:
    """Returns the text in lines of the page's width; no word is broken, and no code."""
    lines = [""]
    for word in re.findall(r"`[^`]*`\S*|\S+", text):
        if len(lines[-1]) + 1 + len(word) > _WIDTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return "\n".join(lines)


if __name__ == "__main__":
    page, folder = Path(sys.argv[1]), Path(sys.argv[2])
    page.write_text(rules_page(page.read_text(encoding="utf-8"), folder), encoding="utf-8")
