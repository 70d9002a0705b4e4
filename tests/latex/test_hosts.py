"""Documents whose XMP packet somebody else writes: one packet, with the number in it where its writer lets us in."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from typing import Any

import pikepdf
import pytest

from tests.kit.latex import FULL, RECEIPT, SUFFIX, kpsewhich

NUMBER = f"\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}\n"
BODY = "\\title{T}\\author{A}\\begin{document}\\maketitle Words.\\end{document}\n"
OURS = "{https://pith.science/ns/pith-number/1.0/}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"


def article(before: str = "", after: str = "", *, options: str = "") -> str:
    return f"\\documentclass[{options}]{{article}}\n{before}{NUMBER}{after}{BODY}"


def managed(keys: str = "") -> str:
    return f"\\DocumentMetadata{{{keys}}}\n" + article("\\usepackage[T1]{fontenc}\\usepackage{times}")


def compiled(source: str, engine: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> Any:
    """The paper, after what holds for every host; the log is that of our package."""
    result = compile_tex(tmp_path, source, engine=engine, sty=with_record())
    assert result.returncode == 0, result.log[-2000:]
    assert result.noise == ""
    assert "Package pith Warning" not in result.of_pith()
    subprocess.run(["qpdf", "--check", result.pdf], check=True, stdout=subprocess.DEVNULL)
    found = read_paper(result.pdf)
    assert found.warnings == []
    assert [link["name"] for link in found.links] == ["pith-badge-1"]
    assert "pith:CNPMIFD4" in found.text()
    return found, result.of_pith()


def ours(packet: bytes) -> dict[str, str | None]:
    elements = [element for element in ET.fromstring(packet).iter() if element.tag.startswith(OURS)]
    assert len({element.tag for element in elements}) == len(elements)
    return {element.tag.removeprefix(OURS): element.text for element in elements}


HYPERXMP = {
    "last": article(after="\\usepackage{hyperref}\\usepackage{hyperxmp}\n"),
    "first": article("\\usepackage{hyperxmp}\\usepackage{hyperref}\n"),
}


@pytest.mark.parametrize(
    ("order", "engine"),
    [("last", "pdflatex"), ("first", "pdflatex"), ("last", "xelatex"), ("last", "latex+dvips")],
)
def test_hyperxmp(order: str, engine: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    if order == "first" and "hyperref must be loaded before" in kpsewhich("hyperxmp.sty").read_text("utf-8", "replace"):
        pytest.skip("this hyperxmp stops where hyperref comes after it")
    found, log = compiled(HYPERXMP[order], engine, tmp_path, compile_tex, with_record, read_paper)
    assert "XMP" not in log
    said = ours(found.xmp)
    assert (said["number"], said["receipt"], said["profile"]) == (FULL, RECEIPT, "1"), "underscores stay"
    assert b"DocumentID" in found.xmp
    schemas = [element.text for element in ET.fromstring(found.xmp).iter(f"{SCHEMA}prefix")]
    assert schemas.count("pith") == 1
    assert "xmpMM" in schemas
    assert found.info["/PithNumber"] == FULL


def test_hyperxmp_by_dvipdfmx(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    """It measures its packet by macros that end at two spaces: what comes after these would be typeset."""
    source = article(after="\\usepackage{hyperref}\\usepackage{hyperxmp}\n", options="dvipdfmx")
    found, log = compiled(source, "latex+dvipdfmx", tmp_path, compile_tex, with_record, read_paper)
    assert "XMP" not in log
    assert (ours(found.xmp)["number"], ours(found.xmp)["receipt"]) == (FULL, RECEIPT)
    assert "pdfaProperty" not in found.text()


def test_hyperxmp_without_a_number(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    source = HYPERXMP["last"].replace(f"\\pithnumber{{{SUFFIX}}}", "")
    result = compile_tex(tmp_path, source, sty=with_record())
    assert result.returncode == 0
    assert b"pith" not in read_paper(result.pdf).xmp


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex", "latex+dvips"])
def test_pdf_management(engine: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    found, log = compiled(managed(), engine, tmp_path, compile_tex, with_record, read_paper)
    assert "XMP" not in log
    assert ours(found.xmp)["receipt"] == RECEIPT
    assert (found.info["/PithNumber"], found.info["/PithReceipt"]) == (FULL, RECEIPT)


def test_pdf_management_makes_pdf_a(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    """Properties without their schema would break PDF/A, and this LaTeX has no way to add one."""
    found, log = compiled(managed("pdfstandard=A-2b"), "pdflatex", tmp_path, compile_tex, with_record, read_paper)
    schema_too = ours(found.xmp) != {} and b"<pdfaSchema:prefix>pith<" in found.xmp
    left_out = ours(found.xmp) == {} and "Info: LaTeX's PDF management writes this document's XMP packet" in log
    assert schema_too or left_out
    assert found.info["/PithNumber"] == FULL


def test_pdf_a_4_has_no_info_keys(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    source = managed("pdfstandard=A-4,pdfversion=2.0")
    found, _ = compiled(source, "lualatex", tmp_path, compile_tex, with_record, read_paper)
    assert not [key for key in found.info if "Pith" in key]
    assert ours(found.xmp)["number"] == FULL


@pytest.mark.parametrize(
    ("source", "engine", "owner"),
    [
        (article("\\usepackage[a-2u]{pdfx}"), "pdflatex", "pdfx"),
        (article(after="\\usepackage[a-2u]{pdfx}"), "pdflatex", "pdfx"),
        (article("\\usepackage{xmpincl}"), "pdflatex", "xmpincl"),
    ],
    ids=["pdfx-first", "pdfx-last", "xmpincl"],
)
def test_no_way_in(
    source: str, engine: str, owner: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    found, log = compiled(source, engine, tmp_path, compile_tex, with_record, read_paper)
    assert f"Info: {owner} writes this document's XMP packet" in log
    assert found.info["/PithNumber"] == FULL
    assert found.xmp is None or ours(found.xmp) == {}


@pytest.mark.parametrize("place", ["", "titlepage"], ids=["flow", "margin"])
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_tagged(place: str, engine: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    """After the title a Link in the structure, with its annotation; in the margin nothing of it, and marked so."""
    more = "\\usepackage[T1]{fontenc}\\usepackage{times}"
    source = "\\DocumentMetadata{testphase=phase-II,lang=en,uncompress}\n" + article(after=more, options=place)
    result = compile_tex(tmp_path, source, engine=engine)
    assert result.returncode == 0, result.log[-2000:]
    with pikepdf.open(result.pdf) as pdf:
        links = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Link"]
        marks = [mark for mark in marks_of_badge(pdf.pages[0]) if mark != "/P"]
        assert not pdf.get_warnings()
        if place:
            assert (len(links), set(marks)) == (0, {"/Artifact"})
        else:
            (link,) = links
            assert marks == ["/Link"]
            assert [kid.Obj.NM for kid in link.K if kid.get("/Type") == "/OBJR"] == ["pith-badge-1"]
            assert link.P.S == "/P"
    assert len(read_paper(result.pdf).links) == 1


def marks_of_badge(page: pikepdf.Page) -> list[str]:
    """The marked content that the badge's text stands in; the page's marks must be balanced."""
    marks: list[str] = []
    found: list[str] | None = None
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BMC", "BDC"):
            marks.append(str(operands[0]))
        elif str(operator) == "EMC":
            marks.pop()
        elif str(operator) == "TJ":
            text = b"".join(bytes(part) for part in operands[0] if isinstance(part, pikepdf.String))
            found = [*marks] if b"CNPMIFD4" in text else found
    assert marks == []
    assert found is not None
    return found
