"""Prints the results of `pithtex verify`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pithtex.cli.shared.common import Exit
from pithtex.findings import Status
from pithtex.structs import struct
from pithtex.text import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pithtex.report.terminal import Style
    from pithtex.verification.checks import Check
    from pithtex.verification.document import Document
    from pithtex.verification.examined import Examined
    from pithtex.verification.standing import Standing

_WORDS: Final = {
    Exit.GOOD: "verified",
    Exit.WRONG: "not verified",
    Exit.UNDECIDED: "could not be decided",
    Exit.USAGE: "not read",
}
_COLOURS: Final = {Exit.GOOD: "green", Exit.WRONG: "red", Exit.UNDECIDED: "yellow", Exit.USAGE: "yellow"}
_TITLE_CHARS: Final = 100


@struct
class Result:
    """The result for one file."""

    file: str
    found: Examined
    code: Exit
    """Of the document; what its standing is does not count."""

    @property
    def word(self) -> str:
        """Returns the word for the document."""
        return _WORDS[self.code]

    @property
    def document(self) -> Document | None:
        """Returns the document that was read."""
        return self.found.document

    @property
    def standing(self) -> Standing | None:
        """Returns the standing of a document that verifies."""
        return self.found.standing

    def checks(self, *, failures: bool = False) -> tuple[Check, ...]:
        """Returns the checks; with `failures`, only those that failed or could not be made."""
        wanted = (Status.FAILS, Status.UNAVAILABLE)
        return tuple(check for check in self.found.checks if not failures or check.status in wanted)

    def to_dict(self, *, failures: bool = False) -> dict[str, object]:
        """Returns one of the results of `--json`."""
        return {"file": self.file, **self.found.to_dict(failures=failures)}

    def lines(self, style: Style, *, explained: bool, failures: bool) -> list[str]:
        """Returns the lines for people: title, arXiv id and standing, then the document's result, then the checks."""
        from pithtex.report.explain import explain
        from pithtex.report.standing import painted, standing_lines
        from pithtex.report.terminal import STATUS_COLOURS, finding_lines

        word = style.paint(self.word, _COLOURS[self.code])
        document, file = self.document, printable(self.file)
        if self.standing is None or document is None:
            lines = [f"{word}  {file}"]
        else:
            title = printable(shortened(self.found.title or "", _TITLE_CHARS))
            paper = printable(self.found.source or "")
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
        for item in self.found.problems:
            lines += finding_lines(item, style, "  ")
        for item in () if self.standing is None else self.standing.odd_times:
            lines += finding_lines(item, style, "  ")
        return lines


def summary_lines(results: Sequence[Result], style: Style) -> Iterator[str]:
    """Yields how many files have which result (`200 files: 197 verified, 1 not verified`) and the papers' standings."""
    codes = Counter(result.code for result in results)
    counted = (style.paint(f"{codes[code]} {word}", _COLOURS[code]) for code, word in _WORDS.items() if codes[code])
    yield f"{len(results)} files: {', '.join(counted)}"
    marks = Counter(result.standing.mark or "" for result in results if result.standing is not None)
    unknown = sum(result.standing is not None and not result.standing.known for result in results)
    said = [f"{count} {mark}" for mark, count in sorted(marks.items()) if mark]
    said += [f"{unknown} unknown, for want of events"] if unknown else []
    if said:
        yield f"standing: {', '.join(said)}"
