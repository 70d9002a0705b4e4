"""Text from a record that reaches TeX: hostile titles, compiled by a real engine, print and do nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pithtex
from pithtex.render.package.pith_sty import MARKER, package_source, render_package, render_snippet, tex_environment
from pithtex.render.package.record_block import RecordBlock
from pithtex.render.tex import MAX_COMMENT_CHARS, TexSafe, tex_comment, tex_token
from tests import signing

pytestmark = pytest.mark.tex

HOSTILE = {
    "$x_1^2$ & 50% #1 ~ {unbalanced \\": "",
    "\\csname end\\endcsname \\write18{touch hacked} \\input{/etc/passwd}": "",
    "^^5cwrite18{touch hacked}^^M\\message{PWNED}": "",
    "a\n\\message{PWNED}\n\\errmessage{PWNED}": "",
    "a\r\\message{PWNED}\x0b\\message{PWNED}\x0c\\message{PWNED}\x85\\message{PWNED}\u2028\\message{PWNED}": "",
    "\u202e right to left \u202c مرحبا 中文標題 \U0001f600": "",
    "\\end{document} \\fi\\fi\\else }}}}": "",
    "\x00\x1b[2J\x7f": "2j",
    "%%<pith-record>": "pith record",
    "<< number >> <% raw %> <# c #>": "number raw c",
    "x" * 10_000: "x" * 300 + "...",
}
"""Titles, and the words by which the warning names each in a paper with another; none where TeX cannot compare it."""

OTHER_TITLE = (
    "Package pith Warning: The paper's title is not the record's. Paper: T Record: {} (only letters and digits) "
    "Anyone who checks the PDF is told. Use the record's title, or the number of this version of the paper."
)


def verified(title: str) -> pithtex.VerifiedRecord:
    return pithtex.verify_record(pithtex.load_record(signing.record_document(title)), signing.keyring())


@pytest.mark.parametrize(("title", "words"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_a_paper_with_a_hostile_record_compiles(
    title: str, words: str, tmp_path: Path, compile_tex: Any, read_paper: Any
) -> None:
    record = verified(title)
    snippet = render_snippet(record).decode("ascii")
    source = (
        f"\\documentclass{{article}}\n{snippet}\\title{{T}}\\author{{A}}\\date{{}}"
        "\\begin{document}\\maketitle\\end{document}"
    )
    result = compile_tex(tmp_path, source, sty=render_package(record).decode("ascii"), runs=1)
    assert (result.returncode, result.of_pith()) == (0, words and OTHER_TITLE.format(words))
    assert read_paper(result.pdf).text().split() == ["T", "A", record.number.short[:13], "1"]
    assert "PWNED" not in result.log
    assert not (tmp_path / "hacked").exists()
    assert max(len(line) for line in result.pdf.with_suffix(".tex").read_text().splitlines()) < 4 * MAX_COMMENT_CHARS


@pytest.mark.parametrize("engine", ["lualatex", "xelatex", "latex+dvips"])
def test_other_engines_read_the_comments_as_such(
    engine: str, tmp_path: Path, compile_tex: Any, read_paper: Any
) -> None:
    """One pith.sty with a block of each hostile title, the last of them the paper's, and each snippet's comments."""
    records = [verified(title) for title in HOSTILE]
    packages = [render_package(record).decode("ascii") for record in records]
    before, _, after = package_source().partition(MARKER)
    blocks = [package.removeprefix(before).removesuffix(after) for package in packages]
    assert all(block.startswith("% The record that this copy") for block in blocks)
    snippets = [render_snippet(record).decode("ascii") for record in records]
    comments = [line for snippet in snippets for line in snippet.splitlines() if line.startswith("%")]
    head = "\n".join([*comments, "\\usepackage[qr]{pith}", f"\\pithnumber{{{records[-1].number.suffix}}}"])
    body = "\\title{T}\\author{A}\\date{}\\begin{document}\\maketitle\\end{document}"
    source = f"\\documentclass{{article}}\n{head}\n{body}"
    result = compile_tex(tmp_path, source, engine=engine, sty=before + "".join(blocks) + after, runs=1)
    assert result.returncode == 0
    assert "No QR code" not in result.of_pith()
    assert "PWNED" not in result.log
    assert not (tmp_path / "hacked").exists()
    assert read_paper(result.pdf).text().split() == ["T", "A", records[-1].number.short[:13], "1"]


@settings(max_examples=8)
@given(st.lists(st.text(max_size=400), min_size=40, max_size=60))
def test_whatever_the_text_a_comment_stays_a_comment(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """Some hundred hostile comments in one file, each line closed by TeX's own account of the lines it read."""
    folder = tmp_path_factory.mktemp("comments")
    lines = [f"% {tex_comment(text)}" for text in texts]
    source = "\n".join([*lines, "\\message{line=\\the\\inputlineno;}", "\\end"])
    (folder / "c.tex").write_text(source, encoding="ascii")
    command = ["pdftex", "-interaction=batchmode", "-halt-on-error", "-no-shell-escape", "c.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert f"line={len(lines) + 1};" in (folder / "c.log").read_text()
    assert "No pages of output" in (folder / "c.log").read_text()


@given(st.text())
def test_a_comment_is_one_line_of_printable_ascii(text: str) -> None:
    comment = tex_comment(text)
    assert comment.isascii()
    assert comment.isprintable()
    assert "^" not in comment


@given(st.text(min_size=1))
def test_a_token_is_plain_or_refused(text: str) -> None:
    try:
        token = tex_token(text)
    except ValueError:
        return
    assert not set(token) & set("\\{}%#$&~^ \n")


def test_a_template_cannot_print_raw_text() -> None:
    template = tex_environment().from_string("<< title >>")
    assert template.render(title=TexSafe("a")) == "a"
    with pytest.raises(TypeError):
        template.render(title="a")


def test_the_record_block_cannot_print_raw_text() -> None:
    plain = TexSafe("a")
    fields = {"version": plain, "title": plain, "source": plain, "number": plain, "digest": plain}
    pieces = {"receipt": [plain], "matrix": [plain], "words": [plain], "said": [plain, plain], "abstract": [plain]}
    assert "{ a }" in RecordBlock(**fields, **pieces).text()
    for name in (*fields, *pieces):
        with pytest.raises(TypeError):
            RecordBlock(**{**fields, **pieces, name: ["raw"] if name in pieces else "raw"}).text()  # type: ignore[arg-type]


def test_the_same_record_gives_the_same_bytes() -> None:
    record = verified("Some Title That Is Long Enough")
    assert render_package(record) == render_package(record)
    assert render_package(record).count(b"\\__pith_record:nnnn\n") == 1


def test_the_examples_are_up_to_date() -> None:
    """What is in examples/ is what the generator writes today: `make examples` renews it."""
    from pithtex.verification.document import load_document, verify_document
    from tests.conftest import ROOT

    for document in ("sparsex/bundle.json", "amsart/record.json", "presubmission/record.json"):
        path = ROOT / "examples" / document
        record = verify_document(load_document(path.read_bytes()))
        assert (path.parent / "pith.sty").read_bytes() == render_package(record)
        assert (path.parent / "pith-snippet.tex").read_bytes() == render_snippet(record)
