"""`pithtex add` and `pithtex remove`: all or nothing, shown before, asked for, undone to the byte."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import BUNDLE_FILE, RECORD_FILES, ROOT
from tests.kit.command_line import run, run_json
from tests.kit.latex import compile_tex
from tests.resolution import server as faults
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.machines import on_a_terminal, without_network
from tests.resolution.server import Server, environment

TITLE = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
PITHTEX = [sys.executable, "-m", "pithtex"]
LINES = f"\\usepackage{{pith}}\n\\pithnumber{{{NUMBER}}}\n"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """The example as its author had it before the number: its folder, one file."""
    folder = tmp_path / "paper"
    folder.mkdir()
    text = (ROOT / "examples" / "sparsex" / "main.tex").read_text()
    assert LINES in text
    (folder / "main.tex").write_text(text.replace(LINES, ""))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_add_shows_and_writes_and_remove_undoes(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path
) -> None:
    before = contents(paper)
    code, out, err = run(capsys, "add", ARXIV, paper, "--yes", "--mirror", mirror.url)
    assert (code, err) == (0, "")
    assert (
        out.index(f"title of the record  {TITLE}") < out.index("title of the paper") < out.index("+\\usepackage{pith}")
    )
    assert out.count("wrote ") == 2
    assert (paper / "main.tex").read_text() == (ROOT / "examples" / "sparsex" / "main.tex").read_text()
    after = contents(paper)
    assert sorted(after) == ["main.tex", "pith.sty"]
    assert f"pith:2026:{NUMBER}".encode() in after["pith.sty"]
    code, out, _ = run(capsys, "add", ARXIV, paper, "--mirror", mirror.url)
    assert (code, "nothing to do" in out, contents(paper)) == (0, True, after)
    code, out, _ = run(capsys, "remove", paper, "--yes")
    assert (code, contents(paper)) == (0, before)
    assert "-\\usepackage{pith}" in out
    assert run(capsys, "remove", paper)[0] == 0


def test_dry_run_and_no_consent_write_nothing(capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path) -> None:
    before = contents(paper)
    code, out, _ = run(capsys, "add", ARXIV, paper, "--dry-run", "--mirror", mirror.url)
    assert (code, f"+\\pithnumber{{{NUMBER}}}" in out) == (0, True)
    code, out, err = run(capsys, "add", ARXIV, paper, "--mirror", mirror.url)
    assert (code, "PITH546 not-confirmed" in err, f"+\\pithnumber{{{NUMBER}}}" in out) == (2, True, True)
    code, document = run_json(capsys, "add", ARXIV, paper, "--dry-run", "--mirror", mirror.url)
    (result,) = document["results"]
    assert (code, result["written"], result["number"]) == (0, False, f"pith:2026:{NUMBER}")
    assert [Path(path).name for path in result["changes"]] == ["pith.sty", "main.tex"]
    assert run(capsys, "remove", paper, "--dry-run")[0] == 0
    assert contents(paper) == before


@pytest.mark.parametrize(
    ("fault", "code"), [(faults.status(500), 3), (faults.html, 3), (faults.body(RECORD_FILES[0].read_bytes()), 1)]
)
def test_no_record_no_change(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path, fault: faults.Answer, code: int
) -> None:
    before = contents(paper)
    mirror.faults[f"/pith/{NUMBER}.json"] = fault
    assert run(capsys, "add", NUMBER, paper, "--yes", "--mirror", mirror.url)[0] == code
    assert contents(paper) == before


def test_another_paper_is_noticed(capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path) -> None:
    number = json.loads(RECORD_FILES[0].read_bytes())["pith_number"]
    code, out, _ = run(capsys, "add", number, paper, "--dry-run", "--mirror", mirror.url)
    assert (code, "PITH545 paper-title-differs" in out) == (0, True)


def test_a_pith_sty_of_somebody_else_stays(capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path) -> None:
    (paper / "pith.sty").write_text("\\ProvidesPackage{pith}\n")
    before = contents(paper)
    code, document = run_json(capsys, "add", ARXIV, paper, "--yes", "--mirror", mirror.url)
    assert (code, document["results"][0]["findings"][0]["name"]) == (2, "foreign-package")
    assert run(capsys, "remove", paper, "--yes")[0] == 0
    assert contents(paper) == before


def test_lines_that_stand_in_another_file(capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path) -> None:
    """Neither is a second number put beside them, nor pith.sty taken away from under them."""
    assert run(capsys, "add", ARXIV, paper, "--yes", "--mirror", mirror.url)[0] == 0
    main = paper / "main.tex"
    main.write_text(main.read_text().replace(LINES, "\\input{head}\n"))
    (paper / "head.tex").write_text(f"\n{LINES}")
    before = contents(paper)
    assert run(capsys, "add", ARXIV, paper, "--yes", "--mirror", mirror.url)[0] == 0
    code, document = run_json(capsys, "remove", paper, "--yes")
    assert (code, document["results"][0]["findings"][0]["name"]) == (2, "no-place")
    assert "head.tex:3 and in head.tex:2" in document["results"][0]["findings"][0]["message"]
    (paper / "head.tex").write_text(LINES.replace(NUMBER, "EL6A4QOTPLYS3LFEIZGOL5QVTM"))
    code, document = run_json(capsys, "add", ARXIV, paper, "--yes", "--mirror", mirror.url)
    assert (code, document["results"][0]["findings"][0]["name"]) == (2, "no-place")
    (paper / "head.tex").write_text(f"\n{LINES}")
    assert contents(paper) == before
    (paper / "head.tex").write_text("")
    text = main.read_text()
    for where in (f"\\ifx\\a\\a\n{LINES}\\fi\n", f"\\AtBeginDocument{{\n{LINES}}}\n"):
        main.write_text(text.replace("\\input{head}\n", where))
        before = contents(paper)
        assert run(capsys, "remove", paper, "--yes")[0] == 2
        assert contents(paper) == before
    main.write_text(text.replace("\\input{head}\n", f"\\iffalse\n{LINES}\\fi\n"))
    assert run(capsys, "remove", paper, "--yes")[0] == 0
    assert not (paper / "pith.sty").exists()


def two_that_could_be_it(paper: Path) -> None:
    """Two documents of which neither name nor class tells the paper."""
    (paper / "main.tex").rename(paper / "one.tex")
    (paper / "two.tex").write_text("\\documentclass{article}\n\\begin{document}\\end{document}\n")


def test_a_talk_beside_the_paper_is_not_the_paper(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path
) -> None:
    (paper / "talk.tex").write_text("\\documentclass{beamer}\n\\begin{document}\\end{document}\n")
    assert run(capsys, "add", ARXIV, paper, "--yes", "--mirror", mirror.url)[0] == 0
    assert LINES in (paper / "main.tex").read_text()
    assert "pith" not in (paper / "talk.tex").read_text()


def test_several_main_files(capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path) -> None:
    two_that_could_be_it(paper)
    code, document = run_json(capsys, "add", ARXIV, paper, "--mirror", mirror.url)
    (finding,) = document["results"][0]["findings"]
    assert (code, finding["name"]) == (2, "several-main-files")
    assert "one.tex, two.tex" in finding["message"]
    assert run(capsys, "add", ARXIV, paper / "one.tex", "--yes", "--mirror", mirror.url)[0] == 0
    assert run(capsys, "add", ARXIV, paper / "nothing.tex", "--mirror", mirror.url)[0] == 2
    (paper / "one.tex").unlink()
    (paper / "two.tex").unlink()
    assert run_json(capsys, "add", ARXIV, paper)[1]["results"][0]["findings"][0]["name"] == "no-main-file"


def test_the_file_behind_a_link_and_its_mode(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path, tmp_path: Path
) -> None:
    (paper / "main.tex").chmod(0o640)
    link = tmp_path / "link.tex"
    link.symlink_to(paper / "main.tex")
    assert run(capsys, "add", ARXIV, link, "--yes", "--mirror", mirror.url)[0] == 0
    assert link.is_symlink()
    assert LINES in (paper / "main.tex").read_text()
    assert (paper / "main.tex").stat().st_mode & 0o777 == 0o640
    assert (paper / "pith.sty").exists()
    assert not (tmp_path / "pith.sty").exists()


def test_the_file_was_changed_in_the_meantime(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves while the question stands: its text is not lost."""

    def save(_: str) -> str:
        (paper / "main.tex").write_text("saved")
        return "y"

    monkeypatch.setattr("pithtex.cli.commands.add_changes.may_answer", lambda _: True)
    monkeypatch.setattr("pithtex.cli.commands.add_changes.ask", save)
    code, _, err = run(capsys, "add", ARXIV, paper, "--mirror", mirror.url)
    assert (code, "PITH543 paper-changed" in err, contents(paper)) == (2, True, {"main.tex": b"saved"})


