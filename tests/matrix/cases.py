"""The papers of the class matrix: Debian's sample documents, and papers of our own for classes that have none."""

from __future__ import annotations

import functools
import gzip
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pithtex
from pithtex.render.package.pith_sty import render_package
from tests.conftest import BUNDLE_FILE
from tests.matrix.engines import ENGINES, Engine, System

TABLE: Final = Path(__file__).with_name("cases.toml")
PAPER: Final = Path(__file__).with_name("paper.tex")
VARIANTS: Final = ("plain", "auto", "margin")
MAX_BESIDE: Final = 4_000_000
"""Bytes of a file beside a sample; what is larger is a film or an archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One class or style, with a paper in it."""

    name: str
    cls: str
    """What follows `\\documentclass`, as in `[twocolumn]{article}`; of a sample it is there to be read only."""
    metadata: str | None = None
    """Keys of `\\DocumentMetadata`, which stands before the class."""
    packages: str = ""
    """More preamble."""
    author: str = "\\author{A.~Author and B.~Coauthor}"
    order: str = "usual"
    """One of `ORDERS`, or the document itself with the names in angle brackets."""
    sample: str = ""
    """A sample document instead, below `/usr/share/doc/texlive-doc/latex`."""
    renamed: str = ""
    """The name that the sample has in a later TeX Live."""
    chapters: bool = False
    title: bool = True
    """The paper shows the title as the record has it, so that the verdict is `valid`; else it is `unbound`."""
    picture: bool = False
    not_supported: Mapping[str, str] = field(default_factory=dict)
    """`engine`, `engine@year` or `@year` to reason."""
    exceptions: Mapping[str, str] = field(default_factory=dict)
    """`check[@engine[@year]][~part of the message]` to explanation."""

    def unsupported(self, engine: str, year: str) -> str:
        """Why the table does not have it compiled by this engine of this TeX Live, or nothing."""
        keys = (f"{engine}@{year}", engine, f"@{year}")
        return next((self.not_supported[key] for key in keys if key in self.not_supported), "")

    def exception(self, check: str, engine: str, year: str, message: str) -> str | None:
        """The exception, by its key, for a check that fails here."""
        for key in self.exceptions:
            head, _, part = key.partition("~")
            name, _, rest = head.partition("@")
            wanted_engine, _, wanted_year = rest.partition("@")
            if name == check and wanted_engine in ("", engine) and wanted_year in ("", year) and part in message:
                return key
        return None

    def expected(self, engine: str, year: str) -> list[str]:
        """The exceptions that are for this engine by name: if one does not occur, the table says too much."""
        heads = {key: key.partition("~")[0].split("@") for key in self.exceptions}
        return [key for key, head in heads.items() if len(head) > 1 and head[1] == engine and head[2:] in ([], [year])]


HEAD: Final = "\\title{<<title>>}\n<<author>>\n"
ORDERS: Final = {
    "usual": f"{HEAD}\\begin{{document}}\n\\maketitle\n<<abstract>><<body>>\\end{{document}}\n",
    "abstract first": f"{HEAD}\\begin{{document}}\n<<abstract>>\\maketitle\n<<body>>\\end{{document}}\n",
    "all inside": f"\\begin{{document}}\n{HEAD}<<abstract>>\\maketitle\n<<body>>\\end{{document}}\n",
    "no abstract": f"{HEAD}\\begin{{document}}\n\\maketitle\n<<body>>\\end{{document}}\n",
    "by hand": "\\begin{document}\n\\begin{center}{\\LARGE\\bfseries <<title>>\\par}\\medskip A.~Author\\end{center}\n"
    "<<abstract>><<body>>\\end{document}\n",
}


