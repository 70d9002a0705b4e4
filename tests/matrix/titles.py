"""What authors do to titles, with every placement on three engines; `python -m` writes the table."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tests.conftest import ROOT
from tests.kit.latex import SUFFIX, Paper, Rect, Result, compile_tex, with_record
from tests.matrix.engines import System, version
from tests.matrix.judge import sty

ENGINES: Final = {"pdflatex": "pdfLaTeX", "lualatex": "LuaLaTeX", "xelatex": "XeLaTeX"}
PLACEMENTS: Final = ("auto", "title", "margin")
PAGE: Final = ROOT / "docs" / "how-we-know" / "titles.md"
STORED: Final = ROOT / "docs" / "how-we-know" / "matrix" / "titles.json"
"""What is known of each cell, and of which `pith.sty`: so a part can be run again."""
WORK: Final = ROOT / "build" / "titles"
BADGE: Final = "pith:CNPMIFD4"
_PITH: Final = f"\\usepackage[placement=<<placement>>]{{pith}}\\pithnumber{{{SUFFIX}}}"
_WORDS: Final = "Words of a paper that says nothing, and says it at some length, in lines that are full. "
_ABSTRACT: Final = f"\\begin{{abstract}}\n{_WORDS * 2}\n\\end{{abstract}}\n"
_BODY: Final = f"\\section{{Introduction}}\n{_WORDS * 9}\n\n{_WORDS * 40}\n"
_TITLE: Final = "\\title{Counting Pebbles in Shallow Water}\\author{Ann Author, Bob Both, and Carol Count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One thing that authors do."""

    source: str
    place: str = "title"
    """Where `auto` has the badge: `title`, `margin`, or `none`."""
    page: int = 1
    """The page of the badge."""
    own: Mapping[str, str] = field(default_factory=dict)
    """Engine to the reason why it does not compile the paper without the package either."""


def habit(
    preamble: str = "",
    title: str = "\\maketitle",
    *,
    cls: str = "{article}",
    head: str = _TITLE,
    rest: str = _ABSTRACT + _BODY,
    place: str = "title",
    page: int = 1,
) -> Habit:
    """A paper in which authors do that in the preamble, or in the place of `\\maketitle`."""
    source = (
        f"\\documentclass{cls}\n{preamble}\n{_PITH}\n{head}\n\\begin{{document}}\n{title}\n{rest}\\end{{document}}\n"
    )
    return Habit(source=source, place=place, page=page)


def date(text: str) -> str:
    return f"{_TITLE}\\date{{{text}}}"


