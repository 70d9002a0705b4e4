"""`make survival`: every engine's PDF goes every way; writes docs/how-we-know/survival.md.

The exit code is 1 where an engine fails or one of the two rules of `Outcome.broken` does not hold.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests.conftest import ROOT
from tests.survival.outcome import CHANNELS, Outcome
from tests.survival.papers import ENGINES, compile_paper, make_cover
from tests.survival.ways import WAYS, Way

PAGE: Final = ROOT / "docs" / "how-we-know" / "survival.md"

_HEAD: Final = """\
# What survives

Made by `make survival`, which sends the example paper of each engine through real programs, reads the channels of what
comes out, and lets `pithtex check` judge it: offline without a record, and with `--record`.

Two rules hold but where the section below the notes says otherwise. Where a channel that carries the compact receipt
survives (link, XMP, Info), the verdict is `valid` with nothing else. Where only the visible text survives, it
is `unverified` with the right short form, and `valid` with `--record`.
"""

_PICTURES: Final = "No text is left on the page, and no metadata: nothing names a record."
_GLYPHS: Final = (
    "The map from this engine's glyphs to characters is lost, so that the title is not text that can be"
    " read or copied; with `--record` and `--expect ID` the word is `valid`."
)
_WHY: Final[dict[tuple[str, str], str]] = {
    **{("Ghostscript, pages as pictures", engine): _PICTURES for engine in ENGINES},
    **{
        ("OCRmyPDF `--force-ocr`", engine): "The page becomes a picture, and the text that was recognised lies over it"
        " invisibly; what no reader can see never counts as shown."
        for engine in ENGINES
    },
    **{
        ("`pdf2ps`, `ps2pdf`", engine): "The letters become shapes without character codes, and all metadata is lost."
        for engine in ("XeTeX", "dvips", "dvipdfmx")
    },
    ("`pdf2ps`, `ps2pdf`", "LuaTeX"): _GLYPHS,
    ("`pdftops`, `ps2pdf`", "LuaTeX"): _GLYPHS,
    ("`pdftops`, `ps2pdf`", "XeTeX"): _GLYPHS,
    ("mutool `convert`", "LuaTeX"): _GLYPHS,
    ("mutool `convert`", "XeTeX"): _GLYPHS,
    ("mutool `convert`", "dvips"): "mutool moves all that follows the first rule off the page, the badge's text too.",
}
"""Where the second rule does not hold, or nothing survives, and why it cannot be otherwise; by way and engine."""

_VERSIONS: Final = (
    ("TeX Live", "pdflatex --version"),
    ("Ghostscript", "gs --version"),
    ("qpdf", "qpdf --version"),
    ("mutool", "mutool -v"),
    ("pdftk", "pdftk --version"),
    ("Poppler", "pdftocairo -v"),
    ("exiftool", "exiftool -ver"),
    ("OCRmyPDF", "ocrmypdf --version"),
    ("LibreOffice", "soffice --version"),
)

Results = dict[str, dict[str, Outcome]]
"""By way's name and engine."""


def main() -> int:
    """Runs everything; the number of complaints decides the exit code."""
    missing = sorted(name for way in WAYS for name in way.programs if shutil.which(name) is None)
    if missing:
        print(f"not on PATH: {', '.join(dict.fromkeys(missing))}; .ci/install-system survival installs them")
        return 1
    warnings.simplefilter("ignore")  # pikepdf's, about form fields that the paper has not
    with tempfile.TemporaryDirectory() as folder:
        results, problems = _run(Path(folder))
    PAGE.write_text(_page(results), encoding="utf-8")
    for problem in problems:
        print(problem)
    print(f"{len(results)} ways, {len(ENGINES)} engines, {len(problems)} problems: {PAGE.relative_to(ROOT)}")
    return 1 if problems else 0


