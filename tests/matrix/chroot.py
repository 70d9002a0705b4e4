"""Another TeX Live beside this machine's: that of a later Debian, in a directory of its own, entered with chroot."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.conftest import ROOT
from tests.matrix.engines import System

RELEASES: Final = {"2024": ("trixie", "2024-11-01"), "2026": ("sid", "2026-06-01")}
"""TeX Live to Debian's release that has it, and the oldest date that its LaTeX may have: sid's goes on."""
_CI: Final = ROOT / ".ci"


def prepare(year: str, folder: Path) -> System:
    """Sets the directory up, unless it is: Debian's base system, and the same TeX packages as here."""
    release, kernel = RELEASES[year]
    if os.geteuid() != 0:
        raise SystemExit(f"TeX Live {year} is set up with debootstrap and entered with chroot: both need root.")
    system = System(name=year, root=folder.resolve(), work=folder.resolve() / "var/tmp/matrix")
    if not (folder / "usr/bin/apt-get").exists():
        _bootstrap(release, folder)
    shutil.copytree(_CI, folder / "ci", dirs_exist_ok=True)
    for name in ("resolv.conf", "hosts"):  # how this machine finds the archive
        shutil.copy(Path("/etc") / name, folder / "etc" / name)
    # A mirror of a release that goes on may be some weeks behind.
    (folder / "etc/apt/apt.conf.d/99-behind").write_text('Acquire::Check-Valid-Until "false";\n', encoding="ascii")
    _run(["chroot", str(folder), "/ci/install-system", "matrix"])
    found = latex_date(system)
    if found < kernel:
        raise SystemExit(f"{folder} has LaTeX {found}: TeX Live {year} of Debian {release} has {kernel} or later.")
    return system


def latex_date(system: System) -> str:
    """The date of the LaTeX that a system has."""
    system.work.mkdir(parents=True, exist_ok=True)
    path = system.run(["kpsewhich", "latex.ltx"], system.work).stdout.decode().strip()
    text = (system.root / path.lstrip("/")).read_text(encoding="utf-8", errors="replace")
    line = text.partition("\\edef\\fmtversion")[2].partition("{")[2]
    return line.partition("}")[0].strip("\n %")


def _bootstrap(release: str, folder: Path) -> None:
    if shutil.which("debootstrap") is None:
        _run([str(_CI / "apt"), "debootstrap"])
    # A run that was cut short leaves what debootstrap does not continue.
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    _run(["debootstrap", "--variant=minbase", release, str(unfinished), archive()])
    unfinished.rename(folder)


def archive() -> str:
    """The address of the Debian archive that this machine's apt uses."""
    command = ["apt-get", "indextargets", "--format", "$(SITE) $(COMPONENT) $(RELEASE)", "Created-By: Packages"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    sites = [line.split()[0] for line in listed if line.split()[1] == "main" and line.split()[0].endswith("/debian")]
    if not sites:
        raise SystemExit("apt has no Debian archive in its sources, to take another release from.")
    return sites[0]


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        tail = done.stdout.decode("utf-8", "replace")[-2000:]
        raise SystemExit(f"{tail}\n{' '.join(command)}: exit code {done.returncode}")
