"""What the rules see: everything there is of one submission, gathered before, so that a rule reads no file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import MalformedError
from pithtex.findings import Finding, Located, Severity
from pithtex.format.number import PithNumber, likely_number
from pithtex.manuscript.build.arxiv_rules import Readme
from pithtex.manuscript.edit.which_paper import Paper
from pithtex.manuscript.references.cited_works import Bibliography, CitedWork
from pithtex.manuscript.references.reference import PaperMap
from pithtex.manuscript.source.anonymous_modes import AnonymousMode
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Manuscript, Use
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.bib_log import BibWarning
from pithtex.review.submission.log import TexLog
from pithtex.structs import field, replace, struct
from pithtex.verification.standing import UNKNOWN, Standing

if TYPE_CHECKING:
    from pithtex.format.abstract import ProvenAbstract
    from pithtex.format.bundle import Bundle
    from pithtex.pdf.contents import Contents
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.verification.record import VerifiedRecord


_BEFORE: Final = 120
_COMMAND: Final = re.compile(r"(?:\\([A-Za-z@]+)\*?\s*(?:\[[^\[\]]*\]\s*)*|\}\s*)\Z")
"""A command, or an argument of one, right before an argument."""


@struct
class Options:
    """What the user asks for."""

    require: bool = False
    """A number must be there."""
    expect: str | None = None
    """The arXiv id, DOI or number of the paper this must be."""
    engine: str | None = None
    """The engine to build with, in place of the one that arXiv would run."""


@struct
class PackageFile:
    """The `pith.sty` beside the main file."""

    name: str
    data: bytes = field(repr=False)
    ours: bool
    """Whether pithtex made it, of whichever record and version."""
    version: str | None = None
    """Of the pithtex that put the record in."""
    number: str | None = None
    """The full number of the record inside; None if it carries none."""
    expected: bytes | None = field(default=None, repr=False)
    """What this pithtex writes for the record that is inside; None if that does not verify."""
    abstract: ProvenAbstract | None = None
    """The record's abstract, where the file carries it."""


@struct
class RecordFile:
    """A record or bundle that was found or given, and what came of verifying it."""

    name: str
    """The path, or what else it comes from."""
    number: str | None
    """Its full number, claimed."""
    record: VerifiedRecord | None
    fault: Finding | None = None
    """Why it is not proven."""
    bundle: Bundle | None = field(default=None, repr=False)
    """Where it is a bundle, verified or not: each event stands by its own signature."""
    undecided: bool = False
    """The fault is not a contradiction: an unknown key, no receipt."""


@struct
class Outcome:
    """What compiling left: a log and a PDF, and which of the sources are newer."""

    log: TexLog | None = None
    pdf: str | None = None
    """The PDF's path as it is shown."""
    verdict: Verdict | None = None
    newer: tuple[str, ...] = ()
    """Sources changed after the PDF was made."""
    contents: Contents | None = None
    """What is in the PDF, if there is one."""
    bibliography: tuple[BibWarning, ...] = ()
    """What BibTeX or Biber warned of."""
    same_files: bool = False
    """Whether the last run is known, by digests, to have been of exactly these files, and came to its end."""


class Agreement(StrEnum):
    """What a cited work and the signed record of the paper that it names come to."""

    CONFIRMED = "confirmed"
    """A record signs that title for that paper."""
    OTHER_TITLE = "other-title"
    """The record's title is known, and it is another."""
    UNCONFIRMED = "unconfirmed"
    """There is a record, and its title is not known here, or the reference shows no title."""
    NO_RECORD = "no-record"
    """No record of that paper verifies here."""
    UNNAMED = "no-identifier"
    """The reference names no paper of arXiv and no Pith Number."""


@struct
class Citation:
    """One cited work, and what the records here say of it."""

    work: CitedWork
    agreement: Agreement
    record: VerifiedRecord | None = None
    """Of the paper that it names; the one that confirms it where one does."""
    signed: str = ""
    """The record's title, proven by its digest; empty where it is not known."""
    how: str = ""
    """How the title was found to be the record's."""
    nearly: bool = False
    """The titles have most of their letters in common."""
    owner: str = ""
    """The paper whose signed title it is, where that is another one."""
    standing: Standing = UNKNOWN

    def to_dict(self, file: str) -> dict[str, object]:
        """Returns the JSON form; `file` is the path of the work's file as it is shown."""
        record, work = self.record, self.work
        return {
            "key": work.key,
            "file": file,
            "line": work.file.place(work.start)[0],
            "title": work.title or None,
            "papers": [locator.paper for locator in work.locators],
            "agreement": self.agreement.value,
            "how": self.how or None,
            "record": None
            if record is None
            else {"number": record.number.full, "paper": record.canonical.paper, "title": self.signed or None},
            "owner": self.owner or None,
            "standing": self.standing.to_dict(),
        }


