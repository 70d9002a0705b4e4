"""A store, a CA and a mirror of the real documents for each test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

import pithtex
from pithtex.resolution.export import export_tree
from pithtex.resolution.store.store import Store
from pithtex.resolution.store.upkeep import import_document
from tests.conftest import BUNDLE_FILE, RECORD_FILES
from tests.resolution.server import Server, serving

NUMBER = "CNPMIFD42NONUMCBYNP4XLPY53"
ARXIV = "2606.01751"


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ca_file: Path) -> Path:
    """An empty store for each test, and no way out of the machine: only what a test names is asked."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("PITHTEX_", "CURL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PITHTEX_CONFIG_DIR", str(tmp_path / "configuration"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca_file))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pithtex mirror export` makes of the real documents."""
    store = Store(tmp_path_factory.mktemp("seeds"))
    for path in (*RECORD_FILES, BUNDLE_FILE):
        assert import_document(store, path.read_bytes(), pithtex.default_keyring()) == (True, ())
    folder = tmp_path_factory.mktemp("tree")
    export_tree(folder, store, pithtex.default_keyring(), name="Seeds")
    return folder


@pytest.fixture
def start(tree: Path, ca: trustme.CA) -> Iterator[Callable[..., Server]]:
    """Starts mirrors, of the real documents unless another folder is given."""
    with ExitStack() as stack:
        yield lambda folder=tree, **how: stack.enter_context(serving(Server(folder, ca, **how)))


@pytest.fixture
def mirror(start: Callable[..., Server]) -> Server:
    return start()
