"""A paper's sources become a Manuscript: seen for what they are, bounded, and never from outside of the folder."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pithtex.errors import UsageError
from pithtex.limits import MAX_FRAGMENT_CHARS
from pithtex.manuscript.source.expand import expand
from pithtex.manuscript.source.model import Macro, Manuscript, Reached
from pithtex.manuscript.source.plain_text import plain_text
from pithtex.manuscript.source.read import read_from

N = "CNPMIFD42NONUMCBYNP4XLPY53"
NUMBER = f"\\pithnumber{{{N}}}"


def read(folder: Path, text: str | bytes, **files: str | bytes) -> Manuscript:
    """Reads a main file, with others beside it; `__` in a name is a slash."""
    for name, content in {"main": text, **files}.items():
        path = folder / f"{name.replace('__', '/')}.tex"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_from(folder, "main.tex")


def paper(preamble: str = "", body: str = "\\maketitle") -> str:
    return f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


def title_of(manuscript: Manuscript) -> str | None:
    return None if manuscript.title is None else plain_text(manuscript.title.expanded).text


# --- titles ---------------------------------------------------------------------------------------------------------

TITLES = {
    "plain": ("\\title{A Plain Title}", "A Plain Title"),
    "short form before": ("\\title[Short]{The Long Title}", "The Long Title"),
    "a bracket in braces": ("\\title[{[S]}]{The Long Title}", "The Long Title"),
    "starred": ("\\title*{A Chapter Title}", "A Chapter Title"),
    "notes": ("\\title{A Title\\thanks{By {nobody}.}\\footnote{Or}}", "A Title"),
    "note numbers": ("\\title{A Title\\tnoteref{t1,t2}\\fnref{f}}", "A Title"),
    "line breaks": ("\\title{A\\\\Title\\\\[2pt]Of~Lines\\newline Four}", "A Title Of Lines Four"),
    "comments": ("\\title{A % not here\n  Title%\n}", "A Title"),
    "over lines": ("\\title\n  {A\n   Title}", "A Title"),
    "fonts": ("\\title{\\Large\\bfseries A {\\sc Small} \\textbf{Bold \\emph{One}}}", "A Small Bold One"),
    "accents": ("\\title{Schr\\\"odinger's na\\\"{\\i}ve \\'Etude \\c{c}a \\o}", "Schrödinger's naïve Étude ça ø"),
    "symbols": ("\\title{50\\% of R\\&D --- a ``Test''}", "50% of R&D — a “Test”"),
    "formulas": ("\\title{On $\\alpha_s$ and \\(x^2\\)}", "On $\\alpha_s$ and \\(x^2\\)"),
    "texorpdfstring": ("\\title{On \\texorpdfstring{$\\nu$}{nu}}", "On $\\nu$"),
    "logos": ("\\title{\\LaTeX{} and \\TeX\\ and \\BibTeX}", "LaTeX and TeX and BibTeX"),
    "own macro": ("\\newcommand{\\sys}{Sys\\textsc{X}}\n\\title{\\sys: A Sampler}", "SysX: A Sampler"),
    "own macro, later": ("\\title{\\sys{} Here}\n\\newcommand\\sys{SysX}", "SysX Here"),
    "xspace": ("\\def\\sys{SysX\\xspace}\n\\title{\\sys is \\sys, and \\sys}", "SysX is SysX, and SysX"),
    "arguments": ("\\newcommand{\\two}[2][opt]{#1-#2}\n\\title{\\two{a} \\two[b]{c}}", "opt-a b-c"),
    "xparse": ("\\NewDocumentCommand\\two{O{opt} m}{#1-#2}\n\\title{\\two{a} \\two[b]{c}}", "opt-a b-c"),
    "one token": ("\\newcommand{\\up}[1]{<#1>}\n\\title{\\up ab}", "<a>b"),
    "macros in macros": ("\\newcommand{\\one}{\\two{} B}\\newcommand{\\two}{A}\n\\title{\\one}", "A B"),
    "redefined": ("\\newcommand{\\ver}{One}\\renewcommand{\\ver}{Two}\\title{\\ver}", "Two"),
    "provided": ("\\newcommand{\\nam}{One}\\providecommand{\\nam}{Two}\\title{\\nam}", "One"),
    "aliased": ("\\newcommand{\\nam}{One}\\let\\other\\nam\\title{\\other}", "One"),
    "in a box": ("\\title{\\vspace{-\\baselineskip}\\parbox[t]{0.9\\textwidth}{A Title}}", "A Title"),
    "a switch called like a test": ("\\newif\\ifblankx\n\\ifblankx\\title{Old}\\else\\title{New}\\fi", "New"),
    "held in a macro": ("\\newcommand{\\papertitle}{The Title}\n\\title{\\papertitle}", "The Title"),
    "two, the last counts": ("\\title{One}\\title{Two}", "Two"),
    "switched": ("\\newif\\ifanon\\anontrue\n\\ifanon\\title{Anon}\\else\\title{Named}\\fi", "Anon"),
    "switched off": ("\\newif\\ifanon\n\\ifanon\\title{Anon}\\else\\title{Named}\\fi", "Named"),
    "commented out": ("%\\title{Old}\n\\title{New}", "New"),
    "iffalse": ("\\title{New}\\iffalse\\title{Old}\\fi", "New"),
    "verbatim": ("\\title{New}\\begin{comment}\\title{Old}\\end{comment}", "New"),
    "in a definition": ("\\title{New}\\newcommand{\\x}{\\title{Old}}", "New"),
    "ICML": ("\\twocolumn[\\icmltitle{An ICML Title}]", "An ICML Title"),
    "a class that is not known": ("\\gammtitle{A GAMM Title}", "A GAMM Title"),
    "names of other things": ("\\booktitle{No}\\runningtitle{No}\\title{Yes}", "Yes"),
    "an alien language": ("\\title{神马浮云 Beamer主题}", "神马浮云 Beamer主题"),
    "none": ("\\date{}", None),
    "empty": ("\\title{}", None),
    "endless": ("\\title{A", None),
}


@pytest.mark.parametrize("name", TITLES)
def test_titles(tmp_path: Path, name: str) -> None:
    source, expected = TITLES[name]
    assert title_of(read(tmp_path, paper(source))) == expected


def test_a_title_after_the_title_page_is_another(tmp_path: Path) -> None:
    manuscript = read(tmp_path, paper("\\title{Mine}", "\\maketitle\n\\title{Of the appendix}\\maketitle"))
    assert title_of(manuscript) == "Mine"


def test_a_title_in_a_file_that_is_read_in(tmp_path: Path) -> None:
    manuscript = read(tmp_path, paper("\\input{front/title}"), front__title="\\title{\\sys: Here}\n\\def\\sys{S}")
    assert title_of(manuscript) == "S: Here"


def test_commands_that_are_not_known_are_named(tmp_path: Path) -> None:
    manuscript = read(tmp_path, paper("\\title{A \\odd{Title} with $\\weird$}"))
    assert manuscript.title is not None
    assert plain_text(manuscript.title.expanded).unknown == ("odd",)


def test_macros_of_the_papers_own_style(tmp_path: Path) -> None:
    (tmp_path / "mine.sty").write_text("\\ProvidesPackage{mine}\n\\newcommand{\\sys}{SysX}\n\\title{No}\n")
    assert title_of(read(tmp_path, paper("\\usepackage{mine}\\title{\\sys}"))) == "SysX"


def test_abstract_and_authors(tmp_path: Path) -> None:
    text = paper(
        "\\author{Ann A.\\thanks{x} \\and Bo B.}\\newcommand{\\sys}{S}",
        '\\begin{abstract}\n\\sys{} is na\\"ive. % no\n\n Two.\\end{abstract}',
    )
    manuscript = read(tmp_path, text)
    assert manuscript.abstract is not None
    assert plain_text(manuscript.abstract.expanded).text == "S is naïve. Two."
    assert [plain_text(author.expanded).text for author in manuscript.authors] == ["Ann A. and Bo B."]


# --- numbers, for what they are -------------------------------------------------------------------------------------

STATES = {
    "behind a loop": (f"\\loop\\ifnum\\x<5 \\y\\repeat{NUMBER}", Reached.ACTIVE),
    "behind a test without a brace": (f"\\ifdef\\x{{a}}{{b}}{NUMBER}", Reached.ACTIVE),
    "plain": (NUMBER, Reached.ACTIVE),
    "comment": (f"% {NUMBER}", Reached.COMMENT),
    "a percent sign before": (f"50\\% {NUMBER}", Reached.ACTIVE),
    "a line break before a comment": (f"a\\\\% {NUMBER}", Reached.COMMENT),
    "verbatim": (f"\\begin{{verbatim}}\n{NUMBER}\n\\end{{verbatim}}", Reached.VERBATIM),
    "verb": (f"\\verb|{NUMBER}|", Reached.VERBATIM),
    "listing": (f"\\begin{{lstlisting}}[x]\n{NUMBER}\n\\end{{lstlisting}}", Reached.VERBATIM),
    "comment environment": (f"\\begin{{comment}}\n{NUMBER}\n\\end{{comment}}", Reached.COMMENT),
    "conditional": (f"\\ifx\\a\\b\n{NUMBER}\n\\fi", Reached.CONDITIONAL),
    "else": (f"\\ifx\\a\\b\\else\n{NUMBER}\n\\fi", Reached.CONDITIONAL),
    "after a conditional": (f"\\ifx\\a\\b\\x\\fi\n{NUMBER}", Reached.ACTIVE),
    "iffalse": (f"\\iffalse\n{NUMBER}\n\\fi", Reached.DEAD),
    "iftrue": (f"\\iftrue\n{NUMBER}\n\\fi", Reached.ACTIVE),
    "iftrue, else": (f"\\iftrue\\else\n{NUMBER}\n\\fi", Reached.DEAD),
    "a switch": (f"\\newif\\ifx@y\\x@ytrue\\ifx@y {NUMBER}\\fi", Reached.ACTIVE),
    "a switch set in a conditional": (f"\\newif\\ify\\ifx\\a\\b\\ytrue\\fi\\ify {NUMBER}\\fi", Reached.CONDITIONAL),
    "an aliased switch": (f"\\let\\ify\\iffalse\\ify {NUMBER}\\fi", Reached.DEAD),
    "a definition": (f"\\newcommand{{\\x}}{{{NUMBER}}}", Reached.DEFINITION),
    "a definition with def": (f"\\def\\x#1{{{NUMBER}}}", Reached.DEFINITION),
    "halves of conditionals": (f"\\newcommand{{\\x}}{{\\iffalse}}\\def\\y{{\\fi}}{NUMBER}", Reached.ACTIVE),
    "branches in braces": (f"\\ifthenelse{{\\x}}{{}}{{}}{NUMBER}", Reached.ACTIVE),
    "a package's conditional": (f"\\ifentrytype{{article}}{{}}{{}}{NUMBER}", Reached.ACTIVE),
}


@pytest.mark.parametrize("name", STATES)
def test_the_state_of_a_number(tmp_path: Path, name: str) -> None:
    text, state = STATES[name]
    (use,) = read(tmp_path, paper(text)).numbers
    assert (use.argument, use.state) == (N, state)


def test_behind_the_end_it_is_dead(tmp_path: Path) -> None:
    (use,) = read(tmp_path, paper() + NUMBER).numbers
    assert use.state is Reached.DEAD
    assert read(tmp_path, paper("\\endinput " + NUMBER)).numbers == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "é ", "\t"])
def test_places(tmp_path: Path, end: str, before: str) -> None:
    text = paper(f"% ä\n{before}{NUMBER}").replace("\n", end)
    (use,) = read(tmp_path, text).numbers
    assert use.file.place(use.start) == (3, len(before) + 1)
    (marked,) = read(tmp_path, b"\xef\xbb\xbf" + text.encode()).numbers
    assert marked.file.place(marked.start) == (3, len(before) + 1)


# --- files ----------------------------------------------------------------------------------------------------------


def problems(manuscript: Manuscript) -> list[str]:
    return [problem.rule for problem in manuscript.problems]


def names(manuscript: Manuscript) -> list[str]:
    return [file.name for file in manuscript.files]


def test_the_tree(tmp_path: Path) -> None:
    body = (
        "\\input a \\input{b.tex}\\include{c}\\subfile{d/e}\\import{d/}{f}\\subimport*{d}{f}\\InputIfFileExists{x}{}{}"
    )
    files = {"a": "A", "b": "B", "c": "C", "d__e": "E", "d__f": "\\input{g}", "d__g": "G"}
    manuscript = read(tmp_path, paper(body=body), **files)
    assert names(manuscript) == ["main.tex", "a.tex", "b.tex", "c.tex", "d/e.tex", "d/f.tex", "d/g.tex"]
    assert problems(manuscript) == []


def test_what_a_missing_file_does(tmp_path: Path) -> None:
    r"""LaTeX stops at `\\input` of a file that is not there, and goes on after `\\include`."""
    body = "\\IfFileExists{c.tex}{\\input{c}}{} \\input{part/a.tex}\\include{part/b}"
    manuscript = read(tmp_path, paper(body=body))
    first, second = manuscript.problems
    assert (first.rule, first.certain, first.message.split(" in ")[0]) == (
        "input-missing",
        True,
        "\\input: there is no part/a.tex",
    )
    assert (second.rule, second.certain, second.hint) == (
        "input-missing",
        False,
        "LaTeX goes on without its content: add it to the upload",
    )


def test_folders_in_which_latex_looks(tmp_path: Path) -> None:
    folders = "\\makeatletter\\def\\input@path{{parts/} {more/}{../}}\\makeatother"
    manuscript = read(tmp_path, paper(folders, "\\input{a}\\input{b}\\input{c}"), parts__a="A", more__b="B")
    assert names(manuscript) == ["main.tex", "parts/a.tex", "more/b.tex"]
    assert problems(manuscript) == ["input-missing"]


def test_texts_in_files_of_their_own(tmp_path: Path) -> None:
    text = paper("\\title{\\input{title}}", "\\begin{abstract}\n\\input{text/abstract}\n\\end{abstract}")
    manuscript = read(
        tmp_path, text, title="A Title% of mine\n", text__abstract="We show \\ours.\\newcommand{\\ours}{it}"
    )
    assert manuscript.abstract is not None
    assert (title_of(manuscript), manuscript.abstract.use.file.name) == ("A Title", "main.tex")
    assert manuscript.abstract.expanded.startswith("We show it.")


def test_includeonly(tmp_path: Path) -> None:
    manuscript = read(tmp_path, paper("\\includeonly{b}", "\\include{a}\\include{b}"), a="A", b="B")
    assert names(manuscript) == ["main.tex", "b.tex"]


def test_what_is_not_run_is_not_read(tmp_path: Path) -> None:
    body = "\\iffalse\\input{a}\\fi %\\input{a}\n\\verb|\\input{a}|"
    manuscript = read(tmp_path, paper(body=body), a="A")
    assert names(manuscript) == ["main.tex"]


def test_nothing_from_outside(tmp_path: Path) -> None:
    root = tmp_path / "paper"
    root.mkdir()
    (tmp_path / "secret.tex").write_text("\\title{Secret}")
    (root / "link.tex").symlink_to(tmp_path / "secret.tex")
    (root / "folder").symlink_to(tmp_path)
    places = ("../secret", str(tmp_path / "secret"), "link", "folder/secret")
    body = "".join(f"\\input{{{place}}}\n" for place in places)
    manuscript = read(root, paper(body=body))
    assert names(manuscript) == ["main.tex"]
    assert problems(manuscript) == ["input-outside"] * len(places)


def test_neither_pipes_nor_folders(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tex")
    (tmp_path / "folder.tex").mkdir()
    manuscript = read(tmp_path, paper(body="\\input{pipe}\\input{folder}\\input{|ls}"))
    assert names(manuscript) == ["main.tex"]


def test_cycles_depth_and_repetition_end(tmp_path: Path) -> None:
    manuscript = read(tmp_path, paper(body="\\input{a}"), a="\\input{b}\\input{b}", b="\\input{a}\\input{main}")
    assert set(problems(manuscript)) == {"input-cycle"}
    files = {f"f{index}": f"\\input{{f{index + 1}}}" * 2 for index in range(14)}
    start = time.process_time()
    manuscript = read(tmp_path, paper(body="\\input{f0}"), **files)
    assert "source-limit" in problems(manuscript)
    assert time.process_time() - start < 20


def test_large_and_strange_files(tmp_path: Path) -> None:
    files = {"big": "x" * (5 * 1024 * 1024), "wide": "A".encode("utf-16"), "nul": "A\0B"}
    manuscript = read(tmp_path, paper(body="\\input{big}\\input{wide}\\input{nul}"), **files)
    assert problems(manuscript) == ["source-limit", "source-unreadable", "source-unreadable"]
    with pytest.raises(UsageError):
        read(tmp_path, "A".encode("utf-16"))


@pytest.mark.parametrize(
    ("option", "encoding", "said"),
    [
        ("latin1", "latin-1", []),
        ("ansinew", "cp1252", []),
        ("koi8-r", "koi8-r", []),
        (None, "latin-1", ["source-encoding"]),
    ],
)
def test_encodings(tmp_path: Path, option: str | None, encoding: str, said: list[str]) -> None:
    title = "Привет" if encoding == "koi8-r" else "Café"
    declared = f"\\usepackage[{option}]{{inputenc}}" if option else ""
    manuscript = read(tmp_path, paper(f"{declared}\\title{{{title}}}").encode(encoding))
    assert title_of(manuscript) == title
    assert problems(manuscript) == said


def test_an_encoding_that_a_later_file_declares(tmp_path: Path) -> None:
    main = paper("\\title{Привет}\\input{head}").encode("koi8-r")
    manuscript = read(tmp_path, main, head="\\usepackage[koi8-r]{inputenc}")
    assert (title_of(manuscript), problems(manuscript)) == ("Привет", [])
    manuscript = read(tmp_path, main, head="\\usepackage[utf8]{inputenc}")
    assert problems(manuscript) == ["source-encoding"]


def test_names_that_attack(tmp_path: Path) -> None:
    (tmp_path / "a\n::error::b.tex").write_text("A")
    manuscript = read(tmp_path, paper(body="\\input{a\n::error::b}\\input{" + "x" * 5000 + "}\\input{\\jobname}"))
    assert names(manuscript) == ["main.tex"]


# --- bounds ---------------------------------------------------------------------------------------------------------


def test_macro_bombs() -> None:
    """Billion laughs, recursion, and arguments that double: bounded in length and steps."""
    letters = "abcdefghijklmnopqrst"
    laughs = {f"x{one}": Macro(parameters=0, default=None, body=f"\\x{two} " * 20) for one, two in pairwise(letters)}
    doubling = {"x": Macro(parameters=1, default=None, body="\\x{#1#1}")}
    endless = {"x": Macro(parameters=0, default=None, body="\\x a\\x")}
    optional = {"x": Macro(parameters=2, default="d", body="#1\\x[#2]{#1#2}")}
    for macros, text in ((laughs, "\\xa"), (doubling, "\\x{ab}"), (endless, "\\x"), (optional, "\\x[a]{b}")):
        start = time.process_time()
        assert len(expand(text, macros)) <= MAX_FRAGMENT_CHARS
        assert time.process_time() - start < 2


PIECES = (
    "\\title{|\\title|\\newcommand{\\a}[1]|{#1}|\\a|\\def\\a#1|\\let\\a\\b|\\newif\\ifz|\\ztrue|\\ifz|\\ifx|\\else|\\fi|"
    "\\begin{abstract}|\\end{abstract}|\\begin{verbatim}|\\end{verbatim}|\\verb+|"
    "\\input{main}|\\input a|\\import{a}{b}|"
    "\\usepackage[|]{pith}|\\pithnumber{X}|\\begin{document}|\\end{document}|%|\n|\r|{|}|[|]|\\|\\\\|$|é|\0|\\iffalse|"
    "\\NewDocumentCommand\\a{O{x}m}|\\newenvironment{e}|% pithtex: ignore=PITH601|\\xspace|\\thanks{|#1|\\'|\\textbf"
)
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES.split("|")), max_size=60).map("".join), st.text(max_size=300))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS)
def test_whatever_a_file_holds(tmp_path: Path, text: str) -> None:
    """It is read, or refused as a whole; title and abstract come out as one line of text."""
    try:
        manuscript = read(tmp_path, text.encode("utf-8", "surrogatepass"))
    except UsageError:
        return
    for fragment in (manuscript.title, manuscript.abstract, *manuscript.authors):
        if fragment is not None:
            shown = plain_text(fragment.expanded).text
            assert shown == " ".join(shown.split())
    for use in (*manuscript.numbers, *manuscript.packages, *manuscript.inputs):
        line, column = use.file.place(use.start)
        assert line >= 1
        assert column >= 1
        assert use.file.text[use.start] == "\\"


@given(st.text(max_size=200) | TEXTS)
def test_plain_text_never_raises(text: str) -> None:
    for math in (False, True):
        shown = plain_text(text, math=math).text
        assert shown == " ".join(shown.split())


@pytest.mark.parametrize(
    "piece",
    [
        *("\\title{", "\\usepackage[", "\\def\\a#1", "\\newcommand{\\a}", "\\begin{abstract}", "\\ifx", "\\newif\\ifa"),
        *("\\input{x}", "\\verb|", "%\\pithnumber{X}", "% pithtex: ignore=A,", "\\NewDocumentCommand\\a{", "\\x", "{"),
    ],
)
def test_hostile_repetition_takes_no_time(tmp_path: Path, piece: str) -> None:
    """Twice the file takes about twice the time, and not four times, by a wide margin."""
    once, twice = (cost(tmp_path, piece * (size // len(piece)) + " " * size) for size in (60_000, 120_000))
    assert twice < 3.2 * once + 0.3


def cost(folder: Path, text: str) -> float:
    (folder / "main.tex").write_text(paper(text))
    start = time.process_time()
    read_from(folder, "main.tex")
    return time.process_time() - start
