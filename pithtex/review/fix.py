"""The fixes that are certain: each follows from the sources and a verified record alone, and is shown as a diff."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from pithtex.errors import MalformedError, UsageError
from pithtex.findings import Located, Replacement
from pithtex.format.number import PithNumber
from pithtex.manuscript.source.model import Reached, Use
from pithtex.review.review import Review
from pithtex.review.submission.model import Remedy, Submission, suffix_of
from pithtex.structs import replace, struct
from pithtex.text import shortened


@struct
class Mend:
    """One file's change; `before` is None if the file is new."""

    path: Path
    before: bytes | None
    after: bytes


def mends(review: Review) -> tuple[Mend, ...]:
    r"""Returns the changes that fix the findings: the number's spelling, `\\usepackage{pith}`, and pith.sty itself."""
    return _mends(review.submission, {item.remedy for item in review.items})


def _mends(submission: Submission, asked: Set[str | None]) -> tuple[Mend, ...]:
    changed = _sources(submission, asked)
    package = _package(submission) if Remedy.PACKAGE in asked else None
    return (*changed, *([package] if package is not None else []))


def with_fixes(review: Review) -> tuple[Located, ...]:
    """Returns the findings, each with what the mend of its kind would change."""
    from pithtex.report.diff import replacement

    kinds = {item.remedy for item in review.items if item.remedy is not None}
    submission, root = review.submission, review.submission.manuscript.root.resolve()
    fixes: dict[str | None, tuple[Replacement, ...]] = {}
    for kind in kinds:
        changes = [(_shown(submission, root, each.path), each) for each in _mends(submission, {kind})]
        fixes[kind] = tuple(replacement(name, each.before or b"", each.after) for name, each in changes)
    return tuple(replace(item, fix=fixes.get(item.remedy, ())) for item in review.items)


def _shown(submission: Submission, root: Path, path: Path) -> str:
    """Returns a file as the findings name it."""
    inside = path.resolve().is_relative_to(root)
    return submission.path(path.resolve().relative_to(root).as_posix()) if inside else str(path)


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
    """Returns the changes, for people."""
    from pithtex.report.diff import diff_lines

    return [line for change in changes for line in diff_lines(change.path, change.before, change.after)]


def left_alone(review: Review) -> list[str]:
    """Returns lines for people on malformed numbers that stay, since nothing says for certain what was meant."""
    submission = review.submission
    lines = []
    for use in submission.manuscript.numbers:
        if use.state is not Reached.ACTIVE or suffix_of(use) is not None or submission.meant_by(use) is not None:
            continue
        line, _ = use.file.place(use.start)
        text, place = shortened(use.argument.strip()), f"{submission.path(use.file.name)}:{line}"
        lines.append(f"{place}: {text!r} is not changed: {_why(use)}")
    return lines


def _why(use: Use) -> str:
    try:
        PithNumber.parse(use.argument)
    except MalformedError as error:
        if error.likely:
            return f"it can be read as {' or '.join(error.likely)}, and no verified record here says which"
    return "there is no verified record here with a similar number, or more than one"


def _sources(submission: Submission, asked: Set[str | None]) -> list[Mend]:
    """Numbers that were mistyped, given twice, or given without the package."""
    from pithtex.manuscript.edit.main_file import read_source
    from pithtex.manuscript.edit.two_lines import with_number

    edits: dict[str, list[tuple[int, int, str]]] = {}
    active = [use for use in submission.manuscript.numbers if use.state is Reached.ACTIVE]
    for index, use in enumerate(active):
        meant = _mistyped(submission, use) if Remedy.NUMBER in asked else None
        if meant is not None:
            edits.setdefault(use.file.name, []).append(_in_braces(use, meant))
        elif Remedy.REPETITION in asked and index and use.argument.strip() == active[0].argument.strip():
            edits.setdefault(use.file.name, []).append((use.start, use.end, ""))
    made = [mend for name, parts in edits.items() if (mend := _edited(submission, name, parts)) is not None]
    if not made and Remedy.LOADING in asked and submission.manuscript.number is not None:
        suffix = suffix_of(submission.manuscript.number)
        source = read_source(submission.manuscript.main.path)
        try:
            after = source.data if suffix is None else with_number(source, suffix)
        except UsageError:
            return made
        if after != source.data:
            made.append(Mend(path=source.path, before=source.data, after=after))
    return made


def _mistyped(submission: Submission, use: Use) -> str | None:
    """Returns the number to write in place of a malformed one, or of one a few edits away from a record's."""
    suffix, meant = suffix_of(use), submission.meant_by(use)
    if suffix is not None and submission.record is not None:
        return None  # it has a record of its own, so it is as it was meant
    return None if meant == suffix else meant


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


def _package(submission: Submission) -> Mend | None:
    """`pith.sty`, generated from the verified record of the paper's number."""
    record, package = submission.record, submission.package
    if record is None or (package is not None and not package.ours):
        return None
    from pithtex.render.package.pith_sty import render_package, said_of
    from pithtex.review.texts.compare import proven_abstract

    carried = None if package is None else package.abstract
    after = render_package(
        record, carried or proven_abstract(submission.manuscript, record), said_of(submission.standing)
    )
    path = submission.manuscript.root / "pith.sty"
    before = None if package is None else package.data
    return None if after == before else Mend(path=path, before=before, after=after)
