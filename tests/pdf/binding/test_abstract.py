"""The abstract of real TeX pages: found wherever classes print it, and never where it is not the paper's own."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import subprocess
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pithtex.pdf.binding.abstract import MAX_BLOCKS, blocks, by_digest, by_text
from pithtex.pdf.binding.abstract_digest import MAX_TRIED, Search, is_spelled
from pithtex.pdf.evidence import PageText, TextLine
from pithtex.pdf.text.lines import read_texts
from tests.conftest import VECTORS
from tests.kit.needs import program
from tests.latex.conftest import compile_tex

pytestmark = pytest.mark.tex

ROWS = [json.loads(line) for line in (VECTORS / "abstracts.jsonl").read_text().splitlines()]
FOLLOWS = "\\section{Introduction}\nText of the paper follows, and goes on for a while so that there is some of it.\n"


def tex(text: str) -> str:
    return re.sub(r"(?<!\\)([%&#_])", r"\\\1", text)


def article(body: str, options: str = "", cls: str = "article", preamble: str = "", front: str = "\\maketitle") -> str:
    title = "\\title{A Title of Several Words for This Test}\\author{A. Author}\\date{June 2026}"
    return (
        f"\\documentclass[{options}]{{{cls}}}\n{preamble}\n{title}\n\\begin{{document}}\n{front}\n{body}\n"
        f"{FOLLOWS}\\end{{document}}\n"
    )


def usual(text: str) -> str:
    return f"\\begin{{abstract}}\n{tex(text)}\n\\end{{abstract}}\n"


def inside(text: str, cls: str, options: str, who: str) -> str:
    return (
        f"\\documentclass[{options}]{{{cls}}}\n\\begin{{document}}\n\\title{{A Title of Several Words}}\n{who}\n"
        f"{usual(text)}\\maketitle\n{FOLLOWS}\\end{{document}}\n"
    )


LOW = "\\vspace*{%s}"
HONEST = {
    "article": lambda text: article(usual(text)),
    "two columns": lambda text: article(usual(text), "twocolumn"),
    "a title page": lambda text: article(usual(text), "titlepage"),
    "A4, 12pt": lambda text: article(usual(text), "12pt,a4paper"),
    "KOMA": lambda text: article(usual(text), "abstract=true", "scrartcl"),
    "memoir": lambda text: article(usual(text), "article", "memoir"),
    "IEEEtran": lambda text: article(usual(text), "conference", "IEEEtran"),
    "IEEEtran with index terms": lambda text: article(
        usual(text) + "\\begin{IEEEkeywords}\nfirst, second\n\\end{IEEEkeywords}\n", "journal", "IEEEtran"
    ),
    "LNCS": lambda text: article(usual(text), "", "llncs"),
    "revtex": lambda text: inside(text, "revtex4-2", "aps,pra,reprint", "\\author{A. Author}\\affiliation{Here}"),
    "amsart": lambda text: inside(text, "amsart", "", "\\author{A. Author}"),
    "acmart": lambda text: inside(
        text, "acmart", "sigconf,nonacm", "\\author{A. Author}\\affiliation{\\institution{X}\\country{Y}}"
    ),
    "elsarticle": lambda text: (
        "\\documentclass{elsarticle}\n\\begin{document}\\begin{frontmatter}\n\\title{A Title of Several Words}\n"
        f"\\author{{A. Author}}\n{usual(text)}\\end{{frontmatter}}\n{FOLLOWS}\\end{{document}}\n"
    ),
    "line numbers": lambda text: article(usual(text), preamble="\\usepackage{lineno}\\linenumbers"),
    "run-in": lambda text: article(f"\\noindent\\textbf{{Abstract.}} {tex(text)}\n"),
    "run-in with a dash": lambda text: article(f"\\noindent\\textit{{Abstract}}---{tex(text)}\n"),
    "a paragraph's heading": lambda text: article(f"\\paragraph{{Abstract}} {tex(text)}\n"),
    "an unnumbered section": lambda text: article(f"\\section*{{Abstract}}\n{tex(text)}\n"),
    "capitals": lambda text: article(f"\\section*{{ABSTRACT}}\n{tex(text)}\n"),
    "spaced out": lambda text: article(f"\\begin{{center}}A B S T R A C T\\end{{center}}\n{tex(text)}\n"),
    "a box": lambda text: article(
        f"\\noindent\\fbox{{\\parbox{{0.95\\linewidth}}{{\\textbf{{Abstract}}\\par {tex(text)}}}}}\n"
    ),
    "German": lambda text: article(f"\\renewcommand\\abstractname{{Zusammenfassung}}{usual(text)}"),
    "French": lambda text: article(
        f"\\renewcommand\\abstractname{{R\\'esum\\'e}}{usual(text)}", preamble="\\usepackage[T1]{fontenc}"
    ),
    "keywords below": lambda text: article(usual(text) + "\\noindent\\textbf{Keywords:} first, second\n"),
    "no heading": lambda text: article(f"\\begin{{quote}}\\small {tex(text)}\\end{{quote}}\n"),
    "a break between columns": lambda text: article(LOW % "10.5cm" + usual(text), "twocolumn"),
    "a break between pages": lambda text: article(LOW % "12.2cm" + f"\\section*{{Abstract}}\n{tex(text)}\n"),
    "a footnote in between": lambda text: article(LOW % "8.5cm" + usual(text), "twocolumn").replace(
        "Author}", "Author\\thanks{Supported by a grant of a council, and grateful for it.}}"
    ),
}
"""Where classes and authors print abstracts."""


OTHER = {0: 1, 1: 2, 2: 3, 3: 0}


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.?!]) ", text)[0]


STOLEN = {
    "another abstract": lambda text, other: article(usual(other)),
    "the first sentence, then another": lambda text, other: article(usual(f"{first_sentence(text)} {other}")),
    "another, then the last sentence": lambda text, other: article(usual(f"{other} {text}")),
    "a sentence more": lambda text, other: article(usual(f"{text} We retract all of this.")),
    "a sentence in front": lambda text, other: article(usual(f"None of the following is true. {text}")),
    "a paragraph more": lambda text, other: article(usual(f"{text}\n\nWe retract all of this, and we are sorry.")),
    "a paragraph more, after a gap": lambda text, other: article(
        usual(f"{text}\\par\\medskip We retract all of this, and we are sorry.")
    ),
    "a sentence more in smaller type": lambda text, other: article(
        usual(f"{text}\\par\\footnotesize We retract all of this, and we are sorry for the trouble.")
    ),
    "a sentence more in larger type": lambda text, other: article(
        usual(f"{text} {{\\large We retract all of this, and we are sorry.}}")
    ),
    "a sentence more in the next column": lambda text, other: article(
        (LOW % "13.1cm") + usual(f"{text}\\newpage We retract all of this, and we are sorry."), "twocolumn"
    ),
    "a sentence less": lambda text, other: article(usual(text[: text[:-1].rindex(". ") + 1])),
    "a word changed": lambda text, other: article(usual(text.replace(" the ", " no ", 1))),
    "quoted in the text": lambda text, other: article(
        f"{usual(other)}\\section{{Related work}}\nThey write: ``{tex(text)}''\n"
    ),
    "quoted as a block": lambda text, other: article(
        f"{usual(other)}\\section{{Related work}}\nThey write:\n"
        f"\\begin{{quote}}{tex(text)}\\end{{quote}}\nWe disagree.\n"
    ),
    "below a second heading": lambda text, other: article(f"{usual(other)}\\section*{{Abstract}}\n{tex(text)}\n"),
    "below another's without heading": lambda text, other: article(f"{tex(other)}\n\n{usual(text)}"),
    "as the summary at the end": lambda text, other: article(
        f"{usual(other)}\\section{{Main part}}\n{tex(other)}\n\\section*{{Summary}}\n{tex(text)}\n"
    ),
    "white": lambda text, other: article(
        f"{usual(other)}\\section*{{Abstract}}\n\\textcolor{{white}}{{{tex(text)}}}\n", preamble="\\usepackage{xcolor}"
    ),
    "tiny": lambda text, other: article(
        f"{usual(other)}\\section*{{Abstract}}\n{{\\fontsize{{2}}{{3}}\\selectfont {tex(text)}}}\n"
    ),
}
"""What a thief prints in its place, with the record's title above."""


