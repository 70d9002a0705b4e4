"""`make dist`: writes dist/: sdist, wheel, site, the two pages as single files, SBOM, notes of the release, checksums.

The same sources give the same bytes: times are those of the changelog's newest release, or of the last commit.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from release.files import ROOT

DIST: Final = ROOT / "dist"
_EPOCH: Final = "1780272000"
"""For archives: no date of a build is in them, so that whoever builds them again gets the same bytes."""


def build(target: Path) -> None:
    """The sdist, and the wheel from it, as PyPI's users get them.

    Raises:
        subprocess.CalledProcessError: it does not build.
    """
    environment = {**os.environ, "SOURCE_DATE_EPOCH": _EPOCH}
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(ROOT)]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def sbom(wheel: Path, path: Path) -> None:
    """What gets installed with the wheel, each with version and licence, in the form of CycloneDX.

    Raises:
        subprocess.CalledProcessError: it cannot be installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        python = f"{folder}/bin/python"
        constraints = str(ROOT / "constraints.txt")
        install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, str(wheel), "--constraint", constraints], check=True)
        about = ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application", "--output-reproducible"]
        command = [sys.executable, "-m", "cyclonedx_py", "environment", *about, "--output-file", str(path), python]
        subprocess.run(command, check=True)


def zipped(folder: Path, path: Path) -> None:
    """A folder as an archive, in order and without dates."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(f"pithtex-site/{file.relative_to(folder).as_posix()}")
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def notes() -> str:
    """The newest section of the changelog."""
    sections = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    return sections[1].partition("\n")[2].strip() + "\n"


def main() -> int:
    """Builds everything into dist/."""
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    build(DIST)
    (wheel,) = DIST.glob("*.whl")
    sbom(wheel, DIST / "pithtex.cdx.json")
    site = ROOT / "site"
    zipped(site, DIST / "pithtex-site.zip")
    for page in ("verify.html", "make-pith-sty.html"):
        shutil.copy(site / page, DIST / page)
    (DIST / "notes.md").write_text(notes(), "utf-8")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(DIST.iterdir())]
    (DIST / "SHA256SUMS").write_text("".join(lines), "utf-8")
    print("".join(lines), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
