"""Installs pithtex into an environment of its own and has it do one of each thing that people do.

python -m release.smoke [--versions lowest|newest] [--from WHEEL]

`lowest` takes each library in the oldest version that pyproject.toml allows, `newest` in the newest there is.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from release.files import ROOT

PAPER = ROOT / "examples" / "sparsex" / "main.pdf"
BUNDLE = ROOT / "examples" / "sparsex" / "bundle.json"
_LINK = re.compile(r"https://pith\.science/pith/[A-Z2-7]{26}#r=p1\.[\w.-]+")


def lowest() -> list[str]:
    """A constraint for each library that the program needs: its lower bound, as the version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [re.sub(r">=([\w.]+).*", r"==\1", line) for line in project["dependencies"]]


def install(folder: Path, *, versions: str, wheel: str) -> Path:
    """Makes an environment with pithtex in it.

    Raises:
        subprocess.CalledProcessError: it cannot be installed.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
    if versions == "lowest":
        (folder / "lowest.txt").write_text("\n".join(lowest()) + "\n")
        command += ["--constraint", str(folder / "lowest.txt")]
    subprocess.run(command, check=True)
    return folder / "bin" / "pithtex"


def commands(work: Path) -> Iterator[tuple[int, list[str]]]:
    """Each with the exit code that is right."""
    bundle, paper = str(BUNDLE), str(PAPER)
    yield 0, ["--version"]
    yield 0, ["--help"]
    yield 0, ["verify", bundle]
    yield 0, ["generate", bundle, "-o", str(work / "out")]
    yield 0, ["badge", bundle, "--format", "svg", "-o", str(work / "badge.svg")]
    yield 0, ["badge", bundle, "--format", "qr", "-o", str(work / "qr.svg")]
    yield 0, ["check", paper]
    yield 0, ["check", "--json", paper]
    yield 1, ["check", str(forged(work))]
    yield 0, ["decode", _LINK.findall((work / "badge.svg").read_text("utf-8"))[0]]
    yield 0, ["verify-page", "-o", str(work / "verify.html")]
    yield 0, ["keys"]
    yield 0, ["store", "import", bundle]
    yield 0, ["presubmit", str(PAPER.parent)]


def forged(work: Path) -> Path:
    """The example, with one character of its number changed."""
    path = work / "forged.pdf"
    path.write_bytes(PAPER.read_bytes().replace(b"CNPMIFD42NONUMCBYNP4XLPY53", b"CNPMIFD42NONUMCBYNP4XLPY52"))
    return path


def smoke(pithtex: Path, work: Path) -> list[str]:
    """Runs the commands; returns what went wrong."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(work), "PITHTEX_OFFLINE": "1", "PYTHONWARNINGS": "error"}
    problems = []
    for code, arguments in commands(work):
        done = subprocess.run(
            [str(pithtex), *arguments], cwd=work, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != code or "Traceback" in done.stderr:
            problems.append(f"pithtex {' '.join(arguments)}: exit code {done.returncode}, not {code}\n{done.stderr}")
    return problems


def main(arguments: list[str]) -> int:
    """As the module's docstring says."""
    parser = argparse.ArgumentParser(prog="python -m release.smoke")
    parser.add_argument("--versions", choices=("lowest", "newest"), default="newest")
    parser.add_argument("--from", dest="wheel", default=str(ROOT), help="what to install; this project by default")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        work.mkdir()
        pithtex = install(Path(folder) / "environment", versions=options.versions, wheel=options.wheel)
        problems = smoke(pithtex, work)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"Python {sys.version.split()[0]}, {options.versions} versions: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