@cache
def folder(base: Path, name: str) -> Path:
    return base / re.sub(r"\W+", "-", name)


def pages(base: Path, name: str, source: str):
    result = compile_tex(folder(base, name), source, runs=1)
    assert result.returncode == 0, result.log[-2000:]
    texts, *_ = read_texts(result.pdf, [1, 2])
    return texts


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("abstracts")


@pytest.mark.parametrize("name", HONEST)
def test_the_records_own_abstract_hashes_to_its_digest(base: Path, name: str) -> None:
    for number, row in enumerate(ROWS):
        hit, tried = by_digest(
            blocks(pages(base, f"{name} {number}", HONEST[name](row["abstract"]))), row["abstract_canon_sha256"]
        )
        assert hit is not None, f"{row['arxiv_id']}: {tried} spellings tried"


@pytest.mark.parametrize("name", STOLEN)
def test_no_other_text_does(base: Path, name: str) -> None:
    row = ROWS[2]
    texts = pages(base, f"stolen {name}", STOLEN[name](row["abstract"], ROWS[3]["abstract"]))
    hit, tried = by_digest(blocks(texts), row["abstract_canon_sha256"])
    assert hit is None
    assert tried <= MAX_TRIED


def tried(lines: list[str], text: str) -> int | None:
    """Which of the spellings of some lines a text is."""
    search = Search(hashlib.sha256(text.encode()).hexdigest())
    return search.tried if search.finds(lines, MAX_TRIED) else None


