"""What TeX left, read as what anybody may have written."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.errors import MalformedError
from pithtex.manuscript.build.arxiv_rules import README, Readme, read_readme
from pithtex.manuscript.build.bibliography import read_bibliography
from pithtex.manuscript.build.compile import environment
from pithtex.manuscript.build.problems import outside_distribution
from pithtex.manuscript.build.recorder import LogError, Recorder, log_errors, read_log
from pithtex.manuscript.source.comments import comments_of

LOG = """\
This is pdfTeX
./main.tex:12: Undefined control sequence.
l.12 \\foo
          bar
./sec/a.tex:3: LaTeX Error: Environment thm undefined.
! LaTeX Error: File `x.sty' not found.

Enter file name:
./main.tex:4: Emergency stop.
./main.tex:4:  ==> Fatal error occurred, no output PDF file produced!
"""


def test_errors_with_their_places() -> None:
    assert log_errors(LOG) == [
        LogError(message="Undefined control sequence. \\foo", file="./main.tex", line=12),
        LogError(message="LaTeX Error: Environment thm undefined.", file="./sec/a.tex", line=3),
        LogError(message="LaTeX Error: File `x.sty' not found.", file="./main.tex", line=4),
    ]
    assert [error.missing for error in log_errors(LOG)] == [None, None, "x.sty"]


@given(st.lists(st.sampled_from([*LOG.splitlines(), "a:1: b", "! ", "l.1 x", ":1: ", "\u2028", "x" * 400])))
def test_any_lines_are_a_log(lines: list[str]) -> None:
    for error in log_errors("\n".join(lines)):
        assert error.message
        assert error.line is None or error.file


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_record_of_files(data: bytes) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for line in (data, b"INPUT " + data, b"OUTPUT a.tex\nINPUT a.tex\nINPUT ../" + data):
            (folder / "x.fls").write_bytes(line)
            recorder = Recorder(folder, frozenset({"a.tex", "b.tex"}))
            recorder.take(folder / "x.fls")
            assert recorder.read <= {"a.tex", "b.tex"}
            assert all(path.startswith("/") for path in recorder.outside)


def test_what_tex_wrote_first_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "x.fls").write_text(
        f"PWD {tmp_path}\nINPUT a.tex\nOUTPUT b.tex\nINPUT ./b.tex\nINPUT {tmp_path}/c.tex\nINPUT ./sub/../d.tex\n"
        "INPUT /usr/share/x.sty\nINPUT e.tex\nOUTPUT e.tex\nINPUT unknown.tex\n"
    )
    recorder = Recorder(tmp_path, frozenset(f"{name}.tex" for name in "abcde"))
    recorder.take(tmp_path / "x.fls")
    assert recorder.read == {"a.tex", "c.tex", "d.tex", "e.tex"}
    assert recorder.outside == {"/usr/share/x.sty"}


def test_the_fonts_whose_names_luaotfload_lists_are_not_the_papers(tmp_path: Path) -> None:
    """It does that in the first run of a user who has no list yet; a font that the paper uses is read in the second."""
    listing = "OUTPUT /var/luatex-cache/generic/names/luaotfload-names.lua.gz\n"
    recorder = Recorder(tmp_path, frozenset())
    read = tmp_path / "x.fls"
    read.write_text("INPUT /fonts/A.OTF\nINPUT /fonts/b.ttc\nINPUT /home/notes.txt\n" + listing)
    recorder.take(read)
    assert recorder.outside == {"/home/notes.txt"}
    read.write_text("INPUT /fonts/b.ttc\n")
    recorder.take(read)
    read.write_text("INPUT /fonts/b.ttc\nINPUT /fonts/A.OTF\n" + listing)
    recorder.take(read)
    assert recorder.outside == {"/home/notes.txt", "/fonts/b.ttc"}


@pytest.mark.tex
def test_what_a_tree_links_to_is_of_the_distribution(tmp_path: Path) -> None:
    """As Debian's texmf-dist does to fonts of other packages, and fontconfig's settings to those of the system."""
    known = environment(tmp_path)
    font = tmp_path / "font.otf"
    font.touch()
    link = Path(known["HOME"]) / "font.otf"
    link.symlink_to(font)
    assert outside_distribution([str(font), str(link)], known) == (str(font),)


KEYS = ("process", "compiler", "sources", "filename", "usage", "texlive_version", "x")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_a_readme_or_is_refused(value: object) -> None:
    with TemporaryDirectory() as name:
        (Path(name) / README).write_text(json.dumps(value))
        try:
            readme = read_readme(Path(name))
        except MalformedError as error:
            readme = Readme(toplevel=(error.finding.name,))
        assert all(isinstance(file, str) for file in readme.toplevel)
        assert "malformed-document" not in readme.toplevel


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_only_known_programs_are_ever_run(aux: str, control: str, request: str) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "m.aux").write_text(f"{aux}\n\\bibstyle{{x}}\n\\bibdata{{{control}}}\n", errors="replace")
        (folder / "m.bcf").write_text(f"<bcf:datasource type='file'>{control}</bcf:datasource>", errors="replace")
        line = f"<binary>{request}</binary><option>{aux}</option><infile>{control}</infile>"
        (folder / "m.run.xml").write_text(
            f'<external package="biblatex"><cmdline>{line}</cmdline></external>'
            '<external package="biblatex"><cmdline><binary>biber</binary>'
            f"<option>{request}</option><infile>{aux}</infile></cmdline></external>",
            errors="replace",
        )
        for program, *arguments in read_bibliography(folder, "m").commands:
            assert program in {"bibtex", "bibtex8", "biber"}
            assert all(word.isprintable() for word in arguments)
            assert not arguments[-1].startswith("-")


def test_a_long_log_is_read_at_both_ends(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    with path.open("wb") as stream:
        stream.write(b"first\n")
        stream.truncate(2**30)
        stream.seek(0, 2)
        stream.write(b"last\xff\n")
    text = read_log(path)
    assert text.startswith("first\n")
    assert text.endswith("last\ufffd\n")
    assert len(text) < 40 * 2**20
    assert read_log(tmp_path / "none.log") == ""


def test_a_source_that_costs_nothing_to_look_through() -> None:
    """Each of these took minutes with a search that begins anew at each place."""
    for piece in ("\\begin{verbatim}", "\\verb|", "\\href{", "\\path[", "\\lstinline{x}{"):
        comments_of(piece * (2_000_000 // len(piece)) + "%")
    assert comments_of("\\begin{verbatim}" * 100_000 + "\\end{verbatim}%") == [(1_600_014, 1_600_015)]


def test_an_argument_that_never_ends_is_named_with_its_beginning() -> None:
    log = (
        "(./main.tex\nRunaway argument?\n{bold \\par more \\end {document} \n"
        "! File ended while scanning use of \\textbf .\n<inserted text> \n                \\par \n"
        "! Emergency stop.\n!  ==> Fatal error occurred, no output PDF file produced!\n"
    )
    (error,) = log_errors(log)
    assert error.message.startswith("File ended while scanning use of \\textbf")
    assert error.opened == ("\\textbf", "bold \\par more \\end {document} ")