# --- on a terminal, and interrupted ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code", "written"),
    [(b"y\n", 0, True), (b"n\n", 2, False), (b"\n", 2, False), (b"\x04", 2, False), (b"\x03", 130, False)],
)
def test_asked_on_a_terminal(
    mirror: Server, paper: Path, tmp_path: Path, ca_file: Path, typed: bytes, code: int, written: bool
) -> None:
    before = contents(paper)
    command = [*PITHTEX, "add", ARXIV, str(paper), "--mirror", mirror.url]
    got, shown = on_a_terminal(command, environment(tmp_path, ca_file), [("Write this? [y/N] ", typed)])
    assert (got, contents(paper) != before) == (code, written), shown
    assert "Traceback" not in shown


def test_the_main_file_is_asked_for(mirror: Server, paper: Path, tmp_path: Path, ca_file: Path) -> None:
    two_that_could_be_it(paper)
    command = [*PITHTEX, "add", ARXIV, str(paper), "--mirror", mirror.url]
    answers = [("main file? [1-2] ", b"1\n"), ("Write this? [y/N] ", b"y\n")]
    code, shown = on_a_terminal(command, environment(tmp_path, ca_file), answers)
    assert code == 0, shown
    assert LINES in (paper / "one.tex").read_text()
    assert "pith" not in (paper / "two.tex").read_text()


