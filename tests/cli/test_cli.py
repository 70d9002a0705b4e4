"""The command line: exit codes, the JSON contract, messages, and what it loads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pithtex.cli.table import COMMANDS
from pithtex.limits import MAX_DOCUMENT_BYTES
from pithtex.render.formats import FORMATS
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES, ROOT
from tests.kit.command_line import EXAMPLE, RECORD, run, run_json


def tampered(tmp_path: Path, **changes: object) -> Path:
    document = json.loads(Path(RECORD).read_bytes())
    document.update(changes)
    path = tmp_path / "tampered.json"
    path.write_text(json.dumps(document))
    return path


def test_verify_the_real_documents(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "verify", *RECORD_FILES, BUNDLE_FILE)
    assert code == 0
    assert [(r["kind"], r["status"], r["findings"]) for r in document["results"]] == [
        *[("record", "holds", [])] * 3,
        ("bundle", "holds", []),
    ]
    assert document["results"][3]["number"] == "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"


def test_the_size_of_documents_is_bounded_and_the_bound_can_be_raised(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(Path(RECORD).read_bytes() + b" " * MAX_DOCUMENT_BYTES)
    code, document = run_json(capsys, "verify", large)
    (found,) = document["results"][0]["findings"]
    assert (code, found["name"]) == (1, "malformed-document")
    assert found["message"] == f"larger than {MAX_DOCUMENT_BYTES} bytes, the limit for such a file"
    assert "PITHTEX_MAX_DOCUMENT_BYTES" in found["hint"]
    monkeypatch.setenv("PITHTEX_MAX_DOCUMENT_BYTES", str(large.stat().st_size))
    assert run(capsys, "verify", large)[0] == 0
    monkeypatch.setenv("PITHTEX_MAX_DOCUMENT_BYTES", "16 MiB")
    code, document = run_json(capsys, "verify", large)
    (found,) = document["results"][0]["findings"]
    assert (code, found["message"]) == (2, "PITHTEX_MAX_DOCUMENT_BYTES is '16 MiB', but it must be a number of bytes")


def test_verify_one_line_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "verify", RECORD)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].startswith("verified  PersistentKV: ")
    assert lines[0].endswith(" (arXiv:2606.26666v1): standing unknown")
    assert lines[2].startswith("  record pith:2026:EL6A4QOTPLYS3LFEIZGOL5QVTM")
    for check in ("shape", "digest", "number", "year", "short-form", "title", "receipt signature", "snapshot claims"):
        assert sum(line.startswith(f"  holds       {check}: ") for line in lines) == 1, check


@pytest.mark.parametrize(
    ("changes", "code", "finding"),
    [
        ({"canonical_sha256": "0" * 64}, 1, "digest-mismatch"),
        ({"pith_number": "pith:2025:EL6A4QOTPLYS3LFEIZGOL5QVTM"}, 1, "year-mismatch"),
        ({"canonical_record": {}}, 1, "record-shape"),
        ({"receipt": None}, 3, "no-receipt"),
        ({"record_type": "x"}, 1, "unknown-document"),
    ],
)
def test_verify_exit_codes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, changes: dict[str, object], code: int, finding: str
) -> None:
    got, document = run_json(capsys, "verify", tampered(tmp_path, **changes))
    assert got == code
    assert finding in [item["name"] for item in document["results"][0]["findings"]]


def test_verify_precedence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    undecided = tampered(tmp_path, receipt=None)
    assert run(capsys, "verify", RECORD, undecided)[0] == 3
    assert run(capsys, "verify", RECORD, undecided, tmp_path / "nothing")[0] == 2
    garbage = tmp_path / "garbage.json"
    garbage.write_bytes(b'{"record_type": "pith')
    assert run(capsys, "verify", undecided, tmp_path / "nothing", garbage)[0] == 1


def test_verify_reads_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pithtex", "verify", "-"],
        input=BUNDLE_FILE.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith(b"verified  SparseX: ")


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "verify", "-q", RECORD) == (0, "", "")
    assert run(capsys, "verify", "-q", tmp_path / "nothing") == (2, "", "")
    assert run(capsys, "check", "-q", tmp_path / "nothing") == (2, "", "")


def test_a_hostile_title_does_not_reach_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    title = "Evil \x1b[2J\u202etitle\nholds       signature: forged"
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps(signing.record_document(title)))
    code, out, _ = run(capsys, "verify", path)
    assert code == 3
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert not any(line.startswith("holds") for line in out.splitlines())


def test_generate(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "new" / "paper"
    code, out, err = run(capsys, "generate", BUNDLE_FILE, "-o", folder)
    assert (code, err) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == ["pith-badges", "pith-snippet.tex", "pith.sty"]
    expected = {name for form in FORMATS for name in (form.file_name, *form.beside)}
    assert {path.name for path in (folder / "pith-badges").iterdir()} == expected
    package = (folder / "pith.sty").read_text()
    assert "{ pith:2026:CNPMIFD42NONUMCBYNP4XLPY53 }" in package
    assert "\\RequirePackage{" not in package
    assert package.isascii()
    assert "\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n" in (folder / "pith-snippet.tex").read_text()
    assert "wrote" in out


@pytest.mark.parametrize(("changes", "code"), [({"canonical_sha256": "0" * 64}, 1), ({"receipt": None}, 3)])
def test_generate_writes_nothing_of_an_unverified_record(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, changes: dict[str, object], code: int
) -> None:
    folder = tmp_path / "paper"
    got, out, err = run(capsys, "generate", tampered(tmp_path, **changes), "-o", folder)
    assert (got, out) == (code, "")
    assert err.count("PITH") == 1
    assert not folder.exists()


def test_generate_leaves_nothing_half_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One of the two files cannot be replaced: the other keeps what it held, and no temporary file is left."""
    (tmp_path / "pith.sty").write_text("old")
    (tmp_path / "pith-snippet.tex").mkdir()
    (tmp_path / "pith-snippet.tex" / "full").touch()
    code, _, err = run(capsys, "generate", BUNDLE_FILE, "-o", tmp_path)
    assert code == 2
    assert "no-input" in err or "directory" in err
    assert (tmp_path / "pith.sty").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pith-badges", "pith-snippet.tex", "pith.sty"]
    assert list((tmp_path / "pith-badges").iterdir()) == []


