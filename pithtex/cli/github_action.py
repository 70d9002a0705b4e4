"""The step of `action.yml`: inputs from the environment in, `pithtex presubmit`, a summary and outputs out.

Run as `python -I -m pithtex.cli.github_action`; the form of inputs and outputs is GitHub's ("Workflow commands").
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pithtex.cli.shared.common import Exit
from pithtex.errors import UsageError
from pithtex.findings import of_document
from pithtex.report.github import github_lines

_WORDS: Final = {Exit.GOOD: "good", Exit.UNDECIDED: "undecided"}
_SWITCHES: Final = {"BUILD": "--build", "STRIP_COMMENTS": "--strip-comments", "REQUIRE": "--require"}
_VALUES: Final = {"PACK": "--pack", "SELECT": "--select", "IGNORE": "--ignore"}


def arguments(environment: Mapping[str, str]) -> list[str]:
    """The words of `pithtex presubmit` for these inputs (`INPUT_*`).

    Raises:
        UsageError: an input is not of its form, or looks like an option.
    """
    words = ["presubmit", _value(environment, "PATH") or ".", "--format", "github", "--color", "never"]
    words += [option for name, option in _SWITCHES.items() if _switch(environment, name)]
    for name, option in _VALUES.items():
        value = _value(environment, name)
        words += [option, value] if value else []
    summary = environment.get("GITHUB_STEP_SUMMARY")
    return [*words, "--summary", summary] if summary else words


def main(environment: Mapping[str, str]) -> int:
    """Runs the step.

    Returns:
        The step's exit code: 0, or that of `pithtex presubmit`; 3 fails the step where the input `strict` says so.
    """
    from pithtex.cli.main import main as pithtex

    try:
        words = arguments(environment)
        strict = _switch(environment, "STRICT")
    except UsageError as error:
        print("\n".join(github_lines(of_document("-", [error.finding]))))
        return Exit.USAGE
    pack = Path(_value(environment, "PACK") or os.devnull)
    before = _state(pack)
    code = pithtex(words)
    outputs = {
        "exit-code": str(int(code)),
        "result": _WORDS.get(Exit(code), "wrong"),
        "upload": str(pack) if code != Exit.USAGE and _state(pack) != before else "",
    }
    if "GITHUB_OUTPUT" in environment:
        with Path(environment["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as stream:
            stream.writelines(f"{name}={value}\n" for name, value in outputs.items())
    if code == Exit.UNDECIDED and not strict:
        print("::warning title=pithtex::nothing is wrong, but not everything could be checked; the log says why")
        return Exit.GOOD
    return code


def _value(environment: Mapping[str, str], name: str) -> str:
    """An input as a word of a command line that is not an option, and as one line."""
    value = environment.get(f"INPUT_{name}", "").strip()
    if value.startswith("-"):
        raise _unfit(name, "it begins with - like an option")
    if not value.isprintable():
        raise _unfit(name, "it contains control characters")
    return value


def _switch(environment: Mapping[str, str], name: str) -> bool:
    value = _value(environment, name)
    if value not in {"", "true", "false"}:
        raise _unfit(name, "it is neither true nor false")
    return value == "true"


def _unfit(name: str, what: str) -> UsageError:
    key = name.lower().replace("_", "-")
    return UsageError(f"the input {key!r} was refused: {what}", hint="see action.yml", rule="unfit-input")


def _state(path: Path) -> tuple[int, int] | None:
    """What tells that a file was written again."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns


if __name__ == "__main__":
    sys.exit(main(os.environ))
