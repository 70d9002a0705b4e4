"""`pithtex presubmit`: what it prints, its exit codes, its options, and what it leaves alone.

After a wanted change of the output: `python -m tests.cli.test_presubmit` writes the golden files anew.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pithtex.cli.main import main
from pithtex.limits import MAX_IGNORES, MAX_RULE_FINDINGS
from tests.conftest import BUNDLE_FILE, DATA, ROOT, SEEDS
from tests.report.test_machine_formats import schema_errors

GOLDEN = ROOT / "tests" / "golden"
RECORD = SEEDS / "record-EL6A4QOT.json"
DEADLINE = DATA / "presubmit" / "deadline"
NUMBER = "EL6A4QOTPLYS3LFEIZGOL5QVTM"
COMMANDS = {
    "presubmit-ready.txt": ("amsart", []),
    "presubmit-not-ready.txt": ("deadline", []),
    "presubmit-not-ready.github": ("deadline", ["--format", "github"]),
    "presubmit-fix.txt": ("deadline", ["--fix"]),
}


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def laid_out(name: str, folder: Path) -> Path:
    """A paper of the repository, copied, its PDF the newest of its files."""
    source = DEADLINE if name == "deadline" else ROOT / "examples" / name
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("README.md", "record.json", "bundle.json"))
    if (folder / "main.log.txt").exists():
        (folder / "main.log.txt").rename(folder / "main.log")
        shutil.copy(RECORD, folder / "record.json")
    for path in folder.rglob("*"):
        os.utime(path, (1_000_000, 1_000_000))
    return folder


def output(arguments: list[str]) -> tuple[int, str]:
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        code = main(["presubmit", *arguments])
    return code, stream.getvalue()


def golden(name: str, folder: Path) -> str:
    example, arguments = COMMANDS[name]
    laid_out(example, folder)
    os.chdir(folder)
    # The size of pith.sty changes with every word of it.
    return re.sub(r"is new, [0-9]+ bytes", "is new, N bytes", output(arguments)[1])


def json_of(arguments: list[str]) -> tuple[int, dict[str, Any]]:
    code, text = output([*arguments, "--json"])
    (result,) = json.loads(text)["results"]
    return code, result


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_that_of_the_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # and back to where it was, afterwards
    assert golden(name, tmp_path / "paper") == (GOLDEN / name).read_text(encoding="utf-8")


def test_a_paper_that_is_ready(tmp_path: Path) -> None:
    folder = laid_out("amsart", tmp_path / "paper")
    code, result = json_of([str(folder)])
    assert (code, result["word"], result["number"]) == (0, "ready, not built", NUMBER)
    assert {name: fact["status"] for name, fact in result["facts"].items()} == {
        "number": "holds",
        "record": "holds",
        "standing": "not-checked",
        "title": "holds",
        "abstract": "unavailable",
        "pith.sty": "holds",
        "PDF": "holds",
    }
    assert output([str(folder), "--quiet"]) == (0, "")


def test_fixed_and_fixed_again(tmp_path: Path) -> None:
    """The mends hold: the second time there is nothing to mend, and what needs a person is still said."""
    folder = laid_out("deadline", tmp_path / "paper")
    code, first = json_of([str(folder)])
    assert {item["code"] for item in first["findings"]} >= {"PITH602", "PITH641", "PITH645"}
    assert (code, first["word"]) == (1, "not ready")
    before = (folder / "main.tex").read_bytes()
    code, dry = json_of([str(folder), "--fix", "--dry-run"])
    assert dry["diff"]
    assert not dry["written"]
    assert (folder / "main.tex").read_bytes() == before
    code, fixed = json_of([str(folder), "--fix"])
    assert fixed["written"]
    assert (folder / "main.tex").read_bytes() == before.replace(b"EL6A4Q0T", b"EL6A4QOT")
    assert (folder / "pith.sty").exists()
    code, last = json_of([str(folder), "--fix"])
    assert last["diff"] == []
    assert last["facts"]["pith.sty"]["status"] == "holds"
    assert not {item["code"] for item in last["findings"]} & {"PITH602", "PITH611"}
    assert fixed["number"] == last["number"] == NUMBER


def test_one_run_mends_what_mends_uncover(tmp_path: Path) -> None:
    """The number's spelling, then the package that does not load, then the file that it is."""
    folder = laid_out("amsart", tmp_path / "paper")
    main_file = folder / "main.tex"
    before = main_file.read_bytes()
    shutil.copy(RECORD, folder / "record.json")
    number = f"pith:2026:{NUMBER.lower()}".encode()
    main_file.write_bytes(before.replace(b"\\usepackage{pith}\n", b"").replace(NUMBER.encode(), number))
    (folder / "pith.sty").unlink()
    (folder / "main.pdf").unlink()
    code, fixed = json_of([str(folder), "--fix"])
    assert (code, fixed["word"], fixed["number"]) == (0, "ready, not built", NUMBER)
    assert main_file.read_bytes().count(b"\\usepackage{pith}") == 1
    assert (folder / "pith.sty").exists()


