"""The packet, HTML, and what the file itself must not contain."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.kit.latex import RECEIPT, SOURCES

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
FULL = f"pith:2026:{SUFFIX}"
STY = Path(__file__).parents[2] / "latex" / "pith.sty"
NUMBER = f"\\pithnumber{{{SUFFIX}}}"
BODY = "\\title{T}\\author{A}\\begin{document}\\maketitle Words.\\end{document}\n"


def test_xmp_is_well_formed_and_describes_its_properties(
    tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    source = f"\\documentclass{{article}}\n\\usepackage{{pith}}{NUMBER}\n{BODY}"
    found = read_paper(compile_tex(tmp_path, source, sty=with_record(), runs=1).pdf)
    assert not found.xmp_filtered
    root = ET.fromstring(found.xmp)
    ours = "{https://pith.science/ns/pith-number/1.0/}"
    values = {e.tag.removeprefix(ours): e.text for e in root.iter() if e.tag.startswith(ours)}
    assert list(values) == ["number", "canonicalSHA256", "receipt", "profile"]
    assert values["number"] == FULL
    assert values["receipt"] == found.info["/PithReceipt"]
    assert values["profile"] == "1"
    described = [e.text for e in root.iter("{http://www.aiim.org/pdfa/ns/property#}name")]
    assert described == list(values)


def html_of(tmp_path: Path, sty: str, head: str, title: str) -> str:
    """LaTeXML's XML, which arXiv's HTML is made of; it reads the package as arXiv does, and without a complaint."""
    (tmp_path / "pith.sty").write_text(sty, encoding="ascii")
    (tmp_path / "main.tex").write_text(head + BODY.replace("\\maketitle", f"{title} "))
    command = ["latexml", "--includestyles", "--preload=latexml.sty", "--dest=main.xml", "main.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "No obvious problems" in done.stderr
    return (tmp_path / "main.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("title", ["\\maketitle", ""], ids=["title", "no-title"])
def test_html(title: str, tmp_path: Path, with_record: Any) -> None:
    head = f"\\documentclass{{article}}\n\\usepackage[placement=margin]{{pith}}{NUMBER}\n"
    xml = html_of(tmp_path, with_record(), head, title)
    assert xml.count(f'href="https://pith.science/pith/{SUFFIX}#r={RECEIPT}"') == 1
    assert xml.count(">pith:CNPMIFD4<") == 1


def test_html_of_another_number_has_no_receipt(tmp_path: Path, with_record: Any) -> None:
    other = "A" * 26
    head = f"\\documentclass{{article}}\n\\usepackage{{pith}}\\pithnumber{{{other}}}\n"
    assert f'href="https://pith.science/pith/{other}"' in html_of(tmp_path, with_record(), head, "\\maketitle")


def test_html_by_tex4ht(tmp_path: Path, with_record: Any) -> None:
    (tmp_path / "pith.sty").write_text(with_record(), encoding="ascii")
    source = f"\\documentclass{{article}}\n\\usepackage{{pith}}{NUMBER}\n{BODY}"
    (tmp_path / "main.tex").write_text(source, encoding="ascii")
    done = subprocess.run(["make4ht", "main.tex"], cwd=tmp_path, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    html = (tmp_path / "main.html").read_text(encoding="utf-8")
    link = re.search(r"<a\s+class='pith-badge'\s+href='([^']*)'>(.*?)</a>", html, re.S)
    assert link is not None, html
    assert link[1] == f"https://pith.science/pith/{SUFFIX}#r={RECEIPT}"
    assert "pith:CNPMIFD4" in re.sub(r"<[^>]*>|\s", "", link[2])


@pytest.mark.parametrize(
    ("of_class", "of_package", "setup"),
    [
        ("anonymous", "", ""),
        ("", "anonymous", ""),
        ("", "placement=margin,anonymous=true", ""),
        ("", "placement=none", ""),
        ("", "", "\\pithsetup{anonymous}"),
    ],
)
def test_html_without_a_badge(of_class: str, of_package: str, setup: str, tmp_path: Path, with_record: Any) -> None:
    head = f"\\documentclass[{of_class}]{{article}}\n\\usepackage[{of_package}]{{pith}}{setup}{NUMBER}\n"
    assert "pith.science" not in html_of(tmp_path, with_record(), head, "\\maketitle")


def test_old_kernel_gets_one_error(tmp_path: Any, compile_tex: Any) -> None:
    source = f"\\def\\fmtversion{{2020-10-01}}\\documentclass{{article}}\n\\usepackage{{pith}}{NUMBER}\n{BODY}"
    result = compile_tex(tmp_path, source, runs=1, halt=False)
    assert re.findall(r"^! .*", result.log, re.M) == ["! Package pith Error: LaTeX 2022-11-01 or later is needed."]


def test_plain_tex_gets_a_clear_error(tmp_path: Any, compile_tex: Any) -> None:
    result = compile_tex(tmp_path, "\\input pith.sty\nWords.\\bye\n", engine="pdftex", runs=1, halt=False)
    assert re.findall(r"^! .*", result.log, re.M) == [
        "! pith.sty is a LaTeX package: it cannot be used with plain TeX."
    ]


def test_committed_file_is_what_the_documented_source_gives(tmp_path: Any) -> None:
    for name in SOURCES:
        shutil.copy(STY.with_name(name), tmp_path)
    subprocess.run(["tex", "-interaction=batchmode", "pith.ins"], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / "pith.sty").read_text("ascii") == STY.read_text("ascii"), "run: make sty"


def test_file() -> None:
    """What arXiv's scanner would misread, and the shape the generator relies on."""
    text = STY.read_text(encoding="ascii")
    for literal in ("\\input", "\\includegraphics", "\\RequirePackage{", "\\usepackage{hyperref}", "\\pdfoutput="):
        assert literal not in text
    assert text.count("%%<pith-record>\n") == 1
    assert max(map(len, text.splitlines())) <= 100
    declared = set(re.findall(r"\\\w+_(?:new|const):N\w* (\\[lgc]__pith_\w+)", text))
    used = set(re.findall(r"\\[lgc]__pith_\w+", text))
    assert used == declared
    assert set(re.findall(r"\\__(?!pith_)\w+", text)) == set()
