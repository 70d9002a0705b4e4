"""Where the two lines go: never into a conditional, a comment or a group, and out again to the byte."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.errors import UsageError
from pithtex.manuscript.edit.main_file import Source, main_files, read_source
from pithtex.manuscript.edit.preamble import read_preamble
from pithtex.manuscript.edit.two_lines import with_number, without_number
from pithtex.manuscript.source.plain_text import plain_title
from pithtex.manuscript.source.read import read_from, title_text

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
OTHER = "EL6A4QOTPLYS3LFEIZGOL5QVTM"
LINES = f"\\usepackage{{pith}}\n\\pithnumber{{{SUFFIX}}}\n"
END = "\\begin{document}\nText.\n\\end{document}\n"


def source(text: str) -> Source:
    data = text.encode()
    return Source(path=Path("main.tex"), data=data, preamble=read_preamble(data.decode("latin-1")))


def title_of(found: Source) -> str | None:
    return title_text(read_from(found.path.parent, found.path.name))


# `|` is where the lines belong.
PLACES = {
    "after the last package": "\\documentclass{article}\n\\usepackage{a}\n\\usepackage{b}\n|\\title{T}\n",
    "after the class where there is no package": "\\documentclass[a4paper]{article}\n|\\title{T}\n",
    "options on several lines": (
        "\\documentclass{article}\n\\usepackage[\n  x={a]b}, % ]\n  y]\n  {a,\n  b}\n|\\title{T}\n"
    ),
    "a date": "\\documentclass{article}\n\\usepackage{a}[2020/01/01]\n|",
    "a comment behind": "\\documentclass{article}\n\\usepackage{a} % \\usepackage{b}\n|% \\usepackage{c}\n",
    "two on a line": "\\documentclass{article}\n\\usepackage{a}\\usepackage{b}\\x\n|",
    "a conditional behind": "\\documentclass{article}\n\\usepackage{a}\n|\\ifpdf\n\\x\n\\fi\n",
    "a package in a conditional": (
        "\\documentclass{article}\n\\usepackage{a}\n\\ifpdf\n\\usepackage{b}\n\\else\n\\fi\n|"
    ),
    "conditionals in each other": "\\documentclass{article}\n\\ifx\\a\\b\\ifodd1\n\\usepackage{b}\\fi\n\\fi\n|",
    "a conditional that begins on the line": "\\documentclass{article}\n\\usepackage{a}\\ifpdf\n\\x\\fi\n|",
    "a conditional of the paper's own": (
        "\\documentclass{article}\n\\newif\\ifdraft\\drafttrue\n\\ifdraft\n\\usepackage{b}\n\\fi\n|"
    ),
    "names of conditionals": "\\documentclass{article}\n\\let\\ifdraft\\iffalse\n\\usepackage{b}\n|",
    "a command that holds half of one": "\\documentclass{article}\n\\newcommand{\\x}{\\iffalse}\n\\usepackage{b}\n|",
    "branches in braces": "\\documentclass{article}\n\\usepackage{a}\n|\\ifthenelse{\\x}{\\usepackage{b}}{}\n",
    "etoolbox": "\\documentclass{article}\n\\ifdefempty{\\x}{\\a}{\\b}\n\\usepackage{b}\n|",
    "a conditional that never ends": "\\documentclass{article}\n\\usepackage{a}\n|\\ifpdf\n\\usepackage{b}\n",
    "an end without a beginning": "\\documentclass{article}\n\\usepackage{a}\n\\myif\n\\usepackage{b}\n\\fi\n|",
    "a group": "\\documentclass{article}\n\\usepackage{a}\n\\begingroup\n\\usepackage{b}\n\\endgroup\n|",
    "expl3": "\\documentclass{article}\n\\ExplSyntaxOn\n\\usepackage{b}\n\\ExplSyntaxOff\n|",
    "a hook": "\\documentclass{article}\n\\usepackage{a}\n|\\AtBeginDocument{\\usepackage{b}}\n",
    "a file inside of the file": (
        "\\begin{filecontents*}{x.tex}\n\\usepackage{b}\n\\begin{document}\n\\end{filecontents*}\n"
        "\\documentclass{article}\n|\\begin{comment}\n\\usepackage{c}\n\\end{comment}\n"
    ),
    "a preamble in a file of its own": "\\documentclass{article}\n\\usepackage{a}\n\\input{b}\n|\\title{T}\n",
    "a loop": "\\documentclass{article}\n\\loop\\ifnum\\x<5 \\y\\repeat\n\\usepackage{a}\n|",
    "etoolbox, without a brace behind": "\\documentclass{article}\n\\ifdef\\x{\\a}{\\b}\n\\usepackage{b}\n|",
    "a name that begins like one of etoolbox": (
        "\\documentclass{article}\n\\usepackage{a}\n|\\ifblankpages\n\\usepackage{b}\n"
    ),
    "before the class": "\\RequirePackage{a}\n\\documentclass{article}\n|",
    "after a verb": "\\documentclass{article}\n\\def\\x{\\verb|{|}\n\\usepackage{b}\n|".replace(
        "\\verb|{|", "\\verb+}+"
    ),
    "an escaped percent sign": "\\documentclass{article}\n\\def\\x{50\\%}\\usepackage{b}\n|",
    "an escaped brace": "\\documentclass{article}\n\\def\\x{\\{}\n\\usepackage{b}\n|",
    "no line before the document": "\\documentclass{article}\\usepackage{b}|",
}


@pytest.mark.parametrize("name", PLACES)
def test_the_place(name: str) -> None:
    before, _, after = PLACES[name].rpartition("|")
    paper = source(before + after + END)
    lines = LINES if before.endswith("\n") else LINES.replace("\n", "")
    assert with_number(paper, SUFFIX).decode() == before + lines + after + END


@pytest.mark.parametrize("name", PLACES)
def test_idempotent_and_undoable(name: str) -> None:
    paper = source(PLACES[name].replace("|", "", 1) if "verb" not in name else PLACES[name].removesuffix("|"))
    paper = source(paper.data.decode() + END)
    once = source(with_number(paper, SUFFIX).decode())
    assert with_number(once, SUFFIX) == once.data
    assert without_number(once) == paper.data
    assert without_number(paper) == paper.data


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_bytes_are_kept(end: str) -> None:
    text = f"\\documentclass{{article}}\n\\usepackage{{a}} % caf\xe9 \xff\n\\title{{\xc3}}\n{END}".replace("\n", end)
    data = text.encode("latin-1")
    paper = Source(path=Path("main.tex"), data=data, preamble=read_preamble(text))
    done = with_number(paper, SUFFIX)
    assert done.replace(LINES.replace("\n", end).encode(), b"") == data
    assert without_number(source_of(done)) == data


def source_of(data: bytes) -> Source:
    return Source(path=Path("main.tex"), data=data, preamble=read_preamble(data.decode("latin-1")))


def test_a_number_that_is_there_is_replaced() -> None:
    text = f"\\documentclass{{article}}\n\\usepackage[placement=margin]{{pith}}\n% x\n\\pithnumber{{ {OTHER} }}\n{END}"
    done = with_number(source(text), SUFFIX).decode()
    assert done == text.replace(f" {OTHER} ", SUFFIX)


def test_half_of_it_is_completed() -> None:
    package = f"\\documentclass{{article}}\n\\usepackage{{a,pith}}\n{END}"
    done = with_number(source(package), SUFFIX).decode()
    assert done == package.replace("pith}\n", f"pith}}\n\\pithnumber{{{SUFFIX}}}\n")
    assert without_number(source(done)).decode() == package.replace(",pith", "")
    number = f"\\documentclass{{article}}\n\\pithnumber{{{SUFFIX}}}\n{END}"
    done = with_number(source(number), SUFFIX).decode()
    assert done.index("\\usepackage{pith}") < done.index("\\pithnumber")


def test_what_stands_in_a_comment_or_conditional_is_not_there() -> None:
    for text in (f"%{LINES.splitlines()[0]}\n%{LINES.splitlines()[1]}\n", f"\\iffalse\n{LINES}\\fi\n"):
        paper = source(f"\\documentclass{{article}}\n{text}{END}")
        done = with_number(paper, SUFFIX).decode()
        assert done.count("\\pithnumber") == 2
        assert without_number(source(done)) == paper.data


def test_no_certain_place() -> None:
    with pytest.raises(UsageError) as caught:
        with_number(source("\\iftrue\n\\documentclass{article}\n" + END), SUFFIX)
    assert caught.value.finding.name == "no-place"
    assert "\\pithnumber" in (caught.value.hint or "")


PIECES = (
    "\\usepackage{a}|\\usepackage|[x]|{|}|\\ifx|\\fi|\\else|\n|%|\\\\|\\| |\\newif|\\let|\\def\\x|\\begin{comment}|"
    "\\end{comment}|\\begingroup|\\endgroup|\\pithnumber{X}|\\verb+|é|\\title{|\\begin{document}|"
    "\\documentclass{article}|\\input{a}"
)


@given(st.lists(st.sampled_from(PIECES.split("|")), max_size=40))
def test_whatever_a_file_holds(tokens: list[str]) -> None:
    """It is read without a fault; where lines are inserted, twice is once, and out is as before."""
    paper = source("".join(tokens))
    try:
        done = with_number(paper, SUFFIX)
    except UsageError:
        return
    again = source_of(done)
    assert with_number(again, SUFFIX) == done
    if not paper.preamble.numbers and "pith" not in paper.text:
        assert without_number(again) == paper.data


@pytest.mark.parametrize(
    "text",
    ["\\usepackage{", "\\usepackage[", "\\let ", "\\begin{comment}", "\\newcommand", "{", "\\ifx", "\\title{\\x{"],
)
def test_hostile_repetition_takes_no_time(text: str) -> None:
    """Twice the file takes about twice the time, and not four times, by a wide margin."""
    once, twice = (cost(text * (size // len(text)) + " " * size) for size in (200_000, 400_000))
    assert twice < 3.2 * once + 0.1


def cost(text: str) -> float:
    start = time.process_time()
    read_preamble(text)
    return time.process_time() - start


# --- papers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("A\n  title", "A title"),
        ("A \\\\[2pt] title~of % note\n  ours\\thanks{To \\emph{all}.}", "A title of ours"),
        ("50\\% of \\emph{it}\\footnote{x}", "50\\% of \\emph{it}"),
    ],
)
def test_titles_for_people(title: str, plain: str) -> None:
    assert plain_title(title) == plain


def test_the_main_file_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text("\\documentclass{article}\n\\input{front}\n" + END)
    (tmp_path / "front.tex").write_text("\\title[short]{The Title\\\\ of It}\n")
    (tmp_path / "figure.tex").write_text("\\documentclass{standalone}\n" + END)
    (tmp_path / "part.tex").write_text("\\documentclass[main]{subfiles}\n" + END)
    (tmp_path / "notes.tex").write_text("% \\documentclass{article}\n" + END)
    (tmp_path / ".hidden.tex").write_text("\\documentclass{article}\n" + END)
    (tmp_path / "binary.tex").write_bytes(b"\\documentclass{article}\0" + END.encode())
    (tmp_path / "wide.tex").write_bytes(("\\documentclass{article}" + END).encode("utf-16"))
    (found,) = main_files(tmp_path)
    assert (found.path.name, title_of(found)) == ("main.tex", "The Title of It")
    with pytest.raises(UsageError, match="begin"):
        main_files(tmp_path / "part.tex")
    for name in ("binary.tex", "wide.tex"):
        with pytest.raises(UsageError, match="not a text"):
            read_source(tmp_path / name)


def test_a_class_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text("\\input{head}\n" + END)
    (tmp_path / "head.tex").write_text("\\documentclass{book}\n\\title{A Title}\n")
    (tmp_path / "stray.tex").write_text(END)
    (found,) = main_files(tmp_path)
    assert (found.path.name, title_of(found)) == ("main.tex", "A Title")
    assert with_number(found, SUFFIX).decode() == f"\\input{{head}}\n{LINES}{END}"
    (tmp_path / "whole.tex").write_text("\\documentclass{article}\n" + END)
    assert [source.path.name for source in main_files(tmp_path)] == ["whole.tex"]


def test_a_paper_in_a_folder_below_is_named(tmp_path: Path) -> None:
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "ms.tex").write_text("\\documentclass{article}\n" + END)
    with pytest.raises(UsageError, match=r"no \.tex file") as caught:
        main_files(tmp_path)
    assert caught.value.hint == f"name the file that is compiled, as in {tmp_path / 'paper' / 'ms.tex'}"


def test_a_title_is_not_looked_for_outside_of_the_paper(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("\\title{Secret}")
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "link.tex").symlink_to(tmp_path / "secret.tex")
    (folder / "main.tex").write_text("\\documentclass{article}\\input{../secret}\\input{link}\\input{main}" + END)
    assert title_of(read_source(folder / "main.tex")) is None