def test_what_add_made_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")
    assert main(["store", "import", "-q", str(BUNDLE_FILE)]) == 0
    folder = laid_out("sparsex", tmp_path / "paper")
    (folder / "main.pdf").unlink()
    assert main(["remove", str(folder), "--yes", "--quiet"]) == 0
    code, result = json_of([str(folder), "--require"])
    assert (code, {item["code"] for item in result["findings"]}) == (1, {"PITH601"})
    assert main(["add", "2606.01751", str(folder), "--yes", "--quiet"]) == 0
    code, result = json_of([str(folder), "--require", "--expect", "2606.01751"])
    assert (code, result["word"]) == (0, "ready, not built")
    code, result = json_of([str(folder), "--expect", "2606.26666"])
    assert (code, {item["code"] for item in result["findings"]} >= {"PITH607"}) == (1, True)


def test_without_a_record_it_is_undecided(tmp_path: Path) -> None:
    folder = laid_out("amsart", tmp_path / "paper")
    shutil.copy(ROOT / "latex" / "pith.sty", folder / "pith.sty")
    (folder / "main.pdf").unlink()
    code, result = json_of([str(folder)])
    assert (code, result["word"]) == (3, "undecided")
    assert {item["code"] for item in result["findings"]} == {"PITH615", "PITH622"}


def test_select_and_ignore(tmp_path: Path) -> None:
    folder = laid_out("deadline", tmp_path / "paper")
    code, result = json_of([str(folder), "--select", "PITH64,unresolved-citation"])
    assert {item["code"] for item in result["findings"]} == {"PITH641", "PITH645", "PITH653"}
    assert code == 1
    code, result = json_of([str(folder), "--ignore", "number-malformed,PITH61"])
    assert not {"PITH602", "PITH611"} & {item["code"] for item in result["findings"]}
    for wrong in ("PITH", "PITH999", "no-such-rule"):
        assert main(["presubmit", str(folder), "--select", wrong, "-q"]) == 2


@pytest.mark.parametrize(
    ("place", "silenced"),
    [
        ("\\pithnumber{X} % pithtex: ignore=PITH602 (soon)", True),
        ("% pithtex: ignore=number-malformed\n\\pithnumber{X}", True),
        ("% pithtex: ignore=PITH60,PITH99\n\\pithnumber{X}", True),
        ("\\relax % pithtex: ignore=PITH602\n\\pithnumber{X}", False),
        ("% pithtex: ignore=PITH602\n\n\\pithnumber{X}", False),
        ("% pithtex: ignore=PITH606\n\\pithnumber{X}", False),
    ],
)
def test_comments_that_silence(tmp_path: Path, place: str, silenced: bool) -> None:
    text = f"\\documentclass{{article}}\n\\usepackage{{pith}}\n{place}\n\\begin{{document}}\n\\end{{document}}\n"
    (tmp_path / "main.tex").write_text(text)
    _, result = json_of([str(tmp_path / "main.tex"), "--ignore", "PITH61"])
    assert ("PITH602" in {item["code"] for item in result["findings"]}) != silenced
    assert ("PITH681" in {item["code"] for item in result["findings"]}) != silenced


def test_a_comment_at_the_top_is_of_the_whole_paper(tmp_path: Path) -> None:
    folder = laid_out("deadline", tmp_path / "paper")
    text = (folder / "main.tex").read_text()
    (folder / "main.tex").write_text(f"% pithtex: ignore=PITH645 (an old text)\n{text}")
    _, result = json_of([str(folder)])
    assert "PITH645" not in {item["code"] for item in result["findings"]}
    assert "PITH645" in {item["code"] for item in result["silenced"]}


def test_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = laid_out("amsart", tmp_path / "project" / "paper")
    project = folder.parent
    number = "\\pithnumber{EL6A4QOTPLYS3LFEIZGOL5QVTM}"
    (folder / "other.tex").write_text(f"\\documentclass{{article}}\n{number}\n\\begin{{document}}\\end{{document}}\n")
    (folder / "main.tex").rename(folder / "this.tex")
    assert main(["presubmit", str(folder), "-q"]) == 2  # nothing tells which of both is the paper
    (folder / "this.tex").rename(folder / "main.tex")
    (project / ".git").mkdir()
    (project / "pyproject.toml").write_text('[tool.pithtex]\nmain = "paper/main.tex"\nexpect = "2606.01751"\n')
    code, result = json_of([str(folder)])
    assert (code, {item["code"] for item in result["findings"]} >= {"PITH607"}) == (1, True)
    assert json_of([str(folder), "--expect", "2606.26666"])[0] == 0
    (project / ".pithtex.toml").write_text('main = "paper/main.tex"\nignore = ["PITH627"]\n')
    code, result = json_of([str(folder)])
    assert (code, result["findings"]) == (0, [])
    for wrong, said in (
        ("requires = true", "unknown key 'requires'; did you mean require?"),
        ('key = ["mine.json"]', "unknown key 'key'"),  # what comes with a paper does not say whom to trust
        ("require = 1", "require: true or false is needed"),
        ("select = [1]", "select: a list of texts is needed"),
        ("main = ", "not TOML"),
    ):
        (project / ".pithtex.toml").write_text(wrong + "\n")
        assert main(["presubmit", str(folder)]) == 2
        shown = capsys.readouterr().err
        assert said in shown
        assert ".pithtex.toml" in shown