@pytest.mark.parametrize("renames", [0, 1])
def test_killed_in_the_middle(mirror: Server, paper: Path, renames: int) -> None:
    """Before any file took its place, and between the two: the paper's own file is as it was."""
    before = (paper / "main.tex").read_bytes()
    program = f"""
import pathlib, sys, time
real, done = pathlib.Path.replace, []
def replace(self, target):
    if pathlib.Path(target).parent.name == "paper":
        if len(done) == {renames}:
            print("now", flush=True)
            time.sleep(60)
        done.append(target)
    return real(self, target)
pathlib.Path.replace = replace
from pithtex.cli.main import main
main(["add", {ARXIV!r}, {str(paper)!r}, "--yes", "-q", "--mirror", {mirror.url!r}])
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"now\n"
        process.send_signal(signal.SIGKILL)
    assert (paper / "main.tex").read_bytes() == before


# --- the whole way ---------------------------------------------------------------------------------------------------


def compiled_and_checked(capsys: pytest.CaptureFixture[str], paper: Path, folder: Path) -> str:
    done = compile_tex(folder, (paper / "main.tex").read_text(), sty=(paper / "pith.sty").read_text())
    assert done.returncode == 0, done.log[-2000:]
    code, document = run_json(capsys, "check", done.pdf)
    (result,) = document["results"]
    assert (code, result["number"]) == (0, f"pith:2026:{NUMBER}")
    return str(result["verdict"])


@pytest.mark.tex
def test_add_compile_check(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path, tmp_path: Path, ca_file: Path
) -> None:
    """The one sentence: add, compile, valid. And the same from the store, with the network cut."""
    env = environment(tmp_path, ca_file)
    original = contents(paper)
    command = [*PITHTEX, "add", ARXIV, str(paper), "--yes"]
    done = subprocess.run([*command, "--mirror", mirror.url], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert compiled_and_checked(capsys, paper, tmp_path / "one") == "valid"
    added = contents(paper)
    for option in ([], ["--offline"]):
        assert run(capsys, "remove", paper, "--yes")[0] == 0
        assert contents(paper) == original
        cut = without_network([*command, *option], env)
        assert cut.returncode == 0, cut.stderr
        assert "from the store" in cut.stdout
        assert contents(paper) == added
    assert compiled_and_checked(capsys, paper, tmp_path / "two") == "valid"


def test_add_from_what_was_imported(
    capsys: pytest.CaptureFixture[str], paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never online at all: a bundle from a colleague, and the paper."""
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")
    assert run(capsys, "add", ARXIV, paper, "--yes")[0] == 3
    assert run(capsys, "store", "import", BUNDLE_FILE)[0] == 0
    assert run(capsys, "add", ARXIV, paper, "--yes")[0] == 0
    assert LINES in (paper / "main.tex").read_text()


