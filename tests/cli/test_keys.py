"""Keys and timestamps on the command line: where trust comes from, and what is said of a proof."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pithtex.errors import UsageError
from pithtex.format.keys import PINNED_KEY
from pithtex.system.key_files import config_folder, load_keyring
from pithtex.verification import timestamp
from tests import signing
from tests.conftest import BUNDLE_FILE, DATA, RECORD_FILES, ROOT, SEEDS
from tests.kit.command_line import run, run_json

OTS = DATA / "ots"
STAMPED = str(SEEDS / "record-EL6A4QOT.json")
EXAMPLE = ROOT / "examples" / "sparsex" / "main.pdf"
TEST_HEX = bytes(signing.TEST_KEY.verify_key).hex()
OTHER_HEX = bytes(signing.OTHER_KEY.verify_key).hex()
LINE = f"{signing.TEST_KEY_ID} {TEST_HEX}\n"
NAMES = {"key_id": signing.TEST_KEY_ID, "algorithm": "ed25519", "public_key_hex": TEST_HEX}

Write = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder that is empty, and no keys in the environment."""
    empty = tmp_path / "config"
    empty.mkdir()
    monkeypatch.setenv("PITHTEX_CONFIG_DIR", str(empty))
    monkeypatch.delenv("PITHTEX_KEYS", raising=False)
    return empty


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writer(name: str, content: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        return path

    return writer


@pytest.fixture
def own(write: Write) -> Path:
    """A record that the test key signed."""
    return write("own.json", json.dumps(signing.record_document()))


def revoked(**changes: object) -> str:
    form = json.loads(BUNDLE_FILE.read_bytes())["public_keys"][0]
    return json.dumps({**form, "revoked": True, **changes})


# Sources


def test_only_the_pinned_key() -> None:
    assert list(load_keyring()) == [PINNED_KEY]


def test_every_source_and_its_origin(write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write(f"{name}.txt", f"{name} {OTHER_HEX}\n") for name in ("option-1", "option-2", "env-1", "env-2")]
    monkeypatch.setenv("PITHTEX_KEYS", os.pathsep.join(["", str(paths[2]), str(paths[3])]))
    (folder / "keys.json").write_text(json.dumps({**NAMES, "key_id": "single"}))
    (folder / "keys").mkdir()
    for name in ("b", "a"):
        (folder / "keys" / f"{name}.json").write_text(json.dumps([{**NAMES, "key_id": name}]))
    for name in ("notes.txt", ".hidden.json"):
        (folder / "keys" / name).write_text("not read")
    assert {key.key_id: key.origin for key in load_keyring([str(path) for path in paths[:2]])} == {
        "pith-v1-2026-05": "pinned in pithtex",
        "option-1": f"--key {paths[0]}",
        "option-2": f"--key {paths[1]}",
        "env-1": f"PITHTEX_KEYS {paths[2]}",
        "env-2": f"PITHTEX_KEYS {paths[3]}",
        "single": f"configuration {folder / 'keys.json'}",
        "a": f"configuration {folder / 'keys' / 'a.json'}",
        "b": f"configuration {folder / 'keys' / 'b.json'}",
    }


def test_the_platforms_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PITHTEX_CONFIG_DIR")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if sys.platform.startswith("linux"):
        assert config_folder() == tmp_path / "pithtex"
    assert config_folder().name == "pithtex"


def test_a_source_that_contradicts_another(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("evil.txt", f"{PINNED_KEY.key_id} {OTHER_HEX}\n")
    monkeypatch.setenv("PITHTEX_KEYS", str(path))
    with pytest.raises(UsageError) as caught:
        load_keyring()
    assert "pinned in pithtex" in caught.value.message
    assert f"PITHTEX_KEYS {path}" in caught.value.message


@pytest.mark.parametrize("command", [["verify", STAMPED], ["keys"], ["check", str(EXAMPLE)]])
def test_keys_that_cannot_be_had_are_wrong_usage(
    capsys: pytest.CaptureFixture[str], write: Write, tmp_path: Path, command: list[str]
) -> None:
    for path in (tmp_path / "nothing", tmp_path, write("bad.txt", "x y z\n"), write("evil.txt", f"k {'0' * 64}\n")):
        code, out, err = run(capsys, *command, "--key", path)
        assert (code, out) == (2, ""), path
        assert str(path) in err
    code, document = run_json(capsys, *command, "--key", tmp_path / "nothing")
    assert code == 2
    assert [item["name"] for item in document["results"][0]["findings"]] == ["no-input"]


def test_generate_with_keys_that_cannot_be_had(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "paper"
    assert run(capsys, "generate", STAMPED, "-o", out, "--key", tmp_path / "nothing")[0] == 2
    assert not out.exists()


def test_a_bundles_own_key_is_not_taken(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "verify", BUNDLE_FILE, "--key", BUNDLE_FILE)
    assert code == 2
    assert "a key that a document carries proves nothing" in err


# Use


def test_verify_with_a_key(capsys: pytest.CaptureFixture[str], own: Path, write: Write) -> None:
    assert run(capsys, "verify", own)[0] == 3
    path = write("mine.txt", LINE)
    code, out, _ = run(capsys, "verify", own, STAMPED, "--key", path)
    assert code == 0
    assert f"{signing.TEST_KEY_ID} (--key {path})" in out
    assert run(capsys, "verify", own, "--key", write("other.txt", f"{signing.TEST_KEY_ID}={OTHER_HEX}"))[0] == 1


def test_keys_from_the_environment(
    capsys: pytest.CaptureFixture[str], own: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PITHTEX_KEYS", str(write("mine.txt", LINE)))
    assert run(capsys, "verify", own)[0] == 0


def test_keys_from_the_configuration(capsys: pytest.CaptureFixture[str], own: Path, folder: Path) -> None:
    (folder / "keys.json").write_text(json.dumps({"keys": [NAMES]}))
    assert run(capsys, "verify", own)[0] == 0


def test_generate_with_a_key(capsys: pytest.CaptureFixture[str], own: Path, write: Write, tmp_path: Path) -> None:
    assert run(capsys, "generate", own, "-o", tmp_path / "paper")[0] == 3
    assert run(capsys, "generate", own, "-o", tmp_path / "paper", "--key", write("mine.txt", LINE))[0] == 0
    assert (tmp_path / "paper" / "pith.sty").exists()


def test_a_file_revokes_the_pinned_key(
    capsys: pytest.CaptureFixture[str], write: Write, folder: Path, tmp_path: Path
) -> None:
    (folder / "keys").mkdir()
    (folder / "keys" / "revoked.json").write_text(revoked(revoked_at="2026-09-01T00:00:00Z"))
    for file in (*RECORD_FILES, BUNDLE_FILE):
        code, document = run_json(capsys, "verify", file)
        assert code == 1
        assert "key-revoked" in [item["name"] for item in document["results"][0]["findings"]]
    assert run(capsys, "generate", STAMPED, "-o", tmp_path / "paper")[0] == 1
    code, document = run_json(capsys, "check", EXAMPLE)
    (result,) = document["results"]
    assert (code, result["verdict"], result["facts"]["key"]["status"]) == (1, "invalid", "fails")
    assert result["facts"]["signature"]["status"] == "holds"
    assert "key-revoked" in [item["name"] for item in result["findings"]]


def test_the_list_of_keys(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    path = write("revoked.json", revoked(rotates_at="2027-01-01T01:00:00+01:00", revoked_at="2026-09-01T00:00:00Z"))
    code, out, _ = run(capsys, "keys", "--key", path, "--key", write("mine.txt", LINE))
    assert code == 0
    for text in (
        f"pinned in pithtex, revoked by --key {path}",
        PINNED_KEY.fingerprint_hex,
        PINNED_KEY.fingerprint_base32,
        "rotates at          2027-01-01T00:00:00Z",
        "revoked             2026-09-01T00:00:00Z: its signatures do not count",
        TEST_HEX,
    ):
        assert text in out
    assert "at a time not stated" in run(capsys, "keys", "--key", write("undated.json", revoked()))[1]
    (result, *_) = run_json(capsys, "keys", "--key", path)[1]["results"]
    assert (result["revoked"], result["revoked_at"]) == (True, "2026-09-01T00:00:00Z")
    assert run(capsys, "keys", "-q") == (0, "", "")


def test_what_the_list_prints_can_be_read_back(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    first = write("revoked.json", revoked(revoked_at="2026-09-01T00:00:00Z"))
    results = run_json(capsys, "keys", "--key", first, "--key", write("mine.txt", LINE))[1]["results"]
    (again, own) = load_keyring([str(write("again.json", json.dumps(results)))])
    assert (again.revoked, own.key_id, own.hex) == (True, signing.TEST_KEY_ID, TEST_HEX)


# Timestamps


def stamp_lines(out: str) -> list[str]:
    return [line.strip() for line in out.splitlines() if " timestamp " in line and "[PITH" not in line]


def test_a_pending_proof(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "verify", STAMPED, "--ots", OTS / "pending.ots")
    assert (code, err) == (0, "")
    digest, block = stamp_lines(out)
    assert digest.startswith("holds       timestamp digest: ")
    assert block.startswith("not-checked timestamp block: pending, so it proves no time yet; ")
    assert out.startswith("verified")


def test_a_proof_in_a_block(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["verify", STAMPED, "--ots", str(OTS / "block.ots")]
    code, out, _ = run(capsys, *command)
    assert code == 0
    assert stamp_lines(out)[1].startswith("not-checked timestamp block: leads to Bitcoin block 955000 ")
    header = (OTS / "header.hex").read_text().strip()
    code, out, _ = run(capsys, *command, "--header", header)
    assert code == 1
    assert stamp_lines(out)[1].startswith("fails       timestamp block: the header given hashes to ")
    monkeypatch.setattr(timestamp, "MAX_TARGET", 0x7FFFFF << 232)
    for given in (header, str(OTS / "header.hex")):
        code, out, _ = run(capsys, *command, "--header", given)
        assert code == 0
        assert stamp_lines(out)[1].startswith("holds       timestamp block: matches the header given: ")
        assert "that it is on Bitcoin's chain was not checked" in out


def test_a_header_in_bytes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "header.bin"
    path.write_bytes(bytes.fromhex((OTS / "header.hex").read_text()))
    code, out, _ = run(capsys, "verify", STAMPED, "--ots", OTS / "pending.ots", "--header", path)
    assert code == 3
    assert out.startswith("could not be decided")
    assert "timestamp-not-anchored" in out


def test_a_proof_of_another_record(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "verify", BUNDLE_FILE, "--ots", OTS / "block.ots")
    assert code == 1
    (result,) = document["results"]
    assert [item["name"] for item in result["findings"]] == ["timestamp-of-another-digest"]
    assert [(check["check"], check["status"]) for check in result["checks"][-2:]] == [
        ("timestamp digest", "fails"),
        ("timestamp block", "not-checked"),
    ]


def test_a_proof_that_is_none(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    """The record's own checks are shown all the same."""
    path = write("garbage.ots", "not a proof")
    code, out, _ = run(capsys, "verify", STAMPED, "--ots", path)
    assert code == 1
    assert "holds       receipt signature" in out
    (line,) = stamp_lines(out)
    assert line.startswith(f"fails       timestamp digest: {path}: not an OpenTimestamps proof: ")


@pytest.mark.parametrize(
    "args",
    [
        ["--ots", "/nowhere"],
        ["--header", "00"],
        ["--ots", str(OTS / "block.ots"), "--header", "/nowhere"],
        ["--ots", str(OTS / "block.ots"), "--header", "zz" * 80],
        ["--ots", str(OTS / "block.ots"), "--header", str(OTS / "block.ots")],
        [STAMPED, "--ots", str(OTS / "block.ots")],
    ],
)
def test_wrong_use_of_timestamps(capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    code, out, err = run(capsys, "verify", STAMPED, *args)
    assert (code, out) == (2, "")
    assert "error[" in err


def test_timestamps_without_the_library(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentimestamps.core.serialize", None)
    code, _, err = run(capsys, "verify", STAMPED, "--ots", OTS / "block.ots")
    assert code == 2
    assert "pip install 'pithtex[ots]'" in err


def test_start_up_loads_neither_library() -> None:
    program = (
        "import sys, contextlib, io\nfrom pithtex.cli.main import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    main(sys.argv[1:])\n"
        "print(*({'platformdirs', 'opentimestamps', 'bitcoin'} & set(sys.modules)))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PITHTEX_CONFIG_DIR"}
    for args, expected in ((["--help"], ""), (["verify", STAMPED], "platformdirs")):
        done = subprocess.run(
            [sys.executable, "-c", program, *args], capture_output=True, text=True, check=True, env=environment
        )
        assert done.stdout.strip() == expected


@pytest.mark.parametrize("name", ["keys.json", "keys/a.json"])
def test_a_pipe_among_the_configured_keys_keeps_nobody_waiting(
    capsys: pytest.CaptureFixture[str], folder: Path, name: str
) -> None:
    """A revocation may be meant by it, so it is an error and not passed over."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    code, document = run_json(capsys, "keys")
    (finding,) = document["results"][0]["findings"]
    assert (code, finding["name"], finding["message"]) == (2, "no-input", "not a file")


def test_a_key_that_has_expired(capsys: pytest.CaptureFixture[str], tmp_path: Path, folder: Path) -> None:
    """The pinned key's end by a file of the user's: nothing is proven any more, and nothing contradicts."""
    for year, code in ((2020, 3), (2999, 0)):
        path = tmp_path / f"{year}.json"
        form = {"algorithm": "ed25519", "key_id": "again", "public_key_hex": PINNED_KEY.hex}
        path.write_text(json.dumps({**form, "expires_at": f"{year}-01-01T00:00:00Z"}))
        got, document = run_json(capsys, "verify", STAMPED, "--key", path)
        assert got == code
        names = [item["name"] for item in document["results"][0]["findings"]]
        assert ("key-expired" in names) is bool(code)
        assert f"expires at          {year}-01-01T00:00:00Z" in run(capsys, "keys", "--key", path)[1]
