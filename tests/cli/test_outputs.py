"""What commands write: files in one piece, devices and pipes through, and a plain word where nothing can be written.

The faults are such as root has, too. Devices are named by links to them: what goes wrong replaces the link.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pithtex.cli.main import main
from pithtex.cli.shared.streams import output_name
from tests.conftest import BUNDLE_FILE, ROOT
from tests.forgeries.kit import PAPER
from tests.kit import needs
from tests.kit.command_line import run, run_json

BUNDLE = str(BUNDLE_FILE)
PITHTEX = [sys.executable, "-m", "pithtex"]

WRITERS = {
    "badge": ["badge", BUNDLE, "--format", "md", "-o"],
    "verify-page": ["verify-page", "-o"],
    "verify": ["verify", "--merge", BUNDLE, BUNDLE, "-o"],
    "resolve": ["resolve", "--offline", "2606.01751", "-o"],
    "store": ["store", "export", "-o"],
    "check": ["check", str(PAPER), "--html"],
}
"""Each command that writes one file, up to its name."""


@pytest.fixture(autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path_factory.mktemp("store")))
    assert main(["store", "import", "-q", BUNDLE]) == 0


@pytest.fixture
def plain(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> Callable[[str], bytes]:
    """What a command writes into a plain file."""

    def written(name: str) -> bytes:
        path = tmp_path_factory.mktemp("plain") / "file"
        assert run(capsys, *WRITERS[name], path)[0] == 0
        return path.read_bytes()

    return written


# --- what is not a plain file ---------------------------------------------------------------------------------------


def link(path: Path, target: str) -> Path:
    path.symlink_to(target)
    return path


@pytest.mark.parametrize("name", WRITERS)
def test_a_device_is_written_through_and_stays(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    null = link(tmp_path / "null", "/dev/null")
    assert run(capsys, *WRITERS[name], null)[0] == 0
    assert null.is_char_device()
    assert [path.name for path in tmp_path.iterdir()] == ["null"]


@pytest.mark.parametrize("name", WRITERS)
def test_a_named_pipe_is_written_through(name: str, tmp_path: Path, plain: Callable[[str], bytes]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert main([*WRITERS[name], str(pipe)]) == 0
    reader.join(10)
    assert got == [plain(name)]
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_the_shells_process_substitution(tmp_path: Path, plain: Callable[[str], bytes]) -> None:
    command = f"{sys.executable} -m pithtex badge {BUNDLE} --format md -q -o >(cat >{tmp_path}/copy); wait $!"
    subprocess.run(["bash", "-c", command], check=True)
    assert (tmp_path / "copy").read_bytes() == plain("badge")


def test_what_goes_beside_a_file_does_not_go_beside_a_device(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    null = link(tmp_path / "null", "/dev/null")
    code, document = run_json(capsys, "badge", BUNDLE, "--format", "html-verified", "-o", null)
    assert (code, document["results"][0]["files"]) == (0, [str(null)])
    assert [path.name for path in tmp_path.iterdir()] == ["null"]


def test_the_names_of_standard_output() -> None:
    names = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "file", "/dev/null", ""]
    assert [output_name(name) for name in names] == ["-", "-", "-", "-", "file", "/dev/null", ""]


@pytest.mark.parametrize("output", ["-", "link"])
@pytest.mark.parametrize("name", [name for name in WRITERS if name != "check"])
def test_standard_output(name: str, output: str, tmp_path: Path, plain: Callable[[str], bytes]) -> None:
    """To a pipe and to a file, at whose end it is put: what is there is another's."""
    if output == "link":
        output = str(link(tmp_path / "link", "/proc/self/fd/1"))
    given = [*PITHTEX, *WRITERS[name], output, "-q"]
    done = subprocess.run(given, capture_output=True, check=True, cwd=tmp_path)
    assert done.stdout == plain(name)
    with (tmp_path / "log").open("wb") as log:
        log.write(b"before\n")
        log.flush()
        subprocess.run(given, stdout=log, stderr=subprocess.PIPE, check=True, cwd=tmp_path)
    assert (tmp_path / "log").read_bytes() == b"before\n" + plain(name)
    assert {path.name for path in tmp_path.iterdir()} <= {"log", "link"}


def test_standard_error_is_written_through_to_a_file(tmp_path: Path, plain: Callable[[str], bytes]) -> None:
    output = str(link(tmp_path / "link", "/proc/self/fd/2"))
    with (tmp_path / "log").open("wb") as log:
        log.write(b"before\n")
        log.flush()
        subprocess.run([*PITHTEX, *WRITERS["badge"], output], stdout=subprocess.PIPE, stderr=log, check=True)
    assert (tmp_path / "log").read_bytes() == b"before\n" + plain("badge")


@pytest.mark.parametrize("name", ["badge", "verify-page", "store"])
def test_the_default_is_standard_output_and_quiet_is_of_messages(
    name: str, capsys: pytest.CaptureFixture[str], plain: Callable[[str], bytes]
) -> None:
    code, out, _ = run(capsys, *WRITERS[name][:-1])
    assert (code, out.encode()) == (0, plain(name))
    code, out, err = run(capsys, *WRITERS[name][:-1], "-q")
    assert (code, out.encode(), err) == (0, plain(name), "")


def test_merge_to_stdout_says_the_rest_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *WRITERS["verify"], "-")
    assert code == 0
    assert json.loads(out)["bundle_type"] == "pith_open_graph_bundle"
    assert err.count("verified  SparseX: ") == 2
    assert "merged  pith:2026:" in err
    assert run(capsys, *WRITERS["verify"], "-", "-q")[1:] == (out, "")