def test_no_main_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presubmit", str(tmp_path)]) == 2
    assert "PITH540 no-main-file" in capsys.readouterr().err
    assert main(["presubmit", str(tmp_path / "nothing")]) == 2


def test_titles_that_attack_annotations(tmp_path: Path) -> None:
    """A title, a file name and a message of the log are data in every format."""
    name = "a\n::error file=x::y.tex"
    (tmp_path / name).write_text("Text.\n")
    title = "A ::error:: \u202e\x1b[31mTitle ##[error] \\odd"
    text = (
        "\\documentclass{article}\n\\usepackage{pith}\n\\pithnumber{::set-output name=a::b}\n"
        f"\\title{{{title}}}\n"
        "\\begin{document}\n\\maketitle\n\\input{::warning::x}\n\\end{document}\n"
    )
    (tmp_path / "main.tex").write_text(text)
    (tmp_path / "main.log").write_text("! ::error::\x1b[2J\n")
    for form in ("text", "github"):
        _, shown = output([str(tmp_path / "main.tex"), "--format", form])
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        for line in shown.splitlines():
            assert not line.startswith("::") or line.startswith(("::error file=", "::warning file=", "::notice file="))
            assert "##[error]" not in line or form == "text"


def test_a_flood_of_findings_is_bounded(tmp_path: Path) -> None:
    line = "% pithtex: ignore=PITH601\n\\pithnumber{X}\n\\input{a/b}\n\n"
    text = f"\\documentclass{{article}}\n{line * 5_000}\\begin{{document}}\n\\end{{document}}\n"
    (tmp_path / "main.tex").write_text(text)
    _, result = json_of([str(tmp_path / "main.tex")])
    counts = Counter(item["code"] for item in result["findings"])
    assert counts["PITH602"] == counts["PITH603"] == counts["PITH641"] == MAX_RULE_FINDINGS
    assert counts["PITH681"] == MAX_IGNORES


def test_it_is_in_the_order_that_editors_want(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out("deadline", tmp_path / "paper")
    monkeypatch.chdir(tmp_path)
    _, shown = output(["paper"])
    places = [line.split(":")[:3] for line in shown.splitlines() if line.startswith("paper/main.tex:")]
    assert places == sorted(places, key=lambda place: (int(place[1]), int(place[2])))
    assert "paper/main.tex:5:1: error[PITH602 number-malformed]: " in shown


def test_sarif_has_the_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out("deadline", tmp_path / "paper")
    monkeypatch.chdir(tmp_path)
    _, text = output(["paper", "--format", "sarif"])
    assert schema_errors(text) == []
    (run,) = json.loads(text)["runs"]
    found = {result["ruleId"]: result["locations"][0]["physicalLocation"] for result in run["results"]}
    assert found["PITH602"]["artifactLocation"]["uri"] == "paper/main.tex"
    assert found["PITH602"]["region"] == {"startLine": 5, "startColumn": 1}
    assert found["PITH645"]["region"] == {"startLine": 1, "startColumn": 3}


def test_an_anonymous_paper_with_a_pdf_that_is_not(tmp_path: Path) -> None:
    folder = laid_out("amsart", tmp_path / "paper")
    text = (folder / "main.tex").read_text().replace("a4paper", "a4paper,anonymous")
    (folder / "main.tex").write_text(text)
    _, result = json_of([str(folder), "--select", "PITH635"])
    assert {Path(item["file"]).name for item in result["findings"]} == {"main.tex", "pith.sty", "main.pdf"}


def test_start_up_loads_nothing_heavy(tmp_path: Path) -> None:
    """A paper without number and PDF needs neither the PDF libraries nor templates nor the network."""
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\n\\title{Plain}\n\\begin{document}\\maketitle\\end{document}\n"
    )
    program = (
        "import sys\nfrom pithtex.cli.main import main\n"
        f"main(['presubmit', {str(tmp_path)!r}, '-q'])\n"
        "print(sorted({'requests', 'pikepdf', 'jinja2', 'pypdfium2', 'pylatexenc', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


if __name__ == "__main__":
    os.environ["PITHTEX_HOME"] = tempfile.mkdtemp()
    for file in COMMANDS:
        (GOLDEN / file).write_text(golden(file, Path(tempfile.mkdtemp()) / "paper"), encoding="utf-8")
