"""Writes the catalogue of findings as a page: `python -m pithtex.report.findings_page > docs/reference/findings.md`."""

from __future__ import annotations

import sys
from typing import Final

from pithtex.catalogue import CATALOGUE, Rule
from pithtex.report.pages import Explanation, explanations

_HEAD: Final = """\
# Findings

Every finding has a stable code and a stable name. An `error` makes the exit code 1 and a PDF `invalid`; a `warning` or
a `note` does neither by itself. `pithtex explain CODE` prints the page of a finding.
<!-- Written by python -m pithtex.report.findings_page from catalogue.py and report/explanations.txt. -->

| code | name | severity | what it says |
|---|---|---|---|
"""


_SECTIONS: Final = """\

Each of the rules of `pithtex presubmit` has its section on [presubmit.md](presubmit.md), the others here.
"""


def catalogue_page() -> str:
    """Returns the page in Markdown: the table, then a section for each finding that is not a presubmit rule."""
    explained = explanations()
    rows = [_row(rule, rule.code in explained) for rule in CATALOGUE.values()]
    sections = [
        f'\n<a id="{rule.name}"></a>\n\n## {rule.code} {rule.name}\n\n{_section(rule, explained[rule.code])}'
        for rule in CATALOGUE.values()
        if rule.code in explained
    ]
    return _HEAD + "".join(rows) + _SECTIONS + "".join(sections)


def _row(rule: Rule, here: bool) -> str:
    place = f"#{rule.name}" if here else f"presubmit.md#{rule.name}"
    anchor = "" if here else f'<a id="{rule.name}"></a>'
    return f"| {anchor}[{rule.code}]({place}) | {rule.name} | {rule.severity.value} | {rule.sentence} |\n"


def _section(rule: Rule, said: Explanation) -> str:
    words = f"{rule.severity.value.capitalize()}. {rule.sentence} {said.why} **How to fix it.** {said.fix}"
    example = f"\n\n```diff\n-{said.bad}\n+{said.good}\n```" if said.bad else ""
    return f"{words}{example}\n"


if __name__ == "__main__":
    sys.stdout.write(catalogue_page())
