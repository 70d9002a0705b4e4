"""Fixtures that every kind of test uses: the real documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"
SEEDS = DATA / "seeds"
VECTORS = DATA / "vectors"
ROOT = Path(__file__).parents[1]

RECORD_FILES = sorted(SEEDS.glob("record-*.json"))
BUNDLE_FILE = SEEDS / "bundle-CNPMIFD4.json"


@pytest.fixture(autouse=True)
def no_keys_of_the_developers(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The tests trust what they say they trust, whoever runs them."""
    monkeypatch.setenv("PITHTEX_CONFIG_DIR", str(tmp_path_factory.getbasetemp() / "no-configuration"))
    monkeypatch.delenv("PITHTEX_KEYS", raising=False)


@pytest.fixture
def record() -> dict[str, Any]:
    """A real record document, anew for each test to change."""
    return json.loads((SEEDS / "record-EL6A4QOT.json").read_bytes())


@pytest.fixture
def bundle() -> dict[str, Any]:
    """The real bundle, anew for each test to change."""
    return json.loads(BUNDLE_FILE.read_bytes())
