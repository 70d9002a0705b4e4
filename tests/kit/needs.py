"""What a test needs of the machine: programs, files that a script fetches, a right that not every kernel gives.

A test that needs what is not there is skipped with that reason, so that a bare `pytest` says what it left out. In
continuous integration (`CI=true`) nothing may be missing, and the test fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

import pytest

ROOT: Final = Path(__file__).parents[2]
TEX: Final = ("pdflatex", "lualatex", "xelatex", "latex", "dvips", "dvipdfmx", "ps2pdf", "bibtex", "biber", "kpsewhich")
"""What the marker `tex` stands for."""
_PROGRAMS: Final = {
    *TEX,
    *(
        "asciidoctor",
        "basenc",
        "chromium",
        "firefox-esr",
        "git",
        "gs",
        "ip",
        "java",
        "jq",
        "l3build",
        "latexmk",
        "latexml",
        "make4ht",
        "node",
        "platex",
        "uplatex",
    ),
    *("bash", "fish", "mandoc", "zsh"),
    *("openssl", "pdfunite", "qpdf", "setsid", "systemd-analyze", "tex", "unshare"),
}
"""All that tests run. A test of which one cannot be found is skipped, whether it is marked or not."""
_FETCHED: Final = {"npm": ".ci/install-npm", "schemas": ".ci/install-schemas"}
"""Folders below build/, and what fills them."""


def each(*things: str) -> None:
    """Skips the test where one of these is missing; fails it in continuous integration.

    Args:
        things: names of programs, `npm` or `schemas` for the folder below build/, `user namespaces`, or `tex`.
    """
    for thing in things:
        if thing == "tex":
            each(*TEX)
        elif thing in _FETCHED:
            if not (ROOT / "build" / thing).is_dir():
                missing(f"build/{thing} is missing: {_FETCHED[thing]} makes it")
        elif thing == "user namespaces":
            if not _user_namespaces():
                missing("this machine gives no user namespaces to its users")
        else:
            program(thing)


def program(name: str) -> str:
    """The path of a program."""
    return shutil.which(name) or missing(f"{name} is not on PATH: .ci/install-system test installs it")


def missing(reason: str) -> NoReturn:
    """The test cannot run here."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def said() -> Iterator[None]:
    """Around a test, or what comes before one: says of a program or file that is not there what would bring it."""
    try:
        yield
    except FileNotFoundError as error:
        path = Path(str(error.filename))
        if path.name in _PROGRAMS and shutil.which(path.name) is None:
            program(path.name)
        for folder in _FETCHED:
            if path.is_relative_to(ROOT / "build" / folder):
                each(folder)
        raise


@cache
def _user_namespaces() -> bool:
    command = [program("unshare"), "--user", "--map-root-user", "--net", "--mount", "--", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
