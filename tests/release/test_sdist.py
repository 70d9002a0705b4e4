"""What the README promises holds in the source distribution, which packagers work from."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pithtex.browser import scripts
from release.files import tracked
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist and the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1780272000"}
    for kind in ("sdist", "wheel"):
        command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)]
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    return folder


@pytest.fixture(scope="module")
def unpacked(built: Path) -> Path:
    (archive,) = built.glob("*.tar.gz")
    (built / "unpacked").mkdir()
    subprocess.run(["tar", "-xzf", archive, "-C", built / "unpacked"], check=True)
    (folder,) = (built / "unpacked").iterdir()
    return folder


def test_the_sdist_is_the_repository(unpacked: Path) -> None:
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert sorted(set(tracked()) - names) == []
    if (ROOT / ".git").exists():
        assert names - set(tracked()) == {"PKG-INFO"}


def test_the_readmes_commands_find_their_files(unpacked: Path) -> None:
    for target in ("demo", "test"):
        done = subprocess.run(["make", "--dry-run", target], cwd=unpacked, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    for script in (unpacked / ".ci").iterdir():
        assert os.access(script, os.X_OK), script.name


def test_the_house_is_in_order_without_git(unpacked: Path) -> None:
    """These tests look at the project's own files, which a source distribution has no git to list."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/house"]
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=unpacked, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_wheel_carries_the_pages_that_the_program_writes(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("pithtex/browser/pages/verify.html") == scripts.verify_page()
        assert archive.read("pithtex/browser/pages/make-pith-sty.html") == scripts.make_page()
    assert [path.name for path in built.iterdir() if path.name.startswith(".")] == []


def test_the_wheel_has_the_licences_and_no_tests(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    licences = {Path(name).stem for name in names if "/licenses/" in name}
    assert licences == {"Apache-2.0", "Bitstream-Vera", "LPPL-1.3c", "MIT", "Unicode-3.0"}
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"pithtex"}


def test_the_wheel_has_schemas_completion_and_manual_pages(built: Path, tmp_path: Path) -> None:
    """And prints what shells complete by without the library that made it."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    (data,) = tmp_path.glob("*.data/data/share")
    pages = {path.name: path.read_bytes() for path in (data / "man" / "man1").iterdir()}
    assert pages == {path.name: path.read_bytes() for path in (ROOT / "docs" / "man").iterdir()}
    places = ("bash-completion/completions/pithtex", "zsh/site-functions/_pithtex")
    for place in (*places, "fish/vendor_completions.d/pithtex.fish"):
        shell = place.partition("/")[0].partition("-")[0]
        without = "import sys; sys.modules['shtab'] = None"
        code = f"{without}; from pithtex.cli.main import main; main(['completion', '{shell}'])"
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True
        )
        assert done.stdout == (data / place).read_bytes()
    schemas = tmp_path / "pithtex" / "format" / "schemas"
    assert {path.relative_to(schemas) for path in schemas.rglob("*.json")} == {
        path.relative_to(ROOT / "docs" / "schemas") for path in (ROOT / "docs" / "schemas").rglob("*.json")
    }
