"""Which of several documents is the paper: number, 00README, latexmk, what others read in, names; never size."""

from __future__ import annotations

from pathlib import Path

import pytest

from pithtex.errors import UsageError
from pithtex.manuscript.edit.which_paper import the_paper

NUMBER = "\\pithnumber{EL6A4QOTPLYS3LFEIZGOL5QVTM}\n"
LONG = "A long answer to the reviewers. " * 500


def document(body: str = "Text.", cls: str = "article", preamble: str = "") -> str:
    return f"\\documentclass{{{cls}}}\n{preamble}\\begin{{document}}\n{body}\n\\end{{document}}\n"


DECIDED: dict[str, tuple[dict[str, str], str]] = {
    "the only one": ({"a.tex": document()}, "a.tex"),
    "main, a rebuttal and a supplement": (
        {"main.tex": document(), "rebuttal.tex": document(LONG), "supplement.tex": document(LONG)},
        "main.tex",
    ),
    "the number": ({"a.tex": document(preamble=NUMBER), "main.tex": document(LONG)}, "a.tex"),
    "00README.json": (
        {"a.tex": document(), "main.tex": document(), "00README.json": '{"sources": [{"filename": "a.tex"}]}'},
        "a.tex",
    ),
    "00README.yaml": (
        {
            "a.tex": document(),
            "b.tex": document(),
            "00README.yaml": "process:\n  compiler: pdflatex\nsources:\n  - filename: b.tex\n    usage: toplevel\n"
            '  - usage: ignore\n    filename: "a.tex"  # of old\n',
        },
        "b.tex",
    ),
    "00README.toml": (
        {"a.tex": document(), "b.tex": document(), "00README.toml": '[[sources]]\nfilename = "b.tex"\n'},
        "b.tex",
    ),
    "00README.XXX": (
        {"a.tex": document(), "b.tex": document(), "00README.XXX": "a.tex ignore\nb.tex toplevelfile\n"},
        "b.tex",
    ),
    "a draft and what goes with it": (
        {"draft.tex": document(), "coverletter.tex": document(), "response_to_reviewers.tex": document()},
        "draft.tex",
    ),
    "latexmk": (
        {
            "a.tex": document(),
            "b.tex": document(),
            ".latexmkrc": "# @default_files = ('a');\n@default_files = ('b.tex');\n",
        },
        "b.tex",
    ),
    "what another reads in": ({"a.tex": document("\\subfile{parts/b}"), "b.tex": document(LONG)}, "a.tex"),
    "a talk": ({"a.tex": document(), "b.tex": document(LONG, "beamer")}, "a.tex"),
    "a template by its name": ({"our-work.tex": document(), "acl_template.tex": document(LONG)}, "our-work.tex"),
    "names of papers": ({"ms.tex": document(), "b.tex": document(LONG), "c.tex": document()}, "ms.tex"),
    "a version in the name": ({"paper_v2.tex": document(), "zeta.tex": document(LONG)}, "paper_v2.tex"),
}


@pytest.mark.parametrize("case", DECIDED)
def test_decided(case: str, tmp_path: Path) -> None:
    files, expected = DECIDED[case]
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    chosen = the_paper(tmp_path, "presubmit")
    documents = {name for name in files if name.endswith(".tex")}
    assert (chosen.source.path.name, set(chosen.others)) == (expected, documents - {expected})
    assert bool(chosen.why) == (len(documents) > 1)


@pytest.mark.parametrize(
    "names", [("alpha.tex", "beta.tex"), ("rebuttal.tex", "supplement.tex"), ("paper_v1.tex", "paper_v2.tex")]
)
def test_not_decided(names: tuple[str, ...], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_text(document())
    with pytest.raises(UsageError, match="several files could be the main one") as caught:
        the_paper(tmp_path, "remove")
    assert caught.value.hint == f"name it: pithtex remove {tmp_path / names[0]}"


@pytest.mark.parametrize("readme", ["{", "[1]", '{"sources": {"a": 1}}', '{"sources": [7]}'])
def test_a_readme_that_is_malformed_names_nothing(readme: str, tmp_path: Path) -> None:
    for name in ("main.tex", "b.tex"):
        (tmp_path / name).write_text(document())
    (tmp_path / "00README.json").write_text(readme)
    assert the_paper(tmp_path, "add").source.path.name == "main.tex"


def test_a_main_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_bytes(document().encode("utf-16"))
    with pytest.raises(UsageError, match=r"main\.tex: not a text that TeX reads"):
        the_paper(tmp_path, "presubmit")
