"""The bibliography, as arXiv makes it: a `.bbl` is taken as it is; if there is none, BibTeX or Biber is run.

Source: arXiv's help page "TeX Submissions" (bibliography files), submission-tools (tex_to_pdf_converters.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pithtex.limits import MAX_LOG_BYTES
from pithtex.structs import struct

_PROGRAMS: Final = frozenset({"bibtex", "bibtex8", "biber"})
_REQUEST: Final = re.compile(
    r'<external package="biblatex"[^>]{0,200}>.{0,500}?<cmdline>(?P<line>.{0,2000}?)</cmdline>', re.S
)
_REQUEST_CHARS: Final = 64 * 1024
"""Of a `.run.xml` that are looked at; real ones have three thousand."""
_ELEMENT: Final = re.compile(r"<(?P<name>binary|option|infile)>(?P<text>[^<]{0,300})</")
_OPTION: Final = re.compile(r"--?[A-Za-z][\w-]*(?:[= ][\w.+-]+)?")
_JOB: Final = re.compile(r"[A-Za-z0-9_+.,=][A-Za-z0-9_+\-.,=]*")
_DATA: Final = re.compile(r"^\\bibdata\{([^{}\n]*)\}", re.M)
_STYLE: Final = re.compile(r"^\\bibstyle\{[^{}\n]*\}", re.M)
_SOURCE: Final = re.compile(r"<bcf:datasource[^>]{0,300}>([^<]{1,300})</bcf:datasource>")
_FORMAT: Final = re.compile(rb"% \$ biblatex auxiliary file \$\r?\n% \$ biblatex bbl format version ([0-9.]{1,9}) \$")


@struct
class Bibliography:
    """How the paper's references come about."""

    commands: tuple[tuple[str, ...], ...]
    """What has to be run, in order; nothing if a `.bbl` is there or no references are asked for."""
    databases: tuple[str, ...]
    """The `.bib` files as the paper names them, or addresses."""
    by_biblatex: bool

    @property
    def remote(self) -> str | None:
        """Returns a database that would have to be fetched, if there is one."""
        return next((name for name in self.databases if re.match(r"(?:https?|ftps?)://", name)), None)


def read_bibliography(folder: Path, stem: str) -> Bibliography:
    """Returns what the first run says of the references.

    Args:
        folder: where TeX ran.
        stem: the name of its output without an ending.
    """
    aux, control = _text(folder / f"{stem}.aux"), _text(folder / f"{stem}.bcf")
    lines = [found["line"] for found in _REQUEST.finditer(_text(folder / f"{stem}.run.xml")[:_REQUEST_CHARS])]
    databases = [name.strip() for names in _DATA.findall(aux) for name in names.split(",")]
    databases += [name.strip() for name in _SOURCE.findall(control)]
    commands: tuple[tuple[str, ...], ...]
    if (folder / f"{stem}.bbl").exists():
        commands = ()
    elif lines:
        commands = tuple(command for line in lines if (command := _command(line, stem)))
    else:
        # REVTeX writes a database of settings alone, which is no reason to run BibTeX.
        wanted = [name for name in databases if name != f"{stem}Notes" or not _only_settings(folder / f"{name}.bib")]
        job = f"./{stem}" if stem.startswith("-") else stem
        commands = (("bibtex", job),) if wanted and _STYLE.search(aux) else ()
    return Bibliography(commands=commands, databases=tuple(dict.fromkeys(databases)), by_biblatex=bool(lines))


def bbl_format(bbl: Path) -> str | None:
    """Returns the format that a `.bbl` of biblatex states; None for one of plain BibTeX."""
    with bbl.open("rb") as stream:
        found = _FORMAT.match(stream.read(200))
    return None if found is None else found[1].decode()


def database_files(databases: Sequence[str], files: frozenset[str]) -> list[str]:
    """Those of the databases that are among the paper's files."""
    candidates = (candidate for name in databases for candidate in (name, f"{name}.bib"))
    return [name.removeprefix("./") for name in candidates if name.removeprefix("./") in files]


def _command(line: str, stem: str) -> tuple[str, ...]:
    """One command of biblatex' request. Only programs and arguments of the forms that it writes are run."""
    parts = [(found["name"], found["text"].strip()) for found in _ELEMENT.finditer(line)]
    program = next((text for name, text in parts if name == "binary"), "")
    options = [word for name, text in parts if name == "option" and _OPTION.fullmatch(text) for word in text.split()]
    jobs = [text for name, text in parts if name == "infile" and _JOB.fullmatch(text)]
    return (program, *options, *(jobs or [stem])) if program in _PROGRAMS else ()


def _only_settings(path: Path) -> bool:
    lines = _text(path).split("\n")
    return all(line.startswith("@CONTROL") for line in lines if line.strip())


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_LOG_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
