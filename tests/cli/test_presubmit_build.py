"""`pithtex presubmit --build` and `--pack` on the command line."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from pithtex.cli.main import main
from tests.conftest import ROOT
from tests.manuscript.conftest import document, write
from tests.resolution.machines import on_a_terminal

EXAMPLE = ROOT / "examples" / "presubmission"
pytestmark = pytest.mark.tex


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, which is the current folder."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "paper")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    return folder


def test_what_is_said_of_a_good_paper(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presubmit", "--pack", "up.tar.gz"]) == 0
    shown = re.sub(r"[0-9]\.[0-9] s$|[0-9]+ KiB", "#", capsys.readouterr().out, flags=re.M)
    assert (
        "  build     compiles as on arXiv: pdflatex, 3 runs, bibtex (arXiv's first choice), #\n"
        "  upload    wrote up.tar.gz: 5 files, #; it compiles by itself, and pithtex check says valid of its PDF\n"
        "            files   figures/box.pdf, main.bbl, main.tex, pith.sty, sections/upload.tex\n"
    ) in shown
    assert not list(paper.glob("*.aux"))


def test_the_document_of_a_build(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presubmit", "--pack", "up.tar.gz", "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    (build,) = result["build"]
    assert build["ok"] is True
    assert build["steps"] == ["pdflatex", "bibtex", "pdflatex", "pdflatex"]
    assert build["read"] == ["figures/box.pdf", "main.tex", "pith.sty", "sections/upload.tex"]
    upload = result["upload"]
    assert (upload["file"], upload["written"], upload["verdict"]) == ("up.tar.gz", True, "valid")
    assert upload["size"] == (paper / "up.tar.gz").stat().st_size
    with tarfile.open(paper / "up.tar.gz") as tar:
        assert tar.getnames() == [file["name"] for file in upload["files"]]
    assert result["facts"]["build"]["status"] == result["facts"]["upload"]["status"] == "holds"


def test_twice_the_same_bytes(paper: Path) -> None:
    assert main(["presubmit", "-q", "--pack", "one.tar.gz"]) == 0
    for path in paper.rglob("*.tex"):
        os.utime(path)
    assert main(["presubmit", "-q", "--pack", "two.tar.gz", str(paper)]) == 0
    assert (paper / "one.tar.gz").read_bytes() == (paper / "two.tar.gz").read_bytes()


def test_an_error_has_the_place_that_editors_click(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (paper / "sections" / "upload.tex").open("a") as stream:
        stream.write("\\undefinedthing\n")
    assert main(["presubmit", "--pack", "up.tar.gz"]) == 1
    out = capsys.readouterr().out
    line = (paper / "sections" / "upload.tex").read_text().count("\n")
    assert f"sections/upload.tex:{line}: error[PITH661 build-failed]: Undefined control sequence." in out
    assert out.count("\\undefinedthing") == 3  # in the message, the line of the source below it, and the hint
    assert "  upload    up.tar.gz not written: see above\n" in out
    assert not (paper / "up.tar.gz").exists()


def test_annotations_of_a_build(paper: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (paper / "figures" / "box.pdf").unlink()
    summary = tmp_path / "summary.md"
    assert main(["presubmit", "--build", "--format", "github", "--summary", str(summary)]) == 1
    assert "::error file=sections/upload.tex,line=8,title=PITH661 build-failed::" in capsys.readouterr().out
    assert "PITH661 build-failed" in summary.read_text()
    assert "<code>not ready&#58; main&#46;tex</code>" in summary.read_text()


def test_what_a_build_leaves_unresolved_is_said(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the build's own log: none lies beside the paper."""
    with (paper / "sections" / "upload.tex").open("a") as stream:
        stream.write("\\cite{nowhere} and \\ref{nothing}\n")
    assert main(["presubmit", "--build"]) == 0
    out = capsys.readouterr().out
    assert "unresolved-citation" in out
    assert "unresolved-reference" in out


def test_an_error_of_the_rules_keeps_the_upload_back(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (paper / "pith.sty").open("a") as stream:
        stream.write("% edited\n")
    assert main(["presubmit", "--pack", "up.tar.gz"]) == 1
    assert "package-edited" in capsys.readouterr().out
    assert not (paper / "up.tar.gz").exists()


def test_a_first_submission_has_no_number_and_is_packed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"main.tex": document("\\title{A title}\\author{A}\\maketitle words")})
    assert main(["presubmit", str(tmp_path), "--pack", str(tmp_path / "up.tar.gz")]) == 0
    assert "it compiles by itself" in capsys.readouterr().out


def test_a_finding_of_a_build_is_silenced_as_any_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = document("\\IfFileExists{away}{}{} x")
    (tmp_path / "away").symlink_to("/etc/passwd")
    for comment, said in (("", True), ("% pithtex: ignore=not-uploadable (it is a link of mine)\n", False)):
        write(tmp_path, {"main.tex": comment + text})
        assert main(["presubmit", str(tmp_path), "--build"]) == 0
        assert ("PITH665" in capsys.readouterr().out) is said


