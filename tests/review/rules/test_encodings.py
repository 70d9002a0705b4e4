"""Encodings of sources and bibliographies, and a bibliography without a style."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.test_small_papers import BIB, review, tex

CITED = "\\cite{known}\\bibliographystyle{plain}\\bibliography{refs}"
LATIN1 = "\\usepackage[latin1]{inputenc}\n"


@pytest.mark.parametrize(
    ("body", "preamble", "encoding", "found"),
    [
        ("caf\u00e9", LATIN1, "utf-8", True),
        ("% caf\u00e9", LATIN1, "utf-8", False),
        ("caf\u00e9", LATIN1, "latin-1", False),
        ("caf\u00e9", "\\usepackage[utf8]{inputenc}\n", "utf-8", False),
        ("caf\u00e9", f"\\usepackage{{fontspec}}\n{LATIN1}", "utf-8", False),
    ],
)
def test_utf_8_under_another_declaration(body: str, preamble: str, encoding: str, found: bool, tmp_path: Path) -> None:
    _, result = review(tmp_path / "paper", {"main.tex": tex(body, preamble).encode(encoding)})
    assert [item["code"] for item in result["findings"]] == (["PITH645"] if found else [])


def test_a_bib_file_that_is_not_utf_8(tmp_path: Path) -> None:
    bad = BIB.replace("A. Known", "A. Kn\u00f6wn").encode("latin-1")
    _, result = review(tmp_path / "cited", {"main.tex": tex(CITED), "refs.bib": bad})
    assert [(item["code"], item["line"]) for item in result["findings"]] == [("PITH645", 2)]
    other = b"@book{other,\n title = {\xf6},\n}\n"
    _, result = review(tmp_path / "other", {"main.tex": tex(CITED), "refs.bib": BIB.encode() + other})
    assert result["findings"] == []


def test_a_bib_file_in_utf_16(tmp_path: Path) -> None:
    _, result = review(tmp_path / "paper", {"main.tex": tex(CITED), "refs.bib": BIB.encode("utf-16")})
    assert [item["code"] for item in result["findings"]] == ["PITH646"]


def test_an_empty_bbl_is_named(tmp_path: Path) -> None:
    _, result = review(tmp_path / "paper", {"main.tex": tex(CITED), "refs.bib": BIB, "main.bbl": ""})
    (item,) = result["findings"]
    assert (item["code"], "main.bbl" in item["message"], "remove main.bbl" in item["hint"]) == ("PITH811", True, True)


@pytest.mark.parametrize(
    ("cls", "preamble", "found"),
    [
        ("article", "", True),
        ("article", "\\usepackage{natbib}\n", True),
        ("article", "\\usepackage{achemso}\n", False),
        ("article", "\\usepackage{house}\n", False),
        ("revtex4-2", "", False),
    ],
)
def test_a_bibliography_without_a_style(cls: str, preamble: str, found: bool, tmp_path: Path) -> None:
    paper = tex("\\cite{known}\\bibliography{refs}", preamble, cls=f"\\documentclass{{{cls}}}")
    files: dict[str, str | bytes] = {"main.tex": paper, "refs.bib": BIB}
    files["house.sty"] = "\\ProvidesPackage{house}\n\\bibliographystyle{plain}\n"
    _, result = review(tmp_path / "paper", files)
    assert [(item["code"], item["severity"]) for item in result["findings"]] == (
        [("PITH806", "warning")] if found else []
    )
