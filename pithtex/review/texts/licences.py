"""Statements of a Creative Commons licence in a paper's source, in the forms that packages and classes give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Manuscript
from pithtex.structs import field, struct

_URL: Final = re.compile(
    r"creativecommons\.org/(?:licenses/([a-z-]{2,12})|publicdomain/(zero|mark))(?:/([0-9]\.[0-9]))?", re.IGNORECASE
)
_SHORT: Final = re.compile(r"CC[ -~]{1,3}(BY(?:-(?:NC-SA|NC-ND|SA|NC|ND))?|0)\b(?:[ ~]([0-9]\.[0-9]))?")
_SENTENCE: Final = re.compile(
    r"\bThis\s(?:work|paper|article|preprint|document|manuscript)\sis\s(?:licensed|released|distributed|published|"
    r"made\savailable|available|shared)\sunder\s([^.]{0,40}(?:[^.]|\.[^\s]){0,160})"
)
_MODIFIER: Final = re.compile(r"modifier\s*=\s*\{?\s*([a-z-]{2,12})")
_VERSION: Final = re.compile(r"version\s*=\s*\{?\s*([0-9]\.[0-9])")
_MAX_STATEMENTS: Final = 20


@struct
class StatedLicence:
    """One statement of a licence, and where it stands."""

    kind: str
    """As in the licence's address: `by`, `by-nc-sa`, `zero`."""
    version: str | None
    file: TexFile = field(repr=False)
    start: int

    @property
    def licence(self) -> str:
        """As people write it."""
        name = "CC0" if self.kind in {"zero", "0"} else f"CC {self.kind.upper()}"
        return f"{name} {self.version}" if self.version else name

    def agrees_with(self, signed: str) -> bool:
        """Tells whether the record's licence, an address, is that one; an older or newer version of it is another."""
        found = _URL.search(signed)
        if found is None:
            return False
        kind = "zero" if self.kind == "0" else self.kind
        versions = {self.version, found[3]} - {None}
        return (found[1] or found[2] or "").lower() == kind and len(versions) <= 1


def stated_licences(manuscript: Manuscript) -> Iterator[StatedLicence]:
    """Yields the statements, in order: of packages and commands first, then of sentences."""
    yield from _by_commands(manuscript)
    count = 0
    for file in manuscript.files:
        if "CC" not in file.text and "creativecommons" not in file.text:
            continue  # most files, and a sentence is slow to look for
        for sentence in _SENTENCE.finditer(file.text):
            count += 1
            if count > _MAX_STATEMENTS:
                return
            line_start = file.text.rfind("\n", 0, sentence.start()) + 1
            if "%" in file.text[line_start : sentence.start()].replace("\\%", ""):
                continue
            found = _named(sentence[1])
            if found is not None:
                yield StatedLicence(kind=found[0], version=found[1], file=file, start=sentence.start())


def _by_commands(manuscript: Manuscript) -> Iterator[StatedLicence]:
    package = manuscript.package("doclicense")
    modifier = None if package is None else _MODIFIER.search(package.options)
    if package is not None and modifier is not None:
        version = _VERSION.search(package.options)
        yield StatedLicence(
            kind=modifier[1], version=version[1] if version else None, file=package.file, start=package.start
        )
    rights = manuscript.commands.get("setcopyright")
    for name, use in manuscript.commands.items():
        if name == "setcctype" and rights is not None and rights.argument == "cc":  # else acmart prints nothing of it
            yield StatedLicence(kind=use.argument.lower(), version=use.options or None, file=use.file, start=use.start)
        elif name == "hypersetup" and "pdflicenseurl" in use.argument:
            found = _named(use.argument.partition("pdflicenseurl")[2])
            if found is not None:
                yield StatedLicence(kind=found[0], version=found[1], file=use.file, start=use.start)


def _named(text: str) -> tuple[str, str | None] | None:
    url = _URL.search(text)
    if url is not None:
        return (url[1] or url[2]).lower(), url[3]
    short = _SHORT.search(text)
    return None if short is None else (short[1].lower(), short[2])
