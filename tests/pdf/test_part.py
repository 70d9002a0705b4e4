"""The part of pikepdf that a check loads: each in a process of its own, since the tests' one has all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.forgeries.make import FORGERIES

EXAMPLE = ROOT / "examples" / "sparsex" / "main.pdf"
LOADED = "import sys; from pithtex.pdf import part; part.load(); package = sys.modules.get('pikepdf')\n"
CHECKED = LOADED + "from pithtex.pdf.check import check_pdf; word = check_pdf(sys.argv[1]).word.value\n"


def run(program: str) -> str:
    command = [sys.executable, "-c", program, str(EXAMPLE)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_a_paper_is_checked_with_the_part_alone() -> None:
    assert run(CHECKED + "print(word, 'pikepdf.models' in sys.modules)") == "valid False"


def test_the_whole_is_there_where_it_is_asked_for() -> None:
    program = "import pikepdf\nwith pikepdf.open(sys.argv[1]) as pdf: print(len(pdf.pages), sorted(pdf.docinfo.keys()))"
    assert run(CHECKED + program) == run(f"import sys; {program}")
    assert run(LOADED + "from pikepdf import Rectangle, models; print(Rectangle(0, 0, 2, 1).width)") == "2.0"


def test_a_file_gets_the_methods_that_python_adds() -> None:
    program = (
        "import io; from pithtex.pdf.open import open_pdf; pdf, _ = open_pdf(open(sys.argv[1], 'rb').read(), '')\n"
    )
    assert run(LOADED + program + "pdf.save(io.BytesIO()); print(hasattr(pdf, 'nothing'))") == "False"


def test_another_layout_is_loaded_whole() -> None:
    program = "import pikepdf._core as core; del core.Pdf._open\nsys.modules.pop('pikepdf', None)\n"
    program = f"import sys; from pithtex.pdf import part\n{program}part.load(); print('pikepdf' in sys.modules)"
    assert run(program) == "False"


def test_what_is_loaded_stays() -> None:
    assert run("import pikepdf\n" + LOADED + "print(package is pikepdf, hasattr(package, 'open'))") == "True True"


def test_what_qpdf_says_is_read_alike(tmp_path: Path) -> None:
    """Its warnings are known by their form, which a file's description changes."""
    for number, forgery in enumerate(each for each in FORGERIES if "channel-duplicate" in each.findings):
        (tmp_path / f"{number:02}.pdf").write_bytes(forgery.make())
    program = "from pathlib import Path; from pithtex.pdf.check import check_pdf\n"
    program += "for path in sorted(Path(sys.argv[2]).iterdir()): print(*(f.name for f in check_pdf(path).all_findings))"
    whole, part = (
        subprocess.run(
            [sys.executable, "-c", loaded + program, str(EXAMPLE), str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout.splitlines()
        for loaded in ("import sys\n", LOADED)
    )
    assert part == whole
    assert len(whole) > 5
    assert all("channel-duplicate" in names for names in whole)
