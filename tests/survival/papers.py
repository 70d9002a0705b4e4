"""The papers that are sent on their way: one real source, through every engine that makes PDFs of LaTeX."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from pithtex.cli.main import main as pithtex
from tests.conftest import ROOT

EXAMPLE: Final = ROOT / "examples" / "sparsex"
NUMBER: Final = "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"
SHORT: Final = "pith:CNPMIFD4"
TITLE: Final = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"

ENGINES: Final[dict[str, tuple[str, ...]]] = {
    "pdfTeX": ("pdflatex {tex}",),
    "LuaTeX": ("lualatex {tex}",),
    "XeTeX": ("xelatex {tex}",),
    "dvips": ("latex {tex}", "dvips -q -z -R2 main.dvi -o main.ps", "ps2pdf main.ps main.pdf"),
    "dvipdfmx": ("latex {tex}", "dvipdfmx -q main.dvi"),
}
"""The commands by engine, as authors give them. LaTeX runs twice."""

_TEX: Final = "-interaction=batchmode -halt-on-error -no-shell-escape main.tex"


def call(command: list[str], folder: Path) -> None:
    """Runs one program in a folder.

    Raises:
        RuntimeError: it fails or takes too long; with the end of what it said.
    """
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"{command[0]}: {type(error).__name__}") from error
    if done.returncode:
        said = (done.stderr or done.stdout)[-1000:].decode("utf-8", "replace")
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {said}")


def compile_paper(engine: str, folder: Path) -> Path:
    """Compiles the example with a freshly generated `pith.sty`.

    Raises:
        RuntimeError: the engine fails.
    """
    folder.mkdir(parents=True)
    if pithtex(["generate", "--quiet", str(EXAMPLE / "bundle.json"), "-o", str(folder)]) != 0:
        raise RuntimeError("pithtex generate failed")
    source = (EXAMPLE / "main.tex").read_text(encoding="utf-8")
    if engine == "dvipdfmx":  # the one driver that packages cannot guess
        source = source.replace("\\documentclass[", "\\documentclass[dvipdfmx,", 1)
    (folder / "main.tex").write_text(source, encoding="utf-8")
    for template in ENGINES[engine]:
        command = template.format(tex=_TEX).split()
        for _ in range(2 if _TEX in template.format(tex=_TEX) else 1):
            call(command, folder)
    return folder / "main.pdf"


def make_cover(folder: Path) -> Path:
    """A cover sheet of one page, as a repository puts before a paper."""
    folder.mkdir(parents=True)
    (folder / "main.tex").write_text(
        "\\documentclass{article}\\pagestyle{empty}\\begin{document}\\noindent\\textsf{University Repository}"
        "\\vfill This is the accepted version of a paper that will be published elsewhere.\\end{document}\n",
        encoding="ascii",
    )
    call(["pdflatex", *_TEX.split()], folder)
    return folder / "main.pdf"


def environment() -> dict[str, str]:
    """For LibreOffice and TeX: nothing of the user's own settings."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}
