"""What commands print for programs: JSON documents and JSON Lines, with the options that were given."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import Final

from pithtex.cli.shared.streams import print_lines

_SECRET: Final = frozenset({"password"})
"""Options whose values are not repeated."""
_PRESENTATION: Final = frozenset({"json", "quiet", "color", "verbose", "debug"})
"""Options that change nothing but how results are shown, as `--format` does where it can be `json`."""
_ADDRESSES: Final = frozenset({"mirror", "url", "base_url"})
"""Options that take addresses, in which a name and password may stand before an @, however badly they are written."""
_USER: Final = re.compile(r".*@", re.DOTALL)
HIDDEN: Final = "***"


def print_json(args: argparse.Namespace, command: str, results: Sequence[object]) -> None:
    """Prints the document of `--json`."""
    from pithtex.report.jsondoc import json_document

    print_lines([json_document(command, options_of(args), results)])


def print_json_line(args: argparse.Namespace, command: str, result: Mapping[str, object]) -> None:
    """Prints one result as a line of `--format jsonl`."""
    from pithtex.report.jsondoc import json_line

    print_lines([json_line(command, options_of(args), result)])


class Results:
    """The results of a run, printed as its format wants: each as soon as it is known, or all in one document."""

    def __init__(self, args: argparse.Namespace, command: str, form: str) -> None:
        self._args, self._command, self._form = args, command, form
        self._kept: list[Mapping[str, object]] = []

    def add(self, result: Mapping[str, object]) -> None:
        """Takes one more."""
        if self._form == "jsonl":
            print_json_line(self._args, self._command, result)
        elif self._form == "json":
            self._kept.append(result)

    def end(self) -> None:
        """Ends the run."""
        if self._form == "json":
            print_json(self._args, self._command, self._kept)


def options_of(args: argparse.Namespace) -> dict[str, object]:
    """Returns the options that were given, by their long names; of secrets that they were given, and no more."""
    parser = getattr(args, "parser", None)
    found: dict[str, object] = {}
    for action in () if parser is None else parser._actions:
        names = [name for name in action.option_strings if name.startswith("--")]
        value = getattr(args, action.dest, None)
        shows = action.dest in _PRESENTATION or "json" in (action.choices or ())
        is_shown = names and not shows and value != action.default
        if is_shown and isinstance(value, str | int | float | list | tuple):
            found[names[0].removeprefix("--")] = _shown(action.dest, value)
    return found


def _shown(name: str, value: object) -> object:
    if name in _SECRET:
        return HIDDEN
    if isinstance(value, list | tuple):
        return [_shown(name, item) for item in value]
    return _USER.sub(f"{HIDDEN}@", value) if name in _ADDRESSES and isinstance(value, str) else value
