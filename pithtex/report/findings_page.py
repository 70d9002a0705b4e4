"""The catalogue of findings as a page: `python -m pithtex.report.findings_page > docs/reference/findings.md`."""

from __future__ import annotations

import sys
from typing import Final

from pithtex.catalogue import CATALOGUE

_HEAD: Final = """\
# Findings

Every finding has a stable code and a stable name. An `error` makes the exit code 1 and a PDF `invalid`; a `warning` or
a `note` does neither by itself. The page is written by `python -m pithtex.report.findings_page`.

| code | name | severity | what it says |
|---|---|---|---|
"""


def catalogue_page() -> str:
    """The page, Markdown."""
    rows = (
        f'| <a id="{rule.name}"></a>{rule.code} | {rule.name} | {rule.severity.value} | {rule.sentence} |\n'
        for rule in CATALOGUE.values()
    )
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(catalogue_page())
