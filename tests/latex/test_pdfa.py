"""PDF/A-1b stays PDF/A-1b with the badge in, by the validator of Apache PDFBox."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.kit import needs
from tests.kit.latex import SUFFIX

JARS = ("preflight", "xmpbox", "pdfbox2", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api")
PITH = f"\\usepackage{{pith}}\\pithnumber{{{SUFFIX}}}\n"
BODY = "\\title{T}\\author{A}\n\\begin{document}\\maketitle Words.\\end{document}\n"
PDFX = (
    "\\begin{filecontents}[overwrite,noheader]{main.xmpdata}\n\\Title{T}\n\\Author{A}\n\\Language{en}\n"
    f"\\end{{filecontents}}\n\\documentclass{{article}}\\usepackage[a-1b]{{pdfx}}\n{PITH}{BODY}"
)
HYPERXMP = (
    "\\pdfminorversion=4 \\pdfobjcompresslevel=0\n\\documentclass{article}\n"
    "\\usepackage[pdfa,pdftitle=T,pdfauthor=A]{hyperref}\\usepackage{hyperxmp}\n"
    "\\immediate\\pdfobj stream attr{/N 3} file{srgb.icc}\n\\pdfcatalog{/OutputIntents [<</Type/OutputIntent"
    "/S/GTS_PDFA1/DestOutputProfile \\the\\pdflastobj\\space 0 R/OutputConditionIdentifier(sRGB)/Info(sRGB)>>]}\n"
    # The validator does not know version 3 of the PRISM schema.
    "\\makeatletter\\let\\hyxmp@prism@schema\\relax\\AtBeginDocument{\\gdef\\@pdfapart{1}\\gdef\\@pdfaconformance{B}}"
    f"\\makeatother\n{PITH}{BODY}"
)


def validate(pdf: Path) -> str:
    """What the validator says."""
    classpath = [Path("/usr/share/java") / f"{jar}.jar" for jar in JARS]
    lacking = [str(path) for path in classpath if not path.exists()]
    if lacking:
        needs.missing(f"{', '.join(lacking)}: .ci/install-system test installs it")
    command = [
        needs.program("java"),
        "-cp",
        ":".join(map(str, classpath)),
        "org.apache.pdfbox.preflight.Validator_A1b",
        str(pdf),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode == 0) == ("is a valid PDF/A-1b file" in done.stdout), done.stdout + done.stderr
    return done.stdout.strip()


def pdf_of(source: str, folder: Path, compile_tex: Any, with_record: Any) -> Path:
    folder.mkdir()
    shutil.copy("/usr/share/color/icc/ghostscript/srgb.icc", folder)
    result = compile_tex(folder, source, sty=with_record())
    assert result.returncode == 0, result.log[-2000:]
    return Path(result.pdf)


@pytest.mark.parametrize(("source", "in_packet"), [(PDFX, False), (HYPERXMP, True)], ids=["pdfx", "hyperxmp"])
def test_stays_valid(source: str, in_packet: bool, tmp_path: Path, compile_tex: Any, with_record: Any) -> None:
    control = pdf_of(source.replace(PITH, ""), tmp_path / "control", compile_tex, with_record)
    assert validate(control).endswith("is a valid PDF/A-1b file"), "without the badge"
    badged = pdf_of(source, tmp_path / "badged", compile_tex, with_record)
    assert validate(badged).endswith("is a valid PDF/A-1b file")
    with pikepdf.open(badged) as pdf:
        assert (b"<pith:number>" in pdf.Root.Metadata.read_bytes()) == in_packet
        assert "/PithNumber" in pdf.docinfo
        assert len(pdf.pages[0].Annots) == 1


def test_the_validator_wants_the_schema(tmp_path: Path, compile_tex: Any, with_record: Any) -> None:
    """The same packet without our schema's prefix is refused: the validator looks."""
    badged = pdf_of(HYPERXMP, tmp_path / "badged", compile_tex, with_record)
    with pikepdf.open(badged) as pdf:
        packet = pdf.Root.Metadata.read_bytes()
        broken = packet.replace(b"<pdfaProperty:name>receipt<", b"<pdfaProperty:name>another<")
        assert broken != packet
        pdf.Root.Metadata = pdf.make_stream(broken, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        pdf.save(tmp_path / "broken.pdf", compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert "not a valid PDF/A-1b file" in validate(tmp_path / "broken.pdf")
