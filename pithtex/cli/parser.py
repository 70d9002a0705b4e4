"""The argument parser: argparse, with "did you mean", and with the usage of the command that was typed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn

from pithtex.cli.shared.streams import print_lines

_MOST_LISTED: Final = 8
"""Choices named in a message; of more than these it names the likely ones, and the help."""


class WrongUsageError(Exception):
    """Arguments that the parser does not take."""

    def __init__(self, usage: str, command: str, message: str) -> None:
        super().__init__(message)
        self.usage, self.command, self.message = usage, command, message


class Parser(argparse.ArgumentParser):
    """Raises where argparse ends the process, and prints help to stdout as all else is printed.

    Options that a subcommand does not know are reported by the subcommand, not by the program.
    """

    def error(self, message: str) -> NoReturn:
        """Refuses the arguments.

        Raises:
            WrongUsageError: always.
        """
        raise WrongUsageError(self.format_usage(), self.prog, message)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parses all arguments: none is left over.

        Raises:
            WrongUsageError: an option or argument is unknown, or something is missing: all of what the default `one_of`
                names, behind the words for it.
        """
        words = list(sys.argv[1:] if args is None else args)
        for word in self._options(words):
            if not self._is_known(word):
                self.error(self._unknown(word))
        parsed, left = super().parse_known_args(words, namespace)
        if left:
            self.error(self._unknown(left[0]))
        what, *names = getattr(parsed, "one_of", ("",))
        if names and not any(getattr(parsed, name) for name in names):
            self.error(f"the following arguments are required: {what}")
        return parsed, left

    def _options(self, words: Sequence[str]) -> Iterable[str]:
        """The words that are long options, up to the name of a subcommand, which looks at its own."""
        for word in words:
            if word == "--" or (self._subparsers is not None and not word.startswith("-")):
                return
            if word.startswith("--") and " " not in word:
                yield word.partition("=")[0]

    def _is_known(self, option: str) -> bool:
        return any(name.startswith(option) for name in self._option_string_actions)

    def _unknown(self, word: str) -> str:
        if not word.startswith("-") or word == "-":
            return f"unexpected argument {word!r}"
        from pithtex.text import did_you_mean

        names = [name for name in self._option_string_actions if name.startswith("--")]
        return f"unknown option {word}{did_you_mean(word, names)}"

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuses what is not among an argument's choices, and says which was probably meant."""
        choices: Any = action.choices
        if choices is None or value in choices:
            return
        from pithtex.text import did_you_mean

        kind = str(action.metavar or action.dest).lower()
        meant = did_you_mean(str(value), choices if _described(choices) else list(choices))
        names = f"; choose from {', '.join(choices)}" if len(choices) <= _MOST_LISTED and not meant else ""
        more = f"; {self.prog} --help lists them" if len(choices) > _MOST_LISTED and not meant else ""
        raise argparse.ArgumentError(
            None if isinstance(action, argparse._SubParsersAction) else action,
            f"unknown {kind} {str(value)!r}{meant}{names}{more}",
        )

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:  # --help and --version
            print_lines([message.rstrip("\n")])
        else:
            super()._print_message(message, file)


def _described(choices: Any) -> bool:
    """Whether the choices come with a description each."""
    return isinstance(choices, Mapping) and all(isinstance(text, str) for text in choices.values())
