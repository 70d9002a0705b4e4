"""Builds as arXiv does them, by real TeX."""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from pithtex.errors import MalformedError, UsageError
from pithtex.manuscript.build.arxiv_rules import Engine, read_readme
from pithtex.manuscript.build.compile import Build
from pithtex.pdf.text.same_words import page_words
from tests.manuscript.conftest import EPS, EXAMPLE, Builder, document, png, write

pytestmark = pytest.mark.tex

SAMPLES = Path("/usr/share/doc/texlive-doc/latex")
GRAPHIC = "\\usepackage{graphicx}"


def words(build: Build) -> str:
    assert build.pdf is not None, build.findings
    return " ".join(page_words(build.pdf.read_bytes()) or [])


def test_references_are_settled_and_what_was_read_is_known(build: Builder) -> None:
    body = "\\tableofcontents\\section{One}\\label{one}\\input{part}\\includegraphics{pic/dot}"
    files: dict[str, str | bytes] = {
        "main.tex": document(body, GRAPHIC + "\\usepackage{mine}"),
        "part.tex": "On page~\\pageref{one}, section~\\ref{one}.",
        "mine.sty": "\\ProvidesPackage{mine}",
        "pic/dot.png": png(),
        "unused.tex": "nothing reads this",
        "notes.txt": "nor this",
    }
    (made,) = build(files).builds
    assert made.ok is True
    assert made.findings == ()
    assert "On page 1, section 1." in words(made)
    assert made.read == ("main.tex", "mine.sty", "part.tex", "pic/dot.png")
    assert 2 <= made.runs <= 5


@pytest.mark.parametrize(
    ("preamble", "body", "engine", "steps"),
    [
        (GRAPHIC, "\\includegraphics{dot.png}", "pdflatex", {"pdflatex"}),
        (GRAPHIC, "\\includegraphics{box}", "latex", {"latex", "dvips", "ps2pdf"}),
        (GRAPHIC, "\\includegraphics{box} \\includegraphics{dot}", "xelatex", {"xelatex"}),
        ("\\usepackage{fontspec}", "x", "xelatex", {"xelatex"}),
        ("% \\usepackage{fontspec}", "x", "pdflatex", {"pdflatex"}),
        ("\\pdfoutput=0 ", "x", "latex", {"latex", "dvips", "ps2pdf"}),
        ("\\pdfoutput=1\n\\ifnum\\pdfoutput=0 \\x\\fi", "x", "pdflatex", {"pdflatex"}),
    ],
)
def test_the_engine_is_the_one_that_arxiv_offers(
    build: Builder, preamble: str, body: str, engine: str, steps: set[str]
) -> None:
    (made,) = build({"main.tex": document(body, preamble), "dot.png": png(), "box.eps": EPS}).builds
    assert (made.engine, made.ok, set(made.steps)) == (engine, True, steps)
    assert made.read == (*(name for name in ("box.eps", "dot.png") if name[:3] in body), "main.tex")


def test_what_a_class_offers_decides_nothing(build: Builder) -> None:
    r"""Classes load fontspec for some engines alone, and ask for `\\pdfoutput`: arXiv looks in them for figures."""
    own = (
        "\\LoadClass{article}\\ifdefined\\XeTeXversion\\RequirePackage{fontspec}\\fi\n"
        "\\ifnum\\pdfoutput=0 \\ClassError{own}{No DVI}{}\\fi\n"
    )
    (made,) = build({"main.tex": document("x").replace("{article}", "{own}"), "own.cls": own}).builds
    assert (made.engine, made.ok) == (Engine.PDFLATEX, True)


@pytest.mark.parametrize(
    ("engine", "steps"), [("tex", ("etex", "etex", "dvips", "ps2pdf")), ("pdftex", ("pdftex",) * 2)]
)
def test_plain_tex(build: Builder, engine: str, steps: tuple[str, ...]) -> None:
    (made,) = build({"main.tex": "Plain words.\\bye\n"}, main="main.tex", engine=Engine(engine)).builds
    assert made.steps == steps
    assert "Plain words." in words(made)


def test_the_readme_chooses(build: Builder) -> None:
    readme = '{"process": {"compiler": "xelatex"}, "sources": [{"filename": "two.tex"}]}'
    paper = build({"one.tex": document("one"), "two.tex": document("two"), "00README.json": readme})
    assert [(made.main, made.engine, made.ok) for made in paper.builds] == [("two.tex", Engine.XELATEX, True)]


def test_several_main_files_are_built_in_the_order_of_the_readme(build: Builder) -> None:
    sources = '{"sources": [{"filename": "b.tex", "usage": "toplevel"}, {"filename": "a.tex", "usage": "toplevel"}]}'
    paper = build({"a.tex": document("first"), "b.tex": document("second"), "00README.json": sources})
    assert [words(made)[:6] for made in paper.builds] == ["second", "first "]


