"""The exact output of a few commands, in files that a person can read.

After a wanted change: `python -m tests.golden.test_golden` writes them anew, and `git diff` shows what changed.
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

import pytest

from pithtex.cli.main import main
from tests.conftest import ROOT

HERE = Path(__file__).parent
PAPER = "examples/sparsex/main.pdf"
OTHER_RECORD = "tests/data/seeds/record-EL6A4QOT.json"
DOCUMENTS = ("tests/data/seeds/bundle-CNPMIFD4.json", "tests/data/vectors/integrity-2604.20237.json")
COMMANDS = {
    "check-valid.txt": ["check", PAPER],
    "check-invalid.txt": ["check", PAPER, "--record", OTHER_RECORD],
    "check-several.txt": ["check", PAPER, "nothing.pdf", "README.md"],
    "check-invalid.github": ["check", PAPER, "nothing.pdf", "--record", OTHER_RECORD, "--format", "github"],
    "check-invalid.sarif": ["check", PAPER, "nothing.pdf", "--record", OTHER_RECORD, "--format", "sarif"],
    "decode.txt": [
        "decode",
        "docs/reference/badges/pith-qr.svg",
        "https://pith.science.example/pith/CNPMIFD42NONUMCBYNP4XLPY53",
    ],
    "verify.txt": ["verify", OTHER_RECORD, *DOCUMENTS],
    "verify.github": ["verify", OTHER_RECORD, "README.md", "--format", "github"],
}


def output(command: list[str]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        main(command)
    return stream.getvalue()


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_that_of_the_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    # Where the checkout lies is the one thing in the output that differs from machine to machine.
    assert output(COMMANDS[name]).replace(str(ROOT), "ROOT") == (HERE / name).read_text()


if __name__ == "__main__":
    os.chdir(ROOT)
    for name, command in COMMANDS.items():
        (HERE / name).write_text(output(command).replace(str(ROOT), "ROOT"))
