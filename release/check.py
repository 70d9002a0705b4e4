"""`make release-check`: all that has to hold before a release; fails while a placeholder stands.

Each step prints one line. `--full` also runs the whole test suite from the unpacked source distribution.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from release import addresses, dist
from release.files import ROOT, tracked

PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
SAMPLE: Final = ("tests/house", "tests/vectors", "tests/cli/test_docs.py")
"""The tests that are run from the source distribution unless it is all of them."""


class Problem(Exception):  # noqa: N818 - it is said, and the next step is taken
    """Something that does not hold."""


def run(*command: str, cwd: Path = ROOT) -> str:
    """Runs a program; returns what it prints.

    Raises:
        Problem: it fails; with the end of what it printed.
    """
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise Problem(f"{' '.join(command)}: exit code {done.returncode}\n{said}")
    return done.stdout


def version() -> str:
    """The version, as pyproject.toml states it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def stated_versions() -> dict[str, str]:
    """Each other file that states a version, with the one that it states."""
    cff = re.search(r"^version: ([\w.]+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    debian = re.match(r"pithtex \(([^-)]+)", (ROOT / "release/debian/changelog").read_text("utf-8"))
    conda = re.search(r"^  version: \"?([\w.]+)", (ROOT / "release/conda/recipe.yaml").read_text("utf-8"), re.MULTILINE)
    return {
        "CITATION.cff": cff[1] if cff else "none",
        "codemeta.json": str(json.loads((ROOT / "codemeta.json").read_text("utf-8"))["version"]),
        "release/debian/changelog": debian[1] if debian else "none",
        "release/conda/recipe.yaml": conda[1] if conda else "none",
    }


def versions(_work: Path) -> str:
    """All files that state a version state one."""
    wrong = {name: stated for name, stated in stated_versions().items() if stated != version()}
    if wrong:
        raise Problem(f"pyproject.toml states {version()}, but {wrong}")
    return version()


def licences(_work: Path) -> str:
    """Each file has a licence (REUSE)."""
    return run(sys.executable, "-m", "reuse", "lint", "--lines") or "every file has one"


def archives(work: Path) -> str:
    """Sdist and wheel: the same bytes twice, accepted by PyPI, and the sdist is the repository."""
    sums = []
    for name in ("first", "second"):
        dist.build(work / name)
        sums.append(sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in (work / name).iterdir()))
    if sums[0] != sums[1]:
        raise Problem("two builds are not the same bytes")
    built = [str(path) for path in sorted((work / "first").iterdir())]
    sdist = next(path for path in built if path.endswith(".tar.gz"))
    with tarfile.open(sdist) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()} - {"PKG-INFO"}
    (work / "sdist").mkdir()
    run("tar", "-xzf", sdist, "-C", str(work / "sdist"))
    if missing := sorted(set(tracked()) - names):
        raise Problem(f"the source distribution lacks {', '.join(missing[:5])}, {len(missing)} files in all")
    run(sys.executable, "-m", "twine", "check", "--strict", *built)
    # Completions stand twice in a wheel, for `pithtex completion` and where shells look: that is W002.
    wheel = next(path for path in built if path.endswith(".whl"))
    run(sys.executable, "-m", "check_wheel_contents", "--ignore", "W002", wheel)
    return "reproducible, and the sdist has every file"


def from_sdist(work: Path, *, full: bool = False) -> str:
    """The README's two commands, in the unpacked source distribution."""
    (folder,) = (work / "sdist").iterdir()
    run("make", f"PYTHON={sys.executable}", "demo", cwd=folder)
    if full:
        run("make", f"PYTHON={sys.executable}", "test", cwd=folder)
        return "make demo and make test run"
    run("make", "--dry-run", "test", cwd=folder)
    run(str(folder / ".venv/bin/python"), "-m", "pytest", "-q", *SAMPLE, cwd=folder)
    return f"make demo runs, and {', '.join(SAMPLE)} pass (--full runs all tests)"


def pythons(work: Path) -> str:
    """Lowest and newest libraries, on every Python that is here."""
    (wheel,) = (work / "first").glob("*.whl")
    said = []
    for name in PYTHONS:
        found = shutil.which(f"python{name}")
        if found is None or subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
            said.append(f"{name} is not here")
            continue
        for which in ("lowest", "newest") if name == PYTHONS[0] else ("newest",):
            run(found, "-m", "release.smoke", "--versions", which, "--from", str(wheel))
            said.append(f"{name} with {which}")
    return ", ".join(said)


def site(_work: Path) -> str:
    """The site builds, and `make dist` packs it."""
    run("make", "site")
    run("make", "dist")
    return f"{len(list(dist.DIST.iterdir()))} files in dist/"


def forms(_work: Path) -> str:
    """Files for other programs have those programs' forms."""
    check = (sys.executable, "-m", "check_jsonschema", "--builtin-schema")
    run(*check, "vendor.citation-file-format", "CITATION.cff")
    run(*check, "vendor.github-workflows", *(str(path) for path in sorted((ROOT / ".github/workflows").iterdir())))
    run(*check, "vendor.gitlab-ci", ".gitlab-ci.yml")
    return "CITATION.cff, workflows"


def placeholders() -> Iterator[str]:
    """What only the maintainers can fill in."""
    for name, value in addresses.placeholders().items():
        yield f"release/addresses.toml: {name} is {value}; set it by python -m release.addresses {name} VALUE"
    if 'sha256: "' + 64 * "0" in (ROOT / "release/conda/recipe.yaml").read_text("utf-8"):
        yield "release/conda/recipe.yaml: no digest yet; SHA256SUMS has it once the sdist is on PyPI"
    if not re.search(
        rf"^## {re.escape(version())}, \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    ):
        yield f"CHANGELOG.md: no heading '## {version()}, YYYY-MM-DD'; give 'Unreleased' its version and date"


STEPS: Final[Sequence[Callable[[Path], str]]] = (versions, licences, forms, archives, from_sdist, pythons, site)


def main(arguments: list[str]) -> int:
    """Takes all steps, whatever fails."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for step in STEPS:
            full = {"full": True} if step is from_sdist and "--full" in arguments else {}
            try:
                print(f"ok    {step.__name__}: {step(Path(folder), **full).strip()}", flush=True)
            except (Problem, subprocess.CalledProcessError, StopIteration, ValueError, OSError) as error:
                failed += 1
                print(f"WRONG {step.__name__}: {error}", flush=True)
    standing = list(placeholders())
    for line in standing:
        print(f"PLACEHOLDER {line}")
    print(f"{failed} steps failed, {len(standing)} placeholders stand")
    return 1 if failed or standing else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