def test_generate_keeps_the_mode_of_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "pith.sty").touch(mode=0o600)
    assert run(capsys, "generate", "-q", BUNDLE_FILE, "-o", tmp_path)[0] == 0
    assert (tmp_path / "pith.sty").stat().st_mode & 0o777 == 0o600
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "pith-snippet.tex").stat().st_mode & 0o777 == 0o666 & ~mask


def test_check_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", EXAMPLE)
    assert (code, err) == (0, "")
    assert out.startswith("valid  ")
    assert "Not proven: that the text is the paper the registry saw." in out


def test_check_json_contract(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "check", EXAMPLE)
    (result,) = document["results"]
    assert code == 0
    assert {"file", "verdict", "number", "facts", "badges", "channels", "findings"} <= set(result)
    names = ["number", "channels", "record", "digest", "signature", "key", "binding", "abstract"]
    assert list(result["facts"]) == names
    assert {result["facts"][name]["status"] for name in names[:-1]} == {"holds"}
    assert result["facts"]["abstract"]["status"] == "unavailable"
    assert result["facts"]["binding"]["by"] == "title"
    assert {channel["channel"] for channel in result["channels"]} == {"link", "xmp", "info", "text"}
    assert result["verdict"] == "valid"
    assert result["number"] == "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--expect", "2606.01751"], 0),
        (["--expect", "arXiv:2606.01751v3"], 0),
        (["--expect", "https://doi.org/10.48550/ARXIV.2606.01751"], 0),
        (["--expect", "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"], 0),
        (["--expect", "2606.01752"], 1),
        (["--expect", "nonsense"], 2),
        (["--record", str(BUNDLE_FILE)], 0),
        (["--record", RECORD], 1),
        (["--record", "/nowhere"], 2),
        (["--allow", "nonsense"], 2),
    ],
)
def test_check_options(capsys: pytest.CaptureFixture[str], args: list[str], code: int) -> None:
    assert run(capsys, "check", EXAMPLE, *args)[0] == code