def test_spellings_begin_with_the_likeliest() -> None:
    lines = ["We de\ufb01ne a well-", "known prob-", "lem \u2013 \u201cso\u201d."]
    assert tried(lines, 'we define a wellknown problem -- "so".') == 1
    assert tried(lines, 'we define a well-known problem - "so".') is not None


def test_every_choice_of_up_to_three_hyphens_is_hashed_once_and_little_of_it() -> None:
    lines = [*(f"some words and a{number}-" for number in range(8)), "part."]
    parts = [line.removesuffix("-") for line in lines]
    found = {
        tried(lines, "".join(f"{part}-" if place in kept else part for place, part in enumerate(parts)))
        for kept in itertools.chain(*(itertools.combinations(range(8), count) for count in (0, 1, 2, 3, 8)))
    }
    every = 1 + 8 + 28 + 56 + 1
    assert found == set(range(1, every + 1))
    search = Search("0" * 64)
    assert not search.finds(lines, MAX_TRIED)
    assert search.tried == every
    assert search.hashed < 0.4 * every * len("".join(parts))


def test_the_bounds_hold_within_one_text() -> None:
    search = Search("0" * 64)
    assert not search.finds([f"a{number}-" for number in range(200)], 100)
    assert search.tried == 100


@pytest.mark.parametrize("kept", [(), (0,), (1, 2), (0, 1, 2, 3, 4, 5, 6, 7)])
def test_a_known_text_is_found_whatever_hyphens_it_keeps(kept: tuple[int, ...]) -> None:
    lines = [*(f"\u2013some words and a{number}-" for number in range(8)), "part."]
    parts = [line.removesuffix("-").replace("\u2013", "--") for line in lines]
    text = "".join(f"{part}-" if place in kept else part for place, part in enumerate(parts))
    assert is_spelled(lines, text, 100) == 1
    assert is_spelled(lines, text.replace("--", "-"), 100) == 2
    for other in (f"{text} more", text[:-1], f"-{text}", text.replace("a3", "a4")):
        assert is_spelled(lines, other, 100) is None


def test_a_dash_at_a_lines_end_stands_as_it_was_typed() -> None:
    assert is_spelled(["It ends\u2014", "so."], "it ends---so.", 100)
    assert is_spelled(["It ends \u2014", "so."], "it ends --- so.", 100)


def test_a_thousand_hyphens_and_quotes_are_bounded(base: Path) -> None:
    row = ROWS[0]
    text = " ".join(["well-known ``so-called'' state-of-the-art things --- or not --"] * 60)
    hit, tried = by_digest(blocks(pages(base, "bounded", article(usual(text)))), row["abstract_canon_sha256"])
    assert hit is None
    assert 10 < tried <= MAX_TRIED


@pytest.mark.parametrize("name", STOLEN)
def test_a_proven_text_is_told_from_every_other(base: Path, name: str) -> None:
    row = ROWS[2]
    own, same = by_text(blocks(pages(base, "article 2", HONEST["article"](row["abstract"]))), row["abstract"])
    assert own is not None
    assert same == 1.0
    texts = pages(base, f"stolen {name}", STOLEN[name](row["abstract"], ROWS[3]["abstract"]))
    assert by_text(blocks(texts), row["abstract"])[0] is None


FORMULAS = (
    "We show that $\\alpha_{ij} \\le \\sum_{k=1}^{n} x_k^2$ holds for all $n>3$ in $\\mathbb{R}^d$, where the "
    "\\emph{usual} bound of $O(n \\log n)$ fails, and that $H_0 = 67.4 \\pm 0.5$ km/s/Mpc follows from the "
    "Poincar\\'e inequality."
)


