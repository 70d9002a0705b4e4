"""docs/how-we-know/matrix.md: the outcome of the class matrix for people, from the stored outcomes of each TeX Live."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tests.conftest import ROOT
from tests.matrix.cases import cases
from tests.matrix.engines import ENGINES, System
from tests.matrix.judge import CHECKS, Outcome, Problem, sty
from tests.matrix.page import Document

PAGE: Final = ROOT / "docs" / "how-we-know" / "matrix.md"
FOLDER: Final = ROOT / "docs" / "how-we-know" / "matrix"
_WIDTH: Final = 360
"""Pixels of a picture."""
_PLACES: Final = {"title": "ok", "margin": "ok, margin", "": "ok"}
_HEADS: Final = {
    "pdflatex": "pdfLaTeX",
    "lualatex": "LuaLaTeX",
    "xelatex": "XeLaTeX",
    "dvips": "LaTeX, dvips, ps2pdf",
    "dvipdfmx": "LaTeX, dvipdfmx",
}


def summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What the terminal shows at the end: the counts, and everything that needs a person."""
    for outcome in outcomes:
        for problem in outcome.problems:
            if problem.explanation is None:
                yield f"FAILED {outcome.case} {outcome.engine} {problem.variant} {problem.check}: {problem.message}"
        for key in outcome.stale:
            yield f"FAILED {outcome.case} {outcome.engine}: the exception {key} did not occur: take it out of the table"
    words = Counter(outcome.word for outcome in outcomes)
    yield ", ".join(f"{words[word]} {name}" for word, name in _COUNTED.items()) + f": {len(outcomes)} in all"


_COUNTED: Final = {
    "ok": "ok",
    "exception": "with an explained exception",
    "FAILED": "failed",
    "-": "not supported by the class",
}


def store(system: System, kernel: str, version: str, outcomes: Sequence[Outcome]) -> None:
    """Keeps a run beside the page, so that the runs of two TeX Lives make one page, and a part can be run again."""
    FOLDER.mkdir(exist_ok=True)
    merged = {(outcome.case, outcome.engine): outcome for outcome in outcomes}
    path = _stored(system.name)
    if path.exists():
        facts, before = _load(path)
        if facts["texlive"] == version:
            merged = {(outcome.case, outcome.engine): outcome for outcome in before} | merged
    order = [(name, engine) for name in cases() for engine in ENGINES if (name, engine) in merged]
    data = {
        "texlive": version,
        "latex": kernel,
        "date": datetime.date.today().isoformat(),
        "outcomes": [merged[cell].to_dict() for cell in order],
    }
    lines = json.dumps(data, ensure_ascii=False).replace('{"case"', '\n{"case"')
    part = path.with_suffix(".part")
    part.write_text(lines + "\n", encoding="utf-8")
    part.replace(path)


def stored(system: System) -> list[Outcome]:
    """What is kept of earlier runs of this TeX Live."""
    path = _stored(system.name)
    return _load(path)[1] if path.exists() else []


def _stored(name: str) -> Path:
    return FOLDER / f"texlive-{name}.json"


def write_page(system: System) -> None:
    """The page, of all stored runs; and the pictures, if this system is the one that they are of."""
    runs = {path.stem.removeprefix("texlive-"): _load(path) for path in sorted(FOLDER.glob("texlive-*.json"))}
    first = next(iter(runs))
    if system.name == first:
        _pictures(system)
    parts = [_intro(runs)]
    for name, (facts, outcomes) in runs.items():
        parts += [_section(name, facts, outcomes)]
    parts += [_gallery(), _CLOSING]
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _load(path: Path) -> tuple[dict[str, Any], list[Outcome]]:
    facts = json.loads(path.read_text(encoding="utf-8"))
    return facts, [Outcome.from_dict(outcome) for outcome in facts.pop("outcomes")]


