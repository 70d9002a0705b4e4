"""Prints the results of `pithtex presubmit`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.cli.shared.common import chosen_format, print_findings, relative_path
from pithtex.cli.shared.machine import print_json, print_json_line
from pithtex.cli.shared.streams import print_bytes, print_lines
from pithtex.findings import Severity
from pithtex.report.excerpt import excerpt_lines
from pithtex.report.terminal import STATUS_COLOURS, Style, finding_label
from pithtex.structs import replace
from pithtex.text import printable

if TYPE_CHECKING:
    from pithtex.findings import Located
    from pithtex.manuscript.source.files import TexFile
    from pithtex.review.facts import FactLine
    from pithtex.review.review import Review

_COLOURS: Final = {"ready": "green", "ready, not built": "green", "not ready": "red", "undecided": "yellow"}
_WIDTH: Final = 400
"""Characters of a text of the paper in one line."""


def print_review(args: argparse.Namespace, review: Review, diff: list[str], made: dict[str, object]) -> None:
    """Prints a review in the requested format; `made` is the build's part of the JSON."""
    form = chosen_format(args)
    main = review.submission.path(review.submission.manuscript.main.name)
    if form in {"json", "jsonl"}:
        document = {**review.to_dict(diff=diff, written=bool(diff) and args.fix and not args.dry_run), **made}
        if form == "json":
            print_json(args, "presubmit", [document])
        else:
            print_json_line(args, "presubmit", document)
    elif form in {"sarif", "github"}:
        from pithtex.review.fix import with_fixes

        items = with_fixes(review) if form == "sarif" else review.items
        print_findings(form, items, {main: review.word.value}, {main: review.submission.standing})
    elif form == "text":
        left = _left(review) if args.fix else []
        print_lines([*diff, *left, *_text(review, main, Style.choose(args.color, sys.stdout), args)])


def _left(review: Review) -> list[str]:
    from pithtex.review.fix import left_alone

    return [printable(line) for line in left_alone(review)]


def write_summary(path: str, review: Review) -> None:
    """Appends a review to a file, as Markdown; `-` is stdout.

    Raises:
        OutputError: the file cannot be written.
    """
    from pithtex.report.summary import summary_markdown
    from pithtex.system.files import append_file

    main = review.submission.path(review.submission.manuscript.main.name)
    items = [replace(item, file=relative_path(item.file)) for item in review.items]
    lines = [f"{review.word.value}: {relative_path(main)}", *(f"{fact.name}: {fact.message}" for fact in review.facts)]
    data = summary_markdown(items, lines).encode("utf-8", "backslashreplace")
    if path == "-":
        print_bytes(data)
    else:
        append_file(Path(path), data)


def _text(review: Review, main: str, style: Style, args: argparse.Namespace) -> Iterator[str]:
    manuscript = review.submission.manuscript
    files = (*manuscript.files, *(work.file for work in review.submission.bibliography.works))
    sources = {} if args.no_excerpt else {review.submission.path(file.name): file for file in files}
    for item in review.items:
        yield from _finding(item, sources.get(item.file), style)
    if review.items:
        yield ""
    kind = "" if manuscript.document_class is None else f"{manuscript.document_class.argument}, "
    count = len(manuscript.files)
    said = review.word.value
    warnings = sum(item.finding.severity is Severity.WARNING for item in review.items)
    if said.startswith("ready") and warnings:
        said += f", with {warnings} warning{'' if warnings == 1 else 's'}"
    word = style.paint(said, "yellow" if warnings and said.startswith("ready") else _COLOURS[review.word.value])
    yield f"{word}  {printable(main)} ({printable(kind)}{count} file{'' if count == 1 else 's'})"
    for fact in review.facts:
        yield from _fact(fact, style)
    if args.files:
        yield from _files(review)
    yield _summary(review, args)


def _finding(item: Located, source: TexFile | None, style: Style) -> Iterator[str]:
    """Yields `path:line:col: error[PITH612 package-stale]: message`, which editors link to, and the source line."""
    stated = item.finding
    place = ":".join(str(part) for part in (printable(item.file), item.line, item.column) if part is not None)
    label = finding_label(stated, style)
    yield f"{place}: {label}: {printable(stated.message)}"
    span = None if source is None or item.line is None else source.line_span(item.line)
    if source is not None and item.line is not None and span is not None:
        yield from excerpt_lines(source.text[span[0] : span[1]], item.line, item.column)
    if stated.hint:
        yield f"  hint: {printable(stated.hint)}"


def _fact(fact: FactLine, style: Style) -> Iterator[str]:
    name = style.paint(f"{fact.name:<9}", STATUS_COLOURS[fact.status])
    yield f"  {name} {printable(fact.message)}"
    for label, text in fact.details:
        yield f"            {label:<7} {printable(text[:_WIDTH])}".rstrip()


def _files(review: Review) -> Iterator[str]:
    """Lists each file of the folder and what happens to it."""
    from pithtex.review.upload_files import upload_files

    for file in upload_files(review.submission):
        yield f"  {file.fate.value:<9} {printable(file.name)}: {printable(file.why)}"


def _summary(review: Review, args: argparse.Namespace) -> str:
    counts = Counter(item.finding.severity.value for item in review.items)
    levels = [severity.value for severity in Severity if severity.value in counts]
    parts = [f"{counts[level]} {level}{'' if counts[level] == 1 else 's'}" for level in levels]
    silenced = f", {len(review.silenced)} silenced" if review.silenced else ""
    line = (", ".join(parts) if parts else "nothing found") + silenced
    if review.word.value == "ready, not built":
        line += "; pithtex presubmit --build compiles it as arXiv does"
    if not args.fix and _can_be_changed(review):
        line += "; pithtex presubmit --fix applies the fixes that are certain"
    return line


def _can_be_changed(review: Review) -> bool:
    """Tells whether `--fix` would change anything."""
    if all(item.remedy is None for item in review.items):
        return False
    from pithtex.review.fix import mends

    return bool(mends(review))
