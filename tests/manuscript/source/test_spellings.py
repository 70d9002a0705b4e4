"""Titles and abstracts against real digests: what authors write in TeX, and what arXiv's metadata and records have."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import pithtex
from pithtex.manuscript.source.model import Fragment, Manuscript
from pithtex.manuscript.source.read import read_from
from pithtex.manuscript.source.spellings import matching, spellings
from pithtex.review.facts import marks
from tests.conftest import VECTORS

RECORDS = [json.loads(line) for line in (VECTORS / "records.jsonl").read_text().splitlines()]
ABSTRACTS = [json.loads(line) for line in (VECTORS / "abstracts.jsonl").read_text().splitlines()]
TITLES = {
    record["canonical_record"]["metadata"]["title_canon_sha256"]: record["title"]
    for record in (*RECORDS, *ABSTRACTS)
    if record.get("title") and record.get("canonical_record")
}


def read(folder: Path, *, preamble: str = "", title: str = "", abstract: str = "") -> Manuscript:
    text = (
        f"\\documentclass{{article}}\n{preamble}\n\\title{{{title}}}\n\\begin{{document}}\n\\maketitle\n"
        f"\\begin{{abstract}}\n{abstract}\n\\end{{abstract}}\n\\end{{document}}\n"
    )
    (folder / "main.tex").write_text(text, encoding="utf-8")
    return read_from(folder, "main.tex")


def title_of(folder: Path, title: str, preamble: str = "") -> Fragment:
    fragment = read(folder, preamble=preamble, title=title).title
    assert fragment is not None
    return fragment


def test_real_titles_as_papers_have_them(tmp_path: Path) -> None:
    """Each title of a real record, broken over lines, with a note and a comment: the digest is found."""
    assert len(TITLES) > 90
    for sha256, title in TITLES.items():
        words = re.sub(r"(?<!\\\\)%", r"\\%", title).split(" ")
        half = len(words) // 2
        broken = f"{' '.join(words[:half])} \\\\ % here\n  {' '.join(words[half:])}\\thanks{{To {{all}}.}}"
        for source in (" ".join(words), broken):
            found = matching(title_of(tmp_path, source), sha256)
            assert found is not None, title


@pytest.mark.parametrize("number", range(len(ABSTRACTS)))
def test_real_abstracts(tmp_path: Path, number: int) -> None:
    """Each abstract of a real record, wrapped, with a macro of the paper's own in the place of a word."""
    stated = ABSTRACTS[number]
    text: str = stated["abstract"]
    first, _, rest = text.partition(" ")
    wrapped = f"\\ourword{{}} {rest}".replace(". ", ".\n", 3).replace("%", "\\%")
    fragment = read(tmp_path, preamble=f"\\newcommand{{\\ourword}}{{{first}}}", abstract=wrapped).abstract
    assert fragment is not None
    assert matching(fragment, stated["abstract_canon_sha256"]) is not None


SPELLED = [
    ("Schr\\\"odinger's Cat", "Schr\\\"odinger's Cat", "as the source has it"),
    ("Schr\u00f6dinger's Cat", "Schr\\\"odinger's Cat", "with accents as TeX"),
    ("Schr\\\"odinger's Cat", "Schr\u00f6dinger's Cat", "as Unicode, formulas as in the source"),
    ("\\sys: A {Sampler}", "SysX: A Sampler", "with the paper's macros expanded, without braces"),
    ("On $\\alpha$-Decay", "On \u03b1-Decay", "as Unicode, formulas as text"),
    ("On $\\alpha$-Decay", "On $\\alpha$-Decay", "as the source has it"),
    ("The ``Big'' Test", 'The "Big" Test', "as Unicode, formulas as in the source, quotes straight"),
    ("One --- Two", "One - Two", "as the source has it, dashes as hyphens"),
    ("One \u2014 Two", "One --- Two", "as the source has it, dashes as TeX"),
    ("50\\% of All", "50% of All", "as the source has it, percent and ampersand plain"),
    ("A Question.", "A Question", "as the source has it, without the full stop"),
    ("\\textbf{Bold} Claims", "Bold Claims", "as Unicode, formulas as in the source"),
]


@pytest.mark.parametrize(("source", "record", "how"), SPELLED)
def test_which_spelling_matched(tmp_path: Path, source: str, record: str, how: str) -> None:
    fragment = title_of(tmp_path, source, "\\newcommand{\\sys}{SysX}")
    found = matching(fragment, pithtex.title_digest(record))
    assert found is not None
    assert found.how == how


def test_a_title_and_its_subtitle(tmp_path: Path) -> None:
    manuscript = read(tmp_path, preamble="\\subtitle{And More}", title="A Title")
    assert manuscript.title is not None
    assert matching(manuscript.title, pithtex.title_digest("A Title: And More")) is None
    found = matching(manuscript.title, pithtex.title_digest("A Title: And More"), manuscript.subtitle)
    assert found is not None
    assert found.how.endswith("with the subtitle")


def test_another_title_never_matches(tmp_path: Path) -> None:
    fragment = title_of(tmp_path, "A Title of Some Length")
    assert matching(fragment, pithtex.title_digest("A Title of Some Lengths")) is None
    tried = [spelling.text for spelling in spellings(fragment)]
    assert len(tried) == len(set(tried)) <= 60


def test_marks_stand_under_what_differs() -> None:
    assert marks("abc def", "abc xef") == "    ^"
    assert marks("AB", "AxyzB") == " ^^^"
    assert marks("same", "same") == ""