@pytest.mark.parametrize("name", ["verify", "resolve"])
def test_stdout_takes_one_document(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, *WRITERS[name], "-")
    (found,) = document["results"][0]["findings"]
    assert (code, found["name"]) == (2, "wrong-usage")


def test_no_folder_is_named_after_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, document = run_json(capsys, "generate", BUNDLE, "-o", "-")
    assert (code, document["results"][0]["findings"][0]["name"]) == (2, "wrong-usage")
    assert list(tmp_path.iterdir()) == []


def test_a_summary_on_stdout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paper = ROOT / "examples" / "sparsex"
    _, out, _ = run(capsys, "presubmit", paper, "-q", "--summary", "-")
    assert out.startswith("## pithtex\n")
    code, document = run_json(capsys, "presubmit", paper, "--summary", "-")
    assert (code, document["results"][0]["findings"][0]["name"]) == (2, "wrong-usage")
    assert list(tmp_path.iterdir()) == []


# --- what cannot be written ------------------------------------------------------------------------------------------

NOBODYS = "/sys/pithtex"
"""Where not even root makes a file: the kernel says so, or the file system is read-only, as in a container."""
NOWHERE = {
    "a missing folder": ("missing/file", "No such file or directory"),
    "a file as a folder": ("file/file", "Not a directory"),
    "a folder": ("folder", "Is a directory"),
    "the empty name": ("", "Is a directory"),
    "too long a name": ("x" * 300, "File name too long"),
    "no permission": (NOBODYS, ""),
    "a full disk": ("full", "No space left on device"),
}


def refusal(path: Path, kind: str) -> str:
    """Why the system makes no file or folder there."""
    try:
        path.mkdir() if kind == "folder" else path.touch()
    except OSError as error:
        return os.strerror(error.errno)
    path.rmdir() if kind == "folder" else path.unlink()
    return needs.missing(f"{path.parent} is no file system of the kernel's here")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (name, fault)
        for name in (*WRITERS, "generate", "mirror", "presubmit")
        for fault in NOWHERE
        if (name, fault) != ("presubmit", "the empty name")  # which is for no summary
    ],
)
def test_what_cannot_be_written(
    name: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"as it was")
    full = link(tmp_path / "full", "/dev/full")
    output, reason = NOWHERE[fault]
    if output == NOBODYS:
        reason = refusal(Path(output), "folder" if name in {"generate", "mirror"} else "file")
    words = {
        "generate": ["generate", BUNDLE, "-o"],
        "mirror": ["mirror", "export"],
        "presubmit": ["presubmit", str(ROOT / "examples" / "sparsex"), "--summary"],
    }.get(name) or WRITERS[name]
    if fault in {"a missing folder", "a folder", "the empty name"} and name in {"generate", "mirror"}:
        assert run(capsys, *words, output)[0] == 0  # they make folders, and write into them
        return
    if fault == "a folder" and name == "resolve":
        assert run(capsys, *words, output)[0] == 0
        return
    code, document = run_json(capsys, *words, output)
    (found,) = document["results"][0]["findings"]
    assert (code, found["name"]) == (2, "no-output")
    assert reason.lower() in found["message"].lower() or (name in {"generate", "mirror"} and fault == "a full disk")
    assert output in found["where"] + found["message"]
    assert (found["hint"] is None) == (found["message"].endswith("No space left on device"))
    code, _, err = run(capsys, *words, output)
    assert (code, err.count("PITH005 no-output")) == (2, 1)
    assert run(capsys, *words, output, "-q") == (2, "", "")
    assert full.is_char_device()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "full"]
    assert (tmp_path / "file").read_bytes() == b"as it was"


def test_a_long_name_that_a_file_may_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / ("\N{GREEK SMALL LETTER PI}" * 125 + ".html")
    assert run(capsys, "verify-page", "-o", path)[0] == 0
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def test_a_disk_that_is_full_half_way(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"as it was")
    command = [*PITHTEX, "verify-page", "-o", str(page), "--json"]
    done = subprocess.run(command, capture_output=True, check=False, preexec_fn=small_files)
    (found,) = json.loads(done.stdout)["results"][0]["findings"]
    assert (done.returncode, found["name"], found["message"]) == (2, "no-output", "File too large")
    assert b"Traceback" not in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"page.html": b"as it was"}


def test_one_of_many_files_that_cannot_be_written_keeps_all_from_being(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A device among them fails before anything is renamed."""
    (tmp_path / "pith.sty").write_text("old")
    (tmp_path / "pith-snippet.tex").symlink_to("/dev/full")
    code, _, err = run(capsys, "generate", BUNDLE, "-o", tmp_path)
    assert (code, "No space left on device" in err) == (2, True)
    assert (tmp_path / "pith.sty").read_text() == "old"
    assert list((tmp_path / "pith-badges").iterdir()) == []


def test_a_paper_that_cannot_be_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A device in the place of pith.sty is not read for ever, nor written."""
    source = (ROOT / "examples" / "sparsex" / "main.tex").read_text()
    source = source.replace("\\usepackage{pith}\n\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n", "")
    (tmp_path / "main.tex").write_text(source)
    (tmp_path / "pith.sty").symlink_to("/dev/full")
    code, document = run_json(capsys, "add", "--offline", "--yes", "2606.01751", tmp_path)
    assert (code, document["results"][0]["findings"][0]["name"]) == (2, "foreign-package")
    assert (tmp_path / "main.tex").read_text() == source
    assert sorted(path.name for path in tmp_path.iterdir()) == ["main.tex", "pith.sty"]
