"""Papers under anonymous review carry nothing of the number, whoever says that they are anonymous."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
NUMBER = f"\\pithnumber{{{SUFFIX}}}"
BODY = "\\title{T}\\author{A. Author}\n\\begin{document}\n\\maketitle\nWords.\n\\end{document}\n"
LATE = "\\begin{document}\n\\title{T}\\author{A. Author}\\maketitle\nWords.\n\\end{document}\n"


def paper(
    options: str = "", *, before: str = "", cls: str = "{article}", number: str = NUMBER, body: str = BODY
) -> str:
    return f"\\documentclass{cls}\n{before}\n\\usepackage[{options}]{{pith}}{number}\n{body}"


def content(pdf: Path) -> bytes:
    """Every byte of the file, with its streams decoded."""
    plain = io.BytesIO()
    with pikepdf.open(pdf) as opened:
        opened.save(
            plain,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            normalize_content=True,
        )
    return pdf.read_bytes() + plain.getvalue()


def traces(pdf: Path) -> list[bytes]:
    """What of the number, its link and its record is in the file, in any case of letters and as UTF-16."""
    data = content(pdf).lower()
    words = [b"pith", SUFFIX[:8].lower().encode(), b"p1.", b"135ec4147cd3"]
    return [word for word in words if word in data or b"\0".join(word[i : i + 1] for i in range(len(word))) in data]


def test_what_the_traces_are_of_a_paper_that_is_not_anonymous(
    tmp_path: Any, compile_tex: Any, with_record: Any
) -> None:
    result = compile_tex(tmp_path, paper(), sty=with_record(), runs=1)
    assert len(traces(result.pdf)) == 4


HYPERXMP = "\\usepackage{hyperref}\\usepackage{hyperxmp}\\hypersetup{pdftitle={T}}"


@pytest.mark.parametrize(
    "source",
    [
        paper("anonymous"),
        paper("anonymous=true,qr,style=text"),
        paper("", number="\\pithsetup{anonymous}" + NUMBER),
        paper("", number=NUMBER + "\\pithsetup{anonymous}"),
        paper("anonymous,placement=margin"),
        paper("anonymous,placement=none"),
        paper("anonymous", body="\\begin{document}No title.\\end{document}"),
        paper("anonymous", number="", body=BODY.replace("\\maketitle", NUMBER + "\\maketitle")),
        paper("anonymous", number="", body=BODY.replace("\\maketitle", "\\maketitle" + NUMBER)),
        paper("anonymous", number=NUMBER, body=BODY.replace("\\maketitle", "\\maketitle" + NUMBER)),
        paper(body=BODY.replace("\\maketitle", "\\pithsetup{anonymous}\\maketitle")),
        paper("anonymous", before=HYPERXMP),
        "\\DocumentMetadata{}\n" + paper("anonymous"),
    ],
    ids=["option", "loud", "before", "after", "margin", "none", "no-title", "in-text", "after-title", "twice",
         "setup-in-text", "hyperxmp", "pdfmanagement"],
)  # fmt: skip
def test_nothing_is_left(source: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert result.returncode == 0, result.log[-2000:]
    assert traces(result.pdf) == []
    assert "Package pith Warning" not in result.of_pith()
    note = " ".join(result.log.replace("(pith)", " ").split())
    assert "Package pith Info: Anonymous paper (the option anonymous): no badge, no link, no metadata." in note
    assert "leave \\pithnumber and this pith.sty with its record out of what you upload for review." in note
    assert "anonymous=false brings everything back." in note


@pytest.mark.parametrize("engine", ["lualatex", "xelatex"])
def test_nothing_is_left_by_other_engines(engine: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    result = compile_tex(tmp_path, paper("anonymous"), engine=engine, sty=with_record(), runs=1)
    assert result.returncode == 0
    assert traces(result.pdf) == []


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
def test_a_style_with_a_comment_in_latin_1_is_searched_all_the_same(
    engine: str, tmp_path: Any, compile_tex: Any, with_record: Any
) -> None:
    style = "%% d\xe9but\n\\newif\\ifblindcopy\n\\blindcopy%s\n%% \xfcber\n"
    traced = {}
    for switch in ("true", "false"):
        (tmp_path / "local.sty").write_bytes((style % switch).encode("latin-1"))
        result = compile_tex(tmp_path, paper(before="\\usepackage{local}"), engine=engine, sty=with_record(), runs=1)
        assert result.returncode == 0, result.log[-2000:]
        traced[switch] = traces(result.pdf)
    assert traced["true"] == []
    assert traced["false"] != []


def test_without_a_record_the_log_names_the_number_alone(tmp_path: Any, compile_tex: Any) -> None:
    result = compile_tex(tmp_path, paper("anonymous"), runs=1)
    note = " ".join(result.log.replace("(pith)", " ").split())
    assert "leave \\pithnumber out of what you upload" in note


# Of each style the switch that it sets, by itself. Read in the styles named; nothing is copied from them.
AT = "\\makeatletter "
AFFILIATION = "\\affiliation{\\institution{X}\\country{Y}}"
ACM = BODY.replace("Author}", "Author}" + AFFILIATION)
AAS = LATE.replace("\\maketitle", "\\affiliation{X}\\nocollaboration{1}\\maketitle")
NEURIPS = "\\newif\\if@neuripsfinal\\newif\\if@preprint"  # neurips_2020 ... neurips_2026.sty
NEURIPS26 = NEURIPS + "\\newif\\if@anonymous\\@anonymoustrue "  # neurips_2026.sty
CVPR = "\\usepackage{etoolbox}\\newtoggle{cvprfinal}"  # cvpr.sty of github.com/cvpr-org/author-kit
CAS = "\\usepackage{natbib}\\def\\tsc#1{#1}\\shorttitle{T}\\shortauthors{A}"
STYLES: dict[str, tuple[str, str]] = {
    # acmart.cls: the class option; `review` is about line numbers
    "any class": (paper(cls="[anonymous]{article}"), "the option anonymous of the class"),
    "acmart anonymous": (paper(cls="[anonymous,review,nonacm]{acmart}", body=ACM), "acmart, anonymous"),
    "acmart setup": (
        paper(cls="[nonacm]{acmart}", before="\\acmConference{a}{b}{c}\\setkeys{acmart.cls}{anonymous=true}", body=ACM),
        "acmart, anonymous",
    ),
    "acmart review": (paper(cls="[review,nonacm]{acmart}", body=ACM), ""),
    "acmart false": (paper(cls="[anonymous=false,nonacm]{acmart}", body=ACM), ""),
    "acmart overruled": (paper("anonymous=false", cls="[anonymous,nonacm]{acmart}", body=ACM), ""),
    "aastex": (paper(cls="{aastex631}", before="\\anonymoustrue", body=AAS), "the class, anonymous"),
    "aastex published": (paper(cls="{aastex631}", body=AAS), ""),
    # iacrtrans.cls, iacrcc.cls: version=submission, unless notanonymous
    "iacr": (paper(before=AT + "\\newif\\if@anonymous\\@anonymoustrue"), "the class, anonymous"),
    "iacr published": (paper(before=AT + "\\newif\\if@anonymous"), ""),
    # lipics-v2021.cls, oasics-v2021.cls: \\let\\authoranonymous\\relax or undefined
    "lipics": (paper(before="\\let\\authoranonymous\\relax"), "lipics, anonymous"),
    "elsarticle": (paper(cls="[doubleblind]{elsarticle}", body=LATE), "elsarticle, doubleblind"),
    "elsarticle published": (paper(cls="{elsarticle}", body=LATE), ""),
    "cas": (paper(cls="[doubleblind]{cas-sc}", before=CAS, body=LATE), "CAS, doubleblind"),
    "apa7": (paper(cls="[man,mask]{apa7}", before="\\shorttitle{T}\\affiliation{X}"), "apa, mask"),
    "apa7 published": (paper(cls="[man]{apa7}", before="\\shorttitle{T}\\affiliation{X}"), ""),
    "neurips": (paper(before=AT + NEURIPS), "NeurIPS submission"),
    "neurips final": (paper(before=AT + NEURIPS + "\\@neuripsfinaltrue"), ""),
    "neurips preprint": (paper(before=AT + NEURIPS + "\\@preprinttrue"), ""),
    "neurips 2026": (paper(before=AT + NEURIPS26), "NeurIPS submission"),
    "neurips 2026 single-blind": (paper(before=AT + NEURIPS26 + "\\@anonymousfalse"), ""),
    "neurips 2026 preprint": (paper(before=AT + NEURIPS26 + "\\@preprinttrue\\@anonymousfalse"), ""),
    # corl_2024.sty
    "corl": (paper(before=AT + "\\newif\\if@conferencefinal\\newif\\if@preprinttype"), "CoRL submission"),
    "corl final": (paper(before=AT + "\\newif\\if@conferencefinal\\@conferencefinaltrue"), ""),
    # icml2024.sty, icml2026.sty: \\isaccepted with the option accepted, \\ispreprint with preprint
    "icml": (paper(before=AT + "\\def\\ICML@appearing{}"), "ICML submission"),
    "icml accepted": (paper(before=AT + "\\def\\ICML@appearing{}\\def\\isaccepted{1}"), ""),
    "icml preprint": (paper(before=AT + "\\def\\ICML@appearing{}\\def\\ispreprint{1}"), ""),
    # iclr2024_conference.sty: \\iclrfinalcopy, after the packages
    "iclr": (paper(before="\\newif\\ificlrfinal\\def\\iclrfinalcopy{\\iclrfinaltrue}"), "ICLR submission"),
    "iclr final": (
        paper(before="\\newif\\ificlrfinal\\def\\iclrfinalcopy{\\iclrfinaltrue}", body="\\iclrfinalcopy" + BODY), ""
    ),
    # colm2025_conference.sty of github.com/COLM-org/Template
    "colm": (paper(before="\\newif\\ifcolmsubmission\\colmsubmissiontrue"), "COLM submission"),
    "colm preprint": (paper(before="\\newif\\ifcolmsubmission"), ""),
    # tmlr.sty of github.com/JmlrOrg/tmlr-style-file: preprint sets accepted, too
    "tmlr": (paper(before=AT + "\\expandafter\\def\\csname ver@tmlr.sty\\endcsname{}\\newif\\if@accepted"),
             "TMLR submission"),
    "accepted elsewhere": (paper(before=AT + "\\newif\\if@accepted"), ""),
    # aistats2025.sty
    "aistats": (paper(before=AT + "\\def\\AISTATS@appearing{}\\def\\statePaper{0}"), "AISTATS submission"),
    "aistats accepted": (paper(before=AT + "\\def\\AISTATS@appearing{}\\def\\statePaper{1}"), ""),
    # acl.sty of github.com/acl-org/acl-style-files, acl2020.sty
    "acl": (paper(before=AT + "\\newif\\ifacl@anonymize\\acl@anonymizetrue"), "ACL, review"),
    "acl final": (paper(before=AT + "\\newif\\ifacl@anonymize"), ""),
    "acl 2020": (paper(before="\\newif\\ifaclfinal"), "ACL, review"),
    "cvpr": (paper(before=CVPR), "CVPR, review"),
    "cvpr final": (paper(before=CVPR + "\\toggletrue{cvprfinal}"), ""),
    "iccv 2019": (paper(before="\\newif\\ificcvfinal"), "ICCV, review"),  # iccv.sty of 2019
    "wacv 2021 final": (paper(before="\\newif\\ifwacvfinal\\wacvfinaltrue"), ""),  # wacv.sty of 2021
    # eccv.sty of github.com/eccv24/paper-template
    "eccv": (paper(before=AT + "\\newif\\ifeccv@review\\eccv@reviewtrue"), "ECCV, review"),
    # bmvc2k.cls of github.com/BritishMachineVisionAssociation/BMVCTemplate
    "bmvc": (paper(before=AT + "\\newif\\ifbmv@review\\bmv@reviewtrue"), "BMVC, review"),
    # aaai25.sty
    "aaai": (paper(before=AT + "\\def\\showauthors@on{}"), "AAAI, submission"),
    "aaai final": (paper(before=AT + "\\def\\showauthors@on{T}"), ""),
    # Interspeech.cls of 2025
    "interspeech": (paper(before="\\newif\\ifinterspeechfinal"), "Interspeech submission"),
}  # fmt: skip


@pytest.mark.parametrize("name", STYLES)
def test_what_a_style_calls_anonymous(name: str, tmp_path: Any, compile_tex: Any, with_record: Any) -> None:
    source, reason = STYLES[name]
    result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert result.returncode == 0, result.log[-2000:]
    assert (traces(result.pdf) == []) == bool(reason)
    if reason:
        assert f"Anonymous paper ({reason}):" in result.of_pith()
    else:
        assert "Anonymous" not in result.of_pith()


def test_asking_makes_no_name(tmp_path: Any, compile_tex: Any) -> None:
    """lipics and ICML look whether a name exists: that it does must not be our doing."""
    names = ["authoranonymous", "isaccepted", "ispreprint", "if@neuripsfinal", "ifaclfinal", "showauthors@on"]
    tests = "".join(f"\\ifcsname {name}\\endcsname\\errmessage{{{name}}}\\fi" for name in names)
    source = paper(body=BODY.replace("\\maketitle", tests + "\\maketitle" + tests))
    assert compile_tex(tmp_path, source, runs=1).returncode == 0
