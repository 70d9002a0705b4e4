"""`pithtex.resolve` and the mirrors: what the command gives, kept for the next time, and errors with words."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import pithtex
from tests.kit.command_line import run_json
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.server import Server, status


def told(document: dict[str, object]) -> Any:
    """As JSON, without the times at which something was asked."""
    return json.loads(json.dumps(document), object_hook=lambda value: {k: v for k, v in value.items() if k != "at"})


def test_a_mirror_is_asked_once_and_its_record_kept(mirror: Server) -> None:
    found = pithtex.resolve(NUMBER, mirrors=[mirror.url])
    assert (found.record.number.suffix, found.resolution.origin) == (NUMBER, f"Seeds ({mirror.url})")
    asked = len(mirror.paths())
    assert pithtex.resolve(NUMBER, mirrors=[mirror.url]).resolution.origin == "the store"
    assert len(mirror.paths()) == asked
    assert pithtex.resolve(NUMBER, offline=True).record == found.record


@pytest.mark.parametrize("options", [(), ("--bundle",)])
def test_it_is_what_the_command_gives(
    capsys: pytest.CaptureFixture[str], mirror: Server, options: tuple[str, ...]
) -> None:
    pithtex.resolve(ARXIV, mirrors=[mirror.url], bundle=True)  # from here on the store has all of it
    found = pithtex.resolve(ARXIV, mirrors=[mirror.url], bundle=bool(options))
    _, document = run_json(capsys, "resolve", ARXIV, "--mirror", mirror.url, *options)
    assert told(found.to_dict()) == told(document["results"][0])
    assert found.standing.known


def test_many_threads_ask_at_once(mirror: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: pithtex.resolve(ARXIV, mirrors=[mirror.url]), range(16)))
    assert {each.record.number.suffix for each in found} == {NUMBER}


def test_errors_say_what_and_where(mirror: Server) -> None:
    with pytest.raises(pithtex.UnavailableError) as caught:
        pithtex.resolve("2606.99999", mirrors=[mirror.url])
    assert caught.value.finding.name == "record-not-found"
    assert caught.value.hint
    mirror.faults = {path: status(500) for path in ("/manifest.json", "/")}
    for wrong in ("http://example.org/", "https://me:secret@example.org/", "no-such-file.json", ""):
        with pytest.raises(pithtex.PithError) as failed:
            pithtex.resolve(NUMBER, mirrors=[wrong])
        assert "secret" not in str(failed.value)


def test_the_environment_forbids_the_network(mirror: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")
    with pytest.raises(pithtex.UnavailableError):
        pithtex.resolve(NUMBER, mirrors=[mirror.url])
    assert mirror.paths() == []
