"""Fixtures that every kind of test uses: the real documents, and Debian's Chromium."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from pithtex.report import jsondoc
from tests.kit import documents, needs

# How long an example takes is the machine's business: a busy one fails no test.
settings.register_profile("untimed", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Gives the programs under test signals that end them: a shell starts jobs in the background without some."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is signal.SIG_IGN:
            signal.signal(each, signal.SIG_DFL)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Skips a test with the reason where the machine lacks what it needs."""
    if item.get_closest_marker("tex"):
        needs.each("tex")
    for marker in item.iter_markers("needs"):
        needs.each(*marker.args)
    with needs.said():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """The same, where it is only noticed when the program is to run."""
    with needs.said():
        return (yield)


DATA = Path(__file__).parent / "data"
SEEDS = DATA / "seeds"
VECTORS = DATA / "vectors"
ROOT = Path(__file__).parents[1]

RECORD_FILES = sorted(SEEDS.glob("record-*.json"))
BUNDLE_FILE = SEEDS / "bundle-CNPMIFD4.json"

# Chromium's sandbox does not work for root; the others keep it from asking its maker's servers anything.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def no_keys_of_the_developers(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The tests trust what they say they trust, whoever runs them."""
    monkeypatch.setenv("PITHTEX_CONFIG_DIR", str(tmp_path_factory.getbasetemp() / "no-configuration"))
    monkeypatch.delenv("PITHTEX_KEYS", raising=False)
    # And they know of papers what they say they know.
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path_factory.getbasetemp() / "no-store"))


@pytest.fixture(autouse=True)
def documents_are_as_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document that a command prints in this process is held to its schema, whatever a test looks at."""
    for name in ("json_document", "json_line"):
        monkeypatch.setattr(jsondoc, name, _held(getattr(jsondoc, name)))


def _held(make: Callable[..., str]) -> Callable[..., str]:
    def made(*args: Any) -> str:
        text = make(*args)
        documents.check(text)
        return text

    return made


@pytest.fixture
def record() -> dict[str, Any]:
    """A real record document, anew for each test to change."""
    return json.loads((SEEDS / "record-EL6A4QOT.json").read_bytes())


@pytest.fixture
def bundle() -> dict[str, Any]:
    """The real bundle, anew for each test to change."""
    return json.loads(BUNDLE_FILE.read_bytes())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process: Playwright does not start twice in it."""
    chromium = needs.program("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()
