"""What the badge looks like: styles, ink and font, which the document's own packages must not change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pithtex.pdf.check import check_pdf

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
SHORT = "pith:CNPMIFD4"
NUMBER = f"\\pithnumber{{{SUFFIX}}}"
BODY = "\\title{T}\\author{A}\n\\begin{document}\n\\maketitle\nWords.\n\\end{document}\n"
LOUD = (
    "\\usepackage{xcolor}\\usepackage{mathptmx}\\usepackage[T1]{fontenc}\\AtBeginDocument{\\color{yellow}}\n"
    "\\renewcommand\\ttdefault{pcr}\\renewcommand\\familydefault{\\sfdefault}\n"
)
"""Packages that colour the text and replace its fonts."""
STYLES = {"badge": SHORT, "short": SHORT, "text": f"Pith Number {SHORT}"}


def paper(options: str = "", before: str = "", cls: str = "{article}") -> str:
    return f"\\documentclass{cls}\n{before}\\usepackage[{options}]{{pith}}{NUMBER}\n{BODY}"


def show_operations(pdf: Path) -> list[tuple[str, str, float | None]]:
    """Each text-showing operator of page 1: its text as Latin-1, the base font, the fill as DeviceGray if it is one."""
    shown: list[tuple[str, str, float | None]] = []
    with pikepdf.open(pdf) as opened:
        page = opened.pages[0]
        fonts = {name: str(font.get("/BaseFont", "a bitmap")) for name, font in page.Resources.Font.items()}
        font, fill, saved = "", 0.0, []
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "q":
                    saved.append(fill)
                case "Q":
                    fill = saved.pop()
                case "g":
                    fill = float(operands[0])
                case "rg" | "k" | "sc" | "scn":
                    fill = None
                case "Tf":
                    font = fonts[str(operands[0])]
                case "TJ" | "Tj":
                    pieces = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
                    texts = (bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                    shown.append((b"".join(texts).decode("latin-1"), font, fill))
    return shown


def contrast(one: float, other: float) -> float:
    """Of two greys, by WCAG 2.2: relative luminance and contrast ratio."""
    light, dark = sorted(((v + 0.055) / 1.055) ** 2.4 if v > 0.04045 else v / 12.92 for v in (one, other))[::-1]
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("before", ["", LOUD], ids=["plain", "loud"])
@pytest.mark.parametrize("style", STYLES)
def test_style(style: str, before: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(f"style={style}", before), sty=with_record(), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    shown = [(text, font, fill) for text, font, fill in show_operations(result.pdf) if "CNPMIFD4" in text]
    assert len(shown) == 1
    text, font, fill = shown[0]
    assert text == SHORT
    assert font.endswith("+CMTT8")
    assert fill is not None
    assert contrast(fill, 1) >= 4.5
    found = read_paper(result.pdf)
    (link,) = found.links
    assert link["contents"] == f"Pith Number pith:2026:{SUFFIX}, link to its record"
    x0, y0, x1, y1 = link["rect"]
    left, bottom, right, top = found.box_of(STYLES[style])
    assert x0 <= left < right <= x1
    assert y0 <= bottom < top <= y1


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_a_text_channel(style: str, tmp_path: Any, compile_tex: Any) -> None:
    """Also without the link, when the text must be found by itself."""
    source = paper(f"style={style},nolink")
    result = compile_tex(tmp_path, source, runs=1)
    assert result.of_pith() == ""
    verdict = check_pdf(result.pdf)
    channels = {channel.channel: channel.number for badge in verdict.badges for channel in badge.channels}
    assert channels["text"] == SHORT
    assert "link" not in channels


def test_only_the_badge_has_a_frame(tmp_path: Any, compile_tex: Any) -> None:
    rules = {}
    for style in STYLES:
        with pikepdf.open(compile_tex(tmp_path / style, paper(f"style={style}"), runs=1).pdf) as pdf:
            rules[style] = sum(str(op) in {"S", "f"} for _, op in pikepdf.parse_content_stream(pdf.pages[0]))
    assert rules == {"badge": 4, "short": 0, "text": 0}


def test_light_on_a_dark_page(tmp_path: Any, compile_tex: Any) -> None:
    source = paper("color=light", "\\usepackage{xcolor}\\AtBeginDocument{\\pagecolor{black}}\n")
    shown = show_operations(compile_tex(tmp_path, source, runs=1).pdf)
    ((_, _, fill),) = [operation for operation in shown if "CNPMIFD4" in operation[0]]
    assert fill is not None
    assert contrast(fill, 0) >= 4.5


def test_no_link(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    """No annotation at all, and the other channels as ever."""
    source = paper("nolink").replace("\\maketitle", "\\maketitle\\pithsetup{style=short}")
    result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    with pikepdf.open(result.pdf) as pdf:
        assert "/Annots" not in pdf.pages[0]
    found = read_paper(result.pdf)
    assert SHORT in found.text()
    assert found.info["/PithNumber"] == f"pith:2026:{SUFFIX}"
    assert found.info["/PithReceipt"].startswith("p1.")
    assert b"<pith:receipt>p1." in found.xmp


@pytest.mark.parametrize(("cls", "options"), [("[draft]{article}", ""), ("{article}", "draft")])
def test_draft_keeps_every_channel(
    cls: str, options: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    source = paper(options, "\\usepackage{hyperref}\n", cls)
    result = compile_tex(tmp_path, source, sty=with_record(), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    found = read_paper(result.pdf)
    assert SHORT in found.text()
    assert [link["name"] for link in found.links] == ["pith-badge-1"]
    assert found.info["/PithNumber"] == f"pith:2026:{SUFFIX}"
    assert b"<pith:number>" in found.xmp


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("style=neon", "Unknown value 'neon' of 'style' ignored: it is badge, text or short."),
        ("color=red", "Unknown value 'red' of 'color' ignored: it is dark or light."),
        ("nolink=maybe", "Unknown value 'maybe' of 'nolink' ignored: it is true or false."),
        ("qr=big", "Unknown value 'big' of 'qr' ignored: it is true or false."),
        ("anonymous=yes", "Unknown value 'yes' of 'anonymous' ignored: it is auto, true or false."),
        ("placement=top", "Unknown value 'top' of 'placement' ignored: it is auto, title, margin or none."),
        ("qrsize=big", "Unknown value 'big' of 'qrsize' ignored: it is a number and a unit, as in 30mm"),
        ("qrsize=mm", "Unknown value 'mm' of 'qrsize' ignored"),
        ("qrsize=-3cm", "Unknown value '-3cm' of 'qrsize' ignored"),
        ("qrsize=9999in", "Unknown value '9999in' of 'qrsize' ignored"),
        ("qrsize=\\textwidth", "Unknown value '\\textwidth' of 'qrsize' ignored"),
        ("colour=red", "Unknown key 'colour' ignored."),
    ],
)
def test_a_bad_option_is_one_warning(option: str, message: str, tmp_path: Any, compile_tex: Any) -> None:
    result = compile_tex(tmp_path, paper().replace(NUMBER, f"\\pithsetup{{{option}}}{NUMBER}"), runs=1)
    assert result.returncode == 0
    assert result.of_pith().startswith(f"Package pith Warning: {message}")
    assert result.of_pith().count("Package pith") == 1
