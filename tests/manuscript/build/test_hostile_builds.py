"""Papers and folders that mean harm, or that nobody thought of."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pithtex.errors import PithError, UnavailableError, UsageError
from pithtex.manuscript.build.process import run_limited
from pithtex.manuscript.upload.pack import pack
from pithtex.pdf.check import check_pdf
from tests.manuscript.conftest import Builder, document, write

pytestmark = pytest.mark.tex


def names(paper: object) -> list[str]:
    return [item.finding.name for item in paper.findings]  # type: ignore[attr-defined]


def processes_below(folder: Path) -> list[str]:
    """What runs in a folder or in one below."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = os.readlink(process / "cwd")
        except OSError:
            continue
        if where.startswith(str(folder)):
            found.append((process / "cmdline").read_text())
    return found


def test_a_loop_is_ended(build: Builder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    started = time.monotonic()
    paper = build({"main.tex": document("\\def\\a{\\a}\\a")}, seconds=2)
    assert time.monotonic() - started < 20
    assert (paper.ok, names(paper)) == (False, ["build-stopped"]), paper.findings
    assert processes_below(tmp_path) == []


def test_no_shell(build: Builder, tmp_path: Path) -> None:
    paper = build({"main.tex": document(f"\\immediate\\write18{{touch {tmp_path}/made}}\\input{{|id}}")})
    assert not (tmp_path / "made").exists()
    assert paper.ok is False
    (paper,) = [build({"main.tex": document(f"\\immediate\\write18{{touch {tmp_path}/made}}x")})]
    assert paper.ok
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", ["/etc/passwd", "../beside.tex", ".hidden.tex"])
def test_nothing_outside_is_read(build: Builder, tmp_path: Path, name: str) -> None:
    write(tmp_path, {"beside.tex": "secret"})
    paper = build({"main.tex": document(f"\\input{{{name}}}"), ".hidden.tex": "secret"})
    assert (paper.ok, names(paper)) == (False, ["build-failed"])
    assert "not found" in paper.findings[0].finding.message


@pytest.mark.parametrize("name", ["../written", "/tmp/pithtex-test-written", ".hidden"])
def test_nothing_outside_is_written(build: Builder, name: str) -> None:
    paper = build({"main.tex": document(f"\\newwrite\\f\\immediate\\openout\\f={name} \\immediate\\write\\f{{x}}")})
    assert (paper.ok, names(paper)) == (False, ["build-failed"])
    assert not (paper.copy.folder / f"{name}.tex").resolve().exists()
    assert not (paper.copy.folder / name).resolve().exists()


def test_a_log_without_end(build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pithtex.manuscript.build.process.MAX_BUILD_FILE_BYTES", 20 * 2**20)
    monkeypatch.setattr("pithtex.manuscript.build.recorder.MAX_LOG_BYTES", 2**20)
    loop = "\\def\\a{\\immediate\\write-1{" + "x" * 3000 + "}\\a}\\a"
    paper = build({"main.tex": document(loop)})
    assert (paper.ok, names(paper)) == (False, ["build-stopped"]), paper.findings
    assert (paper.copy.folder / "main.log").stat().st_size <= 20 * 2**20
    assert len(paper.builds[0].log) < 3 * 2**20


def test_many_files_without_end(build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pithtex.manuscript.build.process.MAX_BUILD_BYTES", 5 * 2**20)
    line = "\\immediate\\write\\f{" + "x" * 3000 + "}"
    loop = (
        "\\newwrite\\f\\newcount\\n\\def\\a{\\advance\\n by1 \\immediate\\openout\\f=f\\the\\n.txt "
        + f"{line}\n" * 100
        + "\\immediate\\closeout\\f\\a}\\a"
    )
    paper = build({"main.tex": document(loop)}, seconds=60)
    assert (paper.ok, names(paper)) == (False, ["build-stopped"]), paper.findings


def test_memory_has_an_end(build: Builder) -> None:
    paper = build({"main.tex": document("\\def\\a#1{\\a{#1#1}}\\a{xx}")})
    assert (paper.ok, names(paper)) == (False, ["build-failed"])
    assert "capacity exceeded" in paper.findings[0].finding.message


def test_files_in_files_in_files(build: Builder) -> None:
    files: dict[str, str | bytes] = {f"f{n}.tex": f"\\input{{f{n + 1}}}" for n in range(100)}
    paper = build({"main.tex": document("\\input{f0}"), **files, "f100.tex": "x"})
    assert (paper.ok, names(paper)) == (False, ["build-failed"])


def test_a_file_that_reads_itself(build: Builder) -> None:
    assert names(build({"main.tex": document("\\input{a}"), "a.tex": "\\input{a}"})) == ["build-failed"]


def test_a_link_out_of_the_folder_is_not_followed(build: Builder, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"main.tex": document("\\input{part}")})
    write(tmp_path, {"secret.tex": "secret"})
    (folder / "part.tex").symlink_to("../secret.tex")
    (folder / "all").symlink_to("/")
    paper = build(folder)
    assert names(paper) == ["not-uploadable", "not-uploadable", "build-failed"]
    assert "secret" not in " ".join(paper.copy.files)


def test_links_inside_the_folder_are_files_and_circles_end(build: Builder, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"main.tex": document("\\input{sec/again/part}"), "sec/real.tex": "linked"})
    (folder / "sec" / "part.tex").symlink_to("real.tex")
    (folder / "sec" / "again").symlink_to(folder / "sec")
    (folder / "sec" / "up").symlink_to("..")
    (folder / "sec" / "nowhere.tex").symlink_to("missing.tex")
    (folder / "again.tex").symlink_to("again.tex")
    with pytest.raises(UsageError, match="no file"):
        build(folder, main="again.tex")
    (folder / "again.tex").unlink()
    (folder / "main.tex").write_text(document("\\input{sec/part}"))
    paper = build(folder)
    assert (paper.ok, names(paper), len(paper.copy.findings)) == (True, [], 1)
    found = pack(paper, tmp_path / "u.tar.gz", check_pdf)
    assert [name for name, _ in found.files] == ["main.tex", "sec/part.tex"]


def test_pipes_sockets_and_devices_are_left_out(build: Builder, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"main.tex": document("x")})
    os.mkfifo(folder / "pipe.tex")
    (folder / "zero.tex").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket may have a hundred characters
        try:
            server.bind("socket.tex")
        finally:
            os.chdir(here)
        paper = build(folder)
    assert (paper.ok, names(paper)) == (True, [])
    assert [item.finding.name for item in paper.copy.findings] == ["not-uploadable"] * 3


