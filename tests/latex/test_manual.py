"""The package's manual and its upload for CTAN."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.kit.latex import copy_package

LATEX = ROOT / "latex"


@pytest.fixture(scope="module")
def upload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `l3build ctan` has run on a copy of the package, without its tests."""
    folder = tmp_path_factory.mktemp("ctan")
    copy_package(folder)
    done = subprocess.run(["l3build", "ctan"], cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    return folder


def test_upload(upload: Path) -> None:
    command = [str(ROOT / ".ci" / "check-ctan"), str(upload / "pith-ctan.zip")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "complete, and makes the committed pith.sty" in done.stdout


def test_the_upload_says_whom_to_reach(upload: Path) -> None:
    contact = dict(re.findall(r"\\newcommand\\Contact(\w+)\{(.+)\}", (LATEX / "pith-contact.tex").read_text("ascii")))
    assert set(contact) == {"Maintainer", "Email", "Home", "Repository", "Tracker"}
    readme = (upload / "build" / "ctan-texts" / "README.md").read_text("ascii")
    manual = (LATEX / "pith-doc.tex").read_text("ascii")
    for name, value in contact.items():
        assert value in readme
        assert f"\\Contact{name}" in manual
    (version,) = re.findall(
        r"\\ProvidesExplPackage \{pith\} \{(.+?)\} \{(.+?)\}", (LATEX / "pith.dtx").read_text("ascii")
    )
    assert f"Version {version[1]}, {version[0]}." in readme
    assert f"## {version[1]}, {version[0]}" in (LATEX / "ctan" / "CHANGELOG.md").read_text("ascii")


def test_an_upload_with_placeholders_is_refused(upload: Path) -> None:
    command = [str(ROOT / ".ci" / "check-ctan"), "--upload", str(upload / "pith-ctan.zip")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == int("example.org" in (LATEX / "pith-contact.tex").read_text("ascii"))


def test_a_broken_upload_is_noticed(upload: Path, tmp_path: Path) -> None:
    archive = tmp_path / "pith-ctan.zip"
    shutil.copy(upload / "pith-ctan.zip", archive)
    subprocess.run(["zip", "-q", str(archive), "build.lua"], cwd=upload, check=True)
    command = [str(ROOT / ".ci" / "check-ctan"), str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "found build.lua pith" in done.stderr


def test_manual_is_clean(upload: Path) -> None:
    log = (upload / "build" / "doc" / "pith-doc.log").read_text(encoding="utf-8", errors="replace")
    assert not re.findall(r"^!.*|.*Warning:.*", log, re.M)
    assert not [width for width in re.findall(r"Overfull \\[hv]box \(([0-9.]+)pt", log) if float(width) > 5]


def words(text: str) -> str:
    return " ".join(re.sub(r"\\(?:string|cs|texttt|normalfont)\b|[{}\\]|\$", " ", text.replace("~", " ")).split())


def test_manual_explains_every_message_and_option() -> None:
    source = (LATEX / "pith.sty").read_text(encoding="ascii")
    manual = words((LATEX / "pith-doc.tex").read_text(encoding="ascii"))
    messages = re.findall(r"\\msg_new:nnnn? \{ pith \} \{ ([\w-]+) \}\s*\{\s*([^\n]*)", source)
    assert len(messages) >= 14
    for name, first_line in messages:
        pieces = [words(piece) for piece in re.split(r"'?#\d'?|\\\\|\.~", first_line)]
        longest = max(pieces, key=len).strip(" .:,}('")
        assert longest in manual, f"the manual does not explain the message {name}: {longest}"
    options = source.partition("\\__pith_set_option:nn #1#2")[2].partition("unknown-key")[0]
    keys = set(re.findall(r"^        \{ (\w+) \} \{", options, re.M)) - {"final"}
    assert keys >= {"placement", "qr", "qrsize", "anonymous", "draft", "nolink", "style", "color"}
    for key in keys:
        assert re.search(rf"\b{key}\b", manual), f"the manual does not have the option {key}"
