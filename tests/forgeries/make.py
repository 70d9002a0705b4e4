"""Writes the forged PDFs into a folder, or the page of documentation that lists them.

python -m tests.forgeries.make DIR           one PDF each
python -m tests.forgeries.make --page        docs/how-we-know/forgeries.md, on standard output
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from pithtex.catalogue import CATALOGUE
from tests.forgeries import (
    abstracts,
    channels,
    colours,
    drawing,
    files,
    fonts,
    grammar,
    illegible,
    layers,
    links,
    moving,
    pages,
    readers,
    rounding,
    sheets,
    structure,
    titles,
    unread,
)
from tests.forgeries.kit import Forgery

GROUPS: Final = {
    "Metadata and receipts": channels.FORGERIES,
    "The badge's link": links.FORGERIES,
    "Stolen badges": pages.FORGERIES,
    "Stolen badges: titles that are cited": titles.FORGERIES,
    "Stolen badges: titles that are almost the same, and second ones": sheets.FORGERIES,
    "Stolen badges with the genuine abstract elsewhere": abstracts.FORGERIES,
    "Stolen badges with titles that nobody can read": illegible.FORGERIES,
    "Stolen badges under layers": layers.FORGERIES,
    "Stolen badges on pages that change, or under annotations": moving.FORGERIES,
    "Stolen badges on pages that readers draw differently": readers.FORGERIES,
    "Stolen badges on pages that are not of the grammar": grammar.FORGERIES,
    "Stolen badges on pages that some readers draw in another state": drawing.FORGERIES,
    "Stolen badges in colours that readers compute differently": colours.FORGERIES,
    "Stolen badges in fonts that readers read differently": fonts.FORGERIES,
    "Stolen badges on pages that readers compute differently": rounding.FORGERIES,
    "Stolen badges under words that are not text": unread.FORGERIES,
    "Stolen badges in files that readers repair": files.FORGERIES,
    "The file's structure": structure.FORGERIES,
}
FORGERIES: Final[tuple[Forgery, ...]] = tuple(forgery for group in GROUPS.values() for forgery in group)

_HEAD: Final = """\
# Forged PDFs

Each row is a PDF that the tests make from a genuine compiled paper and check: what an attacker arranged, the word that
`pithtex check` must give, and the findings that must be among those it reports. `make forgeries` writes the files into
`build/forgeries/`, for a look with other tools. This page is written by `python -m tests.forgeries.make --page`.

A stolen badge is a genuine badge, with its receipt, in a paper that is not its own. It is `unbound` as long as the
paper does not visibly show the record's title or stamp. A few rows are `valid`: spellings of the truth that must not
be taken for forgeries, and three things that no metadata can tell. A thief who *prints* the title or the arXiv stamp
of the paper that he stole the badge of, or whose font draws other letters than it says, makes a PDF that shows what
the genuine paper shows to a program; the text below the title is under no signature. A person sees it at once, and
`--expect ID` or a look at the paper at its source settles it ([what the verdict rests on](../explanation/verdict.md)).
"""


def page() -> str:
    """The page, Markdown."""
    parts = [_HEAD]
    for title, group in GROUPS.items():
        parts.append(f"\n## {title}\n\n| forgery | what the attacker does | verdict | findings |\n|---|---|---|---|\n")
        for forgery in group:
            found = ", ".join(
                f"[{CATALOGUE[name].code}](../reference/findings.md#{name}) {name}" for name in forgery.findings
            )
            parts.append(f"| {forgery.name} | {forgery.attack} | `{forgery.word}` | {found} |\n")
    return "".join(parts)


def write(folder: Path) -> None:
    """Writes every forged PDF, named after the forgery."""
    folder.mkdir(parents=True, exist_ok=True)
    for forgery in FORGERIES:
        name = re.sub(r"[^a-z0-9]+", "-", forgery.name.lower())
        (folder / f"{name}.pdf").write_bytes(forgery.make())


def main(arguments: list[str]) -> int:
    if arguments == ["--page"]:
        sys.stdout.write(page())
    elif len(arguments) == 1 and not arguments[0].startswith("-"):
        write(Path(arguments[0]))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