_END: Final = "\\makeatletter\\usepackage{etoolbox}\\apptocmd{\\@maketitle}{%s}{}{}\\makeatother"
_COVER: Final = "\\thispagestyle{empty}\\vspace*{5cm}\\begin{center}Technical Report 17\\end{center}\\clearpage"
_LOWERCASE: Final = (
    "The class's running heads stop with an error: they change the case of letters inside soul's letter-spacing."
)
HABITS: Final = {
    "nothing": habit(),
    # space that is saved
    "date, -1.5em": habit(head=date("\\vspace{-1.5em}")),
    "date, -3em": habit(head=date("\\vspace{-3em}")),
    "date, -5ex": habit(head=date("\\vspace{-5ex}")),
    "no date, -2cm": habit(head=date("\\vspace*{-2cm}")),
    "-1cm after it": habit(title="\\maketitle\n\\vspace{-1cm}"),
    "-4em after it": habit(title="\\maketitle\\vspace*{-4em}"),
    "vskip after it": habit(title="\\maketitle\\vskip -30pt"),
    "-1cm, a section": habit(title="\\maketitle\\vspace{-1cm}", rest=_BODY),
    "-1cm, words": habit(title="\\maketitle\\vspace{-1cm}\\noindent", rest=_WORDS * 9),
    "date and after it": habit(title="\\maketitle\\vspace{-2em}", head=date("\\vspace{-3em}")),
    "-1cm, two columns": habit(title="\\maketitle\\vspace{-1cm}", cls="[twocolumn]{article}"),
    "-1cm, a list": habit(title="\\maketitle\\vspace{-1cm}", rest=f"\\begin{{itemize}}\\item A\\end{{itemize}}{_BODY}"),
    "titling, droptitle": habit("\\usepackage{titling}\\setlength\\droptitle{-3em}\\predate{}\\postdate{}"),
    "R Markdown": habit(
        "\\usepackage{titling}\\setlength{\\droptitle}{-2em}\\pretitle{\\vspace{\\droptitle}\\centering\\huge}"
        "\\posttitle{\\par}\\preauthor{\\centering\\large\\emph}\\postauthor{\\par}\\predate{}\\postdate{}",
        head=date("\\vspace{-2.5em}"),
    ),
    # what the title is set in
    "thanks": habit(head=_TITLE.replace("Author,", "Author\\thanks{Of some place, at some time.},")),
    "in a minipage": habit(title="\\begin{minipage}{\\textwidth}\\maketitle\\end{minipage}\\par", place="title"),
    "in a minipage, -1cm": habit(
        title="\\begin{minipage}{\\textwidth}\\maketitle\\vspace{-1cm}\\begin{center}Words.\\end{center}"
        "\\end{minipage}\\par"
    ),
    "twocolumn, one abstract": habit(
        title=f"\\twocolumn[\\begin{{@twocolumnfalse}}\\maketitle\n{_ABSTRACT}\\vspace{{1em}}\\end{{@twocolumnfalse}}]",
        cls="[twocolumn]{article}", rest=_BODY,
    ),
    "two columns": habit(cls="[twocolumn,a4paper]{article}"),
    "multicols": habit("\\usepackage{multicol}", rest=f"\\begin{{multicols}}{{2}}{_BODY}\\end{{multicols}}"),
    "flush left": habit("\\usepackage{titling}\\pretitle{\\begin{flushleft}\\LARGE}\\posttitle{\\end{flushleft}}"
                        "\\preauthor{\\begin{flushleft}}\\postauthor{\\end{flushleft}}"
                        "\\predate{\\begin{flushleft}}\\postdate{\\end{flushleft}}"),
    "twice": habit(title="\\makeatletter\\let\\again\\maketitle\\let\\saved\\@title\\maketitle"
                         "\\let\\@title\\saved\\def\\@author{}\\again"),
    "titlepage": habit(cls="[titlepage]{article}", place="margin"),
    "titlepage by hand": habit(title="\\begin{titlepage}\\centering\\Huge Counting Pebbles\\par\\end{titlepage}",
                               place="margin"),
    "by hand": habit(title="\\begin{center}\\Large Counting Pebbles\\end{center}", place="margin"),
    # what is around it
    "full first page": habit(_END % "\\noindent\\vrule height 15.3cm width 1cm\\par", rest=_BODY, place="margin"),
    "almost full": habit(_END % "\\noindent\\vrule height 13.5cm width 1cm\\par", rest=_BODY),
    "a section in it": habit("\\let\\old\\maketitle\\renewcommand\\maketitle{\\old\\section{First}}", rest=_WORDS * 20,
                             place="margin"),
    "a subsection in it": habit("\\let\\old\\maketitle\\renewcommand\\maketitle{\\old\\subsection*{First}}",
                                rest=_WORDS * 20, place="margin"),
    "a run-in heading in it": habit("\\let\\old\\maketitle\\renewcommand\\maketitle{\\old\\paragraph{First}}",
                                    rest=_WORDS * 20, place="margin"),
    "a cover": habit(title=f"{_COVER}\n\\maketitle", page=2),
    "a cover, own title page": habit(title=f"{_COVER}\n\\maketitle", cls="[titlepage]{article}", page=2,
                                     place="margin"),
    "no paper size": habit(title="\\begin{center}\\Large Counting Pebbles\\end{center}", place="margin",
                           preamble="\\paperwidth=0pt \\paperheight=0pt "),
    "an argument": habit(
        "\\ExplSyntaxOn\\cs_set_eq:NN\\my_title:\\maketitle\\cs_set_protected:Npn\\maketitle #1"
        "{\\my_title:\\tl_if_empty:nF{#1}{\\par\\noindent ~ #1 ~ ~ x}}\\ExplSyntaxOff",
        title="\\maketitle{\\emph{Preprint}}", place="margin",
    ),
    "an optional argument": habit("\\let\\old\\maketitle\\renewcommand\\maketitle[1][]{\\old#1}",
                                  title="\\maketitle[x]"),
    "a figure first": habit(title="\\maketitle\\begin{figure}[h]\\centering\\rule{3cm}{2cm}\\end{figure}"),
    "latexdiff": habit("\\newcommand{\\DIFadd}[1]{{\\itshape #1}}",
                       head=_TITLE.replace("{Counting", "{\\DIFadd{Counting}")),
    "a standalone figure": habit(title="", head="", cls="{standalone}", rest="\\rule{9cm}{9cm}", place="none"),
    "KOMA": habit(cls="{scrartcl}", title="\\maketitle\\vspace{-1cm}"),
    "AMS": habit(cls="{amsart}", title="\\maketitle\\vspace{-1cm}", rest=_BODY),
    "AMS, abstract first": habit(cls="{amsart}", title=f"{_ABSTRACT}\\maketitle", rest=_BODY),
    "IEEE conference": habit(cls="[conference]{IEEEtran}"),
    "IEEE conference, -2em": habit(cls="[conference]{IEEEtran}", title="\\maketitle\\vspace{-2em}"),
    "LLNCS, -1cm": habit(cls="{llncs}", head=_TITLE + "\\institute{X}", title="\\maketitle\\vspace{-1cm}"),
    "memoir, -1cm": habit(cls="[article]{memoir}", title="\\maketitle\\vspace{-1cm}"),
    "tufte, -1em": replace(habit(cls="{tufte-handout}", title="\\maketitle\\vspace{-1em}"),
                           own={"lualatex": _LOWERCASE, "xelatex": _LOWERCASE}),
    "elsarticle": habit(cls="[3p]{elsarticle}", head="", rest=_BODY,
                        title=f"\\begin{{frontmatter}}{_TITLE}{_ABSTRACT}\\end{{frontmatter}}"),
    "KOMA, more lines": habit(cls="{scrartcl}", head=_TITLE + "\\subtitle{x}\\titlehead{y}\\publishers{z}"),
    # more space that is saved, by other means and before other things
    "three skips": habit(title="\\maketitle\\vspace{-\\baselineskip}\\vspace{-2em}\\vskip-1em"),
    "addvspace": habit(title="\\maketitle\\addvspace{-2cm}"),
    "nobreak, -3em": habit(title="\\maketitle\\nobreak\\vspace{-3em}\\nopagebreak"),
    "a kern": habit(title="\\maketitle\\kern-1cm"),
    "-2em, a rule": habit(title="\\maketitle\\vspace{-2em}\\hrule\\vspace{1em}", rest=_BODY),
    "-2em in keywords": habit(title="\\maketitle\\begin{center}\\vspace{-2em}Keywords: a, b\\end{center}", rest=_BODY),
    "-3em, a centred line": habit(title="\\maketitle\\vspace{-3em}\\centerline{A line of words}", rest=_BODY),
    "-3em, a tabular": habit(title="\\maketitle\\vspace{-3em}\\begin{tabular}{l}A\\end{tabular}\\par", rest=_BODY),
    "-3em, a formula": habit(title="\\maketitle\\vspace{-3em}\\[a=b\\]", rest=_BODY),
    "-2em before it": habit(title="\\vspace*{-2cm}\\maketitle", page=2),
    "a larger page": habit(title="\\enlargethispage{2cm}\\maketitle"),
    "in a group": habit(title="{\\let\\newpage\\relax\\maketitle}\\vspace{-2em}"),
    "authblk, -2em": habit("\\usepackage{authblk}", title="\\maketitle\\vspace{-2em}", head="\\title{Counting Pebbles}"
                           "\\author[1]{Ann}\\author[2]{Bob}\\affil[1]{X}\\affil[2]{Y}\\date{}"),
    # more boxes, columns and covers
    "tcolorbox": habit("\\usepackage{tcolorbox}", title="\\begin{tcolorbox}\\maketitle\\end{tcolorbox}"),
    "a frame": habit(title="\\noindent\\fbox{\\parbox{0.9\\textwidth}{\\maketitle}}"),
    "strip": habit("\\usepackage{cuted}", title=f"\\maketitle\\begin{{strip}}{_WORDS * 2}\\end{{strip}}", rest=_BODY,
                   cls="[twocolumn]{article}"),
    "title in multicols": habit("\\usepackage{multicol}", title="\\begin{multicols}{2}\\maketitle",
                                rest=_BODY + "\\end{multicols}"),
    "above multicols": habit("\\usepackage{multicol}", title="\\begin{multicols}{2}[\\maketitle]",
                             rest=_BODY + "\\end{multicols}"),
    "contents follow": habit(title="\\maketitle\\tableofcontents\\newpage"),
    "a new page follows": habit(title="\\maketitle\\newpage"),
    "two covers": habit(title=_COVER + "\\null\\clearpage\\maketitle", page=3),
    "a roman cover": habit(title=f"\\pagenumbering{{roman}}{_COVER}\\pagenumbering{{arabic}}\\maketitle", page=2),
    "a titlepage first": habit(title="\\begin{titlepage}\\Huge X\\par\\end{titlepage}\\maketitle", page=2),
    "AtBeginDocument": habit("\\AtBeginDocument{\\maketitle}", title="", place="margin"),
    "small margins": habit("\\usepackage[margin=8mm]{geometry}"),
    "A5": habit("\\usepackage[a5paper,margin=1.5cm]{geometry}"),
}  # fmt: skip
SAMPLE: Final = (
    ("date, -3em", "pdflatex"), ("-1cm after it", "pdflatex"), ("date and after it", "xelatex"),
    ("in a minipage, -1cm", "pdflatex"), ("full first page", "pdflatex"), ("a section in it", "pdflatex"),
    ("a cover", "pdflatex"), ("a cover, own title page", "lualatex"), ("no paper size", "pdflatex"),
    ("an argument", "pdflatex"), ("a standalone figure", "pdflatex"), ("two columns", "pdflatex"),
    ("flush left", "pdflatex"), ("R Markdown", "pdflatex"), ("IEEE conference, -2em", "pdflatex"),
    ("multicols", "pdflatex"),
)  # fmt: skip
"""What runs at every change."""


