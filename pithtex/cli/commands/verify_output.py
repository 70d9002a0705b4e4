"""What `pithtex verify` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pithtex.cli.shared.common import Exit
from pithtex.findings import Finding, Status
from pithtex.text import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pithtex.report.terminal import Style
    from pithtex.verification.checks import Check
    from pithtex.verification.document import Document
    from pithtex.verification.record import Examination
    from pithtex.verification.standing import Standing

_WORDS: Final = {
    Exit.GOOD: "verified",
    Exit.WRONG: "not verified",
    Exit.UNDECIDED: "could not be decided",
    Exit.USAGE: "not read",
}
_COLOURS: Final = {Exit.GOOD: "green", Exit.WRONG: "red", Exit.UNDECIDED: "yellow", Exit.USAGE: "yellow"}
_TITLE_CHARS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one file."""

    file: str
    document: Document | None
    examination: Examination | None
    problems: tuple[Finding, ...]
    code: Exit
    """Of the document; what its standing is does not count."""
    standing: Standing | None = None
    """Of a document that verifies."""

    @property
    def word(self) -> str:
        """What the document is said to be."""
        return _WORDS[self.code]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is said against the paper, then what is wrong with the document, each once."""
        said = () if self.standing is None else self.standing.findings
        return tuple(dict.fromkeys((*said, *self.problems)))

    def checks(self, *, failures: bool = False) -> tuple[Check, ...]:
        """The checks; with `failures` those that failed or could not be made."""
        found = () if self.examination is None else self.examination.checks
        wanted = (Status.FAILS, Status.UNAVAILABLE)
        return tuple(check for check in found if not failures or check.status in wanted)

    def to_dict(self, *, failures: bool = False) -> dict[str, object]:
        """One of the results of `--json`."""
        examination, document = self.examination, self.document
        return {
            "file": self.file,
            "kind": None if document is None else document.kind,
            "status": "fails" if examination is None else examination.status.value,
            "number": None if examination is None or examination.number is None else examination.number.full,
            "title": self._title,
            "source": self._paper,
            "standing": None if self.standing is None else self.standing.to_dict(),
            "checks": [check.to_dict() for check in self.checks(failures=failures)],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    @property
    def _title(self) -> str | None:
        """Of a record that verifies: of others it is a claim."""
        from pithtex.format.canonical import collapse
        from pithtex.format.integrity_report import IntegrityReport

        if self.document is None or self.code is not Exit.GOOD or isinstance(self.document.parsed, IntegrityReport):
            return None
        title = self.document.record.title
        return None if title is None else collapse(title)

    @property
    def _paper(self) -> str | None:
        """The paper's name at its source, of a document that verifies."""
        from pithtex.format.integrity_report import IntegrityReport

        if self.document is None or self.code is not Exit.GOOD:
            return None
        is_report = isinstance(self.document.parsed, IntegrityReport)
        return self.document.name if is_report else self.document.record.canonical.paper

    def lines(self, style: Style, *, explained: bool, failures: bool) -> list[str]:
        """For people: title, arXiv id and standing first, then what the document is, then the checks."""
        from pithtex.report.explain import explain
        from pithtex.report.standing import painted, standing_lines
        from pithtex.report.terminal import STATUS_COLOURS, finding_lines

        word = style.paint(self.word, _COLOURS[self.code])
        document, file = self.document, printable(self.file)
        if self.standing is None or document is None:
            lines = [f"{word}  {file}"]
        else:
            title = printable(shortened(self._title or "", _TITLE_CHARS))
            paper = printable(self._paper or "")
            named = f"{title} ({paper})" if title else f"{document.kind} {paper}"
            lines = [f"{word}  {named}: {painted(self.standing, style)}"]
            lines += standing_lines(self.standing, style)
        if document is not None:
            lines.append(f"  {document.kind} {printable(document.name)}  {file}")
        for check in self.checks(failures=failures):
            status = style.paint(f"{check.status.value:<11}", STATUS_COLOURS[check.status])
            lines.append(f"  {status} {printable(check.name)}: {printable(check.message)}")
            if explained:
                lines += [f"      {line}" for line in explain(check, self.file)]
        for item in self.problems:
            lines += finding_lines(item, style, "  ")
        for item in () if self.standing is None else self.standing.odd_times:
            lines += finding_lines(item, style, "  ")
        return lines


def summary_lines(results: Sequence[Result], style: Style) -> Iterator[str]:
    """How many files are what: `200 files: 197 verified, 1 not verified`, and what is said of the papers."""
    codes = Counter(result.code for result in results)
    counted = (style.paint(f"{codes[code]} {word}", _COLOURS[code]) for code, word in _WORDS.items() if codes[code])
    yield f"{len(results)} files: {', '.join(counted)}"
    marks = Counter(result.standing.mark or "" for result in results if result.standing is not None)
    unknown = sum(result.standing is not None and not result.standing.known for result in results)
    said = [f"{count} {mark}" for mark, count in sorted(marks.items()) if mark]
    said += [f"{unknown} unknown, for want of events"] if unknown else []
    if said:
        yield f"standing: {', '.join(said)}"