def test_without_tex_it_is_undecided(
    paper: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(paper))
    assert main(["presubmit", "--pack", "up.tar.gz"]) == 3
    out = capsys.readouterr().out
    assert "pdflatex is not installed" in out
    assert out.count("build-unavailable") == 1
    assert not (paper / "up.tar.gz").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--pack", "up.zip"], "PITH678"),
        (["--pack", "no/such/up.tar.gz"], "PITH678"),
        (["--strip-comments"], "PITH678"),
        (["--build", "--timeout", "0"], ""),
        (["--build", "--engine", "word"], ""),
    ],
)
def test_wrong_usage(paper: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: str) -> None:
    if code:
        assert main(["presubmit", *options]) == 2
    else:
        with pytest.raises(SystemExit) as raised:
            main(["presubmit", *options])
        assert raised.value.code == 2
    assert code in capsys.readouterr().err


def test_a_paper_that_asks_for_lualatex_is_told_how(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (paper / "00README.json").write_text('{"process": {"compiler": "lualatex"}}')
    assert main(["presubmit", "--build"]) == 2
    assert "--engine lualatex" in capsys.readouterr().err
    assert main(["presubmit", "--build", "--engine", "lualatex", "-q"]) == 0


def test_the_readme_of_arxiv_names_the_main_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = '{"process": {"compiler": "latex"}, "sources": [{"filename": "b.tex", "usage": "toplevel"}]}'
    write(tmp_path, {"a.tex": document("\\undefinedthing"), "b.tex": document("b"), "00README.json": readme})
    assert main(["presubmit", "--build", str(tmp_path)]) == 0
    assert "compiles as on arXiv: latex, 2 runs, dvips, ps2pdf (00README.json names it)" in capsys.readouterr().out
    (tmp_path / "00README.json").write_text("{")
    assert main(["presubmit", str(tmp_path)]) == 1
    assert "readme-malformed" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_nothing_is_left(tmp_path: Path, number: signal.Signals, code: int) -> None:
    paper = write(tmp_path / "paper", {"main.tex": document("\\def\\a{\\a}\\a")})
    room = tmp_path / "room"
    room.mkdir()
    program = str(Path(sys.executable).parent / "pithtex")
    with subprocess.Popen(
        [program, "presubmit", str(paper), "--pack", str(tmp_path / "up.tar.gz")],
        env={**os.environ, "TMPDIR": str(room)},
        stdout=subprocess.DEVNULL,
    ) as process:
        until = time.monotonic() + 60
        while not list(room.glob("*/paper/main.log")) and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(number)
        assert process.wait(timeout=30) == code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paper", "room"]
    assert list(room.iterdir()) == []
    assert [path.name for path in paper.iterdir()] == ["main.tex"]


@pytest.mark.needs("setsid")
@pytest.mark.parametrize(
    ("typed", "code", "private"),
    [(b"\n", 0, False), (b"y\n", 0, False), (b"n\n", 0, True), (b"\x04", 0, False), (b"\x03", 130, None)],
    ids=["enter", "y", "n", "end", "interrupt"],
)
def test_whether_comments_go_up_is_asked_on_a_terminal(
    tmp_path: Path, typed: bytes, code: int, private: bool | None
) -> None:
    """One question, on a terminal of its own; what is interrupted writes nothing."""
    comments = "% do not tell the referees\n"
    behind = "\nan old abstract that nobody prints\n"
    write(tmp_path, {"main.tex": f"{comments}{document('words')}{behind}"})
    command = [sys.executable, "-m", "pithtex", "presubmit", str(tmp_path), "--pack", str(tmp_path / "up.tar.gz")]
    env = {**os.environ, "PITHTEX_HOME": str(tmp_path / "store")}
    question = "2 lines of comments and text that is never printed would be published with the sources."
    got, shown = on_a_terminal(command, env, [(f"{question} Leave them out? [Y/n] ", typed)])
    assert (got, shown.count("[Y/n]"), "Traceback" in shown) == (code, 1, False), shown
    assert (tmp_path / "up.tar.gz").exists() is (private is not None)
    if private is not None:
        with tarfile.open(tmp_path / "up.tar.gz") as tar:
            text = tar.extractfile("main.tex").read().decode()  # type: ignore[union-attr]
        assert ("referees" in text, "old abstract" in text) == (private, private)


@pytest.mark.needs("setsid")
@pytest.mark.parametrize("option", ["--keep-comments", "--strip-comments"])
def test_who_has_said_it_is_not_asked(tmp_path: Path, option: str) -> None:
    write(tmp_path, {"main.tex": "% do not tell the referees\n" + document("words")})
    target = str(tmp_path / "up.tar.gz")
    command = [sys.executable, "-m", "pithtex", "presubmit", str(tmp_path), "--pack", target, option]
    code, shown = on_a_terminal(command, {**os.environ, "PITHTEX_HOME": str(tmp_path / "store")}, [])
    assert (code, "[Y/n]" in shown) == (0, False), shown
