"""Implements `pithtex completion`, which prints completion scripts for shells."""

from __future__ import annotations

import argparse
from typing import Any, Final

from pithtex.cli.shared.common import Exit, add_output_options, command
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import print_lines

FILES: Final = {"bash": "pithtex.bash", "zsh": "_pithtex", "fish": "pithtex.fish"}
"""Each shell, and its file in `cli/completions`: under these names shells look for it."""

_EPILOG = """\
example:
  pithtex completion bash > ~/.local/share/bash-completion/completions/pithtex
  pithtex completion zsh > ~/.zfunc/_pithtex
                                  and in ~/.zshrc, before compinit: fpath+=~/.zfunc
  pithtex completion fish > ~/.config/fish/completions/pithtex.fish
  eval "$(pithtex completion bash)"
                                  for this shell alone

exit codes: 0 printed, 2 no such shell
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "completion",
        description="Prints the script with which bash, zsh or fish completes commands, options and files.",
        epilog=_EPILOG,
    )
    parser.add_argument("shell", metavar="SHELL", choices=tuple(FILES), help="bash, zsh or fish")
    add_output_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from importlib import resources

    file = resources.files("pithtex.cli").joinpath("completions", FILES[args.shell])
    text = file.read_text("utf-8")
    if args.json:
        print_json(args, "completion", [{"shell": args.shell, "content": text, "findings": []}])
    else:
        print_lines([text.rstrip("\n")])
    return Exit.GOOD