@pytest.mark.parametrize("cls", ["article", "two columns", "IEEEtran", "revtex", "amsart"])
def test_formulas_are_told_by_what_stands_around_them(base: Path, cls: str) -> None:
    source = (
        HONEST[cls]("ABSTRACT")
        .replace("ABSTRACT", FORMULAS)
        .replace("\\begin{document}", "\\usepackage{amsmath,amssymb}\\begin{document}", 1)
    )
    found = blocks(pages(base, f"formulas {cls}", source))
    assert by_text(found, FORMULAS)[0] is not None
    assert by_text(found, FORMULAS.replace("holds", "fails"))[0] is None
    assert by_text(found, FORMULAS.replace("We show", "We do not show"))[0] is None


def popplers_pages(pdf: Path) -> list[PageText]:
    """The lines of the first two pages as Poppler finds them: in its order, with the height of a line for its size."""
    command = [program("pdftotext"), "-bbox-layout", "-l", "2", pdf, "-"]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    space = "{http://www.w3.org/1999/xhtml}"
    texts = []
    for number, page in enumerate(ElementTree.fromstring(found.replace("\x0c", "")).iter(f"{space}page"), 1):
        height = float(page.attrib["height"])
        lines = []
        for line in page.iter(f"{space}line"):
            left, top, right, bottom = (float(line.attrib[key]) for key in ("xMin", "yMin", "xMax", "yMax"))
            words = " ".join(word.text or "" for word in line.iter(f"{space}word"))
            rect = (left, height - bottom, right, height - top)
            lines.append(TextLine(words, rect, round(bottom - top, 2), "", 0))
        texts.append(PageText(number, (0, 0, float(page.attrib["width"]), height), tuple(lines), 0))
    return texts


BOTH = ("article", "KOMA", "IEEEtran", "LNCS", "revtex", "acmart", "run-in", "German", "no heading")
"""Not those of whose lines Poppler makes other blocks: a short text in two columns, the indented one of amsart."""


@pytest.mark.parametrize("name", BOTH)
def test_what_another_program_reads_hashes_to_the_digest_too(base: Path, name: str) -> None:
    """PDFium's text and Poppler's are put together in different ways; the digest is the record's by either."""
    for number, row in enumerate(ROWS):
        source = HONEST[name](row["abstract"])
        for texts in (
            pages(base, f"{name} {number}", source),
            popplers_pages(folder(base, f"{name} {number}") / "main.pdf"),
        ):
            hit, tried = by_digest(blocks(texts), row["abstract_canon_sha256"])
            assert hit is not None, f"{row['arxiv_id']}: {tried} spellings tried"
            other = ROWS[OTHER[number]]
            assert by_digest(blocks(texts), other["abstract_canon_sha256"])[0] is None


def shown_at(text: str, bottom: float, left: float = 100.0, size: float = 10.0) -> TextLine:
    return TextLine(text, (left, bottom, left + 4.5 * len(text), bottom + 0.8 * size), size, "F", 0)


def test_of_forty_blocks_twelve_are_looked_at() -> None:
    lines = [shown_at("Some Names of People and of Places Here", 780 - 30 * place) for place in range(40)]
    found = blocks([PageText(1, (0, -1000, 612, 792), tuple(lines), 0)])
    assert len(found) <= MAX_BLOCKS
    assert by_digest(found, "0" * 64)[1] <= MAX_TRIED


def test_a_text_to_the_end_of_a_page_is_compared_as_far_as_the_proven_one_is_long() -> None:
    """Nothing on the page says where the abstract ends: all of it may be its beginning, or the paper's text."""
    count = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    texts = [
        f"in lake {first} and in pond {second} we count the pebbles by hand" for first in count for second in count
    ]
    lines = [shown_at(text, 780 - 12 * place) for place, text in enumerate(texts[:50])]
    found = blocks([PageText(1, (0, 0, 612, 792), tuple(lines), 0)], more=True)
    assert [(block.ends, block.open) for block in found] == [((), True)]
    for length in (20, 50, 80):
        hit, same = by_text(found, " ".join(texts[:length]))
        assert hit is None
        assert same == 1.0
    assert by_text(found, "Quite another text of so many words. " * 20)[1] < 0.65


@pytest.mark.parametrize("text", ["Abstract", "Abstract. We show that", "some words of a text", "A well-"])
def test_pages_of_ten_thousand_lines_end(text: str) -> None:
    """What takes the square of the number of lines would take minutes."""
    lines = [shown_at(text, 780 - place / 20, size=8 + place % 7) for place in range(10_000)]
    found = blocks([PageText(1, (0, 0, 612, 792), tuple(lines), 0)])
    assert len(found) <= MAX_BLOCKS
