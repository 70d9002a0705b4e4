"""The store's and the configuration's folders where they are not what they should be: said, and never a traceback."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pithtex.cli.main import main
from tests.conftest import BUNDLE_FILE, ROOT
from tests.kit.command_line import run, run_json

BUNDLE = str(BUNDLE_FILE)
NUMBER = "CNPMIFD42NONUMCBYNP4XLPY53"
EXAMPLE = ROOT / "examples" / "sparsex"


@pytest.fixture(autouse=True)
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")


def a_file(home: Path) -> None:
    home.write_text("")


def a_device(home: Path) -> None:
    home.symlink_to("/dev/null")


def a_loop(home: Path) -> None:
    home.symlink_to(home.name)


def files_for_folders(home: Path) -> None:
    home.mkdir()
    for name in ("records", "arxiv", "bundles", "http"):
        (home / name).write_text("")


def files_for_shards(home: Path) -> None:
    for name in ("records/C", "arxiv/2606", "bundles/C"):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text("")


HOMES = (a_file, a_device, a_loop, files_for_folders, files_for_shards)


@pytest.mark.parametrize("make", HOMES)
def test_a_store_that_cannot_be_read_is_not_an_empty_one(
    make: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An export of nothing would take the place of the last one."""
    make(tmp_path / "home")
    backup = tmp_path / "backup.jsonl"
    backup.write_text("as it was")
    for words in (["list"], ["verify"], ["prune"], ["export", "-o", backup]):
        code, document = run_json(capsys, "store", *words)
        assert (code, document["results"][0]["findings"][0]["name"]) == (2, "no-input"), words
    assert run(capsys, "mirror", "export", tmp_path / "mirror")[0] == 2
    assert backup.read_text() == "as it was"
    assert not (tmp_path / "mirror").exists()


@pytest.mark.parametrize("make", HOMES)
def test_what_does_not_need_the_store_goes_on_without(
    make: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "home")
    code, document = run_json(capsys, "store", "import", BUNDLE)
    assert (code, document["results"][0]["findings"][0]["name"]) == (3, "store-not-written")
    code, document = run_json(capsys, "resolve", NUMBER)
    assert (code, document["results"][0]["findings"][0]["name"]) == (3, "store-unreadable")
    assert run(capsys, "resolve", "2606.01751")[0] == 3
    assert run(capsys, "check", "--online", EXAMPLE / "main.pdf")[0] == 0
    assert run(capsys, "presubmit", EXAMPLE)[0] == 0
    assert run(capsys, "store", "path")[0] == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\0" * 300, b"\xff\xfe", b"null", b"[1]", b'{"record_type": 3}', b'{"a": {}}', b"[" * 90_000],
)
def test_entries_that_are_none(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["store", "import", "-q", BUNDLE]) == 0
    entries = sorted((tmp_path / "home").rglob("*.json"))
    assert [entry.relative_to(tmp_path / "home").parts[0] for entry in entries] == ["bundles", "records", "states"]
    for entry in entries:
        entry.write_bytes(content)
    assert run_json(capsys, "store", "list")[1]["results"][0]["findings"][0]["name"] == "store-damaged"
    assert run(capsys, "store", "verify", "-q") == (1, "", "")
    assert run(capsys, "resolve", "2606.01751", "-q") == (3, "", "")
    code, document = run_json(capsys, "store", "export")
    assert (code, document["results"][0]["documents"]) == (0, 0)
    assert len(run_json(capsys, "store", "prune")[1]["results"]) == 2
    assert run(capsys, "store", "verify", "-q") == (0, "", "")


def test_folders_for_entries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    (home / "records" / "C" / f"{NUMBER}.json").mkdir(parents=True)
    (home / "bundles" / "C" / NUMBER / f"{'0' * 64}.json").mkdir(parents=True)
    (home / "arxiv" / "2606" / f"01751-1-{NUMBER}").mkdir(parents=True)
    code, document = run_json(capsys, "store", "verify")
    assert (code, {item["findings"][0]["name"] for item in document["results"]}) == (3, {"store-unreadable"})
    assert run(capsys, "resolve", "2606.01751")[0] == 3
    assert run(capsys, "store", "prune")[0] == 0


@pytest.mark.parametrize(
    ("make", "code", "name"),
    [
        (lambda folder: folder.write_text(""), 0, None),
        (lambda folder: folder.symlink_to(folder.name), 0, None),
        (lambda folder: os.makedirs(folder / "keys.json"), 2, "no-input"),
        (lambda folder: os.makedirs(folder / "keys" / "a.json"), 2, "no-input"),
        (lambda folder: (folder.mkdir(), (folder / "keys.json").write_bytes(b"{")), 2, "malformed-document"),
        (lambda folder: (folder.mkdir(), (folder / "keys.json").write_bytes(b"\xff" * 9)), 2, "malformed-document"),
        (lambda folder: (folder.mkdir(), (folder / "keys.json").write_text("[[1, null]]")), 2, "malformed-document"),
        (lambda folder: (folder.mkdir(), (folder / "keys.json").symlink_to("/dev/zero")), 2, "no-input"),
        (lambda folder: (folder.mkdir(), (folder / "keys").write_text("")), 0, None),
    ],
)
def test_configuration(
    make: Callable[[Path], object],
    code: int,
    name: str | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is there and holds no keys is an error: a revocation in it would be lost in silence."""
    make(tmp_path / "config")
    monkeypatch.setenv("PITHTEX_CONFIG_DIR", str(tmp_path / "config"))
    for words in (
        ["keys"],
        ["verify", BUNDLE],
        ["store", "list"],
        ["presubmit", EXAMPLE],
        ["check", EXAMPLE / "main.pdf"],
    ):
        got, document = run_json(capsys, *words)
        found = [item["name"] for result in document["results"] for item in result.get("findings", [])]
        assert (got, name is None or found == [name]) == (code, True), words


@pytest.mark.parametrize("content", [None, b"{", b"\xff", b'{"manifest_type": []}', b"[]"])
def test_mirrors_that_are_none(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config" / "mirrors.json"
    file.parent.mkdir()
    file.mkdir() if content is None else file.write_bytes(content)
    monkeypatch.setenv("PITHTEX_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("PITHTEX_OFFLINE", "0")
    code, document = run_json(capsys, "resolve", NUMBER)
    (found,) = document["results"][0]["findings"]
    assert (code, found["name"]) == (2, "no-input" if content is None else "malformed-manifest")
    assert json.dumps(str(file))[1:-1] in json.dumps(found)
