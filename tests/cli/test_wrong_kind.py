"""The right file to the wrong command: every kind to every command, named with the command that takes it."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Final

import pytest

from pithtex.system.kinds import UNKNOWN, Kind, kind_by_beginning, kind_of
from tests import signing
from tests.conftest import BUNDLE_FILE, DATA, ROOT, VECTORS
from tests.kit.command_line import EXAMPLE, RECORD, run

NUMBER: Final = "CNPMIFD42NONUMCBYNP4XLPY53"
TEX: Final = "\\documentclass{article}\n\\title{T}\n\\begin{document}\n\\maketitle\n\\end{document}\n"


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("main.tex", TEX)
    return stream.getvalue()


def _tar(mode: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("main.tex")
        info.size = len(TEX)
        archive.addfile(info, io.BytesIO(TEX.encode()))
    return stream.getvalue()


KEY_LINE: Final = f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n"
KEY_JSON: Final = json.dumps({"key_id": "k", "public_key_hex": bytes(signing.TEST_KEY.verify_key).hex()})
BUNDLE: Final = BUNDLE_FILE.read_bytes()
COMPACT: Final = json.dumps(json.loads(BUNDLE)).encode()
PROOFS: Final = sorted((DATA / "ots").rglob("*.ots"))

FILES: Final[dict[str, tuple[bytes, Kind]]] = {
    "paper.pdf": (EXAMPLE.read_bytes(), Kind.PDF),
    "record.json": (Path(RECORD).read_bytes(), Kind.RECORD),
    "bundle.json": (BUNDLE, Kind.BUNDLE),
    "spaced.json": (b"\n  " + BUNDLE, Kind.BUNDLE),
    "report.json": ((VECTORS / "integrity-2604.20237.json").read_bytes(), Kind.REPORT),
    "records.jsonl": (COMPACT + b"\n" + COMPACT + b"\n", Kind.EXPORT),
    "keys.txt": (KEY_LINE.encode(), Kind.KEYS),
    "key.json": (KEY_JSON.encode(), Kind.KEYS),
    "output.json": (b'{"schema": "pithtex/1", "command": "check", "results": []}', Kind.OUTPUT),
    "link.txt": (f"https://pith.science/pith/{NUMBER}\n".encode(), Kind.LINK),
    "receipt.txt": (f"https://pith.science/pith/{NUMBER}#r=p1.k.AAAA.BBBB\n".encode(), Kind.LINK),
    "photo.png": (b"\x89PNG\r\n\x1a\n" + bytes(20), Kind.PICTURE),
    "photo.jpg": (b"\xff\xd8\xff\xe0" + bytes(20), Kind.PICTURE),
    "photo.webp": (b"RIFF\x10\0\0\0WEBPVP8 ", Kind.PICTURE),
    "badge.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Kind.SVG),
    "proof.ots": (PROOFS[0].read_bytes(), Kind.PROOF),
    "pith.sty": ((ROOT / "latex" / "pith.sty").read_bytes(), Kind.PACKAGE),
    "filled.sty": ((ROOT / "examples" / "sparsex" / "pith.sty").read_bytes(), Kind.PACKAGE),
    "main.tex": (TEX.encode(), Kind.TEX),
    "latin.tex": (b"% \xe9\xe8 %PDF-1.5\n" + TEX.encode(), Kind.TEX),
    "page.html": (b"<!DOCTYPE html>\n<html><body>Not found</body></html>", Kind.WEB_PAGE),
    "feed.xml": (b"<?xml version='1.0'?><feed/>", Kind.XML),
    "utf16.json": (BUNDLE.decode().encode("utf-16"), Kind.UTF16),
    "marked.json": (b"\xef\xbb\xbf" + BUNDLE, Kind.MARKED),
    "source.zip": (_zip(), Kind.ARCHIVE),
    "source.tar": (_tar("w"), Kind.ARCHIVE),
    "source.tar.gz": (_tar("w:gz"), Kind.COMPRESSED),
    "source.tar.xz": (_tar("w:xz"), Kind.COMPRESSED),
    "figure.ps": (b"%!PS-Adobe-3.0\n", Kind.POSTSCRIPT),
    "paper.dvi": (b"\xf7\x02\x01\x83\x92\xc0\x1c;", Kind.DVI),
    "empty": (b"", Kind.EMPTY),
    "blank": (b" \n\t", Kind.EMPTY),
}

TAKES: Final[dict[str, set[Kind]]] = {
    "verify {f}": {Kind.RECORD, Kind.BUNDLE, Kind.REPORT},
    "generate {f} -o out": {Kind.RECORD, Kind.BUNDLE},
    "badge {f} --format md": {Kind.RECORD, Kind.BUNDLE},
    "check {f}": {Kind.PDF},
    "check paper.pdf --record {f}": {Kind.RECORD, Kind.BUNDLE},
    "check paper.pdf --abstract {f}": {Kind.TEX, Kind.EMPTY},
    "check paper.pdf --key {f}": {Kind.KEYS, Kind.RECORD, Kind.BUNDLE, Kind.REPORT},
    "show {f}": {Kind.PDF, Kind.RECORD, Kind.BUNDLE},
    "decode {f}": {Kind.PICTURE, Kind.SVG, Kind.LINK, Kind.WEB_PAGE, Kind.XML, Kind.TEX, Kind.PACKAGE, Kind.UTF16},
    "add {f} main.tex --dry-run": {Kind.RECORD, Kind.BUNDLE},
    "add 2606.01751 {f} --dry-run": {Kind.TEX},
    "remove {f} --dry-run": {Kind.TEX},
    "presubmit {f}": {Kind.TEX},
    "presubmit main.tex --record {f}": {Kind.RECORD, Kind.BUNDLE},
    "resolve {f}": set(),
    "store import {f}": {Kind.RECORD, Kind.BUNDLE, Kind.EXPORT},
    "verify record.json --ots {f}": {Kind.PROOF},
    "keys --key {f}": {Kind.KEYS, Kind.RECORD, Kind.BUNDLE, Kind.REPORT},
}
"""Each command, and the kinds that it takes, or refuses with words of its own. `{f}` is the file."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, (data, _) in FILES.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_the_kind_of_a_file(name: str) -> None:
    data, kind = FILES[name]
    assert kind_of(data) is kind
    assert kind_by_beginning(data) in {kind, Kind.JSON, Kind.TEXT}
    assert kind not in UNKNOWN