def test_what_is_left_out_is_said_where_a_source_names_it(build: Builder, tmp_path: Path) -> None:
    body = "\\IfFileExists{extra.tex}{\\input{extra}}{} x"
    folder = write(tmp_path / "own", {"main.tex": document(body)})
    write(tmp_path, {"far.tex": "words"})
    (folder / "extra.tex").symlink_to("../far.tex")
    (folder / "notes.tex").symlink_to("../far.tex")
    paper = build(folder)
    assert (paper.ok, names(paper)) == (True, ["not-uploadable"])
    assert paper.findings[0].file.endswith("extra.tex")


@pytest.mark.parametrize("name", ["-o.tex", "--help.tex", "a,b=c+d.tex"])
def test_odd_names_that_arxiv_takes(build: Builder, tmp_path: Path, name: str) -> None:
    body = "\\cite{a}\\bibliographystyle{plain}\\bibliography{refs}"
    entry = "@article{a, title={Found}, author={A}, year={2000}, journal={J}}"
    readme = '{"process": {"compiler": "latex"}}'
    paper = build({name: document(body), "refs.bib": entry, "00README.json": readme}, main=name)
    assert paper.ok, paper.findings
    assert paper.builds[0].steps[-1] == "ps2pdf"


@pytest.mark.parametrize(
    "name", ["a b.tex", "a\nb.tex", "\x1b[31m.tex", "a;id.tex", "$HOME.tex", "\udcff.tex", "~.tex"]
)
def test_main_files_with_names_that_arxiv_refuses(build: Builder, name: str) -> None:
    paper = build({name: document("x")}, main=name)
    assert (paper.ok, names(paper), paper.builds[0].steps) == (False, ["name-refused"], ())
    assert paper.findings[0].finding.code == "PITH670"


def test_a_readme_that_leaves_nothing(build: Builder) -> None:
    with pytest.raises(UsageError, match="ignored"):
        build({"a.tex": document("x"), "00README.json": '{"sources": [{"filename": "a.tex", "usage": "ignore"}]}'})


