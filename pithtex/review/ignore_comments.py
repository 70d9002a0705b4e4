"""Comments that silence findings: `% pithtex: ignore=PITH612 (reason)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pithtex.findings import Located
from pithtex.manuscript.source.model import Ignore
from pithtex.review.submission.model import Submission


def names_rule(name: str, code: str, rule: str) -> bool:
    """Tells whether a text names a rule: its code, the beginning of its code, or its name."""
    return name.lower() == rule or (len(name) > len("PITH") and code.startswith(name.upper()))


class Comments:
    """The comments of one paper, by the lines that they silence; it remembers which of them did."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._ignores = (*submission.manuscript.ignores, *submission.bibliography.ignores)
        self._used: set[int] = set()
        self._of_paper: list[int] = []
        self._of_line: dict[tuple[str, int], list[int]] = defaultdict(list)
        for index, comment in enumerate(self._ignores):
            if comment.whole_file and comment.file is submission.manuscript.main:
                self._of_paper.append(index)
                continue
            line, alone = _place(comment)
            file = submission.path(comment.file.name)
            for silenced in (line, line + 1) if alone else (line,):
                self._of_line[file, silenced].append(index)

    def silence(self, item: Located) -> bool:
        """Whether a comment silences the finding: one on its line, alone on the line above, or for the paper."""
        beside = [] if item.line is None else self._of_line.get((item.file, item.line), [])
        code, rule = item.finding.code, item.finding.name
        naming = [
            index
            for index in (*self._of_paper, *beside)
            if any(names_rule(name, code, rule) for name in self._ignores[index].names)
        ]
        self._used.update(naming)
        return bool(naming)

    def unused(self) -> Iterator[Ignore]:
        """Those that silenced nothing yet."""
        return (comment for index, comment in enumerate(self._ignores) if index not in self._used)


def unused_ignore(submission: Submission, comments: Comments) -> Iterator[Located]:
    """PITH681.

    What it does:
        Reports a comment `% pithtex: ignore=...` that silences nothing.

    Why it matters:
        What it was written for has been corrected, and it would hide the next finding of its kind.

    How to fix it:
        Remove the comment.
    """
    for comment in comments.unused():
        message = f"there is no {', '.join(comment.names)} here to silence"
        yield submission.at_offset(comment.file, comment.start, "unused-ignore", message, "remove the comment")


def _place(comment: Ignore) -> tuple[int, bool]:
    """Returns the comment's line, and whether it stands there alone."""
    line, column = comment.file.place(comment.start)
    start, _ = comment.file.line_span(line) or (0, 0)
    return line, not comment.file.text[start : start + column - 1].strip()