@pytest.mark.parametrize("command", TAKES)
def test_a_file_of_another_kind_is_named_with_the_command_that_takes_it(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in folder.iterdir())
    for name, (_, kind) in FILES.items():
        if kind in TAKES[command]:
            continue
        code, out, err = run(capsys, *command.format(f=name).split())
        said = out + err
        assert code == 2, f"{command} {name}: {code} {said}"
        assert "PITH007 wrong-kind" in said, f"{command} {name}: {said}"
        assert f"{name}: this is {kind.noun}, not " in said, f"{command} {name}: {said}"
        assert f"hint: {kind.advice(name) or ''}" in said, f"{command} {name}: {said}"
        assert "Traceback" not in said
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize("command", TAKES)
def test_what_a_command_takes_is_not_refused_for_its_kind(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, (_, kind) in FILES.items():
        if kind in TAKES[command]:
            _, out, err = run(capsys, *command.format(f=name).split())
            assert "wrong-kind" not in out + err, f"{command} {name}"


def test_every_advice_names_a_command_line_that_works(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a message says to type is taken by the command that it names: the kind is not refused again."""
    for name, (_, kind) in FILES.items():
        line = kind.advice(name).rpartition(": pithtex ")[2]
        words = line.replace("RECORD", "record.json").replace("FOLDER", ".").split()
        if line != kind.advice(name) and "ID" not in words:
            _, out, err = run(capsys, *words)
            assert "wrong-kind" not in out + err, line
            assert "usage:" not in err, line


@pytest.mark.parametrize(("given", "number"), [(RECORD, "EL6A4QOTPLYS3LFEIZGOL5QVTM"), (BUNDLE_FILE, NUMBER)])
def test_add_takes_a_record_or_bundle_in_a_file(
    given: str | Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = tmp_path / "paper"
    shutil.copytree(ROOT / "examples" / "sparsex", paper)
    assert run(capsys, "remove", "-y", paper)[0] == 0
    code, out, err = run(capsys, "add", given, paper, "-y")
    assert (code, err) == (0, ""), out
    assert (paper / "pith.sty").exists()
    assert f"\\pithnumber{{{number}}}" in (paper / "main.tex").read_text()


def test_add_takes_no_record_that_does_not_verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tex").write_text(TEX)
    forged = tmp_path / "forged.json"
    forged.write_bytes(Path(RECORD).read_bytes().replace(b"PersistentKV", b"ImpersistentKV"))
    assert run(capsys, "add", forged, tmp_path, "-y")[0] == 1
    forged.write_text(json.dumps(signing.record_document("T")))
    assert run(capsys, "add", forged, tmp_path, "-y")[0] == 3
    assert (tmp_path / "main.tex").read_text() == TEX
    assert not (tmp_path / "pith.sty").exists()


@pytest.mark.parametrize("command", ["verify", "badge --format md", "resolve", "add", "decode"])
def test_a_folder_is_named_too(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "paper").mkdir()
    code, out, err = run(capsys, *command.split(), "paper")
    assert code == 2
    assert "paper: this is a folder, not " in out + err


def test_the_store_says_that_it_is_empty(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "store", "list")
    assert (code, out, "the store is empty" in err) == (0, "", True)
    assert run(capsys, "store", "list", "-q") == (0, "", "")


def test_hostile_names_and_long_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a b\x1b[31m;'.json"
    path.write_bytes(EXAMPLE.read_bytes())
    code, out, err = run(capsys, "verify", path)
    assert (code, "\x1b" in out + err) == (2, False)
    assert kind_of((ROOT / "README.md").read_bytes()) is Kind.TEXT
    assert kind_of(b"%" * 1_000_000) is Kind.TEXT
    assert kind_of(b"{" * 100_000) is Kind.JSON
    assert kind_of(b'"' + b"a" * 1_000_000) is Kind.JSON
    assert kind_of(b"x" * 1_000_000) is Kind.TEXT
    assert kind_of(bytes(100_000)) is Kind.BINARY
    assert kind_of(b"BM is how this text begins") is Kind.TEXT