def _intro(runs: dict[str, tuple[dict[str, Any], list[Outcome]]]) -> str:
    checks = "\n".join(f"- {text} (`{name}`)" for name, text in CHECKS.items())
    sizes = "\n".join(
        f"| TeX Live {name} | {facts['texlive']} | {facts['latex']} | {facts['date']} | "
        + " | ".join(str(Counter(outcome.word for outcome in outcomes)[word]) for word in _COUNTED)
        + " |"
        for name, (facts, outcomes) in runs.items()
    )
    return f"""\
# Classes and engines

What `pith.sty` does in {len(cases())} papers, each in a class or style of its own, on five engines. Written by
`make matrix` (Debian 12's TeX Live), and with `TEXLIVE=2024` (Debian 13's) or `TEXLIVE=2026` (that of Debian's
unstable release, whose packages go on: the table names the version). The papers are samples of the classes, from
Debian's TeX packages, or our own where a class has none that compiles; all carry the same real record.

Each paper is compiled from nothing without the package, and then, with the auxiliary files of that, as by an author
who adds the two lines to a finished paper, with it and with `placement=margin`; in batch mode, without shell escape,
until the auxiliary files stay the same; DVI files with `dvips -R2 -q -z` and `ps2pdf`, or with `dvipdfmx` and the
global option of that name. Then all of this must hold:

{checks}

| | Debian's packages | LaTeX | run on | {" | ".join(_COUNTED.values())} |
|---|---|---|---|{"---|" * len(_COUNTED)}
{sizes}

*ok* means all of the above, badge after the title; *ok, margin*: there is no room after the title, and `auto` put it
into the right margin of page 1. A number is that of an exception or a reason below the table. A dash is an engine that
the class or its sample does not support. `make matrix` keeps each outcome, and runs again only those of which the
paper, `pith.sty` or the TeX Live has changed since; a star marks an outcome with an earlier `pith.sty`.
"""


def _section(name: str, facts: dict[str, Any], outcomes: list[Outcome]) -> str:
    by_cell = {(outcome.case, outcome.engine): outcome for outcome in outcomes}
    notes: dict[str, int] = {}
    rows = []
    for case in cases().values():
        cells = [_cell(by_cell.get((case.name, engine)), notes) for engine in ENGINES]
        paper = f"`{case.sample.rpartition('/')[2]}`" if case.sample else "ours"
        rows.append(f"| {case.name} | `{case.cls}` | {paper} | {' | '.join(cells)} |")
    explained = "\n".join(f"{number}. {text}" for text, number in notes.items())
    failures = "\n".join(
        f"- {outcome.case}, {_HEADS[outcome.engine]}, {_variant(problem)}: `{problem.check}`: {_plain(problem.message)}"
        for outcome in outcomes
        for problem in outcome.problems
        if problem.explanation is None
    )
    return f"""\
## TeX Live {name}

LaTeX {facts["latex"]}, Debian's packages {facts["texlive"]}.

| paper | class | document | {" | ".join(_HEADS[engine] for engine in ENGINES)} |
|---|---|---|{"---|" * len(ENGINES)}
{chr(10).join(rows)}

{explained or "No exceptions."}
""" + (f"\nWhat failed, with nothing to explain it:\n\n{failures}\n" if failures else "")  # fmt: skip


def _cell(outcome: Outcome | None, notes: dict[str, int]) -> str:
    if outcome is None:
        return "not run"
    if outcome.not_supported:
        return f"– {_note(outcome.not_supported, notes)}"
    numbers = sorted({_note(problem.explanation, notes) for problem in outcome.problems if problem.explanation})
    word = "**failed**" if outcome.bad else _PLACES[outcome.place]
    star = "" if outcome.sty == sty() else r"\*"
    return " ".join([word + star, *numbers])


def _note(text: str, notes: dict[str, int]) -> str:
    return f"({notes.setdefault(text, len(notes) + 1)})"


def _variant(problem: Problem) -> str:
    return {"plain": "without the package", "auto": "`auto`", "margin": "`placement=margin`"}[problem.variant]


def _plain(text: str) -> str:
    """Text of a log, with nothing that Markdown would take for its own."""
    return "`" + text.replace("`", "'").replace("|", "/") + "`"


def _pictures(system: System) -> None:
    for case in cases().values():
        pdf = system.work / case.name / "pdflatex-auto" / "main.pdf"
        if case.picture and pdf.exists():
            document = Document(pdf)
            document.picture(FOLDER / f"{case.name}.png", _WIDTH)
            document.close()


def _gallery() -> str:
    shown = [case for case in cases().values() if case.picture and (FOLDER / f"{case.name}.png").exists()]
    cells = [f"![Page 1 of {case.name}](matrix/{case.name}.png)<br>{case.name}" for case in shown]
    rows = [cells[index : index + 3] for index in range(0, len(cells), 3)]
    lines = "\n".join("| " + " | ".join(row + [""] * (3 - len(row))) + " |" for row in rows)
    return f"## Page 1\n\nCompiled with pdfLaTeX and `placement=auto`.\n\n| | | |\n|---|---|---|\n{lines}\n"


_CLOSING: Final = """\
## What is not here

Styles of conferences that are public but not in Debian's TeX Live are not tested here, since nothing is fetched for
these runs: those of NeurIPS, ICML, ICLR, CVPR, ACL and AAAI (on the conferences' sites), of Copernicus, MDPI,
Frontiers, PNAS, AGU, SIAM, IOP, AIMS and Springer Nature (`sn-jnl`) (on the publishers' sites). Classes for pTeX and
upTeX alone, such as `jsarticle`, need engines that are not among the five.
"""