@pytest.mark.parametrize(
    ("readme", "said"),
    [
        ("[]", "expected an object"),
        ("{", "JSON"),
        ('{"process": {"compiler": "amstex"}}', "amstex"),
        ('{"sources": {"filename": "a.tex"}}', "expected a list"),
        ('{"sources": [{"usage": "toplevel"}]}', "filename"),
        ('{"process": {"compiler": {"engine": "etex", "lang": "html", "output": "dvi"}}}', "no compiler"),
        ('{"sources": ' + "[" * 100_000, "depth"),
    ],
)
def test_a_readme_that_would_stop_the_submission(tmp_path: Path, readme: str, said: str) -> None:
    (tmp_path / "00README.json").write_text(readme)
    with pytest.raises(MalformedError, match=r"00README\.json") as raised:
        read_readme(tmp_path)
    assert raised.value.finding.code == "PITH667"
    assert said.lower() in str(raised.value).lower() or said == "depth"


def test_a_readme_in_full(tmp_path: Path) -> None:
    (tmp_path / "00README.json").write_text(
        '{"spec_version": 1, "texlive_version": "2023", "stamp": true, '
        '"process": {"compiler": {"engine": "etex", "lang": "latex", "output": "dvi", "postp": "dvips_ps2pdf"}}, '
        '"sources": [{"filename": "p.tex", "usage": "toplevel"}, {"filename": "old.tex", "usage": "ignore"}, '
        '{"filename": "p.dvi", "orientation": "landscape", "keep_comments": true}]}'
    )
    readme = read_readme(tmp_path)
    assert (readme.engine, readme.toplevel, readme.ignored) == (Engine.LATEX, ("p.tex",), {"old.tex"})
    assert (readme.landscape, readme.keep_comments, readme.bbl_formats) == ({"p"}, {"p"}, ("3.2", "3.3"))


def test_landscape_by_dvips(build: Builder) -> None:
    readme = '{"process": {"compiler": "latex"}, "sources": [{"filename": "main.tex"}, %s]}'
    turned = '{"filename": "main.dvi", "orientation": "landscape"}'
    (made,) = build({"main.tex": document("wide"), "00README.json": readme % turned}).builds
    assert made.ok
    assert "wide" in words(made)


def test_lualatex_is_only_built_on_the_users_own_word(build: Builder) -> None:
    files: dict[str, str | bytes] = {
        "main.tex": document("\\directlua{tex.print('from Lua')}"),
        "00README.json": '{"process": {"compiler": "lualatex"}}',
    }
    with pytest.raises(UsageError, match="does not offer"):
        build(files)
    (made,) = build(files, engine=Engine.LUALATEX).builds
    assert "from Lua" in words(made)


def test_a_bibliography_is_made_where_there_is_none_and_kept_where_there_is_one(build: Builder) -> None:
    body = "\\cite{a}\\bibliographystyle{plain}\\bibliography{refs}"
    entry = "@article{a, title={Found}, author={A}, year={2000}, journal={J}}"
    (made,) = build({"main.tex": document(body), "refs.bib": entry}).builds
    assert "bibtex" in made.steps
    assert made.made_bbl
    assert "Found" in words(made)
    kept = "\\begin{thebibliography}{1}\\bibitem{a} Kept.\\end{thebibliography}"
    (again,) = build({"main.bbl": kept, "main.tex": document(body), "refs.bib": entry}).builds
    assert "bibtex" not in again.steps
    assert not again.made_bbl
    assert "Kept" in words(again)
    assert again.read == ("main.bbl", "main.tex")


@pytest.mark.parametrize(("options", "program"), [("", "biber"), ("[backend=bibtex]", "bibtex")])
def test_biblatex_says_which_program_it_wants(build: Builder, options: str, program: str) -> None:
    preamble = f"\\usepackage{options}{{biblatex}}\\addbibresource{{refs.bib}}"
    entry = "@article{a, title={Found}, author={A}, year={2000}, journal={J}}"
    (made,) = build({"main.tex": document("\\cite{a}\\printbibliography", preamble), "refs.bib": entry}).builds
    assert made.bibliography.by_biblatex
    assert made.steps[1] == program
    assert "Found" in words(made)