def faults(name: str, engine: str, folder: Path) -> list[str]:
    """What is wrong with a title of that kind, in all placements; two runs each."""
    done = HABITS[name]
    plain = _compiled(folder / "plain", done.source.replace(_PITH, ""), engine, "")
    if plain.returncode:
        return [] if engine in done.own else [f"does not compile without the package: {_error(plain)}"]
    if engine in done.own:
        return ["compiles without the package, and the table says that it does not"]
    before = Paper(plain.pdf)
    found = []
    for placement in PLACEMENTS:
        source = done.source.replace("<<placement>>", placement)
        result = _compiled(folder / placement, source, engine, with_record())
        if result.returncode:
            found.append(f"{placement}: does not compile")
            continue
        after = Paper(result.pdf)
        new = set(result.complaints) - set(plain.complaints)
        found += [f"{placement}: {complaint}" for complaint in new if "pith" not in complaint]
        found += [f"{placement}: {fault}" for fault in _compare(done, placement, before, after)]
        found += [f"{placement}: {warning}" for warning in after.warnings]
    return found


def _error(result: Result) -> str:
    return next((line for line in result.log.splitlines() if line.startswith("!")), f"exit code {result.returncode}")


def _compiled(folder: Path, source: str, engine: str, package: str) -> Result:
    """Compiles a paper, unless exactly that has been compiled in this folder before."""
    tex = version(System(name="here"))
    key = hashlib.sha256(repr((tex, engine, source, package)).encode()).hexdigest()
    note = folder / "compiled"
    known, _, code = note.read_text(encoding="ascii").partition(" ") if note.exists() else ("", "", "")
    if known == key:
        log = (folder / "main.log").read_text(encoding="utf-8", errors="replace")
        return Result(pdf=folder / "main.pdf", log=log, returncode=int(code))
    shutil.rmtree(folder, ignore_errors=True)
    result = compile_tex(folder, source, engine, sty=package)
    note.write_text(f"{key} {result.returncode}", encoding="ascii")
    return result