def _run(folder: Path) -> tuple[Results, list[str]]:
    problems: list[str] = []
    results: Results = {way.name: {} for way in WAYS}
    papers: dict[str, Path] = {}
    for engine in ENGINES:
        try:
            papers[engine] = compile_paper(engine, folder / engine)
        except RuntimeError as error:
            problems.append(f"{engine}: {error}")
    cover = make_cover(folder / "cover")

    def go(job: tuple[int, Way, str]) -> tuple[str, str, Outcome | str]:
        number, way, engine = job
        try:
            return way.name, engine, Outcome.of(way.go(papers[engine], cover, folder / f"{number}-{engine}"))
        except RuntimeError as error:
            return way.name, engine, str(error)

    jobs = [(number, way, engine) for number, way in enumerate(WAYS) for engine in papers]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for way, engine, outcome in pool.map(go, jobs):
            if isinstance(outcome, str):
                problems.append(f"{way}, {engine}: {outcome}")
                continue
            results[way][engine] = outcome
            fault = outcome.broken or ("" if outcome.channels else "nothing survives")
            if fault and ((way, engine) not in _WHY or outcome.channels - {"text"}):
                problems.append(f"{way}, {engine}: {fault}, and no reason is given")
            elif (way, engine) in _WHY and not fault:
                problems.append(f"{way}, {engine}: the reason that is given is none any more")
    return results, problems


def _page(results: Results) -> str:
    notes: list[str] = []
    rows = [_row(way, outcomes, notes) for way, outcomes in results.items() if outcomes]
    lines = [_HEAD, f"Engines: {', '.join(ENGINES)}. A number in brackets refers to the notes below the table.\n"]
    lines += ["| way | link | XMP | Info | text | verdict | with `--record` |", "|---|---|---|---|---|---|---|", *rows]
    lines += ["", *(f"- [{number}] {note}" for number, note in enumerate(notes, 1))]
    lines += ["", "## Where too much is lost", "", *_reasons()]
    lines += ["", "## Versions", "", ", ".join(f"{name} {_version(command)}" for name, command in _VERSIONS) + "."]
    return "\n".join(lines) + "\n"


def _reasons() -> list[str]:
    """One line for each reason that a way gives, with the engines it is about."""
    engines: dict[tuple[str, str], list[str]] = {}
    for (way, engine), why in _WHY.items():
        engines.setdefault((way, why), []).append(engine)
    return [
        f"- {way}, {'every engine' if len(names) == len(ENGINES) else ', '.join(names)}: {why}"
        for (way, why), names in engines.items()
    ]


def _row(way: str, outcomes: dict[str, Outcome], notes: list[str]) -> str:
    cells = [
        _cell({engine: "yes" if channel in outcome.channels else "-" for engine, outcome in outcomes.items()}, notes)
        for channel in CHANNELS
    ]
    cells.append(_cell({engine: outcome.word.value for engine, outcome in outcomes.items()}, notes))
    cells.append(_cell({engine: outcome.word_with_record.value for engine, outcome in outcomes.items()}, notes))
    return f"| {way} | {' | '.join(cells)} |"


def _cell(values: dict[str, str], notes: list[str]) -> str:
    """What most engines' PDFs give, with a note on the others."""
    usual = max(dict.fromkeys(values.values()), key=list(values.values()).count)
    others = {engine: value for engine, value in values.items() if value != usual}
    if not others:
        return usual
    note = f"{', '.join(f'{engine}: {_spoken(value)}' for engine, value in others.items())}."
    if note not in notes:
        notes.append(note)
    return f"{usual} [{notes.index(note) + 1}]"


def _spoken(value: str) -> str:
    return {"yes": "survives", "-": "does not survive"}.get(value, f"`{value}`")


def _version(command: str) -> str:
    done = subprocess.run(command.split(), capture_output=True, timeout=60, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    found = re.search(r"TeX Live (\d+)", said) or re.search(r"(\d+(?:\.\d+)+)", said)
    return found[1] if found else "?"


if __name__ == "__main__":
    sys.exit(main())