def test_no_bibliography_is_fetched(build: Builder) -> None:
    """Biber would; arXiv has no network, and neither has a build."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(1)
        place = f"http://127.0.0.1:{server.getsockname()[1]}/refs.bib"
        preamble = f"\\usepackage{{biblatex}}\\addbibresource[location=remote]{{{place}}}"
        paper = build({"main.tex": document("\\cite{a}\\printbibliography", preamble)})
        with pytest.raises(TimeoutError):
            server.accept()
    assert paper.ok is False
    assert "biber" not in paper.builds[0].steps
    assert place in paper.findings[0].finding.message


def test_a_missing_database_is_an_error(build: Builder) -> None:
    (made,) = build({"main.tex": document("\\cite{a}\\bibliographystyle{plain}\\bibliography{refs}")}).builds
    assert made.ok is False
    assert [item.finding.name for item in made.findings] == ["build-failed"]
    assert "refs.bib" in made.findings[0].finding.message


def test_an_error_in_a_database_is_named(build: Builder) -> None:
    body = "\\cite{a}\\bibliographystyle{plain}\\bibliography{refs}"
    (made,) = build({"main.tex": document(body), "refs.bib": "@misc{a, title={A}}\n" * 2}).builds
    (item,) = made.findings
    assert item.finding.message == "bibtex failed: Repeated entry---line 2 of file refs.bib"
    assert "main.bbl" in str(item.finding.hint)


def test_a_paper_for_another_engine(build: Builder) -> None:
    (made,) = build({"main.tex": document("x", "\\usepackage{iftex}\\RequireXeTeX")}).builds
    (item,) = made.findings
    assert "\\RequireXeTeX" in item.finding.message
    assert "--engine xelatex" in str(item.finding.hint)


def test_a_paper_that_is_not_for_the_engine_of_its_figures(build: Builder) -> None:
    body = "\\includegraphics{box} \\includegraphics{dot}\\pdfcompresslevel=9 "
    (made,) = build({"main.tex": document(body, GRAPHIC), "dot.png": png(), "box.eps": EPS}).builds
    assert (made.engine, made.ok) == (Engine.XELATEX, False)
    assert "try --engine pdflatex" in str(made.findings[0].finding.hint)


def test_a_paper_that_starts_programs(build: Builder) -> None:
    error = "\\PackageError{minted}{You must invoke LaTeX with the -shell-escape flag}{}"
    (made,) = build({"main.tex": document("x", error)}).builds
    assert "frozencache" in str(made.findings[0].finding.hint)


def test_a_figure_that_would_have_to_be_converted(build: Builder) -> None:
    files: dict[str, str | bytes] = {
        "main.tex": document("\\includegraphics{pic/box.eps}", GRAPHIC + "\\usepackage{epstopdf}"),
        "pic/box.eps": EPS,
    }
    (made,) = build(files, engine=Engine.PDFLATEX).builds
    hint = "arXiv does not convert figures; run epstopdf pic/box.eps --outfile=pic/box-eps-converted-to.pdf"
    assert made.findings[0].finding.hint == hint


def test_the_first_error_has_its_file_and_line(build: Builder) -> None:
    files: dict[str, str | bytes] = {
        "main.tex": document("\\input{sec/one}"),
        "sec/one.tex": "fine\n\\undefinedthing x\n",
    }
    paper = build(files)
    (item,) = paper.findings
    assert (Path(item.file), item.line) == (paper.copy.origin / "sec/one.tex", 2)
    assert item.finding.code == "PITH661"
    assert item.finding.message == "Undefined control sequence. \\undefinedthing"
    assert paper.ok is False
    assert paper.builds[0].pdf is None


def test_an_error_in_a_package_of_tex_names_it(build: Builder) -> None:
    (made,) = build({"main.tex": document("x", "\\newcommand\\Bbbk{}\\usepackage{amssymb}")}).builds
    (item,) = made.findings
    assert (item.line, Path(item.file).name) == (None, "main.tex")
    assert "(in amssymb.sty:" in item.finding.message


def test_an_error_that_the_paper_prints_has_no_place_elsewhere(build: Builder) -> None:
    (item,) = build({"main.tex": document("\\typeout{/etc/passwd:7: Forged.}\\undefinedthing")}).findings
    assert item.file.endswith("main.tex")
    assert item.line is None


def test_what_only_the_users_own_tree_has_is_not_found_and_said_to_be_there(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on arXiv, which has neither the user's texmf tree nor TEXINPUTS; the hint says where the user's TeX has it."""
    home = tmp_path / "home"
    write(home / "texmf/tex/latex/lab", {"lab.sty": "\\ProvidesPackage{lab}"})
    write(home / "inputs", {"second.sty": "\\ProvidesPackage{second}"})
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TEXINPUTS", f"{home}/inputs:")
    for name, place in (("lab", "texmf/tex/latex/lab"), ("second", "inputs")):
        paper = build({"main.tex": document("x", f"\\usepackage{{{name}}}")})
        (item,) = paper.findings
        assert f"File `{name}.sty' not found" in item.finding.message
        assert str(home / place / f"{name}.sty") in str(item.finding.hint)


def test_letter_case_is_no_matter_to_tex_live(build: Builder) -> None:
    (made,) = build({"main.tex": document("\\includegraphics{Fig.png}", GRAPHIC), "fig.png": png()}).builds
    assert (made.ok, made.read) == (True, ("fig.png", "main.tex"))


