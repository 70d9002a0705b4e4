"""The store: verified on every read, and sound under many processes, after a crash, on a full or read-only disk."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import pithtex
from pithtex.resolution.store.store import TEMPORARY, Store, document_bytes, proven_document
from pithtex.resolution.store.upkeep import leftovers
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES, ROOT
from tests.kit.command_line import run, run_json
from tests.resolution import server as faults
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.machines import read_only, with_full_disk
from tests.resolution.server import Server, as_bytes, environment

PITHTEX = [sys.executable, "-m", "pithtex"]
FULL = f"pith:2026:{NUMBER}"
HOUR = 3600.0


@pytest.fixture
def filled(capsys: pytest.CaptureFixture[str], own_home: Path) -> Store:
    """The user's store with the real documents."""
    assert run(capsys, "store", "import", *RECORD_FILES, BUNDLE_FILE)[0] == 0
    return Store(own_home)


def names_of(document: dict[str, object]) -> list[str]:
    return [item["name"] for result in document["results"] for item in result["findings"]]  # type: ignore[attr-defined]


def test_what_it_holds_is_proven(filled: Store) -> None:
    """Each byte of an entry follows from what the registry signed; what it only claims is not kept."""
    for path in RECORD_FILES:
        record = pithtex.verify_record(pithtex.load_record(path.read_bytes()))
        kept = filled.path(record.number.suffix).read_bytes()
        assert kept == document_bytes(proven_document(record))
        again = pithtex.verify_record(pithtex.load_record(kept))
        assert (again, again.title) == (pithtex.verify_record(pithtex.load_record(kept)), record.title)
        assert set(again.claimed) == set(proven_document(record)) - {"canonical_record"}


def test_list_and_path(capsys: pytest.CaptureFixture[str], filled: Store) -> None:
    code, out, _ = run(capsys, "store", "list")
    assert (code, len(out.splitlines())) == (0, 4)
    assert f"{FULL}  arXiv:{ARXIV}v1  SparseX: " in out
    assert run(capsys, "store", "path")[1] == f"{filled.folder}\n"


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PITHTEX_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert Store().folder == tmp_path / "data" / "pithtex"


def test_looking_makes_nothing(capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    for action in ("list", "path", "verify", "prune", "export"):
        assert run(capsys, "store", action)[0] == 0
    assert run(capsys, "resolve", "--offline", NUMBER)[0] == 3
    assert not own_home.exists()


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data.replace(b"SparseX", b"Sparsex9"),
        lambda data: data.replace(b'"version":1', b'"version":2'),
        lambda data: RECORD_FILES[0].read_bytes(),
        lambda data: b"{}",
        lambda data: b" " * (9 << 20),
    ],
)
def test_a_damaged_entry_is_not_used_and_heals(
    capsys: pytest.CaptureFixture[str], filled: Store, mirror: Server, harm: Callable[[bytes], bytes]
) -> None:
    path = filled.path(NUMBER)
    sound = path.read_bytes()
    path.write_bytes(harm(sound))
    code, document = run_json(capsys, "resolve", NUMBER, "--offline")
    assert (code, names_of(document), document["results"][0]["number"]) == (3, ["store-damaged"], None)
    code, document = run_json(capsys, "store", "verify")
    assert (code, names_of(document)) == (1, ["store-damaged"])
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", mirror.url)
    assert (code, names_of(document)) == (0, ["store-damaged"])
    assert path.read_bytes() == sound


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as made:  # its path has to be short
        made.bind(path.name)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_terminal(path: Path) -> None:
    path.symlink_to("/dev/ptmx")


def a_circle(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [a_pipe, a_socket, a_device, a_terminal, a_circle, Path.mkdir])
def test_what_is_not_a_file_keeps_nobody_waiting(
    capsys: pytest.CaptureFixture[str], filled: Store, mirror: Server, make: Callable[[Path], None]
) -> None:
    """In the place of a record, of a bundle, of a cached reply: said, and nothing hangs or is lost."""
    (bundle,) = (filled.folder / "bundles").rglob("*.json")
    for path in (filled.path(NUMBER), bundle):
        path.unlink()
        make(path)
    code, document = run_json(capsys, "store", "verify")
    assert (code, set(names_of(document))) == (3, {"store-unreadable"})
    code, document = run_json(capsys, "store", "list")
    assert names_of(document) == ["store-unreadable"]
    code, document = run_json(capsys, "resolve", NUMBER, "--offline")
    assert (code, names_of(document)) == (3, ["store-unreadable"])
    code, document = run_json(capsys, "resolve", "--bundle", NUMBER, "--mirror", mirror.url)
    assert (code, document["results"][0]["number"]) == (0, FULL)
    for args in (("store", "export"), ("store", "prune"), ("mirror", "export", filled.folder.parent / "tree")):
        assert run(capsys, *args)[0] in {0, 3}
    for path in (path for path in (filled.folder / "http").rglob("*") if path.is_file()):
        path.unlink()
        make(path)
    assert run(capsys, "resolve", ARXIV, "--mirror", mirror.url)[0] == 0


