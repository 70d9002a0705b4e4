"""Takes the comments out of a paper's sources. That is left to arxiv-latex-cleaner, where it is installed."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pithtex.catalogue import finding
from pithtex.errors import UnavailableError, UsageError
from pithtex.manuscript.build.compile import environment
from pithtex.manuscript.build.process import run_limited
from pithtex.manuscript.tokens import COMMENT_ENVIRONMENT, VERBATIM_ENVIRONMENTS

_PROGRAM: Final = "arxiv_latex_cleaner"
_SECONDS: Final = 120.0

_NAMES: Final = "|".join(map(re.escape, sorted(VERBATIM_ENVIRONMENTS)))
_ENVIRONMENT: Final = re.compile(rf"\\begin\s*\{{(?P<name>{_NAMES})\}}")
_DELIMITED: Final = re.compile(
    r"\\(?:verb\*?|(?:lstinline|path|mintinline)(?:\[[^\]\n]{0,200}\])?(?:\{\w{1,40}\})?)"
    r"(?P<mark>[^A-Za-z0-9\s{*\[])(?P<text>(?:(?!(?P=mark))[^\n]){0,300})(?P=mark)"
)
_BRACED: Final = re.compile(
    r"\\(?:href|path|nolinkurl|lstinline|mintinline)(?:\[[^\]\n]{0,200}\])?(?:\{\w{1,40}\})?"
    r"\{(?P<text>[^{}\n]{0,1000})\}"
)
_PERCENT: Final = re.compile(r"(?<!\\)%")


def cleaner_command() -> list[str]:
    """How arxiv-latex-cleaner is called here.

    Raises:
        UsageError: it is not installed.
    """
    program = shutil.which(_PROGRAM)
    if program is not None:
        return [program]
    if importlib.util.find_spec(_PROGRAM) is not None:
        return [sys.executable, "-m", _PROGRAM]
    raise UsageError(
        "--strip-comments needs arxiv-latex-cleaner, which is not installed",
        hint="pip install arxiv-latex-cleaner",
        rule="no-cleaner",
    )


def without_comments(files: Mapping[str, Path], place: Path) -> tuple[dict[str, Path], dict[str, str]]:
    r"""The same files, with the comments taken out of those that end in `.tex`; no other file changes.

    What follows a `%` goes; the `%` itself stays where it ends a line that holds more, since it keeps a space out. The
    cleaner takes every `%` for a comment, but for those of `\url`; a file with one in verbatim text is left as it is.

    Args:
        files: the names in the upload, and where the files are.
        place: a folder for what is made, which lasts as long as the result is used.

    Returns:
        The files, and the names of those that keep their comments, each with the reason.

    Raises:
        UsageError: arxiv-latex-cleaner is not installed.
        UnavailableError: it failed.
    """
    command = cleaner_command()
    staged, cleaned = place / "commented", place / "commented_arXiv"
    kept: dict[str, str] = {}
    for name, path in files.items():
        reason = reason_to_keep(path) if name.endswith(".tex") else None
        if reason is not None:
            kept[name] = reason
        elif name.endswith(".tex"):
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, staged / name)
    if not staged.exists():
        return dict(files), kept
    ran = run_limited([*command, str(staged)], folder=staged, environment=environment(place), seconds=_SECONDS)
    if ran.code != 0 or not cleaned.is_dir():
        said = (ran.output.strip().splitlines() or [f"exit code {ran.code}"])[-1]
        hint = "pack without --strip-comments, or mend what it stumbles on"
        raise UnavailableError(finding("no-cleaner", f"arxiv-latex-cleaner failed: {said}", hint=hint))
    changed = {name: cleaned / name for name in files if (cleaned / name).is_file() and (staged / name).is_file()}
    tex = (name for name in files if name.endswith(".tex"))
    kept.update({name: "the cleaner left it out" for name in tex if name not in changed and name not in kept})
    return {**files, **changed}, kept


def reason_to_keep(path: Path) -> str | None:
    """Why a file's comments cannot be told from its text by the cleaner; None where they can."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "it is not in UTF-8"
    starts = [
        found.start()
        for pattern in (_DELIMITED, _BRACED)
        for found in pattern.finditer(text)
        if _PERCENT.search(found["text"])
    ]
    starts += _environments_with_percent(text)
    if not starts:
        return None
    line = text.count("\n", 0, min(starts)) + 1
    return f"line {line} has a % that is no comment"


def _environments_with_percent(text: str) -> Iterator[int]:
    """Where verbatim environments begin that hold a percent sign; one that begins inside of another is none."""
    position = 0
    while (found := _ENVIRONMENT.search(text, position)) is not None:
        end = text.find(f"\\end{{{found['name']}}}", found.end())
        position = end if end >= 0 else len(text)
        if found["name"] != COMMENT_ENVIRONMENT and _PERCENT.search(text, found.end(), position):
            yield found.start()
