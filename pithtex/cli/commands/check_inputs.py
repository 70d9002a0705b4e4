"""Collects the PDFs for `pithtex check` from names, folders and lists of names."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterable
from typing import Final

from pithtex.catalogue import finding
from pithtex.cli.shared.streams import say
from pithtex.errors import UsageError
from pithtex.findings import Finding
from pithtex.structs import field, struct

_SKIPPED: Final = {
    "OTHER_NAME": ("file that is not named *.pdf", "files that are not named *.pdf"),
    "LINK": ("link to a folder", "links to folders"),
}
"""What is passed over and no fault, by the name of `gather.Why`."""


@struct(frozen=False)
class PdfInputs:
    """The PDFs that were requested."""

    files: list[str] = field(default_factory=list)
    """`-` is standard input."""
    problems: list[tuple[str, Finding]] = field(default_factory=list)
    """What cannot be read of folders, and folders without PDFs."""
    skipped: Counter[str] = field(default_factory=Counter)
    several: bool = False
    """Whether there is, or could be, more than one."""


def collect(names: Iterable[str], lists: Iterable[str]) -> PdfInputs:
    """Goes through folders and lists.

    Args:
        names: files and folders; a file is taken whatever it is called.
        lists: files of names, one a line or ended by NUL; `-` is standard input.

    Raises:
        UsageError: there is not one name.
        MalformedError: a name in a list is too long.
        OSError: a list cannot be read.
    """
    found = PdfInputs()
    for name in names:
        _add(found, name)
    for listing in lists:
        from pithtex.system.gather import listed

        found.several = True
        for name in listed(listing):
            _add(found, os.path.join(".", name) if name == "-" else name)
    if not found.files and not found.problems:
        raise UsageError("the list is empty", hint="--files-from takes names, one a line or ended by NUL")
    found.several = found.several or len(found.files) > 1
    return found


def _add(found: PdfInputs, name: str) -> None:
    if name == "-" or not os.path.isdir(name):
        found.files.append(name)
        return
    from pithtex.audit.names import is_pdf
    from pithtex.system.gather import Found, Why, gather

    found.several = True
    files, problems = len(found.files), len(found.problems)
    for item in gather([name], is_pdf, linked=False):
        if isinstance(item, Found):
            found.files.append(item.path)
        elif item.why is Why.UNREADABLE:
            hint = "make it readable, or leave it out"
            found.problems.append((item.path, finding("no-input", item.reason, where=item.path, hint=hint)))
        else:
            found.skipped[item.why.name] += 1
    found.files[files:] = sorted(found.files[files:])  # folders list theirs in any order
    if (len(found.files), len(found.problems)) == (files, problems):
        hint = f"to check a paper's sources: pithtex presubmit {shlex.quote(name)}"
        found.problems.append((name, finding("no-input", "no PDF is in this folder", where=name, hint=hint)))


def say_skipped(found: PdfInputs) -> None:
    """Prints to stderr what was skipped in folders."""
    counts = [f"{count:,} {_SKIPPED[why][count != 1]}" for why, count in sorted(found.skipped.items(), reverse=True)]
    if counts:
        say(f"passed over: {', '.join(counts)}")
