"""A run of the class matrix that was interrupted goes on where it stopped, and what has changed is run again."""

from __future__ import annotations

import dataclasses
import fcntl
from pathlib import Path

import pytest

from tests.matrix import __main__ as runner
from tests.matrix import report
from tests.matrix.cases import cases, package
from tests.matrix.engines import ENGINES, Compiled, System, compile_paper
from tests.matrix.judge import Outcome, Problem, not_supported, state

CELLS = [("article", "pdflatex"), ("article", "lualatex"), ("report", "pdflatex")]


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    monkeypatch.setattr(report, "FOLDER", tmp_path)
    return System(name="2022", work=tmp_path / "work")


def outcome(name: str, engine: str, system: System) -> Outcome:
    return Outcome(case=name, engine=engine, place="title", state=state(cases()[name], ENGINES[engine], system))


def test_what_is_stored_is_not_run_again(system: System) -> None:
    for name, engine in CELLS[:2]:
        report.store(system, "2022-11-01", "v", [outcome(name, engine, system)])
    known = runner.done_before(CELLS, system)
    assert [(one.case, one.engine) for one in known] == CELLS[:2]
    assert [(one.case, one.engine) for one in runner.done_before(CELLS[1:], system)] == CELLS[1:2]


def test_what_has_changed_is_run_again(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [outcome(name, engine, system) for name, engine in CELLS]
    report.store(system, "2022-11-01", "v", before)
    other = dataclasses.replace(cases()["article"], packages="\\usepackage{amsmath}")
    monkeypatch.setitem(cases(), "article", other)
    assert [(one.case, one.engine) for one in runner.done_before(CELLS, system)] == CELLS[2:]
    monkeypatch.setitem(cases(), "report", dataclasses.replace(cases()["report"], not_supported={"pdflatex": "why"}))
    assert runner.done_before(CELLS, system) == []


def test_another_package_is_run_again(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    report.store(system, "2022-11-01", "v", [outcome(name, engine, system) for name, engine in CELLS])
    assert len(runner.done_before(CELLS, system)) == len(CELLS)
    monkeypatch.setattr("tests.matrix.cases.package", lambda: package() + b"%")
    assert runner.done_before(CELLS, system) == []


def test_what_failed_is_run_again(system: System) -> None:
    known = outcome(*CELLS[0], system)
    bad = Problem(check="compile", variant="auto", message="exit code 1")
    report.store(system, "2022-11-01", "v", [dataclasses.replace(known, problems=(bad,))])
    assert runner.done_before(CELLS, system) == []
    explained = dataclasses.replace(bad, explanation="why")
    report.store(system, "2022-11-01", "v", [dataclasses.replace(known, problems=(explained,))])
    assert len(runner.done_before(CELLS, system)) == 1


def test_two_runs_at_once_would_compile_in_the_same_folders(system: System, monkeypatch, capsys) -> None:
    monkeypatch.setattr(runner, "_system", lambda *_: system)
    system.work.mkdir()
    with (system.work / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert runner.main(["--only", "article", "--engine", "pdflatex"]) == 2
    assert "another run" in capsys.readouterr().err


def test_an_outcome_of_unknown_state_is_run_again(system: System) -> None:
    report.store(system, "2022-11-01", "v", [Outcome(case="article", engine="pdflatex")])
    assert runner.done_before(CELLS, system) == []


@pytest.mark.tex
def test_the_second_compilation_starts_from_the_auxiliary_files_of_the_first(tmp_path: Path) -> None:
    system = System(name="2022", work=tmp_path)
    text = b"\\documentclass{article}\\begin{document}\\section{A}\\label{a}\\ref{a}.%s\\end{document}\n"
    first = compile_paper(system, ENGINES["pdflatex"], {"main.tex": text % b""}, tmp_path / "first")
    assert (first.returncode, first.runs) == (0, 2)

    def again(more: bytes) -> Compiled:
        files = {"main.tex": text % more}
        return compile_paper(system, ENGINES["pdflatex"], files, tmp_path / "second", first)

    assert (again(b"Words").runs, "undefined" in again(b"Words").log) == (1, False)
    assert (again(b"\\label{b}\\ref{b}").runs, "undefined" in again(b"\\label{b}\\ref{b}").log) == (2, False)


@pytest.mark.tex
def test_a_class_that_this_tex_live_has_not_is_not_supported(system: System) -> None:
    system.work.mkdir()
    case = dataclasses.replace(cases()["afparticle"], sample="elsewhere/sample.tex")
    for cls, reason in (("[1p]{gone}", "TeX Live 2022 has no gone.cls"), ("[1p]{article}", "")):
        assert not_supported(dataclasses.replace(case, cls=cls), "pdflatex", system) == reason
