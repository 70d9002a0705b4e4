"""The mends that are safe: each follows from the sources and a verified record alone, and is shown as a diff."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pithtex.errors import UsageError
from pithtex.manuscript.source.model import State, Use
from pithtex.presubmit.review import Review
from pithtex.presubmit.submission.model import Submission
from pithtex.presubmit.submission.numbers import likely_suffix, suffix_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One file's change; `before` is None where the file is new."""

    path: Path
    before: bytes | None
    after: bytes


def mends(review: Review) -> tuple[Mend, ...]:
    r"""The changes that mend what was found: the number's spelling, `\\usepackage{pith}`, and pith.sty itself."""
    names = {item.finding.name for item in review.items}
    changed = _sources(review.submission, names)
    package = _package(review.submission, names)
    return (*changed, *([package] if package is not None else []))


def apply_mends(changes: tuple[Mend, ...]) -> None:
    """Writes them: all, or none.

    Raises:
        UsageError: a file was changed in the meantime.
        OutputError: one cannot be written.
        OSError: one cannot be read.
    """
    from pithtex.system.files import change_files

    change_files({change.path: change.before for change in changes}, {change.path: change.after for change in changes})


def diff_of(changes: tuple[Mend, ...]) -> list[str]:
    """The changes, for people."""
    from pithtex.report.diff import diff_lines

    return [line for change in changes for line in diff_lines(change.path, change.before, change.after)]


def _sources(submission: Submission, names: set[str]) -> list[Mend]:
    """Numbers that were mistyped, given twice, or given without the package."""
    from pithtex.manuscript.edit.main_file import read_source
    from pithtex.manuscript.edit.two_lines import with_number

    edits: dict[str, list[tuple[int, int, str]]] = {}
    active = [use for use in submission.manuscript.numbers if use.state is State.ACTIVE]
    for index, use in enumerate(active):
        likely = likely_suffix(use.argument.strip())
        if "number-malformed" in names and suffix_of(use) is None and likely is not None:
            edits.setdefault(use.file.name, []).append(_in_braces(use, likely))
        elif "several-numbers" in names and index and use.argument.strip() == active[0].argument.strip():
            edits.setdefault(use.file.name, []).append((use.start, use.end, ""))
    made = [mend for name, parts in edits.items() if (mend := _edited(submission, name, parts)) is not None]
    if not made and "package-not-loaded" in names and submission.manuscript.number is not None:
        suffix = suffix_of(submission.manuscript.number)
        source = read_source(submission.manuscript.main.path)
        try:
            after = source.data if suffix is None else with_number(source, suffix)
        except UsageError:
            return made
        if after != source.data:
            made.append(Mend(path=source.path, before=source.data, after=after))
    return made


def _in_braces(use: Use, suffix: str) -> tuple[int, int, str]:
    opening = use.file.text.index("{", use.start)
    return opening + 1, use.end - 1, suffix


def _edited(submission: Submission, name: str, edits: list[tuple[int, int, str]]) -> Mend | None:
    file = next(item for item in submission.manuscript.files if item.name == name)
    before = file.path.read_bytes()
    bom = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    if bom + file.text.encode(file.encoding, "replace") != before:
        return None  # read with a loss: nothing is written back
    text = file.text
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return Mend(path=file.path.resolve(), before=before, after=bom + text.encode(file.encoding))


_PACKAGE = frozenset(
    {"package-missing", "package-stale", "package-edited", "package-of-another-number", "package-without-record"}
)


def _package(submission: Submission, names: set[str]) -> Mend | None:
    """`pith.sty`, generated from the verified record of the paper's number."""
    record, package = submission.record, submission.package
    if record is None or not names & _PACKAGE or (package is not None and not package.ours):
        return None
    from pithtex.render.package.pith_sty import render_package

    after = render_package(record)
    path = submission.manuscript.root / "pith.sty"
    before = None if package is None else package.data
    return None if after == before else Mend(path=path, before=before, after=after)
