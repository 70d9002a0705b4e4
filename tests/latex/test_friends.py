"""Packages that authors load beside this one: every channel is there, and the log has no new complaint."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.latex import FULL, RECEIPT, SUFFIX

PITH = "\\usepackage{pith}"
NUMBER = f"\\pithnumber{{{SUFFIX}}}"
WORDS = "Words of a paper that says nothing. " * 20
BODY = f"\\section{{One}}\\label{{one}} {WORDS}\n\n{WORDS} Section~\\ref{{one}}.\n"


def paper(before: str = "", after: str = "", *, body: str = BODY, cls: str = "{article}", end: str = "") -> str:
    """A paper with PITH between two lots of packages; without the number it is the paper's own baseline."""
    return (
        f"\\documentclass{cls}\n{before}\n{PITH}{NUMBER}\n{after}\n\\title{{T}}\\author{{A}}\n"
        f"\\begin{{document}}\n\\maketitle\n{body}\n{end}\\end{{document}}\n"
    )


TIKZ = (
    "\\usepackage{tikz}\\usetikzlibrary{external}\\tikzexternalize[mode=list and make]",
    "\\begin{tikzpicture}\\draw (0,0) circle (1);\\end{tikzpicture}",
)
BIB = (
    "\\begin{filecontents}[overwrite,noheader]{r.bib}\n@misc{a, title={T}, author={A. B.}, year={2026}}\n"
    "\\end{filecontents}\n"
)
FRIENDS = {
    "hyperref-hidelinks": paper("\\usepackage[hidelinks]{hyperref}"),
    "hyperref-draft": paper(after="\\usepackage[draft]{hyperref}"),
    "hyperref-colorlinks": paper(after="\\usepackage[colorlinks]{hyperref}\\usepackage[dvipsnames]{xcolor}"),
    "class-draft": paper(after="\\usepackage{hyperref}", cls="[draft]{article}"),
    "cleveref": paper(after="\\usepackage{hyperref}\\usepackage{cleveref}", body=BODY + "\\Cref{one}."),
    "pdfprivacy": paper(after="\\usepackage{pdfprivacy}"),
    "french": paper("\\usepackage[french]{babel}"),
    "german": paper("\\usepackage[ngerman]{babel}"),
    "turkish": paper("\\usepackage[turkish]{babel}"),
    "spanish": paper("\\usepackage[spanish]{babel}"),
    "microtype": paper("\\usepackage{microtype}\\usepackage[T1]{fontenc}\\usepackage{times}"),
    "biblatex": BIB
    + paper("\\usepackage[backend=bibtex]{biblatex}\\addbibresource{r.bib}", end="\\printbibliography "),
    "authblk": paper("\\usepackage{authblk}").replace("{A}", "{A}\\affil{Nowhere}"),
    "titling": paper("\\usepackage{titling}", "\\setlength\\droptitle{-1em}"),
    "tikz": paper(TIKZ[0], body=BODY + TIKZ[1]),
    "lineno": paper("\\usepackage{lineno}\\linenumbers"),
    "fancyhdr": paper("\\usepackage{fancyhdr}\\pagestyle{fancy}"),
    "includeonly": "\\begin{filecontents}[overwrite,noheader]{one.tex}\n\\section{In}Words.\n\\end{filecontents}\n"
    + paper(after="\\includeonly{one}", body="\\include{one}\\include{two}Words."),
    "subfiles": "\\begin{filecontents}[overwrite,noheader]{one.tex}\n\\documentclass[main]{subfiles}\n"
    "\\begin{document}\\section{In}Words.\\end{document}\n\\end{filecontents}\n"
    + paper("\\usepackage{subfiles}", body="\\subfile{one}" + BODY),
    "standalone": "\\begin{filecontents}[overwrite,noheader]{one.tex}\n\\documentclass{standalone}\n"
    "\\begin{document}Words.\\end{document}\n\\end{filecontents}\n"
    + paper("\\usepackage{standalone}", body="\\input{one}" + BODY),
}
UNICODE = {
    "fontspec": (paper("\\usepackage{fontspec}"), "xelatex"),
    "polyglossia": (paper("\\usepackage{polyglossia}\\setdefaultlanguage{french}"), "xelatex"),
    "bidi": (paper(after="\\usepackage{bidi}"), "xelatex"),
    "bidi-right-to-left": (paper(after="\\usepackage[RTLdocument]{bidi}"), "xelatex"),
    "xeCJK": (paper("\\usepackage{xeCJK}\\setCJKmainfont{lmroman10-regular.otf}"), "xelatex"),
    "fontspec-lualatex": (paper("\\usepackage{fontspec}"), "lualatex"),
}


def check(source: str, engine: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    plain = compile_tex(tmp_path / "plain", source.replace(PITH, "").replace(NUMBER, ""), engine=engine)
    assert plain.returncode == 0, plain.log[-2000:]
    result = compile_tex(tmp_path / "pith", source, engine=engine, sty=with_record())
    assert (result.returncode, result.of_pith()) == (0, ""), result.log[-2000:]
    assert set(result.complaints) <= set(plain.complaints)
    found = read_paper(result.pdf)
    assert found.warnings == []
    assert found.pages == read_paper(plain.pdf).pages
    (link,) = found.links
    assert (link["page"], link["uri"]) == (1, f"https://pith.science/pith/{SUFFIX}#r={RECEIPT}")
    assert found.text_under(link["rect"]) == "pith:CNPMIFD4"
    assert (found.info["/PithNumber"], found.info["/PithReceipt"]) == (FULL, RECEIPT)
    assert found.xmp.count(f"<pith:receipt>{RECEIPT}</pith:receipt>".encode()) == 1


@pytest.mark.parametrize("name", FRIENDS)
def test_friend(name: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    check(FRIENDS[name], "pdflatex", tmp_path, compile_tex, with_record, read_paper)


@pytest.mark.parametrize("name", UNICODE)
def test_friend_of_unicode(name: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    source, engine = UNICODE[name]
    check(source, engine, tmp_path, compile_tex, with_record, read_paper)


def test_a_page_smaller_than_the_badge(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    """No badge, and yet no error and no lost metadata."""
    size = "\\usepackage[paperwidth=40pt,paperheight=30pt,margin=1pt]{geometry}"
    source = f"\\documentclass{{article}}\n{size}{PITH}{NUMBER}\n\\begin{{document}}Words.\\end{{document}}\n"
    result = compile_tex(tmp_path, source, runs=1)
    assert result.returncode == 0, result.log[-2000:]
    assert "No badge on any page (placement=auto): page 1 is smaller than the badge." in result.of_pith()
    assert "Try placement=auto" not in result.of_pith()
    found = read_paper(result.pdf)
    assert (found.links, found.info["/PithNumber"]) == ([], SUFFIX)
