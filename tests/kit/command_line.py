"""Runs a command in this process: exit code, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pithtex.cli.main import main
from tests.conftest import ROOT, SEEDS

EXAMPLE = ROOT / "examples" / "sparsex" / "main.pdf"
RECORD = str(SEEDS / "record-EL6A4QOT.json")


def run(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    try:
        code = int(main([str(arg) for arg in args]))
    except SystemExit as stop:  # argparse's own way out
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def run_json(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, dict[str, Any]]:
    code, out, _ = run(capsys, *args, "--json")
    document = json.loads(out)
    assert document["schema"] == "pithtex/1"
    assert document["command"] == args[0]
    return code, document