def test_a_damaged_bundle(capsys: pytest.CaptureFixture[str], filled: Store) -> None:
    (path,) = (filled.folder / "bundles").rglob("*.json")
    path.write_bytes(path.read_bytes().replace(b"SparseX", b"Sparsex9"))
    assert run_json(capsys, "store", "verify")[0] == 1
    code, document = run_json(capsys, "resolve", "--bundle", NUMBER, "--offline")
    assert (code, document["results"][0]["number"]) == (3, None)
    assert run(capsys, "store", "prune")[0] == 0
    assert not path.exists()
    assert run(capsys, "store", "verify")[0] == 0


def test_prune_takes_what_is_none_and_nothing_else(capsys: pytest.CaptureFixture[str], filled: Store) -> None:
    """Leftovers go by the clock that dates them, so a file of a write under way stays."""
    sound = sorted(path for path in filled.folder.rglob("*") if path.is_file())
    filled.path(NUMBER).write_bytes(b"{")
    old = filled.path(NUMBER).parent / f".x{TEMPORARY}"
    new = filled.path(NUMBER).parent / f".y{TEMPORARY}"
    nowhere = filled.folder / "arxiv" / "2606" / f"01751-2-{'A' * 26}"
    for path in (old, new, nowhere):
        path.touch()
    for path in (old, nowhere):
        os.utime(path, (time.time() - 2 * HOUR,) * 2)
    code, document = run_json(capsys, "store", "prune", "--dry-run")
    gone = {Path(result["file"]) for result in document["results"]}
    assert (code, gone) == (0, {old, nowhere, filled.path(NUMBER)})
    assert old.exists()
    assert run(capsys, "store", "prune")[0] == 0
    left = {path for path in filled.folder.rglob("*") if path.is_file()}
    assert left == {*sound, new} - {filled.path(NUMBER)}


def test_import_keeps_what_holds(capsys: pytest.CaptureFixture[str], tmp_path: Path, own_home: Path) -> None:
    forged = json.loads(RECORD_FILES[0].read_bytes())
    for part in (forged, forged["graph_snapshot"]):
        part["paper"]["title"] = "Another Title Altogether"
    lines = [RECORD_FILES[0].read_bytes(), as_bytes(forged), as_bytes(signing.record_document()), b"{}"]
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(b"\n".join(json.dumps(json.loads(line)).encode() for line in lines))
    code, document = run_json(capsys, "store", "import", path, tmp_path / "nothing")
    assert code == 1
    assert names_of(document) == ["title-mismatch", "unknown-key", "unknown-document", "no-input"]
    assert len(list(Store(own_home).suffixes())) == 1


def test_export_and_import_between_machines(
    capsys: pytest.CaptureFixture[str], filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = tmp_path / "all.jsonl"
    assert run(capsys, "store", "export", "-o", export)[0] == 0
    here = {path.relative_to(filled.folder): path.read_bytes() for path in filled.folder.rglob("*") if path.is_file()}
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "there"))
    assert run(capsys, "store", "import", export)[0] == 0
    there = tmp_path / "there"
    assert {path.relative_to(there): path.read_bytes() for path in there.rglob("*") if path.is_file()} == here