def test_an_anonymous_paper_gets_a_number_only_where_that_is_wanted(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path
) -> None:
    main = paper / "main.tex"
    main.write_text(main.read_text().replace("\\begin{document}", "\\usepackage{neurips_2025}\n\\begin{document}", 1))
    before = contents(paper)
    code, _, err = run(capsys, "add", ARXIV, paper, "--yes", "--mirror", mirror.url)
    assert (code, "neurips_2025, submission" in err, "--allow-anonymous" in err) == (2, True, True)
    assert contents(paper) == before
    code, _, _ = run(capsys, "add", ARXIV, paper, "--yes", "--allow-anonymous", "--mirror", mirror.url)
    assert (code, sorted(contents(paper))) == (0, ["main.tex", "pith.sty"])


REMINDER = "% pithtex: once announced, run pithtex add "


def test_the_place_is_kept_until_the_announcement(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path
) -> None:
    """A first submission: one comment, taken out again to the byte, or the place of the two lines."""
    before = contents(paper)
    for name, arguments in (("ARXIV-ID", [paper]), ("2605.99999", ["2605.99999", paper, "--mirror", mirror.url])):
        code, out, _ = run(capsys, "add", "--when-announced", *arguments, "--yes")
        assert (code, "PITH547 number-awaited" in out) == (0, True)
        text = (paper / "main.tex").read_text()
        assert text.replace(f"{REMINDER}{name}\n", "") == before["main.tex"].decode()
        assert sorted(contents(paper)) == ["main.tex"]
    assert run(capsys, "add", "--when-announced", "2605.99999", paper, "--mirror", mirror.url)[0] == 0  # nothing to do
    code, out, _ = run(capsys, "presubmit", paper)
    assert (code, "PITH601" in out, "the comment in the preamble" in out) == (0, False, True)
    assert run(capsys, "presubmit", paper, "--require")[0] == 1
    kept = contents(paper)
    assert run(capsys, "remove", paper, "--yes")[0] == 0
    assert contents(paper) == before
    (paper / "main.tex").write_bytes(kept["main.tex"])
    assert run(capsys, "add", ARXIV, paper, "--yes", "--mirror", mirror.url)[0] == 0
    assert (paper / "main.tex").read_text() == (ROOT / "examples" / "sparsex" / "main.tex").read_text()


def test_with_a_record_there_is_nothing_to_wait_for(
    capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path
) -> None:
    assert run(capsys, "add", "--when-announced", ARXIV, paper, "--yes", "--mirror", mirror.url)[0] == 0
    assert (paper / "main.tex").read_text() == (ROOT / "examples" / "sparsex" / "main.tex").read_text()


def test_what_does_not_keep_a_place(capsys: pytest.CaptureFixture[str], mirror: Server, paper: Path) -> None:
    before = contents(paper)
    assert run(capsys, "add")[0] == 2
    assert run(capsys, "add", "--when-announced", "2613.01751", paper, "--yes")[0] == 2
    mirror.faults["/arxiv/2605.99999.json"] = faults.status(500)
    assert run(capsys, "add", "--when-announced", "2605.99999", paper, "--yes", "--mirror", mirror.url)[0] == 3
    assert contents(paper) == before
    (paper / "main.tex").write_text("\\documentclass{article}\\begin{document}x\\end{document}")
    assert run(capsys, "add", "--when-announced", paper, "--yes")[0] == 2
