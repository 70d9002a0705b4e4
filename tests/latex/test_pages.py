"""The page that the badge is on, how large it is there, and documents that are not papers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.latex import SUFFIX

WORDS = "These words only fill a line or two of a paper that has nothing to say. " * 6
COVER = "\\thispagestyle{empty}A report.\\clearpage\n"


def paper(options: str = "", *, cls: str = "{article}", before: str = "", body: str = "\\maketitle") -> str:
    return (
        f"\\documentclass{cls}\n{before}\\usepackage[{options}]{{pith}}\\pithnumber{{{SUFFIX}}}\n"
        f"\\title{{T}}\\author{{Ann Author}}\n\\begin{{document}}\n{body}\n{WORDS}\n\\newpage\n{WORDS}\n"
        "\\end{document}\n"
    )


@pytest.mark.parametrize(
    ("source", "page", "turned"),
    [
        (paper(body=f"{COVER}\\maketitle"), 2, False),
        (paper("placement=margin", body=f"{COVER}\\maketitle"), 2, True),
        (paper("page=2", body=f"{COVER}\\section*{{By hand}}"), 2, True),
        (paper("page=2", body=f"{COVER}\\maketitle"), 2, False),
        (paper("page=2"), 2, True),
        (paper(body=f"{COVER}\\section*{{By hand}}"), 1, True),
        (paper("page=two"), 1, False),
    ],
    ids=["cover", "cover-margin", "by-hand", "page-and-title", "another-page", "no-maketitle", "no-number"],
)
def test_page(source: str, page: int, turned: bool, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, source, runs=1)
    assert result.returncode == 0, result.log[-2000:]
    assert ("Unknown value 'two' of 'page' ignored" in result.of_pith()) == ("page=two" in source)
    found = read_paper(result.pdf)
    (link,) = found.links
    x0, y0, x1, y1 = link["rect"]
    assert (link["page"], y1 - y0 > x1 - x0) == (page, turned)
    assert found.info["/PithNumber"] == SUFFIX


def test_a_page_that_does_not_come(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper("page=9"), runs=1)
    assert "No badge on any page: there is no page 9. Leave out page=9." in result.of_pith()
    assert read_paper(result.pdf).links == []


def test_a_title_that_does_not_come(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    """The source has a command that is not executed: the second run no longer waits for it."""
    source = paper(body="\\iffalse\n\\maketitle\n\\fi")
    first = compile_tex(tmp_path, source, runs=1)
    assert "\\maketitle was not reached. Compile once more." in first.of_pith()
    second = compile_tex(tmp_path, source, runs=1)
    assert second.of_pith() == ""
    assert [link["page"] for link in read_paper(second.pdf).links] == [1]
    third = compile_tex(tmp_path, source, runs=1)
    assert [link["page"] for link in read_paper(third.pdf).links] == [1]


def test_a_page_that_is_broken_after_the_title(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    """The badge comes out on page 2, which the log says; the next run takes the margin, and every one after it."""
    broken = "\\let\\old\\maketitle\\renewcommand\\maketitle{\\old\\penalty-9999 }\n"
    source = paper(before=broken, body="\\maketitle")
    first = compile_tex(tmp_path, source, runs=1)
    places = [[link["page"] for link in read_paper(first.pdf).links]]
    for _ in range(2):
        result = compile_tex(tmp_path, source, runs=1)
        places.append([link["page"] for link in read_paper(result.pdf).links])
    if places[0] == [2]:
        assert "The badge came out on page 2, and the title on page 1." in first.of_pith()
    assert places[1:] == [[1], [1]]


@pytest.mark.parametrize(
    ("size", "width"),
    [("a4paper", 1.0), ("a3paper", 1.0), ("a2paper", 2.0), ("a0paper", 4.0), ("landscape,a1paper", 2.8)],
)
@pytest.mark.parametrize("placement", ["title", "margin"])
def test_posters(size: str, width: float, placement: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    before = f"\\usepackage[{size},margin=3cm]{{geometry}}\n"
    result = compile_tex(tmp_path, paper(f"placement={placement}", before=before), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    found = read_paper(result.pdf)
    x0, y0, x1, y1 = found.links[0]["rect"]
    assert max(x1 - x0, y1 - y0) == pytest.approx(60.8 * width, rel=0.02)
    assert found.text_under(found.links[0]["rect"]) == "pith:CNPMIFD4"


PREAMBLE = f"\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}\n"
PARTS = {
    "standalone": "\\documentclass[border=9pt]{standalone}\n\\input{preamble}\n"
    "\\begin{document}\\rule{9cm}{9cm}\\end{document}\n",
    "subfile": "\\documentclass[whole]{subfiles}\n\\begin{document}\\section{Part}Words.\\end{document}\n",
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_get_nothing(name: str, tmp_path: Any, compile_tex: Any, read_paper: Any, with_record: Any) -> None:
    (tmp_path / "preamble.tex").write_text(PREAMBLE, encoding="ascii")
    whole = f"\\documentclass{{article}}\n{PREAMBLE}\\begin{{document}}\nWords.\n\\end{{document}}\n"
    (tmp_path / "whole.tex").write_text(whole, encoding="ascii")
    # subfiles of TeX Live 2022 has an error of its own at the end of a part that is compiled alone.
    result = compile_tex(tmp_path, PARTS[name], sty=with_record(), runs=1, halt=False)
    assert (result.returncode == 0) == (name != "subfile"), result.log[-2000:]
    assert "Info: A figure or a part of a paper" in result.of_pith()
    found = read_paper(result.pdf)
    assert (found.links, [key for key in found.info if "Pith" in key], found.xmp) == ([], [], None)
    assert "pith" not in found.text()