def test_a_file_that_is_elsewhere_in_the_paper_is_said_to_be_there(build: Builder) -> None:
    (item,) = build({"main.tex": document("\\includegraphics{fig.png}", GRAPHIC), "pics/fig.png": png()}).findings
    assert "File `fig.png' not found" in item.finding.message
    assert "pics/fig.png" in str(item.finding.hint)


def test_what_an_earlier_build_left_is_not_used(build: Builder) -> None:
    left = {f"main.{end}": "\\undefinedthing\n" for end in ("aux", "toc", "out")}
    (made,) = build({"main.tex": document("\\tableofcontents\\section{S}"), **left, "main.pdf": "no PDF"}).builds
    assert made.ok
    assert made.read == ("main.tex",)


def test_the_users_folder_stays_as_it_is(build: Builder, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", {"main.tex": document("x")})
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}
    assert build(folder).ok
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()} == before


def test_a_font_beside_the_paper_is_read(build: Builder) -> None:
    """XeTeX records no fonts."""
    found = subprocess.check_output(["kpsewhich", "lmroman10-regular.otf"], text=True).strip()
    preamble = "\\usepackage{fontspec}\\setmainfont{own.otf}"
    (made,) = build({"main.tex": document("x", preamble), "own.otf": Path(found).read_bytes()}).builds
    assert made.read == ("main.tex", "own.otf")
    assert made.outside == ()


def test_what_a_program_reads_elsewhere_is_said(build: Builder, tmp_path: Path) -> None:
    """Lua asks nobody; its files are recorded all the same."""
    write(tmp_path, {"shared.txt": "shared"})
    body = f"\\directlua{{tex.print(io.open('{tmp_path}/shared.txt'):read('a'))}}"
    paper = build({"main.tex": document(body)}, engine=Engine.LUALATEX)
    assert paper.ok
    assert [item.finding.name for item in paper.findings] == ["outside-file"]
    assert paper.builds[0].outside == (f"{tmp_path}/shared.txt",)


def test_no_tex_here_is_undecided(build: Builder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    paper = build({"main.tex": document("x")})
    assert paper.ok is None
    assert [(item.finding.name, item.finding.severity.value) for item in paper.findings] == [
        ("build-unavailable", "note")
    ]


def test_what_arxiv_has_and_this_machine_has_not_is_undecided(build: Builder) -> None:
    """Debian has no axodraw4j, which arXiv adds to TeX Live; no TeX has the metrics of a font that nobody made."""
    paper = build({"main.tex": document("x", "\\usepackage{axodraw4j}")})
    assert paper.ok is None
    (item,) = paper.findings
    assert (item.finding.name, item.undecided) == ("build-unavailable", True)
    assert "axodraw4j.sty" in item.finding.message
    paper = build({"main.tex": document("\\font\\x=nobodysfont10 \\x text")})
    assert paper.ok is None
    assert ["nobodysfont10" in item.finding.message for item in paper.findings] == [True]


def test_a_main_file_below_is_compiled_from_the_papers_folder(build: Builder) -> None:
    files: dict[str, str | bytes] = {"tex/main.tex": document("\\input{tex/part}"), "tex/part.tex": "below"}
    (made,) = build(files, main="tex/main.tex").builds
    assert "below" in words(made)
    assert made.read == ("tex/main.tex", "tex/part.tex")


def test_several_possible_main_files_are_a_question(build: Builder) -> None:
    with pytest.raises(UsageError, match=r"a\.tex, b\.tex"):
        build({"a.tex": document("x"), "b.tex": document("y")})


def test_the_example(build: Builder) -> None:
    (made,) = build(EXAMPLE).builds
    assert made.read == ("main.tex", "pith.sty")
    assert made.runs == 2


@pytest.mark.parametrize(
    ("folder", "main", "engine", "read"),
    [
        ("revtex/sample/aps", "apssamp.tex", "latex", ["fig_1.eps", "fig_2.eps", "vid_1a.eps", "vid_1b.eps"]),
        ("acmart/samples", "sample-sigconf.tex", "pdflatex", ["sample-franklin.png", "sampleteaser.pdf"]),
    ],
)
def test_class_authors_samples(
    build: Builder, tmp_path: Path, folder: str, main: str, engine: str, read: list[str]
) -> None:
    """Of Debian's texlive-publishers-doc: references by BibTeX, figures by dvips and pdfTeX."""
    paper = tmp_path / "sample"
    shutil.copytree(SAMPLES / folder, paper)
    for packed in paper.glob("*.gz"):
        packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
    (made,) = build(paper, main=main).builds
    assert (made.engine, made.ok, made.made_bbl) == (engine, True, True)
    assert [name for name in made.read if name != main] == read
