"""Logs: the messages of real runs of TeX, found and put to the place in the source that they are about."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.manuscript.source.read import read_from
from pithtex.review.review import review
from pithtex.review.submission.gather import gather
from pithtex.review.submission.log import Kind, Message, read_log
from pithtex.review.submission.model import Submission
from tests.review.cases import KEYRING

LONG = "a-label-that-is-so-long-that-the-message-is-broken-over-two-lines-of-the-log-by-tex"


def compiled(folder: Path, preamble: str, body: str, *options: str, **files: str) -> Submission:
    text = f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    for name, content in {"main": text, **files}.items():
        (folder / f"{name}.tex").write_text(content)
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", *options, "main.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    return gather(read_from(folder, "main.tex"), KEYRING, shown=folder, store=False)


def found(submission: Submission) -> set[tuple[str, str, int | None]]:
    """Rule, file and line of what the log gave rise to."""
    items = [item for item in review(submission).items if item.finding.code.startswith("PITH65")]
    return {(item.finding.name, Path(item.file).name, item.line) for item in items}


@pytest.mark.tex
def test_what_is_unresolved_and_missing(tmp_path: Path) -> None:
    body = f"See~\\ref{{sec:x}} and \\cite{{knuth84}}.\n\nAnd \\ref{{{LONG}}}.\n\\input{{part}}\n\\bibliography{{refs}}"
    part = "\\plot{plot}\n\nAs in \\cite{lamport94}.\n"
    places = found(
        compiled(tmp_path, "\\usepackage{graphicx}\\newcommand{\\plot}[1]{\\includegraphics{#1}}", body, part=part)
    )
    assert {
        ("unresolved-reference", "main.tex", 4),
        ("unresolved-citation", "main.tex", 4),
        ("unresolved-reference", "main.tex", 6),
        ("figure-missing", "part.tex", 1),
        ("unresolved-citation", "part.tex", 3),
    } <= places
    assert ("bibliography-missing", "main.log") in {(rule, file) for rule, file, _ in places}


@pytest.mark.tex
def test_biber_that_did_not_run(tmp_path: Path) -> None:
    preamble = "\\usepackage{biblatex}\\addbibresource{refs.bib}"
    submission = compiled(tmp_path, preamble, "See \\cite{knuth84}.\\printbibliography")
    (item,) = [item for item in review(submission).items if item.finding.name == "rerun-needed"]
    assert (item.finding.message[:23], item.finding.hint) == ("Please (re)run Biber on", "run it, then compile again")


@pytest.mark.tex
def test_a_label_of_another_document(tmp_path: Path) -> None:
    """xr reads the .aux file of a supplement, which arXiv does not have."""
    submission = compiled(tmp_path, "\\usepackage{xr}\\externaldocument{supp}", "See~\\ref{app:a}.")
    names = [item.finding.name for item in review(submission).items]
    assert names.count("other-document") == 1
    assert "unresolved-reference" not in names  # of one cause one finding


@pytest.mark.tex
def test_natbib_and_hyperref(tmp_path: Path) -> None:
    preamble = "\\usepackage{natbib}\\usepackage{hyperref}"
    places = found(compiled(tmp_path, preamble, "See \\citep{knuth84} and \\autoref{sec:x}."))
    assert {("unresolved-citation", "main.tex", 4), ("unresolved-reference", "main.tex", 4)} <= places


@pytest.mark.tex
@pytest.mark.parametrize("options", [(), ("-file-line-error",)])
def test_errors(tmp_path: Path, options: tuple[str, ...]) -> None:
    submission = compiled(tmp_path, "\\usepackage{no-such-package}", "Text.", *options)
    assert {rule for rule, _, _ in found(submission)} == {"log-error"}
    submission = compiled(tmp_path, "", "Text \\nosuchcommand.", *options)
    log = submission.outcome.log
    assert log is not None
    assert [(message.kind, message.input_line) for message in log.messages] == [(Kind.ERROR, 4)]


@pytest.mark.tex
def test_a_clean_run(tmp_path: Path) -> None:
    body = "\\section{One}\\label{one}See~\\ref{one}."
    compiled(tmp_path, "", body)
    submission = compiled(tmp_path, "", body)
    log = submission.outcome.log
    assert log is not None
    assert log.finished
    assert log.messages == ()


def test_a_broken_line_is_made_whole() -> None:
    first = f"LaTeX Warning: Reference `{'x' * 60}"[:79]
    assert len(first) == 79
    log = read_log(f"{first}yz' on page 1 undefined on input line 7.\n", "main.log")
    (message,) = log.messages
    assert (message.kind, message.input_line) == (Kind.REFERENCE, 7)
    assert message.key.endswith("yz")


@pytest.mark.parametrize(
    "line",
    [
        "LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right.",
        "Package biblatex Warning: Please (re)run Biber on the file:",
        "Package biblatex Warning: Please rerun LaTeX.",
        "Package hyperref Warning: Rerun to get /PageLabels entry.",
    ],
)
def test_another_run_is_asked_for(line: str) -> None:
    assert [message.kind for message in read_log(line, "main.log").messages] == [Kind.RERUN]


def test_what_looks_like_a_message_and_is_none() -> None:
    lines = [
        "Overfull \\hbox (1.0pt too wide) in paragraph at lines 1--2",
        "(see the transcript file for additional information)",
        "! ==> Fatal error occurred, no output PDF file produced!",
        "LaTeX Font Warning: Some font shapes were not available, defaults substituted.",
        "   Citation `x' undefined",
    ]
    assert read_log("\n".join(lines), "main.log").messages == ()


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from(["!", " ", "LaTeX Warning: ", "Citation `", "'", "\n", "x" * 79])).map("".join)
)
def test_no_log_ends_it(text: str) -> None:
    for message in read_log(text, "main.log").messages:
        assert isinstance(message, Message)
        assert message.log_line >= 1


def test_a_message_of_the_package_is_read_to_its_end() -> None:
    text = (
        "Package pith Warning: No badge on any page (placement=title): the title has a\n"
        "(pith)                page of its own. Try placement=auto.\n\nOutput written on main.pdf\n"
    )
    (message,) = read_log(text, "main.log").messages
    assert message.kind is Kind.PITH
    assert message.key == (
        "No badge on any page (placement=title): the title has a page of its own. Try placement=auto."
    )


def test_floats_that_are_too_tall_and_outlines_that_changed() -> None:
    text = (
        "This is pdfTeX\nLaTeX Warning: Float too large for page by 120.5pt on input line 20.\n"
        "Package rerunfilecheck Warning: File `main.out' has changed.\n(rerunfilecheck)  Rerun to get outlines right\n"
    )
    found = [(message.kind, message.key, message.input_line) for message in read_log(text, "main.log").messages]
    assert found == [(Kind.TALL, "120.5", 20), (Kind.RERUN, "File `main.out' has changed", None)]