def _compare(done: Habit, placement: str, before: Paper, after: Paper) -> Iterator[str]:
    if after.pages != before.pages:
        yield f"{before.pages} pages, now {after.pages}"
    expected = _place(done, placement)
    if expected == "none":
        if after.links:
            yield "a badge"
        return
    if [link["page"] for link in after.links] != [done.page]:
        yield f"badges on pages {[link['page'] for link in after.links]}"
        return
    (link,) = after.links
    x0, y0, x1, y1 = link["rect"]
    if (place := "margin" if y1 - y0 > x1 - x0 else "title") != expected:
        yield f"the badge is in the place {place}"
    if (under := after.text_under((x0 + 0.2, y0 + 0.2, x1 - 0.2, y1 - 0.2), done.page)) != BADGE:
        yield f"the badge is over {under!r}"
    if placement == "margin" and not _drawn(before, done.page) <= _drawn(after, done.page):
        yield "something moved"


def _drawn(paper: Paper, page: int) -> set[tuple[str, Rect]]:
    """The letters of a page, without the white space that PDFium puts where it sees words and lines."""
    return {(letter, box) for letter, box in paper.letters(page) if not letter.isspace()}


def _place(done: Habit, placement: str) -> str:
    if placement == "title" and done.place != "title":
        return "none"
    return "margin" if placement == "margin" and done.place != "none" else done.place


