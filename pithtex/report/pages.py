"""Builds the page of each finding for `pithtex explain`: what it says, why it matters, how to fix it, an example.

Rules of presubmit have theirs in docs/reference/presubmit.md, made of their docstrings and tested examples, and a wheel
carries that; all others have a paragraph in `explanations.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pithtex
from pithtex.catalogue import CATALOGUE, Rule
from pithtex.structs import struct

_PARTS: Final = ("Why", "Fix", "Bad", "Good")


@struct
class Explanation:
    """The explanation of a finding, beyond its one sentence."""

    why: str
    fix: str
    bad: str = ""
    good: str = ""


def page_of(rule: Rule) -> list[str]:
    """Returns the finding's page, as lines of text."""
    head = [f"{rule.code} {rule.name} ({rule.severity.value})", "", rule.sentence, ""]
    said = explanations().get(rule.code)
    if said is None:
        return [*head, *_section(rule)]
    lines = [*head, f"Why it matters: {said.why}", "", f"How to fix it: {said.fix}"]
    return [*lines, "", f"  bad:   {said.bad}", f"  good:  {said.good}"] if said.bad else lines


@cache
def explanations() -> dict[str, Explanation]:
    """Returns the explanations in `explanations.txt`, by code.

    Raises:
        ValueError: a paragraph is not of the form that its head states, or of no finding.
    """
    text = Path(__file__).with_name("explanations.txt").read_text("utf-8")
    found: dict[str, Explanation] = {}
    for paragraph in text.split("\n\n")[1:]:
        head, *lines = paragraph.strip().splitlines()
        code, _, name = head.partition(" ")
        parts = dict(line.partition(": ")[::2] for line in lines)
        if name not in CATALOGUE or CATALOGUE[name].code != code or tuple(parts) not in {_PARTS, _PARTS[:2]}:
            raise ValueError(f"explanations.txt: {head}")
        found[code] = Explanation(**{part.lower(): text for part, text in parts.items()})
    return found


def _section(rule: Rule) -> Iterator[str]:
    """Yields the section of a presubmit rule, with its Markdown as text."""
    _, _, rest = _presubmit_page().partition(f'<a id="{rule.name}"></a>\n')
    body = re.split(r'^<a id="|^## ', rest, maxsplit=1, flags=re.MULTILINE)[0].partition("\n### ")[2].partition("\n")[2]
    body, *cases = re.split(r"\n(?=- (?:Reported|Not reported): )", body.strip())
    said, _, example = body.partition("\n```diff\n")
    parts = re.split(r"\*\*(What it does|Why it matters|How to fix it)\.\*\*", " ".join(said.split()))[1:]
    for index in range(0, len(parts), 2):
        yield f"{parts[index]}: {parts[index + 1].strip()}"
        yield ""
    for line in (*example.partition("```")[0].splitlines(), *cases):
        yield f"  {line}".rstrip()


@cache
def _presubmit_page() -> str:
    """Finds docs/reference/presubmit.md: beside this file in an installed copy, in docs in a checkout."""
    installed = Path(__file__).with_name("presubmit.md")
    if installed.exists():
        return installed.read_text("utf-8")
    return (Path(pithtex.__file__).parents[1] / "docs" / "reference" / "presubmit.md").read_text("utf-8")
