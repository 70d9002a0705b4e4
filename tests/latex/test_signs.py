"""Any sign that a paper is anonymous withholds the number, whatever its class calls that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.latex import SUFFIX
from tests.latex.test_anonymous import traces

PITH = f"\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}\n"
AT = "\\makeatletter\n"
SWITCH = AT + "\\newif\\if%s\\csname %strue\\endcsname\n"


def paper(before: str = "", *, options: str = "", author: str = "Ann Author", body: str = "\\maketitle\nWords.") -> str:
    return (
        f"\\documentclass[{options}]{{article}}\n{before}{PITH}\\title{{Counting Pebbles}}\n\\author{{{author}}}\n"
        f"\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )


def switch(name: str) -> str:
    return SWITCH % (name, name)


BY_HAND = "\\begin{center}\n{\\Large Counting Pebbles}\\\\\n%s\n\\end{center}\n\\section{One}\nWords."
NAMELESS = AT + "\\renewcommand\\maketitle{{\\Large\\@title\\par}%s}\n"
# A style's own title command, with a switch whose name says nothing.
OWN = AT + "\\newif\\ifcameraready\n%s\\newcommand\\venuetitle{{\\Large\\@title\\par}\\ifcameraready\\@author\\fi}\n"
EMPTIED = AT + "\\AtBeginDocument{\\gdef\\@author{}}\n"
SIGNS = {
    # classes and packages: their options
    "anon": (paper(options="anon"), "the option anon of the class"),
    "doubleblind": (paper(options="11pt,double-blind"), "the option double-blind of the class"),
    "blindrev": (paper(options="blindrev"), "the option blindrev of the class"),
    "anonymized=true": (paper(options="anonymized=true"), "the option anonymized of the class"),
    "nonanonymous=false": (paper(options="nonanonymous=false"), "the option nonanonymous of the class"),
    "mode=blind": (paper(options="mode=blind"), "the option mode of the class"),
    "of a package": (
        paper("\\begin{filecontents}{venue.sty}\n\\DeclareOption*{}\\ProcessOptions\n\\end{filecontents}\n"
              "\\usepackage[anonymise]{venue}\n"),
        "the option anonymise of venue.sty",
    ),
    "review, no author": (paper(NAMELESS % "", options="review"), "\\maketitle, which shows no \\author"),
    "submission, no title": (paper(options="submission", body="Words."), "the option submission of the class"),
    # switches, made in whatever way
    "ifanonsubmission": (paper(switch("anonsubmission")), "the switch anonsubmission"),
    "if@double@blind@": (paper(switch("@double@blind@")), "the switch @double@blind@"),
    "ifXYZ@Anonymous": (paper(switch("XYZ@Anonymous")), "the switch XYZ@Anonymous"),
    "ifBLINDED": (paper(switch("BLINDED")), "the switch BLINDED"),
    "mode@anonymous": (paper(switch("mode@anonymous")), "the switch mode@anonymous"),
    "notanonymous is off": (paper("\\newif\\ifnotanonymous\n"), "the switch notanonymous, which is off"),
    "etoolbox": (
        paper("\\usepackage{etoolbox}\\newtoggle{blindcopy}\\toggletrue{blindcopy}\n"), "the switch blindcopy",
    ),
    "ifthen": (
        paper("\\usepackage{ifthen}\\newboolean{anonymous}\\setboolean{anonymous}{true}\n"), "the class, anonymous",
    ),
    "expl3": (
        paper("\\ExplSyntaxOn\\bool_new:N \\g_my_anon_bool \\bool_gset_true:N \\g_my_anon_bool\\ExplSyntaxOff\n"),
        "the switch g_my_anon_bool",
    ),
    "ASA": (paper("\\newcommand{\\blind}{0}\n"), "the switch blind"),
    "defined": (paper("\\def\\ANON{}\n\\ifdefined\\ANON\\def\\who{}\\else\\def\\who{A}\\fi\n"),
                "ANON, which is defined"),
    "in the text": (
        paper("\\newif\\ifanon\n", body="\\anontrue\\maketitle\nWords."), "the switch anon",
    ),
    # the author
    "withheld": (paper(author="Author name(s) withheld"), "the author `Author name(s) withheld'"),
    "Anonymous": (paper(author="Anonymous Author\\\\Institution"), "the author `Anonymous Author"),
    "Paper 42": (paper(author="Paper 42"), "the author `Paper 42'"),
    "under review": (paper(author="Under review at a conference"), "the author `Under review"),
    "under submission": (paper(author="Under submission to a meeting"), "the author `Under submission"),
    "a switch between authors": (
        paper("\\newif\\ifreview\\reviewtrue\n", author="\\ifreview Anonymous\\else Ann Author\\fi"),
        "the author `Anonymous'",
    ),
    "Paper ID, with ties": (paper(author="Paper~ID~1234"), "the author `Paper~ID~1234'"),
    "a number in the class's macro": (
        paper("\\newcommand\\block[1]{#1}\n", author="\\block{Paper \\#42}"), "the author `\\block {Paper \\#42}'",
    ),
    "omitted": (paper(author="Author(s) omitted"), "the author `Author(s) omitted'"),
    "removed": (
        paper(author="Identifying information has been removed"),
        "the author `Identifying information has been removed'",
    ),
    "Portuguese": (
        paper(author="Autores omitidos para revis\\~ao cega"),
        "the author `Autores omitidos para revis\\~ao cega'",
    ),
    "German": (paper(author="Anonymisiert"), "the author `Anonymisiert'"),
    "Spanish": (paper(author="An\\'onimo"), "the author `An\\'onimo'"),
    "a macro": (
        paper("\\newcommand\\theauthors{Anonymous Author}\n", author="\\theauthors"),
        "the author `Anonymous Author'",
    ),
    "empty": (paper(author=""), "an empty \\author"),
    "gobbled": (paper("\\renewcommand\\author[1]{}\n"), "\\author, which prints nothing"),
    "not printed": (paper(NAMELESS % "Some Body"), "\\maketitle, which shows no \\author"),
    "pdfusetitle": (
        paper("\\usepackage[pdfusetitle]{hyperref}\n" + NAMELESS % ""), "\\maketitle, which shows no \\author",
    ),
    "a title command of its own": (
        paper(OWN % "", body="\\venuetitle\nWords."), "\\author, which no page shows",
    ),
    "title and author in the text": (
        paper(OWN % "", body="\\title{Other}\\author{Ann}\\venuetitle\nWords."), "\\author, which no page shows",
    ),
    "emptied": (paper(EMPTIED), "an empty \\author"),
    "blank": (paper(author=" "), "the author ` '"),
    # authors without a name
    "asterisks": (paper(author="***"), "the author `***'"),
    "XXX": (paper(author="XXXXX XXX\\and XXXX"), "the author `XXXXX XXX\\and XXXX'"),
    "XXX of a university": (paper(author="XXXX\\\\University of Somewhere"), "the author `XXXX\\\\University"),
    "XXX of elsarticle": (
        "\\documentclass{elsarticle}\n" + PITH + "\\begin{document}\\begin{frontmatter}\\title{Counting Pebbles}\n"
        "\\author[a]{XXXX}\\affiliation[a]{organization={XXX}}\\end{frontmatter}Words.\\end{document}\n",
        "the author `\\def",
    ),
    "bold asterisks": (paper(author="\\textbf{***}\\thanks{Names follow.}"), "the author `\\textbf {***}"),
    "a dash": (paper(author="---"), "the author `---'"),
    "a number": (paper(author="~1234"), "the author `~1234'"),
    "a tie": (paper(author="~"), "the author `~'"),
    "phantom": (paper(author="\\phantom{Ann Author}"), "the author `\\phantom {Ann Author}'"),
    "white": (
        paper("\\usepackage{xcolor}\n", author="\\textcolor{white}{Ann Author}"),
        "the author `\\textcolor {white}{Ann Author}'",
    ),
    "by hand": (paper(body=BY_HAND % "Anonymous Authors", author="Ann"), "the line `Anonymous Authors'"),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_withholds(name: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    source, reason = SIGNS[name]
    result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert result.returncode == 0, result.log[-2000:]
    assert traces(result.pdf) == []
    assert f"Package pith Warning: Anonymous paper ({reason}" in result.of_pith()
    assert "anonymous=false brings everything back." in result.of_pith()


# The word for it in other alphabets, and with an accent, as bytes or as characters.
LETTERS = (
    ("pdflatex", "An\u00f3nimo"), ("pdflatex", "An\u00f4nimo"), ("lualatex", "Autor an\u00f3nimo"),
    ("lualatex", "\u0410\u043d\u043e\u043d\u0438\u043c\u043d\u044b\u0439"), ("xelatex", "\u533f\u540d\u4f5c\u8005"),
)  # fmt: skip


@pytest.mark.parametrize(("engine", "author"), LETTERS)
def test_a_sign_in_other_letters(engine: str, author: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    (tmp_path / "author.tex").write_text(f"\\author{{{author}}}\n", encoding="utf-8")
    source = paper().replace("\\author{Ann Author}", "\\input{author}")
    result = compile_tex(tmp_path, source, engine, sty=with_record(), runs=1)
    assert (result.returncode, traces(result.pdf)) == (0, [])
    assert "Anonymous paper (the author `" in result.of_pith()


TESTS = {
    "\\newcommand\\review{1}": "\\ifnum\\review=1 Anonymous Submission\\else Ann Author\\fi",
    "\\def\\mode{review}\\def\\review{review}": "\\ifx\\mode\\review\\textbf{Anonymous} Authors\\else Ann\\fi",
    "\\def\\forreview{}": "\\ifdefined\\forreview Anonymous\\else Ann Author\\fi",
    "\\newcount\\review\\review=1": "\\ifcase\\review Ann Author\\or Anonymous\\fi",
    "\\newif\\ifreview\\reviewtrue": "\\ifreview\\textbf{Anonymous}\\else\\textbf{Ann}\\fi",
    "\\usepackage{ifthen}\\newboolean{hide}\\setboolean{hide}{true}":
        "\\ifthenelse{\\boolean{hide}}{Anonymous}{Ann Author}",
}  # fmt: skip


@pytest.mark.parametrize("preamble", TESTS)
def test_an_author_behind_a_test(preamble: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble + "\n", author=TESTS[preamble]), sty=with_record(), runs=1)
    assert (result.returncode, traces(result.pdf)) == (0, [])
    assert "Anonymous paper (the author" in result.of_pith()


NO_SIGN = {
    "an anonymous donor": paper(author="Ann\\thanks{An anonymous donor paid, the anonymous readers read.}"),
    "a valley": paper(author="Ann Author\\\\ Hidden Valley Institute for the Blind"),
    "a counter": paper(author="\\ifnum\\value{page}=1 Ann\\else Bob\\fi"),
    "authblk, two": paper("\\usepackage{authblk}\n", author="Ann}\\author[2]{Bob}\\affil[2]{Institute"),
    "Papernot": paper(author="Papernot, Nicolas"),
    "a title command of its own, published": paper(OWN % "\\camerareadytrue\n", body="\\venuetitle\nWords."),
    "in the text, published": paper(
        OWN % "\\camerareadytrue\n", body="\\title{Other}\\author{Ann}\\venuetitle\nWords."
    ),
    "the title by command, the author by hand": paper(
        "\\usepackage[pdfusetitle]{hyperref}\n" + AT, body="{\\Large\\@title\\par}A. Author\n\nWords."
    ),
    "titling": paper("\\usepackage{titling}\n", body="{\\Large\\thetitle\\par}\\theauthor\n\nWords."),
    "no title on the page": paper(body="\\section*{One}Words."),
    "no author at all": paper(EMPTIED).replace("\\author{Ann Author}", ""),
    "a phantom beside the name": paper(author="Ann Author\\phantom{1}"),
    "Xu": paper(author="X. Xi"),
    "one letter": paper(author="X"),
    "an address with letters left out": paper(author="Ann\\\\\\texttt{xxx@example.org}, 0000-0001-XXXX, X-XXX"),
    "names by commands": paper("\\newcommand\\me{Ann}\n", author="\\me\\and\\me"),
    "asterisks behind a switch that is off": paper("\\newif\\ifreview\n", author="\\ifreview***\\else Ann\\fi"),
    "a title": paper(body="\\maketitle").replace("Counting Pebbles", "Double-Blind Review of Anonymous Papers"),
    "canonical": paper(switch("canonical")),
    "single-blind": paper(switch("singleblind"), options="singleblind"),
    "for the colour-blind": paper(switch("colorblind"), options="colorblind"),
    "blindtext": paper("\\usepackage{blindtext}\\blindmathtrue\n"),
    "off": paper("\\newif\\ifanonymous\\newif\\ifblindreview\n"),
    "notanonymous is on": paper(switch("notanonymous")),
    "both, and off": paper("\\newif\\ifblindrev\\newif\\ifnonblindrev\n"),
    "nonblindrev": paper(options="nonblindrev"),
    "anonymous=false of the class": paper(options="anon=false"),
    "review, with the author": paper(options="review"),
    "ASA": paper("\\newcommand{\\blind}{1}\n"),
    "toggle": paper("\\usepackage{etoolbox}\\newtoggle{blindcopy}\n"),
    "reviewers": paper(author="Ann Author\\thanks{We thank the anonymous reviewers.}"),
    "the other branch": paper("\\newif\\ifreview\n", author="\\ifreview Anonymous\\else Ann Author\\fi"),
    "ifnum": paper("\\newcommand\\review{0}\n", author="\\ifnum\\review=1 Anonymous\\else\\textbf{Ann}\\fi"),
    "ifx": paper("\\def\\mode{final}\n", author="\\ifx\\mode\\review Anonymous\\else\\textbf{Ann}\\thanks{X}\\fi"),
    "a switch in bold": paper("\\newif\\ifreview\n", author="\\ifreview\\textbf{Anonymous}\\else\\textbf{Ann}\\fi"),
    "ifthenelse, and a switch that is off": paper(
        "\\usepackage{ifthen}\\newboolean{anon}\n", author="\\ifthenelse{\\boolean{anon}}{Anonymous}{Ann Author}"
    ),
    "thanks": paper(author="Ann Author\\thanks{Under submission to a journal.}"),
    "authblk": paper("\\usepackage{authblk}\n", author="Ann Author"),
    "words in the text": paper(body="\\maketitle\n\\section{One}\nAnonymous authors had it blinded for review."),
    "undone": paper(options="doubleblind").replace("{pith}", "[anonymous=false]{pith}"),
}


@pytest.mark.parametrize("name", NO_SIGN)
def test_what_is_no_sign(name: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, NO_SIGN[name], sty=with_record(), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    assert len(read_paper(result.pdf).links) == 1


def test_a_title_that_comes_after_a_cover(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    """Where \\maketitle is in another file, too."""
    (tmp_path / "front.tex").write_text("\\maketitle\n", encoding="ascii")
    source = paper(OWN % "", body="Cover\\newpage\n\\input{front}\nWords.")
    result = compile_tex(tmp_path, source, sty=with_record())
    assert (result.returncode, result.of_pith()) == (0, "")
    assert [link["page"] for link in read_paper(result.pdf).links] == [2]


# As LaTeX has \author in documents with \DocumentMetadata since 2025, and \title.
METADATA = (
    "\\RenewDocumentCommand\\author{O{}m}{\\gdef\\@author{#2}}\n"
    "\\RenewDocumentCommand\\title{O{}m}{\\gdef\\@title{#2}}\n"
)


@pytest.mark.parametrize("name", ["empty", "not printed", "a title command of its own", "title and author in the text"])
def test_an_author_with_an_optional_argument(name: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    source, reason = SIGNS[name]
    result = compile_tex(tmp_path, source.replace(PITH, PITH + AT + METADATA), sty=with_record(), runs=1)
    assert (result.returncode, traces(result.pdf)) == (0, [])
    assert f"Anonymous paper ({reason}" in result.of_pith()


@pytest.mark.parametrize("name", ["review, with the author", "in the text, published"])
def test_such_an_author_who_is_shown(
    name: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    source = NO_SIGN[name].replace(PITH, PITH + AT + METADATA)
    result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    assert len(read_paper(result.pdf).links) == 1


FILES = {
    # Classes with the traits of MIDL's and ECAI's; the package is one that lies beside the paper.
    "class": ("meeting.cls", "\\documentclass[secret]{meeting}", "\\newif\\ifanonsubmission\n"
              "\\DeclareOption{secret}{\\anonsubmissiontrue}\\ProcessOptions\\LoadClass{article}\n"),
    "style": ("venue.sty", "\\documentclass{article}\\usepackage{venue}",
              "\\newif\\if@double@blind@\\@double@blind@true\n"),
    "preamble": ("preamble.tex", "\\documentclass{article}\\input{preamble}", "\\newif\\ifblinded\\blindedtrue\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_switches_of_other_files(name: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    file, first, content = FILES[name]
    (tmp_path / file).write_text("% \\newif\\ifotherwise\n" * 50 + content, encoding="ascii")
    source = f"{first}\n{PITH}\\title{{T}}\\author{{Ann}}\\begin{{document}}\\maketitle Words.\\end{{document}}\n"
    result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert (result.returncode, traces(result.pdf)) == (0, [])
    assert "Anonymous paper (the switch" in result.of_pith()


# What stands in a style, and the whole name of the switch in it. The last has no line's end, and is the file's end.
NAMES = {
    "\\newif\\ifanonsubmission\n\\anonsubmissiontrue\n": "anonsubmission",
    "\\newif\\ifmyanon \\myanontrue\n": "myanon",
    "\\newif\\ifan@anon@blind@x\\an@anon@blind@xtrue\n": "an@anon@blind@x",
    "\\newif\\ifANONYMISED{}\\ANONYMISEDtrue\n": "ANONYMISED",
    "\\newif\\ifanonanon%\n\\anonanontrue\n": "anonanon",
    "\\newif\\ifpaperBlind\n\\csname paperBlindtrue\\endcsname\n": "paperBlind",
    "\\expandafter\\let\\csname ifmyblind\\expandafter\\endcsname\\csname iftrue\\endcsname%myblind": "myblind",
}


@pytest.mark.parametrize("content", NAMES)
def test_the_whole_name_of_a_switch_is_read(content: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    (tmp_path / "venue.sty").write_text(content, encoding="ascii")
    result = compile_tex(tmp_path, paper("\\usepackage{venue}\n"), sty=with_record(), runs=1)
    assert (result.returncode, traces(result.pdf)) == (0, [])
    assert f"Anonymous paper (the switch {NAMES[content]}):" in result.of_pith()


@pytest.mark.parametrize("late", ["\\pithsetup{anonymous}", "\\anontrue"])
def test_a_sign_that_comes_after_page_1(late: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    """The first run cannot know it, and says so; the next one withholds, and so does every one after it."""
    source = paper("\\newif\\ifanon\n", body=f"\\maketitle\nWords.\\newpage\n{late} More.")
    first = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert "Compile once more: the next run leaves it out." in first.of_pith()
    for _ in range(2):
        result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
        assert (result.returncode, traces(result.pdf)) == (0, [])
    back = compile_tex(tmp_path, source.replace(late, ""), sty=with_record())
    assert len(traces(back.pdf)) == 4
