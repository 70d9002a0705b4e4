"""The upload: what is in it, that it is the same each time, and that it compiles elsewhere."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from pithtex.errors import UsageError
from pithtex.manuscript.build.arxiv_rules import Engine
from pithtex.manuscript.upload.pack import Packed, archive, pack, unpack
from pithtex.manuscript.upload.strip_comments import stripped, without_comments
from pithtex.pdf.check import check_pdf
from pithtex.pdf.text.same_words import page_words
from tests.kit.latex import kpsewhich
from tests.manuscript.conftest import EPS, EXAMPLE, Builder, document, png, write

pytestmark = pytest.mark.tex

ENTRY = "@article{a, title={Found}, author={A}, year={2000}, journal={J}}"


def packed(
    build: Builder, target: Path, files: dict[str, str | bytes] | Path, *, strip: bool = False, **how: object
) -> Packed:
    return pack(build(files, **how), target, check_pdf, strip_comments=strip)


def members(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def names(found: Packed) -> list[str]:
    return [item.finding.name for item in found.findings]


def test_the_packed_example_is_valid_and_stays_so_unpacked_by_tar(build: Builder, tmp_path: Path) -> None:
    target = tmp_path / "upload.tar.gz"
    found = packed(build, target, EXAMPLE)
    assert (found.written, found.findings) == (True, ())
    assert found.verdict is not None
    assert found.verdict.word == "valid"
    assert target.read_bytes() == found.data
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(["tar", "-xzf", target, "-C", elsewhere], check=True)
    assert sorted(path.name for path in elsewhere.iterdir()) == ["main.tex", "pith.sty"]
    for name in ("main.tex", "pith.sty"):
        assert (elsewhere / name).read_bytes() == (EXAMPLE / name).read_bytes()
    for _ in range(2):
        subprocess.run(
            ["pdflatex", "-interaction=batchmode", "main.tex"], cwd=elsewhere, check=True, capture_output=True
        )
    assert check_pdf(elsewhere / "main.pdf").word == "valid"


def test_just_what_the_build_read(build: Builder, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "main.tex": document("\\input{sec/one}\\includegraphics{dot}", "\\usepackage{graphicx,mine}"),
        "sec/one.tex": "one",
        "sec/old.tex": "not read",
        "mine.sty": "\\ProvidesPackage{mine}\\InputIfFileExists{.hidden.cfg}{}{}",
        ".hidden.cfg": "\\typeout{hidden}",
        "dot.png": png(),
        "dot-old.png": png(),
        "main.aux": "\\relax",
        "main.pdf": "an old one",
        "00README.json": '{"process": {"compiler": "pdflatex"}}',
        "anc/data/table.csv": "1,2",
        "anc/.DS_Store": "x",
        ".git/config": "x",
    }
    found = packed(build, tmp_path / "u.tar.gz", files)
    assert found.written
    expected = ["00README.json", "anc/data/table.csv", "dot.png", "main.tex", "mine.sty", "sec/one.tex"]
    assert list(members(found.data)) == expected
    assert [name for name, _ in found.files] == expected


def test_the_same_bytes_at_another_time_in_another_place(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, str | bytes] = {"main.tex": document("x\\input{b}"), "b.tex": "y", "00README.json": "{}"}
    first = packed(build, tmp_path / "one.tar.gz", files)
    other = write(tmp_path / "else" / "where", files)
    for path in other.iterdir():
        os.utime(path, (1, 1))
        path.chmod(0o600)
    second = packed(build, tmp_path / "another-name.tgz", other)
    assert first.data == second.data
    assert first.digest == second.digest
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272000")
    third = archive({"main.tex": other / "main.tex"})
    with tarfile.open(fileobj=io.BytesIO(third)) as tar:
        (member,) = tar.getmembers()
    assert (member.mtime, member.mode, member.uid, member.gid, member.uname) == (1780272000, 0o644, 0, 0, "")


def test_the_bbl_goes_in_place_of_the_database(build: Builder, tmp_path: Path) -> None:
    body = "\\cite{a}\\bibliographystyle{own}\\bibliography{refs}"
    style = subprocess.check_output(["kpsewhich", "plain.bst"], text=True).strip()
    files = {"main.tex": document(body), "refs.bib": ENTRY, "own.bst": Path(style).read_bytes()}
    found = packed(build, tmp_path / "u.tar.gz", files)
    assert list(members(found.data)) == ["main.bbl", "main.tex"]
    assert b"Found" in members(found.data)["main.bbl"]
    assert found.rebuilt[0].steps == ("pdflatex",) * found.rebuilt[0].runs


@pytest.mark.parametrize(("year", "expected"), [(2025, ["main.tex", "refs.bib"]), (2023, ["main.bbl", "main.tex"])])
def test_a_bbl_that_arxivs_biblatex_does_not_read_stays_here(
    build: Builder, tmp_path: Path, year: int, expected: list[str]
) -> None:
    """TeX Live 2022 writes the format 3.2, which TeX Live 2023 reads and 2025 does not."""
    if "bblversion{3.2}" not in kpsewhich("biblatex.sty").read_text("utf-8", "replace"):
        pytest.skip("this biblatex writes another format than 3.2")
    preamble = "\\usepackage[backend=bibtex]{biblatex}\\addbibresource{refs.bib}"
    files: dict[str, str | bytes] = {
        "main.tex": document("\\cite{a}\\printbibliography", preamble),
        "refs.bib": ENTRY,
        "00README.json": f'{{"texlive_version": {year}}}',
    }
    found = packed(build, tmp_path / "u.tar.gz", files)
    assert found.written
    assert [name for name in members(found.data) if name != "00README.json"] == expected
    assert names(found) == (["bibliography-left"] if year == 2025 else [])


def test_figures_of_dvips(build: Builder, tmp_path: Path) -> None:
    body = "\\includegraphics{a}\\includegraphics[bb=0 0 20 20]{b.eps}"
    files = {"main.tex": document(body, "\\usepackage{graphicx}"), "a.eps": EPS, "b.eps": EPS, "c.eps": EPS}
    found = packed(build, tmp_path / "u.tar.gz", files)
    assert list(members(found.data)) == ["a.eps", "b.eps", "main.tex"]
    assert found.rebuilt[0].steps[-2:] == ("dvips", "ps2pdf")


@pytest.mark.parametrize("name", ["my fig.png", "fig(1).png", "bild-\u00fc.png"])
def test_a_name_that_arxiv_refuses(build: Builder, tmp_path: Path, name: str) -> None:
    target = tmp_path / "u.tar.gz"
    target.write_bytes(b"the one before")
    body = f"\\includegraphics{{\\detokenize{{{name}}}}}"
    found = packed(build, target, {"main.tex": document(body, "\\usepackage{graphicx}"), name: png()})
    assert names(found) == ["name-refused"]
    assert found.findings[0].file.endswith(name)
    assert not found.written
    assert target.read_bytes() == b"the one before"


def test_what_does_not_compile_by_itself_is_not_written(build: Builder, tmp_path: Path) -> None:
    """A file that is only looked for is in no list of files read."""
    body = "\\directlua{if not lfs.isfile('data.txt') then tex.error('no data') end}x"
    files: dict[str, str | bytes] = {"main.tex": document(body), "data.txt": "1"}
    found = packed(build, tmp_path / "u.tar.gz", files, engine=Engine.LUALATEX)
    assert names(found) == ["upload-incomplete"]
    assert "no data" in found.findings[0].finding.message
    assert not (tmp_path / "u.tar.gz").exists()


def test_what_reads_otherwise_elsewhere_is_said(build: Builder, tmp_path: Path) -> None:
    body = "\\directlua{tex.print(lfs.isfile('data.txt') and 'with data' or 'without')}"
    files: dict[str, str | bytes] = {"main.tex": document(body), "data.txt": "1"}
    found = packed(build, tmp_path / "u.tar.gz", files, engine=Engine.LUALATEX)
    assert names(found) == ["upload-differs"]
    assert found.written


def test_a_large_upload_is_said(build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pithtex.manuscript.upload.pack.MAX_UPLOAD_BYTES", 100)
    found = packed(build, tmp_path / "u.tar.gz", {"main.tex": document("x")})
    assert (names(found), found.written) == (["upload-too-large"], True)


@pytest.mark.parametrize("name", ["upload.zip", "upload", "no/such/folder/u.tar.gz"])
def test_names_that_are_no_archives(build: Builder, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        packed(build, tmp_path / name, {"main.tex": document("x")})


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "a/../../out"])
def test_unpacking_stays_inside(tmp_path: Path, name: str) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(ValueError, match="not unpacked"):
        unpack(buffer.getvalue(), tmp_path / "in")
    assert list(tmp_path.rglob("out")) == []


def test_unpacking_makes_no_links(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        member = tarfile.TarInfo("link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(member)
    with pytest.raises(ValueError, match="not unpacked"):
        unpack(buffer.getvalue(), tmp_path)


# --- comments --------------------------------------------------------------------------------------------------------

COMMENTED = """\
% a secret of the authors
\\documentclass{article}
\\usepackage{url}
\\begin{document}
100\\% of \\url{http://a.example/b%20c}, un% the space is eaten
broken. % todo: rewrite
\\iffalse hidden \\fi
\\end{document}
after the end: another secret
"""


def test_comments_are_taken_out_and_a_percent_that_matters_stays(build: Builder, tmp_path: Path) -> None:
    found = packed(build, tmp_path / "u.tar.gz", {"main.tex": COMMENTED, "00README.json": "{}"}, strip=True)
    assert (found.written, names(found)) == (True, [])
    text = members(found.data)["main.tex"].decode()
    for word in ("secret", "todo", "eaten"):
        assert word not in text
    assert "100\\% of \\url{http://a.example/b%20c}, un%\nbroken." in text


def test_stripping_changes_no_page(build: Builder, tmp_path: Path) -> None:
    paper = build(EXAMPLE)
    found = pack(paper, tmp_path / "u.tar.gz", check_pdf, strip_comments=True)
    assert (found.written, names(found)) == (True, [])
    assert found.verdict is not None
    assert found.verdict.word == "valid"
    stripped = members(found.data)
    assert b"% " not in stripped["main.tex"]
    assert stripped["pith.sty"] == (EXAMPLE / "pith.sty").read_bytes()


VERBATIM = {
    "verb": "\\verb|a%b|",
    "verb*": "\\verb*+%+",
    "lstinline": "\\lstinline[language=C]|a % b|",
    "environment": "\\begin{verbatim}\n% x\n\\end{verbatim}",
    "listing": "\\begin{lstlisting}\na % b\n\\end{lstlisting}",
    "href": "\\href{http://a.example/b%20c}{x}",
    "path": "\\path{a%b}",
    "url": "\\footnote{See \\url{http://a.example/b%20c}.}",
    "escaped": "5\\% of it, \\\\%",
    "iffalse in verbatim": "\\begin{verbatim}\n\\iffalse x \\fi\n\\end{document}\n\\end{verbatim}",
}


@pytest.mark.parametrize("kind", VERBATIM)
def test_a_percent_that_is_no_comment_stays_and_the_comments_go(tmp_path: Path, kind: str) -> None:
    inside = document(VERBATIM[kind])
    body, end, _ = inside.rpartition("\\end{document}")
    write(tmp_path, {"main.tex": f"% secret\n{body} % secret\n{end}\nsecret\n"})
    made, kept = without_comments({"main.tex": tmp_path / "main.tex"}, tmp_path / "made")
    assert kept == {}
    text = made["main.tex"].read_text()
    assert VERBATIM[kind] in text
    assert "secret" not in text


UNPRINTED = {
    "a line of its own": ("a\n  % secret\nb", "a\nb"),
    "at the end of a line": ("a % secret\nb", "a %\nb"),
    "lines of Windows": ("a\r\n% secret\r\nb\r\n", "a\r\nb\r\n"),
    "the last line": ("a\n% secret", "a\n"),
    "iffalse": ("a\n\\iffalse secret \\fi b", "a\nb"),
    "iffalse with a conditional": ("\\iffalse x \\ifx\\a\\b y \\fi z \\fi", "\\iffalse x \\ifx\\a\\b y \\fi z \\fi"),
    "a comment environment": ("a\n\\begin{comment}\nsecret\n\\end{comment}\nb\n", "a\nb\n"),
    "behind the end": ("a\n\\end{document}\nsecret\n", "a\n\\end{document}\n"),
    "an end in a comment": ("a % \\end{document}\nb\n", "a %\nb\n"),
}


@pytest.mark.parametrize("kind", UNPRINTED)
def test_what_is_not_printed(kind: str) -> None:
    before, after = UNPRINTED[kind]
    assert stripped(before) == after


@pytest.mark.parametrize("change", ["\\catcode`\\%=12", "\\catcode`%=12", "\\catcode 37=12", "\\@makeother\\%"])
def test_a_file_that_changes_what_a_percent_means_keeps_its_comments(tmp_path: Path, change: str) -> None:
    write(tmp_path, {"main.tex": f"{change} % why\n"})
    made, kept = without_comments({"main.tex": tmp_path / "main.tex"}, tmp_path / "made")
    assert (made["main.tex"].read_text(), list(kept)) == (f"{change} % why\n", ["main.tex"])


def test_files_of_any_encoding_are_stripped_and_the_pages_stay(build: Builder, tmp_path: Path) -> None:
    text = document("\\verb|a%b|\\input{part}", "\\usepackage[latin1]{inputenc}")
    files: dict[str, str | bytes] = {"main.tex": text, "part.tex": "caf\xe9 % why".encode("latin-1")}
    found = packed(build, tmp_path / "u.tar.gz", files, strip=True)
    assert (found.written, names(found)) == (True, [])
    assert members(found.data)["part.tex"] == "caf\xe9 %".encode("latin-1")


def test_a_percent_that_is_an_ordinary_character(build: Builder, tmp_path: Path) -> None:
    """With `%` an ordinary character, no comment is one."""
    body = "\\catcode`\\%=12 one % two\n\n\\catcode`\\%=14 "
    found = packed(build, tmp_path / "u.tar.gz", {"main.tex": document(body)}, strip=True)
    assert (found.written, names(found)) == (True, ["comments-kept"])


def test_words_of_pages() -> None:
    pages = page_words((EXAMPLE / "main.pdf").read_bytes())
    assert pages is not None
    assert "pith:CNPMIFD4" in pages[0]
    assert page_words(b"no PDF") is None


# --- documents beside the paper --------------------------------------------------------------------------------------

STANDALONE = "\\documentclass{standalone}\n\\begin{document}x\\end{document}\n"


def test_the_source_of_a_figure_does_not_go_up_beside_it(build: Builder, tmp_path: Path) -> None:
    figure = (EXAMPLE / "main.pdf").read_bytes()
    body = "\\includegraphics[width=1cm]{figs/diagram}"
    files: dict[str, str | bytes] = {
        "main.tex": document(body, "\\usepackage{graphicx}"),
        "figs/diagram.tex": STANDALONE,
        "figs/diagram.pdf": figure,
    }
    found = packed(build, tmp_path / "u.tar.gz", files)
    assert (found.written, sorted(members(found.data))) == (True, ["figs/diagram.pdf", "main.tex"])


def test_a_supplement_that_gives_labels_alone_does_not_go_up(build: Builder, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "main.tex": document("x", "\\usepackage{xr}\\externaldocument[S-]{supplement}"),
        "supplement.tex": document("\\section{A}\\label{a}"),
    }
    found = packed(build, tmp_path / "u.tar.gz", files)
    assert (found.written, sorted(members(found.data))) == (True, ["main.tex"])


def test_a_document_that_the_paper_needs_is_told_from_the_paper(build: Builder, tmp_path: Path) -> None:
    """A name that only TeX knows: arXiv's preflight does not see that the file is read in."""
    files: dict[str, str | bytes] = {
        "main.tex": document("\\def\\part{part}\\input{\\part}", "\\usepackage{standalone}"),
        "part.tex": STANDALONE,
    }
    found = packed(build, tmp_path / "u.tar.gz", files)
    assert found.written
    readme = json.loads(members(found.data)["00README.json"])
    assert readme["sources"][0] == {"filename": "main.tex", "usage": "toplevel"}
    assert "part.tex" in members(found.data)
