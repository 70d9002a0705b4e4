"""LaTeX and BibTeX formats, typeset: a hostile title is text on the page, and nothing else happens."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypandoc
import pypdfium2
import pytest
import zxingcpp

from pithtex.render.formats import BY_NAME
from pithtex.render.statement import Claims, Statement
from tests.render.samples import HOSTILE, said, stated

pytestmark = pytest.mark.tex

FULL = {
    "standing": said("withdrawn", "anchored in time", text="Wrong: 100 % of it_all."),
    "claims": Claims(words=("replicated",), authors=("Ann Author", r"\Bo {B} and C_D")),
    "checked": date(2026, 11, 24),
}
BADGES = [stated(title, **FULL) for title in HOSTILE.values()]
FONTS = "\\usepackage{iftex}\\ifPDFTeX\\usepackage[T1]{fontenc}\\fi\\usepackage{lmodern}"
WIDE = (
    "\\ifdefined\\pagewidth\\pagewidth=6000pt\\else\\pdfpagewidth=6000pt\\fi"
    "\\textwidth=5700pt\\hsize=5700pt\\hyphenpenalty=10000\\parindent=0pt\\raggedright\\pagestyle{empty}"
)
PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "ˆ": "^", "˜": "~", "\ufffe": "", "\u00ad": "-", "…": "..."}
)
"""Characters that TeX's fonts have in the place of ASCII ones."""


def run(folder: Path, *command: str) -> str:
    """Runs TeX where a title that is obeyed could do all that it wants."""
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300)
    output = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, output[-3000:]
    return output


def typeset(folder: Path, engine: str, source: str) -> str:
    """The text of the PDF, without white space."""
    (folder / "main.tex").write_text(source)
    run(folder, engine, "-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "main.tex")
    assert not [path.name for path in folder.iterdir() if "pwned" in path.name]
    with pypdfium2.PdfDocument(folder / "main.pdf") as opened:
        text = "".join(page.get_textpage().get_text_bounded() for page in opened)
    return "".join(text.translate(PLAIN).split())


def shows(text: str, title: str) -> bool:
    """Whether the title stands there to the letter; a character outside Latin as itself or by its code point."""
    pattern = "".join(
        re.escape(char) if char < "\u0250" or char in "—–" else f"(?:{re.escape(char)}|\\[U\\+{ord(char):04X}\\])"
        for char in "".join(title.translate(PLAIN).split())
    )
    return re.search(pattern, text) is not None


def fragment(name: str, badge: Statement) -> str:
    return BY_NAME[name].render(badge).decode("utf-8" if name == "biblatex" else "ascii")


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
@pytest.mark.parametrize("name", ["latex", "latex-poster"])
def test_titles_are_text(name: str, engine: str, tmp_path: Path) -> None:
    body = "\n\n".join(fragment(name, badge) for badge in BADGES)
    text = typeset(
        tmp_path,
        engine,
        f"\\documentclass{{article}}{FONTS}\\usepackage{{hyperref}}\\begin{{document}}{WIDE}\n{body}\n\\end{{document}}\n",
    )
    for badge in BADGES:
        assert shows(text, badge.label), badge.label[:100]
        assert shows(text, badge.number if name == "latex-poster" else badge.short)
    if name == "latex-poster":
        assert text.count("claimed:replicated") == text.count("anchoredintime") == len(BADGES)


def test_links_lead_to_the_record(tmp_path: Path) -> None:
    """Also within an argument, where TeX has read the address already."""
    import pikepdf

    badge = BADGES[0]
    piece = fragment("latex", badge)
    source = (
        "\\documentclass{article}\\usepackage{hyperref}\\begin{document}\n"
        f"{piece}\\parbox{{5cm}}{{{piece}}}\\footnote{{{piece}}}\\end{{document}}\n"
    )
    typeset(tmp_path, "pdflatex", source)
    with pikepdf.Pdf.open(tmp_path / "main.pdf") as pdf:
        links = [str(note.A.URI) for note in pdf.pages[0].Annots if "/URI" in note.get("/A", {})]
    assert set(links) == {badge.link}
    assert len(links) >= 3


@pytest.mark.parametrize("frame", ["", "[fragile]"])
def test_beamer(frame: str, tmp_path: Path) -> None:
    chosen = [badge for badge in BADGES if len(badge.label) < 500]
    frames = "\n".join(f"\\begin{{frame}}{frame}\n{fragment('latex-beamer', badge)}\\end{{frame}}" for badge in chosen)
    text = typeset(
        tmp_path, "pdflatex", f"\\documentclass{{beamer}}{FONTS}\\begin{{document}}\n{frames}\n\\end{{document}}\n"
    )
    for badge in chosen:
        assert shows(text.replace("\x02", ""), badge.label) or shows(
            text.replace("-", ""), badge.label.replace("-", "")
        ), badge.label[:100]
    assert text.count("claimed:replicated") == len(chosen)
    assert text.count("recordsignaturechecked2026-11-24") == len(chosen)


@pytest.mark.parametrize("cls", ["a0poster", "beamer"])
def test_posters_code_can_be_scanned(cls: str, tmp_path: Path) -> None:
    badge = stated("A Title", **FULL)
    piece = fragment("latex-poster", badge)
    body = {
        "a0poster": f"\\newcommand\\pithmodule{{1mm}}{piece}",
        "beamer": f"\\begin{{frame}}{piece}\\end{{frame}}",
    }[cls]
    text = typeset(tmp_path, "pdflatex", f"\\documentclass{{{cls}}}\\begin{{document}}{body}\\end{{document}}\n")
    assert shows(text, badge.number)
    assert scanned(tmp_path / "main.pdf", 150 if cls == "a0poster" else 300) == [badge.link]


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "tex"])
def test_rules_can_be_scanned(engine: str, tmp_path: Path) -> None:
    """Plain TeX too, which has no package at all."""
    badge = BADGES[0]
    piece = fragment("qr-tex", badge)
    source = (
        f"{piece}\\bye\n"
        if engine == "tex"
        else f"\\documentclass{{article}}\\begin{{document}}Text {piece} text.\\end{{document}}\n"
    )
    typeset(tmp_path, "pdftex" if engine == "tex" else engine, source)
    assert scanned(tmp_path / "main.pdf", 300) == [badge.link]


