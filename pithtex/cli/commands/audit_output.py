"""Prints the outcome of `pithtex audit`, short enough to read in ten seconds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pithtex.cli.shared.audit_progress import duration
from pithtex.cli.shared.common import Exit, combine
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import print_lines
from pithtex.cli.shared.words import WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from pithtex.audit.audit import Outcome
    from pithtex.audit.totals import Totals


def form_of(args: argparse.Namespace) -> str:
    """Returns the form of the output on stdout; `--format` chooses that of the file."""
    return "quiet" if args.quiet else "json" if args.json else "text"


def print_outcome(args: argparse.Namespace, outcome: Outcome, seconds: float, written: Path | None) -> None:
    """Prints the outcome of an audit.

    Args:
        args: the command's.
        outcome: what the audit came to.
        seconds: how long it took.
        written: the file that `--format` asked for.
    """
    totals, form, color, output = outcome.totals, form_of(args), args.color, args.output
    if form == "json":
        more = {"judged": outcome.judged, "kept": outcome.kept, "dropped": outcome.gone, "passed": outcome.passed}
        print_json(args, "audit", [{**totals.to_dict(), **more, "unmet": outcome.unmet}])
    elif form == "text":
        told = [f"{_files(totals.files)} in {duration(seconds)}: {outcome.judged:,} judged now"]
        told += [f"{outcome.kept:,} known from before"] if outcome.kept else []
        told += [f"{outcome.gone:,} dropped that changed or are gone"] if outcome.gone else []
        lines = [", ".join(told), *totals_lines(totals, color)]
        lines += [f"  passed over  {count:,} {reason}" for reason, count in outcome.passed.items()]
        if outcome.unmet:
            lines.append(f"  {_files(outcome.unmet)} of the manifest not among the inputs")
        print_lines([*lines, f"results in {output}/parts{'' if written is None else f' and {written}'}"])


def totals_lines(totals: Totals, color: str) -> Iterator[str]:
    """Yields the counts by verdict and the first files that need attention."""
    from pithtex.audit.totals import ordered
    from pithtex.pdf.judgement.verdict import Word
    from pithtex.report.terminal import Style
    from pithtex.report.verdict import COLOURS
    from pithtex.text import printable

    style = Style.choose(color, sys.stdout)
    document: dict[str, Any] = totals.to_dict()
    for word, count in ordered("verdict", totals.counts["verdict"]):
        yield f"  {count:>11,}  {style.paint(word, COLOURS[Word(word)])}"
    for word, lines in document["worst"].items():
        for line in lines:
            first = line["findings"][0] if line["findings"] else {"code": "", "message": ""}
            yield f"  {style.paint(word, COLOURS[Word(word)])}  {printable(line['file'])}"
            yield f"    {first['code']} {printable(first['message'])}"
        more = totals.counts["verdict"][word] - len(lines)
        if more > 0:
            yield f"  and {more:,} more {word}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def exit_of_totals(totals: Totals, allowed: frozenset[str]) -> Exit:
    """Returns the exit code of an audit."""
    words = totals.counts["verdict"]
    codes = [Exit.WRONG for _ in words if words["invalid"] and "invalid" not in allowed]
    codes += [Exit.USAGE] if totals.unread else []
    open_words = set(WORDS) - {"valid", "invalid"} - allowed
    codes += [Exit.UNDECIDED for word in open_words if words[word]]
    return combine(codes)
