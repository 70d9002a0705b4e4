"""A store that has one record."""

from __future__ import annotations

import pytest

from pithtex.cli.main import main
from tests.conftest import BUNDLE_FILE


@pytest.fixture
def stored(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path_factory.mktemp("store")))
    assert main(["store", "import", "-q", str(BUNDLE_FILE)]) == 0