def scanned(pdf: Path, dpi: int) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return [code.text for code in zxingcpp.read_barcodes(opened[0].render(scale=dpi / 72).to_pil())]


LATIN = [badge for badge in BADGES if all(char < "\u0250" or char in "—–" for char in badge.label)]
"""What the fonts of these tests have."""


@pytest.mark.parametrize(
    ("name", "program", "before", "after"),
    [
        *(
            ("bibtex", "bibtex", "", f"\\bibliographystyle{{{style}}}\\bibliography{{main}}")
            for style in ("plain", "unsrt", "abbrv", "alpha")
        ),
        ("biblatex", "bibtex", "\\usepackage[backend=bibtex,sorting=none]{biblatex}", "\\printbibliography"),
        ("biblatex", "biber", "\\usepackage{biblatex}", "\\printbibliography"),
    ],
)
@pytest.mark.parametrize("claims", [True, False])
def test_bibliographies(name: str, program: str, before: str, after: str, claims: bool, tmp_path: Path) -> None:
    badges = BADGES if name == "bibtex" else LATIN
    if not claims:
        badges = [replace(badge, claims=None) for badge in badges]
    resource = "\\addbibresource{main.bib}" if name == "biblatex" else ""
    (tmp_path / "main.bib").write_text("\n".join(fragment(name, badge) for badge in badges), "utf-8")
    source = (
        f"\\documentclass{{article}}{FONTS}\\usepackage{{url}}{before}{resource}\\begin{{document}}{WIDE}"
        f"X\\nocite{{*}}{after}\\end{{document}}\n"
    )
    typeset(tmp_path, "pdflatex", source)
    report = run(tmp_path, program, "main").lower()
    assert "error" not in report.replace("errors", "")
    assert "warn" not in report.replace("(there were 0 warnings)", "")
    typeset(tmp_path, "pdflatex", source)
    text = typeset(tmp_path, "pdflatex", source)
    for badge in badges:
        assert shows(text, badge.label), badge.label[:100]
        assert shows(text, badge.number)
        assert badge.record.arxiv_id in text
    each = (2 if "{alpha}" in after else 1) if claims else 0  # alpha has the second name in its label too
    assert text.count(r"\Bo{B}andC_D") == each * len(badges)
    assert "evil.Title" not in text


@pytest.mark.parametrize(
    ("title", "key"),
    [("The Zebra", "The Zebra"), ("Ångström: Units", "Angstrom Units"), ("a/b", None), ("中文", None)],
)
def test_what_an_entry_without_author_is_sorted_by(title: str, key: str | None) -> None:
    badge = stated(title)
    assert f"  key = {{{key or badge.number}}},\n" in fragment("bibtex", badge)


@pytest.mark.parametrize("title", [title for name, title in HOSTILE.items() if name not in {"controls", "long"}])
def test_reference_managers_read_a_biblatex_title(title: str) -> None:
    """As pandoc's reader of .bib files does, which knows LaTeX's commands: the title, in whatever script."""
    badge = stated(title)
    entry = json.loads(pypandoc.convert_text(fragment("biblatex", badge), "csljson", format="biblatex"))[0]
    read = re.sub(r"</?span[^>]*>", "", entry["title"])
    assert "\\" not in fragment("biblatex", stated("中文 θ שלום 🙂")).split("title = ")[1].split("\n")[0]
    # A grave accent is a command that no reader knows, since Biber would make a quotation mark of any other.
    assert letters(read).replace("textasciigrave", "") == letters(badge.cited)


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