def test_other_files_with_such_names_do_no_harm(build: Builder, tmp_path: Path) -> None:
    odd = ("a\nINPUT \x1b[31m.tex", "\udcff.sty", "::error::.txt")
    files: dict[str, str | bytes] = dict.fromkeys(odd, "x")
    paper = build({"main.tex": document("x"), **files})
    assert (paper.ok, names(paper)) == (True, [])
    assert [name for name, _ in pack(paper, tmp_path / "u.tar.gz", check_pdf).files] == ["main.tex"]


def test_a_folder_of_ten_thousand_files(build: Builder, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"main.tex": document("x")})
    for number in range(10_000):
        (folder / f"f{number}").touch()
    with pytest.raises(UnavailableError) as raised:
        build(folder)
    assert raised.value.finding.code == "PITH666"


def hole(path: Path, size: int) -> None:
    with path.open("wb") as stream:
        stream.truncate(size)  # no disk holds it


def test_a_file_of_many_gigabytes_is_no_part_of_the_paper(build: Builder, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"main.tex": document("x")})
    hole(folder / "data.bin", 2**36)
    paper = build(folder)
    assert (paper.ok, names(paper), len(paper.copy.findings)) == (True, [], 1)


def test_many_large_files(build: Builder, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"main.tex": document("x")})
    for number in range(6):
        hole(folder / f"{number}.bin", 100 * 2**20)
    with pytest.raises(UnavailableError, match="MiB"):
        build(folder)


def test_folders_of_other_programs_are_passed_over(build: Builder, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "own", {"main.tex": document("x"), "env/pyvenv.cfg": "", "env/a": "", "node_modules/b": ""}
    )
    assert build(folder).copy.files == {"main.tex"}


def test_folders_in_folders(build: Builder, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"main.tex": document("x"), "/".join("d" * 100) + "/deep.tex": "x"})
    assert build(folder).ok


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 1000, b"\xff\xfe\\\0d\0", b"\\documentclass{article}\\begin{document}"]
)
def test_main_files_that_are_none(build: Builder, content: bytes) -> None:
    try:
        paper = build({"main.tex": content}, main="main.tex")
    except PithError:
        return
    assert (paper.ok, names(paper)) == (False, ["build-failed"])


def test_a_main_file_that_is_not_in_the_folder(build: Builder) -> None:
    for name in ("../other.tex", "/etc/passwd", "missing.tex"):
        with pytest.raises(PithError):
            build({"main.tex": document("x")}, main=name)


SCRIPT = """
import sys
from pathlib import Path
from pithtex.manuscript.build.compile import built_paper
from pithtex.manuscript.upload.pack import pack
from pithtex.pdf.check import check_pdf
with built_paper(Path(sys.argv[1]), on_step=lambda step: print(step, flush=True)) as paper:
    pack(paper, Path(sys.argv[2]), check_pdf)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_nothing_is_left(tmp_path: Path, number: signal.Signals) -> None:
    paper = write(tmp_path / "own", {"main.tex": document("\\def\\a{\\a}\\a")})
    room = tmp_path / "room"
    room.mkdir()
    command = [sys.executable, "-c", SCRIPT, str(paper), str(tmp_path / "u.tar.gz")]
    with subprocess.Popen(
        command, env={**os.environ, "TMPDIR": str(room)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "pdflatex\n"
        until = time.monotonic() + 30
        while not any("pdflatex" in line for line in processes_below(room)) and time.monotonic() < until:
            time.sleep(0.05)
        assert processes_below(room) != []
        process.send_signal(number)
        assert process.wait(timeout=30) in {-number, 128 + number, 1}
    assert processes_below(tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "room"]
    assert list(room.iterdir()) == []


def test_what_a_program_starts_ends_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    command = ["/bin/sh", "-c", "sleep 60 & echo started; sleep 60"]
    ran = run_limited(command, folder=folder, environment={"PATH": os.defpath}, seconds=0.5)
    assert (ran.stopped, ran.output) == ("time", "started\n")
    time.sleep(0.1)
    assert processes_below(tmp_path) == []


def test_what_a_program_prints_is_bounded(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    command = ["/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; exit 7"]
    ran = run_limited(command, folder=folder, environment={"PATH": os.defpath}, seconds=20)
    assert (ran.code, ran.stopped, len(ran.output)) == (7, None, 64 * 1024)
