"""`pithtex check` on encrypted and hostile files: passwords, and `--timeout`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest

from pithtex.cli.main import main
from tests.forgeries import kit
from tests.hostile.files import FILES

PASSWORD = "geheim \N{LATIN SMALL LETTER U WITH DIAERESIS}"


@pytest.fixture
def encrypted(tmp_path: Path) -> str:
    with pikepdf.open(kit.PAPER) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=PASSWORD))
    (tmp_path / "secret.pdf").write_bytes(out.getvalue())
    return str(tmp_path / "secret.pdf")


def verdict_of(capsys: pytest.CaptureFixture[str]) -> str:
    return json.loads(capsys.readouterr().out)["results"][0]["verdict"]


def test_a_password_by_option_file_or_environment(
    encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\nanother line\n", encoding="utf-8")
    assert main(["check", "--json", encrypted]) == 3
    assert verdict_of(capsys) == "unreadable"
    assert main(["check", "--json", encrypted, "--password", PASSWORD]) == 0
    assert main(["check", "--json", encrypted, "--password-file", str(file)]) == 0
    monkeypatch.setenv("PITHTEX_PASSWORD", PASSWORD)
    assert main(["check", "--json", encrypted]) == 0
    capsys.readouterr()
    assert main(["check", "--json", encrypted, "--password", "falsch"]) == 3  # what is said outranks what is set
    assert verdict_of(capsys) == "unreadable"


def test_a_file_that_holds_no_password(encrypted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin").write_bytes(b"\xfc")
    (tmp_path / "long").write_bytes(b"x" * 5000)
    for name in ("latin", "long", "missing"):
        assert main(["check", encrypted, "--password-file", str(tmp_path / name)]) == 2
        assert capsys.readouterr().err


def test_timeout_ends_a_file_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = next(hostile for hostile in FILES if hostile.name == "tiling patterns")
    (tmp_path / "hostile.pdf").write_bytes(hostile.make())
    assert main(["check", "--json", "--timeout", "2", str(tmp_path / "hostile.pdf"), str(kit.PAPER)]) == 3
    stopped, genuine = json.loads(capsys.readouterr().out)["results"]
    assert (stopped["verdict"], stopped["findings"][0]["name"]) == ("unreadable", "check-stopped")
    assert genuine["number"] == kit.FULL


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan", "1e999", "86401"])
@pytest.mark.parametrize(
    "words", [["check", "x.pdf"], ["presubmit", "--build"], ["resolve", "x"], ["add", "x"], ["show", "x"]]
)
def test_a_timeout_that_is_not_a_time(words: list[str], seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*words, "--timeout", seconds])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    bounds = "more than 0 and at most 86400 (a day)"
    assert f"argument --timeout: {seconds!r} is not a time limit: give seconds, {bounds}" in said