def main(arguments: Sequence[str]) -> int:
    """Runs those that are named, or all, and brings the table up to date."""
    names = list(arguments) or list(HABITS)
    cells = [(name, engine) for name in names for engine in ENGINES]
    results: dict[tuple[str, str], list[str]] = {}
    with ThreadPoolExecutor(2) as pool:
        futures = {pool.submit(_cell, *cell): cell for cell in cells}
        for future in as_completed(futures):
            cell = futures[future]
            results[cell] = future.result()
            print(f"{len(results)}/{len(cells)}", *cell, "; ".join(results[cell]) or "ok", sep=": ", flush=True)
    _store(results)
    PAGE.write_text(_page(), encoding="utf-8")
    return int(any(results.values()))


def _known() -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Paper and engine to the beginning of the digest of `pith.sty`, and what was wrong."""
    rows = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else []
    return {(name, engine): (digest, found) for name, engine, digest, found in rows}


def _store(results: Mapping[tuple[str, str], list[str]]) -> None:
    known = _known() | {cell: (sty(), found) for cell, found in results.items()}
    cells = [(name, engine) for name in HABITS for engine in ENGINES if (name, engine) in known]
    lines = ",\n".join(json.dumps([*cell, *known[cell]]) for cell in cells)
    STORED.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _cell(name: str, engine: str) -> list[str]:
    try:
        return faults(name, engine, WORK / f"{list(HABITS).index(name)}-{engine}")
    except subprocess.TimeoutExpired as error:
        return [f"{Path(error.cmd[0]).name} did not end in {error.timeout:.0f} s"]


def _page() -> str:
    known = _known()
    notes: dict[str, int] = {}
    rows = "\n".join(
        f"| {name} | {_where(done)} | "
        + " | ".join(_said(done.own.get(engine), known.get((name, engine)), notes) for engine in ENGINES)
        + " |"
        for name, done in HABITS.items()
    )
    explained = "".join(f"\n{number}. {text}" for text, number in notes.items())
    placements = ", ".join(f"`{place}`" for place in PLACEMENTS)
    return f"""\
# What authors do to titles

Each row is a paper in which authors do something to the title or around it (`tests/matrix/titles.py` has the
sources). It is compiled without the package, and with the placements {placements}, on
three engines, two runs each. Then all of this must hold: exit code 0, the same pages, no new warning or bad box; the
badge where the second column says for `auto`, over nothing; in a margin for `margin`, and no character moved;
nowhere for `title` where there is no room after the title; nothing for qpdf to repair in the PDF. Written by
`python -m tests.matrix.titles`, with Debian's TeX Live {version(System(name="here"))}. A number is that of a
reason below the table; a star marks an outcome with an earlier `pith.sty`.

| title | `auto` | {" | ".join(ENGINES.values())} |
|---|---|{"---|" * len(ENGINES)}
{rows}
{explained}
"""


def _where(done: Habit) -> str:
    return done.place if done.place == "none" else f"{done.place}, page {done.page}"


def _said(own: str | None, outcome: tuple[str, list[str]] | None, notes: dict[str, int]) -> str:
    if outcome is None:
        return "not run"
    digest, found = outcome
    star = "" if digest == sty() else r"\*"
    if found:
        return f"**failed**{star}: " + "; ".join(found).replace("|", "/").replace("\n", " ")
    return f"– ({notes.setdefault(own, len(notes) + 1)})" if own else f"ok{star}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