@pytest.mark.parametrize(
    ("text", "hint"),
    [("2606.1751", "arXiv:2606.01751"), ("2613.01751", "2606.01751"), ("hep-ht/9509208", "arXiv:hep-th/9509208")],
)
def test_an_identifier_that_cannot_be_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, hint: str
) -> None:
    """Said before anything is looked up: nothing here answers, and the store is empty."""
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    pdf, paper = ROOT / "examples" / "sparsex" / "main.pdf", ROOT / "examples" / "sparsex"
    for args in (
        ("check", "--expect", text, pdf),
        ("resolve", text),
        ("add", text, paper),
        ("presubmit", "--expect", text, paper),
    ):
        code, document = run_json(capsys, *args)
        (found,) = document["results"][0]["findings"]
        assert (code, found["name"]) == (2, "unknown-identifier"), args
        assert hint in found["hint"], args


def test_check_a_text_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_text("not a PDF")
    code, out, _ = run(capsys, "check", path)
    assert code == 3
    assert out.startswith("unreadable  ")
    assert "the file is not a PDF" in out
    assert run(capsys, "check", "--allow", "unreadable,absent", path)[0] == 0


def test_check_precedence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = tmp_path / "text.pdf"
    text.write_text("not a PDF")
    assert run(capsys, "check", EXAMPLE, text)[0] == 3
    assert run(capsys, "check", EXAMPLE, text, tmp_path / "nothing.pdf")[0] == 2
    assert run(capsys, "check", EXAMPLE, tmp_path / "nothing.pdf", "--record", RECORD)[0] == 1


def test_keys(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "keys")
    assert code == 0
    for text in ("pith-v1-2026-05", "8d4b5ee74e4693bcd1df2446408b0d54", "RVFV5Z2OI2J3ZUO7ERDEBCYNKS", "pinned"):
        assert text in out
    assert run_json(capsys, "keys")[1]["results"][0]["origin"] == "pinned in pithtex"


@pytest.mark.parametrize("args", [[], ["nonsense"], ["verify"], ["check"], ["generate", "x"], ["verify", "--nonsense"]])
def test_wrong_usage(capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    assert "usage:" in err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert f"pithtex {command}" in out.partition("example:")[2]


def loaded_by(*args: str) -> set[str]:
    """The modules in memory when the command is done."""
    program = (
        "import sys, contextlib, io\nfrom pithtex.cli.main import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    main(sys.argv[1:])\n"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_start_up_loads_nothing_heavy() -> None:
    heavy = {"requests", "pikepdf", "jinja2", "nacl", "pypdfium2_raw", "rapidfuzz", "segno", "lxml", "PIL"}
    heavy |= {"urllib3", "truststore", "tqdm", "ssl", "pathspec"}
    assert not heavy & loaded_by("--help")
    assert not heavy & loaded_by("keys")
    assert heavy & loaded_by("verify", RECORD) == {"nacl"}
    assert heavy & loaded_by("check", str(EXAMPLE)) == {"nacl", "pikepdf"}


def test_colours_only_where_wanted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b[" not in run(capsys, "verify", RECORD)[1]
    assert "\x1b[32m" in run(capsys, "verify", "--color", "always", RECORD)[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32m" in run(capsys, "verify", RECORD)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(capsys, "verify", RECORD)[1]


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = f"{sys.executable} -m pithtex verify {RECORD} {RECORD} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_terminal_without_unicode(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(signing.record_document("Poincaré in 中文")), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "pithtex", "verify", path], capture_output=True, check=False, env=environment
    )
    assert done.returncode == 3
    assert b"Poincar\\xe9" in done.stdout


def test_a_fault_of_ours_is_not_one_of_the_document(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pithtex.verification.examined.examined", lambda *_, **__: 1 / 0)
    code, _, err = run(capsys, "verify", RECORD)
    assert code == 3
    (line,) = err.splitlines()
    assert re.match(r"pithtex \S+: internal error in \S+.py:[0-9]+: ZeroDivisionError: ", line)
    assert "This says nothing about your input. Please report it" in line
    code, _, err = run(capsys, "verify", "--debug", RECORD)
    assert (code, err.startswith("Traceback")) == (3, True)