def test_a_bundle_without_title_does_not_take_one_away(capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    store = Store(own_home)
    titled = pithtex.verify_record(pithtex.load_record(RECORD_FILES[0].read_bytes()))
    document = json.loads(RECORD_FILES[0].read_bytes())
    for part in (document, document["graph_snapshot"]):
        del part["paper"]["title"]
    bare = pithtex.verify_record(pithtex.load_record(document))
    assert bare.title is None
    for record, title in ((bare, None), (titled, titled.title), (bare, titled.title)):
        assert store.put(record) == ()
        kept, _ = store.get(record.number.suffix, pithtex.default_keyring())
        assert kept is not None
        assert kept.title == title


# --- crashes, crowds, disks ------------------------------------------------------------------------------------------


def test_killed_between_writing_and_renaming(capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    """No entry, and nothing but a leftover that goes with time."""
    program = f"""
import os, sys, time
os.replace = lambda *_: (print("written", flush=True), time.sleep(60))
from pithtex.cli.main import main
main(["store", "import", {str(RECORD_FILES[0])!r}])
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    (left,) = own_home.rglob(f"*{TEMPORARY}")
    assert run(capsys, "store", "verify")[0] == 0
    assert list(Store(own_home).suffixes()) == []
    os.utime(left, (0, 0))
    for path in own_home.rglob("*-1-*"):
        os.utime(path, (0, 0))
    assert run(capsys, "store", "prune")[0] == 0
    assert [path for path in own_home.rglob("*") if path.is_file()] == []


def test_killed_at_any_moment(own_home: Path) -> None:
    program = """
import sys
import pithtex
from pithtex.resolution.store.store import Store
from tests import signing
for version in range(1, 10**6):
    print(version, flush=True)
    document = signing.record_document(canonical=signing.canonical_record(version=version))
    Store().put(pithtex.verify_record(pithtex.load_record(document), signing.keyring()))
"""
    chance = random.Random(6)
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(chance.randint(3, 30)):
                process.stdout.readline()
            time.sleep(chance.uniform(0, 0.002))
            process.send_signal(signal.SIGKILL)
    store = Store(own_home)
    suffixes = list(store.suffixes())
    assert len(suffixes) >= 3
    for suffix in suffixes:
        record, findings = store.get(suffix, signing.keyring())
        assert record is not None, findings


def test_two_dozen_processes_at_once(mirror: Server, tmp_path: Path, ca_file: Path) -> None:
    numbers = [json.loads(path.read_bytes())["pith_number"] for path in RECORD_FILES]
    env = environment(tmp_path, ca_file)
    command = [*PITHTEX, "resolve", "--bundle", NUMBER, "--mirror", mirror.url, "-q"]
    other = [*PITHTEX, "resolve", *numbers, ARXIV, "--mirror", mirror.url, "-q"]
    processes = [subprocess.Popen(command if i % 2 else other, env=env, stderr=subprocess.PIPE) for i in range(24)]
    ends = [(process.communicate()[1], process.returncode) for process in processes]
    assert ends == [(b"", 0)] * 24
    store = Store(tmp_path / "store")
    assert len(list(store.suffixes())) == 4
    assert all(store.get(suffix, pithtex.default_keyring())[0] is not None for suffix in store.suffixes())
    assert len(store.bundles(NUMBER, pithtex.default_keyring())[0]) == 1
    assert not list(store.folder.rglob(f"*{TEMPORARY}"))


def test_a_full_disk(mirror: Server, tmp_path: Path, ca_file: Path) -> None:
    """The record is given; that it could not be kept is said."""
    env = environment(tmp_path, ca_file)
    (tmp_path / "store").mkdir()
    command = [*PITHTEX, "resolve", ARXIV, "--mirror", mirror.url, "--json"]
    done = with_full_disk(command, env, tmp_path / "store")
    document = json.loads(done.stdout)
    assert (done.returncode, document["results"][0]["number"], names_of(document)) == (0, FULL, ["store-not-written"])


def test_a_read_only_store(capsys: pytest.CaptureFixture[str], mirror: Server, tmp_path: Path, ca_file: Path) -> None:
    """What is in it is used, what is not is given and not kept."""
    env = environment(tmp_path, ca_file)
    import_it = [*PITHTEX, "store", "import", str(RECORD_FILES[0])]
    assert subprocess.run(import_it, env=env, check=False, capture_output=True).returncode == 0
    kept = json.loads(RECORD_FILES[0].read_bytes())["pith_number"]
    command = [*PITHTEX, "resolve", kept, NUMBER, "--mirror", mirror.url, "--json"]
    done = read_only(command, env, tmp_path / "store")
    document = json.loads(done.stdout)
    assert (done.returncode, names_of(document)) == (0, ["store-not-written"])
    assert [result["number"] for result in document["results"]] == [kept, FULL]
    assert list(Store(tmp_path / "store").suffixes()) == [kept[-26:]]


def test_a_store_that_is_no_folder(capsys: pytest.CaptureFixture[str], mirror: Server, own_home: Path) -> None:
    own_home.write_text("a file")
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", mirror.url)
    assert (code, names_of(document)) == (0, ["store-unreadable", "store-not-written"])
    assert own_home.read_text() == "a file"


def test_other_clocks(capsys: pytest.CaptureFixture[str], filled: Store, mirror: Server) -> None:
    """Entries from the future and from 1970 are as good as any; no age decides what is used."""
    for moment in (0.0, time.time() + 1000 * 24 * HOUR):
        for path in filled.folder.rglob("*"):
            os.utime(path, (moment, moment))
        mirror.faults["/pith-mirrors.json"] = faults.status(500)
        code, document = run_json(capsys, "resolve", NUMBER, f"{ARXIV}v1", "--mirror", mirror.url)
        assert (code, names_of(document)) == (0, [])
        assert run(capsys, "store", "verify")[0] == 0
        assert list(leftovers(filled)) == []
