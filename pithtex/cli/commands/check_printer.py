"""Prints the results of `pithtex check` as they come: a line for each good file, the failures last."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import Final

from pithtex.cli.commands.check_output import Result, print_line, print_machine, print_text
from pithtex.cli.shared.bar import progress_bar
from pithtex.cli.shared.common import Exit, chosen_format
from pithtex.cli.shared.streams import print_lines

_LAST: Final = ("absent", "valid", "unbound", "unverified", "unreadable", "", "invalid")
"""The order of those that are shown at the end, the worst last; an empty word is what could not be read."""
_UNREAD: Final = "not read"


class Printer:
    """Takes results as they come."""

    def __init__(self, args: argparse.Namespace, *, several: bool, total: int) -> None:
        """Sets how results are printed.

        Args:
            args: the command's, of which `--format` and its like, `--color` and `--verbose` are looked at.
            several: whether a good file gets one line, and the others come last.
            total: how many there will be.
        """
        self._args, self._form = args, chosen_format(args)
        self._brief = several and not getattr(args, "verbose", False)
        self._several = several
        self._kept: list[tuple[int, Result]] = []
        self._words: Counter[str] = Counter()
        self._total = total
        self._bar = progress_bar(total, " files", quiet=args.quiet) if several else None

    def add(self, place: int, result: Result, code: Exit) -> None:
        """Takes one result.

        Args:
            place: of the file, among all.
            result: what came of it.
            code: the exit code of it alone.
        """
        self._words[_word(result) or _UNREAD] += 1
        if self._bar is not None:
            self._bar.clear()
        if self._form == "jsonl":
            print_line(self._args, result)
        elif self._form == "text" and not self._brief:
            print_text(result, self._args.color)
        elif self._form == "text" and _is_plain(result, code):
            print_lines([_brief(result, self._args.color)])
        elif self._form != "quiet":
            self._kept.append((place, result))
        if self._bar is not None:
            self._bar.update()

    def close(self) -> None:
        """Prints what was kept for the end: of a run that is interrupted, what is known so far."""
        if self._bar is not None:
            self._bar.close()
        if self._form == "text":
            for _, result in sorted(self._kept, key=lambda kept: (_LAST.index(_word(kept[1])), kept[0])):
                print_text(result, self._args.color)
            if self._several:
                print_lines([self._totals()])
        elif self._form not in {"jsonl", "quiet"}:
            print_machine(
                self._args, self._form, [result for _, result in sorted(self._kept, key=lambda kept: kept[0])]
            )

    def _totals(self) -> str:
        counts = ", ".join(f"{count:,} {word}" for word, count in sorted(self._words.items(), key=_rank))
        done = self._words.total()
        of = "" if done == self._total else f" of {self._total:,}, then interrupted"
        return f"{done:,} {'file' if done == 1 else 'files'}{of}: {counts}" if done else f"0 files{of}"


def _rank(item: tuple[str, int]) -> int:
    order = ("valid", "absent", "unbound", "unverified", "unreadable", _UNREAD, "invalid")
    return order.index(item[0])


def _word(result: Result) -> str:
    return "" if result.verdict is None else result.verdict.word.value


def _is_plain(result: Result, code: Exit) -> bool:
    """Tells whether one line is enough: for a good file, or a readable one without a number."""
    verdict = result.verdict
    nothing = verdict is not None and [item.name for item in verdict.all_findings] == ["no-metadata"]
    return code is Exit.GOOD or nothing


def _brief(result: Result, color: str) -> str:
    from pithtex.findings import Severity
    from pithtex.report.terminal import Style
    from pithtex.report.verdict import verdict_line

    verdict = result.verdict
    if verdict is None:
        return ""
    line = verdict_line(result.file, verdict, Style.choose(color, sys.stdout))
    warnings = sum(item.severity is Severity.WARNING for item in verdict.all_findings)
    shown = "1 warning" if warnings == 1 else f"{warnings} warnings"
    return f"{line}  ({shown}: -v shows {'it' if warnings == 1 else 'them'})" if warnings else line