@struct
class Submission:
    """One paper, and what there is of it."""

    manuscript: Manuscript
    shown: Path
    """The paper's folder as the user named it, for paths in messages."""
    options: Options
    package: PackageFile | None
    records: tuple[RecordFile, ...]
    """All that were found, the one that counts first."""
    outcome: Outcome
    ignored: tuple[str, ...] = ()
    """Files of the paper that version control is told to leave out."""
    elsewhere: str | None = None
    """A pith.sty that TeX finds and the upload would lack."""
    newest: VerifiedRecord | None = None
    """A record of a later version of the same paper, from the store."""
    chosen: Paper | None = field(default=None, repr=False)
    """How the paper was told from other documents of its folder."""
    companions: tuple[str, ...] = ()
    """Other documents that go up with the paper."""
    map: PaperMap = field(repr=False)
    """All that the paper refers to."""
    figure_contents: Mapping[str, Contents] = field(default_factory=dict, repr=False)
    """What is in the figures that are PDFs."""
    anonymity: AnonymousMode | None = None
    """The anonymous mode that the paper is in."""
    known_to_tex: frozenset[str] = frozenset()
    """Classes, packages and styles that are in no table here, and that the TeX of this machine has."""
    other_texts: tuple[TexFile, ...] = field(default=(), repr=False)
    """Texts that go up and are not TeX: bibliographies, listings, data, ancillary files."""
    readme: Readme = field(default_factory=Readme)
    """What the paper's `00README.json` says."""
    engine: str | None = None
    """The engine that arXiv would run, where a rule depends on it."""
    standing: Standing = UNKNOWN
    """What the available bundles say about the paper's record."""
    bibliography: Bibliography = field(default_factory=Bibliography, repr=False)
    """What the paper cites."""
    citations: tuple[Citation, ...] = field(default=(), repr=False)
    """The same, held against the records here."""
    cited_records: tuple[RecordFile, ...] = field(default=(), repr=False)
    """The records of cited papers that were given."""

    @property
    def record(self) -> VerifiedRecord | None:
        """Returns the record of the paper's number, or of the number certainly meant; without one, the only record."""
        use, proven = self.manuscript.number, self._proven
        if use is None:
            cited = {item.record.number for item in self.citations if item.record is not None}
            own = {record.number: record for record in proven if record.number not in cited}
            return next(iter(own.values())) if len(own) == 1 else None
        suffix = suffix_of(use) or self.meant_by(use)
        return next((record for record in proven if record.number.suffix == suffix), None)

    @property
    def excerpt(self) -> str:
        """Returns how the abstract begins by what a document of the record claims; empty if none does."""
        same = (one for one in self._proven if self.record is not None and one.number == self.record.number)
        return next((one.excerpt for one in same if one.excerpt), "")

    @property
    def other_documents(self) -> bool:
        """Tells whether labels come from another document."""
        return bool(self.map.of(Kind.DOCUMENT))

    def named_elsewhere(self, use: Use) -> bool:
        r"""Tells whether a key without a `\label` stands in braces all the same, as the argument of another command."""
        key = f"{{{use.argument.rpartition(':')[2]}}}"
        for file in self.manuscript.files:
            position = file.text.find(key)
            while position >= 0:
                before = _COMMAND.search(file.text[max(0, position - _BEFORE) : position])
                if before is not None and (before[1] is None or before[1] in self.manuscript.macros):
                    return True
                position = file.text.find(key, position + 1)
        return False

    @property
    def _proven(self) -> list[VerifiedRecord]:
        return [item.record for item in self.records if item.record is not None]

    def meant_by(self, use: Use) -> str | None:
        r"""Returns the suffix that a `\pithnumber` was certainly meant to give; None if that cannot be told.

        The available records are asked first, so that a number with a letter wrong becomes theirs; then its spelling.
        """
        meant = likely_number(use.argument, (record.number for record in self._proven))
        return None if meant is None else meant.suffix

    def path(self, name: str) -> str:
        """Returns a file's path as it is shown."""
        return str(self.shown / name)

    def at(self, use: Use, name: str, message: str, hint: str | None = None) -> Located:
        """Returns a finding at the place of a command."""
        return self.at_offset(use.file, use.start, name, message, hint)

    def at_offset(self, file: TexFile, start: int, name: str, message: str, hint: str | None = None) -> Located:
        """Returns a finding at a place of a file."""
        line, column = file.place(start)
        stated = finding(name, message, hint=hint)
        return Located(file=self.path(file.name), finding=stated, line=line, column=column)

    def of(self, file: str, name: str, message: str, hint: str | None = None) -> Located:
        """Returns a finding of a file as a whole, named relative to the paper's folder."""
        return Located(file=self.path(file), finding=finding(name, message, hint=hint))

    def in_preamble(self, name: str, message: str, hint: str | None = None) -> Located:
        """Returns a finding of what the main file lacks: at its beginning of the document."""
        main = self.manuscript.main
        return self.at_offset(main, self.manuscript.begins_at or 0, name, message, hint)


def suffix_of(use: Use | None) -> str | None:
    r"""Returns the number that a `\pithnumber` gives as pith.sty reads it: exactly 26 characters; else None."""
    try:
        return None if use is None else PithNumber(use.argument.strip()).suffix
    except MalformedError:
        return None


class Remedy(StrEnum):
    """What `--fix` can do about a finding."""

    NUMBER = "write the number that was meant"
    REPETITION = "take out a number that is given again"
    LOADING = "load pith.sty"
    PACKAGE = "write pith.sty from the record"


def with_remedy(item: Located, remedy: Remedy) -> Located:
    """Returns the finding, with what can be done about it."""
    return replace(item, remedy=remedy)


def with_severity(item: Located, severity: Severity) -> Located:
    """Returns the finding, with another severity than its rule's usual one."""
    return replace(item, finding=replace(item.finding, severity=severity))


Findings = Iterator[Located]
"""What a rule gives."""
