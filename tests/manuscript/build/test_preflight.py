"""arXiv's preflight, reproduced: engine and toplevel documents, case by case; beside its program, in a checkout.

`PITHTEX_ARXIV_TOOLS` is the folder `tex2pdf-tools` of a checkout of arXiv/submission-tools, `PITHTEX_ARXIV_PYTHON` a
Python that has what it needs (pydantic); `PITHTEX_ARXIV_CORPUS` is a folder with more papers, one in each folder.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from pithtex.manuscript.build.preflight import SCANNED, Preflight

DOCUMENT = "\\documentclass{article}\n%s\\begin{document}\n%s\n\\end{document}\n"
G = "\\usepackage{graphicx}\n"


def figure(*names: str) -> str:
    return DOCUMENT % (G, "".join(f"\\includegraphics{{{name}}}\n" for name in names))


ENGINES: dict[str, tuple[dict[str, str], str]] = {
    "no figures": ({"main.tex": DOCUMENT % ("", "")}, "pdflatex"),
    "EPS alone": ({"main.tex": figure("a"), "a.eps": ""}, "latex"),
    "EPS and PNG": ({"main.tex": figure("a", "b"), "a.eps": "", "b.png": ""}, "xelatex"),
    "both kinds of one figure": ({"main.tex": figure("a"), "a.eps": "", "a.pdf": ""}, "pdflatex"),
    "an EPS that is not there": ({"main.tex": figure("a.eps", "b.png"), "b.png": ""}, "pdflatex"),
    "an EPS in verbatim that is not there": (
        {"main.tex": DOCUMENT % (G, "\\begin{verbatim}\n\\includegraphics{my.eps}\n\\end{verbatim}\n")},
        "pdflatex",
    ),
    "an EPS in a comment": ({"main.tex": DOCUMENT % (G, "% \\includegraphics{a.eps}\n"), "a.eps": ""}, "pdflatex"),
    "an EPS named by a class, not there": (
        {
            "main.tex": "\\documentclass{ours}\n\\begin{document}\\includegraphics{b}\\end{document}\n",
            "ours.cls": "\\LoadClass{article}\\includegraphics{logo.eps}",
            "b.png": "",
        },
        "pdflatex",
    ),
    "graphicspath": (
        {"main.tex": DOCUMENT % (G + "\\graphicspath{{figs/}}\n", "\\includegraphics{a}"), "figs/a.eps": ""},
        "latex",
    ),
    "two graphicspaths": (
        {"main.tex": DOCUMENT % (G + "\\graphicspath{{figs/}}\n" * 2, "\\includegraphics{a}"), "figs/a.eps": ""},
        "latex",
    ),
    "a figure of TeX Live's": ({"main.tex": figure("example-image-a")}, "pdflatex"),
    "fontspec": ({"main.tex": DOCUMENT % ("\\usepackage{fontspec}\n", "")}, "xelatex"),
    "fontspec in a style": (
        {"main.tex": DOCUMENT % ("\\usepackage{ours}\n", ""), "ours.sty": "\\ifxetex\\RequirePackage{fontspec}\\fi"},
        "pdflatex",
    ),
    "pdfoutput=0": ({"main.tex": "\\pdfoutput=0\n" + DOCUMENT % ("", "")}, "latex"),
    "pdfoutput=1 and EPS": ({"main.tex": "\\pdfoutput=1\n" + figure("a"), "a.eps": ""}, "xelatex"),
    "epsfig": ({"main.tex": DOCUMENT % ("", "\\epsfig{file=a.eps,width=3cm}"), "a.eps": ""}, "latex"),
    "plain TeX": ({"main.tex": "Hello.\n\\bye\n"}, "pdftex"),
}
TOPLEVELS: dict[str, tuple[dict[str, str], list[str]]] = {
    "one": ({"main.tex": DOCUMENT % ("", "\\input{a}"), "a.tex": "Text."}, ["main.tex"]),
    "a supplement": (
        {"main.tex": DOCUMENT % ("", ""), "supplement.tex": DOCUMENT % ("", "")},
        ["main.tex", "supplement.tex"],
    ),
    "in a folder": ({"main.tex": DOCUMENT % ("", ""), "figs/d.tex": DOCUMENT % ("", "")}, ["figs/d.tex", "main.tex"]),
    "a subfile": (
        {"main.tex": DOCUMENT % ("", "\\subfile{b}"), "b.tex": "\\documentclass[main]{subfiles}\n"},
        ["main.tex"],
    ),
    "a class chosen in a file": (
        {"main.tex": "\\input pre\n\\begin{document}", "pre.tex": "\\documentclass{article}"},
        ["main.tex"],
    ),
}


def preflight(files: dict[str, str]) -> Preflight:
    return Preflight({name: text.encode() for name, text in files.items() if name.endswith(SCANNED)}, frozenset(files))


@pytest.mark.parametrize("case", ENGINES)
def test_engine(case: str) -> None:
    files, engine = ENGINES[case]
    assert preflight(files).engine("main.tex")[0] == engine


@pytest.mark.parametrize("case", TOPLEVELS)
def test_toplevels(case: str) -> None:
    files, expected = TOPLEVELS[case]
    assert preflight(files).toplevels() == expected


def test_what_decides_is_named() -> None:
    assert preflight(ENGINES["EPS and PNG"][0]).engine("main.tex")[1] == "the paper includes a.eps and b.png"
    assert preflight(ENGINES["fontspec"][0]).engine("main.tex")[1] == "the paper loads fontspec"


def test_files_that_read_each_other_end() -> None:
    files = {"a.tex": "\\input{b}", "b.tex": "\\input{a}", "main.tex": DOCUMENT % ("", "\\input{a}")}
    assert preflight(files).toplevels() == ["main.tex"]


# --- beside arXiv's own program --------------------------------------------------------------------------------------

TOOLS, PYTHON = os.environ.get("PITHTEX_ARXIV_TOOLS"), os.environ.get("PITHTEX_ARXIV_PYTHON", "python3")
CORPUS = os.environ.get("PITHTEX_ARXIV_CORPUS")
_RUN = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from tex2pdf_tools.preflight import generate_preflight_response as run;"
    "print(run(sys.argv[2], json=True))"
)
_NAMES = {
    ("tex", "latex", "pdf"): "pdflatex",
    ("tex", "latex", "dvi"): "latex",
    ("xetex", "latex", "pdf"): "xelatex",
    ("tex", "tex", "dvi"): "tex",
    ("tex", "tex", "pdf"): "pdftex",
}


def arxivs(folder: Path) -> dict[str, str | None] | None:
    """What arXiv's program says of a folder: its toplevel documents and each one's engine; None where it refuses it."""
    done = subprocess.run([PYTHON, "-c", _RUN, str(TOOLS), str(folder)], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout.strip().splitlines()[-1])
    if said["status"]["key"] == "error":
        return None
    compilers = {top["filename"]: top["process"].get("compiler", {}) for top in said["detected_toplevel_files"]}
    return {
        name: _NAMES.get((one.get("engine"), one.get("lang"), one.get("output"))) for name, one in compilers.items()
    }


def ours(folder: Path) -> dict[str, str | None]:
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    names = {name for name in names if not any(part.startswith(".") for part in name.split("/"))}
    files = frozenset(name for name in names if not name.startswith("anc/"))
    scanned = {name: (folder / name).read_bytes() for name in sorted(files) if name.lower().endswith(SCANNED)}
    seen = Preflight(scanned, files)
    return {name: seen.engine(name)[0] for name in seen.toplevels()}


if TOOLS is not None:

    @pytest.mark.parametrize("case", [*ENGINES, *TOPLEVELS])
    def test_arxivs_program_says_the_same(case: str, tmp_path: Path) -> None:
        for name, text in {**ENGINES, **TOPLEVELS}[case][0].items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        assert ours(tmp_path) == arxivs(tmp_path)


if TOOLS is not None and CORPUS is not None:

    def test_a_corpus() -> None:
        folders = [path for path in sorted(Path(str(CORPUS)).iterdir()) if path.is_dir()]
        compared = {folder.name: (ours(folder), theirs) for folder in folders if (theirs := arxivs(folder)) is not None}
        differing = {name: both for name, both in compared.items() if both[0] != both[1]}
        print(f"{len(compared)} folders, {len(differing)} differ: {differing}")
        assert len(differing) * 46 <= len(compared)