@functools.cache
def cases() -> dict[str, Case]:
    """The table."""
    table: dict[str, dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    reasons = table.pop("reasons")
    found = {}
    for name, row in table.items():
        row["not_supported"] = {
            engine: reasons.get(reason, reason) for engine, reason in row.get("not_supported", {}).items()
        }
        row["exceptions"] = {check: reasons.get(reason, reason) for check, reason in row.get("exceptions", {}).items()}
        found[name] = Case(name=name, **row)
        unknown = {key.partition("@")[0] for key in found[name].not_supported} - {*ENGINES, ""}
        if unknown:
            raise ValueError(f"{TABLE.name}: {name}: no such engine: {unknown}")
    return found


@functools.cache
def verified() -> pithtex.VerifiedRecord:
    """The real record that all papers carry."""
    return pithtex.verify_bundle(pithtex.load_bundle(BUNDLE_FILE.read_bytes())).record


@functools.cache
def package() -> bytes:
    """The generated `pith.sty` with that record in it."""
    return render_package(verified())


def files(case: Case, variant: str, engine: Engine, system: System) -> dict[str, bytes]:
    """Everything that lies in the folder of one compilation."""
    beside: dict[str, bytes] = {}
    if case.sample:
        text, beside = _sample(_document(case, system))
    else:
        text = _own(case).encode()
    if engine.option:
        text = re.sub(rb"(?m)^(\s*\\documentclass\s*)(\[?)", _with_option(engine.option.encode()), text, count=1)
        text = text.replace(b"\\DocumentMetadata{", b"\\DocumentMetadata{backend=%s," % engine.option.encode())
    lines = b""
    if variant != "plain":
        options = b"[placement=margin]" if variant == "margin" else b""
        lines = b"\\usepackage%s{pith}\\pithnumber{%s}" % (options, verified().number.suffix.encode())
        beside["pith.sty"] = package()
    # On the line of \begin{document}: all line numbers stay, and so does what prints them.
    text, count = re.subn(rb"(?m)^(\s*)(?=\\begin\s*\{document\})", lambda match: match[1] + lines, text, count=1)
    if count != 1:
        raise ValueError(f"{case.name}: no \\begin{{document}} at the start of a line")
    return {**beside, "main.tex": text}


def _with_option(option: bytes) -> Any:
    return lambda match: match[1] + b"[" + option + (b"," if match[2] else b"]")


def parts() -> dict[str, str]:
    """The paper of our own: `words`, `abstract` and `body`."""
    return dict(re.findall(r"(?ms)^%% (\w+)\n(.*?)(?=^%% |\Z)", PAPER.read_text(encoding="ascii")))


def _own(case: Case) -> str:
    found = parts()
    body = found["body"]
    if case.chapters:
        body = body.replace("\\section{", "\\chapter{").replace("\\subsection{", "\\section{")
    before = "" if case.metadata is None else f"\\DocumentMetadata{{{case.metadata}}}\n"
    text = f"{before}\\documentclass{case.cls}\n{case.packages}\n{ORDERS.get(case.order, case.order)}"
    values = {"title": verified().title or "", "author": case.author, "abstract": found["abstract"], "body": body}
    values["words"] = found["words"].strip()
    for name, value in values.items():
        text = text.replace(f"<<{name}>>", value)
    return text


def _document(case: Case, system: System) -> Path:
    paths = [system.documents / name for name in (case.sample, case.renamed) if name]
    return next((path for path in paths if path.exists() or _packed(path).exists()), paths[0])


def _packed(path: Path) -> Path:
    return path.with_name(path.name + ".gz")


def _sample(path: Path) -> tuple[bytes, dict[str, bytes]]:
    """The sample's text, and the files beside it, which Debian compresses if they are large."""
    beside = {}
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path.parent}: the sample documents are in Debian's texlive-publishers-doc")
    for other in sorted(path.parent.rglob("*")):
        if other.is_file() and other.stat().st_size < MAX_BESIDE and _stem(other) != _stem(path):
            data = other.read_bytes()
            name = other.relative_to(path.parent)
            if other.suffix == ".gz":
                name, data = name.with_suffix(""), gzip.decompress(data)
            beside[str(name)] = data
    packed = _packed(path)
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    documents = (".tex", ".dtx", ".ltx", ".pdf")
    return text, {
        name: data for name, data in beside.items() if not name.endswith(documents) or Path(name).stem.encode() in text
    }


def _stem(path: Path) -> str:
    return path.name.partition(".")[0]
